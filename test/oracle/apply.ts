import type { AggregateValue, Computed, Grouping, Hop, Transformation, Variable } from '../../src/bind/index.js';
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
          item: instanceOf(type),
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
    case 'ancestors':
    case 'descendants':
    case 'traverse':
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
  const groups: Group[] = [];
  for (const row of rows) {
    const keys = by.map((grouping) => keyOf(grouping, row, at));
    const group = groups.find((candidate) => candidate.keys.every((key, index) => equal(key, keys[index] ?? null)));
    if (group === undefined) groups.push({ keys, rows: [row] });
    else group.rows.push(row);
  }
  const results = groups.flatMap((group) =>
    sequence(steps, group.rows, at, type).map((row) => ({
      keys: group.keys.flat(),
      row: rows.includes(row) ? row : resultOf(group, row, by, type),
    })),
  );
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

function resultOf({ keys }: Group, result: Row, by: readonly Grouping[], type: Type | null): Row {
  const names = new Map<string, Datum>(result.names);
  const item = instanceOf(type);
  for (const [index, { alias, steps }] of by.entries()) {
    if (alias !== null) names.set(alias, keys[index]?.at(-1) ?? null);
    else if (item !== null) put(item, steps, keys[index] ?? []);
  }
  return { item, names };
}

/** An instance that has nothing yet. */
function instanceOf(type: Type | null): Instance | null {
  return type?.kind === 'entity' || type?.kind === 'complex'
    ? { kind: 'instance', type, values: new Map(), links: new Map() }
    : null;
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
