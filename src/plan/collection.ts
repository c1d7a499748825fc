import type { Expression } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { call } from './build.js';
import { type Context, locate, planValue } from './expression.js';
import type { Scalar } from './relation.js';

/** A collection as JSON array in storage form: a property's, a literal's, or what a function gives. */
export function collectionJson(expression: Expression, context: Context): Scalar {
  if (expression.kind === 'list')
    return call('jsonArray', ...expression.items.map((item) => planValue(item, context).scalar));
  const located = locate(expression, context);
  if (located.kind === 'stored' && located.codec?.kind === 'json') return located.scalar;
  if (located.kind === 'many' && located.rows.kind === 'each') return located.rows.json;
  if (located.kind === 'many' && located.item.kind === 'stored')
    return { kind: 'items', relation: located.rows, item: located.item.scalar };
  throw new ODataError('NotImplemented', 'This collection cannot be used here.');
}
