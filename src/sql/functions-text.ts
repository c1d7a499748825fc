import { compilePattern, type Pattern } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { lengthOf } from './functions-collection.js';
import type { SqlValue } from './statement.js';

/** By code points, from 0; a negative start counts from the end (URL 5.1.1.5.7). */
export function substring(value: SqlValue, start: SqlValue, count: SqlValue = null): SqlValue {
  const points = [...String(value)];
  const index = Number(start);
  const from = index < 0 ? Math.max(points.length + index, 0) : index;
  return points.slice(from, count === null ? undefined : from + lengthOf(count)).join('');
}

const patterns = new Map<string, Pattern>();

/** Searches a pattern in linear time whatever it is (URL 5.1.1.7.1). Throws InvalidValue for one that is not valid. */
export function matchesPattern(value: SqlValue, pattern: SqlValue): SqlValue {
  const text = String(pattern);
  let compiled = patterns.get(text);
  if (compiled === undefined) {
    try {
      compiled = compilePattern(text);
    } catch {
      throw new ODataError(
        'InvalidValue',
        `'${text.slice(0, 100)}' is not a regular expression that can be used here.`,
        '$filter',
      );
    }
    if (patterns.size >= 100) patterns.clear();
    patterns.set(text, compiled);
  }
  return compiled.matcher(String(value)).find() ? 1n : 0n;
}

/** Letters without case and marks, for searching. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss');
}

type Query =
  | { readonly kind: 'junction'; readonly operator: 'and' | 'or'; readonly operands: readonly Query[] }
  | { readonly kind: 'not'; readonly operand: Query }
  | { readonly kind: 'phrase' | 'word'; readonly text: string };

let last: { readonly text: string; readonly query: Query } | null = null;

/** Whether a text holds what `$search` asks for; a word or phrase is found where a word begins (URL 5.1.7). */
export function searched(value: SqlValue, search: SqlValue): SqlValue {
  const text = String(search);
  if (last?.text !== text) last = { text, query: JSON.parse(text) };
  return holds(folded(String(value)), last.query) ? 1n : 0n;
}

function holds(text: string, query: Query): boolean {
  switch (query.kind) {
    case 'junction':
      return query.operator === 'and'
        ? query.operands.every((operand) => holds(text, operand))
        : query.operands.some((operand) => holds(text, operand));
    case 'not':
      return !holds(text, query.operand);
    case 'phrase':
    case 'word':
      return beginsWord(text, folded(query.text));
  }
}

function beginsWord(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') || !/^[\p{L}\p{N}]/u.test(part)) return true;
  return false;
}
