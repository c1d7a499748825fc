import assert from 'node:assert/strict';
import { readModel } from '../../../src/index.js';
import { csdl } from '../../model/inline.js';
import { startLibrary } from '../../model/library.js';
import { expecting, type Server } from '../../model/serve.js';

describe('Protocol 4 to 9: the service as a whole', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary({}, { root: '/odata' });
  });
  after(() => server.close());

  const done = expecting(() => server);
  const full = { accept: 'application/json;odata.metadata=full' };

  it('P4.1-1 an entity-id is a URI, unique, and encoded', async () => {
    await done(201, 'POST', 'Topics', { body: { Code: 'ä b/c' } });
    const { json } = await done(200, 'GET', 'Topics', { headers: full });
    const found = json.value.map((topic: Record<string, string>) => topic['@odata.id']);
    assert.equal(new Set(found).size, found.length);
    for (const id of found) {
      assert.match(new URL(id, server.base).href, /^[\x21-\x7e]+$/);
      assert.match(id, /^[\x21-\x7e]+$/);
      await done(200, 'GET', new URL(id, server.base).href.slice(server.base.length));
    }
  });
  it('P4.1-4 it does not vary with the language of the request', async () => {
    const ids = [];
    for (const language of ['en', 'de-AT'])
      ids.push(
        (await done(200, 'GET', 'Books(1)', { headers: { ...full, 'accept-language': language } })).json['@odata.id'],
      );
    assert.equal(ids[0], ids[1]);
  });
  it('P4.4-3 after a structured value a segment is first a property, then a type; unknown ones are 404', async () => {
    await done(200, 'GET', 'Books(4)/Title');
    await done(200, 'GET', 'Books(4)/Lib.EBook');
    await done(404, 'GET', 'Books(4)/EBook');
    await done(200, 'GET', "Topics('B')/Name");
    await done(404, 'GET', 'Books/Title');
  });
  it('P5.1-1 the version is the greatest one that the client allows', async () => {
    for (const [allowed, given] of [
      ['4.0', '4.0'],
      ['4.01', '4.01'],
      ['4.1', '4.01'],
      ['5.0', '4.01'],
    ]) {
      const reply = await done(200, 'GET', 'Books(1)', { headers: { 'odata-maxversion': String(allowed) } });
      assert.equal(reply.headers.get('odata-version'), given, allowed);
    }
  });
  it('P6.3-3 no schema of ours takes a reserved namespace', () => {
    for (const name of ['Edm', 'odata', 'geo'])
      assert.throws(
        () => readModel({ file: 'x.xml', text: csdl('').replace('Namespace="T"', `Namespace="${name}"`) }),
        /is reserved/,
      );
    readModel({ file: 'x.xml', text: csdl('') });
  });
  it('P7-1 P7-2 $format wins over Accept; what is not offered is 406', async () => {
    const reply = await done(200, 'GET', 'Books(1)?$format=json', { headers: { accept: 'application/xml' } });
    assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
    await done(406, 'GET', 'Books(1)?$format=atom', { headers: { accept: 'application/json' } });
    await done(406, 'GET', 'Books(1)?$format=application/xml');
  });
  it('P9.1.1-1 success with a value is 200 and the value', async () => {
    assert.equal((await done(200, 'GET', 'Books(1)/Pages')).json.value, 300);
    assert.equal((await done(200, 'PATCH', 'Books(1)', { body: { Pages: 300 } })).json.Pages, 300);
    await done(204, 'GET', 'Books(4)/Pages');
  });
  it('P9.1.6-2 304 changes nothing and holds nothing', async () => {
    const etag = (await done(200, 'GET', 'Books(1)')).headers.get('etag') ?? '';
    const reply = await done(304, 'GET', 'Books(1)', { headers: { 'if-none-match': etag } });
    assert.equal(reply.text, '');
    assert.equal((await done(200, 'GET', 'Books(1)')).headers.get('etag'), etag);
  });
  it('P9.2-2 P9.4-1 P9.4-2 errors are OData errors, with a code, a message and its language', async () => {
    for (const accept of ['application/json', 'application/json;odata.metadata=none', '*/*']) {
      const { json, headers } = await done(404, 'GET', 'Books(99)', { headers: { accept } });
      assert.match(json.error.code, /^[A-Z]\w+$/);
      assert.ok(json.error.message.length > 5);
      assert.equal(headers.get('content-language'), 'en');
      assert.match(headers.get('content-type') ?? '', /^application\/json/);
    }
    const other = await done(404, 'GET', 'Books(99)', { headers: { 'accept-language': 'fr' } });
    assert.equal(other.json.error.code, 'ResourceNotFound');
  });
  it('P9.2.3-1 406 where no representation fits', async () => {
    await done(406, 'GET', 'Books', { headers: { accept: 'text/csv' } });
    await done(406, 'GET', 'Books', { headers: { 'accept-charset': 'utf-16' } });
    await done(406, 'GET', 'Books/$count', { headers: { accept: 'application/xml' } });
  });
  it('P11.2-2 a URL given out earlier, of what is gone, is 404', async () => {
    const made = await done(201, 'POST', 'Topics', { body: { Code: 'gone' } });
    const location = (made.headers.get('location') ?? '').slice(server.base.length);
    await done(200, 'GET', location);
    await done(204, 'DELETE', location);
    await done(404, 'GET', location);
  });
  it('P11.2.10-2 a filtered collection is counted, filtered once more by $filter', async () => {
    assert.equal((await done(200, 'GET', 'Books/$filter(ID gt 1)/$count')).text, '4');
    assert.equal((await done(200, 'GET', 'Books/$filter(ID gt 1)/$count?$filter=ID lt 4')).text, '2');
  });
  it('P9.2.6-1 424 for what depended on a request that failed', async () => {
    const requests = [
      { id: '1', method: 'GET', url: 'Books(99)' },
      { id: '2', method: 'GET', url: 'Books(1)', dependsOn: ['1'] },
    ];
    const { json } = await done(200, 'POST', '$batch', {
      body: { requests },
      headers: { prefer: 'continue-on-error' },
    });
    assert.deepEqual(
      json.responses.map(({ status }: { status: number }) => status),
      [404, 424],
    );
  });
});
