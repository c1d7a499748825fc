import { ODataError } from '../errors.js';
import { readContentType, refuseEncoding } from '../protocol/index.js';
import { BatchRun, type BatchUnit } from './batch.js';
import { readJson, writeJsonAnswer } from './batch-json.js';
import { readMultipart, writeMultipartAnswer } from './batch-multipart.js';
import type { Exchange, Handler } from './context.js';
import type { Engine } from './service.js';

/** POST of `$batch` (Protocol 11.7): 200 whatever becomes of the parts, in the format that is asked for, or the request's own. */
export const runBatch: Handler = async (exchange, engine) => {
  const { request, negotiated, preferences } = exchange;
  for (const name of ['if-match', 'if-none-match'])
    if (request.headers[name] !== undefined)
      throw new ODataError('BadRequest', `A batch has no ETag; send ${name} with its parts.`, name); // Protocol 11.7.1-4
  if (preferences.return !== null)
    throw new ODataError('BadRequest', 'The preference return belongs to the parts of a batch.', 'Prefer');
  const { units, json } = unitsOf(exchange, engine);
  const stop = json ? preferences.continueOnError === false : preferences.continueOnError !== true; // Protocol 8.2.8.3
  const outcomes = await new BatchRun(exchange, engine).all(units, stop);
  if (negotiated.mediaType === 'application/json')
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: writeJsonAnswer(outcomes) };
  const { body, contentType } = writeMultipartAnswer(outcomes);
  return { status: 200, headers: { 'Content-Type': contentType }, body };
};

function unitsOf(
  { request }: Exchange,
  engine: Engine,
): { readonly units: readonly BatchUnit[]; readonly json: boolean } {
  refuseEncoding(request.headers);
  const content = readContentType(request.headers, ['multipart/mixed', 'application/json']);
  const body = request.body ?? Buffer.alloc(0);
  const limit = engine.settings.batchParts;
  if (content.mediaType === 'application/json') return { units: readJson(body, limit), json: true };
  if (content.boundary === null)
    throw new ODataError('UnsupportedMediaType', 'Content-Type multipart/mixed needs a boundary.', 'Content-Type');
  return { units: readMultipart(body, content.boundary, limit), json: false };
}
