import assert from 'node:assert/strict';
import { ids, startLibrary } from '../../model/library.js';
import { type Asking, expecting, type Reply, type Server } from '../../model/serve.js';

/** What a service of each level has to do (Protocol 13), asked one by one; what it means in detail is tested by the sections it points to. */
describe('Protocol 13: conformance', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary({}, { root: '/odata' });
  });
  after(() => server.close());

  const ask = (method: string, path: string, asking?: Asking) => server.ask(method, path, asking);
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Reply> => {
    const reply = await ask('GET', path, { headers });
    assert.equal(reply.status, 200, reply.text);
    return reply;
  };
  const refused = async (status: number, path: string, headers: Record<string, string> = {}) => {
    const reply = await ask('GET', path, { headers });
    assert.equal(reply.status, status, reply.text);
    assert.equal(typeof reply.json.error.code, 'string');
  };
  const items = async (path: string, headers?: Record<string, string>) => ids((await get(path, headers)).json);
  const done = expecting(() => server);
  let last = 1000;
  const made = async (more: Record<string, unknown> = {}): Promise<number> => {
    last++;
    await done(201, 'POST', 'Books', { body: { ID: last, Title: 'Made', Tags: [], ...more } });
    return last;
  };
  const v401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };

  describe('13.1.1 4.0 minimal', () => {
    it('P13.1.1-1 P4-1 a service document at the root, metadata beside it', async () => {
      const { json } = await get('');
      assert.equal(json['@odata.context'], `${server.base}$metadata`);
      assert.ok(json.value.some(({ url }: { url: string }) => url === 'Books'));
      await get('$metadata');
    });
    it('P13.1.1-2 P6.6-1 data in JSON, both ways', async () => {
      assert.match((await get('Books')).headers.get('content-type') ?? '', /^application\/json/);
      await made();
    });
    it('P13.1.1-3 parts of a result only with a next link', async () => {
      const paged = await get('Books?$orderby=ID', { prefer: 'maxpagesize=2' });
      assert.equal(paged.json.value.length, 2);
      assert.ok(paged.json['@odata.nextLink']);
      assert.equal((await get('Books?$top=2')).json['@odata.nextLink'], undefined, 'what the client limits is no part');
    });
    it('P13.1.1-4 OData-Version on every answer', async () => {
      for (const path of ['', '$metadata', 'Books', 'Books(1)/Title/$value', 'Books/$count', 'Nowhere'])
        assert.equal((await ask('GET', path)).headers.get('odata-version'), '4.0', path);
      assert.equal((await get('Books', v401)).headers.get('odata-version'), '4.01');
    });
    it('P13.1.1-5 Accept and OData-MaxVersion are obeyed, or the request fails', async () => {
      await refused(406, 'Books', { accept: 'image/png' });
      assert.equal((await get('Books', { 'odata-maxversion': '4.0' })).headers.get('odata-version'), '4.0');
      await refused(400, 'Books', { 'odata-maxversion': '3.0' });
    });
    it('P13.1.1-6 P6.1-1 custom options are ignored, unknown system ones refused', async () => {
      assert.deepEqual(await items('Books(1)/Copies?debug=1&sap-language=EN&$top=0'), []);
      await refused(400, 'Books?$unknown=1');
    });
    it('P13.1.1-7 P6.1-4 P9.3.1-1 what is not supported is refused, never ignored', async () => {
      await refused(400, 'Books?$filter=Title eq');
      await refused(400, 'Books?$filter=nothing.at.all()');
      await refused(400, 'Books?$levels=1');
    });
    it('P13.1.1-8 only types of CSDL', async () => {
      const { text } = await get('$metadata', { accept: 'application/xml' });
      for (const [, type] of text.matchAll(/ Type="(?:Collection\()?([\w.]+)\)?"/g))
        assert.match(type ?? '', /^(Edm|Lib|L)\./);
    });
    it('P13.1.1-9 P6.2-1 P6.4-1 annotations and headers of ours need not be understood', async () => {
      const { json } = await get('Books(1)', { accept: 'application/json;odata.metadata=none' });
      assert.ok(Object.keys(json).every((name) => !name.includes('@')));
      assert.equal(json.Title, 'Engines');
    });
    it('P6.5-1 no header of our own begins with OData', async () => {
      const { headers } = await get('Books');
      const known = ['odata-version', 'odata-entityid', 'odata-maxversion'];
      assert.ok([...headers.keys()].every((name) => !name.startsWith('odata') || known.includes(name)));
    });
    it('P6.2-2 what a body holds beyond the standard is no error', async () => {
      const id = await made({ '@my.note': 1, 'Title@my.other': { a: [1] } });
      assert.equal((await get(`Books(${id})`)).json.Title, 'Made');
    });
    it('P13.1.1-10 an update leaves alone what it does not name', async () => {
      const id = await made({ Pages: 7 });
      await done(200, 'PATCH', `Books(${id})`, { body: { Title: 'Changed' } });
      assert.equal((await get(`Books(${id})`)).json.Pages, 7);
    });
    it('P13.1.1-11 P6.3-2 what has a meaning in OData has no other', async () => {
      await refused(404, 'NoSuchFunction()');
      await refused(404, 'Books/Lib.NoSuchFunction()');
    });
    it('P13.1.1-14 headers and preferences with and without prefix', async () => {
      for (const name of ['maxpagesize', 'odata.maxpagesize'])
        assert.equal((await get('Books', { prefer: `${name}=2` })).json.value.length, 2);
      await refused(412, 'Books', { isolation: 'snapshot' });
      await refused(412, 'Books', { 'odata-isolation': 'snapshot' });
    });
    it('P13.1.1-15 literals of enumerations and durations with their type', async () => {
      assert.deepEqual(await items("Books?$filter=Genre eq Lib.Genre'Science'"), [1]);
      assert.equal((await get("Values/$count?$filter=Duration lt duration'PT0S'")).text, '1');
    });
    it('P13.1.1-18 P4.2-2 an edit link for what can be changed, told where it is not the default', async () => {
      const { json } = await get('Authors(1)/Books?$top=1', { accept: 'application/json;odata.metadata=full' });
      const link = json.value[0]['@odata.editLink'] ?? json.value[0]['@odata.id'];
      assert.equal((await ask('PATCH', link, { body: {} })).status, 200);
    });
    it('P13.1.1-19 P13.1.1-27 POST to an entity set, and Location', async () => {
      const reply = await done(201, 'POST', 'Books', { body: { ID: 900, Title: 'Posted', Tags: [] } });
      assert.equal(reply.headers.get('location'), `${server.base}Books(900)`);
    });
    it('P13.1.1-20 POST of a related entity', async () => {
      await done(201, 'POST', 'Authors(1)/Books', { body: { ID: 901, Title: 'Related', Tags: [] } });
      assert.equal((await get('Books(901)/Author')).json.ID, 1);
    });
    it('P13.1.1-21 P13.1.1-25 P13.2.1-33 POST and DELETE of references of a collection', async () => {
      const id = await made();
      await done(204, 'POST', `Books(${id})/Topics/$ref`, { body: { '@odata.id': "Topics('C')" } });
      assert.equal((await get(`Books(${id})/Topics/$count`)).text, '1');
      await done(204, 'DELETE', `Books(${id})/Topics('C')/$ref`);
      await done(204, 'POST', `Books(${id})/Topics/$ref`, { body: { '@odata.id': `${server.base}Topics('C')` } });
      await done(204, 'DELETE', `Books(${id})/Topics/$ref?$id=${encodeURIComponent(`${server.base}Topics('C')`)}`);
      assert.equal((await get(`Books(${id})/Topics/$count`)).text, '0');
    });
    it('P13.1.1-22 PUT of a reference to one', async () => {
      const id = await made();
      await done(204, 'PUT', `Books(${id})/Author/$ref`, { body: { '@odata.id': 'Authors(2)' } });
      assert.equal((await get(`Books(${id})/Author`)).json.ID, 2);
      await done(204, 'DELETE', `Books(${id})/Author/$ref`);
      assert.equal((await ask('GET', `Books(${id})/Author`)).status, 204);
    });
    it('P13.1.1-23 P13.1.1-24 PATCH and DELETE of all that can be changed', async () => {
      const id = await made({ 'Author@odata.bind': 'Authors(1)' });
      for (const path of [`Books(${id})`, `Authors(1)/Books(${id})`]) await done(200, 'PATCH', path, { body: {} });
      await done(201, 'POST', `Books(${id})/Copies`, { body: { No: 1 } });
      await done(200, 'PATCH', `Books(${id})/Copies(1)`, { body: { Shelf: 'A' } });
      await done(204, 'DELETE', `Books(${id})/Copies(1)`);
      await done(204, 'DELETE', `Books(${id})`);
      await done(404, 'GET', `Books(${id})`);
    });
    it('P13.1.1-26 If-Match wherever an ETag was given', async () => {
      const id = await made();
      const stale = { headers: { 'if-match': 'W/"0"' }, body: {} };
      assert.ok((await get(`Books(${id})`)).headers.get('etag'));
      await done(412, 'PATCH', `Books(${id})`, stale);
      await done(412, 'PUT', `Books(${id})`, { ...stale, body: { Title: 'x', Tags: [] } });
      await done(412, 'DELETE', `Books(${id})`, { headers: stale.headers });
    });
    it('P13.1.1-28 OData-EntityId where a creation answers without content', async () => {
      last++;
      const body = { ID: last, Title: 'Silent', Tags: [] };
      const reply = await done(204, 'POST', 'Books', { body, headers: { prefer: 'return=minimal' } });
      assert.equal(reply.headers.get('odata-entityid'), `${server.base}Books(${last})`);
    });
    it('P13.1.1-29 upsert', async () => {
      last++;
      await done(201, 'PATCH', `Books(${last})`, { body: { Title: 'Upserted', Tags: [] } });
      assert.equal((await get(`Books(${last})`)).json.Title, 'Upserted');
    });
  });

  describe('13.1.2 4.0 intermediate', () => {
    it('P13.1.2-1 P13.1.2-2 what the grammar allows is understood, or refused with 501', async () => {
      const understood = [
        "Books?$filter=(not(endswith(Title,'x')) or length(Title) mod 2 eq 1) and Price div 2 gt -1.5e3",
        'Authors?$filter=Home/City ne null and Books/any(b:b/Pages gt 1 and b/Copies/all(c:c/No ne 0))',
        'Books?$orderby=Author/Name desc,Title&$select=Title,Size/Width&$expand=Author',
      ];
      for (const path of understood) await get(path);
    });
    it('P13.1.2-3 $select', async () => {
      assert.deepEqual(
        Object.keys((await get('Books(1)?$select=ID,Pages', { accept: 'application/json;odata.metadata=none' })).json),
        ['ID', 'Pages'],
      );
    });
    it('P13.1.2-4 casts in paths', async () => {
      assert.deepEqual(await items('Books/Lib.RareBook'), [3]);
      assert.equal((await get('Books(3)/Lib.RareBook/Appraisal/$value')).text.slice(0, 4), '1234');
      await refused(404, 'Books(1)/Lib.RareBook');
    });
    it('P13.1.2-5 $top', async () => assert.deepEqual(await items('Books?$top=2&$orderby=ID'), [1, 2]));
    it('P13.1.2-6 /$value of properties', async () =>
      assert.equal((await get('Books(1)/Title/$value')).text, 'Engines'));
    it('P13.1.2-7 P13.1.2-8 $filter with eq and ne', async () => {
      assert.deepEqual(await items("Books?$filter=Title eq 'Engines'"), [1]);
      assert.deepEqual(await items("Books?$filter=Title ne 'Engines' and ID lt 4&$orderby=ID"), [2, 3]);
    });
    it('P13.1.2-9 aliases in $filter', async () =>
      assert.deepEqual(await items("Books?$filter=Title eq @t&@t='Engines'"), [1]));
    it('P13.1.2-10 P13.1.2-11 more operations and functions', async () =>
      assert.deepEqual(await items("Books?$filter=Pages add 1 gt 300 and startswith(Title,'E')"), [1]));
  });

  describe('13.1.3 4.0 advanced', () => {
    it('P13.1.3-1 P13.1.3-2 P13.1.3-3 metadata as XML, data as JSON', async () => {
      assert.match((await get('$metadata', { accept: 'application/xml' })).text, /^<\?xml/);
      assert.match((await get('Books')).headers.get('content-type') ?? '', /json/);
    });
    it('P13.1.3-4 /$count of related entities and collections', async () => {
      assert.equal((await get('Authors(1)/Books/$count?$filter=ID lt 900')).text, '2');
      assert.equal((await get('Books(1)/Tags/$count')).text, '2');
    });
    it('P13.1.3-5 any and all', async () => {
      assert.deepEqual(await items("Books?$filter=Tags/any(t:t eq 'maths')"), [1]);
      assert.deepEqual(await items('Authors?$filter=Books/any() and Books/all(b:b/ID gt 2)'), [3]);
    });
    it('P13.1.3-6 P13.1.3-7 P13.1.3-8 $skip, $count and $orderby', async () => {
      const { json } = await get('Authors?$orderby=Name desc&$skip=1&$count=true');
      assert.equal(json['@odata.count'], json.value.length + 1);
      const names = json.value.map(({ Name }: { Name: string }) => Name);
      assert.deepEqual(names, [...names].sort().reverse());
    });
    it('P13.1.3-9 P13.1.3-10 P13.1.3-11 P13.1.3-12 $expand, of references, filtered, through a cast', async () => {
      assert.equal((await get('Books(1)?$expand=Author')).json.Author.ID, 1);
      const { Author } = (await get('Books(1)?$expand=Author/$ref')).json;
      assert.deepEqual(Object.keys(Author), ['@odata.id']);
      const filtered = (await get('Authors(1)?$expand=Books($filter=ID eq 1)')).json;
      assert.deepEqual(ids({ value: filtered.Books }), [1]);
      const cast = (await get('Books(4)?$expand=Lib.EBook/Mirrors')).json;
      assert.ok(Array.isArray(cast.Mirrors));
      assert.ok(!('Mirrors' in (await get('Books(1)?$expand=Lib.EBook/Mirrors')).json));
    });
    it('P13.1.3-19 $search', async () => assert.deepEqual(await items('Books?$search=Haiku'), [3]));
    it('P13.1.3-20 P13.2.3-12 batch, multipart and JSON', async () => {
      const multipart = '--b\r\nContent-Type: application/http\r\n\r\nGET Books(1) HTTP/1.1\r\n\r\n\r\n--b--\r\n';
      const mixed = await done(200, 'POST', '$batch', {
        body: multipart,
        headers: { 'content-type': 'multipart/mixed;boundary=b' },
      });
      assert.match(mixed.text, /HTTP\/1\.1 200 OK/);
      const json = await done(200, 'POST', '$batch', {
        body: { requests: [{ id: '1', method: 'GET', url: 'Books(1)' }] },
      });
      assert.equal(json.json.responses[0].status, 200);
    });
    it('P13.1.3-21 paths', async () => {
      for (const path of [
        'Books(1)',
        'Books(ID=1)',
        'Books/1',
        'Desk',
        'Books(1)/Author/Mentor',
        'Books(1)/Size/Width',
        "Topics(Name='Birds')",
        'Books(1)/Author/$ref',
        '$entity?$id=Books(1)',
      ])
        assert.ok([200, 204].includes((await ask('GET', path)).status), path);
    });
  });

  describe('13.2 4.01', () => {
    it('P13.2.1-1 P13.2.1-2 JSON of 4.01', async () => {
      const { json, headers } = await get('Books(3)', v401);
      assert.ok(json['@context'].startsWith(`${server.base}$metadata#Books`));
      assert.equal(json['@type'], '#Lib.RareBook');
      assert.match(headers.get('content-type') ?? '', /;metadata=minimal/);
    });
    it('P13.2.1-4 preferences and headers, plain and with prefix', async () => {
      for (const prefer of ['odata.maxpagesize=1', 'maxpagesize=1'])
        assert.equal((await get('Books', { ...v401, prefer })).json.value.length, 1);
    });
    it('P13.2.1-6 options with and without $', async () =>
      assert.deepEqual(await items('Books?filter=ID le 2&orderby=ID desc&top=1'), [2]));
    it('P13.2.1-7 P13.2.1-8 names of options, operators and functions in any case; identifiers in their own', async () => {
      const reply = await get("Books?$Filter=ID EQ 1 AND Contains(Title,'gin')&$SELECT=Title");
      assert.ok('Title' in reply.json.value[0]);
      await refused(400, 'Books?$filter=title eq null');
    });
    it('P13.2.1-9 both syntaxes, whatever the version', async () => {
      for (const version of ['4.0', '4.01'])
        assert.deepEqual(await items('Books?filter=ID in (1,2)&$orderby=ID', { 'odata-maxversion': version }), [1, 2]);
    });
    it('P13.2.1-10 strings as literals of other types', async () => {
      assert.deepEqual(await items("Books?$filter=Published eq '1843-08-01'"), [1]);
      assert.deepEqual(await items("Books?$filter=Genre eq 'Science'"), [1]);
    });
    it('P13.2.1-11 enumerations and durations without their type', async () => {
      assert.deepEqual(await items("Books?$filter=Genre eq 'Poetry'"), [3]);
      assert.equal((await get("Values/$count?$filter=Duration lt 'PT0S'")).text, '1');
    });
    it('P13.2.1-15 aliases for keys', async () => {
      assert.equal((await get(`Topics(@k)?@k=${encodeURIComponent("'A/1'")}`)).json.Code, 'A/1');
    });
    it('P13.2.1-21 keys as segments, and canonical URLs too', async () => {
      assert.equal((await get('Books/1')).json.Title, (await get('Books(1)')).json.Title);
      assert.equal((await get('Topics/A%2F1')).json.Code, 'A/1');
    });
    it('P13.2.1-32 updates as in 4.0', async () => {
      const id = await made();
      await done(200, 'PATCH', `Books(${id})`, { body: { Title: 'x' }, headers: v401 });
    });
    it('P13.2.2-1 P13.2.2-2 P13.2.2-3 related entities compared with null', async () => {
      assert.deepEqual(await items('Books?$filter=Author eq null and ID lt 900'), [5]);
      assert.deepEqual(await items('Books?$filter=Author ne null and ID lt 3&$orderby=ID'), [1, 2]);
    });
    it('P13.2.2-4 in', async () => assert.deepEqual(await items('Books?$filter=ID in (1,3)&$orderby=ID'), [1, 3]));
    it('P13.2.2-5 P13.2.3-5 options within $select', async () => {
      const { json } = await get('Books(1)?$select=ID,Size($select=Width)', v401);
      assert.deepEqual(Object.keys(json.Size), ['Width']);
    });
    it('P13.2.3-1 P13.2.3-2 P13.2.3-3 the count of a filtered collection within an expression', async () =>
      assert.deepEqual(await items('Authors?$filter=Books/$count($filter=ID eq 1) eq 1'), [1]));
    it('P13.2.3-4 $compute', async () => {
      const { json } = await get('Books(1)?$compute=Pages mul 2 as Double&$select=Double');
      assert.equal(json.Double, 600);
    });
    it('P13.2.3-6 $filter on a selected collection', async () => {
      const { json } = await get("Books(1)?$select=ID,Tags($filter=$this eq 'old')", v401);
      assert.deepEqual(json.Tags, ['old']);
    });
    it('P13.2.3-11 metadata as JSON', async () =>
      assert.equal((await get('$metadata', { ...v401, accept: 'application/json' })).json.$Version, '4.01'));
  });
});
