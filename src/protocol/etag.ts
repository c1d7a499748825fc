import { ODataError } from '../errors.js';
import type { Headers } from './exchange.js';
import { splitList } from './header.js';

/** What `If-Match` and `If-None-Match` hold: any, or these opaque tags (without quotes and `W/`). */
export type Tags = '*' | readonly string[];

/** A weak ETag around an opaque tag (Protocol 8.3.2). */
export function writeETag(opaque: string): string {
  return `W/"${opaque}"`;
}

/** The opaque tag of an ETag, strong or weak; null when the text is none. */
function opaqueTag(text: string): string | null {
  const tag = text.startsWith('W/') || text.startsWith('w/') ? text.slice(2) : text;
  return tag.length >= 2 && tag.startsWith('"') && tag.indexOf('"', 1) === tag.length - 1 ? tag.slice(1, -1) : null;
}

/** Reads `if-match` or `if-none-match`; null when absent. Throws MalformedHeader. */
export function parseTags(headers: Headers, name: 'if-match' | 'if-none-match'): Tags | null {
  const header = headers[name];
  if (header === undefined) return null;
  if (header.trim() === '*') return '*';
  const tags = splitList(header, ',').map(opaqueTag);
  if (tags.length === 0 || tags.includes(null)) {
    const spelling = name === 'if-match' ? 'If-Match' : 'If-None-Match';
    throw new ODataError(
      'MalformedHeader',
      `${spelling} holds ETags such as W/"1", as they were received, or *.`,
      spelling,
    );
  }
  return tags.filter((tag) => tag !== null);
}

/** Weak comparison, for `If-Match` too, a deliberate deviation from HTTP (Protocol 8.2.4). */
export function matches(tags: Tags, current: string | null, exists: boolean): boolean {
  if (tags === '*') return exists;
  const opaque = current === null ? null : opaqueTag(current);
  return opaque !== null && tags.includes(opaque);
}

/** What preconditions are checked for besides the current ETag. */
export interface PreconditionOptions {
  /** Whether the resource exists; said when it exists without having an ETag. */
  readonly exists?: boolean;
  /** The model demands optimistic concurrency: a write without `If-Match` is refused (Protocol 8.2.4). */
  readonly required?: boolean;
}

/**
 * `If-Match` and `If-None-Match` against the current ETag (Protocol 8.2.4, 8.2.5, 11.4.1.1). For a write `current` null
 * means that there is no such resource. Throws PreconditionFailed and, when `required`, PreconditionRequired.
 */
export function checkPreconditions(
  current: string | null,
  headers: Headers,
  purpose: 'read' | 'write',
  options: PreconditionOptions = {},
): 'proceed' | 'notModified' {
  const exists = options.exists ?? (purpose === 'read' || current !== null);
  const wanted = parseTags(headers, 'if-match');
  const unwanted = parseTags(headers, 'if-none-match');
  if (wanted !== null && !matches(wanted, current, exists))
    throw new ODataError(
      'PreconditionFailed',
      exists
        ? 'The resource has changed since this ETag was given out; read it again and repeat the change.'
        : 'The resource does not exist, so it matches no ETag.',
      'If-Match',
    );
  if (unwanted !== null && matches(unwanted, current, exists)) {
    if (purpose === 'read') return 'notModified';
    throw new ODataError(
      'PreconditionFailed',
      'The resource exists in the version that If-None-Match excludes.',
      'If-None-Match',
    );
  }
  if (purpose === 'write' && exists && options.required === true && wanted === null)
    throw new ODataError(
      'PreconditionRequired',
      'Changing this resource needs its ETag in the header If-Match.',
      'If-Match',
    );
  return 'proceed';
}
