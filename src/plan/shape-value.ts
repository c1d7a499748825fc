import type { BoundOptions, Expansion, Expression, Projection, Selection, Variable } from '../bind/index.js';
import {
  type ComplexType,
  type EntitySet,
  type EntityType,
  isStreamType,
  type NavigationProperty,
  type Operation,
  type Property,
  parseValue,
  readable,
  type Singleton,
  type StructuredType,
  withheld,
  withheldName,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { MetadataLevel, ODataVersion } from '../protocol/index.js';
import { type Codec, encode, type SelectedMembers, type Storage, shownType } from '../tables/index.js';
import { call, columnOf, concat, value } from './build.js';
import { planExpansion } from './expand.js';
import { navigationAddress } from './links.js';
import { narrowed as narrow } from './narrow.js';
import { askedOrder, orderOf } from './order.js';
import { linkOf, type Place, type Planner, presence, propertyOf, type Stored } from './place.js';
import type { ObjectMember, Relation, Scalar } from './relation.js';

/** How results are to be written (JSON 3, 4.5). */
export interface Shape {
  readonly version: ODataVersion;
  readonly metadata: MetadataLevel;
  readonly ieee754Compatible: boolean;
  /** `@type` on every entity, or only where the standard asks for it (design decision 6). */
  readonly typeAnnotations: 'always' | 'minimal';
  /** Absolute URL of the service root, ending in `/`. */
  readonly base: string;
  /** What is left out of structured values (Protocol 8.2.8.6). */
  readonly omit: 'nulls' | 'defaults' | null;
  /** Whether entities of a source cannot be changed: they have a read link in place of an edit link. */
  readonly isReadOnly: (source: EntitySet | Singleton | NavigationProperty) => boolean;
  /** Rows of an expanded collection that are shown, given its `$top`; null: all. */
  readonly rowsOf: (property: NavigationProperty, top: number | null) => number | null;
  /** Whether entities have their id at metadata minimal though their key is shown; absent: no. */
  readonly identified?: boolean;
  /** The operations bound to single entities of a type, the nearest overload of each name. */
  readonly operationsOf: (type: EntityType) => readonly Advertised[];
}

/** An operation that an entity can tell of (JSON 16, 17). */
export interface Advertised {
  readonly operation: Operation;
  /** Only while this is true of the entity; null: always. */
  readonly available: { readonly variable: Variable; readonly condition: Expression } | null;
}

/** What a structured value is shaped with. */
export interface Shaping {
  readonly shape: Shape;
  readonly planner: Planner;
  /** Its URL, relative to the service root. */
  readonly url: Scalar;
}

/** The name of a control information in the version of the payload: `@odata.etag` or `@etag` (JSON 4.5). */
export function control(name: string, shape: Shape): string {
  return shape.version === '4.0' ? `@odata.${name}` : `@${name}`;
}

/** The structural properties of a place that the projection shows, in the order of the model. */
export function structuralMembers(
  place: Place,
  type: StructuredType,
  projection: Projection,
  shaping: Shaping,
): readonly ObjectMember[] {
  const shown = [...readable(type).values()]
    .filter((property) => isSelected(property, projection.selected) && isReadable(place, property))
    .flatMap((property) => {
      const nested = projection.selected?.properties.get(property) ?? null;
      const expanded = projection.expanded.filter((expansion) => expansion.path[0] === property);
      const asked = projection.selected?.options.get(property);
      if (asked !== undefined) return askedItems(place, property, { ...asked, projection: nested }, shaping);
      return propertyMembers(place, property, narrowed(property, nested, expanded), shaping);
    });
  return [...shown, ...withheldMembers(type, projection, shaping.shape)];
}

/** What is withheld is said to be (Protocol 11.2.2). */
function withheldMembers(type: StructuredType, { selected }: Projection, { metadata }: Shape): readonly ObjectMember[] {
  const properties = metadata === 'none' ? [] : withheld(type).filter((property) => isSelected(property, selected));
  return properties.map(({ name }) => ({ name: withheldName(name), value: value('None') }));
}

/** True when `$select` leaves the property. */
export function isSelected(property: Property, selected: Selection | null): boolean {
  return selected === null || selected.all || selected.properties.has(property);
}

/** Streams are not inline; what is not stored has no value. */
function isReadable(place: Place, property: Property): boolean {
  if (isStreamType(property.type) && !property.collection) return false;
  const members: ReadonlyMap<Property, Storage> | null =
    place.kind === 'row' ? place.table.storage : place.kind === 'flattened' ? place.storage.members : null;
  return members === null || members.has(property);
}

function narrowed(property: Property, nested: Projection | null, expanded: readonly Expansion[]): Projection | null {
  if (property.type.kind !== 'complex') return null;
  const inner = expanded.map((expansion) => ({ ...expansion, path: expansion.path.slice(1) }));
  return { type: property.type, selected: nested?.selected ?? null, expanded: inner };
}

function propertyMembers(
  place: Place,
  property: Property,
  projection: Projection | null,
  shaping: Shaping,
): readonly ObjectMember[] {
  const member: ObjectMember = { name: property.name, value: shapeProperty(place, property, projection, shaping) };
  const { shape } = shaping;
  const type = shape.metadata === 'full' ? shownType(property, shape) : null;
  const found = type === null ? [] : [{ name: `${property.name}${control('type', shape)}`, value: value(type) }];
  const when = shownWhen(place, property, shaping);
  return when === null ? [...found, member] : [...found, member].map((one) => ({ ...one, when }));
}

/** A collection of values with options of its own: those of its items that are asked for, and their number (Protocol 11.2.5.1). */
function askedItems(
  place: Place,
  property: Property,
  options: BoundOptions,
  shaping: Shaping,
): readonly ObjectMember[] {
  const { shape, planner } = shaping;
  const located = propertyOf(place, property, planner);
  if (located.kind !== 'many' || located.rows.kind !== 'each')
    throw new ODataError('NotImplemented', `'${property.name}' takes no options here.`, '$select');
  const { rows: all, item } = located;
  const own = options.variable === null ? [] : [[options.variable, item] as const];
  const bindings = new Map([...planner.outer, ...own]);
  const found = narrow(all, options, { planner, bindings, computed: new Map() });
  const by = orderOf(askedOrder(options.orderby, found.context), item, found.context, found);
  const limited: Relation = {
    kind: 'limit',
    from: { kind: 'order', from: found.rows, by },
    skip: options.skip,
    take: options.top,
  };
  const shaped =
    item.kind === 'stored'
      ? shapeStored(item, shape)
      : item.kind === 'json'
        ? shapeComplex(item, options.projection ?? { type: item.type, selected: null, expanded: [] }, shaping)
        : null;
  if (shaped === null) throw new ODataError('NotImplemented', `'${property.name}' takes no options here.`, '$select');
  const page: Relation = { kind: 'page', from: limited, of: all.as, extra: [] };
  const items: ObjectMember = { name: property.name, value: { kind: 'items', relation: page, item: shaped } };
  return [...(options.count ? [countMember(property.name, found.rows, shape)] : []), items];
}

/** What holds of a value that `omit-values` does not leave out; null: nothing is asked (Protocol 8.2.8.6). */
function shownWhen(place: Place, property: Property, { shape, planner }: Shaping): Scalar | null {
  if (shape.omit === null || property.collection) return null;
  const located = propertyOf(place, property, planner);
  if (located.kind === 'flattened' || located.kind === 'json') return presence(located);
  if (located.kind !== 'stored') return null;
  const { type, defaultValue } = property;
  const isDefined = type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition';
  if (shape.omit === 'nulls' || defaultValue === null || !isDefined || located.codec === null)
    return located.nullable ? call('isNotNull', located.scalar) : null;
  return call('isNot', located.scalar, value(encode(located.codec, parseValue(type, defaultValue))));
}

function shapeProperty(place: Place, property: Property, projection: Projection | null, shaping: Shaping): Scalar {
  const json = jsonColumn(place, property);
  if (json !== null) return shapeJson(json, property, projection, shaping.shape);
  const located = propertyOf(place, property, shaping.planner);
  switch (located.kind) {
    case 'stored':
      return shapeStored(located, shaping.shape);
    case 'flattened':
    case 'json':
      return shapeComplex(located, projection ?? { type: complexOf(property), selected: null, expanded: [] }, {
        ...shaping,
        url: concat(shaping.url, `/${property.name}`),
      });
    case 'row':
    case 'grouped':
    case 'variants':
    case 'many':
    case 'through':
      throw new ODataError('NotImplemented', `The property '${property.name}' cannot be shown.`, property.name);
  }
}

function complexOf(property: Property): ComplexType {
  if (property.type.kind !== 'complex') throw new ODataError('InternalError', `'${property.name}' is not complex.`);
  return property.type;
}

function jsonColumn(place: Place, property: Property): Scalar | null {
  const storage =
    place.kind === 'row'
      ? place.table.storage.get(property)
      : place.kind === 'flattened'
        ? place.storage.members.get(property)
        : undefined;
  return storage?.kind === 'json' && place.kind !== 'json' ? columnOf(place.as, storage.column) : null;
}

/** `Nav@count`, an Int64 (JSON 4.5.4). */
export function countMember(name: string, relation: Relation, shape: Shape): ObjectMember {
  const scalar: Scalar = { kind: 'count', relation };
  const codec: Codec = { kind: 'integer', wide: true };
  const count = shapeStored({ kind: 'stored', scalar, codec, nullable: false }, shape);
  return { name: `${name}${control('count', shape)}`, value: count };
}

/** A single stored value as JSON. */
export function shapeStored(stored: Stored, shape: Shape): Scalar {
  const codec: Codec = stored.codec ?? { kind: 'string' };
  const asString =
    shape.ieee754Compatible &&
    (codec.kind === 'decimal' || codec.kind === 'scaledDecimal' || (codec.kind === 'integer' && codec.wide === true));
  return { kind: 'json', value: stored.scalar, form: { codec, asString } };
}

/** A complex value as JSON object, null when it is not there. */
export function shapeComplex(
  place: Extract<Place, { kind: 'flattened' | 'json' }>,
  projection: Projection,
  shaping: Shaping,
): Scalar {
  if (place.kind === 'json') {
    if (projection.expanded.length > 0) throw notInJson(projection.expanded);
    return shaped(place.json, place.type, place.type.qualifiedName, selectedMembers(projection), shaping.shape);
  }
  const { type } = place.storage;
  const object: Scalar = {
    kind: 'object',
    members: [
      ...structuralMembers(place, type, projection, shaping),
      ...navigationMembers(place, type, projection, shaping),
    ],
  };
  const there = presence(place);
  return there === null ? object : { kind: 'case', branches: [{ when: there, gives: object }], otherwise: null };
}

/** A JSON column: handed on as it is where its storage form is its output form, else rewritten. */
export function shapeJson(json: Scalar, property: Property, projection: Projection | null, shape: Shape): Scalar {
  if (projection !== null && projection.expanded.length > 0) throw notInJson(projection.expanded);
  const name = property.collection ? `Collection(${property.type.qualifiedName})` : property.type.qualifiedName;
  return shaped(json, property.type, name, projection === null ? null : selectedMembers(projection), shape);
}

/** A value that names a type has its `@type` in storage; all others of a plain type are shown as they are stored. */
function shaped(
  json: Scalar,
  type: Property['type'],
  name: string,
  selected: SelectedMembers | null,
  shape: Shape,
): Scalar {
  const rewritten = call('shape', json, value(name), value(shapeText(shape, selected)));
  if (selected !== null || shape.omit !== null || shape.metadata === 'full' || !isPlainJson(type, new Set()))
    return rewritten;
  const asStored: Scalar = { kind: 'json', value: json, form: { codec: { kind: 'json' }, asString: false } };
  if (!mayNameTypes(type, new Set())) return asStored;
  return {
    kind: 'case',
    branches: [{ when: call('contains', json, value('@type"')), gives: rewritten }],
    otherwise: asStored,
  };
}

/** Options of the rewriting function as text; constant for a request, so that the statement stays the same. */
export function shapeText(shape: Shape, select: SelectedMembers | null): string {
  return JSON.stringify({
    omit: shape.omit,
    version: shape.version,
    metadata: shape.metadata,
    ieee754Compatible: shape.ieee754Compatible,
    select,
  });
}

/** What is selected within JSON, level by level. */
function selectedMembers({ selected }: Projection): SelectedMembers | null {
  if (selected === null) return null;
  if (selected.options.size > 0)
    throw new ODataError('NotImplemented', 'Options within values stored as JSON are not supported.', '$select');
  if (selected.all) return null;
  const declared = [...selected.properties].map(
    ([{ name }, within]) => [name, within === null ? null : selectedMembers(within)] as const,
  );
  return Object.fromEntries([...declared, ...[...selected.dynamic].map((name) => [name, null] as const)]);
}

/** True when values of the type are stored in JSON exactly as they are shown, but for the types they name: no enumerations or exact numbers in them. */
function isPlainJson(type: Property['type'], seen: Set<Property['type']>): boolean {
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  if (base.kind === 'primitive') return !/Decimal|Int64|Double|Single|Geo|Stream/.test(base.name);
  if (base.kind !== 'complex') return false;
  if (seen.has(base)) return true;
  seen.add(base);
  return [base, ...base.derivedTypes].every(
    (one) =>
      readable(one) === one.properties &&
      [...one.properties.values()].every((property) => isPlainJson(property.type, seen)),
  );
}

/** Open types, for their dynamic properties, and types with subtypes. */
function mayNameTypes(type: Property['type'], seen: Set<Property['type']>): boolean {
  if (type.kind !== 'complex' || seen.has(type)) return false;
  seen.add(type);
  return (
    type.open ||
    type.derivedTypes.length > 0 ||
    [...type.properties.values()].some((property) => mayNameTypes(property.type, seen))
  );
}

function notInJson(expanded: readonly Expansion[]): ODataError {
  const name = expanded[0]?.property.name ?? '';
  return new ODataError('NotImplemented', `'${name}' cannot be expanded here: its value is stored as JSON.`, '$expand');
}

/** Navigation properties, each with its links directly before what the request expands of it (JSON 8). */
export function navigationMembers(
  place: Extract<Place, { kind: 'row' | 'flattened' }>,
  type: StructuredType,
  { selected, expanded }: Projection,
  shaping: Shaping,
): readonly ObjectMember[] {
  return [...type.navigationProperties.values()].flatMap((property) => {
    const via = propertyUrl(shaping.url, property, place);
    const isLinked = shaping.shape.metadata === 'full' && (selected === null || selected.navigation.has(property));
    return [
      ...(isLinked ? linksOf(property, via, shaping.shape) : []),
      ...expanded
        .filter((expansion) => expansion.path.length === 0 && expansion.property === property)
        .flatMap((expansion) => {
          const address = navigationAddress(via, property, linkOf(place, property).target);
          return planExpansion(place, expansion, { address, via }, shaping.shape, shaping.planner);
        }),
    ];
  });
}

/** `Nav@navigationLink` and `Nav@associationLink` (JSON 8.1, 8.2), at full metadata. */
function linksOf({ name }: NavigationProperty, via: Scalar, shape: Shape): readonly ObjectMember[] {
  const link = concat(shape.base, via);
  return [
    { name: `${name}${control('associationLink', shape)}`, value: concat(link, '/$ref') },
    { name: `${name}${control('navigationLink', shape)}`, value: link },
  ];
}

/** The URL of a navigation property of a place: behind a cast when the declared type does not have it (URL 4.11). */
export function propertyUrl(
  url: Scalar,
  property: NavigationProperty,
  place: Extract<Place, { kind: 'row' | 'flattened' }>,
): Scalar {
  const declared = place.kind === 'row' ? place.table.type : place.storage.type;
  const isDeclared = declared.navigationProperties.get(property.name) === property;
  return concat(url, `/${isDeclared ? '' : `${property.declaringType.qualifiedName}/`}${property.name}`);
}
