import type { FunctionOverload, Parameter, Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { printJson } from '../payload/index.js';
import type { Arguments, Expression as Syntax } from '../url/index.js';
import { bindArguments } from './body-operation.js';
import type { Expression, InvocationArgument } from './bound.js';
import { bindExpression, nameOf } from './expression.js';
import { argumentNode, overloadFor, ownParameters, urlContext } from './operation.js';
import { boundHere } from './operation-place.js';
import { follow, type Scope } from './scope.js';
import { derivesFrom, family, isStructured } from './types.js';

/**
 * A function of the model in an expression, bound to what stands before it, or unbound (URL 4.5.2, Protocol 11.5.4.1); null: the
 * name is none of a function. Throws UnknownFunction when no overload has these parameters, and TypeMismatch.
 */
export function bindInvocation(
  name: string,
  given: Arguments | null,
  binding: Expression | null,
  scope: Scope,
): Expression | null {
  const declared = binding === null ? scope.model.operations(name) : boundHere(binding, name, scope);
  const overloads = declared.filter((one) => one.kind === 'function' && one.bound === (binding !== null));
  if (overloads.length === 0) return null;
  const values = namedValues(name, given, scope);
  const operation = overloadFor(overloads, new Set(values.keys()));
  if (operation?.kind !== 'function')
    throw new ODataError('UnknownFunction', `'${name}' has no overload with these parameters.`, scope.target);
  const { type, collection } = operation.returnType;
  return { kind: 'invocation', operation, arguments: argumentsOf(operation, values, binding, scope), type, collection };
}

/** Parentheses and names are mandatory (URL 4.5.2). */
function namedValues(name: string, given: Arguments | null, scope: Scope): ReadonlyMap<string, Syntax> {
  if (given?.kind !== 'named')
    throw new ODataError(
      'UnknownFunction',
      `The function '${name}' needs its parameters by name in parentheses, ${name}(a=…), or ().`,
      scope.target,
    );
  return new Map(given.values.map((argument) => [argument.name, argument.value]));
}

function argumentsOf(
  operation: FunctionOverload,
  values: ReadonlyMap<string, Syntax>,
  binding: Expression | null,
  scope: Scope,
): readonly InvocationArgument[] {
  const [first] = operation.parameters;
  const bound = binding === null || first === undefined ? [] : [{ parameter: first, value: binding }];
  const own = ownParameters(operation).flatMap((parameter) => {
    const value = values.get(parameter.name);
    return value === undefined ? [] : [{ parameter, value: argumentOf(value, parameter, scope) }];
  });
  return [...bound, ...own];
}

/** JSON is read as in a path; anything else may be an expression on the current item (Protocol 11.5.4.1.1). */
function argumentOf(value: Syntax, parameter: Parameter, scope: Scope): InvocationArgument['value'] {
  if (isJson(value, scope)) {
    const json = argumentNode(value, { ...scope, target: parameter.name });
    bindArguments(new Map([[parameter, json]]), urlContext(scope.model));
    return { kind: 'json', text: printJson(json) };
  }
  const bound = bindExpression(value, scope, parameter.collection ? null : parameter.type);
  if (bound.type !== null && (bound.collection !== parameter.collection || !fits(bound.type, parameter.type)))
    throw new ODataError(
      'TypeMismatch',
      `The parameter '${parameter.name}' is of type ${nameOf(parameter)}, and not ${nameOf(bound)}.`,
      scope.target,
    );
  return bound;
}

function isJson(value: Syntax, scope: Scope): boolean {
  if (value.kind !== 'alias') return value.kind === 'object' || value.kind === 'list';
  const { syntax, scope: inner } = follow(scope, value.name);
  return syntax !== null && isJson(syntax, inner);
}

function fits(given: Type, wanted: Type): boolean {
  if (isStructured(given) && isStructured(wanted)) return derivesFrom(given, wanted);
  return given === wanted || (family(given) === family(wanted) && family(given) !== 'enum');
}
