import { abstractType, type NavigationProperty, type Property, type StructuredType, type Type } from '../edm/index.js';

/** A property that `$apply` adds: no schema declares it (Aggregation 3.1.1). */
export function addedProperty(name: string, type: Type | null, collection: boolean, owner: StructuredType): Property {
  return {
    kind: 'property',
    name,
    type: type ?? abstractType('Edm.Untyped'),
    collection,
    nullable: !collection,
    maxLength: null,
    precision: null,
    scale: null,
    srid: null,
    unicode: null,
    declaringType: owner,
    defaultValue: null,
    at: owner.at,
    annotations: [],
  };
}

/** A navigation property that a request adds: by `$apply`, or as a part of `$crossjoin`. */
export function addedNavigation(
  name: string,
  type: NavigationProperty['type'],
  collection: boolean,
  owner: StructuredType,
): NavigationProperty {
  return {
    kind: 'navigationProperty',
    name,
    type,
    collection,
    nullable: !collection,
    containsTarget: false,
    partnerPath: null,
    partner: null,
    referentialConstraints: [],
    onDelete: null,
    onDeleteAnnotations: [],
    declaringType: owner,
    at: owner.at,
    annotations: [],
  };
}
