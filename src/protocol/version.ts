import { ODataError } from '../errors.js';
import type { Headers, ODataVersion } from './exchange.js';

/** What follows a semicolon is a remark of the client (`4.0;NetFx`). */
function versionText(text: string): string {
  return text.split(';', 1)[0]?.trim() ?? '';
}

/** The version stated for the request's body; null when none is (Protocol 8.1.5). Throws UnsupportedVersion. */
function statedVersion(headers: Headers): ODataVersion | null {
  const header = headers['odata-version'];
  if (header === undefined) return null;
  const text = versionText(header);
  if (text === '4.0' || text === '4.01') return text;
  throw new ODataError(
    'UnsupportedVersion',
    `OData-Version '${text}' is not supported; send 4.0 or 4.01.`,
    'OData-Version',
  );
}

/**
 * The greatest supported version that `OData-MaxVersion` allows, compared as decimals (Protocol 5.1, 8.2.7); null when it
 * is absent. Throws UnsupportedVersion when it allows none.
 */
function allowedVersion(headers: Headers): ODataVersion | null {
  const header = headers['odata-maxversion'];
  if (header === undefined) return null;
  const text = versionText(header);
  if (!/^\d{1,20}\.\d{1,20}$/.test(text))
    throw new ODataError(
      'MalformedHeader',
      `OData-MaxVersion '${text}' is not a version; send 4.0 or 4.01.`,
      'OData-MaxVersion',
    );
  const allowed = Number(text);
  if (allowed >= 4.01) return '4.01';
  if (allowed >= 4) return '4.0';
  throw new ODataError(
    'UnsupportedVersion',
    `OData-MaxVersion ${text} is below every supported version; send 4.0 or 4.01.`,
    'OData-MaxVersion',
  );
}

/** By which version's rules the request's body is read (Protocol 8.1.5). */
export function bodyVersion(headers: Headers): ODataVersion {
  return statedVersion(headers) ?? allowedVersion(headers) ?? '4.01';
}

/**
 * In which version the answer is written (Protocol 8.2.7): the greatest that the client allows. A client that says nothing
 * gets `usual` (4.0: many clients read nothing else), unless its own body is 4.01.
 */
export function responseVersion(headers: Headers, usual: ODataVersion = '4.0'): ODataVersion {
  const stated = statedVersion(headers);
  return allowedVersion(headers) ?? (stated === '4.01' ? '4.01' : usual);
}
