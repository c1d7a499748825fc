import type { ComparisonOperator } from '../bind/index.js';
import type { Type, Value } from '../edm/index.js';
import { type Codec, codecOf, decimalKey, encode, encodeNearest } from '../tables/index.js';
import { call, value } from './build.js';
import type { Stored } from './place.js';
import type { Scalar } from './relation.js';

/** A literal as bound value, in the codec its type has by nature; `align` brings it to the codec of what it meets. */
export function storeLiteral(literal: Value, type: Type | null): Stored & { readonly literal: Value } {
  const codec = type === null ? null : literalCodec(codecOf(type), literal);
  const stored = codec === null ? plainValue(literal) : encode(codec, literal);
  return { kind: 'stored', scalar: value(stored), codec, nullable: literal === null, literal };
}

const plainValue = (literal: Value) => (typeof literal === 'boolean' ? (literal ? 1n : 0n) : literal);

/** A moment or duration has as many fraction digits as it was written with. */
function literalCodec(codec: Codec, literal: Value): Codec {
  if (!('precision' in codec) || typeof literal !== 'string') return codec;
  return { ...codec, precision: /\.(\d+)/.exec(literal)?.[1]?.length ?? 0 };
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

/** True when values of both codecs compare as they stand. */
export function sameForm(a: Codec | null, b: Codec | null): boolean {
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
  if (literal.literal === null) return { left: stored, right: literal, operator };
  if (stored.codec === null) return { left: stored, right: { ...literal, scalar: dynamicValue(literal) }, operator };
  const nearest = encodeNearest(stored.codec, literal.literal);
  if (nearest === null) return { left: comparable(stored), right: comparable(literal), operator };
  const right: Stored = { ...literal, scalar: value(nearest.below), codec: stored.codec };
  if (nearest.exact) return { left: stored, right, operator };
  if (operator === 'eq') return { left: stored, right, operator: 'never' };
  if (operator === 'ne') return { left: stored, right, operator: stored.nullable ? 'always' : 'always' };
  return { left: stored, right, operator: operator === 'gt' || operator === 'ge' ? 'gt' : 'le' };
}

/** A literal beside a dynamic property, which has what JSON has: numbers, texts, true and false. */
function dynamicValue({ codec, literal, scalar }: StoredLiteral): Scalar {
  const isDecimal = codec?.kind === 'decimal' || codec?.kind === 'scaledDecimal';
  return isDecimal ? value(Number(literal)) : scalar;
}

/** Any number as order-keeping decimal text, moments and times with the same number of digits; other values as they are. */
export function comparable(stored: Stored): Stored {
  if (isLiteral(stored) && stored.codec !== null && isNumberCodec(stored.codec))
    return { ...stored, scalar: value(decimalKey(stored.literal)), codec: { kind: 'decimal' } };
  const { codec } = stored;
  if (codec?.kind === 'dateTimeOffset' || codec?.kind === 'timeOfDay') return atPrecision(stored, finest);
  if (codec?.kind === 'duration')
    return {
      ...stored,
      scalar: call('decimalKey', stored.scalar, value(BigInt(codec.precision))),
      codec: { kind: 'decimal' },
    };
  if (codec === null || !isNumberCodec(codec) || codec.kind === 'decimal') return stored;
  const scale = codec.kind === 'scaledDecimal' ? BigInt(codec.scale) : 0n;
  return { ...stored, scalar: call('decimalKey', stored.scalar, value(scale)), codec: { kind: 'decimal' } };
}

const finest = 12;

/** A number as order-keeping decimal text. */
export function asDecimal(stored: Stored): Scalar {
  const literal = isLiteral(stored) && stored.literal !== null ? decimalKey(stored.literal) : null;
  if (literal !== null) return value(literal);
  return stored.codec === null ? call('decimalKey', stored.scalar, value(0n)) : comparable(stored).scalar;
}

/** A number as double. */
export function asReal(stored: Stored): Scalar {
  switch (stored.codec?.kind) {
    case 'double':
    case 'single':
      return stored.scalar;
    case 'decimal':
    case 'scaledDecimal':
      return call('toNumber', asDecimal(stored));
    default:
      return call('asDouble', stored.scalar);
  }
}

/** Fraction digits of a temporal codec. */
export function precisionOf(codec: Codec | null): number {
  return codec !== null && 'precision' in codec ? codec.precision : 0;
}

/** A moment, time of day or duration with more fraction digits than it has; the value stays. */
export function atPrecision(stored: Stored, precision: number): Stored {
  const { codec } = stored;
  if (codec === null || !('precision' in codec) || codec.precision === precision) return stored;
  const scalar =
    codec.kind === 'duration'
      ? call('integerArithmetic', value('mul'), stored.scalar, value(10n ** BigInt(precision - codec.precision)))
      : call('widened', stored.scalar, value(BigInt(precision)));
  return { ...stored, scalar, codec: { ...codec, precision } };
}

/** True for the codecs of numbers. */
export function isNumberCodec(codec: Codec): boolean {
  return ['integer', 'double', 'single', 'scaledDecimal', 'decimal'].includes(codec.kind);
}
