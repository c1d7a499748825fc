import { ODataError } from '../errors.js';
import { withDeltaLink } from '../payload/index.js';
import { about, markText, type Page, planner, planReadWith, positionsOf, readMark } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Row } from '../store/index.js';
import type { Exchange, Handler } from './context.js';
import { type MarkedMoment, type Moment, openTracked, sealMark } from './moment.js';
import { queryOf } from './page.js';
import { collectionAnswer, pageOf, readCollection, readSingle, singleAnswer, wholePage } from './read.js';
import { readDelta } from './read-delta.js';
import { appliedHeaders } from './response.js';
import type { Engine } from './service.js';
import { isHeavy, type Prepared, preparedFrom, run } from './statements.js';
import {
  deltaGone,
  deltaLink,
  isKept,
  isTracked,
  isWide,
  positionsFrom,
  secondsNow,
  trackedShape,
} from './tracking.js';

/** GET of a collection of entities: its items, or with `track-changes` its items and later what has changed (Protocol 11.3). */
export const readEntities: Handler = async (exchange, engine) => {
  const { deltatoken, skiptoken } = exchange.url.options;
  if (deltatoken !== null && deltatoken !== 'latest') return readDelta(exchange, engine, deltatoken);
  const place = skiptoken === null ? null : openTracked(skiptoken, aboutOf(exchange), engine.key);
  if (place !== null) return readOn(exchange, engine, place);
  if (skiptoken !== null || !isTracked(exchange, engine)) return readCollection(exchange, engine);
  return readFirst(exchange, engine, deltatoken === 'latest');
};

/** GET of an entity: itself, and with `track-changes` a link to what becomes of it (Protocol 11.3). */
export const readEntity: Handler = async (exchange, engine) => {
  const { deltatoken } = exchange.url.options;
  if (deltatoken !== null) return readDelta(exchange, engine, deltatoken);
  if (!isTracked(exchange, engine)) return readSingle(exchange, engine);
  const planning = planner(engine.layout, exchange.restriction);
  const reading = planReadWith(planning, exchange.url, trackedShape(exchange, engine), wholePage);
  const generation = await engine.tracking.begin(planning.logs.values());
  const { names, columns } = positionsOf(planning);
  const at = secondsNow();
  const positioned = reading.kind === 'single' ? { ...reading, positions: columns } : reading;
  const [row] = await run(preparedFrom(positioned, false), engine, null);
  const since: Moment = { positions: positionsFrom(names, row?.slice(3) ?? []), at, generation };
  const headers = appliedHeaders(exchange, { trackChanges: true });
  const answered = singleAnswer(exchange, row, { conditional: true, status: 200, headers });
  if (!Buffer.isBuffer(answered.body)) return answered;
  const link = deltaLink(exchange, engine, { since, until: null, after: null });
  return { ...answered, body: withDeltaLink(answered.body, link, exchange.negotiated.version) };
};

/** The query, of callers who may see the same. */
function aboutOf(exchange: Exchange): string {
  const { path, query } = queryOf(exchange);
  return `${about(path, query)}\n${exchange.key ?? ''}`;
}

/** The first page, and the state that all others will show. `latest`: no items, only where to go on from. */
async function readFirst(exchange: Exchange, engine: Engine, latest: boolean): Promise<ODataResponse> {
  const planning = planner(engine.layout, exchange.restriction);
  const page: Page = { ...pageOf(exchange, engine, null), ...(latest ? { size: 0 } : {}) };
  const reading = planReadWith(planning, exchange.url, trackedShape(exchange, engine), page);
  const generation = await engine.tracking.begin(planning.logs.values());
  const { names, columns } = positionsOf(planning);
  const at = secondsNow();
  const all = preparedFrom(
    reading.kind === 'collection' ? { ...reading, positions: columns } : reading,
    isHeavy(exchange.url),
  );
  const prepared = latest ? { ...all, sorted: false } : all;
  const [row] = await run(prepared, engine, null);
  const moment: Moment = { positions: positionsFrom(names, row?.slice(6) ?? []), at, generation };
  return answer(exchange, engine, { prepared, row, page, moment });
}

/** A page behind the first, in the state that the first one showed. */
async function readOn(exchange: Exchange, engine: Engine, { moment, mark }: MarkedMoment): Promise<ODataResponse> {
  if (!(await isKept(moment, engine))) throw deltaGone(exchange);
  const begin = readMark(mark);
  if (begin === null) throw new ODataError('InternalError', 'A page without a place.');
  const page = pageOf(exchange, engine, begin);
  const planning = planner(engine.layout, exchange.restriction).at(moment.positions);
  const prepared = preparedFrom(
    planReadWith(planning, exchange.url, trackedShape(exchange, engine), page),
    isWide(exchange),
  );
  const [row] = await run(prepared, engine, null);
  return answer(exchange, engine, { prepared, row, page, moment });
}

interface TrackedRead {
  readonly prepared: Prepared;
  readonly row: Row | undefined;
  readonly page: Page;
  readonly moment: Moment;
}

function answer(exchange: Exchange, engine: Engine, { prepared, row, page, moment }: TrackedRead): ODataResponse {
  const next = (keys: string) => {
    const mark = markText(keys, prepared.kept, page.returned + prepared.take);
    const { path, query } = queryOf(exchange);
    const token = sealMark({ moment, mark }, aboutOf(exchange), engine.key);
    return `${exchange.request.base}${path}?${[...query, `$skiptoken=${token}`].join('&')}`;
  };
  const link = deltaLink(exchange, engine, { since: moment, until: null, after: null });
  return collectionAnswer(exchange, { reading: prepared, row, page, next, deltaLink: link }, {});
}
