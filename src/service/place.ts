import type { Resource } from '../bind/index.js';
import type { NavigationProperty } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Restriction, StoredValue } from '../plan/index.js';
import type { Session } from '../store/index.js';
import type { Table } from '../tables/index.js';
import type { Applying } from './applying.js';
import { connect } from './links.js';
import { locate, parentOf, type StoredRow, tableOf } from './locate.js';
import type { Engine } from './service.js';

/** Where a new entity goes. */
export interface Place {
  readonly table: Table;
  /** Columns that the place decides: the parent's key, a foreign key. */
  readonly fixed: ReadonlyMap<string, StoredValue>;
  /** Relates a new entity to the one it was posted beneath, where that is not a column of its own. */
  after(row: StoredRow, applying: Applying): Promise<void>;
}

const nothing = async (): Promise<void> => {};

/** The place a collection's path names: a set, or beneath an entity that must exist; null when that does not. */
export async function placeOf(
  collection: Resource,
  engine: Engine,
  session: Session,
  restriction: Restriction,
): Promise<Place | null> {
  const { parent, step } = parentOf(collection);
  switch (step.kind) {
    case 'entitySet':
      return { table: tableOf(step.set, engine.layout), fixed: new Map(), after: nothing };
    case 'cast':
      return placeOf({ ...parent, kind: 'entityCollection', collection: true }, engine, session, restriction);
    case 'navigation': {
      const owner = await locate(parent, engine, session, restriction);
      return owner === null ? null : beneath(owner, step.property);
    }
    default:
      throw new ODataError('MethodNotAllowed', 'Nothing can be created here.', null, {
        headers: { Allow: 'GET, HEAD' },
      });
  }
}

/** The place of a contained entity, or of one of another set that is to be related to `owner` (Protocol 11.4.2). */
export function beneath(owner: StoredRow, property: NavigationProperty): Place {
  const link = owner.table.links.get(property);
  if (link === undefined)
    throw new ODataError('NotImplemented', `'${property.name}' is not bound to an entity set.`, property.name);
  if (link.kind === 'columns' && link.writtenOn === 'target') {
    const fixed = new Map(link.pairs.map((pair) => [pair.target.name, owner.values.get(pair.own.name) ?? null]));
    return { table: link.target, fixed, after: nothing };
  }
  return {
    table: link.target,
    fixed: new Map(),
    after: (row, applying) => connect(applying, owner, link, row),
  };
}
