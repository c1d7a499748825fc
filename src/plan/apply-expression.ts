import type { Expression } from '../bind/index.js';
import { started } from './apply.js';
import { aggregated } from './apply-aggregate.js';
import { allOf, value } from './build.js';
import { type Context, locate, rowsOf } from './expression.js';
import type { Located, Stored } from './place.js';
import type { Scalar } from './relation.js';

type AggregatedExpression = Extract<Expression, { kind: 'aggregated' }>;

/** `…/aggregate(…)`: one value for all items of a collection (Aggregation 3.6.1). */
export function aggregatedOf({ of, variable, value: how, type }: AggregatedExpression, context: Context): Stored {
  const begin = () => {
    const { rows, item, applied } = rowsOf(of, context);
    const inner: Context = {
      ...context,
      bindings: new Map([...context.bindings, [variable, item]]),
      computed: applied?.computed ?? new Map(),
      added: applied?.added ?? new Map(),
    };
    return { rows, item, context: inner };
  };
  const start = started(variable, begin);
  const result = aggregated(start, [{ name: 'value', type, value: how, property: null }], start.context);
  const stored = result.context.computed.get('value');
  const scalar: Scalar = stored?.scalar ?? value(null);
  return {
    kind: 'stored',
    scalar: { kind: 'subquery', relation: result.rows, value: scalar },
    codec: stored?.codec ?? null,
    nullable: true,
  };
}

/** Whether the instance has the member at all, be it null (Aggregation 3.7). */
export function isDefined(expression: Expression, context: Context): Scalar {
  switch (expression.kind) {
    case 'computed': {
      const stored = context.computed.get(expression.name);
      return stored === undefined ? value(0n) : (stored.present ?? value(1n));
    }
    case 'property':
    case 'navigation': {
      if (expression.of.kind === 'variable' && context.added?.has(expression.property)) return value(1n);
      const owner = locate(expression.of, context);
      return allOf([isDefined(expression.of, context), has(owner, expression.property.name)]);
    }
    case 'derived':
      return isDefined(expression.of, context);
    default:
      return value(1n);
  }
}

function has(owner: Located, name: string): Scalar {
  switch (owner.kind) {
    case 'grouped':
      return value(owner.members.has(name) ? 1n : 0n);
    case 'variants':
      return {
        kind: 'case',
        branches: owner.options.map(({ when, located }) => ({ when, gives: has(located, name) })),
        otherwise: value(0n),
      };
    case 'stored':
      return value(owner.scalar.kind === 'value' && owner.scalar.value === null ? 0n : 1n);
    default:
      return value(1n);
  }
}
