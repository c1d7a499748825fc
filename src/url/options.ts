import { ODataError } from '../errors.js';
import { apply } from './apply.js';
import { type Budget, Cursor, separated } from './cursor.js';
import { decode, malformed } from './decode.js';
import { expression } from './expression.js';
import { value } from './json.js';
import { name } from './member.js';
import { expandItems, selectItems } from './projection.js';
import { search } from './search.js';
import type { ComputeItem, Expression, OrderItem, QueryOptions } from './syntax.js';

type Option = Exclude<keyof QueryOptions, 'written' | 'aliases' | 'custom'>;
type Rules = { readonly [Name in Option]: (input: Cursor) => NonNullable<QueryOptions[Name]> };
type Mutable = { -readonly [Name in keyof QueryOptions]: QueryOptions[Name] };

const digits = /\d+/y;
const truth = /true|false/iy;
const levels = /max|[1-9]\d{0,8}/iy;
const integer = /-?\d{1,15}/y;
const format = /atom$|json$|xml$|[^/]+\/.+/isy;
const version = /\*$|[\w.~-]+/y;

function whole(input: Cursor, pattern: RegExp, expected: string): string {
  return input.match(pattern) ?? input.fail(expected);
}
function count(input: Cursor): number {
  const found = Number(whole(input, digits, 'a non-negative integer'));
  if (!Number.isSafeInteger(found)) throw malformed(input.target, 'a smaller integer', input.at(), 'a larger one');
  return found;
}
function levelsOf(text: string): number | 'max' {
  return text.toLowerCase() === 'max' ? 'max' : Number(text);
}
function rest(input: Cursor): string {
  if (input.done) input.fail('a value');
  const { position } = input;
  input.position = input.text.length;
  return input.text.slice(position);
}

/** One rule per system query option (URL 5.1). */
const rules: Rules = {
  $filter: expression,
  $select: selectItems,
  $expand: expandItems,
  $orderby: orderItems,
  $compute: computeItems,
  $search: search,
  $apply: apply,
  $top: count,
  $skip: count,
  $count: (input) => whole(input, truth, "'true' or 'false'").toLowerCase() === 'true',
  $levels: (input) => levelsOf(whole(input, levels, "a positive integer or 'max'")),
  $index: (input) => Number(whole(input, integer, 'an integer')),
  $format: (input) => whole(input, format, 'json, xml, atom or a media type'),
  $schemaversion: (input) => whole(input, version, "a version or '*'"),
  $skiptoken: rest,
  $deltatoken: rest,
  $id: rest,
};
const names: ReadonlyMap<string, Option> = new Map(Object.keys(rules).map((option) => [option, option as Option]));
/** Known with `$` only (ABNF). */
const withDollar: ReadonlySet<string> = new Set<Option>(['$skiptoken', '$deltatoken']);
/** Options of the whole request, which have no meaning in a nested item. */
const topOnly: readonly Option[] = ['$format', '$schemaversion', '$skiptoken', '$deltatoken', '$id', '$index'];

/** The canonical name of a system query option: `$` is optional, letter case is free (URL 5.1); null for others. */
function systemName(written: string): Option | null {
  const exact = names.get(written);
  if (exact !== undefined) return exact;
  const lower = written.toLowerCase();
  if (lower.startsWith('$')) return names.get(lower) ?? null;
  const found = names.get(`$${lower}`);
  return found === undefined || withDollar.has(found) ? null : found;
}

function duplicate(option: string): never {
  throw new ODataError('DuplicateQueryOption', `${option} is given more than once. Give it once.`, option);
}

/** Options of one level while they are collected; duplicates are refused (URL 5.1, 5.3). */
class Collected {
  private aliases: Map<string, Expression> | null = null;
  private custom: (readonly [string, string])[] | null = null;
  private written: (readonly [string, string])[] | null = null;
  private readonly found: Mutable = { written: noCustom, aliases: noAliases, custom: noCustom };

  read<Name extends Option>(option: Name, input: Cursor): void {
    if (this.found[option] !== undefined) duplicate(option);
    const start = input.position;
    this.found[option] = rules[option](input) as Mutable[Name];
    this.note(option, input.text.slice(start, input.position));
  }
  alias(alias: string, input: Cursor): void {
    if (this.aliases === null) this.found.aliases = this.aliases = new Map();
    if (this.aliases.has(alias)) duplicate(`@${alias}`);
    const start = input.position;
    this.aliases.set(alias, value(input));
    this.note(`@${alias}`, input.text.slice(start, input.position));
  }
  /** A list that begins with its item takes no more room than it needs; most have one. */
  private note(option: string, text: string): void {
    if (this.written === null) this.found.written = this.written = [[option, text]];
    else this.written.push([option, text]);
  }
  other(option: string, given: string): void {
    if (this.custom === null) this.found.custom = this.custom = [];
    this.custom.push([option, given]);
  }
  get options(): QueryOptions {
    return this.found;
  }
}

const noAliases: ReadonlyMap<string, Expression> = new Map();
const noCustom: QueryOptions['custom'] = [];

/** The text behind `?`: split first, decode each piece once (URL 2.1). */
export function parseQuery(query: string, budget: Budget): QueryOptions {
  const found = new Collected();
  for (let at = 0; at < query.length; ) {
    const mark = query.indexOf('&', at);
    const end = mark < 0 ? query.length : mark;
    if (end > at) readOption(query.slice(at, end), at, found, budget);
    at = end + 1;
  }
  return found.options;
}

/** One option; `at` is where it stands in the query. */
function readOption(part: string, at: number, found: Collected, budget: Budget): void {
  const equals = part.indexOf('=');
  const written = decode(equals < 0 ? part : part.slice(0, equals), 'query', at);
  const raw = equals < 0 ? '' : part.slice(equals + 1);
  if (written.charCodeAt(0) === 64) {
    const input = new Cursor(raw, written, budget);
    input.blanks();
    found.alias(aliasName(written, budget), input);
    input.blanks();
    input.end();
    return;
  }
  const option = systemName(written);
  if (option === '$levels' && written.startsWith('$'))
    throw new ODataError('QueryOptionNotApplicable', `$levels stands within $expand only.`, '$levels');
  if (option === null || option === '$levels') {
    if (written.startsWith('$')) throw unknown(written, at);
    budget.nodes++;
    found.other(written, decode(raw, written));
    return;
  }
  const input = new Cursor(raw, option, budget);
  found.read(option, input);
  input.end();
}

function unknown(written: string, at: number): ODataError {
  const known = systemName(written.trimEnd());
  if (known !== null) return malformed('query', "'='", at + known.length, 'a blank'); // U2.2-7
  const shown = written.slice(0, 50);
  return new ODataError('UnknownQueryOption', `There is no system query option '${shown}'.`, shown);
}

/** The name behind `@`, which has been decoded already. */
function aliasName(written: string, budget: Budget): string {
  const input = new Cursor(encodeURIComponent(written), written.slice(0, 50), budget);
  input.expect('@');
  const found = name(input);
  input.end('the end of the name');
  return found;
}

const word = /\$?[A-Za-z]+/y;

/** Options of a nested item, "(" option *( ";" option ) ")"; none when no parenthesis stands here      URL 5.1.3, 5.1.4 */
export function nestedOptions(input: Cursor, allowed: ReadonlySet<string>, aliases = false): QueryOptions {
  if (input.code !== 40) return noOptions;
  input.enter();
  const found = new Collected();
  input.expect('(');
  do {
    input.blanks();
    input.node();
    if (aliases && input.take('@')) {
      const alias = name(input);
      input.expect('=');
      found.alias(alias, input);
    } else nestedOption(input, allowed, found);
    input.blanks();
  } while (input.take(';'));
  input.expect(')');
  input.leave();
  return found.options;
}

const noOptions: QueryOptions = { written: [], aliases: noAliases, custom: noCustom };

function nestedOption(input: Cursor, allowed: ReadonlySet<string>, found: Collected): void {
  const start = input.position;
  const option = systemName(input.match(word) ?? '');
  if (option === null || !allowed.has(option) || topOnly.includes(option)) {
    input.position = start;
    input.fail(allowed.size === 0 ? "')'" : `one of ${[...allowed].join(', ')}`);
  }
  input.expect('=');
  found.read(option, input);
}

/** $orderby: expression [ asc / desc ]      URL 5.1.5 */
export function orderItems(input: Cursor): OrderItem[] {
  return separated(input, (item) => {
    const found = expression(item);
    const descending = item.word('desc');
    if (!descending) item.word('asc');
    return { expression: found, descending, at: found.at };
  });
}

/** $compute: expression as Name      URL 5.1.10 */
export function computeItems(input: Cursor): ComputeItem[] {
  return separated(input, (item) => {
    const found = expression(item);
    if (!item.word('as')) item.fail("'as'");
    item.blanks();
    return { expression: found, name: name(item), at: found.at };
  });
}
