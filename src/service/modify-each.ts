import type { EntityChange, Resource } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { collectionEnvelope, type JsonObject, printJson } from '../payload/index.js';
import { columnOf, planner, planPath } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { failedItem } from './annotate.js';
import { type Applying, typeOfRow } from './applying.js';
import { entityChange, entityTypeOf, receiveBody } from './body.js';
import type { Exchange, Handler } from './context.js';
import { contextOf } from './describe.js';
import { requireInstanceAllows } from './instance.js';
import { fetchRows, type StoredRow } from './locate.js';
import { requirePreconditions } from './preconditions.js';
import { appliedHeaders, emptyResponse, jsonResponse } from './response.js';
import { memberOfCollection } from './row-resource.js';
import type { Engine } from './service.js';
import { shapesCollection } from './shaping.js';
import { shownEntity } from './shown.js';
import { attempt, inTransaction } from './transaction.js';
import { changeEntity, removeRow } from './update.js';

/** The rows of a collection that a path with `/$each` speaks of. */
export async function membersOf(
  resource: Resource,
  { restriction }: Exchange,
  { layout }: Engine,
  session: Session,
): Promise<readonly StoredRow[]> {
  const { rows, item } = planPath(resource, planner(layout, restriction));
  if (item.kind !== 'row') throw new ODataError('NotImplemented', 'Only entities can be changed by /$each.', '$each');
  const columns = item.table.columns.map((column) => columnOf(item.as, column));
  return fetchRows(session, item.table, { kind: 'columns', rows, columns });
}

/** A member whose change failed. */
interface Failure {
  readonly row: StoredRow;
  readonly error: ODataError;
}

/** Does the same to every member: one failure, and nothing is done; unless the client wants to go on (Protocol 8.2.8.3). */
async function forEach(
  exchange: Exchange,
  engine: Engine,
  applying: Applying,
  work: (row: StoredRow, part: Applying) => Promise<unknown>,
): Promise<{ readonly rows: readonly StoredRow[]; readonly failures: readonly Failure[] }> {
  const rows = await membersOf(exchange.url.resource, exchange, engine, applying.session);
  const failures: Failure[] = [];
  for (const row of rows) {
    const done = (part: Applying) => {
      requirePreconditions(row, exchange.url.resource, exchange, engine);
      return work(row, part);
    };
    if (exchange.preferences.continueOnError !== true) await done(applying);
    else {
      const result = await attempt(applying, done);
      if (result instanceof ODataError) failures.push({ row, error: result });
    }
  }
  return { rows, failures };
}

/** PATCH of `…/$each`: the same merge for every member (Protocol 11.4.13). */
export const updateEach: Handler = async (exchange, engine) => {
  const { resource } = exchange.url;
  const body = receiveBody(exchange);
  const change = entityChange(body, entityTypeOf(resource), 'merge', exchange, engine);
  return inTransaction(exchange, engine, async (applying) => {
    const { rows, failures } = await forEach(exchange, engine, applying, (row, part) => {
      requireInstanceAllows(row, resource, 'UpdateRestrictions', 'Updatable', engine);
      return changeEntity(part, row, { ...change, type: typeOfRow(row) }, 'merge');
    });
    if (failures.length === 0 && !wantsBody(exchange)) return nothing(exchange, failures);
    const shown = wantsBody(exchange) ? rows : failures.map(({ row }) => row);
    const items: JsonObject[] = [];
    for (const row of shown) items.push(...(await shownMember(row, change, failures, 'update', exchange, applying)));
    return collection(items, exchange, failures);
  });
};

/** DELETE of `…/$each` (Protocol 11.4.14). */
export const deleteEach: Handler = (exchange, engine) => {
  refuseOptions(exchange);
  const { resource } = exchange.url;
  return inTransaction(exchange, engine, async (applying) => {
    const { failures } = await forEach(exchange, engine, applying, (row, part) => {
      requireInstanceAllows(row, resource, 'DeleteRestrictions', 'Deletable', engine);
      return removeRow(part, row);
    });
    if (failures.length === 0) return nothing(exchange, failures);
    const items: JsonObject[] = [];
    for (const { row } of failures)
      items.push(...(await shownMember(row, null, failures, 'delete', exchange, applying)));
    return collection(items, exchange, failures, '/$delta');
  });
};

/** An option that seems to narrow what is deleted, and would not. */
function refuseOptions({ url }: Exchange): void {
  if (!shapesCollection(url.options)) return;
  throw new ODataError(
    'QueryOptionNotApplicable',
    'All members would be deleted; narrow the collection with a segment /$filter(…) before /$each.',
    '$filter',
  );
}

/** Only where it is asked for: showing many members costs more than changing them. Options that a list of them cannot obey leave it out. */
function wantsBody({ preferences, url }: Exchange): boolean {
  const { projection } = url.options;
  if (shapesCollection(url.options)) return false;
  if (preferences.return !== null) return preferences.return === 'representation';
  return projection !== null && (projection.selected !== null || projection.expanded.length > 0);
}

async function shownMember(
  row: StoredRow,
  change: EntityChange | null,
  failures: readonly Failure[],
  operation: 'update' | 'delete',
  exchange: Exchange,
  applying: Applying,
): Promise<readonly JsonObject[]> {
  const failure = failures.find((candidate) => candidate.row === row);
  const resource = memberOfCollection(exchange.url.resource, row);
  const node = await shownEntity(resource, failure === undefined ? change : null, exchange, applying);
  if (node === null) return [];
  if (failure === undefined) return [node];
  return [failedItem(node, operation, failure.error, failure.error.status, applying.engine)];
}

function applied(exchange: Exchange, failures: readonly Failure[]) {
  const { preferences } = exchange;
  return appliedHeaders(exchange, {
    return: failures.length > 0 ? null : preferences.return,
    continueOnError: preferences.continueOnError === true ? true : null,
  });
}

function nothing(exchange: Exchange, failures: readonly Failure[]): ODataResponse {
  const { preferences } = exchange;
  return emptyResponse({
    ...applied(
      { ...exchange, preferences: { ...preferences, return: preferences.return === 'minimal' ? 'minimal' : null } },
      failures,
    ),
  });
}

function collection(
  items: readonly JsonObject[],
  exchange: Exchange,
  failures: readonly Failure[],
  kind = '',
): ODataResponse {
  const { version } = exchange.negotiated;
  const context = contextOf(exchange);
  const text = `[${items.map(printJson).join(',')}]`;
  const frame = { context: context === null ? null : `${context}${kind}`, version };
  return jsonResponse(200, collectionEnvelope(frame, Buffer.from(text)), exchange, applied(exchange, failures));
}
