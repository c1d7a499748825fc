import assert from 'node:assert/strict';
import { ids, startLibrary } from '../../model/library.js';
import type { Server } from '../../model/serve.js';

/** What holds of all expressions: a URL, and the ids of what it gives. Blanks and the like are encoded before it is sent. */
const found: readonly (readonly [rows: string, url: string, ids: readonly unknown[]])[] = [
  ['U5.1.1-1', 'Books?$orderby=Pages mod 7 desc,ID&$top=1', [1]],
  ['U5.1.1-1', 'Books?$compute=Pages mod 7 as Rest&$filter=Rest eq 6', [1]],
  ['U5.1.1-1', 'Books?$filter=ID eq @a&@a=1 add 1', [2]],
  ['U5.1.1.1-3', 'Books?$filter=Size eq $root/Books(1)/Size', [1]],
  ['U5.1.1.1-3', 'Books?$filter=Tags eq ["old"] or Tags in [["new"],["x"]]&$orderby=ID', [3, 4]],
  ['U5.1.1.1-4', 'Books?$filter=Author eq null', [5]],
  ['U5.1.1.1-4', 'Books?$filter=Author ne null and ID lt 3&$orderby=ID', [1, 2]],
  ['U5.1.1.1-5', "Books?$filter=Genre gt Lib.Genre'Fiction'&$orderby=ID", [1, 3]],
  ['U5.1.1.1-6', 'Books?$filter=Price eq 12.5&$orderby=ID', [1, 4]],
  ['U5.1.1.1-7', "Books?$filter=Title eq 'engines'", []],
  ['U5.1.1.1-7', 'Books?$orderby=Title', [1, 4, 3, 5, 2]], // by code point: o before Ö
  ['U5.1.1.1-9', 'Books?$filter=Price eq 12.50 or Price eq 7.000&$orderby=ID', [1, 2, 4]],
  ['U5.1.1.1-10', 'Books?$filter=(Pages gt 5) eq false', [4]],
  ['U5.1.1.1-10', 'Books?$filter=(Pages eq null) eq true', [4]],
  ['U5.1.1.1-10', 'Books?$filter=(Pages ne Pages) eq false&$orderby=ID', [1, 2, 3, 4, 5]],
  ['U5.1.1.1-10', 'Books?$filter=(null eq null) and not (null gt null) and ID eq 1', [1]],
  ['U5.1.1.1-11', 'Books?$filter=not (Pages gt 5)', [4]],
  ['U5.1.1.1-11', 'Books?$filter=Published ne 1999-12-31 and ID gt 2&$orderby=ID', [3, 4, 5]],
  ['U5.1.1.1.1-4', 'Books?$filter=INF eq INF and -INF eq -INF and not (NaN eq NaN) and null eq null and ID eq 1', [1]],
  ['U5.1.1.1.1-4', 'Books?$filter=(1e0 divby 0) eq INF and (0e0 divby 0) ne NaN and ID eq 1', [1]],
  ['U5.1.1.1.10-2', "Books(1)/Copies?$filter=Marks has Lib.Marks'Worn'&$select=No&$orderby=No", [1]],
  ['U5.1.1.1.10-2', "Books(1)/Copies?$filter=Marks has 'Worn,Signed'", [1]],
  ['U5.1.1.1.10-2', "Books(1)/Copies?$filter=Marks has Lib.Marks'3'", [1]],
  ['U5.1.1.1.11-6', 'Books?$filter=ID in (4,5) and Genre in (null)&$orderby=ID', [4, 5]],
  ['U5.1.1.2-6', "Books?$filter=Published add duration'P1D' eq 2020-03-01", [4]],
  ['U5.1.1.2.5-3', 'Books?$filter=Price div 3 gt 4.16666 and Price div 3 lt 4.16667&$orderby=ID', [1, 4]],
  ['U5.1.1.2.6-2', 'Books?$filter=Price mod 0.3 eq 0.2&$orderby=ID', [1, 4]],
  ['U5.1.1.3-1', 'Books?$filter=(((ID add 1) mul 2)) eq 6', [2]],
  ['U5.1.1.3-1', 'Books?$filter=((ID eq 1 or ID eq 2)) and (Pages gt 200)', [1]],
  ['U5.1.1.4-3', 'Books?$filter=year(Published) eq null&$orderby=ID', [3, 5]],
  ['U5.1.1.4-3', 'Books?$filter=round(Price) eq null', [3]],
  ['U5.1.1.4-4', "Books?$filter=ToLower(Title) eq 'engines' and STARTSWITH(Title,@p)&@p=toupper('e')", [1]],
  ['U5.1.1.4-4', 'Books?$orderby=length(Title),ID&$top=2', [2, 1]],
  ['U5.1.1.4-5', 'Books?$filter=Pages eq null', [4]],
  ['U5.1.1.4-7', 'Books?$filter=substring([1,2,3],1) eq [2,3] and ID eq 1', [1]],
  [
    'U5.1.1.5-2',
    "Values?$filter=indexof(String,'\n') eq 5 and String ne null&$select=ID",
    ['11111111-1111-4111-8111-111111111111'],
  ],
  [
    'U5.1.1.8-3',
    'Values?$filter=hour(DateTimeOffset) eq 10 and day(DateTimeOffset) eq 29&$select=ID',
    ['11111111-1111-4111-8111-111111111111'],
  ],
  [
    'U5.1.1.1-8',
    'Values?$filter=DateTimeOffset eq 2024-02-29T11:34:56.1234567+01:00&$select=ID',
    ['11111111-1111-4111-8111-111111111111'],
  ],
  ['U5.1.1.10.1-1', "Books?$filter=cast(ID,Edm.String) eq '2'", [2]],
  ['U5.1.1.10.1-1', "Books?$filter=Tags/any(t:cast(t,Edm.String) eq 'maths')", [1]],
  ['U5.1.1.10.1-7', "Books?$filter=cast(Title,Edm.String) eq 'Ödland'", [2]],
  ['U5.1.1.10.2-3', 'Books?$filter=isof(Published,Edm.Date)&$orderby=ID', [1, 2, 4]],
  ['U5.1.1.12.1-1', "Books?$filter=case(ID gt 3:'late',ID gt 1:'middle',true:'early') eq 'middle'&$orderby=ID", [2, 3]],
  [
    'U5.1.1.12.1-1',
    'Books?$filter=case(ID gt 99:1) eq null and case(ID ne 0:1,ID div 0 eq 1:2) eq 1&$orderby=ID&$top=1',
    [1],
  ],
  ['U5.1.1.12.1-2', "Books?$filter=case(Pages gt 100:'big',Pages le 100:'small',true:'none') eq 'none'", [4]],
  ['U5.1.1.12.1-2', "Books?$filter=case(null:'null',true:'default') eq 'default' and ID eq 1", [1]],
  ['U5.1.1.12.1-3', 'Books?$filter=case(ID eq 1:9223372036854775807,true:1.5) gt 2', [1]],
  ['U5.1.1.13-1', "Authors?$filter=Books/any(b:b/ID eq 2) or Former/any(f:f/City eq 'Torquay')&$orderby=ID", [1, 2]],
  ['U5.1.1.13-1', 'Authors?$filter=Books/Lib.EBook/any()', [1]],
  ['U5.1.1.13-1', 'Authors?$filter=Books/$filter(ID eq 4)/any()', [1]],
  ['U5.1.1.13-2', "Books?$filter=Tags/any(e:endswith(e,'ld'))&$orderby=ID", [1, 3]],
  ['U5.1.1.13-3', "Books?$filter=Copies/any(Title:Title/No eq 1 and $it/Title eq 'Engines')", [1]],
  ['U5.1.1.13-4', 'Books?$filter=Copies/any(c:ID eq 1)', [1]],
  ['U5.1.1.13-5', 'Authors?$filter=Books/any(b:b/Copies/any(c:c/No eq b/ID))', [1]],
  ['U5.1.1.13-5', "Books?$filter=Tags/any(t:t eq 'old' and Copies/any(t:t/No eq 1))", [1]],
  ['U5.1.1.13-6', "Books?$filter=Tags/all(t:t ne 'old') and Copies/any()", [2]],
  ['U5.1.1.13.1-2', 'Books?$filter=not Topics/any()&$orderby=ID', [2, 4, 5]],
  ['U5.1.1.14.1-1', 'Books?$filter=2024-01-01T10:30:00%2B02:00 lt 2024-01-01T10:30:00Z and ID eq 1', [1]],
  ['U5.1.1.14.1-1', 'Books?$filter=10:30 lt 10:30:01 and 1e3 eq 1000 and true and null eq null and ID eq 1', [1]],
  [
    'U5.1.1.14.1-2',
    "Values?$filter=Duration lt 'PT0S' and Marks has 'Signed'&$select=ID",
    ['11111111-1111-4111-8111-111111111111'],
  ],
  [
    'U5.1.1.14.1-4',
    'Values?$filter=Int64 eq 9007199254740993 and Decimal gt 1e1 and Double lt 1&$select=ID',
    ['11111111-1111-4111-8111-111111111111'],
  ],
  ['U5.1.1.14.1-6', "Books(1)/Copies?$filter=Marks eq Lib.Marks'Worn,Signed'", [1]],
  ['U5.1.1.14.1-7', 'Books?$filter=Published eq 1999-12-31', [2]],
  [
    'U5.1.1.14.1-7',
    'Values?$filter=ID eq 11111111-1111-4111-8111-111111111111&$select=ID',
    ['11111111-1111-4111-8111-111111111111'],
  ],
  ['U5.1.1.14.2-1', 'Books?$filter=Tags eq ["old"]', [3]],
  ['U5.1.1.14.2-1', 'Books?$filter=ID in [1,2]&$orderby=ID', [1, 2]],
  ['U5.1.1.14.2-2', "Books?$filter=Tags eq ['old','maths']", [1]],
  ['U5.1.1.14.2-2', 'Books?$filter=Pages in [Pages,1] and ID in [1 add 1,3]&$orderby=ID', [2, 3]],
  ['U5.1.1.14.2-3', 'Books?$filter=Tags eq %5B%22old%22%5D', [3]],
  ['U5.1.1.14.2-4', 'Books?$filter=Tags eq [ "\\u006fld" , "maths" ] or Tags eq []&$orderby=ID', [1, 2]],
  ['U5.1.1.14.4-1', 'Books?$filter=Copies/any(c:c/No eq $it/ID)', [1]],
  ['U5.1.1.14.4-3', "Authors(1)/Books?$filter=Tags/any(t:t eq 'maths')", [1]],
  ['U5.1.1.14.5-1', 'Books?$filter=Title eq $root/Books(1)/Title and $root/Desk/Clerk ne null', [1]],
  ['U5.1.1.14.5-3', 'Books?$filter=$root/Books(99)/Title eq null and ID eq 1', [1]],
  ['U5.1.8.1-6', "Books?$search='\"engines i'", [4]],
  ['U5.1.10-2', 'Books?$orderby=Twice desc&$filter=Twice gt 200&$compute=Pages mul 2 as Twice', [1, 2]],
];

const wrong: readonly (readonly [rows: string, url: string, status: number])[] = [
  ['U5.1.1-2', 'Books?$filter=Title add 1 eq 2', 400],
  ['U5.1.1-2', 'Books?$filter=Nope eq 1', 400],
  ['U5.1.1-2', 'Books?$filter=Pages', 400],
  ['U5.1.1-4', 'Books?$filter=', 400],
  ['U5.1.1.4-6', 'Books?$filter=length(Title,1) eq 1', 400],
  ['U5.1.1.4-6', 'Books?$filter=length(ID) eq 1', 400],
  ['U5.1.1.13-1', 'Books?$filter=any(b:true)', 400],
  ['U5.1.1.13-2', "Books?$filter=Tags/any(t:T eq 'old')", 400],
  ['U5.1.1.13-2', 'Books?$filter=Tags/any(t:t)', 400],
  ['U5.1.1.14.1-3', "Values?$filter=DateTimeOffset eq datetime'2024-01-01T00:00:00'", 400],
  ['U5.1.1.14.1-3', "Values?$filter=TimeOfDay eq time'PT1H'", 400],
  ['U5.1.1.14.1-5', 'Books?$filter=Published eq 2023-02-30', 400],
  ['U5.1.1.14.1-5', 'Books?$filter=Published eq 2023-13-01', 400],
  ['U5.1.1.14.1-5', 'Values?$filter=TimeOfDay eq 25:00', 400],
  ['U5.1.1-2', "Books?$filter=null in ('x',INF)", 400],
  ['U5.1.1.14.1-6', "Books?$filter=Genre eq Lib.Genre'Nope'", 400],
  ['U5.1.1.14.1-6', "Books?$filter=Genre eq Lib.Genre'Fiction,Science'", 400],
  ['U5.1.1.15-5', "Authors?$filter=Books/Title eq 'x'", 400],
  ['U5.1.1.18-3', 'Books?$filter=Title eq 5', 400],
  ['U5.1.1.18-3', "Books?$filter='5' add 1 eq 6", 400],
  ['U5.1.1.18-4', 'Books?$filter=ID add 9223372036854775807 gt 0', 400],
  ['U5.1.4-11', 'Books?$select=Size($select=Width),Size($select=Height)', 400],
  ['U5.1.1-3 P11.2.6.1.1-2 P11.2.6.1.2-2', 'Books?$filter=cast(Tags,Collection(Edm.String)) eq [1]', 501],
  ['P11.2.6.1.1-2', 'Books?$filter=@Core.Description eq null', 501],
  ['U5.1.10-1', 'Books?$compute=1 as Title', 400],
  ['U5.1.10-1', 'Books?$compute=1 as A,2 as A', 400],
  ['U5.1.1.8-1 U5.1.1.8-2', 'Books?$filter=hour(2024-01-01T10:30:00%2B02:00) eq 10', 400],
];

const encoded = (url: string) =>
  url.replace(/[ "\\{}[\]\n]|\P{ASCII}/gu, (character) => encodeURIComponent(character)).replace(/%2520/g, '%20');

describe('URL 5.1.1: rules of all expressions', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());

  for (const [rows, url, expected] of found)
    it(`${rows} ${url}`, async () => {
      const reply = await server.ask('GET', encoded(url));
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(ids(reply.json, url.includes('/Copies?') ? 'No' : 'ID'), expected);
    });
  for (const [rows, url, status] of wrong)
    it(`${rows} refuses ${url}`, async () => {
      const reply = await server.ask('GET', encoded(url));
      assert.equal(reply.status, status, reply.text);
      assert.ok(reply.json.error.message.length > 10);
    });

  it('U5.1.10-3 U5.1.10-7 computed properties are shown when they are selected, or with *', async () => {
    for (const select of ['ID,Twice', '*'])
      assert.equal(
        (await server.ask('GET', `Books(1)?$compute=Pages mul 2 as Twice&$select=${select}`)).json.Twice,
        600,
      );
    assert.ok(!('Twice' in (await server.ask('GET', 'Books(1)?$compute=Pages mul 2 as Twice&$select=ID')).json));
  });
  it('U5.1.10-5 U5.1.1.14.6-1 nested options speak of the nested item', async () => {
    const read = async (expand: string) => (await server.ask('GET', `Authors(1)?$expand=${expand}`)).json.Books;
    const [first] = await read('Books($compute=Pages mul 2 as Twice;$select=ID,Twice;$orderby=ID)');
    assert.equal(first.Twice, 600);
    assert.deepEqual(ids({ value: await read('Books($filter=$this/Pages gt 1)') }), [1]);
  });
});
