import { ODataError } from '../errors.js';
import type { StoredValue } from '../plan/index.js';
import { type Statement, sqlite } from '../sql/index.js';
import type { ForeignKey, Layout, Table } from '../tables/index.js';
import type { Applying } from './applying.js';
import { rowsWith, type StoredRow } from './locate.js';

/**
 * Relationships are checked when all is written; a part that may fail by itself has to know before. What it wrote leads
 * somewhere, and nobody needs what it removed. Throws Conflict.
 */
export async function requireRelated(applying: Applying): Promise<void> {
  const { written, engine } = applying;
  for (const { row } of written.rows)
    for (const key of row.table.foreignKeys) if (!(await leadsSomewhere(applying, row, key))) throw broken();
  for (const row of written.removed) {
    const { needing, tables } = affectedBy(row.table, engine.layout);
    for (const [table, key] of needing) if (await isNeeded(applying, row, table, key)) throw broken();
    for (const table of tables) {
      const [found] = await applying.session.all(brokenIn(table));
      if (found !== undefined) throw broken();
    }
  }
}

function broken(): ODataError {
  return new ODataError('Conflict', 'The entity is related to one that does not exist, or others depend on it.');
}

async function leadsSomewhere({ session }: Applying, row: StoredRow, { target, pairs }: ForeignKey): Promise<boolean> {
  const wanted = new Map(pairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null]));
  return [...wanted.values()].includes(null) || (await rowsWith(target, wanted, session)).length > 0;
}

async function isNeeded({ session }: Applying, row: StoredRow, table: Table, { pairs }: ForeignKey): Promise<boolean> {
  const own = new Map<string, StoredValue>(
    pairs.map((pair) => [pair.own.name, row.values.get(pair.target.name) ?? null]),
  );
  return (await rowsWith(table, own, session)).length > 0;
}

/** What a removal can break: foreign keys that keep rows of the table, and tables to be looked through as a whole. */
interface Affected {
  readonly needing: readonly (readonly [table: Table, key: ForeignKey])[];
  readonly tables: readonly Table[];
}

const known = new WeakMap<Table, Affected>();

function affectedBy(removed: Table, { tables }: Layout): Affected {
  const before = known.get(removed);
  if (before !== undefined) return before;
  const gone = cascade(removed, tables);
  const keys = tables.flatMap((table) => table.foreignKeys.map((key) => [table, key] as const));
  const isUnsure = ({ target, onDelete }: ForeignKey) =>
    (onDelete === 'no action' && gone.has(target)) ||
    (onDelete === 'set default' && (target === removed || gone.has(target)));
  const found: Affected = {
    needing: keys.filter(([, { target, onDelete }]) => target === removed && onDelete === 'no action'),
    tables: tables.filter(({ foreignKeys }) => foreignKeys.some(isUnsure)),
  };
  known.set(removed, found);
  return found;
}

/** The tables whose rows may go with a removed one. */
function cascade(removed: Table, tables: readonly Table[]): ReadonlySet<Table> {
  const gone = new Set<Table>();
  const from = [removed];
  for (let at = from.pop(); at !== undefined; at = from.pop())
    for (const table of tables) {
      const goes =
        table.parent?.tables.includes(at) ||
        table.foreignKeys.some(({ target, onDelete }) => target === at && onDelete === 'cascade');
      if (!goes || gone.has(table)) continue;
      gone.add(table);
      from.push(table);
    }
  return gone;
}

function brokenIn({ name }: Table): Statement {
  return { text: `pragma foreign_key_check(${sqlite.quote(name)})`, values: [] };
}
