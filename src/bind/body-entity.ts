import type { EntityType, Property, Value } from '../edm/index.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { bindMembers, requireMembers } from './body-members.js';
import { type Binding, namedType } from './body-value.js';
import type { EntityChange, ValueChange } from './change.js';
import { type Members, sortMembers } from './members.js';

/** An object as entity to be created, merged or replaced; null after its problems were noted. */
export function bindEntityObject(
  node: JsonObject,
  declared: EntityType,
  target: string,
  binding: Binding,
): EntityChange | null {
  const { problems } = binding;
  const members = sortMembers(node);
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
  if (members.values.has('$value'))
    problems.add(
      'NotImplemented',
      'A media stream cannot be sent inside a body; PUT it to the URL of the entity with /$value.',
      target,
    );
  const keys = new Set(type.key.flatMap(({ properties }) => (properties.length === 1 ? properties : [])));
  const isKey = (property: Property) => keys.has(property);
  const bound = bindMembers(withoutStream(members), type, isKey, target, binding);
  if (binding.purpose !== 'merge') requireMembers(type, members, isKey, target, binding);
  return {
    kind: 'entity',
    type,
    typeNamed: named.type !== null,
    key: keyValues(type, bound.properties),
    properties: new Map([...bound.properties].filter(([property]) => !keys.has(property))),
    dynamic: bound.dynamic,
    navigation: bound.navigation,
    id: text(members.own.get('id')?.node),
    etag: binding.version === '4.0' ? null : text(members.own.get('etag')?.node), // Protocol 11.4.1.1
    contentId: contentId(members),
    target,
  };
}

function withoutStream(members: Members): Members {
  if (!members.values.has('$value')) return members;
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

function contentId(members: Members): string | null {
  return (
    text(members.annotations.get('Core.ContentID')) ?? text(members.annotations.get('Org.OData.Core.V1.ContentID'))
  );
}
