import assert from 'node:assert/strict';
import { ids, startLibrary } from '../model/library.js';
import type { Reply, Server } from '../model/serve.js';

/** A model that has nothing to do with the profile, served by the same code. */
describe('another model: the library', () => {
  let server: Server;
  const get = (path: string, headers: Record<string, string> = {}) => server.ask('GET', path, { headers });
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());

  const reads: readonly [path: string, status: number, check: (reply: Reply) => unknown, expected: unknown][] = [
    ['Books', 200, ({ json }) => ids(json), [1, 2, 3, 4, 5]],
    ['Books(1)', 200, ({ json }) => json.Title, 'Engines'],
    ['Books/1', 200, ({ json }) => json.Title, 'Engines'],
    ['Books(ID=1)', 200, ({ json }) => json.Title, 'Engines'],
    ['Books(99)', 404, ({ json }) => json.error.code, 'ResourceNotFound'],
    ['Books(1)/Title', 200, ({ json }) => json.value, 'Engines'],
    ['Books(1)/Title/$value', 200, ({ text }) => text, 'Engines'],
    ['Books(1)/Tags', 200, ({ json }) => json.value, ['old', 'maths']],
    ['Books(1)/Size/Height', 200, ({ json }) => json.value, 20],
    ['Books(2)/Size', 204, ({ text }) => text, ''],
    ['Books(3)/Price', 204, ({ text }) => text, ''],
    ['Books/$count', 200, ({ text }) => text, '5'],
    ['Books(1)/Author', 200, ({ json }) => json.Name, 'Ada Byron'],
    ['Books(5)/Author', 204, ({ text }) => text, ''],
    ['Books(1)/Author/Books', 200, ({ json }) => ids(json), [1, 4]],
    ['Books(1)/Copies', 200, ({ json }) => ids(json, 'No'), [1, 2, 3]],
    ['Books(1)/Copies(1)/Loans', 200, ({ json }) => json.value[0].Kept, 'P3D'],
    ['Books/1/Copies/1/Loans/2024-01-02/Reader/$value', 200, ({ text }) => text, 'Eve'],
    ['Books(99)/Copies', 404, ({ json }) => json.error.code, 'ResourceNotFound'],
    ['Books(1)/Topics', 200, ({ json }) => ids(json, 'Code'), ['A/1', 'B']],
    ["Topics('A%2F1')/Books", 200, ({ json }) => ids(json), [1]],
    ["Topics(Name='Birds')", 200, ({ json }) => json.Code, 'B'],
    ['Books/Lib.EBook', 200, ({ json }) => ids(json), [4]],
    ['Books(4)/Lib.EBook/Format/$value', 200, ({ text }) => text, 'epub'],
    ['Books(4)/Lib.EBook/Mirrors', 200, ({ json }) => json.value[0].Url, 'http://m.example/1'],
    ['Books(1)/Lib.EBook', 404, ({ json }) => json.error.code, 'ResourceNotFound'],
    ["Shelves(Room='a,b%3Dc',Row=1)", 200, ({ json }) => json.Row, 1],
    ['Shelves/north/2', 200, ({ json }) => json.Load, 'INF'],
    ['Desk', 200, ({ json }) => json.Opens, '08:30:00'],
    ['Desk/Favourite', 200, ({ json }) => json.ID, 1],
    ['Authors(1)/Former', 200, ({ json }) => json.value.length, 2],
    ['Books?$filter=Pages gt 100 and contains(Title,%27i%27)', 200, ({ json }) => ids(json), [1]],
    ['Books?$filter=Price eq 12.5', 200, ({ json }) => ids(json), [1, 4]],
    ['Books?$filter=Genre eq Lib.Genre%27Poetry%27', 200, ({ json }) => ids(json), [3]],
    ['Books?$filter=Author/Name eq %27Ada Byron%27', 200, ({ json }) => ids(json), [1, 4]],
    ['Books?$filter=Tags/any(t:t eq %27old%27)', 200, ({ json }) => ids(json), [1, 3]],
    ['Books?$filter=Copies/any(c:c/Marks has Lib.Marks%27Torn%27)', 200, ({ json }) => ids(json), [1]],
    ['Books?$filter=Size/Height eq 20', 200, ({ json }) => ids(json), [1]],
    ['Books?$filter=startswith(Title,%27E%27) and endswith(Title,%27I%27)', 200, ({ json }) => ids(json), [4]],
    ['Books?$orderby=Price desc,Title', 200, ({ json }) => ids(json), [1, 4, 2, 5, 3]],
    ['Books?$orderby=Author/Name desc', 200, ({ json }) => ids(json), [3, 2, 1, 4, 5]],
    ['Books?$skip=1&$top=2&$count=true', 200, ({ json }) => [json['@odata.count'], ids(json)], [5, [2, 3]]],
    ['Books?$top=0&$count=true', 200, ({ json }) => [json['@odata.count'], json.value], [5, []]],
    [
      'Books?$select=Title&$top=1',
      200,
      ({ json }) => Object.keys(json.value[0]),
      ['@odata.id', '@odata.etag', 'Title'],
    ],
    [
      'Books(1)?$expand=Author($select=Name),Copies',
      200,
      ({ json }) => [json.Author.Name, json.Copies.length],
      ['Ada Byron', 3],
    ],
    ['Books(5)?$expand=Author', 200, ({ json }) => json.Author, null],
    [
      'Authors?$expand=Books($filter=Pages ne null;$orderby=ID desc;$select=ID)&$filter=ID eq 1',
      200,
      ({ json }) => ids({ value: json.value[0].Books }),
      [1],
    ],
  ];
  for (const [path, status, check, expected] of reads)
    it(`GET ${decodeURIComponent(path)}`, async () => {
      const reply = await get(path);
      assert.equal(reply.status, status, reply.text);
      assert.deepEqual(check(reply), expected);
    });

  it('writes every primitive type exactly', async () => {
    const { json, text } = await get('Values/11111111-1111-4111-8111-111111111111');
    assert.match(text, /"Int64":9007199254740993,/);
    assert.match(text, /"Decimal":79228162514264337593543950\.335,/);
    assert.match(text, /"Int64s":\[9223372036854775807,-1\]/);
    const expected = {
      Binary: 'AQID_-8',
      Boolean: true,
      Byte: 255,
      Date: '2024-02-29',
      DateTimeOffset: '2024-02-29T10:34:56.1234567Z',
      Double: 1e-7,
      Duration: '-P1DT2H3.5S',
      Guid: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
      Int16: -32768,
      Int32: 2147483647,
      SByte: -128,
      Single: 1.5,
      String: '\u0000"\\ä𝄞\n',
      TimeOfDay: '23:59:59.999',
      GeographyPoint: { type: 'Point', coordinates: [9.5, 47.25] },
      Marks: 'Signed,Torn',
      Genres: ['Poetry', 'Fiction'],
    };
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(json[name], value, name);
  });

  it('writes Int64, Decimal and the count as strings when the client asks (J3.2)', async () => {
    const accept = { accept: 'application/json;IEEE754Compatible=true' };
    const reply = await get('Values?$count=true', accept);
    assert.equal(reply.json['@odata.count'], '2');
    assert.equal(reply.json.value[0].Int64, '9007199254740993');
    assert.equal(reply.json.value[0].Decimal, '79228162514264337593543950.335');
    assert.deepEqual(reply.json.value[0].Int64s, ['9223372036854775807', '-1']);
    assert.match(reply.headers.get('content-type') ?? '', /IEEE754Compatible=true/);
  });

  it('has three levels of metadata', async () => {
    const none = await get('Books(3)', { accept: 'application/json;odata.metadata=none' });
    assert.deepEqual(
      Object.keys(none.json).filter((name) => name.includes('@')),
      [],
    );
    const full = (await get('Books(3)', { accept: 'application/json;odata.metadata=full' })).json;
    assert.equal(full['@odata.type'], '#Lib.RareBook');
    assert.equal(full['@odata.id'], `${server.base}Books(3)`);
    assert.equal(full['Author@odata.navigationLink'], `${server.base}Books(3)/Author`);
    assert.equal(full['Pages@odata.type'], '#Int32');
    const minimal = (await get('Books', {})).json.value;
    assert.deepEqual(
      minimal.map((book: Record<string, unknown>) => book['@odata.type']),
      [undefined, undefined, '#Lib.RareBook', '#Lib.EBook', undefined],
    );
  });

  it('speaks 4.01 to those who understand it', async () => {
    const reply = await get('Books(3)', { 'odata-maxversion': '4.01' });
    assert.equal(reply.headers.get('odata-version'), '4.01');
    assert.equal(reply.json['@type'], '#Lib.RareBook');
    assert.match(reply.json['@context'], /\$metadata#Books\/\$entity$/);
  });

  it('pages stably, with nulls and mixed directions, and keeps its tokens to itself', async () => {
    let url = 'Books?$orderby=Price desc,Pages&$select=ID&$count=true';
    const seen: unknown[] = [];
    const links: string[] = [];
    for (let page = 0; page < 5 && url !== ''; page++) {
      const reply = await get(url, { prefer: 'odata.maxpagesize=2' });
      assert.equal(reply.headers.get('preference-applied'), 'odata.maxpagesize=2');
      assert.equal(reply.json['@odata.count'], 5);
      seen.push(...ids(reply.json));
      url = reply.json['@odata.nextLink'] ?? '';
      if (url !== '') links.push(url);
    }
    assert.deepEqual(seen, [4, 1, 2, 5, 3]);
    assert.equal(links.length, 2);
    const token = new URL(links[0] ?? '').searchParams.get('$skiptoken') ?? '';
    assert.doesNotMatch(Buffer.from(token, 'base64url').toString('latin1'), /12\.5|Engines/);
    assert.equal((await get(`Books?$skiptoken=${token}`)).json.error.code, 'InvalidSkipToken');
    assert.equal((await get(`${links[0]?.slice(0, -2)}xx`)).json.error.code, 'InvalidSkipToken');
  });

  it('creates, relates, changes and deletes', async () => {
    const created = await server.ask('POST', 'Books', {
      body: {
        '@odata.type': '#Lib.RareBook',
        ID: 10,
        Title: 'New',
        Tags: [],
        Appraisal: 5,
        'Author@odata.bind': 'Authors(2)',
        Copies: [{ No: 1, Marks: 'Worn,Torn' }],
      },
    });
    assert.equal(created.status, 201, created.text);
    assert.equal(created.headers.get('location'), `${server.base}Books(10)`);
    assert.equal(created.json.AuthorID, 2);
    assert.equal(created.json.Copies[0].Marks, 'Worn,Torn');
    const under = await server.ask('POST', 'Authors(2)/Books', { body: { ID: 11, Title: 'Other', Tags: [] } });
    assert.equal(under.status, 201, under.text);
    assert.equal(under.headers.get('location'), `${server.base}Books(11)`);
    assert.equal(under.json.AuthorID, 2);
    const topic = await server.ask('POST', 'Books(10)/Topics', { body: { Code: 'D', Name: 'Dance', Colour: 'red' } });
    assert.equal(topic.status, 201, topic.text);
    assert.equal(topic.json.Colour, 'red');
    assert.deepEqual(ids((await get('Books(10)/Topics')).json, 'Code'), ['D']);
    const merged = await server.ask('PATCH', "Topics('D')", { body: { Colour: null, Size: 4 } });
    assert.equal(merged.json.Colour, undefined);
    assert.equal(merged.json.Size, 4);
    const patched = await server.ask('PATCH', 'Books(10)', { body: { Appraisal: 6.25 } });
    assert.equal(patched.status, 200, patched.text);
    assert.equal(patched.json.Appraisal, 6.25);
    const upserted = await server.ask('PUT', 'Shelves(Room=%27new%27,Row=7)', { body: { Load: 1.5 } });
    assert.equal(upserted.status, 201, upserted.text);
    assert.deepEqual((await server.ask('PATCH', 'Desk', { body: { Clerk: null } })).json.Clerk, null);
    for (const path of ['Books(10)', 'Books(11)', "Topics('D')"])
      assert.equal((await server.ask('DELETE', path)).status, 204);
    assert.equal((await get('Books(10)/Copies')).status, 404);
    assert.equal((await get('Books/$count')).text, '5');
  });
});
