import type { BoundOptions, BoundUrl, Expression, Resource } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { Layout } from '../tables/index.js';
import { planAll } from './all.js';
import { type Applied, aliasOf, collected, sequence, started } from './apply.js';
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
import { etagOf } from './shape.js';
import { givenBy, shapeInstance } from './shape-applied.js';
import type { Shape } from './shape-value.js';

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
      return planCollection(target, url, shape, page, planner, shapeReference);
    case 'entityCollection':
    case 'complexCollection':
    case 'primitiveCollection':
      return planCollection(target, url, shape, page, planner);
    case 'count':
      return planCount(target, url, planner);
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

/** The collection that a path leads to, behind `$apply`; `$these` is the collection itself, once more. */
function applied(target: Target, { resource, options }: BoundUrl, planner: Planner): Applied {
  const begin = (at: Target) => ({
    rows: ofType(at),
    item: at.item,
    order: at.order,
    context: contextOf(at, options, planner),
  });
  const start = started(options.variable, () => begin(planPath(resource, planner)), begin(target));
  const set = sequence(options.apply ?? [], start);
  return { ...set, context: { ...set.context, these: () => collected(set.again()) } };
}

function planCollection(
  target: Target,
  url: BoundUrl,
  shape: Shape,
  page: Page,
  planner: Planner,
  referring: typeof shapeReference | null = null,
): Reading {
  const { options } = url;
  const start = applied(target, url, planner);
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
  const given = givenBy(options, found.computed, found.context.added);
  const inner = { ...planner, outer: found.context.bindings };
  const address = addressOf(target);
  const shaped =
    referring !== null && item.kind === 'row'
      ? referring(item, address, shape)
      : shapeInstance(item, options.projection, given, address, { shape, planner: inner, url: address.url });
  return {
    kind: 'collection',
    rows,
    item: isRow || item.kind === 'grouped' || item.kind === 'variants' ? shaped : listed(shaped),
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
  if (item.kind === 'row' || item.kind === 'grouped' || item.kind === 'variants') {
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
  const rows: Relation = { kind: 'page', from: limited, of: aliasOf(limited, item), extra: [] };
  return { rows, item, sortKeys: [] };
}

function ofType(target: Target): Relation {
  if (target.item.kind !== 'row') return target.rows;
  const condition = typeCondition(target.item.table, target.item.as, target.item.type);
  return where(target.rows, condition === null ? [] : [condition]);
}

function planCount(target: Target, url: BoundUrl, planner: Planner): Reading {
  const start = applied(target, url, planner);
  const found = narrowed(start.rows, url.options, start.context);
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
  const given = givenBy(options, found.computed, undefined);
  const inner = { ...planner, outer: found.context.bindings };
  const address = addressOf(target);
  const shaped =
    kind === 'reference' && target.item.kind === 'row'
      ? shapeReference(target.item, address, shape)
      : shapeInstance(target.item, options.projection, given, address, { shape, planner: inner, url: address.url });
  const bytes = target.item.kind === 'stored' && target.item.codec?.kind === 'binary' ? target.item.scalar : null;
  const item = kind === 'rawValue' ? (bytes ?? shaped) : quoted(shaped);
  const etag = target.owner === null ? null : etagOf(target.owner);
  const parent = steps.at(-1)?.kind === 'navigation' ? target.parent : null;
  return { kind: 'single', rows: found.rows, item, etag, parent };
}

function addressOf(target: Target): Address {
  return target.own ?? { url: value(target.url), keyed: target.keyed };
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
