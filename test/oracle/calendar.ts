/** Picoseconds. */
export const second = 10n ** 12n;
export const day = 86_400n * second;

/** Rounds towards minus infinity. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
export function readDate(text: string): bigint {
  const [, year = '0', month = '1', days = '1'] = /^(-?\d{4,})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  let total = BigInt(days) - 1n;
  for (let at = 1; at < Number(month); at++) total += BigInt(monthLength(Number(year), at));
  return total + daysBefore(BigInt(year)) - daysBefore(1970n);
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthLength(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 0001-01-01 to the first of January. */
function daysBefore(year: bigint): bigint {
  const past = year - 1n;
  return past * 365n + floorDivide(past, 4n) - floorDivide(past, 100n) + floorDivide(past, 400n);
}

/** Year, month and day. */
export function civil(days: bigint): { readonly year: bigint; readonly month: bigint; readonly day: bigint } {
  const absolute = days + daysBefore(1970n);
  let year = floorDivide(absolute * 400n, 146_097n) + 1n;
  while (daysBefore(year) > absolute) year -= 1n;
  while (daysBefore(year + 1n) <= absolute) year += 1n;
  let rest = Number(absolute - daysBefore(year));
  let month = 1;
  while (rest >= monthLength(Number(year), month)) {
    rest -= monthLength(Number(year), month);
    month += 1;
  }
  return { year, month: BigInt(month), day: BigInt(rest + 1) };
}

function fraction(digits: string | undefined): bigint {
  return BigInt((digits ?? '').padEnd(12, '0').slice(0, 12));
}

/** Picoseconds since midnight. */
export function readTime(text: string): bigint {
  const [, hours = '0', minutes = '0', seconds = '0', digits] =
    /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/.exec(text) ?? [];
  return (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * second + fraction(digits);
}

/** Picoseconds since 1970-01-01T00:00Z. */
export function readMoment(text: string): bigint {
  const [, date = '', time = '', sign, hours = '0', minutes = '0'] =
    /^(-?\d+-\d\d-\d\d)T([\d:.]+)(?:Z|([+-])(\d\d):(\d\d))$/i.exec(text) ?? [];
  const offset = (BigInt(hours) * 60n + BigInt(minutes)) * 60n * second * (sign === '-' ? -1n : 1n);
  return readDate(date) * day + readTime(time) - offset;
}

/** Picoseconds. */
export function readDuration(text: string): bigint {
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', digits] =
    /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/.exec(text) ?? [];
  const whole = BigInt(days) * 86_400n + BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds);
  return (whole * second + fraction(digits)) * (sign === '-' ? -1n : 1n);
}

const two = (value: bigint) => value.toString().padStart(2, '0');

export function printDate(days: bigint): string {
  const date = civil(days);
  return `${date.year.toString().padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;
}

function printFraction(picoseconds: bigint): string {
  const digits = (picoseconds % second).toString().padStart(12, '0').replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
}

export function printTime(time: bigint): string {
  const seconds = time / second;
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${printFraction(time)}`;
}

export function printMoment(moment: bigint): string {
  const days = floorDivide(moment, day);
  return `${printDate(days)}T${printTime(moment - days * day)}Z`;
}

export function printDuration(duration: bigint): string {
  const size = duration < 0n ? -duration : duration;
  return `${duration < 0n ? '-' : ''}PT${size / second}${printFraction(size)}S`;
}
