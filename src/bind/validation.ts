import type { Annotation, AnnotationExpression, Element, StructuredType, Type, Value } from '../edm/index.js';
import { effectiveAnnotation, effectiveAnnotations, isSubtypeOf, parseValue, stringValues } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { DynamicValue } from './change.js';
import { matchesPattern } from './pattern.js';

const core = 'Org.OData.Core.V1.';
const validation = 'Org.OData.Validation.V1.';
const measures = 'Org.OData.Measures.V1.';

function isTrue(found: Annotation | null): boolean {
  return found !== null && (found.value === null || (found.value.kind === 'constant' && found.value.text !== 'false'));
}

/** What the annotations of a property say about sending it. */
export interface Writability {
  /** The service makes the value, or clients may only read it (Core.Computed, Core.Permissions). */
  readonly readOnly: boolean;
  /** Only settable at creation (Core.Immutable). */
  readonly immutable: boolean;
  /** Somebody supplies a value when the body does not (Core.ComputedDefaultValue, Edmund.V1.OnInsert and OnUpdate). */
  readonly supplied: boolean;
}

const known = new WeakMap<Element, Writability>();

/** What the annotations of a property say about sending it; looked up once. */
export function writability(property: Element): Writability {
  const before = known.get(property);
  if (before !== undefined) return before;
  const permissions = effectiveAnnotation(property, `${core}Permissions`)?.value;
  const rights =
    permissions?.kind === 'constant' ? permissions.text.split(/[ ,]+/).map((name) => name.split('/').at(-1)) : null;
  const found: Writability = {
    readOnly:
      isTrue(effectiveAnnotation(property, `${core}Computed`)) ||
      (rights !== null &&
        !rights.some((right) => right === 'Write' || right === 'ReadWrite' || right === '2' || right === '3')),
    immutable: isTrue(effectiveAnnotation(property, `${core}Immutable`)),
    supplied:
      isTrue(effectiveAnnotation(property, `${core}ComputedDefaultValue`)) ||
      effectiveAnnotation(property, 'Edmund.V1.OnInsert') !== null ||
      effectiveAnnotation(property, 'Edmund.V1.OnUpdate') !== null,
  };
  known.set(property, found);
  return found;
}

type Check = (value: Value, annotation: Annotation, type: Type) => string | null;

/** The rules of the Validation vocabulary for single values; each gives what is wrong, or null. */
const checks: Readonly<Record<string, Check>> = {
  Minimum: (value, found, type) => {
    const order = compare(value, constant(found.value, type));
    if (order === null || order > 0 || (order === 0 && !isExclusive(found))) return null;
    return `must be ${isExclusive(found) ? 'greater than' : 'at least'} ${textOf(found.value)}`;
  },
  Maximum: (value, found, type) => {
    const order = compare(value, constant(found.value, type));
    if (order === null || order < 0 || (order === 0 && !isExclusive(found))) return null;
    return `must be ${isExclusive(found) ? 'less than' : 'at most'} ${textOf(found.value)}`;
  },
  MultipleOf: (value, found) =>
    isMultiple(value, textOf(found.value)) ? null : `must be a multiple of ${textOf(found.value)}`,
  AllowedValues: (value, found, type) => {
    const allowed = allowedValues(found.value);
    if (allowed.some((item) => compare(value, constant(item, type)) === 0)) return null;
    return `must be one of ${allowed.slice(0, 20).map(textOf).join(', ')}`;
  },
  Pattern: (value, found) =>
    typeof value !== 'string' || matchesPattern(value, textOf(found.value))
      ? null
      : `must match the pattern ${textOf(found.value)}`,
};

/** Rules of other vocabularies for single values. */
const otherChecks: Readonly<Record<string, Check>> = {
  [`${core}IsURL`]: (value, found) =>
    !isTrue(found) || (typeof value === 'string' && URL.canParse(value, 'http://base/') && !/\s/.test(value))
      ? null
      : 'must be a URL',
  [`${core}IsMediaType`]: (value, found) =>
    !isTrue(found) || (typeof value === 'string' && /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+\s*(;\s*[^;]+)*$/.test(value))
      ? null
      : 'must be a media type',
  [`${measures}Scale`]: (value, found) => {
    const digits = Number(textOf(found.value) || 'NaN');
    return typeof value === 'string' && isDecimal(value) && fraction(value) > digits
      ? `must have at most ${digits} decimals`
      : null;
  },
  [`${measures}DurationGranularity`]: (value, found) => {
    const granularity = textOf(found.value);
    const finer = Object.hasOwn(finerThan, granularity) ? finerThan[granularity] : undefined;
    return typeof value === 'string' && finer?.test(value) ? `must be whole ${granularity}` : null;
  },
};

/** The terms that rule over single values. */
export const valueTerms: readonly string[] = [
  ...Object.keys(checks).map((name) => `${validation}${name}`),
  ...Object.keys(otherChecks),
];

/** Components of a duration that are finer than a granularity. */
const finerThan: Readonly<Record<string, RegExp>> = { days: /T/, hours: /T.*[MS]/, minutes: /S/ };

/** Checks a value that is not null against the Validation annotations of its property. Throws InvalidValue. */
export function checkValue(value: Value, element: Element, type: Type, name: string): void {
  for (const found of effectiveAnnotations(element)) {
    const { termName } = found;
    const [rules, term] = termName.startsWith(validation)
      ? [checks, termName.slice(validation.length)]
      : [otherChecks, termName];
    const check = Object.hasOwn(rules, term) ? rules[term] : undefined;
    const problem = check?.(value, found, type) ?? null;
    if (problem !== null) throw new ODataError('InvalidValue', `'${name}' ${problem}.`);
  }
}

/** Checks the number of items of a collection (Validation.MinItems, MaxItems). Throws InvalidValue. */
export function checkItems(count: number, element: Element, name: string): void {
  const least = effectiveAnnotation(element, `${validation}MinItems`)?.value;
  const most = effectiveAnnotation(element, `${validation}MaxItems`)?.value;
  if (least?.kind === 'constant' && count < Number(least.text))
    throw new ODataError('InvalidValue', `'${name}' needs at least ${least.text} items; it has ${count}.`);
  if (most?.kind === 'constant' && count > Number(most.text))
    throw new ODataError('InvalidValue', `'${name}' takes at most ${most.text} items; it has ${count}.`);
}

function isExclusive(found: Annotation): boolean {
  return found.annotations.some((nested) => nested.termName === `${validation}Exclusive` && isTrue(nested));
}

function textOf(expression: AnnotationExpression | null): string {
  return expression?.kind === 'constant' ? expression.text : '';
}

function allowedValues(expression: AnnotationExpression | null): readonly (AnnotationExpression | null)[] {
  if (expression?.kind !== 'collection') return [];
  return expression.items.map((item) => (item.kind === 'record' ? (item.values.get('Value')?.value ?? null) : item));
}

/** The constant of an annotation as value of the property's type; undefined when it is none, and then nothing is enforced. */
function constant(expression: AnnotationExpression | null, type: Type): Value | undefined {
  if (expression?.kind !== 'constant') return undefined;
  if (type.kind !== 'primitive' && type.kind !== 'enum' && type.kind !== 'typeDefinition') return undefined;
  try {
    return parseValue(type, type.kind === 'enum' ? memberNames(expression.text) : expression.text);
  } catch {
    // a bound that the type cannot express, such as 0.5 for an integer, is compared as decimal
    return isDecimal(expression.text) ? expression.text : undefined;
  }
}

function memberNames(text: string): string {
  return text
    .split(' ')
    .map((part) => part.split('/').at(-1) ?? part)
    .join(',');
}

/** Sign of `a - b`; null when they cannot be compared. Exact for integers and decimals. */
function compare(a: Value, b: Value | undefined): number | null {
  if (b === undefined || a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : a === b ? 0 : null;
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) : null;
  const [left, right] = [String(a), String(b)];
  if (isDecimal(left) && isDecimal(right)) return compareDecimals(left, right);
  if (left.startsWith('P') || left.startsWith('-P')) return left === right ? 0 : null;
  const [x, y] = [left.replace(/Z$/, ''), right.replace(/Z$/, '')];
  return x < y ? -1 : x > y ? 1 : 0;
}

function isDecimal(text: string): boolean {
  return text.length <= 400 && /^-?\d+(\.\d+)?$/.test(text);
}

function compareDecimals(a: string, b: string): number {
  const [x, y] = scaled(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Two decimals as integers of the same power of ten. */
function scaled(a: string, b: string): readonly [bigint, bigint] {
  const scale = Math.max(fraction(a), fraction(b));
  const integer = (text: string) => BigInt(text.replace('.', '') + '0'.repeat(scale - fraction(text)));
  return [integer(a), integer(b)];
}

function fraction(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function isMultiple(value: Value, factor: string): boolean {
  const text = typeof value === 'number' ? String(value) : typeof value === 'bigint' ? value.toString() : value;
  if (typeof text !== 'string' || !isDecimal(text) || !isDecimal(factor)) return true;
  const [a, b] = scaled(text, factor);
  return b === 0n || a % b === 0n;
}

/** Whether instances may have properties that are not declared (CSDL 6.3; Core.AdditionalProperties can take it back). */
export function allowsDynamic(type: StructuredType): boolean {
  if (!type.open) return false;
  for (let at: StructuredType | null = type; at !== null; at = at.baseType) {
    const found = effectiveAnnotation(at, `${core}AdditionalProperties`);
    if (found !== null) return isTrue(found);
  }
  return true;
}

/** The types a dynamic property may have (Validation.OpenPropertyTypeConstraint). Throws TypeMismatch. */
export function requireDynamicType({ type, json }: DynamicValue, owner: StructuredType, name: string): void {
  const allowed = dynamicTypes(owner);
  if (allowed === null || json.kind === 'null') return;
  const look = { boolean: 'Edm.Boolean', number: 'Edm.Double', string: 'Edm.String', array: null, object: null };
  const found = type ?? look[json.kind];
  const qualified = found === null || found.includes('.') ? found : `Edm.${found}`;
  if (qualified !== null && allowed.includes(qualified)) return;
  throw new ODataError('TypeMismatch', `'${name}' must be of one of the types ${allowed.join(', ')}.`);
}

function dynamicTypes(type: StructuredType): readonly string[] | null {
  for (let at: StructuredType | null = type; at !== null; at = at.baseType) {
    const found = effectiveAnnotation(at, `${validation}OpenPropertyTypeConstraint`);
    if (found !== null) return stringValues(found);
  }
  return null;
}

/**
 * A value is of one of the types that its place allows, or derived from one (Validation.DerivedTypeConstraint); the declared
 * type itself only when it is listed. Throws TypeMismatch.
 */
export function requireDerivedType(type: StructuredType, declared: StructuredType, place: Element | null): void {
  const found = place === null ? null : effectiveAnnotation(place, `${validation}DerivedTypeConstraint`);
  if (found === null) return;
  const names = stringValues(found);
  const listed = [declared, ...declared.derivedTypes].filter((candidate) => names.includes(candidate.qualifiedName));
  if (listed.some((candidate) => candidate === type || isSubtypeOf(type, candidate))) return;
  throw new ODataError('TypeMismatch', `Only ${names.join(', ')} can stand here, not ${type.qualifiedName}.`);
}
