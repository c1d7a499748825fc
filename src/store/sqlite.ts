import { randomBytes } from 'node:crypto';
import { ODataError } from '../errors.js';
import { type SqlFunction, type Statement, sqlFunctions } from '../sql/index.js';
import type { Types } from '../tables/index.js';
import { Connection } from './connection.js';
import { busy, isBusy, translateError } from './errors.js';
import { Queue } from './queue.js';
import { HeavyReader } from './reader.js';
import type { ReadOptions, Row, Session, Store } from './store.js';

/** What may be set of an SQLite store; everything has a default. */
export interface SqliteOptions {
  /** Milliseconds a transaction may take from `begin` to `commit`, awaits included. */
  readonly transactionTime?: number;
  /** Milliseconds to wait for another process that holds the database. */
  readonly busyTime?: number;
  /** Transactions that may wait at once. */
  readonly waitingTransactions?: number;
  /** Heavy reads that may wait at once; 0: there is no thread for them, and they are done like any other. */
  readonly waitingReads?: number;
  /** Prepared statements kept for each connection. */
  readonly statements?: number;
}

const defaults: Required<SqliteOptions> = {
  transactionTime: 10_000,
  busyTime: 5_000,
  waitingTransactions: 1_000,
  waitingReads: 32,
  statements: 500,
};

/** A store on one SQLite file. */
export interface SqliteStore extends Store {
  /**
   * Makes the functions of a model's types known to every connection; before the first heavy read. `key`, 32 bytes, seals the
   * places of pages; without it they are good for nobody. `own` are further functions, which heavy reads cannot call.
   */
  define(types: Types, key?: Uint8Array, own?: Readonly<Record<string, SqlFunction>>): void;
}

/** Opens a file, made when it is not there, or a database in memory with `:memory:`. */
export function openSqlite(file: string, options: SqliteOptions = {}): SqliteStore {
  try {
    return new FileStore(file, { ...defaults, ...options });
  } catch (error) {
    throw translateError(error);
  }
}

const begin = 'begin immediate';
/** Milliseconds that a heavy statement must not exceed to be read here the next time, and those it then gets. */
const briefly = 2;
const patience = 10;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

class FileStore implements SqliteStore {
  readonly committed = true;
  private readonly writer: Connection;
  private readonly reader: Connection | null;
  private heavy: HeavyReader | null = null;
  private readonly queue: Queue;
  /** Texts of heavy statements that took less than the way to another thread is worth. */
  private readonly brief = new Set<string>();
  private count = 0;
  private closed = false;

  constructor(
    private readonly file: string,
    private readonly options: Required<SqliteOptions>,
  ) {
    const { statements } = options;
    this.writer = new Connection(file, { readOnly: false, statements });
    this.writer.makeDurable();
    this.reader = file === ':memory:' ? null : new Connection(file, { readOnly: true, statements });
    this.queue = new Queue(options.waitingTransactions);
    this.define(new Map());
  }

  get statementsRun(): number {
    return this.count;
  }

  define(types: Types, key: Uint8Array = randomBytes(32), own: Readonly<Record<string, SqlFunction>> = {}): void {
    const functions = { ...sqlFunctions({ types, key }), ...own };
    this.writer.define(functions);
    this.reader?.define(functions);
    const { file, options } = this;
    const before = this.heavy;
    this.heavy =
      file === ':memory:' || options.waitingReads === 0
        ? null
        : new HeavyReader({ file, types, key, statements: options.statements }, options.waitingReads);
    void before?.close();
  }

  async read(statement: Statement, options: ReadOptions = {}): Promise<readonly Row[]> {
    const { deadline = null, heavy = false } = options;
    this.mustBeOpen();
    this.count++;
    const { reader } = this;
    if (heavy && this.heavy !== null && reader !== null) return this.readHeavy(statement, deadline, reader, this.heavy);
    if (reader !== null) return this.retried(() => reader.all(statement, deadline));
    return this.queue.run(() => this.retried(() => this.writer.all(statement, deadline)));
  }

  /** What took little the last time is read here, as long as it does; all else on the thread that may take long. */
  private async readHeavy(statement: Statement, deadline: number | null, here: Connection, there: HeavyReader) {
    const { text } = statement;
    if (this.brief.has(text)) {
      const start = performance.now();
      try {
        return await this.retried(() => here.all(statement, Math.min(patience, deadline ?? patience)));
      } catch (error) {
        if (!(error instanceof ODataError) || error.code !== 'QueryTimeout') throw error;
      } finally {
        if (performance.now() - start > patience) this.brief.delete(text);
      }
    }
    const { rows, milliseconds } = await there.read(statement, deadline);
    if (milliseconds > briefly) this.brief.delete(text);
    else if (this.brief.size < this.options.statements) this.brief.add(text);
    else this.brief.clear();
    return rows;
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.mustBeOpen();
    return this.queue.run(() => this.alone(work));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.queue.drained();
    await this.heavy?.close();
    this.reader?.close();
    try {
      this.writer.exec('pragma wal_checkpoint(truncate)');
    } finally {
      this.writer.close();
    }
  }

  private mustBeOpen(): void {
    if (this.closed) throw new ODataError('ServiceUnavailable', 'The service is closing.');
  }

  /** One transaction, with nobody else at the writing connection. */
  private async alone<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { writer } = this;
    await this.retried(() => writer.exec(begin));
    const turn = new Turn(writer, () => this.count++);
    try {
      const result = await this.timed(work(turn));
      await this.retried(() => writer.exec('commit'));
      return result;
    } catch (error) {
      throw translateError(error);
    } finally {
      turn.end();
      // A failed commit leaves the transaction open; some errors have already rolled it back.
      if (writer.inTransaction) writer.exec('rollback');
    }
  }

  private async timed<T>(work: Promise<T>): Promise<T> {
    const { transactionTime } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const message = `The change took longer than ${transactionTime} milliseconds and was undone.`;
      timer = setTimeout(() => reject(new ODataError('QueryTimeout', message)), transactionTime);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** SQLite's own waiting would stop the whole process: ours does not. */
  private async retried<T>(act: () => T): Promise<T> {
    const until = performance.now() + this.options.busyTime;
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      try {
        return act();
      } catch (error) {
        if (!isBusy(error)) throw translateError(error);
        if (performance.now() + wait > until) throw busy();
        await pause(wait * (0.5 + Math.random()));
      }
    }
  }
}

/** The writing connection for the length of one transaction. */
class Turn implements Session {
  private over = false;
  constructor(
    private readonly writer: Connection,
    private readonly counted: () => void,
  ) {}

  async all(statement: Statement): Promise<readonly Row[]> {
    return this.execute(() => this.writer.all(statement));
  }

  async run(statement: Statement): Promise<number> {
    return this.execute(() => this.writer.run(statement));
  }

  end(): void {
    this.over = true;
  }

  private execute<T>(act: () => T): T {
    if (this.over || !this.writer.inTransaction) throw new ODataError('InternalError', 'This transaction is over.');
    this.counted();
    try {
      return act();
    } catch (error) {
      throw translateError(error);
    }
  }
}
