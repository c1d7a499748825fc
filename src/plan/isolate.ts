import { ODataError } from '../errors.js';
import { call, columnOf, value, where } from './build.js';
import type { GroupedPlace, Located, Many, Place, Planner, Stored } from './place.js';
import type { Relation, Scalar } from './relation.js';

/** Takes a value along to another row source, and says where it is there. */
export type Carry = (scalar: Scalar) => Scalar;

/**
 * A collection that can stand beside the rows it comes from. A sub-select cannot see what stands beside it, but the items of a
 * JSON array may come from there: so what needs sub-selects of its own travels as one.
 */
export function isolated(located: Located, planner: Planner): Located {
  if (located.kind !== 'many' || !hasSubselect(located.rows)) return located;
  const { rows, carry } = asItems(located, planner);
  const names = carriedNames(located, carry);
  const { item } = located;
  const applied = { order: [], computed: names, added: new Map() };
  if (item.kind !== 'row') return { kind: 'many', rows: rows(), item: carriedItem(item, carry), applied };
  const entity = entityBehind(item, carry, planner);
  const joined: Relation = { kind: 'join', left: rows(), right: entity.rows, on: value(1n) };
  return { kind: 'many', rows: joined, item: { ...entity.item, names }, applied };
}

/** True for rows that SQL needs a sub-select for. */
export function hasSubselect(relation: Relation): boolean {
  switch (relation.kind) {
    case 'scan':
    case 'past':
    case 'each':
      return false;
    case 'where':
      return hasSubselect(relation.from);
    case 'join':
      return relation.outer === true || hasSubselect(relation.left) || hasSubselect(relation.right);
    case 'order':
    case 'limit':
    case 'group':
    case 'project':
    case 'union':
    case 'chain':
    case 'recursive':
    case 'named':
    case 'page':
      return true;
  }
}

/** Rows as the items of a JSON array, in their order; the values carried so far are in them when `rows` is called. */
export function asItems(many: Many, planner: Planner) {
  const as = planner.fresh();
  const values: Scalar[] = [];
  const carry: Carry = (scalar) => {
    values.push(scalar);
    return call('jsonMember', columnOf(as, 'value'), value(`$[${values.length - 1}]`));
  };
  const from: Relation = { kind: 'order', from: many.rows, by: many.applied?.order ?? [] };
  const rows = (): Relation => ({
    kind: 'each',
    json: { kind: 'items', relation: from, item: call('jsonArray', ...values) },
    as,
  });
  return { as, rows, carry };
}

/** The names that `$apply` gave in the items. */
export function carriedNames({ applied }: Many, carry: Carry): ReadonlyMap<string, Stored> {
  return new Map([...(applied?.computed ?? [])].map(([name, stored]) => [name, carriedStored(stored, carry)] as const));
}

function carriedStored(stored: Stored, carry: Carry): Stored {
  const present = stored.present === undefined ? {} : { present: carry(stored.present) };
  return { ...stored, scalar: carry(stored.scalar), ...present };
}

/** The row of an entity by its key, which is carried. */
export function entityBehind(item: Extract<Place, { kind: 'row' }>, carry: Carry, planner: Planner) {
  const as = planner.fresh();
  const same = item.table.primaryKey.map((column) =>
    call('eq', columnOf(as, column), carry(columnOf(item.as, column))),
  );
  return { rows: where(planner.scan(item.table, as), same), item: { ...item, as } };
}

/** What is no entity, with all its values carried. */
export function carriedItem<T extends Place | Stored>(item: T, carry: Carry): T;
export function carriedItem(item: Place | Stored, carry: Carry): Place | Stored {
  switch (item.kind) {
    case 'grouped':
      return carriedGroup(item, carry);
    case 'stored':
      return carriedStored(item, carry);
    case 'json':
      return { ...item, json: carry(item.json) };
    case 'row':
    case 'flattened':
    case 'variants':
      throw unsupported();
  }
}

function carriedGroup(place: GroupedPlace, carry: Carry): GroupedPlace {
  const members = new Map(
    [...place.members].map(([name, { property, located }]) => {
      if (located.kind !== 'stored' && located.kind !== 'grouped') throw unsupported();
      return [name, { property, located: carriedItem(located, carry) }] as const;
    }),
  );
  return { ...place, members, there: place.there === null ? null : carry(place.there) };
}

function unsupported(): ODataError {
  return new ODataError('NotImplemented', '$apply: this collection cannot stand beside what it comes from.', '$apply');
}
