import { type PrimitiveTypeName, primitive, type Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Call } from '../url/index.js';
import type { Expression } from './bound.js';
import { bindExpression, nameOf } from './expression.js';
import { type FunctionName, functions, type ParameterKind, type Signature } from './functions.js';
import type { Scope } from './scope.js';
import { didYouMean } from './suggest.js';
import { family, primitiveOf } from './types.js';

const signatures: ReadonlyMap<string, Signature> = new Map(Object.entries(functions));

/** A canonical function call: the overload is chosen by number and types of its arguments (URL 5.1.1.4). Throws UnknownFunction, TypeMismatch. */
export function bindCall(node: Call, scope: Scope, expected: Type | null): Expression {
  const name = node.name.toLowerCase();
  if (name === 'isdefined') return isDefined(node, scope);
  const signature = signatures.get(name);
  if (signature === undefined)
    throw new ODataError(
      'UnknownFunction',
      `There is no function '${node.name}'.${didYouMean(name, signatures.keys())}`,
      scope.target,
    );
  const overloads = signature.takes.filter((kinds) => kinds.length === node.arguments.length);
  if (overloads.length === 0)
    throw new ODataError(
      'UnknownFunction',
      `'${name}' takes ${counts(signature)} arguments, not ${node.arguments.length}.`,
      scope.target,
    );
  refuseOtherOffset(name, node, scope.target);
  const known = node.arguments.map((argument, index) =>
    argument.kind === 'list' ? null : bindExpression(argument, scope, hint(overloads[0]?.[index], expected)),
  );
  const items = known.find((argument) => argument?.collection)?.type ?? null;
  const bound = node.arguments.map((argument, index) => known[index] ?? bindExpression(argument, scope, items));
  if (!overloads.some((kinds) => kinds.every((kind, index) => accepts(kind, bound[index]))))
    throw new ODataError(
      'TypeMismatch',
      `'${name}' is not defined for (${bound.map(nameOf).join(', ')}).`,
      scope.target,
    );
  const type = signature.gives === 'same' ? (bound[0]?.type ?? null) : primitive(signature.gives);
  const collection = signature.gives === 'same' && (bound[0]?.collection ?? false);
  return { kind: 'call', name: name as FunctionName, arguments: bound, type, collection };
}

/** `isdefined(path)`: single-valued (Aggregation 3.7). */
function isDefined({ arguments: [path, ...more] }: Call, scope: Scope): Expression {
  if (path?.kind !== 'path' || more.length > 0)
    throw new ODataError('UnknownFunction', `'isdefined' takes the path of a property.`, scope.target);
  const operand = bindExpression(path, scope);
  if (operand.collection)
    throw new ODataError('TypeMismatch', `'isdefined' takes single values, not ${nameOf(operand)}.`, scope.target);
  return { kind: 'isdefined', operand, type: primitive('Edm.Boolean'), collection: false };
}

/** Moments are kept in UTC; what a clock elsewhere shows cannot be told (Protocol 11.4.1.2). Throws InvalidValue. */
function refuseOtherOffset(name: string, { arguments: [moment] }: Call, target: string): void {
  if (!/^(year|month|day|hour|minute|date|time)$/.test(name) || moment?.kind !== 'literal') return;
  if (moment.form !== 'dateTimeOffset' || /(Z|[+-]00:00)$/i.test(moment.text)) return;
  throw new ODataError(
    'InvalidValue',
    `'${name}' is that of UTC here; write ${moment.text.slice(0, 40)} with Z.`,
    target,
  );
}

function counts(signature: Signature): string {
  return signature.takes.map((kinds) => String(kinds.length)).join(' or ');
}

function hint(kind: ParameterKind | undefined, expected: Type | null): Type | null {
  if (kind === undefined || kind === 'any' || kind === 'collection' || kind === 'geo') return null;
  return kind === 'number' ? expected : primitive(kind satisfies PrimitiveTypeName);
}

function accepts(kind: ParameterKind, argument: Expression | undefined): boolean {
  if (argument === undefined) return false;
  if (argument.type === null) return true;
  if (kind === 'any') return true;
  if (kind === 'collection') return argument.collection;
  if (argument.collection) return false;
  if (kind === 'number' || kind === 'geo') return family(argument.type) === kind;
  return primitiveOf(argument.type) === primitive(kind) || family(argument.type) === 'untyped';
}
