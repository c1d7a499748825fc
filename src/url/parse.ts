import { ODataError } from '../errors.js';
import { aggregateExpression } from './apply.js';
import { type Budget, Cursor, defaultLimits, malformed, type UrlLimits } from './cursor.js';
import { aliasValue, argumentList, expression, inParentheses, name } from './expression.js';
import { parseQuery } from './options.js';
import type { AggregateExpression, Arguments, Expression, ResourceSegment, Url } from './syntax.js';

const words = new Set([
  '$count',
  '$value',
  '$ref',
  '$each',
  '$query',
  '$all',
  '$batch',
  '$metadata',
  '$entity',
] as const);
type Word = typeof words extends Set<infer T> ? T : never;

/**
 * Reads path and query relative to the service root, undecoded. Throws MalformedUrl, MalformedQueryOption, UnknownQueryOption,
 * DuplicateQueryOption or LimitExceeded.
 */
export function parseUrl(text: string, limits: Partial<UrlLimits> = {}): Url {
  const budget: Budget = { limits: { ...defaultLimits, ...limits }, nodes: 0 };
  const hash = text.indexOf('#');
  const request = hash < 0 ? text : text.slice(0, hash);
  const mark = request.indexOf('?');
  const path = mark < 0 ? request : request.slice(0, mark);
  const segments = parsePath(path, budget);
  return { segments, options: parseQuery(mark < 0 ? '' : request.slice(mark + 1), budget), path };
}

/** Reads one expression, as in `$filter`, undecoded. */
export function parseExpression(text: string, limits: Partial<UrlLimits> = {}): Expression {
  const input = new Cursor(text, '$filter', { limits: { ...defaultLimits, ...limits }, nodes: 0 });
  const found = expression(input);
  input.end();
  return found;
}

/** Reads one aggregate expression, as in `aggregate(…)`, undecoded (Aggregation 3.2.1.1). */
export function parseAggregate(text: string, limits: Partial<UrlLimits> = {}): AggregateExpression {
  const input = new Cursor(text, '$apply', { limits: { ...defaultLimits, ...limits }, nodes: 0 });
  const found = aggregateExpression(input);
  input.end();
  return found;
}

/** Reads one value as a parameter alias has it, a literal, JSON or an expression; undecoded. */
export function parseArgument(text: string, target: string): Expression {
  const input = new Cursor(text, target, { limits: defaultLimits, nodes: 0 });
  const found = aliasValue(input);
  input.end();
  return found;
}

/** Segments are split at `/` before they are decoded (URL 2.1). */
function parsePath(path: string, budget: Budget): ResourceSegment[] {
  const parts = path.split('/');
  let at = 0;
  const segments: ResourceSegment[] = [];
  for (const [index, part] of parts.entries()) {
    const edge = index === 0 || index === parts.length - 1;
    if (part === '' && !edge) throw malformed('path', 'a segment', at, "'/'");
    if (part !== '') segments.push(resourceSegment(new Cursor(part, 'path', budget, at)));
    at += part.length + 1;
  }
  return segments;
}

function resourceSegment(input: Cursor): ResourceSegment {
  const at = input.node();
  const text = input.text;
  if (words.has(text as Word)) return { kind: text as Word, at };
  if (input.take('$filter(')) {
    input.position--;
    const predicate = inParentheses(input);
    const key = input.peek('(') ? argumentList(input) : null;
    input.end();
    return { kind: '$filter', predicate, arguments: key, at };
  }
  if (input.take('$crossjoin(')) {
    const sets = [name(input)];
    while (input.take(',')) sets.push(name(input));
    input.expect(')');
    input.end();
    return { kind: '$crossjoin', sets, at };
  }
  const open = text.indexOf('(');
  const plain: ResourceSegment = { kind: 'name', name: text, arguments: null, key: null, text, at };
  if (open <= 0 || !text.endsWith(')')) return plain;
  input.position = open;
  const found = tryArguments(input);
  return found ? { ...plain, name: text.slice(0, open), arguments: found[0], key: found[1] } : plain;
}

/** A segment that is no name with arguments may still be a key (URL 4.3.6); limits stay limits. */
function tryArguments(input: Cursor): readonly [Arguments, Arguments | null] | null {
  try {
    const found = argumentList(input);
    const key = input.done ? null : argumentList(input);
    return input.done ? [found, key] : null;
  } catch (error) {
    if (error instanceof ODataError && error.code !== 'LimitExceeded') return null;
    throw error;
  }
}
