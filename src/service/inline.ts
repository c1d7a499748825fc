import type { DeltaItem, EntityChange, EntityReference, LinkChange, Resource } from '../bind/index.js';
import type { Property, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { StoredValue } from '../plan/index.js';
import type { Table } from '../tables/index.js';
import { type Applying, below, type Manner, sameStored } from './applying.js';
import { insertEntity } from './insert.js';
import { keyColumns, locate, referenceTarget, resolveReference, rowsWith, type StoredRow } from './locate.js';
import { changeEntity } from './update.js';

/**
 * A nested entity of another set: the one its id or key names, changed by the semantics of the request, else a new one
 * (Protocol 11.4.3.1). `fixed`: columns that relate a new one to where it is nested.
 */
export async function inlineEntity(
  applying: Applying,
  table: Table,
  item: EntityChange,
  manner: Manner | 'insert',
  fixed: ReadonlyMap<string, StoredValue>,
): Promise<StoredRow> {
  const { row, change } = await named(applying, table, item);
  if (row === null) {
    const made = await insertNested(applying, table, change, manner, fixed);
    applying.written.note(made, item);
    return made;
  }
  if (manner !== 'insert') return changeEntity(applying, row, change, manner);
  if (item.id === null) return insertEntity(applying, table, change, fixed); // told as duplicate key
  throw new ODataError(
    'BadRequest',
    'A new entity can refer to existing ones, not change them; send nothing but the id.',
    item.target,
  ); // Protocol 11.4.2
}

/** Makes a nested entity, whatever its part of the body was read for. */
export async function insertNested(
  applying: Applying,
  table: Table,
  change: EntityChange,
  manner: Manner | 'insert',
  fixed: ReadonlyMap<string, StoredValue>,
): Promise<StoredRow> {
  const row = await insertEntity(applying, table, manner === 'insert' ? change : inserted(change), fixed);
  applying.written.note(row, change);
  return row;
}

/** As an entity to be created: what only creation may set counts, what it needs must be there (Protocol 11.4.4). */
export function inserted(change: EntityChange): EntityChange {
  if (change.asInsert === null) return change;
  const made = change.asInsert();
  return { ...made, key: new Map([...change.key, ...made.key]) };
}

/** The existing row that an item names, or null; an item named by an id that leads nowhere has the key that the id says. */
async function named(
  applying: Applying,
  table: Table,
  item: EntityChange,
): Promise<{ readonly row: StoredRow | null; readonly change: EntityChange }> {
  if (item.id === null) {
    const key = keyColumns(table, item.key);
    if (key.size < table.key.length || key.size === 0) return { row: null, change: item };
    const [row = null] = await rowsWith(table, key, applying.session);
    return { row, change: item };
  }
  const reference: EntityReference = { kind: 'reference', url: item.id, target: below(item.target, '@id') };
  const resource = referenceTarget(reference, table.type, applying.origin, applying.engine);
  requireSameKey(table, resource, item);
  const row = await locate(resource, applying.engine, applying.session, applying.restriction);
  if (row !== null) return { row: inTable(row, table, reference), change: item };
  return { row: null, change: { ...item, key: new Map([...keyOf(resource), ...item.key]) } };
}

/** The row that an item of a collection names by its id or key, or null; `fixed` are columns that all rows of the collection share. */
export async function rowNamed(
  applying: Applying,
  table: Table,
  item: Exclude<DeltaItem, LinkChange>,
  fixed: ReadonlyMap<string, StoredValue> | null,
): Promise<StoredRow | null> {
  if (item.id !== null) {
    const reference: EntityReference = { kind: 'reference', url: item.id, target: below(item.target, '@id') };
    const resource = referenceTarget(reference, table.type, applying.origin, applying.engine);
    requireSameKey(table, resource, item);
    const row = await locate(resource, applying.engine, applying.session, applying.restriction);
    return row === null ? null : inTable(row, table, reference);
  }
  const key = keyColumns(table, item.key);
  if (key.size < table.key.length || key.size === 0) return null;
  const [row = null] = await rowsWith(table, new Map([...(fixed ?? []), ...key]), applying.session);
  return row;
}

/** Id and key, both given, name the same entity (Protocol 11.4.3.1). */
function requireSameKey(table: Table, resource: Resource, item: Pick<EntityChange, 'key' | 'target'>): void {
  const byId = keyColumns(table, keyOf(resource));
  for (const [name, stored] of keyColumns(table, item.key))
    if (byId.has(name) && !sameStored(byId.get(name), stored))
      throw new ODataError('BadRequest', 'The id and the key name different entities.', below(item.target, '@id'));
}

function keyOf(resource: Resource): ReadonlyMap<Property, Value> {
  const step = resource.steps.findLast(({ kind }) => kind !== 'cast');
  if (step?.kind !== 'key' || step.alternate) return new Map();
  return new Map(
    step.key.flatMap(({ properties, value }) => {
      const last = properties.at(-1);
      return last === undefined ? [] : [[last, value] as const];
    }),
  );
}

/** The row a reference means, which must be in this table. Throws ReferenceNotFound. */
export async function referenced(applying: Applying, reference: EntityReference, table: Table): Promise<StoredRow> {
  const { origin, engine, session, restriction } = applying;
  return inTable(await resolveReference(reference, table.type, origin, engine, session, restriction), table, reference);
}

function inTable(row: StoredRow, table: Table, reference: EntityReference): StoredRow {
  if (row.table === table) return row;
  throw new ODataError('ReferenceNotFound', `'${reference.url}' is not in '${table.source.name}'.`, reference.target);
}
