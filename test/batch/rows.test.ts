import assert from 'node:assert/strict';
import { inheritedPreferences } from '../../src/protocol/index.js';
import { type Answer, base, modelFrom, open, type World } from '../model/inline.js';
import { container, openShop, types } from '../model/shop.js';

interface Item {
  readonly id: string;
  readonly status: number;
  readonly atomicityGroup?: string;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

describe('batch: row by row', () => {
  let world: World;
  beforeEach(async () => {
    world = await openShop();
  });
  afterEach(() => world.close());

  const json = (requests: readonly unknown[], headers: Record<string, string> = {}, url = '$batch') =>
    world.ask('POST', url, { headers, body: { requests } });
  const items = ({ json: { responses } }: Answer): readonly Item[] => responses;
  const statuses = (answer: Answer) => items(answer).map(({ status }) => status);
  const post = (id: string, Name: string, more: object = {}) => ({
    id,
    method: 'post',
    url: 'Tags',
    body: { Name },
    ...more,
  });
  const get = (id: string, url: string, more: object = {}) => ({ id, method: 'get', url, ...more });
  const tags = async () => (await world.ask('GET', 'Tags')).json.value.map(({ Name }: { Name: string }) => Name);

  /** A multipart batch; a string is a single request, an array a change set with ids from 1 on. */
  const multipart = (parts: readonly (string | readonly string[])[], headers: Record<string, string> = {}) => {
    const lines = (text: string) => text.replaceAll('\n', '\r\n');
    const single = (text: string, boundary: string, id: string) =>
      lines(`--${boundary}\nContent-Type: application/http\n${id}\n${text}\n\n`);
    const all = parts.map((part) =>
      typeof part === 'string'
        ? single(part, 'b', '')
        : `${lines('--b\nContent-Type: multipart/mixed; boundary=c\n\n')}${part
            .map((text, index) => single(text, 'c', `Content-ID: ${index + 1}\n`))
            .join('')}--c--\r\n`,
    );
    const body = `${all.join('')}--b--\r\n`;
    return world.ask('POST', '$batch', {
      headers: { 'content-type': 'multipart/mixed; boundary=b', ...headers },
      body,
    });
  };
  const codes = ({ text }: Answer) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code));
  const create = (Name: string) => `POST Tags HTTP/1.1\nContent-Type: application/json\n\n{"Name":"${Name}"}`;

  it('P11.7.1-3 J19.5-1 whatever becomes of the parts, a batch with valid header fields is 200', async () => {
    const answer = await json([get('1', 'Nothing'), get('2', 'Tags?$filter=')]);
    assert.deepEqual([answer.status, statuses(answer)], [200, [404, 400]]);
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.deepEqual([Object.keys(answer.json), answer.headers.etag], [['responses'], undefined]);
    assert.equal((await multipart(['GET Nothing HTTP/1.1\n'])).status, 200);
  });

  it('P11.7.1-1 other media types are refused', async () => {
    for (const type of ['text/plain', 'multipart/form-data; boundary=b', 'application/xml']) {
      const { status } = await world.ask('POST', '$batch', { headers: { 'content-type': type }, body: '--b--' });
      assert.equal(status, 415, type);
    }
  });

  it('P8.2.7-4 parts without a version have that of the batch', async () => {
    const headers = { 'odata-maxversion': '4.01' };
    const [plain, own] = items(
      await json([get('1', 'Tags'), get('2', 'Tags', { headers: { 'odata-maxversion': '4.0' } })], headers),
    );
    assert.deepEqual([plain?.headers['odata-version'], own?.headers['odata-version']], ['4.01', '4.0']);
    assert.ok(plain?.body['@context'] !== undefined && own?.body['@odata.context'] !== undefined);
  });

  it('P8.2.8.1-4 P8.2.8.4-7 of the preferences of a batch its parts inherit two, unless they state them', () => {
    const batch = 'odata.include-annotations="*", maxpagesize=1, allow-entityreferences, continue-on-error';
    assert.equal(inheritedPreferences(undefined, batch), 'odata.include-annotations="*", allow-entityreferences');
    assert.equal(
      inheritedPreferences('return=minimal, include-annotations="-*"', batch),
      'return=minimal, include-annotations="-*", allow-entityreferences',
    );
    assert.equal(inheritedPreferences(undefined, 'wait=3'), undefined);
  });

  it('P8.2.8.3-2 P11.7.7.4-1 multipart stops at the first failure, unless told to go on', async () => {
    const parts = ['GET Desk HTTP/1.1\n', 'GET Nothing HTTP/1.1\n', 'GET Desk HTTP/1.1\n'];
    assert.deepEqual(codes(await multipart(parts)), [200, 404]);
    assert.deepEqual(codes(await multipart(parts, { prefer: 'continue-on-error=false' })), [200, 404]);
    for (const prefer of ['continue-on-error', 'odata.continue-on-error=true'])
      assert.deepEqual(codes(await multipart(parts, { prefer })), [200, 404, 200]);
  });

  it('P8.2.8.3-3 JSON goes on, unless told to stop', async () => {
    const requests = [get('1', 'Nothing'), get('2', 'Desk')];
    assert.deepEqual(statuses(await json(requests)), [404, 200]);
    assert.deepEqual(statuses(await json(requests, { prefer: 'continue-on-error=false' })), [404]);
  });

  it('P8.3.6-2 what was applied of the preferences of a part is said with the part, of the batch with the batch', async () => {
    const answer = await json([get('1', 'Products', { headers: { prefer: 'maxpagesize=1' } }), get('2', 'Nothing')], {
      prefer: 'continue-on-error=true',
    });
    const [part, other] = items(answer);
    assert.equal(part?.headers['preference-applied'], 'odata.maxpagesize=1');
    assert.equal(other?.headers['preference-applied'], undefined);
    assert.equal(answer.headers['preference-applied'], 'odata.continue-on-error=true');
  });

  it('P9.1.3-1 nothing in a batch is 202 that was not asked to be', async () => {
    const answer = await json([get('1', 'Tags'), post('2', 'x')], { prefer: 'wait=1' });
    assert.deepEqual([answer.status, statuses(answer)], [200, [200, 201]]);
  });

  it('P9.2.6-1 P11.7.2-1 J19.1-7 J19.1-8 what depends on a failure is 424, and what depends on that', async () => {
    const requests = [
      get('1', 'Nothing'),
      post('2', 'x', { dependsOn: ['1'] }),
      post('3', 'y', { dependsOn: ['2'] }),
      post('4', 'z', { atomicityGroup: 'g' }),
      get('5', 'Tags', { dependsOn: ['g'] }),
    ];
    assert.deepEqual(statuses(await json(requests)), [404, 424, 424, 201, 200]);
    assert.deepEqual(await tags(), ['new', 'old', 'z']);
    assert.equal((await json([post('1', 'x', { dependsOn: ['2'] }), get('2', 'Tags')])).status, 400);
  });

  it('P11.7.2-2 a change set is atomic, and everything else is done in its order', async () => {
    const answer = await multipart([
      [create('a'), create('b')],
      'GET Tags/$count HTTP/1.1\n',
      [create('c'), create('a')],
    ]);
    assert.deepEqual(codes(answer), [201, 201, 200, 409]);
    assert.deepEqual(await tags(), ['a', 'b', 'new', 'old']);
  });

  it('P11.7.3-1 J19.1-3 ids are told apart by case, and hold unreserved characters', async () => {
    const answer = await json([post('a.B-_~1', 'x'), post('A.b-_~1', 'y'), get('3', '$a.B-_~1'), get('4', '$A.b-_~1')]);
    assert.deepEqual(
      items(answer)
        .slice(2)
        .map(({ body }) => body.Name),
      ['x', 'y'],
    );
    for (const id of ['', 'a b', 'ü', 'a/b']) assert.equal((await json([get(id, 'Tags')])).status, 400, id);
  });

  it('P11.7.4-1 J19.1-5 J19.2-1 P11.7.7.5-6 J19.5-7 `$id` is what an earlier request made or returned, and stands in no answer', async () => {
    const order = { id: '1', method: 'post', url: 'Orders', body: { ID: 5, CustomerID: 1 } };
    const line = { id: '2', method: 'post', url: '$1/Lines', dependsOn: ['1'], body: { No: 1 } };
    const returned = [
      get('3', 'Customers(2)'),
      { id: '4', method: 'patch', url: '/$3', dependsOn: ['3'], body: { Name: 'Eve' } },
    ];
    const answer = await json([order, line, ...returned, get('5', '/Customers(2)/Name/$value')], {
      accept: 'application/json;metadata=full',
    });
    assert.deepEqual(statuses(answer), [201, 201, 200, 200, 200]);
    assert.equal(items(answer)[1]?.headers.location, `${base}Orders(5)/Lines(1)`);
    assert.equal(items(answer)[4]?.body, 'Eve');
    assert.ok(!/"\$\d/.test(answer.text) && !answer.text.includes('/$1'), answer.text);
  });

  it('P11.7.4-2 an id like a system resource means that resource', async () => {
    const answer = await json([post('metadata', 'x'), get('2', '$metadata')]);
    assert.match(String(items(answer)[1]?.headers['content-type']), /xml/);
  });

  it('P11.7.7.2-1 P11.7.7.1-2 a change set refers to what it made by the Content-ID of the part', async () => {
    const answer = await multipart([
      [
        'POST Orders HTTP/1.1\nContent-Type: application/json\n\n{"ID":5,"CustomerID":1}',
        'POST $1/Lines HTTP/1.1\nContent-Type: application/json\n\n{"No":7}',
      ],
    ]);
    assert.deepEqual(codes(answer), [201, 201]);
    assert.equal((await world.ask('GET', 'Orders(5)/Lines(7)')).status, 200);
    assert.deepEqual(answer.text.match(/Content-ID: \d/g), ['Content-ID: 1', 'Content-ID: 2']);
  });

  it('P11.7.7.1-1 P11.7.7.1-3 P11.7.7.1-4 with and without Content-Transfer-Encoding, a preamble and text behind the end', async () => {
    const part = (more: string) => `--b\r\nContent-Type: application/http\r\n${more}\r\nGET Desk HTTP/1.1\r\n\r\n\r\n`;
    const body = `to be ignored\r\n${part('')}${part('Content-Transfer-Encoding: binary\r\n')}--b--\r\nto be ignored --b`;
    const answer = await world.ask('POST', '$batch', {
      headers: { 'content-type': 'multipart/mixed;boundary=b' },
      body,
    });
    assert.deepEqual(codes(answer), [200, 200]);
  });

  it('P11.7.7.1-7 what a part says of who asks is ignored', async () => {
    const answer = await multipart([
      'GET Desk HTTP/1.1\nAuthorization: Bearer x\nRange: bytes=0-1\nExpect: 100-continue\nFrom: x\nTE: x\n',
    ]);
    assert.deepEqual(codes(answer), [200]);
  });

  it('P11.7.7.5-4 J19.4-4 J19.5-2 ids and groups come back, in either format', async () => {
    const requests = [get('one', 'Desk'), post('two', 'x', { atomicityGroup: 'g' }), get('three', 'Nothing')];
    const answer = await json(requests);
    assert.deepEqual(
      items(answer).map(({ id, status, atomicityGroup }) => [id, status, atomicityGroup]),
      [
        ['one', 200, undefined],
        ['two', 201, 'g'],
        ['three', 404, undefined],
      ],
    );
    const other = await json([get('one', 'Desk'), get('three', 'Nothing')], { accept: 'multipart/mixed' });
    assert.deepEqual(other.text.match(/Content-ID: \w+/g), ['Content-ID: one', 'Content-ID: three']);
  });

  it('P11.7.7.5-5 J19.5-3 a part looks as it does outside', async () => {
    const alone = await world.ask('GET', 'Customers(1)');
    const [part] = items(await json([get('1', 'Customers(1)')]));
    for (const name of ['content-type', 'odata-version', 'etag'])
      assert.equal(part?.headers[name], alone.headers[name], name);
    assert.deepEqual(part?.body, alone.json);
    const { text } = await multipart(['GET Customers(1) HTTP/1.1\n']);
    for (const [name, value] of [
      ['Content-Type', 'content-type'],
      ['OData-Version', 'odata-version'],
      ['ETag', 'etag'],
    ] as const)
      assert.ok(text.includes(`\r\n${name}: ${alone.headers[value]}\r\n`), name);
  });

  it('J19.1-1 J19.1-2 J19.1-4 J19.1-11 what a request of a JSON batch looks like', async () => {
    const { status } = await world.ask('POST', '$batch', { body: { requests: [get('1', '$batch')] } });
    assert.equal(status, 200);
    assert.deepEqual(statuses(await json([{ id: '1', method: 'POST', url: '$batch', body: { requests: [] } }])), [400]);
    for (const wrong of [
      { method: 'get', url: 'Tags' },
      { id: '1', url: 'Tags' },
      { id: '1', method: 'get' },
    ])
      assert.equal((await json([wrong])).status, 400);
    const cases = ['get', 'Get', 'GET'].map((method, index) => ({ id: `${index}`, method, url: 'Tags' }));
    assert.deepEqual(statuses(await json(cases)), [200, 200, 200]);
    const typed = {
      id: '1',
      method: 'post',
      url: 'Tags',
      headers: { 'Content-Type': 'application/json', Prefer: 'return=minimal' },
      body: { Name: 'x' },
    };
    assert.deepEqual(statuses(await json([typed])), [204]);
    assert.deepEqual(statuses(await json([{ ...typed, headers: { 'content-type': 'text/plain' }, body: 'x' }])), [415]);
  });

  it('J19.1-6 requests of a group stand together, and their name is no id', async () => {
    const member = (id: string) => post(id, id, { atomicityGroup: 'g' });
    assert.equal((await json([member('1'), get('2', 'Tags'), member('3')])).status, 400);
    assert.equal((await json([get('g', 'Tags'), member('1')])).status, 400);
    assert.deepEqual(statuses(await json([member('a'), { ...member('new') }])), [424, 409]);
    assert.deepEqual(await tags(), ['new', 'old']);
  });

  it('J19.1-9 `if` decides whether a request is done, by the outcome and the answers of earlier ones', async () => {
    const requests = [
      get('1', 'Customers(1)'),
      get('2', 'Nothing'),
      post('a', 'a', { dependsOn: ['1'], if: `$1/Name eq 'Ann' and $1/Address/City eq 'Bern'` }),
      post('b', 'b', { dependsOn: ['1'], if: `$1/ID gt 1 or contains($1/Name,'$1')` }),
      post('c', 'c', { dependsOn: ['2'], if: 'not $2/$succeeded' }),
      post('d', 'd', { dependsOn: ['2'], if: '$2/$succeeded' }),
      get('3', 'Tags/$count'),
      get('4', 'Desk/Title'),
      post('e', 'e', { dependsOn: ['4'], if: `$4 eq 'Front'` }),
      post('f', 'f', { dependsOn: ['1'], if: '$1/Address eq null' }),
      post('g', 'g', { if: '1 eq' }),
    ];
    assert.deepEqual(statuses(await json(requests)), [200, 404, 201, 424, 201, 424, 200, 200, 201, 400, 400]);
    assert.deepEqual(await tags(), ['a', 'c', 'e', 'new', 'old']);
  });

  it('J19.1-10 a condition that does not hold undoes the whole group', async () => {
    const group = { atomicityGroup: 'g' };
    const requests = [post('1', 'a', group), post('2', 'b', { ...group, dependsOn: ['1'], if: `$1/Name ne 'a'` })];
    assert.deepEqual(statuses(await json(requests)), [424, 424]);
    assert.deepEqual(await tags(), ['new', 'old']);
    const held = [post('1', 'a', group), post('2', 'b', { ...group, dependsOn: ['1'], if: `$1/Name eq 'a'` })];
    assert.deepEqual(statuses(await json(held)), [201, 201]);
  });

  it('U4.2-2 $format has no meaning for a batch', async () => {
    assert.equal((await json([get('1', 'Tags')], {}, '$batch?$format=json')).status, 400);
  });

  it('a large batch is answered while it is done, and done to its end for a client that goes away', async () => {
    const requests = Array.from({ length: 30 }, (_, index) => post(`${index}`, `t${index}`));
    const body = Buffer.from(JSON.stringify({ requests }));
    const user = {
      id: null,
      name: null,
      application: null,
      scopes: new Set<string>(),
      roles: new Set<string>(),
      unrestricted: true,
    };
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', url: '$batch', headers, body, user, base, requestId: 'r' } as const;
    const { status, stream } = await world.service.handle(request);
    assert.equal(status, 200);
    assert.deepEqual(await tags(), ['new', 'old'], 'nothing is done before somebody reads');
    for await (const piece of stream ?? []) {
      assert.ok(Buffer.from(piece).toString().startsWith('{"responses":[{"id":"0"'));
      break;
    }
    assert.equal((await tags()).length, 32);
    const again = await json(requests.map((one) => ({ ...one, body: { Name: `again${one.id}` } })));
    assert.deepEqual(
      statuses(again),
      requests.map(() => 201),
    );
    const parts = Array.from({ length: 25 }, () => 'GET Desk HTTP/1.1\n');
    assert.deepEqual(
      codes(await multipart(parts)),
      parts.map(() => 200),
    );
  });
});

describe('batch: the version of the model', () => {
  it('U5.1.12-3 $schemaversion of the batch is that of requests that state none; P11.3.1-2 and stays in delta links', async () => {
    const model = modelFrom(`<Annotation Term="Core.SchemaVersion" String="9"/>
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`);
    const world = await open(model);
    for (const ID of [1, 2]) await world.ask('POST', 'Es', { body: { ID } });
    const part = (id: string, url: string) => ({
      id,
      method: 'get',
      url,
      headers: { prefer: 'track-changes,maxpagesize=1' },
    });
    const requests = [part('1', 'Es'), part('2', 'Es?$schemaversion=8'), part('3', 'Es?$schemaversion=*')];
    const { json } = await world.ask('POST', '$batch?$schemaversion=9', { body: { requests } });
    const [first, other, current] = json.responses;
    assert.deepEqual([first.status, other.status, current.status], [200, 404, 200]);
    assert.match(first.body['@odata.nextLink'], /[?&]\$schemaversion=9&/);
    const last = await world.ask('GET', first.body['@odata.nextLink'].slice(base.length));
    assert.match(last.json['@odata.deltaLink'], /[?&]\$schemaversion=9&/);
    assert.equal((await world.ask('GET', last.json['@odata.deltaLink'].slice(base.length))).status, 200);
    await world.close();
  });

  it('P10.17-3 the context of a payload of changes that is sent is #$delta', async () => {
    const world = await openShop();
    const body = { '@context': '#$delta', value: [{ Name: 'hot' }, { '@removed': {}, '@id': "Tags('old')" }] };
    assert.ok((await world.ask('PATCH', 'Tags', { headers: { 'odata-version': '4.01' }, body })).status < 300);
    assert.deepEqual(
      (await world.ask('GET', 'Tags')).json.value.map(({ Name }: { Name: string }) => Name),
      ['hot', 'new'],
    );
    await world.close();
  });
});

describe('batch: what Capabilities.BatchSupport says', () => {
  const flags = {
    ContinueOnErrorSupported: true,
    ReferencesInRequestBodiesSupported: true,
    ReferencesAcrossChangeSetsSupported: true,
    EtagReferencesSupported: true,
    RequestDependencyConditionsSupported: true,
  };
  /** A shop whose model supports everything but one thing. */
  const without = (off: Partial<Record<keyof typeof flags | 'Supported', boolean>>, more = '') => {
    const stated = Object.entries({ ...flags, ...off }).map(
      ([name, value]) => `<PropertyValue Property="${name}" Bool="${value}"/>`,
    );
    const annotation = `<Annotation Term="Capabilities.BatchSupport"><Record>${stated.join('')}${more}</Record></Annotation>`;
    return open(modelFrom(types + container.replace('<EntityContainer Name="C">', `$&${annotation}`)));
  };
  const tag = (id: string, Name: string, more: object = {}) => ({
    id,
    method: 'post',
    url: 'Tags',
    body: { Name },
    ...more,
  });
  const statuses = async (world: World, requests: readonly unknown[]) => {
    const { json } = await world.ask('POST', '$batch', { body: { requests } });
    return json.responses.map(({ status }: { status: number }) => status);
  };
  /** Asks a shop with the flag and one without it. */
  const both = async (
    name: keyof typeof flags,
    requests: readonly unknown[],
    expected: readonly number[],
    refused: readonly number[],
  ) => {
    for (const [supported, wanted] of [
      [true, expected],
      [false, refused],
    ] as const) {
      const world = await without({ [name]: supported });
      assert.deepEqual(await statuses(world, requests), wanted, `${name} ${supported}`);
      await world.close();
    }
  };

  it('no batches at all: 501; one format: 415 for the other', async () => {
    const none = await without({ Supported: false });
    assert.equal((await none.ask('POST', '$batch', { body: { requests: [] } })).status, 501);
    await none.close();
    const format =
      '<PropertyValue Property="SupportedFormats"><Collection><String>application/json</String></Collection></PropertyValue>';
    const json = await without({}, format);
    assert.equal((await json.ask('POST', '$batch', { body: { requests: [] } })).status, 200);
    const headers = { 'content-type': 'multipart/mixed;boundary=b' };
    assert.equal((await json.ask('POST', '$batch', { headers, body: '--b--' })).status, 415);
    await json.close();
  });

  it('conditions, references to ETags and references in bodies', async () => {
    const held = [tag('1', 'a'), tag('2', 'b', { dependsOn: ['1'], if: '$1/$succeeded' })];
    await both('RequestDependencyConditionsSupported', held, [201, 201], [201, 424]);
    const customer = { id: '1', method: 'post', url: 'Customers', body: { ID: 1, Name: 'Ann' } };
    const patch = {
      id: '2',
      method: 'patch',
      url: '$1',
      dependsOn: ['1'],
      headers: { 'if-match': '$1' },
      body: { Name: 'Eve' },
    };
    await both('EtagReferencesSupported', [customer, patch], [201, 200], [201, 400]);
    const order = {
      id: '2',
      method: 'post',
      url: 'Orders',
      dependsOn: ['1'],
      body: { ID: 1, 'Customer@odata.bind': '$1' },
    };
    await both('ReferencesInRequestBodiesSupported', [customer, order], [201, 201], [201, 400]);
  });

  it('going on after errors, and references across change sets, in multipart', async () => {
    const lines = (text: string) => text.replaceAll('\n', '\r\n');
    const set = `--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\nContent-ID: 1\n\nPOST Tags HTTP/1.1\nContent-Type: application/json\n\n{"Name":"a"}\n--c--\n`;
    const single = (text: string) => `--b\nContent-Type: application/http\n\n${text}\n\n`;
    const ask = async (world: World, body: string, headers: Record<string, string> = {}) => {
      const asked = {
        headers: { 'content-type': 'multipart/mixed;boundary=b', ...headers },
        body: lines(`${body}--b--\n`),
      };
      const { text } = await world.ask('POST', '$batch', asked);
      await world.close();
      return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code));
    };
    const failing = single('GET Nothing HTTP/1.1\n') + single('GET Tags HTTP/1.1\n');
    const prefer = { prefer: 'continue-on-error' };
    assert.deepEqual(await ask(await without({}), failing, prefer), [404, 200]);
    assert.deepEqual(await ask(await without({ ContinueOnErrorSupported: false }), failing, prefer), [404]);
    const across = set + single('GET $1 HTTP/1.1\n');
    assert.deepEqual(await ask(await without({}), across), [201, 200]);
    assert.deepEqual(await ask(await without({ ReferencesAcrossChangeSetsSupported: false }), across), [201, 404]);
  });
});
