import { ODataError } from '../errors.js';
import type { JsonNode } from '../payload/index.js';
import type { EntityReference } from './change.js';
import { againstContext, below, contextOf, sortMembers } from './members.js';

/** A reference as a body, `{"@id": …}` or `{"@odata.id": …}` (JSON 14). Throws MalformedBody. */
export function bindReference(node: JsonNode, target = '', outer: string | null = null): EntityReference {
  if (node.kind !== 'object') throw noReference(target);
  const members = sortMembers(node);
  const id = members.own.get('id');
  const [other] = members.values.keys();
  if (other !== undefined)
    throw new ODataError(
      'MalformedBody',
      `A reference holds nothing but '@id', not '${other.slice(0, 100)}'.`,
      below(target, other),
    );
  if (id?.node.kind !== 'string' || id.node.value === '') throw noReference(target);
  const url = againstContext(id.node.value, contextOf(members, outer));
  return { kind: 'reference', url, target: below(target, '@id') };
}

function noReference(target: string): ODataError {
  return new ODataError(
    'MalformedBody',
    `A reference is an object with '@id', the URL of an entity.`,
    below(target, '@id'),
  );
}

/** All references of a collection, `{"value": [{"@id": …}]}` (JSON 14). Throws MalformedBody. */
export function bindReferenceList(node: JsonNode): readonly EntityReference[] {
  const members = node.kind === 'object' ? sortMembers(node) : null;
  const value = members?.values.get('value');
  if (members === null || value?.kind !== 'array')
    throw new ODataError('MalformedBody', `The references of a collection stand in an array 'value'.`, 'value');
  const contextUrl = contextOf(members, null);
  return value.items.map((item, index) => bindReference(item, below('value', index), contextUrl));
}
