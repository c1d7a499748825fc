import type { BoundUrl, Resource, Step } from '../bind/index.js';
import {
  type EntitySet,
  effectivePermissions,
  type Operation,
  operationPermissions,
  ownerPath,
  type Singleton,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Restriction, unrestricted } from '../plan/index.js';
import type { Method, User } from '../protocol/index.js';
import { encode, type Storage, type Table } from '../tables/index.js';
import type { Engine } from './service.js';

/** What a request does to a resource, in the terms of the Capabilities vocabulary. */
export type Act = 'read' | 'insert' | 'update' | 'delete';

const actOf: Readonly<Record<Method, Act>> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'read',
  POST: 'insert',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'delete',
};

/**
 * Who may do this (threats: every part, every request; design decision 12). Throws Unauthenticated without credentials,
 * InsufficientScope naming what is missing. The model's `Permissions` of the set decide; none stated: any caller may.
 */
export function authorize(url: BoundUrl, method: Method, user: User | null): void {
  const { kind, source } = url.resource;
  if (kind === 'serviceDocument' || kind === 'metadata' || kind === 'batch') return; // parts of a batch come here one by one
  if (user === null)
    throw new ODataError(
      'Unauthenticated',
      'This resource needs a bearer token in the Authorization header.',
      'Authorization',
      {
        headers: { 'WWW-Authenticate': 'Bearer' },
      },
    );
  if (user.unrestricted) return;
  for (const { source: part } of url.resource.sets) requireOneOf(effectivePermissions(part, 'read'), user);
  for (const step of url.resource.steps)
    if (step.kind === 'operation') requireOneOf(operationPermissions(step.operation), user);
  const [first] = url.resource.steps;
  const isGranted =
    first?.kind === 'operation' && (first.operation.kind === 'action' || hasPermissions(first.operation));
  const started = firstSource(url.resource) ?? (isGranted ? null : source);
  if (started !== null) requireOneOf(effectivePermissions(started, actIn(url.resource, method)), user);
}

/** Whether the model itself says who may call an operation. */
export function hasPermissions(operation: Operation): boolean {
  return operationPermissions(operation).length > 0;
}

/** What a request does to what its path begins with. Changing what is contained is changing the entity that contains it. */
function actIn({ kind, steps }: Resource, method: Method): Act {
  const call = steps.findLast((step) => step.kind === 'operation');
  if (call?.kind === 'operation')
    return call.operation.kind === 'function' || hasPermissions(call.operation) ? 'read' : 'update';
  const act = method === 'POST' && kind === 'entityCollection' ? 'insert' : actOf[method];
  const isInside = steps.some((step) => step.kind === 'navigation' || step.kind === 'property');
  return isInside && act !== 'read' ? 'update' : act;
}

/** The set or singleton the path begins with: what is contained inherits its permissions. */
function firstSource(resource: Resource): EntitySet | Singleton | null {
  const [first] = resource.steps;
  return first?.kind === 'entitySet' ? first.set : first?.kind === 'singleton' ? first.singleton : null;
}

function requireOneOf(wanted: readonly string[], user: User): void {
  if (wanted.length === 0 || wanted.some((scope) => user.scopes.has(scope) || user.roles.has(scope))) return;
  throw new ODataError(
    'InsufficientScope',
    `This needs one of the scopes ${wanted.join(', ')}, and the token has none of them.`,
    'Authorization',
    { headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${wanted.join(' ')}"` } },
  );
}

/** A delegated caller acts on its own: whom the set's Owner path names; an application or a scope that says `.All` on everybody's. */
function actsForAll(user: User, source: EntitySet | Singleton, act: Act): boolean {
  if (user.unrestricted) return true;
  const wanted = effectivePermissions(source, act);
  return wanted.some((scope) => user.roles.has(scope) || (user.scopes.has(scope) && scope.endsWith('.All')));
}

/**
 * What the caller may reach (Edmund.V1.Owner): a foreign owner's URL is Forbidden; wherever else an owned set is read, a list
 * or a relationship shows only one's own. Gives a value to be bound into the statement, never text.
 */
export function ownership(url: BoundUrl, method: Method, user: User | null, engine: Engine): Restriction {
  if (user === null || user.unrestricted) return unrestricted;
  const act = actIn(url.resource, method);
  const [first, second] = url.resource.steps;
  const source = firstSource(url.resource);
  const owner = source === null || actsForAll(user, source, act) ? null : ownerPath(source);
  if (first !== undefined && owner !== null && second?.kind === 'key') requireOwnKey(second, owner, user);
  return restrictionFor(user, act, engine);
}

function restrictionFor(user: User, act: Act, engine: Engine): Restriction {
  const owned = new Map<Table, ReturnType<Restriction>>();
  for (const child of engine.model.container?.children.values() ?? []) {
    if (child.kind !== 'entitySet' && child.kind !== 'singleton') continue;
    const owner = ownerPath(child);
    const table = owner === null ? undefined : engine.layout.tableOf(child);
    if (owner === null || table === undefined || actsForAll(user, child, act)) continue;
    const property = child.type.properties.get(owner);
    const storage: Storage | undefined = property === undefined ? undefined : table.storage.get(property);
    if (storage?.kind !== 'column') throw new ODataError('InvalidModel', `The owner of '${child.name}' has no column.`);
    owned.set(table, { column: storage.column, value: encode(storage.column.codec, user.id) });
  }
  return owned.size === 0 ? unrestricted : (table) => owned.get(table) ?? null;
}

function requireOwnKey(step: Extract<Step, { kind: 'key' }>, owner: string, user: User): void {
  const part = step.key.find((candidate) => candidate.properties.at(-1)?.name === owner);
  if (part !== undefined && part.value === user.id) return;
  throw new ODataError(
    'Forbidden',
    'This token acts for its own user only; a scope that ends in .All is needed for others.',
    'Authorization',
  );
}

/** The same text for callers who may see the same. */
export function keyOf(user: User | null, restriction: Restriction, method: Method): string {
  if (user === null || restriction === unrestricted) return '';
  return `${method} ${user.id}\n${[...user.scopes].sort().join(' ')}\n${[...user.roles].sort().join(' ')}`;
}
