import type {
  ComplexType,
  EntitySet,
  EntityType,
  KeyProperty,
  NavigationProperty,
  Property,
  Singleton,
  StructuredType,
} from '../edm/index.js';
import { annotationOf, isStreamType, parseValue, stringValue, stringValues } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { codecFor, encode } from './codec.js';
import type { Codec, Column, FlattenedStorage, ForeignKey, Link, ParentLink, Storage, Table } from './layout.js';
import type { Names } from './names.js';

/** Columns of a table at most: complex values are flattened only as long as the table stays within. */
const maxColumns = 200;

/** A table being made; it becomes the `Table` itself, so that others can already point at it. */
export interface TableBuilder extends Table {
  primaryKey: readonly Column[];
  key: readonly Column[];
  rowId: Column | null;
  parent: ParentLink | null;
  readonly storage: Map<Property, Storage>;
  readonly links: Map<NavigationProperty, Link>;
  dynamic: Column | null;
  typeColumn: Column | null;
  version: Column | null;
  media: Column | null;
  readonly streams: Column[];
  etag: readonly Column[] | null;
  readonly columns: Column[];
  readonly indexes: Table['indexes'][number][];
  readonly foreignKeys: ForeignKey[];
  /** What the table stands for, the prefix of its columns' identities. */
  readonly identity: string;
}

/** A table without columns. */
export function emptyTable(
  source: EntitySet | Singleton | NavigationProperty,
  type: EntityType,
  identity: string,
  name: string,
): TableBuilder {
  return {
    name,
    source,
    type,
    identity,
    primaryKey: [],
    key: [],
    rowId: null,
    parent: null,
    storage: new Map(),
    links: new Map(),
    dynamic: null,
    typeColumn: null,
    version: null,
    media: null,
    streams: [],
    etag: null,
    columns: [],
    indexes: [],
    foreignKeys: [],
  };
}

/** Adds a column under a name of its own. */
export function addColumn(
  table: TableBuilder,
  path: string,
  wanted: string,
  column: Omit<Column, 'name'>,
  names: Names,
): Column {
  const added = { name: names.choose(`${table.identity}#${path}`, wanted), ...column };
  table.columns.push(added);
  return added;
}

/** The type and its subtypes. */
export function hierarchy<T extends StructuredType>(type: T): readonly T[] {
  return [type, ...(type.derivedTypes as readonly T[])];
}

/** Every structural property of the hierarchy, the base type's first. */
export function allProperties(type: StructuredType): readonly Property[] {
  return [...new Set(hierarchy(type).flatMap((member) => [...member.properties.values()]))];
}

/** Every navigation property of the hierarchy, the base type's first. */
export function allNavigation(type: StructuredType): readonly NavigationProperty[] {
  return [...new Set(hierarchy(type).flatMap((member) => [...member.navigationProperties.values()]))];
}

/** Adds the columns of all structural properties. */
export function addProperties(table: TableBuilder, names: Names): void {
  const { type } = table;
  const properties = allProperties(type);
  const needed = properties.length + allNavigation(type).filter((property) => !property.collection).length;
  const room = { left: maxColumns - needed - table.columns.length - 6 };
  const keyed = new Set(type.key.flatMap((part) => part.properties));
  for (const property of properties) {
    const inherited = type.properties.get(property.name) === property;
    table.storage.set(property, store({ table, names, room, keyed, path: [], nullable: !inherited }, property));
  }
}

interface Spot {
  readonly table: TableBuilder;
  readonly names: Names;
  readonly room: { left: number };
  readonly keyed: ReadonlySet<Property>;
  readonly path: readonly Property[];
  /** The value may be absent whatever its property says: it belongs to a subtype, or to a complex value that may be null. */
  readonly nullable: boolean;
}

function store(spot: Spot, property: Property): Storage {
  const { type } = property;
  const nullable = spot.nullable || property.nullable;
  if (property.collection) return { kind: 'json', property, column: collectionColumn(spot, property) };
  if (type.kind === 'complex') {
    const width = flatWidth(type, new Set());
    if (width !== null && (width - 1 <= spot.room.left || spot.keyed.has(property)))
      return flatten(spot, property, type, width);
    return { kind: 'json', property, column: column(spot, property, { codec: { kind: 'json' }, nullable }) };
  }
  const codec = codecFor(property);
  if (isStreamType(type)) {
    const described = column(spot, property, { codec: { kind: 'json' }, nullable: true });
    spot.table.streams.push(described);
    return { kind: 'stream', property, column: described };
  }
  const kind = codec.kind === 'json' ? 'json' : 'column';
  const value = spot.nullable ? null : defaultOf(property, codec);
  return {
    kind,
    property,
    column: column(spot, property, { codec, nullable, ...(value === null ? {} : { default: value }) }),
  };
}

/** `DefaultValue` as it is stored, for rows that are there before the column is, and for `OnDelete` SetDefault. */
function defaultOf({ type, defaultValue }: Property, codec: Codec): bigint | number | string | null {
  if (defaultValue === null || (type.kind !== 'primitive' && type.kind !== 'enum' && type.kind !== 'typeDefinition'))
    return null;
  const stored = encode(codec, parseValue(type, defaultValue));
  return stored instanceof Uint8Array ? null : stored;
}

/** A collection is never null, but a subtype's column is where the row is of another type. */
function collectionColumn(spot: Spot, property: Property): Column {
  const codec = { kind: 'json' } as const;
  return column(spot, property, spot.nullable ? { codec, nullable: true } : { codec, nullable: false, default: '[]' });
}

function column(spot: Spot, property: Property, made: Omit<Column, 'name'>): Column {
  const path = [...spot.path, property];
  const wanted = stringValue(annotationOf(property, 'Edmund.V1.Column')) ?? path.map((part) => part.name).join('_');
  return addColumn(spot.table, identityOf(path), wanted, made, spot.names);
}

/** Subtypes may declare properties of the same name; the declaring type tells them apart. */
function identityOf(path: readonly Property[]): string {
  return path.map((part) => `${part.declaringType.qualifiedName}.${part.name}`).join('/');
}

function flatten(spot: Spot, property: Property, type: ComplexType, width: number): FlattenedStorage {
  spot.room.left -= width - 1;
  const path = [...spot.path, property];
  const nullable = spot.nullable || property.nullable;
  const presence = nullable
    ? addColumn(
        spot.table,
        `@${identityOf(path)}`,
        `@${path.map((part) => part.name).join('_')}`,
        { codec: { kind: 'boolean' }, nullable: true },
        spot.names,
      )
    : null;
  const members = new Map<Property, Storage>();
  const inner: Spot = { ...spot, path, nullable, room: { left: maxColumns } };
  for (const member of type.properties.values()) members.set(member, store(inner, member));
  return { kind: 'flattened', property, type, presence, members, links: new Map() };
}

/**
 * How many columns a complex value takes when flattened, its presence included. null: it cannot be, for its type is open,
 * abstract, recursive, has subtypes or holds collections or streams.
 */
function flatWidth(type: ComplexType, above: Set<ComplexType>): number | null {
  if (type.open || type.abstract || type.derivedTypes.length > 0 || above.has(type)) return null;
  let width = 1;
  const within = new Set([...above, type]);
  for (const property of type.properties.values()) {
    if (property.collection || isStreamType(property.type)) return null;
    const inner = property.type.kind === 'complex' ? flatWidth(property.type, within) : 1;
    if (inner === null) return null;
    width += inner;
  }
  return width;
}

/** Adds what every table has besides its properties. */
export function addHidden(table: TableBuilder, names: Names): void {
  const types = hierarchy(table.type);
  const hidden = (name: string, made: Omit<Column, 'name'>) => addColumn(table, name, name, made, names);
  if (types.filter((type) => !type.abstract).length > 1)
    table.typeColumn = hidden('@type', {
      codec: { kind: 'string' },
      nullable: false,
      default: table.type.qualifiedName,
    });
  table.version = hidden('@version', { codec: { kind: 'integer' }, nullable: false, default: 1n });
  if (types.some((type) => type.open)) table.dynamic = hidden('@dynamic', { codec: { kind: 'json' }, nullable: true });
  if (types.some((type) => type.hasStream)) {
    table.media = hidden('@media', { codec: { kind: 'json' }, nullable: true });
    table.streams.push(table.media);
  }
}

/** The columns of the properties that the model names as source of the ETag; null when it names none, or one that has no column. */
export function concurrencyColumns(table: TableBuilder): readonly Column[] | null {
  if (table.source.kind !== 'entitySet') return null;
  const named = stringValues(annotationOf(table.source, 'Org.OData.Core.V1.OptimisticConcurrency'));
  const columns = named.map((path) => columnAt(table, propertiesOf(table.type, path)));
  return columns.length === 0 || columns.includes(null) ? null : columns.filter((column) => column !== null);
}

/** The column at the end of a path of properties; null when it is not a column of its own. */
export function columnAt(table: Table, path: readonly Property[]): Column | null {
  let members = table.storage;
  for (const property of path) {
    const found = members.get(property);
    if (found?.kind === 'column') return found.column;
    if (found?.kind !== 'flattened') return null;
    members = found.members;
  }
  return null;
}

/** The columns of a key. Throws NotImplemented when one of them is within JSON. */
export function keyColumns(table: TableBuilder, key: readonly KeyProperty[]): readonly Column[] {
  return key.map((part) => {
    const found = columnAt(table, part.properties);
    if (found !== null) return found;
    throw new ODataError(
      'NotImplemented',
      `The key '${part.path}' of ${table.type.qualifiedName} cannot be stored in a column.`,
    );
  });
}

/** Properties by the names of a path, `Address/City`; empty when there is no such path. Type casts are passed over. */
export function propertiesOf(type: StructuredType, path: string): readonly Property[] {
  const found: Property[] = [];
  let at: StructuredType | null = type;
  for (const name of path.split('/').filter((segment) => !segment.includes('.'))) {
    const property: Property | undefined =
      at === null
        ? undefined
        : (at.properties.get(name) ?? allProperties(at).find((candidate) => candidate.name === name));
    if (property === undefined) return [];
    found.push(property);
    at = property.type.kind === 'complex' ? property.type : null;
  }
  return found;
}
