import type { EntityType, NavigationProperty, Property, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { bindEntityObject } from './body-entity.js';
import { type Binding, namedType, readValue } from './body-value.js';
import type { EntityChange, EntityReference, NavigationChange, RemovedEntity } from './change.js';
import { againstContext, below, besideOf, contextOf, type Members, sortMembers } from './members.js';
import { partnerOf } from './required.js';

/** What an object says about one relationship; null when nothing, or after its problems were noted. */
export function bindNavigation(
  members: Members,
  property: NavigationProperty,
  target: string,
  binding: Binding,
): NavigationChange | null {
  const node = members.values.get(property.name);
  const controls = besideOf(members, property.name);
  const bind = controls.get('bind');
  const delta = controls.get('delta');
  if (node === undefined && bind === undefined && delta === undefined) return null;
  return binding.problems.attempt(target, () => {
    if (delta !== undefined) {
      if (node !== undefined || bind !== undefined)
        throw new ODataError(
          'BadRequest',
          `Send '${property.name}' either as a whole or as '${delta.name}', not both.`,
          target,
        );
      return bindDelta(delta.node, property, beside(target, property, delta.name), binding);
    }
    if (bind === undefined) return node === undefined ? null : bindInline(node, property, target, binding);
    if (binding.strict && binding.version !== '4.0')
      throw new ODataError(
        'BadRequest',
        `In OData 4.01 relate entities with {"@id": …} instead of '${bind.name}'.`,
        target,
      ); // JSON 8.5
    const bound = bindReferences(bind.node, property, beside(target, property, bind.name), binding);
    return node === undefined ? bound : combine(bound, node, property, target, binding);
  });
}

/** The path of a control information beside a property. */
function beside(target: string, property: NavigationProperty, name: string): string {
  return target.slice(0, target.length - property.name.length) + name;
}

/** JSON 8.5: on insert, bound and new entities of a collection may stand together. */
function combine(
  bound: NavigationChange,
  node: JsonNode,
  property: NavigationProperty,
  target: string,
  binding: Binding,
): NavigationChange | null {
  const inline =
    binding.purpose === 'insert' && property.collection ? bindInline(node, property, target, binding) : null;
  if (bound.kind === 'bind' && inline?.kind === 'replace')
    return { kind: 'replace', items: [...bound.references, ...inline.items] };
  throw new ODataError('BadRequest', `Send '${property.name}' either inline or as a binding, not both.`, target);
}

/** `Nav@odata.bind` (JSON 8.5): URLs of existing entities. */
function bindReferences(
  node: JsonNode,
  property: NavigationProperty,
  target: string,
  binding: Binding,
): NavigationChange {
  if (node.kind === 'null' && !property.collection) return nothing(property, target);
  if (property.collection ? node.kind !== 'array' : node.kind !== 'string')
    throw new ODataError(
      'TypeMismatch',
      `'${property.name}' is bound by ${property.collection ? 'an array of URLs' : 'one URL'}.`,
      target,
    );
  const nodes = node.kind === 'array' ? node.items : [node];
  return {
    kind: 'bind',
    references: nodes.map((item, index) =>
      reference(item, property.collection ? below(target, index) : target, binding.contextUrl),
    ),
  };
}

function reference(node: JsonNode, target: string, contextUrl: string | null): EntityReference {
  if (node.kind === 'string' && node.value !== '')
    return { kind: 'reference', url: againstContext(node.value, contextUrl), target };
  throw new ODataError('TypeMismatch', 'The URL of an entity is expected, as a string.', target);
}

function nothing(property: NavigationProperty, target: string): NavigationChange {
  if (property.nullable) return { kind: 'null' };
  throw new ODataError('InvalidValue', `'${property.name}' cannot be null.`, target);
}

/** A relationship given under its own name (JSON 8.3 to 8.5, Protocol 11.4.2.2, 11.4.3.1). */
function bindInline(
  node: JsonNode,
  property: NavigationProperty,
  target: string,
  binding: Binding,
): NavigationChange | null {
  if (node.kind === 'null' && !property.collection) return nothing(property, target);
  if (binding.version === '4.0' && binding.purpose !== 'insert')
    throw new ODataError(
      'BadRequest',
      `An update in OData 4.0 cannot hold related entities; bind '${property.name}' with '${property.name}@odata.bind', or use OData-Version 4.01.`,
      target,
    ); // Protocol 11.4.3.1
  if (!property.collection) {
    const item = bindItem(node, property, target, binding);
    if (item === null) return null;
    return item.kind === 'reference' ? { kind: 'bind', references: [item] } : { kind: 'entity', item };
  }
  if (node.kind !== 'array')
    throw new ODataError('TypeMismatch', `'${property.name}' should be an array of entities.`, target);
  const items = node.items.map((item, index) => bindItem(item, property, below(target, index), binding));
  return { kind: 'replace', items: items.filter((item) => item !== null) };
}

/** One related entity: a reference to an existing one when it holds nothing but its id (JSON 14), else content. */
function bindItem(
  node: JsonNode,
  property: NavigationProperty,
  target: string,
  binding: Binding,
): EntityChange | EntityReference | null {
  if (node.kind !== 'object') {
    binding.problems.add(
      'TypeMismatch',
      `'${property.name}' should hold objects, not ${node.kind === 'null' ? 'null' : `a ${node.kind}`}.`,
      target,
    );
    return null;
  }
  const members = sortMembers(node);
  const id = members.own.get('id');
  if (id !== undefined && id.node.kind !== 'null' && members.values.size === 0 && members.beside.size === 0)
    return binding.problems.attempt(target, () =>
      reference(id.node, below(target, id.name), contextOf(members, binding.contextUrl)),
    );
  const type = entityType(property, members, target, binding);
  const place = { annotated: property, implied: partnerOf(property) };
  return bindEntityObject(node, type, target, nested(binding, property, members), place);
}

/** An item of a collection without id and key can only be new (Protocol 11.4.3.1). */
function nested(binding: Binding, property: NavigationProperty, members: Members): Binding {
  if (binding.purpose === 'insert' || !property.collection || property.type.kind !== 'entity' || members.own.has('id'))
    return binding;
  const known = property.type.key.some((part) => members.values.has(part.properties[0]?.name ?? ''));
  return known ? binding : { ...binding, purpose: 'insert' };
}

function entityType(property: NavigationProperty, members: Members, target: string, binding: Binding): EntityType {
  if (property.type.kind === 'entity') return property.type;
  const control = members.own.get('type');
  const name = control?.node.kind === 'string' ? control.node.value.slice(control.node.value.lastIndexOf('#') + 1) : '';
  const type = binding.model.type(name);
  if (type?.kind === 'entity') return type;
  throw new ODataError('UnknownType', `'${property.name}' takes any entity; name its type with '@type'.`, target);
}

/** `Nav@delta` (Protocol 11.4.3.1): only where something is merged. */
function bindDelta(node: JsonNode, property: NavigationProperty, target: string, binding: Binding): NavigationChange {
  if (binding.purpose !== 'merge' || binding.version === '4.0' || !property.collection)
    throw new ODataError(
      'BadRequest',
      `Changes to '${property.name}' as a delta need PATCH, OData 4.01 and a collection.`,
      target,
    );
  if (node.kind !== 'array')
    throw new ODataError('TypeMismatch', `'${property.name}@delta' should be an array.`, target);
  const items: (EntityChange | EntityReference | RemovedEntity)[] = [];
  for (const [index, item] of node.items.entries()) {
    const at = below(target, index);
    const bound = isRemoved(item)
      ? binding.problems.attempt(at, () =>
          bindRemoved(item, entityType(property, sortMembers(item), at, binding), at, binding),
        )
      : bindItem(item, property, at, binding);
    if (bound !== null) items.push(bound);
  }
  return { kind: 'delta', items };
}

function isRemoved(node: JsonNode): node is JsonObject {
  return node.kind === 'object' && (node.members.has('@removed') || node.members.has('@odata.removed'));
}

/** `@removed` with the id or the key; its other members say nothing (JSON 15.3, Protocol 11.4.3.1). Throws. */
export function bindRemoved(node: JsonObject, declared: EntityType, target: string, binding: Binding): RemovedEntity {
  const members = sortMembers(node);
  const removed = members.own.get('removed')?.node;
  const reason = removed?.kind === 'object' ? removed.members.get('reason') : undefined;
  if (
    removed?.kind !== 'object' ||
    (reason !== undefined && !(reason.kind === 'string' && /^(deleted|changed)$/.test(reason.value)))
  )
    throw new ODataError(
      'InvalidValue',
      `'@removed' is {}, or has the reason 'deleted' or 'changed'.`,
      below(target, '@removed'),
    );
  const idNode = members.own.get('id')?.node;
  const id =
    idNode === undefined ? null : reference(idNode, below(target, '@id'), contextOf(members, binding.contextUrl)).url;
  const key = keyOf(members, namedType(members.own, declared, target, binding) ?? declared, target, binding);
  if (id === null && key.size === 0)
    throw new ODataError('MissingValue', `A removed entity is named by '@id' or its key.`, target);
  return {
    kind: 'removed',
    id,
    key,
    reason: reason?.kind === 'string' && reason.value === 'deleted' ? 'deleted' : 'changed',
    etag: etagOf(members, binding),
    target,
  };
}

/** Where a body is in 4.01 its ETags are conditions (Protocol 11.4.1.1). */
export function etagOf(members: Members, { version }: Binding): string | null {
  const node = members.own.get('etag')?.node;
  return version !== '4.0' && node?.kind === 'string' ? node.value : null;
}

/** The key values that an object gives. */
export function keyOf(
  members: Members,
  type: EntityType,
  target: string,
  binding: Binding,
): ReadonlyMap<Property, Value> {
  const key = new Map<Property, Value>();
  for (const { properties } of type.key) {
    const [property] = properties;
    const node = property === undefined || properties.length > 1 ? undefined : members.values.get(property.name);
    if (property === undefined || node === undefined || !isValueType(property.type)) continue;
    const value = binding.problems.attempt(below(target, property.name), () =>
      isValueType(property.type) ? readValue(node, property.type, {}, property.name, binding) : null,
    );
    if (value !== null) key.set(property, value);
  }
  return key;
}

function isValueType(type: Property['type']) {
  return type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition';
}
