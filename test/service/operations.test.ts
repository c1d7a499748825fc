import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService, type ODataError, type Operations, openSqlite } from '../../src/index.js';
import { csdl } from '../model/inline.js';
import { ids } from '../model/library.js';
import { holdHandlers, operations, operationsModel, startOperations } from '../model/operations.js';

describe('Handlers of operations', () => {
  it('a declared operation without a handler is reported at start, and 501 when it is called', async () => {
    const server = await startOperations();
    assert.deepEqual(server.service.unhandled, ['Lib.Missing()', 'Lib.Unhandled()']);
    const reply = await server.ask('GET', 'Missing()');
    assert.deepEqual([reply.status, reply.json.error.code], [501, 'NotImplemented']);
    await server.close();
    const bare = await startOperations({ operations: {} });
    assert.ok(bare.service.unhandled.includes('Lib.Discount(percent)'));
    assert.ok(bare.service.unhandled.includes('Lib.Shape(a,b)'));
    assert.equal((await bare.ask('POST', 'Books(1)/Lib.Discount', { body: { percent: 1 } })).status, 501);
    assert.equal((await bare.ask('GET', 'Books(1)/Lib.Discount')).status, 405);
    await bare.close();
  });

  for (const [title, wrong] of [
    ['an operation that the model does not have', { 'Lib.Nope': () => 1 }],
    ['an overload that the model does not have', { 'Lib.Shape(c)': () => 1 }],
    ['no function', { 'Lib.Echo': 'text' as unknown as () => unknown }],
  ] as const)
    it(`are refused at start when they name ${title}`, async () => {
      const opening = createService({ model: operationsModel(), operations: wrong as Operations });
      await assert.rejects(opening, (error: ODataError) => error.code === 'InvalidModel');
    });

  it('are loaded from operations.mjs of the folder, and refuse with errors of any making', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edmund-'));
    mkdirSync(join(folder, 'schema'));
    const schema = `<Function Name="Twice"><Parameter Name="n" Type="Edm.Int32" Nullable="false"/><ReturnType Type="Edm.Int32"/></Function>
<EntityContainer Name="C"><FunctionImport Name="Twice" Function="T.Twice"/></EntityContainer>`;
    writeFileSync(join(folder, 'schema/t.xml'), csdl(schema));
    writeFileSync(
      join(folder, 'operations.mjs'),
      `export const operations = { 'T.Twice': ({ parameters: { n } }) => {
        if (n < 0) throw Object.assign(new Error('Not below zero.'), { code: 'UnprocessableEntity' });
        return 2 * n;
      } };`,
    );
    const service = await createService({ folder, database: ':memory:' });
    const ask = async (url: string) => {
      const user = {
        id: null,
        name: null,
        application: null,
        scopes: new Set<string>(),
        roles: new Set<string>(),
        unrestricted: true,
      };
      return service.handle({ method: 'GET', url, headers: {}, body: null, user, base: 'http://x/', requestId: 'r' });
    };
    assert.match(String((await ask('Twice(n=21)')).body), /"value":42/);
    assert.equal((await ask('Twice(n=-1)')).status, 422);
    assert.deepEqual(service.unhandled, []);
    await service.close();
    rmSync(folder, { recursive: true });
  });

  it('what a handler refuses undoes everything it did, and its failures are told to no one', async () => {
    const server = await startOperations();
    const refused = await server.ask('POST', 'Books(1)/Lib.Discount', { body: { percent: 95 } });
    assert.deepEqual(
      [refused.status, refused.json.error.message, refused.json.error.target],
      [409, 'Not that much.', 'percent'],
    );
    await assert.rejects(server.ask('POST', 'Books(1)/Lib.Break'), (error: ODataError) => {
      assert.equal((error.cause as Error).message, 'a secret of the handler');
      return true;
    });
    assert.equal((await server.ask('GET', 'Books(1)/Title/$value')).text, 'Engines');
    await server.close();
  });

  it('an inner change that fails is undone by itself when the handler goes on', async () => {
    const attempts = async (odata: { patch(url: string, body: unknown): Promise<unknown> }) => {
      const changes = [1, 99, 2, 98].map((id) => odata.patch(`Books(${id})`, { Title: 'changed' }));
      return (await Promise.allSettled(changes)).map(({ status }) => status);
    };
    const server = await startOperations({
      operations: {
        ...operations,
        'Lib.Nothing': async ({ odata }) => {
          await assert.rejects(odata.post('Books', { ID: 1, Title: 'again' }));
          return (await attempts(odata)).join();
        },
      },
    });
    const reply = await server.ask('POST', 'Nothing');
    assert.equal(reply.status, 200, reply.text);
    const { json } = await server.ask('GET', "Books?$filter=Title eq 'changed'");
    assert.deepEqual(ids(json).slice(0, 2), [1, 2]);
    await server.close();
  });

  for (const [title, gave] of [
    ['a value of another type', { 'Lib.Wrong': () => 'text' }],
    ['nothing that is JSON', { 'Lib.Wrong': () => Symbol('x') }],
    ['an object for a number', { 'Lib.Wrong': () => ({ a: 1 }) }],
  ] as const)
    it(`a handler that gives ${title} has failed`, async () => {
      const server = await startOperations({ operations: { ...operations, ...gave } });
      await assert.rejects(server.ask('GET', 'Wrong()'), /gave something that it should not return/);
      await server.close();
    });

  for (const [title, gave, why] of [
    ['a URL of another set', { url: 'Authors' }, /not what it should return/],
    ['a URL of one entity', { url: 'Books(1)' }, /not what it should return/],
    ['a URL of another service', { url: 'http://elsewhere.example/Books' }, /no URL of this service/],
    ['a URL that is none', { url: 'Books?$filter=Nope eq 1' }, /Nope/],
    ['a query that aggregates', { url: 'Books?$apply=aggregate($count as N)' }, /with more than/],
    ['no array', 5, /no array/],
    ['an entity without its key', [{ Title: 'x' }], /without its key/],
    ['an entity of another set', [{ '@id': 'Authors(1)' }], /no entity that it could return/],
  ] as const)
    it(`a handler of entities that gives ${title} has failed`, async () => {
      const server = await startOperations({ operations: { ...operations, 'Lib.Closed': () => gave } });
      await assert.rejects(server.ask('GET', 'Closed()'), why);
      await server.close();
    });

  it('a function has its time', async () => {
    const server = await startOperations({
      operations: { ...operations, 'Lib.Slow': () => new Promise(() => {}) },
      settings: { functionTime: 20 },
    });
    const reply = await server.ask('GET', 'Slow()');
    assert.deepEqual([reply.status, reply.json.error.code], [503, 'QueryTimeout']);
    await server.close();
  });

  it('an action has its time, and is undone when that is over', async () => {
    const server = await startOperations({ store: openSqlite(':memory:', { transactionTime: 200 }) });
    const { entered, release } = holdHandlers();
    const held = server.ask('POST', 'Books(1)/Lib.Hold');
    await entered;
    const reply = await held;
    assert.deepEqual([reply.status, reply.json.error.code], [503, 'QueryTimeout']);
    release(); // its next request comes too late
    assert.equal((await server.ask('PATCH', 'Books(1)', { body: { Pages: 2 } })).status, 200);
    const { json } = await server.ask('GET', 'Books(1)');
    assert.deepEqual([json.Title, json.Pages], ['Engines', 2]);
    await server.close();
  });

  it('while an action waits 50 others read and write, and none joins or sees its transaction', async () => {
    const server = await startOperations();
    const { entered, release } = holdHandlers();
    let done = 0;
    const held = server.ask('POST', 'Books(1)/Lib.Hold');
    await entered;
    const writes = Array.from({ length: 25 }, async (_, index) => {
      const { status } = await server.ask('PATCH', `Books(${1 + (index % 5)})`, { body: { Price: index } });
      done++;
      return status;
    });
    const reads = Array.from({ length: 25 }, () => server.ask('GET', 'Books(1)?$select=Title,Pages'));
    for (const { json } of await Promise.all(reads)) assert.deepEqual([json.Title, json.Pages], ['Engines', 300]);
    assert.equal(done, 0); // no change got in between
    release();
    assert.deepEqual([(await held).status, ...(await Promise.all(writes))], [204, ...writes.map(() => 200)]);
    const { json } = await server.ask('GET', 'Books(1)');
    assert.deepEqual([json.Title, json.Pages], ['held', 1]);
    await server.close();
  });
});
