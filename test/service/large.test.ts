import assert from 'node:assert/strict';
import { overHttp } from '../model/http.js';
import type { World } from '../model/inline.js';
import { openShop } from '../model/shop.js';

const count = 5000;
const each = <T>(make: (at: number) => T): readonly T[] => Array.from({ length: count }, (_, at) => make(at));
const delta = (value: readonly unknown[]) => ({ '@context': '#$delta', value });

describe('Large bodies cost as much as they are long', () => {
  let world: World;
  before(async () => {
    world = await overHttp(await openShop());
  });
  after(() => world.close());

  /** A cost that grew with the square of the length would take minutes. */
  const rows: readonly (readonly [what: string, method: string, url: string, body: unknown])[] = [
    ['a deep insert of contained entities', 'POST', 'Orders', { ID: 7, CustomerID: 1, Lines: each((No) => ({ No })) }],
    ['their full membership', 'PATCH', 'Orders(7)', { Lines: each((No) => ({ No, Count: 2 })) }],
    ['a delta of them', 'PATCH', 'Orders(7)', { 'Lines@delta': each((No) => ({ No, Count: 3 })) }],
    ['a delta of their collection', 'PATCH', 'Orders(7)/Lines', delta(each((No) => ({ No, Count: 4 })))],
    ['their collection replaced', 'PUT', 'Orders(7)/Lines', { value: each((at) => ({ No: at + 5 })) }],
    ['the same change to each', 'PATCH', 'Orders(7)/Lines/$each', { Count: 9 }],
    ['a deep insert of related entities', 'POST', 'Products', { Sku: 'n', Tags: each((at) => ({ Name: `t${at}` })) }],
    ['references to them', 'PATCH', "Products('n')", { Tags: each((at) => ({ '@id': `Tags('t${at}')` })) }],
    ['references replaced', 'PUT', "Products('n')/Tags/$ref", { value: each((at) => ({ '@id': `Tags('t${at}')` })) }],
    ['an entity set', 'PATCH', 'Tags', delta(each((at) => ({ Name: `u${at}` })))],
    ['deleting each', 'DELETE', "Tags/$filter(startswith(Name,'u'))/$each", undefined],
  ];
  for (const [what, method, url, body] of rows)
    it(`${what}: ${method} ${url}, ${count} entities`, async () => {
      const headers = { 'odata-version': '4.01', prefer: 'return=minimal' };
      const reply = await world.ask(method, url, body === undefined ? { headers } : { headers, body });
      assert.equal(reply.status, 204, reply.text.slice(0, 500));
    });

  it('P11.4.12-4 a thousand items of which some fail, one by one', async () => {
    const items = each((at) => (at % 10 === 0 ? { '@removed': {}, Sku: `none${at}` } : { Sku: `s${at}` })).slice(
      0,
      1000,
    );
    const headers = { 'odata-version': '4.01', prefer: 'return=minimal,continue-on-error' };
    const reply = await world.ask('PATCH', 'Products', { headers, body: delta(items) });
    assert.equal(reply.status, 200, reply.text.slice(0, 500));
    assert.equal((await world.ask('GET', "Products/$filter(startswith(Sku,'s'))/$count")).text, '900');
  });

  it('100,000 values in a collection', async () => {
    const Nicknames = Array.from({ length: 100_000 }, (_, at) => `n${at}`);
    const reply = await world.ask('PATCH', 'Customers(1)?$select=Nicknames', { body: { Nicknames } });
    assert.equal(reply.status, 200);
    assert.equal(reply.json.Nicknames[99_999], 'n99999');
    const added = await world.ask('POST', 'Customers(1)/Nicknames', {
      body: { value: 'last' },
      headers: { prefer: 'return=minimal' },
    });
    assert.equal(added.status, 204);
    assert.equal((await world.ask('GET', 'Customers(1)/Nicknames/$count')).text, '100001');
  });
});
