import { availabilityOf, ownParameters } from '../bind/index.js';
import { isTagged, type Model, type Operation, type Parameter, parseValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { User } from '../protocol/index.js';
import type { Client } from './client.js';
import { plainValueOf } from './plain.js';
import type { Engine } from './service.js';

/** What an operation is bound to. */
export interface OperationBinding {
  /** Relative to the service root, for the `odata` client. */
  readonly url: string;
  /** Qualified name of the declared type, of its items for a collection. */
  readonly type: string;
  /** A single value as JSON, an entity with its `@etag`; null for a collection: `items` reads that. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of whatever the operation is bound to
  readonly value: any;
  /** The items of a collection, all pages of it. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of whatever the operation is bound to
  items(): Promise<readonly any[]>;
}

/** One call of an operation. */
export interface OperationCall {
  /** The qualified name. */
  readonly name: string;
  /** null: it is not bound. */
  readonly binding: OperationBinding | null;
  /** Values as plain JSON by name, defaults filled in; an entity reference is `{ '@id': … }`; an optional parameter that was left out is missing. */
  // biome-ignore lint/suspicious/noExplicitAny: values of every type
  readonly parameters: Readonly<Record<string, any>>;
  readonly user: User | null;
  readonly requestId: string;
  /** OData to the service itself with the rights of the caller; of an action, inside its transaction. A function only reads. */
  readonly odata: Client;
}

/**
 * Gives the result as plain JSON. Entities of an entity set are named by their keys, `{ '@id': … }` or a query `{ url: 'Products?$top=3' }`
 * and read back; `{ url, created: true }` is one that the action has created; a stream is `{ type, content }`.
 * `throw new ODataError(…)` refuses, and everything an action did is undone.
 */
export type OperationHandler = (call: OperationCall) => unknown | Promise<unknown>;

/**
 * The handler of a function that does nothing but compute: the same parameters, the binding one among them by its name, always give the
 * same value. It may be called within `$filter`, `$orderby` and `$compute`, for every item, and never waits.
 */
export interface PureHandler {
  // biome-ignore lint/suspicious/noExplicitAny: values of every type
  readonly pure: (parameters: any) => unknown;
}

/** Handlers by qualified name; one overload of several also by the names of its parameters, `NS.F(a,b)`, without the binding one. */
export type Operations = Readonly<Record<string, OperationHandler | PureHandler>>;

function signatureOf(operation: Operation): string {
  const names = ownParameters(operation).map(({ name }) => name);
  return `${operation.qualifiedName}(${names.join(',')})`;
}

function entryIn(operations: Operations, operation: Operation): OperationHandler | PureHandler | null {
  const key = [signatureOf(operation), operation.qualifiedName].find((name) => Object.hasOwn(operations, name));
  return key === undefined ? null : (operations[key] ?? null);
}

/** Whether somebody handles an operation. */
export function hasHandler(operations: Operations, operation: Operation): boolean {
  return entryIn(operations, operation) !== null;
}

/** The pure handler of a function; null: it has none. */
export function pureIn(operations: Operations, operation: Operation): PureHandler['pure'] | null {
  const entry = entryIn(operations, operation);
  return operation.kind === 'action' || entry === null || typeof entry === 'function' ? null : entry.pure;
}

/** The handler of an operation. Throws NotImplemented when there is none. */
export function handlerOf(operation: Operation, { operations }: Pick<Engine, 'operations'>): OperationHandler {
  const entry = entryIn(operations, operation);
  if (typeof entry === 'function') return entry;
  if (entry !== null) return ({ binding, parameters }) => called(entry, operation, binding, parameters);
  throw new ODataError(
    'NotImplemented',
    `'${operation.qualifiedName}' is declared, but this service has no handler for it.`,
    operation.qualifiedName,
  );
}

async function called(
  { pure }: PureHandler,
  { parameters: [first] }: Operation,
  binding: OperationBinding | null,
  own: OperationCall['parameters'],
): Promise<unknown> {
  if (binding === null || first === undefined) return pure(own);
  return pure({ ...own, [first.name]: first.collection ? await binding.items() : binding.value });
}

/** What stands for a parameter that was left out: its default, null, or nothing (Protocol 11.5.5.1). */
export function absentValue({ type, optional, collection }: Parameter): unknown {
  if (optional === null) return collection ? [] : null;
  const text = optional.defaultValue;
  if (text === null || collection || type.kind === 'entity' || type.kind === 'complex' || type.kind === 'abstract')
    return undefined;
  return plainValueOf({ kind: 'value', value: parseValue(type, text) }, type);
}

/** Handlers that name something the model does not have would never be called. Throws InvalidModel. */
export function checkOperations(operations: Operations, model: Model): void {
  for (const [key, handler] of Object.entries(operations)) {
    const [name = ''] = key.split('(', 1);
    const declared = model.operations(name);
    if (!declared.some((operation) => key === name || key === signatureOf(operation)))
      throw new ODataError('InvalidModel', `There is a handler for '${key}', which the model does not have.`, key);
    const isPure = typeof handler === 'object' && handler !== null && typeof handler.pure === 'function';
    if (typeof handler !== 'function' && !(isPure && declared.every(({ kind }) => kind === 'function')))
      throw new ODataError('InvalidModel', `The handler of '${key}' should be a function.`, key);
  }
  for (const { actions, functions } of model.schemas.values())
    for (const operation of [...actions.values(), ...functions.values()].flat()) checkAvailability(operation, model);
}

function checkAvailability(operation: Operation, model: Model): void {
  try {
    availabilityOf(operation, model);
  } catch (error) {
    const { qualifiedName } = operation;
    const why = error instanceof ODataError ? error.message : '';
    throw new ODataError('InvalidModel', `Core.OperationAvailable of '${qualifiedName}': ${why}`, qualifiedName);
  }
}

/** What clients could call and nobody handles, by signature: bound operations, and unbound ones with an import. */
export function unhandled(operations: Operations, model: Model): readonly string[] {
  const found = new Set<string>();
  for (const child of model.container?.children.values() ?? []) {
    const overloads =
      child.kind === 'actionImport' ? child.actions : child.kind === 'functionImport' ? child.functions : [];
    for (const operation of overloads) found.add(entryIn(operations, operation) === null ? signatureOf(operation) : '');
  }
  for (const { actions, functions } of model.schemas.values())
    for (const operation of [...actions.values(), ...functions.values()].flat())
      if (operation.bound && !isTagged(operation, 'Edmund.V1.Changes') && entryIn(operations, operation) === null)
        found.add(signatureOf(operation));
  found.delete('');
  return [...found].sort();
}
