import { ODataError } from '../errors.js';
import {
  type CollectionFrame,
  collectionEnvelope,
  contextUrl,
  entityEnvelope,
  parseJson,
  withDeltaLink,
} from '../payload/index.js';
import { type DeltaQuery, type Positions, planDelta, planner, positionsOf } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Exchange } from './context.js';
import { describe } from './describe.js';
import { notFound } from './locate.js';
import type { DeltaToken, Moment } from './moment.js';
import { keysOf, pageSize, withoutLast } from './read.js';
import { appliedHeaders, jsonResponse } from './response.js';
import type { Engine } from './service.js';
import { preparedFrom, run } from './statements.js';
import {
  deltaGone,
  deltaLink,
  formOf,
  isWide,
  positionsFrom,
  secondsNow,
  tokenOf,
  trackedSet,
  trackedShape,
} from './tracking.js';

/** GET of a delta link (Protocol 11.3.2, JSON 15.1): one statement tells what differs between two states. Throws Gone. */
export async function readDelta(exchange: Exchange, engine: Engine, text: string): Promise<ODataResponse> {
  const { negotiated, request, preferences } = exchange;
  if (negotiated.metadata === 'none')
    throw new ODataError('BadRequest', 'Changes need control information; metadata=none leaves it out.', 'Accept'); // JSON 3.1.3
  const token = await tokenOf(exchange, engine, text);
  const set = trackedSet(exchange);
  if (set === null) throw deltaGone(exchange);
  const single = !exchange.url.resource.collection;
  const size = single ? 1 : pageSize(exchange, engine);
  const query = {
    since: token.since.positions,
    until: token.until?.positions ?? null,
    after: token.after,
    size,
    set,
    whole: single,
  };
  const { row, now } = await read(exchange, engine, query);
  const [items, count, keys, parent] = row;
  if (parent === 0n) throw notFound(request.url);
  if (isAhead(token.since.positions, now.positions)) throw deltaGone(exchange);
  const until: Moment = token.until ?? { ...now, generation: token.since.generation };
  const more = Number(count) > size;
  const next = (): DeltaToken => ({ since: token.since, until, after: placeOf(keys, size) });
  const frame = {
    context: contextUrl({ kind: 'delta', of: describe(exchange) }, request.base, negotiated.version),
    version: negotiated.version,
    nextLink: more ? deltaLink(exchange, engine, next()) : null,
    deltaLink: more ? null : deltaLink(exchange, engine, { since: until, until: null, after: null }),
  };
  const applied = {
    maxPageSize: preferences.maxPageSize === null ? null : size,
    trackChanges: preferences.trackChanges && token.after === null,
  };
  const body = single ? entityIn(frame, items, exchange) : collectionEnvelope(frame, withoutLast(items, more));
  return jsonResponse(200, body, exchange, appliedHeaders(exchange, applied));
}

/** What became of a single entity: itself, or that it is no more. Throws ResourceNotFound when there never was one. */
function entityIn({ context, version, deltaLink: link }: CollectionFrame, item: unknown, exchange: Exchange): Buffer {
  if (!Buffer.isBuffer(item) || item.length === 0) throw notFound(exchange.request.url);
  const hasContext = item.subarray(0, 17).toString() === '{"@odata.context"'; // a deleted entity of 4.0
  const body = hasContext ? item : entityEnvelope(context, item, version);
  return withDeltaLink(body, link ?? '', version);
}

async function read(exchange: Exchange, engine: Engine, asked: Omit<DeltaQuery, 'form'>) {
  const query: DeltaQuery = { ...asked, form: formOf(exchange) };
  const planning = planner(engine.layout, exchange.restriction);
  const at = secondsNow();
  const reading = planDelta(exchange.url, planning, trackedShape(exchange, engine), query);
  const [row = []] = await run(preparedFrom(reading, isWide(exchange)), engine, null);
  return { row, now: { positions: positionsFrom(positionsOf(planning).names, row.slice(4)), at } };
}

/** A state that has not been reached: the database is an older copy of itself. */
function isAhead(since: Positions, now: Positions): boolean {
  return [...now].some(([name, position]) => position < (since.get(name) ?? 0n));
}

/** Phase and place of the last item shown. */
function placeOf(keys: unknown, take: number): DeltaToken['after'] {
  const place = parseJson(keysOf(keys, take - 1));
  const [phase, sort] = place.kind === 'array' ? place.items : [];
  if (phase?.kind !== 'number' || sort?.kind !== 'string')
    throw new ODataError('InternalError', 'A page without a place.');
  return { phase: Number(phase.text), sort: sort.value };
}
