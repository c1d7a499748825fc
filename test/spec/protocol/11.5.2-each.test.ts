import assert from 'node:assert/strict';
import { ids } from '../../model/library.js';
import { startOperations } from '../../model/operations.js';
import type { Server } from '../../model/serve.js';

describe('Protocol 11.5.2 Applying an operation to members of a collection', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startOperations();
  });
  afterEach(() => server.close());

  const post = (path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    server.ask('POST', path, { body, headers });
  const prices = async () =>
    (await server.ask('GET', 'Books?$select=Price')).json.value.map(({ Price }: { Price: number }) => Price);

  it('P11.5.2-1 U4.13-2 J12-1 an action for each member of a filtered collection, one result each', async () => {
    const reply = await post('Books/$filter(ID lt 3)/$each/Lib.Discount', { percent: 10 });
    assert.deepEqual([reply.status, ids(reply.json)], [200, [1, 2]]);
    assert.deepEqual(Object.keys(reply.json), ['@odata.context', 'value']);
    assert.equal(reply.json['@odata.context'], `${server.base}$metadata#Books`);
    assert.ok(reply.json.value.every((item: object) => !('@odata.context' in item)));
    assert.deepEqual(await prices(), [11.25, 6.3, null, 12.5, 0.99]);
  });

  it('P11.5.2-1 J12-1 primitive results are objects of their own, collections nest', async () => {
    const labels = await server.ask('GET', 'Books/Lib.RareBook/$each/Lib.Label()');
    assert.deepEqual(labels.json.value, [{ value: 'Lib.RareBook Haiku 100%' }]);
    const similar = await server.ask('GET', 'Books/$filter(ID le 2)/$each/Lib.Similar()?$select=Title');
    assert.deepEqual(
      similar.json.value.map(({ value }: { value: { Title: string }[] }) => value.map(({ Title }) => Title)),
      [['Engines II'], []],
    );
  });

  it('P11.5.2-1 for related and for contained entities', async () => {
    assert.equal((await post('Authors(1)/Books/$each/Lib.Touch')).status, 204);
    const { json } = await server.ask('GET', "Books?$filter=Title eq 'Lib.Book'");
    assert.deepEqual(ids(json), [1, 4]);
    const copies = await server.ask('GET', 'Books(1)/Copies/$each/Lib.Label()');
    assert.equal(copies.json.value.length, 3);
  });

  it('P11.5.2-1 nothing to return is 204', async () => {
    const reply = await post('Books/$each/Lib.Touch');
    assert.deepEqual([reply.status, reply.text], [204, '']);
    const { json } = await server.ask('GET', "Books?$filter=Title eq 'Lib.Book'&$count=true&$top=0");
    assert.equal(json['@odata.count'], 5);
    const minimal = await post(
      'Books/$filter(ID lt 3)/$each/Lib.Discount',
      { percent: 10 },
      { prefer: 'return=minimal' },
    );
    assert.deepEqual([minimal.status, minimal.headers.get('preference-applied')], [204, 'return=minimal']);
  });

  it('P11.5.2-2 U4.13-4 one failure, and nothing is done', async () => {
    const before = await prices();
    const reply = await post('Books/$each/Lib.Discount', { percent: 95 });
    assert.deepEqual([reply.status, reply.json.error.code], [409, 'Conflict']);
    assert.equal((await post('Books/$each/Lib.Fuss', {})).status, 422); // the third one fails
    assert.deepEqual(await prices(), before);
  });

  it('P11.5.2-3 with continue-on-error it goes on, and the failed members are told whatever is preferred', async () => {
    const reply = await post('Books/$each/Lib.Fuss', {}, { prefer: 'continue-on-error,return=minimal' });
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual(
      reply.json.value.map((item: Record<string, unknown>) => [item.ID, item['@Core.DataModificationException']]),
      [
        [
          3,
          {
            failedOperation: 'invoke',
            responseCode: 422,
            info: { code: 'UnprocessableEntity', message: 'Has no price.', severity: 'error' },
          },
        ],
      ],
    );
    assert.deepEqual(await prices(), [1, 1, null, 1, 1]);
  });

  it('P11.5.2-1 nothing else stands behind $each, nor behind its operation', async () => {
    for (const path of ['Books/$each/Title', 'Books/$each/Lib.Retag', 'Books/$each/Lib.Nope', 'Books/$each/$count'])
      assert.equal((await post(path, {})).status, 404, path);
    assert.equal((await server.ask('GET', 'Books/$each/Lib.Similar()/$count')).status, 400);
    assert.equal((await server.ask('GET', 'Books/$each/Lib.Touch')).status, 405);
    assert.equal((await post('Books/$each/Lib.Print')).status, 501);
  });
});
