import {
  type Annotation,
  type AnnotationExpression,
  annotationOf,
  type Property,
  parseValue,
  type Type,
  type Value,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ValueChange } from './change.js';

/** What the values a service sets are made of: the moment of the request, who asks, and a source of new ids. */
export interface Occasion {
  /** `2026-01-31T12:00:00.0000000Z`, seven fraction digits. */
  readonly now: string;
  readonly callerId: string | null;
  readonly callerName: string | null;
  readonly callerApplication: string | null;
  newId(): string;
}

/** When the service sets a value itself (vocabulary Edmund.V1). */
export type SuppliedOn = 'OnInsert' | 'OnUpdate';

/** The annotation that supplies a property's value, or null. */
export function supplier(property: Property, on: SuppliedOn): Annotation | null {
  return annotationOf(property, `Edmund.V1.${on}`);
}

/** The value the service itself gives a property; null when the model does not say. Throws InternalError for expressions it cannot evaluate. */
export function suppliedValue(property: Property, on: SuppliedOn, occasion: Occasion): ValueChange | null {
  const annotation = supplier(property, on);
  if (annotation === null || annotation.value === null) return null;
  return fitting(evaluate(annotation.value, property.type, property.collection, occasion), property);
}

/** A moment has as many digits of a second's fraction as its property keeps. */
function fitting(change: ValueChange, { type, precision }: Property): ValueChange {
  const base = type.kind === 'typeDefinition' ? type.underlyingType.name : type.qualifiedName;
  if (change.kind !== 'value' || typeof change.value !== 'string' || base !== 'Edm.DateTimeOffset') return change;
  const digits = precision ?? (type.kind === 'typeDefinition' ? type.facets.precision : null) ?? 0;
  const [whole = '', fraction = ''] = change.value.replace('Z', '').split('.');
  const kept = fraction.slice(0, digits).replace(/0+$/, '');
  return { kind: 'value', value: `${whole}${kept === '' ? '' : `.${kept}`}Z` };
}

function evaluate(expression: AnnotationExpression, type: Type, collection: boolean, occasion: Occasion): ValueChange {
  switch (expression.kind) {
    case 'constant':
      return {
        kind: 'value',
        value: parseValue(primitiveOrEnum(type), constantText(expression.text, expression.type)),
      };
    case 'null':
      return { kind: 'value', value: null };
    case 'collection':
      return { kind: 'collection', items: expression.items.map((item) => evaluate(item, type, false, occasion)) };
    case 'record':
      return record(expression, type, occasion);
    case 'apply':
      return called(expression.function, type, occasion);
    default:
      throw new ODataError(
        'InternalError',
        `A value of kind '${expression.kind}' cannot be supplied${collection ? ' in a collection' : ''}.`,
      );
  }
}

/** `NS.Color/Red NS.Color/Blue` is how CSDL writes enumeration members (CSDL 14.3.7). */
function constantText(text: string, kind: string): string {
  return kind === 'EnumMember'
    ? text
        .split(' ')
        .map((part) => part.split('/').at(-1) ?? part)
        .join(',')
    : text;
}

function primitiveOrEnum(type: Type) {
  if (type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition') return type;
  throw new ODataError('InternalError', `A constant cannot be supplied for ${type.qualifiedName}.`);
}

function record(
  expression: Extract<AnnotationExpression, { kind: 'record' }>,
  type: Type,
  occasion: Occasion,
): ValueChange {
  if (type.kind !== 'complex')
    throw new ODataError('InternalError', `A record cannot be supplied for ${type.qualifiedName}.`);
  const members = new Map<Property, ValueChange>();
  for (const [name, part] of expression.values) {
    const property = type.properties.get(name);
    if (property === undefined || part.value === null) continue;
    members.set(property, evaluate(part.value, property.type, property.collection, occasion));
  }
  return { kind: 'complex', type, members, dynamic: new Map(), navigation: new Map() };
}

/** The client-side functions of the vocabulary. */
const callers: Readonly<Record<string, (occasion: Occasion) => string | null>> = {
  'Edmund.V1.Now': (occasion) => occasion.now,
  'Edmund.V1.NewId': (occasion) => occasion.newId(),
  'Edmund.V1.CallerId': (occasion) => occasion.callerId,
  'Edmund.V1.CallerName': (occasion) => occasion.callerName,
  'Edmund.V1.CallerApplication': (occasion) => occasion.callerApplication,
};

function called(name: string, type: Type, occasion: Occasion): ValueChange {
  const caller = callers[name];
  if (caller === undefined) throw new ODataError('InternalError', `The function '${name}' cannot supply a value.`);
  const text = caller(occasion);
  return { kind: 'value', value: text === null ? null : parseValue(primitiveOrEnum(type), text) };
}

/** The value of `DefaultValue`, or null when the model states none (CSDL 7.2.7). */
export function defaultValueOf(property: Property): Value {
  const { defaultValue, type } = property;
  if (defaultValue === null || property.collection) return null;
  return parseValue(primitiveOrEnum(type), defaultValue);
}
