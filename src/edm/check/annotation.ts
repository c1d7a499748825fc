import { kindFor } from '../link-annotation.js';
import { findMember } from '../member.js';
import type { AnnotationExpression, AnnotationOperator } from '../model.js';
import { primitive } from '../primitive.js';
import { isSubtypeOf } from '../subtype.js';
import { valueType, whyNot } from './property.js';
import { rule, type Stated } from './rule.js';

type Expected = Stated['expected'];

/** Rules for annotations: where a term may stand and what values it takes (CSDL 14). */
export const annotationRules = [
  rule('annotation-duplicate', 'annotated', 'C14.2.1-1', ({ annotations }, tell) => {
    if (annotations.length < 2) return;
    const seen = new Set<string>();
    for (const { termName, qualifier, at } of annotations) {
      const name = qualifier === null ? termName : `${termName}#${qualifier}`;
      if (seen.has(name)) tell(`The term '${name}' is applied twice to the same element.`, at);
      seen.add(name);
    }
  }),
  rule('base-term-missing', 'annotated', 'C14.1.1-1', ({ annotations }, tell) => {
    for (const { term, qualifier, at } of annotations)
      for (let base = term?.baseTerm ?? null; base !== null; base = base.baseTerm) {
        const { qualifiedName } = base;
        if (!annotations.some((other) => other.termName === qualifiedName && other.qualifier === qualifier))
          tell(`With ${term?.qualifiedName} its base term ${qualifiedName} must be applied, too.`, at);
      }
  }),
  rule('applies-to', 'annotated', 'C14.1.2-1', ({ symbols, annotations }, tell) => {
    for (const { term, at } of annotations)
      if (term !== null && term.appliesTo.length > 0 && !symbols.some((symbol) => term.appliesTo.includes(symbol)))
        tell(`${term.qualifiedName} applies to ${term.appliesTo.join(', ')}, not to ${symbols[0]}.`, at);
  }),
  rule('constant-value', 'stated', 'C14.3-2', ({ value, expected }, tell) => {
    const why = value.kind === 'constant' ? whyNoConstant(value, expected) : null;
    if (why !== null) tell(why);
  }),
  rule('annotation-type', 'stated', 'C14.2-4', ({ value, expected }, tell) => {
    const why = expected === null ? null : whyNotOfType(value, expected);
    if (why !== null) tell(why);
  }),
  rule('operand-count', 'stated', 'C14.4.2-2', ({ value, inCollection }, tell) => {
    if (value.kind !== 'operator') return;
    const wanted = operandsOf(value.operator);
    const count = value.operands.length;
    if (count !== wanted && !(value.operator === 'If' && inCollection && count === 2))
      tell(`${value.operator} takes ${wanted} operands, not ${count}.`);
  }),
  rule('record-property', 'stated', 'C14.4.2-4', ({ value }, tell) => {
    if (value.kind !== 'record' || value.type === null || value.type.open) return;
    for (const [name, { at }] of value.values)
      if (findMember(value.type, name) === null) tell(`${value.type.qualifiedName} has no property '${name}'.`, at);
  }),
  rule('record-missing', 'stated', 'C14.4.2-4', ({ value, annotation }, tell) => {
    if (value.kind !== 'record' || value.type === null || annotation.term?.baseTerm !== null) return;
    for (const [name, { nullable, collection, defaultValue }] of value.type.properties)
      if (!nullable && !collection && defaultValue === null && !value.values.has(name))
        tell(`The record needs a value for '${name}'.`);
  }),
  rule('labeled-name', 'stated', 'C14.4.2-1', ({ value }, tell, { labels }) => {
    if (value.kind !== 'labeled') return;
    if (labels.has(value.name)) tell(`There is a labeled element '${value.name}' in this schema already.`);
    labels.add(value.name);
  }),
];

function operandsOf(operator: AnnotationOperator): number {
  switch (operator) {
    case 'Not':
    case 'Neg':
      return 1;
    case 'If':
      return 3;
    default:
      return 2;
  }
}

const typeOfKind = {
  Binary: 'Edm.Binary',
  Bool: 'Edm.Boolean',
  Date: 'Edm.Date',
  DateTimeOffset: 'Edm.DateTimeOffset',
  Decimal: 'Edm.Decimal',
  Duration: 'Edm.Duration',
  Float: 'Edm.Double',
  Guid: 'Edm.Guid',
  Int: 'Edm.Int64',
  String: 'Edm.String',
  TimeOfDay: 'Edm.TimeOfDay',
} as const;

function whyNoConstant(
  { type, text }: Extract<AnnotationExpression, { kind: 'constant' }>,
  expected: Expected,
): string | null {
  if (type !== 'EnumMember') return whyNot(primitive(typeOfKind[type]), text);
  if (expected?.type.kind !== 'enum') return null;
  for (const part of text.split(' ')) {
    const slash = part.lastIndexOf('/');
    const known =
      slash === -1
        ? /^-?\d+$/.test(part)
        : part.slice(0, slash) === expected.type.qualifiedName && expected.type.members.has(part.slice(slash + 1));
    if (!known) return `'${part}' is no member of ${expected.type.qualifiedName}.`;
  }
  return null;
}

/** Why a value cannot be of a type; dynamic values are known only when they are evaluated. */
function whyNotOfType(value: AnnotationExpression, { type, collection }: NonNullable<Expected>): string | null {
  const wanted = `${collection ? 'a collection of ' : ''}${type.qualifiedName}`;
  const anything = type.qualifiedName === 'Edm.Untyped';
  switch (value.kind) {
    case 'collection':
      return collection || anything ? null : `A single value of ${wanted} is expected, not a collection.`;
    case 'record':
      if (anything) return null;
      if (collection || valueType(type) !== null) return `${wanted} is expected, not a record.`;
      return value.type !== null && !isSubtypeOf(value.type, type)
        ? `${wanted} is expected, not ${value.type.qualifiedName}.`
        : null;
    case 'constant': {
      if (anything || (type.qualifiedName === 'Edm.PrimitiveType' && !collection)) return null;
      const kind = kindFor(type) ?? (valueType(type) !== null ? 'String' : null);
      return collection || kind !== value.type ? `${wanted} is expected, not the ${value.type} '${value.text}'.` : null;
    }
    case 'path':
    case 'operator':
    case 'apply':
    case 'cast':
    case 'isOf':
    case 'labeled':
    case 'labeledReference':
    case 'urlRef':
    case 'null':
      return null;
  }
}
