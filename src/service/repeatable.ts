import { createHash } from 'node:crypto';
import { annotationOf, booleanValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  commonHeaders,
  errorResponse,
  type Headers,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
} from '../protocol/index.js';
import type { AnswerKey, Session } from '../store/index.js';
import { allOrNothing, joined } from './joined.js';
import { kept, ownerOf, responseOf, whole } from './kept-answer.js';
import type { Engine } from './service.js';

const idHeader = 'repeatability-request-id';
const dateHeader = 'repeatability-first-sent';
const resultHeader = 'Repeatability-Result';

type Work = (request: ODataRequest, engine: Engine) => Promise<ODataResponse>;

/** The header fields by which a request is known again (Repeatable Requests 3.1). */
interface Repeatability {
  readonly id: string;
  readonly firstSent: string;
}

/** Whether a request asks to be done once however often it is sent; reading ones cannot (Repeatable Requests 5). */
export function isRepeatable({ method, headers }: { readonly method: string; readonly headers: Headers }): boolean {
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  return !reads && (headers[idHeader] !== undefined || headers[dateHeader] !== undefined);
}

/** Header fields without those of repeatability. */
export function withoutRepeatability(headers: Headers): Headers {
  return { ...headers, [idHeader]: undefined, [dateHeader]: undefined };
}

/**
 * Both header fields, checked (Repeatable Requests 5). Throws BadRequest when one is missing or is not what it should be,
 * NotImplemented where the model excludes it, PreconditionFailed for a date of which ids are not remembered any more.
 */
function repeatabilityOf(headers: Headers, { model, settings }: Engine): Repeatability {
  const [id, firstSent] = [headers[idHeader]?.trim(), headers[dateHeader]?.trim()];
  if (id === undefined || firstSent === undefined)
    throw new ODataError(
      'BadRequest',
      `${id === undefined ? idHeader : dateHeader} is missing: a repeatable request has both header fields.`,
      id === undefined ? idHeader : dateHeader,
    );
  if (id === '' || id.length > 200)
    throw new ODataError(
      'BadRequest',
      'The id of a repeatable request has 1 to 200 characters, for instance a GUID.',
      idHeader,
    );
  const moment = Date.parse(firstSent);
  if (Number.isNaN(moment) || new Date(moment).toUTCString() !== firstSent)
    throw new ODataError(
      'BadRequest',
      `'${firstSent.slice(0, 50)}' is no date like 'Fri, 02 Jan 2026 08:00:00 GMT'.`,
      dateHeader,
    );
  const supported =
    model.container === null ? null : annotationOf(model.container, 'Org.OData.Repeatability.V1.Supported');
  if (supported !== null && booleanValue(supported) === false)
    throw new ODataError('NotImplemented', 'Requests of this service are not repeatable.', idHeader);
  const age = (Date.now() - moment) / 1000;
  if (age > settings.repeatRetention || age < -300)
    throw new ODataError(
      'PreconditionFailed',
      `Requests are remembered for ${settings.repeatRetention} seconds, the setting 'repeatRetention'; this one was first sent at another time.`,
      dateHeader,
    );
  return { id: id.toLowerCase(), firstSent };
}

/**
 * Does a request once, however often it is sent: its answer is remembered in the same transaction as its effects (Repeatable
 * Requests 5), and given again. What failed had no effects and is not remembered.
 */
export async function answerOnce(request: ODataRequest, engine: Engine, work: Work): Promise<ODataResponse> {
  let begun = false;
  try {
    if (/^(?:\$|%24)batch(?:$|\?)/i.test(request.url))
      throw new ODataError('BadRequest', 'A batch is not repeatable as a whole; its requests are.', idHeader);
    if (request.stream !== undefined)
      throw new ODataError('NotImplemented', 'A request whose body is a stream is not repeatable.', idHeader);
    const plain = { ...request, headers: withoutRepeatability(request.headers) };
    const [response] = await rememberedOr(onceOf([request], engine), engine, async (session) => {
      begun = true;
      return [await whole(await work(plain, { ...engine, store: joined(session, engine.store) }))];
    });
    if (response === undefined) throw new ODataError('InternalError', 'A request gave no answer.');
    return withResult(response, response.status === 401 || response.status === 403 ? 'rejected' : 'accepted');
  } catch (error) {
    if (!(error instanceof ODataError) || error.code === 'InternalError') engine.report(error, request);
    const response = errorResponse(error, negotiateError(request.headers), request.requestId);
    return withResult(response, begun ? 'accepted' : 'rejected');
  }
}

const cleanupPath = '$RepeatableRequestWithRequestID/';

/** Whether a request asks to forget another one (Repeatable Requests 7). */
export function isCleanup({ method, url }: ODataRequest): boolean {
  return method === 'DELETE' && url.startsWith(cleanupPath);
}

/** Forgets what was done under an id; nothing else may be sent again for it. 204 also when nothing was. */
export async function forgetRepeated(request: ODataRequest, { answers }: Engine): Promise<ODataResponse> {
  if (request.user === null)
    throw new ODataError('Unauthenticated', 'Only who made a request can have it forgotten.', 'Authorization', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  const id = request.url.slice(cleanupPath.length).split('?', 1)[0] ?? '';
  await answers.remove(keyFor(id.toLowerCase(), request));
  return { status: 204, headers: commonHeaders(negotiateError(request.headers).version), body: null };
}

/** Under what answers are remembered, and what they answer. */
export interface Once {
  readonly key: AnswerKey;
  readonly about: string;
}

/** Of requests that are done as one, which all have the same id and date (Repeatable Requests 8). Throws what `repeatabilityOf` does. */
export function onceOf(requests: readonly ODataRequest[], engine: Engine): Once {
  const all = requests.map(({ headers }) => repeatabilityOf(headers, engine));
  const [first] = all;
  const [request] = requests;
  if (
    first === undefined ||
    request === undefined ||
    all.some((one) => one.id !== first.id || one.firstSent !== first.firstSent)
  )
    throw new ODataError('BadRequest', 'Requests that are done as one have the same id and date.', idHeader);
  return { key: keyFor(first.id, request), about: [first.firstSent, ...requests.map(digestOf)].join(' ') };
}

/** A response that says whether its request counts (Repeatable Requests 3.2.1). */
export function withResult(response: ODataResponse, result: 'accepted' | 'rejected'): ODataResponse {
  return { ...response, headers: { ...response.headers, [resultHeader]: result } };
}

/** Under what the answers to an id are remembered. */
function keyFor(id: string, { user }: ODataRequest): AnswerKey {
  return { purpose: 'repetition', id, owner: ownerOf(user) };
}

/**
 * The remembered responses, or those that `work` makes within one transaction: kept with its effects when all succeeded, undone
 * when one failed. Throws BadRequest when something else was done under the id.
 */
export async function rememberedOr(
  { key, about }: Once,
  engine: Engine,
  work: (session: Session) => Promise<readonly ODataResponse[]>,
): Promise<readonly ODataResponse[]> {
  return allOrNothing(engine.store, async (session) => {
    const known = await engine.answers.find(key, session);
    if (known !== null && known.about !== about)
      throw new ODataError(
        'BadRequest',
        'Another request was sent with this id; give every request an id of its own.',
        idHeader,
      );
    if (known?.answer) return unpacked(responseOf(known.answer));
    const responses = await work(session);
    const failed = responses.some(({ status }) => status >= 400);
    if (!failed) await engine.answers.keep(session, key, about, await kept(await packed(responses)));
    return responses;
  });
}

/** Several responses as one. */
async function packed(responses: readonly ODataResponse[]): Promise<ODataResponse> {
  const all = await Promise.all(responses.map(kept));
  const items = all.map(({ status, headers, body }) => [
    status,
    headers,
    body === null ? null : Buffer.from(body).toString('base64'),
  ]);
  return { status: 200, headers: {}, body: JSON.stringify(items) };
}

function unpacked({ body }: ODataResponse): readonly ODataResponse[] {
  const items: readonly [number, string, string | null][] = JSON.parse(String(body));
  return items.map(([status, headers, text]) =>
    responseOf({ status, headers, body: text === null ? null : Buffer.from(text, 'base64') }),
  );
}

/** Header fields that make a request another one. */
const telling = ['accept', 'content-type', 'odata-version', 'odata-maxversion', 'prefer', 'if-match', 'if-none-match'];

/** Whatever tells one request from another: method, URL, header fields, body. */
function digestOf({ method, url, headers, body }: ODataRequest): string {
  const hash = createHash('sha256').update(`${method} ${url}\n`);
  for (const name of telling) hash.update(`${name}: ${headers[name] ?? ''}\n`);
  return hash.update(body ?? '').digest('base64url');
}
