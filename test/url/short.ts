import { randomNumbers } from './mutations.js';

const names = ['Name', 'Age', 'Address/City', 'Items', 'a', 'Price', 'NS.Sub/Size', '$it/Name'];
const literals = [
  '1',
  '-5',
  '2.5',
  '1e3',
  "'x'",
  "'O''Neil'",
  'null',
  'true',
  'INF',
  '2024-02-29',
  '10:00:00',
  '2024-05-01T08:00:00Z',
  "duration'PT1H'",
  "NS.Color'Red'",
];
const calls = [
  "contains(N,'x')",
  "startswith(N,'a')",
  'length(N) gt 2',
  "indexof(N,'b') eq 1",
  'year(D) eq 2024',
  'now() gt D',
  "concat(N,'b') eq 'ab'",
  'round(P) eq 2',
  'isof(NS.Sub)',
  'cast(N,Edm.String) eq N',
  "substring(N,1,2) eq 'b'",
];
const paths = [
  'Items/any(i:i/Size gt 1)',
  'Items/all(i:i eq 1)',
  'Items/any()',
  'Items/$count gt 2',
  "E has NS.Color'Red'",
  'A/B/C eq @p',
  'NS.F(a=1) eq 2',
  'A/NS.F(a=1,b=@p)',
];
const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const sums = ['add', 'sub', 'mul', 'div', 'mod'];
const roots = [
  'People',
  'People(1)',
  "People('x')",
  'People(ID=1,No=2)',
  'Me',
  'F(a=1)',
  '$metadata',
  '$batch',
  '$all',
  '$crossjoin(A,B)',
];
const behind = [
  '/Name',
  '/Address/City',
  '/Items',
  '/Items(1)',
  '/$count',
  '/$value',
  '/$ref',
  '/NS.Sub',
  '/NS.F()',
  '/NS.Act',
];
const others = [
  '$top=5',
  '$skip=2',
  '$count=true',
  '$format=json',
  '$select=Name,Address/City',
  '$select=*',
  '$expand=Items',
  '$expand=Items($select=Name;$top=2)',
  '$expand=*',
  '$expand=Items/$ref',
  '$expand=Items($levels=max)',
  '$search=blue',
  '$search=a AND NOT b',
  '$search="a b"',
  '$orderby=Name desc,Age',
  '$orderby=length(Name)',
  '$skiptoken=x1',
  '@p=1',
  "@p='x'",
  '@p=[1,2]',
  '@p={"a":1}',
  'x=1',
  '$id=People(1)',
];

/** Short URLs as an older parser might know them, some of them with one character changed. */
export function shortUrls(count: number, seed: number): readonly string[] {
  const random = randomNumbers(seed);
  const pick = (list: readonly string[]) => list[random(list.length)] ?? '';
  const term = (): string => {
    switch (random(6)) {
      case 0:
        return pick(calls);
      case 1:
        return pick(paths);
      case 2:
        return `${pick(names)} ${pick(sums)} ${random(9)} ${pick(comparisons)} ${random(99)}`;
      case 3:
        return random(2) === 0
          ? `not (${pick(names)} eq 1)`
          : `(${pick(names)} ${pick(comparisons)} ${pick(literals)})`;
      default:
        return `${pick(names)} ${pick(comparisons)} ${pick(literals)}`;
    }
  };
  const filter = () =>
    `$filter=${[term(), ...(random(2) === 0 ? [term()] : [])].join(random(2) === 0 ? ' and ' : ' or ')}`;
  const path = () => `${pick(roots)}${random(2) === 0 ? pick(behind) : ''}${random(4) === 0 ? pick(behind) : ''}`;
  const query = () => [random(3) > 0 ? filter() : pick(others), ...(random(2) === 0 ? [pick(others)] : [])].join('&');
  return Array.from({ length: count }, () => {
    const url = random(4) === 0 ? path() : `${pick(['People', 'Me'])}?${query()}`;
    if (random(3) > 0) return url;
    const at = random(url.length);
    return (
      url.slice(0, at) +
      pick(['', ' ', '(', ')', "'", ',', '/', 'x', '1', '=', '&', '-', '.', ':']) +
      url.slice(at + random(2))
    );
  });
}
