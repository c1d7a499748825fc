import { type Cursor, separated } from './cursor.js';
import { annotation } from './member.js';
import { nestedOptions } from './options.js';
import type { ExpandItem, PathSegment, SelectItem } from './syntax.js';

/** Which options may stand in the parentheses of an item, by its form (URL 5.1.3, 5.1.4). */
const ofCount: ReadonlySet<string> = new Set(['$filter', '$search']);
const ofReferences: ReadonlySet<string> = new Set([...ofCount, '$orderby', '$skip', '$top', '$count']);
const ofSelected: ReadonlySet<string> = new Set([...ofReferences, '$select', '$compute']);
const ofExpanded: ReadonlySet<string> = new Set([...ofSelected, '$expand', '$levels', '$apply']);
const ofAll: ReadonlySet<string> = new Set(['$levels']);
const none: ReadonlySet<string> = new Set();

/** $select      URL 5.1.4 */
export function selectItems(input: Cursor): SelectItem[] {
  return separated(input, selectItem);
}

/** $expand      URL 5.1.3 */
export function expandItems(input: Cursor): ExpandItem[] {
  return separated(input, expandItem);
}

function selectItem(input: Cursor): SelectItem {
  const at = input.node();
  if (input.take('*')) return { kind: 'all', at };
  const first = projectionSegment(input);
  if (first.kind === 'name' && input.take('.*')) return { kind: 'allOperations', namespace: first.name, at };
  const segments = [first];
  while (input.take('/')) segments.push(projectionSegment(input));
  return { kind: 'path', segments, options: nestedOptions(input, ofSelected, true), at };
}

/** One item of $expand      URL 5.1.3 */
export function expandItem(input: Cursor): ExpandItem {
  const at = input.node();
  const first = expandEnd(input, noSegments, at);
  if (first !== null) return first;
  const segments = [projectionSegment(input)];
  while (input.take('/')) {
    const last = expandEnd(input, segments, at);
    if (last !== null) return last;
    segments.push(projectionSegment(input));
  }
  return { all: false, segments, suffix: null, options: nestedOptions(input, ofExpanded, true), at };
}

const noSegments: readonly PathSegment[] = [];

/** `*`, perhaps with `/$ref`, or `$ref`, `$count`, `$value` end a path; null where a segment follows. */
function expandEnd(input: Cursor, segments: readonly PathSegment[], at: number): ExpandItem | null {
  if (input.take('*')) {
    const suffix = input.take('/$ref') ? '$ref' : null;
    return { all: true, segments, suffix, options: nestedOptions(input, suffix === null ? ofAll : none), at };
  }
  const suffix = input.code === 36 ? (input.match(suffixes) as ExpandItem['suffix']) : null;
  return suffix === null
    ? null
    : { all: false, segments, suffix, options: nestedOptions(input, optionsOf[suffix]), at };
}

const suffixes = /\$(?:ref|count|value)(?!\w)/y;
const optionsOf = { $ref: ofReferences, $count: ofCount, $value: none } as const;

const functionParameters = /\((?:[\p{L}_][\p{L}\p{N}_]*(?:,[\p{L}_][\p{L}\p{N}_]*)*)?\)/uy;

/** A name without parentheses, except for the parameter names of a function; or an annotation. */
function projectionSegment(input: Cursor): PathSegment {
  if (input.code === 64) return annotation(input);
  const at = input.node();
  const name = input.qualified() ?? input.fail('a name');
  const parameters = input.code === 40 ? input.match(functionParameters) : null;
  if (parameters === null) return { kind: 'name', name, arguments: null, key: null, at };
  const values = parameters
    .slice(1, -1)
    .split(',')
    .filter((text) => text !== '')
    .map((text) => ({
      kind: 'path' as const,
      root: null,
      segments: [{ kind: 'name' as const, name: text, arguments: null, key: null, at }],
      at,
    }));
  return { kind: 'name', name, arguments: { kind: 'positional', values }, key: null, at };
}
