import { bindReference, bindReferenceList, type NavigationChange, type Resource } from '../bind/index.js';
import type { NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Link, Storage } from '../tables/index.js';
import { type Applying, emptyChange, typeOfRow } from './applying.js';
import { receiveBody } from './body.js';
import { complexOf, complexType, entityWith } from './complex-change.js';
import type { Exchange, Handler } from './context.js';
import { unlink } from './links.js';
import { identity, locate, notFound, resolveReference, rowsWith, type StoredRow } from './locate.js';
import { knownETag, requirePreconditions } from './preconditions.js';
import { emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { storedAt } from './stored-value.js';
import { inTransaction } from './transaction.js';
import { changeEntity } from './update.js';

/** The relationship a `$ref` URL speaks of: the source entity, its navigation property, and the target when the path names one. */
interface Relationship {
  readonly source: Resource;
  /** Complex properties that lead from the source to the navigation property. */
  readonly path: readonly Property[];
  readonly property: NavigationProperty;
  readonly target: Resource | null;
}

/** Throws MethodNotAllowed where the URL names an entity as such: its references cannot be changed there. */
function relationshipOf(resource: Resource): Relationship {
  const at = resource.steps.findLastIndex((step) => step.kind === 'navigation');
  const step = resource.steps[at];
  const behind = resource.steps.slice(at + 1);
  if (step?.kind !== 'navigation' || behind.some(({ kind }) => kind !== 'key'))
    throw new ODataError('MethodNotAllowed', 'Only references of a navigation property can be changed.', null, {
      headers: { Allow: 'GET, HEAD' },
    });
  if (step.property.containsTarget)
    throw new ODataError(
      'MethodNotAllowed',
      `'${step.property.name}' contains its entities; add and delete them themselves.`,
      step.property.name,
      { headers: { Allow: 'GET, HEAD' } },
    );
  const before = resource.steps.slice(0, at);
  const inside = before.findIndex(({ kind }) => kind === 'property');
  const path = before
    .slice(inside < 0 ? at : inside)
    .flatMap((part) => (part.kind === 'property' ? [part.property] : []));
  const steps = inside < 0 ? before : before.slice(0, inside);
  const source: Resource = { ...resource, kind: 'entity', collection: false, steps };
  const target: Resource | null = behind.length === 0 ? null : { ...resource, kind: 'entity', collection: false };
  return { source, path, property: step.property, target };
}

async function change(
  exchange: Exchange,
  engine: Engine,
  work: (row: StoredRow, relationship: Relationship, applying: Applying) => Promise<unknown>,
): Promise<ODataResponse> {
  const relationship = relationshipOf(exchange.url.resource);
  return inTransaction(exchange, engine, async (applying) => {
    const row = await locate(relationship.source, engine, applying.session, exchange.restriction);
    if (row === null) throw notFound(exchange.request.url);
    requirePreconditions(row, relationship.source, exchange, engine);
    if (relationship.path.length > 0 && storedAt(row, relationship.path) === null) throw notFound(exchange.request.url);
    await work(row, relationship, applying);
    const [changed = row] = await rowsWith(row.table, identity(row), applying.session);
    const etag = knownETag(changed, typeOfRow(changed), 'changed', exchange.request.headers);
    return emptyResponse(etag === null ? {} : { ETag: etag });
  });
}

/** As if the entity were merged with nothing but this about the relationship. */
function related(
  applying: Applying,
  row: StoredRow,
  { path, property }: Relationship,
  change: NavigationChange,
): Promise<StoredRow> {
  const type = typeOfRow(row);
  const navigation = new Map([[property, change]]);
  const last = path.at(-1);
  const entity =
    last === undefined
      ? { ...emptyChange(type, ''), navigation }
      : entityWith(type, path, { ...complexOf(complexType(last)), navigation });
  return changeEntity(applying, row, entity, 'merge');
}

/** Where the relationship is stored. */
function linkOf(row: StoredRow, { path, property }: Relationship): Link {
  let links: ReadonlyMap<NavigationProperty, Link> | undefined = row.table.links;
  let members: ReadonlyMap<Property, Storage> | undefined = row.table.storage;
  for (const part of path) {
    const storage: Storage | undefined = members?.get(part);
    links = storage?.kind === 'flattened' ? storage.links : undefined;
    members = storage?.kind === 'flattened' ? storage.members : undefined;
  }
  const link = links?.get(property);
  if (link !== undefined) return link;
  throw new ODataError('NotImplemented', `'${property.name}' is not bound to an entity set.`, property.name);
}

/** POST adds a reference to a collection (Protocol 11.4.6.1). */
export const addReference: Handler = (exchange, engine) => {
  const { node } = receiveBody(exchange);
  const reference = bindReference(node);
  return change(exchange, engine, (row, relationship, applying) =>
    related(applying, row, relationship, { kind: 'delta', items: [reference] }),
  );
};

/** PUT replaces the reference of a single-valued navigation property, or all of a collection (Protocol 11.4.6.3, 11.4.6.4). */
export const replaceReference: Handler = (exchange, engine) => {
  const { node } = receiveBody(exchange);
  return change(exchange, engine, (row, relationship, applying) => {
    const { property, target } = relationship;
    if (target !== null)
      throw new ODataError(
        'MethodNotAllowed',
        'A member of a collection is added with POST and removed with DELETE.',
        null,
        { headers: { Allow: 'GET, HEAD, DELETE' } },
      );
    if (!property.collection)
      return related(applying, row, relationship, { kind: 'bind', references: [bindReference(node)] });
    return related(applying, row, relationship, {
      kind: 'replace',
      items: bindReferenceList(node),
    });
  });
};

/** DELETE removes one reference, named by `$id` or by its key in the path, or all there are (Protocol 11.4.6.2, 11.4.6.4-2). */
export const removeReference: Handler = (exchange, engine) =>
  change(exchange, engine, async (row, relationship, applying) => {
    const { property, target } = relationship;
    const id = exchange.url.options.id;
    if (id !== null && !property.collection)
      throw new ODataError(
        'QueryOptionNotApplicable',
        `'${property.name}' holds one reference; $id names one of several.`,
        '$id',
      );
    const member = await memberOf(exchange, engine, applying, property, target, id);
    if (member === null) {
      const all: NavigationChange = property.collection ? { kind: 'replace', items: [] } : { kind: 'null' };
      if (!property.collection && !property.nullable)
        throw new ODataError('InvalidValue', `'${property.name}' cannot be without an entity.`, property.name);
      return related(applying, row, relationship, all);
    }
    await unlink(applying, row, linkOf(row, relationship), member);
    return row;
  });

async function memberOf(
  exchange: Exchange,
  engine: Engine,
  applying: Applying,
  property: NavigationProperty,
  target: Resource | null,
  id: string | null,
): Promise<StoredRow | null> {
  const { request, restriction } = exchange;
  if (target !== null) {
    const found = await locate(target, engine, applying.session, restriction);
    if (found === null) throw notFound(request.url);
    return found;
  }
  if (id === null || property.type.kind !== 'entity') return null;
  return resolveReference({ url: id, target: '$id' }, property.type, request, engine, applying.session, restriction);
}
