import { contentHeaders, type ODataResponse, type Preferences, writePreferencesApplied } from '../protocol/index.js';
import type { Exchange } from './context.js';

type Fields = Readonly<Record<string, string>>;

/** An answer in JSON, in the agreed format and version. */
export function jsonResponse(
  status: number,
  body: Buffer | string,
  exchange: Exchange,
  headers: Fields = {},
): ODataResponse {
  return { status, headers: { ...contentHeaders(exchange.negotiated), ...headers }, body };
}

/** A raw value, in most cases text (Protocol 11.2.4.1, 11.2.10). */
export function textResponse(
  status: number,
  text: string | Buffer,
  exchange: Exchange,
  headers: Fields = {},
): ODataResponse {
  return { status, headers: { ...contentHeaders(exchange.negotiated), ...headers }, body: text };
}

/** 204 (Protocol 9.1.4). */
export function emptyResponse(headers: Fields = {}): ODataResponse {
  return { status: 204, headers, body: null };
}

/** `Preference-Applied` for what was applied, as header fields (Protocol 8.3.6). */
export function appliedHeaders(exchange: Exchange, applied: Partial<Preferences>): Fields {
  const text = writePreferencesApplied(applied, exchange.negotiated.version);
  return text === null ? {} : { 'Preference-Applied': text };
}
