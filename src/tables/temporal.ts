import { ODataError } from '../errors.js';
import { fromScaled, toScaled } from './decimal.js';
import type { Codec } from './layout.js';

/** Digits of a second's fraction that a codec keeps. */
export function fractionOf(codec: Codec): number {
  return 'precision' in codec ? codec.precision : 0;
}

const moments =
  /^(?:(?!0000)(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])))?(?:(T)?((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.(\d{1,12}))?)?(Z)?)?$/;

/**
 * A date, time of day or UTC moment at a fixed width, cut to `precision` fraction digits, and whether nothing was lost.
 * null when the text is none of these, or its year is not in 0001 to 9999.
 */
export function momentText(
  text: string,
  precision: number,
): { readonly below: string; readonly exact: boolean } | null {
  const match = moments.exec(text);
  if (match === null || text === '') return null;
  const [, date = '', t = '', minutes, seconds = '00', fraction = '', z = ''] = match;
  if (minutes === undefined) return { below: date, exact: true };
  const kept = fraction.slice(0, precision).padEnd(precision, '0');
  const exact = !/[1-9]/.test(fraction.slice(precision));
  return { below: `${date}${t}${minutes}:${seconds}${precision === 0 ? '' : `.${kept}`}${z}`, exact };
}

const durations = /^([+-]?)P(?:(\d{1,20})D)?(?:T(?:(\d{1,20})H)?(?:(\d{1,20})M)?(?:(\d{1,20}(?:\.\d{1,12})?)S)?)?$/;

/** A duration (`P1DT2H3M4.5S`) as a number of 10^-`precision` seconds: the greatest that is not above it. */
export function durationUnits(text: string, precision: number): { readonly below: bigint; readonly exact: boolean } {
  const match = durations.exec(text);
  if (match === null) throw new ODataError('InvalidValue', `'${text}' is not a duration.`);
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const [whole = '0', fraction = ''] = seconds.split('.');
  const total = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(whole);
  return toScaled(`${sign === '-' ? '-' : ''}${total}.${fraction}`, precision);
}

/** The canonical text of a duration: days, hours, minutes and seconds, each where it is not zero; `PT0S`. */
export function durationText(units: bigint, precision: number): string {
  const magnitude = units < 0n ? -units : units;
  const one = 10n ** BigInt(precision);
  const whole = magnitude / one;
  const fraction = fromScaled(magnitude % one, precision).slice(1);
  const [days, hours, minutes, seconds] = [whole / 86400n, (whole / 3600n) % 24n, (whole / 60n) % 60n, whole % 60n];
  const second = seconds === 0n && fraction === '' ? '' : `${seconds}${fraction}S`;
  const time = `${hours === 0n ? '' : `${hours}H`}${minutes === 0n ? '' : `${minutes}M`}${second}`;
  const text = `P${days === 0n ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`;
  return text === 'P' ? 'PT0S' : `${units < 0n ? '-' : ''}${text}`;
}
