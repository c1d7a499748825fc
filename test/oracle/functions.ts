import type { FunctionName } from '../../src/bind/index.js';
import { civil, day, floorDivide, second } from './calendar.js';
import { wholeOf } from './exact.js';
import { type Datum, equal, isList, isScalar, type Numeric, type Scalar, Undefined } from './value.js';

const integer = (value: bigint | number): Datum => ({ kind: 'integer', value: BigInt(value) });
const boolean = (value: boolean): Datum => ({ kind: 'boolean', value });
const string = (value: string): Datum => ({ kind: 'string', value });

/** A canonical function (URL 5.1.1.4 to 5.1.1.9): null when an argument is null. */
export function canonical(name: FunctionName, given: readonly Datum[]): Datum {
  if (given.includes(null)) return null;
  const [first, second, third] = given;
  if (first !== undefined && first !== null && isList(first))
    return onCollections(name, first, second ?? null, third ?? null);
  const scalars = given.map((datum) => {
    if (!isScalar(datum)) throw new Error(`'${name}' of no single value.`);
    return datum;
  });
  const [a, b, c] = scalars;
  if (a === undefined) throw new Undefined(name); // now, mindatetime, maxdatetime: what the service says
  return a.kind === 'string' ? onText(name, a.value, b, c) : onOthers(name, a);
}

function textOf(scalar: Scalar | undefined): string {
  if (scalar?.kind !== 'string') throw new Error('A text is needed.');
  return scalar.value;
}

function countOf(scalar: Datum | undefined): number {
  if (scalar === undefined || !isScalar(scalar) || scalar.kind !== 'integer')
    throw new Error('A whole number is needed.');
  return Number(scalar.value);
}

/** Positions and lengths count code points (URL 5.1.1.5). */
function onText(name: FunctionName, text: string, second: Scalar | undefined, third: Scalar | undefined): Datum {
  const points = [...text];
  switch (name) {
    case 'concat':
      return string(text + textOf(second));
    case 'contains':
      return boolean(positionOf(points, [...textOf(second)]) >= 0);
    case 'startswith':
      return boolean(isRun(points, [...textOf(second)], 0));
    case 'endswith':
      return boolean(isRun(points, [...textOf(second)], points.length - [...textOf(second)].length));
    case 'indexof':
      return integer(positionOf(points, [...textOf(second)]));
    case 'length':
      return integer(points.length);
    case 'substring':
      return string(part(points, countOf(second), third).join(''));
    case 'tolower':
      return string(text.toLowerCase());
    case 'toupper':
      return string(text.toUpperCase());
    case 'trim':
      return string(text.replace(/^[\p{White_Space}\ufeff]+|[\p{White_Space}\ufeff]+$/gu, ''));
    case 'matchespattern':
      return boolean(new RegExp(textOf(second), 'u').test(text));
    default:
      throw new Error(`'${name}' of a text.`);
  }
}

/** From a start, which counts from the end when it is negative; at most so many (URL 5.1.1.5.7). */
function part<Item>(items: readonly Item[], start: number, length: Datum | undefined): readonly Item[] {
  const from = start < 0 ? Math.max(items.length + start, 0) : start;
  if (length === undefined || length === null) return items.slice(from);
  const most = countOf(length);
  if (most < 0) throw new Undefined('a negative length');
  return items.slice(from, from + most);
}

const same = (left: unknown, right: unknown): boolean => left === right;

function isRun<Item>(
  items: readonly Item[],
  run: readonly Item[],
  at: number,
  alike: (left: Item, right: Item) => boolean = same,
): boolean {
  return (
    at >= 0 && at + run.length <= items.length && run.every((item, index) => alike(item, items[at + index] as Item))
  );
}

function positionOf<Item>(
  items: readonly Item[],
  run: readonly Item[],
  alike: (left: Item, right: Item) => boolean = same,
): number {
  for (let at = 0; at + run.length <= items.length; at++) if (isRun(items, run, at, alike)) return at;
  return -1;
}

/** The functions on collections (URL 5.1.1.5, 5.1.1.6). */
function onCollections(name: FunctionName, items: readonly Datum[], second: Datum, third: Datum): Datum {
  const others = isList(second) ? second : [];
  switch (name) {
    case 'concat':
      return [...items, ...others];
    case 'contains':
      return boolean(positionOf(items, others, equal) >= 0);
    case 'startswith':
      return boolean(isRun(items, others, 0, equal));
    case 'endswith':
      return boolean(isRun(items, others, items.length - others.length, equal));
    case 'indexof':
      return integer(positionOf(items, others, equal));
    case 'length':
      return integer(items.length);
    case 'substring':
      return part(items, countOf(second), third);
    case 'hassubset': {
      const left = [...items];
      return boolean(
        others.every((other) => {
          const at = left.findIndex((item) => equal(item, other));
          if (at >= 0) left.splice(at, 1);
          return at >= 0;
        }),
      );
    }
    case 'hassubsequence': {
      let at = 0;
      for (const item of items) if (at < others.length && equal(item, others[at] ?? null)) at += 1;
      return boolean(at === others.length);
    }
    default:
      throw new Error(`'${name}' of a collection.`);
  }
}

/** Of numbers and of dates and times (URL 5.1.1.8, 5.1.1.9). */
function onOthers(name: FunctionName, value: Scalar): Datum {
  switch (value.kind) {
    case 'date':
      return ofDate(name, value.value);
    case 'moment': {
      const days = floorDivide(value.value, day);
      const rest = value.value - days * day;
      if (name === 'date') return { kind: 'date', value: days };
      if (name === 'time') return { kind: 'time', value: rest };
      if (name === 'totaloffsetminutes') return integer(0);
      return name === 'year' || name === 'month' || name === 'day' ? ofDate(name, days) : ofTime(name, rest);
    }
    case 'time':
      return ofTime(name, value.value);
    case 'duration':
      if (name !== 'totalseconds') throw new Error(`'${name}' of a duration.`);
      return { kind: 'decimal', value: { digits: value.value, scale: 12 } };
    case 'integer':
    case 'decimal':
    case 'double':
      return rounded(name, value);
    default:
      throw new Error(`'${name}' of ${value.kind}.`);
  }
}

function ofDate(name: FunctionName, days: bigint): Datum {
  const date = civil(days);
  if (name === 'year' || name === 'month' || name === 'day') return integer(date[name]);
  throw new Error(`'${name}' of a date.`);
}

function ofTime(name: FunctionName, time: bigint): Datum {
  const seconds = time / second;
  switch (name) {
    case 'hour':
      return integer(seconds / 3600n);
    case 'minute':
      return integer((seconds / 60n) % 60n);
    case 'second':
      return integer(seconds % 60n);
    case 'fractionalseconds':
      return { kind: 'decimal', value: { digits: time % second, scale: 12 } };
    default:
      throw new Error(`'${name}' of a time.`);
  }
}

function rounded(name: FunctionName, value: Numeric): Datum {
  if (name !== 'floor' && name !== 'ceiling' && name !== 'round') throw new Error(`'${name}' of a number.`);
  if (value.kind === 'integer') return value;
  if (value.kind === 'decimal') return { kind: 'decimal', value: wholeOf(name, value.value) };
  const near = Math.trunc(value.value) + (Math.abs(value.value % 1) >= 0.5 ? Math.sign(value.value) : 0);
  return {
    kind: 'double',
    value: name === 'floor' ? Math.floor(value.value) : name === 'ceiling' ? Math.ceil(value.value) : near,
  };
}
