/** What the text of an attribute must look like. */
export type AttributeKind =
  | 'identifier'
  | 'namespace'
  | 'qualifiedName'
  | 'type'
  | 'path'
  | 'target'
  | 'qualifier'
  | 'text';

/** What may and must stand in an element. */
export interface Shape {
  readonly attributes: Readonly<Record<string, AttributeKind>>;
  readonly required: readonly string[];
  readonly children: readonly string[];
  /** Children that occur at most once. */
  readonly once?: readonly string[];
  /** At least one of these children. */
  readonly needs?: readonly string[];
  /** Expressions may stand inside as elements. */
  readonly expressions?: boolean;
  /** Constants and paths may stand in attributes. */
  readonly constants?: boolean;
}

const facets = { MaxLength: 'text', Precision: 'text', Scale: 'text', SRID: 'text', Unicode: 'text' } as const;
const typed = { Type: 'type', Nullable: 'text', ...facets } as const;
const annotation: readonly string[] = ['Annotation'];
const dynamic: Shape = { attributes: {}, required: [], children: annotation, expressions: true };
const constant: Shape = { attributes: {}, required: [], children: [] };

const constants = 'Binary Bool Date DateTimeOffset Decimal Duration EnumMember Float Guid Int String TimeOfDay'.split(
  ' ',
);
const paths = 'Path AnnotationPath ModelElementPath NavigationPropertyPath PropertyPath AnyPropertyPath'.split(' ');
const operators = 'And Or Not Eq Ne Gt Ge Lt Le Has In Add Sub Neg Mul Div DivBy Mod If'.split(' ');
const others =
  'Apply Cast Collection IsOf LabeledElement LabeledElementReference Null Record UrlRef JsonString JsonNumber'.split(
    ' ',
  );

/** Names of expression elements (CSDL 14.3, 14.4); constants, paths and UrlRef are attributes as well. */
export const expressionNames: ReadonlySet<string> = new Set([...constants, ...paths, ...operators, ...others]);

/** The elements of CSDL XML with their attributes and children; CSDL JSON is read into the same tree. */
export const grammar: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries([...constants, ...paths].map((name) => [name, constant])),
  ...Object.fromEntries(operators.map((name) => [name, dynamic])),
  JsonString: constant,
  JsonNumber: constant,
  LabeledElementReference: constant,
  Collection: dynamic,
  Null: { attributes: {}, required: [], children: annotation },
  Apply: { attributes: { Function: 'qualifiedName' }, required: ['Function'], children: annotation, expressions: true },
  Cast: { attributes: typed, required: ['Type'], children: annotation, expressions: true, constants: true },
  IsOf: { attributes: typed, required: ['Type'], children: annotation, expressions: true, constants: true },
  LabeledElement: {
    attributes: { Name: 'identifier' },
    required: ['Name'],
    children: annotation,
    expressions: true,
    constants: true,
  },
  UrlRef: { ...dynamic, constants: true },
  Record: { attributes: { Type: 'qualifiedName' }, required: [], children: ['PropertyValue', 'Annotation'] },
  PropertyValue: {
    attributes: { Property: 'identifier' },
    required: ['Property'],
    children: annotation,
    expressions: true,
    constants: true,
  },
  Annotation: {
    attributes: { Term: 'qualifiedName', Qualifier: 'qualifier' },
    required: ['Term'],
    children: annotation,
    expressions: true,
    constants: true,
  },
  Annotations: {
    attributes: { Target: 'target', Qualifier: 'qualifier' },
    required: ['Target'],
    children: annotation,
    needs: annotation,
  },

  Edmx: {
    attributes: { Version: 'text', EntityContainer: 'qualifiedName' },
    required: ['Version'],
    children: ['Reference', 'DataServices'],
  },
  DataServices: { attributes: {}, required: [], children: ['Schema'], needs: ['Schema'] },
  Reference: {
    attributes: { Uri: 'text' },
    required: ['Uri'],
    children: ['Include', 'IncludeAnnotations', 'Annotation'],
    needs: ['Include', 'IncludeAnnotations'],
  },
  Include: {
    attributes: { Namespace: 'namespace', Alias: 'identifier' },
    required: ['Namespace'],
    children: annotation,
  },
  IncludeAnnotations: {
    attributes: { TermNamespace: 'namespace', Qualifier: 'qualifier', TargetNamespace: 'namespace' },
    required: ['TermNamespace'],
    children: [],
  },
  Schema: {
    attributes: { Namespace: 'namespace', Alias: 'identifier' },
    required: ['Namespace'],
    children: [
      'Action',
      'Annotations',
      'Annotation',
      'ComplexType',
      'EntityContainer',
      'EntityType',
      'EnumType',
      'Function',
      'Term',
      'TypeDefinition',
    ],
    once: ['EntityContainer'],
  },
  EntityType: {
    attributes: {
      Name: 'identifier',
      BaseType: 'qualifiedName',
      Abstract: 'text',
      OpenType: 'text',
      HasStream: 'text',
    },
    required: ['Name'],
    children: ['Key', 'Property', 'NavigationProperty', 'Annotation'],
    once: ['Key'],
  },
  Key: { attributes: {}, required: [], children: ['PropertyRef'], needs: ['PropertyRef'] },
  PropertyRef: { attributes: { Name: 'path', Alias: 'identifier' }, required: ['Name'], children: [] },
  ComplexType: {
    attributes: { Name: 'identifier', BaseType: 'qualifiedName', Abstract: 'text', OpenType: 'text' },
    required: ['Name'],
    children: ['Property', 'NavigationProperty', 'Annotation'],
  },
  Property: {
    attributes: { Name: 'identifier', DefaultValue: 'text', ...typed },
    required: ['Name', 'Type'],
    children: annotation,
  },
  NavigationProperty: {
    attributes: { Name: 'identifier', Type: 'type', Nullable: 'text', Partner: 'path', ContainsTarget: 'text' },
    required: ['Name', 'Type'],
    children: ['ReferentialConstraint', 'OnDelete', 'Annotation'],
    once: ['OnDelete'],
  },
  ReferentialConstraint: {
    attributes: { Property: 'path', ReferencedProperty: 'path' },
    required: ['Property', 'ReferencedProperty'],
    children: annotation,
  },
  OnDelete: { attributes: { Action: 'text' }, required: ['Action'], children: annotation },
  EnumType: {
    attributes: { Name: 'identifier', UnderlyingType: 'qualifiedName', IsFlags: 'text' },
    required: ['Name'],
    children: ['Member', 'Annotation'],
  },
  Member: { attributes: { Name: 'identifier', Value: 'text' }, required: ['Name'], children: annotation },
  TypeDefinition: {
    attributes: { Name: 'identifier', UnderlyingType: 'qualifiedName', ...facets },
    required: ['Name', 'UnderlyingType'],
    children: annotation,
  },
  Action: {
    attributes: { Name: 'identifier', IsBound: 'text', EntitySetPath: 'path' },
    required: ['Name'],
    children: ['Parameter', 'ReturnType', 'Annotation'],
    once: ['ReturnType'],
  },
  Function: {
    attributes: { Name: 'identifier', IsBound: 'text', IsComposable: 'text', EntitySetPath: 'path' },
    required: ['Name'],
    children: ['Parameter', 'ReturnType', 'Annotation'],
    once: ['ReturnType'],
  },
  Parameter: { attributes: { Name: 'identifier', ...typed }, required: ['Name', 'Type'], children: annotation },
  ReturnType: { attributes: typed, required: ['Type'], children: annotation },
  Term: {
    attributes: { Name: 'identifier', BaseTerm: 'qualifiedName', DefaultValue: 'text', AppliesTo: 'text', ...typed },
    required: ['Name', 'Type'],
    children: annotation,
  },
  EntityContainer: {
    attributes: { Name: 'identifier', Extends: 'qualifiedName' },
    required: ['Name'],
    children: ['EntitySet', 'Singleton', 'ActionImport', 'FunctionImport', 'Annotation'],
  },
  EntitySet: {
    attributes: { Name: 'identifier', EntityType: 'qualifiedName', IncludeInServiceDocument: 'text' },
    required: ['Name', 'EntityType'],
    children: ['NavigationPropertyBinding', 'Annotation'],
  },
  Singleton: {
    attributes: { Name: 'identifier', Type: 'qualifiedName', Nullable: 'text' },
    required: ['Name', 'Type'],
    children: ['NavigationPropertyBinding', 'Annotation'],
  },
  NavigationPropertyBinding: {
    attributes: { Path: 'path', Target: 'path' },
    required: ['Path', 'Target'],
    children: [],
  },
  ActionImport: {
    attributes: { Name: 'identifier', Action: 'qualifiedName', EntitySet: 'path' },
    required: ['Name', 'Action'],
    children: annotation,
  },
  FunctionImport: {
    attributes: { Name: 'identifier', Function: 'qualifiedName', EntitySet: 'path', IncludeInServiceDocument: 'text' },
    required: ['Name', 'Function'],
    children: annotation,
  },
};
