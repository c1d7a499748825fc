import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { decimalKey, durationText, fromScaled, keyToDecimal, type Shapes } from '../tables/index.js';
import { shapeStoredText } from './shape.js';
import type { SqlValue } from './statement.js';

/** A function that SQL text may call. The same operands always give the same value. */
export type SqlFunction = (...operands: readonly SqlValue[]) => SqlValue;

const maxCount = 2n ** 31n;

/** Null as soon as an operand is. */
const strict =
  (apply: SqlFunction): SqlFunction =>
  (...operands) =>
    operands.includes(null) ? null : apply(...operands);

const text = (apply: (value: string) => SqlValue): SqlFunction => strict((value) => apply(String(value)));

/** The functions whose names begin with `odata_`, for a model's types. No index, trigger or check ever uses one of them. */
export function sqlFunctions(shapes: Shapes): Readonly<Record<string, SqlFunction>> {
  return {
    odata_endswith: strict((value, part) => (String(value).endsWith(String(part)) ? 1n : 0n)),
    odata_substring: strict(substring),
    odata_lower: text((value) => value.toLowerCase()),
    odata_upper: text((value) => value.toUpperCase()),
    odata_trim: text((value) => value.trim()),
    odata_url_literal: strict((value, codec) => urlLiteral(value ?? null, String(codec), shapes)),
    odata_shape: strict((json, type, options) => shapeStoredText(String(json), String(type), String(options), shapes)),
    odata_hash: hashRow,
    odata_decimal_key: strict((value, scale) => numberKey(value ?? null, Number(scale))),
    odata_scaled: strict((value, scale) => fromScaled(BigInt(String(value)), Number(scale))),
    odata_decimal: text(keyToDecimal),
    odata_duration: strict((value, precision) => durationText(BigInt(String(value)), Number(precision))),
    odata_base64url: strict((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : null)),
  };
}

/** By code points, from 0; a negative start counts from the end (URL 5.1.1.6.3). */
function substring(...[value, start, count]: readonly SqlValue[]): SqlValue {
  const points = [...String(value)];
  const index = Number(start);
  const from = index < 0 ? Math.max(points.length + index, 0) : index;
  const taken = count === undefined || count === null ? maxCount : BigInt(Math.trunc(Number(count)));
  return taken <= 0n ? '' : points.slice(from, from + Number(taken)).join('');
}

/** Integers of 10^-scale, doubles and integers as order-keeping text. */
function numberKey(value: SqlValue, scale: number): SqlValue {
  if (typeof value === 'bigint') return decimalKey(fromScaled(value, scale));
  return typeof value === 'number' ? decimalKey(value) : null;
}

/** A stored value as URL literal (ABNF primitiveLiteral), percent-encoded as links show it. */
function urlLiteral(value: SqlValue, codecText: string, shapes: Shapes): SqlValue {
  const codec = JSON.parse(codecText) as { kind: string; scale?: number; precision?: number; type?: string };
  return encodeURIComponent(literal(value, codec, shapes))
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%40', '@');
}

function literal(
  value: SqlValue,
  codec: { kind: string; scale?: number; precision?: number; type?: string },
  shapes: Shapes,
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
      return `${codec.type}'${enumName(value, codec.type ?? '', shapes)}'`;
    default:
      return String(value);
  }
}

function enumName(value: SqlValue, type: string, shapes: Shapes): string {
  const shape = shapes.get(type);
  const found = shape?.kind === 'enum' ? shape.members.find(([, number]) => number === value) : undefined;
  return found?.[0] ?? String(value);
}

/** A hash of the operands, each told apart from its neighbours and by its kind: the ETag of rows without a version. */
function hashRow(...operands: readonly SqlValue[]): SqlValue {
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
