import type { ArithmeticOperator } from '../../src/bind/index.js';
import { day, floorDivide, readDate } from './calendar.js';
import {
  addExact,
  divideExact,
  type Exact,
  multiplyExact,
  negateExact,
  numberOf,
  readExact,
  remainderExact,
} from './exact.js';
import { type Datum, isNumber, isScalar, type Numeric, type Scalar, Undefined } from './value.js';

/** URL 5.1.1.2: null when an operand is null. */
export function arithmetic(operator: ArithmeticOperator, left: Datum, right: Datum): Datum {
  if (left === null || right === null) return null;
  if (!isScalar(left) || !isScalar(right)) throw new Error('Arithmetic needs single values.');
  return isNumber(left) && isNumber(right) ? numbers(operator, left, right) : temporal(operator, left, right);
}

function numbers(operator: ArithmeticOperator, left: Numeric, right: Numeric): Datum {
  if (operator === 'divby') return fractions(operator, exact(left), exact(right));
  if (left.kind === 'double' || right.kind === 'double') return doubles(operator, real(left), real(right));
  if (left.kind === 'integer' && right.kind === 'integer')
    return { kind: 'integer', value: within64(integers(operator, left.value, right.value)) };
  return fractions(operator, exact(left), exact(right));
}

/** Overflow is an error, never another number (URL 5.1.1.18). */
export function within64(value: bigint): bigint {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new Undefined('overflow');
  return value;
}

function integers(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
    case 'divby':
    case 'mod':
      if (right === 0n) throw new Undefined('division by zero');
      return operator === 'mod' ? left % right : left / right;
  }
}

function doubles(operator: ArithmeticOperator, left: number, right: number): Datum {
  if (operator === 'mod' && right === 0) throw new Undefined('remainder of a division by zero');
  const results = {
    add: left + right,
    sub: left - right,
    mul: left * right,
    div: left / right,
    divby: left / right,
    mod: left % right,
  };
  return realResult(results[operator]);
}

/** What is no number cannot be told from null by the service. */
function realResult(value: number): Datum {
  if (Number.isNaN(value)) throw new Undefined('NaN');
  return { kind: 'double', value };
}

function fractions(operator: ArithmeticOperator, left: Exact | number, right: Exact | number): Datum {
  if (typeof left === 'number' || typeof right === 'number')
    return doubles(
      operator,
      typeof left === 'number' ? left : numberOf(left),
      typeof right === 'number' ? right : numberOf(right),
    );
  const gives = (value: Exact): Datum => ({ kind: 'decimal', value });
  switch (operator) {
    case 'add':
      return gives(addExact(left, right));
    case 'sub':
      return gives(addExact(left, negateExact(right)));
    case 'mul':
      return gives(multiplyExact(left, right));
    case 'divby':
      if (right.digits === 0n) return realResult(Number(left.digits) / 0);
      return gives(divideExact(left, right));
    case 'div':
    case 'mod':
      if (right.digits === 0n) throw new Undefined('division by zero');
      return gives(operator === 'mod' ? remainderExact(left, right) : divideExact(left, right));
  }
}

/** An infinity stays a number. */
export function exact(number: Numeric): Exact | number {
  switch (number.kind) {
    case 'integer':
      return { digits: number.value, scale: 0 };
    case 'decimal':
      return number.value;
    case 'double':
      return Number.isFinite(number.value) ? readExact(String(number.value)) : number.value;
  }
}

export function real(number: Numeric): number {
  return number.kind === 'decimal' ? numberOf(number.value) : Number(number.value);
}

export function negated(operand: Datum): Datum {
  if (operand === null) return null;
  if (!isScalar(operand)) throw new Error('Only single values have a negative.');
  switch (operand.kind) {
    case 'integer':
      return { kind: 'integer', value: within64(-operand.value) };
    case 'duration':
      return { kind: 'duration', value: -operand.value };
    case 'decimal':
      return { kind: 'decimal', value: negateExact(operand.value) };
    case 'double':
      return { kind: 'double', value: -operand.value };
    default:
      throw new Error(`'-' is not defined for ${operand.kind}.`);
  }
}

const earliest = readDate('0001-01-01');
const latest = readDate('9999-12-31');

function date(value: bigint): Datum {
  if (value < earliest || value > latest) throw new Undefined('beyond the years 0001 to 9999');
  return { kind: 'date', value };
}

function moment(value: bigint): Datum {
  if (value < earliest * day || value >= (latest + 1n) * day) throw new Undefined('beyond the years 0001 to 9999');
  return { kind: 'moment', value };
}

/** How long a duration can be is the service's decision; nothing is asked beyond some 29,000 years. */
function duration(value: bigint): Datum {
  if (value > 2n ** 63n * 10n ** 5n || -value > 2n ** 63n * 10n ** 5n) throw new Undefined('a duration too long');
  return { kind: 'duration', value };
}

/** The combinations of URL 5.1.1.2; a date is its midnight. */
function temporal(operator: ArithmeticOperator, left: Scalar, right: Scalar): Datum {
  if (left.kind === 'duration' && right.kind === 'duration')
    return duration(operator === 'add' ? left.value + right.value : left.value - right.value);
  if (right.kind === 'duration' && (left.kind === 'date' || left.kind === 'moment'))
    return shifted(left, operator === 'add' ? right.value : -right.value);
  if (left.kind === 'duration' && (right.kind === 'date' || right.kind === 'moment')) return shifted(right, left.value);
  if (left.kind === 'date' && right.kind === 'date')
    return { kind: 'duration', value: (left.value - right.value) * day };
  if (left.kind === 'moment' && right.kind === 'moment') return { kind: 'duration', value: left.value - right.value };
  if (left.kind === 'duration' && isNumber(right)) return scaled(operator, left.value, right);
  if (right.kind === 'duration' && isNumber(left)) return scaled('mul', right.value, left);
  throw new Error(`'${operator}' is not defined between ${left.kind} and ${right.kind}.`);
}

function shifted(start: Extract<Scalar, { kind: 'date' | 'moment' }>, by: bigint): Datum {
  return start.kind === 'date' ? date(floorDivide(start.value * day + by, day)) : moment(start.value + by);
}

function scaled(operator: ArithmeticOperator, units: bigint, factor: Numeric): Datum {
  const by = exact(factor);
  if (typeof by === 'number') throw new Undefined('an endless duration');
  if (operator !== 'mul' && by.digits === 0n) throw new Undefined('division by zero');
  const amount = { digits: units, scale: 0 };
  const { digits, scale } = operator === 'mul' ? multiplyExact(amount, by) : divideExact(amount, by);
  return duration(digits / 10n ** BigInt(scale));
}
