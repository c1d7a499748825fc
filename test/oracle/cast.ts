import type { Type } from '../../src/edm/index.js';
import { exact, real } from './arithmetic.js';
import { printExact, wholeOf } from './exact.js';
import { type Datum, isNumber, isScalar, type Numeric, read, type Scalar, Undefined } from './value.js';

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  'Edm.SByte': [-128n, 127n],
  'Edm.Byte': [0n, 255n],
  'Edm.Int16': [-32768n, 32767n],
  'Edm.Int32': [-(2n ** 31n), 2n ** 31n - 1n],
  'Edm.Int64': [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Null where the value does not fit (URL 5.1.1.10.1). */
export function castTo(value: Datum, from: Type | null, target: Type | null): Datum {
  if (value === null) return null;
  const type = target?.kind === 'typeDefinition' ? target.underlyingType : target;
  if (!isScalar(value) || type === null) throw new Undefined('a cast of structured values');
  const name = type.qualifiedName;
  if (isNumber(value)) return ofNumber(value, name);
  if (name === 'Edm.String') return ofText(value, from);
  if (value.kind === 'string' && type.kind === 'primitive') return ofString(value.value, type);
  if (value.kind === 'enum' && name in ranges) return ofNumber({ kind: 'integer', value: value.value }, name);
  throw new Undefined(`a cast of ${value.kind} to ${name}`);
}

function ofNumber(value: Numeric, name: string): Datum {
  const number = exact(value);
  if (name === 'Edm.String') {
    if (value.kind === 'double') throw new Undefined('the text of a double');
    return { kind: 'string', value: typeof number === 'number' ? String(number) : printExact(number) };
  }
  if (name === 'Edm.Double') return { kind: 'double', value: real(value) };
  if (typeof number === 'number') return name === 'Edm.Decimal' ? value : null;
  if (name === 'Edm.Decimal') return { kind: 'decimal', value: number };
  const range = ranges[name];
  if (range === undefined) throw new Undefined(`a cast to ${name}`);
  const whole = wholeOf('round', number).digits;
  return whole < range[0] || whole > range[1] ? null : { kind: 'integer', value: whole };
}

function ofText(value: Scalar, from: Type | null): Datum {
  switch (value.kind) {
    case 'string':
    case 'guid':
      return { kind: 'string', value: value.value };
    case 'boolean':
      return { kind: 'string', value: String(value.value) };
    default:
      throw new Undefined(`the text of ${from?.qualifiedName}`);
  }
}

function ofString(text: string, type: Extract<Type, { kind: 'primitive' }>): Datum {
  if (type.name in ranges) {
    if (!/^[+-]?\d+$/.test(text)) return null;
    return ofNumber({ kind: 'integer', value: BigInt(text) }, type.name);
  }
  if (type.name === 'Edm.Date') return /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$/.test(text) ? read(type, text) : null;
  if (type.name === 'Edm.Boolean') return /^(true|false)$/i.test(text) ? read(type, text.toLowerCase()) : null;
  if (type.name === 'Edm.Decimal') return /^[+-]?\d+(\.\d+)?$/.test(text) ? read(type, text) : null;
  throw new Undefined(`a text as ${type.name}`);
}
