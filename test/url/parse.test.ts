import { deepEqual, equal, throws } from 'node:assert/strict';
import { ODataError } from '../../src/errors.js';
import { parseExpression, parseUrl } from '../../src/url/index.js';

const accepted: readonly string[] = [
  '',
  '/user/42/profile/?$select=id',
  "user('a')/profile",
  'Set(%27abc%27)',
  'Set(a%3D1%2Cb%3D2)',
  "u/O'Neil",
  'u/foo(bar',
  'u/$filter(a gt 1)(2)/F(a=@p)(3)',
  'u?$filter=@a/Name eq 1 and @a/Tags/any(t:t eq 2) and F(a=1)(2)/x eq 3&@a=$it',
  'People/$filter(Age gt 3)/$each',
  '$crossjoin(A,B)?$filter=A/id eq B/id',
  '$entity?$id=user(1)',
  "u?$filter=name eq 'O''Neil' and (age add 2) mul 3 gt -5 or not (a)",
  'u?$filter=not contains(f,%27v%27)',
  'u?$filter=a in (1,2) and b in [3]',
  'u?$filter=Items/any(i:i/Price gt 3L) and Items/any()',
  "u?$filter=Color has NS.Color'Red,Blue'",
  'u?$filter=d ge 2024-05-01T08:00:00+02:00 and t lt 10:00',
  'u?$filter=case(a eq 1:2,true:3) eq @p&@p=[1,{"a":"b;c"}]',
  'u?$filter=isof(NS.T) or isof(Boss,%27NS.T%27)',
  'u?$filter=Orders/$count($filter=x eq 1) gt 2',
  'u?expand=A($select=x;$expand=B($levels=max);$search=a OR b),*/$ref,C/$count',
  'u?$select=F(a,b),G()',
  'u?$select=*,NS.*,a/b,Tags($top=2),@NS.Term',
  'u?$orderby=a desc,length(b) asc,c&$top=0&$SKIP=2&count=TRUE&custom=%2B+&flag',
  'u?$compute=a add 1 as b&$search=NOT "a b" c AND d',
];
const refused: readonly (readonly [url: string, code: string, target: string])[] = [
  ['u?$filter=(a eq 1', 'MalformedQueryOption', '$filter'],
  ['u?$filter=a eq', 'MalformedQueryOption', '$filter'],
  ['u?$filter= a', 'MalformedQueryOption', '$filter'],
  ["u?$filter=a eq 'x", 'MalformedQueryOption', '$filter'],
  ['u?$top=-1', 'MalformedQueryOption', '$top'],
  ['u?$count', 'MalformedQueryOption', '$count'],
  ['u?$count=1', 'MalformedQueryOption', '$count'],
  ['u?$select=', 'MalformedQueryOption', '$select'],
  ['u?$select=a($expand', 'MalformedQueryOption', '$select'],
  ['u?$expand=A/$ref($select=b)', 'MalformedQueryOption', '$expand'], // U5.1.3-3
  ['u?$expand=A/$count($count=true)', 'MalformedQueryOption', '$expand'],
  ['u?$xyz=1', 'UnknownQueryOption', '$xyz'],
  ['u?$top=1&TOP=1', 'DuplicateQueryOption', '$top'],
  ['u?@a=1&@a=2', 'DuplicateQueryOption', '@a'],
  ['u?$search="a', 'MalformedQueryOption', '$search'],
  ['a//b', 'MalformedUrl', 'path'],
  ['%G1', 'MalformedUrl', 'path'],
  ['%C0%AF', 'MalformedUrl', 'path'],
  ['a%00', 'MalformedUrl', 'path'],
];
const bombs: readonly (readonly [rule: string, url: string])[] = [
  ['parentheses', `u?$filter=${'('.repeat(5000)}`],
  ['not', `u?$filter=${'not '.repeat(5000)}a`],
  ['minus', `u?$filter=${'- '.repeat(5000)}a`],
  ['lists', `u?@a=${'['.repeat(5000)}`],
  ['objects', `u?@a=${'{"a":'.repeat(5000)}`],
  ['sums', `u?$filter=1${' add 1'.repeat(5000)}`],
  ['calls', `u?$filter=${'trim('.repeat(5000)}`],
  ['lambdas', `u?$filter=${'a/any(a:'.repeat(5000)}`],
  ['expand', `u?$expand=${'a($expand='.repeat(5000)}`],
  ['search', `u?$search=${'('.repeat(5000)}`],
  ['search not', `u?$search=${'NOT '.repeat(5000)}a`],
  ['arguments', `u?$filter=${'a('.repeat(5000)})`],
  ['nested aggregates', `u?$apply=aggregate(${'a('.repeat(5000)}`],
  ['nodes', `u?$filter=a${' or a'.repeat(30_000)}`],
];

function refuses(url: string, code: string, target?: string): void {
  throws(
    () => parseUrl(url),
    (error) => error instanceof ODataError && error.code === code && (target === undefined || error.target === target),
  );
}

describe('url: parse', () => {
  for (const url of accepted) it(`accepts ${url}`, () => void parseUrl(url));
  for (const [url, code, target] of refused) it(`refuses ${url}`, () => refuses(url, code, target));
  for (const [rule, url] of bombs) it(`limits nesting of ${rule}`, () => refuses(url, 'LimitExceeded'));

  it('says where, what was expected and what was found', () => {
    throws(() => parseUrl('u?$filter=(name eq 1 foo'), { message: "$filter: expected ')' at 11, found 'foo'" });
  });
  it('U2.1-6 %2F is data within a segment', () => {
    const [first] = parseUrl("Books('A%2FB')").segments;
    equal(first?.kind === 'name' && first.text, "Books('A/B')");
  });
  it('U2.1-5 decodes once', () => {
    deepEqual(parseUrl('a?b=%252F').options.custom, [['b', '%2F']]);
  });
  it('U2.1-8 + is a plus sign', () => {
    deepEqual(parseUrl('a?b=1+1').options.custom, [['b', '1+1']]);
  });
  it('keeps chains flat and precedence right', () => {
    const tree = parseExpression('a or b and c or d add e mul f eq 1');
    equal(tree.kind === 'junction' && tree.operands.length, 3);
  });
  it('points into the undecoded text', () => {
    const tree = parseExpression('%61 eq b');
    equal(tree.kind === 'binary' && tree.right.at, 7);
  });
});
