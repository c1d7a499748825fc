import { primitive, type Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { BinaryOperator, Expression as Syntax } from '../url/index.js';
import type { ArithmeticOperator, ComparisonOperator, Expression } from './bound.js';
import { bindCall } from './call.js';
import { bindLiteral } from './literal.js';
import { bindPath } from './member.js';
import { follow, type Scope } from './scope.js';
import { type Family, family, isInteger, isStructured, primitiveOf, promoted } from './types.js';

const boolean = primitive('Edm.Boolean');
const fact = { type: boolean, collection: false } as const;

/**
 * An expression with its names resolved and its types checked (URL 5.1.1).
 * `expected` is the type of what it meets, so that a literal can take it; null when nothing is known.
 * Throws UnknownProperty, UnknownFunction, UnknownType, TypeMismatch, InvalidValue.
 */
export function bindExpression(node: Syntax, scope: Scope, expected: Type | null = null): Expression {
  switch (node.kind) {
    case 'literal':
      return bindLiteral(node, expected, scope.model, scope.target);
    case 'list':
      return listOf(
        node.items.map((item) => bindExpression(item, scope, expected)),
        expected,
      );
    case 'object':
      throw new ODataError('NotImplemented', 'JSON objects are not supported in expressions.', scope.target);
    case 'alias': {
      const { syntax, scope: inner } = follow(scope, node.name);
      return syntax === null ? nothing(expected) : bindExpression(syntax, inner, expected);
    }
    case 'path':
      return bindPath(node, scope);
    case 'binary':
      return binary(node.operator, node.left, node.right, scope);
    case 'junction':
      return {
        kind: 'junction',
        operator: node.operator,
        operands: node.operands.map((operand) => bindCondition(operand, scope)),
        ...fact,
      };
    case 'unary':
      return node.operator === 'not'
        ? { kind: 'not', operand: bindCondition(node.operand, scope), ...fact }
        : negated(bindExpression(node.operand, scope, expected), scope);
    case 'call':
      return bindCall(node, scope, expected);
    case 'cast':
    case 'isof':
      return typeTest(node, scope);
    case 'case':
      return bindCase(node, scope, expected);
  }
}

/** An expression that must be Boolean: `$filter`, the operands of and, or, not. */
export function bindCondition(node: Syntax, scope: Scope): Expression {
  const bound = bindExpression(node, scope, boolean);
  if (bound.collection || (bound.type !== null && family(bound.type) !== 'boolean'))
    throw new ODataError(
      'TypeMismatch',
      `${optionName(scope)} needs a Boolean expression here, and this one is ${nameOf(bound)}.`,
      scope.target,
    );
  return bound;
}

/** How a type is spoken of in messages. */
export function nameOf(expression: Pick<Expression, 'type' | 'collection'>): string {
  const name = expression.type?.qualifiedName ?? 'of unknown type';
  return expression.collection ? `Collection(${name})` : name;
}

function optionName(scope: Scope): string {
  return scope.target === '' ? 'The request' : scope.target;
}

function nothing(type: Type | null): Expression {
  return { kind: 'literal', value: null, type, collection: false };
}

function listOf(items: readonly Expression[], expected: Type | null): Expression {
  const type = expected ?? items.find((item) => item.type !== null)?.type ?? null;
  return { kind: 'list', items, type, collection: true };
}

function binary(operator: BinaryOperator, left: Syntax, right: Syntax, scope: Scope): Expression {
  const [boundLeft, boundRight] = bindPair(left, right, scope);
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return comparison(operator, boundLeft, boundRight, scope);
    case 'has':
      return has(boundLeft, boundRight, scope);
    case 'in':
      return inList(boundLeft, boundRight, scope);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'divby':
    case 'mod':
      return arithmetic(operator, boundLeft, boundRight, scope);
  }
}

/** Binds what is not a literal first, so that the literal can take its type. */
function bindPair(left: Syntax, right: Syntax, scope: Scope): readonly [Expression, Expression] {
  if (isLiteralLike(left, scope)) {
    const boundRight = bindExpression(right, scope);
    return [bindExpression(left, scope, boundRight.type), boundRight];
  }
  const boundLeft = bindExpression(left, scope);
  return [boundLeft, bindExpression(right, scope, boundLeft.type)];
}

function isLiteralLike(node: Syntax, scope: Scope): boolean {
  if (node.kind === 'literal' || node.kind === 'list') return true;
  if (node.kind === 'unary') return node.operator === '-' && isLiteralLike(node.operand, scope);
  if (node.kind !== 'alias') return false;
  const { syntax, scope: inner } = follow(scope, node.name);
  return syntax === null || isLiteralLike(syntax, inner);
}

const ordered: ReadonlySet<Family> = new Set<Family>([
  'number',
  'string',
  'boolean',
  'guid',
  'date',
  'dateTimeOffset',
  'timeOfDay',
  'duration',
  'binary',
  'enum',
]);

function comparison(operator: ComparisonOperator, left: Expression, right: Expression, scope: Scope): Expression {
  requireComparable(left, right, scope);
  const isOrder = operator !== 'eq' && operator !== 'ne';
  for (const side of isOrder ? [left, right] : [])
    if (side.collection || (side.type !== null && !ordered.has(family(side.type))))
      throw new ODataError('TypeMismatch', `'${operator}' cannot order values of type ${nameOf(side)}.`, scope.target);
  return { kind: 'comparison', operator, left, right, ...fact };
}

/** Two values compare when their families are the same; null and values of unknown type compare with everything (URL 5.1.1.1). */
function requireComparable(left: Expression, right: Expression, scope: Scope): void {
  const mismatch = () =>
    new ODataError('TypeMismatch', `${nameOf(left)} cannot be compared with ${nameOf(right)}.`, scope.target);
  if (left.type === null || right.type === null) return;
  if (isNull(left) || isNull(right)) return;
  if (left.collection !== right.collection) throw mismatch();
  const [a, b] = [family(left.type), family(right.type)];
  if (a === 'stream' || b === 'stream') throw mismatch();
  if (a === 'untyped' || b === 'untyped') return;
  if (a !== b) throw mismatch();
  if (a === 'enum' && left.type !== right.type) throw mismatch();
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.value === null;
}

function has(left: Expression, right: Expression, scope: Scope): Expression {
  for (const side of [left, right])
    if (side.type !== null && side.type.kind !== 'enum')
      throw new ODataError('TypeMismatch', `'has' needs enumeration values, not ${nameOf(side)}.`, scope.target);
  requireComparable(left, right, scope);
  return { kind: 'has', left, right, ...fact };
}

function inList(left: Expression, right: Expression, scope: Scope): Expression {
  if (!right.collection && !isNull(right))
    throw new ODataError('TypeMismatch', `'in' needs a list on its right side, not ${nameOf(right)}.`, scope.target);
  const items = right.kind === 'list' ? right.items : [];
  const typed = isNull(left) ? (items.find((item) => !isNull(item)) ?? left) : left; // null is of any type
  for (const item of items) requireComparable(typed, item, scope);
  if (items.length > 0 && (left.collection || isStructured(left.type))) {
    const operands = items.map(
      (item): Expression => ({ kind: 'comparison', operator: 'eq', left, right: item, ...fact }),
    );
    return { kind: 'junction', operator: 'or', operands, ...fact };
  }
  return { kind: 'in', left, right, ...fact };
}

function negated(operand: Expression, scope: Scope): Expression {
  const kind = operand.type === null ? 'number' : family(operand.type);
  if (operand.collection || (kind !== 'number' && kind !== 'duration'))
    throw new ODataError('TypeMismatch', `'-' needs a number or a duration, not ${nameOf(operand)}.`, scope.target);
  return { kind: 'negate', operand, type: operand.type, collection: false };
}

const duration = primitive('Edm.Duration');

/** What arithmetic gives for the families of its operands (URL 5.1.1.2); missing: not defined. */
function arithmeticType(operator: ArithmeticOperator, left: Type, right: Type): Type | null {
  const [a, b] = [family(left), family(right)];
  const [leftPrimitive, rightPrimitive] = [primitiveOf(left), primitiveOf(right)];
  if (a === 'number' && b === 'number' && leftPrimitive && rightPrimitive)
    return operator === 'divby' && isInteger(left) && isInteger(right)
      ? primitive('Edm.Decimal')
      : promoted(leftPrimitive, rightPrimitive);
  if (operator === 'add' || operator === 'sub') {
    if ((a === 'date' || a === 'dateTimeOffset') && b === 'duration') return left;
    if (a === 'duration' && b === 'duration') return duration;
    if (operator === 'add' && a === 'duration' && (b === 'date' || b === 'dateTimeOffset')) return right;
    if (operator === 'sub' && a === b && (a === 'date' || a === 'dateTimeOffset')) return duration;
  }
  if (operator === 'mul' && a === 'number' && b === 'duration') return duration;
  if (a === 'duration' && b === 'number' && (operator === 'mul' || operator === 'div' || operator === 'divby'))
    return duration;
  return null;
}

function arithmetic(operator: ArithmeticOperator, left: Expression, right: Expression, scope: Scope): Expression {
  if (left.type === null || right.type === null) {
    const known = left.type ?? right.type;
    return { kind: 'arithmetic', operator, left, right, type: known, collection: false };
  }
  const type = left.collection || right.collection ? null : arithmeticType(operator, left.type, right.type);
  if (type === null)
    throw new ODataError(
      'TypeMismatch',
      `'${operator}' is not defined between ${nameOf(left)} and ${nameOf(right)}.`,
      scope.target,
    );
  return { kind: 'arithmetic', operator, left, right, type, collection: false };
}

function typeTest(node: Extract<Syntax, { kind: 'cast' | 'isof' }>, scope: Scope): Expression {
  const type = scope.model.type(node.type);
  if (type === null) throw new ODataError('UnknownType', `There is no type '${node.type}'.`, scope.target);
  const operand: Expression | null =
    node.operand !== null
      ? bindExpression(node.operand, scope)
      : scope.self === null
        ? null
        : { kind: 'variable', variable: scope.self, type: scope.self.type, collection: false };
  if (operand === null) throw new ODataError('TypeMismatch', `There is nothing to ${node.kind} here.`, scope.target);
  return node.kind === 'cast'
    ? { kind: 'castTo', operand, type, collection: node.collection }
    : { kind: 'isof', operand, tested: type, testedCollection: node.collection, ...fact };
}

/** The type that all values have; of numbers the widest (URL 5.1.1.12). */
function bindCase(node: Extract<Syntax, { kind: 'case' }>, scope: Scope, expected: Type | null): Expression {
  let type: Type | null = null;
  const branches = node.branches.map((branch) => {
    const value = bindExpression(branch.value, scope, type ?? expected);
    const [known, added] = [primitiveOf(type), primitiveOf(value.type)];
    if (type === null) type = value.type;
    else if (known && added && family(known) === 'number' && family(added) === 'number') type = promoted(known, added);
    return { condition: bindCondition(branch.condition, scope), value };
  });
  return { kind: 'case', branches, type: type ?? expected, collection: false };
}
