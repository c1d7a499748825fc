import { ODataError } from '../errors.js';
import type { Negotiated, ODataResponse, ODataVersion } from './exchange.js';

/** The answer may differ by any of these (Protocol 8.3.8). */
const vary = 'Accept, OData-MaxVersion, OData-Version, Prefer';

/**
 * `Content-Type` of an answer. JSON names its metadata level, with the prefix `odata.` in 4.0 (JSON 3.1, 4.1), and says
 * when Int64 and Decimal are strings (JSON 3.2); a charset only stands where it was asked for (Protocol 8.2.1).
 */
export function contentType(negotiated: Negotiated): string {
  const { mediaType, metadata, version, ieee754Compatible, streaming = false, charset } = negotiated;
  const parts = [mediaType];
  if (mediaType === 'application/json') {
    parts.push(`${version === '4.0' ? 'odata.' : ''}metadata=${metadata}`);
    if (ieee754Compatible) parts.push('IEEE754Compatible=true');
    if (streaming) parts.push(`${version === '4.0' ? 'odata.' : ''}streaming=true`);
  }
  if (charset !== null) parts.push(`charset=${charset}`);
  return parts.join(';');
}

/** The headers every answer carries, with or without a body (Protocol 8.1.5, 8.3.8). */
export function commonHeaders(version: ODataVersion): Readonly<Record<string, string>> {
  return { 'OData-Version': version, Vary: vary };
}

/** The headers of an answer with a body in the agreed format. */
export function contentHeaders(negotiated: Negotiated): Readonly<Record<string, string>> {
  return { 'Content-Type': contentType(negotiated), ...commonHeaders(negotiated.version) };
}

/**
 * The answer to a request that failed (Protocol 9.4, JSON 21.1), always JSON. Anything but an ODataError is our own fault:
 * 500, without a word of what it was; whoever calls logs it under the request id. `innererror` holds no `message`:
 * some clients would show that one.
 */
export function errorResponse(error: unknown, negotiated: Negotiated, requestId: string): ODataResponse {
  const known = error instanceof ODataError ? error : internal(requestId);
  const body = { error: { ...problem(known), innererror: { 'request-id': requestId } } };
  return {
    status: known.status,
    headers: {
      ...contentHeaders({ ...negotiated, mediaType: 'application/json', ieee754Compatible: false }),
      'Content-Language': 'en',
      ...known.headers,
    },
    body: JSON.stringify(body),
  };
}

function internal(requestId: string): ODataError {
  return new ODataError(
    'InternalError',
    `The server failed to answer; its log tells more under request id ${requestId}.`,
  );
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly Problem[];
}

function problem(error: ODataError): Problem {
  const own = { code: error.code, message: error.message, ...(error.target === null ? {} : { target: error.target }) };
  return error.details.length === 0 ? own : { ...own, details: error.details.flatMap(flat) };
}

/** Details have none of their own (JSON 21.1). */
function flat(error: ODataError): readonly Problem[] {
  const { details: _, ...own } = problem(error);
  return [own, ...error.details.flatMap(flat)];
}
