import type { BoundUrl, Resource, ResourceKind } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { Headers, Method } from '../protocol/index.js';
import { allowedHere, requireCapability } from './capabilities.js';
import { requireQueryCapabilities } from './capabilities-query.js';
import type { Handler } from './context.js';
import { readMetadata, readServiceDocument } from './documents.js';
import { createEntity, createSingle, deleteEntity, replaceEntity, updateEntity } from './modify.js';
import { replaceCollection, updateCollection } from './modify-collection.js';
import { deleteEach, updateEach } from './modify-each.js';
import {
  appendToCollection,
  clearProperty,
  mergeProperty,
  replaceProperty,
  replaceRawValue,
} from './modify-property.js';
import { addReference, removeReference, replaceReference } from './modify-reference.js';
import { deleteStream, replaceStream } from './modify-stream.js';
import { answerCalled, callFunction, callsFunction, invokeAction } from './operation.js';
import { requirePure } from './pure.js';
import { rawType } from './raw-value.js';
import { readCollection, readCount, readRawValue, readSingle } from './read.js';
import { readStream } from './read-stream.js';
import { readEntities, readEntity } from './read-tracked.js';
import { runBatch } from './run-batch.js';
import type { Engine } from './service.js';

/** Functions of a path are called first; what they give is read or changed like any resource of its kind (Protocol 11.5.4.1). */
const afterCall =
  (method: Method): Handler =>
  async (exchange, engine) => {
    const called = await callFunction(exchange, engine);
    if (called.kind !== 'exchange') return answerCalled(called, exchange);
    return handlerFor(method, called.exchange.url, engine)(called.exchange, engine);
  };

/** Who answers what. HEAD is answered like GET, its body is dropped at the rim (RFC 9110 9.3.2). */
const handlers: Readonly<Record<ResourceKind, Partial<Record<Method, Handler>>>> = {
  serviceDocument: { GET: readServiceDocument },
  metadata: { GET: readMetadata },
  batch: { POST: runBatch }, // Protocol 11.7
  // Protocol 11.2.6, 11.4.2, 11.4.12
  entityCollection: { GET: readEntities, POST: createEntity, PATCH: updateCollection, PUT: replaceCollection },
  entity: { GET: readEntity, POST: createSingle, PATCH: updateEntity, PUT: replaceEntity, DELETE: deleteEntity },
  // Protocol 11.4.9
  complex: { GET: readSingle, PATCH: mergeProperty, PUT: replaceProperty, DELETE: clearProperty },
  complexCollection: { GET: readCollection, POST: appendToCollection, PUT: replaceProperty, DELETE: clearProperty },
  primitive: { GET: readSingle, PUT: replaceProperty, DELETE: clearProperty },
  primitiveCollection: { GET: readCollection, POST: appendToCollection, PUT: replaceProperty, DELETE: clearProperty },
  stream: { GET: readStream, PUT: replaceStream, DELETE: deleteStream }, // Protocol 11.4.8
  count: { GET: readCount }, // Protocol 11.2.10
  rawValue: { GET: readRawValue, PUT: replaceRawValue, DELETE: clearProperty }, // Protocol 11.2.5, 11.4.9.1
  mediaValue: { GET: readStream, PUT: replaceStream, DELETE: deleteStream }, // Protocol 11.2.3, 11.4.7
  // Protocol 11.4.6
  reference: { GET: readSingle, PUT: replaceReference, DELETE: removeReference },
  referenceCollection: { GET: readCollection, POST: addReference, PUT: replaceReference, DELETE: removeReference },
  each: { PATCH: updateEach, DELETE: deleteEach }, // Protocol 11.4.13, 11.4.14
  action: { POST: invokeAction }, // Protocol 11.5.5
  function: { GET: afterCall('GET') }, // Protocol 11.5.4
  all: { GET: readCollection }, // Protocol 10.19
  crossjoin: { GET: readCollection }, // Protocol 10.20
  entityById: {},
};

/**
 * The handler of a resource for a method. An empty cell is 405 and `Allow` is what the row does hold, as far as the model
 * leaves it (Protocol 9.2.2); an empty row is 501; what `$metadata` rules out is refused. OPTIONS tells what there is.
 */
export function handlerFor(method: Method, url: BoundUrl, { model, operations }: Engine): Handler {
  const { resource } = url;
  const { kind } = resource;
  requirePure(url, operations);
  const allowed = resource.changes === true ? ['GET', 'HEAD'] : allowedMethods(kind);
  if (allowed.length === 0)
    throw new ODataError('NotImplemented', `Resources of this kind ('${kind}') are not supported yet.`);
  if (method === 'OPTIONS') {
    const Allow = allowedHere(resource, allowed, model).join(', ');
    return async () => ({ status: 204, headers: { Allow }, body: null });
  }
  const handler = allowed.includes(method) ? handlers[kind][method === 'HEAD' ? 'GET' : method] : undefined;
  if (handler === undefined) {
    const left = allowedHere(resource, allowed, model);
    throw new ODataError('MethodNotAllowed', `${method} is not allowed here; use ${left.join(' or ')}.`, null, {
      headers: { Allow: left.join(', ') },
    });
  }
  requireDeltaLink(url, method);
  if (callsFunction(resource)) return kind === 'action' ? handler : afterCall(method);
  requireCapability(resource, method, allowed, model);
  requireQueryCapabilities(url, model);
  requireIndexToInsert(url, method);
  return handler;
}

/** `$deltatoken` is what a delta link has, which is read (Protocol 11.3.1). */
function requireDeltaLink({ resource, options }: BoundUrl, method: Method): void {
  const reads = method === 'GET' || method === 'HEAD';
  if (
    options.deltatoken === null ||
    (reads && /^entity(?:Collection)?$/.test(resource.kind) && !callsFunction(resource))
  )
    return;
  throw new ODataError(
    'QueryOptionNotApplicable',
    '$deltatoken stands in links to the changes of entities.',
    '$deltatoken',
  );
}

/** `$index` says where a new item goes (Protocol 11.4.11). */
function requireIndexToInsert({ resource, options }: BoundUrl, method: Method): void {
  if (options.index === null || (method === 'POST' && /^(primitive|complex)Collection$/.test(resource.kind))) return;
  if (method === 'POST' && resource.kind === 'entityCollection')
    throw new ODataError('NotImplemented', 'Entities cannot be inserted at a position.', '$index');
  throw new ODataError('QueryOptionNotApplicable', '$index says where POST puts a new item.', '$index');
}

/** The methods a kind of resource answers to. */
function allowedMethods(kind: ResourceKind): readonly string[] {
  const methods = Object.keys(handlers[kind]);
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')] : methods;
}

const json = ['application/json'];
const text = ['text/plain'];

/** The media types a kind of resource can be answered in, the preferred one first. */
export function offeredTypes(resource: Resource, headers: Headers): readonly string[] {
  switch (resource.kind) {
    case 'metadata':
      return ['application/xml', 'application/json'];
    case 'batch': {
      // Protocol 11.7.1-2: without Accept, the format of the request
      const isJson = headers['content-type']?.trim().toLowerCase().startsWith('application/json') ?? false;
      return isJson ? ['application/json', 'multipart/mixed'] : ['multipart/mixed', 'application/json'];
    }
    case 'count':
      return text;
    case 'rawValue':
      return [rawType(resource)];
    default:
      return json;
  }
}
