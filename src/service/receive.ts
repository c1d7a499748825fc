import { ODataError } from '../errors.js';
import {
  errorResponse,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
  refuseIsolation,
} from '../protocol/index.js';
import { handle } from './handle.js';
import { answerLater, isForLater } from './jobs.js';
import { answerMonitor, isMonitor } from './monitor.js';
import { answerOnce, forgetRepeated, isCleanup, isRepeatable } from './repeatable.js';
import type { Engine } from './service.js';

/**
 * One request, one response: HTTP, a part of a batch, an asynchronous job and a test all come through here. What a request asks
 * for as a whole is seen to first: a state of its own, to be answered later, to be done only once. Never throws.
 */
export async function receive(request: ODataRequest, engine: Engine): Promise<ODataResponse> {
  try {
    refuseIsolation(request.headers);
    if (isMonitor(request.url)) return await answerMonitor(request, engine);
    if (isCleanup(request)) return await forgetRepeated(request, engine);
    if (isRepeatable(request)) return await answerOnce(request, engine, handle); // and so at once
    return isForLater(request, engine) ? await answerLater(request, engine, handle) : await handle(request, engine);
  } catch (error) {
    if (!(error instanceof ODataError) || error.code === 'InternalError') engine.report(error, request);
    return errorResponse(error, negotiateError(request.headers), request.requestId);
  }
}
