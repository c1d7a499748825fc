import type {
  Annotation,
  AnnotationExpression,
  ComplexType,
  ContainerChild,
  EntityContainer,
  EntitySet,
  EntityType,
  EnumType,
  KeyProperty,
  Model,
  NavigationProperty,
  NavigationPropertyBinding,
  PrimitiveTypeName,
  Property,
  SchemaType,
  Singleton,
  StructuredType,
  Type,
} from '../../src/edm/index.js';
import { primitiveType } from '../bind/model.js';

const at = { file: 'test', line: 1, column: 1 };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface PropertyText {
  readonly type: string;
  readonly nullable?: boolean;
  readonly precision?: number;
  readonly scale?: number | 'variable' | 'floating';
  readonly annotations?: readonly Annotation[];
}

interface NavigationText {
  readonly to: string;
  readonly many?: boolean;
  readonly contained?: boolean;
  readonly required?: boolean;
  readonly partner?: string;
  readonly constraint?: Readonly<Record<string, string>>;
  readonly onDelete?: NavigationProperty['onDelete'];
}

export interface TypeText {
  readonly kind?: 'entity' | 'complex';
  readonly base?: string;
  readonly abstract?: boolean;
  readonly open?: boolean;
  readonly stream?: boolean;
  readonly key?: readonly string[];
  readonly alternateKeys?: readonly (readonly string[])[];
  /** `String!` is not nullable, `String[]` a collection; names without `Edm.` of the model come first. */
  readonly properties?: Readonly<Record<string, string | PropertyText>>;
  readonly navigation?: Readonly<Record<string, NavigationText>>;
  readonly annotations?: readonly Annotation[];
}

export interface ModelText {
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  readonly types: Readonly<Record<string, TypeText>>;
  /** `User` or `User!` for a singleton, and its bindings. */
  readonly sets: Readonly<
    Record<
      string,
      { readonly type: string; readonly singleton?: boolean; readonly bindings?: Readonly<Record<string, string>> }
    >
  >;
}

/** An annotation with an expression. */
export function note(termName: string, value: AnnotationExpression | null = null): Annotation {
  return { kind: 'annotation', termName, term: null, qualifier: null, value, annotations: [], at };
}

/** A text constant. */
export function constant(text: string): AnnotationExpression {
  return { kind: 'constant', type: 'String', text, at };
}

/** Edmund.V1.DefaultOrder over these paths. */
export function order(...paths: readonly string[]): Annotation {
  const items = paths.map((path): AnnotationExpression => {
    const value = { kind: 'path', type: 'PropertyPath', path, at } as const;
    const values = new Map([['Property', { property: 'Property', value, annotations: [], at }]]);
    return { kind: 'record', type: null, typeName: null, values, annotations: [], at };
  });
  return note('Edmund.V1.DefaultOrder', { kind: 'collection', items, at });
}

/** A linked model out of a few words. */
export function modelOf(text: ModelText): Model {
  const types = new Map<string, SchemaType>();
  for (const [name, members] of Object.entries(text.enums ?? {})) types.set(name, enumOf(name, members));
  for (const [name, type] of Object.entries(text.types)) types.set(name, shell(name, type));
  for (const [name, type] of Object.entries(text.types))
    fillType(types.get(name) as EntityType | ComplexType, type, types);
  for (const [name, type] of Object.entries(text.types)) inherit(types.get(name) as StructuredType, type, types);
  for (const [name, type] of Object.entries(text.types)) finish(types.get(name) as EntityType, type, types);
  const children = new Map<string, ContainerChild>();
  for (const [name, set] of Object.entries(text.sets))
    children.set(name, setOf(name, types.get(set.type) as EntityType, set.singleton ?? false));
  for (const [name, set] of Object.entries(text.sets))
    bind(children.get(name) as Writable<EntitySet>, set.bindings ?? {}, children);
  return assemble(types, children);
}

function assemble(types: ReadonlyMap<string, SchemaType>, children: ReadonlyMap<string, ContainerChild>): Model {
  const container: EntityContainer = {
    kind: 'entityContainer',
    name: 'Container',
    namespace: 'T',
    qualifiedName: 'T.Container',
    extends: null,
    children,
    ownChildren: new Set(children.keys()),
    annotations: [],
    at,
  };
  const schema = {
    namespace: 'T',
    alias: null,
    types,
    actions: new Map(),
    functions: new Map(),
    terms: new Map(),
    container,
    annotationGroups: [],
    annotations: [],
    at,
  };
  return {
    main: { file: 'test', version: '4.01', references: [], schemas: [schema] },
    documents: [],
    schemas: new Map([['T', schema]]),
    container,
    type: (name) => types.get(name.replace('T.', '')) ?? null,
    operations: () => [],
    term: () => null,
    boundOperations: () => [],
    defaultNamespaces: new Set(),
  };
}

function enumOf(name: string, members: readonly string[]): EnumType {
  const entries = members.map(
    (member, index) =>
      [member, { kind: 'enumMember' as const, name: member, value: BigInt(index), annotations: [], at }] as const,
  );
  return {
    kind: 'enum',
    name,
    namespace: 'T',
    qualifiedName: `T.${name}`,
    underlyingType: primitiveType('Edm.Int32'),
    isFlags: false,
    members: new Map(entries),
    annotations: [],
    at,
  };
}

function shell(name: string, text: TypeText): EntityType | ComplexType {
  const common = {
    name,
    namespace: 'T',
    qualifiedName: `T.${name}`,
    abstract: text.abstract ?? false,
    open: text.open ?? false,
    ownProperties: new Map(),
    ownNavigationProperties: new Map(),
    properties: new Map(),
    navigationProperties: new Map(),
    annotations: text.annotations ?? [],
    at,
    baseType: null,
    derivedTypes: [],
  };
  return text.kind === 'complex'
    ? { kind: 'complex', ...common }
    : { kind: 'entity', ...common, hasStream: text.stream ?? false, key: [], alternateKeys: [] };
}

function fillType(type: StructuredType, text: TypeText, types: ReadonlyMap<string, SchemaType>): void {
  for (const [name, written] of Object.entries(text.properties ?? {}))
    (type.ownProperties as Map<string, Property>).set(
      name,
      propertyOf(name, typeof written === 'string' ? { type: written } : written, type, types),
    );
  for (const [name, written] of Object.entries(text.navigation ?? {}))
    (type.ownNavigationProperties as Map<string, NavigationProperty>).set(
      name,
      navigationOf(name, written, type, types),
    );
}

function propertyOf(
  name: string,
  text: PropertyText,
  declaringType: StructuredType,
  types: ReadonlyMap<string, SchemaType>,
): Property {
  const bare = text.type.replace(/[![\]]/g, '');
  return {
    kind: 'property',
    name,
    declaringType,
    type: types.get(bare) ?? (primitiveType(`Edm.${bare}` as PrimitiveTypeName) as Type),
    collection: text.type.includes('[]'),
    nullable: text.nullable ?? !text.type.includes('!'),
    maxLength: null,
    precision: text.precision ?? null,
    scale: text.scale ?? null,
    srid: null,
    unicode: null,
    defaultValue: null,
    annotations: text.annotations ?? [],
    at,
  };
}

function navigationOf(
  name: string,
  text: NavigationText,
  declaringType: StructuredType,
  types: ReadonlyMap<string, SchemaType>,
): NavigationProperty {
  return {
    kind: 'navigationProperty',
    name,
    declaringType,
    type: types.get(text.to) as EntityType,
    collection: text.many ?? false,
    nullable: text.required !== true,
    containsTarget: text.contained ?? false,
    partnerPath: text.partner ?? null,
    partner: null,
    referentialConstraints: Object.entries(text.constraint ?? {}).map(([property, referencedProperty]) => ({
      property,
      referencedProperty,
      annotations: [],
      at,
    })),
    onDelete: text.onDelete ?? null,
    onDeleteAnnotations: [],
    annotations: [],
    at,
  };
}

function inherit(type: StructuredType, text: TypeText, types: ReadonlyMap<string, SchemaType>): void {
  const base = text.base === undefined ? null : (types.get(text.base) as StructuredType);
  const made = type as Writable<EntityType>;
  made.baseType = base as EntityType | null;
  const chain: StructuredType[] = [type];
  for (let above = text.base; above !== undefined; ) {
    const found = types.get(above) as StructuredType;
    chain.unshift(found);
    (found.derivedTypes as StructuredType[]).push(type);
    above = found.baseType?.name;
  }
  made.properties = new Map(chain.flatMap((one) => [...one.ownProperties]));
  made.navigationProperties = new Map(chain.flatMap((one) => [...one.ownNavigationProperties]));
}

function finish(type: EntityType, text: TypeText, types: ReadonlyMap<string, SchemaType>): void {
  if (type.kind !== 'entity') return;
  const made = type as Writable<EntityType>;
  const inherited = text.base === undefined ? [] : ((types.get(text.base) as EntityType).key ?? []);
  made.key = text.key === undefined ? inherited : text.key.map((path) => keyOf(type, path));
  made.alternateKeys = (text.alternateKeys ?? []).map((key) => key.map((path) => keyOf(type, path)));
  for (const [name, written] of Object.entries(text.navigation ?? {})) {
    const own = type.navigationProperties.get(name) as Writable<NavigationProperty>;
    if (written.partner !== undefined)
      own.partner = (types.get(written.to) as EntityType).navigationProperties.get(written.partner) ?? null;
  }
}

function keyOf(type: EntityType, path: string): KeyProperty {
  const properties: Property[] = [];
  let structured: StructuredType = type;
  for (const name of path.split('/')) {
    const property = structured.properties.get(name) as Property;
    properties.push(property);
    structured = property.type as StructuredType;
  }
  return { name: path, alias: null, path, properties, through: [] };
}

function setOf(name: string, type: EntityType, singleton: boolean): EntitySet | Singleton {
  return singleton
    ? { kind: 'singleton', name, type, nullable: false, bindings: [], annotations: [], at }
    : { kind: 'entitySet', name, type, includeInServiceDocument: true, bindings: [], annotations: [], at };
}

function bind(
  set: Writable<EntitySet>,
  bindings: Readonly<Record<string, string>>,
  children: ReadonlyMap<string, ContainerChild>,
): void {
  set.bindings = Object.entries(bindings).map(([path, target]): NavigationPropertyBinding => {
    const found = children.get(target);
    return { path, target, targetSet: found?.kind === 'entitySet' || found?.kind === 'singleton' ? found : null, at };
  });
}
