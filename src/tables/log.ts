import type { Column, Layout, Table } from './layout.js';

/** A table whose changes are recorded: one of entities, or one of links. */
type Source = Table | Layout['linkTables'][number];

/** The table that records the changes of another one: for every change the row as it was before. */
export interface Log {
  /** The table whose changes stand here. */
  readonly of: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** The columns that tell rows apart. */
  readonly key: readonly Column[];
}

/** The hidden columns of a log; no other column has a colon behind its `@`. */
export const logColumns = { position: '@:position', at: '@:at', change: '@:change' } as const;

/** What the names of all logs begin with. */
export const logPrefix = '@log:';

/** The log of a table. */
export function logOf(table: Source): Log {
  const key = 'primaryKey' in table ? table.primaryKey : table.columns;
  return { of: table.name, name: `${logPrefix}${table.name}`, columns: table.columns, key };
}
