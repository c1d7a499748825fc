import { ODataError } from '../errors.js';

/** An exact decimal number: `digits` × 10^`exponent`; digits without trailing zeros, so that equal numbers are equal parts. */
interface Decimal {
  readonly negative: boolean;
  /** Without leading or trailing zeros; empty for zero. */
  readonly digits: string;
  /** Position of the decimal point in front of the first digit: 0.digits × 10^point. */
  readonly point: number;
}

/** Greater exponents are refused, so that writing a number out never takes more than some thousand digits. */
const maxPoint = 6200;
const bias = 50_000;

function parse(text: string): Decimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  if (match === null || (match[2] ?? '') + (match[3] ?? '') === '')
    throw new ODataError('InvalidValue', `'${text}' is not a decimal number.`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) return { negative: false, digits: '', point: 0 };
  const point = whole.length - first + Number(exponent);
  if (Math.abs(point) > maxPoint) throw new ODataError('InvalidValue', `'${text.slice(0, 40)}' is out of range.`);
  return { negative: sign === '-', digits: withoutTrailingZeros(all.slice(first)), point };
}

/** No pattern: `/0+$/` takes quadratic time on long rows of zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

function print({ negative, digits, point }: Decimal): string {
  if (digits === '') return '0';
  const text =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : digits.length <= point
        ? digits.padEnd(point, '0')
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${text}` : text;
}

const nines = (digits: string) => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));

/**
 * Text that sorts, byte by byte, as the numbers do; equal numbers give equal texts. Sign (0 negative, 1 zero, 2 positive),
 * five digits of exponent, digits; for negative numbers both as nines' complement, ended by `~` so that fewer digits sort later.
 */
export function decimalToKey(text: string): string {
  const { negative, digits, point } = parse(text);
  if (digits === '') return '1';
  const exponent = String(point + bias).padStart(5, '0');
  return negative ? `0${nines(exponent)}${nines(digits)}~` : `2${exponent}${digits}`;
}

/** The canonical decimal text of an order-keeping one. */
export function keyToDecimal(key: string): string {
  if (key === '1') return '0';
  if (key[0] === '2') return print({ negative: false, digits: key.slice(6), point: Number(key.slice(1, 6)) - bias });
  return print({ negative: true, digits: nines(key.slice(6, -1)), point: Number(nines(key.slice(1, 6))) - bias });
}

/** Sorts behind every number, and before every number. */
export const infinityKeys = { positive: '3', negative: '/' } as const;

/** The greatest integer of 10^-`scale` that is not above the number, and whether it is the number itself. */
export function toScaled(text: string, scale: number): { readonly below: bigint; readonly exact: boolean } {
  const { negative, digits, point } = parse(text);
  const keep = point + scale;
  if (keep > 40) return { below: negative ? -(10n ** 40n) : 10n ** 40n, exact: false };
  const kept = keep <= 0 ? '' : digits.slice(0, keep).padEnd(keep, '0');
  const magnitude = BigInt(kept === '' ? '0' : kept);
  const exact = digits.length <= Math.max(keep, 0);
  if (!negative) return { below: magnitude, exact };
  return { below: exact ? -magnitude : -magnitude - 1n, exact };
}

/** The canonical decimal text of an integer of 10^-`scale`. */
export function fromScaled(scaled: bigint, scale: number): string {
  return print(parse(`${scaled}e-${scale}`));
}
