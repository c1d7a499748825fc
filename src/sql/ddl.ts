import type { Column, ColumnPair, ForeignKey, Layout, Table } from '../tables/index.js';
import { type Dialect, sqlText } from './dialect.js';
import { integrityTriggers, streamTable } from './triggers.js';

type LinkTable = Layout['linkTables'][number];

/** The table that hands out the database-wide row ids. */
export const sequenceTable = '@sequence';

/** The statements that make an empty database into one of this layout; SQLite 3.40's own shell understands them, too. */
export function createStatements(layout: Layout, dialect: Dialect): readonly string[] {
  return [
    createSequence(dialect),
    createStreams(dialect),
    ...layout.tables.map((table) => createTable(table, dialect)),
    ...layout.linkTables.map((table) => createLinkTable(table, dialect)),
    ...layout.tables.flatMap((table) => createIndexes(table, dialect)),
    ...layout.linkTables.map((table) => createLinkIndex(table, dialect)),
    ...integrityTriggers(layout, dialect),
  ];
}

/** `@id` counts up through the whole database. */
export function createSequence({ quote }: Dialect): string {
  return `create table ${quote(sequenceTable)} ("name" text primary key not null, "value" integer not null) strict`;
}

/** The contents of streams, cut into parts so that none has to be in memory as a whole. */
export function createStreams({ quote }: Dialect): string {
  return `create table if not exists ${quote(streamTable)} ("id" integer not null, "part" integer not null, "bytes" blob not null, primary key ("id", "part")) strict`;
}

/** One table. Strict, so that what a codec did not write is refused. */
export function createTable(table: Table, dialect: Dialect): string {
  const { quote } = dialect;
  const byId = table.rowId;
  const lines = table.columns.map((column) =>
    column === byId ? `${quote(column.name)} integer primary key not null` : columnDefinition(column, dialect),
  );
  const key = names(table.primaryKey, dialect);
  if (byId === null) lines.push(`primary key (${key})`);
  else if (table.primaryKey.length !== 1 || table.primaryKey[0] !== byId) lines.push(`unique (${key})`);
  const parents = table.parent?.tables ?? [];
  const [parent] = parents;
  if (table.parent !== null && parent !== undefined && parents.length === 1)
    lines.push(reference(table.parent.pairs, parent.name, 'on delete cascade', dialect));
  for (const key of table.foreignKeys) lines.push(foreignKey(key, dialect));
  return `create table ${quote(table.name)} (\n  ${lines.join(',\n  ')}\n) strict`;
}

/** A column as it is declared, in `create table` and `alter table … add column` alike. */
export function columnDefinition(column: Column, { quote, columnType }: Dialect): string {
  const required = column.nullable ? '' : ' not null';
  return `${quote(column.name)} ${columnType(column.codec)}${required}${defaultClause(column)}`;
}

function defaultClause({ default: value }: Column): string {
  if (value === undefined) return '';
  return ` default ${typeof value === 'string' ? sqlText(value) : String(value)}`;
}

/** Relationships are checked at commit, so that one request may write both ends in any order. */
function foreignKey({ pairs, target, onDelete }: ForeignKey, dialect: Dialect): string {
  return reference(pairs, target.name, `on delete ${onDelete} deferrable initially deferred`, dialect);
}

/** The foreign key of one column, as it stands behind the column. */
export function referenceClause({ target, onDelete }: ForeignKey, pair: ColumnPair, { quote }: Dialect): string {
  return ` references ${quote(target.name)} (${quote(pair.target.name)}) on delete ${onDelete} deferrable initially deferred`;
}

function reference(pairs: readonly ColumnPair[], target: string, rest: string, dialect: Dialect): string {
  const own = names(
    pairs.map((pair) => pair.own),
    dialect,
  );
  const theirs = names(
    pairs.map((pair) => pair.target),
    dialect,
  );
  return `foreign key (${own}) references ${dialect.quote(target)} (${theirs}) ${rest}`;
}

/** Both ends of a many-to-many relationship; a pair stands there once. */
export function createLinkTable(table: LinkTable, dialect: Dialect): string {
  const lines = [
    ...table.columns.map((column) => columnDefinition(column, dialect)),
    `primary key (${names(table.columns, dialect)})`,
    reference(table.sourcePairs.map(turned), table.source.name, 'on delete cascade', dialect),
    reference(table.targetPairs, table.target.name, 'on delete cascade', dialect),
  ];
  return `create table ${dialect.quote(table.name)} (\n  ${lines.join(',\n  ')}\n) strict`;
}

const turned = (pair: ColumnPair): ColumnPair => ({ own: pair.target, target: pair.own });

/** From the target back: the primary key serves the other direction. */
export function createLinkIndex(table: LinkTable, dialect: Dialect): string {
  const columns = [...table.targetPairs.map((pair) => pair.own), ...table.sourcePairs.map((pair) => pair.target)];
  const index = dialect.quote(`${table.name}:target`);
  return `create index ${index} on ${dialect.quote(table.name)} (${names(columns, dialect)})`;
}

/** The indexes of a table. */
export function createIndexes(table: Table, dialect: Dialect): readonly string[] {
  const { quote } = dialect;
  return table.indexes.map(
    ({ name, columns, unique }) =>
      `create ${unique ? 'unique ' : ''}index ${quote(name)} on ${quote(table.name)} (${names(columns, dialect)})`,
  );
}

function names(columns: readonly Column[], { quote }: Dialect): string {
  return columns.map((column) => quote(column.name)).join(', ');
}
