import { STATUS_CODES } from 'node:http';
import { ODataError } from '../errors.js';
import { writeEmbeddedResponse } from '../payload/index.js';
import {
  commonHeaders,
  type Headers,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
} from '../protocol/index.js';
import type { AnswerKey } from '../store/index.js';
import { accepted, monitorPath } from './jobs.js';
import { ownerOf, responseOf } from './kept-answer.js';
import type { Engine } from './service.js';

/** Whether a URL, relative to the service root, is that of a status monitor. */
export const isMonitor = (url: string): boolean => url.startsWith(monitorPath);

/**
 * GET and DELETE of a status monitor (Protocol 11.6): 202 until the request is done, then its answer; DELETE cancels what is not done,
 * and forgets. Throws ResourceNotFound for one that is not there, no more, or somebody else's.
 */
export async function answerMonitor(request: ODataRequest, engine: Engine): Promise<ODataResponse> {
  const { method, headers, user, url } = request;
  if (user === null)
    throw new ODataError('Unauthenticated', 'A status monitor answers only who made the request.', 'Authorization', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  if (method !== 'GET' && method !== 'HEAD' && method !== 'DELETE')
    throw new ODataError('MethodNotAllowed', 'A status monitor is asked with GET and cancelled with DELETE.', null, {
      headers: { Allow: 'GET, HEAD, DELETE' },
    });
  const id = url.slice(monitorPath.length).split('?', 1)[0] ?? '';
  const key: AnswerKey = { purpose: 'job', id, owner: ownerOf(user) };
  if (method === 'DELETE') return cancel(key, request, engine);
  const known = await engine.answers.find(key);
  if (known === null) throw gone();
  return known.answer === null ? accepted(request, id, false) : finished(responseOf(known.answer), headers);
}

function gone(): ODataError {
  return new ODataError('ResourceNotFound', 'There is no such status monitor, or its result is not kept any more.');
}

/** Stops a request that has changed nothing yet, and forgets the result of one that changed nothing. Throws Conflict for others. */
async function cancel(key: AnswerKey, { headers }: ODataRequest, engine: Engine): Promise<ODataResponse> {
  const cancelled = engine.jobs.cancel(key);
  const known = cancelled === true ? null : await engine.answers.find(key);
  if (cancelled !== true && known === null) throw gone();
  const reads = known?.about === 'GET' || known?.about === 'HEAD';
  const changed = cancelled === false || (known !== null && !reads && (known.answer?.status ?? 0) < 400);
  if (changed)
    throw new ODataError('Conflict', 'The request has changed data already and cannot be cancelled any more.');
  await engine.answers.remove(key);
  return { status: 204, headers: commonHeaders(negotiateError(headers).version), body: null };
}

/** The answer of the finished request as it was, or within a message of its own (Protocol 11.6, 8.3.1). */
function finished({ status, headers, body }: ODataResponse, asked: Headers): ODataResponse {
  const result = { AsyncResult: String(status) };
  if (!wantsMessage(asked)) return { status: 200, headers: { ...headers, ...result }, body };
  const bytes = body === null ? Buffer.alloc(0) : Buffer.from(body);
  const fields = new Map(Object.entries(headers));
  if (bytes.length > 0) fields.set('Content-Length', String(bytes.length));
  return {
    status: 200,
    headers: {
      ...commonHeaders(negotiateError(asked).version),
      'Content-Type': 'application/http',
      'Content-Transfer-Encoding': 'binary',
      ...result,
    },
    body: writeEmbeddedResponse(status, STATUS_CODES[status] ?? 'Unknown', fields, bytes),
  };
}

function wantsMessage({ accept, 'odata-maxversion': most }: Headers): boolean {
  return accept === undefined ? most?.trim() === '4.0' : accept.toLowerCase().includes('application/http');
}
