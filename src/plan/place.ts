import { isStructured, type Variable } from '../bind/index.js';
import type { EntityType, NavigationProperty, Property, StructuredType, Type, TypeReference } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  type Codec,
  type Column,
  codecFor,
  type FlattenedStorage,
  type Layout,
  type Link,
  type Log,
  logOf,
  type Storage,
  type Table,
} from '../tables/index.js';
import { allOf, call, columnOf, value, where } from './build.js';
import type { Alias, Order, Relation, Scalar, StoredValue } from './relation.js';
import { byVariant, presenceOfVariants } from './variants.js';

/** Where a structured value stands within a statement. */
export type Place =
  /** A row of a table: an entity. */
  | {
      readonly kind: 'row';
      readonly table: Table;
      readonly as: Alias;
      readonly type: EntityType;
      /** Columns besides the key that tell rows apart: the same entity may come several times. */
      readonly keys?: readonly string[];
      /** Values that `$apply` gave names. */
      readonly names?: ReadonlyMap<string, Stored>;
    }
  /** A complex value spread over columns of a row. */
  | { readonly kind: 'flattened'; readonly storage: FlattenedStorage; readonly as: Alias; readonly table: Table }
  /** A complex value within JSON, or an entity that no table holds. */
  | { readonly kind: 'json'; readonly json: Scalar; readonly type: StructuredType }
  | GroupedPlace
  | VariantPlace;

/** What is left of an entity or complex value behind an aggregation: the members by which groups were made. */
export interface GroupedPlace {
  readonly kind: 'grouped';
  readonly as: Alias;
  readonly type: StructuredType;
  readonly members: ReadonlyMap<string, Member>;
  /** Whether there is a value; null: there always is. */
  readonly there: Scalar | null;
  /** The columns that tell groups apart; only of the outermost one. */
  readonly keys: readonly string[];
  /** Values that `$apply` gave names. */
  readonly names?: ReadonlyMap<string, Stored>;
  /** The entity, when all properties of its key are left: it is still that entity (AG027). */
  readonly self?: Through;
}

/** A member that is left behind an aggregation. */
export interface Member {
  readonly property: Property | NavigationProperty;
  readonly located: Located;
}

/** Instances that are not all made of the same: what one is, a condition tells. */
export interface VariantPlace {
  readonly kind: 'variants';
  readonly as: Alias;
  readonly type: StructuredType;
  readonly options: readonly Variant[];
  /** The columns that tell instances apart. */
  readonly keys: readonly string[];
}

export interface Variant {
  readonly when: Scalar;
  readonly located: Located;
}

/** A single stored value and how it is stored. */
export interface Stored {
  readonly kind: 'stored';
  readonly scalar: Scalar;
  readonly codec: Codec | null;
  /** False when the column can never be null. */
  readonly nullable: boolean;
  /** Of a value that no property declares: its type, where it is known. */
  readonly type?: Type | null;
  /** Whether the instance has the value at all; absent: always. */
  readonly present?: Scalar;
}

/** Several rows, each of them a place or a stored value. */
export interface Many {
  readonly kind: 'many';
  readonly rows: Relation;
  readonly item: Place | Stored;
  /** Of what `$apply` made: the order of the rows, and the names given in them. */
  readonly applied?: {
    readonly order: readonly Order[];
    readonly computed: ReadonlyMap<string, Stored>;
    readonly added: ReadonlyMap<Property | NavigationProperty, Located>;
  };
}

/** One value reached through rows of other tables: null when there is no row. */
export interface Through {
  readonly kind: 'through';
  readonly rows: Relation;
  readonly item: Place | Stored;
}

export type Located = Place | Stored | Many | Through;

/**
 * The rows of a table the caller may reach: those whose column holds this value; null: all of them. It holds wherever the
 * table is read, by path, expansion or condition alike, so that no way round shows what the direct one does not.
 */
export type Restriction = (table: Table) => { readonly column: Column; readonly value: StoredValue } | null;

/** The restriction of a caller who may reach everything. */
export const unrestricted: Restriction = () => null;

/** How far the logs of tables had come at one moment, by the table's name: names a state of all of them. */
export type Positions = ReadonlyMap<string, bigint>;

/** What planning needs to know besides the request. */
export interface Planner {
  readonly layout: Layout;
  /** A name for a row source that no other one of the statement has. */
  fresh(): Alias;
  /** The rows of a table that the caller may reach. */
  scan(table: Table, as: Alias): Relation;
  /** Where `$it` of the request stands, for what is nested in its item (URL 5.1.1.14.4). */
  readonly outer: Bindings;
  /** The entities above, while `$levels=max` goes down: what comes again is only referred to (Protocol 11.2.5.2.1.1). */
  readonly above: readonly Extract<Place, { kind: 'row' }>[];
  /** The links of a many-to-many relationship, by the name of their table. */
  links(name: string, as: Alias): Relation;
  /** True when values known of a row show already that the caller may reach it. */
  reaches(table: Table, known: ReadonlyMap<string, Scalar>): boolean;
  /** A planner for the same statement that sees an earlier state; null: the present one. */
  at(positions: Positions | null): Planner;
  /** The logs of every table asked for, whatever the state. */
  readonly logs: ReadonlyMap<string, Log>;
  /** The tables this planner was asked for, as often as it was. */
  readonly asked: readonly string[];
}

/** A planner for one statement. */
export function planner(layout: Layout, restriction: Restriction = unrestricted): Planner {
  let count = 0;
  const fresh = () => `t${count++}`;
  return plannerAt(null, layout, restriction, fresh, new Map());
}

function plannerAt(
  positions: Positions | null,
  layout: Layout,
  restriction: Restriction,
  fresh: () => Alias,
  logs: Map<string, Log>,
): Planner {
  const asked: string[] = [];
  const rowsOf = (log: Log, as: Alias): Relation => {
    logs.set(log.of, log);
    asked.push(log.of);
    if (positions === null) return { kind: 'scan', table: log.of, as };
    const since = positions.get(log.of);
    if (since === undefined) throw new ODataError('Gone', `The changes of '${log.of}' have not been tracked.`);
    return { kind: 'past', log, since, as, touched: false };
  };
  return {
    layout,
    outer: new Map(),
    above: [],
    fresh,
    logs,
    asked,
    scan(table, as) {
      const rows = rowsOf(logOf(table), as);
      const own = restriction(table);
      return own === null ? rows : where(rows, [call('eq', columnOf(as, own.column), value(own.value))]);
    },
    links(name, as) {
      const table = layout.linkTables.find((candidate) => candidate.name === name);
      if (table === undefined) throw new ODataError('InternalError', `There are no links '${name}'.`);
      return rowsOf(logOf(table), as);
    },
    reaches(table, known) {
      const own = restriction(table);
      if (own === null) return true;
      const held = known.get(own.column.name);
      return held?.kind === 'value' && held.value === own.value;
    },
    at: (other) => plannerAt(other, layout, restriction, fresh, logs),
  };
}

/** Where the variables of the expression being planned stand. */
export type Bindings = ReadonlyMap<Variable, Place | Stored>;

/** A single value within JSON, in the form that a column of its own would have where JSON keeps another. */
function valueInJson(json: Scalar, reference: TypeReference): Stored {
  const codec = codecFor({ ...reference, collection: false });
  const stored = (scalar: Scalar, kept: Codec): Stored => ({ kind: 'stored', scalar, codec: kept, nullable: true });
  switch (codec.kind) {
    case 'decimal':
    case 'scaledDecimal':
      return stored(call('decimalKey', json, value(0n)), { kind: 'decimal' });
    case 'duration':
      return stored(call('durationUnits', json, value(BigInt(codec.precision))), codec);
    case 'binary':
    case 'geo':
    case 'json':
      return stored(json, { kind: 'string' });
    default:
      return stored(json, codec);
  }
}

/** The value of a structural property of a place. Throws NotImplemented for streams. */
export function propertyOf(place: Place, property: Property, planner: Planner): Located {
  switch (place.kind) {
    case 'row':
      return stored(place.table.storage.get(property), place, property, planner);
    case 'flattened':
      return stored(place.storage.members.get(property), place, property, planner);
    case 'json': {
      const member = call(
        property.collection || property.type.kind === 'complex' ? 'jsonObjectMember' : 'jsonMember',
        place.json,
        value(jsonPath(property.name)),
      );
      return inJson(member, property, planner);
    }
    case 'grouped':
      return memberOf(place, property);
    case 'variants':
      return byVariant(place, (one) => propertyOf(one, property, planner));
  }
}

/** The member, or null when it was not kept. */
function memberOf(place: GroupedPlace, { name }: Property | NavigationProperty): Located {
  return place.members.get(name)?.located ?? aggregatedAway;
}

/** What was not kept is null in expressions (URL 5.1.1.15). */
export const aggregatedAway: Stored = { kind: 'stored', scalar: value(null), codec: null, nullable: true };

/** `$."name"`: a member of a JSON object by its name. */
export function jsonPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}

function stored(
  storage: Storage | undefined,
  place: Extract<Place, { table: Table }>,
  property: Property,
  planner: Planner,
): Located {
  switch (storage?.kind) {
    case 'column':
      return {
        kind: 'stored',
        scalar: columnOf(place.as, storage.column),
        codec: storage.column.codec,
        nullable: storage.column.nullable,
      };
    case 'flattened':
      return { kind: 'flattened', storage, as: place.as, table: place.table };
    case 'json':
      return inJson(columnOf(place.as, storage.column), property, planner);
    case 'stream':
    case undefined:
      throw new ODataError('NotImplemented', `The property '${property.name}' cannot be read here.`, property.name);
  }
}

function inJson(json: Scalar, property: Property, planner: Planner): Located {
  if (property.collection) return itemsOf(json, property, planner);
  if (property.type.kind === 'complex') return { kind: 'json', json, type: property.type };
  return valueInJson(json, property);
}

/** The items of a JSON array as rows. */
export function itemsOf(json: Scalar, reference: TypeReference, planner: Planner): Many {
  const { type } = reference;
  const as = planner.fresh();
  const item = columnOf(as, 'value');
  return {
    kind: 'many',
    rows: { kind: 'each', json, as },
    item: isStructured(type) ? { kind: 'json', json: item, type } : valueInJson(item, reference),
  };
}

/** The rows a navigation property leads to from a row. Throws NotImplemented when nothing is bound to it. */
export function linked(place: Place, property: NavigationProperty, planner: Planner): Located {
  if (place.kind === 'grouped') return memberOf(place, property);
  if (place.kind === 'variants') return byVariant(place, (one) => linked(one, property, planner));
  const link = linkOf(place, property);
  const as = planner.fresh();
  const { target } = link;
  const type = property.type.kind === 'entity' ? property.type : target.type;
  const item: Place = { kind: 'row', table: target, as, type };
  const rows = linkedRows(link, aliasOf(place), as, planner);
  return { kind: property.collection ? 'many' : 'through', rows, item };
}

/** The link of a navigation property from this place. */
export function linkOf(place: Place, property: NavigationProperty): Link {
  const links = place.kind === 'row' ? place.table.links : place.kind === 'flattened' ? place.storage.links : undefined;
  const link = links?.get(property);
  if (link === undefined)
    throw new ODataError(
      'NotImplemented',
      `The navigation property '${property.name}' is not bound to an entity set, so it cannot be followed.`,
      property.name,
    );
  return link;
}

function aliasOf(place: Place): Alias {
  if (place.kind === 'json') throw new ODataError('NotImplemented', 'Navigation within JSON values is not supported.');
  return place.as;
}

/** The target's rows under the name `to`, as seen from the row `from`. */
export function linkedRows(link: Link, from: Alias, to: Alias, planner: Planner): Relation {
  const target = planner.scan(link.target, to);
  switch (link.kind) {
    case 'columns':
      return {
        kind: 'where',
        from: target,
        condition: allOf(link.pairs.map((pair) => call('eq', columnOf(to, pair.target), columnOf(from, pair.own)))),
      };
    case 'linkTable': {
      const between = planner.fresh();
      return {
        kind: 'where',
        from: {
          kind: 'join',
          left: planner.links(link.name, between),
          right: target,
          on: allOf(link.targetPairs.map((pair) => call('eq', columnOf(to, pair.target), columnOf(between, pair.own)))),
        },
        condition: allOf(
          link.sourcePairs.map((pair) => call('eq', columnOf(between, pair.target), columnOf(from, pair.own))),
        ),
      };
    }
  }
}

/** True for the rows of `type` or its subtypes; null when the table holds nothing else. */
export function typeCondition(table: Table, as: Alias, type: StructuredType): Scalar | null {
  if (table.typeColumn === null || type.kind !== 'entity' || type === table.type) return null;
  const names = [type, ...type.derivedTypes].filter((candidate) => !candidate.abstract);
  return call('inList', columnOf(as, table.typeColumn), ...names.map((candidate) => value(candidate.qualifiedName)));
}

/** Not null, for a complex value or entity; null when it never is. */
export function presence(place: Place): Scalar | null {
  switch (place.kind) {
    case 'row':
      return null;
    case 'flattened':
      return place.storage.presence === null ? null : call('is', columnOf(place.as, place.storage.presence), value(1n));
    case 'json':
      return call('isNotNull', call('jsonMember', place.json, value('$')));
    case 'grouped':
      return place.there === null ? null : call('is', place.there, value(1n));
    case 'variants':
      return presenceOfVariants(place);
  }
}

/** The column a key property is stored in. */
export function keyColumn(table: Table, properties: readonly Property[]): Column {
  let members = table.storage;
  for (const property of properties) {
    const storage = members.get(property);
    if (storage?.kind === 'column') return storage.column;
    if (storage?.kind !== 'flattened') break;
    members = storage.members;
  }
  throw new ODataError('NotImplemented', 'This key is not stored in columns.');
}
