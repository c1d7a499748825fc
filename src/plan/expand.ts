import type { Expansion, Projection } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { type Applied, type Begin, sequence, started } from './apply.js';
import { call, columnOf, concat, value, where } from './build.js';
import { type Address, rowUrl } from './links.js';
import type { NextPage } from './mark.js';
import { type Narrowed, narrowed } from './narrow.js';
import { askedOrder, orderOf } from './order.js';
import { keptOf } from './paging.js';
import { sameRow } from './path.js';
import { type Located, linked, type Place, type Planner, type Stored, typeCondition } from './place.js';
import type { ObjectMember, Order, Relation, Scalar } from './relation.js';
import { givenBy, shapeInstance } from './shape-applied.js';
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
  const again = () => linked(from, expansion.property, planner);
  const above = expansion.levels === 'max' && from.kind === 'row' ? [...planner.above, from] : [];
  return shapeCollection({ expansion, address, via, above, again }, shape, planner);
}

/** What is expanded, and how its rows are reached: under names of their own each time. */
export interface Expanding {
  readonly expansion: Expansion;
  readonly address: Address;
  /** The navigation property as URL; null for what `$apply` has added, which has none. */
  readonly via: Scalar | null;
  /** Entities that are only referred to when they come again. */
  readonly above: Planner['above'];
  readonly again: () => Located;
}

/** Related rows as the request wants them: transformed, narrowed, ordered, cut; as entities, references or a number. */
export function shapeCollection(expanding: Expanding, shape: Shape, planner: Planner): readonly ObjectMember[] {
  const { expansion, address, via, above, again } = expanding;
  const { property, options, form } = expansion;
  const start = started(options.variable, () => begin(again(), expansion, planner));
  if (start.item.kind === 'stored') return [];
  const set = sequence(options.apply ?? [], start);
  const found = narrowed(set.rows, options, set.context);
  const total = countMember(property.name, found.rows, shape);
  if (form === 'count') return [total];
  const { item } = set;
  const reference = item.kind === 'row' ? shapeReference(item, address, shape) : null;
  const shaped =
    form === 'references' && reference !== null
      ? reference
      : unlessAbove(item, above, reference, instance(set, found, expansion, address, shape, { ...planner, above }));
  if (!property.collection)
    return [{ name: property.name, value: { kind: 'subquery', relation: found.rows, value: shaped } }];
  const order = orderIn(set, found, expansion);
  const ordered: Relation = { kind: 'order', from: found.rows, by: order };
  const size = via === null || expansion.written === null ? null : shape.rowsOf(property, options.top);
  const take = options.top === null || size === null ? (options.top ?? size) : Math.min(size, options.top);
  const limited: Relation =
    take === null && options.skip === null ? ordered : { kind: 'limit', from: ordered, skip: options.skip, take };
  const page: Relation = { kind: 'page', from: limited, of: set.as, extra: [] };
  const items: ObjectMember = { name: property.name, value: { kind: 'items', relation: page, item: shaped } };
  const cut = via !== null && take !== null && (options.top === null || take < options.top);
  return [
    ...(options.count ? [total] : []),
    items,
    ...(cut ? [nextPage(ordered, order, { expansion, item: set.item, via, take, shape })] : []),
  ];
}

function begin(found: Located, { restrictedTo, options }: Expansion, planner: Planner): Begin {
  if (found.kind !== 'many' && found.kind !== 'through')
    throw new ODataError('NotImplemented', 'This navigation property cannot be expanded here.', '$expand');
  const item: typeof found.item =
    restrictedTo === null || found.item.kind !== 'row' ? found.item : { ...found.item, type: restrictedTo };
  const condition = item.kind === 'row' ? typeCondition(item.table, item.as, item.type) : null;
  const applied = found.kind === 'many' ? found.applied : undefined;
  const names = item.kind === 'row' || item.kind === 'grouped' ? item.names : undefined;
  return {
    rows: where(found.rows, condition === null ? [] : [condition]),
    item,
    context: {
      planner,
      bindings: new Map([...planner.outer, ...(options.variable === null ? [] : [[options.variable, item] as const])]),
      computed: applied?.computed ?? names ?? new Map(),
      added: applied?.added ?? new Map(),
    },
  };
}

/** What the request orders by, then the order that `$apply` left, ties by key. */
function orderIn(set: Applied, { context, rows }: Narrowed, { options }: Expansion): readonly Order[] {
  return orderOf([...askedOrder(options.orderby, context), ...set.order], set.item, context, { rows });
}

interface Page {
  readonly expansion: Expansion;
  readonly item: Place | Stored;
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

function instance(
  { item }: Applied,
  { computed, context }: Narrowed,
  expansion: Expansion,
  address: Address,
  shape: Shape,
  planner: Planner,
): Scalar {
  const { options } = expansion;
  const projection = options.projection === null ? null : deeper(options.projection, expansion, planner);
  const given = givenBy(options, computed, context.added);
  return shapeInstance(item, projection, given, address, { shape, planner, url: address.url });
}

/** An entity that is one of those above it is shown as `reference`, else as `whole`. */
function unlessAbove(item: Place | Stored, above: Planner['above'], reference: Scalar | null, whole: Scalar): Scalar {
  if (item.kind !== 'row' || reference === null) return whole;
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
