import { allOf, call, value } from './build.js';
import type { Cut, SortValue } from './mark.js';
import type { Place, Stored } from './place.js';
import type { Order, Scalar, StoredValue } from './relation.js';

/** The whole of a text that was cut, for the n-th sort value. */
export type Whole = (index: number, cut: Cut) => Scalar;

/**
 * The rows from the one on whose sort values are given (keyset paging), as ranges in the order of the sort: equal in all values but the
 * last one, which is at least as great, then equal in all but two, and so on, at the end greater in the first value. Null is lowest, so
 * ascending it comes first and descending last; whether a value is null is part of the shape. `kept`: positions that are never null.
 */
export function ranges(
  order: readonly Order[],
  values: readonly SortValue[],
  kept: readonly number[],
  whole: Whole,
): readonly Scalar[] {
  const marks = order.map((sort, index) => new Mark(sort, values[index] ?? null, index, kept.includes(index), whole));
  return marks
    .flatMap((mark, index) => {
      const pieces = index === marks.length - 1 ? mark.from() : mark.beyond();
      const equal = marks.slice(0, index).map((before) => before.equal());
      return [pieces.map((piece) => allOf([...equal, piece]))];
    })
    .reverse()
    .flat();
}

/** Ranges as one condition. */
export function anyOf(alternatives: readonly Scalar[]): Scalar {
  const [only] = alternatives;
  if (only === undefined) return value(0n);
  return alternatives.length === 1 ? only : { kind: 'junction', operator: 'or', operands: alternatives };
}

/** Whether an index leads through the rows in the order of the first sort value, so that a range of it is entered where it begins. */
export function isIndexed([first]: readonly Order[], item: Place | Stored): boolean {
  if (item.kind !== 'row' || first?.value.kind !== 'column' || first.value.of !== item.as) return false;
  const { name } = first.value;
  const { primaryKey, indexes, parent } = item.table;
  const above = new Set(parent?.pairs.map(({ own }) => own)); // what the path has fixed
  return [primaryKey, ...indexes.map(({ columns }) => columns)].some(
    (columns) => columns.find((column) => !above.has(column))?.name === name,
  );
}

/** One sort value and where in it the page begins. */
class Mark {
  private readonly at: Scalar;
  private readonly isNull: boolean;

  constructor(
    private readonly sort: Order,
    mark: SortValue,
    index: number,
    private readonly required: boolean,
    whole: Whole,
  ) {
    this.isNull = mark === null;
    this.at = isCut(mark) ? whole(index, mark) : value(mark);
  }

  equal(): Scalar {
    return this.isNull ? call('isNull', this.sort.value) : call('eq', this.sort.value, this.at);
  }

  /** Strictly behind, range by range. */
  beyond(): readonly Scalar[] {
    return this.behind('gt', 'lt');
  }

  /** At the mark or behind it. */
  from(): readonly Scalar[] {
    if (this.isNull) return this.sort.descending ? [this.equal()] : [value(1n)];
    return this.behind('ge', 'le');
  }

  private behind(above: 'gt' | 'ge', below: 'lt' | 'le'): readonly Scalar[] {
    const { sort, at, isNull } = this;
    if (!sort.descending) return [isNull ? call('isNotNull', sort.value) : call(above, sort.value, at)];
    if (isNull) return [];
    return [call(below, sort.value, at), ...(this.required ? [] : [call('isNull', sort.value)])];
  }
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
