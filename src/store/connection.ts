import Database from 'better-sqlite3';
import { ODataError } from '../errors.js';
import { type SqlFunction, type SqlValue, type Statement, sqlAggregates } from '../sql/index.js';
import type { Row } from './store.js';

/** What a connection is for. */
export interface ConnectionOptions {
  readonly readOnly: boolean;
  /** Prepared statements kept. */
  readonly statements: number;
}

/** One connection to an SQLite file: prepared statements kept by their text, rows as arrays, integers as bigint. */
export class Connection {
  private readonly database: Database.Database;
  private readonly prepared = new Map<string, Database.Statement>();
  private expires = Number.POSITIVE_INFINITY;
  private limit = 0;

  constructor(
    file: string,
    private readonly options: ConnectionOptions,
  ) {
    this.database = new Database(file, { timeout: 0, fileMustExist: options.readOnly });
    this.database.defaultSafeIntegers(true);
    this.database.pragma('foreign_keys = on');
    this.database.pragma('recursive_triggers = on');
    this.database.pragma('trusted_schema = off');
    if (options.readOnly) this.database.pragma('query_only = on');
    this.database.function('deadline', { varargs: true, directOnly: true }, () => this.checkDeadline());
  }

  /** Durable writing: the log is synchronised at every commit. The journal of a database that we did not make stays as it is. */
  makeDurable(): void {
    this.database.pragma('synchronous = full');
    const names = this.all({ text: 'select name from sqlite_schema', values: [] });
    if (names.length === 0 || names.some(([name]) => name === '@layout')) this.database.pragma('journal_mode = wal');
  }

  define(functions: Readonly<Record<string, SqlFunction>>): void {
    for (const [name, apply] of Object.entries(functions))
      this.database.function(name, { deterministic: true, varargs: true, directOnly: true, safeIntegers: true }, apply);
    for (const [name, { start, step, inverse }] of Object.entries(sqlAggregates))
      this.database.aggregate(name, {
        start,
        step,
        inverse,
        deterministic: true,
        directOnly: true,
        safeIntegers: true,
      });
    this.prepared.clear();
  }

  /** All rows of a statement; one that gives none is run and gives none. A statement is always run to its end. */
  all(statement: Statement, milliseconds: number | null = null): readonly Row[] {
    const prepared = this.prepare(statement.text);
    if (!prepared.reader) {
      prepared.run(...statement.values);
      return [];
    }
    this.limit = milliseconds ?? 0;
    this.expires = milliseconds === null ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
    return prepared.all(...statement.values) as Row[];
  }

  /** The number of rows that were changed. */
  run(statement: Statement): number {
    const prepared = this.prepare(statement.text);
    this.expires = Number.POSITIVE_INFINITY;
    return prepared.reader ? prepared.all(...statement.values).length : prepared.run(...statement.values).changes;
  }

  exec(text: string): void {
    this.database.exec(text);
  }

  get inTransaction(): boolean {
    return this.database.inTransaction;
  }

  close(): void {
    this.prepared.clear();
    this.database.close();
  }

  /** The least recently used statement goes when there are too many. */
  private prepare(text: string): Database.Statement {
    const known = this.prepared.get(text);
    if (known !== undefined) this.prepared.delete(text);
    const prepared = known ?? this.make(text);
    this.prepared.set(text, prepared);
    if (this.prepared.size > this.options.statements) {
      const [oldest] = this.prepared.keys();
      if (oldest !== undefined) this.prepared.delete(oldest);
    }
    return prepared;
  }

  private make(text: string): Database.Statement {
    const prepared = this.database.prepare<SqlValue[]>(text);
    return prepared.reader ? prepared.raw(true) : prepared;
  }

  private checkDeadline(): bigint {
    if (performance.now() < this.expires) return 1n;
    throw new ODataError('QueryTimeout', `The query takes longer than ${this.limit} milliseconds; ask for less.`);
  }
}
