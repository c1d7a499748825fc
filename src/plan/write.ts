import { type ComplexChange, defaultValueOf, type ValueChange } from '../bind/index.js';
import type { Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  appendStored,
  type Column,
  encode,
  type FlattenedStorage,
  mergeStored,
  type Storage,
  type Table,
  writeStored,
} from '../tables/index.js';
import { call, columnOf, value } from './build.js';
import type { Alias, NamedScalar, Scalar, StoredValue, Writing } from './relation.js';

/** Values for columns, by column name. */
export type Assignments = Map<string, StoredValue>;

/** What a row held before, by column name; null for a row that is being made. */
export type Current = ReadonlyMap<string, StoredValue> | null;

/**
 * Writes one property's new value into column assignments: a complex value member by member where it is merged and there was one
 * before (Protocol 11.4.9.3), whole otherwise; a collection always whole (11.4.9.2).
 */
export function assign(
  storage: Storage,
  change: ValueChange,
  current: Current,
  merge: boolean,
  into: Assignments,
): void {
  switch (storage.kind) {
    case 'column':
      if (change.kind !== 'value')
        throw new ODataError('InternalError', `'${storage.property.name}' takes a single value.`);
      into.set(storage.column.name, encode(storage.column.codec, change.value));
      return;
    case 'json': {
      const isMerged = merge && typeof current?.get(storage.column.name) === 'string';
      if (isMerged && saysNothing(change)) return;
      into.set(storage.column.name, storedText(storage.property, storage.column, change, current, merge));
      return;
    }
    case 'flattened':
      assignFlattened(storage, change, current, merge, into);
      return;
    case 'stream': // its content is written first; what describes it comes from there
      if (change.kind === 'value') into.set(storage.column.name, null);
      return;
  }
}

/** A merge without members changes nothing (Protocol 11.4.3). */
function saysNothing(change: ValueChange): boolean {
  return (
    change.kind === 'complex' &&
    change.whole !== true &&
    change.dynamic.size === 0 &&
    [...change.members.values()].every(saysNothing)
  );
}

function storedText(
  property: Property,
  column: Column,
  change: ValueChange,
  current: Current,
  merge: boolean,
): StoredValue {
  if (change.kind === 'value') return null;
  const before = current?.get(column.name);
  if (change.kind === 'stream')
    throw new ODataError('NotImplemented', `Streams within '${property.name}' are not kept.`);
  if (change.kind === 'appended') return appendStored(typeof before === 'string' ? before : '[]', change, property);
  if (merge && change.kind === 'complex' && change.whole !== true && typeof before === 'string')
    return mergeStored(before, change);
  return writeStored(change, property);
}

function assignFlattened(
  storage: FlattenedStorage,
  change: ValueChange,
  current: Current,
  merge: boolean,
  into: Assignments,
): void {
  if (change.kind !== 'complex') {
    clear(storage, into);
    return;
  }
  const existed = current !== null && (storage.presence === null || current.get(storage.presence.name) === 1n);
  const partial = merge && existed && change.whole !== true;
  if (storage.presence !== null && !partial) into.set(storage.presence.name, 1n);
  for (const [property, member] of storage.members) {
    const given = change.members.get(property);
    if (given !== undefined) assign(member, given, existed ? current : null, partial, into);
    else if (!partial) assignDefault(member, into);
  }
}

/** Null, and null in everything below. */
function clear(storage: FlattenedStorage, into: Assignments): void {
  if (storage.presence !== null) into.set(storage.presence.name, 0n);
  for (const member of storage.members.values()) {
    if (member.kind === 'flattened') clear(member, into);
    else into.set(member.column.name, null);
  }
}

/** No value: for properties that the type of a row does not have. A column that takes no null gets its default. */
export function assignNothing(storage: Storage, into: Assignments): void {
  if (storage.kind === 'flattened') clear(storage, into);
  else if (storage.column.nullable) into.set(storage.column.name, null);
  else assignDefault(storage, into);
}

/** The value a property has when nobody gives one: its default, an empty collection, or null (CSDL 7.2.7). */
export function assignDefault(storage: Storage, into: Assignments): void {
  switch (storage.kind) {
    case 'stream':
      into.set(storage.column.name, null);
      return;
    case 'column':
      into.set(storage.column.name, encode(storage.column.codec, defaultValueOf(storage.property)));
      return;
    case 'json':
      into.set(storage.column.name, storage.property.collection ? '[]' : absentComplex(storage.property));
      return;
    case 'flattened': {
      if (storage.presence !== null) clear(storage, into);
      else for (const member of storage.members.values()) assignDefault(member, into);
      return;
    }
  }
}

function absentComplex(property: Property): StoredValue {
  if (property.nullable || property.type.kind !== 'complex') return null;
  const empty: ComplexChange = {
    kind: 'complex',
    type: property.type,
    members: new Map(),
    dynamic: new Map(),
    navigation: new Map(),
  };
  return writeStored(empty, property);
}

function named(values: Assignments): readonly NamedScalar[] {
  return [...values].map(([name, stored]) => ({ name, value: value(stored) }));
}

/** A new row. */
export function planInsert(table: Table, values: Assignments): Writing {
  return { kind: 'insert', table: table.name, columns: named(values), ignore: false };
}

/** New values for the rows that `where` names, and the next version of each. */
export function planUpdate(table: Table, values: Assignments, as: Alias, where: Scalar): Writing {
  const { version } = table;
  const next: readonly NamedScalar[] =
    version === null ? [] : [{ name: version.name, value: call('add', columnOf(as, version), value(1n)) }];
  return { kind: 'update', table: table.name, as, columns: [...named(values), ...next], where };
}

/** The rows that `where` names, gone. */
export function planDelete(table: Table, as: Alias, where: Scalar): Writing {
  return { kind: 'delete', table: table.name, as, where };
}

/** Columns equal to values, by column name. */
export function rowIs(as: Alias, values: ReadonlyMap<string, StoredValue>): Scalar {
  const conditions = [...values].map(
    ([name, stored]): Scalar => ({ kind: 'operator', name: 'is', operands: [columnOf(as, name), value(stored)] }),
  );
  const [only] = conditions;
  if (only === undefined) throw new ODataError('InternalError', 'A row must be named by its key.');
  return conditions.length === 1 ? only : { kind: 'junction', operator: 'and', operands: conditions };
}
