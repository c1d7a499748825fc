import { type BoundUrl, bindUrl } from '../bind/index.js';
import { isStreamType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  commonHeaders,
  errorResponse,
  type Method,
  type Negotiated,
  negotiate,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
  parsePreferences,
} from '../protocol/index.js';
import { parseUrl } from '../url/index.js';
import { authorize, keyOf, ownership } from './access.js';
import { handlerFor, offeredTypes } from './dispatch.js';
import { hookedRead } from './hooks.js';
import { askedInBody } from './query-body.js';
import type { Engine } from './service.js';

/** A request through all stages: its URL bound, the caller authorised, the answer in the agreed format. Never throws. */
export async function handle(received: ODataRequest, engine: Engine): Promise<ODataResponse> {
  let negotiated: Negotiated | null = null;
  let request = received;
  try {
    const asked = await askedInBody(received, engine);
    request = asked?.request ?? received;
    const url = meaningOf(asked?.url ?? received.url, request, engine);
    negotiated = isStream(url, request.method)
      ? negotiateError(request.headers) // a stream has the media type it has
      : negotiate(request, offeredTypes(url.resource, request.headers));
    authorize(url, request.method, request.user);
    const restriction = ownership(url, request.method, request.user, engine);
    const key = keyOf(request.user, restriction, request.method);
    const preferences = parsePreferences(request.headers);
    const handler = handlerFor(request.method, url, engine);
    const exchange = { request, url, negotiated, preferences, restriction, key };
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const answer = () => handler(exchange, engine);
    const response = await (reads ? hookedRead(exchange, engine, answer) : answer());
    return { ...response, headers: { ...commonHeaders(negotiated.version), ...response.headers } };
  } catch (error) {
    if (!(error instanceof ODataError) || error.code === 'InternalError') engine.report(error, request);
    return errorResponse(error, negotiated ?? negotiateError(request.headers), request.requestId);
  }
}

/** What a URL asks for. Clients read the same again and again: that is kept. */
function meaningOf(url: string, { method, base }: ODataRequest, engine: Engine): BoundUrl {
  const bind = () => bindUrl(parseUrl(url), engine.model, base);
  return method === 'GET' ? engine.urls.get(`${base}\n${url}`, bind) : bind();
}

function isStream({ resource }: BoundUrl, method: Method): boolean {
  const { kind, type, collection } = resource;
  if (kind === 'function' || kind === 'action') return type !== null && !collection && isStreamType(type);
  return (method === 'GET' || method === 'HEAD') && (kind === 'stream' || kind === 'mediaValue');
}
