import assert from 'node:assert/strict';
import { ids } from '../../model/library.js';
import { operations, operationsModel, startOperations } from '../../model/operations.js';
import type { Server } from '../../model/serve.js';

describe('Protocol 11.5.5 Actions', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startOperations();
  });
  afterEach(() => server.close());

  const post = (path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    server.ask('POST', path, { body, headers });
  const get = async (path: string) => (await server.ask('GET', path)).json;

  it('P11.5.5.1-1 U4.5.1-1 U4.5.1-2 U4.1-1 J18-1 bound: the path is the binding value, the body holds the parameters', async () => {
    const reply = await post('Books(1)/Lib.Discount', { percent: 10 });
    assert.deepEqual([reply.status, reply.json.Price], [200, 11.25]);
    assert.equal((await get('Books(1)')).Price, 11.25);
    assert.equal(reply.json['@odata.context'], `${server.base}$metadata#Books/$entity`);
  });

  it('P11.5.5.1-1 U4.5.1-1 through an import', async () => {
    const reply = await post('Sum', { numbers: [1, 2, 39] });
    assert.deepEqual([reply.status, reply.json.value], [200, 42]);
  });

  for (const [title, body] of [
    ['no body', undefined],
    ['an empty body', ''],
    ['{}', {}],
    ['annotations alone', { '@odata.context': 'x', '@Lib.Note': 1 }],
  ] as const)
    it(`P11.5.5.1-2 P13.2.1-13 U4.5.1-3 J18-3 without parameters: ${title}`, async () => {
      const reply = await post('Reset', body);
      assert.deepEqual([reply.status, reply.text], [204, '']); // P11.5.5.1-4: it returns nothing, whatever its handler gives
      assert.equal((await get('Desk')).Clerk, 'reset');
    });

  it('P11.5.5.1-3 J18-2 C12.9-4 what is left out: null, the default, or refused', async () => {
    assert.deepEqual(await post('Add', { id: 50 }).then(({ json }) => [json.Title, json.Pages]), ['Untitled', 7]);
    assert.deepEqual(await post('Merge', {}).then(({ json }) => json.value), '{"place":null,"book":null,"books":[]}');
    const missing = await post('Add', { title: 'x' });
    assert.deepEqual([missing.status, missing.json.error.code, missing.json.error.target], [400, 'MissingValue', 'id']);
  });

  it('P11.5.5.1-3 null only where the parameter is nullable', async () => {
    assert.equal((await post('Add', { id: null })).status, 400);
    assert.equal((await post('Add', { id: 51, title: null })).status, 201);
  });

  it('J18-2 unknown parameters are refused, all problems at once', async () => {
    const reply = await post('Add', { id: 'x', more: 1, title: 2 });
    assert.deepEqual(
      [reply.status, reply.json.error.details.map(({ target }: { target: string }) => target).sort()],
      [400, ['id', 'more', 'title']],
    );
    assert.equal((await get('Books/$count')) ?? 5, 5);
  });

  it('J18-1 entities may be partial or references, complex values and collections are as ever', async () => {
    const body = {
      place: { '@odata.type': '#Lib.Abroad', City: 'Ulm', Country: 'DE' },
      book: { Title: 'part' },
      books: [{ '@odata.id': 'Books(1)' }, { ID: 2 }],
    };
    const { value } = (await post('Merge', body)).json;
    assert.deepEqual(JSON.parse(value), {
      place: { City: 'Ulm', Country: 'DE' },
      book: { Title: 'part' },
      books: [{ '@id': 'Books(1)' }, { ID: 2 }],
    });
  });

  it('J18-1 J3.2-2 exact numbers, as strings where the body says so', async () => {
    const type = { 'content-type': 'application/json;IEEE754Compatible=true' };
    assert.match((await post('Sum', { numbers: ['9007199254740993', '1'] }, type)).text, /:9007199254740994\}/);
    assert.equal((await post('Sum', { numbers: ['1'] })).status, 400);
  });

  it('P11.5.5.1-4 a result that is null is no content', async () => {
    const reply = await post('Nothing');
    assert.deepEqual([reply.status, reply.text], [204, '']);
  });

  it('P11.5.5.1-4 P8.2.8.7-2 return=minimal leaves the result out', async () => {
    const reply = await post('Sum', { numbers: [1] }, { prefer: 'return=minimal' });
    assert.deepEqual([reply.status, reply.text, reply.headers.get('preference-applied')], [204, '', 'return=minimal']);
  });

  it('P11.5.5.1-5 P9.1.2-1 one that creates an entity: 201 with its Location and ETag', async () => {
    const reply = await post('Add', { id: 60, title: 'Sixty' });
    assert.deepEqual([reply.status, reply.json.Title], [201, 'Sixty']);
    assert.equal(reply.headers.get('location'), `${server.base}Books(60)`);
    assert.equal(reply.headers.get('etag'), reply.json['@odata.etag']);
    const minimal = await post('Add', { id: 61 }, { prefer: 'return=minimal' });
    assert.deepEqual(
      [minimal.status, minimal.headers.get('location'), minimal.headers.get('odata-entityid')],
      [204, `${server.base}Books(61)`, `${server.base}Books(61)`],
    );
    assert.equal((await get('Books(61)')).Pages, 7);
  });

  it('P11.5.5.1-6 P8.2.4-3 P8.2.5-3 If-Match and If-None-Match speak of the binding value', async () => {
    const etag = (await get('Books(1)'))['@odata.etag'];
    const wrong = await post('Books(1)/Lib.Discount', { percent: 10 }, { 'if-match': 'W/"0"' });
    assert.equal(wrong.status, 412);
    assert.equal((await post('Books(1)/Lib.Discount', { percent: 10 }, { 'if-none-match': etag })).status, 412);
    assert.equal((await get('Books(1)'))['@odata.etag'], etag);
    const right = await post('Books(1)/Lib.Discount', { percent: 10 }, { 'if-match': etag });
    assert.equal(right.status, 200);
    assert.notEqual(right.headers.get('etag'), etag);
    assert.equal((await post('Books/Lib.Retag', { tag: 'x' }, { 'if-match': etag })).status, 412);
  });

  it('P8.2.4-5 P11.5.5.1-6 an action on what needs an ETag needs it too', async () => {
    const demanding = await startOperations({
      model: operationsModel(
        '<Action Name="Greet" IsBound="true"><Parameter Name="author" Type="Lib.Author"/></Action>',
        '<EntitySet Name="Careful" EntityType="Lib.Author"><Annotation Term="Core.OptimisticConcurrency"><Collection/></Annotation></EntitySet>',
      ),
      operations: { ...operations, 'Lib.Greet': () => undefined },
    });
    await demanding.ask('POST', 'Careful', { body: { ID: 1 } });
    const greet = (headers: Readonly<Record<string, string>>) =>
      demanding.ask('POST', 'Careful(1)/Lib.Greet', { headers });
    assert.equal((await greet({})).status, 428);
    const etag = (await demanding.ask('GET', 'Careful(1)')).headers.get('etag') ?? '';
    assert.deepEqual(
      [(await greet({ 'if-match': etag })).status, (await greet({ 'if-match': 'W/"0"' })).status],
      [204, 412],
    );
    await demanding.close();
  });

  it('P11.5.5.1-7 U4.5.1-5 U4a-4 C12.1-1 nothing follows an action, and GET does not call it', async () => {
    assert.equal((await post('Books(1)/Lib.Discount/Title', { percent: 10 })).status, 404);
    assert.equal((await post('Add(1)', { id: 1 })).status, 404);
    for (const path of ['Reset', 'Books(1)/Lib.Discount']) {
      const reply = await server.ask('GET', path);
      assert.deepEqual([reply.status, reply.headers.get('allow')], [405, 'POST']);
    }
  });

  it('P11.5.5.2-1 U4.5.1-4 C12.2-1 the binding type chooses the overload, a cast another', async () => {
    assert.equal((await post('Books(3)/Lib.Touch')).status, 204);
    assert.equal((await get('Books(3)')).Title, 'Lib.Book');
    assert.equal((await post('Books(3)/Lib.RareBook/Lib.Touch')).status, 204);
    assert.equal((await get('Books(3)')).Title, 'Lib.RareBook');
    assert.equal((await post('Books(4)/Lib.EBook/Lib.Touch')).status, 204);
    assert.equal((await get('Books(4)')).Title, 'Lib.Book');
  });

  it('P11.5.1-1 P11.5.1-2 U4.5-3 bound to a collection, filtered before, in the order of the handler', async () => {
    const reply = await post('Books/$filter(@f)/Lib.Retag?@f=ID lt 3', { tag: 'seen' });
    assert.deepEqual([reply.status, ids(reply.json)], [200, [1, 2]]);
    assert.deepEqual(
      (await get("Books?$filter=Tags/any(t:t eq 'seen')&$select=ID")).value.map(({ ID }: { ID: number }) => ID),
      [1, 2],
    );
  });

  it('the result can be shaped like any other', async () => {
    const reply = await post('Books(1)/Lib.Discount?$select=Price&$expand=Author($select=Name)', { percent: 50 });
    assert.deepEqual([reply.json.Price, reply.json.Author.Name, reply.json.Title], [6.25, 'Ada Byron', undefined]);
    const many = await post('Books/Lib.Retag?$filter=ID gt 3&$orderby=ID desc&$count=true', { tag: 'x' });
    assert.deepEqual([ids(many.json), many.json['@odata.count']], [[5, 4], 2]);
  });

  it('a stream is answered as it is', async () => {
    const reply = await post('Books(1)/Lib.Print');
    assert.deepEqual([reply.status, reply.headers.get('content-type'), reply.text], [200, 'text/plain', 'Engines']);
  });

  it('P11.5.5.1-1 P6.3-2 U4.5-2 an unknown action, or one of another type, does not exist', async () => {
    for (const path of ['Books(1)/Lib.Nope', 'Authors(1)/Lib.Touch', 'Books/Lib.Touch', 'Books(1)/Lib.Retag', 'Touch'])
      assert.equal((await post(path, {})).status, 404, path);
    assert.equal((await post('Books(99)/Lib.Touch')).status, 404);
  });

  it('P11.7-2 parts of a batch call operations, in a change set all or nothing', async () => {
    const reply = await server.ask('POST', '$batch', {
      body: {
        requests: [
          { id: '1', method: 'get', url: "Echo(text='a')" },
          {
            id: '2',
            atomicityGroup: 'g',
            method: 'post',
            url: 'Add',
            headers: { 'content-type': 'application/json' },
            body: { id: 70 },
          },
          {
            id: '3',
            atomicityGroup: 'g',
            dependsOn: ['2'],
            method: 'post',
            url: '$2/Lib.Discount',
            body: { percent: 95 },
            headers: { 'content-type': 'application/json' },
          },
          {
            id: '4',
            atomicityGroup: 'h',
            method: 'post',
            url: 'Add',
            headers: { 'content-type': 'application/json' },
            body: { id: 71 },
          },
          { id: '5', atomicityGroup: 'h', dependsOn: ['4'], method: 'post', url: '$4/Lib.Touch' },
          { id: '6', method: 'get', url: 'Books(71)/Title', dependsOn: ['h'] },
        ],
      },
      headers: { prefer: 'continue-on-error' },
    });
    const answers = new Map<string, { status: number; body: { value: unknown } }>(
      reply.json.responses.map((response: { id: string }) => [response.id, response]),
    );
    assert.deepEqual(
      ['1', '4', '5', '6'].map((id) => answers.get(id)?.status),
      [200, 201, 204, 200],
      reply.text,
    );
    assert.deepEqual([answers.get('1')?.body.value, answers.get('6')?.body.value], ['a', 'Lib.Book']);
    assert.ok([409, 424].includes(answers.get('2')?.status ?? 0), reply.text);
    assert.equal((await server.ask('GET', 'Books(70)')).status, 404);
  });
});
