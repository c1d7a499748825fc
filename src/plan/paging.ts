import { allOf, call, value } from './build.js';
import type { Cut, SortValue } from './mark.js';
import type { Place, Stored } from './place.js';
import type { Order, Scalar, StoredValue } from './relation.js';

/** The whole of a text that was cut, for the n-th sort value. */
export type Whole = (index: number, cut: Cut) => Scalar;

/**
 * The rows from the one on whose sort values are given (keyset paging): greater in the first value, or equal in it and greater in
 * the second, and so on; the last one may be equal. Null is lowest, so ascending it comes first and descending last; whether a value
 * is null is part of the shape.
 */
export function from(order: readonly Order[], values: readonly SortValue[], whole: Whole): Scalar {
  const marks = order.map((sort, index) => new Mark(sort, values[index] ?? null, index, whole));
  const alternatives = marks.flatMap((mark, index) => {
    const beyond = index === marks.length - 1 ? mark.from() : mark.beyond();
    return beyond === null ? [] : [allOf([...marks.slice(0, index).map((before) => before.equal()), beyond])];
  });
  const [only] = alternatives;
  const union: Scalar =
    only !== undefined && alternatives.length === 1
      ? only
      : alternatives.length === 0
        ? value(0n)
        : { kind: 'junction', operator: 'or', operands: alternatives };
  const bound = marks.length > 1 ? (marks[0]?.bound() ?? null) : null;
  return bound === null ? union : allOf([bound, union]);
}

/** One sort value and where in it the page begins. */
class Mark {
  private readonly at: Scalar;
  private readonly isNull: boolean;

  constructor(
    private readonly sort: Order,
    mark: SortValue,
    index: number,
    whole: Whole,
  ) {
    this.isNull = mark === null;
    this.at = isCut(mark) ? whole(index, mark) : value(mark);
  }

  equal(): Scalar {
    return this.isNull ? call('isNull', this.sort.value) : call('eq', this.sort.value, this.at);
  }

  /** Strictly behind; null when nothing can be. */
  beyond(): Scalar | null {
    const { sort, at, isNull } = this;
    if (!sort.descending) return isNull ? call('isNotNull', sort.value) : call('gt', sort.value, at);
    return isNull ? null : either(call('lt', sort.value, at), call('isNull', sort.value));
  }

  /** At the mark or behind it. */
  from(): Scalar {
    const { sort, at, isNull } = this;
    if (!sort.descending) return isNull ? value(1n) : call('ge', sort.value, at);
    return isNull ? this.equal() : either(call('le', sort.value, at), call('isNull', sort.value));
  }

  /** A plain bound, so that an index is entered at the right place. */
  bound(): Scalar | null {
    const { sort, at, isNull } = this;
    if (sort.descending) return isNull ? call('isNull', sort.value) : null;
    return isNull ? null : call('ge', sort.value, at);
  }
}

function either(...operands: readonly Scalar[]): Scalar {
  return { kind: 'junction', operator: 'or', operands };
}

function isCut(mark: SortValue): mark is Cut {
  return typeof mark === 'object' && mark !== null && 'start' in mark;
}

/** The positions of the sort values that are the key of a row. */
export function keptOf(order: readonly Order[], item: Place | Stored): readonly number[] {
  if (item.kind !== 'row') return [];
  const key = new Set(item.table.primaryKey.map(({ name }) => name));
  return order.flatMap(({ value: sort }, index) =>
    sort.kind === 'column' && sort.of === item.as && key.has(sort.name) ? [index] : [],
  );
}

/** The key values among the sort values of a row, by column. */
export function keyIn(
  order: readonly Order[],
  values: readonly SortValue[],
  item: Extract<Place, { kind: 'row' }>,
): ReadonlyMap<string, StoredValue> {
  return new Map(
    keptOf(order, item).flatMap((index) => {
      const sort = order[index]?.value;
      const mark = values[index] ?? null;
      return sort?.kind === 'column' && !isCut(mark) ? [[sort.name, mark] as const] : [];
    }),
  );
}
