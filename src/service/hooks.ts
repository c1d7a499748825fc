import { bindEntity, type EntityChange, type Resource } from '../bind/index.js';
import type { Model } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { parseJson } from '../payload/index.js';
import type { ODataRequest, ODataResponse, User } from '../protocol/index.js';
import type { Layout, Table } from '../tables/index.js';
import { type Applying, typeOfRow } from './applying.js';
import { type Client, clientFor } from './client.js';
import type { Exchange } from './context.js';
import type { StoredRow } from './locate.js';
import { plainChange } from './plain.js';
import { refusalOf } from './refusal.js';
import { pathOfTable, urlOfRow } from './row-url.js';
import type { Engine } from './service.js';

/** What can be hooked. */
export type HookedAct = 'create' | 'update' | 'delete' | 'read';

/** What a hook is told of. */
export interface HookChange {
  readonly act: HookedAct;
  /** The name under which the hook stands: `Products`, `Orders/Lines`. */
  readonly name: string;
  /** Qualified name of the entity's type; of a collection that is read, the declared one. */
  readonly type: string;
  /** URL of the entity relative to the service root; of a new one before it is there, and of a collection, null. */
  readonly url: string | null;
  /** What is sent, as plain JSON; of a reading what is answered; of a deletion null. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** What a hook can work with. */
export interface HookContext {
  readonly user: User | null;
  readonly requestId: string;
  /** OData to the service itself, inside the transaction of a change. */
  readonly odata: Client;
}

/**
 * An ODataError that it throws, or any error with one of its codes, refuses, and everything is undone. What a hook before a creation or update returns are values to be
 * set besides those that were sent, computed ones included; what a hook after a reading returns is answered instead.
 */
export type Hook = (change: HookChange, context: HookContext) => unknown | Promise<unknown>;

/** Hooks by the name of a set or singleton, or the path of a contained navigation property: `Orders/Lines`. */
export type Hooks = Readonly<
  Record<
    string,
    {
      readonly before?: Readonly<Partial<Record<HookedAct, Hook>>>;
      readonly after?: Readonly<Partial<Record<HookedAct, Hook>>>;
    }
  >
>;

const moments: ReadonlySet<string> = new Set(['before', 'after']);
const acts: ReadonlySet<string> = new Set(['create', 'update', 'delete', 'read']);

/** Hooks that name something the model does not have would never be called. Throws InvalidModel. */
export function checkHooks(hooks: Hooks, layout: Layout): void {
  const names = new Set(layout.tables.map(pathOfTable));
  for (const [name, hooked] of Object.entries(hooks)) {
    if (!names.has(name))
      throw new ODataError('InvalidModel', `There are hooks for '${name}', which the model does not have.`, name);
    for (const [moment, functions] of Object.entries(hooked)) {
      if (!moments.has(moment))
        throw new ODataError('InvalidModel', `'${moment}' is no moment of a hook; use before or after.`, name);
      for (const [act, hook] of Object.entries(functions ?? {}))
        if (!acts.has(act) || typeof hook !== 'function')
          throw new ODataError(
            'InvalidModel',
            `'${moment}.${act}' of '${name}' should be a function for create, update, delete or read.`,
            name,
          );
    }
  }
}

function hookOf(engine: Engine, name: string, moment: 'before' | 'after', act: HookedAct): Hook | undefined {
  const hooked = Object.hasOwn(engine.hooks, name) ? engine.hooks[name] : undefined;
  const hook = hooked?.[moment]?.[act];
  return hook === undefined ? undefined : (change, context) => refusing(hook, change, context);
}

async function refusing(hook: Hook, change: HookChange, context: HookContext): Promise<unknown> {
  try {
    return await hook(change, context);
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** Calls the hook before a creation or update; gives the change with the values that it sets. */
export async function beforeChange(
  applying: Applying,
  act: 'create' | 'update',
  table: Table,
  change: EntityChange,
  row: StoredRow | null,
): Promise<EntityChange> {
  const name = pathOfTable(table);
  const hook = hookOf(applying.engine, name, 'before', act);
  if (hook === undefined || applying.request === null) return change;
  const url = row === null ? null : await urlOfRow(applying, row);
  const told: HookChange = { act, name, type: change.type.qualifiedName, url, body: plainChange(change) };
  const set = await hook(told, contextFor(applying, applying.request));
  return set === undefined || set === null ? change : withValues(change, set, applying.engine.model);
}

/** The values a hook returns, read like a body in which everything counts. */
function withValues(change: EntityChange, set: unknown, model: Model): EntityChange {
  const read = bindEntity(parseJson(JSON.stringify(set)), {
    model,
    type: change.type,
    purpose: 'merge',
    version: '4.01',
    strict: false,
    ieee754Compatible: true,
    seeding: true,
    target: change.target,
  });
  return {
    ...change,
    key: new Map([...change.key, ...read.key]),
    properties: new Map([...change.properties, ...read.properties]),
    dynamic: new Map([...change.dynamic, ...read.dynamic]),
    navigation: new Map([...change.navigation, ...read.navigation]),
  };
}

/** Calls the hook after a creation or update. */
export async function afterChange(
  applying: Applying,
  act: 'create' | 'update',
  row: StoredRow,
  change: EntityChange,
): Promise<void> {
  const name = pathOfTable(row.table);
  const hook = hookOf(applying.engine, name, 'after', act);
  if (hook === undefined || applying.request === null) return;
  const url = await urlOfRow(applying, row);
  await hook(
    { act, name, type: typeOfRow(row).qualifiedName, url, body: plainChange(change) },
    contextFor(applying, applying.request),
  );
}

/** Calls a hook around a deletion. What the database removes along with an entity is not told one by one. */
export async function aroundDelete(
  applying: Applying,
  moment: 'before' | 'after',
  row: StoredRow,
  url: string | null,
): Promise<void> {
  const name = pathOfTable(row.table);
  const hook = hookOf(applying.engine, name, moment, 'delete');
  if (hook === undefined || applying.request === null) return;
  await hook(
    { act: 'delete', name, type: typeOfRow(row).qualifiedName, url, body: null },
    contextFor(applying, applying.request),
  );
}

/** Whether a deletion is to be told. */
export function tellsDelete(applying: Applying, table: Table): boolean {
  const name = pathOfTable(table);
  return (
    hookOf(applying.engine, name, 'before', 'delete') !== undefined ||
    hookOf(applying.engine, name, 'after', 'delete') !== undefined
  );
}

function contextFor({ engine, session }: Applying, request: ODataRequest): HookContext {
  return { user: request.user, requestId: request.requestId, odata: clientFor(request, engine, session) };
}

/** Reads with the hooks of what is read around it: of the entities a path leads to or into. What is expanded is not told. */
export async function hookedRead(
  exchange: Exchange,
  engine: Engine,
  read: () => Promise<ODataResponse>,
): Promise<ODataResponse> {
  const { resource } = exchange.url;
  const { request } = exchange;
  const name = nameOf(resource);
  const before = hookOf(engine, name, 'before', 'read');
  const after = hookOf(engine, name, 'after', 'read');
  if (before === undefined && after === undefined) return read();
  const context = { user: request.user, requestId: request.requestId, odata: clientFor(request, engine, null) };
  const type = resource.type?.qualifiedName ?? '';
  const url = request.url.split('?', 1)[0] ?? '';
  const told = { act: 'read', name, type, url: resource.collection ? null : url } as const;
  await before?.({ ...told, body: null }, context);
  const response = await read();
  const isJson = response.headers['Content-Type']?.startsWith('application/json') ?? false;
  if (after === undefined || response.status !== 200 || response.body === null || !isJson) return response;
  const instead = await after({ ...told, body: JSON.parse(response.body.toString()) }, context);
  return instead === undefined ? response : { ...response, body: JSON.stringify(instead) };
}

/** A set or singleton, and the contained navigation properties behind it. */
function nameOf({ source, steps }: Resource): string {
  const start = steps.findLastIndex((step) => step.kind === 'navigation' && !step.property.containsTarget);
  const contained = steps.slice(start + 1).flatMap((step) => (step.kind === 'navigation' ? [step.property.name] : []));
  return [source?.name ?? '', ...contained].join('/');
}
