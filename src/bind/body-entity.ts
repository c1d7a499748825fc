import type { Element, EntityType, NavigationProperty, Property, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { bindMembers } from './body-members.js';
import { etagOf } from './body-navigation.js';
import { readStream } from './body-stream.js';
import { type Binding, namedType } from './body-value.js';
import type { EntityChange, StreamChange, ValueChange } from './change.js';
import { againstContext, below, contextOf, type Members, sortMembers } from './members.js';
import { Problems } from './problems.js';
import { requireMembers } from './required.js';
import { requireDerivedType } from './validation.js';

/** Where an entity stands: what limits its type, and the relationship that its place says already. */
export interface EntityPlace {
  /** A set, singleton or navigation property: what may be annotated with Validation.DerivedTypeConstraint. */
  readonly annotated: Element | null;
  readonly implied: NavigationProperty | null;
}

const nowhere: EntityPlace = { annotated: null, implied: null };

/** An object as entity to be created, merged or replaced; null after its problems were noted. */
export function bindEntityObject(
  node: JsonObject,
  declared: EntityType,
  target: string,
  outer: Binding,
  place: EntityPlace = nowhere,
): EntityChange | null {
  const { problems } = outer;
  const members = sortMembers(node);
  const contextUrl = contextOf(members, outer.contextUrl);
  const binding: Binding = contextUrl === outer.contextUrl ? outer : { ...outer, contextUrl };
  const id = text(members.own.get('id')?.node);
  if (members.own.has('removed')) {
    problems.add('BadRequest', 'A removed entity can only stand in a delta, such as "Items@delta".', target); // Protocol 11.4.3.1
    return null;
  }
  const named = problems.attempt(target, () => ({ type: namedType(members.own, declared, target, binding) }));
  if (named === null) return null;
  const type = named.type ?? declared;
  if (type.abstract && binding.purpose === 'insert') {
    problems.add('TypeMismatch', `${type.qualifiedName} is abstract; name a derived type with '@odata.type'.`, target);
    return null;
  }
  if (named.type !== null || binding.purpose === 'insert')
    problems.attempt(target, () => requireDerivedType(type, declared, place.annotated));
  const keys = new Set(type.key.flatMap(({ properties }) => (properties.length === 1 ? properties : [])));
  const isKey = (property: Property) => keys.has(property);
  const bound = bindMembers(withoutStream(members, type), type, isKey, target, binding);
  const key = keyValues(type, bound.properties);
  for (const [property, value] of key)
    if (typeof value === 'string' && value.includes('\0'))
      problems.add('InvalidValue', 'A key cannot hold the character U+0000.', below(target, property.name));
  if (binding.purpose !== 'merge') {
    const given = { type, members, navigation: bound.navigation, isExempt: isKey, implied: place.implied };
    requireMembers(given, target, binding);
  }
  return {
    kind: 'entity',
    type,
    typeNamed: named.type !== null,
    key,
    properties: new Map([...bound.properties].filter(([property]) => !keys.has(property))),
    dynamic: bound.dynamic,
    navigation: bound.navigation,
    id: id === null ? null : againstContext(id, contextUrl),
    etag: etagOf(members, binding),
    contentId: contentId(members, target, binding),
    media: mediaOf(members, type, target, binding),
    asInsert: binding.purpose === 'insert' ? null : () => boundAsInsert(node, declared, target, binding, place),
    target,
  };
}

/** Read once more, as what is to be created; its problems are told on their own. */
function boundAsInsert(
  node: JsonObject,
  declared: EntityType,
  target: string,
  binding: Binding,
  place: EntityPlace,
): EntityChange {
  const problems = new Problems();
  const bound = bindEntityObject(
    node,
    declared,
    target,
    { ...binding, purpose: 'insert', problems, contentIds: new Set() },
    place,
  );
  problems.report();
  if (bound === null) throw new ODataError('BadRequest', 'The body could not be read.', target || null);
  return bound;
}

/** `$value`: the stream of a media entity; an update in 4.0 knows no such thing (Protocol 11.4.3). */
function mediaOf(members: Members, type: EntityType, target: string, binding: Binding): StreamChange | null {
  const node = members.values.get('$value');
  if (node === undefined || !type.hasStream) return null;
  if (binding.version === '4.0' && binding.purpose !== 'insert') return null;
  const at = below(target, '$value');
  return binding.problems.attempt(at, () => readStream(node, members.own, type, '$value'));
}

function withoutStream(members: Members, type: EntityType): Members {
  if (!members.values.has('$value') || !type.hasStream) return members;
  return { ...members, values: new Map([...members.values].filter(([name]) => name !== '$value')) };
}

/** The values of the key that the body holds, those inside complex values too (CSDL 6.5). */
function keyValues(type: EntityType, properties: ReadonlyMap<Property, ValueChange>): ReadonlyMap<Property, Value> {
  const key = new Map<Property, Value>();
  for (const part of type.key) {
    let found: ValueChange | undefined;
    let members: ReadonlyMap<Property, ValueChange> = properties;
    for (const property of part.properties) {
      found = members.get(property);
      members = found?.kind === 'complex' ? found.members : new Map();
    }
    const last = part.properties.at(-1);
    if (last !== undefined && found?.kind === 'value') key.set(last, found.value);
  }
  return key;
}

function text(node: JsonNode | undefined): string | null {
  return node?.kind === 'string' ? node.value : null;
}

/** Core.ContentID: a label stands once in a body, or nobody could tell what comes back. */
function contentId(members: Members, target: string, { contentIds, problems }: Binding): string | null {
  const { annotations } = members;
  const label = text(annotations.get('Core.ContentID')) ?? text(annotations.get('Org.OData.Core.V1.ContentID'));
  if (label === null) return null;
  if (contentIds.has(label))
    problems.add('InvalidValue', `The content id '${label.slice(0, 100)}' stands twice in the body.`, target);
  contentIds.add(label);
  return label;
}
