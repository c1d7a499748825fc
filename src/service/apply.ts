import { randomUUID } from 'node:crypto';
import {
  type EntityChange,
  type EntityReference,
  type NavigationChange,
  type Occasion,
  type RemovedEntity,
  suppliedValue,
  type ValueChange,
} from '../bind/index.js';
import { type EntityType, isTagged, type NavigationProperty, type Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  type Assignments,
  assign,
  assignDefault,
  assignNothing,
  planDelete,
  planInsert,
  planUpdate,
  type Restriction,
  rowIs,
  type StoredValue,
  type Writing,
} from '../plan/index.js';
import { compileWriting, sqlite } from '../sql/index.js';
import type { Session } from '../store/index.js';
import { encode, type Link, mergeDynamic, type Storage, type Table, writeDynamic } from '../tables/index.js';
import { identity, keyColumns, pick, resolveReference, rowsWith, type StoredRow } from './locate.js';
import type { Engine } from './service.js';

/** What every part of one modification shares. */
export interface Applying {
  readonly engine: Engine;
  readonly session: Session;
  readonly occasion: Occasion;
  /** Absolute URL of the service root, for references in bodies. */
  readonly base: string;
  /** What the caller may reach: references to anything else lead nowhere. */
  readonly restriction: Restriction;
  /** First data: computed values and service-made keys are taken from the body. */
  readonly seeding: boolean;
  /** The version of new rows. Never one that a removed row of the same key may have had. */
  readonly firstVersion: bigint;
}

async function write(applying: Applying, writing: Writing): Promise<number> {
  return applying.session.run(compileWriting(writing, sqlite));
}

/**
 * Makes a new entity with everything the body nests in it (Protocol 11.4.2, 11.4.2.1, 11.4.2.2) and everything the model
 * makes with it. `fixed` are the columns its place decides: the parent's key, or a foreign key. Gives the row as stored.
 */
export async function insertEntity(
  applying: Applying,
  table: Table,
  change: EntityChange,
  fixed: ReadonlyMap<string, StoredValue>,
): Promise<StoredRow> {
  const values: Assignments = new Map(fixed);
  if (change.type.abstract)
    throw new ODataError(
      'TypeMismatch',
      `${change.type.qualifiedName} is abstract; name a derived type with @odata.type.`,
      change.target || null,
    );
  assignKey(applying, table, change, values);
  for (const [property, storage] of table.storage)
    if (!isKey(change.type, property) && !(storage.kind === 'column' && fixed.has(storage.column.name)))
      assignNew(applying, storage, property, change, values);
  if (table.typeColumn !== null) values.set(table.typeColumn.name, change.type.qualifiedName);
  if (table.version !== null) values.set(table.version.name, applying.firstVersion);
  if (table.dynamic !== null) values.set(table.dynamic.name, writeDynamic(change.dynamic));
  await ownLinks(applying, table, change.navigation, null, values);
  if (table.rowId !== null) values.set(table.rowId.name, await nextRowId(applying));
  requireOwn(applying, table, values);
  await write(applying, planInsert(table, values));
  const row: StoredRow = {
    table,
    values: new Map(table.columns.map((column) => [column.name, values.get(column.name) ?? null])),
  };
  await nestedAfter(applying, row, withCreated(change), 'insert');
  return row;
}

/** Nobody makes an entity that would not be theirs (Edmund.V1.Owner). */
function requireOwn(applying: Applying, table: Table, values: Assignments): void {
  const own = applying.restriction(table);
  if (own === null || values.get(own.column.name) === own.value) return;
  throw new ODataError('Forbidden', 'This token acts for its own user only; the new entity would belong to another.');
}

function isKey(type: EntityType, property: Property): boolean {
  return type.key.some((part) => part.properties.length === 1 && part.properties[0] === property);
}

/** The key: as given, as the model supplies it, or made here (Core.Computed, Core.ComputedDefaultValue). */
function assignKey(applying: Applying, table: Table, change: EntityChange, values: Assignments): void {
  for (const [index, part] of table.type.key.entries()) {
    const column = table.key[index];
    const property = part.properties.at(-1);
    if (column === undefined || property === undefined || values.has(column.name)) continue;
    const computed = isTagged(property, 'Org.OData.Core.V1.Computed');
    const given = change.key.get(property);
    if (given !== undefined && given !== null && (!computed || applying.seeding))
      values.set(column.name, encode(column.codec, given));
    else values.set(column.name, madeKey(applying, property, column.codec.kind, change));
  }
}

function madeKey(applying: Applying, property: Property, codec: string, change: EntityChange): StoredValue {
  const supplied = suppliedValue(property, 'OnInsert', applying.occasion);
  if (supplied?.kind === 'value' && supplied.value !== null)
    return typeof supplied.value === 'boolean' ? (supplied.value ? 1n : 0n) : supplied.value;
  const made =
    isTagged(property, 'Org.OData.Core.V1.Computed') || isTagged(property, 'Org.OData.Core.V1.ComputedDefaultValue');
  if (made && (codec === 'guid' || codec === 'string')) return randomUUID();
  const target = change.target === '' ? property.name : `${change.target}/${property.name}`;
  throw new ODataError('MissingValue', `The key property '${property.name}' needs a value.`, target);
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

function belongsTo(property: Property, type: EntityType): boolean {
  return type.properties.get(property.name) === property;
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
      all.set(property, { kind: 'entity', item: emptyEntity(property, change.target) });
  return all;
}

/** An entity of which nothing is said. */
export function emptyEntity(property: NavigationProperty, target: string): EntityChange {
  if (property.type.kind !== 'entity')
    throw new ODataError('NotImplemented', `'${property.name}' has no concrete type.`);
  return {
    kind: 'entity',
    type: property.type,
    typeNamed: false,
    key: new Map(),
    properties: new Map(),
    dynamic: new Map(),
    navigation: new Map(),
    id: null,
    etag: null,
    contentId: null,
    target: target === '' ? property.name : `${target}/${property.name}`,
  };
}

async function nextRowId(applying: Applying): Promise<bigint> {
  const [row] = await applying.session.all({
    text: `insert into "@sequence" ("name", "value") values ('@id', 1) on conflict ("name") do update set "value" = "value" + 1 returning "value"`,
    values: [],
  });
  const next = row?.[0];
  if (typeof next !== 'bigint') throw new ODataError('InternalError', 'No row id could be made.');
  return next;
}

/** How a change meets what is stored: merged into it (PATCH), or put in its place (PUT). */
export type Manner = 'merge' | 'replace';

/**
 * Changes a stored entity: what the body names, the values the model sets on update, and the row version; nothing else
 * (Protocol 11.4.3). `replaced` properties are put, not merged. A body that names nothing changes nothing. Gives the row as it is afterwards.
 */
export async function changeEntity(
  applying: Applying,
  row: StoredRow,
  change: EntityChange,
  manner: Manner,
  replaced: ReadonlySet<Property> = new Set(),
): Promise<StoredRow> {
  const { table } = row;
  const values: Assignments = new Map();
  for (const [property, storage] of table.storage) {
    if (isKey(change.type, property) || !belongsTo(property, change.type)) continue;
    const given = change.properties.get(property);
    if (given !== undefined) assign(storage, given, row.values, manner === 'merge' && !replaced.has(property), values);
    else if (manner === 'replace' && isReplaced(property)) assignReplaced(applying, storage, property, values);
  }
  if (table.dynamic !== null && (change.dynamic.size > 0 || manner === 'replace'))
    values.set(
      table.dynamic.name,
      manner === 'replace'
        ? writeDynamic(change.dynamic)
        : mergeDynamic(row.values.get(table.dynamic.name) ?? null, change.dynamic),
    );
  await ownLinks(applying, table, change.navigation, row, values);
  const updated = values.size === 0 ? row : await update(applying, row, change.type, values);
  await nestedAfter(applying, updated, change.navigation, manner);
  return updated;
}

/** PUT resets what a client could have set; what the service made stays (Protocol 11.4.3). */
function isReplaced(property: Property): boolean {
  return !isTagged(property, 'Org.OData.Core.V1.Computed') && !isTagged(property, 'Org.OData.Core.V1.Immutable');
}

function assignReplaced(applying: Applying, storage: Storage, property: Property, values: Assignments): void {
  const supplied = suppliedValue(property, 'OnInsert', applying.occasion);
  if (supplied === null) assignDefault(storage, values);
  else assign(storage, supplied, null, false, values);
}

async function update(applying: Applying, row: StoredRow, type: EntityType, values: Assignments): Promise<StoredRow> {
  const { table } = row;
  for (const [property, storage] of table.storage) {
    if (!belongsTo(property, type)) continue;
    const supplied: ValueChange | null = suppliedValue(property, 'OnUpdate', applying.occasion);
    if (supplied !== null) assign(storage, supplied, row.values, false, values);
  }
  if (table.version !== null) {
    const before = row.values.get(table.version.name);
    values.set(table.version.name, (typeof before === 'bigint' ? before : 0n) + 1n);
  }
  await write(applying, planUpdate(table, values, 't', rowIs('t', identity(row))));
  return { table, values: new Map([...row.values, ...values]) };
}

/** Removes an entity; what it contains goes with it (Protocol 11.4.5). */
export async function removeRow(applying: Applying, row: StoredRow): Promise<void> {
  await write(applying, planDelete(row.table, 't', rowIs('t', identity(row))));
}

/** Relationships whose columns stand in the row itself, decided before it is written. */
async function ownLinks(
  applying: Applying,
  table: Table,
  navigation: ReadonlyMap<NavigationProperty, NavigationChange>,
  row: StoredRow | null,
  values: Assignments,
): Promise<void> {
  for (const [property, change] of navigation) {
    const link = linkFor(table, property);
    if (link.kind !== 'columns' || link.writtenOn !== 'own') continue;
    const related = await relatedRow(applying, link, property, change, row);
    for (const pair of link.pairs)
      values.set(pair.own.name, related === null ? null : (related.values.get(pair.target.name) ?? null));
  }
}

function linkFor(table: Table, property: NavigationProperty): Link {
  const link = table.links.get(property);
  if (link === undefined)
    throw new ODataError(
      'NotImplemented',
      `'${property.name}' is not bound to an entity set, so it cannot be changed.`,
      property.name,
    );
  return link;
}

/** The row a single-valued relationship is to lead to; an inline entity is made first, or merged when it is the present one. */
async function relatedRow(
  applying: Applying,
  link: Extract<Link, { kind: 'columns' }>,
  property: NavigationProperty,
  change: NavigationChange,
  row: StoredRow | null,
): Promise<StoredRow | null> {
  switch (change.kind) {
    case 'null':
      if (!property.nullable) throw new ODataError('InvalidValue', `'${property.name}' cannot be null.`, property.name);
      return null;
    case 'bind': {
      const [reference] = change.references;
      return reference === undefined ? null : referenced(applying, reference, link.target);
    }
    case 'entity':
      return inlineEntity(
        applying,
        link.target,
        change.item,
        row === null ? null : await presentTarget(applying, link, row),
      );
    case 'replace':
    case 'delta':
      throw new ODataError('TypeMismatch', `'${property.name}' is single-valued.`, property.name);
  }
}

async function presentTarget(
  applying: Applying,
  link: Extract<Link, { kind: 'columns' }>,
  row: StoredRow,
): Promise<StoredRow | null> {
  const wanted = new Map(link.pairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null]));
  if ([...wanted.values()].includes(null)) return null;
  const [found] = await rowsWith(link.target, wanted, applying.session);
  return found ?? null;
}

/** An inline entity of another set: the one its key names, else the one already there, else a new one. */
async function inlineEntity(
  applying: Applying,
  table: Table,
  item: EntityChange,
  present: StoredRow | null,
): Promise<StoredRow> {
  const key = keyColumns(table, item.key);
  if (item.id !== null) {
    const row = await referenced(applying, { kind: 'reference', url: item.id, target: item.target }, table);
    return changeEntity(applying, row, item, 'merge');
  }
  if (key.size === table.key.length && key.size > 0) {
    const [row] = await rowsWith(table, key, applying.session);
    if (row !== undefined) return changeEntity(applying, row, item, 'merge');
  } else if (present !== null) return changeEntity(applying, present, item, 'merge');
  return insertEntity(applying, table, item, new Map());
}

async function referenced(applying: Applying, reference: EntityReference, table: Table): Promise<StoredRow> {
  const row = await resolveReference(
    reference,
    table.type,
    applying.base,
    applying.engine,
    applying.session,
    applying.restriction,
  );
  if (row.table !== table)
    throw new ODataError('ReferenceNotFound', `'${reference.url}' is not in '${table.source.name}'.`, reference.target);
  return row;
}

/** Everything that hangs on the row from outside: contained entities, foreign keys of others, link tables. */
async function nestedAfter(
  applying: Applying,
  row: StoredRow,
  navigation: ReadonlyMap<NavigationProperty, NavigationChange>,
  manner: Manner | 'insert',
): Promise<void> {
  for (const [property, change] of navigation) {
    const link = linkFor(row.table, property);
    if (link.kind === 'columns' && link.writtenOn === 'own') continue;
    if (property.containsTarget && link.kind === 'columns')
      await contained(applying, row, link, property, change, manner);
    else await related(applying, row, link, property, change);
  }
}

const foreignKey = (link: Extract<Link, { kind: 'columns' }>, row: StoredRow): ReadonlyMap<string, StoredValue> =>
  new Map(link.pairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null]));

/** Contained entities: a collection given in full is the collection afterwards; a delta adds, merges and removes (Protocol 11.4.3.1). */
async function contained(
  applying: Applying,
  row: StoredRow,
  link: Extract<Link, { kind: 'columns' }>,
  property: NavigationProperty,
  change: NavigationChange,
  manner: Manner | 'insert',
): Promise<void> {
  const fixed = foreignKey(link, row);
  const present = manner === 'insert' ? [] : await rowsWith(link.target, fixed, applying.session);
  switch (change.kind) {
    case 'null':
      for (const child of present) await removeRow(applying, child);
      return;
    case 'entity': {
      const [child] = present;
      if (child === undefined) await insertEntity(applying, link.target, change.item, fixed);
      else await changeEntity(applying, child, change.item, manner === 'replace' ? 'replace' : 'merge');
      return;
    }
    case 'replace': {
      const kept = new Set<StoredRow>();
      for (const item of change.items) kept.add(await putItem(applying, link.target, item, fixed, present, property));
      for (const child of present)
        if (![...kept].some((other) => sameRow(other, child))) await removeRow(applying, child);
      return;
    }
    case 'delta':
      for (const item of change.items) {
        if (item.kind === 'removed') await removeItem(applying, link.target, item, present);
        else await putItem(applying, link.target, item, fixed, present, property);
      }
      return;
    case 'bind':
      throw new ODataError(
        'InvalidValue',
        `'${property.name}' contains its entities; they cannot be bound.`,
        property.name,
      );
  }
}

function sameRow(a: StoredRow, b: StoredRow): boolean {
  return [...identity(a)].every(([name, stored]) => b.values.get(name) === stored);
}

/** Merges the item its key names, or makes a new one. */
async function putItem(
  applying: Applying,
  table: Table,
  item: EntityChange | EntityReference,
  fixed: ReadonlyMap<string, StoredValue>,
  present: readonly StoredRow[],
  property: NavigationProperty,
): Promise<StoredRow> {
  if (item.kind === 'reference')
    throw new ODataError(
      'InvalidValue',
      `'${property.name}' contains its entities; they cannot be referenced.`,
      item.target,
    );
  const key = keyColumns(table, item.key);
  const found =
    key.size === table.key.length && key.size > 0
      ? present.find((child) => [...key].every(([name, stored]) => child.values.get(name) === stored))
      : undefined;
  return found === undefined
    ? insertEntity(applying, table, item, fixed)
    : changeEntity(applying, found, item, 'merge');
}

async function removeItem(
  applying: Applying,
  table: Table,
  item: RemovedEntity,
  present: readonly StoredRow[],
): Promise<void> {
  const key = item.id === null ? keyColumns(table, item.key) : null;
  const row =
    key === null
      ? await referenced(applying, { kind: 'reference', url: item.id ?? '', target: item.target }, table)
      : present.find((child) => [...key].every(([name, stored]) => child.values.get(name) === stored));
  if (row === undefined)
    throw new ODataError('ReferenceNotFound', 'The entity to be removed does not exist.', item.target);
  await removeRow(applying, row);
}

/** Relationships that are stored elsewhere: added, replaced, removed. */
async function related(
  applying: Applying,
  row: StoredRow,
  link: Link,
  property: NavigationProperty,
  change: NavigationChange,
): Promise<void> {
  switch (change.kind) {
    case 'null':
      await unlinkAll(applying, row, link);
      return;
    case 'bind':
      if (!property.collection) await unlinkAll(applying, row, link);
      for (const reference of change.references)
        await connect(applying, row, link, await referenced(applying, reference, link.target));
      return;
    case 'entity':
      await unlinkAll(applying, row, link);
      await connect(applying, row, link, await inlineEntity(applying, link.target, change.item, null));
      return;
    case 'replace':
      await unlinkAll(applying, row, link);
      for (const item of change.items) await connect(applying, row, link, await itemRow(applying, link.target, item));
      return;
    case 'delta':
      for (const item of change.items) {
        if (item.kind !== 'removed') await connect(applying, row, link, await itemRow(applying, link.target, item));
        else await disconnect(applying, row, link, item);
      }
      return;
  }
}

function itemRow(applying: Applying, table: Table, item: EntityChange | EntityReference): Promise<StoredRow> {
  return item.kind === 'reference' ? referenced(applying, item, table) : inlineEntity(applying, table, item, null);
}

async function disconnect(applying: Applying, row: StoredRow, link: Link, item: RemovedEntity): Promise<void> {
  const [target] =
    item.id === null
      ? await rowsWith(link.target, keyColumns(link.target, item.key), applying.session)
      : [await referenced(applying, { kind: 'reference', url: item.id, target: item.target }, link.target)];
  if (target === undefined)
    throw new ODataError('ReferenceNotFound', 'The entity to be removed does not exist.', item.target);
  await unlink(applying, row, link, target);
  if (item.reason === 'deleted') await removeRow(applying, target);
}

/** Adds one relationship; one that is there already stays. */
export async function connect(applying: Applying, row: StoredRow, link: Link, target: StoredRow): Promise<void> {
  if (link.kind === 'columns') {
    const values: Assignments = new Map(
      link.pairs.map((pair) => [
        link.writtenOn === 'own' ? pair.own.name : pair.target.name,
        (link.writtenOn === 'own' ? target : row).values.get(
          link.writtenOn === 'own' ? pair.target.name : pair.own.name,
        ) ?? null,
      ]),
    );
    const written = link.writtenOn === 'own' ? row : target;
    await update(applying, written, typeOfRow(written), values);
    return;
  }
  await write(applying, {
    kind: 'insert',
    table: link.name,
    ignore: true,
    columns: [...linkValues(link, row, target)].map(([name, stored]) => ({
      name,
      value: { kind: 'value', value: stored },
    })),
  });
}

function linkValues(
  link: Extract<Link, { kind: 'linkTable' }>,
  row: StoredRow,
  target: StoredRow | null,
): ReadonlyMap<string, StoredValue> {
  return new Map([
    ...link.sourcePairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null] as const),
    ...(target === null
      ? []
      : link.targetPairs.map((pair) => [pair.own.name, target.values.get(pair.target.name) ?? null] as const)),
  ]);
}

/** Removes one relationship. Throws ReferenceNotFound when there is none between the two. */
export async function unlink(applying: Applying, row: StoredRow, link: Link, target: StoredRow): Promise<void> {
  const absent = new ODataError('ReferenceNotFound', 'The entities are not related, so there is nothing to remove.');
  if (link.kind === 'linkTable') {
    const where = rowIs('t', linkValues(link, row, target));
    const removed = await write(applying, { kind: 'delete', table: link.name, as: 't', where });
    if (removed === 0) throw absent;
    return;
  }
  const isRelated = link.pairs.every((pair) => row.values.get(pair.own.name) === target.values.get(pair.target.name));
  if (!isRelated) throw absent;
  const written = link.writtenOn === 'own' ? row : target;
  const values: Assignments = new Map(
    link.pairs.map((pair) => [link.writtenOn === 'own' ? pair.own.name : pair.target.name, null]),
  );
  await update(applying, written, typeOfRow(written), values);
}

async function unlinkAll(applying: Applying, row: StoredRow, link: Link): Promise<void> {
  if (link.kind === 'linkTable') {
    await applying.session.run(
      compileWriting(
        { kind: 'delete', table: link.name, as: 't', where: rowIs('t', linkValues(link, row, null)) },
        sqlite,
      ),
    );
    return;
  }
  for (const target of await rowsWith(link.target, foreignKey(link, row), applying.session))
    await unlink(applying, row, link, target);
}

/** The concrete type of a stored row. */
export function typeOfRow(row: StoredRow): EntityType {
  const name = row.table.typeColumn === null ? null : row.values.get(row.table.typeColumn.name);
  return (
    [row.table.type, ...row.table.type.derivedTypes].find((type) =>
      name === null ? !type.abstract : type.qualifiedName === name,
    ) ?? row.table.type
  );
}

/** The values of the primary key, for reading a row back. */
export function keyOf(row: StoredRow): ReadonlyMap<string, StoredValue> {
  return pick(row.table.primaryKey, row.values);
}
