import type { StructuredType, Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Transformation as Syntax } from '../url/index.js';
import { bindAddnested, bindJoin, bindNest } from './apply-added.js';
import { bindAggregates } from './apply-aggregate.js';
import { bindGroupby } from './apply-group.js';
import { bindRelated, bindTraverse } from './apply-hierarchy.js';
import type { Expression } from './bound.js';
import type { Structure, Transformation } from './bound-apply.js';
import { bindCondition, bindExpression, nameOf } from './expression.js';
import { bindCompute, sortItem } from './options.js';
import type { Scope } from './scope.js';
import { bindSearch } from './search.js';
import { family, isStructured } from './types.js';

/** A set on its way through a sequence: what names mean in it, and what its instances have. */
export interface Current {
  readonly scope: Scope;
  readonly structure: Structure;
}

/** Transformations, and the set that they give. */
export interface Transformed {
  readonly transformations: readonly Transformation[];
  readonly set: Current;
}

/** Everything the type declares, and nothing else. */
export const wholeStructure: Structure = { whole: true, members: [], names: new Map(), added: new Map() };

/** Binds a sequence (Aggregation 3): each transformation in terms of what the one before it gives. Throws NotImplemented for those not supported. */
export function bindSequence(steps: readonly Syntax[], start: Current): Transformed {
  let set: Current = { ...start, scope: { ...start.scope, target: '$apply' } };
  const transformations: Transformation[] = [];
  for (const step of steps) {
    const bound = transformation(step, set);
    transformations.push(...bound.transformations);
    set = bound.set;
  }
  return { transformations, set };
}

function transformation(step: Syntax, set: Current): Transformed {
  const { scope } = set;
  const same = (...transformations: readonly Transformation[]): Transformed => ({ transformations, set });
  switch (step.kind) {
    case 'identity':
      return same();
    case 'filter':
      return same({ kind: 'filter', predicate: bindCondition(step.predicate, scope) });
    case 'search':
      return same({ kind: 'search', search: bindSearch(step.expression) });
    case 'orderby':
      return same({ kind: 'orderby', items: step.items.map((item) => sortItem(item, scope)) });
    case 'skip':
    case 'top':
      return same({ kind: step.kind, count: wholeNumber(bindExpression(step.count, scope), step.kind) });
    case 'topcount':
    case 'bottomcount':
    case 'toppercent':
    case 'bottompercent':
    case 'topsum':
    case 'bottomsum':
      return same(first(step, scope));
    case 'compute':
      return compute(step, set);
    case 'aggregate':
      return bindAggregates(step.items, set);
    case 'groupby':
      return bindGroupby(step, set);
    case 'concat':
      return concat(step.branches, set);
    case 'join':
    case 'outerjoin':
      return bindJoin(step, set);
    case 'nest':
      return bindNest(step, set);
    case 'addnested':
      return bindAddnested(step, set);
    case 'expand':
      throw malformed(`'expand' is not a transformation; use addnested.`);
    case 'ancestors':
    case 'descendants':
      return bindRelated(step.kind, step.arguments, set);
    case 'traverse':
      return bindTraverse(step.arguments, set);
    case 'custom':
      throw unsupported(step.kind);
  }
}

/** An error that says what is not supported yet. */
export function unsupported(what: string): ODataError {
  return new ODataError('NotImplemented', `$apply: '${what}' is not supported yet.`, '$apply');
}

/** An error in how `$apply` is written. */
export function malformed(message: string): ODataError {
  return new ODataError('MalformedQueryOption', `$apply: ${message}`, '$apply');
}

function wholeNumber(expression: Expression, name: string): number {
  const value = expression.kind === 'literal' ? expression.value : null;
  if (typeof value === 'bigint' && value >= 0n && value < 2n ** 31n) return Number(value);
  throw new ODataError('InvalidValue', `'${name}' takes a whole number that is not negative.`, '$apply');
}

type First = Extract<Syntax, { kind: `${'top' | 'bottom'}${'count' | 'percent' | 'sum'}` }>;

/** The amount is about the whole set, the value about each instance (Aggregation 3.3.1). */
function first({ kind, amount, by }: First, scope: Scope): Transformation {
  const value = bindExpression(by, scope);
  const until = kind.endsWith('count') ? 'count' : kind.endsWith('percent') ? 'percent' : 'sum';
  const of = value.type === null ? 'number' : family(value.type);
  if (value.collection || ['structured', 'geo', 'stream'].includes(of) || (until !== 'count' && of !== 'number'))
    throw new ODataError('TypeMismatch', `$apply: '${kind}' is not defined for ${nameOf(value)}.`, '$apply');
  const bound = bindExpression(amount, { ...scope, self: null });
  if (bound.collection || (bound.type !== null && family(bound.type) !== 'number'))
    throw new ODataError('TypeMismatch', `$apply: the first argument of '${kind}' is a number.`, '$apply');
  requireAmount(bound, until, kind);
  return { kind: 'first', until, descending: kind.startsWith('top'), amount: bound, value };
}

/** AG114, AG115: a positive whole number; more than 0 and at most 100 percent. */
function requireAmount(amount: Expression, until: 'count' | 'percent' | 'sum', kind: string): void {
  if (amount.kind !== 'literal') return;
  const number = Number(amount.value);
  const isRight =
    until === 'count'
      ? typeof amount.value === 'bigint' && number >= 1
      : until === 'percent'
        ? number > 0 && number <= 100
        : !Number.isNaN(number);
  if (!isRight) throw new ODataError('InvalidValue', `'${kind}' cannot take '${amount.value}'.`, '$apply');
}

function compute(step: Extract<Syntax, { kind: 'compute' }>, set: Current): Transformed {
  const items = bindCompute(step.items, set.scope);
  for (const { name } of items) requireNew(name, set);
  const types = items.map((item) => [item.name, item.expression.type] as const);
  return {
    transformations: [{ kind: 'compute', items }],
    set: {
      ...set,
      scope: { ...set.scope, computed: new Map([...set.scope.computed, ...types]) },
      structure: { ...set.structure, names: new Map([...set.structure.names, ...types]) },
    },
  };
}

/** AG024: a name is that of one thing. Throws DuplicateMember. */
export function requireNew(name: string, { scope, structure }: Current): void {
  const type = scope.self?.type ?? null;
  const isTaken =
    structure.names.has(name) || structure.added.has(name) || (isStructured(type) && declares(type, name));
  if (isTaken) throw new ODataError('DuplicateMember', `The name '${name}' is taken; choose another alias.`, '$apply');
}

function declares(type: StructuredType, name: string): boolean {
  return type.properties.has(name) || type.navigationProperties.has(name);
}

/** Each sequence of the same set, one result behind the other (Aggregation 3.2.2). */
function concat(branches: readonly (readonly Syntax[])[], set: Current): Transformed {
  return concatenated(
    branches.map((branch) => bindSequence(branch, set)),
    set,
  );
}

/** What bound branches give together: names of all of them, and the structure they have in common (AG029). */
export function concatenated(bound: readonly Transformed[], set: Current): Transformed {
  const sets = bound.map((branch) => branch.set);
  const scope: Scope = {
    ...set.scope,
    computed: merged(sets.map((one) => one.scope.computed)),
    added: merged(sets.map((one) => one.scope.added)),
    grouped: sets.some((one) => one.scope.grouped),
  };
  return {
    transformations: [{ kind: 'concat', branches: bound.map(({ transformations }) => transformations) }],
    set: { ...set, scope, structure: sets.map((one) => one.structure).reduce(common) },
  };
}

function merged<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  return new Map(maps.flatMap((map) => [...map]));
}

/** What both have. */
function common(one: Structure, other: Structure): Structure {
  const inBoth = <T>(map: ReadonlyMap<string, T>, also: ReadonlyMap<string, unknown>) =>
    new Map([...map].filter(([name]) => also.has(name)));
  return {
    whole: one.whole && other.whole,
    members: one.whole ? other.members : other.whole ? one.members : commonPaths(one.members, other.members),
    names: inBoth<Type | null>(one.names, other.names),
    added: inBoth(one.added, other.added),
    expanded: [...new Set([...(one.expanded ?? []), ...(other.expanded ?? [])])],
  };
}

function commonPaths(one: Structure['members'], other: Structure['members']): Structure['members'] {
  const textOf = (path: Structure['members'][number]) => path.map(({ name }) => name).join('/');
  const known = new Set(other.map(textOf));
  return one.filter((path) => known.has(textOf(path)));
}
