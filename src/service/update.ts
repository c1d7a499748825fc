import { type EntityChange, suppliedValue, writability } from '../bind/index.js';
import type { EntityType, Property } from '../edm/index.js';
import { isStreamType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Assignments, assign, assignDefault, planDelete, planUpdate, rowIs } from '../plan/index.js';
import { mergeDynamic, type Storage, writeDynamic } from '../tables/index.js';
import { type Applying, belongsTo, below, isKey, type Manner, write } from './applying.js';
import { afterChange, aroundDelete, beforeChange, tellsDelete } from './hooks.js';
import { etagOfRow, identity, type StoredRow } from './locate.js';
import { nestedAfter } from './nested.js';
import { followPrincipals, ownColumns } from './own-links.js';
import { ended, type Relation, relationsOf } from './relation.js';
import { urlOfRow } from './row-url.js';
import { requireWhole } from './stored-value.js';
import { storeStreams } from './streams.js';
import { untouchedIn } from './untouched.js';

/**
 * Changes a stored entity: what the body names, the values the model sets on update, and the row version; nothing else
 * (Protocol 11.4.3). A body that names nothing changes nothing. Gives the row as it is afterwards.
 */
export async function changeEntity(
  applying: Applying,
  row: StoredRow,
  asked: EntityChange,
  manner: Manner,
): Promise<StoredRow> {
  const change = await beforeChange(applying, 'update', row.table, asked, row);
  requireCurrent(applying, row, change);
  if (manner === 'merge') requireWhole(row, change.properties, change.target);
  const { table } = row;
  const values: Assignments = new Map();
  const gone: Relation[] = [];
  const untouched = untouchedIn(table, applying.engine.model);
  for (const [property, storage] of table.storage) {
    if (isKey(change.type, property) || !belongsTo(property, change.type) || untouched.has(property)) continue;
    const given = change.properties.get(property);
    if (given !== undefined) assign(storage, given, row.values, manner === 'merge', values);
    else if (manner === 'replace' && isReplaced(property, change.type)) {
      assignReplaced(applying, storage, property, values);
      if (storage.kind === 'flattened' && storage.presence !== null)
        gone.push(...ended(storage, below(change.target, property.name)));
    }
  }
  if (table.dynamic !== null && (change.dynamic.size > 0 || manner === 'replace'))
    values.set(
      table.dynamic.name,
      manner === 'replace'
        ? writeDynamic(change.dynamic)
        : mergeDynamic(row.values.get(table.dynamic.name) ?? null, change.dynamic),
    );
  for (const { name } of table.key) values.delete(name); // those within complex values, too: a key stays
  const relations = [...relationsOf(table, change), ...gone];
  for (const [name, stored] of await ownColumns(applying, relations, row, manner)) values.set(name, stored);
  await followPrincipals(applying, table, values, row);
  await storeStreams(applying, table, change, values);
  const updated = values.size === 0 ? row : await updateRow(applying, row, change.type, values);
  applying.written.note(updated, asked);
  await nestedAfter(applying, updated, relations, manner);
  await afterChange(applying, 'update', updated, change);
  return updated;
}

/** Where it is said to be 4.01 an ETag within the body is a condition like `If-Match` (Protocol 11.4.3); in 4.0 it is not even read. */
export function requireCurrent(
  { bodyETags }: Applying,
  row: StoredRow,
  { etag, target }: Pick<EntityChange, 'etag' | 'target'>,
): void {
  if (!bodyETags || etag === null || etag === '*' || etag === etagOfRow(row)) return;
  throw new ODataError(
    'PreconditionFailed',
    'The entity has changed since this ETag was given out; read it again and repeat the change.',
    below(target, '@etag'),
  );
}

/** PUT resets what a client could have set, but not what ties the entity to others, nor streams, which bodies seldom hold (Protocol 11.4.3). */
function isReplaced(property: Property, type: EntityType): boolean {
  const { readOnly, immutable } = writability(property);
  return !readOnly && !immutable && !isDependent(property, type) && !isStreamType(property.type);
}

function isDependent(property: Property, type: EntityType): boolean {
  return [...type.navigationProperties.values()].some((navigation) =>
    navigation.referentialConstraints.some((constraint) => constraint.property === property.name),
  );
}

function assignReplaced(applying: Applying, storage: Storage, property: Property, values: Assignments): void {
  const supplied = suppliedValue(property, 'OnInsert', applying.occasion);
  if (supplied === null) assignDefault(storage, values);
  else assign(storage, supplied, null, false, values);
}

/** Writes new values and what the model sets on update; the row gets its next version. */
export async function updateRow(
  applying: Applying,
  row: StoredRow,
  type: EntityType,
  values: Assignments,
): Promise<StoredRow> {
  const { table } = row;
  for (const [property, storage] of table.storage) {
    if (!belongsTo(property, type)) continue;
    const supplied = suppliedValue(property, 'OnUpdate', applying.occasion);
    if (supplied !== null) assign(storage, supplied, row.values, false, values);
  }
  await write(applying, planUpdate(table, values, 't', rowIs('t', identity(row))));
  const after = new Map([...row.values, ...values]);
  if (table.version !== null) {
    const before = row.values.get(table.version.name);
    after.set(table.version.name, (typeof before === 'bigint' ? before : 0n) + 1n);
  }
  return { table, values: after };
}

/** Removes an entity; what it contains goes with it (Protocol 11.4.5). */
export async function removeRow(applying: Applying, row: StoredRow): Promise<void> {
  const url = tellsDelete(applying, row.table) ? await urlOfRow(applying, row) : null;
  await aroundDelete(applying, 'before', row, url);
  await write(applying, planDelete(row.table, 't', rowIs('t', identity(row))));
  applying.written.forget(row);
  await aroundDelete(applying, 'after', row, url);
}
