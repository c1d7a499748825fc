import {
  type BoundOptions,
  type BoundUrl,
  bindEntity,
  bindResult,
  bindUrl,
  type CallStep,
  derivesFrom,
  isStructured,
  type KeyValue,
  kindOf,
  type Projection,
  type Resource,
  type Step,
} from '../bind/index.js';
import type { EntityType, ReturnType } from '../edm/index.js';
import { isStreamType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, type JsonObject, nodeOf } from '../payload/index.js';
import { parseUrl } from '../url/index.js';
import type { Exchange } from './context.js';
import { referenceTarget, relativeUrl } from './locate.js';
import type { Engine } from './service.js';

/** A stream that a handler gave. */
export interface StreamResult {
  readonly type: string;
  readonly content: Buffer | AsyncIterable<Uint8Array>;
}

/** What a call came to: a path to what is stored or to values; nothing; or a stream. */
export type Result =
  | { readonly kind: 'path'; readonly steps: readonly Step[]; readonly projection: Projection | null }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'stream'; readonly stream: StreamResult };

type Plain = Readonly<Record<string, unknown>>;

/** What is wrong with a handler is no fault of the client's. */
function mistaken(call: CallStep, what: string, cause?: unknown): ODataError {
  const error = new ODataError('InternalError', `The handler of '${call.operation.qualifiedName}' ${what}.`);
  error.cause = cause;
  return error;
}

/** What a handler gave, as the path that it stands for. Throws InternalError for what does not fit the return type. */
export function resultOf(gave: unknown, call: CallStep, exchange: Exchange, engine: Engine): Result {
  const { returnType } = call.operation;
  const path = (...steps: readonly Step[]): Result => ({ kind: 'path', steps, projection: null });
  if (returnType === null) return { kind: 'nothing' };
  const { type, collection } = returnType;
  const given = isNothing(gave) && collection ? [] : gave;
  if (isNothing(given)) return { kind: 'nothing' };
  if (isQuery(given, returnType)) return queryOf(given.url, call, returnType, exchange, engine);
  if (kindOf(type, collection) === 'stream') return { kind: 'stream', stream: streamOf(given, call) };
  const reference = type.kind !== 'entity' || collection ? null : referenceOf(given, type, call, exchange, engine);
  if (reference !== null) return path(...reference.steps);
  if (type.kind === 'entity' && call.target !== null)
    return path(...entitySteps(given, type, call.target, call, exchange, engine));
  return path(valuesStep(given, call, returnType, engine));
}

function isNothing(gave: unknown): gave is null | undefined {
  return gave === null || gave === undefined;
}

/** `{ url }`, unless the type itself has such a property. */
function isQuery(given: unknown, { type }: ReturnType): given is { readonly url: string } {
  if (typeof given !== 'object' || given === null || !('url' in given) || typeof given.url !== 'string') return false;
  return type.kind === 'entity' ? !type.properties.has('url') : isStreamType(type);
}

function queryOf(url: string, call: CallStep, returned: ReturnType, exchange: Exchange, engine: Engine): Result {
  const bound = boundQuery(url, call, exchange, engine);
  const { resource, options } = bound;
  const fits =
    resource.kind === kindOf(returned.type, returned.collection) &&
    (!isStructured(returned.type) || (isStructured(resource.type) && derivesFrom(resource.type, returned.type)));
  if (!fits) throw mistaken(call, `gave '${url.slice(0, 200)}', which is not what it should return`);
  if (options.compute.length > 0 || options.apply !== null || options.count || options.skiptoken !== null)
    throw mistaken(call, 'gave a query with more than $filter, $search, $orderby, $skip, $top, $select and $expand');
  const steps = isPlain(options) ? resource.steps : [...resource.steps, { kind: 'query', options } as const];
  const { projection } = options;
  const isShaped = projection !== null && (projection.selected !== null || projection.expanded.length > 0);
  return { kind: 'path', steps, projection: isShaped ? projection : null };
}

function isPlain({ filter, search, orderby, skip, top }: BoundOptions): boolean {
  return filter === null && search === null && orderby.length === 0 && skip === null && top === null;
}

function boundQuery(url: string, call: CallStep, { request }: Exchange, engine: Engine): BoundUrl {
  const relative = relativeUrl(url, request.base);
  try {
    if (relative !== null) return bindUrl(parseUrl(relative), engine.model, request.base);
  } catch (error) {
    throw mistaken(call, `gave the URL '${url.slice(0, 200)}': ${error instanceof Error ? error.message : ''}`, error);
  }
  throw mistaken(call, `gave '${url.slice(0, 200)}', which is no URL of this service`);
}

/** Entities of a set are what is stored there: the handler says which ones. */
function entitySteps(
  given: unknown,
  type: EntityType,
  target: readonly Step[],
  call: CallStep,
  exchange: Exchange,
  engine: Engine,
): readonly Step[] {
  const { returnType } = call.operation;
  if (isSingle(target.at(-1))) return target;
  if (returnType?.collection === true) {
    const keys = itemsOf(given, call).map((item) => keyOf(item, type, call, exchange, engine));
    return [...target, { kind: 'among', keys }];
  }
  return [...target, { kind: 'key', key: keyOf(given, type, call, exchange, engine), alternate: false }];
}

function isSingle(step: Step | undefined): boolean {
  return step?.kind === 'singleton' || (step?.kind === 'navigation' && !step.property.collection);
}

/** An array, or the body of an answer that holds one. */
function itemsOf(given: unknown, call: CallStep): readonly unknown[] {
  if (Array.isArray(given)) return given;
  const value = isObject(given) ? given.value : undefined;
  if (Array.isArray(value)) return value;
  throw mistaken(call, 'gave no array');
}

function isObject(given: unknown): given is Plain {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** The path that an `@id` names. */
function referenceOf(
  given: unknown,
  type: EntityType,
  call: CallStep,
  { request }: Exchange,
  engine: Engine,
): Resource | null {
  if (!isObject(given)) return null;
  const url = given['@id'] ?? given['@odata.id'];
  if (typeof url !== 'string') return null;
  try {
    return referenceTarget({ url, target: '' }, type, { base: request.base, url: '' }, engine);
  } catch (error) {
    throw mistaken(call, `named '${url.slice(0, 200)}', which is no entity that it could return`, error);
  }
}

/** The key of an entity that was given by its id, or with the properties of its key. */
function keyOf(
  given: unknown,
  type: EntityType,
  call: CallStep,
  exchange: Exchange,
  engine: Engine,
): readonly KeyValue[] {
  const last = referenceOf(given, type, call, exchange, engine)?.steps.findLast(({ kind }) => kind === 'key');
  if (last?.kind === 'key' && !last.alternate) return last.key;
  const members = isObject(given) ? Object.entries(given) : [];
  const names = new Set(type.key.map(({ path }) => path.split('/', 1)[0]));
  const node = nodeOf(Object.fromEntries(members.filter(([name]) => names.has(name))));
  const { key } = within(call, () => bindEntity(node, { ...reading(engine), purpose: 'merge', type }));
  return type.key.map(({ properties, path }) => {
    const property = properties.at(-1);
    const value = property === undefined ? undefined : key.get(property);
    if (value === undefined || value === null) throw mistaken(call, `gave an entity without its key '${path}'`);
    return { properties, value };
  });
}

function valuesStep(given: unknown, call: CallStep, returned: ReturnType, engine: Engine): Step {
  const node = within(call, () => nodeOf(returned.collection ? itemsOf(given, call) : given));
  const value = within(call, () => bindResult(withoutEnvelope(node, returned), returned, reading(engine)));
  return { kind: 'values', place: returned, value };
}

/** The body of an answer with a primitive value is what it holds. */
function withoutEnvelope(node: JsonNode, { type, collection }: ReturnType): JsonNode {
  if (collection || node.kind !== 'object' || isStructured(type)) return node;
  return [...(node satisfies JsonObject).members].find(([name]) => name === 'value')?.[1] ?? node;
}

function reading({ model }: Engine) {
  return { model, version: '4.01', strict: false, ieee754Compatible: true, seeding: true } as const;
}

/** What a handler gave is read like a body; its problems are the handler's. */
function within<T>(call: CallStep, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ODataError && error.code === 'InternalError') throw error;
    const details = error instanceof ODataError ? [error, ...error.details].map(({ message }) => message) : [];
    throw mistaken(call, `gave something that it should not return. ${details.join(' ')}`, error);
  }
}

function streamOf(given: unknown, call: CallStep): StreamResult {
  if (isObject(given) && typeof given.type === 'string') {
    const { type, content } = given;
    if (typeof content === 'string') return { type, content: Buffer.from(content) };
    if (content instanceof Uint8Array) return { type, content: Buffer.from(content) };
    if (isReadable(content)) return { type, content };
  }
  throw mistaken(call, 'gave no stream, such as { type: "text/plain", content: "…" }');
}

function isReadable(content: unknown): content is AsyncIterable<Uint8Array> {
  return typeof content === 'object' && content !== null && Symbol.asyncIterator in content;
}
