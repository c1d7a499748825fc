import { constants } from 'node:zlib';
import type { Context, Middleware, Next } from 'koa';
import compress from 'koa-compress';
import type { ODataResponse } from '../protocol/index.js';

/** What answers may be compressed with, the best first. */
const encodings = ['br', 'gzip', 'deflate', 'identity'] as const;
/** Answers below this many bytes stay as they are. */
const threshold = 2048;

/** Compresses answers, except those that are compressed already; the quality is for answers made while somebody waits. */
export function compression(): Middleware {
  return compress({
    threshold,
    encodingPreference: [...encodings],
    zstd: false,
    br: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    filter: (type) => /json|xml|text|multipart/.test(type),
  });
}

/** A strong ETag names bytes: compressed ones have another (RFC 9110 8.8.3). `If-None-Match` may hold either. */
export async function tagPerEncoding(ctx: Context, next: Next): Promise<void> {
  const unmatched = ctx.req.headers['if-none-match'];
  if (unmatched !== undefined) ctx.req.headers['if-none-match'] = unmatched.replace(/-(?:gzip|br|deflate)"/g, '"');
  await next();
  const tag: unknown = ctx.response.get('ETag');
  if (typeof tag !== 'string' || !tag.startsWith('"')) return;
  const encoding = ctx.acceptsEncodings([...encodings]);
  const small = ctx.status === 200 && (ctx.length ?? 0) < threshold && ctx.response.get('Content-Encoding') === '';
  if (encoding !== false && encoding !== 'identity' && !small) ctx.set('ETag', `${tag.slice(0, -1)}-${encoding}"`);
}

/** The body that was compressed beforehand, when the client takes it; `Content-Encoding` is set then. */
export function compressedBody(ctx: Context, { compressed, body }: ODataResponse): ODataResponse['body'] {
  const encoding = compressed === undefined ? false : ctx.acceptsEncodings([...encodings]);
  const found = encoding === 'br' || encoding === 'gzip' ? compressed?.[encoding] : undefined;
  if (found === undefined || encoding === false) return body;
  ctx.set('Content-Encoding', encoding);
  return found;
}
