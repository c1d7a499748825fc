import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { libraryFolder, startLibrary } from '../model/library.js';
import type { Server } from '../model/serve.js';
import { send, type Wire } from './wire.js';

/** Reads a feed page by page to its end, as all of these do. */
async function crawl(server: Server, path: string, lines: readonly string[]): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const reply: Wire = await send(server.base, 'GET', next, lines);
    assert.equal(reply.status, 200, reply.body);
    const page = JSON.parse(reply.body);
    items.push(...page.value);
    next = page['@odata.nextLink'];
    if (next === undefined) break;
    assert.ok(next.startsWith(server.base), 'absolute');
    next = next.slice(server.base.length);
  }
  return items;
}

const seeded = JSON.parse(readFileSync(`${libraryFolder}/db/seed/Books.json`, 'utf8')).value.length;

describe('clients: reports', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary({ settings: { pageSize: 2 } }, { root: '/odata' });
  });
  after(() => server.close());

  describe('Power Query, its OData.Feed', () => {
    const lines = [
      'Accept: application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7',
      'MaxDataServiceVersion: 3.0',
      'OData-MaxVersion: 4.0',
      'Accept-Encoding: gzip, deflate',
    ].filter((line) => !line.startsWith('Accept-Encoding')); // the wire shows text

    it('decides the version by the header of the service document, with or without a slash', async () => {
      for (const path of ['', '/odata']) {
        const reply = await send(server.base, 'GET', path, lines);
        assert.equal(reply.status, 200, reply.body);
        assert.equal(reply.headers.get('odata-version'), '4.0');
        assert.match(reply.headers.get('content-type') ?? '', /^application\/json;odata\.metadata=minimal/);
        const document = JSON.parse(reply.body);
        assert.equal(document['@odata.context'], `${server.base}$metadata`);
        assert.ok(document.value.some((item: { url: string }) => item.url === 'Books'));
      }
    });

    it('reads CSDL 4.0 XML with nothing in it that an old library does not know', async () => {
      const reply = await send(server.base, 'GET', '$metadata', ['Accept: application/xml', 'OData-MaxVersion: 4.0']);
      assert.equal(reply.headers.get('odata-version'), '4.0');
      assert.match(reply.body, /^<\?xml[^>]*\?>\s*<edmx:Edmx [^>]*Version="4\.0"/);
    });

    it('finds the type in an absolute context, and all items by next links', async () => {
      const reply = await send(server.base, 'GET', 'Books', lines);
      assert.equal(JSON.parse(reply.body)['@odata.context'], `${server.base}$metadata#Books`);
      assert.equal((await crawl(server, 'Books', lines)).length, seeded);
    });

    it('folds columns, filters, sorting, related columns and counting', async () => {
      const folded = await crawl(
        server,
        'Books?$filter=Pages%20gt%205&$orderby=Title%20desc&$select=ID,Title&$expand=Author($select=Name)',
        lines,
      );
      assert.equal(folded.length, 4);
      const count = await send(server.base, 'GET', 'Books/$count?$filter=Pages%20gt%205', lines);
      assert.equal(count.body, '4');
      assert.match(count.headers.get('content-type') ?? '', /^text\/plain/);
    });

    it('asks for nulls to be left out', async () => {
      const reply = await send(server.base, 'GET', 'Books(5)', [...lines, 'Prefer: omit-values=nulls']);
      assert.equal(reply.status, 200);
      const left = JSON.parse(reply.body);
      const applied = reply.headers.get('preference-applied') ?? '';
      assert.equal('Genre' in left, !/omit-values=nulls/.test(applied), 'what is left out is told');
    });
  });

  describe('Tableau', () => {
    it('reads the root, XML metadata, and whole feeds', async () => {
      assert.equal((await send(server.base, 'GET', '', ['Accept: application/json'])).status, 200);
      const metadata = await send(server.base, 'GET', '$metadata', ['Accept: application/xml, text/xml, */*']);
      assert.match(metadata.headers.get('content-type') ?? '', /^application\/xml/);
      for (const [path, count] of [
        ['Books?$format=json', seeded],
        ['Authors', 3],
      ] as const)
        assert.equal((await crawl(server, path, ['Accept: application/json'])).length, count);
    });
  });

  describe('.NET, Microsoft.OData.Client', () => {
    const lines = [
      'OData-Version: 4.0;NetFx',
      'OData-MaxVersion: 4.0;NetFx',
      'Accept: application/json;odata.metadata=minimal',
      'Accept-Charset: UTF-8',
      'User-Agent: Microsoft.OData.Client/7.18.0',
    ];

    it('reads with its version headers, and escapes as it does', async () => {
      const reply = await send(server.base, 'GET', "Books?$filter=Title%20eq%20'Engines'", lines);
      assert.equal(reply.status, 200, reply.body);
      assert.equal(reply.headers.get('odata-version'), '4.0');
      assert.equal(JSON.parse(reply.body).value.length, 1);
    });

    it('posts a typed entity with bindings and reads what it made by Location', async () => {
      const body = JSON.stringify({
        '@odata.type': '#Lib.Book',
        ID: 90,
        Title: 'Net',
        'Price@odata.type': '#Decimal',
        Price: 1.5,
        Tags: [],
        'Tags@odata.type': '#Collection(String)',
        'Author@odata.bind': `${server.base}Authors(2)`,
      });
      const head = [...lines, 'Content-Type: application/json;odata.metadata=minimal', 'Prefer: return=representation'];
      const made = await send(server.base, 'POST', 'Books', head, body);
      assert.equal(made.status, 201, made.body);
      const location = made.headers.get('location') ?? '';
      const found = await send(server.base, 'GET', `${location.slice(server.base.length)}/Author`, lines);
      assert.equal(JSON.parse(found.body).ID, 2);
    });

    it('posts deep inserts in 4.01 form', async () => {
      const body = JSON.stringify({
        '@type': '#Lib.Book',
        ID: 91,
        Title: 'Deep',
        Tags: [],
        Copies: [{ '@type': '#Lib.Copy', No: 1 }],
      });
      const head = ['OData-Version: 4.01', 'OData-MaxVersion: 4.01', 'Content-Type: application/json;metadata=minimal'];
      const made = await send(server.base, 'POST', 'Books', head, body);
      assert.equal(made.status, 201, made.body);
      assert.equal(made.headers.get('odata-version'), '4.01');
      assert.equal((await send(server.base, 'GET', 'Books(91)/Copies/$count', lines)).body, '1');
    });

    it('changes a property and a link', async () => {
      const head = [...lines, 'Content-Type: application/json;odata.metadata=minimal'];
      const property = await send(server.base, 'PUT', 'Books(2)/Pages', head, '{"value":121}');
      assert.ok([200, 204].includes(property.status), property.body);
      assert.equal((await send(server.base, 'GET', 'Books(2)/Pages/$value', lines)).body, '121');
      const link = JSON.stringify({ '@odata.id': `${server.base}Authors(1)` });
      assert.equal((await send(server.base, 'PUT', 'Books(2)/Author/$ref', head, link)).status, 204);
      assert.equal(JSON.parse((await send(server.base, 'GET', 'Books(2)/Author', lines)).body).ID, 1);
    });
  });
});
