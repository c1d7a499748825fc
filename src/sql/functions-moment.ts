import { ODataError } from '../errors.js';
import { decimalToKey } from '../tables/index.js';
import type { SqlValue } from './statement.js';

const finest = 12;
const tenTo = (digits: number) => 10n ** BigInt(digits);

/** Days since 1970 of a text that begins with a date. */
function daysOf(text: string): bigint {
  const date = new Date(0);
  date.setUTCFullYear(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)));
  return BigInt(date.getTime() / 86_400_000);
}

/** A date or moment in picoseconds since 1970; a date is its midnight. */
function picosecondsOf(text: string): bigint {
  let seconds = daysOf(text) * 86400n;
  if (text.length <= 10) return seconds * tenTo(finest);
  seconds += BigInt(Number(text.slice(11, 13)) * 3600 + Number(text.slice(14, 16)) * 60 + Number(text.slice(17, 19)));
  const fraction = text.slice(20, -1).padEnd(finest, '0');
  return seconds * tenTo(finest) + BigInt(fraction);
}

/** Fixed-width text of a moment with so many fraction digits. Throws InvalidValue outside the years 0001 to 9999. */
function momentText(picoseconds: bigint, precision: number): string {
  const one = tenTo(finest);
  const seconds = floorDiv(picoseconds, one);
  const fraction = (picoseconds - seconds * one).toString().padStart(finest, '0').slice(0, precision);
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999)
    throw new ODataError('InvalidValue', 'A date of the request leaves the years 0001 to 9999.');
  const whole = `${String(year).padStart(4, '0')}${date.toISOString().slice(-20, -5)}`;
  return `${whole}${precision === 0 ? '' : `.${fraction}`}Z`;
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** A date or moment and a duration of 10^-`precision` seconds, as date, or as moment with `digits` (URL 5.1.1.2-5). */
export function momentPlus(text: SqlValue, units: SqlValue, precision: SqlValue, digits: SqlValue): SqlValue {
  const sum = picosecondsOf(String(text)) + BigInt(String(units)) * tenTo(finest - Number(precision));
  const moment = momentText(sum, Number(digits));
  return String(text).length <= 10 ? moment.slice(0, 10) : moment;
}

/** The time between two dates or moments in 10^-`precision` seconds. */
export function momentsBetween(left: SqlValue, right: SqlValue, precision: SqlValue): SqlValue {
  return (picosecondsOf(String(left)) - picosecondsOf(String(right))) / tenTo(finest - Number(precision));
}

/** A moment or time of day with so many fraction digits, so that texts of different widths compare. */
export function widened(text: SqlValue, digits: SqlValue): SqlValue {
  const [, whole = '', fraction = '', zone = ''] = /^([^.Z]*)(?:\.(\d*))?(Z?)$/.exec(String(text)) ?? [];
  const count = Number(digits);
  return `${whole}${count === 0 ? '' : `.${fraction.slice(0, count).padEnd(count, '0')}`}${zone}`;
}

/** The fraction of a second of a moment or time of day, as order-keeping decimal text (URL 5.1.1.8.3). */
export function fractionalSeconds(text: SqlValue): SqlValue {
  return decimalToKey(`0.${/\.(\d+)/.exec(String(text))?.[1] ?? '0'}`);
}
