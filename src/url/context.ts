import { Cursor, freshBudget, separated, type UrlLimits } from './cursor.js';
import { malformed, requireText } from './decode.js';
import { pathArguments } from './key.js';
import { literal } from './literal.js';
import type { ContextItem, ContextSegment, ContextUrl } from './syntax.js';

/**
 * Reads a context URL, absolute or the fragment alone (Protocol 10). Throws MalformedUrl with the target `context`, LimitExceeded.
 * Without the model a set, a singleton and a property look alike.
 */
export function parseContext(text: string, limits?: Partial<UrlLimits>): ContextUrl {
  requireText(text, 'context');
  const hash = text.indexOf('#');
  const before = hash < 0 ? text : text.slice(0, hash);
  const document = /(?:^|\/)\$metadata(?:\?[^#]*)?$/.exec(before);
  if (document === null && before !== '') throw malformed('context', "'$metadata'", 0, `'${before.slice(0, 40)}'`);
  const root = document === null ? '' : before.slice(0, before.lastIndexOf('$metadata'));
  const nothing = { root, collection: false, segments: [], select: null, suffix: null };
  if (hash < 0) return nothing;
  const input = new Cursor(text.slice(hash + 1), 'context', freshBudget(limits), hash + 1);
  return { ...nothing, ...fragment(input) };
}

type Fragment = Omit<ContextUrl, 'root'>;
type Segments = ContextSegment[];

function fragment(input: Cursor): Fragment {
  const collection = input.take('Collection(');
  const segments: Segments = [];
  if (input.peek('$ref')) word(input, segments);
  else if (collection || input.code !== 36) segmentsOf(input, segments);
  if (collection) input.expect(')');
  const select = input.code === 40 ? selectList(input) : null;
  const suffix = input.done ? null : suffixOf(input, segments.length > 0);
  input.end();
  return { collection, segments, select, suffix };
}

/** `Set('x')/NS.Type/Contained`, up to a select-list or a word with `$`. */
function segmentsOf(input: Cursor, segments: Segments): void {
  for (;;) {
    const at = input.node();
    segments.push({ kind: 'name', name: input.qualified() ?? input.fail('a name'), at });
    if (input.code === 40 && !keyFollows(input, segments)) return;
    if (input.code !== 47 || input.text.charCodeAt(input.position + 1) === 36) return;
    input.position++;
  }
}

/** `$ref` in place of a type. */
function word(input: Cursor, segments: Segments): void {
  const at = input.node();
  input.expect('$ref');
  segments.push({ kind: 'name', name: '$ref', at });
}

/** Reads the key predicate that stands here; false when it is a select-list instead. */
function keyFollows(input: Cursor, segments: Segments): boolean {
  const start = input.position;
  input.position++;
  const isKey = literal(input) !== null || (input.identifier() !== null && input.code === 61);
  input.position = start;
  if (!isKey) return false;
  const at = input.node();
  segments.push({ kind: 'key', arguments: pathArguments(input), at });
  return true;
}

const suffixes = ['$entity', '$delta', '$deletedEntity', '$link', '$deletedLink'] as const;

/** `/$entity` and its like; `$delta` may stand alone (JSON 15.6). */
function suffixOf(input: Cursor, behindPath: boolean): ContextUrl['suffix'] {
  if (behindPath) input.expect('/');
  const rest = input.text.slice(input.position);
  const found = suffixes.find((suffix) => suffix === rest);
  if (found === undefined) return input.fail(suffixes.join(', '));
  input.position = input.text.length;
  return found;
}

/** selectList = "(" [ item *( "," item ) ] ")" */
function selectList(input: Cursor): readonly ContextItem[] {
  input.expect('(');
  const items = input.code === 41 ? [] : input.nested(() => separated(input, selectItem));
  input.expect(')');
  return items;
}

function selectItem(input: Cursor): ContextItem {
  const at = input.node();
  const start = input.position;
  do namePart(input);
  while (input.take('/'));
  const path = input.text.slice(start, input.position);
  const recursive = input.take('+');
  return { path, recursive, items: input.code === 40 ? selectList(input) : null, at };
}

/** `*`, a name, all names of a namespace, or an annotation with its qualifier; `#` is not percent-encoded here. */
function namePart(input: Cursor): void {
  if (input.take('*')) return;
  const annotation = input.take('@');
  if (input.qualified() === null) input.fail('a name');
  if (input.take('.*')) return;
  if (!annotation || input.code !== 35 || input.isEncoded(input.position)) return;
  input.position++;
  if (input.identifier() === null) input.fail('a qualifier');
}
