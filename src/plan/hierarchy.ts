import type { Expression, Hierarchy, HierarchyFunction, HierarchyNodes, SortItem } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { type Applied, keyOrder, sequence, started, totalOrder } from './apply.js';
import { allOf, call, columnOf, value, where } from './build.js';
import { type Context, locate, planValue, rowsOf } from './expression.js';
import type { Located, Place, Stored } from './place.js';
import type { Alias, NamedScalar, Order, Relation, Scalar, UnionBranch } from './relation.js';
import { align } from './value.js';

type Row = Extract<Place, { kind: 'row' }>;

/** The nodes of a hierarchy under names of their own: each a row, with its identifier. */
export interface Nodes {
  readonly rows: Relation;
  readonly row: Row;
  readonly identifier: Stored;
  readonly context: Context;
}

/** The nodes, each time under other names. */
export function nodesOf({ nodes, variable, node }: Hierarchy, context: Context): Nodes {
  const { rows, item } = rowsOf(nodes, context);
  if (item.kind !== 'row') throw new ODataError('NotImplemented', 'A hierarchy has entities as its nodes.', '$apply');
  const inner: Context = {
    ...context,
    bindings: new Map([...context.bindings, [variable, item]]),
    computed: new Map(),
  };
  return { rows, row: item, identifier: planValue(node, inner), context: inner };
}

/** The names of the columns of `edges`. */
const edge = { node: 'node', parent: 'parent', rank: 'rank' };

/** Each node with each of its parents, and its place among all nodes in an order; a node without a parent once, with null. */
function edges(hierarchy: Hierarchy, order: readonly SortItem[], context: Context): UnionBranch {
  const nodes = nodesOf(hierarchy, context);
  const by: readonly Order[] = [
    ...order.map(({ expression, descending }) => ({ value: planValue(expression, nodes.context).scalar, descending })),
    ...keyOrder(nodes.row, nodes.row.as),
  ];
  const { as } = nodes.row;
  const rank: Scalar = { kind: 'window', name: 'rowNumber', operand: null, partition: [], order: by };
  const ranked: Relation = { kind: 'page', from: nodes.rows, of: as, extra: [{ name: '@rank', value: rank }] };
  const above = parentsOf(hierarchy, nodes);
  return {
    from: { kind: 'join', left: ranked, right: above.rows, on: value(1n), outer: true },
    columns: [
      { name: edge.node, value: nodes.identifier.scalar },
      { name: edge.parent, value: above.identifier },
      { name: edge.rank, value: columnOf(as, '@rank') },
    ],
  };
}

function parentsOf({ parent, variable, node }: Hierarchy, { context }: Nodes) {
  const located: Located = locate(parent, context);
  if ((located.kind !== 'many' && located.kind !== 'through') || located.item.kind !== 'row')
    throw new ODataError('NotImplemented', 'A hierarchy leads from entities to entities.', '$apply');
  const inner: Context = { ...context, bindings: new Map([...context.bindings, [variable, located.item]]) };
  return { rows: located.rows, identifier: planValue(node, inner).scalar };
}

/** The columns of `closure`: who is above whom, and how far. Distance 0 is each node itself. */
export const closureColumns = { above: 'above', below: 'below', distance: 'distance' };

/** Every pair of ancestor and descendant. In cyclic data nothing goes round more often than there are nodes. */
export function closure(hierarchy: Hierarchy, context: Context): Extract<Relation, { kind: 'recursive' }> {
  const { planner } = context;
  const [base, name, as, from, last, next, counted] = [0, 1, 2, 3, 4, 5, 6].map(() => planner.fresh());
  const { above, below, distance } = closureColumns;
  const named = (of: Alias = '', under: Alias = ''): Relation => ({ kind: 'named', name: of, as: under });
  const column = (of: Alias = '', which: string) => columnOf(of, which);
  const most: Scalar = { kind: 'count', relation: named(base, counted) };
  return {
    kind: 'recursive',
    base: { name: base ?? '', ...edges(hierarchy, [], context) },
    name: name ?? '',
    seed: {
      from: named(base, from),
      columns: [
        { name: above, value: column(from, edge.node) },
        { name: below, value: column(from, edge.node) },
        { name: distance, value: value(0n) },
      ],
    },
    step: {
      from: {
        kind: 'join',
        left: where(named(name, last), [call('lt', column(last, distance), most)]),
        right: named(base, next),
        on: call('eq', column(next, edge.parent), column(last, below)),
      },
      columns: [
        { name: above, value: column(last, above) },
        { name: below, value: column(next, edge.node) },
        { name: distance, value: call('add', column(last, distance), value(1n)) },
      ],
    },
    as: as ?? '',
  };
}

/** The nodes that a sequence leaves, as a relation of their identifiers in its order. */
export function chosen(hierarchy: Hierarchy, { variable, sequence: steps }: HierarchyNodes, context: Context) {
  const begin = () => {
    const nodes = nodesOf(hierarchy, context);
    return {
      rows: nodes.rows,
      item: nodes.row,
      context: {
        ...context,
        bindings: new Map([...context.bindings, [variable, nodes.row]]),
        computed: new Map(),
        added: new Map(),
      },
    };
  };
  const set: Applied = sequence(steps, started(variable, begin));
  if (set.item.kind !== 'row')
    throw new ODataError('NotImplemented', 'A hierarchy has entities as its nodes.', '$apply');
  const inner: Context = {
    ...context,
    bindings: new Map([...context.bindings, [hierarchy.variable, set.item]]),
    computed: new Map(),
  };
  return { set, identifier: planValue(hierarchy.node, inner).scalar, order: totalOrder(set) };
}

/** The columns of `tree`: a node, where it stands in the order, and the identifiers above it as JSON array, the nearest first. */
export const treeColumns = { node: 'node', place: 'place', up: 'up' };

/** The nodes as a walk from start nodes down reaches them, each as often as it is reached (Aggregation 6.2.2). */
export function tree(
  hierarchy: Hierarchy,
  start: HierarchyNodes | null,
  order: readonly SortItem[],
  context: Context,
): Extract<Relation, { kind: 'recursive' }> {
  const { planner } = context;
  const [base, name, as, from, last, next, counted] = Array.from({ length: 7 }, () => planner.fresh());
  const { node, place, up } = treeColumns;
  const named = (of: Alias = '', under: Alias = ''): Relation => ({ kind: 'named', name: of, as: under });
  const column = (of: Alias = '', which: string) => columnOf(of, which);
  const own = (of: Alias = '') => call('padded', column(of, edge.rank));
  const isStart =
    start === null
      ? isRoot(column(from, edge.node), base ?? '', planner.fresh(), planner.fresh())
      : within(column(from, edge.node), hierarchy, start, context);
  const most: Scalar = call('mul', { kind: 'count', relation: named(base, counted) }, value(BigInt(digits)));
  return {
    kind: 'recursive',
    base: { name: base ?? '', ...edges(hierarchy, order, context) },
    name: name ?? '',
    seed: {
      from: where(named(base, from), [isStart]),
      columns: [
        { name: node, value: column(from, edge.node) },
        { name: place, value: own(from) },
        { name: up, value: value('') },
      ],
    },
    step: {
      from: {
        kind: 'join',
        left: where(named(name, last), [call('le', call('length', column(last, place)), most)]),
        right: named(base, next),
        on: call('eq', column(next, edge.parent), column(last, node)),
      },
      columns: [
        { name: node, value: column(next, edge.node) },
        { name: place, value: call('concat', column(last, place), own(next)) },
        { name: up, value: call('listed', column(last, node), column(last, up)) },
      ],
    },
    as: as ?? '',
  };
}

/** Digits of one step of a place. */
const digits = 10;

/** No parent among the nodes (AG164, AG169). */
function isRoot(node: Scalar, base: Alias, own: Alias, parents: Alias): Scalar {
  const others: Relation = { kind: 'named', name: base, as: parents };
  const sameNode = where({ kind: 'named', name: base, as: own }, [call('eq', columnOf(own, edge.node), node)]);
  const known = call('eq', columnOf(parents, edge.node), columnOf(own, edge.parent));
  return call('not', { kind: 'exists', relation: { kind: 'join', left: sameNode, right: others, on: known } });
}

function within(node: Scalar, hierarchy: Hierarchy, start: HierarchyNodes, context: Context): Scalar {
  const { set, identifier } = chosen(hierarchy, start, context);
  return { kind: 'within', values: [node], relation: set.rows, columns: [identifier] };
}

type Hierarchical = Extract<Expression, { kind: 'hierarchical' }>;

/** How two nodes stand to each other; null when one is not given (Aggregation 5.5.2.1). */
export function hierarchical(node: Hierarchical, context: Context): Stored {
  const { hierarchy, name } = node;
  const stored = nodesOf(hierarchy, context).identifier;
  const identifier = (expression: Expression): Scalar =>
    align('eq', stored, planValue(expression, context)).right.scalar;
  const own = identifier(node.node);
  const other = node.other === null ? null : identifier(node.other);
  const given = [own, ...(other === null ? [] : [other])].map((one) => call('isNotNull', one));
  const holds = related(name, own, other, node, hierarchy, context);
  return {
    kind: 'stored',
    scalar: { kind: 'case', branches: [{ when: allOf(given), gives: holds }], otherwise: null },
    codec: { kind: 'boolean' },
    nullable: true,
  };
}

function related(
  name: HierarchyFunction,
  own: Scalar,
  other: Scalar | null,
  { distance, includeSelf }: Hierarchical,
  hierarchy: Hierarchy,
  context: Context,
): Scalar {
  const { above, below } = closureColumns;
  const pair = (from: number, to: number | null, values: readonly Scalar[], columns: readonly string[]): Scalar => {
    const pairs = closure(hierarchy, context);
    const relation = where(pairs, between(pairs.as, from, to));
    return { kind: 'within', values, relation, columns: columns.map((column) => columnOf(pairs.as, column)) };
  };
  const isNode = pair(0, 0, [own], [below]);
  const least = includeSelf ? 0 : 1;
  switch (name) {
    case 'isnode':
      return isNode;
    case 'isroot':
      return allOf([isNode, call('not', pair(1, 1, [own], [below]))]);
    case 'isleaf':
      return allOf([isNode, call('not', pair(1, 1, [own], [above]))]);
    case 'isdescendant':
      return pair(least, distance, [other ?? value(null), own], [above, below]);
    case 'isancestor':
      return pair(least, distance, [own, other ?? value(null)], [above, below]);
    case 'issibling':
      return siblings(own, other ?? value(null), hierarchy, context);
  }
}

/** Rows of a closure by distance. */
export function between(as: Alias, from: number, to: number | null): readonly Scalar[] {
  const distance = columnOf(as, closureColumns.distance);
  const least = from === 0 ? [] : [call('ge', distance, value(BigInt(from)))];
  return to === null ? least : [...least, call('le', distance, value(BigInt(to)))];
}

/** Children of the same parent, and the roots among themselves (AG164). */
function siblings(own: Scalar, other: Scalar, hierarchy: Hierarchy, context: Context): Scalar {
  const { above, below } = closureColumns;
  const [one, two] = [closure(hierarchy, context), closure(hierarchy, context)];
  const rows: Relation = {
    kind: 'join',
    left: where(one, between(one.as, 1, 1)),
    right: where(two, between(two.as, 1, 1)),
    on: call('eq', columnOf(one.as, above), columnOf(two.as, above)),
  };
  const sameParent: Scalar = {
    kind: 'within',
    values: [own, other],
    relation: rows,
    columns: [columnOf(one.as, below), columnOf(two.as, below)],
  };
  const root = (node: Scalar): Scalar => {
    const pairs = closure(hierarchy, context);
    const known = closure(hierarchy, context);
    const isChild: Scalar = {
      kind: 'within',
      values: [node],
      relation: where(pairs, between(pairs.as, 1, 1)),
      columns: [columnOf(pairs.as, below)],
    };
    const isNode: Scalar = { kind: 'within', values: [node], relation: known, columns: [columnOf(known.as, below)] };
    return allOf([isNode, call('not', isChild)]);
  };
  const both = allOf([root(own), root(other)]);
  return allOf([call('ne', own, other), { kind: 'junction', operator: 'or', operands: [sameParent, both] }]);
}

/** Columns of a relation under their own names. */
export function ownColumns(as: Alias, names: readonly string[]): readonly NamedScalar[] {
  return names.map((name) => ({ name, value: columnOf(as, name) }));
}
