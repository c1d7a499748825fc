import type { ComplexType, EntityType, PrimitiveType, PrimitiveTypeName, StructuredType, Type } from '../edm/index.js';

/** Families of types whose values compare with each other (URL 5.1.1.1). */
export type Family =
  | 'number'
  | 'string'
  | 'boolean'
  | 'guid'
  | 'date'
  | 'dateTimeOffset'
  | 'timeOfDay'
  | 'duration'
  | 'binary'
  | 'enum'
  | 'geo'
  | 'stream'
  | 'structured'
  | 'untyped';

const familyOfPrimitive: Readonly<Partial<Record<PrimitiveTypeName, Family>>> = {
  'Edm.Binary': 'binary',
  'Edm.Boolean': 'boolean',
  'Edm.Byte': 'number',
  'Edm.SByte': 'number',
  'Edm.Int16': 'number',
  'Edm.Int32': 'number',
  'Edm.Int64': 'number',
  'Edm.Decimal': 'number',
  'Edm.Double': 'number',
  'Edm.Single': 'number',
  'Edm.Date': 'date',
  'Edm.DateTimeOffset': 'dateTimeOffset',
  'Edm.Duration': 'duration',
  'Edm.Guid': 'guid',
  'Edm.Stream': 'stream',
  'Edm.String': 'string',
  'Edm.TimeOfDay': 'timeOfDay',
};

/** The primitive type under a type definition; other types are what they are. */
export function underlying(type: Type): Type {
  return type.kind === 'typeDefinition' ? type.underlyingType : type;
}

/** The family a type belongs to. */
export function family(type: Type): Family {
  const base = underlying(type);
  switch (base.kind) {
    case 'primitive':
      return familyOfPrimitive[base.name] ?? 'geo';
    case 'enum':
      return 'enum';
    case 'entity':
    case 'complex':
      return 'structured';
    case 'typeDefinition':
    case 'abstract':
      return 'untyped';
  }
}

/** The primitive type of a type or type definition; null for anything else. */
export function primitiveOf(type: Type | null): PrimitiveType | null {
  const base = type === null ? null : underlying(type);
  return base?.kind === 'primitive' ? base : null;
}

/** True for entity and complex types. */
export function isStructured(type: Type | null): type is StructuredType {
  return type !== null && (type.kind === 'entity' || type.kind === 'complex');
}

/** True when `type` is `base` or inherits from it. */
export function derivesFrom(type: StructuredType, base: StructuredType): boolean {
  for (let at: EntityType | ComplexType | null = type; at !== null; at = at.baseType) if (at === base) return true;
  return false;
}

/** Numeric types from narrow to wide; operands of two types meet in the wider one (URL 5.1.1.2). */
const width: Readonly<Partial<Record<PrimitiveTypeName, number>>> = {
  'Edm.SByte': 1,
  'Edm.Byte': 2,
  'Edm.Int16': 3,
  'Edm.Int32': 4,
  'Edm.Int64': 5,
  'Edm.Single': 7,
  'Edm.Double': 8,
  'Edm.Decimal': 6,
};

/** The type in which two numbers meet (URL 5.1.1.16, numeric promotion). */
export function promoted(left: PrimitiveType, right: PrimitiveType): PrimitiveType {
  return (width[left.name] ?? 0) >= (width[right.name] ?? 0) ? left : right;
}

/** True for Byte to Int64. */
export function isInteger(type: Type | null): boolean {
  const name = primitiveOf(type)?.name;
  return name !== undefined && (width[name] ?? 9) <= 5;
}
