import type { Projection } from '../bind/index.js';
import { type EntityType, readable } from '../edm/index.js';
import { operationMembers } from './advertise.js';
import { call, columnOf, concat, value } from './build.js';
import { type Address, rowUrl } from './links.js';
import type { Place, Planner } from './place.js';
import type { ObjectMember, Scalar } from './relation.js';
import { addedExpansions, type Given, namedMembers, nothingGiven } from './shape-applied.js';
import {
  control,
  isSelected,
  navigationMembers,
  type Shape,
  type Shaping,
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
  given: Given = nothingGiven,
  context: Scalar | null = null,
): Scalar {
  const { table } = row;
  const types = concreteTypes(row.type);
  const shaper = new RowShaper(row, projection, address, shape, planner, given, context);
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
    private readonly given: Given,
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
      ...operationMembers(this.row, type, projection, this.shaping),
      ...this.media(type),
      ...structuralMembers(this.row, type, projection, this.shaping),
      ...this.streams(type),
      ...this.givenMembers(),
    ];
    const spread = type.open ? this.dynamic() : null;
    // Behind every property (JSON 4.4).
    const last = [
      ...navigationMembers(this.row, type, projection, this.shaping),
      ...addedExpansions(this.given, projection.expanded, this.shaping),
    ];
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

  /** What `$compute` and `$apply` have given names, and what `$apply` has added. */
  private givenMembers(): readonly ObjectMember[] {
    return namedMembers(this.given, this.projection, this.shaping);
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
