/** Well-formed URLs of every kind, to be taken apart and put together wrongly. */
export const seeds: readonly string[] = [
  'user/42/profile?$select=id,names',
  "Customers('O''Neil')/Orders(1)/Items?$top=5&$skip=10&$count=true",
  'Categories(ID=1,Size=@s)/Products/$count?@s=5',
  "People?$filter=Name eq 'Milk' and (Age gt 3 or not endswith(Name,'ilk')) and Price in (1,2.5,-3e7)",
  "People?$filter=Emails/any(e:e eq 'a@b.c') and Homes/all(h:h/City ne null) and Friends/$count gt 2",
  "People?$filter=case(a gt 1:'x',true:'y') eq cast(Size,Edm.String) or isof(NS.Sub) and -b mod 2 div 3 divby 4 le 1",
  'People?$orderby=Name desc,length(City) asc,Address/Street&$compute=a add 1 as b,day(c) as d',
  'People?$expand=Friends($select=Name;$expand=Boss/$ref;$levels=max;$filter=Age gt @a;@a=3),Trips/$count($search=x),*',
  'People?$select=Address($select=Street;$top=2),NS.*,NS.F(a,b),@NS.Term#q,*',
  'People?$search=blue OR (green AND NOT "dark red") yellow',
  'Sales?$apply=filter(Amount gt 3)/groupby((Product,rollup($all,Time/Year)),aggregate(Amount with sum as Total,$count as n))',
  'Sales?$apply=concat(topcount(2,Amount),aggregate(Items(Price with max from Day with average as M)))/orderby(M desc)/top(3)',
  'Nodes?$apply=ancestors($root/Nodes,H,ID,filter(a eq 1),2,keep start)/traverse($root/Nodes,H,ID,preorder,Name desc)',
  'Sales?$apply=join(Items as I,compute(a as b))/nest(identity as N)/expand(Items,filter(x))/NS.Custom(a=1)',
  'Things/$filter(@f)/$each/NS.Do?@f=a eq 1',
  "Geo?$filter=geo.distance(Spot,geography'SRID=4326;Point(1.5 -2)') lt 3 and D eq duration'P1DT2H' and E has NS.E'A,B'",
  'Dates?$filter=A ge 2024-05-01T08:00:00%2B02:00 and B eq 2024-02-29 and C lt 10:00 and G eq 01234567-89ab-cdef-0123-456789abcdef',
  'F(a=@p)?@p={"a":[1,"x",{"b":null}],"c":$root/People(1)/Name,"d":"\\u00e4"}',
  '$crossjoin(A,B)?$filter=A/id eq B/id&$expand=A($select=x),B',
  '$entity/NS.Type?$id=user(1)&$select=a',
  '$all/NS.Type?$search=x&$format=json&$schemaversion=*&$index=-1&$skiptoken=abc&custom=1',
  '$metadata?$format=application/xml;q=1&$schemaversion=1.0',
  'Gr%C3%B6%C3%9Fe(%27a%2Fb%27)/%E4%BD%A0?$filter=%C3%A4%20eq%20%27%25%27',
  "People?$filter=@a/Name eq $it/Name and $root/People('x')/Age gt $this/Age&@a=Boss",
];

const pieces: readonly string[] = [
  ...[
    '(',
    ')',
    '((',
    '))',
    "'",
    "''",
    '"',
    ',',
    ';',
    ':',
    '/',
    '//',
    '?',
    '&',
    '=',
    '@',
    '$',
    '#',
    '%',
    '+',
    '-',
    '.',
    '*',
    ' ',
    '\t',
  ],
  ...[
    '%20',
    '%27',
    '%2F',
    '%25',
    '%00',
    '%',
    '%G1',
    '%C3',
    '%C0%AF',
    '%ED%A0%80',
    '%F0%9F%98%80',
    '\0',
    '\ud800',
    '\udc00',
    'ä',
    '😀',
    '\u00a0',
  ],
  ...[
    ' and ',
    ' or ',
    'not ',
    ' eq ',
    ' in ',
    ' has ',
    ' add ',
    'null',
    'true',
    'INF',
    'NaN',
    '1',
    '-1',
    '1.5',
    '1e9',
    '9'.repeat(30),
  ],
  ...[
    '$filter=',
    '$select=',
    '$expand=',
    '$it',
    '$root/',
    '$count',
    '$ref',
    '$value',
    '$each',
    '@a',
    '@a=',
    'a/b',
    'NS.T',
    'any(',
    'all(x:',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    '{"a":',
    '["',
    "duration'",
    "geography'SRID=0;",
    'cast(',
    'isof(',
    'case(',
    'concat(',
    'aggregate(',
    'groupby((',
    ' as ',
  ],
  ...[' with ', ' from ', ' desc', 'AND', 'OR', 'NOT ', '2024-01-01', 'T00:00Z', '10:00', '01234567-'],
];

/** Numbers that only seem random: the same seed gives the same ones. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A URL with a few changes, a mixture of two, or mere characters. */
export function mutated(random: (below: number) => number): string {
  const pick = (list: readonly string[]) => list[random(list.length)] ?? '';
  if (random(20) === 0)
    return String.fromCharCode(...Array.from({ length: random(60) }, () => random(random(4) === 0 ? 65_536 : 128)));
  let text = pick(seeds);
  for (let changes = random(5); changes >= 0; changes--) {
    const at = random(text.length + 1);
    const end = at + random(random(3) === 0 ? text.length - at + 1 : Math.min(8, text.length - at + 1));
    switch (random(6)) {
      case 0:
        text = text.slice(0, at) + text.slice(end);
        break;
      case 1:
        text = text.slice(0, at) + pick(pieces) + text.slice(at);
        break;
      case 2:
        text = text.slice(0, at) + pick(pieces) + text.slice(end);
        break;
      case 3:
        text = text.slice(0, end) + text.slice(at, end).repeat(1 + random(4)) + text.slice(end);
        break;
      case 4: {
        const other = pick(seeds);
        text = text.slice(0, at) + other.slice(random(other.length));
        break;
      }
      case 5:
        text = text.slice(0, at) + pick(pieces).repeat(random(200)) + text.slice(at);
        break;
    }
  }
  return text;
}
