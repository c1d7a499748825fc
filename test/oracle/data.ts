import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type {
  ComplexType,
  EntitySet,
  EntityType,
  NavigationProperty,
  Property,
  StructuredType,
} from '../../src/edm/index.js';
import { loadModel, type Model } from '../../src/index.js';
import type { Chooser } from '../random/chooser.js';
import { chooserOf } from '../random/chooser.js';
import { textsOf } from './pools.js';
import { compareForOrder, type Datum, type Instance, read } from './value.js';

/** The model of the oracle: every primitive type, inheritance, complex values, collections, relations of every shape. */
export const model: Model = loadModel(fileURLToPath(new URL('model/schema/oracle.csdl.xml', import.meta.url)));

/** Everything a service holds, in memory; each set in the order of its key. */
export interface Data {
  readonly sets: ReadonlyMap<string, readonly Instance[]>;
}

/** Random data for the model's sets, `size` entities in each. */
export const data = (size: number): fc.Arbitrary<Data> => fc.gen().map((generate) => make(chooserOf(generate), size));

function entitySets(): readonly EntitySet[] {
  const children = [...(model.container?.children.values() ?? [])];
  return children.filter((child): child is EntitySet => child.kind === 'entitySet');
}

function make(choose: Chooser, size: number): Data {
  const sets = new Map<string, readonly Instance[]>();
  for (const set of entitySets()) sets.set(set.name, inKeyOrder(entities(choose, set.type, size)));
  for (const set of entitySets()) for (const entity of sets.get(set.name) ?? []) relate(choose, entity, set, sets);
  for (const entity of [...sets.values()].flat())
    for (const linked of entity.links.values()) if (Array.isArray(linked)) linked.sort(byKey);
  return { sets };
}

export function inKeyOrder(items: readonly Instance[]): readonly Instance[] {
  return [...items].sort(byKey);
}

/** By the key properties, one after the other. */
export function byKey(left: Instance, right: Instance): number {
  if (left.type.kind !== 'entity') return 0;
  for (const { name } of left.type.key) {
    const difference = compareForOrder(left.values.get(name) ?? null, right.values.get(name) ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}

function entities(choose: Chooser, type: EntityType, size: number): readonly Instance[] {
  const found = new Map<string, Instance>();
  for (let at = 0; at < size; at++) {
    const entity = instance(choose, choose.of([type, type, ...type.derivedTypes]));
    found.set(keyText(entity), entity);
  }
  return [...found.values()];
}

function keyText(entity: Instance): string {
  if (entity.type.kind !== 'entity') return '';
  return entity.type.key.map(({ name }) => shown(entity.values.get(name) ?? null)).join('\n');
}

const shown = (datum: Datum): string => (datum !== null && 'value' in datum ? String(datum.value) : '');

function instance(choose: Chooser, type: StructuredType): Instance {
  const made: Instance = { kind: 'instance', type, values: new Map(), links: new Map() };
  for (const property of type.properties.values()) made.values.set(property.name, propertyValue(choose, property));
  if (type.open && choose.chance(0.8)) made.values.set('Extra', choose.of(dynamicValues));
  for (const navigation of type.navigationProperties.values()) {
    made.links.set(navigation.name, navigation.collection ? [] : null);
    if (navigation.containsTarget && navigation.type.kind === 'entity')
      contain(choose, made, navigation, navigation.type);
  }
  return made;
}

/** Of a property that no type declares. */
const dynamicValues: readonly Datum[] = [
  { kind: 'string', value: 'a' },
  { kind: 'string', value: '7' },
  { kind: 'integer', value: 7n },
  { kind: 'integer', value: 0n },
  { kind: 'integer', value: -1n },
  { kind: 'boolean', value: true },
  { kind: 'boolean', value: false },
];

function contain(choose: Chooser, made: Instance, navigation: NavigationProperty, type: EntityType): void {
  const inside = inKeyOrder(entities(choose, type, choose.whole(0, 3)));
  made.links.set(navigation.name, navigation.collection ? [...inside] : (inside[0] ?? null));
}

function propertyValue(choose: Chooser, property: Property): Datum {
  const isKey =
    property.declaringType.kind === 'entity' && property.declaringType.key.some(({ name }) => name === property.name);
  if (!property.collection) return property.nullable && choose.chance(0.25) ? null : value(choose, property, isKey);
  const items = Array.from({ length: choose.of([0, 1, 2, 3]) }, () => value(choose, property, false));
  return items;
}

function value(choose: Chooser, property: Property, isKey: boolean): Datum {
  const { type } = property;
  if (type.kind === 'complex') return instance(choose, choose.of<ComplexType>([type, type, ...type.derivedTypes]));
  if (isKey && /Int/.test(type.qualifiedName)) return { kind: 'integer', value: BigInt(choose.whole(1, 60)) };
  return read(type, choose.of(textsOf(type, property)));
}

/** Random relations, seen from both sides where the property has a partner. */
function relate(choose: Chooser, from: Instance, set: EntitySet, sets: Data['sets'], path = ''): void {
  for (const navigation of from.type.navigationProperties.values()) {
    const inside = from.links.get(navigation.name) ?? null;
    if (navigation.containsTarget) {
      for (const entity of inside === null ? [] : Array.isArray(inside) ? inside : [inside])
        relate(choose, entity, set, sets, `${path}${navigation.name}/`);
      continue;
    }
    const bound = set.bindings.find(
      (binding) => binding.path.replace(/[^/]*\.[^/]*\//g, '') === `${path}${navigation.name}`,
    );
    const targets = sets.get(bound?.targetSet?.name ?? '') ?? [];
    if (navigation.collection && navigation.partner !== null && !navigation.partner.collection) continue; // set from the other side
    if (targets.length === 0 || choose.chance(0.3)) continue;
    for (let count = navigation.collection ? choose.whole(1, 4) : 1; count > 0; count--)
      link(from, navigation, choose.of(targets));
  }
}

function link(from: Instance, navigation: NavigationProperty, to: Instance): void {
  add(from, navigation, to);
  if (navigation.partner !== null) add(to, navigation.partner, from);
}

function add(from: Instance, navigation: NavigationProperty, to: Instance): void {
  const now = from.links.get(navigation.name);
  if (!navigation.collection) from.links.set(navigation.name, to);
  else if (Array.isArray(now) && !now.includes(to)) now.push(to);
}
