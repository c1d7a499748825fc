import { type CallStep, kindOf, noOptions, type Resource } from '../bind/index.js';
import { isStreamType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { collectionEnvelope, type JsonObject, parseJson, printJson } from '../payload/index.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { failedItem } from './annotate.js';
import type { Applying } from './applying.js';
import { entityTypeOf } from './body.js';
import { refused, within } from './client.js';
import type { Exchange } from './context.js';
import { contextOf, entityUrl } from './describe.js';
import { readingSession } from './locate.js';
import { membersOf } from './modify-each.js';
import { appliedHeaders, emptyResponse, jsonResponse } from './response.js';
import { memberOfCollection } from './row-resource.js';
import type { Engine } from './service.js';
import { shownEntity } from './shown.js';
import { inTransaction } from './transaction.js';

/** POST of an action behind `/$each` (Protocol 11.5.2): one failure, and nothing is done; unless the client wants to go on. */
export function invokeEach(call: CallStep, exchange: Exchange, engine: Engine): Promise<ODataResponse> {
  return inTransaction(exchange, engine, async (applying) => {
    const { session } = applying;
    const goesOn = exchange.preferences.continueOnError === true;
    const inner = { ...engine, store: within(session, engine.store) };
    const results: JsonObject[] = [];
    const failed: JsonObject[] = [];
    for (const member of await membersBefore(call, exchange, engine, session)) {
      const result = await askMember(member, call, exchange, inner);
      if (!(result instanceof ODataError)) results.push(...result);
      else if (goesOn) failed.push(await failedMember(member, result, exchange, applying));
      else throw result;
    }
    return answerOf(results, failed, call, exchange);
  });
}

/** GET of a function behind `/$each`. */
export async function callEach(call: CallStep, exchange: Exchange, engine: Engine): Promise<ODataResponse> {
  const session = readingSession(engine);
  const results: JsonObject[] = [];
  for (const member of await membersBefore(call, exchange, engine, session)) {
    const result = await askMember(member, call, exchange, engine);
    if (result instanceof ODataError) throw result;
    results.push(...result);
  }
  return answerOf(results, [], call, exchange);
}

/** The paths to the members of the collection before `/$each`. Throws NotImplemented for results that are streams. */
async function membersBefore(
  call: CallStep,
  exchange: Exchange,
  engine: Engine,
  session: Session,
): Promise<readonly Resource[]> {
  const returned = call.operation.returnType?.type;
  if (returned !== undefined && isStreamType(returned))
    throw new ODataError('NotImplemented', 'Streams cannot be gathered behind /$each.', '$each');
  const { resource } = exchange.url;
  const type = call.operation.parameters[0]?.type ?? null;
  const steps = resource.steps.slice(0, resource.steps.indexOf(call));
  const members: Resource = { ...resource, kind: 'each', type, collection: true, steps, source: call.source };
  const rows = await membersOf(members, exchange, engine, session);
  return rows.map((row) => memberOfCollection(members, row));
}

/** The operation for one member, as a request of its own: its result, none when nothing is shown of it, or why it failed. */
async function askMember(
  member: Resource,
  call: CallStep,
  { request, preferences }: Exchange,
  engine: Engine,
): Promise<readonly JsonObject[] | ODataError> {
  const rest = request.url.slice(call.before.length);
  const { status, body } = await engine.answer({ ...request, url: `${entityUrl(member)}${rest}` }, engine);
  const node = body === null ? null : parseJson(body.toString(), { depth: 1000, nodes: 10_000_000 });
  if (status >= 400) return refused(body === null ? null : JSON.parse(body.toString()), status);
  if (node?.kind === 'object') return [withoutContext(node)];
  const isShown = call.operation.returnType !== null && preferences.return !== 'minimal';
  return isShown ? [{ kind: 'object', members: new Map(), at: 0 }] : [];
}

function withoutContext(node: JsonObject): JsonObject {
  return { ...node, members: new Map([...node.members].filter(([name]) => !/^@(odata\.)?context$/.test(name))) };
}

async function failedMember(
  member: Resource,
  error: ODataError,
  exchange: Exchange,
  applying: Applying,
): Promise<JsonObject> {
  const plain: Exchange = { ...exchange, url: { resource: member, options: noOptions(entityTypeOf(member)) } };
  const shown = await shownEntity(member, null, plain, applying);
  if (shown === null) throw error;
  return failedItem(shown, 'invoke', error, error.status, applying.engine);
}

/** The results one after the other, each as its own answer would be (JSON 12); what failed is told whatever the client prefers. */
function answerOf(
  results: readonly JsonObject[],
  failed: readonly JsonObject[],
  { operation }: CallStep,
  exchange: Exchange,
): ODataResponse {
  const { negotiated, preferences, url } = exchange;
  const { returnType } = operation;
  const headers = appliedHeaders(exchange, {
    return: returnType === null || failed.length > 0 ? null : preferences.return,
    continueOnError: preferences.continueOnError === true ? true : null,
  });
  const items = [...results, ...failed];
  const isEmpty = returnType === null || preferences.return === 'minimal';
  if (items.length === 0 && isEmpty) return emptyResponse(headers);
  const kind = returnType === null || returnType.collection ? null : kindOf(returnType.type, true);
  const resource: Resource | null = kind === null ? null : { ...url.resource, kind, collection: true };
  const context = resource === null ? null : contextOf({ ...exchange, url: { ...url, resource } });
  const text = `[${items.map(printJson).join(',')}]`;
  const frame = { context, version: negotiated.version };
  return jsonResponse(200, collectionEnvelope(frame, Buffer.from(text)), exchange, headers);
}
