import type { BoundOptions } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { where } from './build.js';
import { type Context, planCondition, planValue } from './expression.js';
import type { Stored } from './place.js';
import type { Relation } from './relation.js';

/** What `$compute`, `$search` and `$filter` leave of the rows, in the order of the standard (Protocol 11.2.1). */
export interface Narrowed {
  readonly rows: Relation;
  readonly computed: ReadonlyMap<string, Stored>;
  /** For what comes after: ordering and shaping see the computed names. */
  readonly context: Context;
}

/** Applies `$compute`, `$search`, `$filter` to rows. Throws NotImplemented for `$search`, which has no index yet. */
export function narrowed(rows: Relation, options: BoundOptions, context: Context): Narrowed {
  const computed = new Map<string, Stored>();
  for (const item of options.compute) computed.set(item.name, planValue(item.expression, { ...context, computed }));
  const inner: Context = { ...context, computed };
  if (options.search !== null) throw new ODataError('NotImplemented', '$search is not supported yet.', '$search');
  const filtered = options.filter === null ? rows : where(rows, [planCondition(options.filter, inner)]);
  return { rows: filtered, computed, context: inner };
}
