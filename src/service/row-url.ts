import { printKey } from '../bind/index.js';
import type { Table } from '../tables/index.js';
import type { Applying } from './applying.js';
import { rowsWith, type StoredRow } from './locate.js';
import { keyOfRow } from './row-resource.js';

const names = new WeakMap<Table, string>();

/** The path to the entities of a table by names alone: `Products`, `Orders/Lines`. */
export function pathOfTable(table: Table): string {
  const known = names.get(table);
  if (known !== undefined) return known;
  const path: string[] = [];
  const seen = new Set<Table>();
  for (let at: Table | undefined = table; at !== undefined && !seen.has(at); at = at.parent?.tables[0]) {
    seen.add(at);
    path.unshift(at.source.name);
  }
  const found = path.join('/');
  names.set(table, found);
  return found;
}

/** The URL of a row relative to the service root: its canonical one (Protocol 4.1, URL 4.3). */
export async function urlOfRow(applying: Applying, row: StoredRow): Promise<string> {
  const { table } = row;
  const { source, parent } = table;
  if (source.kind === 'singleton') return source.name;
  const single = source.kind === 'navigationProperty' && !source.collection;
  const own = single ? source.name : `${source.name}(${printKey(keyOfRow(row), table.type, false)})`;
  if (parent === null) return own;
  for (const above of parent.tables) {
    const key = new Map(parent.pairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null]));
    const [owner] = await rowsWith(above, key, applying.session);
    if (owner !== undefined) return `${await urlOfRow(applying, owner)}/${own}`;
  }
  return own;
}
