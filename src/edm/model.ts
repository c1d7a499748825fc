/**
 * The language of the room `edm`: one CSDL model, linked and immutable (CSDL 3 to 14).
 * Names are looked up once, while linking; afterwards everything points at the thing itself.
 */

/** Where an element stood in its document; 1-based. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The built-in primitive types (CSDL 3.3), the abstract ones (3.4) and the annotation path types (3.5) are named types too. */
export type PrimitiveTypeName =
  | 'Edm.Binary'
  | 'Edm.Boolean'
  | 'Edm.Byte'
  | 'Edm.Date'
  | 'Edm.DateTimeOffset'
  | 'Edm.Decimal'
  | 'Edm.Double'
  | 'Edm.Duration'
  | 'Edm.Guid'
  | 'Edm.Int16'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | 'Edm.SByte'
  | 'Edm.Single'
  | 'Edm.Stream'
  | 'Edm.String'
  | 'Edm.TimeOfDay'
  | 'Edm.Geography'
  | 'Edm.GeographyPoint'
  | 'Edm.GeographyLineString'
  | 'Edm.GeographyPolygon'
  | 'Edm.GeographyMultiPoint'
  | 'Edm.GeographyMultiLineString'
  | 'Edm.GeographyMultiPolygon'
  | 'Edm.GeographyCollection'
  | 'Edm.Geometry'
  | 'Edm.GeometryPoint'
  | 'Edm.GeometryLineString'
  | 'Edm.GeometryPolygon'
  | 'Edm.GeometryMultiPoint'
  | 'Edm.GeometryMultiLineString'
  | 'Edm.GeometryMultiPolygon'
  | 'Edm.GeometryCollection';

export type AbstractTypeName =
  | 'Edm.PrimitiveType'
  | 'Edm.ComplexType'
  | 'Edm.EntityType'
  | 'Edm.Untyped'
  | 'Edm.AnnotationPath'
  | 'Edm.AnyPropertyPath'
  | 'Edm.ModelElementPath'
  | 'Edm.NavigationPropertyPath'
  | 'Edm.PropertyPath';

/** A concrete built-in primitive type; one object per name in the whole process, so `===` compares types. */
export interface PrimitiveType {
  readonly kind: 'primitive';
  readonly name: PrimitiveTypeName;
  readonly qualifiedName: PrimitiveTypeName;
}

/** A built-in abstract type. */
export interface AbstractType {
  readonly kind: 'abstract';
  readonly name: AbstractTypeName;
  readonly qualifiedName: AbstractTypeName;
}

/** What every named or annotatable model element has. */
export interface Element {
  readonly at: Position;
  readonly annotations: readonly Annotation[];
}

export interface EnumMember extends Element {
  readonly kind: 'enumMember';
  readonly name: string;
  readonly value: bigint;
}

/** CSDL 10. `members` keeps the order of the document. */
export interface EnumType extends Element {
  readonly kind: 'enum';
  readonly name: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly underlyingType: PrimitiveType;
  readonly isFlags: boolean;
  readonly members: ReadonlyMap<string, EnumMember>;
}

/** CSDL 11. */
export interface TypeDefinition extends Element {
  readonly kind: 'typeDefinition';
  readonly name: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly underlyingType: PrimitiveType;
  readonly facets: Facets;
}

/** CSDL 7.2; `null` is "not stated". */
export interface Facets {
  readonly maxLength: number | 'max' | null;
  readonly precision: number | null;
  readonly scale: number | 'variable' | 'floating' | null;
  readonly srid: number | 'variable' | null;
  readonly unicode: boolean | null;
}

/** The type of a property, parameter, return value or term. */
export interface TypeReference extends Facets {
  readonly type: Type;
  readonly collection: boolean;
  /** CSDL 7.2.1: for collections, whether items may be null. */
  readonly nullable: boolean;
}

/** CSDL 7. */
export interface Property extends Element, TypeReference {
  readonly kind: 'property';
  readonly name: string;
  readonly declaringType: StructuredType;
  /** The text of `DefaultValue`, null when there is none (CSDL 7.2.7). */
  readonly defaultValue: string | null;
}

export interface ReferentialConstraint extends Element {
  /** Path of the dependent property, relative to the declaring type (CSDL 8.5). */
  readonly property: string;
  /** Path of the principal property, relative to the target type. */
  readonly referencedProperty: string;
}

export type OnDeleteAction = 'Cascade' | 'None' | 'SetNull' | 'SetDefault';

/** CSDL 8. */
export interface NavigationProperty extends Element {
  readonly kind: 'navigationProperty';
  readonly name: string;
  readonly declaringType: StructuredType;
  readonly type: EntityType | AbstractType;
  readonly collection: boolean;
  readonly nullable: boolean;
  readonly containsTarget: boolean;
  /** The partner path as written; `partner` is the property it leads to. */
  readonly partnerPath: string | null;
  readonly partner: NavigationProperty | null;
  readonly referentialConstraints: readonly ReferentialConstraint[];
  readonly onDelete: OnDeleteAction | null;
  /** What stands on `OnDelete` itself. */
  readonly onDeleteAnnotations: readonly Annotation[];
}

/** One member of an entity key (CSDL 6.5). */
export interface KeyProperty {
  /** The name used in key predicates: the alias, or the property's own name. */
  readonly name: string;
  readonly alias: string | null;
  /** The path as written, `Address/City` for a key in a complex property. */
  readonly path: string;
  /** The properties of the path, the last one is primitive. Empty only in a model that failed its checks. */
  readonly properties: readonly Property[];
  /** The navigation property on the way, when the part is of a related entity; else none. */
  readonly through: readonly NavigationProperty[];
}

interface Structured extends Element {
  readonly name: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly abstract: boolean;
  readonly open: boolean;
  /** Own members in document order; inherited ones are not in here. */
  readonly ownProperties: ReadonlyMap<string, Property>;
  readonly ownNavigationProperties: ReadonlyMap<string, NavigationProperty>;
  /** Inherited members first, then own (CSDL 6.1). */
  readonly properties: ReadonlyMap<string, Property>;
  readonly navigationProperties: ReadonlyMap<string, NavigationProperty>;
}

/** CSDL 9. */
export interface ComplexType extends Structured {
  readonly kind: 'complex';
  readonly baseType: ComplexType | null;
  /** Direct and indirect subtypes, not itself. */
  readonly derivedTypes: readonly ComplexType[];
}

/** CSDL 6. */
export interface EntityType extends Structured {
  readonly kind: 'entity';
  readonly baseType: EntityType | null;
  readonly derivedTypes: readonly EntityType[];
  readonly hasStream: boolean;
  /** Own or inherited key; empty for keyless (abstract) types. */
  readonly key: readonly KeyProperty[];
  /** Alternate keys (Core.AlternateKeys), own and inherited. */
  readonly alternateKeys: readonly (readonly KeyProperty[])[];
}

export type StructuredType = EntityType | ComplexType;
export type SchemaType = EntityType | ComplexType | EnumType | TypeDefinition;
export type Type = PrimitiveType | AbstractType | SchemaType;

export interface Parameter extends Element, TypeReference {
  readonly kind: 'parameter';
  readonly name: string;
  /** Core.OptionalParameter: present when the parameter may be left out; its default as text, or null. */
  readonly optional: { readonly defaultValue: string | null } | null;
}

export interface ReturnType extends Element, TypeReference {
  readonly kind: 'returnType';
}

interface OperationBase extends Element {
  readonly name: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly bound: boolean;
  /** CSDL 12.6: path from the binding parameter to the returned entities' set. */
  readonly entitySetPath: string | null;
  /** All parameters, the binding parameter first when `bound`. */
  readonly parameters: readonly Parameter[];
  readonly returnType: ReturnType | null;
}

/** One overload of an action (CSDL 12.1). */
export interface Action extends OperationBase {
  readonly kind: 'action';
}

/** One overload of a function (CSDL 12.3). */
export interface FunctionOverload extends OperationBase {
  readonly kind: 'function';
  readonly composable: boolean;
  readonly returnType: ReturnType;
}

export type Operation = Action | FunctionOverload;

/** CSDL 14.1. */
export interface Term extends Element, TypeReference {
  readonly kind: 'term';
  readonly name: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly baseTerm: Term | null;
  readonly defaultValue: string | null;
  readonly appliesTo: readonly string[];
}

export interface NavigationPropertyBinding {
  /** The path as written, `Items/NS.Sub/Product`. */
  readonly path: string;
  /** The target as written, `Products` or `Set/ContainedNav`. */
  readonly target: string;
  /** The set or singleton when the target is a plain one. */
  readonly targetSet: EntitySet | Singleton | null;
  readonly at: Position;
}

/** CSDL 13.2. */
export interface EntitySet extends Element {
  readonly kind: 'entitySet';
  readonly name: string;
  readonly type: EntityType;
  readonly includeInServiceDocument: boolean;
  readonly bindings: readonly NavigationPropertyBinding[];
}

/** CSDL 13.3. */
export interface Singleton extends Element {
  readonly kind: 'singleton';
  readonly name: string;
  readonly type: EntityType;
  readonly nullable: boolean;
  readonly bindings: readonly NavigationPropertyBinding[];
}

export interface ActionImport extends Element {
  readonly kind: 'actionImport';
  readonly name: string;
  /** Unbound overloads of that name. */
  readonly actions: readonly Action[];
  readonly entitySet: EntitySet | Singleton | null;
  /** The entity set path as written. */
  readonly entitySetPath: string | null;
}

export interface FunctionImport extends Element {
  readonly kind: 'functionImport';
  readonly name: string;
  readonly functions: readonly FunctionOverload[];
  readonly entitySet: EntitySet | Singleton | null;
  readonly entitySetPath: string | null;
  readonly includeInServiceDocument: boolean;
}

export type ContainerChild = EntitySet | Singleton | ActionImport | FunctionImport;

/** CSDL 13. `children` holds what an extended container brings, too. */
export interface EntityContainer extends Element {
  readonly kind: 'entityContainer';
  readonly name: string;
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly extends: EntityContainer | null;
  readonly children: ReadonlyMap<string, ContainerChild>;
  /** Names of the children declared here, not inherited. */
  readonly ownChildren: ReadonlySet<string>;
}

/** An annotation applied to an element (CSDL 14.2). */
export interface Annotation {
  readonly kind: 'annotation';
  /** Namespace-qualified name of the term, aliases resolved. */
  readonly termName: string;
  /** The term, when its vocabulary is known. */
  readonly term: Term | null;
  readonly qualifier: string | null;
  /** null: no value was written, the term's default applies. */
  readonly value: AnnotationExpression | null;
  readonly annotations: readonly Annotation[];
  readonly at: Position;
}

/** CSDL 14.3 and 14.4. Text values are kept as written, checked against the term by the rules. */
export type AnnotationExpression =
  | { readonly kind: 'constant'; readonly type: ConstantKind; readonly text: string; readonly at: Position }
  | { readonly kind: 'path'; readonly type: PathKind; readonly path: string; readonly at: Position }
  | { readonly kind: 'collection'; readonly items: readonly AnnotationExpression[]; readonly at: Position }
  | RecordExpression
  | {
      readonly kind: 'operator';
      readonly operator: AnnotationOperator;
      readonly operands: readonly AnnotationExpression[];
      readonly at: Position;
      readonly annotations: readonly Annotation[];
    }
  | {
      readonly kind: 'apply';
      readonly function: string;
      readonly arguments: readonly AnnotationExpression[];
      readonly at: Position;
      readonly annotations: readonly Annotation[];
    }
  | {
      readonly kind: 'cast' | 'isOf';
      readonly type: TypeReference;
      readonly operand: AnnotationExpression;
      readonly at: Position;
      readonly annotations: readonly Annotation[];
    }
  | {
      readonly kind: 'labeled';
      readonly name: string;
      readonly operand: AnnotationExpression;
      readonly at: Position;
      readonly annotations: readonly Annotation[];
    }
  | { readonly kind: 'labeledReference'; readonly name: string; readonly at: Position }
  | {
      readonly kind: 'urlRef';
      readonly operand: AnnotationExpression;
      readonly at: Position;
      readonly annotations: readonly Annotation[];
    }
  | { readonly kind: 'null'; readonly at: Position; readonly annotations: readonly Annotation[] };

export interface RecordExpression {
  readonly kind: 'record';
  readonly type: ComplexType | EntityType | null;
  readonly typeName: string | null;
  readonly values: ReadonlyMap<string, PropertyValue>;
  readonly annotations: readonly Annotation[];
  readonly at: Position;
}

export interface PropertyValue {
  readonly property: string;
  readonly value: AnnotationExpression | null;
  readonly annotations: readonly Annotation[];
  readonly at: Position;
}

/** How a constant was written; `unknown` comes from CSDL JSON, where the term decides. */
export type ConstantKind =
  | 'Binary'
  | 'Bool'
  | 'Date'
  | 'DateTimeOffset'
  | 'Decimal'
  | 'Duration'
  | 'EnumMember'
  | 'Float'
  | 'Guid'
  | 'Int'
  | 'String'
  | 'TimeOfDay';

export type PathKind =
  | 'Path'
  | 'AnnotationPath'
  | 'ModelElementPath'
  | 'NavigationPropertyPath'
  | 'PropertyPath'
  | 'AnyPropertyPath';

export type AnnotationOperator =
  | 'And'
  | 'Or'
  | 'Not'
  | 'Eq'
  | 'Ne'
  | 'Gt'
  | 'Ge'
  | 'Lt'
  | 'Le'
  | 'Has'
  | 'In'
  | 'Add'
  | 'Sub'
  | 'Neg'
  | 'Mul'
  | 'Div'
  | 'DivBy'
  | 'Mod'
  | 'If';

/** `Annotations` with a target outside the annotated element (CSDL 14.2.2), kept so that the document can be written back. */
export interface AnnotationsGroup {
  readonly target: string;
  readonly qualifier: string | null;
  readonly annotations: readonly Annotation[];
  readonly at: Position;
}

/** CSDL 5. */
export interface Schema extends Element {
  readonly namespace: string;
  readonly alias: string | null;
  readonly types: ReadonlyMap<string, SchemaType>;
  readonly actions: ReadonlyMap<string, readonly Action[]>;
  readonly functions: ReadonlyMap<string, readonly FunctionOverload[]>;
  readonly terms: ReadonlyMap<string, Term>;
  readonly container: EntityContainer | null;
  /** Groups written with external targeting in this schema; their annotations also stand on the targets. */
  readonly annotationGroups: readonly AnnotationsGroup[];
}

export interface Include {
  readonly namespace: string;
  readonly alias: string | null;
  readonly annotations: readonly Annotation[];
  readonly at: Position;
}

export interface IncludeAnnotations {
  readonly termNamespace: string;
  readonly qualifier: string | null;
  readonly targetNamespace: string | null;
  readonly at: Position;
}

/** CSDL 4.1. */
export interface Reference extends Element {
  readonly uri: string;
  readonly includes: readonly Include[];
  readonly includeAnnotations: readonly IncludeAnnotations[];
}

/** One CSDL document (CSDL 4). */
export interface Document {
  readonly file: string;
  readonly version: string;
  readonly references: readonly Reference[];
  readonly schemas: readonly Schema[];
}

/** A complete model: the main document and all it refers to. */
export interface Model {
  readonly main: Document;
  /** Main first, then what it references, vocabularies included. */
  readonly documents: readonly Document[];
  readonly schemas: ReadonlyMap<string, Schema>;
  /** The service's container: of the main document, or the only one in scope. */
  readonly container: EntityContainer | null;
  /** A type by its qualified name, with namespace or alias; `Edm.` types included. null: there is none. */
  type(qualifiedName: string): Type | null;
  /** Overloads by qualified name, with namespace or alias. */
  operations(qualifiedName: string): readonly Operation[];
  term(qualifiedName: string): Term | null;
  /** Bound operations for a binding parameter of this type or a base type, by namespace-qualified name of the operation. */
  boundOperations(type: Type, collection: boolean): readonly Operation[];
  /** Namespaces whose names may be used unqualified in URLs (Core.DefaultNamespace, Protocol 4.4). */
  readonly defaultNamespaces: ReadonlySet<string>;
}
