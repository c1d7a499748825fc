import assert from 'node:assert/strict';
import { startLibrary } from '../model/library.js';
import type { Server } from '../model/serve.js';
import { send } from './wire.js';

interface Item {
  readonly [member: string]: unknown;
}

let server: Server;
const start = async () => {
  server = await startLibrary({}, { root: '/odata' });
};
const stop = () => server.close();
const ids = (items: readonly Item[]) => items.map((item) => item.ID);

describe('clients: DevExtreme, its ODataStore', () => {
  beforeEach(start);
  afterEach(stop);
  const accept = 'Accept: application/json;odata=verbose,text/plain, */*; q=0.01';

  /** Its own reading: the items, the count, the error with what overrides it. */
  const load = async (path: string) => {
    const { status, body } = await send(server.base, 'GET', path, [accept]);
    const answer = JSON.parse(body);
    if (answer.error !== undefined)
      return {
        failed: answer.error.innererror?.message ?? answer.error.message,
        code: Number(answer.error.code) || status,
      };
    const count = Number(answer['@odata.count']);
    return { items: answer.value as readonly Item[], count: Number.isFinite(count) ? count : undefined };
  };
  const write = (method: string, path: string, body?: unknown) =>
    send(
      server.base,
      method,
      path,
      [accept, ...(body === undefined ? [] : ['Content-Type: application/json;odata=verbose'])],
      body === undefined ? '' : JSON.stringify(body),
    );

  it('pages with a count, and counts alone', async () => {
    const page = await load('Books?$skip=1&$top=2&$count=true&$orderby=Title%20desc');
    assert.equal(page.items?.length, 2);
    const count = await load('Books?$top=0&$count=true&$filter=Pages%20gt%201');
    assert.deepEqual(count.items, []);
    assert.ok((count.count ?? 0) > 0);
  });

  const filters: readonly (readonly [filter: string, ids: readonly unknown[]])[] = [
    ["(ID eq 1) and (Title eq 'Engines')", [1]],
    ['not ((ID gt 1))', [1]],
    ["not contains(Title,'n')", [3, 5]],
    ["contains(tolower(Title),'engines')", [1, 4]],
    ['ID eq 1L', [1]],
    ['Price gt 5m and ID lt 3L', [1, 2]],
    ['Pages gt 5f and ID eq 1', [1]],
    ['Published lt 2000-01-01 and ID eq 1', [1]],
  ];
  for (const [filter, expected] of filters)
    it(`filters by ${filter}`, async () => {
      const reply = await load(`Books?$filter=${encodeURIComponent(filter)}&$orderby=ID`);
      assert.deepEqual(ids(reply.items ?? []), expected, JSON.stringify(reply));
    });

  it('encodes keys with all that is around them', async () => {
    assert.equal((await write('GET', 'Topics(%27eng%27)')).status, 404);
    const topics = await load('Topics?$top=1');
    const code = String(topics.items?.[0]?.Code);
    assert.equal((await write('GET', `Topics(${encodeURIComponent(`'${code}'`)})`)).status, 200);
    const [shelf] = (await load('Shelves?$top=1')).items ?? [];
    const key = encodeURIComponent(`Room='${shelf?.Room}',Row=${shelf?.Row}`);
    assert.equal((await write('GET', `Shelves(${key})`)).status, 200);
  });

  it('expands with nested options', async () => {
    const { items } = await load('Books?$expand=Author($select=Name;$expand=Mentor)&$filter=ID%20eq%201');
    const [book] = items ?? [];
    assert.ok(Object.hasOwn(book?.Author ?? {}, 'Mentor'));
  });

  it('inserts, updates and removes', async () => {
    const inserted = await write('POST', 'Books', { ID: 60, Title: 'Grid', Tags: [] });
    assert.equal(JSON.parse(inserted.body).ID, 60);
    assert.ok([200, 204].includes((await write('PATCH', 'Books(60)', { Title: 'Grids' })).status));
    assert.equal((await write('DELETE', 'Books(60)')).status, 204);
  });

  it('shows what the error says', async () => {
    const reply = await load('Books?$filter=Nope%20eq%201');
    assert.match(String(reply.failed), /Nope/);
    assert.equal(reply.code, 400);
  });
});

describe('clients: Kendo UI, its odata-v4 transport', () => {
  beforeEach(start);
  afterEach(stop);

  it('always counts, and strips what begins with @odata', async () => {
    const filters = "(contains(Title,'n') and indexof(Title,'q') eq -1 and (Title ne null or Title eq ''))";
    const { body } = await send(server.base, 'GET', `Books?$count=true&$filter=${encodeURIComponent(filters)}&$top=20`);
    const answer = JSON.parse(body);
    assert.equal(answer['@odata.count'], answer.value.length);
  });

  it('compares a GUID without quotes with a string, and dates with an offset', async () => {
    const guid = '11111111-2222-3333-4444-555555555555';
    const found = await send(server.base, 'GET', `Books?$filter=${encodeURIComponent(`Title eq ${guid}`)}`);
    assert.equal(found.status, 200, found.body);
    const moment = encodeURIComponent('DateTimeOffset lt 2030-01-01T00:00:00+00:00');
    assert.equal((await send(server.base, 'GET', `Values?$filter=${moment}`)).status, 200);
  });

  it('puts the whole entity, every number as a string', async () => {
    const { body } = await send(server.base, 'GET', 'Books(1)');
    const entity = Object.fromEntries(Object.entries(JSON.parse(body)).filter(([name]) => !name.startsWith('@odata')));
    const written = JSON.stringify({ ...entity, Pages: 301 }, (_, value) =>
      typeof value === 'number' ? String(value) : value,
    );
    const put = await send(
      server.base,
      'PUT',
      'Books(1)',
      ['Content-Type: application/json;IEEE754Compatible=true'],
      written,
    );
    assert.ok([200, 204].includes(put.status), put.body);
    assert.equal(JSON.parse((await send(server.base, 'GET', 'Books(1)')).body).Pages, 301);
  });

  /** Its reading by regular expressions: the bodies of each change set, and whether all of it went well. */
  const readSets = (text: string) => {
    const markers = text.match(/--changesetresponse_[a-z0-9-]+$/gm) ?? assert.fail('it would crash');
    const sets: { readonly models: Item[]; passed: boolean }[] = [{ models: [], passed: true }];
    let at = 0;
    for (const [index, marker] of markers.entries()) {
      const current = sets.at(-1) ?? assert.fail();
      if (marker.lastIndexOf('--') > 0) {
        if (index < markers.length - 1) sets.push({ models: [], passed: true });
        continue;
      }
      at = text.indexOf(marker, at) + marker.length;
      const piece = text.substring(at, text.indexOf('--', at + 1));
      const status = Number(
        piece
          .match(/^HTTP\/1\.\d (\d{3}) (.*)$/gm)
          ?.pop()
          ?.match(/\d{3}/)?.[0],
      );
      if (status < 200 || status > 299) current.passed = false;
      else current.models.push(...(piece.match(/\{.*\}/gm) ?? []).slice(0, 1).map((json) => JSON.parse(json)));
    }
    return sets;
  };

  it('sends its changes as up to three change sets of one batch and reads them by regular expressions', async () => {
    const outer = 'sf_batch_1c5a';
    const inner = (index: number) => `sf_changeset_7d${index}`;
    const request = (index: number, method: string, url: string, id: number, body?: unknown) =>
      [
        `\r\n--${inner(index)}`,
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        `Content-ID: ${id}`,
        '',
        `${method} ${url} HTTP/1.1`,
        'Content-Type: application/json;odata=minimalmetadata',
        'Prefer: return=representation',
        '',
        body === undefined ? '' : JSON.stringify(body),
      ].join('\r\n');
    const changes = [
      [request(0, 'PUT', '/odata/Books(2)', 0, { ID: 2, Title: 'two -- dashes', Tags: [] })],
      [request(1, 'DELETE', '/odata/Books(3)', 1)],
      [request(2, 'POST', '/odata/Books', 2, { ID: 70, Title: 'New', Tags: ['x'] })],
    ];
    const body = `${changes
      .map(
        (set, index) =>
          `--${outer}\r\nContent-Type: multipart/mixed; boundary=${inner(index)}\r\n${set.join('')}\r\n--${inner(index)}--\r\n`,
      )
      .join('')}--${outer}--`;
    const reply = await send(server.base, 'POST', '$batch', [`Content-Type: multipart/mixed; boundary=${outer}`], body);
    assert.equal(reply.status, 200, reply.body);
    const sets = readSets(reply.body);
    assert.deepEqual(
      sets.map(({ passed }) => passed),
      [true, true, true],
    );
    assert.deepEqual(
      sets.map(({ models }) => models.map((model) => model.Title)),
      [['two -- dashes'], [], ['New']],
    );
  });
});

describe('clients: Syncfusion, its ODataV4Adaptor', () => {
  beforeEach(start);
  afterEach(stop);
  const accept = 'Accept: application/json, text/javascript, */*; q=0.01';

  it('finds the service root and the set in the context URL', async () => {
    const { body } = await send(server.base, 'GET', 'Books?$count=true&$top=1', [accept]);
    const [root, set] = String(JSON.parse(body)['@odata.context']).split('/$metadata#');
    assert.equal(`${root}/`, server.base);
    assert.equal(set, 'Books');
  });

  it('searches words joined by OR, groups for its menus, compares GUIDs without quotes', async () => {
    const searched = await send(server.base, 'GET', 'Books?$search=Engines%20OR%20Nothing&$count=true', [accept]);
    assert.deepEqual(ids(JSON.parse(searched.body).value), [1, 4]);
    const grouped = await send(server.base, 'GET', 'Books?$apply=groupby((Genre,AuthorID))', [accept]);
    assert.equal(grouped.status, 200, grouped.body);
    const guid = encodeURIComponent('ID eq 11111111-1111-1111-1111-111111111111');
    assert.equal((await send(server.base, 'GET', `Values?$filter=${guid}`, [accept])).status, 200);
  });

  it('changes with the ETag it read, and wants the entity back', async () => {
    const etag = JSON.parse((await send(server.base, 'GET', 'Books(1)', [accept])).body)['@odata.etag'];
    const head = [
      accept,
      'Content-Type: application/json; charset=utf-8',
      'Prefer: return=representation',
      `If-Match: ${etag}`,
    ];
    const changed = await send(server.base, 'PATCH', 'Books(1)', head, JSON.stringify({ Pages: 9 }));
    assert.equal(JSON.parse(changed.body).Pages, 9);
    assert.equal((await send(server.base, 'PATCH', 'Books(1)', head, JSON.stringify({ Pages: 10 }))).status, 412);
  });

  /** Its reading: added records found by Content-ID among pieces that name 201, the JSON on one line. */
  const added = (contentType: string, text: string): ReadonlyMap<number, Item> => {
    const found = new Map<number, Item>();
    const boundary = contentType.substring(contentType.indexOf('=batchresponse') + 1);
    const content = text.split(boundary)[1] ?? '';
    const inner = /(?:\bContent-Type.+boundary=)(changesetresponse.+)/i.exec(content)?.[1]?.trim() ?? assert.fail(text);
    for (const piece of content.split(inner)) {
      if (!/\bContent-ID:/i.test(piece) || !/\bHTTP.+201/.test(piece)) continue;
      found.set(Number(/\bContent-ID: (\d+)/i.exec(piece)?.[1]), JSON.parse(/^\{.+\}/m.exec(piece)?.[0] ?? ''));
    }
    return found;
  };

  it('writes its batch with line feeds only, blanks at ends of lines, and Content-Id among the inner headers', async () => {
    const [outer, inner] = [
      'batch_6f9619ff-8b86-d011-b42d-00c04fc964ff',
      'changeset_6f9619ff-8b86-d011-b42d-00c04fc964fe',
    ];
    const post = (id: number, item: Item) =>
      [
        `--${inner}`,
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary ',
        '',
        'POST Books HTTP/1.1',
        `Content-Id: ${id}`,
        'Accept: application/json;odata=minimalmetadata',
        'Content-Type: application/json; charset=utf-8 ',
        '',
        JSON.stringify(item),
      ].join('\n');
    const body = [
      `--${outer}`,
      `Content-Type: multipart/mixed; boundary=${inner}`,
      '',
      post(0, { ID: 80, Title: 'A', Tags: [] }),
      post(1, { ID: 81, Title: 'B', Tags: [] }),
      `--${inner}--`,
      `--${outer}--`,
    ].join('\n');
    const type = `Content-Type: multipart/mixed; charset=UTF-8;boundary=${outer}`;
    const reply = await send(server.base, 'POST', '$batch', ['Accept: multipart/mixed', type], body);
    assert.equal(reply.status, 200, reply.body);
    const records = added(reply.headers.get('content-type') ?? '', reply.body);
    assert.deepEqual(
      [...records].sort(([a], [b]) => a - b).map(([id, item]) => [id, item.ID]),
      [
        [0, 80],
        [1, 81],
      ],
    );
  });
});
