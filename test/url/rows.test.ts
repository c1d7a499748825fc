import { deepEqual, equal, throws } from 'node:assert/strict';
import { ODataError } from '../../src/errors.js';
import { parseExpression, parseUrl } from '../../src/url/index.js';
import { bare } from './trees.js';

/** What the grammar accepts, by the rows of the standard's digest. */
const accepted: readonly (readonly [row: string, url: string])[] = [
  ['U1-4', "People?$filter=contains(Name,'x') and Tags/any(t:t eq 'a')&$count=true"],
  [
    'U1-4',
    'People/1/Friends?filter=Name in ["a","b"] and Friends/$count($filter=Age gt 3) divby 2 gt 1&select=Home($select=City)',
  ],
  ['U2.1-3', 'u?@p=A eq {"k":"x=y"}'],
  ['U2.1-11', 'u?'],
  ['U2.2-7', 'u?$search= blue'],
  [
    'U2.2-8',
    'u?$filter=a\teq%09%201 and contains( b , c ) and d/any( e : e ) and case( f : 1 , true : 2 ) eq [ 1 , 2 ]',
  ],
  ['U2.2-9', 'u/NS.F( a=1 , b=@c )'],
  [
    'U2.2a-1',
    "u?FILTER=a EQ 1 AND NOT (b Mod 2 In (1)) OR C/Any(x:X HAS NS.T'a')&$OrderBy=a DESC,b Asc&$COMPUTE=a ADD 1 AS b",
  ],
  [
    'U2.2a-1',
    "u?$filter=TOLOWER(a) eq TRUE and Cast(b,Edm.Int32) eq CASE(a:1) and c eq DURATION'pt1h' and d eq 1E3 and e eq 2024-01-01t00:00z",
  ],
  ['U2.2a-1', "u?$filter=Geo.Length(GEOGRAPHY'srid=0;POINT(1 2)') gt 1&$expand=A($LEVELS=MAX)&$format=JSON"],
  ['U4.5.2-3', 'u?$filter=NS.Near(p=$it/Home,km=3 add 2,list=[1,a],where={"a":b},q=@x)'],
  ['U4.5.2-5', 'u/NS.F'],
  ['U4.12-3', 'u/$filter(@f)?@f=a/b eq 1'],
  ['U5-1', 'u?$top=1&custom=2&@alias=3'],
  ['U5.1-1', 'u?FILTER=a&Top=1&$ORDERBY=a&sKiP=2'],
  ['U5.1-2', 'u?$top=1&$expand=A($top=1),B($top=1)'],
  ['U5.1.1.3-1', `u?$filter=${'('.repeat(90)}a${')'.repeat(90)}`],
  [
    'U5.1.1.13-1',
    'u?$filter=A/any(x:x) and A/NS.T/all(x:x) and A/$filter(b)/any() and NS.F()/any(x:x) and @a/any(x:x)',
  ],
  ['U5.1.1.14.2-5', 'u?$filter=$it eq {"@odata.type":"NS.T","@odata.id":"http://host/x"}'],
  ['U5.1.1.16-2', "u?$filter=Weight/@Measures.Unit eq 'g' and @Core.Messages%23q/any(m:m/severity eq 'error')"],
  ['U5.1.8.1-4', "u?$search=Finnegan's a%26b %231 a%3Bb 08/15"],
  ['U5.1.8.1-5', 'u?$expand=A($search=(a OR b) c%3Bd;$top=1)'],
  ['U5.1.9-2', 'u?$format=application/json;metadata=full;IEEE754Compatible=true'],
  ['U5.1.11-2', 'u?$index=-1'],
  ['U5.1.12-1', 'u?$schemaversion=1.0~beta_2-x'],
  ['U5.2-2', 'u?flag&empty=&!special=1=2'],
];

const refused: readonly (readonly [row: string, url: string, code?: string])[] = [
  ['U2.1-10', 'u?$filter=a eq %G1'],
  ['U2.2-5', "Authors('D'Arcy')"],
  ['U2.2-5', "Authors('D%27Arcy')"],
  ['U2.2-6', "Books('A/B')"],
  ['U2.2-7', 'u?$filter =x'],
  ['U2.2-7', 'u?$filter= x'],
  ['U2.2-9', 'Books( 7 )'],
  ['U2.2a-1', '$METADATA', 'ResourceNotFound'],
  ['U2.2a-1', 'u?$filter=$IT eq 1'],
  ['U2.2a-1', 'u?$filter=a/$COUNT gt 1'],
  ['U2.2a-1', 'u?$search=a or (b'],
  ['U4a-1', 'Books/$count/x'],
  ['U4a-1', 'Books(1)/Title/$value/x'],
  ['U4a-1', 'Authors(1)/Books/$ref/$count'],
  ['U4a-1', 'Books/$metadata'],
  ['U4a-1', '$count'],
  ['U4a-1', '$all/NS.T/Name'],
  ['U4a-1', 'Books/$each/NS.F()/x'],
  ['U4a-3', 'NS.Act', 'ResourceNotFound'],
  ['U4.1-3', '$metadata?$top=1', 'QueryOptionNotApplicable'],
  ['U4.3-7', 'Copies(BookID=1;No=2)'],
  ['U4.3-8', 'Books(ID=1 add 2)'],
  ['U4.3.4-2', '$entity', 'MissingValue'],
  ['U4.3.4-3', '$entity?$id=Books(1)&$select=a', 'QueryOptionNotApplicable'],
  ['U4.5.2-2', 'F(a=[1])'],
  ['U4.12-3', 'u/$filter(a/b eq 1)'],
  ['U5-2', 'u?$nothing=1', 'UnknownQueryOption'],
  ['U5-3', 'u?$custom=1', 'UnknownQueryOption'],
  ['U5.1-2', 'u?$top=1&TOP=1', 'DuplicateQueryOption'],
  ['U5.1-3', 'u?$levels=1', 'QueryOptionNotApplicable'],
  ['U5.1.1-4', 'u?$filter='],
  ['U5.1.1.1.11-2', 'u?$filter=a in (B,C)'],
  ['U5.1.1.1.11-2', "u?$filter=a eq ('x','y')"],
  ['U5.1.1.13-1', 'u?$filter=any(x:x)'],
  ['U5.1.3-3', 'u?$expand=A/$ref($select=b)'],
  ['U5.1.3-3', 'u?$expand=A/$count($top=1)'],
  ['U5.1.3-3', 'u?$expand=*($select=a)'],
  ['U5.1.3-3', 'u?$expand=*/$ref($levels=1)'],
  ['U5.1.3-7', 'u?$expand=A($top=1;TOP=2)', 'DuplicateQueryOption'],
  ['U5.1.3-8', 'u?$expand=A($levels=01)'],
  ['U5.1.3-8', 'u?$expand=A($levels=0)'],
  ['U5.1.4-10', 'u?$select=A($expand=B)'],
  ['U5.1.4-14', 'u?$select='],
  ['U5.1.6-1', 'u?$top=-1'],
  ['U5.1.6-1', 'u?$top=abc'],
  ['U5.1.6-1', 'u?$top='],
  ['U5.1.6-1', 'u?$skip=1.5'],
  ['U5.1.7-1', 'u?$count'],
  ['U5.1.7-1', 'u?$count=1'],
  ['U5.1.8.1-7', 'u?$search="a'],
  ['U5.1.8.1-7', 'u?$search=(a'],
  ['U5.1.8.1-7', 'u?$search='],
  ['U5.1.11-2', 'u?$index=fortytwo'],
  ['U5.3-6', 'u?@1=2'],
];

/** Pairs of spellings with one meaning. */
const same: readonly (readonly [row: string, one: string, other: string])[] = [
  ['U2-1', 'u?$top=1', 'u?$top=1#fragment?&'],
  ['U2.1-4', "u('%61')?%24filter=%61%20eq%20%27b%27", "u('a')?$filter=a eq 'b'"],
  ['U2.2-2', 'u?$filter=%61bc eq %31', 'u?$filter=abc eq 1'],
  ['U2.2-3', 'u%28%27a%27%2Cb%3D1%29'.replace('%27a%27', 'a%3D1'), 'u(a=1,b=1)'],
  [
    'U2.2-3',
    'u?$filter=a/any%28x%3Ax eq %40p%29 and b in %5B%22c%22%5D and d eq %7B%22e%22%3A1%7D',
    'u?$filter=a/any(x:x eq @p) and b in ["c"] and d eq {"e":1}',
  ],
  ['U2.2-3', 'u?$expand=A%28$top=1%3B$select=%2A%29', 'u?$expand=A($top=1;$select=*)'],
  ['U2.2-4', 'Authors(%27D%27%27Arcy%27)', "Authors('D''Arcy')"],
  ['U2.2-4', "Authors%28%27D''Arcy%27%29", "Authors('D''Arcy')"],
  ['U5.1-1', 'u?FILTER=a', 'u?$filter=a'],
  ['U5.1.1.17-1', 'u?$filter=a sub b sub c', 'u?$filter=(a sub b) sub c'],
  [
    'U5.1.1.17-2',
    'u?$filter=a or b and not c eq d add e mul -f',
    'u?$filter=a or (b and ((not c) eq (d add (e mul (-f)))))',
  ],
  ['U5.1.5-1', 'u?$orderby=a asc,b desc', 'u?$orderby=a,b desc'],
  ['U5.1.8.1-2', 'u?$search=a b OR NOT c AND d', 'u?$search=(a AND b) OR ((NOT c) AND d)'],
];

describe('url: rows of the URL conventions', () => {
  for (const [row, url] of accepted) it(`${row} ${url.slice(0, 100)}`, () => void parseUrl(url));
  for (const [row, url, code] of refused)
    it(`${row} refuses ${url}`, () =>
      throws(
        () => parseUrl(url),
        (error) =>
          error instanceof ODataError &&
          (code === undefined ? error.code.startsWith('Malformed') : error.code === code),
      ));
  for (const [row, one, other] of same)
    it(`${row} ${one} is ${other}`, () => {
      const tree = (url: string) => {
        const { segments, options } = parseUrl(url);
        return bare({ segments, options });
      };
      deepEqual(tree(one), tree(other));
    });

  it('U2.1-1 U2.1-2 U2.1-7 splits before it decodes', () => {
    const { segments, options } = parseUrl('u/a%2Fb%3Fc/d?e%26f=g%26h%3Di&j=k?l/m');
    deepEqual(
      segments.map((segment) => segment.kind === 'name' && segment.text),
      ['u', 'a/b?c', 'd'],
    );
    deepEqual(options.custom, [
      ['e&f', 'g&h=i'],
      ['j', 'k?l/m'],
    ]);
  });
  it('U2.1-5 decodes once', () => {
    const tree = parseExpression('%2527%20eq%201'.replace('%2527', "'%2527'"));
    equal(tree.kind === 'binary' && tree.left.kind === 'literal' && tree.left.text, '%27');
  });
  it('U2.1-8 + is a plus sign in path and query', () => {
    const { segments, options } = parseUrl("u('a+b')?$filter=d eq 2024-05-01T08:00:00+02:00 and n eq 1e+3&x=a+b");
    equal(segments[0]?.kind === 'name' && segments[0].text, "u('a+b')");
    deepEqual(options.custom, [['x', 'a+b']]);
  });
  it('U5.1.8.1-3 AND, OR and NOT are operators only where something follows', () => {
    const word = (text: string) => ({ kind: 'word', text });
    const searched = (text: string) => bare(parseUrl(`u?$search=${text}`).options.$search);
    deepEqual(searched('NOT'), word('NOT'));
    deepEqual(searched('NOT NOT'), { kind: 'not', operand: word('NOT') });
    deepEqual(searched('AND OR NOT'), { kind: 'junction', operator: 'or', operands: [word('AND'), word('NOT')] });
  });
  it('U5.1.8.1-6 an incomplete expression stands in single quotes', () => {
    deepEqual(bare(parseUrl(`u?$search='"desert isl'''`).options.$search), { kind: 'phrase', text: `"desert isl'` });
  });
  it('U5.2-1 the names of options without $ are no custom options', () => {
    const { options } = parseUrl('u?filter=a&top=1&skiptoken=x&levels=2&mine=3');
    deepEqual(options.custom, [
      ['skiptoken', 'x'], // U5.1a-3
      ['levels', '2'],
      ['mine', '3'],
    ]);
    equal(options.$top, 1);
  });
});
