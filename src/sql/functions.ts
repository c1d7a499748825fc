import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { builtInType, printValue } from '../edm/index.js';
import { type NextPage, nextLink } from '../plan/index.js';
import {
  decimalKey,
  durationText,
  durationUnits,
  fromScaled,
  infinityKeys,
  keyToDecimal,
  storedShaper,
  type Types,
} from '../tables/index.js';
import { castValue } from './functions-cast.js';
import { onCollection, onGeo } from './functions-collection.js';
import { fractionalSeconds, momentPlus, momentsBetween, widened } from './functions-moment.js';
import {
  decimalArithmetic,
  integerArithmetic,
  realArithmetic,
  rounded,
  scaledDuration,
  toNumber,
} from './functions-number.js';
import { matchesPattern, searched, substring } from './functions-text.js';
import type { SqlValue } from './statement.js';

/** A function that SQL text may call. The same operands always give the same value. */
export type SqlFunction = (...operands: readonly SqlValue[]) => SqlValue;

/** Null as soon as an operand is. */
const strict =
  (apply: (first: SqlValue, second: SqlValue, third: SqlValue, fourth: SqlValue) => SqlValue): SqlFunction =>
  (...operands) => {
    if (operands.includes(null)) return null;
    const [first = null, second = null, third = null, fourth = null] = operands;
    return apply(first, second, third, fourth);
  };

const text = (apply: (value: string) => SqlValue): SqlFunction => strict((value) => apply(String(value)));

/** A function over the rows of a group. */
export interface SqlAggregate {
  readonly start: () => SqlValue;
  readonly step: (total: SqlValue, next: SqlValue) => SqlValue;
  /** Takes a value out again, as a window moves on. */
  readonly inverse: (total: SqlValue, gone: SqlValue) => SqlValue;
}

/** Aggregates beside those of SQLite; null as long as there was no value. */
export const sqlAggregates: Readonly<Record<string, SqlAggregate>> = {
  odata_decimal_sum: {
    start: () => null,
    step: (total, next) => (next === null ? total : total === null ? next : decimalArithmetic('add', total, next)),
    inverse: (total, gone) => (total === null || gone === null ? total : decimalArithmetic('sub', total, gone)),
  },
};

/** What the functions are made for. */
export interface FunctionContext {
  /** Of the model. */
  readonly types: Types;
  /** What seals the places of pages, 32 bytes. */
  readonly key: Uint8Array;
}

/** The functions whose names begin with `odata_`. No index, trigger or check ever uses one of them. */
export function sqlFunctions({ types, key }: FunctionContext): Readonly<Record<string, SqlFunction>> {
  const shape = storedShaper({ type: (name) => types.get(name) ?? builtInType(name) });
  return {
    odata_endswith: strict((value, part) => (String(value).endsWith(String(part)) ? 1n : 0n)),
    odata_substring: strict(substring),
    odata_lower: text((value) => value.toLowerCase()),
    odata_upper: text((value) => value.toUpperCase()),
    odata_trim: text((value) => value.trim()),
    odata_url_literal: strict((value, codec) => urlLiteral(value ?? null, String(codec), types)),
    odata_shape: strict((json, type, options) => shape(String(json), String(type), String(options))),
    odata_next_link: strict((path, rest, keys) => {
      const next: Omit<NextPage, 'path'> = JSON.parse(String(rest));
      return nextLink({ ...next, path: String(path) }, String(keys), key);
    }),
    odata_hash: hashRow,
    odata_decimal_key: strict((value, scale) => numberKey(value ?? null, Number(scale))),
    odata_scaled: strict((value, scale) => fromScaled(BigInt(String(value)), Number(scale))),
    odata_decimal: text((key) => decimalText(key)),
    odata_decimal_json: text((key) => decimalText(key).replace(/^-?INF$/, '"$&"')),
    odata_duration: strict((value, precision) => durationText(BigInt(String(value)), Number(precision))),
    odata_integer: strict(integerArithmetic),
    odata_real: strict(realArithmetic),
    odata_decimal_arithmetic: strict(decimalArithmetic),
    odata_wide: strict((high, low) => String((BigInt(String(high)) << 32n) + BigInt(String(low)))),
    odata_round: strict(rounded),
    odata_number: strict(toNumber),
    odata_duration_scaled: strict(scaledDuration),
    odata_moment_plus: strict(momentPlus),
    odata_moments_between: strict(momentsBetween),
    odata_widened: strict(widened),
    odata_fraction: strict(fractionalSeconds),
    odata_duration_units: strict((value, precision) => durationUnits(String(value), Number(precision)).below),
    odata_collection: strict(onCollection),
    odata_geo: strict(onGeo),
    odata_matches: strict(matchesPattern),
    odata_search: strict(searched),
    odata_cast: strict(castValue(types)),
    odata_base64url: strict((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : null)),
  };
}

/** Integers of 10^-scale, doubles and integers as order-keeping text. */
function numberKey(value: SqlValue, scale: number): SqlValue {
  if (typeof value === 'bigint') return decimalKey(fromScaled(value, scale));
  if (typeof value === 'string' && scale > 0) return decimalKey(fromScaled(BigInt(value), scale));
  return typeof value === 'number' || typeof value === 'string' ? decimalKey(value) : null;
}

function decimalText(key: string): string {
  if (key === infinityKeys.positive) return 'INF';
  return key === infinityKeys.negative ? '-INF' : keyToDecimal(key);
}

/** A stored value as URL literal (ABNF primitiveLiteral), percent-encoded as links show it. */
function urlLiteral(value: SqlValue, codecText: string, types: Types): SqlValue {
  const codec = JSON.parse(codecText) as { kind: string; scale?: number; precision?: number; type?: string };
  return encodeURIComponent(literal(value, codec, types))
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%40', '@');
}

function literal(
  value: SqlValue,
  codec: { kind: string; scale?: number; precision?: number; type?: string },
  types: Types,
): string {
  switch (codec.kind) {
    case 'string':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'boolean':
      return value === 1n ? 'true' : 'false';
    case 'scaledDecimal':
      return fromScaled(BigInt(String(value)), codec.scale ?? 0);
    case 'decimal':
      return keyToDecimal(String(value));
    case 'duration':
      return `duration'${durationText(BigInt(String(value)), codec.precision ?? 0)}'`;
    case 'binary':
      return `binary'${value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : ''}'`;
    case 'enum':
      return `${codec.type}'${enumName(value, codec.type ?? '', types)}'`;
    default:
      return String(value);
  }
}

function enumName(value: SqlValue, name: string, types: Types): string {
  const type = types.get(name);
  return type?.kind === 'enum' ? printValue(type, value) : String(value);
}

/** A hash of the operands, each told apart from its neighbours and by its kind: the ETag of rows without a version. */
export function hashRow(...operands: readonly SqlValue[]): SqlValue {
  const hash = createHash('sha256');
  for (const operand of operands) {
    const bytes = operand instanceof Uint8Array ? operand : Buffer.from(String(operand));
    hash.update(
      `${operand === null ? 'null' : operand instanceof Uint8Array ? 'bytes' : typeof operand}:${bytes.length}:`,
    );
    hash.update(bytes);
  }
  return hash.digest('base64url').slice(0, 22);
}
