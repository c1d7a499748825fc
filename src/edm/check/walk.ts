import { findMember } from '../member.js';
import type {
  Annotation,
  AnnotationExpression,
  Document,
  Position,
  RecordExpression,
  Schema,
  StructuredType,
  Type,
} from '../model.js';
import type { Checked, Host, Stated } from './rule.js';

/** An element with annotations, and its names in AppliesTo (CSDL 14.1.2). */
export interface Annotated {
  readonly symbols: readonly string[];
  readonly annotations: readonly Annotation[];
  /** The type of a property; null for other elements. */
  readonly type: Type | null;
  readonly at: Position;
}

/** Called for every element of a document, by kind. */
export type Visit = <K extends keyof Checked>(kind: K, element: Checked[K], at: Position) => void;

/** Visits all elements of a schema, and the annotations they carry. */
export function walkSchema(schema: Schema, visit: Visit): void {
  visit('schema', schema, schema.at);
  annotated(visit, schema, 'Schema', null);
  for (const type of schema.types.values()) {
    switch (type.kind) {
      case 'entity':
        visit('entity', type, type.at);
        walkStructured(type, visit);
        annotated(visit, type, 'EntityType', type);
        break;
      case 'complex':
        walkStructured(type, visit);
        annotated(visit, type, 'ComplexType', type);
        break;
      case 'enum':
        visit('enum', type, type.at);
        annotated(visit, type, 'EnumType', null);
        for (const member of type.members.values()) annotated(visit, member, 'Member', null);
        break;
      case 'typeDefinition':
        visit('typeDefinition', type, type.at);
        annotated(visit, type, 'TypeDefinition', null);
        break;
    }
  }
  walkOperations(schema, visit);
  for (const term of schema.terms.values()) {
    visit('term', term, term.at);
    visit('typed', term, term.at);
    annotated(visit, term, 'Term', null);
  }
  if (schema.container !== null) walkContainer(schema, visit);
  for (const { annotations } of schema.annotationGroups)
    for (const annotation of annotations) walkAnnotation(annotation, null, visit);
}

function walkStructured(type: StructuredType, visit: Visit): void {
  visit('structured', type, type.at);
  for (const property of type.ownProperties.values()) {
    visit('property', property, property.at);
    visit('typed', property, property.at);
    annotated(visit, property, 'Property', property, property.collection ? 'Collection' : undefined);
  }
  for (const property of type.ownNavigationProperties.values()) {
    visit('navigation', property, property.at);
    annotated(visit, property, 'NavigationProperty', property, property.collection ? 'Collection' : undefined);
    for (const constraint of property.referentialConstraints)
      annotated(visit, constraint, 'ReferentialConstraint', property);
    if (property.onDelete !== null)
      annotated(visit, { annotations: property.onDeleteAnnotations, at: property.at }, 'OnDelete', property);
  }
}

function walkOperations(schema: Schema, visit: Visit): void {
  for (const overloads of [...schema.actions.values(), ...schema.functions.values()]) {
    const [first] = overloads;
    if (first !== undefined && overloads.length > 1) visit('overloads', overloads, first.at);
    for (const operation of overloads) {
      visit('operation', operation, operation.at);
      annotated(visit, operation, operation.kind === 'action' ? 'Action' : 'Function', operation);
      for (const parameter of operation.parameters) {
        visit('typed', parameter, parameter.at);
        annotated(visit, parameter, 'Parameter', operation);
      }
      if (operation.returnType === null) continue;
      visit('typed', operation.returnType, operation.returnType.at);
      annotated(visit, operation.returnType, 'ReturnType', operation);
    }
  }
}

const symbolOf = {
  entitySet: 'EntitySet',
  singleton: 'Singleton',
  actionImport: 'ActionImport',
  functionImport: 'FunctionImport',
} as const;

function walkContainer({ container }: Schema, visit: Visit): void {
  if (container === null) return;
  visit('container', container, container.at);
  annotated(visit, container, 'EntityContainer', container);
  for (const name of container.ownChildren) {
    const child = container.children.get(name);
    if (child === undefined) continue;
    visit('child', child, child.at);
    if (child.kind === 'entitySet' || child.kind === 'singleton') visit('set', child, child.at);
    annotated(visit, child, symbolOf[child.kind], child, child.kind === 'entitySet' ? 'Collection' : undefined);
  }
}

/** References and their includes carry annotations, too. */
export function walkReferences({ references }: Document, visit: Visit): void {
  for (const reference of references) {
    annotated(visit, reference, 'Reference', null);
    for (const include of reference.includes) annotated(visit, include, 'Include', null);
  }
}

/** What stands on an element, or on a part of an annotation; `host` is what the paths in it start at. */
function annotated(
  visit: Visit,
  element: { readonly annotations: readonly Annotation[]; readonly at: Position },
  symbol: string,
  host: Host | null,
  other?: string,
): void {
  if (element.annotations.length === 0) return;
  const symbols = other === undefined ? [symbol] : [symbol, other];
  const type = host === element && host.kind === 'property' ? host.type : null;
  visit('annotated', { symbols, annotations: element.annotations, type, at: element.at }, element.at);
  for (const annotation of element.annotations) walkAnnotation(annotation, host, visit);
}

function walkAnnotation(annotation: Annotation, host: Host | null, visit: Visit): void {
  visit('annotation', { annotation, host }, annotation.at);
  annotated(visit, annotation, 'Annotation', host);
}

/** Visits an annotation's value and all values inside, with the type that is expected there. */
export function walkValues(annotation: Annotation, host: Host | null, visit: Visit): void {
  if (annotation.value !== null) walkValue(annotation.value, annotation.term, false, { annotation, host, visit });
}

interface Within {
  readonly annotation: Annotation;
  readonly host: Host | null;
  readonly visit: Visit;
}

function walkValue(
  value: AnnotationExpression,
  expected: Stated['expected'],
  inCollection: boolean,
  within: Within,
): void {
  const { annotation, host, visit } = within;
  visit('stated', { value, expected, inCollection, annotation, host }, value.at);
  const inside = (one: AnnotationExpression) => walkValue(one, null, false, within);
  switch (value.kind) {
    case 'collection': {
      const item = expected === null ? null : { type: expected.type, collection: false };
      for (const one of value.items) walkValue(one, item, true, within);
      return;
    }
    case 'record':
      walkRecord(value, within);
      return;
    case 'operator':
      value.operands.forEach(inside);
      annotated(visit, value, value.operator, host);
      return;
    case 'apply':
      value.arguments.forEach(inside);
      annotated(visit, value, 'Apply', host);
      return;
    case 'cast':
    case 'isOf':
    case 'labeled':
    case 'urlRef':
      inside(value.operand);
      annotated(visit, value, symbolOfExpression[value.kind], host);
      return;
    case 'null':
      annotated(visit, value, 'Null', host);
      return;
    case 'constant':
    case 'path':
    case 'labeledReference':
      return;
  }
}

const symbolOfExpression = { cast: 'Cast', isOf: 'IsOf', labeled: 'LabeledElement', urlRef: 'UrlRef' } as const;

function walkRecord(record: RecordExpression, within: Within): void {
  const { host, visit } = within;
  for (const [name, member] of record.values) {
    const property = record.type === null ? null : findMember(record.type, name);
    if (member.value !== null) walkValue(member.value, property, false, within);
    annotated(visit, member, 'PropertyValue', host);
  }
  annotated(visit, record, 'Record', host);
}
