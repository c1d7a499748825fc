import {
  type ArgumentValue,
  bindParameters,
  type CallStep,
  kindOf,
  type OperationArguments,
  ownParameters,
  type Resource,
  type Step,
} from '../bind/index.js';
import type { Parameter } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { authorize, hasPermissions, ownership } from './access.js';
import { bodyContext, receiveBody, wholeBody } from './body.js';
import { type Client, clientFor } from './client.js';
import type { Exchange, Handler } from './context.js';
import { entityUrl } from './describe.js';
import { notFound, readingSession } from './locate.js';
import { bindingOf, requireUnchanged } from './operation-binding.js';
import { callEach, invokeEach } from './operation-each.js';
import { type Result, resultOf, type StreamResult } from './operation-result.js';
import { absentValue, handlerOf, type OperationBinding, type OperationCall } from './operations.js';
import { plainChange, plainValueOf } from './plain.js';
import { readCollectionIn, readOne } from './read.js';
import { requireAcceptable } from './read-stream.js';
import { refusalOf } from './refusal.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { inTransaction } from './transaction.js';

/** What a path came to once its function was called. */
export type Called =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  /** The results for the members of a collection, answered already. */
  | { readonly kind: 'answer'; readonly response: ODataResponse }
  | Exclude<Result, { kind: 'path' }>;

/** True when a function must be called before a path leads anywhere. */
export function callsFunction({ steps }: Resource): boolean {
  return steps.some((step) => step.kind === 'operation' && step.operation.kind === 'function');
}

/**
 * Calls the last function of a path (Protocol 11.5.4.1) and puts what it gives in its place; functions before it are called when its
 * binding value is read. Throws what the handler refuses, ResourceNotFound where something should follow nothing.
 */
export async function callFunction(exchange: Exchange, engine: Engine): Promise<Called> {
  const { call, behind } = lastCall(exchange.url.resource);
  const handler = handlerOf(call.operation, engine);
  if (call.each) return { kind: 'answer', response: await callEach(call, exchange, engine) };
  const client = readingOnly(clientFor(exchange.request, engine, null), call);
  const bound = await bindingOf(call, exchange, client, engine, readingSession(engine));
  const told = callFor(call, call.arguments, bound?.binding ?? null, exchange, client);
  const gave = await inTime(engine, () => handled(() => handler(told), call));
  const result = resultOf(gave, call, exchange, engine);
  if (result.kind === 'nothing' && (behind.length > 0 || exchange.url.resource.kind !== 'function'))
    throw notFound(exchange.request.url);
  return result.kind === 'path'
    ? { kind: 'exchange', exchange: resultExchange(result, behind, exchange, engine) }
    : result;
}

/** Answers a function that gave nothing, or a stream. */
export function answerCalled(called: Exclude<Called, { kind: 'exchange' }>, exchange: Exchange): ODataResponse {
  if (called.kind === 'answer') return called.response;
  const { call } = lastCall(exchange.url.resource);
  return called.kind === 'stream' ? streamResponse(called.stream, exchange) : nothing(call, exchange, {});
}

/** POST to an action (Protocol 11.5.5.1): its handler runs in one write transaction, and what it gives is read there. */
export const invokeAction: Handler = async (exchange, engine) => {
  const { call } = lastCall(exchange.url.resource);
  const handler = handlerOf(call.operation, engine);
  const given = receiveParameters(call, exchange, engine);
  if (call.each) return invokeEach(call, exchange, engine);
  return inTransaction(exchange, engine, async ({ session }) => {
    const client = clientFor(exchange.request, engine, session);
    const bound = await bindingOf(call, exchange, client, engine, session);
    if (bound !== null) await requireUnchanged(bound, exchange, engine, client);
    const told = callFor(call, given, bound?.binding ?? null, exchange, client);
    return actionAnswer(await handled(() => handler(told), call), call, exchange, engine, session);
  });
};

function lastCall({ steps }: Resource): { readonly call: CallStep; readonly behind: readonly Step[] } {
  const at = steps.findLastIndex(({ kind }) => kind === 'operation');
  const call = steps[at];
  if (call?.kind !== 'operation') throw new ODataError('InternalError', 'There is nothing to call.');
  return { call, behind: steps.slice(at + 1) };
}

/** The body of an action; without parameters it may be empty (Protocol 11.5.5.1, JSON 18). */
function receiveParameters({ operation }: CallStep, exchange: Exchange, engine: Engine): OperationArguments {
  const { request } = exchange;
  const isEmpty = request.stream === undefined && wholeBody(request).length === 0;
  const body = isEmpty ? null : receiveBody(exchange);
  const content = body?.content ?? { version: exchange.negotiated.version, ieee754Compatible: false };
  return bindParameters(body?.node ?? null, ownParameters(operation), bodyContext(content, 'insert', exchange, engine));
}

function callFor(
  { operation }: CallStep,
  given: OperationArguments,
  binding: OperationBinding | null,
  { request }: Exchange,
  odata: Client,
): OperationCall {
  const parameters: Record<string, unknown> = {};
  for (const parameter of ownParameters(operation)) {
    const value = argumentOf(parameter, given.get(parameter));
    if (value !== undefined) parameters[parameter.name] = value;
  }
  return {
    name: operation.qualifiedName,
    binding,
    parameters,
    user: request.user,
    requestId: request.requestId,
    odata,
  };
}

/** A parameter's value as plain JSON; of one that was left out its default, null, or nothing (Protocol 11.5.5.1). */
function argumentOf(parameter: Parameter, given: ArgumentValue | undefined): unknown {
  if (given === undefined) return absentValue(parameter);
  switch (given.kind) {
    case 'entity':
      return plainChange(given);
    case 'reference':
      return { '@id': given.url };
    case 'entities':
      return given.items.map((item) => (item.kind === 'entity' ? plainChange(item) : { '@id': item.url }));
    default:
      return plainValueOf(given, parameter.type);
  }
}

/** A function has no side effects (Protocol 11.5.4). */
function readingOnly(client: Client, { operation }: CallStep): Client {
  const refuse = async (): Promise<never> => {
    throw new ODataError('InternalError', `The function '${operation.qualifiedName}' may only read.`);
  };
  return { get: client.get, post: refuse, patch: refuse, put: refuse, delete: refuse };
}

/** A refusal of a handler is an ODataError, or any error with one of its codes; everything else is the handler's own failure. */
async function handled(work: () => unknown, { operation }: CallStep): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== null) throw refusal;
    const failed = new ODataError('InternalError', `The handler of '${operation.qualifiedName}' failed.`);
    failed.cause = error;
    throw failed;
  }
}

/** A function has as long as its setting says; an action as long as any transaction. */
async function inTime<T>({ settings }: Engine, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new ODataError(
      'QueryTimeout',
      `The function takes longer than ${settings.functionTime} milliseconds (setting 'functionTime').`,
    );
    timer = setTimeout(() => reject(error), settings.functionTime);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The exchange as if its path had been what the handler gave. */
function resultExchange(
  { steps, projection }: Extract<Result, { kind: 'path' }>,
  behind: readonly Step[],
  exchange: Exchange,
  engine: Engine,
): Exchange {
  const { request } = exchange;
  const { options, resource } = exchange.url;
  const { call } = lastCall(resource);
  const { returnType } = call.operation;
  const isEnd = resource.kind === 'function' || resource.kind === 'action';
  const kind = isEnd && returnType !== null ? kindOf(returnType.type, returnType.collection) : resource.kind;
  const own = options.projection;
  const isShaped = own !== null && (own.selected !== null || own.expanded.length > 0);
  const shaped = isEnd && projection !== null && !isShaped ? { ...options, projection } : options;
  const url = { resource: { ...resource, kind, steps: [...steps, ...behind] }, options: shaped };
  const isAction = resource.kind === 'action';
  const method = isAction ? 'GET' : request.method;
  if (!isAction && (method !== 'GET' || !hasPermissions(call.operation))) authorize(url, method, request.user);
  return { ...exchange, url, key: null, restriction: ownership(url, method, request.user, engine) };
}

async function actionAnswer(
  gave: unknown,
  call: CallStep,
  exchange: Exchange,
  engine: Engine,
  session: Session,
): Promise<ODataResponse> {
  const { preferences, request } = exchange;
  const result = resultOf(gave, call, exchange, engine);
  const applied = appliedHeaders(exchange, { return: call.operation.returnType === null ? null : preferences.return });
  if (result.kind === 'nothing') return nothing(call, exchange, applied);
  if (result.kind === 'stream') return streamResponse(result.stream, exchange);
  const read = resultExchange(result, [], exchange, engine);
  const created = isCreated(gave) && read.url.resource.kind === 'entity';
  const location = created ? `${request.base}${entityUrl(read.url.resource)}` : null;
  const placed: Record<string, string> = location === null ? {} : { Location: location };
  if (preferences.return === 'minimal')
    return emptyResponse({ ...placed, ...(location === null ? {} : { 'OData-EntityId': location }), ...applied });
  const headers = { ...placed, ...applied };
  return read.url.resource.collection
    ? readCollectionIn(read, engine, session, headers)
    : readOne(read, engine, session, created ? 201 : 200, headers);
}

function isCreated(gave: unknown): boolean {
  return typeof gave === 'object' && gave !== null && 'created' in gave && gave.created === true;
}

/** No result: 204 where the return type allows it, and for an action that returns nothing (Protocol 11.5.4.1, 11.5.5.1). */
function nothing(call: CallStep, exchange: Exchange, headers: Readonly<Record<string, string>>): ODataResponse {
  const { returnType } = call.operation;
  if (returnType === null || returnType.nullable) return emptyResponse(headers);
  throw notFound(exchange.request.url);
}

function streamResponse({ type, content }: StreamResult, exchange: Exchange): ODataResponse {
  requireAcceptable({ type }, exchange);
  const described = { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' };
  return Buffer.isBuffer(content)
    ? { status: 200, headers: described, body: content }
    : { status: 200, headers: described, body: null, stream: content };
}
