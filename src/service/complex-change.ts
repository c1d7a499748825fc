import type { ComplexChange, EntityChange, ValueChange } from '../bind/index.js';
import type { ComplexType, EntityType, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { emptyChange } from './applying.js';

/** A complex value of which nothing is said but these members. */
export function complexOf(type: ComplexType, members: ReadonlyMap<Property, ValueChange> = new Map()): ComplexChange {
  return { kind: 'complex', type, members, dynamic: new Map(), navigation: new Map() };
}

/** A change of the value at a path as one to the entity: every complex value on the way is merged. */
export function entityWith(type: EntityType, path: readonly Property[], change: ValueChange): EntityChange {
  const [top, ...rest] = path;
  if (top === undefined) throw new ODataError('InternalError', 'There is nothing to change here.');
  return { ...emptyChange(type, ''), properties: new Map([[top, nested(top, rest, change)]]) };
}

/** A property of a subtype, behind a cast, belongs to a value of that subtype. */
function nested(property: Property, path: readonly Property[], change: ValueChange): ValueChange {
  const [next, ...rest] = path;
  if (next === undefined) return change;
  const type = complexType(property);
  const owner = type.derivedTypes.find((derived) => derived === next.declaringType) ?? type;
  return complexOf(owner, new Map([[next, nested(next, rest, change)]]));
}

/** The complex type of a property that a path leads through. */
export function complexType({ name, type }: Property): ComplexType {
  if (type.kind === 'complex') return type;
  throw new ODataError('InternalError', `'${name}' is not complex.`);
}
