import type { ComplexType, EntitySet, NavigationProperty } from '../edm/index.js';
import { ODataError } from '../errors.js';

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
      kind: 'navigationProperty',
      name: set.name,
      declaringType: type,
      type: set.type,
      collection: false,
      nullable: false,
      containsTarget: false,
      partnerPath: null,
      partner: null,
      referentialConstraints: [],
      onDelete: null,
      onDeleteAnnotations: [],
      annotations: [],
      at: set.at,
    });
  return type;
}
