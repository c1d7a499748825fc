import type { Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { DuplicateKeyError } from '../store/index.js';
import type { Layout, Storage } from '../tables/index.js';

/** A broken unique key, told in the names of properties; every other error as it is. */
export function duplicateNamed(error: unknown, layout: Layout): unknown {
  if (!(error instanceof DuplicateKeyError)) return error;
  const table = layout.tables.find(({ name }) => name === error.table);
  const names = table === undefined ? [] : error.columns.flatMap((column) => pathOf(column, table.storage) ?? []);
  if (names.length === 0) return error;
  const named = new ODataError(
    'DuplicateKey',
    `An entity with the same ${names.join(', ')} exists already; choose another value.`,
    names.length === 1 ? (names[0] ?? null) : null,
  );
  named.cause = error;
  return named;
}

function pathOf(column: string, members: ReadonlyMap<Property, Storage>): string | null {
  for (const [property, storage] of members) {
    if (storage.kind === 'column' && storage.column.name === column) return property.name;
    const inner = storage.kind === 'flattened' ? pathOf(column, storage.members) : null;
    if (inner !== null) return `${property.name}/${inner}`;
  }
  return null;
}
