import { printApply } from './print-apply.js';
import { printArguments, printExpression, printPath, printSegments } from './print-expression.js';
import type {
  AggregateExpression,
  ComputeItem,
  ContextItem,
  ContextUrl,
  ExpandItem,
  OrderItem,
  PathSegment,
  QueryOptions,
  ResourceSegment,
  SearchExpression,
  SelectItem,
  Url,
} from './syntax.js';

/** A text as data of a URL: everything that could mean something there is percent-encoded. */
export function encode(text: string): string {
  return encodeURIComponent(text);
}

/** What structure leaves unencoded and a URL may not hold. */
const unsafe = /[ "<>[\\\]^`{|}]/g;

/** The URL, relative to the service root, that `parseUrl` reads as the same tree (positions aside). */
export function printUrl({ segments, options }: Omit<Url, 'path'>): string {
  const path = segments.map(printResource).join('/');
  const query = printOptions(options).join('&');
  return `${path}${query === '' ? '' : `?${query}`}`.replace(unsafe, encodeURIComponent);
}

function printResource(segment: ResourceSegment): string {
  switch (segment.kind) {
    case 'name':
      return encode(segment.text);
    case '$filter': {
      const key = segment.key === null ? '' : printArguments(segment.key);
      return `$filter(${inPath(printExpression(segment.predicate))})${inPath(key)}`;
    }
    case '$crossjoin':
      return `$crossjoin(${segment.sets.map(encode).join(',')})`;
    case '$count':
    case '$value':
    case '$ref':
    case '$each':
    case '$query':
    case '$all':
    case '$batch':
    case '$metadata':
    case '$entity':
      return segment.kind;
  }
}

/** Within a segment of the path slashes and question marks are data. */
function inPath(text: string): string {
  return text.replaceAll('/', '%2F').replaceAll('?', '%3F');
}

/** The options of one level, each as `name=value`. */
function printOptions(options: QueryOptions): readonly string[] {
  const { aliases, custom } = options;
  const texts = Object.entries({
    $apply: options.$apply && printApply(options.$apply),
    $compute: options.$compute?.map(printCompute).join(','),
    $filter: options.$filter && printExpression(options.$filter),
    $search: options.$search && printSearch(options.$search),
    $count: options.$count?.toString(),
    $orderby: options.$orderby?.map(printOrder).join(','),
    $skip: options.$skip?.toString(),
    $top: options.$top?.toString(),
    $select: options.$select?.map(printSelected).join(','),
    $expand: options.$expand?.map(printExpand).join(','),
    $levels: options.$levels?.toString(),
    $index: options.$index?.toString(),
    $format: options.$format && encode(options.$format),
    $schemaversion: options.$schemaversion,
    $skiptoken: options.$skiptoken && encode(options.$skiptoken),
    $deltatoken: options.$deltatoken && encode(options.$deltatoken),
    $id: options.$id && encode(options.$id),
  } satisfies {
    readonly [Name in Exclude<keyof QueryOptions, 'written' | 'aliases' | 'custom'>]-?: string | undefined;
  });
  return [
    ...texts.flatMap(([name, text]) => (text === undefined ? [] : [`${name}=${text}`])),
    ...[...aliases].map(([name, value]) => `@${encode(name)}=${printExpression(value)}`),
    ...custom.map(([name, value]) => `${encode(name)}=${encode(value)}`),
  ];
}

/** The options of a nested item in their parentheses; nothing when there are none. */
export function printNested(options: QueryOptions): string {
  const texts = printOptions(options);
  return texts.length === 0 ? '' : `(${texts.join(';')})`;
}

export function printCompute(item: ComputeItem): string {
  return `${printExpression(item.expression)} as ${encode(item.name)}`;
}

export function printOrder(item: OrderItem): string {
  return `${printExpression(item.expression)}${item.descending ? ' desc' : ''}`;
}

function printSelected(item: SelectItem): string {
  switch (item.kind) {
    case 'all':
      return '*';
    case 'allOperations':
      return `${encode(item.namespace)}.*`;
    case 'path':
      return `${printSegments(item.segments)}${printNested(item.options)}`;
  }
}

export function printExpand(item: ExpandItem): string {
  const path = [
    ...(item.segments.length === 0 ? [] : [printSegments(item.segments)]),
    ...(item.all ? ['*'] : []),
    ...(item.suffix === null ? [] : [item.suffix]),
  ];
  return `${path.join('/')}${printNested(item.options)}`;
}

/** `$search`: AND is always written, groups stand in parentheses. */
export function printSearch(node: SearchExpression): string {
  switch (node.kind) {
    case 'junction':
      return node.operands
        .map((operand) =>
          operand.kind === 'junction' && !binds(operand, node) ? `(${printSearch(operand)})` : printSearch(operand),
        )
        .join(` ${node.operator.toUpperCase()} `);
    case 'not':
      return `NOT ${node.operand.kind === 'junction' ? `(${printSearch(node.operand)})` : printSearch(node.operand)}`;
    case 'phrase':
      return node.text === '' ? "''" : encode(`"${node.text.replace(/["\\]/g, '\\$&')}"`);
    case 'word':
      return encode(node.text);
  }
}

type SearchJunction = Extract<SearchExpression, { kind: 'junction' }>;

function binds(inner: SearchJunction, outer: SearchJunction): boolean {
  return inner.operator === 'and' && outer.operator === 'or';
}

/** One aggregate expression (Aggregation 3.2.1). */
export function printAggregate(item: AggregateExpression): string {
  const parts = [item.expression === null ? '$count' : printExpression(item.expression)];
  if (item.nested !== null) parts[0] += `(${item.nested.map(printAggregate).join(',')})`;
  if (item.method !== null) parts.push('with', item.method);
  for (const { paths, method } of item.from)
    parts.push('from', paths.map(printPath).join(','), ...(method === null ? [] : ['with', method]));
  if (item.alias !== null) parts.push('as', encode(item.alias));
  return parts.join(' ');
}

/** The context URL that `parseContext` reads as the same tree (positions aside). */
export function printContext({ root, collection, segments, select, suffix }: ContextUrl): string {
  const path = segments
    .map((segment, index) => {
      if (segment.kind === 'key') return printArguments(segment.arguments);
      return `${index === 0 ? '' : '/'}${segment.name}`;
    })
    .join('');
  const fragment = `${collection ? `Collection(${path})` : path}${select === null ? '' : printSelectList(select)}`;
  const end = suffix === null ? '' : `${segments.length === 0 ? '' : '/'}${suffix}`;
  const document = root === '' ? '' : `${root}$metadata`;
  return fragment + end === '' ? `${root}$metadata` : `${document}#${fragment}${end}`;
}

function printSelectList(items: readonly ContextItem[]): string {
  const texts = items.map(({ path, recursive, items: nested }) => {
    return `${path}${recursive ? '+' : ''}${nested === null ? '' : printSelectList(nested)}`;
  });
  return `(${texts.join(',')})`;
}

function segmentName(segment: PathSegment): string {
  switch (segment.kind) {
    case 'name':
      return segment.name;
    case 'annotation':
      return `@${segment.term}${segment.qualifier === null ? '' : `#${segment.qualifier}`}`;
    case 'lambda':
      return segment.operator;
    case '$count':
    case '$filter':
    case '$value':
    case '$ref':
    case 'aggregate':
      return segment.kind;
  }
}

/** A `$select` item as the select list of a context URL names it: its path, without options. */
export function printSelect(item: SelectItem): string {
  switch (item.kind) {
    case 'all':
      return '*';
    case 'allOperations':
      return `${item.namespace}.*`;
    case 'path':
      return item.segments.map(segmentName).join('/');
  }
}
