import type { BoundUrl, Expansion } from '../bind/index.js';
import { type Log, logColumns } from '../tables/index.js';
import { call, columnOf, value, where } from './build.js';
import type { Context } from './expression.js';
import type { Address } from './links.js';
import { narrowed } from './narrow.js';
import { planPath } from './path.js';
import { type Place, type Planner, type Stored, typeCondition } from './place.js';
import type { Alias, Relation, Scalar } from './relation.js';
import { anyOf, type Touched, tablesOf } from './touched.js';

/** An entity within a statement. */
export type RowPlace = Extract<Place, { kind: 'row' }>;

/** The entities of a result in one state: rows with all they come from, outermost entity first. */
export interface Result {
  readonly rows: Relation;
  readonly places: readonly RowPlace[];
  /** The entity itself, the last of `places`. */
  readonly item: RowPlace;
  readonly address: Address;
  /** Where the entity before the last comes from; null: there is only one. */
  readonly source: { readonly address: Address; readonly item: RowPlace } | null;
  readonly computed: ReadonlyMap<string, Stored>;
  readonly parent: Relation | null;
}

/** The entities that a request asks for, in the state that the planner sees, without order; null: it asks for something else. */
export function resultOf({ resource, options }: BoundUrl, planner: Planner): Result | null {
  const target = planPath(resource, planner);
  const { item, parent } = target;
  if (item.kind !== 'row') return null;
  const context: Context = {
    planner,
    bindings: options.variable === null ? new Map() : new Map([[options.variable, item]]),
    computed: new Map(),
  };
  const type = typeCondition(item.table, item.as, item.type);
  const { rows, computed } = narrowed(where(target.rows, type === null ? [] : [type]), options, context);
  const address: Address = { url: value(target.url), keyed: target.keyed };
  return { rows, places: [item], item, address, source: null, computed, parent };
}

/** How far the logs of all tables that a planner was asked for have come: names and columns in the same order. */
export function positionsOf(planner: Planner): {
  readonly names: readonly string[];
  readonly columns: readonly Scalar[];
} {
  const logs = [...planner.logs.values()];
  return { names: logs.map((log) => log.of), columns: logs.map((log) => lastPosition(log, planner.fresh())) };
}

function lastPosition(log: Log, as: Alias): Scalar {
  const position = columnOf(as, logColumns.position);
  const from: Relation = { kind: 'order', from: scanOf(log, as), by: [{ value: position, descending: true }] };
  const last: Scalar = { kind: 'subquery', relation: { kind: 'limit', from, skip: null, take: 1 }, value: position };
  return call('coalesce', last, value(0n));
}

const scanOf = (log: Log, as: Alias): Relation => ({ kind: 'scan', table: log.name, as });

/**
 * True for the rows that a result may have otherwise than before: they have changed, something that is expanded in them has, or
 * anything in the other tables that were asked for to make it.
 */
export function candidates(
  touched: Touched,
  { places, item }: Result,
  asked: readonly string[],
  planner: Planner,
  expanded: readonly Expansion[] = [],
): Scalar {
  const rest = otherTables(places, asked);
  const through = expanded.flatMap((expansion) => {
    const tables = tablesOf(item.table, expansion);
    if (tables === null) return [];
    for (const name of tables) take(rest, name);
    return touched.through(item.table, item.as, expansion);
  });
  const others = [...new Set(rest)].flatMap((name) => {
    const log = planner.logs.get(name);
    return log === undefined ? [] : [touched.any(log)];
  });
  return anyOf([...places.map(({ table, as }) => touched.row(table, as)), ...through, ...others]);
}

/** The tables that were asked for besides those of the places, as often as they were. */
export function otherTables(places: readonly RowPlace[], asked: readonly string[]): string[] {
  const rest = [...asked];
  for (const { table } of places) take(rest, table.name);
  return rest;
}

function take(names: string[], name: string): void {
  const at = names.indexOf(name);
  if (at >= 0) names.splice(at, 1);
}

/** Something planned, and the tables that were asked for on the way. */
export function asking<T>(planner: Planner, plan: () => T): { readonly made: T; readonly asked: readonly string[] } {
  const before = planner.asked.length;
  const made = plan();
  return { made, asked: planner.asked.slice(before) };
}

/** A relation with conditions on one of its sources put where that is read, so that indexes serve them. */
export function narrowSource(rows: Relation, as: Alias, conditions: readonly Scalar[], touched = false): Relation {
  const inner = (from: Relation) => narrowSource(from, as, conditions, touched);
  switch (rows.kind) {
    case 'scan':
      return rows.as === as ? where(rows, conditions) : rows;
    case 'past':
      return rows.as === as ? where({ ...rows, touched: rows.touched || touched }, conditions) : rows;
    case 'where':
    case 'order':
    case 'limit':
      return { ...rows, from: inner(rows.from) };
    case 'join':
      return { ...rows, left: inner(rows.left), right: inner(rows.right) };
    case 'each':
    case 'group':
    case 'project':
    case 'union':
    case 'recursive':
    case 'named':
    case 'page':
    case 'chain':
      return rows;
  }
}

/** Both are the same row of the same table. */
export function sameRow(one: RowPlace, other: RowPlace): readonly Scalar[] {
  return one.table.primaryKey.map((column) => call('eq', columnOf(one.as, column), columnOf(other.as, column)));
}

/** True when the row of another state is there for the caller in the state that the planner sees. */
export function isThere(row: RowPlace, planner: Planner): Scalar {
  const other: RowPlace = { ...row, as: planner.fresh() };
  return { kind: 'exists', relation: narrowSource(planner.scan(row.table, other.as), other.as, sameRow(other, row)) };
}
