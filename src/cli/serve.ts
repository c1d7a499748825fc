import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pino } from 'pino';
import {
  type Authenticate,
  anonymous,
  bearer,
  createApp,
  createService,
  type DevelopmentIdentity,
  development,
  type Listening,
  listen,
  type Service,
  type Settings,
} from '../index.js';
import { type Given, gather, numberOf, type SettingName, settings, UsageError } from './settings.js';

/** A service that answers, and how to stop it. */
export interface Serving {
  readonly service: Service;
  /** Absolute URL of the service root. */
  readonly url: string;
  /** With `--auth development`: makes tokens. */
  readonly identity: DevelopmentIdentity | null;
  /** Finishes what is running, then closes the database. */
  close(): Promise<void>;
}

/** Serves a folder or a CSDL file (design §1). Throws UsageError for settings that make no sense, InvalidModel for a broken model. */
export async function serve(
  place: string,
  flags: Given,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Serving> {
  const target = targetOf(place);
  const given = gather(flags, environment, target.folder === null ? {} : folderSettings(target.folder));
  const log = pino({ level: given.log ?? 'info' });
  const authentication = await authenticationOf(given, target.folder);
  const service = await createService({
    ...(target.folder === null ? {} : { folder: target.folder }),
    ...(target.model === null ? {} : { model: target.model }),
    ...(given.db === undefined ? {} : { database: databaseFile(given.db) }),
    settings: serviceSettings(given),
    onError: (error, request) => log.error({ err: error, requestId: request.requestId }, 'request failed'),
  });
  if (service.unhandled.length > 0)
    log.warn(
      { operations: service.unhandled.slice(0, 20), count: service.unhandled.length },
      'declared without a handler: calls are answered with 501',
    );
  const root = given.root ?? '/';
  const limits = httpLimits(given);
  const app = createApp(service, {
    root,
    publicUrl: given['public-url']?.replace(/\/*$/, '/') ?? null,
    trustProxy: given['trust-proxy'] === 'true',
    authentication: authentication.authenticate,
    cors: given.cors === 'none' ? null : (given.cors ?? '*'),
    limits,
    onAnswer: (answer) => log.info(answer, 'answered'),
    onError: (error, requestId) => log.error({ err: error, requestId }, 'request failed'),
  });
  const listening = await listenOrClose(app, given, limits, service);
  const path = root.replace(/^\/*|\/*$/g, '');
  return {
    service,
    url: `${listening.origin}/${path === '' ? '' : `${path}/`}`,
    identity: authentication.identity,
    close: async () => {
      await listening.close();
      await service.close();
    },
  };
}

async function listenOrClose(
  app: ReturnType<typeof createApp>,
  given: Given,
  limits: ReturnType<typeof httpLimits>,
  service: Service,
): Promise<Listening> {
  try {
    return await listen(app, { port: numberOf(given, 'port') ?? 4004, host: given.host ?? '127.0.0.1', limits });
  } catch (error) {
    await service.close();
    throw error;
  }
}

interface Target {
  readonly folder: string | null;
  readonly model: string | null;
}

function targetOf(place: string): Target {
  const path = resolve(place);
  if (!existsSync(path)) throw new UsageError(`There is no '${place}'.`);
  if (statSync(path).isDirectory()) return { folder: path, model: null };
  if (/\.(sqlite3?|db)$/i.test(path))
    throw new UsageError(`'${place}' is a database; serving a database without a model is not supported yet.`);
  return { folder: null, model: path };
}

/** The folder's own defaults: `edmund.json`, an object with settings by name. */
function folderSettings(folder: string): Given {
  const file = join(folder, 'edmund.json');
  if (!existsSync(file)) return {};
  const found: Partial<Record<SettingName, string>> = {};
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof read !== 'object' || read === null) throw new UsageError(`'${file}' should hold an object.`);
  for (const [name, value] of Object.entries(read)) {
    const known = settings.find((setting) => setting.name === name);
    if (known === undefined) throw new UsageError(`'${file}' has an unknown setting '${name}'.`);
    found[known.name] = String(value);
  }
  return found;
}

function databaseFile(file: string): string {
  if (file === ':memory:') return file;
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

async function authenticationOf(
  given: Given,
  folder: string | null,
): Promise<{ readonly authenticate: Authenticate; readonly identity: DevelopmentIdentity | null }> {
  switch (given.auth ?? 'bearer') {
    case 'none':
      return { authenticate: anonymous, identity: null };
    case 'development': {
      const beside =
        given.db !== undefined && given.db !== ':memory:' ? dirname(resolve(given.db)) : join(folder ?? '.', 'db');
      mkdirSync(beside, { recursive: true });
      const identity = await development(join(beside, 'development-key.json'));
      return { authenticate: identity.authenticate, identity };
    }
    default: {
      const { issuer, audience, jwks } = given;
      if (issuer === undefined || audience === undefined || jwks === undefined || !URL.canParse(jwks))
        throw new UsageError(
          'Callers need bearer tokens: say whose with --issuer, --audience and --jwks, or choose --auth development or --auth none.',
        );
      return { authenticate: bearer({ issuer, audience, keys: new URL(jwks) }), identity: null };
    }
  }
}

function serviceSettings(given: Given) {
  const annotations = given['type-annotations'];
  const typeAnnotations = annotations === 'always' || annotations === 'minimal' ? annotations : undefined;
  return defined<Partial<Settings>>({
    typeAnnotations,
    pageSize: numberOf(given, 'page-size'),
    maxPageSize: numberOf(given, 'max-page-size'),
    statementTime: numberOf(given, 'statement-time'),
    deltaRetention: numberOf(given, 'delta-retention'),
    asyncJobs: numberOf(given, 'async-jobs'),
    asyncRetention: numberOf(given, 'async-retention'),
    repeatRetention: numberOf(given, 'repeat-retention'),
    batchParts: numberOf(given, 'batch-parts'),
    functionTime: numberOf(given, 'function-time'),
    maxStreamSize: numberOf(given, 'max-stream-size'),
  });
}

function httpLimits(given: Given) {
  return defined({
    maxUrlLength: numberOf(given, 'max-url-length'),
    maxBodySize: numberOf(given, 'max-body-size'),
    maxHeaderSize: numberOf(given, 'max-header-size'),
    requestTime: numberOf(given, 'request-time'),
  });
}

/** Without the members that are undefined: those keep their defaults. */
function defined<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}

/** Stops on SIGTERM and SIGINT: no new requests, the running ones are answered, the database is closed. */
export function stopOnSignal(serving: Serving): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    serving.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
