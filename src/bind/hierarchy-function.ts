import { primitive } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { NamedArgument, PathSegment, Expression as Syntax } from '../url/index.js';
import { bindHierarchy } from './apply-hierarchy.js';
import type { Expression, HierarchyFunction } from './bound.js';
import { bindExpression, nameOf } from './expression.js';
import type { Scope } from './scope.js';
import { isStructured } from './types.js';

const namespace = 'Org.OData.Aggregation.V1.';

/** Which parameter names the other node of each function; null: there is only one. */
const functions: Readonly<Record<HierarchyFunction, string | null>> = {
  isnode: null,
  isroot: null,
  isleaf: null,
  isdescendant: 'Ancestor',
  isancestor: 'Descendant',
  issibling: 'Other',
};

function isHierarchyFunction(name: string): name is HierarchyFunction {
  return name in functions;
}

/** A function of the vocabulary of hierarchies, when a path begins with one (Aggregation 5.5.2.1, 6.3); else null. */
export function bindHierarchyFunction(first: PathSegment | undefined, scope: Scope): Expression | null {
  if (first?.kind !== 'name' || first.arguments?.kind !== 'named' || !first.name.includes('.')) return null;
  const [operation] = scope.model.operations(first.name);
  const qualified = operation?.qualifiedName ?? first.name;
  const name = qualified.startsWith(namespace) ? qualified.slice(namespace.length) : '';
  if (name === 'rollupnode') return rollupNode(first.arguments.values, scope);
  return isHierarchyFunction(name) ? between(name, first.arguments.values, scope) : null;
}

function rollupNode(given: readonly NamedArgument[], scope: Scope): Expression {
  const position = given.find(({ name }) => name === 'Position');
  const at = position === undefined ? 1 : Number(constant(position.value, scope));
  const type = scope.rollups[at - 1];
  if (type === undefined)
    throw new ODataError(
      'MalformedQueryOption',
      `There is no 'rolluprecursive' whose node could be meant.`,
      scope.target,
    );
  return { kind: 'rollupnode', position: at, type, collection: false };
}

function between(name: HierarchyFunction, given: readonly NamedArgument[], scope: Scope): Expression {
  const argument = (wanted: string): Syntax | null => given.find((one) => one.name === wanted)?.value ?? null;
  const refuse = (what: string) => new ODataError('UnknownFunction', `'${name}' ${what}.`, scope.target);
  const known = ['HierarchyNodes', 'HierarchyQualifier', 'Node', functions[name], 'MaxDistance', 'IncludeSelf'];
  const unknown = given.find((one) => !known.includes(one.name));
  if (unknown !== undefined) throw refuse(`has no parameter '${unknown.name}'`);
  const nodes = argument('HierarchyNodes');
  const qualifier = argument('HierarchyQualifier');
  if (nodes?.kind !== 'path' || qualifier?.kind !== 'literal')
    throw refuse('needs HierarchyNodes and HierarchyQualifier');
  const hierarchy = bindHierarchy(nodes, qualifier.text, scope);
  const identifier = (wanted: string): Expression => {
    const found = argument(wanted);
    if (found === null) throw refuse(`needs ${wanted}`);
    const bound = bindExpression(found, scope, hierarchy.node.type);
    if (bound.collection || isStructured(bound.type))
      throw refuse(`takes an identifier as ${wanted}, not ${nameOf(bound)}`);
    return bound;
  };
  const node = identifier('Node');
  const otherName = functions[name];
  const other = otherName === null ? null : identifier(otherName);
  const distance = argument('MaxDistance');
  const self = argument('IncludeSelf');
  const most = distance === null ? null : Number(constant(distance, scope));
  if (most !== null && !(most >= 1)) throw refuse('takes a MaxDistance of at least 1');
  return {
    kind: 'hierarchical',
    name,
    hierarchy,
    node,
    other,
    distance: most,
    includeSelf: self !== null && constant(self, scope) === true,
    type: primitive('Edm.Boolean'),
    collection: false,
  };
}

function constant(syntax: Syntax, scope: Scope): unknown {
  const bound = bindExpression(syntax, scope);
  return bound.kind === 'literal' ? bound.value : null;
}
