import type { Constraint } from '../bind/index.js';
import type { EntityType, NavigationProperty, Property } from '../edm/index.js';
import type { Layout, Table } from '../tables/index.js';
import { call, value, where } from './build.js';
import { planCondition } from './expression.js';
import {
  linkedRows,
  linkOf,
  planner as newPlanner,
  type Place,
  type Planner,
  presence,
  propertyOf,
  type Stored,
} from './place.js';
import type { Reading, Relation, Scalar, StoredValue } from './relation.js';
import { rowIs } from './write.js';

/** The row that a reading of constraints looks at. */
export interface ConstrainedRow {
  readonly table: Table;
  readonly type: EntityType;
  readonly key: ReadonlyMap<string, StoredValue>;
}

/** A statement that tells of one row which constraints hold, a column each: 1, or 0 for false and null alike. */
export function planConstraints(row: ConstrainedRow, constraints: readonly Constraint[], layout: Layout): Reading {
  const planner = newPlanner(layout);
  const as = planner.fresh();
  const place: Place = { kind: 'row', table: row.table, as, type: row.type };
  return {
    kind: 'columns',
    rows: rowsOf(row, as),
    columns: constraints.map((constraint) => holds(place, constraint.path, constraint, planner)),
  };
}

/** A statement that counts the entities that each navigation property leads to from one row. */
export function planCounts(row: ConstrainedRow, properties: readonly NavigationProperty[], layout: Layout): Reading {
  const planner = newPlanner(layout);
  const as = planner.fresh();
  const place: Place = { kind: 'row', table: row.table, as, type: row.type };
  const counts = properties.map((property): Scalar => {
    const link = linkOf(place, property);
    return { kind: 'count', relation: linkedRows(link, as, planner.fresh(), planner) };
  });
  return { kind: 'columns', rows: rowsOf(row, as), columns: counts };
}

function rowsOf({ table, key }: ConstrainedRow, as: string): Relation {
  return where({ kind: 'scan', table: table.name, as }, [rowIs(as, key)]);
}

/** A value that is not there obeys; so do the items of an empty collection. */
function holds(at: Place | Stored, path: readonly Property[], constraint: Constraint, planner: Planner): Scalar {
  const [next, ...rest] = path;
  if (at.kind === 'stored') return value(1n);
  if (next === undefined) {
    const condition = planCondition(constraint.condition, {
      planner,
      bindings: new Map([[constraint.variable, at]]),
      computed: new Map(),
    });
    const there = at.kind === 'row' ? null : presence(at);
    const met = call('coalesce', condition, value(0n));
    return there === null ? met : { kind: 'case', branches: [{ when: there, gives: met }], otherwise: value(1n) };
  }
  const located = propertyOf(at, next, planner);
  switch (located.kind) {
    case 'many': {
      const broken = call('not', holds(located.item, rest, constraint, planner));
      return call('not', { kind: 'exists', relation: where(located.rows, [broken]) });
    }
    case 'through':
      return value(1n);
    default:
      return holds(located, rest, constraint, planner);
  }
}
