import type { BoundOptions, Joined, Projection, Resource } from '../bind/index.js';
import type { EntityType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { columnOf, value, where } from './build.js';
import type { Context } from './expression.js';
import { narrowed } from './narrow.js';
import { anyOf, ranges } from './paging.js';
import { type Place, type Planner, typeCondition } from './place.js';
import type { Page } from './read.js';
import type { NamedScalar, Order, PageRelation, Reading, Relation, Scalar } from './relation.js';
import { shapeRow } from './shape.js';
import { nothingGiven } from './shape-applied.js';
import type { Shape } from './shape-value.js';

type RowPlace = Extract<Place, { kind: 'row' }>;

/** One set or singleton of the union: its rows, in the order of their key. */
interface Branch {
  readonly rows: Relation;
  readonly row: RowPlace;
  readonly order: readonly Order[];
  readonly item: Scalar;
}

const leader = 'all';

/**
 * The entities of all sets and singletons, one source after another, each in the order of its key (URL 4.16). The first sort value of a
 * page is the number of the source, so that what pages before have shown is not read again.
 */
export function planAll(
  resource: Resource,
  options: BoundOptions,
  shape: Shape,
  page: Page,
  planner: Planner,
): Reading {
  if (options.orderby.length > 0 || options.apply !== null || options.compute.length > 0)
    throw new ODataError('NotImplemented', '$all of several sets takes no $orderby, $apply or $compute.', '$all');
  const branches = resource.sets.map((source) => branchOf(source, resource, options, shape, planner));
  const take = options.top === null ? page.size : Math.max(0, Math.min(page.size, options.top - page.returned));
  const skip = page.from === null ? (options.skip ?? 0) : 0;
  const width = Math.max(0, ...branches.map(({ order }) => order.length));
  const [from = 0n, ...keys] = page.from ?? [];
  const parts = branches.flatMap((branch, index): readonly PageRelation[] => {
    if (BigInt(index) < BigInt(String(from))) return [];
    const begins = BigInt(index) === from && page.from !== null ? ranges(branch.order, keys, [], whole) : [];
    const rows = where(branch.rows, begins.length === 0 ? [] : [anyOf(begins)]);
    const ordered: Relation = { kind: 'order', from: rows, by: branch.order };
    const limited: Relation = { kind: 'limit', from: ordered, skip: null, take: skip + take + 1 };
    return [bare(limited, branch, [...sortColumns(branch, index, width), { name: '@item', value: branch.item }])];
  });
  const total = branches.map((branch) => bare(branch.rows, branch, [{ name: '@item', value: value(1n) }]));
  return {
    kind: 'collection',
    rows: { kind: 'chain', parts, skip, take: take + 1, as: leader },
    item: columnOf(leader, '@item'),
    take,
    sortKeys: Array.from({ length: width + 1 }, (_, index) => columnOf(leader, `@s${index}`)),
    kept: Array.from({ length: width + 1 }, (_, index) => index),
    total: options.count ? { kind: 'chain', parts: total, skip: 0, take: null, as: leader } : null,
    parent: null,
    etag: null,
  };
}

/** Keys are never cut. */
const whole = (_: number, { start }: { readonly start: string }): Scalar => value(start);

function bare(from: Relation, { row }: Branch, extra: readonly NamedScalar[]): PageRelation {
  return { kind: 'page', from, of: row.as, extra, bare: true };
}

function sortColumns({ order }: Branch, index: number, width: number): readonly NamedScalar[] {
  const number = { name: '@s0', value: value(BigInt(index)) };
  const keys = Array.from({ length: width }, (_, at) => order[at]?.value ?? value(null));
  return [number, ...keys.map((key, at) => ({ name: `@s${at + 1}`, value: key }))];
}

function branchOf(
  { source }: Joined,
  { type }: Resource,
  options: BoundOptions,
  shape: Shape,
  planner: Planner,
): Branch {
  const table = planner.layout.tableOf(source);
  if (table === undefined) throw new ODataError('NotImplemented', `'${source.name}' is not stored.`, source.name);
  const wanted: EntityType = type?.kind === 'entity' ? type : source.type;
  const row: RowPlace = { kind: 'row', table, as: planner.fresh(), type: wanted };
  const condition = typeCondition(table, row.as, wanted);
  const bindings = options.variable === null ? new Map() : new Map([[options.variable, row]]);
  const context: Context = { planner, bindings, computed: new Map() };
  const { rows } = narrowed(
    where(planner.scan(table, row.as), condition === null ? [] : [condition]),
    options,
    context,
  );
  const single = source.kind === 'singleton';
  const projection: Projection = options.projection ?? { type: source.type, selected: null, expanded: [] };
  const own = value(`${shape.base}$metadata#${source.name}${single ? '' : '/$entity'}`); // Protocol 10.19
  const within = { ...planner, outer: bindings };
  return {
    rows,
    row,
    order: table.primaryKey.map((column) => ({ value: columnOf(row.as, column), descending: false })),
    item: shapeRow(row, projection, { url: value(source.name), keyed: !single }, shape, within, nothingGiven, own),
  };
}
