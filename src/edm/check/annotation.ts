import { kindFor } from '../link-annotation.js';
import { findMember } from '../member.js';
import type { Annotation, AnnotationExpression, AnnotationOperator, RecordExpression, Type } from '../model.js';
import { primitive } from '../primitive.js';
import { isSubtypeOf } from '../subtype.js';
import { valueType, whyNot } from './property.js';
import { rule } from './rule.js';

/** What a value should be; null: anything. */
type Expected = { readonly type: Type; readonly collection: boolean } | null;

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
  rule('constant-value', 'annotation', 'C14.3-2', (annotation, tell) => {
    everyValue(annotation, (value, expected) => {
      if (value.kind !== 'constant') return;
      const why = whyNoConstant(value, expected);
      if (why !== null) tell(why, value.at);
    });
  }),
  rule('annotation-type', 'annotation', 'C14.2-4', (annotation, tell) => {
    everyValue(annotation, (value, expected) => {
      const why = expected === null ? null : whyNotOfType(value, expected);
      if (why !== null) tell(why, value.at);
    });
  }),
  rule('operand-count', 'annotation', 'C14.4.2-2', (annotation, tell) => {
    everyValue(annotation, (value, _expected, inCollection) => {
      if (value.kind !== 'operator') return;
      const wanted = operandsOf(value.operator);
      const count = value.operands.length;
      if (count !== wanted && !(value.operator === 'If' && inCollection && count === 2))
        tell(`${value.operator} takes ${wanted} operands, not ${count}.`, value.at);
    });
  }),
  rule('record-property', 'annotation', 'C14.4.2-4', (annotation, tell) => {
    everyRecord(annotation, (record) => {
      if (record.type === null || record.type.open) return;
      for (const [name, { at }] of record.values)
        if (findMember(record.type, name) === null) tell(`${record.type.qualifiedName} has no property '${name}'.`, at);
    });
  }),
  rule('record-missing', 'annotation', 'C14.4.2-4', (annotation, tell) => {
    everyRecord(annotation, (record) => {
      if (record.type === null || annotation.term?.baseTerm !== null) return;
      for (const [name, { nullable, collection, defaultValue }] of record.type.properties)
        if (!nullable && !collection && defaultValue === null && !record.values.has(name))
          tell(`The record needs a value for '${name}'.`, record.at);
    });
  }),
  rule('annotation-path', 'annotation', 'C14.4.1.3-1', (annotation, tell) => {
    everyValue(annotation, (value) => {
      if (value.kind === 'path' && value.type === 'AnnotationPath' && !/@[^/]*$/.test(value.path))
        tell(`The path '${value.path}' must end with an annotation.`, value.at);
    });
  }),
  rule('labeled-name', 'schema', 'C14.4.2-1', (schema, tell) => {
    const seen = new Set<string>();
    everyLabel(schema, (name, at) => {
      if (seen.has(name)) tell(`There is a labeled element '${name}' in this schema already.`, at);
      seen.add(name);
    });
  }),
];

type Seen = (value: AnnotationExpression, expected: Expected, inCollection: boolean) => void;

/** Calls back for an annotation's value and all values inside, with the type that is expected there. */
function everyValue({ value, term }: Annotation, seen: Seen): void {
  if (value !== null) visit(value, term, false, seen);
}

function visit(value: AnnotationExpression, expected: Expected, inCollection: boolean, seen: Seen): void {
  seen(value, expected, inCollection);
  switch (value.kind) {
    case 'collection': {
      const item = expected === null ? null : { type: expected.type, collection: false };
      for (const one of value.items) visit(one, item, true, seen);
      return;
    }
    case 'record':
      for (const [name, member] of value.values) {
        const property = value.type === null ? null : findMember(value.type, name);
        if (member.value !== null) visit(member.value, property, false, seen);
        for (const inner of member.annotations) everyValue(inner, seen);
      }
      for (const inner of value.annotations) everyValue(inner, seen);
      return;
    case 'operator':
      for (const operand of value.operands) visit(operand, null, false, seen);
      return;
    case 'apply':
      for (const operand of value.arguments) visit(operand, null, false, seen);
      return;
    case 'cast':
    case 'isOf':
    case 'labeled':
    case 'urlRef':
      visit(value.operand, null, false, seen);
      return;
    case 'constant':
    case 'path':
    case 'labeledReference':
    case 'null':
      return;
  }
}

function everyRecord(annotation: Annotation, seen: (record: RecordExpression) => void): void {
  everyValue(annotation, (value) => {
    if (value.kind === 'record') seen(value);
  });
}

function everyLabel(
  schema: {
    readonly annotations: readonly Annotation[];
    readonly annotationGroups: readonly { readonly annotations: readonly Annotation[] }[];
  } & {
    readonly types: ReadonlyMap<string, { readonly annotations: readonly Annotation[] }>;
  },
  seen: (name: string, at: AnnotationExpression['at']) => void,
): void {
  const all = [schema, ...schema.types.values()].flatMap(({ annotations }) => annotations);
  for (const annotation of new Set([...all, ...schema.annotationGroups.flatMap(({ annotations }) => annotations)]))
    everyValue(annotation, (value) => {
      if (value.kind === 'labeled') seen(value.name, value.at);
    });
}

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
