import type { StructuredType, Type } from '../edm/index.js';
import { primitive, readable } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Path, PathSegment } from '../url/index.js';
import { bindAggregate } from './apply-aggregate.js';
import type { Expression, Variable } from './bound.js';
import type { Added } from './bound-apply.js';
import { bindCondition, bindExpression } from './expression.js';
import { bindHierarchyFunction } from './hierarchy-function.js';
import { bindInvocation } from './invocation.js';
import { bindKey } from './key.js';
import type { Scope } from './scope.js';
import { bindSearch } from './search.js';
import { didYouMean } from './suggest.js';
import { derivesFrom, isStructured } from './types.js';

const int64 = primitive('Edm.Int64');
const boolean = primitive('Edm.Boolean');

/** A path of an expression: from a variable, `$it`, `$this`, `$root` or the resource itself, member by member (URL 5.1.1.15). */
export function bindPath(path: Path, scope: Scope): Expression {
  const hierarchical = path.root === null ? bindHierarchyFunction(path.segments[0], scope) : null;
  const { start, rest } =
    hierarchical === null ? startOf(path, scope) : { start: hierarchical, rest: path.segments.slice(1) };
  if (start.kind === 'literal' && start.value === null) return start; // URL 5.3: an alias without a value is null
  return rest.reduce((current, segment) => bindSegment(current, segment, scope), start);
}

/** What paths without a prefix start from. */
export function selfOf(scope: Scope): Expression {
  return reference(scope.self, 'the resource', scope);
}

function startOf(path: Path, scope: Scope): { readonly start: Expression; readonly rest: readonly PathSegment[] } {
  const [first, ...rest] = path.segments;
  if (typeof path.root === 'object' && path.root !== null)
    return { start: bindExpression(path.root, scope), rest: path.segments };
  switch (path.root) {
    case '$it':
      return { start: reference(scope.it, '$it', scope), rest: path.segments };
    case '$this':
      return { start: reference(scope.item, '$this', scope), rest: path.segments };
    case '$root':
      return rootOf(first, rest, scope);
    case '$these':
      return { start: theseOf(scope), rest: path.segments };
    case null:
      break;
  }
  const variable = first?.kind === 'name' && first.arguments === null ? scope.variables.get(first.name) : undefined;
  if (variable !== undefined) return { start: reference(variable, variable.name, scope), rest };
  const called = first?.kind === 'name' ? bindInvocation(first.name, first.arguments, null, scope) : null;
  if (called !== null) return { start: called, rest };
  if (first?.kind === 'name' && first.arguments !== null && first.name.includes('.'))
    throw new ODataError(
      'UnknownFunction',
      `There is no unbound function '${first.name}'; write $it/${first.name}(…) for one that is bound to the item.`,
      scope.target,
    );
  return { start: selfOf(scope), rest: path.segments };
}

/** `$these`: the collection that the option or the transformation is about (Aggregation 3.6). */
function theseOf({ it, target }: Scope): Expression {
  if (it === null) throw new ODataError('MalformedQueryOption', `'$these' needs a collection.`, target);
  return { kind: 'these', type: it.type, collection: true };
}

function reference(variable: Variable | null, name: string, scope: Scope): Expression {
  if (variable === null) throw new ODataError('MalformedQueryOption', `There is no ${name} here.`, scope.target);
  return { kind: 'variable', variable, type: variable.type, collection: false };
}

/** `$root/People('x')` (URL 5.1.1.14.3). */
function rootOf(first: PathSegment | undefined, rest: readonly PathSegment[], scope: Scope) {
  const children = scope.model.container?.children;
  const child = first?.kind === 'name' ? children?.get(first.name) : undefined;
  if (first?.kind !== 'name' || (child?.kind !== 'entitySet' && child?.kind !== 'singleton'))
    throw new ODataError(
      'UnknownProperty',
      `'$root' must be followed by an entity set or singleton.${didYouMean(first?.kind === 'name' ? first.name : '', children?.keys() ?? [])}`,
      scope.target,
    );
  const key = first.arguments === null ? null : bindKey(child.type, first.arguments, scope).key;
  const collection = child.kind === 'entitySet' && key === null;
  const start: Expression = { kind: 'root', source: child, key, type: child.type, collection };
  return { start, rest };
}

/** One step further from an expression. */
export function bindSegment(current: Expression, segment: PathSegment, scope: Scope): Expression {
  switch (segment.kind) {
    case 'name':
      return named(current, segment, scope);
    case 'lambda':
      return lambda(current, segment, scope);
    case '$count':
      return count(current, segment, scope);
    case '$filter': {
      if (segment.key !== null) throw keyNotSupported(scope);
      const variable = itemVariable(current, '$this', scope);
      const predicate = bindCondition(segment.predicate, {
        ...itemScope(scope, variable),
        item: variable,
      });
      return { kind: 'filtered', of: current, variable, predicate, type: current.type, collection: true };
    }
    case 'annotation':
      throw new ODataError(
        'NotImplemented',
        `Annotations ('@${segment.term}') are not supported in expressions.`,
        scope.target,
      );
    case 'aggregate':
      return aggregated(current, segment, scope);
    case '$value':
    case '$ref':
      throw new ODataError('NotImplemented', `'${segment.kind}' is not supported in expressions.`, scope.target);
  }
}

/** A property, navigation property, type, computed name or dynamic property. */
function named(current: Expression, segment: Extract<PathSegment, { kind: 'name' }>, scope: Scope): Expression {
  const { name } = segment;
  const type = current.type;
  if (segment.key !== null) throw keyNotSupported(scope);
  const called = name.includes('.') ? bindInvocation(name, segment.arguments, current, scope) : null;
  if (called !== null) return called;
  if (!isStructured(type))
    throw new ODataError(
      'UnknownProperty',
      `'${name}' cannot be asked of a value of type ${type?.qualifiedName ?? 'unknown'}.`,
      scope.target,
    );
  if (segment.arguments === null) {
    const computed = isSelf(current, scope) ? scope.computed.get(name) : undefined;
    if (computed !== undefined) return { kind: 'computed', of: current, name, type: computed, collection: false };
    const added = addedTo(current, name, scope);
    if (added !== null) return added;
    const property = (scope.trusted ? type.properties : readable(type)).get(name);
    if (property) {
      requireSingle(current, name, scope);
      if (property.type.kind === 'abstract')
        throw new ODataError(
          'NotImplemented',
          `Values of type ${property.type.name} such as '${name}' cannot be computed with.`,
          scope.target,
        );
      return { kind: 'property', of: current, property, type: property.type, collection: property.collection };
    }
  }
  const navigation = type.navigationProperties.get(name);
  if (navigation) {
    requireSingle(current, name, scope);
    if (segment.arguments !== null) throw keyNotSupported(scope);
    return {
      kind: 'navigation',
      of: current,
      property: navigation,
      type: navigation.type,
      collection: navigation.collection,
    };
  }
  return typeOrDynamic(current, type, segment, scope);
}

/** What `$apply` has added to the item itself, or to what it has added. */
function addedTo(current: Expression, name: string, scope: Scope): Expression | null {
  const within = addedAt(current, scope);
  const structure = isSelf(current, scope) ? { added: scope.added, names: null } : within?.structure;
  if (structure === undefined) return null;
  const found = structure.added.get(name);
  if (found !== undefined) {
    const { property } = found;
    const common = { of: current, type: property.type, collection: property.collection };
    return property.kind === 'property'
      ? { kind: 'property', property, ...common }
      : { kind: 'navigation', property, ...common };
  }
  const type = structure.names?.get(name);
  return type === undefined ? null : { kind: 'dynamic', of: current, name, type, collection: false };
}

/** What `$apply` has added and this expression is, or null. */
export function addedAt(expression: Expression, scope: Scope): Added | null {
  if (expression.kind !== 'navigation' && expression.kind !== 'property') return null;
  return [...scope.added.values()].find(({ property }) => property === expression.property) ?? null;
}

/** The scope of the items of a collection, whose names are theirs. */
export function itemScope(scope: Scope, variable: Variable): Scope {
  return { ...scope, self: variable, computed: new Map(), added: new Map(), grouped: false };
}

function typeOrDynamic(
  current: Expression,
  type: StructuredType,
  segment: Extract<PathSegment, { kind: 'name' }>,
  scope: Scope,
): Expression {
  const { name } = segment;
  if (name.includes('.') && segment.arguments !== null)
    throw new ODataError('UnknownFunction', `There is no function '${name}' that could be called here.`, scope.target);
  if (name.includes('.')) {
    const cast = castType(type, name, scope);
    return { kind: 'derived', of: current, type: cast, collection: current.collection };
  }
  if (type.open && segment.arguments === null) {
    requireSingle(current, name, scope);
    return { kind: 'dynamic', of: current, name, type: null, collection: false };
  }
  throw new ODataError(
    'UnknownProperty',
    `${type.qualifiedName} has no property '${name}'.${didYouMean(name, [...readable(type).keys(), ...type.navigationProperties.keys()])}`,
    scope.target,
  );
}

/** The structured type a cast segment names; it must be related to `from` (URL 4.12). Throws UnknownType, TypeMismatch. */
export function castType(from: StructuredType, name: string, scope: Scope): StructuredType {
  const type = scope.model.type(name);
  if (type === null) {
    if (scope.model.operations(name).length > 0)
      throw new ODataError('UnknownFunction', `'${name}' is no function that could be called here.`, scope.target);
    throw new ODataError('UnknownType', `There is no type '${name}'.`, scope.target);
  }
  if (!isStructured(type) || (!derivesFrom(type, from) && !derivesFrom(from, type)))
    throw new ODataError('TypeMismatch', `${from.qualifiedName} is never a ${name}.`, scope.target);
  return type;
}

function keyNotSupported(scope: Scope): ODataError {
  return new ODataError('NotImplemented', 'Key predicates are not supported in expressions.', scope.target);
}

function isSelf(current: Expression, scope: Scope): boolean {
  return current.kind === 'variable' && current.variable === scope.self;
}

function requireSingle(current: Expression, name: string, scope: Scope): void {
  if (current.collection)
    throw new ODataError(
      'TypeMismatch',
      `'${name}' cannot be asked of a collection; use any(…), all(…) or $count.`,
      scope.target,
    );
}

function itemVariable(current: Expression, name: string, scope: Scope): Variable {
  if (!current.collection || current.type === null)
    throw new ODataError('TypeMismatch', `'${name}' needs a collection before it.`, scope.target);
  return { name, type: current.type };
}

/** `any` and `all` (URL 5.1.1.13). */
function lambda(current: Expression, segment: Extract<PathSegment, { kind: 'lambda' }>, scope: Scope): Expression {
  const { operator } = segment;
  const fact = { type: boolean as Type, collection: false };
  const item = itemVariable(current, segment.variable ?? operator, scope);
  if (segment.variable === null || segment.predicate === null) {
    if (operator === 'all')
      throw new ODataError('MalformedQueryOption', `'all' needs a variable and a condition.`, scope.target);
    return { kind: 'lambda', operator, of: current, variable: null, predicate: null, ...fact };
  }
  const inner = { ...scope, variables: new Map([...scope.variables, [segment.variable, item]]) };
  return {
    kind: 'lambda',
    operator,
    of: current,
    variable: item,
    predicate: bindCondition(segment.predicate, inner),
    ...fact,
  };
}

/** `/$count`, with its own `$filter` and `$search` (URL 4.8, 5.1.1.15). */
function count(current: Expression, segment: Extract<PathSegment, { kind: '$count' }>, scope: Scope): Expression {
  const variable = itemVariable(current, '$count', scope);
  const { $filter, $search } = segment.options;
  const inner = { ...itemScope(scope, variable), item: variable };
  const of: Expression = $filter
    ? {
        kind: 'filtered',
        of: current,
        variable,
        predicate: bindCondition($filter, inner),
        type: current.type,
        collection: true,
      }
    : current;
  return { kind: 'count', of, search: $search ? bindSearch($search) : null, type: int64, collection: false };
}

/** `aggregate(…)` of a collection: paths in it start at the items (Aggregation 3.6.1). */
function aggregated(
  current: Expression,
  segment: Extract<PathSegment, { kind: 'aggregate' }>,
  scope: Scope,
): Expression {
  const isThese = current.kind === 'these';
  const variable = itemVariable(current, 'aggregate', scope);
  const inner = isThese ? { ...scope, self: variable } : itemScope(scope, variable);
  const [item, ...more] = segment.items;
  if (item === undefined || item.alias !== null || more.length > 0)
    throw new ODataError(
      'MalformedQueryOption',
      `'aggregate' takes one aggregate expression without alias here.`,
      scope.target,
    );
  const { value, type } = bindAggregate(item, inner);
  return { kind: 'aggregated', of: current, variable, value, type, collection: false };
}
