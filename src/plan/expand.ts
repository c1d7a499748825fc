import type { Expansion, Projection } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { type Applied, type Begin, sequence, started } from './apply.js';
import { concat, where } from './build.js';
import { planValue } from './expression.js';
import { type Address, rowUrl } from './links.js';
import { type Narrowed, narrowed } from './narrow.js';
import { orderOf } from './order.js';
import { type Located, linked, type Place, type Planner, typeCondition } from './place.js';
import type { ObjectMember, Order, Relation, Scalar } from './relation.js';
import { control, type Shape } from './shape.js';
import { givenBy, shapeInstance } from './shape-applied.js';

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
  const again = () => linked(from, expansion.property, planner);
  return shapeCollection({ expansion, address, again }, shape, planner);
}

/** What is expanded, and how its rows are reached: under names of their own each time. */
export interface Expanding {
  readonly expansion: Expansion;
  readonly address: Address;
  readonly again: () => Located;
}

/** Related rows as the request wants them: narrowed, transformed, ordered, cut, as entities, references or a number. */
export function shapeCollection(expanding: Expanding, shape: Shape, planner: Planner): readonly ObjectMember[] {
  const { expansion, address, again } = expanding;
  const { property, options, form } = expansion;
  const start = started(options.variable, () => begin(again(), expansion, planner));
  if (start.item.kind === 'stored') return [];
  const set = sequence(options.apply ?? [], start);
  const found = narrowed(set.rows, options, set.context);
  const total: ObjectMember = {
    name: `${property.name}${control('count', shape)}`,
    value: { kind: 'count', relation: found.rows },
  };
  if (form === 'count') return [total];
  const shaped =
    form === 'references' && set.item.kind === 'row'
      ? shapeReference(set.item, address, shape)
      : instance(set, found, expansion, address, shape, planner);
  if (!property.collection)
    return [{ name: property.name, value: { kind: 'subquery', relation: found.rows, value: shaped } }];
  const ordered: Relation = { kind: 'order', from: found.rows, by: orderIn(set, found, expansion) };
  const limited: Relation =
    options.top === null && options.skip === null
      ? ordered
      : { kind: 'limit', from: ordered, skip: options.skip, take: options.top };
  const page: Relation = { kind: 'page', from: limited, of: set.as, extra: [] };
  const items: ObjectMember = { name: property.name, value: { kind: 'items', relation: page, item: shaped } };
  return options.count ? [total, items] : [items];
}

function begin(found: Located, { restrictedTo, options }: Expansion, planner: Planner): Begin {
  if (found.kind !== 'many' && found.kind !== 'through')
    throw new ODataError('NotImplemented', 'This navigation property cannot be expanded here.', '$expand');
  const item: Place | typeof found.item =
    restrictedTo === null || found.item.kind !== 'row' ? found.item : { ...found.item, type: restrictedTo };
  const condition = item.kind === 'row' ? typeCondition(item.table, item.as, item.type) : null;
  const applied = found.kind === 'many' ? found.applied : undefined;
  const names = item.kind === 'row' || item.kind === 'grouped' ? item.names : undefined;
  return {
    rows: where(found.rows, condition === null ? [] : [condition]),
    item,
    context: {
      planner,
      bindings: options.variable === null ? new Map() : new Map([[options.variable, item]]),
      computed: applied?.computed ?? names ?? new Map(),
      added: applied?.added ?? new Map(),
    },
  };
}

/** What the request orders by, then the order that `$apply` left, ties by key. */
function orderIn(set: Applied, { context, rows }: Narrowed, { options }: Expansion): readonly Order[] {
  if (set.order.length === 0) return orderOf(options.orderby, set.item, context, { rows });
  const asked = options.orderby.map((sort) => ({
    value: planValue(sort.expression, context).scalar,
    descending: sort.descending,
  }));
  return [...asked, ...set.order, ...orderOf([], set.item, context, { rows })];
}

/** `{"@odata.id": …}` (JSON 14). */
export function shapeReference(item: RowPlace, address: Address, shape: Shape): Scalar {
  return {
    kind: 'object',
    members: [{ name: control('id', shape), value: concat(shape.base, rowUrl(address, item.table, item.as)) }],
  };
}

function instance(
  { item }: Applied,
  { computed, context }: Narrowed,
  expansion: Expansion,
  address: Address,
  shape: Shape,
  planner: Planner,
): Scalar {
  const { options } = expansion;
  const projection = options.projection === null ? null : deeper(options.projection, expansion);
  return shapeInstance(item, projection, givenBy(options, computed, context.added), address, shape, planner);
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
