import { randomBytes } from 'node:crypto';
import { ODataError } from '../errors.js';
import {
  columnDefinition,
  createIndexes,
  createLinkIndex,
  createLinkTable,
  createStatements,
  createStreams,
  createTable,
  integrityTriggers,
  sqlite,
} from '../sql/index.js';
import type { Layout } from '../tables/index.js';
import { type Addition, differences, type Recorded, recordOf, triggersOf } from './record.js';
import type { SqliteStore } from './sqlite.js';
import type { Session, Store } from './store.js';
import { endTracking } from './tracking.js';

/** What preparing a database did. */
export interface Preparation {
  readonly kind: 'created' | 'unchanged' | 'migrated';
  /** The additions that were made, in words. */
  readonly changes: readonly string[];
}

const createRecord = 'create table "@layout" ("key" text primary key not null, "value" text not null) strict';

/** The names an existing database was given, for `createLayout`; empty for a fresh one. */
export async function recordedNames(store: Store): Promise<ReadonlyMap<string, string>> {
  const known = await store.transaction(readRecord);
  return new Map(known === null ? [] : Object.entries(known.names));
}

/**
 * Makes the database one of this layout: creates the tables in an empty one, adds what is new to one of ours. Everything in
 * one transaction. Throws Conflict for a database that we did not make, and for differences that would lose or change data,
 * with the list of them.
 */
export async function prepareDatabase(store: SqliteStore, layout: Layout, modelHash: string): Promise<Preparation> {
  store.define(layout.types);
  return store.transaction(async (session) => {
    const known = await readRecord(session);
    if (known === null) return create(session, layout, modelHash);
    if (known.model === modelHash && known.triggers?.digest === triggersOf(layout).digest)
      return { kind: 'unchanged', changes: [] };
    return migrate(session, known, layout, modelHash);
  });
}

/** What the database says of itself; null when it is empty. Throws Conflict when somebody else made it. */
async function readRecord(session: Session): Promise<Recorded | null> {
  const names = await session.all({
    text: `select name from sqlite_schema where type in ('table', 'view')`,
    values: [],
  });
  if (names.some(([name]) => name === '@layout')) {
    const [row] = await session.all({ text: `select "value" from "@layout" where "key" = 'layout'`, values: [] });
    return JSON.parse(String(row?.[0])) as Recorded;
  }
  if (names.length === 0) return null;
  throw new ODataError(
    'Conflict',
    `This database was not made by this service (it has ${names.length} tables of its own) and is left alone.`,
  );
}

async function create(session: Session, layout: Layout, modelHash: string): Promise<Preparation> {
  await execute(session, [createRecord, ...createStatements(layout, sqlite)]);
  await writeRecord(session, layout, modelHash);
  return { kind: 'created', changes: [] };
}

async function migrate(session: Session, known: Recorded, layout: Layout, modelHash: string): Promise<Preparation> {
  const { additions, refusals } = differences(known, layout);
  if (refusals.length > 0)
    throw new ODataError('Conflict', `The model no longer fits the database: ${refusals.join('; ')}.`);
  await endTracking(session);
  const old = await session.all({ text: `select name from sqlite_schema where type = 'trigger'`, values: [] });
  const ours = (name: unknown) => known.triggers?.names.includes(String(name)) ?? String(name).startsWith('@delete:');
  await execute(session, [
    ...old.filter(([name]) => ours(name)).map(([name]) => `drop trigger ${sqlite.quote(String(name))}`),
    createStreams(sqlite),
    ...additions.flatMap(statementsFor),
    ...integrityTriggers(layout, sqlite),
  ]);
  await writeRecord(session, layout, modelHash);
  return { kind: 'migrated', changes: additions.map((addition) => addition.words) };
}

function statementsFor(addition: Addition): readonly string[] {
  switch (addition.kind) {
    case 'table': {
      const { table } = addition;
      return [createTable(table, sqlite), ...createIndexes(table, sqlite)];
    }
    case 'linkTable':
      return [createLinkTable(addition.table, sqlite), createLinkIndex(addition.table, sqlite)];
    case 'column': {
      const definition = columnDefinition(addition.column, sqlite);
      return [`alter table ${sqlite.quote(addition.table)} add column ${definition}${addition.references}`];
    }
    case 'index':
      return [addition.statement];
    case 'enumMember':
      return [];
  }
}

async function execute(session: Session, statements: readonly string[]): Promise<void> {
  for (const text of statements) await session.run({ text, values: [] });
}

async function writeRecord(session: Session, layout: Layout, modelHash: string): Promise<void> {
  const text = `insert into "@layout" ("key", "value") values ('layout', ?) on conflict ("key") do update set "value" = excluded."value"`;
  await session.run({ text, values: [JSON.stringify(recordOf(layout, modelHash))] });
}

/** 32 secret bytes that belong to the database, made when they are first asked for: what seals paging tokens. */
export async function databaseKey(store: Store): Promise<Uint8Array> {
  const made = randomBytes(32).toString('base64');
  return store.transaction(async (session) => {
    const insert = `insert into "@layout" ("key", "value") values ('token-key', ?) on conflict ("key") do nothing`;
    await session.run({ text: insert, values: [made] });
    const [row] = await session.all({ text: `select "value" from "@layout" where "key" = 'token-key'`, values: [] });
    return Buffer.from(String(row?.[0]), 'base64');
  });
}
