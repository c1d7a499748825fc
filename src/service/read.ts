import { ODataError } from '../errors.js';
import { collectionEnvelope, entityEnvelope, propertyEnvelope } from '../payload/index.js';
import { type Mark, nextLink, type Page } from '../plan/index.js';
import { checkPreconditions, type ODataResponse } from '../protocol/index.js';
import type { Row, Session } from '../store/index.js';
import { collectionMembers } from './advertise.js';
import { type Exchange, type Handler, omitted } from './context.js';
import { contextOf } from './describe.js';
import { notFound } from './locate.js';
import { beginOf, pageSizeOf, queryOf } from './page.js';
import { rawBody } from './raw-value.js';
import { appliedHeaders, emptyResponse, jsonResponse, textResponse } from './response.js';
import type { Engine } from './service.js';
import { type Prepared, prepared, run } from './statements.js';

/** A single resource is one page. */
export const wholePage: Page = { size: 1, from: null, returned: 0 };

/** GET of a collection (Protocol 11.2.6): one statement for items, count, and what the next link needs. */
export const readCollection: Handler = (exchange, engine) => readCollectionIn(exchange, engine, null, {});

/** A collection, also as answer to a modification, read inside its transaction. */
export async function readCollectionIn(
  exchange: Exchange,
  engine: Engine,
  session: Session | null,
  headers: Readonly<Record<string, string>>,
): Promise<ODataResponse> {
  const page = pageOf(exchange, engine, beginOf(exchange, engine));
  const reading = prepared(exchange, engine, page);
  const [row] = await run(reading, engine, session);
  const next = (keys: string) => {
    const returned = page.returned + reading.take;
    const { base } = exchange.request;
    return nextLink({ ...queryOf(exchange), base, kept: reading.kept, returned }, keys, engine.key);
  };
  return collectionAnswer(
    exchange,
    { reading, row, page, next, deltaLink: null, members: collectionMembers(exchange, engine) },
    headers,
  );
}

/** The page that is asked for. */
export function pageOf(exchange: Exchange, engine: Engine, mark: Mark | null): Page {
  return { size: pageSize(exchange, engine), from: mark?.from ?? null, returned: mark?.returned ?? 0 };
}

/** What a collection is answered from. */
interface CollectionRead {
  readonly reading: Prepared;
  readonly row: Row | undefined;
  readonly page: Page;
  /** What stands beside the items, as JSON texts. */
  readonly members?: ReadonlyMap<string, string>;
  /** The link to the page that begins with a row, given its sort values. */
  readonly next: (keys: string) => string;
  /** Stands on the last page. */
  readonly deltaLink: string | null;
}

/** A page of a collection around the items that the statement has written. */
export function collectionAnswer(
  exchange: Exchange,
  { reading, row, page, next, deltaLink, members = new Map() }: CollectionRead,
  headers: Readonly<Record<string, string>>,
): ODataResponse {
  const { negotiated, request, preferences } = exchange;
  if (row === undefined || reading.kind !== 'collection')
    throw new ODataError('InternalError', 'A collection gave no answer.');
  const [items, count, keys, total, parent, etag] = row;
  if (parent === 0n) throw notFound(request.url);
  const more = Number(count) > reading.take && leftToReturn(exchange, page) > reading.take && reading.sorted;
  const frame = {
    context: contextOf(exchange),
    count: typeof total === 'bigint' ? total : null,
    nextLink: more ? next(keysOf(keys, reading.take)) : null,
    deltaLink,
    version: negotiated.version,
    ieee754Compatible: negotiated.ieee754Compatible,
    members,
  };
  const applied = {
    maxPageSize: preferences.maxPageSize === null ? null : page.size,
    omitValues: isStructuredKind(exchange) ? omitted(exchange) : null,
    trackChanges: deltaLink !== null && page.from === null && preferences.trackChanges,
  };
  return jsonResponse(200, collectionEnvelope(frame, withoutLast(items, Number(count) > reading.take)), exchange, {
    ...appliedHeaders(exchange, applied),
    ...(typeof etag === 'string' ? { ETag: etag } : {}),
    ...headers,
  });
}

function leftToReturn(exchange: Exchange, page: Page): number {
  const { top } = exchange.url.options;
  return top === null ? Number.POSITIVE_INFINITY : top - page.returned;
}

/** A collection of values has no sort values to go on from: it is one page. */
export function pageSize({ url, preferences }: Exchange, engine: Engine): number {
  const { resource, options } = url;
  const isOfValues = /^(primitive|complex)/.test(resource.kind) || resource.steps[0]?.kind === 'values';
  if (isOfValues) return Number.MAX_SAFE_INTEGER - 1;
  const last = resource.steps.findLast((step) => step.kind === 'entitySet' || step.kind === 'navigation');
  const of = last === undefined ? null : last.kind === 'entitySet' ? last.set : last.property;
  return pageSizeOf(of, options.top, preferences, engine);
}

/** Rows come one a line; the one more that was asked for only tells that there is a next page. */
export function withoutLast(items: unknown, more: boolean): Buffer {
  if (!Buffer.isBuffer(items)) return Buffer.alloc(0);
  if (!more) return items;
  const end = items.lastIndexOf(10);
  return end < 0 ? Buffer.alloc(0) : items.subarray(0, end - 1);
}

/** The sort values of the n-th row. */
export function keysOf(keys: unknown, row: number): string {
  const line = typeof keys === 'string' ? keys.split('\n')[row] : undefined;
  if (line === undefined) throw new ODataError('InternalError', 'A page without sort values.');
  return line;
}

/** GET of an entity or complex value (Protocol 11.2.2, 11.2.4). */
export const readSingle: Handler = async (exchange, engine) => readOne(exchange, engine, null, 200, {});

/** The representation of a single resource, also as answer to a modification, read inside its transaction. */
export async function readOne(
  exchange: Exchange,
  engine: Engine,
  session: Session | null,
  status: number,
  headers: Readonly<Record<string, string>>,
): Promise<ODataResponse> {
  const [row] = await run(prepared(exchange, engine, wholePage), engine, session);
  return singleAnswer(exchange, row, { conditional: session === null, status, headers });
}

/** The answer with a single resource that the statement has written; `conditional`: preconditions of a reading are looked at. */
export function singleAnswer(
  exchange: Exchange,
  row: Row | undefined,
  {
    conditional,
    status,
    headers,
  }: {
    readonly conditional: boolean;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  },
): ODataResponse {
  const { url, request, negotiated } = exchange;
  if (row === undefined) throw notFound(request.url);
  const [item, etag, there] = row;
  if (there === 0n) return unrelated(exchange);
  if (!Buffer.isBuffer(item)) return noContent(exchange, etag);
  const entityTag = typeof etag === 'string' ? etag : null;
  if (conditional && checkPreconditions(entityTag, request.headers, 'read') === 'notModified')
    return { status: 304, headers: entityTag === null ? {} : { ETag: entityTag }, body: null };
  const context = contextOf(exchange);
  const applied = isStructuredKind(exchange) ? appliedHeaders(exchange, { omitValues: omitted(exchange) }) : {};
  const tagged = { ...applied, ...headers, ...(entityTag === null ? {} : { ETag: entityTag }) };
  const structured = isStructuredKind(exchange) || url.resource.kind === 'reference';
  const body = structured
    ? entityEnvelope(context, item, negotiated.version)
    : propertyEnvelope(context, item, negotiated.version);
  return jsonResponse(status, body, exchange, tagged);
}

/** Entities and complex values, one or many: what members can be left out of. */
function isStructuredKind({ url }: Exchange): boolean {
  return /^(entity|complex)/.test(url.resource.kind);
}

/** A single-valued navigation property leads to nothing: no content (Protocol 11.2.7). What would be contained is itself what is missing. */
function unrelated(exchange: Exchange): ODataResponse {
  const last = exchange.url.resource.steps.at(-1);
  if (last?.kind === 'navigation' && !last.property.containsTarget) return emptyResponse();
  throw notFound(exchange.request.url);
}

/** A null value is no content (Protocol 11.2.4). */
function noContent(exchange: Exchange, etag: unknown): ODataResponse {
  if (exchange.url.resource.kind === 'entity') throw notFound(exchange.request.url);
  return emptyResponse(typeof etag === 'string' ? { ETag: etag } : {});
}

/** GET of `…/$count`: the bare number (Protocol 11.2.10). */
export const readCount: Handler = async (exchange, engine) => {
  const [row] = await run(prepared(exchange, engine, wholePage), engine, null);
  if (row === undefined || row[1] === 0n) throw notFound(exchange.request.url);
  return textResponse(200, String(row[0]), exchange);
};

/** GET of `…/$value` of a primitive property: the text of the value (Protocol 11.2.5). */
export const readRawValue: Handler = (exchange, engine) => readRawIn(exchange, engine, null, {});

/** A raw value, also as answer to a modification, read inside its transaction. */
export async function readRawIn(
  exchange: Exchange,
  engine: Engine,
  session: Session | null,
  headers: Readonly<Record<string, string>>,
): Promise<ODataResponse> {
  const [row] = await run(prepared(exchange, engine, wholePage), engine, session);
  if (row === undefined) throw notFound(exchange.request.url);
  const [item, etag] = row;
  const tagged = typeof etag === 'string' ? { ETag: etag, ...headers } : headers;
  if (!Buffer.isBuffer(item)) return emptyResponse(tagged);
  const { resource } = exchange.url;
  return textResponse(200, rawBody(resource, item), exchange, tagged);
}
