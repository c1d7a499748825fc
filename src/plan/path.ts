import { printKey, type Resource, type Step } from '../bind/index.js';
import type { NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { encode, type Link, type Table } from '../tables/index.js';
import { allOf, call, columnOf, value, where } from './build.js';
import { type Context, dynamicMember, planCondition } from './expression.js';
import type { Address } from './links.js';
import { among, givenValues, queried } from './operation.js';
import {
  type Bindings,
  keyColumn,
  type Located,
  linkedRows,
  linkOf,
  type Place,
  type Planner,
  presence,
  propertyOf,
  type Stored,
  typeCondition,
} from './place.js';
import type { Order, Relation, Scalar } from './relation.js';

/** What a resource path leads to, as rows. */
export interface Target {
  readonly rows: Relation;
  /** What one row is; null before the first step. */
  readonly item: Place | Stored;
  /** The entity the path is at or within: its ETag is that of its parts (Protocol 11.4.1.1); null before the first step. */
  readonly owner: Extract<Place, { kind: 'row' }> | null;
  /** Rows that must exist for an empty collection to be an empty collection (Protocol 11.2.9); null when nothing must. */
  readonly parent: Relation | null;
  /** Values of columns of the current row that the path itself fixes. */
  readonly known: ReadonlyMap<string, Scalar>;
  /** URL of the collection or the entity, relative to the service root, without the key of a collection's items. */
  readonly url: string;
  /** Whether `url` still needs the key of the row. */
  readonly keyed: boolean;
  /** The address of the entity when `url` is only good for what is beneath it; null: `url` is its own. */
  readonly own: Address | null;
  /** The order that the rows have by themselves. */
  readonly order: readonly Order[];
}

/** The rows a resource path leads to: each step narrows or follows what the steps before it gave (URL 4). */
export function planPath(resource: Resource, planner: Planner): Target {
  const [first, ...rest] = resource.steps;
  if (first === undefined) throw new ODataError('NotImplemented', 'This resource cannot be read.');
  return rest.reduce((target, step) => follow(target, step, planner), start(first, planner));
}

function start(step: Step, planner: Planner): Target {
  if (step.kind === 'values') return givenValues(step, planner);
  if (step.kind !== 'entitySet' && step.kind !== 'singleton')
    throw new ODataError('NotImplemented', 'Operations are not supported here yet.');
  const source = step.kind === 'entitySet' ? step.set : step.singleton;
  const table = planner.layout.tableOf(source);
  if (table === undefined) throw new ODataError('NotImplemented', `'${source.name}' is not stored.`, source.name);
  const as = planner.fresh();
  const item: Place = { kind: 'row', table, as, type: source.type };
  return {
    rows: planner.scan(table, as),
    item,
    owner: item,
    parent: null,
    known: new Map(),
    url: source.name,
    own: null,
    keyed: step.kind === 'entitySet',
    order: [],
  };
}

function follow(target: Target, step: Step, planner: Planner): Target {
  switch (step.kind) {
    case 'key':
      return byKey(target, step);
    case 'navigation':
      return navigate(target, step, planner);
    case 'property':
      return intoProperty(target, step.property, planner);
    case 'cast':
      return cast(target, step);
    case 'filter': {
      const bindings: Bindings = new Map([[step.variable, target.item]]);
      const context: Context = { planner, bindings, computed: new Map() };
      return { ...target, rows: where(target.rows, [planCondition(step.predicate, context)]) };
    }
    case 'dynamic':
      return { ...target, item: dynamicOf(target.item, step.name), url: `${target.url}/${step.name}` };
    case 'ordinal':
      return ordinal(target, step.index);
    case 'among':
      return among(target, step.keys, planner);
    case 'query':
      return queried(target, step.options, planner);
    case 'operation':
    case 'entitySet':
    case 'singleton':
    case 'values':
      throw new ODataError('NotImplemented', `This kind of path ('${step.kind}') is not supported yet.`);
  }
}

/** One item of a JSON array by its position, counted from the end when negative (URL 4.11). */
function ordinal(target: Target, index: number): Target {
  const { rows } = target;
  const items = rows.kind === 'join' ? rows.right : rows;
  if (items.kind !== 'each') throw new ODataError('NotImplemented', 'Only values are reached by their position.');
  const position = columnOf(items.as, 'key');
  if (index >= 0) return { ...target, rows: where(rows, [call('eq', position, value(BigInt(index)))]) };
  const from: Relation = { kind: 'order', from: rows, by: [{ value: position, descending: true }] };
  return { ...target, rows: { kind: 'limit', from, skip: -index - 1, take: 1 } };
}

function dynamicOf(item: Place | Stored, name: string): Stored {
  const found = item.kind === 'stored' ? null : dynamicMember(item, name);
  if (found?.kind !== 'stored') throw new ODataError('NotImplemented', 'This path cannot be followed further.');
  return found;
}

function rowOf(item: Place | Stored): Extract<Place, { kind: 'row' }> {
  if (item.kind !== 'row') throw new ODataError('NotImplemented', 'This path cannot be followed further.');
  return item;
}

function byKey(target: Target, { key, alternate }: Extract<Step, { kind: 'key' }>): Target {
  const row = rowOf(target.item);
  const pairs = key.map((part) => {
    const column = keyColumn(row.table, part.properties);
    return [column, value(encode(column.codec, part.value))] as const;
  });
  const conditions = pairs.map(([column, wanted]) => call('eq', columnOf(row.as, column), wanted));
  return {
    ...target,
    rows: where(target.rows, conditions),
    known: new Map([...target.known, ...pairs.map(([column, wanted]) => [column.name, wanted] as const)]),
    url: `${target.url}(${printKey(key, row.table.type, alternate)})`,
    keyed: false,
    own: alternate ? { url: value(target.url), keyed: true } : null, // ids have the primary key (URL 4.3.5)
  };
}

function navigate(target: Target, step: Extract<Step, { kind: 'navigation' }>, planner: Planner): Target {
  const { property } = step;
  if (target.item.kind === 'stored') throw new ODataError('NotImplemented', 'This path cannot be followed further.');
  const link = linkOf(target.item, property);
  const type = property.type.kind === 'entity' ? property.type : link.target.type;
  const contained = property.containsTarget;
  const url = contained ? memberUrl(target, property) : sourceName(link.target);
  const common = {
    order: [],
    parent: target.rows,
    url,
    own: null,
    keyed: contained ? property.collection : link.target.source.kind !== 'singleton',
  };
  const reached = target.item.kind === 'row' && planner.reaches(target.item.table, target.known);
  const direct = reached ? fixed(link, target.known) : null;
  const as = planner.fresh();
  const item: Place = { kind: 'row', table: link.target, as, type };
  if (direct !== null) {
    const scan = planner.scan(link.target, as);
    const conditions = [...direct].map(([name, wanted]) => call('eq', columnOf(as, name), wanted));
    return {
      ...common,
      rows: where(scan, conditions),
      item,
      owner: item,
      known: direct,
    };
  }
  const from = target.item.kind === 'json' ? '' : target.item.as;
  return {
    ...common,
    rows: { kind: 'join', left: target.rows, right: linkedRows(link, from, as, planner), on: value(1n) },
    item,
    owner: item,
    known: new Map(),
  };
}

function sourceName(table: Table): string {
  return table.source.name;
}

/** When the path fixes every column the link starts from, the target's columns are fixed too and the parent need not be read. */
function fixed(link: Link, known: ReadonlyMap<string, Scalar>): ReadonlyMap<string, Scalar> | null {
  if (link.kind !== 'columns') return null;
  const pairs: [string, Scalar][] = [];
  for (const pair of link.pairs) {
    const wanted = known.get(pair.own.name);
    if (wanted === undefined) return null;
    pairs.push([pair.target.name, wanted]);
  }
  return new Map(pairs);
}

/** The URL of a member: behind a cast only where the declared type does not have it (URL 4.3.1, 4.3.2). */
function memberUrl({ url, item }: Target, property: Property | NavigationProperty): string {
  const type = item.kind === 'row' ? item.table.type : item.kind === 'flattened' ? item.storage.type : null;
  const declared = type?.properties.get(property.name) ?? type?.navigationProperties.get(property.name);
  const cast = type === null || declared === property ? '' : `${property.declaringType.qualifiedName}/`;
  return `${url}/${cast}${property.name}`;
}

/** Behind a complex value that is null there is nothing (URL 4.6). */
function intoProperty(from: Target, property: Property, planner: Planner): Target {
  const there = from.item.kind === 'flattened' || from.item.kind === 'json' ? presence(from.item) : null;
  const target = there === null ? from : { ...from, rows: where(from.rows, [there]) };
  if (target.item.kind === 'stored') throw new ODataError('NotImplemented', 'This path cannot be followed further.');
  const url = memberUrl(target, property);
  const located: Located = propertyOf(target.item, property, planner);
  switch (located.kind) {
    case 'stored':
    case 'flattened':
    case 'json':
      return { ...target, item: located, url, own: null };
    case 'many':
      return {
        ...target,
        rows: { kind: 'join', left: target.rows, right: located.rows, on: value(1n) },
        item: located.item,
        parent: target.rows,
        url,
        own: null,
      };
    case 'row':
    case 'grouped':
    case 'variants':
    case 'through':
      throw new ODataError('NotImplemented', 'This path cannot be followed further.');
  }
}

function cast(target: Target, step: Extract<Step, { kind: 'cast' }>): Target {
  const { item } = target;
  if (item.kind !== 'row' || step.type.kind !== 'entity') return target;
  const condition = typeCondition(item.table, item.as, step.type);
  return {
    ...target,
    rows: where(target.rows, condition === null ? [] : [condition]),
    item: { ...item, type: step.type },
  };
}

/** All key columns of a row equal to the given columns. */
export function sameRow(table: Table, as: string, values: readonly Scalar[]): Scalar {
  return allOf(table.primaryKey.map((column, index) => call('is', columnOf(as, column), values[index] ?? value(null))));
}
