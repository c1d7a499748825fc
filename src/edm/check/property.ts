import { ODataError } from '../../errors.js';
import type { Facets, StructuredType, Type } from '../model.js';
import { isPathType, isStreamType } from '../primitive.js';
import { parseValue, type ValueType } from '../value.js';
import { rule } from './rule.js';

/** Rules for structural properties and for types in general (CSDL 3.3 to 3.5, 7). */
export const propertyRules = [
  rule('property-type', 'property', 'C7.1-1', ({ name, type }, tell) => {
    if (type.kind === 'entity' || type.qualifiedName === 'Edm.EntityType')
      tell(`The property '${name}' cannot be of the entity type ${type.qualifiedName}; make it a navigation property.`);
  }),
  rule('collection-type', 'typed', 'C3.4-6', ({ type, collection }, tell) => {
    if (collection && type.qualifiedName === 'Edm.PrimitiveType')
      tell('Collection(Edm.PrimitiveType) is not allowed here.');
  }),
  rule('collection-type', 'typed', 'C3.3-3', ({ type, collection, kind }, tell) => {
    if (collection && kind !== 'term' && isStreamType(type)) tell('There are no collections of Edm.Stream.');
  }),
  rule('collection-type', 'typed', 'C3.4-7', ({ type, collection, kind }, tell, { version }) => {
    const abstract = type.qualifiedName === 'Edm.Untyped' || type.qualifiedName === 'Edm.ComplexType';
    if (collection && abstract && kind !== 'term' && version === '4.0')
      tell(`OData 4.0 has no Collection(${type.qualifiedName}).`);
  }),
  rule('containment-in-collection', 'property', 'C8.4-7', ({ name, type, collection }, tell, { version }) => {
    if (version === '4.0' && collection && type.kind === 'complex' && declaresContainment(type))
      tell(`In OData 4.0 the collection '${name}' cannot be of ${type.qualifiedName}, which contains entities.`);
  }),
  rule('path-type', 'property', 'C3.5-1', ({ name, type, declaringType }, tell) => {
    if (declaringType.kind === 'entity' && usesPaths(type, new Set()))
      tell(`The property '${name}' has a type that only terms may have: ${type.qualifiedName}.`);
  }),
  rule('path-type', 'operation', 'C3.5-1', (operation, tell) => {
    for (const { type, at } of [
      ...operation.parameters,
      ...(operation.returnType === null ? [] : [operation.returnType]),
    ])
      if (usesPaths(type, new Set())) tell(`${type.qualifiedName} is for terms only.`, at);
  }),
  rule('default-value', 'property', 'C7.2.7-1', ({ name, type, collection, defaultValue }, tell) => {
    if (defaultValue !== null && (collection || valueType(type) === null))
      tell(`'${name}' cannot have a DefaultValue: only single primitive values can.`);
  }),
  rule('default-value-type', 'property', 'C7.2.7-2', (property, tell) => {
    const type = valueType(property.type);
    const why =
      property.defaultValue === null || property.collection || type === null
        ? null
        : whyNot(type, property.defaultValue, property);
    if (why !== null) tell(`The DefaultValue of '${property.name}' does not fit: ${why}`);
  }),
  rule('term-default', 'term', 'C14.1-3', (term, tell) => {
    if (term.defaultValue === null) return;
    const type = valueType(term.type);
    const untyped = term.type.qualifiedName === 'Edm.PrimitiveType' || term.type.qualifiedName === 'Edm.Untyped';
    if (term.collection || (type === null && !untyped))
      tell(`The term '${term.name}' cannot have a DefaultValue: only primitive terms can.`);
    else if (type !== null) {
      const why = whyNot(type, term.defaultValue, term);
      if (why !== null) tell(`The DefaultValue of '${term.name}' does not fit: ${why}`);
    }
  }),
];

/** A type that has primitive values, or null. */
export function valueType(type: Type): ValueType | null {
  return type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition' ? type : null;
}

/** Why a text is no value of a type; null when it is one. */
export function whyNot(type: ValueType, text: string, facets?: Facets): string | null {
  try {
    parseValue(
      type,
      text,
      facets === undefined ? {} : { maxLength: facets.maxLength, precision: facets.precision, scale: facets.scale },
    );
    return null;
  } catch (error) {
    if (error instanceof ODataError) return error.message;
    throw error;
  }
}

function declaresContainment(type: StructuredType): boolean {
  for (let at: StructuredType | null = type; at !== null; at = at.baseType)
    for (const { containsTarget } of at.ownNavigationProperties.values()) if (containsTarget) return true;
  return false;
}

function usesPaths(type: Type, seen: Set<StructuredType>): boolean {
  if (type.kind === 'abstract') return isPathType(type.name);
  if (type.kind !== 'complex' || seen.has(type)) return false;
  seen.add(type);
  for (const property of type.ownProperties.values()) if (usesPaths(property.type, seen)) return true;
  return type.baseType !== null && usesPaths(type.baseType, seen);
}
