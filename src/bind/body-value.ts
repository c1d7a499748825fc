import {
  type ComplexType,
  type Element,
  isStreamType,
  type Model,
  type PrimitiveTypeName,
  parseValue,
  type StructuredType,
  type Type,
  type TypeReference,
  type Value,
  type ValueFacets,
  type ValueType,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, printJson } from '../payload/index.js';
import { bindComplexObject } from './body-members.js';
import { readStream } from './body-stream.js';
import type { EntityChange, ValueChange } from './change.js';
import { below, type Controls } from './members.js';
import type { Problems } from './problems.js';
import { derivesFrom } from './types.js';
import { checkItems, checkValue, requireDerivedType } from './validation.js';

/** How a body is to be read. */
export interface BodyContext {
  readonly model: Model;
  readonly purpose: 'insert' | 'merge' | 'replace';
  /** The version the body is written in; 4.01 when the request names none (Protocol 8.1.5). */
  readonly version: '4.0' | '4.01';
  /** `Prefer: handling=strict`: what is only tolerated is refused. */
  readonly strict: boolean;
  /** Int64 and Decimal are strings (JSON 3.2). */
  readonly ieee754Compatible: boolean;
  /** First data: members that only the service sets are taken. */
  readonly seeding: boolean;
  /** Further rules for entities of a body, told together with all other problems. */
  check?(change: EntityChange, purpose: 'insert' | 'merge' | 'replace', problems: Problems): void;
}

/** A reading in progress: the context and the problems so far. */
export interface Binding extends BodyContext {
  readonly problems: Problems;
  /** The context URL of the nearest object that has an absolute one: what relative URLs are relative to (JSON 4.3). */
  readonly contextUrl: string | null;
  /** The labels given so far, each to one entity (Core.ContentID). */
  readonly contentIds: Set<string>;
}

/** A typed place for a value: property, parameter or return value. */
export interface Place extends TypeReference, Element {
  readonly name: string;
}

/** The value of a property, or null after its problems were noted. */
export function bindPlace(
  node: JsonNode,
  place: Place,
  controls: Controls,
  target: string,
  binding: Binding,
): ValueChange | null {
  if (!place.collection) return bindSingle(node, place, controls, target, binding);
  if (node.kind !== 'array') {
    const message =
      node.kind === 'null'
        ? `The collection '${place.name}' cannot be null; send [] to empty it.`
        : expected(place, 'an array');
    binding.problems.add(node.kind === 'null' ? 'InvalidValue' : 'TypeMismatch', message, target);
    return null;
  }
  binding.problems.attempt(target, () => checkItems(node.items.length, place, place.name));
  const items: ValueChange[] = [];
  for (const [index, item] of node.items.entries()) {
    if (binding.problems.full) break;
    const bound = bindSingle(item, place, new Map(), below(target, index), binding);
    if (bound !== null) items.push(bound);
  }
  return { kind: 'collection', items };
}

function expected(place: Place, form: string): string {
  return `'${place.name}' should be ${form}.`;
}

function bindSingle(
  node: JsonNode,
  place: Place,
  controls: Controls,
  target: string,
  binding: Binding,
): ValueChange | null {
  const { type } = place;
  if (isStreamType(type) && node.kind !== 'null')
    return binding.problems.attempt(target, () => readStream(node, controls, place, place.name));
  if (node.kind === 'null') {
    if (place.nullable) return { kind: 'value', value: null };
    binding.problems.add('InvalidValue', `'${place.name}' cannot be null.`, target);
    return null;
  }
  switch (type.kind) {
    case 'complex': {
      const partial = binding.purpose === 'merge' && !place.collection;
      const value = bindComplexValue(node, type, place.name, partial, target, binding);
      if (value?.kind === 'complex')
        binding.problems.attempt(target, () => requireDerivedType(value.type, type, place));
      return value;
    }
    case 'primitive':
    case 'enum':
    case 'typeDefinition': {
      checkNamedType(controls, type, target, binding);
      const value = binding.problems.attempt(target, () => {
        const read = readValue(node, type, facetsOf(place), place.name, binding);
        checkValue(read, place, type, place.name);
        if (type.kind === 'typeDefinition') checkValue(read, type, type, place.name);
        return read;
      });
      return value === null ? null : { kind: 'value', value };
    }
    case 'entity':
    case 'abstract':
      binding.problems.add(
        'NotImplemented',
        `Values of type ${type.qualifiedName} such as '${place.name}' cannot be sent.`,
        target,
      );
      return null;
  }
}

/** An object as value of a complex type, or of the derived type that it names. */
export function bindComplexValue(
  node: JsonNode,
  type: ComplexType,
  name: string,
  partial: boolean,
  target: string,
  binding: Binding,
): ValueChange | null {
  if (node.kind === 'object') return bindComplexObject(node, type, partial, target, binding);
  binding.problems.add('TypeMismatch', `'${name}' should be an object of type ${type.qualifiedName}.`, target);
  return null;
}

/** `Prop@type` of a declared primitive property may not contradict the model (JSON 4.5.3). */
function checkNamedType(controls: Controls, type: ValueType, target: string, binding: Binding): void {
  const control = controls.get('type');
  if (control?.node.kind !== 'string') return;
  const named = typeName(control.node.value);
  const wanted = [
    type.qualifiedName,
    type.kind === 'typeDefinition' ? type.underlyingType.qualifiedName : type.qualifiedName,
  ];
  if (wanted.includes(named) || wanted.includes(`Edm.${named}`)) return;
  if (wanted.includes(binding.model.type(named)?.qualifiedName ?? '')) return;
  binding.problems.add(
    'TypeMismatch',
    `This property is of type ${type.qualifiedName}, not ${named}.`,
    below(parentOf(target), control.name),
  );
}

function parentOf(target: string): string {
  const slash = target.lastIndexOf('/');
  return slash < 0 ? '' : target.slice(0, slash);
}

/** The name within `#NS.T`, `http://host/$metadata#NS.T` or `NS.T` (JSON 4.5.3). */
export function typeName(text: string): string {
  return text.slice(text.lastIndexOf('#') + 1);
}

/** The structured type an object names with `@type`, which must be `declared` or derived from it; null: it names none. Throws. */
export function namedType<T extends StructuredType>(
  own: Controls,
  declared: T,
  target: string,
  binding: Binding,
): T | null {
  const control = own.get('type');
  if (control === undefined) return null;
  const at = below(target, control.name);
  if (control.node.kind !== 'string')
    throw new ODataError('TypeMismatch', `'${control.name}' should be the name of a type.`, at);
  const text = control.node.value;
  const name = typeName(text);
  if (binding.strict && !text.includes('#'))
    throw new ODataError('InvalidValue', `A type is named as '#${name}', with a number sign.`, at);
  const type = binding.model.type(name);
  if (type === null)
    throw new ODataError('UnknownType', `There is no type '${name.slice(0, 100)}' in this service.`, at);
  if (isKindOf(type, declared)) return type;
  throw new ODataError(
    'TypeMismatch',
    `The type ${name} is neither ${declared.qualifiedName} nor derived from it.`,
    at,
  );
}

function isKindOf<T extends StructuredType>(type: Type, declared: T): type is T {
  return (type.kind === 'entity' || type.kind === 'complex') && derivesFrom(type, declared);
}

/** Facets with the defaults of CSDL 7.2.3 and 7.2.4: no fraction where none is stated. */
function facetsOf(place: Place): ValueFacets {
  const { type, maxLength } = place;
  const defined = type.kind === 'typeDefinition' ? type.facets : place;
  const name = type.kind === 'typeDefinition' ? type.underlyingType.name : type.kind === 'primitive' ? type.name : null;
  const precision = place.precision ?? defined.precision;
  const scale = place.scale ?? defined.scale;
  if (name === 'Edm.Decimal') return { maxLength, precision, scale: scale ?? 0 };
  const temporal = name === 'Edm.DateTimeOffset' || name === 'Edm.TimeOfDay' || name === 'Edm.Duration';
  return { maxLength: maxLength ?? defined.maxLength, precision: temporal ? (precision ?? 0) : precision, scale };
}

/** A JSON value as value of a primitive or enumeration type (JSON 7.1). Throws TypeMismatch, InvalidValue. */
export function readValue(
  node: JsonNode,
  type: ValueType,
  facets: ValueFacets,
  name: string,
  reading: BodyContext,
): Exclude<Value, null> {
  const text = type.kind === 'enum' ? enumText(node, reading) : primitiveText(node, baseName(type), reading);
  const value = text === null ? null : parseValue(type, text, facets);
  if (value !== null) return value;
  throw new ODataError('TypeMismatch', `'${name}' should be ${formOf(type)}, not ${describe(node)}.`);
}

function baseName(type: Exclude<ValueType, { kind: 'enum' }>): PrimitiveTypeName {
  return type.kind === 'typeDefinition' ? type.underlyingType.name : type.name;
}

/** Tolerated unless strict: a number, as some clients send (JSON 7.1 has names only). */
function enumText(node: JsonNode, reading: BodyContext): string | null {
  if (node.kind === 'string') return node.value;
  return node.kind === 'number' && !reading.strict ? node.text : null;
}

/** The text of a JSON value in the form its type demands; null: another kind of JSON value is expected. */
function primitiveText(node: JsonNode, name: PrimitiveTypeName, reading: BodyContext): string | null {
  switch (name) {
    case 'Edm.Boolean':
      return node.kind === 'boolean' ? String(node.value) : null;
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
      if (node.kind === 'string') return reading.ieee754Compatible && !reading.strict ? node.value : null;
      return node.kind === 'number' ? wholeNumber(node.text) : null;
    case 'Edm.Int64':
      if (node.kind === 'string') return reading.ieee754Compatible ? node.value : null; // JSON 3.2
      return node.kind === 'number' ? wholeNumber(node.text) : null;
    case 'Edm.Decimal':
      if (node.kind === 'string') return reading.ieee754Compatible || isSpecial(node.value) ? node.value : null;
      return node.kind === 'number' ? node.text : null;
    case 'Edm.Single':
    case 'Edm.Double':
      if (node.kind === 'string')
        return isSpecial(node.value) || (reading.ieee754Compatible && !reading.strict) ? node.value : null;
      return node.kind === 'number' ? node.text : null;
    case 'Edm.Binary':
    case 'Edm.Date':
    case 'Edm.DateTimeOffset':
    case 'Edm.Duration':
    case 'Edm.Guid':
    case 'Edm.String':
    case 'Edm.TimeOfDay':
      return node.kind === 'string' ? node.value : null;
    default:
      return node.kind === 'object' ? printJson(node) : null;
  }
}

/** JSON does not tell 5 from 5.0 or 5e0. */
function wholeNumber(text: string): string {
  const match = /^(-?\d+)\.0+$/.exec(text);
  if (match?.[1] !== undefined) return match[1];
  const power = /^(-?\d+)[eE]\+?(\d{1,2})$/.exec(text);
  return power === null ? text : `${power[1]}${'0'.repeat(Number(power[2]))}`;
}

function isSpecial(text: string): boolean {
  return text === 'INF' || text === '-INF' || text === 'NaN';
}

function formOf(type: ValueType): string {
  if (type.kind === 'enum') return `a string with a member of ${type.qualifiedName}`;
  const name = baseName(type);
  if (name === 'Edm.Boolean') return 'true or false';
  if (/^Edm\.(S?Byte|Int\d\d|Decimal|Single|Double)$/.test(name)) return `a number (${type.qualifiedName})`;
  return /^Edm\.Geo/.test(name) ? `a GeoJSON object (${type.qualifiedName})` : `a string (${type.qualifiedName})`;
}

function describe(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'array':
    case 'object':
      return `an ${node.kind}`;
    case 'boolean':
    case 'number':
    case 'string':
      return `a ${node.kind}`;
  }
}
