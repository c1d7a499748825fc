import assert from 'node:assert/strict';
import { ids, startLibrary } from '../../model/library.js';
import type { Server } from '../../model/serve.js';

/** Conditions on the library's books, and the ids of those that meet them. */
const books: readonly [row: string, filter: string, found: readonly number[]][] = [
  ['U5.1.1.1.1-1', "Title eq 'Engines'", [1]],
  ['U5.1.1.1.1-2', 'Pages eq null', [4]],
  ['U5.1.1.1.2-1', 'Pages ne null', [1, 2, 3, 5]],
  ['U5.1.1.1.2-2', 'Pages ne 300', [2, 3, 4, 5]],
  ['U5.1.1.1.3-1', 'Pages gt 100', [1, 2]],
  ['U5.1.1.1.3-2', 'Pages gt null', []],
  ['U5.1.1.1.4-1', 'Pages ge 120', [1, 2]],
  ['U5.1.1.1.5-1', 'Pages lt 44', [5]],
  ['U5.1.1.1.6-1', 'Pages le 44', [3, 5]],
  ['U5.1.1.1.7-1', "Pages gt 100 and Genre eq Lib.Genre'Fiction'", [2]],
  ['U5.1.1.1.8-1', 'ID eq 1 or ID eq 5', [1, 5]],
  ['U5.1.1.1.9-1', 'not (ID eq 1)', [2, 3, 4, 5]],
  ['U5.1.1.1.9-2', 'not (Pages gt 100)', [3, 4, 5]], // gt with null is false
  ['U5.1.1.1.11-1', 'ID in (1,3,9)', [1, 3]],
  ['U5.1.1.1.11-2', 'Pages in (null,44)', [3, 4]],
  ['U5.1.1.1.11-3', "Title in ('Engines','o''clock')", [1, 5]],
  ['U5.1.1.1.11-4', 'not (ID in (1,2))', [3, 4, 5]],
  ['U5.1.1.1.11-5', 'Price in (7,0.99,0.991)', [2, 5]],
  ['U5.1.1.17-1', 'ID eq 9 sub 3 sub 2', [4]],
  ['U5.1.1.17-2', 'ID eq 1 or ID eq 2 and Pages eq 300', [1]],
  ['U5.1.1.17-2', '-ID mul 2 eq -4', [2]],
  ['U5.1.1.2-2', 'Pages add 1 eq null', [4]],
  ['U5.1.1.2.1-1', 'Price add 0.01 eq 1', [5]],
  ['U5.1.1.2.1-1', 'Pages add 5 eq 15', [5]],
  ['U5.1.1.2.2-1', 'Price sub 0.5 eq 12', [1, 4]],
  ['U5.1.1.2.3-1', '-Pages eq -44', [3]],
  ['U5.1.1.2.3-1', '-Price lt -10', [1, 4]],
  ['U5.1.1.2.4-1', 'Price mul 2 eq 25', [1, 4]],
  ['U5.1.1.2.4-1', 'Price mul 0.001 eq 0.0125', [1, 4]],
  ['U5.1.1.2.5-1', 'Pages div 7 eq 42', [1]],
  ['U5.1.1.2.5-1', 'Price div 5 eq 2.5', [1, 4]],
  ['U5.1.1.2.5-4', 'Pages divby 8 eq 37.5', [1]],
  ['U5.1.1.2.5-4', 'Pages divby 0 gt 1e300', [1, 2, 3, 5]],
  ['U5.1.1.2.6-1', 'Pages mod 7 eq 3', [5]],
  ['U5.1.1.2.6-1', 'Price mod 5 eq 2.5', [1, 4]],
  ['U5.1.1.2-5', "Published add duration'PT23H' eq 1999-12-31", [2]],
  ['U5.1.1.2-5', "Published sub duration'PT1H' eq 1999-12-30", [2]],
  ['U5.1.1.2-4', "Published sub 1999-12-01 eq duration'P30D'", [2]],
  ['U5.1.1.2-4', "2020-03-01 sub Published eq duration'P1D'", [4]],
  ['U5.1.1.5.1-1', "concat(Title,'!') eq 'Engines!'", [1]],
  ['U5.1.1.5.1-2', "concat(Tags,['x']) eq ['old','x']", [3]],
  ['U5.1.1.5.2-1', "contains(Title,'ine')", [1, 4]],
  ['U5.1.1.5.2-1', "contains(Title,'')", [1, 2, 3, 4, 5]],
  ['U5.1.1.5.2-2', "contains(Tags,['new','short'])", [5]],
  ['U5.1.1.5.2-3', "contains(Title,'%')", [3]],
  ['U5.1.1.5-1', "contains(Title,'INE')", []],
  ['U5.1.1.5.3-1', "endswith(Title,'II')", [4]],
  ['U5.1.1.5.3-1', "endswith(Tags,['maths'])", [1]],
  ['U5.1.1.5.4-1', "indexof(Title,'n') eq 1", [1, 4]],
  ['U5.1.1.5.4-1', "indexof(Title,'zz') eq -1", [1, 2, 3, 4, 5]],
  ['U5.1.1.5.4-1', "indexof(Tags,['maths']) eq 1", [1]],
  ['U5.1.1.5.5-1', 'length(Title) eq 6', [2]],
  ['U5.1.1.5.5-1', 'length(Tags) eq 2', [1, 5]],
  ['U5.1.1.5.6-1', "startswith(Title,'Eng')", [1, 4]],
  ['U5.1.1.5.6-1', "startswith(Tags,['old'])", [1, 3]],
  ['U5.1.1.5.7-1', "substring(Title,1) eq 'dland'", [2]],
  ['U5.1.1.5.7-1', "substring(Title,0,2) eq 'En'", [1, 4]],
  ['U5.1.1.5.7-2', "substring(Tags,1) eq ['short']", [5]],
  ['U5.1.1.5.7-3', "substring(Title,99) eq ''", [1, 2, 3, 4, 5]],
  ['U5.1.1.5.7-4', "substring(Title,-2) eq 'II'", [4]],
  ['U5.1.1.6.1-1', "hassubset(Tags,['maths','old'])", [1]],
  ['U5.1.1.6.1-1', "hassubset(Tags,['old','old'])", []],
  ['U5.1.1.6.2-1', "hassubsequence(Tags,['old','maths'])", [1]],
  ['U5.1.1.6.2-1', "hassubsequence(Tags,['maths','old'])", []],
  ['U5.1.1.7.1-1', "matchesPattern(Title,'^E.*s$')", [1]],
  ['U5.1.1.7.2-1', "tolower(Title) eq 'ödland'", [2]],
  ['U5.1.1.7.3-1', "toupper(Title) eq 'ÖDLAND'", [2]],
  ['U5.1.1.7.4-1', "trim(concat(concat('\u00a0 ',Title),' ')) eq 'Engines'", [1]],
  ['U5.1.1.8.14-1', 'year(Published) eq 1999', [2]],
  ['U5.1.1.8.8-1', 'month(Published) eq 12', [2]],
  ['U5.1.1.8.2-1', 'day(Published) eq 29', [4]],
  ['U5.1.1.8.9-1', 'now() gt 2020-01-01T00:00:00Z', [1, 2, 3, 4, 5]],
  ['U5.1.1.8.5-1', 'now() lt maxdatetime()', [1, 2, 3, 4, 5]],
  ['U5.1.1.8.6-1', 'now() gt mindatetime()', [1, 2, 3, 4, 5]],
  ['U5.1.1.9.1-1', 'ceiling(Price) eq 13', [1, 4]],
  ['U5.1.1.9.2-1', 'floor(Price) eq 12', [1, 4]],
  ['U5.1.1.9.3-1', 'round(Price) eq 13', [1, 4]],
  ['U5.1.1.9.3-1', 'round(-Price) eq -13', [1, 4]],
  ['U5.1.1.9-1', 'round(Pages) eq 300', [1]],
  ['U5.1.1.10.1-3', "cast(Pages,Edm.String) eq '300'", [1]],
  ['U5.1.1.10.1-3', "cast(Published,Edm.String) eq '1999-12-31'", [2]],
  ['U5.1.1.10.1-4', "cast(toupper('true'),Edm.Boolean) and ID eq 1", [1]],
  ['U5.1.1.10.1-4', "cast('12',Edm.Int32) eq 12 and ID eq 1", [1]],
  ['U5.1.1.10.1-2', 'cast(Title,Edm.Int32) eq null', [1, 2, 3, 4, 5]],
  ['U5.1.1.10.1-5', 'cast(Price,Edm.Int32) eq 13', [1, 4]],
  ['U5.1.1.10.1-5', 'cast(Pages,Edm.Byte) eq null and Pages ne null', [1]],
  ['U5.1.1.10.1-10', 'cast(Genre,Edm.Int32) eq 3', [3]],
  ['U5.1.1.10.1-10', "cast(ID,Lib.Genre) eq Lib.Genre'Science'", [2]],
  ['U5.1.1.10.2-1', 'isof(Lib.EBook)', [4]],
  ['U5.1.1.10.2-2', 'isof($it,Lib.EBook)', [4]],
  ['U5.1.1.10.2-1', 'isof(Pages,Edm.Int32)', [1, 2, 3, 5]],
  ['U5.1.1.12-1', "case(Pages gt 100:'big',true:'small') eq 'big'", [1, 2]],
  ['U5.1.1.12-1', 'case(Pages gt 100:1.5,true:2) eq 2', [3, 4, 5]],
  ['U5.1.1.13.1-1', "Tags/any(t:t eq 'new')", [4, 5]],
  ['U5.1.1.13.1-1', 'Tags/any()', [1, 3, 4, 5]],
  ['U5.1.1.13.2-1', "Tags/all(t:t eq 'old')", [2, 3]],
  ['U5.1.1.13.1-1', "Copies/any(c:c/Shelf eq 'A' and c/Loans/any(l:l/Reader eq 'Eve'))", [1]],
  ['U5.1.1.13.1-1', 'Author/Books/any(b:b/ID eq 4)', [1, 4]],
  ['U5.1.1.13.1-1', "Topics/any(t:t/Name eq 'Birds')", [1, 3]],
  ['U5.1.1.13.1-1', 'Copies/any(c:c/No eq $it/ID)', [1]],
  ['U5.1.1.14.3-1', '$root/Books(1)/Price eq Price', [1, 4]],
  ['U5.1.1.14.3-1', "$root/Desk/Clerk eq 'Zed' and ID eq 1", [1]],
  ['U5.1.1.15-1', 'Size/Height gt 10', [1]],
  ['U5.1.1.15-1', "Author/Home/City eq 'Umeå'", [2]],
  ['U5.1.1.15-1', "Author/Former/any(f:f/City eq 'Ockham')", [1, 4]],
  ['U5.1.1.15-2', 'Copies/$count gt 1', [1]],
  ['U5.1.1.15-2', 'Tags/$count eq 2', [1, 5]],
  ['U5.1.1.15-2', "Copies/$count($filter=Shelf eq 'A') eq 1", [1, 2]],
  ['U5.1.1.15-3', 'Lib.RareBook/Appraisal gt 1', [3]],
  ['U4.12-1', "Lib.EBook/Format eq 'epub'", [4]],
  ['U5.1.1.1.10-1', "Copies/any(c:c/Marks has Lib.Marks'Worn')", [1]],
  ['U5.3-1', "Title eq @t&@t='Engines'", [1]],
  ['U5.3-2', 'Pages eq @nothing', [4]],
  ['U5.3-3', 'ID in @l&@l=[1,2]', [1, 2]],
  ['U5.1.1.14-1', "Title eq 'o''clock'", [5]],
  ['U5.1.1.1.1-3', 'Tags eq []', [2]],
  ['U5.1.1.1.1-3', "Tags eq ['old','maths']", [1]],
];

/** Conditions on one entity that has a value of every type. */
const values: readonly [row: string, filter: string][] = [
  ['U5.1.1.8.3-1', 'fractionalseconds(DateTimeOffset) eq 0.1234567'],
  ['U5.1.1.8.4-1', 'hour(DateTimeOffset) eq 10'],
  ['U5.1.1.8.4-1', 'hour(TimeOfDay) eq 23'],
  ['U5.1.1.8.7-1', 'minute(DateTimeOffset) eq 34'],
  ['U5.1.1.8.10-1', 'second(TimeOfDay) eq 59'],
  ['U5.1.1.8.1-1', 'date(DateTimeOffset) eq 2024-02-29'],
  ['U5.1.1.8.11-1', 'time(DateTimeOffset) eq 10:34:56.1234567'],
  ['U5.1.1.8.12-1', 'totaloffsetminutes(DateTimeOffset) eq 0'],
  ['U5.1.1.8.13-1', 'totalseconds(Duration) eq -93603.5'],
  ['U5.1.1.2-4', "DateTimeOffset add duration'PT0.5S' eq 2024-02-29T10:34:56.6234567Z"],
  ['U5.1.1.2-4', "DateTimeOffset sub 2024-02-29T10:34:00Z eq duration'PT56.1234567S'"],
  ['U5.1.1.2-4', "Duration add duration'P1DT2H3.5S' eq duration'PT0S'"],
  ['U5.1.1.2-4', "Duration mul 2 eq duration'-P2DT4H7S'"],
  ['U5.1.1.2-4', "-Duration eq duration'P1DT2H3.5S'"],
  ['U5.1.1.2.1-1', 'Decimal add 0.665 eq 79228162514264337593543951'],
  ['U5.1.1.2.4-1', 'Decimal mul 2 eq 158456325028528675187087900.67'],
  ['U5.1.1.1-1', 'Int64 eq 9007199254740993'],
  ['U5.1.1.1-1', 'Int64 ne 9007199254740992'],
  ['U5.1.1.1-1', 'Double lt 0.0000002 and Double gt 5e-8'],
  ['U5.1.1.1-1', 'Guid eq AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE'],
  ['U5.1.1.1-1', "Binary eq binary'AQID_-8'"],
  ['U5.1.1.1-1', 'DateTimeOffset eq 2024-02-29T12:34:56.1234567+02:00'],
  ['U5.1.1.1-1', 'DateTimeOffset gt 2024-02-29T10:34:56.12345669Z'],
  ['U5.1.1.1-1', 'TimeOfDay gt 23:59:59.9985'],
  ['U5.1.1.1-1', 'Boolean'],
  ['U5.1.1.1-1', 'not (Boolean eq false)'],
  ['U5.1.1.1-1', 'Int64s/any(i:i eq 9223372036854775807)'],
  ['U5.1.1.1-1', 'Decimals/any(d:d gt 12345678901234567890.4)'],
  ['U5.1.1.1-1', "Genres/any(g:g eq Lib.Genre'Poetry')"],
  ['U5.1.1.1-1', 'Int32 gt Int16 and Byte lt Int64 and Double lt Decimal'],
  ['U5.1.1.2.5-2', 'Double div 0 gt 1e308'],
  ['U5.1.1.11.1-1', "geo.distance(GeographyPoint,geography'SRID=4326;Point(9.5 48.25)') gt 111000"],
  ['U5.1.1.11.2-1', "geo.intersects(geometry'SRID=0;Point(3 1)',GeometryPolygon)"],
  ['U5.1.1.11.2-1', "not geo.intersects(geometry'SRID=0;Point(1 3)',GeometryPolygon)"],
  ['U5.1.1.11.3-1', "geo.length(geometry'SRID=0;LineString(0 0,3 4)') eq 5"],
  ['U5.1.1.10.1-6', "cast(DateTimeOffset,Edm.String) eq '2024-02-29T10:34:56.1234567Z'"],
  ['U5.1.1.10.1-11', "cast('2024-02-29T10:34:56.1234567',Edm.DateTimeOffset) eq DateTimeOffset"],
];

/** What is refused, with which status and code. */
const wrong: readonly [row: string, filter: string, status: number, code: string][] = [
  ['U5.1.1.2-1', 'Title add 1 eq 2', 400, 'TypeMismatch'],
  ['U5.1.1.2.5-2', 'Pages div 0 eq 1', 400, 'InvalidValue'],
  ['U5.1.1.2.6-1', 'Pages mod 0 eq 1', 400, 'InvalidValue'],
  ['U5.1.1.2.6-1', 'Price mod 0 eq 1', 400, 'InvalidValue'],
  ['U5.1.1.2.4-1', 'ID mul 9223372036854775807 gt 0', 400, 'InvalidValue'],
  ['U5.1.1.5.7-3', "substring(Title,1,-1) eq ''", 400, 'InvalidValue'],
  ['U5.1.1.7.1-2', "matchesPattern(Title,'(')", 400, 'InvalidValue'],
  ['U5.1.1.10.1-13', 'cast(Title,Nope.Type) eq null', 400, 'UnknownType'],
  ['U5.1.1.17-2', 'not Pages gt 5', 400, 'TypeMismatch'],
  ['U5.1.1.1-2', "Pages eq 'x'", 400, 'TypeMismatch'],
  ['U5.1.1.4-1', 'nope(Title)', 400, 'UnknownProperty'],
  ['U5.1.1.4-2', 'contains(Title)', 400, 'UnknownFunction'],
  ['U5.1.1.15-4', 'Nope eq 1', 400, 'UnknownProperty'],
  ['U5.1.1.13.2-2', 'Tags/all()', 400, 'MalformedQueryOption'],
  ['U5.1.2-1', 'Pages', 400, 'TypeMismatch'],
  ['U5.3-4', 'ID eq @a&@a=@b&@b=@a', 400, 'InvalidValue'],
  [
    'U5.1.1.11-1',
    "geo.distance(geometry'SRID=0;Point(1 1)',geography'SRID=4326;Point(1 1)') gt 1",
    400,
    'TypeMismatch',
  ],
];

describe('URL 5.1.1: expressions', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());
  const query = (filter: string) => {
    const [condition = '', ...aliases] = filter.split('&');
    return [
      `$filter=${encodeURIComponent(condition)}`,
      ...aliases.map((alias) => alias.replace(/=(.*)/, (_, text) => `=${encodeURIComponent(text)}`)),
    ].join('&');
  };

  for (const [row, filter, found] of books)
    it(`${row} ${filter}`, async () => {
      const reply = await server.ask('GET', `Books?$orderby=ID&${query(filter)}`);
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(ids(reply.json), found);
    });

  for (const [row, filter] of values)
    it(`${row} ${filter}`, async () => {
      const reply = await server.ask('GET', `Values?$filter=${encodeURIComponent(`String ne null and (${filter})`)}`);
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.json.value.length, 1);
      const negated = await server.ask(
        'GET',
        `Values?$filter=${encodeURIComponent(`String ne null and not (${filter})`)}`,
      );
      assert.equal(negated.json.value.length, 0);
    });

  for (const [row, filter, status, code] of wrong)
    it(`${row} refuses ${filter}`, async () => {
      const reply = await server.ask('GET', `Books?${query(filter)}`);
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.json.error.code, code, reply.text);
      assert.doesNotMatch(reply.text, /sqlite|select/i);
    });
});
