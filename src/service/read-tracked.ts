import { type Page, planner, planReadWith, positionsOf, type Shape } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import { type Exchange, type Handler, shapeOfExchange } from './context.js';
import { collectionAnswer, openToken, pageOf, readCollection } from './read.js';
import { readDelta } from './read-delta.js';
import type { Engine } from './service.js';
import { preparedFrom, run } from './statements.js';
import type { Moment, SkipToken } from './token.js';
import { cutOf, deltaGone, deltaLink, isKept, isTracked, secondsNow } from './tracking.js';

/** GET of a collection of entities: its items, or with `track-changes` its items and later what has changed (Protocol 11.3). */
export const readEntities: Handler = async (exchange, engine) => {
  const { deltatoken } = exchange.url.options;
  if (deltatoken !== null && deltatoken !== 'latest') return readDelta(exchange, engine, deltatoken);
  const token = openToken(exchange, engine);
  if (token !== null)
    return token.moment === null ? readCollection(exchange, engine) : readOn(exchange, engine, token, token.moment);
  if (!isTracked(exchange, engine)) return readCollection(exchange, engine);
  return readFirst(exchange, engine, deltatoken === 'latest');
};

/** The first page, and the state that all others will show. `latest`: no items, only where to go on from. */
async function readFirst(exchange: Exchange, engine: Engine, latest: boolean): Promise<ODataResponse> {
  const planning = planner(engine.layout, exchange.restriction);
  const page: Page = { ...pageOf(exchange, engine, null), ...(latest ? { size: 0 } : {}) };
  const reading = planReadWith(planning, exchange.url, shapeOf(exchange, engine), page);
  const generation = await engine.tracking.begin(planning.logs.values());
  const { names, columns } = positionsOf(planning);
  const at = secondsNow();
  const all = preparedFrom(reading.kind === 'collection' ? { ...reading, positions: columns } : reading, true);
  const prepared = latest ? { ...all, sorted: false } : all;
  const [row] = await run(prepared, engine, null);
  const moment: Moment = { cut: cutOf(names, row?.slice(6) ?? []), at, generation };
  return collectionAnswer(exchange, engine, {
    reading: prepared,
    row,
    page,
    moment,
    ...linked(exchange, engine, moment),
  });
}

/** A page behind the first, in the state that the first one showed. */
async function readOn(exchange: Exchange, engine: Engine, token: SkipToken, moment: Moment): Promise<ODataResponse> {
  if (!(await isKept(moment, engine))) throw deltaGone(exchange);
  const page = pageOf(exchange, engine, token);
  const planning = planner(engine.layout, exchange.restriction).at(moment.cut);
  const reading = preparedFrom(planReadWith(planning, exchange.url, shapeOf(exchange, engine), page), true);
  const [row] = await run(reading, engine, null);
  return collectionAnswer(exchange, engine, { reading, row, page, moment, ...linked(exchange, engine, moment) });
}

function shapeOf(exchange: Exchange, engine: Engine): Shape {
  return { ...shapeOfExchange(exchange, engine), identified: 'partial' };
}

function linked(exchange: Exchange, engine: Engine, since: Moment) {
  return { deltaLink: deltaLink(exchange, engine, { since, until: null, after: null }), headers: {} };
}
