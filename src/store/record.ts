import { createHash } from 'node:crypto';
import { createIndexes, integrityTriggers, referenceClause, sqlite } from '../sql/index.js';
import type { Codec, Column, Layout, Table } from '../tables/index.js';

type LinkTable = Layout['linkTables'][number];

/** What `@layout` holds: enough to tell what a later model adds or takes away. */
export interface Recorded {
  readonly format: 1;
  readonly model: string;
  readonly names: Readonly<Record<string, string>>;
  /** Names of the triggers that were made, and a digest of all of them. */
  readonly triggers?: { readonly digest: string; readonly names: readonly string[] };
  readonly tables: Readonly<Record<string, RecordedTable>>;
}

interface RecordedTable {
  readonly primaryKey: readonly string[];
  /** The parent tables, in the order of their names. */
  readonly parents: readonly string[];
  readonly foreignKeys: readonly string[];
  readonly indexes: readonly string[];
  readonly columns: Readonly<Record<string, RecordedColumn>>;
}

interface RecordedColumn {
  readonly codec: string;
  readonly nullable: boolean;
  /** Members of an enumeration by name, their values as text. */
  readonly members?: Readonly<Record<string, string>>;
}

/** The record of a layout. */
export function recordOf(layout: Layout, model: string): Recorded {
  const tables = [
    ...layout.tables.map((table) => [table.name, tableRecord(table)] as const),
    ...layout.linkTables.map((table) => [table.name, linkRecord(table)] as const),
  ];
  const names = Object.fromEntries(layout.names);
  return { format: 1, model, names, triggers: triggersOf(layout), tables: Object.fromEntries(tables) };
}

/** What is recorded of a layout's triggers, which are made anew whenever they would be others. */
export function triggersOf(layout: Layout): NonNullable<Recorded['triggers']> {
  const statements = integrityTriggers(layout, sqlite);
  const digest = createHash('sha256').update(statements.join('\n')).digest('base64url');
  return { digest, names: statements.map((text) => /"((?:[^"]|"")+)"/.exec(text)?.[1]?.replaceAll('""', '"') ?? '') };
}

function tableRecord(table: Table): RecordedTable {
  return {
    primaryKey: table.primaryKey.map((column) => column.name),
    parents: (table.parent?.tables ?? []).map((parent) => parent.name).sort(),
    foreignKeys: table.foreignKeys
      .map(
        ({ pairs, target, onDelete }) => `${pairs.map((pair) => pair.own.name).join(',')} → ${target.name} ${onDelete}`,
      )
      .sort(),
    indexes: table.indexes.map((index) => index.name),
    columns: columnRecords(table.columns),
  };
}

function linkRecord(table: LinkTable): RecordedTable {
  const primaryKey = table.columns.map((column) => column.name);
  return {
    primaryKey,
    parents: [table.source.name, table.target.name],
    foreignKeys: [],
    indexes: [],
    columns: columnRecords(table.columns),
  };
}

function columnRecords(columns: readonly Column[]): Readonly<Record<string, RecordedColumn>> {
  return Object.fromEntries(columns.map((column) => [column.name, columnRecord(column)]));
}

function columnRecord({ codec, nullable }: Column): RecordedColumn {
  if (codec.kind !== 'enum') return { codec: codecText(codec), nullable };
  const members = [...codec.type.members.values()].map((member) => [member.name, String(member.value)]);
  return { codec: codecText(codec), nullable, members: Object.fromEntries(members) };
}

/** What decides how values stand in the column. */
function codecText(codec: Codec): string {
  if (codec.kind === 'enum') return 'enum';
  if ('precision' in codec) return `${codec.kind} ${codec.precision}`;
  return codec.kind === 'scaledDecimal' ? `${codec.kind} ${codec.scale}` : codec.kind;
}

/** Something new that takes nothing away. */
export type Addition = { readonly words: string } & (
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'linkTable'; readonly table: LinkTable }
  | { readonly kind: 'column'; readonly table: string; readonly column: Column; readonly references: string }
  | { readonly kind: 'index'; readonly statement: string }
  | { readonly kind: 'enumMember' }
);

/** What must be added to the database for this layout, and what stands against it. */
export function differences(
  known: Recorded,
  layout: Layout,
): { readonly additions: readonly Addition[]; readonly refusals: readonly string[] } {
  const additions: Addition[] = [];
  const refusals: string[] = [];
  const present = recordOf(layout, '').tables;
  for (const name of Object.keys(known.tables))
    if (present[name] === undefined) refusals.push(`the table '${name}' would be lost`);
  for (const table of layout.tables) {
    const before = known.tables[table.name];
    if (before === undefined) additions.push({ kind: 'table', table, words: `table '${table.name}'` });
    else compareTable(before, table, additions, refusals);
  }
  for (const table of layout.linkTables) {
    const before = known.tables[table.name];
    if (before === undefined) additions.push({ kind: 'linkTable', table, words: `table '${table.name}'` });
    else compareColumns(table.name, before, table.columns, additions, refusals);
  }
  return { additions, refusals };
}

function compareTable(before: RecordedTable, table: Table, additions: Addition[], refusals: string[]): void {
  const now = tableRecord(table);
  if (now.primaryKey.join() !== before.primaryKey.join()) refusals.push(`the key of '${table.name}' would be another`);
  if (now.parents.join() !== before.parents.join()) refusals.push(`'${table.name}' would be contained elsewhere`);
  const added = table.foreignKeys.filter((key) =>
    key.pairs.every((pair) => before.columns[pair.own.name] === undefined),
  );
  if (
    now.foreignKeys.length - added.length !== before.foreignKeys.length ||
    before.foreignKeys.some((key) => !now.foreignKeys.includes(key))
  )
    refusals.push(`the relationships of '${table.name}' would be others`);
  compareColumns(table.name, before, table.columns, additions, refusals, table);
  for (const [position, statement] of createIndexes(table, sqlite).entries()) {
    const name = now.indexes[position] ?? '';
    if (!before.indexes.includes(name)) additions.push({ kind: 'index', statement, words: `index '${name}'` });
  }
}

function compareColumns(
  table: string,
  before: RecordedTable,
  columns: readonly Column[],
  additions: Addition[],
  refusals: string[],
  owner: Table | null = null,
): void {
  const place = (name: string) => `'${table}'.'${name}'`;
  for (const name of Object.keys(before.columns))
    if (!columns.some((column) => column.name === name)) refusals.push(`the column ${place(name)} would be lost`);
  for (const column of columns) {
    const old = before.columns[column.name];
    if (old === undefined) {
      if (!column.nullable && column.default === undefined)
        refusals.push(`${place(column.name)} is new and has no value for the rows there are`);
      else
        additions.push({
          kind: 'column',
          table,
          column,
          references: references(column, owner, refusals),
          words: `column ${place(column.name)}`,
        });
    } else compareColumn(place(column.name), old, columnRecord(column), additions, refusals);
  }
}

/** The foreign key of a new column. A key of several columns cannot be added to a table that is there. */
function references(column: Column, owner: Table | null, refusals: string[]): string {
  const key = owner?.foreignKeys.find((candidate) => candidate.pairs.some((pair) => pair.own === column));
  const [pair] = key?.pairs ?? [];
  if (key === undefined || pair === undefined) return '';
  if (key.pairs.length > 1) refusals.push(`'${column.name}' would be part of a relationship of several columns`);
  return referenceClause(key, pair, sqlite);
}

function compareColumn(
  place: string,
  before: RecordedColumn,
  now: RecordedColumn,
  additions: Addition[],
  refusals: string[],
): void {
  if (before.codec !== now.codec) refusals.push(`${place} would be stored as ${now.codec} instead of ${before.codec}`);
  if (before.nullable !== now.nullable) refusals.push(`${place} would ${now.nullable ? 'now' : 'no longer'} take null`);
  for (const [name, value] of Object.entries(before.members ?? {}))
    if (now.members?.[name] !== value) refusals.push(`the member '${name}' of ${place} would be lost or changed`);
  for (const name of Object.keys(now.members ?? {}))
    if (before.members?.[name] === undefined)
      additions.push({ kind: 'enumMember', words: `member '${name}' of ${place}` });
}
