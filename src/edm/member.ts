import type { NavigationProperty, Property, StructuredType } from './model.js';

/** A structural or navigation property of the type or its base types, without gathering them all. */
export function findMember(type: StructuredType, name: string): Property | NavigationProperty | null {
  for (let at: StructuredType | null = type; at !== null; at = at.baseType) {
    const found = at.ownProperties.get(name) ?? at.ownNavigationProperties.get(name);
    if (found !== undefined) return found;
  }
  return null;
}
