import { ODataError } from '../errors.js';
import type { Method, ODataRequest } from '../protocol/index.js';
import { Queue, type Session, type Store } from '../store/index.js';
import type { Engine } from './service.js';

/** What an inner request answered. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the body, or its text; null: there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of whatever was asked for
  readonly body: any;
}

/** OData spoken to the service itself, with the rights of the request, inside its transaction. URLs are relative to the service root. */
export interface Client {
  get(url: string): Promise<ClientAnswer>;
  post(url: string, body: unknown): Promise<ClientAnswer>;
  patch(url: string, body: unknown): Promise<ClientAnswer>;
  put(url: string, body: unknown): Promise<ClientAnswer>;
  delete(url: string): Promise<ClientAnswer>;
}

/** How deep requests of hooks and handlers may lead to further ones. */
const deepest = 8;
/** Changes that one hook or handler may have asked for and not yet got. */
const mostWaiting = 10_000;

/** A client for hooks and handlers; `session`: the transaction it joins, null: it reads and writes on its own. Answers of 400 and more are thrown. */
export function clientFor(request: ODataRequest, engine: Engine, session: Session | null): Client {
  const inner: Engine = {
    ...engine,
    store: session === null ? engine.store : within(session, engine.store),
    depth: engine.depth + 1,
  };
  const ask = async (method: Method, url: string, body?: unknown): Promise<ClientAnswer> => {
    if (inner.depth > deepest)
      throw new ODataError('InternalError', `Hooks or handlers lead to each other more than ${deepest} levels deep.`);
    const response = await engine.answer(
      {
        method,
        url: url.replace(/^\//, ''),
        headers: {
          'odata-version': '4.01',
          'odata-maxversion': '4.01',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
        user: request.user,
        base: request.base,
        requestId: request.requestId,
      },
      inner,
    );
    const { stream } = response;
    const text =
      stream === undefined ? (response.body === null ? null : response.body.toString()) : await textOf(stream);
    const answered = text === null ? null : parsed(text);
    if (response.status >= 400) throw refused(answered, response.status);
    return { status: response.status, headers: response.headers, body: answered };
  };
  return {
    get: (url) => ask('GET', url),
    post: (url, body) => ask('POST', url, body),
    patch: (url, body) => ask('PATCH', url, body),
    put: (url, body) => ask('PUT', url, body),
    delete: (url) => ask('DELETE', url),
  };
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The error of an inner request as one of the outer one: its code, so its status. */
export function refused(body: unknown, status: number): ODataError {
  const error =
    typeof body === 'object' && body !== null && 'error' in body
      ? (body.error as Readonly<Record<string, unknown>>)
      : {};
  const code = typeof error.code === 'string' ? error.code : status >= 500 ? 'InternalError' : 'BadRequest';
  const target = typeof error.target === 'string' ? error.target : null;
  return new ODataError(code as ODataError['code'], String(error.message ?? 'An inner request failed.'), target);
}

/**
 * A store within a transaction that is open; what fails is undone by itself, so that a hook may go on. Savepoints nest, so changes
 * that a hook or handler asks for at once are done one after the other.
 */
export function within(session: Session, store: Store): Store {
  const queue = new Queue(mostWaiting);
  const saved = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    await session.run({ text: 'savepoint inner_request', values: [] });
    try {
      const result = await work(session);
      await session.run({ text: 'release inner_request', values: [] });
      return result;
    } catch (error) {
      await session.run({ text: 'rollback to inner_request', values: [] });
      await session.run({ text: 'release inner_request', values: [] });
      throw error;
    }
  };
  return {
    committed: false,
    read: (statement) => session.all(statement),
    transaction: (work) => queue.run(() => saved(work)),
    get statementsRun() {
      return store.statementsRun;
    },
    close: async () => {},
  };
}
