import type { Expression } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { Codec } from '../tables/index.js';
import { call, value } from './build.js';
import { type Context, planCondition, planValue } from './expression.js';
import type { Stored } from './place.js';
import type { OperatorName, Scalar } from './relation.js';

type Computing = Extract<Expression, { kind: 'negate' | 'arithmetic' | 'call' | 'castTo' | 'isof' | 'case' }>;

/** Arithmetic, canonical functions, casts and `case`. Throws NotImplemented for what is not there yet (design: unknown is refused). */
export function planCall(node: Computing, context: Context): Stored {
  switch (node.kind) {
    case 'call':
      return canonical(node, context);
    case 'case': {
      const branches = node.branches.map((branch) => ({
        when: planCondition(branch.condition, context),
        gives: planValue(branch.value, context),
      }));
      const codec = branches.find((branch) => branch.gives.codec !== null)?.gives.codec ?? null;
      return {
        kind: 'stored',
        scalar: {
          kind: 'case',
          branches: branches.map((branch) => ({ when: branch.when, gives: branch.gives.scalar })),
          otherwise: null,
        },
        codec,
        nullable: true,
      };
    }
    case 'arithmetic':
      return arithmetic(node, context);
    case 'negate': {
      const operand = planValue(node.operand, context);
      if (operand.codec?.kind === 'decimal') throw unsupported('-');
      return { ...stripped(operand), scalar: call('negate', operand.scalar) };
    }
    case 'castTo':
      throw unsupported('cast');
    case 'isof':
      throw unsupported('isof');
  }
}

/** Without the mark of a literal: the value is computed now. */
function stripped(stored: Stored): Stored {
  return { kind: 'stored', scalar: stored.scalar, codec: stored.codec, nullable: stored.nullable };
}

function unsupported(name: string): ODataError {
  return new ODataError('NotImplemented', `'${name}' is not supported for these operands yet.`, '$filter');
}

const text: Codec = { kind: 'string' };
const integer: Codec = { kind: 'integer' };
const boolean: Codec = { kind: 'boolean' };

/** What each function gives, as operator of the dialect; those missing are 501. */
const operators: Readonly<Record<string, { readonly operator: OperatorName; readonly gives: Codec | 'same' }>> = {
  concat: { operator: 'concat', gives: text },
  contains: { operator: 'contains', gives: boolean },
  startswith: { operator: 'startswith', gives: boolean },
  endswith: { operator: 'endswith', gives: boolean },
  indexof: { operator: 'indexof', gives: integer },
  length: { operator: 'length', gives: integer },
  substring: { operator: 'substring', gives: text },
  tolower: { operator: 'tolower', gives: text },
  toupper: { operator: 'toupper', gives: text },
  trim: { operator: 'trim', gives: text },
  year: { operator: 'year', gives: integer },
  month: { operator: 'month', gives: integer },
  day: { operator: 'day', gives: integer },
  hour: { operator: 'hour', gives: integer },
  minute: { operator: 'minute', gives: integer },
  second: { operator: 'second', gives: integer },
  floor: { operator: 'floor', gives: 'same' },
  ceiling: { operator: 'ceiling', gives: 'same' },
  round: { operator: 'round', gives: 'same' },
};

function canonical(node: Extract<Expression, { kind: 'call' }>, context: Context): Stored {
  const known = operators[node.name];
  if (known === undefined) throw unsupported(node.name);
  const operands = node.arguments.map((argument) => planValue(argument, context));
  const [first] = operands;
  if (known.gives === 'same' && first?.codec?.kind !== 'double' && first?.codec?.kind !== 'integer')
    throw unsupported(node.name);
  return {
    kind: 'stored',
    scalar: call(known.operator, ...operands.map((operand) => operand.scalar)),
    codec: known.gives === 'same' ? (first?.codec ?? null) : known.gives,
    nullable: operands.some((operand) => operand.nullable),
  };
}

function arithmetic(node: Extract<Expression, { kind: 'arithmetic' }>, context: Context): Stored {
  const left = planValue(node.left, context);
  const right = planValue(node.right, context);
  const kinds = [left.codec?.kind, right.codec?.kind];
  const whole = kinds.every((kind) => kind === 'integer');
  if (!whole && !kinds.every((kind) => kind === 'integer' || kind === 'double' || kind === 'single'))
    throw unsupported(node.operator);
  const [a, b] = whole ? [left.scalar, right.scalar] : [call('asDouble', left.scalar), call('asDouble', right.scalar)];
  return {
    kind: 'stored',
    scalar: operation(node.operator, a, b),
    codec: whole && node.operator !== 'divby' ? integer : { kind: 'double' },
    nullable: true,
  };
}

function operation(operator: Extract<Expression, { kind: 'arithmetic' }>['operator'], a: Scalar, b: Scalar): Scalar {
  switch (operator) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'mod':
      return call(operator, a, b);
    case 'divby':
      return call('div', call('asDouble', a), call('asDouble', b));
  }
}

/** True as stored value. */
export const truth: Scalar = value(1n);
