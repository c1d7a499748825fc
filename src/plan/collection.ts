import type { Expression } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { call } from './build.js';
import { type Context, locate, planValue } from './expression.js';
import type { Relation, Scalar } from './relation.js';

/** A collection as JSON array in storage form: a property's, a literal's, or what a function gives. */
export function collectionJson(expression: Expression, context: Context): Scalar {
  if (expression.kind === 'list')
    return call('jsonArray', ...expression.items.map((item) => planValue(item, context).scalar));
  const located = locate(expression, context);
  if (located.kind === 'stored' && located.codec?.kind === 'json') return located.scalar;
  const whole = located.kind === 'many' ? wholeJson(located.rows) : null;
  if (whole !== null) return whole;
  if (located.kind === 'many' && located.item.kind === 'stored')
    return { kind: 'items', relation: located.rows, item: located.item.scalar };
  throw new ODataError('NotImplemented', 'This collection cannot be used here.');
}

/** The array of which the rows are the items; null where they are something else. Of a value that is not there it is null (URL 5.1.1.15). */
function wholeJson(rows: Relation): Scalar | null {
  if (rows.kind === 'each') return rows.json;
  if (rows.kind !== 'join' || rows.right.kind !== 'each') return null;
  return { kind: 'subquery', relation: rows.left, value: rows.right.json };
}
