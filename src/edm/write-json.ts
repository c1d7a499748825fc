import { type JsonObject, type JsonValue, printJson } from './json-print.js';
import type {
  Annotation,
  ContainerChild,
  Document,
  EntityContainer,
  Facets,
  Model,
  NavigationProperty,
  Operation,
  Property,
  Reference,
  Schema,
  SchemaType,
  Term,
  TypeReference,
} from './model.js';
import { pure40 } from './pure40.js';
import { addAnnotations, type JsonStyle, plainToJson } from './write-json-annotation.js';
import { inlineOf, namesOf, ownKeyOf, referenceUri } from './write-names.js';

/** How a document is written. */
export interface WriteJsonOptions {
  readonly version: '4.0' | '4.01';
  /** Int64 and Decimal values as strings (CSDL JSON 2). */
  readonly ieee754Compatible?: boolean;
  /** How much `@type` there is: where it says something new, everywhere, or nowhere (CSDL JSON 2). */
  readonly metadata?: 'minimal' | 'full' | 'none';
}

type Members = Map<string, JsonValue>;
type Pairs = readonly (readonly [string, JsonValue | undefined])[];

/** The main document of a model, or any document, as CSDL JSON; members that have their JSON default are left out (CSDL JSON 2). */
export function writeJson(source: Model | Document, options: WriteJsonOptions): string {
  const { version, ieee754Compatible = false, metadata = 'minimal' } = options;
  const document = 'main' in source ? source.main : source;
  const written = version === '4.0' ? pure40(document) : document;
  const writer = new JsonWriter({
    names: namesOf(written),
    ieee754Compatible,
    metadata,
    type: version === '4.0' ? '@odata.type' : '@type',
    typed: (reference) => writer.typed(reference),
  });
  return `${printJson(writer.document(written, version))}\n`;
}

/** One method per kind of element; each gives the object that stands for it. */
class JsonWriter {
  private readonly short: (text: string) => string;

  constructor(private readonly style: JsonStyle) {
    this.short = style.names.short;
  }

  document(document: Document, version: string): JsonObject {
    const members: Members = new Map([['$Version', version]]);
    const container = document.schemas.find((schema) => schema.container !== null)?.container ?? null;
    if (container !== null) members.set('$EntityContainer', container.qualifiedName);
    if (document.references.length > 0) members.set('$Reference', this.references(document.references));
    for (const schema of document.schemas) members.set(schema.namespace, this.schema(schema));
    return members;
  }

  /** An object: what is undefined is left out; then the inline annotations. */
  private object(pairs: Pairs, annotated?: { readonly annotations: readonly Annotation[] }): Members {
    const members: Members = new Map();
    for (const [name, value] of pairs) if (value !== undefined) members.set(name, value);
    if (annotated !== undefined) addAnnotations(members, inlineOf(annotated, this.style.names), this.style);
    return members;
  }

  /** One member per URI, so what names the same URI becomes one (CSDL 4.1). */
  private references(references: readonly Reference[]): JsonObject {
    const merged = new Map<string, Reference>();
    for (const reference of references) {
      const before = merged.get(reference.uri);
      const includes = [...(before?.includes ?? []), ...reference.includes];
      merged.set(reference.uri, {
        ...reference,
        includes: [...new Map(includes.map((include) => [include.namespace, include])).values()],
        includeAnnotations: [...(before?.includeAnnotations ?? []), ...reference.includeAnnotations],
        annotations: [...(before?.annotations ?? []), ...reference.annotations],
      });
    }
    return new Map([...merged].map(([uri, reference]) => [referenceUri(uri, 'json'), this.reference(reference)]));
  }

  private reference(reference: Reference): JsonObject {
    const includes = reference.includes.map((include) =>
      this.object(
        [
          ['$Namespace', include.namespace],
          ['$Alias', include.alias ?? undefined],
        ],
        include,
      ),
    );
    const annotations = reference.includeAnnotations.map(({ termNamespace, qualifier, targetNamespace }) =>
      this.object([
        ['$TermNamespace', termNamespace],
        ['$Qualifier', qualifier ?? undefined],
        ['$TargetNamespace', targetNamespace ?? undefined],
      ]),
    );
    return this.object(
      [
        ['$Include', includes.length === 0 ? undefined : includes],
        ['$IncludeAnnotations', annotations.length === 0 ? undefined : annotations],
      ],
      reference,
    );
  }

  private schema(schema: Schema): JsonObject {
    const members = this.object([['$Alias', schema.alias ?? undefined]]);
    for (const type of schema.types.values()) members.set(type.name, this.type(type));
    for (const term of schema.terms.values()) members.set(term.name, this.term(term));
    if (schema.container !== null) members.set(schema.container.name, this.container(schema.container));
    for (const [name, overloads] of [...schema.actions, ...schema.functions])
      this.addOperations(members, name, overloads);
    const groups: Map<string, Members> = new Map();
    for (const { target, annotations } of schema.annotationGroups) {
      const group = groups.get(target) ?? new Map();
      groups.set(target, group);
      addAnnotations(group, annotations, this.style);
    }
    if (groups.size > 0)
      members.set('$Annotations', new Map([...groups].map(([target, group]) => [this.short(target), group])));
    addAnnotations(members, inlineOf(schema, this.style.names), this.style);
    return members;
  }

  /** Actions and functions of a name share one array; operations that bear the name of a type have no place in JSON (CSDL 5). */
  private addOperations(members: Members, name: string, overloads: readonly Operation[]): void {
    const before = members.get(name);
    const items = overloads.map((overload) => this.operation(overload));
    if (before === undefined) members.set(name, items);
    else if (Array.isArray(before)) members.set(name, [...before, ...items]);
  }

  private type(type: SchemaType): JsonObject {
    switch (type.kind) {
      case 'entity':
      case 'complex': {
        const key = type.kind === 'entity' ? ownKeyOf(type) : [];
        const members = this.object([
          ['$Kind', type.kind === 'entity' ? 'EntityType' : 'ComplexType'],
          ['$BaseType', type.baseType === null ? undefined : this.short(type.baseType.qualifiedName)],
          ['$Abstract', type.abstract || undefined],
          ['$OpenType', type.open || undefined],
          ['$HasStream', (type.kind === 'entity' && type.hasStream) || undefined],
          [
            '$Key',
            key.length === 0
              ? undefined
              : key.map(({ alias, path }) =>
                  alias === null ? this.short(path) : new Map([[alias, this.short(path)]]),
                ),
          ],
        ]);
        for (const property of type.ownProperties.values()) members.set(property.name, this.property(property));
        for (const property of type.ownNavigationProperties.values())
          members.set(property.name, this.navigation(property));
        addAnnotations(members, inlineOf(type, this.style.names), this.style);
        return members;
      }
      case 'enum': {
        const underlying = type.underlyingType.name;
        const members = this.object([
          ['$Kind', 'EnumType'],
          ['$UnderlyingType', underlying === 'Edm.Int32' ? undefined : underlying],
          ['$IsFlags', type.isFlags || undefined],
        ]);
        for (const member of type.members.values()) {
          const text = String(member.value);
          const asText = this.style.ieee754Compatible && underlying === 'Edm.Int64';
          members.set(member.name, asText ? text : { number: text });
          addAnnotations(members, inlineOf(member, this.style.names), this.style, member.name);
        }
        addAnnotations(members, inlineOf(type, this.style.names), this.style);
        return members;
      }
      case 'typeDefinition':
        return this.object(
          [['$Kind', 'TypeDefinition'], ['$UnderlyingType', type.underlyingType.name], ...this.facets(type.facets, '')],
          type,
        );
    }
  }

  /** Type and facets, JSON's defaults left out: Edm.String, not nullable, Scale variable (CSDL 7.1, 7.2). */
  typed(reference: TypeReference): readonly (readonly [string, JsonValue])[] {
    const { type, collection, nullable } = reference;
    const name = type.qualifiedName;
    const pairs: [string, JsonValue][] = [];
    if (name !== 'Edm.String') pairs.push(['$Type', this.short(name)]);
    if (collection) pairs.push(['$Collection', true]);
    if (nullable && !(collection && type.kind === 'entity')) pairs.push(['$Nullable', true]);
    for (const [facet, value] of this.facets(reference, name)) if (value !== undefined) pairs.push([facet, value]);
    return pairs;
  }

  private facets(facets: Facets, type: string): Pairs {
    const { maxLength, precision, scale, srid, unicode } = facets;
    const number = (value: number): JsonValue => ({ number: String(value) });
    const byDefault = type === 'Edm.Decimal' && scale === 'variable';
    return [
      ['$MaxLength', maxLength === null || maxLength === 'max' ? undefined : number(maxLength)],
      ['$Precision', precision === null ? undefined : number(precision)],
      ['$Scale', scale === null || byDefault ? undefined : typeof scale === 'number' ? number(scale) : scale],
      ['$SRID', srid === null ? undefined : String(srid)],
      ['$Unicode', unicode === false ? false : undefined],
    ];
  }

  private property(property: Property): JsonObject {
    const { type, defaultValue } = property;
    const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
    const text = defaultValue === null ? undefined : plainToJson(defaultValue, base.qualifiedName, this.style);
    return this.object([...this.typed(property), ['$DefaultValue', text]], property);
  }

  private navigation(property: NavigationProperty): JsonObject {
    const members = this.object([
      ['$Kind', 'NavigationProperty'],
      ['$Type', this.short(property.type.qualifiedName)],
      ['$Collection', property.collection || undefined],
      ['$Nullable', (!property.collection && property.nullable) || undefined],
      ['$Partner', property.partnerPath === null ? undefined : this.short(property.partnerPath)],
      ['$ContainsTarget', property.containsTarget || undefined],
    ]);
    const constraints: Members = new Map();
    for (const constraint of property.referentialConstraints) {
      const name = this.short(constraint.property);
      constraints.set(name, this.short(constraint.referencedProperty));
      addAnnotations(constraints, inlineOf(constraint, this.style.names), this.style, name);
    }
    if (constraints.size > 0) members.set('$ReferentialConstraint', constraints);
    if (property.onDelete !== null) members.set('$OnDelete', property.onDelete);
    addAnnotations(members, property.onDeleteAnnotations, this.style, '$OnDelete');
    addAnnotations(members, inlineOf(property, this.style.names), this.style);
    return members;
  }

  private operation(operation: Operation): JsonObject {
    const parameters = operation.parameters.map((parameter) =>
      this.object([['$Name', parameter.name], ...this.typed(parameter)], parameter),
    );
    const { returnType } = operation;
    return this.object(
      [
        ['$Kind', operation.kind === 'action' ? 'Action' : 'Function'],
        ['$IsBound', operation.bound || undefined],
        ['$EntitySetPath', operation.entitySetPath === null ? undefined : this.short(operation.entitySetPath)],
        ['$IsComposable', (operation.kind === 'function' && operation.composable) || undefined],
        ['$Parameter', parameters.length === 0 ? undefined : parameters],
        ['$ReturnType', returnType === null ? undefined : this.object(this.typed(returnType), returnType)],
      ],
      operation,
    );
  }

  private term(term: Term): JsonObject {
    const { defaultValue } = term;
    const base = term.type.kind === 'typeDefinition' ? term.type.underlyingType : term.type;
    return this.object(
      [
        ['$Kind', 'Term'],
        ...this.typed(term),
        ['$BaseTerm', term.baseTerm === null ? undefined : this.short(term.baseTerm.qualifiedName)],
        [
          '$DefaultValue',
          defaultValue === null ? undefined : plainToJson(defaultValue, base.qualifiedName, this.style),
        ],
        ['$AppliesTo', term.appliesTo.length === 0 ? undefined : term.appliesTo],
      ],
      term,
    );
  }

  private container(container: EntityContainer): JsonObject {
    const members = this.object([
      ['$Kind', 'EntityContainer'],
      ['$Extends', container.extends === null ? undefined : this.short(container.extends.qualifiedName)],
    ]);
    for (const name of container.ownChildren) {
      const child = container.children.get(name);
      if (child !== undefined) members.set(name, this.child(child));
    }
    addAnnotations(members, inlineOf(container, this.style.names), this.style);
    return members;
  }

  private child(child: ContainerChild): JsonObject {
    switch (child.kind) {
      case 'entitySet':
      case 'singleton': {
        const bindings = new Map(child.bindings.map(({ path, target }) => [this.short(path), this.short(target)]));
        return this.object(
          [
            ['$Collection', child.kind === 'entitySet' || undefined],
            ['$Type', this.short(child.type.qualifiedName)],
            ['$Nullable', (child.kind === 'singleton' && child.nullable) || undefined],
            [
              '$IncludeInServiceDocument',
              child.kind === 'entitySet' && !child.includeInServiceDocument ? false : undefined,
            ],
            ['$NavigationPropertyBinding', bindings.size === 0 ? undefined : bindings],
          ],
          child,
        );
      }
      case 'actionImport':
        return this.imported('$Action', child, child.actions[0], undefined);
      case 'functionImport':
        return this.imported('$Function', child, child.functions[0], child.includeInServiceDocument || undefined);
    }
  }

  private imported(
    member: string,
    child: Extract<ContainerChild, { readonly entitySetPath: string | null }>,
    operation: Operation | undefined,
    included: true | undefined,
  ): JsonObject {
    return this.object(
      [
        [member, operation === undefined ? '' : this.short(operation.qualifiedName)],
        ['$EntitySet', child.entitySetPath === null ? undefined : this.short(child.entitySetPath)],
        ['$IncludeInServiceDocument', included],
      ],
      child,
    );
  }
}
