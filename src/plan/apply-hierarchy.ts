import type { NodePath, Rollup, Transformation } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { type Applied, extended, freshColumn, keyOrder, lessened, narrowed, partitionOf, sequence } from './apply.js';
import { keysOf, reach } from './apply-aggregate.js';
import { call, columnOf, value, where } from './build.js';
import { type Context, planValue } from './expression.js';
import { between, chosen, closure, closureColumns, nodesOf, tree, treeColumns } from './hierarchy.js';
import type { GroupedPlace, Located, Member, Place, Stored } from './place.js';
import type { NamedScalar, Order, Relation, Scalar } from './relation.js';

type Related = Extract<Transformation, { kind: 'ancestors' | 'descendants' }>;

/** The rows at an ancestor, or a descendant, of a node of some of them (Aggregation 6.2.1). */
export function relatedRows(current: Applied, step: Related, context: Context): Applied {
  const { hierarchy, path, keepStart, distance } = step;
  const some = sequence(step.start, current.again());
  const begun = reach(some, path.hops, some.context);
  const pairs = closure(hierarchy, context);
  const { above, below } = closureColumns;
  const [at, wanted] = step.kind === 'ancestors' ? [below, above] : [above, below];
  const near: Relation = where(pairs, between(pairs.as, keepStart ? 0 : 1, distance));
  const starts = planValue(path.value, begun.context).scalar;
  const found: Relation = {
    kind: 'join',
    left: begun.rows,
    right: near,
    on: call('eq', columnOf(pairs.as, at), starts),
  };
  const condition = (values: readonly Scalar[], identifier: Scalar): Scalar => ({
    kind: 'within',
    values: [...values, identifier],
    relation: found,
    columns: [...begun.partition, columnOf(pairs.as, wanted)],
  });
  const own = partitionOf(current);
  if (path.hops.length === 0) return narrowed(current, condition(own, planValue(path.value, context).scalar));
  const reached = reach({ ...current, rows: none }, path.hops, context);
  const there = condition(own, planValue(path.value, reached.context).scalar);
  return narrowed(current, { kind: 'exists', relation: where(reached.rows, [there]) });
}

/** Stands for the row itself, so that what its path leads to can be asked of it. */
const none: Relation = { kind: 'each', json: value('[0]'), as: '@row' };

type Traverse = Extract<Transformation, { kind: 'traverse' }>;

/** The rows in the order in which a walk through the tree comes to their nodes, as often as it does (Aggregation 6.2.2). */
export function traversed(current: Applied, step: Traverse, context: Context): Applied {
  const { hierarchy, path, start, order, postorder } = step;
  const walk = tree(hierarchy, start, order, context);
  const own = reach(current, path.hops, context);
  const identifier = planValue(path.value, own.context).scalar;
  const rows: Relation = {
    kind: 'join',
    left: own.rows,
    right: walk,
    on: call('eq', columnOf(walk.as, treeColumns.node), identifier),
  };
  const [node, place, up] = [freshColumn(current), freshColumn(current), freshColumn(current)];
  const extra: readonly NamedScalar[] = [
    { name: node, value: columnOf(walk.as, treeColumns.node) },
    { name: place, value: columnOf(walk.as, treeColumns.place) },
    { name: up, value: call('concat', value('['), columnOf(walk.as, treeColumns.up), value(']')) },
  ];
  const framed = extended({ ...current, rows }, extra);
  const at = columnOf(current.as, place);
  const walked: Order = { value: postorder ? call('concat', at, value('~')) : at, descending: false };
  const isGeneral = start !== null || step.hierarchy.parent.collection;
  const annotation = isGeneral ? annotationOf(hierarchy.qualifier, columnOf(current.as, up)) : null;
  const result = withNode(framed, step, columnOf(current.as, node), annotation, [place]);
  return lessened({ ...result, order: [walked, ...current.order] }, current);
}

/** `@Aggregation.UpPath#Q`: the way up to the start node (AG186). */
function annotationOf(qualifier: string, up: Scalar): ReadonlyMap<string, Stored> {
  const stored: Stored = { kind: 'stored', scalar: up, codec: { kind: 'json' }, nullable: false, type: null };
  return new Map([[`@Org.OData.Aggregation.V1.UpPath#${qualifier}`, stored]]);
}

/** Results have the node they are at: its members, the entity behind the path, or its identifier (Aggregation 6.2.2). */
function withNode(
  current: Applied,
  { hierarchy, path }: Pick<Traverse, 'hierarchy' | 'path'>,
  node: Scalar,
  annotation: ReadonlyMap<string, Stored> | null,
  keys: readonly string[],
): Applied {
  const { item, context, variable } = current;
  const names = new Map([...context.computed, ...(path.leadsTo === 'itself' ? (annotation ?? []) : [])]);
  const told = keyed(item, keys);
  const located = told.kind === 'grouped' ? injected(told, hierarchy, path, node, annotation, context) : told;
  const bindings = new Map(context.bindings);
  if (variable !== null) bindings.set(variable, located);
  return { ...current, item: located, context: { ...context, bindings, computed: names } };
}

function keyed(item: Place | Stored, keys: readonly string[]): Place | Stored {
  return item.kind === 'row' || item.kind === 'grouped' || item.kind === 'variants'
    ? { ...item, keys: [...(item.keys ?? []), ...keys] }
    : item;
}

function injected(
  place: GroupedPlace,
  hierarchy: Traverse['hierarchy'],
  path: NodePath,
  node: Scalar,
  annotation: ReadonlyMap<string, Stored> | null,
  context: Context,
): GroupedPlace {
  if (path.leadsTo === 'itself') return place;
  const nodes = nodesOf(hierarchy, context);
  const entity: Located = {
    kind: 'through',
    rows: where(nodes.rows, [call('eq', nodes.identifier.scalar, node)]),
    item: annotation === null ? nodes.row : { ...nodes.row, names: annotation },
  };
  const located: Located = path.leadsTo === 'node' ? entity : { ...nodes.identifier, scalar: node };
  const [first] = path.steps;
  const member = first === undefined ? null : memberAlong(path.steps, located, place);
  return first === undefined || member === null
    ? place
    : {
        ...place,
        members: new Map([[first.name, member], ...[...place.members].filter(([name]) => name !== first.name)]),
      };
}

/** A member at the end of a path, with what is on the way. */
function memberAlong([first, ...rest]: NodePath['steps'], located: Located, place: GroupedPlace): Member | null {
  if (first === undefined) return null;
  if (rest.length === 0) return { property: first, located };
  const { type } = first;
  const inner = memberAlong(rest, located, place);
  const [next] = rest;
  if (inner === null || next === undefined || (type.kind !== 'entity' && type.kind !== 'complex')) return null;
  const members = new Map([[next.name, inner]]);
  return { property: first, located: { kind: 'grouped', as: place.as, type, members, there: null, keys: [] } };
}

/** The rows of each node: those at it and those beneath it; a node without any is there all the same (Aggregation 6.3). */
export interface RolledUp {
  /** Partitioned by node. */
  readonly frame: Applied;
  readonly finish: (result: Applied) => Applied;
}

/** A partition for each node. `alone`: there are no other groupings, so that nodes without rows give a result. */
export function rolledUp(current: Applied, { hierarchy, path, start }: Rollup, alone: boolean): RolledUp {
  const { context, as } = current;
  const nodes = start === null ? allNodes(hierarchy, context) : chosen(hierarchy, start, context);
  const pairs = closure(hierarchy, context);
  const own = reach(current, path.hops, context);
  const identifier = planValue(path.value, own.context).scalar;
  const { above, below } = closureColumns;
  const [node, ...places] = [freshColumn(current), ...nodes.order.map(() => freshColumn(current))];
  const wanted = context.planner.fresh();
  const columns: readonly NamedScalar[] = [
    { name: node ?? '', value: nodes.identifier },
    ...places.map((name, index) => ({ name, value: nodes.order[index]?.value ?? value(null) })),
  ];
  const names = columns.map(({ name }) => name);
  const listed: Relation = { kind: 'project', from: nodes.set.rows, columns, as: wanted };
  const beneath: Relation = {
    kind: 'join',
    left: own.rows,
    right: pairs,
    on: call('eq', columnOf(pairs.as, below), identifier),
  };
  const on = call('eq', columnOf(wanted, node ?? ''), columnOf(pairs.as, above));
  const rows: Relation = { kind: 'join', left: beneath, right: listed, on };
  const kept = [
    ...current.columns.map((name) => ({ name, value: columnOf(as, name) })),
    ...names.map((name) => ({ name, value: columnOf(wanted, name) })),
  ];
  const distinct = path.hops.some(({ to }) => to.collection);
  const project: Relation = { kind: 'project', from: rows, columns: kept, distinct, as };
  const whole: Relation = { kind: 'project', ...everyNode(current, nodes.set.rows, columns), as };
  const nodeThen = () => nodeEntity(hierarchy, columnOf(as, node ?? ''), context);
  const frame: Applied = {
    ...current,
    rows: project,
    columns: kept.map(({ name }) => name),
    context: { ...context, rollups: [...(context.rollups ?? []), nodeThen] },
    partition: { columns: [...current.partition.columns, ...names], whole: alone ? whole : null },
    again: () => rolledUp(current.again(), { hierarchy, path, start }, alone).frame,
  };
  const finish = (result: Applied): Applied => {
    const order = places.map(
      (name, index): Order => ({ value: columnOf(as, name), descending: nodes.order[index]?.descending ?? false }),
    );
    const told = path.leadsTo === 'itself' ? wholeNode(result, hierarchy, columnOf(as, node ?? '')) : result;
    const done = withNode(told, { hierarchy, path }, columnOf(as, node ?? ''), null, []);
    return {
      ...done,
      order: start?.sequence.at(-1)?.kind === 'traverse' ? [...order, ...result.order] : result.order,
      partition: current.partition,
    };
  };
  return { frame, finish };
}

/** Each node, in each group there is. */
function everyNode(current: Applied, nodes: Relation, columns: readonly NamedScalar[]) {
  const { partition, context } = current;
  if (partition.columns.length === 0) return { from: nodes, columns };
  const as = context.planner.fresh();
  const keys = keysOf(current);
  const groups: Relation = { kind: 'group', from: partition.whole ?? current.rows, keys, values: [], as };
  const kept = keys.map(({ name }) => ({ name, value: columnOf(as, name) }));
  return { from: { kind: 'join', left: groups, right: nodes, on: value(1n) } as const, columns: [...kept, ...columns] };
}

function allNodes(hierarchy: Rollup['hierarchy'], context: Context) {
  const nodes = nodesOf(hierarchy, context);
  return { set: { rows: nodes.rows }, identifier: nodes.identifier.scalar, order: keyOrder(nodes.row, nodes.row.as) };
}

function nodeEntity(hierarchy: Rollup['hierarchy'], node: Scalar, context: Context): Located {
  const nodes = nodesOf(hierarchy, context);
  return { kind: 'through', rows: where(nodes.rows, [call('eq', nodes.identifier.scalar, node)]), item: nodes.row };
}

/** The node's own columns beside the results: they are that node, with values more (Aggregation 6.2.2, case 1). */
function wholeNode(result: Applied, hierarchy: Rollup['hierarchy'], node: Scalar): Applied {
  const { as, context } = result;
  const nodes = nodesOf(hierarchy, context);
  const { row } = nodes;
  const own = row.table.columns.map(({ name }) => ({ name, value: columnOf(row.as, name) }));
  const columns = result.columns.filter((name) => !own.some((column) => column.name === name));
  const rows: Relation = {
    kind: 'project',
    from: { kind: 'join', left: result.rows, right: nodes.rows, on: call('eq', nodes.identifier.scalar, node) },
    columns: [...own, ...columns.map((name) => ({ name, value: columnOf(as, name) }))],
    as,
  };
  if (result.item.kind !== 'grouped') throw notHere();
  return {
    ...result,
    rows,
    columns: [...own.map(({ name }) => name), ...columns],
    item: { ...row, as, keys: result.item.keys },
  };
}

function notHere(): ODataError {
  return new ODataError(
    'NotImplemented',
    `$apply: 'rolluprecursive' is not supported with this sequence, or here.`,
    '$apply',
  );
}
