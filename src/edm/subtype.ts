import type { StructuredType, Type } from './model.js';
import { isGeo, isPathType } from './primitive.js';

/**
 * True when every value of `type` is a value of `base`: the same type, a derived one (CSDL 6.1, 9.1),
 * a type definition and its underlying type (CSDL 11), or one of the built-in abstract types above it (CSDL 3.4, 3.5).
 */
export function isSubtypeOf(type: Type, base: Type): boolean {
  if (type === base) return true;
  switch (base.kind) {
    case 'abstract':
      return isBelow(type, base.name);
    case 'entity':
    case 'complex':
      return (type.kind === 'entity' || type.kind === 'complex') && derivesFrom(type, base);
    case 'primitive':
      if (type.kind === 'typeDefinition') return isSubtypeOf(type.underlyingType, base);
      return type.kind === 'primitive' && isGeo(type.name) && type.name.startsWith(base.name) && base.name.length <= 13;
    case 'enum':
    case 'typeDefinition':
      return false;
  }
}

function isBelow(type: Type, base: string): boolean {
  switch (base) {
    case 'Edm.Untyped':
      return true;
    case 'Edm.PrimitiveType':
      return type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition';
    case 'Edm.ComplexType':
      return type.kind === 'complex';
    case 'Edm.EntityType':
      return type.kind === 'entity';
    case 'Edm.ModelElementPath':
      return type.kind === 'abstract' && isPathType(type.name);
    case 'Edm.AnyPropertyPath':
      return (
        type.kind === 'abstract' && (type.name === 'Edm.PropertyPath' || type.name === 'Edm.NavigationPropertyPath')
      );
    default:
      return false;
  }
}

/** True when a structured type is `base` or inherits from it; safe for inheritance cycles. */
export function derivesFrom(type: StructuredType, base: StructuredType): boolean {
  const seen = new Set<StructuredType>();
  for (let at: StructuredType | null = type; at !== null && !seen.has(at); at = at.baseType) {
    if (at === base) return true;
    seen.add(at);
  }
  return false;
}
