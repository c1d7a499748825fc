import type { ResourceKind } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { Headers, Method } from '../protocol/index.js';
import type { Handler } from './context.js';
import { readMetadata, readServiceDocument } from './documents.js';
import { createEntity, createSingle, deleteEntity, replaceEntity, updateEntity } from './modify.js';
import { deleteEach, updateEach } from './modify-each.js';
import {
  appendToCollection,
  clearProperty,
  mergeProperty,
  replaceProperty,
  replaceRawValue,
} from './modify-property.js';
import { addReference, removeReference, replaceReference } from './modify-reference.js';
import { readCollection, readCount, readRawValue, readSingle } from './read.js';
import { runBatch } from './run-batch.js';

/** Who answers what. HEAD is answered like GET, its body is dropped at the rim (Protocol 11.2.?). */
const handlers: Readonly<Record<ResourceKind, Partial<Record<Method, Handler>>>> = {
  serviceDocument: { GET: readServiceDocument },
  metadata: { GET: readMetadata },
  batch: { POST: runBatch }, // Protocol 11.7
  entityCollection: { GET: readCollection, POST: createEntity }, // Protocol 11.2.6, 11.4.2
  entity: { GET: readSingle, POST: createSingle, PATCH: updateEntity, PUT: replaceEntity, DELETE: deleteEntity },
  // Protocol 11.4.9
  complex: { GET: readSingle, PATCH: mergeProperty, PUT: replaceProperty, DELETE: clearProperty },
  complexCollection: { GET: readCollection, POST: appendToCollection, PUT: replaceProperty, DELETE: clearProperty },
  primitive: { GET: readSingle, PUT: replaceProperty, DELETE: clearProperty },
  primitiveCollection: { GET: readCollection, POST: appendToCollection, PUT: replaceProperty, DELETE: clearProperty },
  stream: {},
  count: { GET: readCount }, // Protocol 11.2.10
  rawValue: { GET: readRawValue, PUT: replaceRawValue, DELETE: clearProperty }, // Protocol 11.2.5, 11.4.9.1
  mediaValue: {},
  // Protocol 11.4.6
  reference: { GET: readSingle, PUT: replaceReference, DELETE: removeReference },
  referenceCollection: { GET: readCollection, POST: addReference, PUT: replaceReference, DELETE: removeReference },
  each: { PATCH: updateEach, DELETE: deleteEach }, // Protocol 11.4.13, 11.4.14
  action: {},
  function: {},
  all: {},
  crossjoin: {},
  entityById: {},
};

/**
 * The handler of a kind of resource for a method; `none` for OPTIONS. An empty cell is 405 and `Allow` is what the row does
 * hold (Protocol 9.3.5); an empty row is 501.
 */
export function handlerFor(method: Method, kind: ResourceKind): Handler {
  const row = handlers[kind];
  const handler = row[method === 'HEAD' ? 'GET' : method];
  if (handler !== undefined) return handler;
  const allowed = allowedMethods(kind);
  if (allowed.length === 0)
    throw new ODataError('NotImplemented', `Resources of this kind ('${kind}') are not supported yet.`);
  if (method === 'OPTIONS') return async () => ({ status: 204, headers: { Allow: allowed.join(', ') }, body: null });
  throw new ODataError('MethodNotAllowed', `${method} is not allowed here; use ${allowed.join(' or ')}.`, null, {
    headers: { Allow: allowed.join(', ') },
  });
}

/** The methods a kind of resource answers to. */
export function allowedMethods(kind: ResourceKind): readonly string[] {
  const methods = Object.keys(handlers[kind]);
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')] : methods;
}

const json = ['application/json'];
const text = ['text/plain'];

/** The media types a kind of resource can be answered in, the preferred one first. */
export function offeredTypes(kind: ResourceKind, headers: Headers): readonly string[] {
  switch (kind) {
    case 'metadata':
      return ['application/xml', 'application/json'];
    case 'batch': {
      // Protocol 11.7.1-2: without Accept, the format of the request
      const isJson = headers['content-type']?.trim().toLowerCase().startsWith('application/json') ?? false;
      return isJson ? ['application/json', 'multipart/mixed'] : ['multipart/mixed', 'application/json'];
    }
    case 'count':
    case 'rawValue':
      return text;
    default:
      return json;
  }
}
