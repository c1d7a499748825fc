import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService, type HookChange, type Hooks, ODataError } from '../../src/index.js';
import { csdl } from '../model/inline.js';
import { container, openShop, types } from '../model/shop.js';

/** Hooks of every kind that write down what they are told. */
function noting(names: readonly string[], told: HookChange[]): Hooks {
  const note = (moment: string) => (change: HookChange) => {
    told.push({ ...change, name: `${moment} ${change.name}` });
  };
  const all = (moment: string) => ({
    create: note(moment),
    update: note(moment),
    delete: note(moment),
    read: note(moment),
  });
  return Object.fromEntries(names.map((name) => [name, { before: all('before'), after: all('after') }]));
}

describe('Hooks', () => {
  it('are told of what is sent, nested entities included, in the order in which it is done', async () => {
    const told: HookChange[] = [];
    const world = await openShop({ hooks: noting(['Customers', 'Orders', 'Orders/Lines'], told) });
    told.length = 0;
    await world.ask('POST', 'Customers', {
      body: { ID: 3, Name: 'Cid', Level: 'Gold', Credit: 1.5, Orders: [{ ID: 7, Lines: [{ No: 1 }] }] },
    });
    await world.ask('PATCH', 'Orders(7)', { body: { Note: 'n', 'Lines@delta': [{ No: 1, Count: 3 }] } });
    await world.ask('DELETE', 'Orders(7)/Lines(1)');
    assert.deepEqual(
      told.map(({ act, name, url, body }) => [act, name, url, body === null ? null : Object.keys(body)]),
      [
        ['create', 'before Customers', null, ['ID', 'Name', 'Level', 'Credit', 'Orders']],
        ['create', 'before Orders', null, ['ID', 'Lines']],
        ['create', 'before Orders/Lines', null, ['No']],
        ['create', 'after Orders/Lines', 'Orders(7)/Lines(1)', ['No']],
        ['create', 'after Orders', 'Orders(7)', ['ID', 'Lines']],
        ['create', 'after Customers', 'Customers(3)', ['ID', 'Name', 'Level', 'Credit', 'Orders']],
        ['update', 'before Orders', 'Orders(7)', ['Note', 'Lines@delta']],
        ['update', 'before Orders/Lines', 'Orders(7)/Lines(1)', ['No', 'Count']],
        ['update', 'after Orders/Lines', 'Orders(7)/Lines(1)', ['No', 'Count']],
        ['update', 'after Orders', 'Orders(7)', ['Note', 'Lines@delta']],
        ['delete', 'before Orders/Lines', 'Orders(7)/Lines(1)', null],
        ['delete', 'after Orders/Lines', 'Orders(7)/Lines(1)', null],
      ],
    );
    assert.deepEqual(told[0]?.body, {
      ID: 3,
      Name: 'Cid',
      Level: 'Gold',
      Credit: 1.5,
      Orders: [{ ID: 7, Lines: [{ No: 1 }] }],
    });
    await world.close();
  });

  for (const moment of ['before', 'after'] as const)
    for (const [act, method, url, body] of [
      ['create', 'POST', 'Tags', { Name: 'x' }],
      ['update', 'PATCH', "Products('p1')", { Name: 'x', Tags: [{ Name: 'fresh' }] }],
      ['update', 'PUT', "Products('p1')/Name", { value: 'x' }],
      ['update', 'POST', "Products('p1')/Tags/$ref", { '@id': "Tags('old')" }],
      ['delete', 'DELETE', "Products('p1')", undefined],
      ['delete', 'DELETE', 'Products/$each', undefined],
      ['create', 'PATCH', "Products('p1')", { Tags: [{ Name: 'fresh' }] }],
    ] as const)
      it(`a refusal ${moment} ${act} undoes everything: ${method} ${url}`, async () => {
        const refuse = () => {
          throw new ODataError('Forbidden', 'Not today.', 'Name');
        };
        let on = false;
        const hook = { [moment]: { [act]: () => (on ? refuse() : undefined) } };
        const world = await openShop({ hooks: act === 'create' ? { Tags: hook } : { Products: hook } });
        on = true;
        const before = await world.dump();
        const headers = { 'odata-version': '4.01' };
        const reply = await world.ask(method, url, body === undefined ? { headers } : { body, headers });
        assert.equal(reply.status, 403, reply.text);
        assert.deepEqual([reply.json.error.message, reply.json.error.target], ['Not today.', 'Name']);
        assert.equal(await world.dump(), before);
        await world.close();
      });

  it('set values, computed ones included', async () => {
    const hooks: Hooks = {
      Customers: {
        before: {
          create: ({ body }) => ({ Stamp: 7, Email: `${body?.Name}@shop` }),
          update: () => ({ Stamp: 8 }),
        },
      },
    };
    const world = await openShop({ hooks });
    assert.deepEqual((await world.ask('POST', 'Customers', { body: { ID: 3, Name: 'Cid' } })).json.Email, 'Cid@shop');
    assert.equal((await world.ask('GET', 'Customers(3)')).json.Stamp, 7);
    assert.equal((await world.ask('PATCH', 'Customers(3)', { body: { Credit: 1 } })).json.Stamp, 8);
    await world.close();
  });

  it('speak OData to the service inside the transaction', async () => {
    let refuse = false;
    const hooks: Hooks = {
      Orders: {
        after: {
          create: async ({ url }, { odata }) => {
            const { body } = await odata.get(`${url}?$expand=Customer`);
            await odata.post('Tags', { Name: `order ${body.ID} of ${body.Customer.Name}` });
            await assert.rejects(odata.post('Tags', { Name: 'new' }), { code: 'DuplicateKey' });
            if (refuse) throw new ODataError('Conflict', 'Enough.');
          },
        },
      },
    };
    const world = await openShop({ hooks });
    assert.equal((await world.ask('GET', "Tags('order 1 of Ann')")).status, 200);
    refuse = true;
    assert.equal((await world.ask('POST', 'Orders', { body: { ID: 2, CustomerID: 1 } })).status, 409);
    assert.equal((await world.ask('GET', "Tags('order 2 of Ann')")).status, 404);
    await world.close();
  });

  it('that lead to themselves end', async () => {
    let number = 0;
    const hooks: Hooks = {
      Tags: { after: { create: (_, { odata }) => odata.post('Tags', { Name: `t${number++}` }) } },
    };
    await assert.rejects(openShop({ hooks }), /levels deep/);
  });

  it('see readings, refuse and change them', async () => {
    let refuse = false;
    const hooks: Hooks = {
      Products: {
        before: {
          read: () => {
            if (refuse) throw new ODataError('Forbidden', 'Closed.');
          },
        },
        after: { read: ({ body }) => ({ ...body, seen: true }) },
      },
    };
    const world = await openShop({ hooks });
    for (const url of ['Products', "Products('p1')", "Tags('new')/Products", "Products('p1')/Name"])
      assert.equal((await world.ask('GET', url)).json.seen, true, url);
    assert.equal((await world.ask('GET', 'Tags')).json.seen, undefined);
    refuse = true;
    for (const url of ['Products', "Products('p1')", 'Products/$count', "Products('p1')/Name/$value", 'Desk/Best'])
      assert.equal((await world.ask('GET', url)).status, 403, url);
    assert.equal((await world.ask('GET', 'Tags')).status, 200);
    await world.close();
  });

  const wrong: readonly Hooks[] = [
    { Nothing: {} },
    { Orders: { during: {} } as Hooks[string] },
    { Orders: { before: { creation: () => {} } as Hooks[string]['before'] } },
    { Orders: { before: { create: 'no' } } as unknown as Hooks[string] },
  ];
  for (const hooks of wrong)
    it(`that would never be called are told at start: ${JSON.stringify(hooks)}`, () =>
      assert.rejects(openShop({ hooks }), { code: 'InvalidModel' }));

  it('an error that is no refusal is 500, and nothing is done', async () => {
    let on = false;
    const failures: unknown[] = [];
    const hooks: Hooks = { Tags: { after: { create: () => (on ? JSON.parse('no') : undefined) } } };
    const world = await openShop({ hooks, onError: (error) => failures.push(error) });
    on = true;
    const before = await world.dump();
    const reply = await world.ask('POST', 'Tags', { body: { Name: 'x' } });
    assert.equal(reply.status, 500);
    assert.ok(!reply.text.includes('JSON'));
    assert.equal(failures.length, 1);
    assert.equal(await world.dump(), before);
    await world.close();
  });

  it('are taken from operations.mjs of the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edmund-hooks-'));
    mkdirSync(join(folder, 'schema'));
    writeFileSync(join(folder, 'schema/shop.xml'), csdl(types + container));
    writeFileSync(
      join(folder, 'operations.mjs'),
      `export const hooks = { Tags: { before: { create: ({ body }) => { globalThis.hooked = body.Name; } } } };`,
    );
    const service = await createService({ folder, database: ':memory:' });
    const user = {
      id: null,
      name: null,
      application: null,
      scopes: new Set<string>(),
      roles: new Set<string>(),
      unrestricted: true,
    };
    const headers = { 'content-type': 'application/json' };
    const response = await service.handle({
      method: 'POST',
      url: 'Tags',
      headers,
      body: Buffer.from('{"Name":"x"}'),
      user,
      base: 'http://x/',
      requestId: '1',
    });
    assert.equal(response.status, 201);
    assert.equal((globalThis as { hooked?: string }).hooked, 'x');
    await service.close();
    rmSync(folder, { recursive: true });
  });
});
