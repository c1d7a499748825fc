/** The thread of heavy reads: one read-only connection, one statement at a time, in the order of asking. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, ODataError } from '../errors.js';
import { type FunctionContext, type Statement, sqlFunctions } from '../sql/index.js';
import { Connection } from './connection.js';
import { translateError } from './errors.js';
import type { Row } from './store.js';

/** What the thread is started with. */
export interface WorkerData extends FunctionContext {
  readonly file: string;
  readonly statements: number;
}

/** A statement to read, or null to end. */
export interface Question {
  readonly statement: Statement;
  readonly deadline: number | null;
}

/** Rows and the milliseconds they took, or what went wrong. */
export type Answer =
  | { readonly rows: readonly Row[]; readonly milliseconds: number }
  | { readonly code: ErrorCode; readonly message: string; readonly cause: string };

if (parentPort !== null) serve(parentPort, workerData as WorkerData);

function serve(port: NonNullable<typeof parentPort>, data: WorkerData): void {
  const connection = new Connection(data.file, { readOnly: true, statements: data.statements });
  connection.define(sqlFunctions(data));
  port.on('message', (question: Question | null) => {
    if (question === null) {
      connection.close();
      port.close();
    } else port.postMessage(answer(connection, question));
  });
}

function answer(connection: Connection, { statement, deadline }: Question): Answer {
  try {
    const start = performance.now();
    const rows = connection.all(statement, deadline);
    return { rows, milliseconds: performance.now() - start };
  } catch (thrown) {
    const error = translateError(thrown);
    const { code, message } =
      error instanceof ODataError ? error : new ODataError('InternalError', 'The database could not do this.');
    return { code, message, cause: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
}
