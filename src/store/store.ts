/** The language of the room `store`: run statements, hold transactions. Asynchronous, so that another database fits. */
import type { SqlValue, Statement } from '../sql/index.js';

/** One row as an array of values in column order; integers come as bigint. */
export type Row = readonly SqlValue[];

/** A connection inside one write transaction. */
export interface Session {
  all(statement: Statement): Promise<readonly Row[]>;
  /** Number of rows changed. Constraint violations throw `ODataError` (DuplicateKey, Conflict). */
  run(statement: Statement): Promise<number>;
}

export interface ReadOptions {
  /** Milliseconds after which a statement that carries the deadline condition fails with `QueryTimeout`. */
  readonly deadline?: number;
  /** True: may take long, belongs on the reader thread. */
  readonly heavy?: boolean;
}

export interface Store {
  /** All rows of one reading statement, from a committed state. */
  read(statement: Statement, options?: ReadOptions): Promise<readonly Row[]>;
  /** One writer at a time, `begin immediate` to commit; a throw rolls everything back. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** False within a transaction that is open: what is read there may never come to be. */
  readonly committed: boolean;
  /** Statements run since the store was opened; a test counts them. */
  readonly statementsRun: number;
  close(): Promise<void>;
}
