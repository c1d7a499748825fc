import { allOf, call, value } from './build.js';
import type { Order, Scalar, StoredValue } from './relation.js';

/** A sort value of the last row of a page. */
export type SortValue = StoredValue;

/**
 * The rows behind those whose sort values are given (keyset paging): greater in the first value, or equal in it and greater in the
 * second, and so on. Null is lowest, so ascending it comes first and descending last; whether a value is null is part of the shape.
 */
export function after(order: readonly Order[], values: readonly SortValue[]): Scalar {
  const alternatives = order.map((_, index) => {
    const equal = order.slice(0, index).map((sort, at) => call('is', sort.value, value(values[at] ?? null)));
    const beyond = past(order[index], values[index] ?? null);
    return beyond === null ? null : allOf([...equal, beyond]);
  });
  const possible = alternatives.filter((condition) => condition !== null);
  const [only] = possible;
  const union: Scalar =
    only === undefined
      ? value(0n)
      : possible.length === 1
        ? only
        : { kind: 'junction', operator: 'or', operands: possible };
  const bound = leading(order[0], values[0] ?? null);
  return bound === null ? union : allOf([bound, union]);
}

/** Strictly behind `last` in one sort value; null when nothing can be. */
function past(sort: Order | undefined, last: SortValue): Scalar | null {
  if (sort === undefined) return null;
  if (sort.descending) {
    if (last === null) return null;
    return {
      kind: 'junction',
      operator: 'or',
      operands: [call('lt', sort.value, value(last)), call('isNull', sort.value)],
    };
  }
  return last === null ? call('isNotNull', sort.value) : call('gt', sort.value, value(last));
}

/** A plain bound on the first sort value, so that an index is entered at the right place. */
function leading(sort: Order | undefined, last: SortValue): Scalar | null {
  if (sort === undefined || last === null || sort.descending) return null;
  return call('ge', sort.value, value(last));
}
