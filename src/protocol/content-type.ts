import { ODataError } from '../errors.js';
import type { Headers, ODataVersion } from './exchange.js';
import { parameterOf, parseMediaType } from './media.js';
import { bodyVersion } from './version.js';

/** How the body of a request is to be read (Protocol 8.1.1, 8.1.5; JSON 3.2, 4.1). */
export interface Content {
  /** Lower case, without parameters. */
  readonly mediaType: string;
  readonly version: ODataVersion;
  /** Int64 and Decimal, and from some clients every number, are strings. */
  readonly ieee754Compatible: boolean;
  /** The delimiter of a multipart body. */
  readonly boundary: string | null;
}

/**
 * Reads `Content-Type` and `OData-Version`. `accepted` are the media types that are understood here; `*\/*` takes any.
 * Throws UnsupportedMediaType, also when the header is missing: a page of another origin can send such a body unasked.
 * Unknown parameters are tolerated (`odata=verbose`, `odata.metadata=minimal`).
 */
export function readContentType(headers: Headers, accepted: readonly string[] = ['application/json']): Content {
  const header = headers['content-type'];
  const media = header === undefined ? null : parseMediaType(header);
  const wanted = accepted.join(' or ');
  if (media === null)
    throw new ODataError(
      'UnsupportedMediaType',
      header === undefined
        ? `The body needs the header Content-Type: ${wanted}.`
        : `Content-Type '${header}' is not a media type; send ${wanted}.`,
      'Content-Type',
    );
  if (!accepted.includes(media.name) && !accepted.includes('*/*'))
    throw new ODataError(
      'UnsupportedMediaType',
      `A body of type ${media.name} is not understood here; send ${wanted}.`,
      'Content-Type',
    );
  const charset = parameterOf(media, 'charset')?.toLowerCase() ?? 'utf-8';
  if (!accepted.includes('*/*') && !['utf-8', 'utf8', 'us-ascii'].includes(charset))
    throw new ODataError(
      'UnsupportedMediaType',
      `The charset ${charset} is not understood; send UTF-8.`,
      'Content-Type',
    );
  return {
    mediaType: media.name,
    version: bodyVersion(headers),
    ieee754Compatible: parameterOf(media, 'ieee754compatible')?.toLowerCase() === 'true',
    boundary: parameterOf(media, 'boundary') ?? null,
  };
}

/** An encoding of the request's body we would have to undo is not understood (RFC 9110 8.4). */
export function refuseEncoding(headers: Headers): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return;
  throw new ODataError(
    'UnsupportedMediaType',
    `Bodies encoded with ${encoding} are not read; send it plain.`,
    'Content-Encoding',
    {
      headers: { 'Accept-Encoding': 'identity' },
    },
  );
}
