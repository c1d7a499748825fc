import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { ODataError } from '../errors.js';
import {
  errorResponse,
  type Headers,
  type Method,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
  type User,
} from '../protocol/index.js';
import { compressedBody } from './compression.js';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);

/** The request's method. Throws NotImplemented for one that OData does not know (RFC 9110 9.1). */
export function methodOf(ctx: Context): Method {
  if (!methods.has(ctx.method))
    throw new ODataError('NotImplemented', `The method ${ctx.method.slice(0, 20)} is not supported.`);
  return ctx.method as Method;
}

/** Header fields as the service reads them; repeated ones are joined. */
export function headersOf(ctx: Context): Headers {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(ctx.req.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

/** An id of ours, or the client's own when it can stand in a log line. */
export function requestIdOf(ctx: Context): string {
  const given = ctx.get('request-id');
  return /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** koa's context as a request of our own. `base` is the absolute URL of the service root, `url` the rest of the request's URL. */
export function requestOf(
  ctx: Context,
  parts: {
    readonly url: string;
    readonly base: string;
    readonly user: User | null;
    readonly body: Buffer | null;
    readonly stream?: AsyncIterable<Uint8Array>;
  },
): ODataRequest {
  return { method: methodOf(ctx), headers: headersOf(ctx), requestId: ctx.state.requestId, ...parts };
}

/** A response of our own through koa; HEAD loses its body here, not its headers (RFC 9110 9.3.2). */
export function respond(ctx: Context, response: ODataResponse): void {
  ctx.status = response.status;
  const { Vary, ...headers } = response.headers;
  ctx.set(headers);
  if (Vary !== undefined) ctx.vary(Vary); // others have said what else it varies by
  if (response.stream !== undefined) {
    const body = Readable.from(response.stream, { objectMode: false });
    body.once('error', () => ctx.res.destroy()); // what has begun can only be broken off (Protocol 9.5)
    ctx.body = body;
    restore(ctx, response);
    return;
  }
  if (response.body === null) {
    ctx.body = null;
    ctx.status = response.status; // koa makes 204 of an empty body
    if (response.status !== 204 && response.status !== 304) ctx.length = 0;
    return;
  }
  ctx.body = compressedBody(ctx, response);
  restore(ctx, response);
}

/** koa has ideas of its own about the type of what it is given, and about the length of what it cannot measure. */
function restore(ctx: Context, { headers }: ODataResponse): void {
  for (const name of ['Content-Type', 'Content-Length']) {
    const value = headers[name];
    if (value !== undefined) ctx.set(name, value);
  }
}

/** The answer to what failed before or around the service. */
export function respondError(ctx: Context, error: unknown): void {
  respond(ctx, errorResponse(error, negotiateError(headersOf(ctx)), ctx.state.requestId ?? ''));
}
