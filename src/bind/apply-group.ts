import { inheritedAnnotation, type NavigationProperty, type Property, stringValues } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { GroupingItem, Path, Transformation as Syntax } from '../url/index.js';
import { addedProperty } from './added-property.js';
import { bindSequence, type Current, concatenated, malformed, type Transformed, unsupported } from './apply.js';
import { bindRollup, withNode } from './apply-hierarchy.js';
import type { Expression } from './bound.js';
import type { Added, Grouping, Rollup, Structure } from './bound-apply.js';
import { bindExpression, nameOf } from './expression.js';
import { addedAt } from './member.js';
import type { Scope } from './scope.js';
import { family, isStructured } from './types.js';

type Groupby = Extract<Syntax, { kind: 'groupby' }>;

/** Each group through the sequence; levels that are rolled up are groupings of their own, one behind the other (Aggregation 3.2.3). */
export function bindGroupby(step: Groupby, set: Current): Transformed {
  const rollups = step.by.flatMap((item) =>
    item.kind === 'rolluprecursive' ? [bindRollup(item.arguments, set.scope)] : [],
  );
  const levels = step.by.map((item) => levelsOf(item, set.scope)).reduce(combined, [[]]);
  if (levels.length > mostLevels)
    throw new ODataError('LimitExceeded', `$apply: 'rollup' makes more than ${mostLevels} groupings.`, '$apply');
  const types = rollups.map(({ hierarchy }) => hierarchy.variable.type);
  const within: Current = types.length === 0 ? set : { ...set, scope: { ...set.scope, rollups: types } };
  const inner = step.transformations.length === 0 ? transient(set) : bindSequence(step.transformations, within);
  const grouped = levels.map((by) => groupedBy(by, rollups, inner, set));
  const [only] = grouped;
  return only !== undefined && grouped.length === 1 ? only : concatenated(grouped, set);
}

/** Groupings that `rollup` may make. */
const mostLevels = 100;

/** Without a sequence a group is one instance that has nothing. */
function transient(set: Current): Transformed {
  const structure: Structure = { whole: false, members: [], names: new Map(), added: new Map() };
  const scope: Scope = { ...set.scope, computed: new Map(), added: new Map(), grouped: true };
  return { transformations: [{ kind: 'aggregate', aggregates: [] }], set: { ...set, scope, structure } };
}

function groupedBy(by: readonly Grouping[], rollups: readonly Rollup[], inner: Transformed, set: Current): Transformed {
  const transformations = [{ kind: 'groupby' as const, by, rollups, sequence: inner.transformations }];
  const { scope, structure } = inner.set;
  const aliases = by.flatMap(({ alias, expression }) => (alias === null ? [] : [[alias, expression.type] as const]));
  const names = new Map([...structure.names, ...aliases]);
  const added = new Map([...structure.added, ...addedBy(by, set.scope)]);
  const members = structure.whole ? structure.members : [...declaredBy(by, set.scope), ...structure.members];
  const grouped: Current = {
    ...set,
    scope: {
      ...scope,
      rollups: set.scope.rollups,
      computed: new Map([...scope.computed, ...aliases]),
      added: new Map([...scope.added, ...added]),
    },
    structure: { ...structure, names, added, members, ...(structure.whole ? { expanded: navigationsOf(by) } : {}) },
  };
  return { transformations, set: rollups.reduceRight((one, { path }) => withNode(path, one), grouped) };
}

function navigationsOf(by: readonly Grouping[]): readonly NavigationProperty[] {
  const found = by.flatMap(({ steps: [first] }) => (first?.kind === 'navigationProperty' ? [first] : []));
  return [...new Set(found)];
}

/** Paths behind casts are not in every group (AG096). */
function declaredBy(by: readonly Grouping[], scope: Scope): Structure['members'] {
  return by.flatMap(({ steps, expression }) =>
    steps.length === 0 || isAdded(steps, scope) || hasCast(expression) ? [] : [steps],
  );
}

function hasCast(expression: Expression): boolean {
  let at = expression;
  while (at.kind === 'property' || at.kind === 'navigation' || at.kind === 'dynamic') at = at.of;
  return at.kind === 'derived';
}

function isAdded([first]: Grouping['steps'], scope: Scope): boolean {
  return [...scope.added.values()].some(({ property }) => property === first);
}

/** Of what `$apply` has added, the members by which groups are made are kept, and shown. */
function addedBy(by: readonly Grouping[], scope: Scope): ReadonlyMap<string, Added> {
  const found = new Map<string, Added>();
  for (const [name, added] of scope.added) {
    const through = by.filter(({ steps }) => steps[0] === added.property);
    if (through.length === 0) continue;
    const isWhole = through.some(({ steps }) => steps.length === 1);
    const names = through.flatMap(({ steps, expression }) => {
      const [, second] = steps;
      return second !== undefined && added.structure.names.has(second.name)
        ? [[second.name, expression.type] as const]
        : [];
    });
    const members = through.flatMap(({ steps }) => {
      const rest = steps.slice(1);
      return rest[0] === undefined || added.structure.names.has(rest[0].name) ? [] : [rest];
    });
    const structure = isWhole ? added.structure : { whole: false, members, names: new Map(names), added: new Map() };
    found.set(name, { ...added, shown: true, structure });
  }
  return found;
}

/** A path is one level; what is rolled up has as many as it has paths, the finest first (Aggregation 3.2.3.2). */
function levelsOf(item: GroupingItem, scope: Scope): readonly (readonly Grouping[])[] {
  switch (item.kind) {
    case 'path':
      return [[groupingPath(item.path, scope)]];
    case 'rollup': {
      const paths = item.items.length === 1 ? namedLevels(item.items[0], scope) : item.items.map(pathOnly);
      const groupings = paths.map((path) => groupingPath(path, scope));
      return groupings.map((_, index) => groupings.slice(0, groupings.length - index));
    }
    case 'rolluprecursive':
      return [[]];
  }
}

function pathOnly(item: Path | '$all' | undefined): Path {
  if (item === '$all' || item === undefined) throw malformed(`'rollup' takes paths; '$all' is not one of them.`);
  return item;
}

/** `rollup(Q)`: the paths of the leveled hierarchy with this qualifier, from root to leaf (Aggregation 5.5.1). */
function namedLevels(item: Path | '$all' | undefined, scope: Scope): readonly Path[] {
  const path = pathOnly(item);
  const [segment] = path.segments;
  const type = scope.self?.type ?? null;
  const qualifier = segment?.kind === 'name' && path.segments.length === 1 ? segment.name : '';
  const annotation = isStructured(type)
    ? inheritedAnnotation(type, 'Org.OData.Aggregation.V1.LeveledHierarchy', qualifier)
    : null;
  const levels = stringValues(annotation);
  if (levels.length < 2) throw malformed(`there is no leveled hierarchy '${qualifier}' here.`); // AG110
  return levels.map((level) => ({
    kind: 'path',
    root: null,
    segments: level.split('/').map((name) => ({ kind: 'name', name, arguments: null, key: null, at: path.at })),
    at: path.at,
  }));
}

/** Every level of the one with every level of the other. */
function combined(
  before: readonly (readonly Grouping[])[],
  levels: readonly (readonly Grouping[])[],
): readonly (readonly Grouping[])[] {
  return before.flatMap((some) => levels.map((more) => [...some, ...more]));
}

/** Property names and casts only, none of them collection-valued (Aggregation 3.2.3, AG088). */
export function groupingPath(path: Path, scope: Scope): Grouping {
  const expression = bindExpression(path, scope);
  const steps: (Property | NavigationProperty)[] = [];
  let at: Expression = expression;
  for (;;) {
    if (at.kind === 'property' || at.kind === 'navigation') steps.unshift(at.property);
    else if (at.kind === 'dynamic' && addedAt(at.of, scope) !== null) steps.unshift(namedProperty(at));
    else if (at.kind !== 'derived') break;
    if (at.collection)
      throw new ODataError(
        'TypeMismatch',
        `${nameOf(at)} is a collection; groups are made by single values.`,
        '$apply',
      );
    at = at.of;
  }
  if (at.kind === 'computed') return { expression, steps: [], alias: at.name };
  if (at.kind !== 'variable' || steps.length === 0)
    throw new ODataError('TypeMismatch', '$apply: groups are made by paths of properties.', '$apply');
  if (expression.type !== null && ['stream', 'geo'].includes(family(expression.type)))
    throw unsupported(`grouping by ${nameOf(expression)}`);
  return { expression, steps, alias: null };
}

/** A name that `$apply` has given within what it has added, as the property that it is there. */
function namedProperty({ name, type, of }: Extract<Expression, { kind: 'dynamic' }>): Property {
  if (of.kind !== 'navigation' && of.kind !== 'property') throw malformed(`'${name}' is not known here.`);
  return addedProperty(name, type, false, of.property.declaringType);
}
