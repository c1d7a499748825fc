import type { EntityType, Property, StructuredType, Type } from '../../src/edm/index.js';

/** What values are like for an operator or function. */
export type Kind =
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'string'
  | 'date'
  | 'moment'
  | 'time'
  | 'duration'
  | 'guid'
  | 'enum'
  | 'other';

/** A path in an expression, without a variable in front. */
export interface Path {
  readonly text: string;
  readonly type: Type;
  readonly kind: Kind;
  /** Of a property: its facets decide which literals lie near. */
  readonly property: Property | null;
}

const kinds: Readonly<Record<string, Kind>> = {
  'Edm.Boolean': 'boolean',
  'Edm.SByte': 'integer',
  'Edm.Byte': 'integer',
  'Edm.Int16': 'integer',
  'Edm.Int32': 'integer',
  'Edm.Int64': 'integer',
  'Edm.Decimal': 'decimal',
  'Edm.Double': 'double',
  'Edm.Single': 'double',
  'Edm.String': 'string',
  'Edm.Date': 'date',
  'Edm.DateTimeOffset': 'moment',
  'Edm.TimeOfDay': 'time',
  'Edm.Duration': 'duration',
  'Edm.Guid': 'guid',
};

export function kindOf(type: Type): Kind {
  if (type.kind === 'typeDefinition') return kindOf(type.underlyingType);
  return type.kind === 'enum' ? 'enum' : (kinds[type.qualifiedName] ?? 'other');
}

interface Paths {
  /** Single values. */
  readonly values: readonly Path[];
  /** Single structured values, which are there or not. */
  readonly structures: readonly Path[];
  /** Of values, complex values and entities. */
  readonly collections: readonly Path[];
}

const known = new Map<string, Paths>();

/** The paths that start at a type: through complex values, and `hops` times to related entities or to subtypes. */
export function pathsOf(type: StructuredType, hops = 2): Paths {
  const name = `${type.qualifiedName} ${hops}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const found = { values: [] as Path[], structures: [] as Path[], collections: [] as Path[] };
  for (const property of type.properties.values()) {
    const path = { text: property.name, type: property.type, kind: kindOf(property.type), property };
    if (property.collection) found.collections.push(path);
    else if (property.type.kind === 'complex') {
      found.structures.push(path);
      append(found, property.name, property.type, hops);
    } else found.values.push(path);
  }
  for (const navigation of type.navigationProperties.values()) {
    if (navigation.type.kind !== 'entity') continue;
    const path: Path = { text: navigation.name, type: navigation.type, kind: 'other', property: null };
    if (navigation.collection) found.collections.push(path);
    else {
      found.structures.push(path);
      if (hops > 0) append(found, navigation.name, navigation.type, hops - 1);
    }
  }
  if (type.kind === 'entity' && hops > 0)
    for (const derived of type.derivedTypes as readonly EntityType[]) append(found, derived.qualifiedName, derived, 0);
  known.set(name, found);
  return found;
}

function append(
  into: { values: Path[]; structures: Path[]; collections: Path[] },
  prefix: string,
  type: StructuredType,
  hops: number,
): void {
  const inner = pathsOf(type, hops);
  const below = (path: Path): Path => ({ ...path, text: `${prefix}/${path.text}` });
  into.values.push(...inner.values.map(below));
  into.structures.push(...inner.structures.map(below));
  into.collections.push(...inner.collections.map(below));
}
