import type { BoundOptions, BoundUrl, Expression, Resource } from '../bind/index.js';
import type { Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Layout } from '../tables/index.js';
import { planAll } from './all.js';
import { type Applied, applied } from './apply.js';
import { call, columnOf, value, where } from './build.js';
import { planCrossjoin } from './crossjoin.js';
import { shapeReference } from './expand.js';
import { type Context, planCondition } from './expression.js';
import type { Address } from './links.js';
import type { SortValue } from './mark.js';
import { narrowed, withComputed } from './narrow.js';
import { askedOrder, orderOf } from './order.js';
import { anyOf, isIndexed, keptOf, keyIn, ranges, type Whole } from './paging.js';
import { planPath, type Target } from './path.js';
import {
  planner as newPlanner,
  type Place,
  type Planner,
  presence,
  type Restriction,
  type Stored,
  typeCondition,
  unrestricted,
} from './place.js';
import type { Order, PageRelation, Reading, Relation, Scalar } from './relation.js';
import { etagOf, shapeGrouped, shapeRow } from './shape.js';
import { type Shape, shapeComplex, shapeStored } from './shape-value.js';

/** How much of a collection is read, and from where. */
export interface Page {
  /** Rows to return at most. */
  readonly size: number;
  /** Sort values of its first row; null for the first page. */
  readonly from: readonly SortValue[] | null;
  /** Rows that pages before have already returned, when `$top` limits the whole. */
  readonly returned: number;
}

/**
 * The statement that answers a GET, by the standard's order of evaluation (Protocol 11.2.1). Throws NotImplemented for
 * what no statement can answer yet.
 */
export function planRead(
  url: BoundUrl,
  layout: Layout,
  shape: Shape,
  page: Page,
  restriction: Restriction = unrestricted,
): Reading {
  return planReadWith(newPlanner(layout, restriction), url, shape, page);
}

/** The same by a planner, which knows the state that is to be seen. */
export function planReadWith(planner: Planner, url: BoundUrl, shape: Shape, page: Page): Reading {
  const { resource, options } = url;
  if (resource.kind === 'all') return planAll(resource, options, shape, page, planner);
  if (resource.kind === 'crossjoin') return planCrossjoin(resource, options, shape, page, planner);
  const target = planPath(resource, planner);
  switch (resource.kind) {
    case 'referenceCollection':
      return planCollection(target, options, shape, page, planner, shapeReference);
    case 'entityCollection':
    case 'complexCollection':
    case 'primitiveCollection':
      return planCollection(target, options, shape, page, planner);
    case 'count':
      return planCount(target, options, planner);
    default:
      return planSingle(resource, target, options, shape, planner);
  }
}

function contextOf(target: Target, options: BoundOptions, planner: Planner): Context {
  return {
    planner,
    bindings: options.variable === null ? new Map() : new Map([[options.variable, target.item]]),
    computed: new Map(),
  };
}

function planCollection(
  target: Target,
  options: BoundOptions,
  shape: Shape,
  page: Page,
  planner: Planner,
  referring: typeof shapeReference | null = null,
): Reading {
  const start = applied(options, { ...target, rows: ofType(target) }, contextOf(target, options, planner));
  const found = narrowed(start.rows, options, start.context);
  const asked = [...askedOrder(options.orderby, found.context), ...start.order];
  const order = orderOf(asked, start.item, found.context, { rows: found.rows });
  const take = options.top === null ? page.size : Math.max(0, Math.min(page.size, options.top - page.returned));
  const kept = keptOf(order, start.item);
  const part = (from: Relation): Relation => ({
    kind: 'limit',
    from: { kind: 'order', from, by: order },
    skip: page.from === null ? options.skip : null,
    take: take + 1,
  });
  const begins = page.from === null ? [] : ranges(order, page.from, kept, wholeText(order, page.from, start, options));
  const parts =
    begins.length > 1 && isIndexed(order, start.item)
      ? begins.map((begin) => part(where(found.rows, [begin])))
      : [part(where(found.rows, begins.length === 0 ? [] : [anyOf(begins)]))];
  const { rows, item, sortKeys } = paged(parts, take + 1, start.item, order);
  const isRow = target.item.kind === 'row';
  return {
    kind: 'collection',
    rows,
    item:
      referring !== null && item.kind === 'row'
        ? referring(item, addressOf(target), shape)
        : isRow || target.item.kind === 'grouped'
          ? shapeItem(item, target, options, shape, planner, found.computed)
          : listed(shapeItem(item, target, options, shape, planner, found.computed)),
    take,
    sortKeys,
    kept,
    total: options.count ? found.rows : null,
    parent: target.parent,
    etag: isRow || target.owner === null ? null : etagOf(target.owner),
  };
}

/**
 * A text too long for a token is read again from the row it came from. When that row is gone its beginning stands for it, so that
 * rows may come twice, but none is lost.
 */
function wholeText(
  order: readonly Order[],
  values: readonly SortValue[],
  { item, context, order: before }: Applied,
  options: BoundOptions,
): Whole {
  return (index, { start }) => {
    const bound = value(order[index]?.descending ? `${start}\u{10ffff}` : start);
    if (item.kind !== 'row' || context.computed.size > 0 || before.length > 0) return bound;
    const { planner } = context;
    const again: Place = { ...item, as: planner.fresh() };
    const bindings = new Map([...context.bindings].map(([name, place]) => [name, place === item ? again : place]));
    const text = askedOrder(options.orderby, withComputed(options, { ...context, bindings }))[index]?.value;
    if (text === undefined) return bound;
    const same = [...keyIn(order, values, item)].map(([name, key]) => call('eq', columnOf(again.as, name), value(key)));
    const row = where(planner.scan(item.table, again.as), same);
    return call('coalesce', { kind: 'subquery', relation: row, value: text }, bound);
  };
}

/** The page as a sub-select; its sort values are computed inside, once. */
function paged(parts: readonly Relation[], take: number, item: Place | Stored, order: readonly Order[]) {
  if (item.kind === 'row' || item.kind === 'grouped') {
    const extra = order.map((sort, index) => ({ name: `@s${index}`, value: sort.value }));
    const pages = parts.map((from): PageRelation => ({ kind: 'page', from, of: item.as, extra }));
    const [only] = pages;
    const rows: Relation =
      only !== undefined && pages.length === 1 ? only : { kind: 'chain', parts: pages, skip: 0, take, as: item.as };
    return {
      rows,
      item,
      sortKeys: extra.map((column): Scalar => ({ kind: 'column', of: item.as, name: column.name })),
    };
  }
  const [limited] = parts;
  if (limited === undefined) throw new ODataError('InternalError', 'A page without rows.');
  const rows: Relation = { kind: 'page', from: limited, of: eachAlias(limited), extra: [] };
  return { rows, item, sortKeys: [] };
}

/** The alias of the JSON items a relation ends in. */
function eachAlias(rows: Relation): string {
  switch (rows.kind) {
    case 'each':
    case 'scan':
    case 'past':
    case 'group':
    case 'chain':
      return rows.as;
    case 'join':
      return eachAlias(rows.right);
    case 'where':
    case 'order':
    case 'limit':
    case 'page':
      return eachAlias(rows.from);
  }
}

function ofType(target: Target): Relation {
  if (target.item.kind !== 'row') return target.rows;
  const condition = typeCondition(target.item.table, target.item.as, target.item.type);
  return where(target.rows, condition === null ? [] : [condition]);
}

function planCount(target: Target, options: BoundOptions, planner: Planner): Reading {
  const start = applied(options, { ...target, rows: ofType(target) }, contextOf(target, options, planner));
  const found = narrowed(start.rows, options, start.context);
  return { kind: 'count', rows: found.rows, parent: target.parent };
}

function planSingle(
  { kind, steps }: Resource,
  target: Target,
  options: BoundOptions,
  shape: Shape,
  planner: Planner,
): Reading {
  const found = narrowed(ofType(target), options, contextOf(target, options, planner));
  const shaped =
    kind === 'reference' && target.item.kind === 'row'
      ? shapeReference(target.item, addressOf(target), shape)
      : shapeItem(target.item, target, options, shape, planner, found.computed);
  const bytes = target.item.kind === 'stored' && target.item.codec?.kind === 'binary' ? target.item.scalar : null;
  const item = kind === 'rawValue' ? (bytes ?? shaped) : quoted(shaped);
  const etag = target.owner === null ? null : etagOf(target.owner);
  const parent = steps.at(-1)?.kind === 'navigation' ? target.parent : null;
  return { kind: 'single', rows: found.rows, item, etag, parent };
}

/** The types of the names that `$apply` and `$compute` give. */
function aliasTypes({ apply, compute }: BoundOptions): ReadonlyMap<string, Type | null> {
  const steps = apply ?? [];
  const aggregates = steps.flatMap((step) => (step.kind === 'group' ? step.aggregates : []));
  const computed = [...steps.flatMap((step) => (step.kind === 'compute' ? step.items : [])), ...compute];
  return new Map([
    ...aggregates.map(({ name, type }) => [name, type] as const),
    ...computed.map(({ name, expression }) => [name, expression.type] as const),
  ]);
}

function addressOf(target: Target): Address {
  return target.own ?? { url: value(target.url), keyed: target.keyed };
}

function shapeItem(
  item: Place | Stored,
  target: Target,
  options: BoundOptions,
  shape: Shape,
  within: Planner,
  computed: ReadonlyMap<string, Stored>,
): Scalar {
  const address = addressOf(target);
  const planner = { ...within, outer: contextOf({ ...target, item }, options, within).bindings };
  switch (item.kind) {
    case 'row': {
      const projection = options.projection ?? { type: item.type, selected: null, expanded: [] };
      return shapeRow(item, projection, address, shape, planner, computed);
    }
    case 'flattened':
    case 'json': {
      const type = item.kind === 'json' ? item.type : item.storage.type;
      return shapeComplex(item, options.projection ?? { type, selected: null, expanded: [] }, {
        shape,
        planner,
        url: address.url,
      });
    }
    case 'grouped':
      return shapeGrouped(item, options.projection, computed, aliasTypes(options), shape);
    case 'stored':
      return shapeStored(item, shape);
  }
}

/** A single value outside an object is still JSON. */
function quoted(item: Scalar): Scalar {
  return item.kind === 'json' ? call('jsonQuote', item) : item;
}

/** An item that is null is one all the same (JSON 7.3). */
function listed(item: Scalar): Scalar {
  return call('coalesce', quoted(item), value('null'));
}

/** The statement that tells whether a condition holds that speaks of no data: one row, 1 or 0. */
export function planTruth(condition: Expression, layout: Layout): Reading {
  const planner = newPlanner(layout);
  const truth = planCondition(condition, { planner, bindings: new Map(), computed: new Map() });
  const rows: Relation = { kind: 'each', json: value('[0]'), as: planner.fresh() };
  return { kind: 'columns', rows, columns: [call('coalesce', truth, value(0n))] };
}

/** True when the structured value is there, for statements that only ask. */
export function present(item: Place | Stored): Scalar {
  if (item.kind === 'stored') return call('isNotNull', item.scalar);
  return presence(item) ?? value(1n);
}

/** Refuses a resource kind that a reading statement cannot answer. */
export function unreadable(kind: string): never {
  throw new ODataError('NotImplemented', `Resources of kind '${kind}' cannot be read yet.`);
}
