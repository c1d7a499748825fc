import { annotatedPageSize, type EntitySet, type NavigationProperty } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Mark, openMark } from '../plan/index.js';
import type { Preferences } from '../protocol/index.js';
import type { Exchange } from './context.js';
import type { Engine } from './service.js';

/**
 * Rows of one answer: what the client prefers, else what the model or the service usually gives, all within the server's bounds
 * (Protocol 8.2.8.5). A `$top` within the bounds is one page.
 */
export function pageSizeOf(
  of: EntitySet | NavigationProperty | null,
  top: number | null,
  preferences: Preferences,
  { model, settings }: Engine,
): number {
  const usual = (of === null ? null : annotatedPageSize(of, model)) ?? settings.pageSize;
  const wanted = preferences.maxPageSize ?? (top === null ? usual : Math.max(usual, top));
  return Math.min(Math.max(1, wanted), settings.maxPageSize);
}

/** A request as path and options. */
export interface Query {
  readonly path: string;
  /** As written. */
  readonly query: readonly string[];
}

/** The path, and the options as written without the place: a token opens only for the query it was made for. */
export function queryOf({ request }: Exchange, without: readonly string[] = ['skiptoken']): Query {
  const [path = '', ...rest] = request.url.split('?');
  const query = rest.join('?').split('&');
  const left = new RegExp(`^(?:\\$|%24)?(?:${without.join('|')})=`, 'i');
  return { path, query: query.filter((part) => part !== '' && !left.test(part)) };
}

/** Where the page begins that `$skiptoken` asks for; null: at the beginning. Throws InvalidSkipToken. */
export function beginOf(exchange: Exchange, engine: Engine): Mark | null {
  const token = exchange.url.options.skiptoken;
  if (token === null) return null;
  const { path, query } = queryOf(exchange);
  const mark = openMark(token, path, query, engine.key);
  if (mark !== null) return mark;
  throw new ODataError(
    'InvalidSkipToken',
    'The $skiptoken is not one of this query; take it from the next link unchanged, or start again without it.',
    '$skiptoken',
  );
}
