import type { ComplexType, EntitySet, NavigationProperty } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { addedNavigation } from './added-property.js';

/**
 * The type of the items of `$crossjoin(A,B)` (URL 4.15): one single-valued navigation property per set, named like the set. It is of
 * no schema. Throws MalformedUrl for a set that is named twice.
 */
export function combination(sets: readonly EntitySet[]): ComplexType {
  const [first] = sets;
  if (first === undefined || new Set(sets).size < sets.length)
    throw new ODataError('MalformedUrl', 'Name every set of $crossjoin once.', '$crossjoin');
  const navigationProperties = new Map<string, NavigationProperty>();
  const type: ComplexType = {
    kind: 'complex',
    name: 'ComplexType',
    namespace: 'Edm',
    qualifiedName: 'Edm.ComplexType',
    abstract: false,
    open: false,
    baseType: null,
    derivedTypes: [],
    ownProperties: new Map(),
    properties: new Map(),
    ownNavigationProperties: navigationProperties,
    navigationProperties,
    annotations: [],
    at: first.at,
  };
  for (const set of sets)
    navigationProperties.set(set.name, {
      ...addedNavigation(set.name, set.type, false, type),
      nullable: false,
      at: set.at,
    });
  return type;
}
