import { ODataError } from '../errors.js';
import { type ODataRequest, readContentType, refuseEncoding } from '../protocol/index.js';
import type { Engine } from './service.js';

/** A request whose options came in its body, as the GET that it stands for. */
export interface AskedInBody {
  readonly request: ODataRequest;
  /** Its URL with the segment `/$query`, which may not stand everywhere. */
  readonly url: string;
}

const ending = /\/\$query$/;

/**
 * POST of `…/$query` with the query in the body, text/plain, is the GET of the same (URL 4.17); null for every other request.
 * Throws MethodNotAllowed, UnsupportedMediaType, and MalformedUrl for bodies that are no query.
 */
export async function askedInBody(request: ODataRequest, { settings }: Engine): Promise<AskedInBody | null> {
  const [path = '', ...query] = request.url.split('?');
  if (!ending.test(path)) return null;
  if (request.method !== 'POST')
    throw new ODataError('MethodNotAllowed', 'Options in the body are sent with POST; use POST.', '$query', {
      headers: { Allow: 'POST' },
    });
  refuseEncoding(request.headers);
  if (request.body !== null || request.stream !== undefined) readContentType(request.headers, ['text/plain']);
  const options = [query.join('?'), await textOf(request, settings.maxBodySize)]
    .filter((part) => part !== '')
    .join('&');
  const asked = (of: string) => (options === '' ? of : `${of}?${options}`);
  const { stream: _, ...rest } = request;
  return { request: { ...rest, method: 'GET', url: asked(path.replace(ending, '')), body: null }, url: asked(path) };
}

async function textOf(request: ODataRequest, limit: number): Promise<string> {
  const parts: Uint8Array[] = request.body === null ? [] : [request.body];
  let size = 0;
  for await (const part of request.stream ?? []) {
    size += part.length;
    if (size > limit)
      throw new ODataError('BodyTooLarge', `A query in the body has at most ${limit} bytes (maxBodySize).`);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  if (/[\s#]/.test(text))
    throw new ODataError(
      'MalformedUrl',
      'The query in the body is percent-encoded like a URL: write blanks as %20.',
      '$query',
    );
  return text;
}
