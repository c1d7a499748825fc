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
import { call, columnOf, concat, value } from './build.js';
import { planExpansion, shapeCollection } from './expand.js';
import { type Address, navigationAddress, rowUrl } from './links.js';
import { type GroupedPlace, type Located, linkOf, type Many, type Place, presence, type Stored } from './place.js';
import type { ObjectMember, Scalar } from './relation.js';
import { etagOf, shapeRow } from './shape.js';
import { control, isSelected, type Shape, type Shaping, shapeComplex, shapeStored } from './shape-value.js';

/** What instances have besides the members of their type: names given to values, and what `$apply` has added. */
export interface Given {
  readonly computed: ReadonlyMap<string, Stored>;
  readonly added: ReadonlyMap<Property | NavigationProperty, Located>;
  /** What is known of the added; null: nothing was. */
  readonly structure: Structure | null;
}

export const nothingGiven: Given = { computed: new Map(), added: new Map(), structure: null };

/** What the instances of a request or an expansion have besides their members. */
export function givenBy(
  { structure }: BoundOptions,
  computed: ReadonlyMap<string, Stored>,
  added: ReadonlyMap<Property | NavigationProperty, Located> | undefined,
): Given {
  return { computed, added: added ?? new Map(), structure };
}

/** One instance as JSON object, whatever `$apply` has left of it. */
export function shapeInstance(
  item: Place | Stored,
  projection: Projection | null,
  given: Given,
  address: Address,
  shaping: Shaping,
): Scalar {
  switch (item.kind) {
    case 'row': {
      const whole = { type: item.type, selected: null, expanded: [] };
      return shapeRow(item, projection ?? whole, address, shaping.shape, shaping.planner, given);
    }
    case 'flattened':
    case 'json': {
      const type = item.kind === 'json' ? item.type : item.storage.type;
      return shapeComplex(item, projection ?? { type, selected: null, expanded: [] }, shaping);
    }
    case 'grouped':
      return shapeGrouped(item, projection, given, address, shaping);
    case 'variants': {
      const branches = item.options.map(({ when, located }) => ({
        when,
        gives: shapeLocated(located, projection, given, address, shaping),
      }));
      return { kind: 'case', branches, otherwise: null };
    }
    case 'stored':
      return shapeStored(item, shaping.shape);
  }
}

/** A single value wherever it stands. */
function shapeLocated(
  located: Located,
  projection: Projection | null,
  given: Given,
  address: Address,
  shaping: Shaping,
): Scalar {
  if (located.kind === 'many' || located.kind === 'through') {
    const { item, rows } = located;
    const inner: Given = { ...given, computed: namesOf(item) ?? given.computed };
    return { kind: 'subquery', relation: rows, value: shapeInstance(item, projection, inner, address, shaping) };
  }
  const object = shapeInstance(located, projection, given, address, shaping);
  return located.kind === 'grouped' ? whereThere(located, object) : object;
}

function namesOf(item: Located): ReadonlyMap<string, Stored> | undefined {
  return item.kind === 'row' || item.kind === 'grouped' ? item.names : undefined;
}

function whereThere(place: GroupedPlace, object: Scalar): Scalar {
  const there = presence(place);
  return there === null ? object : { kind: 'case', branches: [{ when: there, gives: object }], otherwise: null };
}

/** One result of an aggregation: the members by which it was grouped, and the values given names (Aggregation 3.2, JSON 4.6). */
function shapeGrouped(
  place: GroupedPlace,
  projection: Projection | null,
  given: Given,
  address: Address,
  shaping: Shaping,
): Scalar {
  const expanded = projection?.expanded ?? [];
  const members = [
    ...identity(place, address, shaping.shape),
    ...groupedMembers(place, projection, shaping),
    ...namedMembers(given, projection, shaping),
    ...expanded.flatMap((expansion) => groupedExpansion(place, expansion, given, address, shaping)),
  ];
  return { kind: 'object', members };
}

/** A result is transient and has no id (JSON 4.6, AG028), unless it still has the key of its entity (AG027). */
function identity({ self }: GroupedPlace, address: Address, shape: Shape): readonly ObjectMember[] {
  if (shape.metadata === 'none') return [];
  const id = control('id', shape);
  if (self?.item.kind !== 'row') return shape.version === '4.0' ? [{ name: id, value: value(null) }] : [];
  const { rows, item } = self;
  const of = (scalar: Scalar): Scalar => ({ kind: 'subquery', relation: rows, value: scalar });
  const etag = etagOf(item);
  return [
    ...(shape.metadata === 'full'
      ? [{ name: id, value: of(concat(shape.base, rowUrl(address, item.table, item.as))) }]
      : []),
    ...(etag === null ? [] : [{ name: control('etag', shape), value: of(etag) }]),
  ];
}

/** The members by which it was grouped. With `$expand` only its own navigation properties are shown (AG037). */
function groupedMembers(place: GroupedPlace, projection: Projection | null, shaping: Shaping): readonly ObjectMember[] {
  const isExpanded = projection?.explicit ?? false;
  const members = [...place.members.values()].flatMap(({ property, located }): readonly ObjectMember[] => {
    const isHidden =
      property.kind === 'navigationProperty' ? isExpanded : !isSelected(property, projection?.selected ?? null);
    if (isHidden || isAdded(property, place)) return [];
    const shown = memberValue(property, located, shaping);
    const member: ObjectMember = { name: property.name, value: property.collection ? alone(shown) : shown };
    const present = located.kind === 'stored' ? located.present : undefined;
    return [present === undefined ? member : { ...member, when: call('is', present, value(1n)) }];
  });
  return [...subtypes(place, shaping.shape), ...members];
}

/** A group that has members of a subtype is of that type (Aggregation 3.2.3.1). */
function subtypes({ members, type }: GroupedPlace, shape: Shape): readonly ObjectMember[] {
  if (shape.metadata === 'none') return [];
  const found = new Map<string, Scalar>();
  for (const { property, located } of members.values()) {
    const { declaringType } = property;
    const isSub = type.derivedTypes.some((derived) => derived === declaringType);
    if (isSub && located.kind === 'stored' && located.present !== undefined)
      found.set(declaringType.qualifiedName, call('is', located.present, value(1n)));
  }
  return [...found].map(([name, when]) => ({ name: control('type', shape), value: value(`#${name}`), when }));
}

/** Of a collection the one item that is left of it (Aggregation 6.2.2). */
function alone(item: Scalar): Scalar {
  const only = call('isNotNull', columnOf('@one', 'key')); // without a column of its own the array would be one of the rows around it
  const shown: Scalar = { kind: 'case', branches: [{ when: only, gives: item }], otherwise: null };
  return { kind: 'items', relation: { kind: 'each', json: value('[0]'), as: '@one' }, item: shown };
}

function memberValue(property: Property | NavigationProperty, located: Located, shaping: Shaping): Scalar {
  return located.kind === 'grouped'
    ? whereThere(located, { kind: 'object', members: groupedMembers(located, null, shaping) })
    : shapeLocated(located, null, nothingGiven, addressOf(property, located), shaping);
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
  shaping: Shaping,
): readonly ObjectMember[] {
  const { property } = expansion;
  const located = given.added.get(property) ?? place.members.get(property.name)?.located;
  if (located !== undefined) return expandedLocated(located, expansion, shaping);
  if (place.self?.item.kind !== 'row') return [];
  const { rows, item } = place.self;
  const via = concat(rowUrl(address, item.table, item.as), `/${property.name}`);
  const target = navigationAddress(via, property, linkOf(item, property).target);
  return planExpansion(item, expansion, { address: target, via }, shaping.shape, shaping.planner).map((member) => ({
    ...member,
    value: { kind: 'subquery', relation: rows, value: member.value },
  }));
}

/** `$expand` of what `$apply` has added, with the context that tells what it is. */
export function addedExpansions(
  given: Given,
  expanded: readonly Expansion[],
  shaping: Shaping,
): readonly ObjectMember[] {
  return expanded.flatMap((expansion) => {
    const located = given.added.get(expansion.property);
    if (located === undefined) return [];
    const added = given.structure?.added.get(expansion.property.name);
    const context = added === undefined ? [] : contextOf(added, shaping.shape, true);
    return [...context, ...expandedLocated(located, expansion, shaping)];
  });
}

/** `$expand` of what is there already: grouped by, or added. */
function expandedLocated(located: Located, expansion: Expansion, shaping: Shaping): readonly ObjectMember[] {
  const { property, options } = expansion;
  const { shape, planner } = shaping;
  const address = addressOf(property, located);
  if (located.kind === 'many' || (located.kind === 'through' && located.item.kind === 'row'))
    return shapeCollection({ expansion, address, via: null, above: [], again: () => located }, shape, planner);
  const given: Given = { computed: namesOf(located) ?? new Map(), added: new Map(), structure: options.structure };
  return [{ name: property.name, value: shapeLocated(located, options.projection, given, address, shaping) }];
}

/** Values with names of their own, then what was added and is shown without being asked for. */
export function namedMembers(given: Given, projection: Projection | null, shaping: Shaping): readonly ObjectMember[] {
  const selected = projection?.selected ?? null;
  const isShown = (name: string) =>
    selected === null || selected.all || selected.computed.has(name) || name.startsWith('@');
  const values = [...given.computed]
    .filter(([name]) => isShown(name))
    .flatMap(([name, stored]) => aliasMembers(name, stored, shaping.shape));
  const isExpanded = projection?.explicit ?? false;
  const added = [...(given.structure?.added.values() ?? [])].filter(({ property, shown }) =>
    property.kind === 'navigationProperty' ? shown && !isExpanded : isShown(property.name),
  );
  return [...values, ...added.flatMap((one) => addedMembers(one, given, shaping))];
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
function addedMembers(added: Added, given: Given, shaping: Shaping): readonly ObjectMember[] {
  const { property, structure } = added;
  const located = given.added.get(property);
  if (located === undefined) return [];
  const inner: Given = { ...withinOf(located), structure };
  const address = addressOf(property, located);
  const shown =
    located.kind === 'many'
      ? itemsOf(located, inner, address, shaping)
      : shapeLocated(located, null, inner, address, shaping);
  return [...contextOf(added, shaping.shape), { name: property.name, value: shown }];
}

function contextOf(added: Added, shape: Shape, explicit = false): readonly ObjectMember[] {
  if (shape.metadata === 'none') return [];
  const context = `${shape.base}$metadata#${addedContext(added, shape.version, explicit)}`;
  return [{ name: `${added.property.name}${control('context', shape)}`, value: value(context) }];
}

function withinOf(located: Located): Pick<Given, 'computed' | 'added'> {
  if (located.kind === 'many' && located.applied !== undefined) return located.applied;
  return { computed: namesOf(located.kind === 'through' ? located.item : located) ?? new Map(), added: new Map() };
}

function itemsOf(many: Many, given: Given, address: Address, shaping: Shaping): Scalar {
  const { item } = many;
  const by = many.applied?.order ?? (item.kind === 'row' ? keyOrder(item, item.as) : []);
  const relation = { kind: 'order', from: many.rows, by } as const;
  return { kind: 'items', relation, item: shapeInstance(item, null, given, address, { ...shaping, url: address.url }) };
}
