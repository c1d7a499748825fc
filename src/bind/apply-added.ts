import type { EntitySet, Singleton, StructuredType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Path, Transformation as Syntax } from '../url/index.js';
import { addedNavigation, addedProperty } from './added-property.js';
import {
  bindSequence,
  type Current,
  malformed,
  requireNew,
  type Transformed,
  unsupported,
  wholeStructure,
} from './apply.js';
import type { Expression, Variable } from './bound.js';
import type { Added, Branch, Structure } from './bound-apply.js';
import { bindExpression, nameOf } from './expression.js';
import { addedAt, itemScope } from './member.js';
import { bindingTarget } from './place.js';
import type { Scope } from './scope.js';
import { isStructured } from './types.js';

type Join = Extract<Syntax, { kind: 'join' | 'outerjoin' }>;
type Sequence = readonly Syntax[];

/** Each instance with each item of one of its collections (Aggregation 3.5.1). */
export function bindJoin(step: Join, set: Current): Transformed {
  const of = members(step.path, set.scope);
  if (!of.collection) throw malformed(`'${step.kind}' takes a collection, and ${nameOf(of)} is none.`);
  requireNew(step.name, set);
  const branch = branchOf(step.transformations, step.name, of, false, set);
  return {
    transformations: [{ kind: 'join', outer: step.kind === 'outerjoin', of, branch }],
    set: withAdded(set, [branch.added]),
  };
}

type Addnested = Extract<Syntax, { kind: 'addnested' }>;

/** What an instance leads to, transformed, as a property more (Aggregation 3.4.3). */
export function bindAddnested(step: Addnested, set: Current): Transformed {
  const of = members(step.path, set.scope);
  if (!of.collection) requireOneToOne(step.branches.flatMap(({ transformations }) => transformations));
  const branches = step.branches.map(({ name, transformations }) =>
    branchOf(transformations, name, of, of.collection, set),
  );
  requireNames(branches, set);
  return { transformations: [{ kind: 'addnested', of, branches }], set: withAdded(set, branches.map(shown)) };
}

/** AG132: a single value stays one. */
function requireOneToOne(steps: Sequence): void {
  const wrong = steps.find(({ kind }) => kind !== 'identity' && kind !== 'compute' && kind !== 'addnested');
  if (wrong !== undefined) throw malformed(`'${wrong.kind}' cannot be applied to a single value.`);
}

type Nest = Extract<Syntax, { kind: 'nest' }>;

/** One instance that has the results of the sequences (Aggregation 3.5.2). */
export function bindNest(step: Nest, set: Current): Transformed {
  const { scope } = set;
  const type = scope.self?.type ?? null;
  if (!isStructured(type)) throw malformed(`'nest' needs entities or complex values.`);
  const branches = step.branches.map(({ name, transformations }): Branch => {
    const bound = bindSequence(transformations, set);
    return {
      added: added(name, type, true, type, scope.source, bound.set.structure),
      variable: scope.self ?? { name: '$it', type },
      sequence: bound.transformations,
    };
  });
  requireNames(branches, set);
  const names = new Map(branches.map(shown).map((one) => [one.property.name, one]));
  return {
    transformations: [{ kind: 'nest', branches }],
    set: {
      ...set,
      scope: { ...scope, computed: new Map(), added: names, grouped: true },
      structure: { whole: false, members: [], names: new Map(), added: names },
    },
  };
}

const shown = (branch: Branch): Added => ({ ...branch.added, shown: true });

/** Of the item itself: a navigation or complex property, perhaps with a cast behind it. */
function members(path: Path, scope: Scope): Expression {
  const of = bindExpression(path, scope);
  const property = of.kind === 'derived' ? of.of : of;
  if ((property.kind !== 'navigation' && property.kind !== 'property') || !isStructured(of.type))
    throw malformed(`${nameOf(of)} is no navigation property and no complex property.`);
  if (property.of.kind !== 'variable') {
    if (property.of.kind === 'navigation')
      throw malformed('only the last segment of the path may be a navigation property.'); // AG130
    throw unsupported('a path of more than one segment here');
  }
  return of;
}

/** A sequence of its own on what `of` leads to. */
function branchOf(steps: Sequence, name: string, of: Expression, collection: boolean, { scope }: Current): Branch {
  const property = of.kind === 'derived' ? of.of : of;
  const type = of.type;
  const owner = scope.self?.type ?? null;
  if ((property.kind !== 'navigation' && property.kind !== 'property') || !isStructured(type) || !isStructured(owner))
    throw malformed(`${nameOf(of)} has no members.`);
  const variable: Variable = { name: '$it', type };
  const before = addedAt(property, scope);
  const { source, since } = before !== null ? { source: before.target, since: [] } : targetOf(property, scope);
  const inner: Scope = { ...itemScope(scope, variable), item: variable, source, since, ...namesIn(before?.structure) };
  const bound = bindSequence(steps, { scope: inner, structure: before?.structure ?? wholeStructure });
  return {
    added: added(name, type, collection, owner, property.kind === 'property' ? null : source, bound.set.structure),
    variable,
    sequence: bound.transformations,
  };
}

function namesIn(structure: Structure | undefined): Partial<Scope> {
  return structure === undefined
    ? {}
    : { computed: structure.names, added: structure.added, grouped: !structure.whole };
}

function targetOf(property: Extract<Expression, { kind: 'navigation' | 'property' }>, scope: Scope) {
  const names = [...scope.since, property.property.name];
  return property.kind === 'property' || property.property.containsTarget
    ? { source: scope.source, since: names }
    : { source: bindingTarget(scope.source, names), since: [] };
}

function added(
  name: string,
  type: StructuredType,
  collection: boolean,
  owner: StructuredType,
  target: EntitySet | Singleton | null,
  structure: Structure,
): Added {
  const property =
    type.kind === 'entity'
      ? addedNavigation(name, type, collection, owner)
      : addedProperty(name, type, collection, owner);
  return { property, structure, target, shown: type.kind === 'complex' };
}

function requireNames(branches: readonly Branch[], set: Current): void {
  const seen = new Set<string>();
  for (const { name } of branches.map((branch) => branch.added.property)) {
    requireNew(name, set);
    if (seen.has(name))
      throw new ODataError('DuplicateMember', `The name '${name}' is taken; choose another alias.`, '$apply');
    seen.add(name);
  }
}

function withAdded(set: Current, more: readonly Added[]): Current {
  const names = more.map((one) => [one.property.name, one] as const);
  return {
    ...set,
    scope: { ...set.scope, added: new Map([...set.scope.added, ...names]) },
    structure: { ...set.structure, added: new Map([...set.structure.added, ...names]) },
  };
}
