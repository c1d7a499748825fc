import type { Resource } from '../bind/index.js';
import { annotatedPageSize } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { collectionEnvelope, entityEnvelope, type JsonNode, parseJson, propertyEnvelope } from '../payload/index.js';
import type { Page, SortValue } from '../plan/index.js';
import { checkPreconditions, type ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import type { Exchange, Handler } from './context.js';
import { contextOf } from './describe.js';
import { notFound } from './locate.js';
import { appliedHeaders, emptyResponse, jsonResponse, textResponse } from './response.js';
import type { Engine } from './service.js';
import { prepared, run } from './statements.js';
import type { SkipToken } from './token.js';

const wholePage: Page = { size: 1, after: null, returned: 0 };

/** GET of a collection (Protocol 11.2.6): one statement for items, count, and what the next link needs. */
export const readCollection: Handler = (exchange, engine) => readCollectionIn(exchange, engine, null, {});

/** A collection, also as answer to a modification, read inside its transaction. */
export async function readCollectionIn(
  exchange: Exchange,
  engine: Engine,
  session: Session | null,
  headers: Readonly<Record<string, string>>,
): Promise<ODataResponse> {
  const { negotiated, request } = exchange;
  const token = openToken(exchange, engine);
  const page = { size: pageSize(exchange, engine), after: token?.after ?? null, returned: token?.returned ?? 0 };
  const reading = prepared(exchange, engine, page);
  const [row] = await run(reading, engine, session);
  if (row === undefined || reading.kind !== 'collection')
    throw new ODataError('InternalError', 'A collection gave no answer.');
  const [items, count, keys, total, parent, etag] = row;
  if (parent === 0n) throw notFound(request.url);
  const more = Number(count) > reading.take && leftToReturn(exchange, page) > reading.take;
  return jsonResponse(
    200,
    collectionEnvelope(
      {
        context: contextOf(exchange),
        count: total === null ? null : BigInt(String(total)),
        nextLink:
          more && reading.sorted
            ? nextLink(exchange, engine, lastKeys(keys, reading.take), page.returned + reading.take)
            : null,
        version: negotiated.version,
        ieee754Compatible: negotiated.ieee754Compatible,
      },
      withoutLast(items, Number(count) > reading.take),
    ),
    exchange,
    {
      ...appliedHeaders(exchange, { maxPageSize: exchange.preferences.maxPageSize === null ? null : page.size }),
      ...(typeof etag === 'string' ? { ETag: etag } : {}),
      ...headers,
    },
  );
}

function leftToReturn(exchange: Exchange, page: Page): number {
  const { top } = exchange.url.options;
  return top === null ? Number.POSITIVE_INFINITY : top - page.returned;
}

/** What the client prefers, within the server's bounds (Protocol 8.2.8.5). A `$top` within the bound is one page. */
function pageSize(exchange: Exchange, engine: Engine): number {
  const { maxPageSize } = engine.settings;
  if (exchange.url.resource.kind.startsWith('primitive') || exchange.url.resource.kind.startsWith('complex'))
    return Number.MAX_SAFE_INTEGER - 1; // a collection of values has no sort values to go on from
  const { top } = exchange.url.options;
  const usual = usualPageSize(exchange.url.resource, engine);
  const wanted = exchange.preferences.maxPageSize ?? (top === null ? usual : Math.max(usual, top));
  return Math.min(Math.max(1, wanted), maxPageSize);
}

function usualPageSize({ steps }: Resource, { model, settings }: Engine): number {
  const last = steps.findLast((step) => step.kind === 'entitySet' || step.kind === 'navigation');
  if (last === undefined) return settings.pageSize;
  return annotatedPageSize(last.kind === 'entitySet' ? last.set : last.property, model) ?? settings.pageSize;
}

/** Rows come one a line; the one more that was asked for only tells that there is a next page. */
function withoutLast(items: unknown, more: boolean): Buffer {
  if (!Buffer.isBuffer(items)) return Buffer.alloc(0);
  if (!more) return items;
  const end = items.lastIndexOf(10);
  return end < 0 ? Buffer.alloc(0) : items.subarray(0, end - 1);
}

/** The sort values of the last row shown. */
function lastKeys(keys: unknown, take: number): readonly SortValue[] {
  const line = typeof keys === 'string' ? keys.split('\n')[take - 1] : undefined;
  if (line === undefined) throw new ODataError('InternalError', 'A page without sort values.');
  const node = parseJson(line);
  if (node.kind !== 'array') throw new ODataError('InternalError', 'Sort values are an array.');
  return node.items.map(sortValue);
}

function sortValue(item: JsonNode): SortValue {
  switch (item.kind) {
    case 'null':
      return null;
    case 'string':
      return item.value;
    case 'number':
      return /^-?\d+$/.test(item.text) ? BigInt(item.text) : Number(item.text);
    case 'boolean':
      return item.value ? 1n : 0n;
    case 'array':
    case 'object':
      throw new ODataError('InternalError', 'Sort values are single values.');
  }
}

/** The query without its place: a token opens only for the query it was made for. */
function queryOf(exchange: Exchange): string {
  const { path, query } = splitUrl(exchange.request.url);
  const parts = query.split('&').filter((part) => part !== '' && !/^(\$|%24)?skiptoken=/i.test(part));
  return `${path}?${parts.sort().join('&')}`;
}

function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function openToken(exchange: Exchange, engine: Engine): SkipToken | null {
  const text = exchange.url.options.skiptoken;
  return text === null ? null : engine.tokens.open(text, queryOf(exchange));
}

/** Absolute, opaque, with every option of the request (Protocol 11.2.6.7). */
function nextLink(exchange: Exchange, engine: Engine, after: readonly SortValue[], returned: number): string {
  const { path, query } = splitUrl(exchange.request.url);
  const kept = query.split('&').filter((part) => part !== '' && !/^(\$|%24)?skiptoken=/i.test(part));
  const token = engine.tokens.seal({ after, returned }, queryOf(exchange));
  return `${exchange.request.base}${path}?${[...kept, `$skiptoken=${token}`].join('&')}`;
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
  const { url, request, negotiated } = exchange;
  const [row] = await run(prepared(exchange, engine, wholePage), engine, session);
  const [item, etag] = row ?? [null, null];
  if (row === undefined) return missing(exchange);
  if (!Buffer.isBuffer(item)) return noContent(exchange, etag);
  const entityTag = typeof etag === 'string' ? etag : null;
  if (session === null && checkPreconditions(entityTag, request.headers, 'read') === 'notModified')
    return { status: 304, headers: entityTag === null ? {} : { ETag: entityTag }, body: null };
  const context = contextOf(exchange);
  const tagged = entityTag === null ? headers : { ...headers, ETag: entityTag };
  const structured =
    url.resource.kind === 'entity' || url.resource.kind === 'complex' || url.resource.kind === 'reference';
  const body = structured
    ? entityEnvelope(context, item, negotiated.version)
    : propertyEnvelope(context, item, negotiated.version);
  return jsonResponse(status, body, exchange, tagged);
}

/** Nothing there: a single-valued navigation property that may be null is 204, all else is 404 (Protocol 11.2.4, 11.2.7). */
function missing(exchange: Exchange): ODataResponse {
  const last = exchange.url.resource.steps.at(-1);
  if (last?.kind === 'navigation' && last.property.nullable) return emptyResponse();
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
  return textResponse(200, item.toString('utf8'), exchange, tagged);
}
