import { randomUUID } from 'node:crypto';
import { createLog, pruneLog, sqlite } from '../sql/index.js';
import { type Log, logPrefix } from '../tables/index.js';
import type { Session, Store } from './store.js';

/**
 * Which tables have a log of their changes. A table gets one when changes of it are first asked for, so that nobody pays
 * for what nobody wants; a migration takes all of them away.
 */
export class Tracking {
  private generation: string | null = null;
  private readonly logged = new Set<string>();

  constructor(private readonly store: Store) {}

  /** Makes sure that the changes of these tables are recorded. Gives the name of this generation of logs. */
  async begin(logs: Iterable<Log>): Promise<string> {
    const missing = [...logs].filter((log) => !this.logged.has(log.name));
    if (missing.length === 0 && this.generation !== null) return this.generation;
    const generation = await this.store.transaction(async (session) => {
      for (const log of missing) for (const text of createLog(log, sqlite)) await session.run({ text, values: [] });
      return generationOf(session);
    });
    for (const log of missing) this.logged.add(log.name);
    this.generation = generation;
    return generation;
  }

  /** Forgets changes that are older than `seconds`. */
  async prune(seconds: number): Promise<void> {
    await this.store.transaction(async (session) => {
      for (const name of await logNames(session))
        await session.run({ text: pruneLog(name, seconds, sqlite), values: [] });
    });
  }
}

async function generationOf(session: Session): Promise<string> {
  const insert = `insert into "@layout" ("key", "value") values ('tracking', ?) on conflict ("key") do nothing`;
  await session.run({ text: insert, values: [randomUUID()] });
  const [row] = await session.all({ text: `select "value" from "@layout" where "key" = 'tracking'`, values: [] });
  return String(row?.[0]);
}

async function logNames(session: Session): Promise<readonly string[]> {
  const text = `select name from sqlite_schema where type = 'table' and substr(name, 1, ${logPrefix.length}) = ?`;
  return (await session.all({ text, values: [logPrefix] })).map(([name]) => String(name));
}

/** Ends all tracking: the tables will be others, and old states could not be told any more. */
export async function endTracking(session: Session): Promise<void> {
  for (const name of await logNames(session)) {
    for (const change of ['insert', 'update', 'move', 'delete'])
      await session.run({ text: `drop trigger if exists ${sqlite.quote(`${name}:${change}`)}`, values: [] });
    await session.run({ text: `drop table ${sqlite.quote(name)}`, values: [] });
  }
  await session.run({ text: `delete from "@layout" where "key" = 'tracking'`, values: [] });
}
