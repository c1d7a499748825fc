import type { Annotation, AnnotationExpression, Facets, TypeReference } from './model.js';
import { inlineOf, isTemporal, type Names } from './write-names.js';

/** Attributes in order; those that are null are left out. */
export type Attributes = readonly (readonly [name: string, value: string | number | boolean | null])[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escaped(text: string): string {
  return /[&<>"\t\n\r]/.test(text)
    ? text.replace(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character)
    : text;
}

/** Lines of XML: elements, types with their facets, and annotations with all that may stand in them (CSDL 14). */
export class XmlAnnotationWriter {
  protected readonly lines: string[] = ['<?xml version="1.0" encoding="utf-8"?>'];
  private indent = '';

  constructor(
    protected readonly names: Names,
    protected readonly version: string,
  ) {}

  /** One element; `body` writes its children, and without any it closes itself. */
  protected element(name: string, attributes: Attributes, body?: () => void): void {
    let head = `${this.indent}<${name}`;
    for (const [key, value] of attributes)
      if (value !== null) head += ` ${key}="${typeof value === 'string' ? escaped(value) : value}"`;
    const index = this.lines.push(head) - 1;
    const outer = this.indent;
    this.indent += '  ';
    body?.();
    this.indent = outer;
    const empty = this.lines.length === index + 1;
    this.lines[index] = empty ? `${head}/>` : `${head}>`;
    if (!empty) this.lines.push(`${outer}</${name}>`);
  }

  private text(name: string, text: string): void {
    this.lines.push(`${this.indent}<${name}>${escaped(text)}</${name}>`);
  }

  /** Type and facets; XML's defaults are left out, but for collections Nullable is always stated (CSDL 7.2.1). */
  protected typed(reference: TypeReference): Attributes {
    const { type, collection, nullable } = reference;
    const name = this.names.short(type.qualifiedName);
    const entities = collection && type.kind === 'entity';
    return [
      ['Type', collection ? `Collection(${name})` : name],
      ['Nullable', entities || (nullable && !collection) ? null : nullable],
      ...this.facets(reference, reference.type.qualifiedName === 'Edm.Decimal', isTemporal(reference.type)),
    ];
  }

  protected facets(facets: Facets, decimal: boolean, temporal: boolean): Attributes {
    const max = facets.maxLength === 'max' && this.version !== '4.0';
    return [
      ['MaxLength', max ? null : facets.maxLength],
      ['Precision', temporal ? (facets.precision === 0 ? null : (facets.precision ?? 12)) : facets.precision],
      ['Scale', decimal && facets.scale === 0 ? null : facets.scale],
      ['SRID', facets.srid],
      ['Unicode', facets.unicode],
    ];
  }

  /** Inline annotations; in the edmx part they state their namespace. */
  protected annotations(element: { readonly annotations: readonly Annotation[] }, edmx = false): void {
    for (const annotation of inlineOf(element, this.names)) this.annotation(annotation, edmx);
  }

  protected annotation(annotation: Annotation, edmx = false): void {
    const attributes: Attributes = [
      ...(edmx ? [['xmlns', 'http://docs.oasis-open.org/odata/ns/edm'] as const] : []),
      ['Term', this.names.short(annotation.termName)],
      ['Qualifier', annotation.qualifier],
    ];
    this.valued('Annotation', attributes, annotation.value, annotation.annotations);
  }

  /** A value in attribute notation where there is one. */
  private valued(
    name: string,
    attributes: Attributes,
    value: AnnotationExpression | null,
    annotations: readonly Annotation[],
  ): void {
    const inline = value?.kind === 'constant' || value?.kind === 'path';
    const all: Attributes = inline
      ? [
          ...attributes,
          value.kind === 'constant'
            ? [value.type, this.constantText(value)]
            : [value.type, this.names.short(value.path)],
        ]
      : attributes;
    this.element(name, all, () => {
      if (value !== null && !inline) this.expression(value);
      for (const annotation of annotations) this.annotation(annotation);
    });
  }

  private constantText({ type, text }: Extract<AnnotationExpression, { kind: 'constant' }>): string {
    return type === 'EnumMember' ? this.names.short(text) : text;
  }

  private expression(value: AnnotationExpression): void {
    switch (value.kind) {
      case 'constant':
        this.text(value.type, this.constantText(value));
        return;
      case 'path':
        this.text(value.type, this.names.short(value.path));
        return;
      case 'labeledReference':
        this.text('LabeledElementReference', this.names.short(value.name));
        return;
      case 'collection':
        this.element('Collection', [], () => {
          for (const item of value.items) this.expression(item);
        });
        return;
      case 'record':
        this.element('Record', [['Type', value.typeName === null ? null : this.names.short(value.typeName)]], () => {
          for (const member of value.values.values())
            this.valued('PropertyValue', [['Property', member.property]], member.value, member.annotations);
          for (const annotation of value.annotations) this.annotation(annotation);
        });
        return;
      case 'operator':
        this.dynamic(value.operator, [], value.operands, value.annotations);
        return;
      case 'apply':
        this.dynamic('Apply', [['Function', this.names.short(value.function)]], value.arguments, value.annotations);
        return;
      case 'cast':
      case 'isOf':
        this.dynamic(
          value.kind === 'cast' ? 'Cast' : 'IsOf',
          this.typed(value.type),
          [value.operand],
          value.annotations,
        );
        return;
      case 'labeled':
        this.dynamic('LabeledElement', [['Name', value.name]], [value.operand], value.annotations);
        return;
      case 'urlRef':
        this.dynamic('UrlRef', [], [value.operand], value.annotations);
        return;
      case 'null':
        this.dynamic('Null', [], [], value.annotations);
        return;
    }
  }

  private dynamic(
    name: string,
    attributes: Attributes,
    operands: readonly AnnotationExpression[],
    annotations: readonly Annotation[],
  ): void {
    this.element(name, attributes, () => {
      for (const operand of operands) this.expression(operand);
      for (const annotation of annotations) this.annotation(annotation);
    });
  }
}
