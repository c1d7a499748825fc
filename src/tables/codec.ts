import type { Facets, PrimitiveType, Type, TypeReference, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { decimalToKey, fromScaled, infinityKeys, keyToDecimal, toScaled } from './decimal.js';
import type { Codec } from './layout.js';
import { durationText, durationUnits, fractionOf, momentText } from './temporal.js';

/** A value as it stands in a column: as bound and as read. */
export type ColumnValue = null | bigint | number | string | Uint8Array;

const noFacets: Facets = { maxLength: null, precision: null, scale: null, srid: null, unicode: null };
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** The codec of a single value of this type in a column of its own (design §4). What is not a primitive value is JSON. */
export function codecFor(reference: TypeReference): Codec {
  const { type } = reference;
  if (reference.collection) return { kind: 'json' };
  if (type.kind !== 'typeDefinition') return codecOf(type, reference);
  const { facets } = type;
  return codecOf(type.underlyingType, {
    ...reference,
    precision: reference.precision ?? facets.precision,
    scale: reference.scale ?? facets.scale,
  });
}

/** The codec a type has by nature; without facets, numbers and moments are as exact as they can be. */
export function codecOf(type: Type, facets: Facets | null = null): Codec {
  switch (type.kind) {
    case 'primitive':
      return primitiveCodec(type, facets);
    case 'typeDefinition':
      return codecOf(type.underlyingType, facets ?? type.facets);
    case 'enum':
      return { kind: 'enum', type };
    case 'abstract':
    case 'complex':
    case 'entity':
      return { kind: 'json' };
  }
}

/** CSDL 7.2.3: a temporal property without Precision has no fraction of a second. A literal has what it was written with. */
function precisionOf(facets: Facets | null): number {
  return facets === null ? 12 : Math.min(facets.precision ?? 0, 12);
}

function primitiveCodec(type: PrimitiveType, facets: Facets | null): Codec {
  switch (type.name) {
    case 'Edm.Boolean':
      return { kind: 'boolean' };
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
      return { kind: 'integer' };
    case 'Edm.Int64':
      return { kind: 'integer', wide: true };
    case 'Edm.Decimal':
      return decimalCodec(facets ?? noFacets);
    case 'Edm.Double':
      return { kind: 'double' };
    case 'Edm.Single':
      return { kind: 'single' };
    case 'Edm.String':
      return { kind: 'string' };
    case 'Edm.Guid':
      return { kind: 'guid' };
    case 'Edm.Binary':
    case 'Edm.Stream':
      return { kind: 'binary' };
    case 'Edm.Date':
      return { kind: 'date' };
    case 'Edm.TimeOfDay':
      return { kind: 'timeOfDay', precision: precisionOf(facets) };
    case 'Edm.DateTimeOffset':
      return { kind: 'dateTimeOffset', precision: precisionOf(facets) };
    case 'Edm.Duration':
      return { kind: 'duration', precision: precisionOf(facets) };
    default:
      return { kind: 'geo' };
  }
}

/** An integer where the facets bound it to 18 digits, else order-keeping text (CSDL 7.2.3, 7.2.4). */
function decimalCodec({ precision, scale }: Facets): Codec {
  const places = scale ?? 0;
  return precision !== null && precision <= 18 && typeof places === 'number'
    ? { kind: 'scaledDecimal', scale: places }
    : { kind: 'decimal' };
}

function invalid(what: string): ODataError {
  return new ODataError('InvalidValue', what);
}

function mismatch(codec: Codec): ODataError {
  return new ODataError('InternalError', `A value does not fit its column (${codec.kind}).`);
}

/**
 * A value as it is stored. Throws InvalidValue for what the column cannot hold exactly: more digits than Precision or Scale
 * allow, years outside 0001 to 9999, NaN.
 */
export function encode(codec: Codec, value: Value): ColumnValue {
  if (value === null) return null;
  switch (codec.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(codec);
      return value ? 1n : 0n;
    case 'integer':
    case 'enum':
      if (typeof value !== 'bigint') throw mismatch(codec);
      return within64(value);
    case 'double':
    case 'single':
      if (typeof value !== 'number') throw mismatch(codec);
      return encodeDouble(value, codec.kind);
    case 'guid':
      return textOf(codec, value).toLowerCase();
    case 'string':
    case 'geo':
    case 'json':
      return textOf(codec, value);
    case 'binary':
      if (!(value instanceof Uint8Array)) throw mismatch(codec);
      return value;
    case 'decimal':
      return decimalToKey(textOf(codec, value));
    case 'scaledDecimal': {
      const { below, exact } = toScaled(textOf(codec, value), codec.scale);
      if (!exact) throw invalid(`'${String(value)}' has more than ${codec.scale} digits behind the decimal point.`);
      return within64(below);
    }
    case 'duration': {
      const { below, exact } = durationUnits(textOf(codec, value), codec.precision);
      if (!exact) throw tooFine(value, codec.precision);
      return within64(below);
    }
    case 'date':
    case 'timeOfDay':
    case 'dateTimeOffset': {
      const { below, exact } = moment(codec, textOf(codec, value));
      if (!exact) throw tooFine(value, fractionOf(codec));
      return below;
    }
  }
}

function tooFine(value: Value, precision: number): ODataError {
  return invalid(`'${String(value)}' has more than ${precision} digits of a second's fraction.`);
}

function textOf(codec: Codec, value: Value): string {
  if (typeof value !== 'string') throw mismatch(codec);
  return value;
}

function within64(value: bigint): bigint {
  if (value < int64.min || value > int64.max) throw invalid(`The number ${value} is out of range.`);
  return value;
}

function moment(codec: Codec, text: string): { readonly below: string; readonly exact: boolean } {
  const found = momentText(text, fractionOf(codec));
  if (found === null) throw invalid(`'${text}' is not a date or time that can be stored; years go from 0001 to 9999.`);
  return found;
}

/** SQLite stores NaN as null, and knows one zero only. A Single is kept as the double that is written the same. */
function encodeDouble(value: number, kind: 'double' | 'single'): number {
  if (Number.isNaN(value)) throw new ODataError('NotImplemented', 'NaN cannot be stored.');
  if (kind === 'double' || !Number.isFinite(value)) return value === 0 ? 0 : value;
  return singleOf(value);
}

/** The double with the fewest digits that is the same Single as a finite value. Throws InvalidValue for what is out of range. */
export function singleOf(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) throw invalid(`The number ${value} is out of range of Edm.Single.`);
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate === 0 ? 0 : candidate;
  }
  return Number(single.toPrecision(9));
}

/** The value that stands in a column. */
export function decode(codec: Codec, stored: ColumnValue): Value {
  if (stored === null) return null;
  switch (codec.kind) {
    case 'boolean':
      return stored !== 0n;
    case 'scaledDecimal':
      if (typeof stored !== 'bigint') throw mismatch(codec);
      return fromScaled(stored, codec.scale);
    case 'decimal':
      if (typeof stored !== 'string') throw mismatch(codec);
      return keyToDecimal(stored);
    case 'duration':
      if (typeof stored !== 'bigint') throw mismatch(codec);
      return durationText(stored, codec.precision);
    case 'integer':
    case 'enum':
    case 'double':
    case 'single':
    case 'string':
    case 'guid':
    case 'binary':
    case 'date':
    case 'timeOfDay':
    case 'dateTimeOffset':
    case 'geo':
    case 'json':
      return stored;
  }
}

/**
 * The greatest stored value that is not above `value`, and whether it is the value itself: what a comparison with a column
 * needs when the literal has more digits than the column keeps. null: the codec has no such value; compare by `decimalKey`.
 */
export function encodeNearest(
  codec: Codec,
  value: Value,
): { readonly below: ColumnValue; readonly exact: boolean } | null {
  if (value === null) return { below: null, exact: true };
  switch (codec.kind) {
    case 'integer':
      return typeof value === 'bigint' ? fitting({ below: value, exact: true }) : nearestScaled(value, 0);
    case 'enum':
      return typeof value === 'bigint' ? fitting({ below: value, exact: true }) : null;
    case 'scaledDecimal':
      return nearestScaled(value, codec.scale);
    case 'decimal': {
      const key = decimalKey(value);
      return key === null ? null : { below: key, exact: true };
    }
    case 'double':
    case 'single': {
      const number = typeof value === 'number' ? value : Number(value);
      return Number.isNaN(number) ? null : { below: number, exact: true };
    }
    case 'duration':
      return typeof value === 'string' ? fitting(durationUnits(value, codec.precision)) : null;
    case 'date':
    case 'timeOfDay':
    case 'dateTimeOffset':
      return typeof value === 'string' ? moment(codec, value) : null;
    case 'boolean':
    case 'string':
    case 'guid':
    case 'binary':
    case 'geo':
    case 'json':
      return { below: encode(codec, value), exact: true };
  }
}

function fitting(nearest: { readonly below: bigint; readonly exact: boolean }) {
  return nearest.below < int64.min || nearest.below > int64.max ? null : nearest;
}

function nearestScaled(value: Value, scale: number) {
  const text = numberText(value);
  return text === null || !/\d/.test(text) ? null : fitting(toScaled(text, scale));
}

/** Any number as text without loss; a double as the shortest text that reads back as it. */
function numberText(value: Value): string | null {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string' ? String(value) : null;
}

/** Any number as order-keeping text, in which numbers of all types compare; null for what is not a number. */
export function decimalKey(value: Value): string | null {
  if (value === Number.POSITIVE_INFINITY) return infinityKeys.positive;
  if (value === Number.NEGATIVE_INFINITY) return infinityKeys.negative;
  const text = numberText(value);
  return text === null || text === 'NaN' ? null : decimalToKey(text);
}
