import { primitive, type Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { AggregateExpression, Path, PathSegment } from '../url/index.js';
import { type Current, malformed, requireNew, type Transformed, unsupported } from './apply.js';
import { groupingPath } from './apply-group.js';
import type { Expression, Variable } from './bound.js';
import type { Aggregate, AggregateValue, AggregationMethod, Grouping, Hop, Transformation } from './bound-apply.js';
import { bindCustomAggregate } from './custom-aggregate.js';
import { bindExpression, nameOf } from './expression.js';
import { addedAt, bindPath, bindSegment, itemScope, selfOf } from './member.js';
import type { Scope } from './scope.js';
import { family, isStructured, primitiveOf } from './types.js';

/** A value aggregated over a set, with its type; the name is given when it has one by itself. */
export interface Aggregated {
  readonly value: AggregateValue;
  readonly type: Type | null;
  readonly name: string | null;
}

/** `aggregate(…)` (Aggregation 3.2.1): what is left is one instance with the values that were given names. */
export function bindAggregates(items: readonly AggregateExpression[], set: Current): Transformed {
  const aggregates = items.map((item) => aggregate(item, set));
  const names = new Map<string, Type | null>();
  const seen = new Set<string>();
  const members = aggregates.flatMap(({ property }) => (property === null ? [] : [[property]]));
  for (const { name, type, property } of aggregates) {
    if (seen.has(name))
      throw new ODataError('DuplicateMember', `The name '${name}' is taken; choose another alias.`, '$apply'); // AG024
    seen.add(name);
    if (property === null) names.set(name, type);
  }
  return {
    transformations: [{ kind: 'aggregate', aggregates }],
    set: {
      ...set,
      scope: { ...set.scope, computed: names, added: new Map(), grouped: true },
      structure: { whole: false, members, names, added: new Map() },
    },
  };
}

function aggregate(item: AggregateExpression, set: Current): Aggregate {
  const { value, type, name: own } = bindAggregate(item, set.scope);
  const name = item.alias ?? own;
  if (name === null) throw malformed(`an aggregate needs a name, given with 'as'.`); // AG053
  if (item.alias !== null) requireNew(item.alias, set);
  const self = set.scope.self?.type ?? null;
  const property = item.alias === null && isStructured(self) ? (self.properties.get(name) ?? null) : null;
  return { name, type, value, property };
}

/** An aggregate expression (Aggregation 3.2.1.1), with its `from` clauses: the leftmost groups innermost (3.2.1.5). */
export function bindAggregate(item: AggregateExpression, scope: Scope): Aggregated {
  if (item.nested !== null) throw malformed('write the path before each aggregate, not before parentheses.');
  const plain = withoutFrom(item, scope);
  if (item.from.length === 0) return plain;
  const start: Combined = { ...plain, own: plain.name };
  return { ...item.from.reduce((inner, clause) => from(inner, clause, scope), start), name: null };
}

/** On its way through `from` clauses: `own` is the name of the custom aggregate it began with. */
interface Combined extends Aggregated {
  readonly own: string | null;
}

const partial = '@from';

/** The groups' values are aggregated by the method given, or once more by the custom aggregate they come from. */
function from(inner: Combined, clause: AggregateExpression['from'][number], scope: Scope): Combined {
  const by: readonly Grouping[] = clause.paths.map((path) => groupingPath(path, scope));
  const sequence: readonly Transformation[] = [
    {
      kind: 'groupby',
      by,
      rollups: [],
      sequence: [
        { kind: 'aggregate', aggregates: [{ name: partial, type: inner.type, value: inner.value, property: null }] },
      ],
    },
  ];
  const self = scope.self;
  if (self === null) throw malformed('there is nothing to aggregate here.');
  const value: Expression = {
    kind: 'computed',
    of: { kind: 'variable', variable: self, type: self.type, collection: false },
    name: partial,
    type: inner.type,
    collection: false,
  };
  const method = clause.method === null ? ownMethod(inner) : methodNamed(clause.method);
  requireAggregable(value, method);
  const outer: AggregateValue = { kind: 'method', hops: [], value, method };
  return { value: { kind: 'from', sequence, outer }, type: resultType(method, inner.type), name: null, own: inner.own };
}

function ownMethod({ own, value }: Combined): AggregationMethod {
  if (own === null) throw malformed(`'from' needs 'with' and a method behind its paths.`); // AG082
  if (value.kind === 'count') return 'sum';
  return value.kind === 'method' ? value.method : value.outer.kind === 'method' ? value.outer.method : 'sum';
}

function withoutFrom(item: AggregateExpression, scope: Scope): Aggregated {
  const { expression } = item;
  if (expression === null) throw malformed('there is nothing to aggregate.');
  const path = expression.kind === 'path' && expression.root === null ? expression : null;
  if (path?.segments.at(-1)?.kind === '$count') {
    if (item.method !== null) throw malformed(`'$count' takes no method.`); // AG051
    return { value: countOf(path.segments.slice(0, -1), scope), type: decimal, name: null };
  }
  if (item.method === null) return custom(expression, scope);
  const method = methodNamed(item.method);
  if (path?.segments.every(isPlainName)) return ofPath(path, method, scope);
  const value = bindExpression(expression, scope);
  if (value.collection)
    throw new ODataError('TypeMismatch', '$apply: an expression is aggregated by its single values.', '$apply'); // AG057
  requireAggregable(value, method);
  return { value: { kind: 'method', hops: [], value, method }, type: resultType(method, value.type), name: null };
}

function isPlainName(segment: PathSegment): boolean {
  return segment.kind === 'name' && segment.arguments === null;
}

/** `path/Name` of a custom aggregate, which has its own expression (Aggregation 5.2). */
function custom(expression: AggregateExpression['expression'], scope: Scope): Aggregated {
  const segments = expression?.kind === 'path' && expression.root === null ? expression.segments : [];
  const last = segments.at(-1);
  if (last?.kind !== 'name') throw malformed(`an aggregate needs 'with' and a method.`);
  return bindCustomAggregate(segments.slice(0, -1), last.name, scope);
}

function countOf(segments: readonly PathSegment[], scope: Scope): AggregateValue {
  return { kind: 'count', hops: segments.length === 0 ? [] : throughPath(segments, scope, true).hops };
}

/** Where a path leads, hop by hop: each entity that its last navigation reaches counts once (AG054, AG055). */
function ofPath(path: Path, method: AggregationMethod, scope: Scope): Aggregated {
  const { hops, value } = throughPath(path.segments, scope, false);
  requireAggregable(value, method);
  const type = resultType(method, value.type);
  const isSingle = hops.every(({ to }) => !to.collection);
  const isRepeatable = method !== 'sum' && method !== 'average';
  return isSingle && isRepeatable && family(value.type ?? decimal) !== 'structured'
    ? { value: { kind: 'method', hops: [], value: bindPath(path, scope), method }, type, name: null }
    : { value: { kind: 'method', hops, value, method }, type, name: null };
}

/** A data aggregation path (Aggregation 3.1.3): names and casts only, single or collection-valued. `whole`: its end is an item too. */
export function throughPath(
  segments: readonly PathSegment[],
  scope: Scope,
  whole: boolean,
): { readonly hops: readonly Hop[]; readonly value: Expression } {
  const last = lastNavigation(segments, scope);
  const hops: Hop[] = [];
  let inner = scope;
  let value = selfOf(scope);
  for (const [index, segment] of segments.entries()) {
    const to = bindSegment(value, segment, inner);
    value = to;
    const next = segments[index + 1];
    if (next !== undefined && isCast(next)) continue;
    if (index !== last && !to.collection && !(whole && next === undefined)) continue;
    const variable: Variable = { name: 'item', type: to.type ?? decimal };
    hops.push({ to, variable, distinct: index === last });
    inner = { ...itemScope(scope, variable), ...namesWithin(to, inner) };
    value = { kind: 'variable', variable, type: to.type, collection: false };
  }
  return { hops, value };
}

/** What `$apply` has added to the instances of what it has added. */
function namesWithin(to: Expression, scope: Scope): Partial<Scope> {
  const structure = addedAt(to, scope)?.structure;
  return structure === undefined
    ? {}
    : { computed: structure.names, added: structure.added, grouped: !structure.whole };
}

/** The index of the last navigation property, or of the cast right behind it; -1 without one. */
function lastNavigation(segments: readonly PathSegment[], scope: Scope): number {
  let at = selfOf(scope);
  let last = -1;
  for (const [index, segment] of segments.entries()) {
    at = { ...bindSegment(at, segment, scope), collection: false };
    if (at.kind === 'navigation' || (at.kind === 'derived' && last >= 0 && last === index - 1)) last = index;
  }
  return last;
}

function isCast(segment: PathSegment): boolean {
  return segment.kind === 'name' && segment.name.includes('.');
}

const methods: ReadonlyMap<string, AggregationMethod> = new Map(
  (['sum', 'min', 'max', 'average', 'countdistinct'] as const).map((name) => [name, name]),
);
const decimal = primitive('Edm.Decimal');

/** AG068: dots tell methods of the service from those of the standard. */
function methodNamed(name: string): AggregationMethod {
  if (name.includes('.')) throw unsupported(`the method ${name}`);
  const found = methods.get(name);
  if (found === undefined)
    throw malformed(`'${name}' is no aggregation method; use ${[...methods.keys()].join(', ')}.`);
  return found;
}

function requireAggregable(value: Expression, method: AggregationMethod): void {
  const kind = value.type === null ? 'number' : family(value.type);
  const isNumeric = method === 'sum' || method === 'average';
  const isFit = isNumeric ? kind === 'number' : kind !== 'geo' && kind !== 'stream' && kind !== 'untyped';
  if (!isFit || (kind === 'structured' && method !== 'countdistinct'))
    throw new ODataError('TypeMismatch', `$apply: '${method}' is not defined for ${nameOf(value)}.`, '$apply');
}

/** AG062 to AG066. */
function resultType(method: AggregationMethod, type: Type | null): Type | null {
  const name = primitiveOf(type)?.name;
  switch (method) {
    case 'countdistinct':
      return decimal;
    case 'min':
    case 'max':
      return type;
    case 'average':
      return name === 'Edm.Decimal' ? decimal : primitive('Edm.Double');
    case 'sum':
      if (name === 'Edm.Decimal' || name === 'Edm.Int64') return decimal;
      return name === 'Edm.Double' || name === 'Edm.Single' ? primitive('Edm.Double') : primitive('Edm.Int64');
  }
}
