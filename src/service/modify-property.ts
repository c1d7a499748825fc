import {
  type BodyContext,
  bindCollection,
  bindComplex,
  bindPrimitive,
  type ComplexChange,
  type EntityChange,
  type Resource,
  type Step,
  type ValueChange,
} from '../bind/index.js';
import { type ComplexType, type EntityType, isTagged, type Property, parseValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, parseJson } from '../payload/index.js';
import { checkPreconditions, type ODataResponse, readContentType, refuseEncoding } from '../protocol/index.js';
import { type Applying, changeEntity, typeOfRow } from './apply.js';
import { receiveBody } from './body.js';
import type { Exchange, Handler } from './context.js';
import { etagOfRow, locate, notFound } from './locate.js';
import { inTransaction } from './modify.js';
import { readOne } from './read.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';

/** A resource path taken apart: the entity, and the properties that lead from it to the value. */
interface PropertyPlace {
  readonly entity: Resource;
  readonly path: readonly Property[];
  /** The name of the dynamic property the path ends in; null: a declared one. */
  readonly dynamic: string | null;
}

/** Throws NotImplemented for values inside collections, which have no URL of their own. */
function placeOf(resource: Resource): PropertyPlace {
  const first = resource.steps.findIndex((step) => step.kind === 'property' || step.kind === 'dynamic');
  const rest = resource.steps.slice(first);
  const path = rest.flatMap((step) => (step.kind === 'property' ? [step.property] : []));
  const last = rest.at(-1);
  if (rest.some((step) => !isValueStep(step)) || first < 0)
    throw new ODataError(
      'NotImplemented',
      'This value cannot be changed by its own URL; change the entity it belongs to.',
    );
  const steps = resource.steps.slice(0, first);
  const entity: Resource = { ...resource, kind: 'entity', collection: false, steps, property: null };
  return { entity, path, dynamic: last?.kind === 'dynamic' ? last.name : null };
}

function isValueStep(step: Step): boolean {
  return step.kind === 'property' || step.kind === 'dynamic' || step.kind === 'cast';
}

type Change =
  | { readonly kind: 'value'; readonly change: ValueChange }
  | { readonly kind: 'dynamic'; readonly json: JsonNode };

/** What a request makes of the property, given the row's type. */
type Making = (place: PropertyPlace, context: BodyContext) => Change;

const nothing: JsonNode = { kind: 'null', at: 0 };

async function changeProperty(
  exchange: Exchange,
  engine: Engine,
  whole: boolean,
  making: Making,
  version: BodyContext['version'],
  ieee754Compatible: boolean,
): Promise<ODataResponse> {
  const place = placeOf(exchange.url.resource);
  const { model } = engine;
  const strict = exchange.preferences.handling === 'strict';
  const purpose = whole ? 'replace' : 'merge';
  requireUpdatable(place);
  const change = making(place, { model, purpose, version, strict, ieee754Compatible, seeding: false });
  return inTransaction(exchange, engine, async (applying) => {
    const row = await locate(place.entity, engine, applying.session, exchange.restriction);
    if (row === null) throw notFound(exchange.request.url);
    checkPreconditions(etagOfRow(row), exchange.request.headers, 'write', { exists: true });
    const entity = entityChange(typeOfRow(row), place, change, whole);
    const [top] = place.path;
    const changed = await changeEntity(
      applying,
      row,
      entity,
      'merge',
      whole && place.path.length === 1 && top !== undefined ? new Set([top]) : undefined,
    );
    return answer(exchange, engine, applying, etagOfRow(changed), isNull(change));
  });
}

/** Computed, key and immutable properties are the service's or stay as they are (Protocol 11.4.9.1-3). */
function requireUpdatable({ path }: PropertyPlace): void {
  for (const property of path) {
    const isKey =
      property.declaringType.kind === 'entity' &&
      property.declaringType.key.some((part) => part.properties[0] === property);
    if (isKey || isTagged(property, 'Org.OData.Core.V1.Computed') || isTagged(property, 'Org.OData.Core.V1.Immutable'))
      throw new ODataError('MethodNotAllowed', `'${property.name}' cannot be changed.`, property.name, {
        headers: { Allow: 'GET, HEAD' },
      });
  }
}

function isNull(change: Change): boolean {
  return change.kind === 'dynamic'
    ? change.json.kind === 'null'
    : change.change.kind === 'value' && change.change.value === null;
}

/** 204 for null and for who prefers little, else the value as it is now. The ETag is the entity's (Protocol 11.4.1.1). */
async function answer(
  exchange: Exchange,
  engine: Engine,
  applying: Applying,
  etag: string | null,
  gone: boolean,
): Promise<ODataResponse> {
  const applied = appliedHeaders(exchange, { return: exchange.preferences.return });
  const headers = etag === null ? applied : { ...applied, ETag: etag };
  if (gone || exchange.preferences.return === 'minimal' || exchange.request.method === 'DELETE')
    return emptyResponse(headers);
  const { resource } = exchange.url;
  if (resource.kind === 'rawValue' || resource.collection) return emptyResponse(headers);
  return readOne(exchange, engine, applying.session, 200, headers);
}

/** The change as one to the entity: every complex value on the way is merged. */
function entityChange(type: EntityType, place: PropertyPlace, change: Change, whole: boolean): EntityChange {
  const { path, dynamic } = place;
  const empty: EntityChange = {
    kind: 'entity',
    type,
    typeNamed: false,
    key: new Map(),
    properties: new Map(),
    dynamic: new Map(),
    navigation: new Map(),
    id: null,
    etag: null,
    contentId: null,
    target: '',
  };
  if (change.kind === 'dynamic') {
    if (path.length > 0 || dynamic === null)
      throw new ODataError(
        'NotImplemented',
        'Dynamic properties of complex values are changed with the value they belong to.',
      );
    return { ...empty, dynamic: new Map([[dynamic, { type: null, json: change.json }]]) };
  }
  const [top, ...below] = path;
  if (top === undefined) throw new ODataError('NotImplemented', 'There is nothing to change here.');
  const complete =
    whole && path.length > 1 && change.change.kind === 'complex' ? completed(change.change) : change.change;
  return { ...empty, properties: new Map([[top, nested(top, below, complete)]]) };
}

function nested(property: Property, path: readonly Property[], change: ValueChange): ValueChange {
  const [next, ...rest] = path;
  if (next === undefined) return change;
  if (property.type.kind !== 'complex') throw new ODataError('InternalError', `'${property.name}' is not complex.`);
  return complexOf(property.type, new Map([[next, nested(next, rest, change)]]));
}

function complexOf(type: ComplexType, members: ReadonlyMap<Property, ValueChange>): ComplexChange {
  return { kind: 'complex', type, members, dynamic: new Map(), navigation: new Map() };
}

/** Members that a replacement does not name are null or empty (Protocol 11.4.9.3-2). */
function completed(change: ComplexChange): ComplexChange {
  const missing = [...change.type.properties.values()].filter((property) => !change.members.has(property));
  const blank = (property: Property): ValueChange =>
    property.collection ? { kind: 'collection', items: [] } : { kind: 'value', value: null };
  return {
    ...change,
    members: new Map([...change.members, ...missing.map((property) => [property, blank(property)] as const)]),
  };
}

/** PUT and PATCH of a property with its value as JSON body. */
function withBody(whole: boolean): Handler {
  return (exchange, engine) => {
    const { node, content } = receiveBody(exchange);
    const making: Making = ({ path, dynamic }, context) => {
      const last = path.at(-1);
      if (dynamic !== null || last === undefined) return { kind: 'dynamic', json: valueMember(node) };
      if (last.collection) return { kind: 'value', change: bindCollection(node, last, context) };
      const { type } = last;
      return {
        kind: 'value',
        change:
          type.kind === 'complex' ? bindComplex(node, { ...last, type }, context) : bindPrimitive(node, last, context),
      };
    };
    return changeProperty(exchange, engine, whole, making, content.version, content.ieee754Compatible);
  };
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

/** DELETE sets null, and empties a collection (Protocol 11.4.9.2, 11.4.9.4-3). */
export const clearProperty: Handler = (exchange, engine) => {
  const making: Making = ({ path, dynamic }) => {
    const last = path.at(-1);
    if (dynamic !== null || last === undefined) return { kind: 'dynamic', json: nothing };
    if (last.collection) return { kind: 'value', change: { kind: 'collection', items: [] } };
    if (!last.nullable) throw new ODataError('InvalidValue', `'${last.name}' cannot be null.`, last.name);
    return { kind: 'value', change: { kind: 'value', value: null } };
  };
  return changeProperty(exchange, engine, true, making, '4.01', false);
};

/** PUT of `…/$value`: the raw value as text (Protocol 11.4.9.1-2). */
export const replaceRawValue: Handler = async (exchange, engine) => {
  refuseEncoding(exchange.request.headers);
  readContentType(exchange.request.headers, ['text/plain', 'application/octet-stream']);
  const text = (exchange.request.body ?? Buffer.alloc(0)).toString('utf8');
  const making: Making = ({ path, dynamic }) => {
    const last = path.at(-1);
    if (dynamic !== null || last === undefined) return { kind: 'dynamic', json: parseJson(JSON.stringify(text)) };
    const { type } = last;
    if (type.kind !== 'primitive' && type.kind !== 'enum' && type.kind !== 'typeDefinition')
      throw new ODataError('TypeMismatch', `'${last.name}' has no raw value.`, last.name);
    return { kind: 'value', change: { kind: 'value', value: parseValue(type, text, last) } };
  };
  return changeProperty(exchange, engine, true, making, '4.01', false);
};

/** POST to a collection of values: the item becomes the last one (Protocol 11.4.9.4-2). */
export const appendToCollection: Handler = async (exchange, engine) => {
  const { node, content } = receiveBody(exchange);
  const place = placeOf(exchange.url.resource);
  const [property] = place.path;
  if (property === undefined || place.path.length > 1)
    throw new ODataError(
      'NotImplemented',
      'Items can be added to collections of the entity itself only; change the whole value instead.',
    );
  requireUpdatable(place);
  const { model } = engine;
  const strict = exchange.preferences.handling === 'strict';
  const context: BodyContext = {
    model,
    purpose: 'insert',
    version: content.version,
    strict,
    ieee754Compatible: content.ieee754Compatible,
    seeding: false,
  };
  const single = { ...property, collection: false };
  const { type } = property;
  const item =
    type.kind === 'complex' ? bindComplex(node, { ...single, type }, context) : bindPrimitive(node, single, context);
  return inTransaction(exchange, engine, async (applying) => {
    const row = await locate(place.entity, engine, applying.session, exchange.restriction);
    if (row === null) throw notFound(exchange.request.url);
    checkPreconditions(etagOfRow(row), exchange.request.headers, 'write', { exists: true });
    const entity = entityChange(
      typeOfRow(row),
      place,
      { kind: 'value', change: { kind: 'appended', items: [item] } },
      true,
    );
    const changed = await changeEntity(applying, row, entity, 'merge');
    return answer(exchange, engine, applying, etagOfRow(changed), false);
  });
};
