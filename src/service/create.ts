import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkPatterns, constraintsOf } from '../bind/index.js';
import { loadModel, type Model } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ODataRequest } from '../protocol/index.js';
import {
  Answers,
  databaseKey,
  openSqlite,
  prepareDatabase,
  recordedNames,
  type SqliteStore,
  Tracking,
} from '../store/index.js';
import { createLayout } from '../tables/index.js';
import { documentsOf, metadataForm } from './documents.js';
import { checkHooks, type Hooks } from './hooks.js';
import { endInterrupted, Jobs } from './jobs.js';
import { checkOperations, type Operations, unhandled } from './operations.js';
import { invoker } from './pure.js';
import { receive } from './receive.js';
import { Recent } from './recent.js';

import { loadSeed } from './seed.js';
import { defaultSettings, type Engine, type Service, type Settings } from './service.js';

/** What a service is made from. A folder gives everything; each part can be given by itself (design §1). */
export interface ServiceOptions {
  /** Holds `schema/*.xml|json`, `db/seed/*.json` and `db/<name>.sqlite`. */
  readonly folder?: string;
  /** A CSDL file or a model; default: the one of the folder that has an entity container. */
  readonly model?: string | Model;
  /** A file, made when it is not there, or `:memory:`; default: `db/<name>.sqlite` in the folder. */
  readonly database?: string;
  /** An open store instead of `database`; closed with the service. */
  readonly store?: SqliteStore;
  /** Folder of the first data, loaded when the database is new; null: none. Default: `db/seed` in the folder. */
  readonly seed?: string | null;
  readonly name?: string;
  /** 32 secret bytes that seal the links to further pages, for services that answer each other's links; default: the database has its own. */
  readonly key?: Uint8Array;
  readonly settings?: Partial<Settings>;
  /** Called before and after changes and readings; default: `hooks` of `operations.mjs` in the folder. */
  readonly hooks?: Hooks;
  /** Handlers of actions and functions; default: `operations` of `operations.mjs` in the folder. */
  readonly operations?: Operations;
  /** Told of every error that is not the client's. */
  readonly onError?: (error: unknown, request: ODataRequest) => void;
}

/**
 * Opens a service: reads and checks the model, prepares the database, loads first data into a new one. Throws InvalidModel,
 * and Conflict for a database that does not fit the model.
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { folder } = options;
  const file = typeof options.model === 'object' ? null : (options.model ?? modelFile(folder));
  const model = typeof options.model === 'object' ? options.model : loadModel(file ?? '');
  const name = options.name ?? (file === null ? 'service' : basename(file).replace(/(\.csdl)?\.(xml|json|csdl)$/i, ''));
  const store = options.store ?? openSqlite(databaseFile(options.database, folder, name));
  try {
    return await start(name, model, store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function start(name: string, model: Model, store: SqliteStore, options: ServiceOptions): Promise<Service> {
  checkRules(model);
  const layout = createLayout(model, await recordedNames(store));
  const documents = documentsOf(model);
  const found = await handlersIn(options.folder);
  const hooks = options.hooks ?? found.hooks ?? {};
  const operations = options.operations ?? found.operations ?? {};
  checkHooks(hooks, layout);
  checkOperations(operations, model);
  const hash = createHash('sha256')
    .update(documents.metadata(metadataForm('application/xml', '4.01')).body)
    .digest('hex');
  const preparation = await prepareDatabase(store, layout, hash);
  const key = options.key ?? (await databaseKey(store));
  if (key.length !== 32) throw new ODataError('InvalidModel', 'The key that seals links has 32 bytes.');
  store.define(layout.types, key, { odata_invoke: invoker(operations, model) });
  const engine: Engine = {
    name,
    model,
    layout,
    store,
    tracking: new Tracking(store),
    answers: new Answers(store),
    jobs: new Jobs(),
    documents,
    settings: { ...defaultSettings, ...options.settings },
    key,
    urls: new Recent(500),
    statements: new Recent(500),
    hooks,
    operations,
    depth: 0,
    answer: receive,
    report: options.onError ?? (() => {}),
  };
  const seed =
    options.seed === undefined && options.folder !== undefined ? join(options.folder, 'db/seed') : options.seed;
  if (preparation.kind === 'created' && typeof seed === 'string') await loadSeed(seed, engine);
  await endInterrupted(engine);
  const stop = await tidyRegularly(engine);
  const closing = new AbortController();
  void documents.prepare(closing.signal);
  const close = async () => {
    closing.abort();
    stop();
    await store.close();
  };
  return {
    name,
    model,
    unhandled: unhandled(operations, model),
    handle: (request) => receive(request, engine),
    close,
  };
}

/** Forgets what is too old, now and every hour. */
async function tidyRegularly({ tracking, answers, settings }: Engine): Promise<() => void> {
  const tidy = async () => {
    await tracking.prune(settings.deltaRetention);
    await answers.prune('job', settings.asyncRetention);
    await answers.prune('repetition', settings.repeatRetention);
  };
  await tidy();
  const timer = setInterval(() => tidy().catch(() => {}), 3_600_000); // what fails is tried again
  timer.unref();
  return () => clearInterval(timer);
}

interface Handlers {
  readonly hooks?: Hooks;
  readonly operations?: Operations;
}

/** What `operations.mjs` of a folder exports. */
async function handlersIn(folder: string | undefined): Promise<Handlers> {
  const file = folder === undefined ? '' : join(folder, 'operations.mjs');
  return existsSync(file) ? await import(pathToFileURL(resolve(file)).href) : {};
}

/** What the model demands must be something that can be checked. Throws InvalidModel. */
function checkRules(model: Model): void {
  checkPatterns(model);
  for (const { types } of model.schemas.values())
    for (const type of types.values()) {
      if (type.kind !== 'entity') continue;
      constraintsOf(type, model);
      for (const { path, through } of type.key)
        if (through.length > 0)
          throw new ODataError(
            'InvalidModel',
            `The key part '${path}' of ${type.qualifiedName} belongs to a related entity; such keys cannot be stored.`,
            type.qualifiedName,
          );
    }
}

/** The CSDL file of a folder: the only one, or the first that declares an entity container. */
function modelFile(folder: string | undefined): string {
  if (folder === undefined) throw new ODataError('InvalidModel', 'A service needs a folder or a model.');
  const schema = join(folder, 'schema');
  const files = existsSync(schema)
    ? readdirSync(schema)
        .filter((file) => /\.(xml|json|csdl)$/i.test(file))
        .sort()
        .map((file) => join(schema, file))
    : [];
  const [only] = files;
  if (only !== undefined && files.length === 1) return only;
  const main = files.find((file) => loadModel(file).container !== null);
  if (main === undefined)
    throw new ODataError('InvalidModel', `There is no CSDL file with an entity container in '${schema}'.`);
  return main;
}

function databaseFile(database: string | undefined, folder: string | undefined, name: string): string {
  if (database !== undefined) return database;
  if (folder === undefined) return ':memory:';
  const file = join(folder, 'db', `${name}.sqlite`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
