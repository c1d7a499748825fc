import type { Property, SchemaType, Type } from '../edm/index.js';
import type { Types } from './layout.js';

/** The types as plain data that another thread can be given: what values are read and shown by, each type once, cycles kept. */
export function portable(types: Types): Types {
  const made = new Map<Type, Type>();
  const known = new Set<Type>(types.values());

  const typeOf = (type: Type): Type => {
    const before = made.get(type);
    if (before !== undefined) return before;
    if (!known.has(type)) return type; // built in: plain already
    const copy: Record<string, unknown> = {};
    made.set(type, copy as unknown as Type);
    Object.assign(copy, members(type as SchemaType));
    return copy as unknown as Type;
  };

  const propertyOf = (property: Property) => ({
    kind: property.kind,
    name: property.name,
    type: typeOf(property.type),
    collection: property.collection,
    nullable: property.nullable,
    maxLength: property.maxLength,
    precision: property.precision,
    scale: property.scale,
    defaultValue: property.defaultValue,
  });

  const members = (type: SchemaType): Record<string, unknown> => {
    const { kind, name, namespace, qualifiedName } = type;
    const common = { kind, name, namespace, qualifiedName };
    switch (type.kind) {
      case 'enum': {
        const list = [...type.members].map(
          ([key, member]) => [key, { name: member.name, value: member.value }] as const,
        );
        return { ...common, underlyingType: type.underlyingType, isFlags: type.isFlags, members: new Map(list) };
      }
      case 'typeDefinition':
        return { ...common, underlyingType: type.underlyingType, facets: { ...type.facets } };
      case 'entity':
      case 'complex':
        return {
          ...common,
          abstract: type.abstract,
          open: type.open,
          baseType: type.baseType === null ? null : typeOf(type.baseType),
          derivedTypes: type.derivedTypes.map(typeOf),
          properties: new Map([...type.properties].map(([key, property]) => [key, propertyOf(property)])),
        };
    }
  };

  return new Map([...types].map(([name, type]) => [name, typeOf(type) as SchemaType]));
}
