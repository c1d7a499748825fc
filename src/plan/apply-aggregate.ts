import type { Aggregate, AggregateValue, AggregationMethod, Expression, Hop } from '../bind/index.js';
import type { Codec } from '../tables/index.js';
import { type Applied, freshColumn, notSupported, partitionOf, sequence } from './apply.js';
import { allOf, call, columnOf, value, where } from './build.js';
import { type Context, isThere, locate, planValue } from './expression.js';
import { isolated } from './isolate.js';
import { type GroupedPlace, type Located, type Place, type Stored, typeCondition } from './place.js';
import type { AggregateName, Alias, NamedScalar, Relation, Scalar } from './relation.js';
import { asDecimal, asReal } from './value.js';

/** One instance for all rows, or for the rows of each group, with aggregated values (Aggregation 3.2.1). */
export function aggregated(current: Applied, aggregates: readonly Aggregate[], context: Context): Applied {
  const { as, partition } = current;
  const named = aggregates.map((aggregate) => ({ aggregate, column: freshColumn(current) }));
  const isPlain = ({ value: of }: Aggregate) => of.kind !== 'from' && of.hops.length === 0;
  const plain = named.filter(({ aggregate }) => isPlain(aggregate));
  const parts = named
    .filter(({ aggregate }) => !isPlain(aggregate))
    .map((one) => ({ names: [one], part: partOf(current, one.aggregate.value, one.column, context) }));
  const own = plain.map((one) => ({ ...one, ...measured(one.aggregate.value, context) }));
  const stored = [
    ...own.map(({ aggregate, column, codec }) => ({ aggregate, column, codec })),
    ...parts.flatMap(({ names, part }) => names.map((one) => ({ ...one, codec: part.codec }))),
  ];
  const values = own.map(({ column, scalar }): NamedScalar => ({ name: column, value: scalar }));
  const keys = keysOf(current);
  const rows: Relation =
    parts.length === 0 && partition.whole === null
      ? { kind: 'group', from: current.rows, keys, values, as }
      : sideBySide(
          current,
          values,
          parts.map(({ part }) => part.rows),
          stored,
        );
  const results = stored.map(({ aggregate, column, codec }) => ({
    aggregate,
    stored: resultOf(as, column, codec, aggregate),
  }));
  const computed = new Map(
    results.flatMap((one) => (one.aggregate.property === null ? [[one.aggregate.name, one.stored] as const] : [])),
  );
  const members = new Map(
    results.flatMap(({ aggregate: { property }, stored: located }) =>
      property === null ? [] : [[property.name, { property, located }] as const],
    ),
  );
  const ordered = new Map(
    aggregates.flatMap(({ name }) => {
      const found = computed.get(name);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
  return transient(current, rows, ordered, members, [...partition.columns, ...named.map(({ column }) => column)]);
}

function resultOf(as: Alias, column: string, codec: Codec | null, { type }: Aggregate): Stored {
  return { kind: 'stored', scalar: columnOf(as, column), codec, nullable: true, type };
}

/** The partition columns under their own names. */
export function keysOf({ as, partition }: Applied): readonly NamedScalar[] {
  return partition.columns.map((name) => ({ name, value: columnOf(as, name) }));
}

/** Instances that have nothing but the names they are given (AG026). */
function transient(
  current: Applied,
  rows: Relation,
  computed: ReadonlyMap<string, Stored>,
  members: GroupedPlace['members'],
  columns: readonly string[],
): Applied {
  const { as, context, variable, partition, item } = current;
  if (item.kind === 'stored') return notSupported('an aggregation of single values');
  const type = item.kind === 'flattened' ? item.storage.type : item.type;
  const place: GroupedPlace = { kind: 'grouped', as, type, members, there: null, keys: partition.columns };
  const bindings = new Map(context.bindings);
  if (variable !== null) bindings.set(variable, place);
  return {
    ...current,
    rows,
    columns,
    item: place,
    context: { ...context, bindings, computed, added: new Map() },
    order: [],
    partition: { columns: partition.columns, whole: null },
  };
}

interface StoredAs {
  readonly aggregate: Aggregate;
  readonly column: string;
  readonly codec: Codec | null;
}

/** Aggregates over different rows meet in one row for each group; a group without rows counts 0. */
function sideBySide(
  current: Applied,
  values: readonly NamedScalar[],
  parts: readonly Relation[],
  stored: readonly StoredAs[],
): Relation {
  const { as, partition, context } = current;
  const fresh = () => context.planner.fresh();
  const from = partition.whole ?? current.rows;
  const keys = keysOf(current);
  const own: Relation[] = values.length === 0 ? [] : [{ kind: 'group', from: current.rows, keys, values, as: fresh() }];
  const all = [...own, ...parts];
  const groups: Relation = { kind: 'group', from, keys, values: [], as: fresh() };
  const base = partition.columns.length === 0 ? all[0] : groups;
  if (base === undefined) return { kind: 'project', from: groups, columns: keys, as };
  const rest = partition.columns.length === 0 ? all.slice(1) : all;
  const start = aliasOf(base);
  const joined = rest.reduce<Relation>((left, right) => {
    const same = partition.columns.map((name) => call('is', columnOf(aliasOf(right), name), columnOf(start, name)));
    return { kind: 'join', left, right, on: allOf(same), outer: true };
  }, base);
  const columns = stored.map(({ column, aggregate }): NamedScalar => {
    const at = all.find((relation) => namesOf(relation).includes(column));
    const scalar = columnOf(at === undefined ? start : aliasOf(at), column);
    return { name: column, value: isCount(aggregate.value) ? call('coalesce', scalar, value(0n)) : scalar };
  });
  const kept = partition.columns.map((name) => ({ name, value: columnOf(start, name) }));
  return { kind: 'project', from: joined, columns: [...kept, ...columns], as };
}

function isCount(of: AggregateValue): boolean {
  if (of.kind === 'from') return isCount(of.outer);
  return of.kind === 'count' || of.method === 'countdistinct';
}

function aliasOf(relation: Relation): Alias {
  return relation.kind === 'group' || relation.kind === 'project' ? relation.as : '';
}

function namesOf(relation: Relation): readonly string[] {
  return relation.kind === 'group' ? relation.values.map(({ name }) => name) : [];
}

interface Part {
  /** Of kind `group`: the partition columns under their own names, and the value. */
  readonly rows: Relation;
  readonly codec: Codec | null;
}

/** An aggregate over rows that the instances lead to, or over groups of them. */
function partOf(current: Applied, of: AggregateValue, column: string, context: Context): Part {
  const as = context.planner.fresh();
  if (of.kind === 'from') {
    const groups = sequence(of.sequence, current);
    const { scalar, codec } = measured(of.outer, groups.context);
    return {
      rows: { kind: 'group', from: groups.rows, keys: keysOf(current), values: [{ name: column, value: scalar }], as },
      codec,
    };
  }
  const reached = reach(current, of.hops, context);
  const { scalar, codec } = measured(of, reached.context);
  const keys = current.partition.columns.map((name, index) => ({
    name,
    value: reached.partition[index] ?? value(null),
  }));
  return { rows: { kind: 'group', from: reached.rows, keys, values: [{ name: column, value: scalar }], as }, codec };
}

interface Reached {
  readonly rows: Relation;
  readonly context: Context;
  readonly partition: readonly Scalar[];
}

/** From each row along the hops; behind the last navigation an entity comes once in each group (AG054 to AG056). */
export function reach(current: Applied, hops: readonly Hop[], context: Context): Reached {
  let reached: Reached = { rows: current.rows, context, partition: partitionOf(current) };
  for (const hop of hops) reached = follow(reached, hop);
  return reached;
}

function follow({ rows, context, partition }: Reached, hop: Hop): Reached {
  const located = isolated(locate(hop.to, context), context.planner);
  const isRows = located.kind === 'many' || located.kind === 'through';
  const item = isRows ? located.item : located;
  const on = narrowing(item, isRows ? null : located, hop);
  const joined: Relation = isRows ? { kind: 'join', left: rows, right: located.rows, on: allOf(on) } : where(rows, on);
  const applied = located.kind === 'many' ? located.applied : undefined;
  const names = item.kind === 'row' || item.kind === 'grouped' ? item.names : undefined;
  const inner: Context = {
    ...context,
    bindings: new Map([...context.bindings, [hop.variable, item]]),
    computed: applied?.computed ?? names ?? new Map(),
    added: applied?.added ?? new Map(),
  };
  return hop.distinct && item.kind === 'row'
    ? once(joined, item, inner, partition)
    : { rows: joined, context: inner, partition };
}

/** What is null is not reached, nor what is of another type. */
function narrowing(item: Place | Stored, single: Located | null, { variable }: Hop): readonly Scalar[] {
  const there = single === null ? [] : [isThere(single)];
  if (item.kind !== 'row' || variable.type.kind !== 'entity') return there;
  const ofType = typeCondition(item.table, item.as, variable.type);
  return ofType === null ? there : [...there, ofType];
}

/** Each entity once in each group. */
function once(
  rows: Relation,
  item: Extract<Place, { kind: 'row' }>,
  context: Context,
  partition: readonly Scalar[],
): Reached {
  const { as, table } = item;
  const groups = partition.map((scalar) => ({ name: `@${context.planner.fresh()}`, value: scalar }));
  const own = table.columns.map(({ name }) => ({ name, value: columnOf(as, name) }));
  const distinct: Relation = { kind: 'project', from: rows, columns: [...own, ...groups], distinct: true, as };
  return { rows: distinct, context, partition: groups.map(({ name }) => columnOf(as, name)) };
}

const decimal: Codec = { kind: 'decimal' };
const wholeNumber: Codec = { kind: 'integer', wide: true };
const aggregate = (name: AggregateName, operand: Scalar | null): Scalar => ({ kind: 'aggregate', name, operand });

interface Measured {
  readonly scalar: Scalar;
  readonly codec: Codec | null;
}

/** Null does not count; of nothing the sum is null and the count 0 (AG048, AG060 to AG066). */
export function measured(of: AggregateValue, context: Context): Measured {
  switch (of.kind) {
    case 'count':
      return { scalar: aggregate('count', null), codec: wholeNumber };
    case 'method':
      return of.method === 'countdistinct'
        ? { scalar: distinctCount(valueAt(of.value, context)), codec: wholeNumber }
        : ofValues(of.method, planValue(of.value, context));
    case 'from':
      return notSupported(`'from' within 'from'`);
  }
}

function ofValues(method: Exclude<AggregationMethod, 'countdistinct'>, operand: Stored): Measured {
  switch (method) {
    case 'min':
    case 'max':
      return { scalar: aggregate(method, operand.scalar), codec: operand.codec };
    case 'sum':
      return sumOf(operand);
    case 'average':
      return averageOf(operand);
  }
}

/** Integers and decimals exactly, however many digits that takes (AG062). */
function sumOf({ codec, scalar }: Stored): Measured {
  switch (codec?.kind) {
    case 'decimal':
      return { scalar: aggregate('decimalSum', scalar), codec };
    case 'scaledDecimal':
      return { scalar: call('decimalKey', aggregate('wideSum', scalar), value(BigInt(codec.scale))), codec: decimal };
    case 'integer':
      return codec.wide
        ? { scalar: call('decimalKey', aggregate('wideSum', scalar), value(0n)), codec: decimal }
        : { scalar: aggregate('sum', scalar), codec: wholeNumber };
    default:
      return { scalar: aggregate('sum', scalar), codec };
  }
}

function averageOf(operand: Stored): Measured {
  const { codec } = operand;
  if (codec?.kind !== 'decimal' && codec?.kind !== 'scaledDecimal')
    return { scalar: aggregate('average', asReal(operand)), codec: { kind: 'double' } };
  const sum = sumOf(operand);
  const count = call('decimalKey', aggregate('count', operand.scalar), value(0n));
  const total = asDecimal({ kind: 'stored', nullable: true, ...sum });
  return { scalar: call('decimalArithmetic', value('divby'), total, count), codec: decimal };
}

/** Where the value stands; single values behind other rows are planned as such. */
function valueAt(expression: Expression, context: Context): Located {
  const located = locate(expression, context);
  const isBehind = located.kind === 'through' && located.item.kind === 'stored';
  return isBehind || located.kind === 'variants' ? planValue(expression, context) : located;
}

/** Equality is that of `eq`: entities by key, complex values by their members (AG065). */
function distinctCount(located: Located): Scalar {
  switch (located.kind) {
    case 'stored':
      return aggregate('countDistinct', located.scalar);
    case 'row': {
      const keys = located.table.primaryKey.map((column) => columnOf(located.as, column));
      const [only] = keys;
      return aggregate('countDistinct', only !== undefined && keys.length === 1 ? only : call('jsonArray', ...keys));
    }
    case 'json':
      return aggregate('countDistinct', located.json);
    case 'flattened': {
      const columns = [...located.storage.members.values()].flatMap((member) =>
        member.kind === 'column' ? [columnOf(located.as, member.column)] : [],
      );
      if (columns.length !== located.storage.members.size) return notSupported('countdistinct of this value');
      const text = call('jsonArray', ...columns);
      return aggregate('countDistinct', onlyIf(isThere(located), text));
    }
    case 'through':
    case 'grouped':
    case 'variants':
    case 'many':
      return notSupported('countdistinct of this value');
  }
}

const onlyIf = (when: Scalar, gives: Scalar): Scalar => ({
  kind: 'case',
  branches: [{ when, gives }],
  otherwise: null,
});
