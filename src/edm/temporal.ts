import { invalidValue, malformedValue, shown } from './invalid.js';
import { withoutTrailingZeros } from './number.js';

const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : (days[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= last;
}

const date = /^(\d{4})-(\d\d)-(\d\d)$/;
const dateForm = /^-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Four-digit years only: that keeps the order of the texts the order of the days. */
export function parseDate(text: string): string {
  const match = date.exec(text);
  const form = 'write YYYY-MM-DD, years 0001 to 9999';
  if (match === null) throw malformedValue('Edm.Date', dateForm, text, form);
  if (isDay(Number(match[1]), Number(match[2]), Number(match[3]))) return text;
  throw invalidValue(`${shown(text)} is no Edm.Date; ${form}.`);
}

/** The fraction of a second without trailing zeros, with its point; more digits than Precision are refused (CSDL 7.2.3). */
function fractionOf(digits: string | undefined, precision: number | null, text: string): string {
  const rest = withoutTrailingZeros(digits ?? '');
  const most = precision ?? 12;
  if (rest.length > most)
    throw invalidValue(`${shown(text)} has ${rest.length} digits of a second's fraction; at most ${most} are allowed.`);
  return rest === '' ? '' : `.${rest}`;
}

const timeForm = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?$/;

/** `hh:mm[:ss[.f]]`; seconds are always written (JSON 7.1). */
export function parseTimeOfDay(text: string, precision: number | null): string {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,12}))?)?$/.exec(text);
  if (match === null) throw malformedValue('Edm.TimeOfDay', timeForm, text, 'write hh:mm:ss, up to 23:59:59');
  return `${match[1]}:${match[2]}:${match[3] ?? '00'}${fractionOf(match[4], precision, text)}`;
}

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,12}))?)?(?:(Z)|([+-])(0\d|1[0-4]):([0-5]\d))$/i;
const dateTimeForm =
  /^-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/i;

/** The instant in UTC: offsets are normalised by decision (Protocol 11.4.1.2). */
export function parseDateTimeOffset(text: string, precision: number | null): string {
  const match = dateTime.exec(text);
  const form = 'write YYYY-MM-DDThh:mm:ssZ or with an offset such as +01:00, years 0001 to 9999';
  if (match === null) throw malformedValue('Edm.DateTimeOffset', dateTimeForm, text, form);
  if (!isDay(Number(match[1]), Number(match[2]), Number(match[3])))
    throw invalidValue(`${shown(text)} is no Edm.DateTimeOffset; ${form}.`);
  const [, year, month, day, hour, minute, second = '00', fraction, utc, sign, offsetHours, offsetMinutes] = match;
  const rest = fractionOf(fraction, precision, text);
  if (utc !== undefined) return `${year}-${month}-${day}T${hour}:${minute}:${second}${rest}Z`;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const instant = new Date(0);
  instant.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  instant.setUTCHours(Number(hour), Number(minute) - offset, Number(second));
  if (instant.getUTCFullYear() < 1 || instant.getUTCFullYear() > 9999)
    throw invalidValue(`${shown(text)} lies outside the years 0001 to 9999 in UTC.`);
  return `${instant.toISOString().slice(0, 19)}${rest}Z`;
}

const duration = /^(-?)P(?:(\d{1,18})D)?(?:T(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{1,12}))?S)?)?$/;
const durationForm = /^-?P(?:\d{1,18}D)?(?:T(?:\d{1,18}H)?(?:\d{1,18}M)?(?:\d{1,18}(?:\.\d{1,12})?S)?)?$/;

/** Days, hours, minutes and seconds, each below the next unit; `PT90S` is `PT1M30S` (JSON 7.1). */
export function parseDuration(text: string, precision: number | null): string {
  const match = duration.exec(text);
  if (match === null || /[PT]$/.test(text))
    throw malformedValue('Edm.Duration', durationForm, text, 'write it like P1DT2H3M4.5S, without years and months');
  const [, sign, d = '0', h = '0', m = '0', s = '0', fraction] = match;
  const rest = fractionOf(fraction, precision, text);
  const total = ((BigInt(d) * 24n + BigInt(h)) * 60n + BigInt(m)) * 60n + BigInt(s);
  if (total > 9_223_372_036n * 100n)
    throw invalidValue(`${shown(text)} is too long; at most 29,000 years are allowed.`);
  return printDuration(total, rest, sign === '-');
}

function printDuration(seconds: bigint, fraction: string, negative: boolean): string {
  if (seconds === 0n && fraction === '') return 'PT0S';
  const [day, hour, minute, second] = [seconds / 86400n, (seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n];
  const time = `${unit(hour, 'H')}${unit(minute, 'M')}${second > 0n || fraction !== '' ? `${second}${fraction}S` : ''}`;
  return `${negative ? '-' : ''}P${unit(day, 'D')}${time === '' ? '' : `T${time}`}`;
}

function unit(count: bigint, letter: string): string {
  return count === 0n ? '' : `${count}${letter}`;
}
