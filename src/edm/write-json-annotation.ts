import type { JsonObject, JsonValue } from './json-print.js';
import type { Annotation, AnnotationExpression, Term, TypeReference } from './model.js';
import type { Names } from './write-names.js';

/** How numbers and names are spelled in the JSON being written. */
export interface JsonStyle {
  readonly names: Names;
  /** Int64 and Decimal as strings (CSDL JSON 2). */
  readonly ieee754Compatible: boolean;
  readonly metadata: 'minimal' | 'full' | 'none';
  /** How the control information `type` is spelled (JSON 4.6). */
  readonly type: '@type' | '@odata.type';
  /** Type and facets as members, for casts. */
  readonly typed: (reference: TypeReference) => readonly (readonly [string, JsonValue])[];
}

type Members = Map<string, JsonValue>;

/** Adds annotations to the members of an object, each name behind `prefix` (CSDL JSON 14.2). */
export function addAnnotations(
  members: Members,
  annotations: readonly Annotation[],
  style: JsonStyle,
  prefix = '',
): void {
  for (const { termName, term, qualifier, value, annotations: inner } of annotations) {
    const name = `${prefix}@${style.names.short(termName)}${qualifier === null ? '' : `#${qualifier}`}`;
    addType(members, name, value, term, style);
    members.set(name, value === null ? defaultOf(term, style) : expressionToJson(value, style));
    addAnnotations(members, inner, style, name);
  }
}

/** Primitive types that a JSON value shows by its form (JSON 4.5.3). */
const evident: ReadonlySet<string> = new Set(['Edm.Boolean', 'Edm.Double', 'Edm.String']);

/** At `metadata=full` a value that does not show its type is told: constants, enumeration members, and collections of anything. */
function addType(
  members: Members,
  name: string,
  value: AnnotationExpression | null,
  declared: Pick<TypeReference, 'type' | 'collection'> | null,
  style: JsonStyle,
): void {
  if (style.metadata !== 'full' || declared === null) return;
  const { type, collection } = declared;
  if (!collection && (value?.kind !== 'constant' || evident.has(type.qualifiedName) || type.kind === 'abstract'))
    return;
  const short = style.names.short(type.qualifiedName).replace(/^Edm\./, '');
  members.set(`${name}${style.type}`, collection ? `#Collection(${short})` : `#${short}`);
}

/** JSON states every value: the term's default for primitive terms, else an empty record or collection (CSDL 14.2). */
function defaultOf(term: Term | null, style: JsonStyle): JsonValue {
  if (term === null) return true;
  if (term.collection) return [];
  if (term.type.kind === 'complex' || term.type.kind === 'entity') return new Map();
  const type = term.type.kind === 'typeDefinition' ? term.type.underlyingType : term.type;
  return term.defaultValue === null ? null : plainToJson(term.defaultValue, type.qualifiedName, style);
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const wide: ReadonlySet<string> = new Set(['Int', 'Decimal', 'Edm.Int64', 'Edm.Decimal']);
const numeric = /^(?:Int|Decimal|Float|Edm\.(?:S?Byte|Int(?:16|32|64)|Decimal|Double|Single))$/;

/** Text of a type, or of a kind of constants, as JSON: literals for Booleans, numbers as long as they are none of INF, -INF, NaN. */
export function plainToJson(
  text: string,
  type: string,
  { ieee754Compatible }: Pick<JsonStyle, 'ieee754Compatible'>,
): JsonValue {
  if ((type === 'Bool' || type === 'Edm.Boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (!numeric.test(type) || (ieee754Compatible && wide.has(type))) return text;
  if (jsonNumber.test(text)) return { number: text };
  const tidy = text
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.');
  return jsonNumber.test(tidy) ? { number: tidy } : text;
}

/** One value of an annotation (CSDL JSON 14.3, 14.4). */
export function expressionToJson(value: AnnotationExpression, style: JsonStyle): JsonValue {
  const { short } = style.names;
  switch (value.kind) {
    case 'constant':
      if (value.type === 'EnumMember')
        return value.text
          .split(' ')
          .map((member) => member.slice(member.lastIndexOf('/') + 1))
          .join(',');
      return plainToJson(value.text, value.type, style);
    case 'path':
      return value.type === 'Path' ? new Map([['$Path', short(value.path)]]) : short(value.path);
    case 'collection':
      return value.items.map((item) => expressionToJson(item, style));
    case 'record':
      return recordToJson(value, style);
    case 'labeledReference':
      return new Map([['$LabeledElementReference', short(value.name)]]);
    case 'null':
      return value.annotations.length === 0 ? null : object([['$Null', null]], value.annotations, style);
    case 'operator': {
      const operands = value.operands.map((operand) => expressionToJson(operand, style));
      const one = value.operator === 'Not' || value.operator === 'Neg';
      return object([[`$${value.operator}`, one ? (operands[0] ?? null) : operands]], value.annotations, style);
    }
    case 'apply': {
      const operands = value.arguments.map((operand) => expressionToJson(operand, style));
      return object(
        [
          ['$Apply', operands],
          ['$Function', short(value.function)],
        ],
        value.annotations,
        style,
      );
    }
    case 'cast':
    case 'isOf': {
      const name = value.kind === 'cast' ? '$Cast' : '$IsOf';
      return object(
        [[name, expressionToJson(value.operand, style)], ...style.typed(value.type)],
        value.annotations,
        style,
      );
    }
    case 'labeled':
      return object(
        [
          ['$LabeledElement', expressionToJson(value.operand, style)],
          ['$Name', value.name],
        ],
        value.annotations,
        style,
      );
    case 'urlRef':
      return object([['$UrlRef', expressionToJson(value.operand, style)]], value.annotations, style);
  }
}

function object(
  members: readonly (readonly [string, JsonValue])[],
  annotations: readonly Annotation[],
  style: JsonStyle,
): JsonObject {
  const result: Members = new Map(members);
  addAnnotations(result, annotations, style);
  return result;
}

function recordToJson(record: Extract<AnnotationExpression, { kind: 'record' }>, style: JsonStyle): JsonObject {
  const members: Members = new Map();
  const typeName = style.metadata === 'full' ? (record.type?.qualifiedName ?? record.typeName) : record.typeName;
  if (typeName !== null && style.metadata !== 'none') members.set(style.type, `#${style.names.short(typeName)}`);
  for (const [name, { value, annotations }] of record.values) {
    const property = record.type?.properties.get(name);
    const standIn: JsonValue =
      property?.defaultValue == null ? null : plainToJson(property.defaultValue, property.type.qualifiedName, style);
    addType(members, name, value, property ?? null, style);
    members.set(name, value === null ? standIn : expressionToJson(value, style));
    addAnnotations(members, annotations, style, name);
  }
  addAnnotations(members, record.annotations, style);
  return members;
}
