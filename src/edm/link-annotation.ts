import { type CsdlElement, none } from './element.js';
import { findMember } from './member.js';
import type {
  Annotation,
  AnnotationExpression,
  AnnotationOperator,
  ConstantKind,
  PathKind,
  PropertyValue,
  RecordExpression,
  Term,
  Type,
  TypeReference,
} from './model.js';
import { expand, type Linking, lookUpType, type Scope, split } from './scope.js';
import { typeReference } from './type-reference.js';

/** What a value should be: the type of the term, of a record's property, or of a collection's items; null when nobody says. */
type Expected = Pick<TypeReference, 'type' | 'collection'> | null;

const constants: ReadonlySet<string> = new Set<ConstantKind>([
  'Binary',
  'Bool',
  'Date',
  'DateTimeOffset',
  'Decimal',
  'Duration',
  'EnumMember',
  'Float',
  'Guid',
  'Int',
  'String',
  'TimeOfDay',
]);
const paths: ReadonlySet<string> = new Set<PathKind>([
  'Path',
  'AnnotationPath',
  'ModelElementPath',
  'NavigationPropertyPath',
  'PropertyPath',
  'AnyPropertyPath',
]);
const operators: ReadonlySet<string> = new Set<AnnotationOperator>(
  'And Or Not Eq Ne Gt Ge Lt Le Has In Add Sub Neg Mul Div DivBy Mod If'.split(' ') as AnnotationOperator[],
);

/** All `Annotation` children of an element; the qualifier of an `Annotations` group is its children's (CSDL 14.2.1). */
export function linkAnnotations(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  qualifier: string | null = null,
): readonly Annotation[] {
  const found: Annotation[] = [];
  for (const child of element.children) {
    if (child.name !== 'Annotation' || child.attributes.Term === undefined) continue;
    if (qualifier !== null && child.attributes.Qualifier !== undefined)
      linking.report('qualifier-twice', child.at, 'The group of annotations has a Qualifier already.');
    found.push(annotation(linking, scope, child, child.attributes.Term, qualifier));
  }
  return found.length === 0 ? none : found;
}

function annotation(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  name: string,
  qualifier: string | null,
): Annotation {
  const term = termNamed(linking, scope, name, element);
  const { namespace, name: local } = split(scope, name);
  return {
    kind: 'annotation',
    termName: term?.qualifiedName ?? `${namespace}.${local}`,
    term,
    qualifier: element.attributes.Qualifier ?? qualifier,
    value: statedValue(linking, scope, element, term),
    annotations: linkAnnotations(linking, scope, element),
    at: element.at,
  };
}

function termNamed(linking: Linking, scope: Scope, name: string, element: CsdlElement): Term | null {
  const { namespace, name: local } = split(scope, name);
  const schema = linking.schemas.get(namespace) ?? linking.vocabulary(namespace);
  const term = schema?.terms.get(local) ?? null;
  if (term === null && schema !== null)
    linking.report('unknown-term', element.at, `The vocabulary '${namespace}' has no term '${local}'.`);
  else if (!scope.namespaces.has(namespace) && !scope.unscoped.has(namespace)) {
    scope.unscoped.add(namespace);
    linking.report(
      'term-not-in-scope',
      element.at,
      `The vocabulary '${namespace}' of the term '${local}' is not included by this document.`,
    );
  }
  return term;
}

/** The one expression of an annotation or property value, in attribute or element notation (CSDL 14.3). */
function statedValue(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  expected: Expected,
): AnnotationExpression | null {
  let value: AnnotationExpression | null = null;
  let count = 0;
  for (const name in element.attributes) {
    if (!constants.has(name) && !paths.has(name) && name !== 'UrlRef') continue;
    count++;
    const text = element.attributes[name] ?? '';
    const { at } = element;
    if (name === 'UrlRef')
      value = { kind: 'urlRef', operand: { kind: 'constant', type: 'String', text, at }, at, annotations: none };
    else value = plain(scope, name, text, at, expected);
  }
  for (const child of element.children) {
    if (child.name === 'Annotation') continue;
    const found = expression(linking, scope, child, expected);
    if (found === null) continue;
    count++;
    value ??= found;
  }
  if (count > 1) linking.report('several-values', element.at, 'Only one value may be stated here.');
  return value;
}

function plain(
  scope: Scope,
  name: string,
  text: string,
  at: CsdlElement['at'],
  expected: Expected,
): AnnotationExpression {
  if (paths.has(name)) return { kind: 'path', type: name as PathKind, path: expand(scope, text), at };
  return constant(scope, name as ConstantKind, text, at, expected);
}

/** A constant in the kind that its expected type asks for, so that XML and JSON give the same (CSDL 14.3). */
function constant(
  scope: Scope,
  type: ConstantKind,
  text: string,
  at: CsdlElement['at'],
  expected: Expected,
): AnnotationExpression {
  if (type === 'EnumMember') return { kind: 'constant', type, text: enumText(scope, text), at };
  const wanted = expected === null || expected.collection ? null : kindFor(expected.type);
  const numeric = (kind: string | null) => kind === 'Int' || kind === 'Decimal' || kind === 'Float';
  const whole = wanted === 'Int' && !/^[+-]?\d+$/.test(text.trim());
  const kind = numeric(type) && numeric(wanted) && !whole ? (wanted as ConstantKind) : type;
  return { kind: 'constant', type: kind, text: kind === 'String' ? text : text.trim(), at };
}

/** `Ns.Enum/A Ns.Enum/B`, aliases resolved, one blank between. */
function enumText(scope: Scope, text: string): string {
  return expand(scope, text.trim().split(/\s+/).join(' '));
}

const kindOfPrimitive: Readonly<Record<string, ConstantKind | PathKind>> = {
  'Edm.Binary': 'Binary',
  'Edm.Boolean': 'Bool',
  'Edm.Byte': 'Int',
  'Edm.SByte': 'Int',
  'Edm.Int16': 'Int',
  'Edm.Int32': 'Int',
  'Edm.Int64': 'Int',
  'Edm.Decimal': 'Decimal',
  'Edm.Double': 'Float',
  'Edm.Single': 'Float',
  'Edm.Date': 'Date',
  'Edm.DateTimeOffset': 'DateTimeOffset',
  'Edm.TimeOfDay': 'TimeOfDay',
  'Edm.Duration': 'Duration',
  'Edm.Guid': 'Guid',
  'Edm.AnnotationPath': 'AnnotationPath',
  'Edm.AnyPropertyPath': 'AnyPropertyPath',
  'Edm.ModelElementPath': 'ModelElementPath',
  'Edm.NavigationPropertyPath': 'NavigationPropertyPath',
  'Edm.PropertyPath': 'PropertyPath',
};

/** How a plain value of the type is written; null: by its own form. */
export function kindFor(type: Type): ConstantKind | PathKind | null {
  switch (type.kind) {
    case 'primitive':
    case 'abstract':
      return kindOfPrimitive[type.qualifiedName] ?? null;
    case 'typeDefinition':
      return kindOfPrimitive[type.underlyingType.qualifiedName] ?? null;
    case 'enum':
      return 'EnumMember';
    case 'entity':
    case 'complex':
      return null;
  }
}

/** A plain JSON value: the term decides what it is (CSDL JSON 14.3). */
function jsonConstant(scope: Scope, element: CsdlElement, expected: Expected): AnnotationExpression {
  const { text, at } = element;
  const wanted = expected === null || expected.collection ? null : kindFor(expected.type);
  if (wanted === 'EnumMember' && expected?.type.kind === 'enum') {
    const { qualifiedName } = expected.type;
    const members = text
      .split(',')
      .map((member) => (/^-?\d+$/.test(member) ? member : `${qualifiedName}/${member.trim()}`));
    return { kind: 'constant', type: 'EnumMember', text: members.join(' '), at };
  }
  if (element.name === 'JsonNumber') {
    const own = /[.eE]/.test(text) ? 'Decimal' : 'Int';
    return { kind: 'constant', type: wanted === 'Decimal' || wanted === 'Float' ? wanted : own, text, at };
  }
  if (wanted === null || wanted === 'Bool') return { kind: 'constant', type: 'String', text, at };
  return plain(scope, wanted, text, at, expected);
}

function expression(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  expected: Expected,
): AnnotationExpression | null {
  const { name, at, text } = element;
  if (name === 'JsonString' || name === 'JsonNumber') return jsonConstant(scope, element, expected);
  if (constants.has(name) || paths.has(name))
    return plain(scope, name, paths.has(name) ? text.trim() : text, at, expected);
  if (name === 'Collection') return collection(linking, scope, element, expected);
  if (name === 'Record') return record(linking, scope, element, expected);
  if (name === 'LabeledElementReference') return { kind: 'labeledReference', name: expand(scope, text.trim()), at };
  const dynamic = operators.has(name) || others.has(name);
  if (!dynamic) return null;
  const annotations = linkAnnotations(linking, scope, element);
  if (name === 'Null') return { kind: 'null', at, annotations };
  const operands = operandsOf(linking, scope, element, expected);
  if (operators.has(name)) return { kind: 'operator', operator: name as AnnotationOperator, operands, at, annotations };
  if (name === 'Apply') {
    const called = expand(scope, element.attributes.Function ?? '');
    return { kind: 'apply', function: called, arguments: operands, at, annotations };
  }
  if (operands.length !== 1) linking.report('operand-count', at, `${name} takes one operand, not ${operands.length}.`);
  const operand = operands[0] ?? { kind: 'null', at, annotations: none };
  switch (name) {
    case 'Cast':
    case 'IsOf':
      return {
        kind: name === 'Cast' ? 'cast' : 'isOf',
        type: typeReference(linking, scope, element),
        operand,
        at,
        annotations,
      };
    case 'LabeledElement':
      return { kind: 'labeled', name: element.attributes.Name ?? '', operand, at, annotations };
    default:
      return { kind: 'urlRef', operand, at, annotations };
  }
}

const others: ReadonlySet<string> = new Set(['Null', 'Apply', 'Cast', 'IsOf', 'LabeledElement', 'UrlRef']);

/** Child elements, and a path or constant in attribute notation (`Cast`, `LabeledElement`, `UrlRef`). */
function operandsOf(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  expected: Expected,
): readonly AnnotationExpression[] {
  const found: AnnotationExpression[] = [];
  for (const name in element.attributes)
    if (constants.has(name) || paths.has(name))
      found.push(plain(scope, name, element.attributes[name] ?? '', element.at, null));
  const operand = element.name === 'LabeledElement' ? expected : null;
  for (const child of element.children) {
    if (child.name === 'Annotation') continue;
    const conditional = element.name === 'If' && found.length > 0 ? expected : operand;
    const one = expression(linking, scope, child, conditional);
    if (one !== null) found.push(one);
  }
  return found;
}

function collection(linking: Linking, scope: Scope, element: CsdlElement, expected: Expected): AnnotationExpression {
  const item: Expected = expected === null ? null : { type: expected.type, collection: false };
  const items: AnnotationExpression[] = [];
  for (const child of element.children) {
    const found = child.name === 'Annotation' ? null : expression(linking, scope, child, item);
    if (found !== null) items.push(found);
  }
  return { kind: 'collection', items, at: element.at };
}

function record(linking: Linking, scope: Scope, element: CsdlElement, expected: Expected): RecordExpression {
  const { attributes, at } = element;
  const stated = attributes.Type === undefined ? null : recordType(linking, scope, attributes.Type);
  const found = attributes.Type === undefined ? (expected?.type ?? null) : stated;
  const type = found?.kind === 'complex' || found?.kind === 'entity' ? found : null;
  if (attributes.Type !== undefined && type === null)
    linking.report('record-type', at, `There is no structured type '${attributes.Type}' for this record.`);
  const values = new Map<string, PropertyValue>();
  for (const child of element.children) {
    const { Property: name } = child.attributes;
    if (child.name !== 'PropertyValue' || name === undefined) continue;
    if (values.has(name)) linking.report('duplicate-property-value', child.at, `The record states '${name}' twice.`);
    const member = type === null ? null : findMember(type, name);
    const value = statedValue(linking, scope, child, member);
    values.set(name, { property: name, value, annotations: linkAnnotations(linking, scope, child), at: child.at });
  }
  const typeName = attributes.Type === undefined ? null : (type?.qualifiedName ?? expand(scope, attributes.Type));
  return { kind: 'record', type, typeName, values, annotations: linkAnnotations(linking, scope, element), at };
}

/** A record's type; standard vocabularies may be used without being included, as their terms may. */
function recordType(linking: Linking, scope: Scope, name: string): Type | null {
  const { namespace, name: local } = split(scope, name);
  return lookUpType(linking, scope, name) ?? linking.vocabulary(namespace)?.types.get(local) ?? null;
}
