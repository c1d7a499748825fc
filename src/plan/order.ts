import type { SortItem } from '../bind/index.js';
import { annotatedOrder } from '../edm/index.js';
import { keyOrder } from './apply.js';
import { columnOf } from './build.js';
import { type Context, planValue } from './expression.js';
import type { Many, Place, Stored, Through } from './place.js';
import { propertyOf } from './place.js';
import type { Order, Relation } from './relation.js';

/** What `$orderby` asks. */
export function askedOrder(items: readonly SortItem[], context: Context): readonly Order[] {
  return items.map(({ expression, descending }) => ({ value: planValue(expression, context).scalar, descending }));
}

/**
 * The order of a collection: what is asked, else what the model says (Edmund.V1.DefaultOrder), and then the key, so that the order is
 * total and pages neither repeat nor lose a row (Protocol 11.2.6.2, 11.2.6.7). Null is lowest.
 */
export function orderOf(
  asked: readonly Order[],
  item: Place | Stored,
  context: Context,
  found: Many | Through | { readonly rows: Relation },
): readonly Order[] {
  if (item.kind === 'grouped' || item.kind === 'variants') return [...asked, ...keyOrder(item, item.as)];
  if (item.kind !== 'row') return [...asked, ...positions(found.rows)];
  const chosen = asked.length > 0 ? asked : defaultOrder(item, context);
  const named = new Set(
    chosen.map((order) => (order.value.kind === 'column' && order.value.of === item.as ? order.value.name : '')),
  );
  const key = item.table.primaryKey
    .filter((column) => !named.has(column.name))
    .map((column) => ({ value: columnOf(item.as, column), descending: false }));
  const more = (item.keys ?? []).map((name) => ({ value: columnOf(item.as, name), descending: false }));
  return [...chosen, ...key, ...more];
}

function defaultOrder(item: Extract<Place, { kind: 'row' }>, context: Context): readonly Order[] {
  return annotatedOrder(item.table.source).flatMap(({ property, descending }) => {
    const found = item.type.properties.get(property);
    if (found === undefined) return [];
    const located = propertyOf(item, found, context.planner);
    return located.kind === 'stored' ? [{ value: located.scalar, descending }] : [];
  });
}

/** Items of a JSON array keep their positions. */
function positions(rows: Relation): readonly Order[] {
  switch (rows.kind) {
    case 'each':
      return [{ value: columnOf(rows.as, 'key'), descending: false }];
    case 'join':
      return [...positions(rows.left), ...positions(rows.right)];
    case 'where':
    case 'order':
    case 'limit':
    case 'page':
      return positions(rows.from);
    case 'scan':
    case 'project':
    case 'union':
    case 'recursive':
    case 'named':
    case 'past':
    case 'group':
    case 'chain':
      return [];
  }
}
