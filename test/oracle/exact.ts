/** A decimal number: `digits` × 10^-`scale`. */
export interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

/** `1.50`, `-3`, `1.5e-7`. */
export function readExact(text: string): Exact {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (parts === null) throw new Error(`'${text}' is no decimal number.`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** Both with the scale of the finer one. */
function meet(left: Exact, right: Exact): readonly [bigint, bigint, number] {
  const scale = Math.max(left.scale, right.scale);
  return [left.digits * 10n ** BigInt(scale - left.scale), right.digits * 10n ** BigInt(scale - right.scale), scale];
}

export function compareExact(left: Exact, right: Exact): number {
  const [a, b] = meet(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function addExact(left: Exact, right: Exact): Exact {
  const [a, b, scale] = meet(left, right);
  return { digits: a + b, scale };
}

export function negateExact({ digits, scale }: Exact): Exact {
  return { digits: -digits, scale };
}

export function multiplyExact(left: Exact, right: Exact): Exact {
  return { digits: left.digits * right.digits, scale: left.scale + right.scale };
}

/** With the sign of the left operand (URL 5.1.1.2.6). */
export function remainderExact(left: Exact, right: Exact): Exact {
  const [a, b, scale] = meet(left, right);
  return { digits: a % b, scale };
}

/** Half away from zero. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (2n * a + b) / (2n * b);
  return negative ? -quotient : quotient;
}

/** The digits behind the point that a quotient keeps: the service's choice (URL 5.1.1.2.5). */
const quotientScale = 34;

export function divideExact(left: Exact, right: Exact): Exact {
  const [a, b] = meet(left, right);
  return { digits: divideRounded(a * 10n ** BigInt(quotientScale), b), scale: quotientScale };
}

/** To a whole number; `round` takes halves away from zero (URL 5.1.1.9). */
export function wholeOf(mode: 'floor' | 'ceiling' | 'round', { digits, scale }: Exact): Exact {
  const unit = 10n ** BigInt(scale);
  if (mode === 'round') return { digits: divideRounded(digits, unit), scale: 0 };
  const down = digits / unit - (digits % unit < 0n ? 1n : 0n);
  return { digits: mode === 'floor' || down * unit === digits ? down : down + 1n, scale: 0 };
}

export function numberOf({ digits, scale }: Exact): number {
  return Number(`${digits}e-${scale}`);
}

export function printExact({ digits, scale }: Exact): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - scale), text.slice(text.length - scale).replace(/0+$/, '')];
  return `${digits < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
