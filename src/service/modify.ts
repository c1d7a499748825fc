import type { EntityChange, KeyValue, Resource } from '../bind/index.js';
import { type EntityType, isTagged } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { StoredValue } from '../plan/index.js';
import { checkPreconditions, type ODataResponse } from '../protocol/index.js';
import { encode, type Table } from '../tables/index.js';
import { type Applying, type Manner, typeOfRow } from './applying.js';
import { entityChange, entityTypeOf, namesType, type ReceivedBody, receiveBody } from './body.js';
import type { Exchange, Handler } from './context.js';
import { insertEntity } from './insert.js';
import { requireInstanceAllows } from './instance.js';
import { locate, notFound, parentOf, tableOf } from './locate.js';
import { createMediaEntity } from './modify-stream.js';
import { beneath, type Place, placeOf } from './place.js';
import { requirePreconditions } from './preconditions.js';
import { answerWith } from './representation.js';
import { emptyResponse } from './response.js';
import { restrictionsAt } from './restrictions.js';
import type { Engine } from './service.js';
import { inTransaction } from './transaction.js';
import { changeEntity, removeRow } from './update.js';

/** POST to a collection of entities, contained ones included (Protocol 11.4.2). */
export const createEntity: Handler = async (exchange, engine) => {
  const { resource } = exchange.url;
  if (entityTypeOf(resource).hasStream) return createMediaEntity(exchange, engine);
  const body = receiveBody(exchange);
  const change = entityChange(body, entityTypeOf(resource), 'insert', exchange, engine);
  return inTransaction(exchange, engine, async (applying) => {
    const place = await placeOf(resource, engine, applying.session, exchange.restriction);
    if (place === null) throw notFound(exchange.request.url);
    return insertAt(place, new Map(), change, exchange, applying);
  });
};

async function insertAt(
  place: Place,
  key: ReadonlyMap<string, StoredValue>,
  change: EntityChange,
  exchange: Exchange,
  applying: Applying,
): Promise<ODataResponse> {
  const row = await insertEntity(applying, place.table, change, new Map([...place.fixed, ...key]));
  await place.after(row, applying);
  return answerWith(row, change, 'created', exchange, applying);
}

/** PATCH merges (Protocol 11.4.3). */
export const updateEntity: Handler = (exchange, engine) => change(exchange, engine, 'merge');

/** PUT replaces (Protocol 11.4.3). */
export const replaceEntity: Handler = (exchange, engine) => change(exchange, engine, 'replace');

async function change(exchange: Exchange, engine: Engine, manner: Manner): Promise<ODataResponse> {
  const { resource } = exchange.url;
  const declared = entityTypeOf(resource);
  const body = receiveBody(exchange);
  return inTransaction(exchange, engine, async (applying) => {
    const row = await locate(resource, engine, applying.session, exchange.restriction);
    if (row === null) return upsert(body, exchange, engine, applying);
    requirePreconditions(row, resource, exchange, engine);
    requireInstanceAllows(row, resource, 'UpdateRestrictions', 'Updatable', engine);
    const stored = typeOfRow(row);
    const bound = entityChange(body, namesType(body) ? declared : stored, manner, exchange, engine);
    requireSameType(bound.type, stored);
    const changed = await changeEntity(applying, row, { ...bound, type: stored }, manner);
    return answerWith(changed, bound, manner === 'replace' ? 'replaced' : 'changed', exchange, applying);
  });
}

/** The type of an entity does not change (Protocol 11.4.3); a base type may be named. */
function requireSameType(named: EntityType, stored: EntityType): void {
  if (named === stored || named.derivedTypes.includes(stored)) return;
  const message = `This entity is a ${stored.qualifiedName}; its type cannot be changed.`;
  throw new ODataError('TypeMismatch', message, '@odata.type');
}

/** A PATCH or PUT to an entity that is not there creates it where the model lets clients do so (Protocol 11.4.4). */
async function upsert(
  body: ReceivedBody,
  exchange: Exchange,
  engine: Engine,
  applying: Applying,
): Promise<ODataResponse> {
  const { resource } = exchange.url;
  checkPreconditions(null, exchange.request.headers, 'write');
  if (exchange.request.headers['if-match'] !== undefined || !mayUpsert(resource, engine))
    throw notFound(exchange.request.url);
  const found = await upsertPlace(resource, exchange, engine, applying);
  if (found === null) throw notFound(exchange.request.url);
  const inserted = entityChange(body, entityTypeOf(resource), 'insert', exchange, engine);
  return insertAt(found.place, found.key, inserted, exchange, applying);
}

/** Where an entity that a URL names goes, and its key; null: the entity it would be related to does not exist. */
async function upsertPlace(
  resource: Resource,
  exchange: Exchange,
  engine: Engine,
  applying: Applying,
): Promise<{ readonly place: Place; readonly key: ReadonlyMap<string, StoredValue> } | null> {
  const { session } = applying;
  const { parent, step } = parentOf(resource);
  switch (step.kind) {
    case 'navigation': {
      const owner = await locate(parent, engine, session, exchange.restriction);
      return owner === null ? null : { place: beneath(owner, step.property), key: new Map() };
    }
    case 'singleton': {
      const place: Place = { table: tableOf(step.singleton, engine.layout), fixed: new Map(), after: async () => {} };
      return { place, key: new Map() };
    }
    case 'key': {
      const collection: Resource = { ...parent, kind: 'entityCollection', collection: true };
      const place = await placeOf(collection, engine, session, exchange.restriction);
      return place === null ? null : { place, key: keyValues(step.key, place.table) };
    }
    case 'cast': {
      const other = await locate(parent, engine, applying.session, exchange.restriction);
      return other === null ? upsertPlace({ ...parent, type: resource.type }, exchange, engine, applying) : null;
    }
    default:
      return null;
  }
}

function keyValues(key: readonly KeyValue[], table: Table): ReadonlyMap<string, StoredValue> {
  const values = new Map<string, StoredValue>();
  for (const part of key) {
    const index = table.type.key.findIndex(({ properties }) => properties.at(-1) === part.properties.at(-1));
    const column = table.key[index];
    if (column !== undefined) values.set(column.name, encode(column.codec, part.value));
  }
  return values;
}

/**
 * Never for media entities, for what is only related, and for keys that the service makes (Protocol 11.4.4); else where the
 * model does not say no (UpdateRestrictions/Upsertable).
 */
function mayUpsert(resource: Resource, engine: Engine): boolean {
  const type = entityTypeOf(resource);
  const step = resource.steps.findLast(({ kind }) => kind !== 'cast');
  const made = type.key.some(({ properties }) => {
    const last = properties.at(-1);
    return last !== undefined && isTagged(last, 'Org.OData.Core.V1.Computed');
  });
  if (type.hasStream || (step?.kind === 'key' && (made || step.alternate))) return false;
  if (step?.kind === 'navigation' && !step.property.containsTarget) return false;
  return restrictionsAt(resource, engine.model).allows('UpdateRestrictions', 'Upsertable');
}

/** DELETE of an entity (Protocol 11.4.5). */
export const deleteEntity: Handler = (exchange, engine) =>
  inTransaction(exchange, engine, async (applying) => {
    const { resource } = exchange.url;
    const row = await locate(resource, engine, applying.session, exchange.restriction);
    if (row === null) {
      checkPreconditions(null, exchange.request.headers, 'write');
      throw notFound(exchange.request.url);
    }
    requirePreconditions(row, resource, exchange, engine);
    requireInstanceAllows(row, resource, 'DeleteRestrictions', 'Deletable', engine);
    requireRemovable(resource);
    await removeRow(applying, row);
    return emptyResponse();
  });

/** A contained single value that must be there goes only with the entity that contains it (CSDL 8.2). */
function requireRemovable({ steps }: Resource): void {
  const last = steps.at(-1);
  if (last?.kind !== 'navigation' || last.property.nullable || last.property.collection) return;
  throw new ODataError('MethodNotAllowed', `'${last.property.name}' cannot be without an entity.`, last.property.name, {
    headers: { Allow: 'GET, HEAD, PATCH, PUT' },
  });
}

/** POST to a contained single-valued navigation property that is empty creates its entity; one that is there is in the way. */
export const createSingle: Handler = async (exchange, engine) => {
  const { resource } = exchange.url;
  const { parent, step } = parentOf(resource);
  if (step.kind !== 'navigation') throw notFound(exchange.request.url);
  const inserted = entityChange(receiveBody(exchange), entityTypeOf(resource), 'insert', exchange, engine);
  return inTransaction(exchange, engine, async (applying) => {
    const { session } = applying;
    const { name } = step.property;
    if ((await locate(resource, engine, session, exchange.restriction)) !== null)
      throw new ODataError('Conflict', `'${name}' is there already; use PATCH to change it.`, name);
    const owner = await locate(parent, engine, session, exchange.restriction);
    if (owner === null) throw notFound(exchange.request.url);
    return insertAt(beneath(owner, step.property), new Map(), inserted, exchange, applying);
  });
};
