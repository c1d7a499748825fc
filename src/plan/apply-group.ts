import type { Expression, Grouping, Transformation } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { FlattenedStorage } from '../tables/index.js';
import { type Applied, extended, freshColumn, notSupported, numberedRows, sequence, totalOrder } from './apply.js';
import { type RolledUp, rolledUp } from './apply-hierarchy.js';
import { allOf, call, columnOf, value, where } from './build.js';
import { type Context, isThere, locate, planValue } from './expression.js';
import {
  type GroupedPlace,
  keyColumn,
  type Located,
  type Member,
  type Place,
  type Stored,
  type Through,
  type Variant,
} from './place.js';
import type { NamedScalar, Relation, Scalar, UnionBranch } from './relation.js';
import { storedOf } from './variants.js';

type Groupby = Extract<Transformation, { kind: 'groupby' }>;

/** The sequence applied to each group of rows with the same values, and these values in each of its results (Aggregation 3.2.3.1). */
export function grouped(current: Applied, { by, rollups, sequence: steps }: Groupby): Applied {
  const rolled: RolledUp[] = [];
  for (const rollup of rollups) rolled.push(rolledUp(rolled.at(-1)?.frame ?? current, rollup, by.length === 0));
  const { frame, members, names } = framedBy(rolled.at(-1)?.frame ?? current, by);
  const { partition } = current;
  const result = sequence(steps, frame);
  const merged = withMembers(result.item, members);
  const item = rolled.length === 0 ? identified(merged, current) : merged;
  const bindings = new Map(result.context.bindings);
  if (current.variable !== null) bindings.set(current.variable, item);
  const computed = new Map([...result.context.computed, ...names]);
  const added = new Map([...(result.context.added ?? []), ...addedOf(current, members)]);
  const finished: Applied = {
    ...result,
    item,
    context: { ...result.context, bindings, computed, added },
    partition: {
      columns: partition.columns,
      whole: partition.whole ?? (partition.columns.length > 0 ? result.partition.whole : null),
    },
  };
  return rolled.reduceRight((done, { finish }) => finish(done), finished);
}

/** The rows with the values by which groups are made, and where these are. */
function framedBy(current: Applied, by: readonly Grouping[]) {
  const keys = new Keys(current);
  const paths = by.filter(({ alias }) => alias === null);
  const members = keys.members(paths, 0);
  const names = by.flatMap(({ alias, expression }) =>
    alias === null ? [] : [[alias, keys.single(expression)] as const],
  );
  const frame: Applied = {
    ...extended(current, keys.extra),
    partition: {
      columns: [...current.partition.columns, ...keys.columns],
      whole: by.length === 0 ? current.partition.whole : null,
    },
    again: () => framedBy(current.again(), by).frame,
  };
  return { frame, members, names };
}

/** Of what was added before, the members by which groups are made. */
function addedOf({ context }: Applied, members: GroupedPlace['members']) {
  return [...members.values()].flatMap(({ property, located }) =>
    context.added?.has(property) ? [[property, located] as const] : [],
  );
}

/** A result has the values of its group; an entity has them anyway. */
function withMembers(item: Place | Stored, members: GroupedPlace['members']): Place | Stored {
  if (item.kind === 'grouped') return { ...item, members: new Map([...members, ...item.members]) };
  if (item.kind !== 'variants') return item;
  const options = item.options.map(({ when, located }): Variant => {
    const isPlace = located.kind === 'grouped' || located.kind === 'variants';
    return { when, located: isPlace ? withMembers(located, members) : located };
  });
  return { ...item, options };
}

/** A group that still has the whole key is still the entity (AG027). */
function identified(item: Place | Stored, { item: before, context }: Applied): Place | Stored {
  const entity = before.kind === 'grouped' ? before.self?.item : before;
  if (item.kind !== 'grouped' || entity?.kind !== 'row') return item;
  const { table } = entity;
  if (table.primaryKey.length !== table.type.key.length) return item;
  const { planner } = context;
  const as = planner.fresh();
  const same = table.type.key.flatMap(({ properties: [property, ...deeper] }) => {
    const found = property === undefined ? undefined : item.members.get(property.name)?.located;
    if (property === undefined || deeper.length > 0 || found?.kind !== 'stored') return [];
    return [call('eq', columnOf(as, keyColumn(table, [property])), found.scalar)];
  });
  if (same.length !== table.type.key.length) return item;
  return { ...item, self: { kind: 'through', rows: where(planner.scan(table, as), same), item: { ...entity, as } } };
}

/** Gathers the columns of a grouping, and how they make up the structure of its results. */
class Keys {
  readonly extra: NamedScalar[] = [];
  readonly columns: string[] = [];
  private readonly context: Context;
  constructor(private readonly current: Applied) {
    this.context = current.context;
  }

  members(paths: readonly Grouping[], depth: number): GroupedPlace['members'] {
    const members = new Map<string, Member>();
    for (const { steps } of paths) {
      const property = steps[depth];
      if (property === undefined || members.has(property.name)) continue;
      const through = paths.filter((path) => path.steps[depth]?.name === property.name);
      const leaf = through.find((path) => path.steps.length === depth + 1);
      const located = leaf === undefined ? this.nested(through, depth) : this.value(leaf.expression);
      members.set(property.name, { property, located });
    }
    return members;
  }

  /** A null on the way is another group than a null at its end (AG092): whether something is there is a key of its own. */
  private nested(through: readonly Grouping[], depth: number): GroupedPlace {
    const [first] = through;
    const type = first?.steps[depth]?.type;
    if (first === undefined || (type?.kind !== 'entity' && type?.kind !== 'complex'))
      throw new ODataError('InternalError', 'A grouping path leads through a value.');
    const there = this.key(isThere(locate(ownerOf(first, depth), this.context)));
    return { kind: 'grouped', as: this.current.as, type, members: this.members(through, depth + 1), there, keys: [] };
  }

  /** A value that has a name of its own. */
  single(expression: Expression): Stored {
    return { ...this.stored(planValue(expression, this.context), expression), type: expression.type };
  }

  /** The value of a path. */
  private value(expression: Expression): Located {
    const located = locate(expression, this.context);
    switch (located.kind) {
      case 'stored':
        return this.stored(located, expression);
      case 'through':
        return this.through(located, expression);
      case 'flattened':
        return this.flattened(located);
      case 'json':
        return { ...located, json: this.key(located.json) };
      case 'variants':
        return this.stored(storedOf(located.options), expression);
      case 'row':
      case 'grouped':
      case 'many':
        return notSupported('grouping by this value');
    }
  }

  /** A member of a subtype is absent where the instance is of another type (AG096). */
  private stored(stored: Stored, expression: Expression): Stored {
    const tests = castTests(expression).map((test) =>
      call('coalesce', planValue(test, this.context).scalar, value(0n)),
    );
    const conditions = stored.present === undefined ? tests : [...tests, stored.present];
    const present = conditions.length === 0 ? {} : { present: this.key(allOf(conditions)) };
    return { ...stored, scalar: this.key(stored.scalar), ...present };
  }

  /** An entity is told by its key (AG098). */
  private through({ rows, item }: Through, expression: Expression): Located {
    if (item.kind === 'stored') {
      const scalar: Scalar = { kind: 'subquery', relation: rows, value: item.scalar };
      return this.stored({ ...item, scalar, nullable: true }, expression);
    }
    if (item.kind !== 'row') return notSupported('grouping by this value');
    const { planner } = this.context;
    const keys = item.table.primaryKey.map((column) =>
      this.key({ kind: 'subquery', relation: rows, value: columnOf(item.as, column) }),
    );
    const as = planner.fresh();
    const same = item.table.primaryKey.map((column, index) =>
      call('eq', columnOf(as, column), keys[index] ?? value(null)),
    );
    return { kind: 'through', rows: where(planner.scan(item.table, as), [allOf(same)]), item: { ...item, as } };
  }

  /** A complex value is told by all its members (AG099). */
  private flattened(place: Extract<Place, { kind: 'flattened' }>): Located {
    if (place.as !== this.current.as) return notSupported('grouping by a complex value of another entity');
    for (const name of leavesOf(place.storage)) this.columns.push(name);
    return place;
  }

  private key(scalar: Scalar): Scalar {
    const { as } = this.current;
    const isColumn = scalar.kind === 'column' && scalar.of === as;
    const name = isColumn ? scalar.name : freshColumn(this.current);
    if (!isColumn) this.extra.push({ name, value: scalar });
    if (!this.columns.includes(name)) this.columns.push(name);
    return columnOf(as, name);
  }
}

/** Whether what stands before each cast is of its type. */
function castTests(expression: Expression): readonly Expression[] {
  const tests: Expression[] = [];
  let at = expression;
  while (at.kind === 'property' || at.kind === 'navigation' || at.kind === 'dynamic' || at.kind === 'derived') {
    if (at.kind === 'derived' && at.type !== null)
      tests.push({
        kind: 'isof',
        operand: at.of,
        tested: at.type,
        testedCollection: false,
        type: null,
        collection: false,
      });
    at = at.of;
  }
  return tests;
}

function leavesOf(storage: FlattenedStorage): readonly string[] {
  const own = storage.presence === null ? [] : [storage.presence.name];
  return [
    ...own,
    ...[...storage.members.values()].flatMap((member) =>
      member.kind === 'flattened' ? leavesOf(member) : [member.column.name],
    ),
  ];
}

/** The expression for the value at `depth` of a grouping path. */
function ownerOf({ expression, steps }: Grouping, depth: number): Expression {
  let at = expression;
  for (let length = steps.length - 1; length > depth; length--) {
    while (at.kind === 'derived') at = at.of;
    if (at.kind === 'property' || at.kind === 'navigation' || at.kind === 'dynamic') at = at.of;
  }
  while (at.kind === 'derived') at = at.of;
  return at;
}

/** Each sequence applied to the set, the results one behind the other, each in its order and as it is (Aggregation 3.2.2). */
export function concatenated(current: Applied, branches: readonly (readonly Transformation[])[]): Applied {
  const { as } = current;
  const [branch, position] = [freshColumn(current), freshColumn(current)];
  const results = branches.map((steps) => {
    const result = sequence(steps, current);
    const { numbered, name } = numberedRows({ ...result, partition: { columns: [], whole: null } }, totalOrder(result));
    return { ...numbered, number: name };
  });
  const columns = [...new Set(results.flatMap((result) => result.columns))].filter(
    (name) => !results.some(({ number }) => number === name),
  );
  const union: readonly UnionBranch[] = results.map((result, index) => ({
    from: result.rows,
    columns: [
      { name: branch, value: value(BigInt(index)) },
      { name: position, value: columnOf(as, result.number) },
      ...columns.map((name) => ({ name, value: result.columns.includes(name) ? columnOf(as, name) : value(null) })),
    ],
  }));
  const rows: Relation = { kind: 'union', branches: union, as };
  const item = variantsOf(results, branch, [branch, position], current);
  const bindings = new Map(current.context.bindings);
  if (current.variable !== null) bindings.set(current.variable, item);
  const whenOf = (index: number) => call('eq', columnOf(as, branch), value(BigInt(index)));
  const order = [branch, position].map((name) => ({ value: columnOf(as, name), descending: false }));
  return {
    ...current,
    rows,
    columns: [branch, position, ...columns],
    item,
    context: {
      ...current.context,
      bindings,
      computed: byName(
        results.map(({ context }) => context.computed),
        whenOf,
      ),
      added: addedByBranch(results, whenOf),
    },
    order,
    partition: {
      ...current.partition,
      whole: results.map(({ partition }) => partition.whole).find((whole) => whole !== null) ?? current.partition.whole,
    },
  };
}

/** What an instance is depends on the branch it comes from; branches that leave instances as they are share one variant. */
function variantsOf(
  results: readonly Applied[],
  branch: string,
  keys: readonly string[],
  { as, item }: Applied,
): Place {
  const type =
    item.kind === 'row' || item.kind === 'grouped' || item.kind === 'variants' || item.kind === 'json'
      ? item.type
      : null;
  if (type === null) return notSupported('concat of single values');
  const options: Variant[] = [];
  for (const [index, result] of results.entries()) {
    const when = call('eq', columnOf(as, branch), value(BigInt(index)));
    for (const option of optionsOf(result.item, when)) {
      const same = options.findIndex(({ located }) => isSameRow(located, option.located));
      const before = options[same];
      if (before === undefined) options.push(option);
      else
        options[same] = { ...before, when: { kind: 'junction', operator: 'or', operands: [before.when, option.when] } };
    }
  }
  return { kind: 'variants', as, type, options, keys };
}

function optionsOf(item: Place | Stored, when: Scalar): readonly Variant[] {
  if (item.kind !== 'variants') return [{ when, located: item }];
  return item.options.map((option) => ({ ...option, when: allOf([when, option.when]) }));
}

function isSameRow(one: Located, other: Located): boolean {
  return one.kind === 'row' && other.kind === 'row' && one.table === other.table && one.type === other.type;
}

/** Names of all branches; where a branch does not have one, its instances do not. */
function byName(
  maps: readonly ReadonlyMap<string, Stored>[],
  whenOf: (index: number) => Scalar,
): ReadonlyMap<string, Stored> {
  const names = new Set(maps.flatMap((map) => [...map.keys()]));
  return new Map(
    [...names].map((name) => {
      const options = maps.flatMap((map, index): Variant[] => {
        const located = map.get(name);
        return located === undefined ? [] : [{ when: presentWhen(whenOf(index), located), located }];
      });
      return [name, storedOf(options)] as const;
    }),
  );
}

function presentWhen(when: Scalar, { present }: Stored): Scalar {
  return present === undefined ? when : allOf([when, present]);
}

function addedByBranch(results: readonly Applied[], whenOf: (index: number) => Scalar) {
  return new Map(
    results.flatMap(({ context }, index) =>
      [...(context.added ?? [])].map(([property, located]) => {
        const isRows = located.kind === 'many' || located.kind === 'through';
        return [property, isRows ? { ...located, rows: where(located.rows, [whenOf(index)]) } : located] as const;
      }),
    ),
  );
}
