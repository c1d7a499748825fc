import type { Expression } from '../bind/index.js';
import type { Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { writeStored } from '../tables/index.js';
import { call, value } from './build.js';
import { type Context, locate, planValue } from './expression.js';
import type { Relation, Scalar } from './relation.js';

/** Where items are stored. */
type Place = Pick<Property, 'type' | 'precision'>;

/** Where the items of the first of several collections are stored, null when none is: literals beside them have their form. */
export function placeOf(operands: readonly Expression[]): Place | null {
  const found = operands.find((operand) => operand.kind === 'property' && operand.collection);
  return found?.kind === 'property' ? found.property : null;
}

/** A collection as JSON array in storage form: a property's, a literal's in the form of `place`, or what a function gives. */
export function collectionJson(expression: Expression, context: Context, place: Place | null = null): Scalar {
  if (expression.kind === 'list') return listJson(expression.items, context, place);
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

function listJson(items: readonly Expression[], context: Context, place: Place | null): Scalar {
  const texts = items.flatMap((item) => {
    if (item.kind !== 'literal') return [];
    if (item.value === null || item.type === null) return ['null'];
    return [
      writeStored({ kind: 'value', value: item.value }, { type: item.type, precision: place?.precision ?? null }),
    ];
  });
  if (texts.length === items.length) return value(`[${texts.join(',')}]`);
  return call('jsonArray', ...items.map((item) => planValue(item, context).scalar));
}
