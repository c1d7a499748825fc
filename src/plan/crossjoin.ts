import type { BoundOptions, Expansion, Joined, Resource } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { columnOf, concat, value } from './build.js';
import { planValue } from './expression.js';
import { rowUrl } from './links.js';
import { narrowed } from './narrow.js';
import { anyOf, ranges } from './paging.js';
import type { Place, Planner } from './place.js';
import type { Page } from './read.js';
import type { ObjectMember, Order, Reading, Relation, Scalar } from './relation.js';
import { shapeRow } from './shape.js';
import { control, type Shape } from './shape-value.js';

type RowPlace = Extract<Place, { kind: 'row' }>;

/** Every combination of the entities of several sets (URL 4.15): a link to each, or the entity where the request expands its set. */
export function planCrossjoin(
  { sets }: Resource,
  options: BoundOptions,
  shape: Shape,
  page: Page,
  planner: Planner,
): Reading {
  if (options.search !== null || options.apply !== null || options.compute.length > 0)
    throw new ODataError('NotImplemented', '$crossjoin takes no $search, $apply or $compute here.', '$crossjoin');
  const places = new Map(sets.map((joined) => [joined, placeOf(joined, planner)]));
  const [first, ...rest] = [...places.values()].map(({ table, as }): Relation => planner.scan(table, as));
  const [leader] = places.values();
  if (first === undefined || leader === undefined) throw new ODataError('InternalError', 'A $crossjoin of nothing.');
  const product = rest.reduce<Relation>((left, right) => ({ kind: 'join', left, right, on: value(1n) }), first);
  const bindings = new Map(
    [...places].flatMap(([{ variable }, place]) => (variable === null ? [] : [[variable, place] as const])),
  );
  const { rows, context } = narrowed(product, options, { planner, bindings, computed: new Map() });
  const order: readonly Order[] = [
    ...options.orderby.map(({ expression, descending }) => ({
      value: planValue(expression, context).scalar,
      descending,
    })),
    ...[...places.values()].flatMap(keyOrder),
  ];
  // Without a row of its own that could be read again, long sort values stay whole.
  const start = page.from === null ? null : anyOf(ranges(order, page.from, [], (_, cut) => value(cut.start)));
  const behind: Relation = start === null ? rows : { kind: 'where', from: rows, condition: start };
  const take = options.top === null ? page.size : Math.max(0, Math.min(page.size, options.top - page.returned));
  const sorts = order.map((sort, index) => ({ name: `@s${index}`, value: sort.value }));
  const limited: Relation = {
    kind: 'limit',
    from: { kind: 'order', from: behind, by: order },
    skip: page.from === null ? options.skip : null,
    take: take + 1,
  };
  const shaped = combinationOf(places, options, shape, planner);
  return {
    kind: 'collection',
    rows: { kind: 'page', from: limited, of: leader.as, extra: [...sorts, { name: '@item', value: shaped }] },
    item: columnOf(leader.as, '@item'),
    take,
    sortKeys: sorts.map(({ name }) => columnOf(leader.as, name)),
    kept: sorts.map((_, index) => index),
    total: options.count ? rows : null,
    parent: null,
    etag: null,
  };
}

function placeOf({ source }: Joined, planner: Planner): RowPlace {
  const table = planner.layout.tableOf(source);
  if (table === undefined) throw new ODataError('NotImplemented', `'${source.name}' is not stored.`, source.name);
  return { kind: 'row', table, as: planner.fresh(), type: source.type };
}

function keyOrder({ table, as }: RowPlace): readonly Order[] {
  return table.primaryKey.map((column) => ({ value: columnOf(as, column), descending: false }));
}

/** One member per set that `$select` leaves (Protocol 10.20, JSON 8.1). */
function combinationOf(
  places: ReadonlyMap<Joined, RowPlace>,
  { projection }: BoundOptions,
  shape: Shape,
  planner: Planner,
): Scalar {
  const selected = projection?.selected ?? null;
  const shown = new Set([...(selected?.navigation ?? [])].map(({ name }) => name));
  const members = [...places].flatMap(([{ source: set }, place]): readonly ObjectMember[] => {
    const expansion = projection?.expanded.find(({ property }) => property.name === set.name);
    const address = { url: value(set.name), keyed: true };
    if (expansion !== undefined)
      return [{ name: set.name, value: shapeRow(place, projectionOf(expansion, place), address, shape, planner) }];
    if (shape.metadata === 'none' || (selected !== null && !selected.all && !shown.has(set.name))) return [];
    const link = concat(shape.base, rowUrl(address, place.table, place.as));
    return [{ name: `${set.name}${control('navigationLink', shape)}`, value: link }];
  });
  return { kind: 'object', members };
}

function projectionOf({ form, options, restrictedTo }: Expansion, { type }: RowPlace) {
  if (form !== 'entities' || restrictedTo !== null || options.compute.length > 0)
    throw new ODataError(
      'NotImplemented',
      '$expand of $crossjoin takes sets with $select and $expand only.',
      '$expand',
    );
  return options.projection ?? { type, selected: null, expanded: [] };
}
