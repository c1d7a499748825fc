import { effectiveAnnotation, enumMembers } from './annotations.js';
import type { Property, StructuredType } from './model.js';

const known = new WeakMap<StructuredType, ReadonlyMap<string, Property>>();

/** The properties of a type that clients may read (Core.Permissions); to everybody who reads, the others are not there. A key always is. */
export function readable(type: StructuredType): ReadonlyMap<string, Property> {
  const before = known.get(type);
  if (before !== undefined) return before;
  const keys = new Set(type.kind === 'entity' ? type.key.map(({ properties: [first] }) => first) : []);
  const found = [...type.properties].filter(([, property]) => keys.has(property) || mayBeRead(property));
  const properties = found.length === type.properties.size ? type.properties : new Map(found);
  known.set(type, properties);
  return properties;
}

/** Says of a property that it is withheld (Protocol 11.2.2): stands in its place, under this name, with the value `None`. */
export function withheldName(property: string): string {
  return `${property}@Org.OData.Core.V1.Permissions`;
}

/** The properties of a type that nobody may read. */
export function withheld(type: StructuredType): readonly Property[] {
  const shown = readable(type);
  return shown === type.properties ? [] : [...type.properties.values()].filter(({ name }) => !shown.has(name));
}

function mayBeRead(property: Property): boolean {
  const rights = enumMembers(effectiveAnnotation(property, 'Org.OData.Core.V1.Permissions'));
  return rights === null || rights.some((right) => ['Read', 'ReadWrite', '1', '3'].includes(right));
}
