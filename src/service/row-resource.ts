import type { KeyValue, Resource } from '../bind/index.js';
import { decode } from '../tables/index.js';
import { entityUrl } from './describe.js';
import type { StoredRow } from './locate.js';

/** The key of a row as a path has it. */
export function keyOfRow(row: StoredRow): readonly KeyValue[] {
  return row.table.type.key.map(({ properties }, index) => {
    const column = row.table.key[index];
    const stored = column === undefined ? null : (row.values.get(column.name) ?? null);
    return { properties, value: column === undefined ? null : decode(column.codec, stored) };
  });
}

/** The path to one row of a collection; conditions on the way do not count, the row may no longer meet them. */
export function memberOfCollection(collection: Resource, row: StoredRow): Resource {
  const steps = collection.steps.filter(({ kind }) => kind !== 'filter' && kind !== 'among' && kind !== 'query');
  const key = { kind: 'key', key: keyOfRow(row), alternate: false } as const;
  return { ...collection, kind: 'entity', collection: false, steps: [...steps, key] };
}

/** The id of a row of a collection: its canonical URL (Protocol 4.1). */
export function idOfMember(collection: Resource, row: StoredRow, base: string): string {
  return `${base}${entityUrl(memberOfCollection(collection, row))}`;
}
