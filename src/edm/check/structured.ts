import { findMember } from '../member.js';
import type { NavigationProperty, Property, StructuredType } from '../model.js';
import { isSubtypeOf } from '../subtype.js';
import { ownKeyOf } from '../write-names.js';
import { rule } from './rule.js';

/** Rules for entity and complex types and their inheritance (CSDL 6, 9). */
export const structuredRules = [
  rule('abstract-base', 'entity', 'C6.2-2', (type, tell) => {
    if (type.abstract && type.baseType !== null && !type.baseType.abstract)
      tell(`The abstract type ${type.name} cannot derive from ${type.baseType.qualifiedName}, which is not abstract.`);
  }),
  rule('open-derived', 'structured', 'C6.3-2', (type, tell) => {
    if (type.baseType?.open && !type.open)
      tell(`${type.name} derives from the open type ${type.baseType.qualifiedName} and must be open, too.`);
  }),
  rule('media-derived', 'entity', 'C6.4-2', (type, tell) => {
    if (type.baseType?.hasStream && !type.hasStream)
      tell(
        `${type.name} derives from the media entity type ${type.baseType.qualifiedName} and needs HasStream="true".`,
      );
  }),
  rule('key-missing', 'entity', 'C6.2-3', (type, tell, { version }) => {
    if (version === '4.0' && !type.abstract && type.key.length === 0)
      tell(`In OData 4.0 the type ${type.name} needs a key, or must be abstract.`);
  }),
  rule('key-redeclared', 'entity', 'C6.5-2', (type, tell) => {
    if (ownKeyOf(type).length > 0 && type.baseType !== null && type.baseType.key.length > 0)
      tell(`${type.name} inherits a key from ${type.baseType.qualifiedName} and cannot declare another.`);
  }),
  rule('property-named-as-type', 'structured', 'C6-2', (type, tell) => {
    for (const property of members(type))
      if (property.name === type.name) tell(`The property '${property.name}' has the name of its type.`, property.at);
  }),
  rule('property-redefined', 'structured', 'C7-3', (type, tell, { version }) => {
    const { baseType } = type;
    if (baseType === null) return;
    for (const property of members(type)) {
      const inherited = findMember(baseType, property.name);
      if (inherited === null) continue;
      const why = redefinition(property, inherited, version);
      if (why !== null)
        tell(`'${property.name}' is inherited from ${inherited.declaringType.qualifiedName}; ${why}.`, property.at);
    }
  }),
  rule('case-only', 'structured', 'C17-6', (type, tell) => {
    if (type.ownProperties.size + type.ownNavigationProperties.size < 2) return;
    const seen = new Map<string, string>();
    for (const { name, at } of members(type)) {
      const folded = name.toLowerCase();
      const other = seen.get(folded);
      if (other !== undefined && other !== name) tell(`'${name}' and '${other}' differ in case only.`, at);
      seen.set(folded, name);
    }
  }),
  rule('case-only', 'schema', 'C3.1-2', (schema, tell) => {
    const seen = new Map<string, string>();
    for (const { name, at } of schema.types.values()) {
      const folded = name.toLowerCase();
      const other = seen.get(folded);
      if (other !== undefined) tell(`The types '${name}' and '${other}' differ in case only.`, at);
      seen.set(folded, name);
    }
  }),
];

function* members(type: StructuredType): Iterable<Property | NavigationProperty> {
  yield* type.ownProperties.values();
  yield* type.ownNavigationProperties.values();
}

function redefinition(
  property: Property | NavigationProperty,
  base: Property | NavigationProperty,
  version: string,
): string | null {
  if (property.kind !== base.kind) return 'it cannot become a property of the other kind';
  if (version === '4.0') return 'OData 4.0 does not allow redefining it';
  const narrower = isSubtypeOf(property.type, base.type) && property.collection === base.collection;
  return narrower ? null : `its type must derive from ${base.type.qualifiedName}`;
}
