import type { AbstractType, AbstractTypeName, PrimitiveType, PrimitiveTypeName, Type } from './model.js';

const primitiveNames: readonly PrimitiveTypeName[] = [
  'Edm.Binary',
  'Edm.Boolean',
  'Edm.Byte',
  'Edm.Date',
  'Edm.DateTimeOffset',
  'Edm.Decimal',
  'Edm.Double',
  'Edm.Duration',
  'Edm.Guid',
  'Edm.Int16',
  'Edm.Int32',
  'Edm.Int64',
  'Edm.SByte',
  'Edm.Single',
  'Edm.Stream',
  'Edm.String',
  'Edm.TimeOfDay',
  'Edm.Geography',
  'Edm.GeographyPoint',
  'Edm.GeographyLineString',
  'Edm.GeographyPolygon',
  'Edm.GeographyMultiPoint',
  'Edm.GeographyMultiLineString',
  'Edm.GeographyMultiPolygon',
  'Edm.GeographyCollection',
  'Edm.Geometry',
  'Edm.GeometryPoint',
  'Edm.GeometryLineString',
  'Edm.GeometryPolygon',
  'Edm.GeometryMultiPoint',
  'Edm.GeometryMultiLineString',
  'Edm.GeometryMultiPolygon',
  'Edm.GeometryCollection',
];

const abstractNames: readonly AbstractTypeName[] = [
  'Edm.PrimitiveType',
  'Edm.ComplexType',
  'Edm.EntityType',
  'Edm.Untyped',
  'Edm.AnnotationPath',
  'Edm.AnyPropertyPath',
  'Edm.ModelElementPath',
  'Edm.NavigationPropertyPath',
  'Edm.PropertyPath',
];

const builtIn = new Map<string, PrimitiveType | AbstractType>();
for (const name of primitiveNames) builtIn.set(name, { kind: 'primitive', name, qualifiedName: name });
for (const name of abstractNames) builtIn.set(name, { kind: 'abstract', name, qualifiedName: name });

/** The one object of a primitive type (CSDL 3.3). */
export function primitive(name: PrimitiveTypeName): PrimitiveType {
  const type = builtIn.get(name);
  if (type?.kind !== 'primitive') throw new TypeError(`${name} is no primitive type`);
  return type;
}

/** The one object of a built-in abstract type (CSDL 3.4, 3.5). */
export function abstractType(name: AbstractTypeName): AbstractType {
  const type = builtIn.get(name);
  if (type?.kind !== 'abstract') throw new TypeError(`${name} is no abstract type`);
  return type;
}

/** A type of the namespace `Edm` by its name, or null. */
export function builtInType(name: string): PrimitiveType | AbstractType | null {
  return builtIn.get(name) ?? null;
}

/** True for the types that only terms may have (CSDL 3.5). */
export function isPathType(name: string): boolean {
  return name.endsWith('Path') && builtIn.get(name)?.kind === 'abstract';
}

/** True for Edm.Stream and type definitions on it (CSDL 11). */
export function isStreamType(type: Type): boolean {
  return (type.kind === 'typeDefinition' ? type.underlyingType : type).qualifiedName === 'Edm.Stream';
}

/** True for the geo types and their abstract bases. */
export function isGeo(name: string): boolean {
  return name.startsWith('Edm.Geo');
}
