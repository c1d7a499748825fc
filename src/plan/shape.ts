import type { Projection, Selection } from '../bind/index.js';
import { type EntityType, readable, type Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { call, columnOf, concat, value } from './build.js';
import { type Address, rowUrl } from './links.js';
import { type GroupedPlace, type Place, type Planner, presence, type Stored } from './place.js';
import type { ObjectMember, Scalar } from './relation.js';
import {
  control,
  isSelected,
  navigationMembers,
  type Shape,
  type Shaping,
  shapeStored,
  shapeText,
  structuralMembers,
} from './shape-value.js';

/** A row of a table as JSON object, as its own type if there are several. */
export function shapeRow(
  row: Extract<Place, { kind: 'row' }>,
  projection: Projection,
  address: Address,
  shape: Shape,
  planner: Planner,
  computed: ReadonlyMap<string, Stored> = new Map(),
  context: Scalar | null = null,
): Scalar {
  const { table } = row;
  const types = concreteTypes(row.type);
  const shaper = new RowShaper(row, projection, address, shape, planner, computed, context);
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
  private readonly url: Scalar;
  private readonly shaping: Shaping;

  constructor(
    private readonly row: Extract<Place, { kind: 'row' }>,
    private readonly projection: Projection,
    address: Address,
    private readonly shape: Shape,
    planner: Planner,
    private readonly computed: ReadonlyMap<string, Stored>,
    /** The context URL of an entity that is of another set than the answer. */
    private readonly context: Scalar | null,
  ) {
    this.url = rowUrl(address, row.table, row.as);
    this.shaping = { shape, planner, url: this.url };
  }

  object(type: EntityType): Scalar {
    const { projection } = this;
    const members = [
      ...this.controls(type),
      ...this.media(type),
      ...structuralMembers(this.row, type, projection, this.shaping),
      ...this.streams(type),
      ...this.computedMembers(),
    ];
    const spread = type.open ? this.dynamic() : null;
    const last = navigationMembers(this.row, type, projection, this.shaping); // behind every property (JSON 4.4)
    return spread === null
      ? { kind: 'object', members: [...members, ...last] }
      : { kind: 'object', members, spread, last };
  }

  /** Control information in front of the members (JSON 4.4, 4.5). */
  private controls(type: EntityType): readonly ObjectMember[] {
    const { shape, row, url } = this;
    if (shape.metadata === 'none') return [];
    const members: ObjectMember[] =
      this.context === null ? [] : [{ name: control('context', shape), value: this.context }];
    const declared = this.projection.type;
    if (shape.typeAnnotations === 'always' || shape.metadata === 'full' || type !== declared)
      members.push({ name: control('type', shape), value: text(`#${type.qualifiedName}`) });
    if (shape.metadata === 'full' || shape.identified === true || !this.showsKey(type))
      members.push({ name: control('id', shape), value: concat(shape.base, url) });
    if (shape.metadata === 'full') {
      const link = concat(shape.base, editLink(url, type, row));
      members.push({ name: control(shape.isReadOnly(row.table.source) ? 'readLink' : 'editLink', shape), value: link });
    }
    const etag = etagOf(row);
    if (etag !== null) members.push({ name: control('etag', shape), value: etag });
    return members;
  }

  /** Whether `$select` leaves the whole key: without it the id must be said (JSON 4.5.8). */
  private showsKey(type: EntityType): boolean {
    return type.key.every(
      ({ properties: [first] }) => first === undefined || isSelected(first, this.projection.selected),
    );
  }

  /** Of a media entity: where its stream is, and what it is (JSON 4.5.12, 10). */
  private media(type: EntityType): readonly ObjectMember[] {
    const { table, as } = this.row;
    if (!type.hasStream || table.media === null || this.shape.metadata === 'none') return [];
    const link = concat(this.shape.base, this.url, '/$value');
    return streamMembers('', columnOf(as, table.media), link, this.shape);
  }

  /** Of stream properties: their values are read and written by their own URLs (JSON 9). */
  private streams(type: EntityType): readonly ObjectMember[] {
    const { row, shape, projection, url } = this;
    if (shape.metadata === 'none') return [];
    return [...readable(type).values()].flatMap((property) => {
      const storage = row.table.storage.get(property);
      if (storage?.kind !== 'stream' || !isSelected(property, projection.selected)) return [];
      const link = concat(shape.base, url, `/${property.name}`);
      return streamMembers(property.name, columnOf(row.as, storage.column), link, shape);
    });
  }

  private computedMembers(): readonly ObjectMember[] {
    const { selected } = this.projection;
    return [...this.computed]
      .filter(([name]) => selected === null || selected.all || selected.computed.has(name))
      .flatMap(([name, stored]) => aliasMembers(name, stored, stored.type ?? null, this.shape));
  }

  /** The JSON object whose members are the dynamic properties; null when none is wanted. */
  private dynamic(): Scalar | null {
    const { dynamic } = this.row.table;
    const { selected } = this.projection;
    if (dynamic === null || (selected !== null && !selected.all && selected.dynamic.size === 0)) return null;
    const members =
      selected === null || selected.all ? null : Object.fromEntries([...selected.dynamic].map((name) => [name, null]));
    return call('shape', columnOf(this.row.as, dynamic), value(''), value(shapeText(this.shape, members)));
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

const text = (constant: string): Scalar => value(constant);

/** The edit link has the type cast that leads to the entity's own members (JSON 4.5.9). */
function editLink(url: Scalar, type: EntityType, row: Extract<Place, { kind: 'row' }>): Scalar {
  return type === row.table.type ? url : concat(url, `/${type.qualifiedName}`);
}

/** One result of an aggregation: the members by which it was grouped, and the values given names (Aggregation 3.2, JSON 4.6). */
export function shapeGrouped(
  place: GroupedPlace,
  projection: Projection | null,
  computed: ReadonlyMap<string, Stored>,
  types: ReadonlyMap<string, Type | null>,
  shape: Shape,
): Scalar {
  if (projection !== null && projection.expanded.length > 0)
    throw new ODataError('NotImplemented', '$expand behind an aggregation is not supported.', '$expand');
  const selected = projection?.selected ?? null;
  const isShown = (name: string) => selected === null || selected.all || selected.computed.has(name);
  const aliases = [...computed]
    .filter(([name]) => isShown(name))
    .flatMap(([name, stored]) => aliasMembers(name, stored, types.get(name) ?? null, shape));
  // A result is transient: it has no id (JSON 4.6, AG028).
  const id =
    shape.version === '4.0' && shape.metadata !== 'none' ? [{ name: control('id', shape), value: value(null) }] : [];
  return { kind: 'object', members: [...id, ...groupedMembers(place, selected, shape), ...aliases] };
}

function groupedMembers(place: GroupedPlace, selected: Selection | null, shape: Shape): readonly ObjectMember[] {
  return [...place.members].flatMap(([member, found]): readonly ObjectMember[] => {
    if (member.kind === 'property' && !isSelected(member, selected)) return [];
    if (found.kind === 'stored') return [{ name: member.name, value: shapeStored(found, shape) }];
    const object: Scalar = { kind: 'object', members: groupedMembers(found, null, shape) };
    const there = presence(found);
    return [
      {
        name: member.name,
        value: there === null ? object : { kind: 'case', branches: [{ when: there, gives: object }], otherwise: null },
      },
    ];
  });
}

/** A dynamic value with its type, where JSON does not tell it (JSON 4.6.3, AG033). */
function aliasMembers(name: string, stored: Stored, type: Type | null, shape: Shape): readonly ObjectMember[] {
  const member: ObjectMember = { name, value: shapeStored(stored, shape) };
  const known = type === null || /^Edm\.(String|Boolean|Double)$/.test(type.qualifiedName);
  if (known || shape.metadata === 'none') return [member];
  const when = call('isNotNull', stored.scalar);
  return [{ name: `${name}${control('type', shape)}`, value: value(typeText(type, shape)), when }, member];
}

/** In 4.01 a primitive type goes without number sign (JSON 4.5.3). */
function typeText({ qualifiedName }: Type, shape: Shape): string {
  const isPrimitive = qualifiedName.startsWith('Edm.');
  return `${isPrimitive && shape.version !== '4.0' ? '' : '#'}${isPrimitive ? qualifiedName.slice(4) : qualifiedName}`;
}
