import type { Model, StructuredType, Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ComputeItem, QueryOptions, Expression as Syntax } from '../url/index.js';
import { bindSequence, wholeStructure } from './apply.js';
import { requireApplySupported } from './apply-supported.js';
import type { BoundOptions, Computed, Resource, SortItem, Variable } from './bound.js';
import type { Structure } from './bound-apply.js';
import { bindCondition, bindExpression, nameOf } from './expression.js';
import { bindProjection } from './projection.js';
import { type AliasValue, type Scope, scopeOf, withAliases } from './scope.js';
import { bindSearch } from './search.js';
import { family, isStructured } from './types.js';

/** Where the options stand: what the resource is, and whether it is a collection. */
export interface OptionsContext {
  readonly model: Model;
  readonly type: Type | null;
  readonly collection: boolean;
  readonly source: Resource['source'];
  /** Names since the source, for navigation property bindings. */
  readonly since: readonly string[];
  /** Parameter aliases of the levels around this one. */
  readonly aliases: ReadonlyMap<string, AliasValue>;
  /** The sets of a `$crossjoin`: paths begin with their names. */
  readonly joined: Resource['sets'];
  /** The aliases as they were written. */
  readonly writtenAliases: QueryOptions['written'];
  /** `$it` of the request, seen from within an expanded navigation property; null at the top. */
  readonly it: Variable | null;
  /** Depth of `$expand`, checked against the limit. */
  readonly depth: number;
  /** What `$apply` of the request has left of the instances, when these are its results; absent: they are whole. */
  readonly structure?: Structure | null;
  /** Within `$expand`: nothing is expanded by default. */
  readonly explicit?: boolean;
}

/** The system query options of a resource or an expanded navigation property, bound (URL 5.1). */
export function bindOptions(options: QueryOptions, context: OptionsContext): BoundOptions {
  refuseOnSingle(options, context);
  refuseShaping(options, context);
  const joined = context.joined.flatMap(({ source, variable }) =>
    variable === null ? [] : [[source.name, variable] as const],
  );
  const variable: Variable | null =
    context.type === null || joined.length > 0 ? null : { name: '$it', type: context.type };
  const aliases = withAliases(context.aliases, options.aliases, variable);
  const writtenAliases = repeated(options, context.writtenAliases).filter(([name]) => name.startsWith('@'));
  const plain: Scope = {
    ...scopeOf(context.model, variable, aliases, ''),
    it: context.it ?? variable,
    variables: new Map(joined),
    source: context.source,
    since: context.since,
  };
  const structure = context.structure ?? wholeStructure;
  const base: Scope = {
    ...plain,
    computed: structure.names,
    added: structure.added,
    grouped: !structure.whole,
  };
  const start = { scope: base, structure };
  if (options.$apply !== undefined) requireApplySupported(options.$apply, base);
  const applied = options.$apply === undefined ? null : bindSequence(options.$apply, start);
  const after = applied?.set.scope ?? base;
  const compute = bindCompute(options.$compute ?? [], { ...after, target: '$compute' });
  const computed = new Map([...after.computed, ...compute.map((item) => [item.name, item.expression.type] as const)]);
  const scope: Scope = { ...after, computed };
  return {
    variable,
    compute,
    search: options.$search === undefined ? null : bindSearch(options.$search),
    filter: options.$filter === undefined ? null : bindCondition(options.$filter, { ...scope, target: '$filter' }),
    orderby: (options.$orderby ?? []).map((item) => sortItem(item, { ...scope, target: '$orderby' })),
    skip: options.$skip ?? null,
    top: options.$top ?? null,
    count: options.$count ?? false,
    skiptoken: options.$skiptoken ?? null,
    deltatoken: options.$deltatoken ?? null,
    index: options.$index ?? null,
    id: options.$id ?? null,
    projection: isStructured(context.type)
      ? bindProjection(
          context.type,
          options,
          { ...context, aliases, writtenAliases, it: context.it ?? variable },
          scope,
          applied?.set.structure.expanded,
        )
      : null,
    apply: applied?.transformations ?? null,
    structure: applied?.set.structure ?? context.structure ?? null,
  };
}

/** Options as written, and the aliases of outer levels that are not given anew. */
export function repeated(options: QueryOptions, outer: QueryOptions['written']): QueryOptions['written'] {
  const own = new Set(options.written.map(([name]) => name));
  return [...options.written, ...outer.filter(([name]) => !own.has(name))];
}

/** An item of an order; structured values, collections and streams have none. */
export function sortItem(item: { readonly expression: Syntax; readonly descending: boolean }, scope: Scope): SortItem {
  const expression = bindExpression(item.expression, scope);
  const kind = expression.type === null ? null : family(expression.type);
  if (expression.collection || kind === 'structured' || kind === 'geo' || kind === 'stream')
    throw new ODataError('TypeMismatch', `$orderby cannot sort by ${nameOf(expression)}.`, '$orderby');
  return { expression, descending: item.descending };
}

/** Each computed name may be used by those behind it (URL 5.1.3.1). */
export function bindCompute(items: readonly ComputeItem[], scope: Scope): readonly Computed[] {
  const computed: Computed[] = [];
  const names = new Map<string, Type | null>(scope.computed);
  for (const item of items) {
    const type = scope.self?.type ?? null;
    if (
      names.has(item.name) ||
      (isStructured(type) && (type.properties.has(item.name) || type.navigationProperties.has(item.name)))
    )
      throw new ODataError('DuplicateMember', `The name '${item.name}' is taken; choose another alias.`, '$compute');
    const expression = bindExpression(item.expression, { ...scope, computed: names });
    computed.push({ name: item.name, expression });
    names.set(item.name, expression.type);
  }
  return computed;
}

const collectionOnly = ['$filter', '$search', '$orderby', '$top', '$skip', '$count', '$apply', '$skiptoken'] as const;

/** Options for collections are refused on anything else (Protocol 11.2.1, URL 5.1). */
function refuseOnSingle(options: QueryOptions, context: OptionsContext): void {
  if (context.collection) return;
  const wrong = collectionOnly.find((name) => options[name] !== undefined);
  if (wrong !== undefined)
    throw new ODataError(
      'QueryOptionNotApplicable',
      `${wrong} applies to collections only; this is a single value.`,
      wrong,
    );
}

/** What has no members is not shaped (URL 5.1). */
function refuseShaping(options: QueryOptions, { type }: OptionsContext): void {
  const wrong = (['$select', '$expand', '$compute'] as const).find((name) => options[name] !== undefined);
  if (wrong !== undefined && type !== null && !isStructured(type))
    throw new ODataError('QueryOptionNotApplicable', `${wrong} applies to entities and complex values.`, wrong);
}

/** The options of a request that has none. */
export function noOptions(type: StructuredType): BoundOptions {
  return {
    variable: null,
    compute: [],
    search: null,
    filter: null,
    orderby: [],
    skip: null,
    top: null,
    count: false,
    skiptoken: null,
    deltatoken: null,
    index: null,
    id: null,
    projection: { type, selected: null, expanded: [] },
    apply: null,
    structure: null,
  };
}
