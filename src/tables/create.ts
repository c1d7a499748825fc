import type { EntitySet, EntityType, Model, NavigationProperty, Singleton, StructuredType } from '../edm/index.js';
import { annotationOf, stringValue } from '../edm/index.js';
import {
  addColumn,
  addHidden,
  addProperties,
  allNavigation,
  allProperties,
  concurrencyColumns,
  emptyTable,
  keyColumns,
  type TableBuilder,
} from './builder.js';
import { addIndexes } from './indexes.js';
import type { Column, ColumnPair, Layout, Types } from './layout.js';
import { addLinks } from './links.js';
import { Names } from './names.js';

type Source = EntitySet | Singleton | NavigationProperty;

/**
 * Decides which table and column holds what (design §4). `recorded` are the names an existing database was given, so that
 * additions to the model rename nothing. Throws NotImplemented for keys that cannot stand in columns.
 */
export function createLayout(model: Model, recorded: ReadonlyMap<string, string> = new Map()): Layout {
  const names = new Names(recorded);
  const tables = discover(model, names);
  for (const { table, parents } of tables.values()) fill(table, parents, tables, names);
  const builders = new Map([...tables].map(([source, { table }]) => [source, table]));
  const linkTables = addLinks(builders, model, names);
  for (const { table } of tables.values()) addIndexes(table, names);
  return {
    tables: [...builders.values()],
    tableOf: (source) => builders.get(source),
    linkTables,
    types: typesOf(model),
    names: names.chosen,
  };
}

function typesOf(model: Model): Types {
  const types = [...model.schemas.values()].flatMap((schema) => [...schema.types.values()]);
  return new Map(types.map((type) => [type.qualifiedName, type]));
}

/** A table and the tables whose rows may be parents of its rows. */
interface Found {
  readonly table: TableBuilder;
  readonly parents: Set<TableBuilder>;
}

/** Every set and singleton, then every containment navigation property declared somewhere beneath them, once. */
function discover(model: Model, names: Names): ReadonlyMap<Source, Found> {
  const found = new Map<Source, Found>();
  const queue: TableBuilder[] = [];
  const add = (source: Source, type: EntityType, identity: string, wanted: string): Found => {
    const name = names.choose(`#${identity}`, stringValue(annotationOf(source, 'Edmund.V1.Table')) ?? wanted);
    const entry = { table: emptyTable(source, type, identity, name), parents: new Set<TableBuilder>() };
    found.set(source, entry);
    queue.push(entry.table);
    return entry;
  };
  for (const child of model.container?.children.values() ?? [])
    if (child.kind === 'entitySet' || child.kind === 'singleton') add(child, child.type, child.name, child.name);
  for (const parent of queue)
    for (const { navigation, prefix } of containments(parent.type)) {
      const { type } = navigation;
      if (type.kind !== 'entity') continue;
      const identity = `${navigation.declaringType.qualifiedName}/${navigation.name}`;
      const entry =
        found.get(navigation) ?? add(navigation, type, identity, `${parent.name}_${prefix}${navigation.name}`);
      entry.parents.add(parent);
    }
  return found;
}

interface Containment {
  readonly navigation: NavigationProperty;
  /** Names of the complex properties before it, each followed by `_`. */
  readonly prefix: string;
}

/** The containment navigation properties of a type, those within its complex values included. */
function containments(
  type: StructuredType,
  prefix = '',
  above: readonly StructuredType[] = [],
): readonly Containment[] {
  const own = allNavigation(type)
    .filter((navigation) => navigation.containsTarget)
    .map((navigation) => ({ navigation, prefix }));
  const nested = allProperties(type).flatMap((property) =>
    property.collection ||
    property.type.kind !== 'complex' ||
    above.includes(property.type) ||
    !leadsSomewhere(property.type)
      ? []
      : containments(property.type, `${prefix}${property.name}_`, [...above, type]),
  );
  return [...own, ...nested];
}

/** Most complex types hold no navigation at all, however deep. */
const reaching = new WeakMap<StructuredType, boolean>();

function leadsSomewhere(type: StructuredType): boolean {
  const known = reaching.get(type);
  if (known !== undefined) return known;
  reaching.set(type, false);
  const leads =
    allNavigation(type).length > 0 ||
    allProperties(type).some(
      (property) => !property.collection && property.type.kind === 'complex' && leadsSomewhere(property.type),
    );
  reaching.set(type, leads);
  return leads;
}

/** Gives a table its columns: the parent's first, then the properties, then the hidden ones. */
function fill(
  table: TableBuilder,
  parents: ReadonlySet<TableBuilder>,
  tables: ReadonlyMap<Source, Found>,
  names: Names,
): void {
  const { source, type } = table;
  const isRoot = source.kind !== 'navigationProperty';
  const [parent] = parents;
  const above =
    isRoot || parent === undefined ? [] : addParent(table, source, [...parents], byPath(source, tables), names);
  const needsId = type.key.length === 0 && (isRoot || source.collection);
  if (needsId || isParentById(table, tables))
    table.rowId = addColumn(table, '@id', '@id', { codec: { kind: 'integer' }, nullable: false }, names);
  addProperties(table, names);
  addHidden(table, names);
  table.etag = concurrencyColumns(table);
  table.key = required(keyColumns(table, type.key));
  const single = source.kind === 'navigationProperty' && !source.collection;
  const own = single ? [] : needsId && table.rowId !== null ? [table.rowId] : table.key;
  table.primaryKey = [...above, ...own];
}

/** Key columns are never null, not even within a complex value that may be. */
function required(key: readonly Column[]): readonly Column[] {
  for (const column of key) Object.assign(column, { nullable: false });
  return key;
}

/** True where a contained table is reached by exactly one path without recursion: its key can begin with its parent's. */
function byPath(source: Source, tables: ReadonlyMap<Source, Found>, below: readonly Source[] = []): boolean {
  if (source.kind !== 'navigationProperty') return true;
  const parents = tables.get(source)?.parents;
  const [parent] = parents ?? [];
  if (parents?.size !== 1 || parent === undefined || below.includes(source)) return false;
  return byPath(parent.source, tables, [...below, source]);
}

/** True when rows of some contained table name their parent in this table by its `@id`. */
function isParentById(table: TableBuilder, tables: ReadonlyMap<Source, Found>): boolean {
  for (const [source, { parents }] of tables) if (parents.has(table) && !byPath(source, tables)) return true;
  return false;
}

/** The columns that lead to the parent: its primary key, or its `@id`. Gives those of the primary key. */
function addParent(
  table: TableBuilder,
  navigation: NavigationProperty,
  parents: readonly TableBuilder[],
  path: boolean,
  names: Names,
): readonly Column[] {
  const [parent] = parents;
  if (parent === undefined) return [];
  const pairs: ColumnPair[] = [];
  if (path) {
    for (const target of parent.primaryKey) {
      const wanted =
        target.name.startsWith('@') && target.name !== '@id'
          ? target.name
          : `@${parent.name}_${target.name.replace('@', '')}`;
      const own = addColumn(table, `@parent/${target.name}`, wanted, { codec: target.codec, nullable: false }, names);
      pairs.push({ own, target });
    }
  } else {
    const own = addColumn(table, '@parent', '@parent', { codec: { kind: 'integer' }, nullable: false }, names);
    pairs.push({ own, target: parent.rowId ?? { name: '@id', codec: { kind: 'integer' }, nullable: false } });
  }
  table.parent = { tables: parents, pairs, navigation };
  return pairs.map((pair) => pair.own);
}
