import type { Resource, Step } from '../bind/index.js';
import type { Model, Property } from '../edm/index.js';
import type { Table } from '../tables/index.js';
import { restrictionsAt } from './restrictions.js';

const known = new WeakMap<Table, ReadonlySet<Property>>();

/**
 * Properties of a table's entities that updates leave as they are, whatever is sent (UpdateRestrictions/NonUpdatableProperties;
 * Protocol 11.4.3: what metadata says is read-only is ignored).
 */
export function untouchedIn(table: Table, model: Model): ReadonlySet<Property> {
  const before = known.get(table);
  if (before !== undefined) return before;
  const paths = restrictionsAt(resourceOf(table), model).paths('UpdateRestrictions', 'NonUpdatableProperties');
  const types = [table.type, ...table.type.derivedTypes];
  const found = new Set(paths.flatMap((path) => types.flatMap((type) => type.properties.get(path) ?? [])));
  known.set(table, found);
  return found;
}

/** The path to the collection that a table holds, from the set it begins with; where several lead there, the first. */
function resourceOf(table: Table): Resource {
  const steps: Step[] = [];
  const seen = new Set<Table>();
  let at: Table | undefined = table;
  while (at !== undefined && at.source.kind === 'navigationProperty' && !seen.has(at)) {
    seen.add(at);
    steps.unshift({ kind: 'navigation', property: at.source });
    at = at.parent?.tables[0];
  }
  const source = at?.source.kind === 'entitySet' || at?.source.kind === 'singleton' ? at.source : null;
  if (source?.kind === 'entitySet') steps.unshift({ kind: 'entitySet', set: source });
  if (source?.kind === 'singleton') steps.unshift({ kind: 'singleton', singleton: source });
  return { kind: 'entityCollection', steps, type: table.type, collection: true, property: null, source, sets: [] };
}
