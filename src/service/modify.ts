import type { EntityChange, Resource } from '../bind/index.js';
import { annotationOf, booleanValue, type EntityType, isTagged, memberFlag, recordValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { StoredValue } from '../plan/index.js';
import { checkPreconditions, type ODataResponse } from '../protocol/index.js';
import { encode } from '../tables/index.js';
import { type Applying, changeEntity, insertEntity, type Manner, removeRow, typeOfRow } from './apply.js';
import { entityChange, entityTypeOf, namesType, type ReceivedBody, receiveBody } from './body.js';
import { type Exchange, type Handler, occasionOf } from './context.js';
import { duplicateNamed } from './duplicate.js';
import { etagOfRow, locate, notFound, parentOf } from './locate.js';
import { beneath, type Place, placeOf } from './place.js';
import { answerWith } from './representation.js';
import { emptyResponse } from './response.js';
import type { Engine } from './service.js';

/** Runs one modification: one request is one transaction, whatever its depth (Protocol 11.4). */
export async function inTransaction(
  exchange: Exchange,
  engine: Engine,
  work: (applying: Applying) => Promise<ODataResponse>,
): Promise<ODataResponse> {
  const { base } = exchange.request;
  try {
    return await engine.store.transaction((session) =>
      work({
        engine,
        session,
        occasion: occasionOf(exchange.request),
        base,
        restriction: exchange.restriction,
        seeding: false,
        firstVersion: BigInt(Date.now()),
      }),
    );
  } catch (error) {
    throw duplicateNamed(error, engine.layout);
  }
}

/** POST to a collection of entities, contained ones included (Protocol 11.4.2). */
export const createEntity: Handler = async (exchange, engine) => {
  const { resource } = exchange.url;
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
  return answerWith(row, change, true, exchange, applying.engine, applying.session);
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
    checkPreconditions(etagOfRow(row), exchange.request.headers, 'write', { exists: true });
    const stored = typeOfRow(row);
    const bound = entityChange(body, namesType(body) ? declared : stored, manner, exchange, engine);
    requireSameType(bound.type, stored);
    const changed = await changeEntity(applying, row, { ...bound, type: stored }, manner);
    return answerWith(changed, bound, false, exchange, engine, applying.session);
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
  const { parent, step } = parentOf(resource);
  const { session } = applying;
  if (step.kind === 'navigation' && step.property.containsTarget) {
    const owner = await locate(parent, engine, session, exchange.restriction);
    if (owner === null) throw notFound(exchange.request.url);
    const inserted = entityChange(body, entityTypeOf(resource), 'insert', exchange, engine);
    return insertAt(beneath(owner, step.property), new Map(), inserted, exchange, applying);
  }
  if (step.kind !== 'key' || step.alternate || !mayUpsert(resource)) throw notFound(exchange.request.url);
  const collection: Resource = { ...parent, kind: 'entityCollection', collection: true };
  const place = await placeOf(collection, engine, session, exchange.restriction);
  if (place === null) throw notFound(exchange.request.url);
  const key = new Map<string, StoredValue>();
  for (const part of step.key) {
    const index = place.table.type.key.findIndex(({ properties }) => properties.at(-1) === part.properties.at(-1));
    const column = place.table.key[index];
    if (column !== undefined) key.set(column.name, encode(column.codec, part.value));
  }
  const inserted = entityChange(body, entityTypeOf(resource), 'insert', exchange, engine);
  return insertAt(place, key, inserted, exchange, applying);
}

/** Never for media entities and for keys that the service makes (Protocol 11.4.4-2), nor where the model says no. */
function mayUpsert(resource: Resource): boolean {
  const type = entityTypeOf(resource);
  const made = type.key.some(({ properties }) => {
    const last = properties.at(-1);
    return last !== undefined && isTagged(last, 'Org.OData.Core.V1.Computed');
  });
  if (type.hasStream || made || resource.source === null) return false;
  const restrictions = annotationOf(resource.source, 'Org.OData.Capabilities.V1.UpdateRestrictions');
  return (
    restrictions === null ||
    booleanValue(restrictions) === true ||
    memberFlag(recordValue(restrictions), 'Upsertable') === true
  );
}

/** DELETE of an entity (Protocol 11.4.5). */
export const deleteEntity: Handler = (exchange, engine) =>
  inTransaction(exchange, engine, async (applying) => {
    const row = await locate(exchange.url.resource, engine, applying.session, exchange.restriction);
    if (row === null) {
      checkPreconditions(null, exchange.request.headers, 'write');
      throw notFound(exchange.request.url);
    }
    checkPreconditions(etagOfRow(row), exchange.request.headers, 'write', { exists: true });
    await removeRow(applying, row);
    return emptyResponse();
  });

/** POST to a contained single-valued navigation property that is empty creates its entity; one that is there is in the way. */
export const createSingle: Handler = async (exchange, engine) => {
  const { resource } = exchange.url;
  const last = resource.steps.at(-1);
  if (last?.kind !== 'navigation' || !last.property.containsTarget)
    throw new ODataError('MethodNotAllowed', 'POST creates entities in collections; this is a single one.', null, {
      headers: { Allow: 'GET, HEAD, PATCH, PUT, DELETE' },
    });
  const inserted = entityChange(receiveBody(exchange), entityTypeOf(resource), 'insert', exchange, engine);
  return inTransaction(exchange, engine, async (applying) => {
    const { session } = applying;
    const { name } = last.property;
    if ((await locate(resource, engine, session, exchange.restriction)) !== null)
      throw new ODataError('Conflict', `'${name}' is there already; use PATCH to change it.`, name);
    const owner = await locate(parentOf(resource).parent, engine, session, exchange.restriction);
    if (owner === null) throw notFound(exchange.request.url);
    return insertAt(beneath(owner, last.property), new Map(), inserted, exchange, applying);
  });
};
