import type { StructuredType, Type } from '../../src/edm/index.js';
import { readDate, readDuration, readMoment, readTime } from './calendar.js';
import { compareExact, type Exact, readExact } from './exact.js';

/** A single value in memory. Dates are days, all other temporal values picoseconds, since 1970-01-01 where that has a meaning. */
export type Scalar =
  | Numeric
  | { readonly kind: 'enum' | 'time' | 'duration'; readonly value: bigint }
  | { readonly kind: 'date' | 'moment'; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string' | 'guid' | 'binary' | 'geo'; readonly value: string };

export type Numeric =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly value: Exact }
  | { readonly kind: 'double'; readonly value: number };

/** An entity or complex value; `links` holds what navigation properties lead to. */
export interface Instance {
  readonly kind: 'instance';
  readonly type: StructuredType;
  readonly values: Map<string, Datum>;
  readonly links: Map<string, Instance | Instance[] | null>;
}

export type Datum = null | Scalar | Instance | readonly Datum[];

/** What cannot be answered: the service may refuse it too. */
export class Undefined extends Error {}

export function isList(datum: Datum): datum is readonly Datum[] {
  return Array.isArray(datum);
}

export function isScalar(datum: Datum): datum is Scalar {
  return datum !== null && !isList(datum) && datum.kind !== 'instance';
}

/** The value a text stands for, as it is written in JSON strings and URLs without quotes. */
export function read(type: Type, text: string): Scalar {
  switch (type.kind) {
    case 'typeDefinition':
      return read(type.underlyingType, text);
    case 'enum': {
      const bits = text.split(',').map((name) => type.members.get(name.trim())?.value ?? BigInt(name.trim()));
      return { kind: 'enum', value: bits.length === 1 ? (bits[0] ?? 0n) : bits.reduce((all, bit) => all | bit, 0n) };
    }
    case 'primitive':
      return readPrimitive(type.name, text);
    default:
      throw new Error(`${type.qualifiedName} has no single values.`);
  }
}

function readPrimitive(name: string, text: string): Scalar {
  switch (name) {
    case 'Edm.Boolean':
      return { kind: 'boolean', value: text === 'true' };
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
    case 'Edm.Int64':
      return { kind: 'integer', value: BigInt(text) };
    case 'Edm.Decimal':
      return /INF/.test(text)
        ? { kind: 'double', value: readDouble(text) }
        : { kind: 'decimal', value: readExact(text) };
    case 'Edm.Double':
    case 'Edm.Single':
      return { kind: 'double', value: readDouble(text) };
    case 'Edm.Date':
      return { kind: 'date', value: readDate(text) };
    case 'Edm.DateTimeOffset':
      return { kind: 'moment', value: readMoment(text) };
    case 'Edm.TimeOfDay':
      return { kind: 'time', value: readTime(text) };
    case 'Edm.Duration':
      return { kind: 'duration', value: readDuration(text) };
    case 'Edm.Guid':
      return { kind: 'guid', value: text.toLowerCase() };
    case 'Edm.Binary':
      return { kind: 'binary', value: text.replace(/=+$/, '') };
    case 'Edm.String':
      return { kind: 'string', value: text };
    default:
      return { kind: 'geo', value: text };
  }
}

function readDouble(text: string): number {
  return Number(text.replace('INF', 'Infinity'));
}

/** By Unicode code point (URL 5.1.1.1). */
export function compareText(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Less than, equal or greater than zero; NaN for values that do not compare. */
export function compareScalars(left: Scalar, right: Scalar): number {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  const [a, b] = [left.value, right.value];
  if (left.kind !== right.kind) return Number.NaN;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

export function isNumber(scalar: Scalar): scalar is Numeric {
  return scalar.kind === 'integer' || scalar.kind === 'decimal' || scalar.kind === 'double';
}

/** Numbers compare without loss: a double beside an integer is what its bits say, beside a decimal what it is written as. */
function compareNumbers(left: Numeric, right: Numeric): number {
  if (left.kind === 'double' && right.kind === 'double')
    return left.value === right.value ? 0 : left.value - right.value;
  for (const [side, sign] of [
    [left, 1],
    [right, -1],
  ] as const)
    if (side.kind === 'double' && !Number.isFinite(side.value)) return sign * side.value;
  return compareExact(exactOf(left, right), exactOf(right, left));
}

function exactOf(number: Numeric, other: Numeric): Exact {
  switch (number.kind) {
    case 'integer':
      return { digits: number.value, scale: 0 };
    case 'decimal':
      return number.value;
    case 'double':
      return Number.isInteger(number.value) && other.kind === 'integer'
        ? { digits: BigInt(number.value), scale: 0 }
        : readExact(String(number.value));
  }
}

/** `eq` (URL 5.1.1.1.1): null equals only itself. */
export function equal(left: Datum, right: Datum): boolean {
  if (left === null || right === null) return left === right;
  if (isList(left) || isList(right))
    return (
      isList(left) &&
      isList(right) &&
      left.length === right.length &&
      left.every((item, at) => equal(item, right[at] ?? null))
    );
  if (isScalar(left) && isScalar(right)) return compareScalars(left, right) === 0;
  if (isScalar(left) || isScalar(right)) return false;
  return left === right || (left.type.kind === 'complex' && sameMembers(left, right));
}

/** Complex values of one type with equal members; entities are equal when they are the same. */
function sameMembers(left: Instance, right: Instance): boolean {
  if (left.type !== right.type) return false;
  return [...left.type.properties.keys()].every((name) =>
    equal(left.values.get(name) ?? null, right.values.get(name) ?? null),
  );
}

/** Null is lowest (Protocol 11.2.6.2). */
export function compareForOrder(left: Datum, right: Datum): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (!isScalar(left) || !isScalar(right)) throw new Error('Only single values have an order.');
  return compareScalars(left, right);
}
