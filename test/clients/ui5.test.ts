import assert from 'node:assert/strict';
import { startLibrary } from '../model/library.js';
import type { Server } from '../model/serve.js';
import { send, type Wire } from './wire.js';

const common = ['OData-Version: 4.0', 'OData-MaxVersion: 4.0', 'X-CSRF-Token: Fetch', 'Accept-Language: en'];
const json = 'Accept: application/json;odata.metadata=minimal;IEEE754Compatible=true';
const partHeaders = [
  'Content-Type:application/json;charset=UTF-8;IEEE754Compatible=true',
  'Accept:application/json;odata.metadata=minimal;IEEE754Compatible=true',
  'Accept-Language:en',
  'X-CSRF-Token:Fetch',
];

interface Read {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any;
  readonly contentId: string | undefined;
}

const parameter = (header: string, name: string) =>
  new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]*))`, 'i')
    .exec(header)
    ?.slice(1)
    .find((text) => text);

/** What this client demands of every answer with a body, or it throws. */
function read(headers: ReadonlyMap<string, string>, body: string, status: number, contentId?: string): Read {
  const version = headers.get('odata-version');
  assert.ok(version === undefined || version === '4.0', `OData-Version ${version}`);
  assert.ok(!headers.has('dataserviceversion'));
  const type = headers.get('content-type') ?? '';
  const charset = parameter(type, 'charset');
  assert.ok(charset === undefined || charset.toLowerCase() === 'utf-8', charset);
  return { status, headers, contentId, json: body === '' || !/json|plain/.test(type) ? undefined : JSON.parse(body) };
}

/** The client's own reading of a batch answer: requests in order, a change set as an array or, when it failed, as one answer. */
function readBatch(body: string, contentType: string, inChangeSet = false): readonly (Read | readonly Read[])[] {
  assert.match(contentType, /^multipart\/mixed/i, 'must start so');
  const boundary = parameter(contentType, 'boundary');
  assert.ok(boundary !== undefined, 'no boundary');
  return body
    .split(new RegExp(`--${boundary}(?:[ \\t]*\\r\\n|--)`))
    .slice(1, -1)
    .map((part) => {
      const headEnd = part.indexOf('\r\n\r\n');
      const mime = part.slice(0, headEnd);
      const type = /^content-type:\s*(.*)$/im.exec(mime)?.[1] ?? '';
      const rest = part.slice(headEnd + 4);
      if (/^multipart\/mixed/i.test(type)) return readBatch(rest, type, true) as readonly Read[];
      const contentId = /^content-id:\s*(\S+)/im.exec(mime)?.[1];
      assert.ok(!inChangeSet || contentId !== undefined, 'Content-ID MIME header missing for the change set response.');
      const [statusLine = '', ...lines] = rest.slice(0, rest.indexOf('\r\n\r\n')).split('\r\n');
      assert.match(statusLine, /^HTTP\/1\.1 \d{3} \S/);
      const headers = new Map(
        lines.map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase().trim(),
          line.slice(line.indexOf(':') + 1).trim(),
        ]),
      );
      const text = rest.slice(rest.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '');
      return read(headers, text, Number(statusLine.split(' ')[1]), contentId);
    });
}

describe('clients: OpenUI5, its OData V4 model', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startLibrary({}, { root: '/odata' });
  });
  afterEach(() => server.close());

  const get = (path: string, lines: readonly string[] = [...common, json]) => send(server.base, 'GET', path, lines);
  const part = (method: string, url: string, body?: unknown, head: readonly string[] = []) =>
    [
      'Content-Type:application/http',
      'Content-Transfer-Encoding:binary',
      ...head,
      '',
      `${method} ${url} HTTP/1.1`,
      ...partHeaders,
      '',
      body === undefined ? '' : JSON.stringify(body),
      '',
    ].join('\r\n');
  /** Requests of an array form a change set, all others stand alone; what the client adds behind the end is there too. */
  const batch = async (
    items: readonly (string | readonly ((id: string) => string)[])[],
    lines: readonly string[] = [],
  ): Promise<{ readonly reply: Wire; readonly answers: readonly (Read | readonly Read[])[] }> => {
    const boundary = 'batch_id-1700000000000-42';
    const parts = items.map((item, index) => {
      if (typeof item === 'string') return item;
      const inner = `changeset_id-1700000000000-${index}`;
      const requests = item.map((request, at) => `--${inner}\r\n${request(`${at}.0`)}`).join('');
      return `Content-Type: multipart/mixed;boundary=${inner}\r\n\r\n${requests}--${inner}--\r\n`;
    });
    const body = `${parts.map((text) => `--${boundary}\r\n${text}`).join('')}--${boundary}--\r\nGroup ID: $auto`;
    const reply = await send(
      server.base,
      'POST',
      '$batch?sap-client=100',
      [
        ...common,
        'Accept: multipart/mixed',
        'MIME-Version: 1.0',
        `Content-Type: multipart/mixed; boundary=${boundary}`,
        ...lines,
      ],
      body,
    );
    assert.equal(reply.status, 200, reply.body);
    assert.equal(reply.headers.get('odata-version'), '4.0');
    assert.ok(!reply.headers.has('etag'), 'an ETag is assigned onto the text of the answer');
    return { reply, answers: readBatch(reply.body, reply.headers.get('content-type') ?? '') };
  };
  const one = (answer: Read | readonly Read[] | undefined): Read => {
    assert.ok(answer !== undefined && !('length' in answer), 'one answer');
    return answer;
  };
  const set = (answer: Read | readonly Read[] | undefined): readonly Read[] => {
    assert.ok(answer !== undefined && 'length' in answer, 'the answers of a change set');
    return answer;
  };

  it('reads $metadata as XML without saying so, and again with If-None-Match', async () => {
    const first = await get('$metadata?sap-language=EN', ['Accept: */*', 'Accept-Language: en']);
    assert.equal(first.status, 200);
    assert.match(first.headers.get('content-type') ?? '', /^application\/xml/);
    assert.equal(first.headers.get('odata-version'), '4.0');
    assert.match(first.body, /Version="4\.0"/);
    const again = await get('$metadata?sap-language=EN', [
      'Accept: */*',
      `If-None-Match: ${first.headers.get('etag')}`,
    ]);
    assert.equal(again.status, 304);
    assert.equal(again.body, '');
  });

  it('asks the service root for a CSRF token with HEAD', async () => {
    const reply = await send(server.base, 'HEAD', '?sap-client=100', [...common, json]);
    assert.equal(reply.status, 200);
    assert.equal(reply.body, '');
  });

  it('gets Int64, Decimal and counts as strings, and is told so', async () => {
    const reply = await get('Values?$count=true&$select=Int64,Decimal&$filter=Int64%20ne%20null&$skip=0&$top=1');
    const { json: answer, headers } = read(reply.headers, reply.body, reply.status);
    assert.match(headers.get('content-type') ?? '', /IEEE754Compatible=true/);
    assert.equal(typeof answer['@odata.count'], 'string');
    assert.equal(typeof answer.value[0].Int64, 'string');
  });

  it('reads a list and a count in one batch', async () => {
    const { answers } = await batch([
      part(
        'GET',
        'Books?$count=true&$expand=Author($select=ID,Name)&$orderby=Title&$select=Author,ID,Title&$skip=0&$top=2',
      ),
      part('GET', 'Books/$count'),
      part('GET', 'Nowhere'),
    ]);
    const [list, count] = [one(answers[0]), one(answers[1])];
    assert.equal(list.json.value.length, 2);
    assert.equal(list.json.value[0].Author.ID, 1);
    assert.equal(Number(list.json['@odata.count']), count.json, 'the body of $count is JSON');
    assert.ok(!count.headers.has('etag'));
    assert.equal(one(answers[2]).status, 404);
    assert.equal(typeof one(answers[2]).json.error.message, 'string');
  });

  it('creates an entity by a bare part, then changes it with its ETag and removes it', async () => {
    const created = one((await batch([part('POST', 'Books', { ID: 50, Title: 'UI', Tags: [] })])).answers[0]);
    assert.equal(created.status, 201);
    const etag = created.json['@odata.etag'];
    const patch = part('PATCH', 'Books(50)', { Price: '12.50' }).replace(
      'Accept:',
      `If-Match:${etag}\r\nPrefer:return=minimal\r\nAccept:`,
    );
    const patched = one((await batch([patch])).answers[0]);
    assert.equal(patched.status, 204);
    assert.ok(patched.headers.has('etag'), 'else the next edit collides');
    const stale = one((await batch([patch])).answers[0]);
    assert.equal(stale.status, 412);
    assert.equal(typeof stale.json.error.message, 'string');
    const forced = part('DELETE', 'Books(50)').replace('Accept:', 'If-Match:*\r\nAccept:');
    assert.equal(one((await batch([forced])).answers[0]).status, 204);
  });

  it('writes change sets with Content-IDs like 0.0, refers to them, and reads after them', async () => {
    const { answers } = await batch([
      [
        (id) => part('POST', 'Books', { ID: 51, Title: 'A', Tags: [] }, [`Content-ID:${id}`]),
        () => part('POST', '$0.0/Copies', { No: 1 }, ['Content-ID:1.0']),
      ],
      part('GET', 'Books(51)?$select=ID&$expand=Copies($select=No)'),
    ]);
    assert.deepEqual(
      set(answers[0]).map(({ status, contentId }) => [status, contentId]),
      [
        [201, '0.0'],
        [201, '1.0'],
      ],
    );
    assert.deepEqual(
      one(answers[1]).json.Copies.map(({ No }: { No: number }) => No),
      [1],
    );
  });

  it('gets one answer for a change set that failed, and none for what follows', async () => {
    const { answers } = await batch([
      [
        (id) => part('POST', 'Books', { ID: 52, Title: 'A', Tags: [] }, [`Content-ID:${id}`]),
        (id) => part('POST', 'Books', { ID: 1, Title: 'taken', Tags: [] }, [`Content-ID:${id}`]),
      ],
      part('GET', 'Books(52)'),
    ]);
    assert.equal(answers.length, 1);
    assert.equal(one(answers[0]).status, 409);
    assert.equal((await get('Books(52)')).status, 404);
    const going = await batch([part('GET', 'Nowhere'), part('GET', 'Books(1)')], ['Prefer: odata.continue-on-error']);
    assert.deepEqual(
      going.answers.map((answer) => one(answer).status),
      [404, 200],
    );
  });

  it('re-reads one row by a filter on its key and follows canonical paths', async () => {
    const { answers } = await batch([
      part('GET', 'Books?$filter=ID%20eq%201&$select=ID,Title'),
      part('GET', 'Books(1)/Copies?$select=No&$skip=0&$top=100'),
      part('GET', 'Authors?$search=ada&$select=ID'),
    ]);
    assert.deepEqual(
      answers.map((answer) => one(answer).status),
      [200, 200, 200],
    );
    assert.equal(one(answers[0]).json.value[0].Title, 'Engines');
  });

  it('groups and aggregates', async () => {
    const apply =
      'filter(Pages%20gt%200)/groupby((Genre),aggregate(Pages%20with%20sum%20as%20Sum,$count%20as%20UI5__count))/orderby(Genre)';
    const { answers } = await batch([part('GET', `Books?$apply=${apply}&$skip=0&$top=10`)]);
    const { status, json: answer } = one(answers[0]);
    assert.equal(status, 200);
    assert.ok(
      answer.value.every((row: { Sum: unknown }) => typeof row.Sum === 'string'),
      JSON.stringify(answer),
    );
  });
});
