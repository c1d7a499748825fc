import { strength } from './expression.js';
import { encode, printAggregate, printNested } from './print.js';
import type { Arguments, Expression, Literal, Path, PathSegment } from './syntax.js';

/** How tightly an expression binds, from `or` to what needs no parentheses anywhere. */
function tightness(node: Expression): number {
  switch (node.kind) {
    case 'junction':
      return node.operator === 'or' ? 0 : 1;
    case 'binary':
      return 1 + strength[node.operator];
    case 'unary':
      return 7;
    case 'literal':
    case 'list':
    case 'object':
    case 'alias':
    case 'path':
    case 'call':
    case 'cast':
    case 'isof':
    case 'case':
      return 8;
  }
}

/** The text of an expression, percent-encoded; in parentheses when it binds less tightly than asked for. */
export function printExpression(node: Expression, least = 0): string {
  const text = plain(node);
  return tightness(node) < least ? `(${text})` : text;
}

function plain(node: Expression): string {
  switch (node.kind) {
    case 'junction':
      return node.operands.map((operand) => printExpression(operand, tightness(node) + 1)).join(` ${node.operator} `);
    case 'binary': {
      const own = tightness(node);
      return `${printExpression(node.left, own)} ${node.operator} ${printExpression(node.right, own + 1)}`;
    }
    case 'unary':
      return node.operator === 'not' ? `not ${printExpression(node.operand, 7)}` : `-${negated(node.operand)}`;
    case 'literal':
      return printLiteral(node);
    case 'list':
      return `[${node.items.map((item) => printExpression(item)).join(',')}]`;
    case 'object':
      return `{${node.members.map(([name, value]) => `${encode(JSON.stringify(name))}:${printExpression(value)}`).join(',')}}`;
    case 'alias':
      return `@${encode(node.name)}`;
    case 'path':
      return printPath(node);
    case 'call':
      return `${node.name}(${node.arguments.map((item) => printExpression(item)).join(',')})`;
    case 'cast':
    case 'isof': {
      const type = node.collection ? `Collection(${encode(node.type)})` : encode(node.type);
      return `${node.kind}(${node.operand === null ? '' : `${printExpression(node.operand)},`}${type})`;
    }
    case 'case':
      return `case(${node.branches.map((branch) => `${printExpression(branch.condition)} : ${printExpression(branch.value)}`).join(',')})`;
  }
}

/** `-5` is a literal, `- 5` the negation of one. */
function negated(operand: Expression): string {
  return `${operand.kind === 'literal' ? ' ' : ''}${printExpression(operand, 7)}`;
}

function printLiteral({ form, text, type }: Literal): string {
  const quoted = () => `'${encode(text.replaceAll("'", "''"))}'`;
  switch (form) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'double':
    case 'guid':
    case 'date':
    case 'dateTimeOffset':
    case 'timeOfDay':
      return encode(text);
    case 'string':
      return quoted();
    case 'duration':
    case 'binary':
    case 'geography':
    case 'geometry':
      return `${form}${quoted()}`;
    case 'enum':
      return `${encode(type ?? '')}${quoted()}`;
  }
}

/** `@a/Name`, `$it/Tags/any(t:t eq 'x')`. */
export function printPath({ root, segments }: Path): string {
  const start = root === null || typeof root === 'string' ? root : `@${encode(root.name)}`;
  return start === null
    ? printSegments(segments)
    : [start, ...(segments.length > 0 ? [printSegments(segments)] : [])].join('/');
}

/** Segments joined by slashes. */
export function printSegments(segments: readonly PathSegment[]): string {
  return segments.map(printSegment).join('/');
}

function given(values: Arguments | null): string {
  return values === null ? '' : printArguments(values);
}

function printSegment(segment: PathSegment): string {
  switch (segment.kind) {
    case 'name':
      return encode(segment.name) + given(segment.arguments) + given(segment.key);
    case 'annotation':
      return `@${encode(segment.term)}${segment.qualifier === null ? '' : `%23${encode(segment.qualifier)}`}`;
    case 'lambda':
      return segment.variable === null || segment.predicate === null
        ? `${segment.operator}()`
        : `${segment.operator}(${encode(segment.variable)}:${printExpression(segment.predicate)})`;
    case '$count':
      return `$count${printNested(segment.options)}`;
    case '$filter':
      return `$filter(${printExpression(segment.predicate)})${given(segment.key)}`;
    case '$value':
    case '$ref':
      return segment.kind;
    case 'aggregate':
      return `aggregate(${segment.items.map(printAggregate).join(',')})`;
  }
}

/** `(1)`, `(a=1,b=@x)`, `()`. */
export function printArguments(list: Arguments): string {
  const values =
    list.kind === 'positional'
      ? list.values.map((value) => printExpression(value))
      : list.values.map(({ name, value }) => `${encode(name)}=${printExpression(value)}`);
  return `(${values.join(',')})`;
}
