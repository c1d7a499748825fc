import type { Expansion, Projection, Selection } from '../bind/index.js';
import type { ComplexType, EntityType, Property, StructuredType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { MetadataLevel, ODataVersion } from '../protocol/index.js';
import type { Codec, Storage } from '../tables/index.js';
import { call, columnOf, concat, value } from './build.js';
import { planExpansion } from './expand.js';
import { type Address, navigationAddress, rowUrl } from './links.js';
import { linkOf, type Place, type Planner, presence, propertyOf, type Stored } from './place.js';
import type { ObjectMember, Scalar } from './relation.js';
import { addedExpansion, type Given, namedMembers, nothingGiven } from './shape-applied.js';

/** How results are to be written (JSON 3, 4.5). */
export interface Shape {
  readonly version: ODataVersion;
  readonly metadata: MetadataLevel;
  readonly ieee754Compatible: boolean;
  /** `@type` on every entity, or only where the standard asks for it (design decision 6). */
  readonly typeAnnotations: 'always' | 'minimal';
  /** Absolute URL of the service root, ending in `/`. */
  readonly base: string;
  /** Rows of an expanded collection that are shown when the request does not say. */
  readonly pageSize: number;
}

/** The name of a control information in the version of the payload: `@odata.etag` or `@etag` (JSON 4.5). */
export function control(name: string, shape: Shape): string {
  return shape.version === '4.0' ? `@odata.${name}` : `@${name}`;
}

/** A row of a table as JSON object, as its own type if there are several. */
export function shapeRow(
  row: Extract<Place, { kind: 'row' }>,
  projection: Projection,
  address: Address,
  shape: Shape,
  planner: Planner,
  given: Given = nothingGiven,
): Scalar {
  const { table } = row;
  const types = concreteTypes(row.type);
  const shaper = new RowShaper(row, projection, address, shape, planner, given);
  const [only] = types;
  if (table.typeColumn === null || types.length === 1) return shaper.object(only ?? row.type);
  return {
    kind: 'case',
    branches: types.map((type) => ({
      when: call('eq', columnOf(row.as, table.typeColumn ?? '@type'), value(type.qualifiedName)),
      gives: shaper.object(type),
    })),
    otherwise: null,
  };
}

function concreteTypes(type: EntityType): readonly EntityType[] {
  return [type, ...type.derivedTypes].filter((candidate) => !candidate.abstract);
}

/** The ETag of a row, `W/"7"`: of its version, or of the values the model names; null when the table has none. */
export function etagOf(row: Extract<Place, { kind: 'row' }>): Scalar | null {
  const { etag } = row.table;
  if (etag !== null) return concat('W/"', call('hashRow', ...etag.map((column) => columnOf(row.as, column))), '"');
  return row.table.version === null ? null : concat('W/"', columnOf(row.as, row.table.version), '"');
}

class RowShaper {
  constructor(
    private readonly row: Extract<Place, { kind: 'row' }>,
    private readonly projection: Projection,
    private readonly address: Address,
    private readonly shape: Shape,
    private readonly planner: Planner,
    private readonly given: Given,
  ) {}

  object(type: EntityType): Scalar {
    const { projection } = this;
    const members = [
      ...this.controls(type),
      ...this.media(type),
      ...structuralMembers(this.row, type, projection, this.shape, this.planner),
      ...this.streams(type),
      ...this.computedMembers(),
      ...this.navigationLinks(type),
      ...this.expansions(type),
    ];
    const spread = type.open ? this.dynamic() : null;
    return spread === null ? { kind: 'object', members } : { kind: 'object', members, spread };
  }

  /** Control information in front of the members (JSON 4.4, 4.5). */
  private controls(type: EntityType): readonly ObjectMember[] {
    const { shape, row } = this;
    if (shape.metadata === 'none') return [];
    const members: ObjectMember[] = [];
    const declared = this.projection.type;
    if (shape.typeAnnotations === 'always' || shape.metadata === 'full' || type !== declared)
      members.push({ name: control('type', shape), value: text(`#${type.qualifiedName}`) });
    if (shape.metadata === 'full') {
      const url = rowUrl(this.address, row.table, row.as);
      members.push({ name: control('id', shape), value: concat(shape.base, url) });
      members.push({ name: control('editLink', shape), value: editLink(url, type, row) });
    }
    const etag = etagOf(row);
    if (etag !== null) members.push({ name: control('etag', shape), value: etag });
    return members;
  }

  /** Of a media entity: where its stream is, and what it is (JSON 4.5.12, 10). */
  private media(type: EntityType): readonly ObjectMember[] {
    const { table, as } = this.row;
    if (!type.hasStream || table.media === null || this.shape.metadata === 'none') return [];
    const url = rowUrl(this.address, table, as);
    return streamMembers('', columnOf(as, table.media), concat(this.shape.base, url, '/$value'), this.shape);
  }

  /** Of stream properties: their values are read and written by their own URLs (JSON 9). */
  private streams(type: EntityType): readonly ObjectMember[] {
    const { row, shape, projection } = this;
    if (shape.metadata === 'none') return [];
    const url = rowUrl(this.address, row.table, row.as);
    return [...type.properties.values()].flatMap((property) => {
      const storage = row.table.storage.get(property);
      if (storage?.kind !== 'stream' || !isSelected(property, projection.selected)) return [];
      const link = concat(shape.base, url, `/${property.name}`);
      return streamMembers(property.name, columnOf(row.as, storage.column), link, shape);
    });
  }

  /** What `$compute` and `$apply` have given names. */
  private computedMembers(): readonly ObjectMember[] {
    const { projection, shape, planner } = this;
    return namedMembers(this.given, projection, shape, planner);
  }

  /** `Nav@navigationLink` and `Nav@associationLink` (JSON 8.1, 8.2), at full metadata. */
  private navigationLinks(type: EntityType): readonly ObjectMember[] {
    const { shape, row, projection } = this;
    if (shape.metadata !== 'full') return [];
    const url = rowUrl(this.address, row.table, row.as);
    return [...type.navigationProperties.values()]
      .filter((property) => projection.selected === null || projection.selected.navigation.has(property))
      .flatMap((property) => {
        const link = concat(shape.base, url, `/${property.name}`);
        return [
          { name: `${property.name}${control('associationLink', shape)}`, value: concat(link, '/$ref') },
          { name: `${property.name}${control('navigationLink', shape)}`, value: link },
        ];
      });
  }

  private expansions(type: EntityType): readonly ObjectMember[] {
    return this.projection.expanded
      .filter(
        (expansion) =>
          expansion.path.length === 0 && (this.given.added.has(expansion.property) || appliesTo(expansion, type)),
      )
      .flatMap((expansion) => {
        const added = this.given.added.get(expansion.property);
        if (added !== undefined) return addedExpansion(added, expansion, this.shape, this.planner);
        const link = linkOf(this.row, expansion.property);
        const url = rowUrl(this.address, this.row.table, this.row.as);
        const address = navigationAddress(url, expansion.property, link.target);
        return planExpansion(this.row, expansion, address, this.shape, this.planner);
      });
  }

  /** The JSON object whose members are the dynamic properties; null when none is wanted. */
  private dynamic(): Scalar | null {
    const { dynamic } = this.row.table;
    const { selected } = this.projection;
    if (dynamic === null || (selected !== null && !selected.all && selected.dynamic.size === 0)) return null;
    const names = selected === null || selected.all ? null : [...selected.dynamic];
    return call('shape', columnOf(this.row.as, dynamic), value(''), value(shapeText(this.shape, names)));
  }
}

/** Links at full metadata, where they are not by convention left out; type and ETag wherever there is a stream. */
function streamMembers(prefix: string, described: Scalar, link: Scalar, shape: Shape): readonly ObjectMember[] {
  const when = call('isNotNull', described);
  const member = (name: string) => call('jsonMember', described, value(`$.${name}`));
  const about: readonly ObjectMember[] = [
    { name: `${prefix}${control('mediaContentType', shape)}`, value: member('type'), when },
    { name: `${prefix}${control('mediaEtag', shape)}`, value: concat('"s', member('id'), '"'), when },
  ];
  if (shape.metadata !== 'full') return about;
  return [
    { name: `${prefix}${control('mediaReadLink', shape)}`, value: link },
    { name: `${prefix}${control('mediaEditLink', shape)}`, value: link },
    ...about,
  ];
}

function appliesTo(expansion: Expansion, type: StructuredType): boolean {
  return type.navigationProperties.get(expansion.property.name) === expansion.property;
}

const text = (constant: string): Scalar => value(constant);

/** The edit link has the type cast that leads to the entity's own members (JSON 4.5.9). */
function editLink(url: Scalar, type: EntityType, row: Extract<Place, { kind: 'row' }>): Scalar {
  return type === row.table.type ? url : concat(url, `/${type.qualifiedName}`);
}

/** The structural properties of a place that the projection shows, in the order of the model. */
function structuralMembers(
  place: Place,
  type: StructuredType,
  projection: Projection,
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  return [...type.properties.values()]
    .filter((property) => isSelected(property, projection.selected) && isReadable(place, property))
    .flatMap((property) => {
      const nested = projection.selected?.properties.get(property) ?? null;
      const expanded = projection.expanded.filter((expansion) => expansion.path[0] === property);
      return propertyMembers(place, property, narrowed(property, nested, expanded), shape, planner);
    });
}

/** Whether `$select` lets a property be shown. */
export function isSelected(property: Property, selected: Selection | null): boolean {
  return selected === null || selected.all || selected.properties.has(property);
}

/** Streams are not inline; what is not stored has no value. */
function isReadable(place: Place, property: Property): boolean {
  if (property.type.qualifiedName === 'Edm.Stream' && !property.collection) return false;
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
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  const member: ObjectMember = {
    name: property.name,
    value: shapeProperty(place, property, projection, shape, planner),
  };
  const type = shape.metadata === 'full' ? annotatedType(property) : null;
  return type === null
    ? [member]
    : [{ name: `${property.name}${control('type', shape)}`, value: text(`#${type}`) }, member];
}

/** The type to be named at full metadata: not for what JSON itself tells (JSON 4.5.3). */
function annotatedType(property: Property): string | null {
  const name = property.type.qualifiedName.replace(/^Edm\./, '');
  if (property.collection) return `Collection(${name})`;
  return ['String', 'Boolean', 'Double'].includes(name) || property.type.kind === 'complex' ? null : name;
}

function shapeProperty(
  place: Place,
  property: Property,
  projection: Projection | null,
  shape: Shape,
  planner: Planner,
): Scalar {
  const json = jsonColumn(place, property);
  if (json !== null) return shapeJson(json, property, projection, shape);
  const located = propertyOf(place, property, planner);
  switch (located.kind) {
    case 'stored':
      return shapeStored(located, shape);
    case 'flattened':
    case 'json':
      return shapeComplex(
        located,
        projection ?? { type: complexOf(property), selected: null, expanded: [] },
        shape,
        planner,
      );
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
  shape: Shape,
  planner: Planner,
): Scalar {
  if (place.kind === 'json')
    return shaped(place.json, place.type, place.type.qualifiedName, selectedNames(projection), shape);
  const object: Scalar = {
    kind: 'object',
    members: structuralMembers(place, place.storage.type, projection, shape, planner),
  };
  const there = presence(place);
  return there === null ? object : { kind: 'case', branches: [{ when: there, gives: object }], otherwise: null };
}

/** A JSON column: handed on as it is where its storage form is its output form, else rewritten. */
export function shapeJson(json: Scalar, property: Property, projection: Projection | null, shape: Shape): Scalar {
  const name = property.collection ? `Collection(${property.type.qualifiedName})` : property.type.qualifiedName;
  return shaped(json, property.type, name, projection === null ? null : selectedNames(projection), shape);
}

/** A value that names a type has its `@type` in storage; all others of a plain type are shown as they are stored. */
function shaped(
  json: Scalar,
  type: Property['type'],
  name: string,
  names: readonly string[] | null,
  shape: Shape,
): Scalar {
  const rewritten = call('shape', json, value(name), value(shapeText(shape, names)));
  if (names !== null || shape.metadata === 'full' || !isPlainJson(type, new Set())) return rewritten;
  const asStored: Scalar = { kind: 'json', value: json, form: { codec: { kind: 'json' }, asString: false } };
  if (!mayNameTypes(type, new Set())) return asStored;
  return {
    kind: 'case',
    branches: [{ when: call('contains', json, value('@type"')), gives: rewritten }],
    otherwise: asStored,
  };
}

/** Options of the rewriting function as text; constant for a request, so that the statement stays the same. */
function shapeText(shape: Shape, select: readonly string[] | null): string {
  return JSON.stringify({
    version: shape.version,
    metadata: shape.metadata,
    ieee754Compatible: shape.ieee754Compatible,
    select,
  });
}

function selectedNames(projection: Projection): readonly string[] | null {
  const { selected } = projection;
  return selected === null || selected.all
    ? null
    : [...[...selected.properties.keys()].map((property) => property.name), ...selected.dynamic];
}

/** True when values of the type are stored in JSON exactly as they are shown, but for the types they name: no enumerations or exact numbers in them. */
function isPlainJson(type: Property['type'], seen: Set<Property['type']>): boolean {
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  if (base.kind === 'primitive') return !/Decimal|Int64|Double|Single|Geo|Stream/.test(base.name);
  if (base.kind !== 'complex') return false;
  if (seen.has(base)) return true;
  seen.add(base);
  return [base, ...base.derivedTypes].every((one) =>
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
