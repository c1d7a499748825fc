import type { Expansion, Projection } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { call, concat, value, where } from './build.js';
import type { Context } from './expression.js';
import { type Address, rowUrl } from './links.js';
import { narrowed } from './narrow.js';
import { orderOf } from './order.js';
import { linked, type Many, type Place, type Planner, type Through, typeCondition } from './place.js';
import type { ObjectMember, Relation, Scalar } from './relation.js';
import { control, type Shape, shapeRow } from './shape.js';

/** How deep `$levels=max` goes. */
const deepest = 5;

type RowPlace = Extract<Place, { kind: 'row' }>;

/** The members an expanded navigation property adds to its entity: the related entities, their references or their number (JSON 8.3). */
export function planExpansion(
  from: Place,
  expansion: Expansion,
  address: Address,
  shape: Shape,
  planner: Planner,
): readonly ObjectMember[] {
  const { property, options } = expansion;
  if (options.apply !== null)
    throw new ODataError('NotImplemented', '$apply within $expand is not supported yet.', '$expand');
  const found = linked(from, property, planner);
  if (found.kind !== 'many' && found.kind !== 'through')
    throw new ODataError('NotImplemented', '$expand behind an aggregation is not supported.', '$expand');
  if (found.item.kind !== 'row') return [];
  const item: RowPlace = expansion.restrictedTo === null ? found.item : { ...found.item, type: expansion.restrictedTo };
  const condition = typeCondition(item.table, item.as, item.type);
  const base = where(found.rows, condition === null ? [] : [condition]);
  const context: Context = {
    planner,
    bindings: options.variable === null ? new Map() : new Map([[options.variable, item]]),
    computed: new Map(),
  };
  const { rows, computed, context: inner } = narrowed(base, options, context);
  const total: ObjectMember = {
    name: `${property.name}${control('count', shape)}`,
    value: { kind: 'count', relation: rows },
  };
  if (expansion.form === 'count') return [total];
  const shaped =
    expansion.form === 'references'
      ? shapeReference(item, address, shape)
      : entity(item, expansion, address, shape, planner, computed);
  if (!property.collection)
    return [
      {
        name: property.name,
        value: { kind: 'subquery', relation: found.kind === 'many' ? rows : rows, value: shaped },
      },
    ];
  const ordered: Relation = { kind: 'order', from: rows, by: orderOf(options.orderby, item, inner, found) };
  const limited: Relation =
    options.top === null && options.skip === null
      ? ordered
      : { kind: 'limit', from: ordered, skip: options.skip, take: options.top };
  const page: Relation = { kind: 'page', from: limited, of: item.as, extra: [] };
  const items: ObjectMember = { name: property.name, value: { kind: 'items', relation: page, item: shaped } };
  return options.count && shape.metadata !== 'none' ? [total, items] : options.count ? [total, items] : [items];
}

/** `{"@odata.id": …}` (JSON 14). */
export function shapeReference(item: RowPlace, address: Address, shape: Shape): Scalar {
  return {
    kind: 'object',
    members: [{ name: control('id', shape), value: concat(shape.base, rowUrl(address, item.table, item.as)) }],
  };
}

function entity(
  item: RowPlace,
  expansion: Expansion,
  address: Address,
  shape: Shape,
  planner: Planner,
  computed: Parameters<typeof shapeRow>[5],
): Scalar {
  const projection = expansion.options.projection ?? { type: item.type, selected: null, expanded: [] };
  return shapeRow(item, deeper(projection, expansion), address, shape, planner, computed);
}

/** `$levels`: the same navigation property is expanded again in what it leads to (URL 5.1.3.1.?). */
function deeper(projection: Projection, expansion: Expansion): Projection {
  const levels = expansion.levels === 'max' ? deepest : expansion.levels;
  const has = projection.type.navigationProperties.get(expansion.property.name) === expansion.property;
  if (levels <= 0 || !has) return projection;
  const again: Expansion = { ...expansion, levels: levels - 1 };
  return {
    ...projection,
    expanded: [...projection.expanded.filter((other) => other.property !== expansion.property), again],
  };
}

/** True when at least one row is there. */
export function some(found: Many | Through): Scalar {
  return call('coalesce', { kind: 'exists', relation: found.rows }, value(0n));
}
