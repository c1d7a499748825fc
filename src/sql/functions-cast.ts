import { type PrimitiveTypeName, parseValue, primitive, printValue, type Value, type ValueType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Codec, decode, encode, infinityKeys, type Types } from '../tables/index.js';
import { rounded } from './functions-number.js';
import type { SqlValue } from './statement.js';

/** A codec as text for a function of the database; what is not plain data is named. */
interface CodecText {
  readonly kind: Codec['kind'];
  readonly type?: string;
  readonly scale?: number;
  readonly precision?: number;
}

const typeOfCodec: Readonly<Partial<Record<Codec['kind'], PrimitiveTypeName>>> = {
  boolean: 'Edm.Boolean',
  integer: 'Edm.Int64',
  double: 'Edm.Double',
  single: 'Edm.Single',
  string: 'Edm.String',
  guid: 'Edm.Guid',
  binary: 'Edm.Binary',
  scaledDecimal: 'Edm.Decimal',
  decimal: 'Edm.Decimal',
  date: 'Edm.Date',
  timeOfDay: 'Edm.TimeOfDay',
  dateTimeOffset: 'Edm.DateTimeOffset',
  duration: 'Edm.Duration',
};

/** `cast` of primitive values (URL 5.1.1.10.1): a cast that fails gives null. */
export function castValue(types: Types): (value: SqlValue, from: SqlValue, to: SqlValue, target: SqlValue) => SqlValue {
  return (value, from, to, target) => {
    try {
      const source = codecOf(String(from), types);
      if (source.kind === 'decimal' && (value === infinityKeys.positive || value === infinityKeys.negative))
        return infinity(value, codecOf(String(to), types));
      const wanted = valueType(String(target), types);
      return encode(codecOf(String(to), types), converted(decode(source, value), source, wanted));
    } catch (error) {
      if (error instanceof ODataError) return null;
      throw error;
    }
  };
}

/** What `divby` gives for zero: of some types a value, of the others none. */
function infinity(key: string, to: Codec): SqlValue {
  const text = key === infinityKeys.positive ? 'INF' : '-INF';
  if (to.kind === 'decimal') return key;
  if (to.kind === 'string') return text;
  return to.kind === 'double' || to.kind === 'single' ? Number(text.replace('INF', 'Infinity')) : null;
}

function codecOf(text: string, types: Types): Codec {
  const codec: CodecText = JSON.parse(text);
  if (codec.kind !== 'enum') return codec as Codec;
  const type = types.get(codec.type ?? '');
  if (type?.kind !== 'enum') throw new ODataError('UnknownType', `There is no enumeration '${codec.type}'.`);
  return { kind: 'enum', type };
}

function valueType(name: string, types: Types): ValueType {
  if (name.startsWith('Edm.')) return primitive(name as PrimitiveTypeName);
  const type = types.get(name);
  if (type?.kind === 'enum' || type?.kind === 'typeDefinition') return type;
  throw new ODataError('UnknownType', `There is no type '${name}'.`);
}

function converted(value: Value, from: Codec, to: ValueType): Value {
  if (value === null) return null;
  const base = to.kind === 'typeDefinition' ? to.underlyingType : to;
  if (base.kind === 'enum')
    return from.kind === 'integer' ? enumValue(value, base) : parseValue(base, textOf(value, from));
  const isWhole = /^Edm\.(S?Byte|Int\d\d)$/.test(base.name);
  if (isWhole && from.kind === 'enum') return parseValue(base, String(value));
  if (isWhole && isNumber(from)) return parseValue(base, whole(textOf(value, from)));
  if (base.name === 'Edm.DateTimeOffset' && from.kind === 'string') return parseValue(base, withOffset(String(value)));
  if (base.name === 'Edm.Date' && from.kind === 'dateTimeOffset') return null;
  if (base.name === 'Edm.Boolean') return parseValue(base, textOf(value, from).toLowerCase()); // literals know no case (ABNF booleanValue)
  return parseValue(to, textOf(value, from));
}

function isNumber(codec: Codec): boolean {
  return ['integer', 'double', 'single', 'decimal', 'scaledDecimal'].includes(codec.kind);
}

/** Non-flags need a member with the value (URL 5.1.1.10.1-10). */
function enumValue(value: Value, type: Extract<ValueType, { kind: 'enum' }>): Value {
  if (type.isFlags || [...type.members.values()].some((member) => member.value === value)) return value;
  return null;
}

/** Numbers meet whole types rounded, halves away from zero (URL 5.1.1.10.1-5). */
function whole(text: string): string {
  const [, sign = '', digits = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (digits === '')
    return Number.isFinite(Number(text)) ? BigInt(Number(rounded('round', Number(text)))).toString() : text;
  const up = /^[5-9]/.test(fraction) ? 1n : 0n;
  return `${sign}${BigInt(digits) + up}`;
}

function withOffset(text: string): string {
  return /T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text) ? `${text}Z` : text;
}

/** The text a value has in a payload. */
function textOf(value: Value, codec: Codec): string {
  if (codec.kind === 'enum') return typeof value === 'bigint' ? printValue(codec.type, value) : '';
  if (codec.kind === 'string' || codec.kind === 'json' || codec.kind === 'geo') return String(value);
  const name = typeOfCodec[codec.kind];
  return name === undefined ? String(value) : printValue(primitive(name), value);
}
