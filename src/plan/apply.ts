import type { SortItem, Transformation, Variable } from '../bind/index.js';
import type { NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { addnested, joined, nested } from './apply-added.js';
import { aggregated } from './apply-aggregate.js';
import { firstOf } from './apply-first.js';
import { concatenated, grouped } from './apply-group.js';
import { relatedRows, traversed } from './apply-hierarchy.js';
import { call, columnOf, value, where } from './build.js';
import { type Context, planCondition, planValue } from './expression.js';
import type { Located, Place, Stored } from './place.js';
import type { Alias, NamedScalar, Order, Relation, Scalar } from './relation.js';
import { found } from './search.js';

/**
 * A set on its way through `$apply`. Every instance is a row, and all it is made of are columns of one row source, which keeps
 * its name from step to step; so what was said of an instance holds until an aggregation.
 */
export interface Applied {
  readonly rows: Relation;
  readonly as: Alias;
  readonly columns: readonly string[];
  readonly item: Place | Stored;
  readonly context: Context;
  /** A later order keeps the earlier one among equals (AG043). */
  readonly order: readonly Order[];
  readonly variable: Variable | null;
  /** The groups whose rows these are, when the sequence is one within `groupby`. */
  readonly partition: Partition;
  /** The same set once more, under other names, to stand within this one. */
  readonly again: () => Applied;
}

/** Rows of one group have the same values in these columns. */
export interface Partition {
  readonly columns: readonly string[];
  /** All rows, when some groups may have lost theirs since: a group is still there (AG094). */
  readonly whole: Relation | null;
}

/** Where a sequence begins: rows, and what one of them is. */
export interface Begin {
  readonly rows: Relation;
  readonly item: Place | Stored;
  readonly context: Context;
  /** The order that the rows have by themselves; absent: none. */
  readonly order?: readonly Order[];
}

/** The set that a sequence begins with; `begin` gives the same rows under other names each time. */
export function started(variable: Variable | null, begin: () => Begin, first = begin()): Applied {
  const { rows, item, context, order = [] } = first;
  return {
    rows,
    as: aliasOf(rows, item),
    columns: item.kind === 'row' ? item.table.columns.map(({ name }) => name) : ['key', 'value'],
    item,
    context,
    order,
    variable,
    partition: { columns: [], whole: null },
    again: () => started(variable, begin),
  };
}

/** The row source that rows end in: that of the item, or of the items of a JSON array. */
export function aliasOf(rows: Relation, item: Place | Stored): Alias {
  if (item.kind === 'row' || item.kind === 'grouped' || item.kind === 'variants') return item.as;
  switch (rows.kind) {
    case 'scan':
    case 'past':
    case 'each':
    case 'group':
    case 'project':
    case 'union':
    case 'chain':
    case 'recursive':
    case 'named':
      return rows.as;
    case 'join':
      return aliasOf(rows.right, item);
    case 'where':
    case 'order':
    case 'limit':
    case 'page':
      return aliasOf(rows.from, item);
  }
}

/** Each transformation applied to what the one before it gives (Aggregation 3). */
export function sequence(steps: readonly Transformation[], start: Applied): Applied {
  return steps.reduce((current, step): Applied => {
    const result = transformed(current, step);
    return { ...result, again: () => transformed(current.again(), step) };
  }, start);
}

function transformed(current: Applied, step: Transformation): Applied {
  const context: Context = { ...current.context, these: () => theseOf(current) };
  switch (step.kind) {
    case 'filter':
      return narrowed(current, planCondition(step.predicate, context));
    case 'search':
      return narrowed(current, found(step.search, current.item, context));
    case 'orderby':
      return { ...current, order: [...step.items.map((item) => orderOf(item, context)), ...current.order] };
    case 'skip':
      return limited(current, step.count, null);
    case 'top':
      return limited(current, null, step.count);
    case 'first':
      return firstOf(current, step, context);
    case 'compute': {
      const computed = new Map(context.computed);
      for (const { name, expression } of step.items) {
        const stored = planValue(expression, { ...context, computed });
        computed.set(name, { ...stored, type: expression.type });
      }
      return { ...current, context: { ...current.context, computed } };
    }
    case 'aggregate':
      return aggregated(current, step.aggregates, context);
    case 'groupby':
      return grouped(current, step);
    case 'concat':
      return concatenated(current, step.branches);
    case 'join':
      return joined(current, step);
    case 'addnested':
      return addnested(current, step);
    case 'nest':
      return nested(current, step.branches);
    case 'ancestors':
    case 'descendants':
      return relatedRows(current, step, context);
    case 'traverse':
      return traversed(current, step, context);
  }
}

function orderOf(item: SortItem, context: Context): Order {
  return { value: planValue(item.expression, context).scalar, descending: item.descending };
}

/** Those rows for which the condition holds. */
export function narrowed(current: Applied, condition: Scalar): Applied {
  return lessened({ ...current, rows: where(current.rows, [condition]) }, current);
}

/** Groups keep existing when their rows are gone. */
export function lessened(result: Applied, { partition, rows }: Applied): Applied {
  if (partition.columns.length === 0 || partition.whole !== null) return result;
  return { ...result, partition: { ...partition, whole: rows } };
}

/** The rows as a source of their own, with columns more. */
export function extended(current: Applied, extra: readonly NamedScalar[]): Applied {
  if (extra.length === 0) return current;
  const rows: Relation = { kind: 'page', from: current.rows, of: current.as, extra };
  return { ...current, rows, columns: [...current.columns, ...extra.map(({ name }) => name)] };
}

/** A column name that no other column of the statement has. */
export function freshColumn({ context }: Applied): string {
  return `@${context.planner.fresh()}`;
}

/** The columns that tell the groups apart in which the sequence runs. */
export function partitionOf({ as, partition }: Applied): readonly Scalar[] {
  return partition.columns.map((name) => columnOf(as, name));
}

/** The order there is, made total: equals come by key, the same every time (AG009). */
export function totalOrder(current: Applied): readonly Order[] {
  return [...current.order, ...keyOrder(current.item, current.as)];
}

/** Cut in the order there is, within each group. */
function limited(current: Applied, skip: number | null, take: number | null): Applied {
  const order = totalOrder(current);
  if (current.partition.columns.length === 0) {
    const limit: Relation = { kind: 'limit', from: { kind: 'order', from: current.rows, by: order }, skip, take };
    return { ...current, rows: { kind: 'page', from: limit, of: current.as, extra: [] } };
  }
  const { numbered, number } = numberedRows(current, order);
  return skip === null
    ? narrowed(numbered, call('le', number, value(BigInt(take ?? 0))))
    : narrowed(numbered, call('gt', number, value(BigInt(skip))));
}

/** The rows of each group numbered from 1 in an order. */
export function numberedRows(current: Applied, order: readonly Order[]) {
  const name = freshColumn(current);
  const number: Scalar = { kind: 'window', name: 'rowNumber', operand: null, partition: partitionOf(current), order };
  return { numbered: extended(current, [{ name, value: number }]), number: columnOf(current.as, name), name };
}

/** What makes an order total: the key of a row, everything by which a group was made. */
export function keyOrder(item: Place | Stored, as: Alias): readonly Order[] {
  const by = (names: readonly string[]) => names.map((name) => ({ value: columnOf(as, name), descending: false }));
  switch (item.kind) {
    case 'row':
      return by([...item.table.primaryKey.map(({ name }) => name), ...(item.keys ?? [])]);
    case 'grouped':
    case 'variants':
      return by(item.keys);
    case 'flattened':
    case 'json':
    case 'stored':
      return by(['key']);
  }
}

/** `$these`: the set itself, seen from one of its rows; within a group, the rows of that group. */
function theseOf(current: Applied) {
  const copy = current.again();
  const outer = partitionOf(current);
  const same = partitionOf(copy).map((column, index) => call('is', column, outer[index] ?? value(null)));
  return collected({ ...copy, rows: where(copy.rows, same) });
}

/** A set as a collection within an expression. */
export function collected({ rows, item, context, order, as }: Applied) {
  return {
    kind: 'many',
    rows,
    item,
    applied: {
      order: [...order, ...keyOrder(item, as)],
      computed: context.computed,
      added: context.added ?? new Map<Property | NavigationProperty, Located>(),
    },
  } as const;
}

/** Throws where only entities and what is left of them can go on. */
export function notSupported(what: string): never {
  throw new ODataError('NotImplemented', `$apply: ${what} is not supported.`, '$apply');
}
