import type { EntityType, KeyProperty, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Arguments } from '../url/index.js';
import type { KeyValue } from './bound.js';
import { bindExpression } from './expression.js';
import { parseAt } from './literal.js';
import type { Scope } from './scope.js';
import { didYouMean } from './suggest.js';

/** A bound key predicate, and whether it is an alternate key (URL 4.3.1, 4.3.5). */
export interface BoundKey {
  readonly key: readonly KeyValue[];
  readonly alternate: boolean;
}

/** The key predicate in parentheses: `(1)`, `(a=1,b='x')`, `(@alias)`; `parts` are those of the key that it gives. Throws InvalidKey, InvalidValue. */
export function bindKey(
  type: EntityType,
  argument: Arguments,
  scope: Scope,
  parts: readonly KeyProperty[] = type.key,
): BoundKey {
  if (argument.kind === 'positional') {
    const [value, ...more] = argument.values;
    const [key, ...others] = parts;
    if (value === undefined || key === undefined || more.length > 0 || others.length > 0)
      throw invalidKey(type, `name each key property, for instance (${example(parts)})`, scope);
    return { key: [keyValue(key, bindExpression(value, scope, typeOf(key)), type, scope)], alternate: false };
  }
  const given = new Map(argument.values.map((named) => [named.name, named.value]));
  if (given.size !== argument.values.length) throw invalidKey(type, 'name each key property once', scope);
  const keys = [parts, ...type.alternateKeys].find(
    (candidate) => candidate.length === given.size && candidate.every((part) => given.has(part.name)),
  );
  if (keys === undefined) {
    const unknown = [...given.keys()].find((name) => !parts.some((part) => part.name === name));
    const hint =
      unknown === undefined
        ? ''
        : didYouMean(
            unknown,
            parts.map((part) => part.name),
          );
    throw invalidKey(type, `its key is (${example(parts)})${hint ? `.${hint}` : ''}`, scope);
  }
  const key = keys.map((part) => {
    const value = given.get(part.name);
    if (value === undefined) throw invalidKey(type, `'${part.name}' is missing`, scope);
    return keyValue(part, bindExpression(value, scope, typeOf(part)), type, scope);
  });
  return { key, alternate: keys !== parts };
}

/** One key value given as a path segment (URL 4.3.6); `segments` holds as many texts as there are `parts`. */
export function bindKeySegments(
  type: EntityType,
  segments: readonly string[],
  scope: Scope,
  parts: readonly KeyProperty[] = type.key,
): BoundKey {
  const key = parts.map((part, index) => {
    const expected = typeOf(part);
    const text = segments[index];
    if (text === undefined || expected === null) throw invalidKey(type, `its key is (${example(parts)})`, scope);
    return { properties: part.properties, value: parseAt(expected, text, part.name) };
  });
  return { key, alternate: false };
}

function typeOf(part: KeyProperty) {
  const type = part.properties.at(-1)?.type;
  return type?.kind === 'primitive' || type?.kind === 'enum' || type?.kind === 'typeDefinition' ? type : null;
}

function keyValue(
  part: KeyProperty,
  bound: ReturnType<typeof bindExpression>,
  type: EntityType,
  scope: Scope,
): KeyValue {
  const value: Value | undefined = bound.kind === 'literal' ? bound.value : undefined;
  if (value === undefined) throw invalidKey(type, `'${part.name}' must be a literal`, scope);
  if (value === null) throw invalidKey(type, `'${part.name}' cannot be null`, scope);
  const expected = typeOf(part);
  if (expected !== null && !fits(value, expected, bound.type))
    throw new ODataError(
      'InvalidKey',
      `The key property '${part.name}' is of type ${expected.qualifiedName}.`,
      part.name,
    );
  return { properties: part.properties, value };
}

/** A literal that could not take the key's type has another representation. */
function fits(
  value: Value,
  expected: NonNullable<ReturnType<typeof typeOf>>,
  given: ReturnType<typeof bindExpression>['type'],
): boolean {
  const wanted = expected.kind === 'typeDefinition' ? expected.underlyingType : expected;
  if (given === wanted || given === expected) return true;
  return typeof value === 'bigint' && wanted.kind === 'primitive' && /^Edm\.(S?Byte|Int(16|32|64))$/.test(wanted.name);
}

function invalidKey(type: EntityType, what: string, scope: Scope): ODataError {
  return new ODataError('InvalidKey', `This is no key of ${type.qualifiedName}: ${what}.`, scope.target);
}

function example(parts: readonly KeyProperty[]): string {
  return parts.map((part) => `${part.name}=…`).join(',');
}
