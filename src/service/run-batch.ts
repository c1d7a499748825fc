import { ODataError } from '../errors.js';
import { readContentType, refuseEncoding } from '../protocol/index.js';
import { BatchRun } from './batch.js';
import { readJson, writeJsonAnswer } from './batch-json.js';
import { answerBoundary, readMultipart, writeMultipartAnswer } from './batch-multipart.js';
import { type BatchSupport, batchSupportOf } from './batch-support.js';
import type { BatchUnit } from './batch-unit.js';
import type { Exchange, Handler } from './context.js';
import { appliedHeaders } from './response.js';
import type { Engine } from './service.js';

/** POST of `$batch` (Protocol 11.7): 200 whatever becomes of the parts, in the format that is asked for, or the request's own. */
export const runBatch: Handler = async (exchange, engine) => {
  const { request, negotiated, preferences } = exchange;
  for (const name of ['if-match', 'if-none-match'])
    if (request.headers[name] !== undefined)
      throw new ODataError('BadRequest', `A batch has no ETag; send ${name} with its parts.`, name); // Protocol 11.7.1-4
  if (/[?&](?:\$|%24)?format=/i.test(request.url))
    throw new ODataError('QueryOptionNotApplicable', 'Accept says in which format a batch is answered.', '$format'); // URL 4.2
  if (preferences.return !== null)
    throw new ODataError('BadRequest', 'The preference return belongs to the parts of a batch.', 'Prefer');
  const support = batchSupportOf(engine.model);
  const { units, json } = unitsOf(exchange, engine, support);
  const goOn = preferences.continueOnError === true && !support.continueOnError ? null : preferences.continueOnError;
  const stop = json ? goOn === false : goOn !== true; // Protocol 8.2.8.3
  const outcomes = new BatchRun(exchange, engine, support).outcomes(units, stop);
  const boundary = answerBoundary();
  const isJson = negotiated.mediaType === 'application/json';
  const pieces = isJson ? writeJsonAnswer(outcomes) : writeMultipartAnswer(outcomes, boundary);
  const headers = {
    ...appliedHeaders(exchange, { continueOnError: goOn }),
    'Content-Type': isJson ? 'application/json' : `multipart/mixed; boundary=${boundary}`,
  };
  if (units.length > atOnce) return { status: 200, headers, body: null, stream: toTheEnd(pieces) };
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return { status: 200, headers, body: Buffer.concat(all) };
};

/** Units of a batch whose answer is sent as a whole; that to a larger one is sent while it is made. */
const atOnce = 20;

/** The pieces of an answer. A client that goes away before it has them all does not keep the rest from being done. */
async function* toTheEnd(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let next = pieces.next();
  try {
    for (let piece = await next; !piece.done; piece = await next) {
      yield piece.value;
      next = pieces.next();
    }
  } finally {
    while (!(await next).done) next = pieces.next();
  }
}

function unitsOf(
  { request }: Exchange,
  engine: Engine,
  { formats }: BatchSupport,
): { readonly units: readonly BatchUnit[]; readonly json: boolean } {
  refuseEncoding(request.headers);
  const content = readContentType(request.headers, ['multipart/mixed', 'application/json']);
  if (formats.length > 0 && !formats.includes(content.mediaType))
    throw new ODataError('UnsupportedMediaType', `Batches are taken as ${formats.join(' or ')}.`, 'Content-Type');
  const body = request.body ?? Buffer.alloc(0);
  const limit = engine.settings.batchParts;
  if (content.mediaType === 'application/json') return { units: readJson(body, limit), json: true };
  if (content.boundary === null)
    throw new ODataError('UnsupportedMediaType', 'Content-Type multipart/mixed needs a boundary.', 'Content-Type');
  return { units: readMultipart(body, content.boundary, limit), json: false };
}
