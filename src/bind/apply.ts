import { type NavigationProperty, type Property, primitive, type StructuredType, type Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { AggregateExpression, GroupingItem, Path, Transformation as Syntax } from '../url/index.js';
import type { Aggregate, AggregationMethod, Expression, Grouping, Transformation } from './bound.js';
import { bindCondition, bindExpression, nameOf } from './expression.js';
import { bindCompute, sortItem } from './options.js';
import type { Scope } from './scope.js';
import { bindSearch } from './search.js';
import { family, isStructured, primitiveOf } from './types.js';

/** A sequence of set transformations, and the scope in which what follows it is bound: the aliases are known there. */
export interface BoundApply {
  readonly transformations: readonly Transformation[];
  readonly scope: Scope;
}

/** Binds `$apply` (Aggregation 3): each transformation in terms of what the one before it gives. Throws NotImplemented for those not supported. */
export function bindApply(steps: readonly Syntax[], scope: Scope): BoundApply {
  let current: Scope = { ...scope, target: '$apply' };
  const transformations: Transformation[] = [];
  for (const step of steps) {
    const bound = transformation(step, current);
    transformations.push(...bound.transformations);
    current = bound.scope;
  }
  return { transformations, scope: { ...current, target: scope.target } };
}

function transformation(step: Syntax, scope: Scope): BoundApply {
  const same = (...transformations: readonly Transformation[]): BoundApply => ({ transformations, scope });
  switch (step.kind) {
    case 'identity':
      return same();
    case 'filter':
      return same({ kind: 'filter', predicate: bindCondition(step.predicate, scope) });
    case 'search':
      if (scope.grouped) throw unsupported('search behind aggregation');
      return same({ kind: 'search', search: bindSearch(step.expression) });
    case 'orderby':
      return same({ kind: 'orderby', items: step.items.map((item) => sortItem(item, scope)) });
    case 'skip':
    case 'top':
      return same({ kind: step.kind, count: wholeNumber(bindExpression(step.count, scope), step.kind) });
    case 'topcount':
    case 'bottomcount': {
      const items = [{ expression: bindExpression(step.by, scope), descending: step.kind === 'topcount' }];
      const count = wholeNumber(bindExpression(step.amount, scope), step.kind);
      return same({ kind: 'orderby', items }, { kind: 'top', count });
    }
    case 'compute': {
      const items = bindCompute(step.items, scope);
      const computed = new Map([...scope.computed, ...items.map((item) => [item.name, item.expression.type] as const)]);
      return { transformations: [{ kind: 'compute', items }], scope: { ...scope, computed } };
    }
    case 'aggregate':
      return grouping([], step.items, scope);
    case 'groupby':
      return groupby(step.by, step.transformations, scope);
    default:
      throw unsupported(step.kind);
  }
}

function unsupported(what: string): ODataError {
  return new ODataError('NotImplemented', `$apply: '${what}' is not supported yet.`, '$apply');
}

function wholeNumber(expression: Expression, name: string): number {
  const value = expression.kind === 'literal' ? expression.value : null;
  if (typeof value === 'bigint' && value >= 0n && value < 2n ** 31n) return Number(value);
  throw new ODataError('InvalidValue', `'${name}' takes a whole number that is not negative.`, '$apply');
}

/** Grouping by single-valued paths, then one aggregation of each group (Aggregation 3.2.3); other sequences within groups are not supported. */
function groupby(by: readonly GroupingItem[], steps: readonly Syntax[], scope: Scope): BoundApply {
  const paths = by.map((item) => {
    if (item.kind !== 'path') throw unsupported(item.kind);
    return groupingPath(item.path, scope);
  });
  const [first, ...more] = steps;
  if (more.length > 0 || (first !== undefined && first.kind !== 'aggregate'))
    throw unsupported('a sequence other than aggregate within groupby');
  return grouping(paths, first?.kind === 'aggregate' ? first.items : [], scope);
}

function grouping(by: readonly Grouping[], items: readonly AggregateExpression[], scope: Scope): BoundApply {
  const aggregates = items.map((item) => aggregate(item, scope));
  const names = new Set<string>();
  for (const { name } of aggregates) {
    const type = scope.self?.type;
    if (names.has(name) || (isStructured(type ?? null) && hasMember(type as StructuredType, name)))
      throw new ODataError('DuplicateMember', `The name '${name}' is taken; choose another alias.`, '$apply'); // AG024
    names.add(name);
  }
  const computed = new Map<string, Type | null>(aggregates.map((item) => [item.name, item.type]));
  for (const item of by) if (item.alias !== null) computed.set(item.alias, item.expression.type);
  return { transformations: [{ kind: 'group', by, aggregates }], scope: { ...scope, computed, grouped: true } };
}

function hasMember(type: StructuredType, name: string): boolean {
  return type.properties.has(name) || type.navigationProperties.has(name);
}

/** Property names only, none of them collection-valued (Aggregation 3.2.3, AG088). */
function groupingPath(path: Path, scope: Scope): Grouping {
  const expression = bindExpression(path, scope);
  const steps: (Property | NavigationProperty)[] = [];
  let at: Expression = expression;
  while (at.kind === 'property' || at.kind === 'navigation') {
    steps.unshift(at.property);
    if (at.collection)
      throw new ODataError(
        'TypeMismatch',
        `'${at.property.name}' is a collection; groups are made by single values.`,
        '$apply',
      );
    at = at.of;
  }
  if (at.kind === 'computed') return { expression, steps: [], alias: at.name };
  if (at.kind !== 'variable' || steps.length === 0)
    throw new ODataError('TypeMismatch', 'Groups are made by paths of properties.', '$apply');
  if (isStructured(expression.type)) throw unsupported('grouping by structured values');
  return { expression, steps, alias: null };
}

const methods: ReadonlySet<string> = new Set(['sum', 'min', 'max', 'average', 'countdistinct']);
const decimal = primitive('Edm.Decimal');

/** One aggregate expression (Aggregation 3.2.1). */
function aggregate(item: AggregateExpression, scope: Scope): Aggregate {
  if (item.nested !== null || item.from.length > 0)
    throw unsupported(item.nested === null ? 'from' : 'aggregates behind a common path');
  const { expression, alias } = item;
  const isCount =
    expression?.kind === 'path' &&
    expression.segments.length === 1 &&
    expression.segments[0]?.kind === '$count' &&
    expression.root === null;
  if (alias === null) {
    if (item.method === null && !isCount) throw unsupported('custom aggregates');
    throw new ODataError('MalformedQueryOption', `$apply: an aggregate needs a name, given with 'as'.`, '$apply'); // AG053
  }
  if (isCount) return { name: alias, method: 'count', expression: null, type: decimal };
  const method = item.method?.toLowerCase() ?? null;
  if (method === null) throw unsupported('custom aggregates');
  if (method.includes('.')) throw unsupported(`the method ${item.method}`);
  if (!methods.has(method))
    throw new ODataError(
      'MalformedQueryOption',
      `$apply: '${item.method}' is no aggregation method; use ${[...methods].join(', ')}.`,
      '$apply',
    ); // AG068
  if (expression === null) throw unsupported('aggregate');
  const bound = bindExpression(expression, scope);
  requireAggregable(bound, method as AggregationMethod);
  return {
    name: alias,
    method: method as AggregationMethod,
    expression: bound,
    type: resultType(method as AggregationMethod, bound.type),
  };
}

function requireAggregable(expression: Expression, method: AggregationMethod): void {
  if (expression.collection) throw unsupported('aggregates over collections');
  const kind = expression.type === null ? 'number' : family(expression.type);
  const numeric = method === 'sum' || method === 'average';
  if ((numeric && kind !== 'number') || kind === 'structured' || kind === 'geo' || kind === 'stream')
    throw new ODataError('TypeMismatch', `$apply: '${method}' is not defined for ${nameOf(expression)}.`, '$apply');
  // Each related entity counts once (AG054): where that makes a difference it is not supported.
  if (numeric && throughNavigation(expression)) throw unsupported(`${method} of a related entity's property`);
}

function throughNavigation(expression: Expression): boolean {
  let at: Expression = expression;
  while (at.kind === 'property' || at.kind === 'derived') at = at.of;
  return at.kind === 'navigation';
}

/** AG062 to AG066. */
function resultType(method: AggregationMethod, type: Type | null): Type | null {
  const name = primitiveOf(type)?.name;
  switch (method) {
    case 'count':
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
