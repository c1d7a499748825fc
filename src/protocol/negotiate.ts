import { ODataError } from '../errors.js';
import type { Headers, MetadataLevel, Negotiated, ODataVersion } from './exchange.js';
import { splitList } from './header.js';
import { type MediaRange, type MediaType, parameterOf, parseAccept, parseMediaType, qualityOf } from './media.js';
import { parsePreferences } from './preferences.js';
import { responseVersion } from './version.js';

/** What negotiation looks at: the headers, and the URL for its `$format`. */
export interface Asking {
  readonly url: string;
  readonly headers: Headers;
}

/**
 * Agrees on version and format of the answer (Protocol 7, 8.2.1, 8.2.7; JSON 3). `offered` are the media types the
 * resource can be answered in, the preferred one first; `usual` is the version for clients that do not say.
 * Throws NotAcceptable, UnsupportedVersion, and PreconditionFailed for an isolation that is not offered (Protocol 8.2.6).
 */
export function negotiate(
  request: Asking,
  offered: readonly string[] = ['application/json'],
  usual: ODataVersion = '4.0',
): Negotiated {
  const { headers } = request;
  const version = responseVersion(headers, usual);
  refuseIsolation(headers);
  const choice = choose(request, offered, parsePreferences(headers).handling === 'strict');
  checkCharset(headers, choice);
  return {
    version,
    mediaType: choice.mediaType,
    metadata: metadataOf(choice.range) ?? 'minimal',
    ieee754Compatible: parameterOf(choice.range, 'ieee754compatible')?.toLowerCase() === 'true',
    ...(isStreaming(choice.range) ? { streaming: true } : {}),
    charset: parameterOf(choice.range, 'charset') === undefined ? null : 'utf-8',
  };
}

/** What errors are written in when negotiation itself failed, or never took place. */
export function negotiateError(headers: Headers): Negotiated {
  let version: ODataVersion = '4.0';
  try {
    version = responseVersion(headers);
  } catch {
    // The version could not be understood: that is what the error will say, in the version every client reads.
  }
  return { version, mediaType: 'application/json', metadata: 'minimal', ieee754Compatible: false, charset: null };
}

interface Choice {
  readonly mediaType: string;
  readonly range: MediaType;
}

function choose(request: Asking, offered: readonly string[], strict: boolean): Choice {
  const format = formatOption(request.url);
  if (format !== null) return chooseFormat(format, offered, strict);
  const accept = request.headers.accept;
  if (accept === undefined || accept.trim() === '') return { mediaType: offered[0] ?? '', range: anything };
  return best(parseAccept(accept), offered, strict) ?? refuse(`None of the media types of Accept '${accept}'`, offered);
}

const anything: MediaType = { name: '*/*', parameters: [] };
const abbreviations: Readonly<Record<string, string>> = { json: 'application/json', xml: 'application/xml' };

/** `$format` names one media type, or abbreviates it, and overrides `Accept` (Protocol 11.2.11). */
function chooseFormat(format: string, offered: readonly string[], strict: boolean): Choice {
  const long = abbreviations[format.toLowerCase()] ?? format;
  const media = parseMediaType(long);
  return (
    (media === null ? null : best([{ ...media, quality: 1 }], offered, strict)) ??
    refuse(`$format '${format}'`, offered, '$format')
  );
}

function refuse(what: string, offered: readonly string[], target = 'Accept'): never {
  throw new ODataError('NotAcceptable', `${what} can be answered here; ask for ${offered.join(' or ')}.`, target);
}

/** The most liked range that fits something offered; of equals the more specific, then the first (RFC 9110 12.5.1). */
function best(ranges: readonly MediaRange[], offered: readonly string[], strict: boolean): Choice | null {
  let found: Choice | null = null;
  let rank = 0;
  const sensible = ranges.filter((range) => parametersFit(range, strict));
  for (const range of sensible) {
    if (range.quality === 0) continue;
    const mediaType = offered.find((type) => fits(range.name, type) && !namedCloser(type, range, sensible));
    const own = range.quality * 10_000 + specificity(range.name);
    if (mediaType === undefined || own <= rank) continue;
    found = { mediaType, range };
    rank = own;
  }
  return found ?? (strict ? null : bestText(ranges, offered));
}

/** Raw values and counts have one form; clients that always ask for JSON get it too (clients read `$count` as JSON). */
function bestText(ranges: readonly MediaRange[], offered: readonly string[]): Choice | null {
  if (!offered.includes('text/plain')) return null;
  const json = ranges.some((range) => range.quality > 0 && range.name === 'application/json');
  return json ? { mediaType: 'text/plain', range: anything } : null;
}

function specificity(name: string): number {
  return name === '*/*' ? 1 : name.endsWith('/*') ? 2 : 3;
}

function fits(range: string, type: string): boolean {
  return range === type || range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

/** A wildcard does not speak for a type that another range names more closely, be it to refuse it. */
function namedCloser(type: string, range: MediaRange, ranges: readonly MediaRange[]): boolean {
  return ranges.some((other) => specificity(other.name) > specificity(range.name) && fits(other.name, type));
}

const booleans = ['true', 'false'];
const known: Readonly<Record<string, readonly string[]>> = {
  metadata: ['none', 'minimal', 'full'],
  'odata.metadata': ['none', 'minimal', 'full'],
  ieee754compatible: booleans,
  exponentialdecimals: booleans,
  streaming: booleans,
  'odata.streaming': booleans,
  charset: ['utf-8', 'utf8'],
};

/**
 * A known parameter with an unknown value cannot be served (JSON 3, Protocol 8.2.1). Unknown parameters, such as the
 * `odata=verbose` of older clients, are overlooked unless the client asks for strict handling.
 */
function parametersFit(range: MediaRange, strict: boolean): boolean {
  return range.parameters.every(({ name, value }) => {
    const values = known[name];
    if (values === undefined) return !strict;
    if (name === 'charset' && !strict) return true; // decided by checkCharset, after Accept-Charset
    return values.includes((value ?? '').toLowerCase());
  });
}

function isStreaming(range: MediaType): boolean {
  const text = parameterOf(range, 'streaming') ?? parameterOf(range, 'odata.streaming');
  return text?.toLowerCase() === 'true';
}

function metadataOf(range: MediaType): MetadataLevel | null {
  const text = (parameterOf(range, 'metadata') ?? parameterOf(range, 'odata.metadata'))?.toLowerCase();
  return text === 'none' || text === 'minimal' || text === 'full' ? text : null;
}

/** Answers are UTF-8; `Accept-Charset` decides over the charset of `Accept` (Protocol 8.2.1). */
function checkCharset(headers: Headers, choice: Choice): void {
  const header = headers['accept-charset'];
  if (header !== undefined && header.trim() !== '') {
    if (allowsUtf8(header)) return;
    throw new ODataError(
      'NotAcceptable',
      `Answers are written in UTF-8, which Accept-Charset '${header}' excludes.`,
      'Accept-Charset',
    );
  }
  const charset = parameterOf(choice.range, 'charset')?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new ODataError('NotAcceptable', `Answers are written in UTF-8, not in ${charset}.`, 'Accept');
}

function allowsUtf8(header: string): boolean {
  const liked = new Map<string, number>();
  for (const part of splitList(header.toLowerCase(), ',')) {
    const [name = '', quality = 'q=1'] = splitList(part, ';');
    liked.set(name, qualityOf(quality.replace(/^q\s*=\s*/, '')));
  }
  return (liked.get('utf-8') ?? liked.get('utf8') ?? liked.get('*') ?? 0) > 0;
}

/** Snapshots are not offered; a request that insists on one is not processed (Protocol 8.2.6). Throws PreconditionFailed. */
export function refuseIsolation(headers: Headers): void {
  const isolation = headers.isolation ?? headers['odata-isolation'];
  if (isolation === undefined) return;
  throw new ODataError(
    'PreconditionFailed',
    `Isolation '${isolation}' is not supported; leave the header out.`,
    'Isolation',
  );
}

/** The value of `$format` (or `format`, in any case), before the rest of the URL is looked at; null when there is none. */
export function formatOption(url: string): string | null {
  const query = url.indexOf('?');
  if (query < 0) return null;
  for (const part of url
    .slice(query + 1)
    .split('#', 1)[0]
    ?.split('&') ?? []) {
    const mark = part.indexOf('=');
    if (mark < 0 || mark > 24) continue;
    const name = decode(part.slice(0, mark)).toLowerCase();
    if (name === '$format' || name === 'format') return decode(part.slice(mark + 1));
  }
  return null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ODataError(
      'MalformedUrl',
      `'${text}' has a percent sign that is not followed by two hexadecimal digits.`,
    );
  }
}
