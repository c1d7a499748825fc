import type { ComparisonOperator } from '../bind/index.js';
import type { Type, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Codec, codecOf, decimalKey, encodeNearest } from '../tables/index.js';
import { call, value } from './build.js';
import type { Stored } from './place.js';

/** A literal as bound value, in the codec its type has by nature; `align` brings it to the codec of what it meets. */
export function storeLiteral(literal: Value, type: Type | null): Stored & { readonly literal: Value } {
  const codec = type === null ? null : codecOf(type);
  const stored = typeof literal === 'boolean' ? (literal ? 1n : 0n) : literal;
  return { kind: 'stored', scalar: value(stored), codec, nullable: literal === null, literal };
}

interface Aligned {
  readonly left: Stored;
  readonly right: Stored;
  /** `never` and `always`: decided without looking at the row. */
  readonly operator: ComparisonOperator | 'never' | 'always';
}

/** Brings two operands to one representation in which comparing them is comparing their values. */
export function align(operator: ComparisonOperator, left: Stored, right: Stored): Aligned {
  if (isLiteral(right)) return beside(operator, left, right);
  if (isLiteral(left)) {
    const turned = beside(mirror[operator], right, left);
    return {
      left: turned.right,
      right: turned.left,
      operator: turned.operator in mirror ? mirror[turned.operator as ComparisonOperator] : turned.operator,
    };
  }
  return sameForm(left.codec, right.codec)
    ? { left, right, operator }
    : { left: comparable(left), right: comparable(right), operator };
}

const mirror = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const;

type StoredLiteral = Stored & { readonly literal: Value };

function isLiteral(stored: Stored): stored is StoredLiteral {
  return 'literal' in stored;
}

function sameForm(a: Codec | null, b: Codec | null): boolean {
  if (a === null || b === null) return true;
  const numeric = (codec: Codec) => codec.kind === 'integer' || codec.kind === 'double' || codec.kind === 'single';
  if (numeric(a) && numeric(b)) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'scaledDecimal' && b.kind === 'scaledDecimal') return a.scale === b.scale;
  return !('precision' in a) || !('precision' in b) || a.precision === b.precision;
}

/**
 * A stored value beside a literal: the literal takes the column's codec. Where it has more digits than the codec keeps,
 * it lies between two stored values, which decides equality and shifts the others: `x > 1.55` is `x > 1.5` at scale 1.
 */
function beside(operator: ComparisonOperator, stored: Stored, literal: StoredLiteral): Aligned {
  if (stored.codec === null || literal.literal === null) return { left: stored, right: literal, operator };
  const nearest = encodeNearest(stored.codec, literal.literal);
  if (nearest === null) return { left: comparable(stored), right: comparable(literal), operator };
  const right: Stored = { ...literal, scalar: value(nearest.below), codec: stored.codec };
  if (nearest.exact) return { left: stored, right, operator };
  if (operator === 'eq') return { left: stored, right, operator: 'never' };
  if (operator === 'ne') return { left: stored, right, operator: stored.nullable ? 'always' : 'always' };
  return { left: stored, right, operator: operator === 'gt' || operator === 'ge' ? 'gt' : 'le' };
}

/** Any number as order-keeping decimal text; other values as they are. */
function comparable(stored: Stored): Stored {
  if (isLiteral(stored) && stored.codec !== null && isNumber(stored.codec))
    return { ...stored, scalar: value(decimalKey(stored.literal)), codec: { kind: 'decimal' } };
  if (stored.codec === null || !isNumber(stored.codec)) return stored;
  if (stored.codec.kind === 'decimal') return stored;
  const scale = stored.codec.kind === 'scaledDecimal' ? BigInt(stored.codec.scale) : 0n;
  return { ...stored, scalar: call('decimalKey', stored.scalar, value(scale)), codec: { kind: 'decimal' } };
}

function isNumber(codec: Codec): boolean {
  return ['integer', 'double', 'single', 'scaledDecimal', 'decimal'].includes(codec.kind);
}

/** The value in the codec `wanted`; throws NotImplemented when that needs an approximation. */
export function inCodec(stored: Stored, wanted: Codec['kind']): Stored {
  if (stored.codec === null || stored.codec.kind === wanted) return stored;
  throw new ODataError('NotImplemented', `A value of this type cannot be used here yet.`);
}
