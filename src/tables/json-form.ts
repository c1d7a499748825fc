/**
 * Storage form: how values that share one JSON column are written. Enumerations are integers, Decimal is text, DateTimeOffset and TimeOfDay
 * have as many fraction digits as their Precision, infinity is a number no double holds; other values are as in JSON 7.1.
 * Every declared member is there; a type other than the declared one stands in `@type`; a dynamic property may have its type beside it, `x@type`.
 */
import { type Property, parseValue, printValue, type StructuredType, type Type, type Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { singleOf } from './codec.js';
import { printMembers, printStored, readStored, type StoredJson } from './json-text.js';

/** JSON with exact numbers, as a body brings it. */
export type GivenJson =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly GivenJson[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, GivenJson> };

/** Dynamic properties to be stored, each with the type that was named for it. */
export type GivenDynamic = ReadonlyMap<string, { readonly type: string | null; readonly json: GivenJson }>;

/** A complex value to be stored. */
export interface GivenComplex {
  readonly kind: 'complex';
  readonly type: StructuredType;
  readonly members: ReadonlyMap<Property, GivenValue>;
  readonly dynamic: GivenDynamic;
  /** Not merged into what is there. */
  readonly whole?: true;
}

/** Items to be put into a stored collection. */
export interface GivenItems {
  readonly kind: 'appended';
  readonly items: readonly GivenValue[];
  readonly at?: number | null;
  readonly takes?: 'none' | 'item' | 'merged';
}

/** A value to be stored. */
export type GivenValue =
  | { readonly kind: 'value'; readonly value: Value }
  | GivenComplex
  | { readonly kind: 'collection'; readonly items: readonly GivenValue[] }
  | GivenItems
  | { readonly kind: 'stream' };

/** What a value is for. */
export interface StoredPlace {
  readonly type: Type;
  readonly precision: number | null;
}

/** A new value in storage form; `place` is the property it is for. */
export function writeStored(given: GivenValue, place: StoredPlace): string {
  switch (given.kind) {
    case 'value':
      return writeValue(given.value, place);
    case 'collection':
    case 'appended':
      return `[${given.items.map((item) => writeStored(item, place)).join(',')}]`;
    case 'complex':
      return writeComplex(given, place.type);
    case 'stream':
      throw new ODataError('NotImplemented', 'Streams within complex values are not kept.');
  }
}

function writeComplex(given: GivenComplex, declared: Type): string {
  const members: (readonly [string, string])[] = [];
  if (given.type !== declared) members.push(['@type', JSON.stringify(given.type.qualifiedName)]);
  for (const [name, property] of given.type.properties) {
    const value = given.members.get(property);
    members.push([name, value === undefined ? absent(property, new Set()) : writeStored(value, property)]);
  }
  return printMembers([...members, ...dynamicMembers(given.dynamic)]);
}

/** What stands for a member that nobody gave: its default, an empty collection, or null (CSDL 7.2.7). */
function absent(property: Property, within: Set<Type>): string {
  const { type, defaultValue } = property;
  if (property.collection) return '[]';
  if (type.kind === 'complex') {
    if (property.nullable || type.abstract || within.has(type)) return 'null';
    const inside = new Set([...within, type]);
    return printMembers([...type.properties.values()].map((member) => [member.name, absent(member, inside)]));
  }
  if (defaultValue === null || type.kind === 'entity' || type.kind === 'abstract') return 'null';
  return writeValue(parseValue(type, defaultValue), property);
}

/** A single value as text in storage. */
export function writeValue(value: Value, { type, precision }: StoredPlace): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value === Number.POSITIVE_INFINITY) return '9e+999';
  if (value === Number.NEGATIVE_INFINITY) return '-9e+999';
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  const isSingle = typeof value === 'number' && base.qualifiedName === 'Edm.Single' && Number.isFinite(value);
  const text = printed(isSingle ? singleOf(value) : value, base);
  if (typeof value === 'number') return Number.isNaN(value) ? '"NaN"' : text;
  if (base.qualifiedName === 'Edm.DateTimeOffset' || base.qualifiedName === 'Edm.TimeOfDay')
    return JSON.stringify(fixedWidth(text, precision ?? facetOf(type) ?? 0));
  return /^Edm\.Geo/.test(base.qualifiedName) ? text : JSON.stringify(text);
}

function facetOf(type: Type): number | null {
  return type.kind === 'typeDefinition' ? type.facets.precision : null;
}

/** Seconds with the same number of fraction digits everywhere, so that the order of texts is the order of times. */
function fixedWidth(text: string, precision: number): string {
  const utc = text.endsWith('Z') ? 'Z' : '';
  const [whole = '', fraction = ''] = text.replace('Z', '').split('.');
  const digits = fraction.padEnd(precision, '0');
  return `${whole}${digits === '' ? '' : `.${digits}`}${utc}`;
}

function printed(value: Value, type: Type): string {
  if (type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition')
    return printValue(type, value);
  throw new ODataError('InternalError', `A value of type ${type.qualifiedName} cannot be stored.`);
}

/** Each with its type before it; a dynamic property that is null is one that is not there (Protocol 11.4.9.2). */
function dynamicMembers(dynamic: GivenDynamic): readonly (readonly [string, string])[] {
  return [...dynamic].flatMap(([name, { type, json }]): (readonly [string, string])[] => {
    if (json.kind === 'null') return [];
    const value = [name, printGiven(json)] as const;
    return type === null ? [value] : [[`${name}@type`, JSON.stringify(type)], value];
  });
}

function printGiven(json: GivenJson): string {
  switch (json.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(json.value);
    case 'number':
      return json.text;
    case 'string':
      return JSON.stringify(json.value);
    case 'array':
      return `[${json.items.map(printGiven).join(',')}]`;
    case 'object':
      return printMembers([...json.members].map(([name, member]) => [name, printGiven(member)]));
  }
}

/** Dynamic properties of a new entity, as text of their column; null: there are none. */
export function writeDynamic(dynamic: GivenDynamic): string | null {
  return mergeDynamic(null, dynamic);
}

/** Dynamic properties as stored, with those of a change put in; null takes one away. */
export function mergeDynamic(current: unknown, dynamic: GivenDynamic): string | null {
  const stored = typeof current === 'string' ? readStored(current) : null;
  const members = new Map<string, string>(stored?.kind === 'object' ? textMembers(stored.members) : []);
  putDynamic(members, dynamic);
  return members.size === 0 ? null : printMembers(members);
}

function textMembers(members: ReadonlyMap<string, StoredJson>): readonly (readonly [string, string])[] {
  return [...members].map(([name, member]) => [name, printStored(member)]);
}

function putDynamic(members: Map<string, string>, dynamic: GivenDynamic): void {
  for (const name of dynamic.keys()) {
    members.delete(name);
    members.delete(`${name}@type`);
  }
  for (const [name, text] of dynamicMembers(dynamic)) members.set(name, text);
}

/**
 * A stored collection with items put in: at the end, or before the item at a position, which counts from the end when it is
 * negative, -1 being the end itself (Protocol 11.4.11); or in the place of that item, -1 being the last (11.4.10).
 */
export function appendStored(current: string, given: GivenItems, place: StoredPlace): string {
  const { at = null, takes = 'none' } = given;
  if (at === null) {
    const added = writeStored(given, place);
    if (added === '[]' || current === '[]') return added === '[]' ? current : added;
    return `${current.slice(0, -1)},${added.slice(1)}`;
  }
  const stored = readStored(current);
  const items = stored.kind === 'array' ? stored.items : [];
  const end = takes === 'none' ? items.length + 1 : items.length;
  const index = at < 0 ? Math.max(0, end + at) : Math.min(at, items.length);
  const behind = items.slice(takes === 'none' ? index : index + 1);
  const added = given.items.map((item) =>
    takes === 'merged' && item.kind === 'complex' ? merged(items[index], item, place.type) : writeStored(item, place),
  );
  return `[${[...items.slice(0, index).map(printStored), ...added, ...behind.map(printStored)].join(',')}]`;
}

/** A stored complex value with a change merged into it, member by member and recursively (Protocol 11.4.9.3); collections are replaced. */
export function mergeStored(current: string, change: GivenComplex): string {
  return merged(readStored(current), change, null);
}

function merged(current: StoredJson | undefined, change: GivenComplex, declared: Type | null): string {
  if (current?.kind !== 'object' || change.whole === true) return writeComplex(change, declared ?? change.type);
  const members = new Map<string, string>();
  const type = typeAfter(current.members.get('@type'), change, declared);
  if (type !== null) members.set('@type', JSON.stringify(type));
  for (const [name, text] of textMembers(current.members)) if (name !== '@type') members.set(name, text);
  for (const [name, property] of change.type.properties) {
    const given = change.members.get(property);
    if (given?.kind === 'appended') members.set(name, appendStored(members.get(name) ?? '[]', given, property));
    else if (given?.kind === 'complex') members.set(name, merged(current.members.get(name), given, property.type));
    else if (given !== undefined) members.set(name, writeStored(given, property));
    else if (!members.has(name)) members.set(name, absent(property, new Set()));
  }
  putDynamic(members, change.dynamic);
  return printMembers(members);
}

/** The type to be noted: a change that names no type speaks of the declared one and leaves a stored derived type alone. */
function typeAfter(stored: StoredJson | undefined, change: GivenComplex, declared: Type | null): string | null {
  const before = stored?.kind === 'raw' ? String(JSON.parse(stored.text)) : null;
  if (before !== null && change.type.derivedTypes.some(({ qualifiedName }) => qualifiedName === before)) return before;
  if (change.type === declared || (declared === null && change.type.baseType === null)) return null;
  return change.type.qualifiedName;
}
