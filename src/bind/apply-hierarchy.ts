import {
  inheritedAnnotation,
  memberText,
  type NavigationProperty,
  type Property,
  recordValue,
  type StructuredType,
} from '../edm/index.js';
import type { HierarchyArguments, Path, PathSegment, Transformation as Syntax } from '../url/index.js';
import { bindSequence, type Current, malformed, type Transformed, unsupported, wholeStructure } from './apply.js';
import { throughPath } from './apply-aggregate.js';
import type { Expression, Variable } from './bound.js';
import type { Hierarchy, HierarchyNodes, NodePath, Rollup } from './bound-apply.js';
import { bindExpression } from './expression.js';
import { bindSegment, itemScope } from './member.js';
import { sortItem } from './options.js';
import type { Scope } from './scope.js';
import { isStructured } from './types.js';

const recursiveHierarchy = 'Org.OData.Aggregation.V1.RecursiveHierarchy';

/**
 * The recursive hierarchy that an annotation makes of a collection of nodes (Aggregation 5.5.2, 6.1). Throws MalformedQueryOption
 * when the collection does not start with `$root` or its type has no such hierarchy.
 */
export function bindHierarchy(path: Path, qualifier: string, scope: Scope): Hierarchy {
  const nodes = bindExpression(path, scope);
  const { type } = nodes;
  if (path.root !== '$root' || !nodes.collection || type?.kind !== 'entity')
    throw malformed('a hierarchy is a collection of entities that starts with $root.');
  const record = recordValue(inheritedAnnotation(type, recursiveHierarchy, qualifier));
  const [nodePath, parentPath] = ['NodeProperty', 'ParentNavigationProperty'].map((name) => memberText(record, name));
  if (!nodePath || !parentPath) throw malformed(`${type.qualifiedName} has no recursive hierarchy '${qualifier}'.`); // AG174
  const variable: Variable = { name: 'node', type };
  const inner = itemScope(scope, variable);
  return {
    qualifier,
    nodes,
    variable,
    node: along(nodePath, variable, inner),
    parent: along(parentPath, variable, inner),
  };
}

function along(path: string, variable: Variable, scope: Scope): Expression {
  const start: Expression = { kind: 'variable', variable, type: variable.type, collection: false };
  return segmentsOf(path).reduce<Expression>((at, segment) => bindSegment(at, segment, scope), start);
}

function segmentsOf(path: string): readonly PathSegment[] {
  return path.split('/').map((name) => ({ kind: 'name', name, arguments: null, key: null, at: 0 }));
}

/** Where an instance has the identifiers of its nodes. */
function nodePathOf({ segments }: Path, scope: Scope, hierarchy: Hierarchy): NodePath {
  const { hops, value } = throughPath(segments, scope, false);
  if (value.collection || value.type === null || isStructured(value.type))
    throw malformed('the third argument of a hierarchy ends in a primitive property.');
  const steps = stepsOf(segments, scope);
  const nodeSteps = propertiesOf(hierarchy.node);
  const tail = steps.slice(steps.length - nodeSteps.length);
  const leads = nodeSteps.every((step, index) => step === tail[index]);
  const rest = steps.slice(0, steps.length - nodeSteps.length);
  const isOwn = leads && rest.length === 0 && sameSet(scope, hierarchy);
  const isRelated = leads && rest.length > 0 && rest.at(-1)?.kind === 'navigationProperty';
  return {
    hops: hops.map((hop) => ({ ...hop, distinct: false })),
    value,
    steps: isRelated ? rest : steps,
    leadsTo: isOwn ? 'itself' : isRelated ? 'node' : 'identifier',
  };
}

/** Equal paths of different sets are not the same (Aggregation 6.2.2, example 68). */
function sameSet({ self }: Scope, { variable }: Hierarchy): boolean {
  return self?.type === variable.type;
}

function propertiesOf(expression: Expression): readonly (Property | NavigationProperty)[] {
  if (expression.kind !== 'property' && expression.kind !== 'navigation') return [];
  return [...propertiesOf(expression.of), expression.property];
}

function stepsOf(segments: readonly PathSegment[], scope: Scope): NodePath['steps'] {
  const steps: (Property | NavigationProperty)[] = [];
  const self = scope.self?.type ?? null;
  let type: StructuredType | null = isStructured(self) ? self : null;
  for (const segment of segments) {
    if (segment.kind !== 'name' || type === null) break;
    const found: Property | NavigationProperty | undefined =
      type.properties.get(segment.name) ??
      type.navigationProperties.get(segment.name) ??
      scope.added.get(segment.name)?.property;
    if (found === undefined) {
      const cast = scope.model.type(segment.name);
      type = isStructured(cast) ? cast : null;
      continue;
    }
    steps.push(found);
    type = isStructured(found.type) ? found.type : null;
  }
  return steps;
}

/** The nodes that a sequence leaves of a hierarchy; without one all, or the roots, as the operator says. */
function startOf(steps: readonly Syntax[], hierarchy: Hierarchy, scope: Scope): HierarchyNodes | null {
  if (steps.length === 0) return null;
  const { nodes } = hierarchy;
  const variable: Variable = { name: '$it', type: hierarchy.variable.type };
  const source = nodes.kind === 'root' ? nodes.source : null;
  const inner: Scope = { ...itemScope(scope, variable), item: variable, source, since: [] };
  return { variable, sequence: subset(steps, { scope: inner, structure: wholeStructure }).transformations };
}

const subsets: ReadonlySet<string> = new Set([
  'identity',
  'filter',
  'search',
  'orderby',
  'skip',
  'top',
  'topcount',
  'bottomcount',
  'toppercent',
  'bottompercent',
  'topsum',
  'bottomsum',
  'ancestors',
  'descendants',
  'traverse',
]);

/** AG175: only what leaves some of the instances. */
function subset(steps: readonly Syntax[], set: Current): Transformed {
  const wrong = steps.find(({ kind }) => !subsets.has(kind));
  if (wrong !== undefined) throw malformed(`'${wrong.kind}' cannot choose nodes of a hierarchy.`);
  return bindSequence(steps, set);
}

/** The instances at ancestors or descendants of some (Aggregation 6.2.1). */
export function bindRelated(kind: 'ancestors' | 'descendants', given: HierarchyArguments, set: Current): Transformed {
  const hierarchy = bindHierarchy(given.collection, given.qualifier, set.scope);
  const path = nodePathOf(given.property, set.scope, hierarchy);
  if (given.distance !== null && given.distance < 1) throw malformed('a distance in a hierarchy is at least 1.');
  const start = subset(given.start, set).transformations;
  const { distance, keepStart } = given;
  return { transformations: [{ kind, hierarchy, path, start, distance, keepStart }], set };
}

/** The instances in the order of a tree (Aggregation 6.2.2). */
export function bindTraverse(given: HierarchyArguments, set: Current): Transformed {
  const hierarchy = bindHierarchy(given.collection, given.qualifier, set.scope);
  const path = nodePathOf(given.property, set.scope, hierarchy);
  if (path.hops.some(({ to }) => to.collection)) throw unsupported('traverse with a collection-valued path');
  const inner = itemScope(set.scope, hierarchy.variable);
  const start = startOf(given.start, hierarchy, set.scope);
  const order = given.orderby.map((item) => sortItem(item, inner));
  const postorder = given.order === 'postorder';
  return {
    transformations: [{ kind: 'traverse', hierarchy, path, start, order, postorder }],
    set: withNode(path, set),
  };
}

/** `rolluprecursive(…)` (Aggregation 6.3). */
export function bindRollup(given: HierarchyArguments, scope: Scope): Rollup {
  const hierarchy = bindHierarchy(given.collection, given.qualifier, scope);
  const path = nodePathOf(given.property, scope, hierarchy);
  return { hierarchy, path, start: startOf(given.start, hierarchy, scope) };
}

/** What is known of the node in the results: shown like what groups are made by. */
export function withNode(path: NodePath, set: Current): Current {
  const { structure } = set;
  const [first] = path.steps;
  const navigation = first?.kind === 'navigationProperty' ? [first] : [];
  if (structure.whole)
    return { ...set, structure: { ...structure, expanded: [...(structure.expanded ?? []), ...navigation] } };
  if (path.leadsTo === 'itself')
    return { ...set, structure: { ...structure, whole: true }, scope: { ...set.scope, grouped: false } };
  const others = structure.members.filter(([step]) => step !== first);
  return { ...set, structure: { ...structure, members: [path.steps, ...others] } };
}
