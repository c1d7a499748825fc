import { ODataError } from '../errors.js';
import { aggregateExpression } from './apply.js';
import { Cursor, freshBudget, type UrlLimits } from './cursor.js';
import { requireText } from './decode.js';
import { expression } from './expression.js';
import { value } from './json.js';
import { parseQuery } from './options.js';
import { parsePath } from './path.js';
import type { AggregateExpression, Expression, QueryOptions, ResourceSegment, Url } from './syntax.js';

/**
 * Reads path and query relative to the service root, undecoded. Throws MalformedUrl, MalformedQueryOption, UnknownQueryOption,
 * DuplicateQueryOption, QueryOptionNotApplicable, MissingValue or LimitExceeded.
 */
export function parseUrl(text: string, limits?: Partial<UrlLimits>): Url {
  const budget = freshBudget(limits);
  requireText(text, 'path');
  const hash = text.indexOf('#');
  const request = hash < 0 ? text : text.slice(0, hash);
  const mark = request.indexOf('?');
  const path = mark < 0 ? request : request.slice(0, mark);
  const segments = parsePath(path, budget);
  const options = parseQuery(mark < 0 ? '' : request.slice(mark + 1), budget);
  refuseInapplicable(segments, options);
  return { segments, options, path };
}

/** Reads one expression, as in `$filter`, undecoded. */
export function parseExpression(text: string, limits?: Partial<UrlLimits>): Expression {
  requireText(text, '$filter');
  const input = new Cursor(text, '$filter', freshBudget(limits));
  const found = expression(input);
  input.end();
  return found;
}

/** Reads one aggregate expression, as in `aggregate(…)`, undecoded (Aggregation 3.2.1.1). */
export function parseAggregate(text: string): AggregateExpression {
  requireText(text, '$apply');
  const input = new Cursor(text, '$apply', freshBudget(undefined));
  const found = aggregateExpression(input);
  input.end();
  return found;
}

/** Reads one value as a parameter alias has it, a literal, JSON or an expression; undecoded. */
export function parseArgument(text: string, target: string): Expression {
  requireText(text, target);
  const input = new Cursor(text, target, freshBudget(undefined));
  const found = value(input);
  input.end();
  return found;
}

const documentOptions = ['$format', '$schemaversion'] as const;

/** What the words at the beginning of a path take (URL 4.1 to 4.3.4); more is said by the resource, once it is known. */
function refuseInapplicable(segments: readonly ResourceSegment[], options: QueryOptions): void {
  const kind = segments[0]?.kind;
  switch (kind) {
    case '$metadata':
    case '$batch':
      allowOnly(options, documentOptions, kind);
      return;
    case '$entity':
      allowOnly(
        options,
        segments.length === 1 ? ['$id', '$format'] : ['$id', '$format', '$select', '$expand'],
        '$entity',
      );
      if (options.$id === undefined)
        throw new ODataError('MissingValue', '$entity needs the id of an entity in $id.', '$id');
      return;
  }
}

function allowOnly(options: QueryOptions, allowed: readonly string[], where: string): void {
  const wrong = Object.keys(options).find((name) => name.startsWith('$') && !allowed.includes(name));
  if (wrong === undefined) return;
  throw new ODataError('QueryOptionNotApplicable', `${wrong} does not apply to ${where}; leave it out.`, wrong);
}
