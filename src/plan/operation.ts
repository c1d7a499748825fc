import type { BoundOptions, KeyValue, Step } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { encode, writeStored } from '../tables/index.js';
import { notSupported, sequence, started } from './apply.js';
import { allOf, call, columnOf, value, where } from './build.js';
import { type Context, planValue } from './expression.js';
import { narrowed } from './narrow.js';
import { orderOf } from './order.js';
import type { Target } from './path.js';
import { itemsOf, keyColumn, type Place, type Planner } from './place.js';
import type { Order, Relation } from './relation.js';

/** Values that no table holds, as the items of one JSON array. */
export function givenValues({ place, value: given }: Extract<Step, { kind: 'values' }>, planner: Planner): Target {
  const items = place.collection ? writeStored(given, place) : `[${writeStored(given, place)}]`;
  const { rows, item } = itemsOf(value(items), place, planner);
  return { rows, item, owner: null, parent: null, known: new Map(), url: '', keyed: false, own: null, order: [] };
}

/** Of the rows there those with one of these keys, in the order of the keys. */
export function among(target: Target, keys: readonly (readonly KeyValue[])[], planner: Planner): Target {
  const row = rowOf(target);
  const [first] = keys;
  const columns = (first ?? []).map(({ properties }) => keyColumn(row.table, properties));
  const as = planner.fresh();
  const given: Relation = { kind: 'each', json: value(`[${keys.map((key) => storedKey(key, row)).join(',')}]`), as };
  const conditions = columns.map((column, index) =>
    call('eq', columnOf(row.as, column), call('jsonMember', columnOf(as, 'value'), value(`$[${index}]`))),
  );
  const rows: Relation =
    first === undefined
      ? where(target.rows, [value(0n)])
      : { kind: 'join', left: given, right: target.rows, on: allOf(conditions) };
  return ordered(target, rows, [{ value: first === undefined ? value(null) : columnOf(as, 'key'), descending: false }]);
}

/** The stored form of a key, as JSON that the database reads back as the same values. */
function storedKey(key: readonly KeyValue[], row: Extract<Place, { kind: 'row' }>): string {
  const values = key.map(({ properties, value: given }) => {
    const stored = encode(keyColumn(row.table, properties).codec, given);
    if (stored instanceof Uint8Array) throw new ODataError('NotImplemented', 'Keys of bytes are not supported here.');
    return typeof stored === 'bigint' ? String(stored) : JSON.stringify(stored);
  });
  return `[${values.join(',')}]`;
}

/** Of the rows there what the options of a query leave (Protocol 11.2.1). */
export function queried(target: Target, options: BoundOptions, planner: Planner): Target {
  const row = rowOf(target);
  const bindings = options.variable === null ? new Map() : new Map([[options.variable, target.item]]);
  const context: Context = { planner, bindings, computed: new Map() };
  const once = () => notSupported('reading the result of an operation twice');
  const start = sequence(options.apply ?? [], started(options.variable, once, { ...target, context }));
  const found = narrowed(start.rows, options, start.context);
  const asked = options.orderby.map(({ expression, descending }) => ({
    value: planValue(expression, found.context).scalar,
    descending,
  }));
  const order = orderOf([...asked, ...start.order], row, found.context, found);
  const { skip, top } = options;
  const rows: Relation =
    skip === null && top === null
      ? found.rows
      : { kind: 'limit', from: { kind: 'order', from: found.rows, by: order }, skip, take: top };
  return ordered(target, rows, order);
}

/** The rows as a sub-select that carries their order along, so that what is done to them later may still use it. */
function ordered(target: Target, rows: Relation, order: readonly Order[]): Target {
  const { as } = rowOf(target);
  const extra = order.map((sort, index) => ({ name: `@${as}o${index}`, value: sort.value }));
  const carried = extra.map(
    ({ name }, index): Order => ({
      value: columnOf(as, name),
      descending: order[index]?.descending ?? false,
    }),
  );
  return { ...target, rows: { kind: 'page', from: rows, of: as, extra }, order: carried };
}

function rowOf({ item }: Target): Extract<Place, { kind: 'row' }> {
  if (item.kind === 'row') return item;
  throw new ODataError('NotImplemented', 'Only entities that are stored can be named as the result of an operation.');
}
