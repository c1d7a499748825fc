import { checkItems, missingIn, Problems, type ValueChange } from '../bind/index.js';
import type { Property, StructuredType } from '../edm/index.js';
import type { Storage } from '../tables/index.js';
import { below } from './applying.js';
import { notFound, type StoredRow } from './locate.js';
import type { PropertyPlace } from './property-place.js';

/** What is stored at a path, as far as its form goes: null for what is not there, an array of a collection's items, an object of a complex value. */
export function storedAt(row: StoredRow, path: readonly Property[]): unknown {
  let members: ReadonlyMap<Property, Storage> = row.table.storage;
  for (const [index, property] of path.entries()) {
    const storage = members.get(property);
    if (storage === undefined) return null;
    if (storage.kind === 'flattened') {
      if (storage.presence !== null && row.values.get(storage.presence.name) !== 1n) return null;
      members = storage.members;
      continue;
    }
    const stored = row.values.get(storage.column.name) ?? null;
    if (storage.kind !== 'json') return stored;
    return memberAt(typeof stored === 'string' ? JSON.parse(stored) : null, path.slice(index + 1));
  }
  return {};
}

function memberAt(json: unknown, path: readonly Property[]): unknown {
  let at = json;
  for (const { name } of path) {
    if (at === null || typeof at !== 'object') return null;
    at = (at as Readonly<Record<string, unknown>>)[name] ?? null;
  }
  return at;
}

/** The complex values on the way to a property must be there, and of the types the path casts them to (URL 4.13). */
export function requireParent(row: StoredRow, { path, casts, dynamic }: PropertyPlace, url: string): void {
  const depth = dynamic === null ? path.length - 1 : path.length;
  for (let length = 1; length <= depth; length++) {
    const value = storedAt(row, path.slice(0, length));
    const cast = casts.get(length);
    if (value === null || (cast !== undefined && !isOfType(value, cast, path[length - 1]))) throw notFound(url);
  }
}

function isOfType(value: unknown, cast: StructuredType, property: Property | undefined): boolean {
  const named = typeof value === 'object' && value !== null && '@type' in value ? String(value['@type']) : null;
  const name = named ?? property?.type.qualifiedName ?? '';
  return [cast, ...cast.derivedTypes].some(({ qualifiedName }) => qualifiedName === name);
}

/** The number of items after a change is within what the model allows (Validation.MinItems, MaxItems). */
export function requireItems(row: StoredRow, { path }: PropertyPlace, change: ValueChange): void {
  const last = path.at(-1);
  if (last === undefined || (change.kind !== 'collection' && change.kind !== 'appended')) return;
  checkItems(change.kind === 'collection' ? change.items.length : countAfter(row, path, change), last, last.name);
}

function countAfter(
  row: StoredRow,
  path: readonly Property[],
  change: Extract<ValueChange, { kind: 'appended' }>,
): number {
  const { takes = 'none' } = change;
  return itemsAt(row, path) + change.items.length - (takes === 'none' ? 0 : 1);
}

function itemsAt(row: StoredRow, path: readonly Property[]): number {
  const value = storedAt(row, path);
  return Array.isArray(value) ? value.length : 0;
}

/**
 * A merge leaves nothing without a value that needs one: not in a complex value that was not there, nor in one that becomes of
 * another type (Protocol 11.4.9.3). Throws MissingValue.
 */
export function requireWhole(row: StoredRow, changes: ReadonlyMap<Property, ValueChange>, target: string): void {
  const problems = new Problems();
  for (const [property, change] of changes)
    for (const path of change.kind === 'complex' ? missingIn(change) : []) {
      const names = [property, ...path].map(({ name }) => name);
      if (storedAt(row, [property, ...path]) !== null) continue;
      problems.add('MissingValue', `'${names.at(-1)}' needs a value.`, names.reduce(below, target));
    }
  problems.report();
}

/** One item of an ordered collection put (`whole`), merged, or taken out (null). Throws ResourceNotFound for an item that is not there. */
export function itemChange(
  row: StoredRow,
  { path, ordinal }: PropertyPlace,
  value: ValueChange | null,
  whole: boolean,
  url: string,
): ValueChange {
  const last = path.at(-1);
  const count = itemsAt(row, path);
  const at = ordinal ?? 0;
  if (last === undefined || at >= count || at < -count) throw notFound(url);
  return { kind: 'appended', items: value === null ? [] : [value], at, takes: whole ? 'item' : 'merged' };
}
