import type { Expression } from '../bind/index.js';
import type { ComplexType, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { allOf, call, columnOf, value } from './build.js';
import { type Context, isThere, locate } from './expression.js';
import { type Located, type Place, presence, propertyOf, type Stored } from './place.js';
import type { Relation, Scalar } from './relation.js';
import { align } from './value.js';

/** Entities are equal when they are the same entity, complex values when their members are, or both are null (URL 5.1.1.1.1). */
export function sameStructured(left: Expression, right: Expression, context: Context): Scalar {
  const sides = [locate(left, context), locate(right, context)].map((located) => sideOf(located));
  const [a, b] = sides;
  if (a === undefined || b === undefined) throw unsupported();
  if (a.item.kind === 'row' && b.item.kind === 'row') return sameEntity(a, b);
  const same = sameItems(a, b, context);
  const [hasA, hasB] = [a.there, b.there];
  const neither = allOf([call('not', hasA), call('not', hasB)]);
  return either(neither, allOf([hasA, hasB, same]));
}

/** A single structured value, perhaps in the row of another table. */
interface Side {
  readonly item: Place;
  readonly rows: Relation | null;
  readonly there: Scalar;
}

function sideOf(located: Located): Side {
  switch (located.kind) {
    case 'row':
    case 'flattened':
    case 'json':
      return { item: located, rows: null, there: isThere(located) };
    case 'through':
      if (located.item.kind === 'stored') throw unsupported();
      return { item: located.item, rows: located.rows, there: isThere(located) };
    case 'many':
    case 'grouped':
    case 'variants':
    case 'stored':
      throw unsupported();
  }
}

/** A value of a side as seen from outside it. */
function seen({ rows }: Side, scalar: Scalar): Scalar {
  return rows === null ? scalar : { kind: 'subquery', relation: rows, value: scalar };
}

function sameEntity(a: Side, b: Side): Scalar {
  const [left, right] = [a.item, b.item];
  if (left.kind !== 'row' || right.kind !== 'row') throw unsupported();
  // What stands in different tables is never the same; two that are not there are.
  if (left.table !== right.table) return allOf([call('not', a.there), call('not', b.there)]);
  return allOf(
    left.table.primaryKey.map((column) =>
      call('is', seen(a, columnOf(left.as, column)), seen(b, columnOf(right.as, column))),
    ),
  );
}

function sameItems(a: Side, b: Side, context: Context): Scalar {
  const [left, right] = [typeOf(a.item), typeOf(b.item)];
  if (left !== right || left.derivedTypes.length > 0 || left.open) throw unsupported();
  return allOf([...left.properties.values()].map((property) => sameMember(a, b, property, context)));
}

function typeOf(place: Place): ComplexType {
  const type = place.kind === 'flattened' ? place.storage.type : place.type;
  if (type.kind !== 'complex') throw unsupported();
  return type;
}

function sameMember(a: Side, b: Side, property: Property, context: Context): Scalar {
  const [left, right] = [a, b].map((side) => propertyOf(side.item, property, context.planner));
  if (left === undefined || right === undefined) throw unsupported();
  if (left.kind === 'stored' && right.kind === 'stored') {
    const aligned = align('eq', inside(a, left), inside(b, right));
    return call('is', aligned.left.scalar, aligned.right.scalar);
  }
  if (left.kind === 'many' && right.kind === 'many' && left.rows.kind === 'each' && right.rows.kind === 'each')
    return call('is', seen(a, left.rows.json), seen(b, right.rows.json));
  if (isComplex(left) && isComplex(right)) {
    const [inA, inB] = [within(a, left), within(b, right)];
    const neither = allOf([call('not', inA.there), call('not', inB.there)]);
    return either(neither, allOf([inA.there, inB.there, sameItems(inA, inB, context)]));
  }
  throw unsupported();
}

type Complex = Extract<Place, { kind: 'flattened' | 'json' }>;

function isComplex(located: Located): located is Complex {
  return located.kind === 'flattened' || located.kind === 'json';
}

function within(side: Side, item: Complex): Side {
  return { ...side, item, there: seen(side, presence(item) ?? value(1n)) };
}

function inside(side: Side, stored: Stored): Stored {
  return { ...stored, scalar: seen(side, stored.scalar) };
}

function either(...operands: readonly Scalar[]): Scalar {
  return { kind: 'junction', operator: 'or', operands };
}

function unsupported(): ODataError {
  return new ODataError('NotImplemented', 'These structured values cannot be compared; compare their members.');
}
