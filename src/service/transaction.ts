import { ODataError } from '../errors.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { type Applying, Written } from './applying.js';
import { checkWritten } from './constraints.js';
import { type Exchange, occasionOf } from './context.js';
import { duplicateNamed } from './duplicate.js';
import { requireRelated } from './related.js';
import type { Engine } from './service.js';

/** Runs one modification: one request is one transaction, whatever its depth (Protocol 11.4). What it wrote is checked when all is written. */
export async function inTransaction(
  exchange: Exchange,
  engine: Engine,
  work: (applying: Applying) => Promise<ODataResponse>,
): Promise<ODataResponse> {
  try {
    return await engine.store.transaction(async (session) => {
      const applying = applyingFor(exchange, engine, session);
      const response = await work(applying);
      await checkWritten(applying);
      return response;
    });
  } catch (error) {
    throw duplicateNamed(error, engine.layout);
  }
}

function applyingFor(exchange: Exchange, engine: Engine, session: Session): Applying {
  return {
    engine,
    session,
    occasion: occasionOf(exchange.request),
    origin: exchange.request,
    restriction: exchange.restriction,
    seeding: false,
    firstVersion: freshVersion(),
    written: new Written(),
    request: exchange.request,
    bodyETags: exchange.request.headers['odata-version'] !== undefined,
  };
}

let last = 0n;

/** Goes with the clock, and leaves room behind each for the changes of its millisecond: no entity has the version of one that is gone. */
function freshVersion(): bigint {
  const now = BigInt(Date.now()) * 1000n;
  last = now > last ? now : last + 100n;
  return last;
}

/**
 * Does one part of a modification that may fail by itself (Protocol 8.2.8.3): what it wrote is undone, and its error is the
 * result. Anything but a refusal of the client's doing goes on upwards.
 */
export async function attempt<T>(applying: Applying, work: (part: Applying) => Promise<T>): Promise<T | ODataError> {
  const { session, engine } = applying;
  await session.run({ text: 'savepoint part', values: [] });
  try {
    const part: Applying = { ...applying, written: new Written() };
    const result = await work(part);
    await checkWritten(part);
    await requireRelated(part);
    await session.run({ text: 'release part', values: [] });
    applying.written.absorb(part.written);
    return result;
  } catch (error) {
    const told = duplicateNamed(error, engine.layout);
    if (!(told instanceof ODataError) || told.status >= 500) throw told;
    await session.run({ text: 'rollback to part', values: [] });
    await session.run({ text: 'release part', values: [] });
    return told;
  }
}
