import {
  type BodyContext,
  bindCollection,
  bindComplex,
  bindPrimitive,
  type EntityChange,
  type ValueChange,
  writability,
} from '../bind/index.js';
import { type EntityType, isTagged, type Property, parseValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, parseJson } from '../payload/index.js';
import { type ODataResponse, readContentType, refuseEncoding } from '../protocol/index.js';
import { type Applying, emptyChange, typeOfRow } from './applying.js';
import { bodyContext, receiveBody, wholeBody } from './body.js';
import { complexOf, complexType, entityWith } from './complex-change.js';
import type { Exchange, Handler } from './context.js';
import { requireInstanceAllows } from './instance.js';
import { etagOfRow, locate, notFound, type StoredRow } from './locate.js';
import { knownETag, requirePreconditions } from './preconditions.js';
import { type PropertyPlace, propertyPlace } from './property-place.js';
import { readCollectionIn, readOne, readRawIn } from './read.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { itemChange, requireItems, requireParent } from './stored-value.js';
import { inTransaction } from './transaction.js';
import { changeEntity } from './update.js';

/** What a request makes of a property: its new value, or that of a dynamic one as JSON. */
type Change =
  | { readonly kind: 'value'; readonly change: ValueChange }
  | { readonly kind: 'dynamic'; readonly json: JsonNode };

/** How a request makes it; the row is there for what depends on the value so far. */
type Making = (place: PropertyPlace, row: StoredRow) => Change;

const nothing: JsonNode = { kind: 'null', at: 0 };

/** `whole`: the value is put in the place of the old one, not merged into it. */
async function changeProperty(
  exchange: Exchange,
  engine: Engine,
  whole: boolean,
  making: Making,
): Promise<ODataResponse> {
  const place = propertyPlace(exchange.url.resource);
  requireUpdatable(place);
  return inTransaction(exchange, engine, async (applying) => {
    const row = await locate(place.entity, engine, applying.session, exchange.restriction);
    if (row === null) throw notFound(exchange.request.url);
    requirePreconditions(row, place.entity, exchange, engine);
    requireInstanceAllows(row, place.entity, 'UpdateRestrictions', 'Updatable', engine);
    requireParent(row, place, exchange.request.url);
    const change = making(place, row);
    if (change.kind === 'value') requireItems(row, place, change.change);
    const entity = entityOf(typeOfRow(row), place, change, whole);
    const changed = await changeEntity(applying, row, entity, 'merge');
    return answer(exchange, applying, changed, isNull(change));
  });
}

/** Key, computed and immutable properties are the service's or stay as they are (Protocol 11.4.9.1). */
function requireUpdatable({ path }: PropertyPlace): void {
  const owner = path[0]?.declaringType;
  const keys = owner?.kind === 'entity' ? owner.key : [];
  const isKey = keys.some(({ properties }) => properties.every((property, index) => property === path[index]));
  for (const property of path) {
    const { readOnly, immutable } = writability(property);
    if (isKey || readOnly || immutable)
      throw new ODataError('MethodNotAllowed', `'${property.name}' cannot be changed.`, property.name, {
        headers: { Allow: 'GET, HEAD' },
      });
  }
}

function isNull(change: Change): boolean {
  if (change.kind === 'dynamic') return change.json.kind === 'null';
  return change.change.kind === 'value' && change.change.value === null;
}

/** 204 for null and for who prefers little, else the value as it is now (Protocol 11.4.1.5). The ETag is the entity's. */
async function answer(exchange: Exchange, applying: Applying, row: StoredRow, gone: boolean): Promise<ODataResponse> {
  const { request, preferences, url } = exchange;
  const { engine, session } = applying;
  const applied = appliedHeaders(exchange, { return: preferences.return });
  const raw = url.resource.kind === 'rawValue' && preferences.return === null;
  if (gone || raw || preferences.return === 'minimal' || request.method === 'DELETE') {
    const known = knownETag(row, typeOfRow(row), 'changed', request.headers);
    return emptyResponse(known === null ? applied : { ...applied, ETag: known });
  }
  const etag = etagOfRow(row);
  const headers = etag === null ? applied : { ...applied, ETag: etag };
  if (url.resource.kind === 'rawValue') return readRawIn(exchange, engine, session, headers);
  if (url.resource.collection) return readCollectionIn(exchange, engine, session, headers);
  return readOne(exchange, engine, session, 200, headers);
}

/** The change as one to the entity; `whole`: the value is put in the place of the old one. */
function entityOf(type: EntityType, { path, dynamic }: PropertyPlace, change: Change, whole: boolean): EntityChange {
  if (change.kind === 'value')
    return entityWith(
      type,
      path,
      whole && change.change.kind === 'complex' ? { ...change.change, whole } : change.change,
    );
  const member = new Map([[dynamic ?? '', { type: null, json: change.json }]]);
  const last = path.at(-1);
  if (last === undefined) return { ...emptyChange(type, ''), dynamic: member };
  return entityWith(type, path, { ...complexOf(complexType(last)), dynamic: member });
}

/** The value in a JSON body, as value of a property or of one item of it. */
function valueIn(node: JsonNode, property: Property, single: boolean, context: BodyContext): ValueChange {
  if (property.collection && !single) return bindCollection(node, property, context);
  const place = { ...property, collection: false };
  const { type } = property;
  return type.kind === 'complex' ? bindComplex(node, { ...place, type }, context) : bindPrimitive(node, place, context);
}

/** PUT and PATCH of a property with its value as JSON body. */
function withBody(whole: boolean): Handler {
  return async (exchange, engine) => {
    const { node, content } = receiveBody(exchange);
    const context = bodyContext(content, whole ? 'replace' : 'merge', exchange, engine);
    return changeProperty(exchange, engine, whole, (place, row) => {
      const last = place.path.at(-1);
      if (place.dynamic !== null || last === undefined) return { kind: 'dynamic', json: valueMember(node) };
      if (place.ordinal === null) return { kind: 'value', change: valueIn(node, castIn(place, last), false, context) };
      const item = valueIn(node, last, true, context);
      return { kind: 'value', change: itemChange(row, place, item, whole, exchange.request.url) };
    });
  };
}

/** The last property of a path, of the type that the path casts it to (URL 4.13). */
function castIn({ path, casts }: PropertyPlace, last: Property): Property {
  const type = casts.get(path.length);
  return type?.kind === 'complex' ? { ...last, type } : last;
}

function valueMember(node: JsonNode): JsonNode {
  const found = node.kind === 'object' ? node.members.get('value') : undefined;
  if (found !== undefined) return found;
  throw new ODataError('MissingValue', `The body should hold the new value in 'value'.`, 'value');
}

/** PUT replaces the value (Protocol 11.4.9.1, 11.4.9.3, 11.4.9.4). */
export const replaceProperty: Handler = withBody(true);

/** PATCH merges a complex value (Protocol 11.4.9.3). */
export const mergeProperty: Handler = withBody(false);

/** DELETE sets null, and empties a collection (Protocol 11.4.9.2, 11.4.9.4). */
export const clearProperty: Handler = (exchange, engine) =>
  changeProperty(exchange, engine, true, (place, row) => {
    const last = place.path.at(-1);
    if (place.dynamic !== null || last === undefined) return { kind: 'dynamic', json: nothing };
    if (place.ordinal !== null)
      return { kind: 'value', change: itemChange(row, place, null, true, exchange.request.url) };
    if (last.collection) return { kind: 'value', change: { kind: 'collection', items: [] } };
    if (!last.nullable) throw new ODataError('InvalidValue', `'${last.name}' cannot be null.`, last.name);
    return { kind: 'value', change: { kind: 'value', value: null } };
  });

/** PUT of `…/$value`: the raw value as text, or the bytes of a binary property (Protocol 11.4.9.1). */
export const replaceRawValue: Handler = async (exchange, engine) => {
  refuseEncoding(exchange.request.headers);
  const { mediaType } = readContentType(exchange.request.headers, ['text/plain', 'application/octet-stream']);
  const bytes = wholeBody(exchange.request);
  return changeProperty(exchange, engine, true, ({ path, dynamic }) => {
    const last = path.at(-1);
    if (dynamic !== null || last === undefined)
      return { kind: 'dynamic', json: parseJson(JSON.stringify(bytes.toString('utf8'))) };
    const { type } = last;
    if (type.kind !== 'primitive' && type.kind !== 'enum' && type.kind !== 'typeDefinition')
      throw new ODataError('TypeMismatch', `'${last.name}' has no raw value.`, last.name);
    const base = type.kind === 'typeDefinition' ? type.underlyingType.name : type.qualifiedName;
    const raw = base === 'Edm.Binary' && mediaType === 'application/octet-stream';
    const text = raw ? bytes.toString('base64url') : bytes.toString('utf8');
    return { kind: 'value', change: { kind: 'value', value: parseValue(type, text, last) } };
  });
};

/** POST to a collection of values: the item becomes the last one, or stands where `$index` says (Protocol 11.4.9.4, 11.4.11). */
export const appendToCollection: Handler = async (exchange, engine) => {
  const { node, content } = receiveBody(exchange);
  const at = exchange.url.options.index;
  const context = bodyContext(content, 'insert', exchange, engine);
  return changeProperty(exchange, engine, true, ({ path }) => {
    const last = path.at(-1);
    if (last === undefined) throw new ODataError('InternalError', 'There is nothing to add to.');
    if (at !== null && !isTagged(last, 'Org.OData.Core.V1.PositionalInsert'))
      throw new ODataError('QueryOptionNotApplicable', `'${last.name}' takes new items at its end only.`, '$index');
    return { kind: 'value', change: { kind: 'appended', items: [valueIn(node, last, true, context)], at } };
  });
};
