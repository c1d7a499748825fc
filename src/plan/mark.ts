import { seal, unseal } from '../protocol/index.js';
import type { StoredValue } from './relation.js';

/** The beginning of a text that is too long for a token; the whole one is in the row whose key stands beside it. */
export interface Cut {
  readonly start: string;
}

/** A sort value of the first row of a page. */
export type SortValue = StoredValue | Cut;

/** Where a page begins. */
export interface Mark {
  /** Rows that the pages before have returned. */
  readonly returned: number;
  /** Sort values of its first row. */
  readonly from: readonly SortValue[];
}

/** Characters of a sort value that a token holds. */
const longest = 256;

/**
 * A link to the page that begins with a row (Protocol 11.2.6.7): `path` and `query` relative to the service root at `base`, `keys` the
 * row's sort values as JSON array, of which those at `kept` are its key. The place is readable to nobody and good for this query only.
 */
export function nextLink({ base, path, query, kept, returned }: NextPage, keys: string, key: Uint8Array): string {
  const token = seal(markText(keys, kept, returned), about(path, query), key);
  return `${base}${path}?${[...query, `$skiptoken=${token}`].join('&')}`;
}

/** Where a page begins, as text: after how many rows, and with which sort values. */
export function markText(keys: string, kept: readonly number[], returned: number): string {
  const values = itemsOf(keys).map((item, index) => (kept.length === 0 || kept.includes(index) ? item : cut(item)));
  return `${returned}[${values.join(',')}]`;
}

/** What a link to a next page says besides the place. */
export interface NextPage {
  readonly base: string;
  readonly path: string;
  /** Options as written, the token left out. */
  readonly query: readonly string[];
  /** Positions of the sort values that are the row's key. */
  readonly kept: readonly number[];
  readonly returned: number;
}

/** The place that a token of this query names; null when it is none. */
export function openMark(token: string, path: string, query: readonly string[], key: Uint8Array): Mark | null {
  const text = unseal(token, about(path, query), key);
  return text === null ? null : readMark(text);
}

/** A mark as `markText` has written it; null when the text is none. */
export function readMark(text: string): Mark | null {
  const found = /^(\d+)(\[.*\])$/s.exec(text);
  if (found === null) return null;
  return { returned: Number(found[1]), from: itemsOf(found[2] ?? '').map(sortValue) };
}

/** However a client writes the same URL. */
export function about(path: string, query: readonly string[]): string {
  return JSON.stringify([decoded(path), ...query.map(decoded).sort()]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The items of a JSON array of single values, as they are written; a cut text is an array of its own. */
function itemsOf(json: string): readonly string[] {
  return json.slice(1, -1).match(/\[?"(?:[^"\\]|\\.)*"\]?|[^,]+/gs) ?? [];
}

function cut(item: string): string {
  if (item.length <= longest || !item.startsWith('"')) return item;
  const start = [...String(JSON.parse(item))].slice(0, longest / 4).join('');
  return `[${JSON.stringify(start)}]`;
}

function sortValue(item: string): SortValue {
  if (item === 'null') return null;
  if (item.startsWith('[')) return { start: String(JSON.parse(item.slice(1, -1))) };
  if (item.startsWith('"')) return String(JSON.parse(item));
  return /^-?\d+$/.test(item) ? BigInt(item) : Number(item);
}
