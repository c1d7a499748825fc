import type { Branch, Expression, Transformation } from '../bind/index.js';
import {
  type Applied,
  type Begin,
  collected,
  extended,
  freshColumn,
  lessened,
  notSupported,
  partitionOf,
  sequence,
  started,
  totalOrder,
} from './apply.js';
import { aggregated } from './apply-aggregate.js';
import { call, columnOf, value, where } from './build.js';
import { type Context, locate } from './expression.js';
import { asItems, carriedItem, carriedNames, entityBehind, hasSubselect } from './isolate.js';
import type { Located, Many, Place, Stored } from './place.js';
import type { NamedScalar, Order, Relation, Scalar } from './relation.js';

type Join = Extract<Transformation, { kind: 'join' }>;

/** Each row with each item of its collection; what the item is made of becomes columns of the row (Aggregation 3.5.1). */
export function joined(current: Applied, { outer, of, branch }: Join): Applied {
  const { planner } = current.context;
  const many = collected(branched(branch, of, current.context));
  const lateral = hasSubselect(many.rows) ? asItems(many, planner) : null;
  const extra: NamedScalar[] = [];
  const keep = (scalar: Scalar): Scalar => {
    const name = freshColumn(current);
    extra.push({ name, value: lateral === null ? scalar : lateral.carry(scalar) });
    return columnOf(current.as, name);
  };
  const located = kept(many, keep, current.context, outer);
  const order = positions(many, keep, lateral?.as ?? null, extra, current);
  const right = lateral === null ? many.rows : lateral.rows();
  const rows: Relation = { kind: 'join', left: current.rows, right, on: value(1n), outer };
  const framed = extended({ ...current, rows }, extra);
  const result: Applied = {
    ...framed,
    ...keyed(current, order),
    order: [...totalOrder(current), ...order],
  };
  const added = new Map([...(result.context.added ?? []), [branch.added.property, located] as const]);
  return lessened({ ...result, context: { ...result.context, added } }, current);
}

/** The item's own order as columns of the row. */
function positions(
  many: Many,
  keep: (scalar: Scalar) => Scalar,
  items: string | null,
  extra: NamedScalar[],
  current: Applied,
): readonly Order[] {
  if (items === null) return (many.applied?.order ?? []).map((order) => ({ ...order, value: keep(order.value) }));
  const name = freshColumn(current);
  extra.push({ name, value: columnOf(items, 'key') });
  return [{ value: columnOf(current.as, name), descending: false }];
}

/** The same row may come several times: the item tells one from the other. */
function keyed(current: Applied, order: readonly Order[]) {
  const { item, context, variable } = current;
  const more = order.flatMap(({ value: column }) => (column.kind === 'column' ? [column.name] : []));
  const keyedItem: Place | Stored =
    item.kind === 'row' || item.kind === 'grouped' || item.kind === 'variants'
      ? { ...item, keys: [...(item.keys ?? []), ...more] }
      : item;
  const bindings = new Map(context.bindings);
  if (variable !== null) bindings.set(variable, keyedItem);
  return { item: keyedItem, context: { ...context, bindings } };
}

/** The item as a member of the row; with an outer join it may be missing. */
function kept(many: Many, keep: (scalar: Scalar) => Scalar, { planner }: Context, outer: boolean): Located {
  const names = carriedNames(many, keep);
  const { item } = many;
  if (item.kind === 'row') {
    const entity = entityBehind(item, keep, planner);
    return { kind: 'through', rows: entity.rows, item: { ...entity.item, names } };
  }
  const there = outer ? keep(value(1n)) : null;
  if (item.kind === 'grouped') return { ...carriedItem(item, keep), names, there };
  return carriedItem(item, keep);
}

/** The sequence on what an instance leads to. */
function branched({ sequence: steps, variable }: Branch, of: Expression, context: Context): Applied {
  const begin = (): Begin => {
    const located = locate(of, context);
    if (located.kind !== 'many' && located.kind !== 'through') return notSupported('this path');
    const applied = located.kind === 'many' ? located.applied : undefined;
    return {
      rows: located.rows,
      item: located.item,
      context: {
        planner: context.planner,
        bindings: new Map([...context.bindings, [variable, located.item]]),
        computed: applied?.computed ?? new Map(),
        added: applied?.added ?? new Map(),
      },
    };
  };
  return sequence(steps, started(variable, begin));
}

type Addnested = Extract<Transformation, { kind: 'addnested' }>;

/** What each instance leads to, transformed, as a property more (Aggregation 3.4.3). */
export function addnested(current: Applied, { of, branches }: Addnested): Applied {
  const { context } = current;
  const more = branches.map((branch) => [branch.added.property, besides(of, branch, context)] as const);
  return { ...current, context: { ...context, added: new Map([...(context.added ?? []), ...more]) } };
}

function besides(of: Expression, branch: Branch, context: Context): Located {
  if (of.collection) return collected(branched(branch, of, context));
  const located = locate(of, context);
  if (located.kind !== 'through') return branch.sequence.length === 0 ? located : notSupported('this path');
  const { rows, item, context: inner } = branched(branch, of, context);
  return { kind: 'through', rows, item: item.kind === 'row' ? { ...item, names: inner.computed } : item };
}

const hidden = '@nest';

/** One instance for the rows, or those of each group, which has them transformed (Aggregation 3.5.2). */
export function nested(current: Applied, branches: readonly Branch[]): Applied {
  const counted = { name: hidden, type: null, value: { kind: 'count', hops: [] }, property: null } as const;
  const one = aggregated(current, [counted], current.context);
  const groups = partitionOf(one);
  const members = branches.map(({ added, sequence: steps }) => {
    const result = sequence(steps, current.again());
    const same = partitionOf(result).map((column, index) => call('is', column, groups[index] ?? value(null)));
    return [added.property, collected({ ...result, rows: where(result.rows, same) })] as const;
  });
  return { ...one, context: { ...one.context, computed: new Map(), added: new Map(members) } };
}
