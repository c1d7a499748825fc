import type {
  Annotation,
  ComplexType,
  EntityType,
  EnumType,
  Model,
  NavigationProperty,
  PrimitiveType,
  PrimitiveTypeName,
  Property,
  StructuredType,
  Type,
} from '../../src/edm/index.js';

/** A small linked model built by hand, for tests that need types and no CSDL document. */
const at = { file: 'test', line: 1, column: 1 };
const primitives = new Map<string, PrimitiveType>();

export function primitiveType(name: PrimitiveTypeName): PrimitiveType {
  const known = primitives.get(name);
  if (known !== undefined) return known;
  const made: PrimitiveType = { kind: 'primitive', name, qualifiedName: name };
  primitives.set(name, made);
  return made;
}

export function annotation(
  termName: string,
  text: string | null = null,
  nested: readonly Annotation[] = [],
): Annotation {
  const value = text === null ? null : ({ kind: 'constant', type: 'String', text, at } as const);
  return { kind: 'annotation', termName, term: null, qualifier: null, value, annotations: nested, at };
}

interface Options {
  readonly collection?: boolean;
  readonly nullable?: boolean;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number | 'variable' | 'floating';
  readonly defaultValue?: string;
  readonly annotations?: readonly Annotation[];
}

/** Stands for the type that declares a property, where nobody asks for it. */
const declaringType = complex('Declaring', {});

export function property(name: string, type: Type | PrimitiveTypeName, options: Options = {}): Property {
  return {
    kind: 'property',
    name,
    type: typeof type === 'string' ? primitiveType(type) : type,
    declaringType,
    collection: options.collection ?? false,
    nullable: options.nullable ?? true,
    maxLength: options.maxLength ?? null,
    precision: options.precision ?? null,
    scale: options.scale ?? null,
    srid: null,
    unicode: null,
    defaultValue: options.defaultValue ?? null,
    annotations: options.annotations ?? [],
    at,
  };
}

export function navigation(
  name: string,
  type: EntityType,
  options: Options & { contained?: boolean } = {},
): NavigationProperty {
  return {
    kind: 'navigationProperty',
    name,
    type,
    declaringType: type,
    collection: options.collection ?? false,
    nullable: options.nullable ?? true,
    containsTarget: options.contained ?? false,
    partnerPath: null,
    partner: null,
    referentialConstraints: [],
    onDelete: null,
    onDeleteAnnotations: [],
    annotations: [],
    at,
  };
}

interface Structure {
  readonly open?: boolean;
  readonly abstract?: boolean;
  readonly properties?: readonly Property[];
  readonly navigation?: readonly NavigationProperty[];
}

function structured(
  name: string,
  { open, abstract, properties, navigation: links }: Structure,
  base: StructuredType | null,
) {
  const ownProperties = new Map((properties ?? []).map((item) => [item.name, item]));
  const ownNavigationProperties = new Map((links ?? []).map((item) => [item.name, item]));
  return {
    name,
    namespace: 'T',
    qualifiedName: `T.${name}`,
    abstract: abstract ?? false,
    open: open ?? false,
    ownProperties,
    ownNavigationProperties,
    properties: new Map([...(base?.properties ?? []), ...ownProperties]),
    navigationProperties: new Map([...(base?.navigationProperties ?? []), ...ownNavigationProperties]),
    annotations: [],
    at,
  };
}

export function complex(name: string, structure: Structure, base: ComplexType | null = null): ComplexType {
  const made: ComplexType = { kind: 'complex', baseType: base, derivedTypes: [], ...structured(name, structure, base) };
  if (base !== null) (base.derivedTypes as ComplexType[]).push(made);
  return made;
}

export function entity(
  name: string,
  structure: Structure,
  key: readonly string[],
  base: EntityType | null = null,
): EntityType {
  const parts = structured(name, structure, base);
  const made: EntityType = {
    kind: 'entity',
    baseType: base,
    derivedTypes: [],
    hasStream: false,
    key: key.map((path) => ({
      name: path,
      alias: null,
      path,
      properties: [parts.properties.get(path) as Property],
      through: [],
    })),
    alternateKeys: [],
    ...parts,
  };
  if (base !== null) (base.derivedTypes as EntityType[]).push(made);
  return made;
}

export function enumeration(name: string, members: Readonly<Record<string, number>>, isFlags = false): EnumType {
  return {
    kind: 'enum',
    name,
    namespace: 'T',
    qualifiedName: `T.${name}`,
    underlyingType: primitiveType('Edm.Int32'),
    isFlags,
    members: new Map(
      Object.entries(members).map(([member, value]) => [
        member,
        { kind: 'enumMember' as const, name: member, value: BigInt(value), annotations: [], at },
      ]),
    ),
    annotations: [],
    at,
  };
}

export function model(types: readonly Exclude<Type, PrimitiveType>[]): Model {
  const byName = new Map<string, Type>(types.map((type) => [type.qualifiedName, type]));
  const unused = () => [];
  return {
    main: { file: 'test', version: '4.01', references: [], schemas: [] },
    documents: [],
    schemas: new Map(),
    container: null,
    type: (name) => byName.get(name) ?? (/^Edm\.[A-Z]/.test(name) && isPrimitive(name) ? primitiveType(name) : null),
    operations: unused,
    term: () => null,
    boundOperations: unused,
    defaultNamespaces: new Set(),
  };
}

function isPrimitive(name: string): name is PrimitiveTypeName {
  return /^Edm\.(Binary|Boolean|Byte|Date|DateTimeOffset|Decimal|Double|Duration|Guid|Int16|Int32|Int64|SByte|Single|String|TimeOfDay|GeographyPoint)$/.test(
    name,
  );
}
