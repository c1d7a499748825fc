import {
  bindDelta,
  bindEntities,
  type DeltaItem,
  type EntityChange,
  type LinkChange,
  Problems,
  type RemovedEntity,
  type Resource,
} from '../bind/index.js';
import { ODataError } from '../errors.js';
import { columnOf, planner, planPath } from '../plan/index.js';
import type { Table } from '../tables/index.js';
import { type Applying, emptyChange, type Manner, rowName, typeOfRow } from './applying.js';
import { bodyContext, entityTypeOf, placeIn, receiveBody } from './body.js';
import { checkBody } from './capabilities-body.js';
import type { Exchange, Handler } from './context.js';
import { deltaAnswer, type Outcome } from './delta-answer.js';
import { insertNested, referenced, rowNamed } from './inline.js';
import { requireInstanceAllows } from './instance.js';
import { connect, unlink } from './links.js';
import { fetchRows, locate, notFound, parentOf, resolveReference, type StoredRow } from './locate.js';
import { nestedAfter } from './nested.js';
import { placeOf } from './place.js';
import { needsETag } from './preconditions.js';
import { readCollectionIn } from './read.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { shapesCollection } from './shaping.js';
import { attempt, inTransaction } from './transaction.js';
import { changeEntity, removeRow, requireCurrent } from './update.js';

/** The collection that a request changes as a whole. */
interface Collection {
  readonly exchange: Exchange;
  readonly engine: Engine;
  readonly table: Table;
  /** The entity it belongs to, and by which navigation property; null for an entity set. */
  readonly owner: {
    readonly row: StoredRow;
    readonly property: Extract<ReturnType<typeof parentOf>['step'], { kind: 'navigation' }>['property'];
  } | null;
}

/** PATCH of a collection with a delta payload: entities are upserted or deleted, links added and removed (Protocol 11.4.12). */
export const updateCollection: Handler = async (exchange, engine) => {
  refuseShaping(exchange);
  const { resource } = exchange.url;
  const { node, content } = receiveBody(exchange);
  const items = bindDelta(node, {
    ...bodyContext(content, 'merge', exchange, engine),
    type: entityTypeOf(resource),
    place: placeIn(resource),
    separately: exchange.preferences.continueOnError === true,
  });
  return inTransaction(exchange, engine, async (applying) => {
    const collection = await collectionOf(exchange, engine, applying);
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(await applied(collection, item, applying));
    const failed = outcomes.some(({ error }) => error !== null);
    const { preferences } = exchange;
    const headers = appliedHeaders(exchange, {
      return: failed ? null : preferences.return,
      continueOnError: preferences.continueOnError === true ? true : null,
    });
    if (!failed && preferences.return === 'minimal') return emptyResponse(headers);
    return deltaAnswer(outcomes, resource, exchange, applying, headers);
  });
};

/** No segment or option may change what the collection is (Protocol 11.4.12). */
function refuseShaping({ url }: Exchange): void {
  const last = url.resource.steps.at(-1)?.kind;
  if (shapesCollection(url.options) || url.options.compute.length > 0)
    throw new ODataError(
      'QueryOptionNotApplicable',
      'A collection is changed as it is; leave out options that change its shape.',
    );
  if (last === 'cast' || last === 'filter')
    throw new ODataError(
      'BadRequest',
      'A collection is changed as a whole; leave out the type cast or filter, or use /$each.',
    );
}

async function collectionOf(exchange: Exchange, engine: Engine, applying: Applying): Promise<Collection> {
  const { resource } = exchange.url;
  const { parent, step } = parentOf(resource);
  const place = await placeOf(resource, engine, applying.session, exchange.restriction);
  const row = step.kind === 'navigation' ? await locate(parent, engine, applying.session, exchange.restriction) : null;
  if (place === null || (step.kind === 'navigation' && row === null)) throw notFound(exchange.request.url);
  if (needsETag(resource, engine) && exchange.request.headers['if-match'] === undefined)
    throw new ODataError(
      'PreconditionRequired',
      'Changing these entities needs If-Match; send * to change whatever is there.',
      'If-Match',
    );
  const owner = step.kind === 'navigation' && row !== null ? { row, property: step.property } : null;
  return { exchange, engine, table: place.table, owner };
}

/** One item on its own where the client wants to go on after errors, else within the whole (Protocol 8.2.8.3). */
async function applied(collection: Collection, item: DeltaItem, applying: Applying): Promise<Outcome> {
  if (collection.exchange.preferences.continueOnError !== true) return changed(collection, item, applying, null);
  const before = item.kind === 'link' || item.kind === 'deletedLink' ? null : await present(collection, item, applying);
  const result = await attempt(applying, (part) => changed(collection, item, part, before));
  return result instanceof ODataError ? { item, row: before, created: before === null, error: result } : result;
}

async function changed(
  collection: Collection,
  item: DeltaItem,
  applying: Applying,
  before: StoredRow | null,
): Promise<Outcome> {
  switch (item.kind) {
    case 'entity': {
      const row = before ?? (await present(collection, item, applying));
      return { item, row: await put(collection, item, row, applying, 'merge'), created: row === null, error: null };
    }
    case 'removed': {
      const row = before ?? (await present(collection, item, applying));
      if (row === null)
        throw new ODataError('ReferenceNotFound', 'The entity to be deleted does not exist.', item.target);
      await remove(collection, item, row, applying);
      return { item, row, created: false, error: null };
    }
    case 'invalid':
      throw item.error;
    case 'link':
    case 'deletedLink':
      await relate(item, applying);
      return { item, row: null, created: false, error: null };
  }
}

/** The row an item names, wherever in the table it is; null: there is none. */
async function present(
  { table, owner }: Collection,
  item: Exclude<DeltaItem, LinkChange>,
  applying: Applying,
): Promise<StoredRow | null> {
  const fixed = owner === null || !owner.property.containsTarget ? null : ownerColumns(owner.row, table);
  return rowNamed(applying, table, item, fixed);
}

/** The columns by which contained rows belong to their parent. */
function ownerColumns(row: StoredRow, table: Table) {
  return new Map((table.parent?.pairs ?? []).map((pair) => [pair.own.name, row.values.get(pair.target.name) ?? null]));
}

/** An upsert (Protocol 11.4.4), and the link to the entity the collection belongs to. */
async function put(
  { exchange, engine, table, owner }: Collection,
  item: EntityChange,
  row: StoredRow | null,
  applying: Applying,
  manner: Manner,
): Promise<StoredRow> {
  const { resource } = exchange.url;
  checkItem(item, row === null ? 'insert' : manner, resource, engine);
  if (row !== null) requireInstanceAllows(row, resource, 'UpdateRestrictions', 'Updatable', engine);
  const change = row === null ? item : { ...item, type: typeOfRow(row) };
  if (owner === null)
    return row === null
      ? insertNested(applying, table, change, manner, new Map())
      : changeEntity(applying, row, change, manner);
  const link = owner.row.table.links.get(owner.property);
  if (link === undefined)
    throw new ODataError('NotImplemented', `'${owner.property.name}' is not bound to an entity set.`);
  const relation = {
    property: owner.property,
    link,
    target: item.target,
    change: { kind: 'delta', items: [change] },
  } as const;
  await nestedAfter(applying, owner.row, [relation], manner);
  const made = applying.written.rowOf(change);
  if (made === undefined) throw new ODataError('InternalError', 'An entity was changed and not found again.');
  applying.written.note(made, item);
  return made;
}

/** The rules for bodies at this place (Capabilities vocabulary), for one item. */
function checkItem(item: EntityChange, purpose: 'insert' | Manner, resource: Resource, engine: Engine): void {
  const problems = new Problems();
  checkBody(item, purpose, resource, engine.model, problems);
  problems.report();
}

async function remove(
  { exchange, engine, owner }: Collection,
  item: RemovedEntity,
  row: StoredRow,
  applying: Applying,
): Promise<void> {
  requireCurrent(applying, row, item);
  const contained = owner === null || owner.property.containsTarget;
  if (contained || item.reason === 'deleted') {
    requireInstanceAllows(row, exchange.url.resource, 'DeleteRestrictions', 'Deletable', engine);
    return removeRow(applying, row);
  }
  const link = owner.row.table.links.get(owner.property);
  if (link === undefined)
    throw new ODataError('NotImplemented', `'${owner.property.name}' is not bound to an entity set.`);
  return unlink(applying, owner.row, link, row);
}

/** An added or deleted link (JSON 15.4, 15.5). */
async function relate(item: LinkChange, applying: Applying): Promise<void> {
  const { engine, session, origin, restriction } = applying;
  const from = { url: item.source, target: `${item.target}/source` };
  const source = await resolveReference(from, null, origin, engine, session, restriction);
  const property = typeOfRow(source).navigationProperties.get(item.relationship);
  const link = property === undefined ? undefined : source.table.links.get(property);
  if (property === undefined || link === undefined || property.containsTarget)
    throw new ODataError(
      'UnknownProperty',
      `'${item.relationship}' is no relationship that links can be added to.`,
      `${item.target}/relationship`,
    );
  if (item.to === null) {
    const change = { kind: 'null' } as const;
    if (property.collection)
      throw new ODataError('MissingValue', `A link of a collection names its target.`, `${item.target}/target`);
    await changeEntity(
      applying,
      source,
      { ...emptyLink(source, item), navigation: new Map([[property, change]]) },
      'merge',
    );
    return;
  }
  const reference = { kind: 'reference', url: item.to, target: `${item.target}/target` } as const;
  const other = await referenced(applying, reference, link.target);
  if (item.kind === 'deletedLink') return unlink(applying, source, link, other);
  if (property.collection) return connect(applying, source, link, other);
  const bind = { kind: 'bind', references: [reference] } as const;
  await changeEntity(
    applying,
    source,
    { ...emptyLink(source, item), navigation: new Map([[property, bind]]) },
    'merge',
  );
}

function emptyLink(source: StoredRow, item: LinkChange): EntityChange {
  return emptyChange(typeOfRow(source), item.target);
}

/** PUT of a collection: what is listed is upserted, what is not is deleted (Protocol 11.4.12). */
export const replaceCollection: Handler = async (exchange, engine) => {
  refuseShaping(exchange);
  const { resource } = exchange.url;
  const { node, content } = receiveBody(exchange);
  const items = bindEntities(node, {
    ...bodyContext(content, 'replace', exchange, engine),
    type: entityTypeOf(resource),
    place: placeIn(resource),
  });
  return inTransaction(exchange, engine, async (applying) => {
    const collection = await collectionOf(exchange, engine, applying);
    const kept = new Set<string>();
    for (const item of items)
      kept.add(rowName(await put(collection, item, await present(collection, item, applying), applying, 'replace')));
    for (const row of await members(collection, applying))
      if (!kept.has(rowName(row))) {
        requireInstanceAllows(row, resource, 'DeleteRestrictions', 'Deletable', engine);
        await removeRow(applying, row);
      }
    const headers = appliedHeaders(exchange, { return: exchange.preferences.return });
    if (exchange.preferences.return === 'minimal') return emptyResponse(headers);
    return readCollectionIn(exchange, engine, applying.session, headers);
  });
};

async function members({ exchange, engine }: Collection, applying: Applying): Promise<readonly StoredRow[]> {
  const { rows, item } = planPath(exchange.url.resource, planner(engine.layout, exchange.restriction));
  if (item.kind !== 'row') throw new ODataError('NotImplemented', 'Only collections of entities can be changed.');
  const columns = item.table.columns.map((column) => columnOf(item.as, column));
  return fetchRows(applying.session, item.table, { kind: 'columns', rows, columns });
}
