import { availabilityOf, type CallStep, kindOf, type Resource, type Step } from '../bind/index.js';
import { annotationOf, memberFlag, recordValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { checkPreconditions } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import type { Client, ClientAnswer } from './client.js';
import type { Exchange } from './context.js';
import { locate, notFound } from './locate.js';
import type { OperationBinding } from './operations.js';
import { needsETag } from './preconditions.js';
import type { Engine } from './service.js';

/** A binding value and where it is. */
export interface Bound {
  readonly binding: OperationBinding;
  /** The path to the binding value. */
  readonly resource: Resource;
  readonly etag: string | null;
}

/** The binding value, read with the rights of the caller; null for an import. Throws ResourceNotFound when there is none. */
export async function bindingOf(
  call: CallStep,
  exchange: Exchange,
  client: Client,
  engine: Engine,
  session: Session,
): Promise<Bound | null> {
  const [parameter] = call.operation.parameters;
  if (call.import !== null || parameter === undefined) {
    await requireAvailable(call, exchange.url.resource, exchange, engine, session);
    return null;
  }
  const { type, collection, nullable } = parameter;
  requireFilterSegment(call, exchange);
  const { resource } = exchange.url;
  const url = `${call.before}${aliasesOf(exchange)}`;
  const kind = kindOf(type, collection);
  const isRead = !collection && kind !== 'stream';
  const answer = isRead ? await client.get(url) : null;
  if (answer !== null && answer.status === 204 && !nullable) throw notFound(exchange.request.url);
  const binding: OperationBinding = {
    url,
    type: type.qualifiedName,
    value: answer === null ? null : bodyValue(answer, kind),
    items: () => allItems(url, exchange, client),
  };
  const steps = resource.steps.slice(0, resource.steps.indexOf(call));
  const bound = { ...resource, kind, collection, steps, source: call.source };
  await requireAvailable(call, bound, exchange, engine, session);
  return { binding, resource: bound, etag: answer?.headers.ETag ?? null };
}

/** A segment `/$filter(…)` before an operation, where the model switches it off (Capabilities.OperationRestrictions). Throws NotImplemented. */
function requireFilterSegment({ operation }: CallStep, { url }: Exchange): void {
  const restrictions = recordValue(annotationOf(operation, 'Org.OData.Capabilities.V1.OperationRestrictions'));
  if (memberFlag(restrictions, 'FilterSegmentSupported') !== false) return;
  if (url.resource.steps.some(({ kind }) => kind === 'filter'))
    throw new ODataError(
      'NotImplemented',
      `The model rules $filter(…) out before '${operation.qualifiedName}'.`,
      '$filter',
    );
}

/** What the model says of when an operation is available (Core.OperationAvailable). Throws Forbidden for never, Conflict for not now. */
async function requireAvailable(
  { operation }: CallStep,
  bound: Resource,
  { restriction }: Exchange,
  engine: Engine,
  session: Session,
): Promise<void> {
  const available = availabilityOf(operation, engine.model);
  if (available === true) return;
  const name = operation.qualifiedName;
  if (available === false)
    throw new ODataError('Forbidden', `'${name}' is not available (Core.OperationAvailable).`, name);
  if (bound.kind !== 'entity' || callsAny(bound)) return;
  const step: Step = { kind: 'filter', variable: available.variable, predicate: available.condition };
  if ((await locate({ ...bound, steps: [...bound.steps, step] }, engine, session, restriction)) === null)
    throw new ODataError('Conflict', `'${name}' is not available for this now (Core.OperationAvailable).`, name);
}

function callsAny({ steps }: Resource): boolean {
  return steps.some(({ kind }) => kind === 'operation');
}

function bodyValue({ body }: ClientAnswer, kind: Resource['kind']): unknown {
  if (body === null || kind === 'primitive') return body?.value ?? null;
  const { '@context': _, ...value } = body;
  return value;
}

/** Aliases of the request that its path may use. */
function aliasesOf({ request }: Exchange): string {
  const mark = request.url.indexOf('?');
  const aliases =
    mark < 0
      ? []
      : request.url
          .slice(mark + 1)
          .split('&')
          .filter((part) => /^(@|%40)/i.test(part));
  return aliases.length === 0 ? '' : `?${aliases.join('&')}`;
}

async function allItems(url: string, { request }: Exchange, client: Client): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    const { body }: ClientAnswer = await client.get(next);
    items.push(...body.value);
    next = body['@nextLink']?.slice(request.base.length);
  }
  return items;
}

/** `If-Match` of an action speaks of what it is bound to (Protocol 11.5.5.1, 8.2.4). */
export async function requireUnchanged(
  bound: Bound,
  exchange: Exchange,
  engine: Engine,
  client: Client,
): Promise<void> {
  const { headers } = exchange.request;
  const required = needsETag(entityOf(bound.resource), engine);
  const isAsked = headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
  if (!required && !isAsked) return;
  const etag = bound.etag ?? (await client.get(bound.binding.url)).headers.ETag ?? null;
  checkPreconditions(etag, headers, 'write', { exists: true, required });
}

/** The path without the properties behind its last entity. */
function entityOf(resource: Resource): Resource {
  const last = resource.steps.findLastIndex(
    ({ kind }) => kind !== 'property' && kind !== 'dynamic' && kind !== 'ordinal',
  );
  return { ...resource, steps: resource.steps.slice(0, last + 1) };
}
