import assert from 'node:assert/strict';
import { startLibrary } from '../../model/library.js';
import { expecting, type Server } from '../../model/serve.js';

/** What a service must be able to read and to write in JSON (JSON 24); details are tested by their own sections. */
describe('JSON 24: conformance', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary({}, { root: '/odata' });
  });
  after(() => server.close());

  const done = expecting(() => server);
  const get = async (path: string, headers: Record<string, string> = {}) =>
    (await done(200, 'GET', path, { headers })).json;
  const in40 = { 'odata-version': '4.0', 'odata-maxversion': '4.0' };
  const in401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
  let last = 3000;
  const book = (more: Record<string, unknown> = {}) => ({ ID: ++last, Title: 'Json', Tags: [], ...more });
  const value = (more: Record<string, unknown>) => ({
    ID: `00000000-0000-4000-8000-00000000${++last}`,
    Int64s: [],
    Decimals: [],
    Genres: [],
    ...more,
  });

  it('J24-1 reads bodies with full metadata, with none, and what it wrote itself', async () => {
    const written = await get('Books(1)', { accept: 'application/json;odata.metadata=full' });
    assert.ok('@odata.id' in written && 'Author@odata.navigationLink' in written);
    for (const body of [{ ...written, Pages: 301 }, { Pages: 300 }]) await done(200, 'PATCH', 'Books(1)', { body });
    assert.equal((await get('Books(1)')).Pages, 300);
  });
  it('J24-2 reads every type that it shows', async () => {
    const exact = 'application/json;IEEE754Compatible=true'; // JavaScript's own numbers are not
    const shown = await get('Values(11111111-1111-4111-8111-111111111111)', { accept: exact });
    const { Decimals, Genres, ...others } = shown;
    const body = { ...others, ...value({ Decimals, Genres, Int64s: shown.Int64s }), '@odata.etag': undefined };
    const copy = await done(201, 'POST', 'Values', { body, headers: { accept: exact, 'content-type': exact } });
    const bare = (json: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(json).filter(([name]) => !name.startsWith('@') && name !== 'ID'));
    assert.deepEqual(bare(copy.json), bare(shown));
  });
  it('J24-3 understands control information by the version of the body, and lets pass what it does not know', async () => {
    const unknown = { '@odata.unknown': 1, '@my.term': { a: [null] }, 'Title@my.term#x': 2 };
    await done(201, 'POST', 'Books', { headers: in40, body: book(unknown) });
    await done(201, 'POST', 'Books', { headers: in401, body: book({ '@unknown': 1, '@my.term': 2 }) });
  });
  it('J24-4 does not ask for streaming=true to find its control information', async () => {
    const body = JSON.stringify({ ...book(), Former: undefined }).replace(
      '}',
      ',"@odata.type":"#Lib.EBook","Format":"pdf"}',
    );
    assert.equal((await done(201, 'POST', 'Books', { body })).json.Format, 'pdf');
    await done(200, 'GET', 'Books(1)', { headers: { accept: 'application/json;streaming=true' } });
  });
  it('J24-5 J24-22 reads bodies of 4.0', async () => {
    const body = {
      '@odata.context': `${server.base}$metadata#Books/$entity`,
      'Price@odata.type': '#Decimal',
      ...book({ Price: 1.5, 'Tags@odata.type': '#Collection(String)' }),
      '@odata.type': '#Lib.Book',
      'Author@odata.bind': 'Authors(1)',
    };
    await done(201, 'POST', 'Books', { headers: in40, body });
    assert.equal((await get(`Books(${last})/Author`)).ID, 1);
    const numbers = await done(201, 'POST', 'Values', {
      headers: in40,
      body: value({ Double: 'INF', Single: '-INF' }),
    });
    assert.deepEqual([numbers.json.Double, numbers.json.Single], ['INF', '-INF']);
  });
  it('J24-6 J24-25 reads bodies of 4.01', async () => {
    const body = {
      '@type': 'Lib.Book',
      'Price@type': 'Decimal',
      'Pages@odata.type': 'Int32',
      ...book({ Price: 1, Pages: 2 }),
      Author: { '@id': 'Authors(2)' },
      Topics: [{ '@id': "Topics('B')" }],
    };
    await done(201, 'POST', 'Books', { headers: in401, body });
    assert.equal((await get(`Books(${last})/Author`)).ID, 2);
    assert.equal((await server.ask('GET', `Books(${last})/Topics/$count`)).text, '1');
  });
  it('J24-7 J24-21 writes 4.0 to whom reads no more', async () => {
    const { text, headers } = await done(200, 'GET', 'Books(3)?$expand=Author', {
      headers: { ...in40, accept: 'application/json;odata.metadata=full' },
    });
    assert.equal(headers.get('odata-version'), '4.0');
    const names = [...text.matchAll(/"([^"]*@[^"]*)":/g)].map(([, name]) => name ?? '');
    assert.ok(names.length > 5);
    assert.ok(
      names.every((name) => /@odata\.\w+$/.test(name)),
      names.join(),
    );
    assert.ok([...text.matchAll(/@odata\.type":"([^"]*)"/g)].every(([, type]) => type?.startsWith('#')));
  });
  it('J24-8 J24-24 writes 4.01 to whom asks for it, annotations right before their property', async () => {
    const { text, headers } = await done(200, 'GET', 'Books(3)', {
      headers: { ...in401, accept: 'application/json;metadata=full' },
    });
    assert.equal(headers.get('odata-version'), '4.01');
    assert.doesNotMatch(text, /odata\.(type|id|etag|context)/);
    assert.match(text, /"Price@type":"[^"]*","Price":|"Genre@type":"[^"]*","Genre":/);
  });
  it('J24-9 J24-10 J24-11 answers application/json with JSON', async () => {
    const reply = await done(200, 'GET', 'Books', { headers: { accept: 'application/json' } });
    assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
    assert.ok(Array.isArray(reply.json.value));
  });
  it('J24-12 full metadata', async () => {
    const full = await get('Books(1)', { accept: 'application/json;odata.metadata=full' });
    for (const name of [
      '@odata.context',
      '@odata.type',
      '@odata.id',
      '@odata.etag',
      'Published@odata.type',
      'Author@odata.navigationLink',
      'Author@odata.associationLink',
    ])
      assert.ok(name in full, name);
  });
  it('J24-13 nextLink in a part of a collection', async () =>
    assert.ok((await get('Books', { prefer: 'maxpagesize=1' }))['@odata.nextLink']));
  it('J24-16 J24-17 $format', async () => {
    const full = await get('Books(1)?$format=application/json;odata.metadata=full');
    assert.ok('@odata.id' in full);
    assert.ok(!('@odata.etag' in (await get('Books(1)?$format=application/json;odata.metadata=none'))));
  });
  it('J24-20 leaves nothing out unless asked', async () => {
    assert.equal((await get('Books(5)')).Genre, null);
    const reply = await done(200, 'GET', 'Books(5)', { headers: { prefer: 'omit-values=nulls' } });
    assert.equal('Genre' in reply.json, !/omit-values=nulls/.test(reply.headers.get('preference-applied') ?? ''));
  });
  it('J24-26 an ETag in the body of PUT, PATCH and delta payloads is a condition in 4.01', async () => {
    const { json } = await done(201, 'POST', 'Books', { headers: in401, body: book() });
    const stale = { '@etag': 'W/"0"', Title: 'Stale', Tags: [] };
    await done(412, 'PATCH', `Books(${json.ID})`, { headers: in401, body: stale });
    await done(412, 'PUT', `Books(${json.ID})`, { headers: in401, body: stale });
    await done(200, 'PATCH', `Books(${json.ID})`, { headers: in401, body: { ...stale, '@etag': json['@etag'] } });
  });
});
