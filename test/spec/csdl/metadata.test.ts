import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readModel } from '../../../src/index.js';
import { documentsOf, metadataForm } from '../../../src/service/documents.js';
import { csdl } from '../../model/inline.js';
import { type Reply, type Server, startServer } from '../../model/serve.js';

const text = csdl(`
<Annotation Term="Core.SchemaVersion" String="2.1"/>
<EntityType Name="Thing" OpenType="true"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Any" Type="Edm.Untyped"/>
  <Property Name="Price" Type="Edm.Decimal" Precision="5" Scale="2"><Annotation Term="Validation.Minimum" Decimal="3.14"/></Property>
  <Annotation Term="T.Since" Date="2020-01-31"/>
  <Annotation Term="T.Title" String="a thing"/>
  <Annotation Term="Core.Revisions"><Collection><Record><PropertyValue Property="Version" String="1"/><PropertyValue Property="Kind" EnumMember="Org.OData.Core.V1.RevisionKind/Added"/></Record></Collection></Annotation>
</EntityType>
<Function Name="All"><ReturnType Type="Collection(T.Thing)"/></Function>
<Action Name="Do"/>
<Term Name="Since" Type="Edm.Date"/>
<Term Name="Title" Type="Edm.String"/>
<EntityContainer Name="C">
  <EntitySet Name="Things" EntityType="T.Thing"><Annotation Term="Core.Description" String="All things"/></EntitySet>
  <EntitySet Name="Pages" EntityType="T.Thing" IncludeInServiceDocument="false"/>
  <EntitySet Name="Hidden" EntityType="T.Thing" IncludeInServiceDocument="false"/>
  <Singleton Name="Me" Type="T.Thing"/>
  <FunctionImport Name="AllThings" Function="T.All" EntitySet="Things" IncludeInServiceDocument="true"/>
  <FunctionImport Name="Quiet" Function="T.All" EntitySet="Things"/>
  <ActionImport Name="DoIt" Action="T.Do"/>
</EntityContainer>`);

describe('CSDL 2, Protocol 11.1: documents over HTTP', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ model: readModel({ file: 'm.xml', text }) });
    for (const ID of [1, 2]) await server.ask('POST', 'Pages', { body: { ID } });
  });
  after(() => server.close());
  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    server.ask('GET', path, { headers: { 'accept-encoding': 'identity', ...headers } });

  const formats: readonly (readonly [rows: string, path: string, accept: string | null, type: string])[] = [
    ['C2-1', '$metadata', null, 'application/xml'],
    ['C2-1', '$metadata', '*/*', 'application/xml'],
    ['C2-1', '$metadata', 'application/xml', 'application/xml'],
    ['C2-1', '$metadata?$format=XML', 'application/json', 'application/xml'],
    ['C2-1', '$metadata?$format=application/xml', 'application/json', 'application/xml'],
    ['C2-2', '$metadata', 'application/json', 'application/json;odata.metadata=minimal'],
    ['C2-2', '$metadata?$format=Json', 'application/xml', 'application/json;odata.metadata=minimal'],
    ['C2-2', '$metadata', 'application/json;MetaData=FULL', 'application/json;odata.metadata=full'],
    [
      'C2-2 C2-4',
      '$metadata?$format=application/json;ieee754compatible=TRUE',
      null,
      'application/json;odata.metadata=minimal;IEEE754Compatible=true',
    ],
  ];
  for (const [rows, path, accept, type] of formats)
    it(`${rows} ${path} with Accept ${accept} is ${type}`, async () => {
      const reply = await get(path, accept === null ? { accept: '*/*' } : { accept });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.headers.get('content-type'), type);
      assert.match(reply.text, type === 'application/xml' ? /^<\?xml/ : /^\{/);
    });

  it('C2-4 Decimal constants are strings when the client asks for it, else numbers', async () => {
    const json = 'application/json';
    const minimum = async (accept: string) =>
      (await get('$metadata', { accept })).json.T.Thing.Price['@Validation.Minimum'];
    assert.equal(await minimum(`${json};IEEE754Compatible=true`), '3.14');
    assert.equal(await minimum(json), 3.14);
  });

  it('C2-6 C2-7 metadata=full tells types that JSON does not show, none tells no type at all', async () => {
    const thing = async (level: string) =>
      (await get('$metadata', { accept: `application/json;odata.metadata=${level}` })).json.T.Thing;
    const full = await thing('full');
    assert.equal(full['@T.Since@odata.type'], '#Date');
    assert.equal(full['@T.Title@odata.type'], undefined, 'a string shows that it is one');
    assert.equal(full.Price['@Validation.Minimum'], 3.14);
    assert.equal(full['@Core.Revisions@odata.type'], '#Collection(Core.RevisionType)');
    assert.deepEqual(full['@Core.Revisions'], [
      {
        '@odata.type': '#Core.RevisionType',
        Version: '1',
        'Kind@odata.type': '#Core.RevisionKind',
        Kind: 'Added',
      },
    ]);
    const written = JSON.stringify(await thing('minimal'));
    assert.doesNotMatch(written, /type"/);
    assert.doesNotMatch(JSON.stringify(await thing('none')), /type"/);
    const current = { accept: 'application/json;metadata=full', 'odata-maxversion': '4.01' };
    assert.equal((await get('$metadata', current)).json.T.Thing['@T.Since@type'], '#Date');
  });

  it('C3-1 there is one document with one container at $metadata, of the version of the answer', async () => {
    const old = await get('$metadata');
    assert.equal(old.headers.get('odata-version'), '4.0');
    assert.equal(old.text.match(/<EntityContainer /g)?.length, 1);
    assert.match(old.text, /Version="4\.0"/);
    assert.doesNotMatch(old.text, /Edm\.Untyped/);
    const current = await get('$metadata', { 'odata-maxversion': '4.01' });
    assert.equal(current.headers.get('odata-version'), '4.01');
    assert.match(current.text, /Version="4\.01"/);
    assert.match(current.text, /Edm\.Untyped/);
  });

  it('has an ETag of its own per version, format and encoding, each known again', async () => {
    const tags = new Set<string>();
    for (const encoding of ['identity', 'gzip', 'br'])
      for (const accept of ['application/xml', 'application/json'])
        for (const version of ['4.0', '4.01']) {
          const headers = { 'accept-encoding': encoding, accept, 'odata-maxversion': version };
          const reply = await get('$metadata', headers);
          const etag = reply.headers.get('etag') ?? '';
          assert.match(etag, /^"[^"]+"$/);
          tags.add(etag);
          const vary = reply.headers.get('vary') ?? '';
          for (const name of ['Accept', 'Accept-Encoding', 'OData-MaxVersion'])
            assert.ok(vary.split(', ').includes(name), vary);
          const again = await get('$metadata', { ...headers, 'if-none-match': etag });
          assert.equal(again.status, 304);
          assert.equal(again.text, '');
        }
    assert.equal(tags.size, 12);
    assert.equal((await get('$metadata', { 'if-none-match': '"other"' })).status, 200);
  });

  it('is the same document in every encoding, compressed beforehand', async () => {
    const documents = documentsOf(server.service.model);
    const form = metadataForm('application/xml', '4.0');
    assert.deepEqual(documents.metadata(form).compressed, {});
    await documents.prepare(new AbortController().signal);
    const { body, compressed } = documents.metadata(form);
    const [br, zipped] = [compressed.br ?? '', compressed.gzip ?? ''];
    assert.deepEqual([brotliDecompressSync(br), gunzipSync(zipped)], [body, body]);
    for (const encoding of ['br', 'gzip', 'deflate']) {
      const sent = await get('$metadata', { 'accept-encoding': encoding });
      assert.equal(sent.headers.get('content-encoding'), encoding);
      assert.equal(sent.text, body.toString());
    }
  });

  const versions: readonly (readonly [path: string, status: number])[] = [
    ['Things?$schemaversion=2.1', 200],
    ['Things?$schemaversion=*', 200],
    ['Things?schemaversion=2.1&$filter=ID gt 0', 200],
    ['$metadata?$schemaversion=2.1', 200],
    ['?$schemaversion=2.1', 200],
    ['Things?$schemaversion=1', 404],
    ['Things(1)?$schemaversion=3', 404],
    ['$metadata?$schemaversion=3', 404],
  ];
  for (const [path, status] of versions)
    it(`P11.2.12-1 U5.1.12-1 U5.1.12-2 P5.2-2 P13.2.1-5 ${path} is ${status}`, async () => {
      const reply = await get(path);
      assert.equal(reply.status, status, reply.text);
      if (status === 404) assert.match(reply.json.error.message, /has no version '.': there is 2\.1/);
    });

  it('P11.2.12-1 an unknown version does not write either', async () => {
    assert.equal((await server.ask('POST', 'Things?$schemaversion=9', { body: { ID: 9 } })).status, 404);
    assert.equal((await get('Things(9)')).status, 404);
  });

  it('P11.3.1-2 next links and delta links keep the version', async () => {
    for (const [prefer, link] of [
      ['track-changes', '@odata.deltaLink'],
      ['odata.maxpagesize=1', '@odata.nextLink'],
    ] as const) {
      const { json } = await get('Pages?$schemaversion=2.1', { prefer });
      const url = new URL(json[link]);
      assert.equal(url.searchParams.get('$schemaversion'), '2.1', link);
      assert.equal((await get(url.href)).status, 200);
      url.searchParams.set('$schemaversion', '9');
      assert.equal((await get(url.href)).status, 404);
    }
  });

  it('P5.2-4 the model is the same for every caller', async () => {
    const ask = (scopes: readonly string[]) =>
      server.service.handle({
        method: 'GET',
        url: '$metadata',
        headers: {},
        body: null,
        base: server.base,
        requestId: 'r',
        user: {
          id: scopes[0] ?? null,
          name: null,
          application: null,
          scopes: new Set(scopes),
          roles: new Set(),
          unrestricted: false,
        },
      });
    const [first, ...others] = await Promise.all([[], ['Read'], ['Read', 'Write']].map(ask));
    for (const other of others) assert.deepEqual([other.headers.ETag, other.body], [first?.headers.ETag, first?.body]);
  });

  it('P11.2.12-3 U5.1.12-3 parts of a batch inherit the version of its URL', async () => {
    const requests = [
      { id: '1', method: 'GET', url: 'Things' },
      { id: '2', method: 'GET', url: 'Things?$schemaversion=9' },
    ];
    const ask = (version: string) => server.ask('POST', `$batch?$schemaversion=${version}`, { body: { requests } });
    const reply = await ask('2.1');
    assert.deepEqual(
      reply.json.responses.map(({ status }: { status: number }) => status),
      [200, 404],
    );
    assert.equal((await ask('9')).status, 404);
  });

  it('J5-1 J5-2 J5-3 P11.1.1-1 the service document has all kinds of children that are listed, in the order of the model, with titles', async () => {
    const { json } = await get('');
    assert.deepEqual(json, {
      '@odata.context': `${server.base}$metadata`,
      value: [
        { name: 'Things', title: 'All things', kind: 'EntitySet', url: 'Things' },
        { name: 'Me', kind: 'Singleton', url: 'Me' },
        { name: 'AllThings', kind: 'FunctionImport', url: 'AllThings' },
      ],
    });
  });
});
