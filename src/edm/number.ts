import { invalidValue, malformedValue, shown, type ValueFacets } from './invalid.js';

/** The values each integer type holds (CSDL 3.3). */
const integerRange = {
  'Edm.Byte': [0n, 255n],
  'Edm.SByte': [-128n, 127n],
  'Edm.Int16': [-32768n, 32767n],
  'Edm.Int32': [-2147483648n, 2147483647n],
  'Edm.Int64': [-9223372036854775808n, 9223372036854775807n],
} as const;

/** Digits beyond which no number is looked at; far above every type's needs. */
const maxDigits = 400;

/** An integer within the range of its type, never through a floating-point number. */
export function parseInteger(name: keyof typeof integerRange, text: string): bigint {
  const [least, greatest] = integerRange[name];
  const value = text.length <= 40 && /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : null;
  if (value !== null && value >= least && value <= greatest) return value;
  throw invalidValue(`${shown(text)} is no ${name}; write an integer from ${least} to ${greatest}.`);
}

const greatestSingle = 3.4028235677973366e38;

/** INF, -INF and NaN are values of the floating types (CSDL 3.3). */
export function parseDouble(name: 'Edm.Single' | 'Edm.Double', text: string): number {
  if (text === 'INF') return Number.POSITIVE_INFINITY;
  if (text === '-INF') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  if (text.length <= maxDigits && isNumber(text)) {
    const value = Number(text);
    const fits = name === 'Edm.Single' ? Math.abs(value) < greatestSingle : Number.isFinite(value);
    if (fits) return value;
    throw invalidValue(`${shown(text)} is beyond the range of ${name}.`);
  }
  throw malformedValue(name, numberForm, text, 'write a number, or INF, -INF, NaN');
}

/** The shortest text that reads back as the same number. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Object.is(value, -0)) return '-0';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? 'INF' : '-INF';
}

const numberForm = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

function isNumber(text: string): boolean {
  return numberForm.test(text);
}

/** A decimal as canonical text: no exponent, no leading or trailing zeros; checked against Precision and Scale (CSDL 7.2.3, 7.2.4). */
export function parseDecimal(text: string, facets: ValueFacets): string {
  if (facets.scale === 'floating' && (text === 'INF' || text === '-INF' || text === 'NaN')) return text;
  const match = text.length > maxDigits ? null : /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,4}))?$/i.exec(text);
  if (match === null) throw malformedValue('Edm.Decimal', numberForm, text, 'write a number such as -12.5');
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shifted = shift(whole, fraction, Number(exponent), text);
  const integer = shifted.integer.replace(/^0+(?=\d)/, '') || '0';
  const rest = withoutTrailingZeros(shifted.fraction);
  checkDigits(integer, rest, facets, text);
  const zero = integer === '0' && rest === '';
  return `${sign === '-' && !zero ? '-' : ''}${integer}${rest === '' ? '' : `.${rest}`}`;
}

function shift(whole: string, fraction: string, exponent: number, text: string): { integer: string; fraction: string } {
  if (exponent === 0) return { integer: whole, fraction };
  if (Math.abs(exponent) > maxDigits) throw invalidValue(`${shown(text)} is beyond the range of Edm.Decimal.`);
  const digits = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return { integer: '0', fraction: '0'.repeat(-point) + digits };
  const padded = digits.padEnd(point, '0');
  return { integer: padded.slice(0, point), fraction: padded.slice(point) };
}

/** The digits without zeros at the end, in linear time. */
export function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}

function checkDigits(integer: string, fraction: string, { precision, scale }: ValueFacets, text: string): void {
  if (typeof scale === 'number' && fraction.length > scale)
    throw invalidValue(`${shown(text)} has ${fraction.length} digits after the point; at most ${scale} are allowed.`);
  if (precision === null || precision === undefined) return;
  const before = integer === '0' ? 0 : integer.length;
  const significant = scale === 'floating' ? significantDigits(integer, fraction) : before + fraction.length;
  if (significant > precision)
    throw invalidValue(`${shown(text)} has ${significant} significant digits; at most ${precision} are allowed.`);
  if (typeof scale === 'number' && before > precision - scale)
    throw invalidValue(
      `${shown(text)} has ${before} digits before the point; at most ${precision - scale} are allowed.`,
    );
}

function significantDigits(integer: string, fraction: string): number {
  return withoutTrailingZeros((integer + fraction).replace(/^0+/, '')).length;
}
