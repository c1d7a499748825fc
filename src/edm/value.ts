import { parseGeo } from './geo.js';
import { invalidValue, malformedValue, shown, type ValueFacets } from './invalid.js';
import type { EnumType, Facets, PrimitiveType, PrimitiveTypeName, TypeDefinition } from './model.js';
import { parseDecimal, parseDouble, parseInteger, printDouble } from './number.js';
import { parseDate, parseDateTimeOffset, parseDuration, parseTimeOfDay } from './temporal.js';

/**
 * A primitive value outside any text, by its type:
 * Boolean → boolean; Byte … Int64 and enumerations → bigint; Double, Single → number; Decimal → canonical decimal text (`-1.50` is `-1.5`);
 * String → string; Guid → lower-case text; Date, TimeOfDay → their text; DateTimeOffset → UTC text ending in `Z`; Duration → canonical text;
 * Binary → bytes; geo types → GeoJSON text.
 * Fractions of seconds have no trailing zeros.
 */
export type Value = null | boolean | bigint | number | string | Uint8Array;

/** A type that has primitive values. */
export type ValueType = PrimitiveType | EnumType | TypeDefinition;

const noFacets: ValueFacets = {};

/**
 * The value that `text` stands for: the literal forms of the grammar, without quotes, prefixes or percent-encoding (URL 5.1.1.14, JSON 7.1).
 * Facets are those of the property; a type definition adds its own. Throws InvalidValue saying what is expected.
 */
export function parseValue(type: ValueType, text: string, facets: ValueFacets = noFacets): Value {
  switch (type.kind) {
    case 'enum':
      return parseEnum(type, text);
    case 'typeDefinition':
      return parsePrimitive(type.underlyingType.name, text, combined(facets, type.facets));
    case 'primitive':
      return parsePrimitive(type.name, text, facets);
  }
}

/** Facets stated where a type is used win over those of its definition (CSDL 11.2). */
function combined(used: ValueFacets, defined: Facets): ValueFacets {
  return {
    maxLength: used.maxLength ?? defined.maxLength,
    precision: used.precision ?? defined.precision,
    scale: used.scale ?? defined.scale,
  };
}

function parsePrimitive(name: PrimitiveTypeName, text: string, facets: ValueFacets): Value {
  switch (name) {
    case 'Edm.Boolean':
      return parseBoolean(text);
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
    case 'Edm.Int64':
      return parseInteger(name, text);
    case 'Edm.Single':
    case 'Edm.Double':
      return parseDouble(name, text);
    case 'Edm.Decimal':
      return parseDecimal(text, facets);
    case 'Edm.String':
      return parseString(text, facets);
    case 'Edm.Guid':
      return parseGuid(text);
    case 'Edm.Binary':
    case 'Edm.Stream':
      return parseBinary(text, facets);
    case 'Edm.Date':
      return parseDate(text);
    case 'Edm.TimeOfDay':
      return parseTimeOfDay(text, facets.precision ?? null);
    case 'Edm.DateTimeOffset':
      return parseDateTimeOffset(text, facets.precision ?? null);
    case 'Edm.Duration':
      return parseDuration(text, facets.precision ?? null);
    default:
      return parseGeo(name, text);
  }
}

function parseBoolean(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw malformedValue('Edm.Boolean', /^(?:true|false)$/, text, 'write true or false');
}

/** MaxLength counts characters, not UTF-16 units (CSDL 7.2.2). */
function parseString(text: string, facets: ValueFacets): string {
  if (!text.isWellFormed()) throw invalidValue('The text holds half of a surrogate pair; send valid Unicode.');
  const limit = facets.maxLength;
  if (typeof limit === 'number' && text.length > limit) {
    const length = text.length > 2 * limit ? text.length : [...text].length;
    if (length > limit) throw invalidValue(`The text is ${length} characters long; at most ${limit} are allowed.`);
  }
  return text;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function parseGuid(text: string): string {
  if (guid.test(text)) return text.toLowerCase();
  throw malformedValue('Edm.Guid', guid, text, 'write 8-4-4-4-12 hexadecimal digits');
}

/** base64url, padding optional (JSON 7.1). */
function parseBinary(text: string, facets: ValueFacets): Uint8Array {
  const digits = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(digits) || digits.length % 4 === 1 || (digits !== text && text.length % 4 !== 0))
    throw malformedValue('Edm.Binary', /^[A-Za-z0-9_-]*={0,2}$/, text, "write it in base64url, with '-' and '_'");
  const bytes = Buffer.from(digits, 'base64url');
  if (bytes.toString('base64url') !== digits)
    throw invalidValue(`${shown(text)} is no Edm.Binary; its last base64url digit has bits that belong to no byte.`);
  const limit = facets.maxLength;
  if (typeof limit === 'number' && bytes.length > limit)
    throw invalidValue(`The value is ${bytes.length} bytes long; at most ${limit} are allowed.`);
  return bytes;
}

/** Member names, or the number itself (CSDL 10.3): several only for flags, and no bit or number that the type does not have. */
function parseEnum(type: EnumType, text: string): bigint {
  const names = type.isFlags ? text.split(',') : [text];
  let value = 0n;
  for (const name of names) value |= enumPart(type, name.trim(), text);
  return value;
}

const enumForm = /^(?:[+-]?\d{1,19}|[\p{L}_][\p{L}\p{N}_]*)(?:, *(?:[+-]?\d{1,19}|[\p{L}_][\p{L}\p{N}_]*))*$/u;

function enumPart(type: EnumType, name: string, text: string): bigint {
  const member = type.members.get(name);
  if (member !== undefined) return member.value;
  if (/^[+-]?\d{1,19}$/.test(name)) {
    const value = BigInt(name.replace('+', ''));
    if (isEnumValue(type, value)) return value;
  }
  const expected = [...type.members.keys()].slice(0, 12).join(', ');
  const more = type.members.size > 12 ? ', …' : '';
  const form = `it is ${type.isFlags ? 'one or more' : 'one'} of ${expected}${more}`;
  if (!enumForm.test(text)) throw malformedValue(type.qualifiedName, enumForm, text, form);
  throw invalidValue(`${shown(text)} is no ${type.qualifiedName}; ${form}.`);
}

function isEnumValue(type: EnumType, value: bigint): boolean {
  let bits = 0n;
  for (const member of type.members.values()) {
    if (member.value === value) return true;
    bits |= member.value;
  }
  return type.isFlags && value >= 0n && (value & ~bits) === 0n;
}

/** The names of an enumeration value, joined by commas, lowest value first; its number when no names make it up (JSON 7.1). */
function printEnum(type: EnumType, value: bigint): string {
  for (const member of type.members.values()) if (member.value === value) return member.name;
  if (!type.isFlags || value <= 0n) return value.toString();
  const names: string[] = [];
  let rest = value;
  const byValue = [...type.members.values()].sort((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0));
  for (const member of byValue) {
    if (member.value <= 0n || (rest & member.value) !== member.value) continue;
    names.unshift(member.name);
    rest &= ~member.value;
  }
  return rest === 0n ? names.join(',') : value.toString();
}

/** The canonical text of a value, as in URLs (without quotes or prefix) and JSON strings; `null` is `null`. */
export function printValue(type: ValueType, value: Value): string {
  if (value === null) return 'null';
  if (type.kind === 'enum') return typeof value === 'bigint' ? printEnum(type, value) : String(value);
  if (typeof value === 'number') return printDouble(value);
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64url');
  return String(value);
}
