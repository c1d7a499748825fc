import type { EntityChange, EntityReference, RemovedEntity } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { StoredValue } from '../plan/index.js';
import type { Link, Table } from '../tables/index.js';
import { type Applying, type Manner, rowName, sameStored } from './applying.js';
import { inlineEntity, insertNested, referenced } from './inline.js';
import { connect, isRelated, relink, unlink } from './links.js';
import { keyColumns, rowsWith, type StoredRow } from './locate.js';
import { foreignKey } from './own-links.js';
import type { Relation } from './relation.js';
import { changeEntity, removeRow, requireCurrent } from './update.js';

type ColumnLink = Extract<Link, { kind: 'columns' }>;
type Item = EntityChange | EntityReference;

/** Everything that hangs on the row from outside: contained entities, foreign keys of others, link tables. */
export async function nestedAfter(
  applying: Applying,
  row: StoredRow,
  relations: readonly Relation[],
  manner: Manner | 'insert',
): Promise<void> {
  for (const relation of relations) {
    const { link, property } = relation;
    if (link.kind === 'columns' && link.writtenOn === 'own') continue;
    if (property.containsTarget && link.kind === 'columns') await contained(applying, row, link, relation, manner);
    else await related(applying, row, relation, manner);
  }
}

/** Contained entities: a collection given in full is the collection afterwards; a delta adds, changes and removes (Protocol 11.4.3.1). */
async function contained(
  applying: Applying,
  row: StoredRow,
  link: ColumnLink,
  { property, change, target }: Relation,
  manner: Manner | 'insert',
): Promise<void> {
  const fixed = foreignKey(link, row);
  const children: Children = { applying, table: link.target, fixed, manner };
  switch (change.kind) {
    case 'null':
      if (!property.nullable) throw new ODataError('InvalidValue', `'${property.name}' cannot be null.`, target);
      for (const child of await present(children)) await removeRow(applying, child);
      return;
    case 'entity': {
      const [child] = await present(children);
      if (child === undefined) await insertNested(applying, link.target, change.item, manner, fixed);
      else await changeEntity(applying, child, change.item, manner === 'replace' ? 'replace' : 'merge');
      return;
    }
    case 'replace':
      await replaceChildren(children, change.items);
      return;
    case 'delta':
      for (const item of change.items) {
        if (item.kind === 'removed') await removeRow(applying, await removed(children, item));
        else await putChild(children, item, await childOf(children, item));
      }
      return;
    case 'bind':
      throw new ODataError('InvalidValue', `'${property.name}' contains its entities; they cannot be bound.`, target);
  }
}

/** The entities that one entity contains under one navigation property. */
interface Children {
  readonly applying: Applying;
  readonly table: Table;
  /** The columns by which they belong to it. */
  readonly fixed: ReadonlyMap<string, StoredValue>;
  readonly manner: Manner | 'insert';
}

/** Those that are there; of a new entity none. */
async function present({ applying, table, fixed, manner }: Children): Promise<readonly StoredRow[]> {
  return manner === 'insert' ? [] : rowsWith(table, fixed, applying.session);
}

/** Who is not listed goes first, so that a new one may take its place. */
async function replaceChildren(children: Children, items: readonly Item[]): Promise<void> {
  const found: (StoredRow | null)[] = [];
  for (const item of items) found.push(await childOf(children, item));
  const kept = new Set(found.flatMap((child) => (child === null ? [] : [rowName(child)])));
  for (const child of await present(children)) if (!kept.has(rowName(child))) await removeRow(children.applying, child);
  for (const [index, item] of items.entries()) await putChild(children, item, found[index] ?? null);
}

async function putChild(children: Children, item: Item, child: StoredRow | null): Promise<void> {
  const { applying, table, fixed, manner } = children;
  if (item.kind === 'reference') return; // it is there, and stays
  if (child === null) await insertNested(applying, table, item, manner, fixed);
  else await changeEntity(applying, child, item, manner === 'replace' ? 'replace' : 'merge');
}

/** The child that an item names by its key or id; null: there is none yet. A reference must name one. */
async function childOf(children: Children, item: Item): Promise<StoredRow | null> {
  const url = item.kind === 'reference' ? item.url : item.id;
  if (url === null) return item.kind === 'reference' ? null : byKey(children, item);
  const child = await referenced(children.applying, { kind: 'reference', url, target: item.target }, children.table);
  if (isChild(children, child)) return child;
  throw new ODataError('ReferenceNotFound', `'${url}' is contained in another entity.`, item.target);
}

function isChild({ fixed, manner }: Children, row: StoredRow): boolean {
  return manner !== 'insert' && [...fixed].every(([name, stored]) => sameStored(row.values.get(name), stored));
}

async function byKey(
  { applying, table, fixed, manner }: Children,
  item: Pick<EntityChange, 'key'>,
): Promise<StoredRow | null> {
  const key = keyColumns(table, item.key);
  if (manner === 'insert' || key.size < table.key.length || key.size === 0) return null;
  const [child = null] = await rowsWith(table, new Map([...fixed, ...key]), applying.session);
  return child;
}

async function removed(children: Children, item: RemovedEntity): Promise<StoredRow> {
  const { applying, table } = children;
  const row =
    item.id === null
      ? await byKey(children, item)
      : await referenced(applying, { kind: 'reference', url: item.id, target: item.target }, table);
  if (row !== null && isChild(children, row)) {
    requireCurrent(applying, row, item);
    return row;
  }
  throw new ODataError('ReferenceNotFound', 'The entity to be removed does not exist.', item.target);
}

/** Relationships that are stored elsewhere: added, replaced, removed. */
async function related(
  applying: Applying,
  row: StoredRow,
  { property, change, link }: Relation,
  manner: Manner | 'insert',
): Promise<void> {
  const put = (item: Item) => itemRow(applying, row, link, item, manner);
  switch (change.kind) {
    case 'null':
      return relink(applying, row, link, property, []);
    case 'bind': {
      const rows: StoredRow[] = [];
      for (const reference of change.references) rows.push(await referenced(applying, reference, link.target));
      if (!property.collection) return relink(applying, row, link, property, rows);
      for (const other of rows) await connect(applying, row, link, other);
      return;
    }
    case 'entity':
      return relink(applying, row, link, property, [await put(change.item)]);
    case 'replace': {
      const rows: StoredRow[] = [];
      for (const item of change.items) rows.push(await put(item));
      return manner === 'insert' ? connectAll(applying, row, link, rows) : relink(applying, row, link, property, rows);
    }
    case 'delta':
      for (const item of change.items) {
        if (item.kind === 'removed') await disconnect(applying, row, link, item);
        else await connect(applying, row, link, await put(item));
      }
      return;
  }
}

async function connectAll(applying: Applying, row: StoredRow, link: Link, others: readonly StoredRow[]): Promise<void> {
  for (const other of others) await connect(applying, row, link, other);
}

/** A new entity is related by its own columns at once where they hold the relationship. */
function itemRow(
  applying: Applying,
  row: StoredRow,
  link: Link,
  item: Item,
  manner: Manner | 'insert',
): Promise<StoredRow> {
  if (item.kind === 'reference') return referenced(applying, item, link.target);
  const fixed = link.kind === 'columns' && link.writtenOn === 'target' ? foreignKey(link, row) : new Map();
  return inlineEntity(applying, link.target, item, manner, fixed);
}

async function disconnect(applying: Applying, row: StoredRow, link: Link, item: RemovedEntity): Promise<void> {
  const [target] =
    item.id === null
      ? await rowsWith(link.target, keyColumns(link.target, item.key), applying.session)
      : [await referenced(applying, { kind: 'reference', url: item.id, target: item.target }, link.target)];
  if (target === undefined)
    throw new ODataError('ReferenceNotFound', 'The entity to be removed does not exist.', item.target);
  requireCurrent(applying, target, item);
  if (item.reason !== 'deleted') return unlink(applying, row, link, target);
  if (!(await isRelated(applying, row, link, target)))
    throw new ODataError('ReferenceNotFound', 'The entity to be removed is not related to this one.', item.target);
  return removeRow(applying, target);
}
