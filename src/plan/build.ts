import type { Column } from '../tables/index.js';
import type { Alias, OperatorName, Relation, Scalar, StoredValue } from './relation.js';

/** A bound value. */
export const value = (stored: StoredValue): Scalar => ({ kind: 'value', value: stored });

/** A column of a row source. */
export const columnOf = (of: Alias, column: Column | string): Scalar => ({
  kind: 'column',
  of,
  name: typeof column === 'string' ? column : column.name,
});

/** An operator or function call. */
export const call = (name: OperatorName, ...operands: readonly Scalar[]): Scalar => ({
  kind: 'operator',
  name,
  operands,
});

/** All of the conditions; a single one stands for itself, none is true. */
export function allOf(conditions: readonly Scalar[]): Scalar {
  const [first, ...rest] = conditions;
  if (first === undefined) return value(1n);
  return rest.length === 0 ? first : { kind: 'junction', operator: 'and', operands: conditions };
}

/** `from`, narrowed when there is something to narrow by. */
export function where(from: Relation, conditions: readonly Scalar[]): Relation {
  return conditions.length === 0 ? from : { kind: 'where', from, condition: allOf(conditions) };
}

/** Texts joined. */
export const concat = (...parts: readonly (Scalar | string)[]): Scalar =>
  call('concat', ...parts.map((part) => (typeof part === 'string' ? value(part) : part)));
