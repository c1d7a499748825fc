import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppOptions,
  createApp,
  createService,
  type Listening,
  listen,
  openSqlite,
  type Service,
  type ServiceOptions,
} from '../../src/index.js';
import { Watch } from './one-statement.js';

/** What came back over HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** A service behind real HTTP on a database file of its own. */
export interface Server {
  readonly service: Service;
  /** `http://127.0.0.1:1234/root/` */
  readonly base: string;
  /** The database file, for looking in from outside. */
  readonly file: string;
  ask(method: string, path: string, asking?: Asking): Promise<Reply>;
  close(): Promise<void>;
}

/** `threads`: heavy reads have a thread of their own; most tests do without, since one takes longer to start than they to run. */
export interface StartOptions extends ServiceOptions {
  readonly threads?: boolean;
}

/** Starts a service on a temporary file and a free port. Failures that are ours make `ask` fail, so that no test overlooks a 500. */
export async function startServer(options: StartOptions, app: AppOptions = {}): Promise<Server> {
  const { threads = false, ...parts } = options;
  const folder = mkdtempSync(join(tmpdir(), 'edmund-'));
  const file = join(folder, 'test.sqlite');
  const failures: unknown[] = [];
  const store = options.store ?? openSqlite(file, threads ? {} : { waitingReads: 0 });
  const watch = new Watch(store);
  const service = await createService({ onError: (error) => failures.push(error), ...parts, store });
  const listening: Listening = await listen(createApp(service, { ...app, onError: (error) => failures.push(error) }), {
    port: 0,
    limits: app.limits ?? {},
  });
  const root = (app.root ?? '/').replace(/^\/*|\/*$/g, '');
  const base = `${listening.origin}/${root === '' ? '' : `${root}/`}`;
  return {
    service,
    base,
    file,
    ask: (method, path, asking = {}) =>
      watch.during(method, path, () => ask(new URL(path, base).href, method, asking, failures)),
    close: async () => {
      await listening.close();
      await service.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Asks, and fails when the status is another. */
export const expecting =
  (server: () => Server) =>
  async (status: number, method: string, path: string, asking: Asking = {}): Promise<Reply> => {
    const reply = await server().ask(method, path, asking);
    assert.equal(reply.status, status, reply.text);
    return reply;
  };

async function ask(url: string, method: string, { headers = {}, body }: Asking, failures: unknown[]): Promise<Reply> {
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const typed = sent === undefined ? headers : { 'content-type': 'application/json', ...headers };
  const reply = await fetch(url, { method, headers: typed, ...(sent === undefined ? {} : { body: sent }) });
  const text = await reply.text();
  const [failure] = failures.splice(0);
  if (failure !== undefined && reply.status === 500) throw failure;
  return { status: reply.status, headers: reply.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
