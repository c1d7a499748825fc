import {
  type EnumType,
  type GeoLiteral,
  type Model,
  type PrimitiveType,
  type PrimitiveTypeName,
  parseGeoLiteral,
  parseValue,
  primitive,
  type Type,
  type TypeDefinition,
  type Value,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Literal, LiteralForm } from '../url/index.js';
import type { Expression } from './bound.js';
import { family, primitiveOf, underlying } from './types.js';

/** Forms whose text may stand for a value of another family, because clients write them so (clients: quoted guids and dates, 4.01 prefixes). */
const readable: Readonly<Partial<Record<ReturnType<typeof family>, readonly LiteralForm[]>>> = {
  string: ['guid'],
  guid: ['string'],
  date: ['string'],
  dateTimeOffset: ['string', 'date'],
  timeOfDay: ['string'],
  duration: ['string'],
  enum: ['string', 'integer'],
  binary: ['string'],
};

/** The type a literal has by its form alone (URL 5.1.1.14). */
function naturalType(literal: Literal, model: Model, target: string): Type | null {
  switch (literal.form) {
    case 'null':
      return null;
    case 'boolean':
      return primitive('Edm.Boolean');
    case 'integer':
      return integerType(literal.text);
    case 'decimal':
      return primitive('Edm.Decimal');
    case 'double':
      return primitive('Edm.Double');
    case 'string':
      return primitive('Edm.String');
    case 'guid':
      return primitive('Edm.Guid');
    case 'date':
      return primitive('Edm.Date');
    case 'dateTimeOffset':
      return primitive('Edm.DateTimeOffset');
    case 'timeOfDay':
      return primitive('Edm.TimeOfDay');
    case 'duration':
      return primitive('Edm.Duration');
    case 'binary':
      return primitive('Edm.Binary');
    case 'geography':
    case 'geometry':
      return primitive(geoType(literal, target));
    case 'enum':
      return enumType(literal.type ?? '', model, target);
  }
}

/** The type of its shape: `Edm.GeographyPoint`. Only the usual reference systems are known. */
function geoType(literal: Literal, target: string): PrimitiveTypeName {
  const { shape, srid } = geoOf(literal, target);
  if (srid !== 0 && srid !== 4326)
    throw new ODataError(
      'NotImplemented',
      `The reference system SRID=${srid} is not supported; use 0 or 4326.`,
      target,
    );
  return `Edm.${literal.form === 'geography' ? 'Geography' : 'Geometry'}${shape}` as PrimitiveTypeName;
}

function geoOf(literal: Literal, target: string): GeoLiteral {
  const found = parseGeoLiteral(literal.text);
  if (found !== null) return found;
  const example = `${literal.form}'SRID=0;Point(1 2)'`;
  throw new ODataError(
    'InvalidValue',
    `'${literal.text.slice(0, 60)}' is no ${literal.form} literal such as ${example}.`,
    target,
  );
}

function integerType(text: string): Type {
  const value = BigInt(text);
  if (value >= -2147483648n && value <= 2147483647n) return primitive('Edm.Int32');
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return primitive('Edm.Int64');
  return primitive('Edm.Decimal');
}

function enumType(name: string, model: Model, target: string): EnumType {
  const type = model.type(name);
  if (type?.kind === 'enum') return type;
  throw new ODataError('UnknownType', `There is no enumeration type '${name}'.`, target);
}

/**
 * A literal as a typed value. `expected` is the type of what it is compared with or given to, null when unknown:
 * the literal takes that type when its form allows, and keeps its own type otherwise.
 */
export function bindLiteral(literal: Literal, expected: Type | null, model: Model, target: string): Expression {
  const natural = naturalType(literal, model, target);
  if (natural === null) return { kind: 'literal', value: null, type: expected, collection: false };
  const type = chooseType(literal, natural, expected);
  return { kind: 'literal', value: literalValue(literal, type, target), type, collection: false };
}

function chooseType(literal: Literal, natural: Type, expected: Type | null): Type {
  if (expected === null) return natural;
  const wanted = family(expected);
  if (wanted === 'geo' && family(natural) === 'geo') return natural;
  if (wanted === 'number' && family(natural) === 'number') return numberType(literal, natural, expected);
  if (wanted === family(natural)) return wanted === 'enum' ? natural : underlying(expected);
  return readable[wanted]?.includes(literal.form) ? underlying(expected) : natural;
}

/** A number keeps its own type unless the expected one holds it exactly: `5` beside a Decimal is a Decimal, `5.5` beside an Int32 stays one. */
function numberType(literal: Literal, natural: Type, expected: Type): Type {
  const name = primitiveOf(expected)?.name;
  if (name === 'Edm.Decimal') return literal.form === 'double' ? natural : underlying(expected);
  if (name === 'Edm.Double' || name === 'Edm.Single') return primitive('Edm.Double');
  return natural;
}

function literalValue(literal: Literal, type: Type, target: string): Value {
  if (type.kind !== 'primitive' && type.kind !== 'enum' && type.kind !== 'typeDefinition')
    throw new ODataError('TypeMismatch', `'${literal.text}' is no value of type ${type.qualifiedName}.`, target);
  if (literal.form === 'geography' || literal.form === 'geometry')
    return parseAt(type, geoOf(literal, target).json, target);
  const text =
    literal.form === 'date' && family(type) === 'dateTimeOffset' ? `${literal.text}T00:00:00Z` : literal.text;
  return parseAt(type, text, target);
}

/** The value of `text` as `type`; an error names `target`. Throws InvalidValue. */
export function parseAt(type: PrimitiveType | EnumType | TypeDefinition, text: string, target: string): Value {
  try {
    return parseValue(type, text);
  } catch (error) {
    if (error instanceof ODataError) throw new ODataError(error.code, error.message, target);
    throw error;
  }
}
