import type { Aggregate, Computed, Grouping, Transformation, Variable } from '../../src/bind/index.js';
import type { Type } from '../../src/edm/index.js';
import type { Row } from './answer.js';
import { arithmetic } from './arithmetic.js';
import type { Data } from './data.js';
import { type Environment, evaluate, truth, withVariable } from './evaluate.js';
import { matches } from './search.js';
import { compareForOrder, type Datum, equal, type Instance, isList } from './value.js';

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
  const groups: { readonly keys: readonly Datum[]; readonly rows: Row[] }[] =
    by.length === 0 ? [{ keys: [], rows: [...rows] }] : [];
  for (const row of by.length === 0 ? [] : rows) {
    const keys = by.map(({ expression }) => evaluate(expression, at(row)));
    const group = groups.find((candidate) => candidate.keys.every((key, index) => equal(key, keys[index] ?? null)));
    if (group === undefined) groups.push({ keys, rows: [row] });
    else group.rows.push(row);
  }
  const results = groups.map((group): { readonly row: Row; readonly keys: readonly Datum[] } => ({
    keys: group.keys,
    row: {
      item: instanceOf(by, group.keys, group.rows[0]?.item ?? null, type),
      names: new Map([
        ...by.flatMap(({ alias }, index) => (alias === null ? [] : [[alias, group.keys[index] ?? null] as const])),
        ...aggregates.map((aggregate) => [aggregate.name, aggregated(aggregate, group.rows, at)] as const),
      ]),
    },
  }));
  const keysOf = new Map(results.map(({ row, keys }) => [row, keys]));
  return sorted(
    results.map(({ row }) => row),
    (row) => keysOf.get(row) ?? [],
    by.map(() => ({ descending: false })),
  );
}

/** The grouping properties with their values, nested as their paths are. */
function instanceOf(by: readonly Grouping[], keys: readonly Datum[], sample: Datum, type: Type | null): Datum {
  const declared = type?.kind === 'entity' || type?.kind === 'complex' ? type : null;
  if (declared === null) return sample;
  const made: Instance = { kind: 'instance', type: declared, values: new Map(), links: new Map() };
  for (const [index, { steps }] of by.entries()) put(made, steps, keys[index] ?? null, sample);
  return made;
}

function put(into: Instance, steps: Grouping['steps'], key: Datum, sample: Datum): void {
  const [first, ...rest] = steps;
  if (first === undefined) return;
  if (rest.length === 0) {
    into.values.set(first.name, key);
    return;
  }
  const found =
    sample === null || isList(sample) || sample.kind !== 'instance'
      ? null
      : first.kind === 'property'
        ? sample.values.get(first.name)
        : sample.links.get(first.name);
  const under = found ?? null;
  if (under === null || isList(under) || Array.isArray(under)) {
    if (first.kind === 'property') into.values.set(first.name, null);
    return;
  }
  const before = first.kind === 'property' ? into.values.get(first.name) : into.links.get(first.name);
  const inner: Instance =
    before !== undefined && before !== null && !Array.isArray(before) && !isList(before) && before.kind === 'instance'
      ? before
      : {
          kind: 'instance',
          type: first.type.kind === 'entity' || first.type.kind === 'complex' ? first.type : (under as Instance).type,
          values: new Map(),
          links: new Map(),
        };
  put(inner, rest, key, under as Datum);
  if (first.kind === 'property') into.values.set(first.name, inner);
  else into.links.set(first.name, inner);
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
      return first === undefined ? null : rest.reduce<Datum>(add, first);
    case 'average': {
      if (first === undefined) return null;
      const total = rest.reduce<Datum>(add, first);
      return arithmetic('divby', total, { kind: 'integer', value: BigInt(known.length) });
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
