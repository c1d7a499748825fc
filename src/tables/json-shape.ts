import {
  isStreamType,
  type Model,
  type Property,
  parseValue,
  printValue,
  readable,
  type StructuredType,
  type Type,
  withheld,
  withheldName,
} from '../edm/index.js';
import { writeValue } from './json-form.js';
import { printMembers, printStored, readStored, type StoredJson, unquoted } from './json-text.js';

/** How stored JSON is to be shown (JSON 3). */
export interface StoredShape {
  readonly version: '4.0' | '4.01';
  readonly metadata: 'none' | 'minimal' | 'full';
  /** Int64 and Decimal as strings (JSON 3.2). */
  readonly ieee754Compatible: boolean;
  /** The members to be shown; null: all. */
  readonly select: SelectedMembers | null;
  /** What is left out (Protocol 8.2.8.6). */
  readonly omit: 'nulls' | 'defaults' | null;
}

/** Names of members, with those to be shown within them; null: all. */
export interface SelectedMembers {
  readonly [name: string]: SelectedMembers | null;
}

/** What stands in a JSON column: the declared type, or null for dynamic properties alone. */
export interface StoredType {
  readonly type: Type;
  readonly collection: boolean;
}

/** Stored JSON as output JSON: names of enumerations, exact Decimals, `@odata.type` where the type does not show. */
export function shapeStored(text: string, stored: StoredType | null, shape: StoredShape): string {
  const json = readStored(text);
  if (stored === null)
    return json.kind === 'object' ? printMembers(dynamicMembers(json.members, new Set(), shape)) : '{}';
  return shaped(json, stored.type, shape);
}

/**
 * The same as function of texts, for the database to call: the name of the type, `Collection(…)` or empty for dynamic properties,
 * and the shape as JSON. What the few different texts mean is kept.
 */
export function storedShaper(
  model: Pick<Model, 'type'>,
): (text: string | null, typeName: string, shape: string) => string | null {
  const types = new Map<string, StoredType | null>();
  let last: { readonly text: string; readonly shape: StoredShape } | null = null;
  const typeOf = (name: string): StoredType | null => {
    let found = types.get(name);
    if (found === undefined) {
      const item = /^Collection\((.*)\)$/.exec(name)?.[1];
      const type = model.type(item ?? name);
      found = type === null ? null : { type, collection: item !== undefined };
      types.set(name, found);
    }
    return found;
  };
  return (text, typeName, shapeText) => {
    if (text === null) return null;
    if (last?.text !== shapeText) last = { text: shapeText, shape: JSON.parse(shapeText) };
    return shapeStored(text, typeOf(typeName), last.shape);
  };
}

/** A single value or the items of a collection alike. */
function shaped(json: StoredJson, type: Type, shape: StoredShape): string {
  if (json.kind === 'array' && !isGeo(type))
    return `[${json.items.map((item) => shaped(item, type, shape)).join(',')}]`;
  if ((type.kind === 'complex' || type.kind === 'entity') && json.kind === 'object')
    return shapedComplex(json.members, type, shape);
  return json.kind === 'raw' ? shapedValue(json.text, type, shape) : printStored(json);
}

function isGeo(type: Type): boolean {
  return /^Edm\.Geo/.test(type.qualifiedName);
}

function shapedValue(text: string, type: Type, shape: StoredShape): string {
  if (text === 'null') return text;
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  if (base.kind === 'enum') return /^-?\d+$/.test(text) ? JSON.stringify(printValue(base, BigInt(text))) : text;
  if (base.qualifiedName === 'Edm.Int64' || base.qualifiedName === 'Edm.Decimal') return exactNumber(text, shape);
  return text.endsWith('9e+999') ? (text.startsWith('-') ? '"-INF"' : '"INF"') : text;
}

/** Int64 and Decimal, stored quoted or not, as this response has them (JSON 3.2). */
function exactNumber(text: string, shape: StoredShape): string {
  const digits = text.startsWith('"') ? text.slice(1, -1) : text;
  return shape.ieee754Compatible || !/^-?\d/.test(digits) ? `"${digits}"` : digits;
}

function control(property: string, name: string, shape: StoredShape): string {
  return `${property}@${shape.version === '4.0' ? 'odata.' : ''}${name}`;
}

function shapedComplex(stored: ReadonlyMap<string, StoredJson>, declared: StructuredType, shape: StoredShape): string {
  const members: (readonly [string, string])[] = [];
  const type = storedType(stored.get('@type'), declared);
  if (shape.metadata === 'full' || (shape.metadata === 'minimal' && type !== declared))
    members.push([control('', 'type', shape), JSON.stringify(`#${type.qualifiedName}`)]); // JSON 4.5.3
  for (const [name, property] of readable(type)) {
    if (!isSelected(name, shape) || (isStreamType(property.type) && !property.collection)) continue;
    if (isOmitted(stored.get(name), property, shape)) continue;
    const named = shape.metadata === 'full' ? shownType(property, shape) : null;
    if (named !== null) members.push([control(name, 'type', shape), JSON.stringify(named)]);
    const value = stored.get(name);
    members.push([
      name,
      value === undefined
        ? property.collection
          ? '[]'
          : 'null'
        : shaped(value, property.type, { ...shape, select: shape.select?.[name] ?? null }),
    ]);
  }
  if (shape.metadata !== 'none')
    for (const { name } of withheld(type)) if (isSelected(name, shape)) members.push([withheldName(name), '"None"']); // Protocol 11.2.2
  return printMembers([...members, ...dynamicMembers(stored, new Set(type.properties.keys()), shape)]);
}

function storedType(named: StoredJson | undefined, declared: StructuredType): StructuredType {
  if (named?.kind !== 'raw') return declared;
  const name = unquoted(named.text);
  return declared.derivedTypes.find(({ qualifiedName }) => qualifiedName === name) ?? declared;
}

function isSelected(name: string, { select }: StoredShape): boolean {
  return select === null || Object.hasOwn(select, name);
}

/** Collections never are (Protocol 8.2.8.6-8). */
function isOmitted(value: StoredJson | undefined, property: Property, { omit }: StoredShape): boolean {
  if (omit === null || property.collection) return false;
  const isNull = value === undefined || (value.kind === 'raw' && value.text === 'null');
  const { type, defaultValue } = property;
  if (omit === 'nulls' || defaultValue === null) return isNull;
  if (type.kind === 'complex' || type.kind === 'entity' || type.kind === 'abstract') return isNull;
  return value?.kind === 'raw' && value.text === writeValue(parseValue(type, defaultValue), property);
}

/** The type of a declared property at full metadata, where its JSON does not show it; complex values name their own (JSON 4.5.3). */
export function shownType(property: Property, shape: Pick<StoredShape, 'version'>): string | null {
  const name = property.type.qualifiedName;
  if (property.collection) return `#Collection(${name.replace(/^Edm\./, '')})`;
  if (property.type.kind === 'complex' || /^Edm\.(String|Boolean|Double)$/.test(name)) return null;
  return typeText(name, shape);
}

/** In 4.01 a primitive type goes without number sign (JSON 4.5.3). */
function typeText(name: string, shape: Pick<StoredShape, 'version'>): string {
  return name.startsWith('Edm.') ? `${shape.version === '4.0' ? '#' : ''}${name.slice(4)}` : `#${name}`;
}

/** Dynamic properties, with the type that was named for them (JSON 4.5.3). */
function dynamicMembers(
  stored: ReadonlyMap<string, StoredJson>,
  declared: ReadonlySet<string>,
  shape: StoredShape,
): readonly (readonly [string, string])[] {
  const members: (readonly [string, string])[] = [];
  for (const [name, json] of stored) {
    if (name.includes('@') || declared.has(name) || !isSelected(name, shape)) continue;
    const noted = stored.get(`${name}@type`);
    const type = noted?.kind === 'raw' ? unquoted(noted.text) : null;
    if (type !== null && shape.metadata !== 'none')
      members.push([control(name, 'type', shape), JSON.stringify(dynamicType(type, shape))]);
    members.push([name, dynamicValue(json, type, shape)]);
  }
  return members;
}

function dynamicType(type: string, shape: StoredShape): string {
  const item = /^Collection\((.*)\)$/.exec(type)?.[1];
  return item === undefined ? typeText(type, shape) : `#Collection(${item.replace(/^Edm\./, '')})`;
}

function dynamicValue(json: StoredJson, type: string | null, shape: StoredShape): string {
  const item = /^Collection\((.*)\)$/.exec(type ?? '')?.[1] ?? type;
  if (item !== 'Edm.Int64' && item !== 'Edm.Decimal') return printStored(json);
  if (json.kind === 'array') return `[${json.items.map((one) => dynamicValue(one, item, shape)).join(',')}]`;
  return json.kind === 'raw' && json.text !== 'null' ? exactNumber(json.text, shape) : printStored(json);
}
