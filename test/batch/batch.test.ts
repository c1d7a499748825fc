import assert from 'node:assert/strict';
import { ids, startLibrary } from '../model/library.js';
import type { Reply, Server } from '../model/serve.js';

const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** The parts of a multipart answer, taken apart by the rules of RFC 2046: header lines, status, body; nested ones as arrays. */
function parts(reply: Reply): readonly Part[] {
  return split(reply.text, /boundary=([\w-]+)/.exec(reply.headers.get('content-type') ?? '')?.[1] ?? '');
}

interface Part {
  readonly id: string | undefined;
  readonly status: number;
  readonly head: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any;
  readonly inner: readonly Part[];
}

function split(text: string, boundary: string): readonly Part[] {
  assert.ok(text.endsWith(`--${boundary}--\r\n`), text.slice(-80));
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((piece) => {
      const [head = '', ...rest] = piece.replace(/^\r\n/, '').split('\r\n\r\n');
      const nested = /boundary=([\w-]+)/.exec(head)?.[1];
      const body = rest.join('\r\n\r\n').replace(/\r\n$/, '');
      if (nested !== undefined)
        return {
          id: undefined,
          status: 0,
          head,
          json: undefined,
          inner: split(`${body}\r\n`.replace(/(\r\n)+$/, '\r\n'), nested),
        };
      assert.match(head, /^Content-Type: application\/http/);
      const [start = '', ...content] = body.split('\r\n\r\n');
      const status = /^HTTP\/1\.1 (\d{3}) \w/.exec(start)?.[1];
      const json = content.join('\r\n\r\n');
      return {
        id: /Content-ID: (\S+)/.exec(head)?.[1],
        status: Number(status),
        head: start,
        json: json.startsWith('{') ? JSON.parse(json) : json,
        inner: [],
      };
    });
}

describe('batch: multipart (P11.7.7)', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startLibrary();
  });
  afterEach(() => server.close());
  const post = (body: string, headers: Record<string, string> = {}) =>
    server.ask('POST', '$batch', { body, headers: { 'content-type': 'multipart/mixed; boundary=b', ...headers } });

  it('P11.7.7.5-1 answers each part in its place, single requests and change sets alike; P11.7.7.4-3 Content-ID comes back', async () => {
    const reply = await post(
      crlf(`preamble is ignored
--b
Content-Type: application/http

GET Books(1)?$select=Title HTTP/1.1
Accept: application/json

--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-ID: 1

POST Books HTTP/1.1
Content-Type: application/json

{"ID":20,"Title":"a--b","Tags":["x"]}
--c
Content-Type: application/http
Content-ID: 2

POST $1/Copies HTTP/1.1
Content-Type: application/json

{"No":1}
--c
Content-Type: application/http
Content-ID: 3

PATCH $1 HTTP/1.1
Content-Type: application/json

{"Author@odata.bind":"Authors(2)","Sequel@odata.bind":"$1"}
--c--
--b
Content-Type: application/http

GET Books(20)?$expand=Copies,Sequel($select=ID) HTTP/1.1

--b--
epilogue is ignored
`),
    );
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.headers.get('content-type') ?? '', /^multipart\/mixed; boundary=batchresponse_[a-z0-9-]+$/);
    assert.equal(reply.headers.get('etag'), null);
    const [first, set, last] = parts(reply);
    assert.equal(first?.json.Title, 'Engines');
    assert.match(set?.head ?? '', /boundary=changesetresponse_[a-z0-9-]+/);
    assert.deepEqual(
      set?.inner.map(({ id, status }) => [id, status]),
      [
        ['1', 201],
        ['2', 201],
        ['3', 200],
      ],
    );
    assert.match(
      set?.inner[0]?.head ?? '',
      new RegExp(`Location: ${server.base.replace(/[/.]/g, '\\$&')}Books\\(20\\)`),
    );
    assert.equal(last?.json.AuthorID, 2);
    assert.equal(last?.json.Sequel.ID, 20);
    assert.deepEqual(ids({ value: last?.json.Copies }, 'No'), [1]);
    assert.doesNotMatch(reply.text.replace(/^--.*$/gm, ''), /"a--b"/); // two dashes never stand in a body
    assert.equal(last?.json.Title, 'a--b');
    for (const line of reply.text.split('\r\n')) assert.ok(!line.includes('\n'), 'a body is one line');
  });

  it('P11.7.7.4-2 undoes a change set of which one operation fails; P11.7.7.5-2 and answers once for it', async () => {
    const body = crlf(`--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-ID: 1

DELETE Books(1) HTTP/1.1

--c
Content-Type: application/http
Content-ID: 2

PATCH Books(2) HTTP/1.1
Content-Type: application/json

{"Nope":1}
--c--
--b
Content-Type: application/http

GET Books/$count HTTP/1.1

--b--
`);
    const stopped = parts(await post(body));
    assert.deepEqual(
      stopped.map(({ status, id }) => [status, id]),
      [[400, '2']],
    ); // P11.7.7.4-1, P11.7.7.5-3
    assert.equal(stopped[0]?.json.error.target, 'Nope');
    const went = parts(await post(body, { prefer: 'odata.continue-on-error' }));
    assert.deepEqual(
      went.map(({ status }) => status),
      [400, 200],
    );
    assert.equal(went[1]?.json, '5');
    assert.equal((await server.ask('GET', 'Books(1)')).status, 200);
  });

  it('P11.7.7.1-5 takes URLs in all three forms', async () => {
    const { pathname } = new URL(server.base);
    const urls = ['Books(1)', `${pathname}Books(1)`, `${server.base}Books(1)`];
    const body = urls
      .map((url) => `--b\r\nContent-Type: application/http\r\n\r\nGET ${url} HTTP/1.1\r\nHost: x\r\n\r\n\r\n`)
      .join('');
    assert.deepEqual(
      parts(await post(`${body}--b--\r\n`)).map(({ status }) => status),
      [200, 200, 200],
    );
  });

  it('P11.7.7.1-8 refuses GET in a change set, P11.7-2 a batch in a batch, and other hosts', async () => {
    const request = (line: string) => `--b\r\nContent-Type: application/http\r\n\r\n${line} HTTP/1.1\r\n\r\n\r\n`;
    const set =
      '--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\n\r\nGET Books HTTP/1.1\r\n\r\n\r\n--c--\r\n';
    const body = `${request('POST $batch')}${request('GET http://evil.example/Books')}${set}--b--\r\n`;
    const answers = parts(await post(body, { prefer: 'continue-on-error' }));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 400, 400],
    );
  });

  it('reads what clients really send: line feeds alone, no blank behind colons, ids among the inner fields', async () => {
    const reply = await post(
      `--b
Content-Type:application/http;msgtype=request
Content-Transfer-Encoding:binary

GET Books(1)?$select=ID HTTP/1.1
Accept:application/json;odata.metadata=minimal;IEEE754Compatible=true
Accept-Language:en

--b
Content-Type: multipart/mixed; boundary=c  

--c
Content-Type:application/http
Content-Transfer-Encoding:binary

PATCH Books(2) HTTP/1.1
Content-Id: 0.0
Content-Type: application/json;charset=UTF-8;IEEE754Compatible=true
Prefer: return=minimal
If-Match: W/"1"

{"Price":"8.25"}

--c--
--b--
Group ID: $auto`,
      { 'odata-version': '4.0', 'odata-maxversion': '4.0', accept: 'multipart/mixed' },
    );
    const [first, set] = parts(reply);
    assert.equal(first?.status, 200);
    assert.match(first?.head ?? '', /OData-Version: 4\.0/);
    assert.deepEqual(
      set?.inner.map(({ id, status }) => [id, status]),
      [['0.0', 204]],
    );
    assert.match(set?.inner[0]?.head ?? '', /ETag: W\/"2"/);
    assert.equal((await server.ask('GET', 'Books(2)')).json.Price, 8.25);
  });

  const wrong: readonly [what: string, body: string, headers: Record<string, string>, status: number][] = [
    ['no boundary', '--b--', { 'content-type': 'multipart/mixed' }, 415],
    ['another media type', '--b--', { 'content-type': 'text/plain' }, 415],
    ['a boundary that is not there', 'nothing', {}, 400],
    ['no end', '--b\r\nContent-Type: application/http\r\n\r\nGET Books HTTP/1.1\r\n\r\n', {}, 400],
    ['a part that is no request', '--b\r\nContent-Type: application/http\r\n\r\nhello\r\n--b--\r\n', {}, 400],
    ['If-Match on the batch', '--b--', { 'if-match': '*' }, 400],
    ['the preference return on the batch', '--b--', { prefer: 'return=minimal' }, 400],
    [
      'more parts than allowed',
      `${'--b\r\nContent-Type: application/http\r\n\r\nGET Books HTTP/1.1\r\n\r\n'.repeat(1001)}--b--`,
      {},
      400,
    ],
  ];
  for (const [what, body, headers, status] of wrong)
    it(`P11.7.1-4 ${what}: ${status}`, async () => {
      const reply = await post(body, headers);
      assert.equal(reply.status, status, reply.text);
      assert.ok(reply.json.error.code);
    });

  it('P11.7-1 other methods are 405', async () => {
    const reply = await server.ask('GET', '$batch');
    assert.equal(reply.status, 405);
    assert.equal(reply.headers.get('allow'), 'POST');
  });
});

describe('batch: JSON (J19)', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startLibrary();
  });
  afterEach(() => server.close());
  const post = (requests: unknown, headers: Record<string, string> = {}) =>
    server.ask('POST', '$batch', { body: { requests }, headers });
  const statuses = ({ json }: Reply) =>
    json.responses.map(({ id, status }: { id: string; status: number }) => [id, status]);

  it('J19.5-1 answers every request under its id; J19.4-3 goes on after errors; J19.1-8 what depends on a failure is 424', async () => {
    const reply = await post([
      { id: 'a', method: 'get', url: 'Books(1)' },
      { id: 'b', method: 'GET', url: '/Books(99)' },
      { id: 'c', method: 'post', url: 'Authors', body: { ID: 9, Name: 'N', Former: [] } },
      { id: 'd', method: 'post', url: '$c/Books', dependsOn: ['c'], body: { ID: 30, Title: 'T', Tags: [] } },
      { id: 'e', method: 'delete', url: 'Books(2)', dependsOn: ['b'] },
      { id: 'f', method: 'delete', url: 'Books(2)', dependsOn: ['e'] },
      { id: 'g', method: 'get', url: 'Books/$count' },
      {
        id: 'h',
        method: 'patch',
        url: '$d',
        dependsOn: ['d'],
        headers: { 'If-Match': '$d', Prefer: 'return=minimal' },
        body: { Title: 'U' },
      },
    ]);
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(statuses(reply), [
      ['a', 200],
      ['b', 404],
      ['c', 201],
      ['d', 201],
      ['e', 424],
      ['f', 424],
      ['g', 200],
      ['h', 204],
    ]);
    assert.equal(reply.json.responses[0].body.Title, 'Engines');
    assert.match(reply.json.responses[0].headers['content-type'], /^application\/json/);
    assert.equal(reply.json.responses[3].body.AuthorID, 9);
    assert.equal(reply.json.responses[6].body, '6');
    assert.equal((await server.ask('GET', 'Books(30)')).json.Title, 'U');
  });

  it('J19.4-1 a group is done wholly or not at all; J19.5-5 the innocent are 424', async () => {
    const group = (id: string, method: string, url: string, body?: unknown) => ({
      id,
      method,
      url,
      body,
      atomicityGroup: 'g',
    });
    const reply = await post([
      group('1', 'post', 'Shelves', { Room: 'x', Row: 1 }),
      group('2', 'post', 'Shelves', { Room: 'x', Row: 1 }),
      group('3', 'post', 'Shelves', { Room: 'y', Row: 1 }),
      { id: '4', method: 'get', url: "Shelves(Room='x',Row=1)" },
      { id: '5', method: 'get', url: 'Desk', dependsOn: ['g'] },
    ]);
    assert.deepEqual(statuses(reply), [
      ['1', 424],
      ['2', 409],
      ['3', 424],
      ['4', 404],
      ['5', 424],
    ]);
    assert.equal(reply.json.responses[0].atomicityGroup, 'g');
    const good = await post([
      group('1', 'post', 'Shelves', { Room: 'x', Row: 1 }),
      group('2', 'patch', '$1', { Load: 2 }),
      group('3', 'get', '$1'),
    ]);
    assert.deepEqual(statuses(good), [
      ['1', 201],
      ['2', 200],
      ['3', 200],
    ]);
    assert.equal(good.json.responses[2].body.Load, 2);
  });

  it('answers many requests while it does them', async () => {
    const requests = Array.from({ length: 60 }, (_, index) => ({ id: `${index}`, method: 'get', url: 'Books?$top=2' }));
    const reply = await post(requests);
    assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'application/json']);
    assert.deepEqual(
      reply.json.responses.map(({ id, status }: { id: string; status: number }) => [id, status]),
      requests.map(({ id }) => [id, 200]),
    );
  });

  it('J19.4-3 stops when the client does not want to continue', async () => {
    const reply = await post(
      [
        { id: '1', method: 'get', url: 'Nope' },
        { id: '2', method: 'get', url: 'Desk' },
      ],
      { prefer: 'continue-on-error=false' },
    );
    assert.deepEqual(statuses(reply), [['1', 404]]);
  });

  it('P11.7.1-2 answers in the other format when asked', async () => {
    const reply = await post([{ id: '1', method: 'get', url: 'Desk' }], { accept: 'multipart/mixed' });
    assert.match(reply.headers.get('content-type') ?? '', /^multipart\/mixed/);
    assert.equal(parts(reply)[0]?.id, '1');
  });

  const wrong: readonly [what: string, requests: unknown][] = [
    ['no array', {}],
    [
      'an id twice',
      [
        { id: '1', method: 'get', url: 'Desk' },
        { id: '1', method: 'get', url: 'Desk' },
      ],
    ],
    ['no id', [{ method: 'get', url: 'Desk' }]],
    ['an id with other characters', [{ id: 'a b', method: 'get', url: 'Desk' }]],
    [
      'a dependence on what comes later',
      [
        { id: '1', method: 'get', url: 'Desk', dependsOn: ['2'] },
        { id: '2', method: 'get', url: 'Desk' },
      ],
    ],
    [
      'a group that is interrupted',
      [
        { id: '1', method: 'get', url: 'Desk', atomicityGroup: 'g' },
        { id: '2', method: 'get', url: 'Desk' },
        { id: '3', method: 'get', url: 'Desk', atomicityGroup: 'g' },
      ],
    ],
    ['a header that is no string', [{ id: '1', method: 'get', url: 'Desk', headers: { a: 1 } }]],
  ];
  for (const [what, requests] of wrong)
    it(`J19.1-3 ${what}: 400 for the whole`, async () => {
      const reply = await post(requests);
      assert.equal(reply.status, 400, reply.text);
    });

  it('J19.1-12 a GET with a body and J19.1-10 a condition fail alone', async () => {
    const reply = await post([
      { id: '1', method: 'get', url: 'Desk', body: {} },
      { id: '2', method: 'get', url: 'Desk', if: '$1/$succeeded' },
      { id: '3', method: 'trace', url: 'Desk' },
      { id: '4', method: 'get', url: 'Desk' },
    ]);
    assert.deepEqual(statuses(reply), [
      ['1', 400],
      ['2', 424],
      ['3', 400],
      ['4', 200],
    ]);
  });
});
