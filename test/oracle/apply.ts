import type { AggregateValue, Computed, Grouping, Hop, Transformation, Variable } from '../../src/bind/index.js';
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
  return sequence(steps, start, at, type);
}

type Sequence = readonly Transformation[];
type At = (row: Row) => Environment;

function sequence(steps: Sequence, rows: readonly Row[], at: At, type: Type | null): readonly Row[] {
  return steps.reduce((current, step) => transformed(step, current, at, type), rows);
}

/** The rows in order of their values, until the limit is reached (Aggregation 3.3.1); then as they came. */
function firstOf(rows: readonly Row[], step: Extract<Transformation, { kind: 'first' }>, at: At): readonly Row[] {
  const measure = (row: Row) => evaluate(step.value, at(row));
  const [some] = rows;
  const amount = some === undefined ? null : evaluate(step.amount, at(some));
  const zero: Datum = { kind: 'integer', value: 0n };
  const add = (total: Datum, row: Row): Datum => arithmetic('add', total, measure(row) ?? zero);
  const all = rows.reduce(add, zero);
  const kept = new Set<Row>();
  let sum: Datum = zero;
  for (const row of sorted(rows, (one) => [measure(one)], [step])) {
    const reached: Datum =
      step.until === 'count'
        ? { kind: 'integer', value: BigInt(kept.size) }
        : step.until === 'sum'
          ? sum
          : arithmetic('mul', sum, { kind: 'integer', value: 100n });
    const limit = step.until === 'percent' ? arithmetic('mul', all, amount) : amount;
    if (compareForOrder(reached, limit) >= 0) break;
    kept.add(row);
    sum = add(sum, row);
  }
  return rows.filter((row) => kept.has(row));
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
    case 'first':
      return firstOf(rows, step, at);
    case 'aggregate':
      return [
        {
          item: instanceOf([], [], rows[0]?.item ?? null, type),
          names: new Map(step.aggregates.map(({ name, value }) => [name, aggregated(value, rows, at, type)])),
        },
      ];
    case 'groupby':
      return grouped(rows, step, at, type);
    case 'concat':
      return step.branches.flatMap((branch) => sequence(branch, rows, at, type));
    case 'join':
    case 'addnested':
    case 'nest':
      throw new Error(`'${step.kind}' is not evaluated here.`);
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

/** Each group through the sequence; its results have the values of the group (Aggregation 3.2.3). In the order of the grouping values. */
function grouped(
  rows: readonly Row[],
  { by, sequence: steps }: Extract<Transformation, { kind: 'groupby' }>,
  at: At,
  type: Type | null,
): readonly Row[] {
  const groups: { readonly keys: readonly Datum[]; readonly rows: Row[] }[] = [];
  for (const row of rows) {
    const keys = by.map(({ expression }) => evaluate(expression, at(row)));
    const group = groups.find((candidate) => candidate.keys.every((key, index) => equal(key, keys[index] ?? null)));
    if (group === undefined) groups.push({ keys, rows: [row] });
    else group.rows.push(row);
  }
  const results = groups.flatMap((group) =>
    sequence(steps, group.rows, at, type).map((row) => ({
      keys: group.keys,
      row: rows.includes(row)
        ? row
        : {
            item: instanceOf(by, group.keys, group.rows[0]?.item ?? null, type),
            names: new Map([
              ...by.flatMap(({ alias }, index) =>
                alias === null ? [] : [[alias, group.keys[index] ?? null] as const],
              ),
              ...row.names,
            ]),
          },
    })),
  );
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
export function aggregated(of: AggregateValue, rows: readonly Row[], at: At, type: Type | null): Datum {
  if (of.kind === 'from') return aggregated(of.outer, sequence(of.sequence, rows, at, type), at, type);
  const reached = reach(rows.map(at), of.hops);
  if (of.kind === 'count') return whole(reached.length);
  const values = reached.map((one) => evaluate(of.value, one));
  const known = values.filter((value): value is NonNullable<Datum> => value !== null);
  const add = (total: Datum, value: Datum): Datum => arithmetic('add', total, value);
  const [first, ...rest] = known;
  switch (of.method) {
    case 'countdistinct':
      return whole(known.filter((value, index) => known.findIndex((other) => equal(other, value)) === index).length);
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
        (best, value) => (compareForOrder(value, best) < 0 === (of.method === 'min') ? value : best),
        first,
      );
  }
}

const whole = (count: number): Datum => ({ kind: 'decimal', value: { digits: BigInt(count), scale: 0 } });

/** Along a path; each entity behind its last navigation once (Aggregation 3.2.1.1). */
function reach(start: readonly Environment[], hops: readonly Hop[]): readonly Environment[] {
  return hops.reduce((at, { to, variable, distinct }) => {
    const seen = new Set<Datum>();
    return at.flatMap((one) => {
      const found = evaluate(to, one);
      const items = (isList(found) ? found : [found]).filter((item) => item !== null && !(distinct && seen.has(item)));
      for (const item of items) seen.add(item);
      return items.map((item) => withVariable({ ...one, names: new Map() }, variable, item));
    });
  }, start);
}
