import type { ComparisonOperator, Expression } from '../bind/index.js';
import type { Codec } from '../tables/index.js';
import { allOf, call, value } from './build.js';
import { collectionJson, placeOf } from './collection.js';
import { type Context, isThere, locate, planValue } from './expression.js';
import type { Stored } from './place.js';
import type { Scalar } from './relation.js';
import { sameStructured } from './same.js';
import { align, isNumberCodec } from './value.js';

type Comparison = Extract<Expression, { kind: 'comparison' }>;

/**
 * A comparison (URL 5.1.1.1): `eq` and `ne` know null as a value; the others are false when one operand is null.
 * `use` 'condition': the row drops out on false and null alike, so that plain operators do and indexes serve.
 */
export function compare(node: Comparison, context: Context, use: 'condition' | 'value'): Scalar {
  if (isNaNLiteral(node.left) || isNaNLiteral(node.right)) return value(node.operator === 'ne' ? 1n : 0n); // equals nothing
  if (node.operator === 'eq' || node.operator === 'ne') {
    const missing = nullTest(node, context);
    if (missing !== null) return missing;
    if (node.left.collection && node.right.collection) return sameCollection(node, context);
    if (structuredParts(node)) {
      const same = sameStructured(node.left, node.right, context);
      return node.operator === 'eq' ? same : call('not', same);
    }
  }
  const left = planValue(node.left, context);
  const right = planValue(node.right, context);
  const { left: a, right: b, operator } = align(node.operator, left, right);
  if (operator === 'never') return value(0n);
  if (operator === 'always') return value(1n);
  const kinds = [sameKind(a, b), sameKind(b, a)].filter((condition) => condition !== null);
  if (kinds.length === 0) return compared(operator, a, b, use);
  return operator === 'ne' ? call('not', ofKinds(kinds, 'eq', a, b)) : ofKinds(kinds, operator, a, b);
}

function compared(operator: ComparisonOperator, a: Stored, b: Stored, use: 'condition' | 'value'): Scalar {
  const nullable = a.nullable || b.nullable;
  if (operator === 'eq')
    return call(nullable && !(use === 'condition' && (isBound(a) || isBound(b))) ? 'is' : 'eq', a.scalar, b.scalar);
  if (operator === 'ne') return call(nullable ? 'isNot' : 'ne', a.scalar, b.scalar);
  const plain = call(operator, a.scalar, b.scalar);
  const known = nullable && use === 'value' ? call('coalesce', plain, value(0n)) : plain;
  return (operator === 'ge' || operator === 'le') && a.nullable && b.nullable
    ? { kind: 'junction', operator: 'or', operands: [known, bothNull(a, b)] }
    : known;
}

/** Values of different kinds are not equal, and none is greater. */
function ofKinds(kinds: readonly Scalar[], operator: ComparisonOperator, a: Stored, b: Stored): Scalar {
  const alike = allOf([...kinds.map((kind) => call('coalesce', kind, value(0n))), compared(operator, a, b, 'value')]);
  const hasNull = operator !== 'gt' && operator !== 'lt' && !isBound(a) && !isBound(b);
  return hasNull ? { kind: 'junction', operator: 'or', operands: [alike, bothNull(a, b)] } : alike;
}

/** Whether the value of a dynamic property is of the other operand's kind: SQLite would order values of different kinds; null when it is known. */
function sameKind({ codec, scalar }: Stored, other: Stored): Scalar | null {
  if (codec !== null || scalar.kind !== 'operator' || scalar.name !== 'jsonMember' || other.codec === null) return null;
  return call('inList', call('jsonType', ...scalar.operands), ...jsonTypes(other.codec).map(value));
}

/** What `json_type` says of values of a codec. */
function jsonTypes(codec: Codec): readonly string[] {
  if (codec.kind === 'boolean') return ['true', 'false'];
  return isNumberCodec(codec) ? ['integer', 'real'] : ['text'];
}

/** `ge` and `le` have the rule of `eq`: null is equal to null (URL 5.1.1.1.4, 5.1.1.1.6). */
function bothNull(left: Stored, right: Stored): Scalar {
  return allOf([call('isNull', left.scalar), call('isNull', right.scalar)]);
}

function isBound(stored: Stored): boolean {
  return stored.scalar.kind === 'value' && stored.scalar.value !== null;
}

/** Collections are equal when they hold equal items in the same order (URL 5.1.1.1.1). */
function sameCollection(node: Comparison, context: Context): Scalar {
  const place = placeOf([node.left, node.right]);
  const [left, right] = [collectionJson(node.left, context, place), collectionJson(node.right, context, place)];
  const same = call(
    'is',
    call('onCollection', value('concat'), left, value('[]')),
    call('onCollection', value('concat'), right, value('[]')),
  );
  return node.operator === 'eq' ? same : call('not', same);
}

function structuredParts(node: Comparison): boolean {
  return [node.left, node.right].some(
    (side) => side.type?.kind === 'entity' || side.type?.kind === 'complex' || side.collection,
  );
}

function isNullLiteral(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.value === null;
}

function isNaNLiteral(expression: Expression): boolean {
  return expression.kind === 'literal' && Number.isNaN(expression.value);
}

/** `x eq null`, for values of any kind. */
function nullTest(node: Comparison, context: Context): Scalar | null {
  const other = isNullLiteral(node.right) ? node.left : isNullLiteral(node.left) ? node.right : null;
  if (other === null) return null;
  if (isNullLiteral(other)) return value(node.operator === 'eq' ? 1n : 0n);
  const located = locate(other, context);
  if (located.kind === 'stored') return call(node.operator === 'eq' ? 'isNull' : 'isNotNull', located.scalar);
  const there = isThere(located);
  return node.operator === 'eq' ? call('not', there) : there;
}
