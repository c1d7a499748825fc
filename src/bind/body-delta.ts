import type { EntityType, Property, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { type ContextUrl, parseContext } from '../url/index.js';
import { bindEntityObject, type EntityPlace } from './body-entity.js';
import { bindRemoved, keyOf } from './body-navigation.js';
import type { Binding } from './body-value.js';
import type { EntityChange, RemovedEntity } from './change.js';
import { againstContext, below, contextOf, type Members, sortMembers } from './members.js';
import { Problems } from './problems.js';

/** A link that a delta adds or takes away (JSON 15.4, 15.5). */
export type LinkChange = (LinkEnds & { readonly kind: 'link' }) | (LinkEnds & { readonly kind: 'deletedLink' });

interface LinkEnds {
  readonly source: string;
  readonly relationship: string;
  /** null: whatever a single-valued relationship leads to (JSON 15.5). */
  readonly to: string | null;
  readonly target: string;
}

/** An item that cannot be done as it is written, where the others are to be done all the same (Protocol 8.2.8.3). */
export interface InvalidItem {
  readonly kind: 'invalid';
  readonly error: ODataError;
  readonly id: string | null;
  readonly key: ReadonlyMap<Property, Value>;
  readonly target: string;
}

export type DeltaItem = EntityChange | RemovedEntity | LinkChange | InvalidItem;

/** A delta payload: `{"@context": "#$delta", "value": […]}` (JSON 15.6). Notes its problems; `separately`: with the items they belong to. */
export function bindDeltaItems(
  node: JsonNode,
  type: EntityType,
  outer: Binding,
  place: EntityPlace,
  separately: boolean,
): readonly DeltaItem[] {
  const body = bodyOf(node);
  if (contextSuffix(body) !== '$delta')
    throw new ODataError('MalformedBody', `A delta payload has the context '#$delta'.`, '@context');
  const binding = { ...outer, contextUrl: contextOf(body, outer.contextUrl) };
  const bind = (item: JsonObject, target: string, own: Binding) => deltaItem(item, type, target, own, place);
  return separately
    ? nodesOf(body).map((item, index) => alone(item, below('value', index), type, binding, bind))
    : itemsOf(body, bind, binding);
}

/** An item with its own problems. */
function alone(
  node: JsonNode,
  target: string,
  type: EntityType,
  binding: Binding,
  bind: (item: JsonObject, target: string, own: Binding) => DeltaItem | null,
): DeltaItem {
  const problems = new Problems();
  const own = { ...binding, problems };
  const item = problems.attempt(target, () => bind(objectOf(node, target), target, own));
  try {
    problems.report();
    if (item !== null) return item;
    throw new ODataError('BadRequest', 'This item could not be read.', target);
  } catch (error) {
    if (!(error instanceof ODataError)) throw error;
    const members = sortMembers(node.kind === 'object' ? node : { kind: 'object', members: new Map(), at: 0 });
    const id = members.own.get('id')?.node;
    const key = keyOf(members, type, target, { ...binding, problems: new Problems() });
    return { kind: 'invalid', error, id: id?.kind === 'string' ? id.value : null, key, target };
  }
}

/** A collection of entities: `{"value": […]}` (Protocol 11.4.12). Notes its problems. */
export function bindEntityItems(
  node: JsonNode,
  type: EntityType,
  binding: Binding,
  place: EntityPlace,
): readonly EntityChange[] {
  const body = bodyOf(node);
  const inner = { ...binding, contextUrl: contextOf(body, binding.contextUrl) };
  return itemsOf(body, (item, target) => checked(item, type, target, inner, place), inner);
}

function bodyOf(node: JsonNode): Members {
  if (node.kind === 'object') return sortMembers(node);
  throw new ODataError('TypeMismatch', "The body should be a JSON object with the entities in an array 'value'.");
}

function nodesOf(body: Members): readonly JsonNode[] {
  const value = body.values.get('value');
  if (value?.kind === 'array') return value.items;
  throw new ODataError('MissingValue', `The entities stand in an array 'value'.`, 'value');
}

function objectOf(node: JsonNode, target: string): JsonObject {
  if (node.kind === 'object') return node;
  throw new ODataError('TypeMismatch', `An object is expected, not a ${node.kind}.`, target);
}

function itemsOf<T>(
  body: Members,
  bind: (item: JsonObject, target: string, binding: Binding) => T | null,
  binding: Binding,
): readonly T[] {
  const items: T[] = [];
  for (const [index, item] of nodesOf(body).entries()) {
    if (binding.problems.full) break;
    const target = below('value', index);
    const bound = binding.problems.attempt(target, () => bind(objectOf(item, target), target, binding));
    if (bound !== null) items.push(bound);
  }
  return items;
}

function checked(
  item: JsonObject,
  type: EntityType,
  target: string,
  binding: Binding,
  place: EntityPlace,
): EntityChange | null {
  const change = bindEntityObject(item, type, target, binding, place);
  if (change !== null) binding.check?.(change, binding.purpose, binding.problems);
  return change;
}

function deltaItem(
  item: JsonObject,
  type: EntityType,
  target: string,
  binding: Binding,
  place: EntityPlace,
): DeltaItem | null {
  const members = sortMembers(item);
  if (members.own.has('removed')) return bindRemoved(item, type, target, binding);
  const contextUrl = contextOf(members, binding.contextUrl);
  switch (contextSuffix(members)) {
    case '$deletedEntity':
      return removedIn40(members, target, contextUrl);
    case '$link':
      return link('link', members, target, contextUrl);
    case '$deletedLink':
      return link('deletedLink', members, target, contextUrl);
    case '$entity':
    case '$delta':
    case null:
      return checked(item, type, target, binding, place);
  }
}

/** What the context URL says that the object is (Protocol 10.17, 10.18); null when there is none, or it says nothing. */
function contextSuffix(members: Members): ContextUrl['suffix'] {
  const context = members.own.get('context')?.node;
  return context?.kind === 'string' ? parseContext(context.value).suffix : null;
}

/** JSON 15.3: in 4.0 the id and the reason are plain members. */
function removedIn40(members: Members, target: string, contextUrl: string | null): RemovedEntity {
  const reason = textOf(members, 'reason', target, false) ?? 'changed';
  if (reason !== 'deleted' && reason !== 'changed')
    throw new ODataError('InvalidValue', `The reason is 'deleted' or 'changed'.`, below(target, 'reason'));
  const own = members.own.get('id')?.node;
  const id = textOf(members, 'id', target, false) ?? (own?.kind === 'string' ? own.value : null);
  if (id === null) throw new ODataError('MissingValue', `A deleted entity is named by its id.`, below(target, 'id'));
  return { kind: 'removed', id: againstContext(id, contextUrl), key: new Map(), reason, etag: null, target };
}

function link(kind: LinkChange['kind'], members: Members, target: string, contextUrl: string | null): LinkChange {
  const to = textOf(members, 'target', target, kind === 'link');
  return {
    kind,
    source: againstContext(textOf(members, 'source', target, true) ?? '', contextUrl),
    relationship: textOf(members, 'relationship', target, true) ?? '',
    to: to === null ? null : againstContext(to, contextUrl),
    target,
  };
}

function textOf(members: Members, name: string, target: string, required: boolean): string | null {
  const node = members.values.get(name);
  if (node?.kind === 'string' && node.value !== '') return node.value;
  if (node !== undefined && node.kind !== 'null')
    throw new ODataError('TypeMismatch', `'${name}' should be a string.`, below(target, name));
  if (!required) return null;
  throw new ODataError('MissingValue', `'${name}' is missing.`, below(target, name));
}
