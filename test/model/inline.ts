import {
  createService,
  type Model,
  type ODataRequest,
  openSqlite,
  readModel,
  type Service,
  type ServiceOptions,
} from '../../src/index.js';
import { Watch } from './one-statement.js';

type SqliteStore = ReturnType<typeof openSqlite>;

const vocabularies = ['Aggregation', 'Authorization', 'Capabilities', 'Core', 'Measures', 'Validation'];

/** A CSDL document around the members of a schema `T`; its container is `T.C`. Vocabularies have their usual aliases. */
export function csdl(schema: string): string {
  const references = [...vocabularies.map((name) => [`Org.OData.${name}.V1`, name]), ['Edmund.V1', 'Edmund']].map(
    ([namespace, alias]) =>
      `<edmx:Reference Uri="${namespace}.xml"><edmx:Include Namespace="${namespace}" Alias="${alias}"/></edmx:Reference>`,
  );
  return `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01">${references.join('')}
<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="T">${schema}</Schema></edmx:DataServices></edmx:Edmx>`;
}

/** A model from the members of a schema `T`. */
export function modelFrom(schema: string): Model {
  return readModel({ file: 'test.xml', text: csdl(schema) });
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any;
}

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

/** A service in memory, asked without HTTP. */
export interface World {
  readonly service: Service;
  ask(method: string, url: string, question?: Question): Promise<Answer>;
  /** Every row of every table, hidden ones included: two equal texts are two equal databases. */
  dump(): Promise<string>;
  /** Where it is all kept; another service can be opened on it. */
  readonly store: SqliteStore;
  /** Statements run so far. */
  statements(): number;
  close(): Promise<void>;
}

export const base = 'http://shop.example/';

/** Opens a service on a database in memory. A failure of ours makes `ask` fail, so that no test overlooks a 500. */
export async function open(model: Model, options: ServiceOptions = {}): Promise<World> {
  const failures: unknown[] = [];
  const store = options.store ?? openSqlite(':memory:');
  const watch = new Watch(store);
  const service = await createService({ model, onError: (error) => failures.push(error), ...options, store });
  return {
    store,
    service,
    ask: (method, url, question = {}) => watch.during(method, url, () => ask(service, method, url, question, failures)),
    dump: async () => {
      const tables = await store.read({
        text: `select name from sqlite_schema where type = 'table' and name not in ('@layout') order by name`,
        values: [],
      });
      const parts: string[] = [];
      for (const [name] of tables) {
        const rows = await store.read({
          text: `select * from "${String(name).replaceAll('"', '""')}" order by 1, 2`,
          values: [],
        });
        parts.push(`${name}\n${rows.map((row) => row.map(shown).join('|')).join('\n')}`);
      }
      return parts.join('\n\n');
    },
    statements: () => store.statementsRun,
    close: () => service.close(),
  };
}

function shown(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

async function ask(
  service: Service,
  method: string,
  url: string,
  { headers = {}, body }: Question,
  failures: unknown[],
): Promise<Answer> {
  const bytes =
    body === undefined
      ? null
      : Buffer.isBuffer(body)
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const request: ODataRequest = {
    method: method as ODataRequest['method'],
    url,
    headers: bytes === null ? headers : { 'content-type': 'application/json', ...headers },
    body: bytes,
    user: { id: null, name: null, application: null, scopes: new Set(), roles: new Set(), unrestricted: true },
    base,
    requestId: 'test',
  };
  const response = await service.handle(request);
  const [failure] = failures.splice(0);
  if (failure !== undefined && response.status === 500) throw failure;
  const parts: Uint8Array[] = [];
  for await (const part of response.stream ?? []) parts.push(part);
  const text = response.body === null ? Buffer.concat(parts).toString() : response.body.toString();
  const lower = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { status: response.status, headers: lower, text, json: parsed(text) };
}

/** JSON, or undefined. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
