// Parses per second against odata-v4-parser, and time against length: npx tsx bench/url.ts
import { createRequire } from 'node:module';
import { ODataError } from '../src/errors.js';
import { parseArgument, parseExpression, parseUrl } from '../src/url/index.js';
import { mutated, randomNumbers } from '../test/url/mutations.js';

type Work = () => unknown;
type Low = Readonly<Record<string, (bytes: Uint8Array, at: number) => unknown>>;

const require = createRequire(import.meta.url);
const peer: Readonly<Record<'filter' | 'query' | 'odataUri', (text: string) => unknown>> = require('odata-v4-parser');
const expressions: Low = require('odata-v4-parser/lib/expressions').Expressions;
const json: Low = require('odata-v4-parser/lib/json').ArrayOrObject;

/** Microseconds of processor time that one call takes: the best of several rounds, the contestants in turn. */
function measure(contestants: readonly Work[], milliseconds = 10, rounds = 40): readonly number[] {
  const counts = contestants.map((work) => {
    const end = performance.now() + milliseconds;
    let count = 0;
    while (performance.now() < end) for (let index = 0; index < 10; index++, count++) work();
    return Math.max(10, count);
  });
  const best = contestants.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++)
    for (const [index, work] of contestants.entries()) {
      const count = counts[index] ?? 1;
      const start = process.cpuUsage();
      for (let left = count; left > 0; left--) work();
      const { user, system } = process.cpuUsage(start);
      best[index] = Math.min(best[index] ?? 0, (user + system) / count);
    }
  return best;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const filter = (text: string): readonly [string, Work, Work] => [
  text,
  () => parseExpression(text),
  () => peer.filter(text),
];
const query = (text: string): readonly [string, Work, Work] => [
  text,
  () => parseUrl(`?${text}`),
  () => peer.query(text),
];

/** The queries of its README. */
const readme = [
  filter("Title eq 'Article1'"),
  filter('contains(@word,Title)'),
  ['{"a":1}', () => parseArgument('{"a":1}', '@p'), () => json.arrayOrObject?.(bytes('{"a":1}'), 0)] as const,
  [
    'Items/all(d:d/Quantity gt 100)',
    () => parseExpression('Items/all(d:d/Quantity gt 100)'),
    () => expressions.commonExpr?.(bytes('Items/all(d:d/Quantity gt 100)'), 0),
  ] as const,
];

/** What clients ask. */
const corpus = [
  filter("Name eq 'Milk' and Price lt 2.55"),
  filter("startswith(CompanyName,'Futterkiste') or endswith(tolower(Supplier/Name),'ab')"),
  filter("(Price add 2.45) mod 2 eq 0 and not contains(Title,'x')"),
  filter('ReleaseDate ge 2013-05-24T08:00:00Z and ID eq 01234567-89ab-cdef-0123-456789abcdef'),
  filter("Addresses/any(a:a/City eq 'Berlin' and a/Zip ne null)"),
  query('$select=Name,Price,Address/City&$orderby=Name desc,Price&$top=50&$skip=100&$count=true'),
  query("$filter=Name eq 'Milk'&$expand=Items($select=Name;$filter=Price gt 5)&$count=true"),
  query('$expand=Customer,Items($expand=Product)&$top=20'),
  query('$search=blue OR green&$format=json&$filter=Age gt 3'),
  query('$skiptoken=abcdefgh&$orderby=Name'),
];

/** Each rule at about `length` characters. */
const growing: Readonly<Record<string, (length: number) => string>> = {
  'and chain': (length) => `u?$filter=${' and abc eq 12'.repeat(length / 14).slice(5)}`,
  'string literal': (length) => `u?$filter=a eq '${'x'.repeat(length)}'`,
  'doubled quotes': (length) => `u?$filter=a eq '${"''".repeat(length / 2)}'`,
  'encoded string': (length) => `u?$filter=a%20eq%20'${'%C3%A4'.repeat(length / 6)}'`,
  'in list': (length) => `u?$filter=a in (${'12345,'.repeat(length / 6)}1)`,
  'JSON array': (length) => `u?@a=[${'"12345",'.repeat(length / 8)}1]`,
  'order items': (length) => `u?$orderby=${'abcde desc,'.repeat(length / 11)}a`,
  'select items': (length) => `u?$select=${'abcde,'.repeat(length / 6)}a`,
  'expand items': (length) => `u?$expand=${'abcde($top=1),'.repeat(length / 14)}a`,
  'search words': (length) => `u?$search=${'abcde '.repeat(length / 6)}a`,
  aggregates: (length) => `u?$apply=aggregate(${'abc with sum as d,'.repeat(length / 18)}a with sum as b)`,
  'aggregates of calls': (length) =>
    `u?$apply=aggregate(${'tolower(a) with sum as d,'.repeat(length / 25)}a with sum as b)`,
  segments: (length) => `u/${'abcde/'.repeat(length / 6)}a`,
  'key segments': (length) => `u/${'a(bcd/'.repeat(length / 6)}a`,
  options: (length) => `u?${'x=abcd&'.repeat(length / 7)}y`,
  aliases: (length) => `u?${Array.from({ length: length / 9 }, (_, index) => `@a${index}=12`).join('&')}`,
  blanks: (length) => `u?$filter=a${' '.repeat(length)}eq 1`,
  digits: (length) => `u?$filter=a eq ${'1'.repeat(length)}`,
  commas: (length) => `u?$select=${','.repeat(length)}`,
  parentheses: (length) => `u?$filter=${'('.repeat(length)}`,
  'broken escapes': (length) => `u?$filter=${'%C3%A4'.repeat(length / 6)}%C3`,
};

/** About `length` characters of nothing in particular: well-formed pieces, changed ones, and mere noise. */
function anything(length: number, random: (below: number) => number): string {
  let text = mutated(random);
  while (text.length < length) text += random(3) === 0 ? text.slice(random(text.length)) : mutated(random);
  return text.slice(0, length);
}

const settle =
  (text: string): Work =>
  () => {
    try {
      return parseUrl(text, { nodes: 1_000_000 });
    } catch (error) {
      if (error instanceof ODataError) return error;
      throw error;
    }
  };

function table(title: string, rows: readonly (readonly [string, Work, Work])[]): void {
  console.log(`\n${title.padEnd(70)}${'µs'.padStart(9)}${'peer'.padStart(9)}${'ratio'.padStart(8)}`);
  let own = 0;
  let others = 0;
  for (const [text, work, other] of rows) {
    const [first = 0, second = 0] = measure([work, other]);
    own += first;
    others += second;
    console.log(
      `${text.slice(0, 68).padEnd(70)}${first.toFixed(2).padStart(9)}${second.toFixed(1).padStart(9)}${(second / first).toFixed(1).padStart(8)}`,
    );
  }
  console.log(`${'all together (goal: at least 25)'.padEnd(88)}${(others / own).toFixed(1).padStart(8)}`);
}

table('README of odata-v4-parser', readme);
table('our corpus', corpus);

console.log(
  `\n${'time against length'.padEnd(30)}${'10 KB, ms'.padStart(12)}${'64 KB, ms'.padStart(12)}${'64/32 KB'.padStart(12)}`,
);
for (const [name, text] of Object.entries(growing)) {
  const [small = 0, half = 0, whole = 0] = measure(
    [settle(text(10_000)), settle(text(32_000)), settle(text(64_000))],
    30,
    5,
  );
  const shown = [small / 1000, whole / 1000, whole / half].map((value) => value.toFixed(2).padStart(12));
  console.log(`${name.padEnd(30)}${shown.join('')}`);
}

const random = randomNumbers(3);
const slowest = Array.from({ length: 300 }, () => measure([settle(anything(10_000, random))], 1, 3)[0] ?? 0).sort(
  (a, b) => b - a,
);
console.log(
  `\n300 times 10 KB of anything, the slowest (goal: below 5 ms): ${((slowest[0] ?? 0) / 1000).toFixed(2)} ms`,
);
