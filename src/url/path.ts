import { ODataError } from '../errors.js';
import { type Budget, Cursor, parenthesised, unfit } from './cursor.js';
import { malformed } from './decode.js';
import { expression } from './expression.js';
import { pathArguments } from './key.js';
import { trailingSlash } from './lenient.js';
import type { Arguments, ResourceSegment } from './syntax.js';

type Kind = ResourceSegment['kind'];
const words: ReadonlyMap<string, Exclude<Kind, 'name' | '$filter' | '$crossjoin'>> = new Map(
  (['$count', '$value', '$ref', '$each', '$query', '$all', '$batch', '$metadata', '$entity'] as const).map((word) => [
    word,
    word,
  ]),
);
/** What only begins a path (URL 4). */
const beginning: ReadonlySet<Kind> = new Set<Kind>(['$all', '$batch', '$metadata', '$entity', '$crossjoin']);
/** How many segments may follow (URL 4.4, 4.7, 4.8, 4.13, 4.15 to 4.17); what is not listed limits nothing. */
const followers: ReadonlyMap<Kind, number> = new Map<Kind, number>([
  ['$count', 0],
  ['$value', 0],
  ['$ref', 0],
  ['$query', 0],
  ['$batch', 0],
  ['$metadata', 0],
  ['$each', 1],
  ['$all', 1],
  ['$entity', 1],
  ['$crossjoin', 1],
]);

/** The resource path: split at `/` before it is decoded (URL 2.1, 4). Throws MalformedUrl, LimitExceeded. */
export function parsePath(path: string, budget: Budget): ResourceSegment[] {
  const segments: ResourceSegment[] = [];
  let at = path.startsWith('/') ? 1 : 0;
  const end = path.length - (path.length > at + 1 && trailingSlash(path, budget) ? 1 : 0);
  let left = Number.POSITIVE_INFINITY;
  while (at < end) {
    const slash = path.indexOf('/', at);
    const next = slash < 0 || slash > end ? end : slash;
    if (next === at) throw malformed('path', 'a segment', at, "'/'");
    if (left-- === 0) throw malformed('path', 'the end', at - 1, "'/'");
    const input = new Cursor(path.slice(at, next), 'path', budget, at);
    const kind = segment(input, segments);
    left = Math.min(left, followers.get(kind) ?? left);
    at = next + 1;
    if (at === end && next < end) throw malformed('path', 'a segment', at, 'the end');
  }
  return segments;
}

/** Reads one segment, and says what it was. */
function segment(input: Cursor, segments: ResourceSegment[]): Kind {
  const first = segments.length === 0;
  const at = input.node();
  if (input.code === 36) {
    const special = dollar(input, at);
    if (special !== null && beginning.has(special.kind) !== first) {
      input.position = 0;
      input.fail(first ? 'a resource' : 'a segment that may follow another one');
    }
    if (special !== null) {
      segments.push(special);
      input.end();
      return special.kind;
    }
  }
  if (first) firstName(input, at, segments);
  else laterName(input, at, segments);
  return 'name';
}

/** A segment that begins with `$`; null when it is none of the standard's words, and may be a key (URL 4.3.6). */
function dollar(input: Cursor, at: number): ResourceSegment | null {
  const word = words.get(input.text);
  if (word !== undefined) {
    input.position = input.text.length;
    return { kind: word, at };
  }
  if (input.peek('$filter(')) {
    input.position += '$filter'.length;
    return { kind: '$filter', predicate: parenthesised(input, expression), key: keyBehind(input), at };
  }
  if (input.take('$crossjoin(')) {
    const sets = [input.identifier() ?? input.fail('the name of an entity set')];
    while (input.take(',')) sets.push(input.identifier() ?? input.fail('the name of an entity set'));
    input.expect(')');
    return { kind: '$crossjoin', sets, at };
  }
  return null;
}

/** The first segment is a child of the entity container: a simple name, and what stands in parentheses behind it. */
function firstName(input: Cursor, at: number, segments: ResourceSegment[]): void {
  const name = input.identifier();
  if (name === null || (!input.done && input.code !== 40)) throw nothingThere(input);
  named(input, name, at, segments);
  input.end();
}

/** A service has nothing at its root that is called so. */
function nothingThere(input: Cursor): ODataError {
  const expected = input.position === 0 ? 'the name of a resource' : 'the end of its name';
  return new ODataError(
    'ResourceNotFound',
    `path: expected ${expected} at ${input.at()}, found ${input.found}`,
    'path',
  );
}

function named(input: Cursor, name: string, at: number, segments: ResourceSegment[]): void {
  const given = input.code === 40 ? pathArguments(input) : null;
  segments.push({ kind: 'name', name, arguments: given, key: keyBehind(input), text: input.text, at });
}

/** The key predicate that may follow a call or a filtered collection directly (URL 4.3). */
function keyBehind(input: Cursor): Arguments | null {
  return input.code === 40 ? pathArguments(input) : null;
}

/** A name with or without parentheses; whatever is not may be a key (URL 4.3.6). Limits stay limits, and a qualified name is no key. */
function laterName(input: Cursor, at: number, segments: ResourceSegment[]): void {
  const name = input.qualified();
  if (name !== null && input.done) {
    segments.push({ kind: 'name', name, arguments: null, key: null, text: input.text, at });
    return;
  }
  if (name !== null && input.code === 40 && fits(input, name, at, segments)) return;
  segments.push({ kind: 'name', name: input.text, arguments: null, key: null, text: input.text, at });
}

/** Reads a name with what stands in parentheses; false, and nothing is read, when it may be a key instead. */
function fits(input: Cursor, name: string, at: number, segments: ResourceSegment[]): boolean {
  const before = segments.length;
  input.tentative = !name.includes('.');
  try {
    named(input, name, at, segments);
    if (input.done) return true;
  } catch (error) {
    if (error !== unfit) throw error;
  }
  segments.length = before;
  return false;
}
