import Big from 'big.js';
import { ODataError } from '../errors.js';
import { decimalKey, decimalToKey, infinityKeys, keyToDecimal } from '../tables/index.js';
import type { SqlValue } from './statement.js';

const Decimal = Big();
/** Digits behind the point that a division keeps. */
Decimal.DP = 34;
Decimal.RM = Big.roundHalfUp;

const smallest = -(2n ** 63n);
const greatest = 2n ** 63n - 1n;

function outOfRange(): ODataError {
  return new ODataError('InvalidValue', 'A number of the request leaves the range of Edm.Int64.');
}

function byZero(operator: string): ODataError {
  return new ODataError('InvalidValue', `'${operator}' by zero; exclude it with a condition, or use divby.`);
}

/** Whole numbers, exact; what leaves Int64 is an error, never another number (URL 5.1.1.2). */
export function integerArithmetic(operator: SqlValue, left: SqlValue, right: SqlValue): SqlValue {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return null;
  const result = integer(String(operator), left, right);
  if (result < smallest || result > greatest) throw outOfRange();
  return result;
}

function integer(operator: string, left: bigint, right: bigint): bigint {
  switch (operator) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    default:
      if (right === 0n) throw byZero(operator);
      return operator === 'mod' ? left % right : left / right;
  }
}

/** Doubles; division by zero gives infinities (URL 5.1.1.2.5), remainder by zero is an error (5.1.1.2.6). NaN is null. */
export function realArithmetic(operator: SqlValue, left: SqlValue, right: SqlValue): SqlValue {
  const [a, b] = [Number(left), Number(right)];
  if (operator === 'mod') {
    if (b === 0) throw byZero('mod');
    return a % b;
  }
  return a / b;
}

/** Order-keeping decimal texts in and out, exact but for division, which keeps 34 digits behind the point. */
export function decimalArithmetic(operator: SqlValue, left: SqlValue, right: SqlValue): SqlValue {
  const [a, b] = [String(left), String(right)];
  if (isInfinite(a) || isInfinite(b)) return withInfinity(String(operator), a, b);
  return decimal(String(operator), new Decimal(keyToDecimal(a)), new Decimal(keyToDecimal(b)));
}

function isInfinite(key: string): boolean {
  return key === infinityKeys.positive || key === infinityKeys.negative;
}

function withInfinity(operator: string, left: string, right: string): SqlValue {
  const [a, b] = [toNumber(left), toNumber(right)].map(Number);
  if (a === undefined || b === undefined) return null;
  const results: Readonly<Record<string, number>> = {
    add: a + b,
    sub: a - b,
    mul: a * b,
    div: a / b,
    divby: a / b,
    mod: a % b,
  };
  return decimalKey(results[operator] ?? Number.NaN);
}

function decimal(operator: string, left: Big, right: Big): SqlValue {
  const key = (value: Big) => decimalToKey(value.toFixed());
  switch (operator) {
    case 'add':
      return key(left.plus(right));
    case 'sub':
      return key(left.minus(right));
    case 'mul':
      return key(left.times(right));
    case 'mod':
      if (right.eq(0)) throw byZero('mod');
      return key(left.mod(right));
    case 'divby': // never fails (URL 5.1.1.2.5-4)
      if (right.eq(0)) return left.eq(0) ? null : left.gt(0) ? infinityKeys.positive : infinityKeys.negative;
      return key(left.div(right));
    default:
      if (right.eq(0)) throw byZero('div');
      return key(left.div(right));
  }
}

/** `floor`, `ceiling`, `round` (halves away from zero, URL 5.1.1.9) of a decimal text or a double. */
export function rounded(mode: SqlValue, value: SqlValue): SqlValue {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (mode === 'round') return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
    return mode === 'floor' ? Math.floor(value) : Math.ceil(value);
  }
  const key = String(value);
  if (isInfinite(key)) return key;
  const exact = new Decimal(keyToDecimal(key));
  const near = exact.round(0, Big.roundHalfUp);
  if (mode === 'round') return decimalToKey(near.toFixed());
  const down = near.gt(exact) ? near.minus(1) : near;
  return decimalToKey((mode === 'floor' || down.eq(exact) ? down : down.plus(1)).toFixed());
}

/** An order-keeping decimal text as double. */
export function toNumber(key: SqlValue): SqlValue {
  if (key === infinityKeys.positive) return Number.POSITIVE_INFINITY;
  if (key === infinityKeys.negative) return Number.NEGATIVE_INFINITY;
  return Number(keyToDecimal(String(key)));
}

/** A duration of 10^-`precision` seconds times or divided by a decimal text, rounded to its unit. */
export function scaledDuration(operator: SqlValue, units: SqlValue, factor: SqlValue): SqlValue {
  if (typeof units !== 'bigint') return null;
  const [amount, by] = [new Decimal(units.toString()), new Decimal(keyToDecimal(String(factor)))];
  if (operator !== 'mul' && by.eq(0)) throw byZero(String(operator));
  const result = BigInt((operator === 'mul' ? amount.times(by) : amount.div(by)).round(0, Big.roundHalfUp).toFixed());
  if (result < smallest || result > greatest) throw outOfRange();
  return result;
}
