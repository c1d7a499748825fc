import { encode, printAggregate, printCompute, printExpand, printOrder, printSearch } from './print.js';
import { printArguments, printExpression, printPath } from './print-expression.js';
import type { GroupingItem, HierarchyArguments, Transformation } from './syntax.js';

/** The transformations of `$apply`, percent-encoded (Aggregation 3). */
export function printApply(steps: readonly Transformation[]): string {
  return steps.map(printStep).join('/');
}

function printStep(step: Transformation): string {
  switch (step.kind) {
    case 'identity':
      return step.kind;
    case 'aggregate':
      return `aggregate(${step.items.map(printAggregate).join(',')})`;
    case 'groupby':
      return `groupby((${step.by.map(printGrouping).join(',')})${then(step.transformations)})`;
    case 'filter':
      return `filter(${printExpression(step.predicate)})`;
    case 'orderby':
      return `orderby(${step.items.map(printOrder).join(',')})`;
    case 'search':
      return `search(${printSearch(step.expression)})`;
    case 'compute':
      return `compute(${step.items.map(printCompute).join(',')})`;
    case 'skip':
    case 'top':
      return `${step.kind}(${printExpression(step.count)})`;
    case 'topcount':
    case 'bottomcount':
    case 'topsum':
    case 'bottomsum':
    case 'toppercent':
    case 'bottompercent':
      return `${step.kind}(${printExpression(step.amount)},${printExpression(step.by)})`;
    case 'concat':
      return `concat(${step.branches.map(printApply).join(',')})`;
    case 'join':
    case 'outerjoin':
      return `${step.kind}(${printPath(step.path)} as ${encode(step.name)}${then(step.transformations)})`;
    case 'nest':
      return `nest(${step.branches.map(printBranch).join(',')})`;
    case 'addnested':
      return `addnested(${[printPath(step.path), ...step.branches.map(printBranch)].join(',')})`;
    case 'expand':
      return `expand(${printExpand(step.item)}${then(step.transformations)})`;
    case 'ancestors':
    case 'descendants':
    case 'traverse':
      return `${step.kind}(${printHierarchy(step.arguments)})`;
    case 'custom':
      return `${encode(step.name)}${printArguments(step.arguments)}`;
  }
}

function then(steps: readonly Transformation[]): string {
  return steps.length === 0 ? '' : `,${printApply(steps)}`;
}

function printBranch(branch: { readonly transformations: readonly Transformation[]; readonly name: string }): string {
  return `${printApply(branch.transformations)} as ${encode(branch.name)}`;
}

function printGrouping(item: GroupingItem): string {
  switch (item.kind) {
    case 'path':
      return printPath(item.path);
    case 'rollup':
      return `rollup(${item.items.map((level) => (level === '$all' ? level : printPath(level))).join(',')})`;
    case 'rolluprecursive':
      return `rolluprecursive(${printHierarchy(item.arguments)})`;
  }
}

function printHierarchy(given: HierarchyArguments): string {
  return [
    printPath(given.collection),
    encode(given.qualifier),
    printPath(given.property),
    ...(given.order === null ? [] : [given.order]),
    ...(given.start.length === 0 ? [] : [printApply(given.start)]),
    ...(given.distance === null ? [] : [String(given.distance)]),
    ...(given.keepStart ? ['keep start'] : []),
    ...given.orderby.map(printOrder),
  ].join(',');
}
