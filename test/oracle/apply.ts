import type { Aggregate, Computed, Grouping, Transformation, Variable } from '../../src/bind/index.js';
import type { Type } from '../../src/edm/index.js';
import type { Row } from './answer.js';
import { arithmetic, real } from './arithmetic.js';
import type { Data } from './data.js';
import { type Environment, evaluate, linkOf, memberOf, truth, withVariable } from './evaluate.js';
import { matches } from './search.js';
import { compareForOrder, type Datum, equal, type Instance, isList, isNumber, isScalar } from './value.js';

/** Set transformations, one after the other (Aggregation 3). */
export function applied(
  steps: readonly Transformation[],
  start: readonly Row[],
  variable: Variable | null,
  data: Data,
  type: Type | null,
): readonly Row[] {
  const at = (row: Row): Environment =>
    withVariable({ data, names: row.names, variables: new Map() }, variable, row.item);
  let rows = start;
  for (const step of steps) rows = transformed(step, rows, at, type);
  return rows;
}

function transformed(
  step: Transformation,
  rows: readonly Row[],
  at: (row: Row) => Environment,
  type: Type | null,
): readonly Row[] {
  switch (step.kind) {
    case 'filter':
      return rows.filter((row) => truth(step.predicate, at(row)) === true);
    case 'search':
      return rows.filter((row) => matches(step.search, row.item, type));
    case 'orderby':
      return sorted(rows, (row) => step.items.map(({ expression }) => evaluate(expression, at(row))), step.items);
    case 'skip':
      return rows.slice(step.count);
    case 'top':
      return rows.slice(0, step.count);
    case 'compute':
      return rows.map((row) => named(row, step.items, at));
    case 'group':
      return grouped(rows, step.by, step.aggregates, at, type);
  }
}

/** A row with computed names, each known to those behind it. */
export function named(row: Row, items: readonly Computed[], at: (row: Row) => Environment): Row {
  const names = new Map(row.names);
  for (const { name, expression } of items) names.set(name, evaluate(expression, at({ ...row, names })));
  return { ...row, names };
}

function sorted(
  rows: readonly Row[],
  keysOf: (row: Row) => readonly Datum[],
  items: readonly { readonly descending: boolean }[],
): readonly Row[] {
  const keyed = rows.map((row) => ({ row, keys: keysOf(row) }));
  keyed.sort((left, right) => {
    for (const [index, { descending }] of items.entries()) {
      const difference = compareForOrder(left.keys[index] ?? null, right.keys[index] ?? null);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/** One instance for each combination of values; without groupings always exactly one (Aggregation 3.2.1, 3.2.3). In the order of the grouping values. */
function grouped(
  rows: readonly Row[],
  by: readonly Grouping[],
  aggregates: readonly Aggregate[],
  at: (row: Row) => Environment,
  type: Type | null,
): readonly Row[] {
  const groups: Group[] = by.length === 0 ? [{ keys: [], rows: [...rows] }] : [];
  for (const row of by.length === 0 ? [] : rows) {
    const keys = by.map((grouping) => keyOf(grouping, row, at));
    const group = groups.find((candidate) => candidate.keys.every((key, index) => equal(key, keys[index] ?? null)));
    if (group === undefined) groups.push({ keys, rows: [row] });
    else group.rows.push(row);
  }
  const results = groups.map((group) => ({ keys: group.keys.flat(), row: resultOf(group, by, aggregates, at, type) }));
  const keysOf = new Map(results.map(({ row, keys }) => [row, keys]));
  const order = results[0]?.keys.map(() => ({ descending: false })) ?? [];
  return sorted(
    results.map(({ row }) => row),
    (row) => keysOf.get(row) ?? [],
    order,
  );
}

interface Group {
  /** Of each path whether there is something at every step, and the value: null is not the same as nothing (Aggregation 3.2.3). */
  readonly keys: readonly (readonly Datum[])[];
  readonly rows: Row[];
}

function keyOf({ steps, expression }: Grouping, row: Row, at: (row: Row) => Environment): readonly Datum[] {
  const key: Datum[] = [];
  let now = row.item;
  for (const step of steps.slice(0, -1)) {
    now = step.kind === 'property' ? memberOf(now, step.name) : linkOf(now, step.name, false);
    key.push(now === null ? null : { kind: 'integer', value: 1n });
  }
  return [...key, evaluate(expression, at(row))];
}

function resultOf(
  { keys, rows }: Group,
  by: readonly Grouping[],
  aggregates: readonly Aggregate[],
  at: (row: Row) => Environment,
  type: Type | null,
): Row {
  const names = new Map<string, Datum>();
  const item: Instance | null =
    type?.kind === 'entity' || type?.kind === 'complex'
      ? { kind: 'instance', type, values: new Map(), links: new Map() }
      : null;
  for (const [index, { alias, steps }] of by.entries()) {
    if (alias !== null) names.set(alias, keys[index]?.at(-1) ?? null);
    else if (item !== null) put(item, steps, keys[index] ?? []);
  }
  for (const aggregate of aggregates) names.set(aggregate.name, aggregated(aggregate, rows, at));
  return { item, names };
}

/** Writes the value of a grouping path, nested as the path is. */
function put(into: Instance, [step, ...rest]: Grouping['steps'], [key = null, ...more]: readonly Datum[]): void {
  if (step === undefined) return;
  const members: Map<string, Datum | Instance[]> =
    step.kind === 'property' ? into.values : (into.links as Map<string, Datum | Instance[]>);
  if (rest.length === 0 || key === null) {
    members.set(step.name, key);
    return;
  }
  const before = members.get(step.name) ?? null;
  const { type } = step;
  if (type.kind !== 'entity' && type.kind !== 'complex') throw new Error('A path goes through structured values.');
  const inner: Instance =
    before !== null && !Array.isArray(before) && !isList(before) && before.kind === 'instance'
      ? before
      : { kind: 'instance', type, values: new Map(), links: new Map() };
  put(inner, rest, more);
  members.set(step.name, inner);
}

/** Null is ignored; of nothing there is no value (Aggregation 3.2.1). */
function aggregated({ method, expression }: Aggregate, rows: readonly Row[], at: (row: Row) => Environment): Datum {
  if (expression === null) return { kind: 'decimal', value: { digits: BigInt(rows.length), scale: 0 } };
  const values = rows.map((row) => evaluate(expression, at(row)));
  const known = values.filter((value): value is NonNullable<Datum> => value !== null);
  const add = (total: Datum, value: Datum): Datum => arithmetic('add', total, value);
  const [first, ...rest] = known;
  switch (method) {
    case 'count':
    case 'countdistinct': {
      const distinct = known.filter((value, index) => known.findIndex((other) => equal(other, value)) === index);
      return { kind: 'decimal', value: { digits: BigInt(distinct.length), scale: 0 } };
    }
    case 'sum':
      return known.length === 0 ? null : known.map(wide).reduce<Datum>(add, zero);
    case 'average': {
      if (known.length === 0) return null;
      const total = known.map(wide).reduce<Datum>(add, zero);
      const isDecimal = first !== undefined && isScalar(first) && first.kind === 'decimal';
      return arithmetic(
        isDecimal ? 'divby' : 'div',
        isDecimal ? total : asDouble(total),
        asDouble({ kind: 'integer', value: BigInt(known.length) }, isDecimal),
      );
    }
    case 'min':
    case 'max':
      if (first === undefined) return null;
      return rest.reduce(
        (best, value) => (compareForOrder(value, best) < 0 === (method === 'min') ? value : best),
        first,
      );
  }
}

const zero: Datum = { kind: 'integer', value: 0n };

/** Whole numbers are added without a limit. */
function wide(value: Datum): Datum {
  return value !== null && isScalar(value) && value.kind === 'integer'
    ? { kind: 'decimal', value: { digits: value.value, scale: 0 } }
    : value;
}

function asDouble(value: Datum, exactly = false): Datum {
  return exactly || value === null || !isScalar(value) || !isNumber(value)
    ? value
    : { kind: 'double', value: real(value) };
}
