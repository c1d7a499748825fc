import type { Property, Type } from '../../src/edm/index.js';
import { printValue } from '../../src/edm/index.js';
import type { World } from '../model/inline.js';
import { printDate, printDuration, printMoment, printTime } from './calendar.js';
import type { Data } from './data.js';
import { printExact } from './exact.js';
import { type Datum, type Instance, isList, isScalar, type Scalar } from './value.js';

/** Writes the data into a service: entities with what they contain, then every relation. */
export async function load(data: Data, world: World): Promise<void> {
  const urls = new Map<Instance, string>();
  for (const [set, entities] of data.sets)
    for (const entity of entities) {
      urls.set(entity, `${set}${keyOf(entity)}`);
      await send(world, 'POST', set, entityJson(entity, true));
    }
  for (const [entity, url] of [...urls]) await relate(entity, url, urls, world);
}

async function send(world: World, method: string, url: string, body: string): Promise<void> {
  const answer = await world.ask(method, url, { body });
  if (answer.status >= 300) throw new Error(`${method} ${url} ${body}: ${answer.status} ${answer.text}`);
}

async function relate(entity: Instance, url: string, urls: ReadonlyMap<Instance, string>, world: World): Promise<void> {
  for (const navigation of entity.type.navigationProperties.values()) {
    const linked = entity.links.get(navigation.name) ?? null;
    const items = linked === null ? [] : Array.isArray(linked) ? linked : [linked];
    const path = `${url}${castOf(entity)}/${navigation.name}`;
    for (const item of items) {
      if (navigation.containsTarget)
        await relate(item, navigation.collection ? `${path}${keyOf(item)}` : path, urls, world);
      else
        await send(
          world,
          navigation.collection ? 'POST' : 'PUT',
          `${path}/$ref`,
          JSON.stringify({ '@odata.id': urls.get(item) }),
        );
    }
  }
}

function castOf(entity: Instance): string {
  return entity.type.baseType === null ? '' : `/${entity.type.qualifiedName}`;
}

/** `('x')`, `(Area='x',Number=1)`, percent-encoded. */
export function keyOf(entity: Instance): string {
  if (entity.type.kind !== 'entity') return '';
  const parts = entity.type.key.map(({ name, properties }) => {
    const type = properties.at(-1)?.type;
    return [name, encodeURIComponent(literalOf(entity.values.get(name) ?? null, type ?? null))] as const;
  });
  const [first, ...more] = parts;
  return more.length === 0 ? `(${first?.[1]})` : `(${parts.map(([name, value]) => `${name}=${value}`).join(',')})`;
}

function literalOf(datum: Datum, type: Type | null): string {
  if (datum === null || isList(datum) || datum.kind === 'instance' || type === null) return 'null';
  return datum.kind === 'string' ? `'${datum.value.replaceAll("'", "''")}'` : textOf(datum, type);
}

/** An entity or complex value as JSON; numbers as exact as they are. */
export function entityJson(entity: Instance, full: boolean): string {
  const typed = entity.type.baseType === null ? [] : [`"@odata.type":"#${entity.type.qualifiedName}"`];
  const values = [...entity.type.properties.values()].map(
    (property) =>
      `${JSON.stringify(property.name)}:${propertyJson(entity.values.get(property.name) ?? null, property)}`,
  );
  const dynamic = [...entity.values].flatMap(([name, value]) =>
    entity.type.properties.has(name) || value === null || !isScalar(value)
      ? []
      : [`${JSON.stringify(name)}:${value.kind === 'string' ? JSON.stringify(value.value) : String(value.value)}`],
  );
  const inside = [...entity.type.navigationProperties.values()].flatMap((navigation) => {
    const linked = entity.links.get(navigation.name) ?? null;
    if (!full || !navigation.containsTarget || linked === null) return [];
    const text = Array.isArray(linked)
      ? `[${linked.map((item) => entityJson(item, true)).join(',')}]`
      : entityJson(linked, true);
    return [`${JSON.stringify(navigation.name)}:${text}`];
  });
  return `{${[...typed, ...values, ...dynamic, ...inside].join(',')}}`;
}

function propertyJson(datum: Datum, { type }: Property): string {
  if (isList(datum)) return `[${datum.map((item) => valueJson(item, type)).join(',')}]`;
  return valueJson(datum, type);
}

export function valueJson(datum: Datum, type: Type): string {
  if (datum === null) return 'null';
  if (isList(datum)) throw new Error('Collections do not nest.');
  if (datum.kind === 'instance') return entityJson(datum, false);
  const text = textOf(datum, type);
  const bare =
    datum.kind === 'integer' ||
    datum.kind === 'decimal' ||
    datum.kind === 'boolean' ||
    (datum.kind === 'double' && Number.isFinite(datum.value));
  return bare ? text : JSON.stringify(text);
}

/** The text of a single value, as in JSON strings. */
export function textOf(scalar: Scalar, type: Type): string {
  switch (scalar.kind) {
    case 'integer':
    case 'boolean':
      return String(scalar.value);
    case 'decimal':
      return printExact(scalar.value);
    case 'double':
      return String(scalar.value).replace('Infinity', 'INF');
    case 'enum':
      return type.kind === 'enum' ? printValue(type, scalar.value) : String(scalar.value);
    case 'date':
      return printDate(scalar.value);
    case 'moment':
      return printMoment(scalar.value);
    case 'time':
      return printTime(scalar.value);
    case 'duration':
      return printDuration(scalar.value);
    case 'string':
    case 'guid':
    case 'binary':
    case 'geo':
      return scalar.value;
  }
}
