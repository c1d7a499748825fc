import { type BoundUrl, invokedBy } from '../bind/index.js';
import { type Page, planRead, type Reading } from '../plan/index.js';
import { compileReading, type Statement, sqlite } from '../sql/index.js';
import type { Row, Session } from '../store/index.js';
import { type Exchange, shapeOfExchange } from './context.js';
import type { Engine } from './service.js';

/** A reading ready to be run, and what its answer is made from. */
export interface Prepared {
  readonly kind: Reading['kind'];
  /** Items to return; one more is asked for. */
  readonly take: number;
  /** Whether a next page could be found again. */
  readonly sorted: boolean;
  /** Positions of the sort values that are the row's key. */
  readonly kept: readonly number[];
  readonly statement: Statement;
  /** May take long: belongs on the reader thread. */
  readonly heavy: boolean;
}

/** The statement that answers an exchange, planned once for equal requests of callers who may see the same. */
export function prepared(exchange: Exchange, engine: Engine, page: Page): Prepared {
  const make = () => prepare(exchange, engine, page);
  return exchange.key === null || page.from !== null ? make() : engine.statements.get(keyOf(exchange, page), make);
}

function keyOf({ key, negotiated, preferences, request }: Exchange, page: Page): string {
  const { version, metadata, ieee754Compatible } = negotiated;
  return `${request.url}\n${request.base}\n${key}\n${version} ${metadata} ${ieee754Compatible} ${page.size} ${preferences.maxPageSize} ${preferences.omitValues}`;
}

function prepare(exchange: Exchange, engine: Engine, page: Page): Prepared {
  const shape = shapeOfExchange(exchange, engine);
  const reading = planRead(exchange.url, engine.layout, shape, page, exchange.restriction);
  return preparedFrom(reading, isHeavy(exchange.url));
}

/** A planned reading, ready to be run. */
export function preparedFrom(reading: Reading, heavy: boolean): Prepared {
  return {
    kind: reading.kind,
    take: reading.kind === 'collection' ? reading.take : 0,
    kept: reading.kind === 'collection' ? reading.kept : [],
    sorted: reading.kind === 'collection' && reading.sortKeys.length > 0,
    statement: compileReading(reading, sqlite),
    heavy,
  };
}

/** Beneath one entity there is little; a whole set that is searched or sorted may take long (design decision 10). */
export function isHeavy(url: BoundUrl): boolean {
  return isLong(url) && invokedBy(url).size === 0; // handlers live on the main thread
}

function isLong({ resource, options }: BoundUrl): boolean {
  if (resource.kind === 'crossjoin' || resource.kind === 'all') return true;
  if (resource.steps.some((step) => step.kind === 'key')) return false;
  const { filter, search, orderby, apply } = options;
  return filter !== null || search !== null || orderby.length > 0 || apply !== null;
}

/** Runs a reading statement within its time, on a reader or inside a transaction. */
export async function run(
  { statement, heavy }: Prepared,
  engine: Engine,
  session: Session | null,
): Promise<readonly Row[]> {
  if (session !== null) return session.all(statement);
  return engine.store.read(statement, { deadline: engine.settings.statementTime, heavy });
}
