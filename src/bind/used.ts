import type { FunctionOverload } from '../edm/index.js';
import type { BoundOptions, BoundUrl, Expression } from './bound.js';
import { expressionsOf } from './used-apply.js';

/** What an expression makes use of: paths from the item it is about, and the names of functions and operators. */
export interface Used {
  readonly paths: ReadonlySet<string>;
  /** Paths whose items are counted. */
  readonly counted: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Functions of the model. */
  readonly invoked: ReadonlySet<FunctionOverload>;
}

/** Everything an expression makes use of, within lambdas as well. */
export function usedBy(expressions: readonly Expression[]): Used {
  const found = {
    paths: new Set<string>(),
    counted: new Set<string>(),
    functions: new Set<string>(),
    invoked: new Set<FunctionOverload>(),
  };
  for (const expression of expressions) gather(expression, found, new Map());
  return found;
}

interface Found {
  readonly paths: Set<string>;
  readonly counted: Set<string>;
  readonly functions: Set<string>;
  readonly invoked: Set<FunctionOverload>;
}
/** What lambda variables stand for, as paths. */
type Variables = ReadonlyMap<string, string>;

/** The path an expression is, from the item: `Address/City`; empty for the item itself, null when it is none. */
function pathOf(expression: Expression, variables: Variables): string | null {
  switch (expression.kind) {
    case 'variable':
      return variables.get(expression.variable.name) ?? '';
    case 'property':
    case 'navigation':
      return joined(pathOf(expression.of, variables), expression.property.name);
    case 'dynamic':
      return joined(pathOf(expression.of, variables), expression.name);
    case 'derived':
    case 'filtered':
      return pathOf(expression.of, variables);
    default:
      return null;
  }
}

function joined(path: string | null, name: string): string | null {
  if (path === null) return null;
  return path === '' ? name : `${path}/${name}`;
}

function gather(expression: Expression, found: Found, variables: Variables): void {
  const path = pathOf(expression, variables);
  if (path !== null && path !== '') found.paths.add(path);
  switch (expression.kind) {
    case 'lambda': {
      gather(expression.of, found, variables);
      found.functions.add(expression.operator);
      if (expression.predicate === null) return;
      const of = pathOf(expression.of, variables) ?? '';
      const inner = expression.variable === null ? variables : new Map([...variables, [expression.variable.name, of]]);
      gather(expression.predicate, found, inner);
      return;
    }
    case 'filtered':
      gather(expression.of, found, variables);
      gather(
        expression.predicate,
        found,
        new Map([...variables, [expression.variable.name, pathOf(expression.of, variables) ?? '']]),
      );
      return;
    case 'count': {
      const of = pathOf(expression.of, variables);
      if (of !== null) found.counted.add(of);
      gather(expression.of, found, variables);
      return;
    }
    case 'call':
      found.functions.add(expression.name);
      break;
    case 'invocation':
      found.functions.add(expression.operation.qualifiedName);
      found.invoked.add(expression.operation);
      break;
    case 'comparison':
    case 'arithmetic':
      found.functions.add(expression.operator);
      break;
    case 'castTo':
      found.functions.add('cast');
      break;
    case 'in':
    case 'has':
    case 'not':
    case 'isof':
      found.functions.add(expression.kind);
      break;
    case 'junction':
      found.functions.add(expression.operator);
      break;
    default:
  }
  for (const part of partsOf(expression)) gather(part, found, variables);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'property':
    case 'navigation':
    case 'dynamic':
    case 'computed':
    case 'derived':
      return [expression.of];
    case 'comparison':
    case 'arithmetic':
    case 'in':
    case 'has':
      return [expression.left, expression.right];
    case 'junction':
      return expression.operands;
    case 'not':
    case 'negate':
    case 'castTo':
    case 'isof':
    case 'isdefined':
      return [expression.operand];
    case 'aggregated':
      return [expression.of];
    case 'hierarchical':
      return expression.other === null ? [expression.node] : [expression.node, expression.other];
    case 'call':
      return expression.arguments;
    case 'invocation':
      return expression.arguments.flatMap(({ value }) => (value.kind === 'json' ? [] : [value]));
    case 'list':
      return expression.items;
    case 'case':
      return expression.branches.flatMap(({ condition, value }) => [condition, value]);
    case 'literal':
    case 'variable':
    case 'these':
    case 'rollupnode':
    case 'root':
    case 'filtered':
    case 'count':
    case 'lambda':
      return [];
  }
}

/** The functions of the model that a request's expressions call, wherever they stand. */
export function invokedBy({ resource, options }: BoundUrl): ReadonlySet<FunctionOverload> {
  const inPath = resource.steps.flatMap((step) => {
    if (step.kind === 'filter') return [step.predicate];
    return step.kind === 'query' ? expressionsIn(step.options) : [];
  });
  return usedBy([...inPath, ...expressionsIn(options)]).invoked;
}

function expressionsIn(options: BoundOptions): readonly Expression[] {
  const { filter, orderby, compute, apply, projection } = options;
  return [
    ...(filter === null ? [] : [filter]),
    ...orderby.map(({ expression }) => expression),
    ...compute.map(({ expression }) => expression),
    ...(apply ?? []).flatMap(expressionsOf),
    ...(projection?.expanded ?? []).flatMap((expansion) => expressionsIn(expansion.options)),
  ];
}
