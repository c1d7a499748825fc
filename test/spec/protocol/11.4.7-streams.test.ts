import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readModel } from '../../../src/index.js';
import { base, csdl, modelFrom, open, type World } from '../../model/inline.js';
import { type Row, testRows } from '../../model/rows.js';
import { startServer } from '../../model/serve.js';

const schema = `
<EntityType Name="Photo" HasStream="true"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"><Annotation Term="Core.Computed"/></Property>
  <Property Name="Title" Type="Edm.String" DefaultValue="untitled"/>
  <Annotation Term="Core.AcceptableMediaTypes"><Collection><String>image/*</String><String>application/json</String><String>text/plain</String></Collection></Annotation>
</EntityType>
<EntityType Name="Album"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <Property Name="Cover" Type="Edm.Stream"><Annotation Term="Core.AcceptableMediaTypes"><Collection><String>image/png</String></Collection></Annotation>
    <Annotation Term="Core.ContentDisposition"><Record><PropertyValue Property="Type" String="inline"/><PropertyValue Property="Filename" Path="Name"/></Record></Annotation></Property>
  <Property Name="Text" Type="Edm.Stream"><Annotation Term="Core.MediaType" String="text/plain"/></Property>
  <Property Name="Needed" Type="Edm.Stream" Nullable="false"/>
  <NavigationProperty Name="Photos" Type="Collection(T.Photo)" ContainsTarget="true"/>
</EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Photos" EntityType="T.Photo"/>
  <EntitySet Name="Guarded" EntityType="T.Photo"><Annotation Term="Core.OptimisticConcurrency"><Collection/></Annotation></EntitySet>
  <EntitySet Name="Albums" EntityType="T.Album"/>
</EntityContainer>`;
const model = modelFrom(schema);
const png = { 'content-type': 'image/png' };
const v401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]);

async function openAlbum(): Promise<World> {
  const world = await open(model);
  for (const [url, question] of [
    ['Photos', { body: bytes, headers: png }],
    ['Guarded', { body: bytes, headers: png }],
    ['Albums', { body: { ID: 1, Name: 'Süß', Needed: 'AAEC' } }],
  ] as const) {
    const { status, text } = await world.ask('POST', url, question);
    assert.equal(status, 201, text);
  }
  await world.ask('PUT', 'Albums(1)/Cover', { body: bytes, headers: png });
  return world;
}

describe('Protocol 11.4.7: media entities', () => {
  testRows(
    [
      {
        rows: 'P11.4.7.1-1 P11.4.7.1-2 P8.3.3-1',
        request: ['POST', 'Photos', Buffer.from('x')],
        headers: { 'content-type': 'image/gif' },
        status: 201,
        answer: { ID: 2, Title: 'untitled', '@odata.mediaContentType': 'image/gif' },
        sends: { location: `${base}Photos(2)` },
        shows: { 'Photos(2)/$value': 200 },
      },
      {
        rows: 'P11.4.7.1-1',
        what: 'JSON is a stream like any other',
        request: ['POST', 'Photos', { Title: 'no' }],
        status: 201,
        answer: { Title: 'untitled', '@odata.mediaContentType': 'application/json' },
        shows: { 'Photos(2)/$value': { Title: 'no' } },
      },
      {
        rows: 'P11.4.7.1-1',
        request: ['POST', 'Photos', bytes],
        headers: { ...png, prefer: 'return=minimal' },
        status: 204,
        sends: { location: `${base}Photos(2)`, 'odata-entityid': `${base}Photos(2)` },
      },
      {
        rows: 'P11.4.7.1-1 C25',
        what: 'a type that is not taken',
        request: ['POST', 'Photos', bytes],
        headers: { 'content-type': 'video/mp4' },
        status: 415,
      },
      {
        rows: 'P11.4.7.1-1',
        what: 'contained',
        request: ['POST', 'Albums(1)/Photos', bytes],
        headers: png,
        status: 201,
        sends: { location: `${base}Albums(1)/Photos(1)` },
        shows: { 'Albums(1)/Photos(1)/$value': 200 },
      },
      {
        rows: 'P11.4.7-1 P11.2.3-1',
        request: ['GET', 'Photos(1)/$value'],
        status: 200,
        sends: { 'content-type': 'image/png', etag: '"s1"', 'content-length': '8', 'accept-ranges': 'bytes' },
      },
      { rows: 'P11.2.3-2', what: 'of none', request: ['GET', 'Photos(9)/$value'], status: 404 },
      {
        rows: 'P11.4.7.2-1',
        request: ['PUT', 'Photos(1)/$value', Buffer.from('new')],
        headers: { 'content-type': 'text/plain' },
        status: 204,
        sends: { etag: /^"s\d+"$/ },
        shows: { 'Photos(1)': { '@odata.mediaContentType': 'text/plain', Title: 'untitled' } },
      },
      {
        rows: 'P11.4.7.2-1 P11.4.1.5-2',
        request: ['PUT', 'Photos(1)/$value', bytes],
        headers: { ...png, prefer: 'return=representation' },
        status: 200,
        answer: { ID: 1, '@odata.context': `${base}$metadata#Photos/$entity` },
        sends: { 'preference-applied': 'return=representation', etag: /^W\// },
      },
      { rows: 'P11.4.7.2-1', what: 'of none', request: ['PUT', 'Photos(9)/$value', bytes], headers: png, status: 404 },
      { rows: 'P11.4.7.2-2 P8.2.4-5', request: ['PUT', 'Guarded(1)/$value', bytes], headers: png, status: 428 },
      {
        rows: 'P11.4.7.2-2 P8.2.4-3',
        request: ['PUT', 'Guarded(1)/$value', bytes],
        headers: { ...png, 'if-match': '"s99"' },
        status: 412,
      },
      {
        rows: 'P11.4.7.2-2',
        request: ['PUT', 'Guarded(1)/$value', bytes],
        headers: { ...png, 'if-match': '"s2"' },
        status: 204,
      },
      { rows: 'P11.4.7.3-1', request: ['DELETE', 'Photos(1)/$value'], status: 204, shows: { 'Photos(1)': 404 } },
      { rows: 'P11.4.7.3-1', request: ['DELETE', 'Photos(1)'], status: 204, shows: { 'Photos(1)/$value': 404 } },
      {
        rows: 'P11.4.7.3-1',
        what: 'by the ETag of its stream',
        request: ['DELETE', 'Guarded(1)/$value'],
        headers: { 'if-match': '"s2"' },
        status: 204,
      },
      {
        rows: 'P11.4.7.3-1',
        what: 'by another',
        request: ['DELETE', 'Guarded(1)/$value'],
        headers: { 'if-match': '"s1"' },
        status: 412,
      },
      { rows: 'P11.4.4-2', what: 'no upsert', request: ['PUT', 'Photos(9)', { Title: 'x' }], status: 404 },
      {
        rows: 'P11.4.3-11 J10-1',
        what: 'within an update',
        request: ['PATCH', 'Photos(1)', { '@mediaContentType': 'text/plain', $value: 'hello', Title: 'T' }],
        headers: v401,
        status: 200,
        answer: { Title: 'T', '@mediaContentType': 'text/plain' },
      },
      {
        rows: 'P11.4.3-11',
        what: 'not in 4.0',
        request: ['PATCH', 'Photos(1)', { $value: 'AAEC', Title: 'T' }],
        headers: { 'odata-version': '4.0' },
        status: 200,
        answer: { '@odata.mediaEtag': '"s1"' },
      },
      {
        rows: 'P11.4.3-2',
        what: 'replacing the entity keeps its stream',
        request: ['PUT', 'Photos(1)', { Title: 'T' }],
        status: 200,
        answer: { '@odata.mediaEtag': '"s1"' },
      },
      {
        rows: 'P11.4.2.2-5 J10-1',
        request: [
          'POST',
          'Albums',
          { ID: 2, Needed: 'AAEC', Photos: [{ $value: 'iVBORw', '@mediaContentType': 'image/png', Title: 'nested' }] },
        ],
        headers: v401,
        status: 201,
        answer: { Photos: [{ Title: 'nested', '@mediaContentType': 'image/png' }] },
        shows: { 'Albums(2)/Photos(1)/$value': 200 },
      },
      {
        rows: 'P11.4.2.2-5',
        what: 'that is no base64url',
        request: ['POST', 'Albums', { ID: 2, Needed: 'AAEC', Photos: [{ $value: '+/' }] }],
        headers: v401,
        status: 400,
        answer: { error: { target: 'Photos/0/$value' } },
      },
      {
        rows: 'J4.5.12-1 J4.5.12-2',
        request: ['GET', 'Photos(1)?$format=application/json;odata.metadata=full'],
        status: 200,
        answer: {
          '@odata.mediaReadLink': `${base}Photos(1)/$value`,
          '@odata.mediaEditLink': `${base}Photos(1)/$value`,
          '@odata.mediaContentType': 'image/png',
          '@odata.mediaEtag': '"s1"',
        },
      },
      {
        rows: 'J4.5.12-4',
        request: ['GET', 'Photos(1)?$format=application/json;odata.metadata=none'],
        status: 200,
        answer: { '@odata.mediaContentType': undefined },
      },
      {
        rows: 'J4.5.12-4',
        what: 'links in a body are ignored',
        request: ['PATCH', 'Photos(1)', { '@odata.mediaReadLink': 'http://x/', '@odata.mediaEtag': 'y', Title: 'T' }],
        status: 200,
        answer: { '@odata.mediaEtag': '"s1"' },
      },
    ],
    openAlbum,
  );
});

describe('Protocol 11.4.8: stream properties', () => {
  testRows(
    [
      ...['text/*', '*/*', 'text', 'a b/c'].map(
        (type): Row => ({
          rows: 'P11.4.8.1-1',
          what: `of the type ${type}`,
          headers: { 'content-type': type },
          request: ['PUT', 'Albums(1)/Text', 'x'],
          status: 415,
        }),
      ),
      {
        rows: 'P11.4.8.1-1',
        request: ['PUT', 'Albums(1)/Text', 'hello'],
        headers: { 'content-type': 'text/plain;charset=utf-8' },
        status: 204,
        sends: { etag: /^"s/, 'content-type': null },
        shows: { 'Albums(1)': { 'Text@odata.mediaContentType': 'text/plain;charset=utf-8' } },
      },
      {
        rows: 'P11.4.8.1-1',
        request: ['PUT', 'Albums(1)/Text', 'hello'],
        headers: { 'content-type': 'text/plain', prefer: 'return=representation' },
        status: 200,
        sends: { 'content-type': 'text/plain', 'preference-applied': 'return=representation', 'content-length': '5' },
      },
      {
        rows: 'P11.4.8.1-1',
        what: 'an empty one',
        request: ['PUT', 'Albums(1)/Text', ''],
        headers: { 'content-type': 'text/plain' },
        status: 204,
        shows: { 'Albums(1)/Text': 200 },
      },
      {
        rows: 'P11.4.8.1-3 C25',
        request: ['PUT', 'Albums(1)/Cover', bytes],
        headers: { 'content-type': 'image/gif' },
        status: 415,
      },
      {
        rows: 'P11.4.8.1-2',
        request: ['PUT', 'Albums(1)/Cover', bytes],
        headers: { ...png, 'if-match': '"s99"' },
        status: 412,
      },
      {
        rows: 'P8.2.4-7',
        what: 'there is none yet',
        request: ['PUT', 'Albums(1)/Text', 'x'],
        headers: { 'content-type': 'text/plain', 'if-match': '*' },
        status: 412,
      },
      {
        rows: 'P11.4.8.2-1',
        request: ['DELETE', 'Albums(1)/Cover'],
        status: 204,
        shows: { 'Albums(1)/Cover': 204, 'Albums(1)': { 'Cover@odata.mediaEtag': undefined } },
      },
      { rows: 'P11.4.8.2-1', what: 'that must be there', request: ['DELETE', 'Albums(1)/Needed'], status: 400 },
      { rows: 'P11.4.8.2-1', what: 'reading none', request: ['GET', 'Albums(1)/Text'], status: 204 },
      {
        rows: 'J9-1 J4.5.12-1',
        request: ['GET', 'Albums(1)?$format=application/json;odata.metadata=full'],
        status: 200,
        answer: {
          Cover: undefined,
          'Cover@odata.mediaReadLink': `${base}Albums(1)/Cover`,
          'Cover@odata.mediaContentType': 'image/png',
          'Text@odata.mediaEditLink': `${base}Albums(1)/Text`,
          'Text@odata.mediaContentType': undefined,
        },
      },
      {
        rows: 'J9-2',
        what: 'in a body, by media type',
        request: [
          'PATCH',
          'Albums(1)',
          {
            'Text@mediaContentType': 'text/plain',
            Text: 'words',
            'Cover@mediaContentType': 'image/png',
            Cover: 'iVBORw',
          },
        ],
        headers: v401,
        status: 200,
        answer: { 'Text@mediaContentType': 'text/plain' },
      },
      {
        rows: 'J9-2',
        what: 'JSON stays JSON',
        request: ['PATCH', 'Albums(1)', { 'Needed@mediaContentType': 'application/json', Needed: { a: [1, 2] } }],
        headers: v401,
        status: 200,
        shows: { 'Albums(1)/Needed': { a: [1, 2] } },
      },
      {
        rows: 'J9-2',
        what: 'null is none',
        request: ['PATCH', 'Albums(1)', { Cover: null }],
        headers: v401,
        status: 200,
        shows: { 'Albums(1)/Cover': 204 },
      },
      {
        rows: 'C25',
        what: 'in a body',
        request: ['PATCH', 'Albums(1)', { 'Cover@mediaContentType': 'image/gif', Cover: 'AAEC' }],
        headers: v401,
        status: 415,
      },
      {
        rows: 'P11.4.3-2',
        what: 'replacing the entity keeps streams',
        request: ['PUT', 'Albums(1)', { Name: 'N' }],
        status: 200,
        shows: { 'Albums(1)/Cover': 200 },
      },
      {
        rows: 'C28',
        request: ['GET', 'Albums(1)/Cover'],
        status: 200,
        sends: { 'content-disposition': `inline; filename*=UTF-8''S%C3%BC%C3%9F` },
      },
      {
        rows: 'P8.2.1-1',
        what: 'another type is wanted',
        request: ['GET', 'Albums(1)/Cover'],
        headers: { accept: 'text/html' },
        status: 406,
      },
      {
        rows: 'P8.2.1-1',
        request: ['GET', 'Albums(1)/Cover'],
        headers: { accept: 'text/html, image/*;q=0.5' },
        status: 200,
      },
    ],
    openAlbum,
  );

  it('RFC 9110 14: ranges', async () => {
    const world = await openAlbum();
    const all = Buffer.from('0123456789');
    await world.ask('PUT', 'Albums(1)/Text', { body: all, headers: { 'content-type': 'text/plain' } });
    const etag = (await world.ask('GET', 'Albums(1)/Text')).headers.etag ?? '';
    const rows: readonly [
      range: string,
      status: number,
      text: string,
      contentRange: string | undefined,
      also?: Record<string, string>,
    ][] = [
      ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
      ['bytes=7-', 206, '789', 'bytes 7-9/10'],
      ['bytes=-2', 206, '89', 'bytes 8-9/10'],
      ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
      ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
      ['bytes=10-', 416, '', 'bytes */10'],
      ['bytes=0-1,4-5', 200, '0123456789', undefined],
      ['lines=0-1', 200, '0123456789', undefined],
      ['bytes=0-3', 206, '0123', 'bytes 0-3/10', { 'if-range': etag }],
      ['bytes=0-3', 200, '0123456789', undefined, { 'if-range': '"s0"' }],
    ];
    for (const [range, status, text, contentRange, also] of rows) {
      const reply = await world.ask('GET', 'Albums(1)/Text', { headers: { range, ...also } });
      assert.equal(reply.status, status, range);
      assert.equal(reply.headers['content-range'], contentRange, range);
      if (status < 400) assert.equal(reply.text, text, range);
    }
    assert.equal((await world.ask('GET', 'Albums(1)/Text', { headers: { 'if-none-match': etag } })).status, 304);
    await world.close();
  });

  it('no content is left behind, whatever takes it away', async () => {
    const world = await openAlbum();
    const count = async () =>
      (await world.store.read({ text: 'select count(distinct "id") from "@stream"', values: [] }))[0]?.[0];
    const start = Number(await count());
    await world.ask('PUT', 'Albums(1)/Cover', { body: bytes, headers: png });
    await world.ask('PUT', 'Photos(1)/$value', { body: bytes, headers: png });
    assert.equal(Number(await count()), start);
    await world.ask('POST', 'Albums(1)/Photos', { body: bytes, headers: png });
    assert.equal(Number(await count()), start + 1);
    await world.ask('DELETE', 'Albums(1)');
    await world.ask('DELETE', 'Photos(1)');
    assert.equal(Number(await count()), 1);
    const failed = await world.ask('PATCH', 'Guarded(1)', {
      body: { $value: 'AAEC' },
      headers: { ...v401, 'if-match': '"x"' },
    });
    assert.equal(failed.status, 412);
    assert.equal(Number(await count()), 1);
    await world.close();
  });

  it('P11.7-1 in a batch', async () => {
    const world = await openAlbum();
    const requests = [
      { id: '1', method: 'put', url: 'Albums(1)/Text', headers: { 'content-type': 'text/plain' }, body: 'words' },
      { id: '2', method: 'get', url: 'Albums(1)/Text' },
      { id: '3', method: 'get', url: 'Photos(1)/$value' },
    ];
    const { json } = await world.ask('POST', '$batch', { body: { requests } });
    assert.deepEqual(
      json.responses.map(({ status, body }: { status: number; body: unknown }) => [status, body]),
      [
        [204, undefined],
        [200, 'words'],
        [200, bytes.toString('base64url')],
      ],
    );
    await world.close();
  });

  it('over HTTP: of any size, in little memory, up to the limit', async () => {
    const megabyte = 1024 * 1024;
    const server = await startServer(
      { model: readModel({ file: 'streams.xml', text: csdl(schema) }), settings: { maxStreamSize: 72 * megabyte } },
      { limits: { maxBodySize: 100_000 } },
    );
    try {
      const chunk = randomBytes(megabyte);
      const source = (count: number) => Readable.from(Array.from({ length: count }, () => chunk));
      const held = () => {
        collect();
        return process.memoryUsage().arrayBuffers;
      };
      let most = 0;
      const before = held();
      const watch = setInterval(() => {
        most = Math.max(most, held() - before);
      }, 200);
      const posted = await send('POST', `${server.base}Photos`, 'image/png', source(64));
      assert.equal(posted.status, 201, posted.hash);
      const read = await send('GET', `${server.base}Photos(1)/$value`, null, null);
      clearInterval(watch);
      assert.deepEqual([read.size, read.length], [64 * megabyte, String(64 * megabyte)]);
      const wanted = createHash('sha256');
      for (let index = 0; index < 64; index++) wanted.update(chunk);
      assert.equal(read.hash, wanted.digest('hex'));
      assert.ok(most < 40 * megabyte, `${most} bytes were held`);
      assert.equal((await send('POST', `${server.base}Photos`, 'image/png', source(73))).status, 413);
      assert.equal((await server.ask('GET', 'Photos/$count')).text, '1');
      assert.equal((await send('POST', `${server.base}Albums`, 'text/plain', source(1))).status, 415);
    } finally {
      await server.close();
    }
  });
});

/** Takes away what nobody holds any more, so that only the rest is measured. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Sends and reads with backpressure, so that what is held is held by the server. */
function send(method: string, url: string, type: string | null, source: Readable | null) {
  return new Promise<{ status: number; size: number; hash: string; length: string | undefined }>((resolve, reject) => {
    const headers = type === null ? {} : { 'content-type': type };
    const sent = request(url, { method, headers }, (reply) => {
      const hash = createHash('sha256');
      let size = 0;
      reply.on('data', (part: Buffer) => {
        hash.update(part);
        size += part.length;
      });
      reply.on('end', () => {
        source?.destroy();
        const { 'content-length': length } = reply.headers;
        resolve({ status: reply.statusCode ?? 0, size, hash: hash.digest('hex'), length });
      });
      reply.on('error', reject);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    if (source === null) sent.end();
    else source.pipe(sent);
  });
}
