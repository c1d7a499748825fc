import type {
  Annotation,
  ContainerChild,
  Document,
  EntityContainer,
  EnumType,
  Model,
  NavigationProperty,
  NavigationPropertyBinding,
  Operation,
  Property,
  Reference,
  Schema,
  SchemaType,
  StructuredType,
  Term,
} from './model.js';
import { pure40 } from './pure40.js';
import { namesOf, ownKeyOf, referenceUri } from './write-names.js';
import { type Attributes, XmlAnnotationWriter } from './write-xml-annotation.js';

/** How a document is written. */
export interface WriteXmlOptions {
  readonly version: '4.0' | '4.01';
}

/** The main document of a model, or any document, as CSDL XML; 4.0 documents hold nothing that came with 4.01 (CSDL 17). */
export function writeXml(source: Model | Document, { version }: WriteXmlOptions): string {
  const document = 'main' in source ? source.main : source;
  const written = version === '4.0' ? pure40(document) : document;
  return new XmlWriter(namesOf(written), version).document(written);
}

/** Collects lines; one method per element. */
class XmlWriter extends XmlAnnotationWriter {
  document(document: Document): string {
    const edmx: Attributes = [
      ['xmlns:edmx', 'http://docs.oasis-open.org/odata/ns/edmx'],
      ['Version', this.version],
    ];
    this.element('edmx:Edmx', edmx, () => {
      for (const reference of document.references) this.reference(reference);
      this.element('edmx:DataServices', [], () => {
        for (const schema of document.schemas) this.schema(schema);
      });
    });
    return `${this.lines.join('\n')}\n`;
  }

  private reference(reference: Reference): void {
    this.element('edmx:Reference', [['Uri', referenceUri(reference.uri, 'xml')]], () => {
      for (const include of reference.includes)
        this.element(
          'edmx:Include',
          [
            ['Namespace', include.namespace],
            ['Alias', include.alias],
          ],
          () => this.annotations(include, true),
        );
      for (const { termNamespace, qualifier, targetNamespace } of reference.includeAnnotations)
        this.element('edmx:IncludeAnnotations', [
          ['TermNamespace', termNamespace],
          ['Qualifier', qualifier],
          ['TargetNamespace', targetNamespace],
        ]);
      this.annotations(reference, true);
    });
  }

  private schema(schema: Schema): void {
    const attributes: Attributes = [
      ['xmlns', 'http://docs.oasis-open.org/odata/ns/edm'],
      ['Namespace', schema.namespace],
      ['Alias', schema.alias],
    ];
    this.element('Schema', attributes, () => {
      for (const type of schema.types.values()) this.type(type);
      for (const overloads of schema.actions.values()) for (const action of overloads) this.operation(action);
      for (const overloads of schema.functions.values()) for (const one of overloads) this.operation(one);
      for (const term of schema.terms.values()) this.term(term);
      if (schema.container !== null) this.container(schema.container);
      for (const { target, annotations } of schema.annotationGroups)
        this.element('Annotations', [['Target', this.names.short(target)]], () => {
          for (const annotation of annotations) this.annotation(annotation);
        });
      this.annotations(schema);
    });
  }

  private type(type: SchemaType): void {
    switch (type.kind) {
      case 'entity':
      case 'complex':
        this.structured(type);
        return;
      case 'enum':
        this.enumeration(type);
        return;
      case 'typeDefinition': {
        const attributes: Attributes = [
          ['Name', type.name],
          ['UnderlyingType', type.underlyingType.name],
          ['MaxLength', type.facets.maxLength],
          ['Precision', type.facets.precision],
          ['Scale', type.facets.scale],
          ['SRID', type.facets.srid],
          ['Unicode', type.facets.unicode],
        ];
        this.element('TypeDefinition', attributes, () => this.annotations(type));
      }
    }
  }

  private structured(type: StructuredType): void {
    const attributes: Attributes = [
      ['Name', type.name],
      ['BaseType', type.baseType === null ? null : this.names.short(type.baseType.qualifiedName)],
      ['Abstract', type.abstract || null],
      ['OpenType', type.open || null],
      ['HasStream', (type.kind === 'entity' && type.hasStream) || null],
    ];
    this.element(type.kind === 'entity' ? 'EntityType' : 'ComplexType', attributes, () => {
      const key = type.kind === 'entity' ? ownKeyOf(type) : [];
      if (key.length > 0)
        this.element('Key', [], () => {
          for (const { path, alias } of key)
            this.element('PropertyRef', [
              ['Name', this.names.short(path)],
              ['Alias', alias],
            ]);
        });
      for (const property of type.ownProperties.values()) this.property(property);
      for (const property of type.ownNavigationProperties.values()) this.navigation(property);
      this.annotations(type);
    });
  }

  private property(property: Property): void {
    const attributes: Attributes = [
      ['Name', property.name],
      ...this.typed(property),
      ['DefaultValue', property.defaultValue],
    ];
    this.element('Property', attributes, () => this.annotations(property));
  }

  private navigation(property: NavigationProperty): void {
    const name = this.names.short(property.type.qualifiedName);
    const attributes: Attributes = [
      ['Name', property.name],
      ['Type', property.collection ? `Collection(${name})` : name],
      ['Nullable', property.collection || property.nullable ? null : false],
      ['Partner', property.partnerPath === null ? null : this.names.short(property.partnerPath)],
      ['ContainsTarget', property.containsTarget || null],
    ];
    this.element('NavigationProperty', attributes, () => {
      for (const constraint of property.referentialConstraints)
        this.element(
          'ReferentialConstraint',
          [
            ['Property', this.names.short(constraint.property)],
            ['ReferencedProperty', this.names.short(constraint.referencedProperty)],
          ],
          () => this.annotations(constraint),
        );
      if (property.onDelete !== null)
        this.element('OnDelete', [['Action', property.onDelete]], () => {
          for (const annotation of property.onDeleteAnnotations) this.annotation(annotation);
        });
      this.annotations(property);
    });
  }

  private enumeration(type: EnumType): void {
    const attributes: Attributes = [
      ['Name', type.name],
      ['UnderlyingType', type.underlyingType.name === 'Edm.Int32' ? null : type.underlyingType.name],
      ['IsFlags', type.isFlags || null],
    ];
    this.element('EnumType', attributes, () => {
      for (const member of type.members.values())
        this.element(
          'Member',
          [
            ['Name', member.name],
            ['Value', String(member.value)],
          ],
          () => this.annotations(member),
        );
      this.annotations(type);
    });
  }

  private operation(operation: Operation): void {
    const attributes: Attributes = [
      ['Name', operation.name],
      ['IsBound', operation.bound || null],
      ['EntitySetPath', operation.entitySetPath === null ? null : this.names.short(operation.entitySetPath)],
      ['IsComposable', (operation.kind === 'function' && operation.composable) || null],
    ];
    this.element(operation.kind === 'action' ? 'Action' : 'Function', attributes, () => {
      for (const parameter of operation.parameters)
        this.element('Parameter', [['Name', parameter.name], ...this.typed(parameter)], () =>
          this.annotations(parameter),
        );
      const { returnType } = operation;
      if (returnType !== null) this.element('ReturnType', this.typed(returnType), () => this.annotations(returnType));
      this.annotations(operation);
    });
  }

  private term(term: Term): void {
    const attributes: Attributes = [
      ['Name', term.name],
      ...this.typed(term),
      ['BaseTerm', term.baseTerm === null ? null : this.names.short(term.baseTerm.qualifiedName)],
      ['DefaultValue', term.defaultValue],
      ['AppliesTo', term.appliesTo.length === 0 ? null : term.appliesTo.join(' ')],
    ];
    this.element('Term', attributes, () => this.annotations(term));
  }

  private container(container: EntityContainer): void {
    const attributes: Attributes = [
      ['Name', container.name],
      ['Extends', container.extends === null ? null : this.names.short(container.extends.qualifiedName)],
    ];
    this.element('EntityContainer', attributes, () => {
      for (const name of container.ownChildren) {
        const child = container.children.get(name);
        if (child !== undefined) this.child(child);
      }
      this.annotations(container);
    });
  }

  private child(child: ContainerChild): void {
    const { name } = child;
    switch (child.kind) {
      case 'entitySet': {
        const attributes: Attributes = [
          ['Name', name],
          ['EntityType', this.names.short(child.type.qualifiedName)],
          ['IncludeInServiceDocument', child.includeInServiceDocument ? null : false],
        ];
        this.element('EntitySet', attributes, () => this.bound(child));
        return;
      }
      case 'singleton': {
        const attributes: Attributes = [
          ['Name', name],
          ['Type', this.names.short(child.type.qualifiedName)],
          ['Nullable', child.nullable || null],
        ];
        this.element('Singleton', attributes, () => this.bound(child));
        return;
      }
      case 'actionImport':
        this.imported('ActionImport', child, child.actions[0], []);
        return;
      case 'functionImport':
        this.imported('FunctionImport', child, child.functions[0], [
          ['IncludeInServiceDocument', child.includeInServiceDocument || null],
        ]);
        return;
    }
  }

  private bound(child: {
    readonly bindings: readonly NavigationPropertyBinding[];
    readonly annotations: readonly Annotation[];
  }): void {
    for (const { path, target } of child.bindings)
      this.element('NavigationPropertyBinding', [
        ['Path', this.names.short(path)],
        ['Target', this.names.short(target)],
      ]);
    this.annotations(child);
  }

  private imported(
    element: string,
    child: Extract<ContainerChild, { readonly entitySetPath: string | null }>,
    operation: Operation | undefined,
    more: Attributes,
  ): void {
    const attributes: Attributes = [
      ['Name', child.name],
      [
        element === 'ActionImport' ? 'Action' : 'Function',
        operation === undefined ? '' : this.names.short(operation.qualifiedName),
      ],
      ['EntitySet', child.entitySetPath === null ? null : this.names.short(child.entitySetPath)],
      ...more,
    ];
    this.element(element, attributes, () => this.annotations(child));
  }
}
