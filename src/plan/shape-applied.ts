import {
  type Added,
  addedContext,
  type BoundOptions,
  type Expansion,
  type Projection,
  type Structure,
} from '../bind/index.js';
import type { NavigationProperty, Property, Type } from '../edm/index.js';
import { keyOrder } from './apply.js';
import { call, value } from './build.js';
import { type Expanding, planExpansion, shapeCollection } from './expand.js';
import { type Address, navigationAddress, rowUrl } from './links.js';
import {
  type GroupedPlace,
  type Located,
  linkOf,
  type Many,
  type Place,
  type Planner,
  presence,
  type Stored,
} from './place.js';
import type { ObjectMember, Scalar } from './relation.js';
import { control, etagOf, isSelected, type Shape, shapeComplex, shapeRow, shapeStored } from './shape.js';

/** What instances have besides the members of their type: names given to values, and what `$apply` has added. */
export interface Given {
  readonly computed: ReadonlyMap<string, Stored>;
  readonly added: ReadonlyMap<Property | NavigationProperty, Located>;
  /** What is known of the added; null: nothing was. */
  readonly structure: Structure | null;
}

export const nothingGiven: Given = { computed: new Map(), added: new Map(), structure: null };

type Row = Extract<Place, { kind: 'row' }>;

/** One instance as JSON object, whatever `$apply` has left of it. */
export function shapeInstance(
  item: Place | Stored,
  projection: Projection | null,
  given: Given,
  address: Address,
  shape: Shape,
  planner: Planner,
): Scalar {
  switch (item.kind) {
    case 'row':
      return shapeRow(item, projection ?? whole(item), address, shape, planner, given);
    case 'flattened':
    case 'json': {
      const type = item.kind === 'json' ? item.type : item.storage.type;
      return shapeComplex(item, projection ?? { type, selected: null, expanded: [] }, shape, planner);
    }
    case 'grouped':
      return shapeGrouped(item, projection, given, address, shape, planner);
    case 'variants':
      return {
        kind: 'case',
        branches: item.options.map(({ when, located }) => ({
          when,
          gives: shapeLocated(located, projection, given, address, shape, planner),
        })),
        otherwise: null,
      };
    case 'stored':
      return shapeStored(item, shape);
  }
}

const whole = ({ type }: Row): Projection => ({ type, selected: null, expanded: [] });

/** A single value wherever it stands. */
function shapeLocated(
  located: Located,
  projection: Projection | null,
  given: Given,
  address: Address,
  shape: Shape,
  planner: Planner,
): Scalar {
  if (located.kind === 'many' || located.kind === 'through') {
    const { item, rows } = located;
    const names = item.kind === 'row' || item.kind === 'grouped' ? item.names : undefined;
    const inner: Given = names === undefined ? given : { ...given, computed: names };
    return { kind: 'subquery', relation: rows, value: shapeInstance(item, projection, inner, address, shape, planner) };
  }
  const object = shapeInstance(located, projection, given, address, shape, planner);
  const there = located.kind === 'grouped' ? presence(located) : null;
  return there === null ? object : { kind: 'case', branches: [{ when: there, gives: object }], otherwise: null };
}

/** One result of an aggregation: the members by which it was grouped, and the values given names (Aggregation 3.2, JSON 4.6). */
function shapeGrouped(
  place: GroupedPlace,
  projection: Projection | null,
  given: Given,
  address: Address,
  shape: Shape,
  planner: Planner,
): Scalar {
  const members = [
    ...identity(place, address, shape),
    ...groupedMembers(place, projection, shape, planner),
    ...namedMembers(given, projection, shape, planner),
    ...(projection?.expanded ?? []).flatMap((expansion) =>
      groupedExpansion(place, expansion, given, address, shape, planner),
    ),
  ];
  return { kind: 'object', members };
}

/** A result is transient and has no id (JSON 4.6, AG028), unless it still has the key of its entity (AG027). */
function identity({ self }: GroupedPlace, address: Address, shape: Shape): readonly ObjectMember[] {
  if (shape.metadata === 'none') return [];
  if (self?.item.kind !== 'row')
    return shape.version === '4.0' ? [{ name: control('id', shape), value: value(null) }] : [];
  const { rows, item } = self;
  const of = (scalar: Scalar): Scalar => ({ kind: 'subquery', relation: rows, value: scalar });
  const id = call('concat', value(shape.base), rowUrl(address, item.table, item.as));
  const etag = etagOf(item);
  return [
    { name: control('id', shape), value: of(id) },
    ...(etag === null ? [] : [{ name: control('etag', shape), value: of(etag) }]),
  ];
}

function groupedMembers(
  place: GroupedPlace,
  projection: Projection | null,
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  const isExpanded = (projection?.expanded.length ?? 0) > 0;
  return [...place.members.values()].flatMap(({ property, located }): readonly ObjectMember[] => {
    const isHidden =
      property.kind === 'navigationProperty' ? isExpanded : !isSelected(property, projection?.selected ?? null);
    if (isHidden || isAdded(property, place)) return [];
    const present = located.kind === 'stored' ? located.present : undefined;
    return [
      {
        name: property.name,
        value:
          located.kind === 'grouped'
            ? partOf(located, shape, planner)
            : shapeLocated(located, null, nothingGiven, addressOf(property, located), shape, planner),
        ...(present === undefined ? {} : { when: call('is', present, value(1n)) }),
      },
    ];
  });
}

/** What is left of a value on the way. */
function partOf(place: GroupedPlace, shape: Shape, planner: Planner): Scalar {
  const object: Scalar = { kind: 'object', members: groupedMembers(place, null, shape, planner) };
  const there = presence(place);
  return there === null ? object : { kind: 'case', branches: [{ when: there, gives: object }], otherwise: null };
}

/** What was added is shown with its context. */
function isAdded(property: Property | NavigationProperty, { type }: GroupedPlace): boolean {
  const { properties, navigationProperties } = type;
  return !properties.has(property.name) && !navigationProperties.has(property.name) && property.declaringType === type;
}

function addressOf(property: Property | NavigationProperty, located: Located): Address {
  const item = located.kind === 'through' || located.kind === 'many' ? located.item : located;
  return item.kind === 'row' && property.kind === 'navigationProperty'
    ? navigationAddress(value(''), { ...property, containsTarget: false }, item.table)
    : { url: value(''), keyed: false };
}

function groupedExpansion(
  place: GroupedPlace,
  expansion: Expansion,
  given: Given,
  address: Address,
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  const { property } = expansion;
  const located = given.added.get(property) ?? place.members.get(property.name)?.located;
  if (located !== undefined) return addedExpansion(located, expansion, shape, planner);
  if (place.self?.item.kind !== 'row') return [];
  const { rows, item } = place.self;
  const link = linkOf(item, property);
  const inner = navigationAddress(rowUrl(address, item.table, item.as), property, link.target);
  return planExpansion(item, expansion, inner, shape, planner).map((member) => ({
    ...member,
    value: { kind: 'subquery', relation: rows, value: member.value },
  }));
}

/** `$expand` of what is there already: grouped by, or added. */
export function addedExpansion(
  located: Located,
  expansion: Expansion,
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  const { property, options } = expansion;
  const address = addressOf(property, located);
  if (located.kind === 'many' || (located.kind === 'through' && located.item.kind === 'row')) {
    const expanding: Expanding = { expansion, address, again: () => located };
    return shapeCollection(expanding, shape, planner);
  }
  const given: Given = { computed: new Map(), added: new Map(), structure: options.structure };
  return [
    {
      name: property.name,
      value: shapeLocated(located, options.projection, withNames(given, located), address, shape, planner),
    },
  ];
}

function withNames(given: Given, located: Located): Given {
  return located.kind === 'grouped' || located.kind === 'row'
    ? { ...given, computed: located.names ?? given.computed }
    : given;
}

/** Values with names of their own, then what was added and is shown without being asked for. */
export function namedMembers(
  given: Given,
  projection: Projection | null,
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  const selected = projection?.selected ?? null;
  const isShown = (name: string) => selected === null || selected.all || selected.computed.has(name);
  const values = [...given.computed]
    .filter(([name]) => isShown(name) && !name.startsWith('@'))
    .flatMap(([name, stored]) => aliasMembers(name, stored, shape));
  const isExpanded = (projection?.expanded.length ?? 0) > 0;
  const added = [...(given.structure?.added.values() ?? [])].filter(({ property, shown }) =>
    property.kind === 'navigationProperty' ? shown && !isExpanded : isShown(property.name),
  );
  return [...values, ...added.flatMap((one) => addedMembers(one, given, shape, planner))];
}

/** A dynamic value with its type, where JSON does not tell it (JSON 4.6.3, AG033). */
function aliasMembers(name: string, stored: Stored, shape: Shape): readonly ObjectMember[] {
  const { present, type = null } = stored;
  const when = present === undefined ? {} : { when: call('is', present, value(1n)) };
  const member: ObjectMember = { name, value: shapeStored(stored, shape), ...when };
  const known = type === null || /^Edm\.(String|Boolean|Double)$/.test(type.qualifiedName);
  if (known || shape.metadata === 'none') return [member];
  const there = call('isNotNull', stored.scalar);
  return [{ name: `${name}${control('type', shape)}`, value: value(typeText(type, shape)), when: there }, member];
}

/** In 4.01 a primitive type goes without number sign (JSON 4.5.3). */
function typeText({ qualifiedName }: Type, shape: Shape): string {
  const isPrimitive = qualifiedName.startsWith('Edm.');
  return `${isPrimitive && shape.version !== '4.0' ? '' : '#'}${isPrimitive ? qualifiedName.slice(4) : qualifiedName}`;
}

/** What was added, with the context that tells what it is (Aggregation 3.4.3, 3.5). */
function addedMembers(added: Added, given: Given, shape: Shape, planner: Planner): readonly ObjectMember[] {
  const { property, structure } = added;
  const located = given.added.get(property);
  if (located === undefined) return [];
  const inner: Given = { ...innerOf(located), structure };
  const address = addressOf(property, located);
  const member: ObjectMember = {
    name: property.name,
    value:
      located.kind === 'many'
        ? itemsOf(located, inner, address, shape, planner)
        : shapeLocated(located, null, inner, address, shape, planner),
  };
  if (shape.metadata === 'none') return [member];
  const context = `${shape.base}$metadata#${addedContext(added, shape.version)}`;
  return [{ name: `${property.name}${control('context', shape)}`, value: value(context) }, member];
}

function innerOf(located: Located): Pick<Given, 'computed' | 'added'> {
  if (located.kind === 'many' && located.applied !== undefined) return located.applied;
  const item = located.kind === 'through' ? located.item : located;
  const names = item.kind === 'row' || item.kind === 'grouped' ? item.names : undefined;
  return { computed: names ?? new Map(), added: new Map() };
}

function itemsOf(many: Many, given: Given, address: Address, shape: Shape, planner: Planner): Scalar {
  const by = many.applied?.order ?? (many.item.kind === 'row' ? keyOrder(many.item, many.item.as) : []);
  return {
    kind: 'items',
    relation: { kind: 'order', from: many.rows, by },
    item: shapeInstance(many.item, null, given, address, shape, planner),
  };
}

/** What the instances of a request or an expansion have besides their members. */
export function givenBy(
  options: BoundOptions,
  computed: ReadonlyMap<string, Stored>,
  added: ReadonlyMap<Property | NavigationProperty, Located> | undefined,
): Given {
  return { computed, added: added ?? new Map(), structure: options.structure };
}
