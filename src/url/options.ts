import { ODataError } from '../errors.js';
import { apply } from './apply.js';
import { type Budget, Cursor, decode, malformed, separated } from './cursor.js';
import { aliasValue, expression, name, nestedOptions, segment } from './expression.js';
import { search } from './search.js';
import type {
  ComputeItem,
  ExpandItem,
  Expression,
  OrderItem,
  PathSegment,
  QueryOptions,
  SelectItem,
} from './syntax.js';

type Value = QueryOptions[Exclude<keyof QueryOptions, 'aliases' | 'custom'>];
const word = /[A-Za-z]+/y;

function whole(input: Cursor, pattern: RegExp, expected: string): string {
  return input.match(pattern) ?? input.fail(expected);
}
function count(input: Cursor): number {
  const value = Number(whole(input, /\d+/y, 'a non-negative integer'));
  if (!Number.isSafeInteger(value)) throw malformed(input.target, 'a smaller integer', input.at(), 'a larger one');
  return value;
}
function rest(input: Cursor): string {
  const text = input.text.slice(input.position);
  if (text === '') input.fail('a value');
  input.position = input.text.length;
  return text;
}

/** One rule per system query option (URL 5.1). */
const rules: ReadonlyMap<string, (input: Cursor) => Value> = new Map<string, (input: Cursor) => Value>([
  ['$filter', expression],
  ['$select', (input) => separated(input, () => selectItem(input))],
  ['$expand', (input) => separated(input, () => expandItem(input))],
  ['$orderby', orderItems],
  ['$compute', computeItems],
  ['$search', search],
  ['$apply', apply],
  ['$top', count],
  ['$skip', count],
  ['$count', (input) => whole(input, /true|false/iy, "'true' or 'false'").toLowerCase() === 'true'],
  [
    '$levels',
    (input) =>
      input.match(/max/iy) === null ? Number(whole(input, /[1-9]\d{0,8}/y, "a positive integer or 'max'")) : 'max',
  ],
  ['$index', (input) => Number(whole(input, /-?\d{1,15}/y, 'an integer'))],
  ['$format', rest],
  ['$schemaversion', rest],
  ['$skiptoken', rest],
  ['$deltatoken', rest],
  ['$id', rest],
]);
/** Options of the whole request, which have no meaning in a nested item. */
const topOnly = new Set(['$format', '$schemaversion', '$skiptoken', '$deltatoken', '$id', '$index']);

/** The canonical name of a system query option: `$` is optional, letter case is free; null for others (URL 5.1). */
function systemName(written: string): string | null {
  const lower = written.toLowerCase();
  const found = lower.startsWith('$') ? lower : `$${lower}`;
  if (rules.has(found)) return found;
  if (written.startsWith('$'))
    throw new ODataError(
      'UnknownQueryOption',
      `There is no system query option '${written.slice(0, 50)}'.`,
      written.slice(0, 50),
    );
  return null;
}

function duplicate(option: string): never {
  throw new ODataError('DuplicateQueryOption', `${option} is given more than once. Give it once.`, option);
}

/** Collects options of one level; refuses duplicates (URL 5.1, 5.3). */
class Collected {
  private readonly system = new Map<string, Value>();
  readonly aliases = new Map<string, Expression>();
  readonly custom: (readonly [string, string])[] = [];
  readonly written: (readonly [string, string])[] = [];

  claim(option: string): void {
    if (this.system.has(option)) duplicate(option);
  }
  set(option: string, value: Value): void {
    this.system.set(option, value);
  }
  alias(alias: string, value: Expression): void {
    if (this.aliases.has(alias)) duplicate(`@${alias}`);
    this.aliases.set(alias, value);
  }
  get options(): QueryOptions {
    return {
      ...(Object.fromEntries(this.system) as Partial<QueryOptions>),
      written: this.written,
      aliases: this.aliases,
      custom: this.custom,
    };
  }
}

/** The text behind `?`: split first, decode each piece once (URL 2.1). */
export function parseQuery(query: string, budget: Budget): QueryOptions {
  const found = new Collected();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const written = decode(equals < 0 ? part : part.slice(0, equals), 'query');
    const raw = equals < 0 ? '' : part.slice(equals + 1);
    if (written.startsWith('@')) {
      const input = new Cursor(raw, written, budget);
      const names = new Cursor(encodeURIComponent(written.slice(1)), written, budget);
      const alias = name(names);
      names.end('the end of the name');
      input.blanks();
      const value = aliasValue(input);
      input.blanks();
      input.end();
      found.alias(alias, value);
      found.written.push([written, input.text]);
      continue;
    }
    const option = systemName(written);
    const rule = option === null ? undefined : rules.get(option);
    if (option === null || !rule) {
      budget.nodes++;
      found.custom.push([written, decode(raw, written)]);
      continue;
    }
    found.claim(option);
    const input = new Cursor(raw, option, budget);
    found.set(option, rule(input));
    input.end();
    found.written.push([option, input.text]);
  }
  return found.options;
}

/** "(" option *( ";" option ) ")" of a nested item      URL 5.1.3, 5.1.4 */
export function queryOptions(input: Cursor): QueryOptions {
  const found = new Collected();
  input.expect('(');
  do {
    input.blanks();
    input.node();
    if (input.take('@')) {
      const alias = name(input);
      input.expect('=');
      const begin = input.position;
      found.alias(alias, aliasValue(input));
      found.written.push([`@${alias}`, input.text.slice(begin, input.position)]);
    } else {
      const start = input.position;
      const option = systemName((input.take('$') ? '$' : '') + (input.match(word) ?? input.fail('a query option')));
      const rule = option === null || topOnly.has(option) ? undefined : rules.get(option);
      if (option === null || !rule) {
        input.position = start;
        return input.fail('a query option of a nested item');
      }
      input.expect('=');
      found.claim(option);
      const begin = input.position;
      found.set(option, rule(input));
      found.written.push([option, input.text.slice(begin, input.position)]);
    }
    input.blanks();
  } while (input.take(';'));
  input.expect(')');
  return found.options;
}

/** $orderby: expression [ asc / desc ]      URL 5.1.5 */
export function orderItems(input: Cursor): OrderItem[] {
  return separated(input, () => {
    const value = expression(input);
    const descending = input.word('desc');
    if (!descending) input.word('asc');
    return { expression: value, descending, at: value.at };
  });
}

/** $compute: expression as Name      URL 5.1.10 */
export function computeItems(input: Cursor): ComputeItem[] {
  return separated(input, () => {
    const value = expression(input);
    if (!input.word('as')) input.fail("'as'");
    input.blanks();
    return { expression: value, name: name(input), at: value.at };
  });
}

const wildcard = /[\p{L}_][\p{L}\p{N}_.]*\.\*/uy;

function selectItem(input: Cursor): SelectItem {
  const at = input.node();
  if (input.take('*')) return { kind: 'all', at };
  const operations = input.match(wildcard);
  if (operations !== null) return { kind: 'allOperations', namespace: operations.slice(0, -2), at };
  const { segments } = projectionPath(input);
  return { kind: 'path', segments, options: nestedOptions(input), at };
}

/** Segments without parentheses, except for the parameter names of a function behind a qualified name. */
function projectionPath(input: Cursor): { segments: PathSegment[]; all: boolean; suffix: ExpandItem['suffix'] } {
  const segments: PathSegment[] = [];
  do {
    if (input.take('*')) {
      const suffix = input.match(/\/\$ref/y) === null ? null : '$ref';
      return { segments, all: true, suffix };
    }
    const special = input.match(/\$(?:ref|count|value)(?!\w)/y);
    if (special !== null) return { segments, all: false, suffix: special.slice(0) as ExpandItem['suffix'] };
    segments.push(projectionSegment(input));
  } while (input.take('/'));
  return { segments, all: false, suffix: null };
}

const plain = /[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}_.]*/uy;
const functionParameters = /\((?:[\p{L}_][\p{L}\p{N}_]*(?:,[\p{L}_][\p{L}\p{N}_]*)*)?\)/uy;

function projectionSegment(input: Cursor): PathSegment {
  if (input.peek('@')) return segment(input, true);
  const at = input.node();
  const found = input.match(plain) ?? input.fail('a name');
  const parameters = input.match(functionParameters);
  if (parameters === null) return { kind: 'name', name: found, arguments: null, at };
  const values = parameters
    .slice(1, -1)
    .split(',')
    .filter((text) => text !== '')
    .map((text) => ({
      kind: 'path' as const,
      root: null,
      segments: [{ kind: 'name' as const, name: text, arguments: null, at }],
      at,
    }));
  return { kind: 'name', name: found, arguments: { kind: 'positional', values }, at };
}

/** One item of $expand      URL 5.1.3 */
export function expandItem(input: Cursor): ExpandItem {
  const at = input.node();
  const { segments, all, suffix } = projectionPath(input);
  const start = input.position;
  const options = nestedOptions(input);
  const barred = suffix === '$count' ? notOfCounts : suffix === null ? [] : notOfReferences;
  if (barred.some((option) => options[option] !== undefined)) {
    input.position = start;
    input.fail(`only options that apply to ${suffix}`);
  }
  return { all, segments, suffix, options, at };
}

/** What cannot stand behind `/$ref` and `/$count`      URL 5.1.3 */
const notOfReferences = ['$select', '$expand', '$compute', '$levels'] as const;
const notOfCounts = [...notOfReferences, '$orderby', '$skip', '$top', '$count'] as const;
