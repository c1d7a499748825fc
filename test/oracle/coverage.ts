import type { BoundOptions, BoundUrl, Expansion, Expression, Search } from '../../src/bind/index.js';
import type { Answer } from './answer.js';

/** How often something was asked for, and how often with a result that is neither empty nor everything. */
export interface Count {
  asked: number;
  telling: number;
}

/** Counts the options, operators, functions and transformations that requests use, and the pairs of options. */
export class Coverage {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly expected: readonly string[]) {
    for (const name of expected) this.counts.set(name, { asked: 0, telling: 0 });
  }

  add(bound: BoundUrl, answer: Answer): void {
    const telling = isTelling(answer);
    for (const name of featuresOf(bound)) {
      const count = this.counts.get(name) ?? { asked: 0, telling: 0 };
      count.asked += 1;
      count.telling += telling ? 1 : 0;
      this.counts.set(name, count);
    }
  }

  /** What should have had a telling result and never had. */
  missing(): readonly string[] {
    return this.expected.filter((name) => this.counts.get(name)?.telling === 0);
  }

  print(): string {
    const lines = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return lines.map(([name, { asked, telling }]) => `${name.padEnd(34)} ${asked} ${telling}`).join('\n');
  }
}

/** Some rows, and not all of those that there are. */
function isTelling(answer: Answer): boolean {
  switch (answer.kind) {
    case 'collection':
      return answer.items.length > 0 && answer.items.length < answer.of;
    case 'count':
      return answer.count > 0 && answer.count < answer.of;
    case 'single':
    case 'raw':
      return true;
    case 'nothing':
    case 'missing':
      return false;
  }
}

/** The names under which what a request uses is counted. */
function featuresOf({ resource, options }: BoundUrl): ReadonlySet<string> {
  const found = new Set<string>([`path ${resource.kind}`, ...resource.steps.map(({ kind }) => `step ${kind}`)]);
  const used = optionsOf(options);
  for (const name of used) found.add(`option ${name}`);
  for (const [at, name] of used.entries()) for (const other of used.slice(at + 1)) found.add(`pair ${name} ${other}`);
  collect(options, found);
  return found;
}

function optionsOf(options: BoundOptions): readonly string[] {
  const used: readonly (readonly [string, boolean])[] = [
    ['$apply', options.apply !== null],
    ['$compute', options.compute.length > 0],
    ['$count', options.count],
    ['$expand', (options.projection?.expanded.length ?? 0) > 0],
    ['$filter', options.filter !== null],
    ['$orderby', options.orderby.length > 0],
    ['$search', options.search !== null],
    ['$select', (options.projection?.selected ?? null) !== null],
    ['$skip', options.skip !== null],
    ['$top', options.top !== null],
  ];
  return used.filter(([, isUsed]) => isUsed).map(([name]) => name);
}

function collect(options: BoundOptions, found: Set<string>): void {
  const add = (expression: Expression | null) => expression !== null && expressionOf(expression, found);
  add(options.filter);
  for (const { expression, descending } of options.orderby) {
    found.add(descending ? 'order desc' : 'order asc');
    add(expression);
  }
  for (const { expression } of options.compute) add(expression);
  if (options.search !== null) searchOf(options.search, found);
  for (const step of options.apply ?? []) {
    found.add(`transformation ${step.kind}`);
    if (step.kind === 'filter') add(step.predicate);
    if (step.kind === 'compute') for (const { expression } of step.items) add(expression);
    if (step.kind === 'aggregate')
      for (const { value } of step.aggregates)
        found.add(`aggregate ${value.kind === 'method' ? value.method : value.kind}`);
  }
  for (const expansion of options.projection?.expanded ?? []) expansionOf(expansion, found);
}

function expansionOf(expansion: Expansion, found: Set<string>): void {
  for (const name of optionsOf(expansion.options)) found.add(`nested ${name}`);
  if (expansion.levels !== 0) found.add('nested $levels');
  found.add(`expand ${expansion.form}`);
  collect(expansion.options, found);
}

function searchOf(search: Search, found: Set<string>): void {
  found.add(`search ${search.kind === 'junction' ? search.operator : search.kind}`);
  if (search.kind === 'junction') for (const operand of search.operands) searchOf(operand, found);
  if (search.kind === 'not') searchOf(search.operand, found);
}

function expressionOf(node: Expression, found: Set<string>): void {
  found.add(nameOf(node));
  for (const part of partsOf(node)) expressionOf(part, found);
}

function nameOf(node: Expression): string {
  switch (node.kind) {
    case 'call':
      return `function ${node.arguments[0]?.collection ? `${node.name} (collection)` : node.name}`;
    case 'comparison':
    case 'arithmetic':
    case 'junction':
    case 'lambda':
      return `operator ${node.operator}`;
    case 'literal':
      return `literal ${node.type?.qualifiedName ?? 'null'}`;
    default:
      return `expression ${node.kind}`;
  }
}

function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'variable':
    case 'these':
    case 'rollupnode':
    case 'root':
      return [];
    case 'list':
      return node.items;
    case 'property':
    case 'dynamic':
    case 'computed':
    case 'navigation':
    case 'derived':
    case 'count':
      return [node.of];
    case 'filtered':
      return [node.of, node.predicate];
    case 'lambda':
      return node.predicate === null ? [node.of] : [node.of, node.predicate];
    case 'comparison':
    case 'arithmetic':
    case 'in':
    case 'has':
      return [node.left, node.right];
    case 'junction':
      return node.operands;
    case 'not':
    case 'negate':
    case 'castTo':
    case 'isof':
    case 'isdefined':
      return [node.operand];
    case 'aggregated':
      return [node.of];
    case 'hierarchical':
      return node.other === null ? [node.node] : [node.node, node.other];
    case 'call':
      return node.arguments;
    case 'invocation':
      return node.arguments.flatMap(({ value }) => (value.kind === 'json' ? [] : [value]));
    case 'case':
      return node.branches.flatMap(({ condition, value }) => [condition, value]);
  }
}

const options = ['$compute', '$count', '$expand', '$filter', '$orderby', '$search', '$select', '$skip', '$top'];
const words = (prefix: string, names: string) => names.split(' ').map((name) => `${prefix} ${name}`);

/** What a long run must have asked with a telling result. */
export const wanted: readonly string[] = [
  ...options.map((name) => `option ${name}`),
  ...options.flatMap((name, at) => options.slice(at + 1).map((other) => `pair ${name} ${other}`)),
  ...options.map((name) => `nested ${name}`),
  'nested $levels',
  'option $apply',
  ...['$count', '$filter', '$orderby', '$skip', '$top'].map((name) => `pair $apply ${name}`),
  ...words('transformation', 'filter compute aggregate groupby first orderby skip top'),
  ...words('aggregate', 'sum average min max countdistinct count'),
  ...words('expand', 'entities count references'),
  ...words('order', 'asc desc'),
  ...words('search', 'and or not word phrase'),
  ...words('operator', 'eq ne gt ge lt le and or any all add sub mul div divby mod'),
  ...words('expression', 'not negate in has root dynamic derived filtered count navigation computed castTo isof case'),
  ...words(
    'function',
    'concat contains endswith indexof length startswith substring matchespattern tolower toupper trim',
  ),
  ...words('function', 'date day fractionalseconds hour minute month second time totaloffsetminutes totalseconds year'),
  ...words('function', 'ceiling floor round'),
  ...'contains endswith indexof length startswith hassubset hassubsequence'
    .split(' ')
    .map((name) => `function ${name} (collection)`),
  ...words('path', 'entityCollection entity complex complexCollection primitive primitiveCollection count rawValue'),
  ...words('step', 'entitySet key navigation property cast filter ordinal'),
];
