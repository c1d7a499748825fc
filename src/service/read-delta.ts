import { ODataError } from '../errors.js';
import { collectionEnvelope, contextUrl, parseJson } from '../payload/index.js';
import { type DeltaQuery, planDelta, planner, positionsOf } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Exchange } from './context.js';
import { describe } from './describe.js';
import { notFound } from './locate.js';
import type { DeltaToken, Moment } from './moment.js';
import { keysOf, pageSize, withoutLast } from './read.js';
import { appliedHeaders, jsonResponse } from './response.js';
import type { Engine } from './service.js';
import { preparedFrom, run } from './statements.js';
import { deltaGone, deltaLink, formOf, positionsFrom, secondsNow, tokenOf, trackedShape } from './tracking.js';

/** GET of a delta link (Protocol 11.3.2, JSON 15.1): one statement tells what differs between two states. Throws Gone. */
export async function readDelta(exchange: Exchange, engine: Engine, text: string): Promise<ODataResponse> {
  const { negotiated, request, preferences } = exchange;
  if (negotiated.metadata === 'none')
    throw new ODataError('BadRequest', 'Changes need control information; metadata=none leaves it out.', 'Accept'); // JSON 3.1.3
  const token = await tokenOf(exchange, engine, text);
  const described = describe(exchange);
  if (described.kind !== 'entities') throw deltaGone(exchange);
  const size = pageSize(exchange, engine);
  const query = {
    since: token.since.positions,
    until: token.until?.positions ?? null,
    after: token.after,
    size,
    set: described.set,
  };
  const { row, now } = await read(exchange, engine, query);
  const [items, count, keys, parent] = row;
  if (parent === 0n) throw notFound(request.url);
  const until: Moment = token.until ?? { ...now, generation: token.since.generation };
  const more = Number(count) > size;
  const next = (): DeltaToken => ({ since: token.since, until, after: placeOf(keys, size) });
  const frame = {
    context: contextUrl({ kind: 'delta', of: described }, request.base, negotiated.version),
    version: negotiated.version,
    nextLink: more ? deltaLink(exchange, engine, next()) : null,
    deltaLink: more ? null : deltaLink(exchange, engine, { since: until, until: null, after: null }),
  };
  const applied = {
    maxPageSize: preferences.maxPageSize === null ? null : size,
    trackChanges: preferences.trackChanges && token.after === null,
  };
  return jsonResponse(
    200,
    collectionEnvelope(frame, withoutLast(items, more)),
    exchange,
    appliedHeaders(exchange, applied),
  );
}

async function read(exchange: Exchange, engine: Engine, asked: Omit<DeltaQuery, 'form'>) {
  const query: DeltaQuery = { ...asked, form: formOf(exchange) };
  const planning = planner(engine.layout, exchange.restriction);
  const at = secondsNow();
  const reading = planDelta(exchange.url, planning, trackedShape(exchange, engine), query);
  const [row = []] = await run(preparedFrom(reading, true), engine, null);
  return { row, now: { positions: positionsFrom(positionsOf(planning).names, row.slice(4)), at } };
}

/** Phase and place of the last item shown. */
function placeOf(keys: unknown, take: number): DeltaToken['after'] {
  const place = parseJson(keysOf(keys, take - 1));
  const [phase, sort] = place.kind === 'array' ? place.items : [];
  if (phase?.kind !== 'number' || sort?.kind !== 'string')
    throw new ODataError('InternalError', 'A page without a place.');
  return { phase: Number(phase.text), sort: sort.value };
}
