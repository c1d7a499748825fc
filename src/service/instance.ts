import type { Resource } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { StoredRow } from './locate.js';
import { restrictionsAt } from './restrictions.js';
import type { Engine } from './service.js';

/** A permission that depends on the instance, `Updatable` by a path to one of its Boolean properties (vocabularies V07). Throws Forbidden. */
export function requireInstanceAllows(
  row: StoredRow,
  resource: Resource,
  term: 'UpdateRestrictions' | 'DeleteRestrictions',
  member: string,
  { model }: Engine,
): void {
  const expression = restrictionsAt(resource, model).expression(term, member);
  if (expression?.kind !== 'path') return;
  const property = row.table.type.properties.get(expression.path);
  const storage = property === undefined ? undefined : row.table.storage.get(property);
  if (storage?.kind !== 'column' || row.values.get(storage.column.name) === 1n) return;
  throw new ODataError(
    'Forbidden',
    `The entity cannot be changed this way now: '${expression.path}' is not true (${term}/${member}).`,
    expression.path,
  );
}
