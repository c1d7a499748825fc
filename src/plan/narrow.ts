import type { BoundOptions } from '../bind/index.js';
import { where } from './build.js';
import { type Context, planCondition, planValue } from './expression.js';
import type { Stored } from './place.js';
import type { Relation } from './relation.js';
import { found } from './search.js';

/** What `$compute`, `$search` and `$filter` leave of the rows, in the order of the standard (Protocol 11.2.1). */
export interface Narrowed {
  readonly rows: Relation;
  readonly computed: ReadonlyMap<string, Stored>;
  /** For what comes after: ordering and shaping see the computed names. */
  readonly context: Context;
}

/** Applies `$compute`, `$search`, `$filter` to rows. */
export function narrowed(rows: Relation, options: BoundOptions, context: Context): Narrowed {
  const inner = withComputed(options, context);
  const self = options.variable === null ? undefined : context.bindings.get(options.variable);
  const searched = options.search === null ? rows : where(rows, [found(options.search, self, context)]);
  const filtered = options.filter === null ? searched : where(searched, [planCondition(options.filter, inner)]);
  return { rows: filtered, computed: inner.computed, context: inner };
}

/** A context that knows the names of `$compute` too. */
export function withComputed(options: BoundOptions, context: Context): Context {
  const computed = new Map<string, Stored>(context.computed);
  for (const { name, expression } of options.compute)
    computed.set(name, { ...planValue(expression, { ...context, computed }), type: expression.type });
  return { ...context, computed };
}
