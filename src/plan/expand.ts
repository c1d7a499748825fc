import type { Expansion, Projection } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { call, columnOf, concat, value, where } from './build.js';
import type { Context } from './expression.js';
import { type Address, rowUrl } from './links.js';
import type { NextPage } from './mark.js';
import { narrowed } from './narrow.js';
import { askedOrder, orderOf } from './order.js';
import { keptOf } from './paging.js';
import { sameRow } from './path.js';
import { linked, type Many, type Place, type Planner, type Through, typeCondition } from './place.js';
import type { ObjectMember, Order, Relation, Scalar } from './relation.js';
import { shapeRow } from './shape.js';
import { control, countMember, type Shape } from './shape-value.js';

/** How deep `$levels=max` goes. */
const deepest = 5;

type RowPlace = Extract<Place, { kind: 'row' }>;

/** Where an expanded navigation property leads to. */
export interface Whereabouts {
  /** The related entities. */
  readonly address: Address;
  /** The navigation property itself, as URL relative to the service root. */
  readonly via: Scalar;
}

/** The members an expanded navigation property adds to its entity: the related entities, their references or their number (JSON 8.3). */
export function planExpansion(
  from: Place,
  expansion: Expansion,
  { address, via }: Whereabouts,
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
    bindings: new Map([...planner.outer, ...(options.variable === null ? [] : [[options.variable, item] as const])]),
    computed: new Map(),
  };
  const { rows, computed, context: inner } = narrowed(base, options, context);
  const total = countMember(property.name, rows, shape);
  if (expansion.form === 'count') return [total];
  const below = expansion.levels === 'max' && from.kind === 'row' ? [...planner.above, from] : [];
  const shaped =
    expansion.form === 'references'
      ? shapeReference(item, address, shape)
      : unlessAbove(
          item,
          below,
          shapeReference(item, address, shape),
          entity(item, expansion, address, shape, { ...planner, above: below }, computed),
        );
  if (!property.collection)
    return [{ name: property.name, value: { kind: 'subquery', relation: rows, value: shaped } }];
  const order = orderOf(askedOrder(options.orderby, inner), item, inner, found);
  const ordered: Relation = { kind: 'order', from: rows, by: order };
  const size = expansion.written === null ? null : shape.rowsOf(property, options.top);
  const take = options.top === null || size === null ? (options.top ?? size) : Math.min(size, options.top);
  const limited: Relation =
    take === null && options.skip === null ? ordered : { kind: 'limit', from: ordered, skip: options.skip, take };
  const page: Relation = { kind: 'page', from: limited, of: item.as, extra: [] };
  const items: ObjectMember = { name: property.name, value: { kind: 'items', relation: page, item: shaped } };
  const cut = take !== null && (options.top === null || take < options.top);
  return [
    ...(options.count ? [total] : []),
    items,
    ...(cut ? [nextPage(ordered, order, { expansion, item, via, take, shape })] : []),
  ];
}

interface Page {
  readonly expansion: Expansion;
  readonly item: RowPlace;
  readonly via: Scalar;
  readonly take: number;
  readonly shape: Shape;
}

/** The link to what does not fit, when there is more (JSON 4.5.5, Protocol 11.2.6.7): made of the first row that is not shown. */
function nextPage(ordered: Relation, order: readonly Order[], page: Page): ObjectMember {
  const { expansion, item, via, take, shape } = page;
  const ending = `${expansion.restrictedTo === null ? '' : `/${expansion.restrictedTo.qualifiedName}`}${expansion.form === 'references' ? '/$ref' : ''}`;
  const next: Omit<NextPage, 'path'> = {
    base: shape.base,
    query: writtenQuery(expansion),
    kept: keptOf(order, item),
    returned: take,
  };
  const keys = call('jsonArray', ...order.map((sort) => sort.value));
  const link = call('nextLink', ending === '' ? via : concat(via, ending), value(JSON.stringify(next)), keys);
  const first: Relation = { kind: 'limit', from: ordered, skip: (expansion.options.skip ?? 0) + take, take: 1 };
  return {
    name: `${expansion.property.name}${control('nextLink', shape)}`,
    value: { kind: 'subquery', relation: first, value: link },
    optional: true,
  };
}

/** The options of an expanded navigation property as those of a request to it; what is left of `$levels` goes into its `$expand`. */
function writtenQuery(expansion: Expansion): readonly string[] {
  const written = (expansion.written ?? []).filter(([name]) => name !== '$levels');
  const { levels } = expansion;
  const own = written.filter(([name]) => !name.startsWith('@'));
  const again = `${expansion.property.name}(${[`$levels=${levels}`, ...own.map(([name, text]) => `${name}=${text}`)].join(';')})`;
  const expand = [
    ...own.flatMap(([name, text]) => (name === '$expand' ? [text] : [])),
    ...(levels === 'max' || levels > 0 ? [again] : []),
  ];
  const all = [
    ...written.filter(([name]) => name !== '$expand'),
    ...(expand.length === 0 ? [] : [['$expand', expand.join(',')] as const]),
  ];
  return all.map(([name, text]) => `${name}=${encoded(text)}`);
}

/** What a query may hold stays readable. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("'", '%27')
    .replace(/%(?:24|2C|2F|3A|3B|3D|40)/g, decodeURIComponent);
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
  return shapeRow(item, deeper(projection, expansion, planner), address, shape, planner, computed);
}

/** An entity that is one of those above it is shown as `reference`, else as `whole`. */
function unlessAbove(item: RowPlace, above: readonly RowPlace[], reference: Scalar, whole: Scalar): Scalar {
  const same = above
    .filter(({ table }) => table === item.table)
    .map((row) =>
      sameRow(
        item.table,
        item.as,
        item.table.primaryKey.map((column) => columnOf(row.as, column)),
      ),
    );
  if (same.length === 0) return whole;
  return { kind: 'case', branches: same.map((when) => ({ when, gives: reference })), otherwise: whole };
}

/** `$levels`: the same navigation property is expanded again in what it leads to (Protocol 11.2.5.2.1.1). */
function deeper(projection: Projection, expansion: Expansion, { above }: Planner): Projection {
  const levels = expansion.levels === 'max' ? deepest - above.length : expansion.levels;
  const has = projection.type.navigationProperties.get(expansion.property.name) === expansion.property;
  if (levels <= 0 || !has) return projection;
  const again: Expansion = { ...expansion, levels: expansion.levels === 'max' ? 'max' : levels - 1 };
  return {
    ...projection,
    expanded: [...projection.expanded.filter((other) => other.property !== expansion.property), again],
  };
}

/** True when at least one row is there. */
export function some(found: Many | Through): Scalar {
  return call('coalesce', { kind: 'exists', relation: found.rows }, value(0n));
}
