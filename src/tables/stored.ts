import { Buffer } from 'node:buffer';
import type { ComplexType, Property, TypeReference, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type ColumnValue, codecFor, decode, encode } from './codec.js';
import { type Json, printJson, readJson } from './jsonText.js';
import type { Codec } from './layout.js';

/** A dynamic property as received. */
export interface StoredDynamic {
  readonly type: string | null;
  readonly json: Json;
}

/** A new value, as far as storing it goes; the changes that binding makes fit. */
export type StoredChange =
  | { readonly kind: 'value'; readonly value: Value }
  | StoredComplex
  | { readonly kind: 'collection'; readonly items: readonly StoredChange[] };

/** A complex value to be stored. */
export interface StoredComplex {
  readonly kind: 'complex';
  readonly type: ComplexType;
  readonly members: ReadonlyMap<Property, StoredChange>;
  readonly dynamic: ReadonlyMap<string, StoredDynamic>;
}

const nothing: Json = { kind: 'null' };

/** A value in the storage form of JSON columns: every declared member present, enumerations as integers, Decimal as text. */
export function writeStored(change: StoredChange, reference: TypeReference): string {
  return printJson(storedJson(change, reference));
}

/** A stored complex value with the members of `change` in place of its own (Protocol 11.4.9.3). */
export function mergeStored(before: string, change: StoredComplex): string {
  return printJson(merged(readJson(before), change));
}

function merged(before: Json, change: StoredComplex): Json {
  if (before.kind !== 'object') return complexJson(change, null);
  const type = before.members.get('@type');
  const same = (type?.kind === 'string' ? type.value : change.type.qualifiedName) === change.type.qualifiedName;
  const members = new Map(same ? before.members : nothingOf(change));
  for (const [property, member] of change.members) {
    const old = before.members.get(property.name);
    const nested = member.kind === 'complex' && !property.collection && old?.kind === 'object';
    members.set(property.name, nested ? merged(old, member) : storedJson(member, property));
  }
  setDynamic(members, change.dynamic);
  return { kind: 'object', members };
}

/** Another type than before: what the two have in common is not merged, the new value starts afresh. */
function nothingOf(change: StoredComplex): ReadonlyMap<string, Json> {
  const fresh = complexJson({ ...change, members: new Map(), dynamic: new Map() }, null);
  return fresh.kind === 'object' ? fresh.members : new Map();
}

function storedJson(change: StoredChange, reference: TypeReference): Json {
  switch (change.kind) {
    case 'value':
      return valueJson(change.value, codecFor({ ...reference, collection: false }));
    case 'complex':
      return complexJson(change, reference.type);
    case 'collection':
      return {
        kind: 'array',
        items: change.items.map((item) => storedJson(item, { ...reference, collection: false })),
      };
  }
}

function complexJson(change: StoredComplex, declared: TypeReference['type'] | null): Json {
  const members = new Map<string, Json>();
  if (change.type !== declared && (change.type.baseType !== null || declared !== null))
    members.set('@type', { kind: 'string', value: change.type.qualifiedName });
  for (const property of change.type.properties.values()) {
    const given = change.members.get(property);
    members.set(property.name, given === undefined ? absent(property) : storedJson(given, property));
  }
  setDynamic(members, change.dynamic);
  return { kind: 'object', members };
}

function absent(property: Property): Json {
  return property.collection ? { kind: 'array', items: [] } : nothing;
}

const largest = 'e+999';

/** As its column would hold it, but for what JSON has no form for. */
function valueJson(value: Value, codec: Codec): Json {
  if (value === null) return nothing;
  switch (codec.kind) {
    case 'boolean':
      return { kind: 'boolean', value: value === true };
    case 'binary':
      return { kind: 'string', value: value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : '' };
    case 'scaledDecimal':
    case 'decimal':
    case 'duration':
      return { kind: 'string', value: String(decode(codec, encode(codec, value))) };
    case 'geo':
    case 'json':
      return typeof value === 'string' ? readJson(value) : nothing;
    case 'integer':
    case 'enum':
    case 'double':
    case 'single':
      return { kind: 'number', text: numberText(encode(codec, value)) };
    case 'string':
    case 'guid':
    case 'date':
    case 'timeOfDay':
    case 'dateTimeOffset':
      return { kind: 'string', value: String(encode(codec, value)) };
  }
}

/** SQLite reads `9e+999` as infinity; JSON has no other form for it. */
function numberText(stored: ColumnValue): string {
  if (stored === Number.POSITIVE_INFINITY) return `9${largest}`;
  return stored === Number.NEGATIVE_INFINITY ? `-9${largest}` : String(stored);
}

/** Dynamic properties of a new row as one JSON object; null when there are none. */
export function writeDynamic(dynamic: ReadonlyMap<string, StoredDynamic>): string | null {
  return mergeDynamic(null, dynamic);
}

/** The stored dynamic properties with those of `dynamic` in place of their own; null removes one (Protocol 11.4.3, CSDL 6.3). */
export function mergeDynamic(before: ColumnValue, dynamic: ReadonlyMap<string, StoredDynamic>): string | null {
  const stored = typeof before === 'string' ? readJson(before) : null;
  const members = new Map(stored?.kind === 'object' ? stored.members : []);
  setDynamic(members, dynamic);
  return members.size === 0 ? null : printJson({ kind: 'object', members });
}

function setDynamic(members: Map<string, Json>, dynamic: ReadonlyMap<string, StoredDynamic>): void {
  for (const [name, { type, json }] of dynamic) {
    if (name.includes('@')) throw new ODataError('InvalidValue', `'${name}' cannot be the name of a property.`, name);
    members.delete(`${name}@type`);
    members.delete(name);
    if (json.kind === 'null') continue;
    if (type !== null) members.set(`${name}@type`, { kind: 'string', value: type });
    members.set(name, json);
  }
}
