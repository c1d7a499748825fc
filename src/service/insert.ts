import { randomUUID } from 'node:crypto';
import { type EntityChange, type NavigationChange, suppliedValue, type ValueChange } from '../bind/index.js';
import { isTagged, type NavigationProperty, type Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Assignments, assign, assignDefault, assignNothing, planInsert, type StoredValue } from '../plan/index.js';
import { nextNumber, type Statement, sqlite } from '../sql/index.js';
import { type Column, encode, type Storage, type Table, writeDynamic } from '../tables/index.js';
import { type Applying, belongsTo, below, emptyChange, isKey, sameStored, targetType, write } from './applying.js';
import { afterChange, beforeChange } from './hooks.js';
import type { StoredRow } from './locate.js';
import { nestedAfter } from './nested.js';
import { followPrincipals, ownColumns } from './own-links.js';
import { type Relation, relationsOf } from './relation.js';
import { storeStreams } from './streams.js';

/**
 * Makes a new entity with everything the body nests in it (Protocol 11.4.2, 11.4.2.1, 11.4.2.2) and everything the model
 * makes with it. `fixed` are the columns its place decides: the parent's key, or a foreign key. Gives the row as stored.
 */
export async function insertEntity(
  applying: Applying,
  table: Table,
  asked: EntityChange,
  fixed: ReadonlyMap<string, StoredValue>,
): Promise<StoredRow> {
  const change = await beforeChange(applying, 'create', table, asked, null);
  if (change.type.abstract)
    throw new ODataError(
      'TypeMismatch',
      `${change.type.qualifiedName} is abstract; name a derived type with @odata.type.`,
      change.target || null,
    );
  const relations = relationsOf(table, { ...change, navigation: withCreated(change) });
  const own = await ownColumns(applying, relations, null, 'insert');
  requireAgreement(change, own, fixed, relations);
  const values = await newValues(applying, table, change, new Map([...own, ...fixed]));
  await followPrincipals(applying, table, values, null);
  await storeStreams(applying, table, change, values);
  if (table.rowId !== null) values.set(table.rowId.name, await next(applying, nextNumber('@id', null, sqlite)));
  requireOwn(applying, table, values);
  await write(applying, planInsert(table, values));
  const row: StoredRow = {
    table,
    values: new Map(table.columns.map((column) => [column.name, values.get(column.name) ?? null])),
  };
  applying.written.note(row, asked);
  await nestedAfter(applying, row, relations, 'insert');
  await afterChange(applying, 'create', row, change);
  return row;
}

/** Everything a new row holds; what its place and its relationships decide goes before what the body says (Protocol 11.4.2). */
async function newValues(
  applying: Applying,
  table: Table,
  change: EntityChange,
  decided: ReadonlyMap<string, StoredValue>,
): Promise<Assignments> {
  const values: Assignments = new Map();
  for (const [property, storage] of table.storage)
    if (!isKey(change.type, property)) assignNew(applying, storage, property, change, values);
  for (const [name, stored] of decided) values.set(name, stored);
  await assignKey(applying, table, change, values, decided);
  if (table.typeColumn !== null) values.set(table.typeColumn.name, change.type.qualifiedName);
  if (table.version !== null) values.set(table.version.name, applying.firstVersion);
  if (table.dynamic !== null) values.set(table.dynamic.name, writeDynamic(change.dynamic));
  return values;
}

/** A body may repeat what the URL says of a relationship, not contradict it (Protocol 11.4.2.1). */
function requireAgreement(
  change: EntityChange,
  own: ReadonlyMap<string, StoredValue>,
  fixed: ReadonlyMap<string, StoredValue>,
  relations: readonly Relation[],
): void {
  for (const [name, stored] of fixed) {
    if (!own.has(name) || sameStored(own.get(name), stored)) continue;
    const found = relations.find(
      ({ link }) => link.kind === 'columns' && link.pairs.some((pair) => pair.own.name === name),
    );
    const property = found?.property.name ?? name;
    throw new ODataError(
      'BadRequest',
      `'${property}' relates the new entity to another one than the place where it is created.`,
      below(change.target, property),
    );
  }
}

/** Nobody makes an entity that would not be theirs (Edmund.V1.Owner). */
function requireOwn(applying: Applying, table: Table, values: Assignments): void {
  const own = applying.restriction(table);
  if (own === null || values.get(own.column.name) === own.value) return;
  throw new ODataError('Forbidden', 'This token acts for its own user only; the new entity would belong to another.');
}

/** The key: as its place decides, as given, as the model supplies it, or made here (Core.Computed, Core.ComputedDefaultValue). */
async function assignKey(
  applying: Applying,
  table: Table,
  change: EntityChange,
  values: Assignments,
  decided: ReadonlyMap<string, StoredValue>,
): Promise<void> {
  for (const [index, part] of table.type.key.entries()) {
    const column = table.key[index];
    const property = part.properties.at(-1);
    if (column === undefined || property === undefined || decided.has(column.name)) continue;
    const computed = isTagged(property, 'Org.OData.Core.V1.Computed');
    const given = change.key.get(property);
    if (given !== undefined && given !== null && (!computed || applying.seeding))
      values.set(column.name, encode(column.codec, given));
    else values.set(column.name, await madeKey(applying, table, property, column, change));
  }
}

async function madeKey(
  applying: Applying,
  table: Table,
  property: Property,
  column: Column,
  change: EntityChange,
): Promise<StoredValue> {
  const codec = column.codec.kind;
  const supplied = suppliedValue(property, 'OnInsert', applying.occasion);
  if (supplied?.kind === 'value' && supplied.value !== null)
    return typeof supplied.value === 'boolean' ? (supplied.value ? 1n : 0n) : supplied.value;
  const made =
    isTagged(property, 'Org.OData.Core.V1.Computed') || isTagged(property, 'Org.OData.Core.V1.ComputedDefaultValue');
  if (made && (codec === 'guid' || codec === 'string')) return randomUUID();
  const beyond = { table: table.name, column: column.name };
  if (made && codec === 'integer') return next(applying, nextNumber(table.name, beyond, sqlite));
  throw new ODataError(
    'MissingValue',
    `The key property '${property.name}' needs a value.`,
    below(change.target, property.name),
  );
}

/** What the body says; what the model supplies where the body may not or does not; the default otherwise. */
function assignNew(
  applying: Applying,
  storage: Storage,
  property: Property,
  change: EntityChange,
  values: Assignments,
): void {
  const given = change.properties.get(property);
  if (given === undefined && !belongsTo(property, change.type)) {
    assignNothing(storage, values);
    return;
  }
  const value = given ?? suppliedForNew(applying, property);
  if (value !== null) assign(storage, value, null, false, values);
  else assignDefault(storage, values);
}

function suppliedForNew({ occasion }: Applying, property: Property): ValueChange | null {
  return suppliedValue(property, 'OnInsert', occasion) ?? suppliedValue(property, 'OnUpdate', occasion);
}

/** Contained single values that come into being with their parent, when the body does not bring them (Edmund.V1.CreatedWith). */
function withCreated(change: EntityChange): ReadonlyMap<NavigationProperty, NavigationChange> {
  const all = new Map(change.navigation);
  for (const property of change.type.navigationProperties.values())
    if (
      !all.has(property) &&
      property.containsTarget &&
      !property.collection &&
      isTagged(property, 'Edmund.V1.CreatedWith')
    )
      all.set(property, {
        kind: 'entity',
        item: emptyChange(targetType(property), below(change.target, property.name)),
      });
  return all;
}

async function next(applying: Applying, statement: Statement): Promise<bigint> {
  const [row] = await applying.session.all(statement);
  const number = row?.[0];
  if (typeof number !== 'bigint') throw new ODataError('InternalError', 'No number could be made.');
  return number;
}
