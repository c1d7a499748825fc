import { Worker } from 'node:worker_threads';
import { ODataError } from '../errors.js';
import type { Statement } from '../sql/index.js';
import { portable } from '../tables/index.js';
import { busy } from './errors.js';
import type { Row } from './store.js';
import type { Answer, Question, WorkerData } from './worker.js';

/** The rows of a statement, and how long it took. */
export interface Timed {
  readonly rows: readonly Row[];
  readonly milliseconds: number;
}

interface Waiting {
  readonly resolve: (read: Timed) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads on a thread of their own, so that what takes long does not keep everybody waiting. */
export class HeavyReader {
  private worker: Worker | null = null;
  private readonly waiting: Waiting[] = [];

  constructor(
    private readonly data: WorkerData,
    private readonly longest: number,
  ) {}

  /** All rows of a statement. Throws ServiceUnavailable when too many statements are waiting already. */
  read(statement: Statement, deadline: number | null): Promise<Timed> {
    if (this.waiting.length >= this.longest) return Promise.reject(busy());
    const worker = this.running();
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ resolve, reject }) === 1) worker.ref();
      worker.postMessage({ statement, deadline } satisfies Question);
    });
  }

  /** Ends the thread after what is waiting. */
  async close(): Promise<void> {
    const { worker } = this;
    if (worker === null) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage(null);
    await ended;
  }

  private running(): Worker {
    if (this.worker !== null) return this.worker;
    const worker = startWorker(this.data);
    this.worker = worker;
    worker.on('message', (answer: Answer) => this.settle(answer));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = null;
      this.fail(new Error('The reading thread ended.'));
    });
    return worker;
  }

  private settle(answer: Answer): void {
    const first = this.waiting.shift();
    if (this.waiting.length === 0) this.worker?.unref();
    if ('rows' in answer) first?.resolve({ ...answer, rows: answer.rows.map(received) });
    else {
      const error = new ODataError(answer.code, answer.message);
      error.cause = answer.cause;
      first?.reject(error);
    }
  }

  private fail(cause: unknown): void {
    const error = new ODataError('InternalError', 'The database could not do this.');
    error.cause = cause;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

/** On the way between threads a Buffer becomes a plain array of bytes; here it is one again. */
function received(row: Row): Row {
  return row.map((item) =>
    item instanceof Uint8Array && !Buffer.isBuffer(item)
      ? Buffer.from(item.buffer, item.byteOffset, item.byteLength)
      : item,
  );
}

/** Compiled, the worker is a file of JavaScript; run from its source, the loader must be there before it is read. */
function startWorker(data: WorkerData): Worker {
  const workerData: WorkerData = { ...data, types: portable(data.types) };
  const source = import.meta.url.endsWith('.ts');
  const file = new URL(source ? './worker.ts' : './worker.js', import.meta.url);
  if (!source) return new Worker(file, { workerData });
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); })`;
  return new Worker(start, { workerData, eval: true });
}
