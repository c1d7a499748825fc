import assert from 'node:assert/strict';
import { readModel } from '../../src/index.js';
import { csdl } from '../model/inline.js';
import { type Server, startServer } from '../model/serve.js';
import { container, types } from '../model/shop.js';

const many = <T>(make: (at: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: 20 }, (_, at) => make(at)));

describe('Changes at the same time', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ model: readModel({ file: 'shop.xml', text: csdl(types + container) }) });
    await server.ask('POST', 'Customers', { body: { ID: 1, Name: 'Ann', Credit: 0 } });
  });
  after(() => server.close());

  it('P11.4.1.1-6 P8.2.4-2 of one version, one is made', async () => {
    const etag = (await server.ask('GET', 'Customers(1)')).headers.get('etag') ?? '';
    const replies = await many((at) =>
      server.ask('PATCH', 'Customers(1)', { headers: { 'if-match': etag }, body: { Email: `${at}@x` } }),
    );
    const statuses = replies.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 200).length, 1);
    assert.equal(statuses.filter((status) => status === 412).length, 19);
    const made = replies.find(({ status }) => status === 200)?.json;
    assert.equal((await server.ask('GET', 'Customers(1)')).json.Email, made.Email);
  });

  it('P11.4-2 without conditions all are made, one after the other', async () => {
    const replies = await many((at) => server.ask('POST', 'Customers(1)/Nicknames', { body: { value: `n${at}` } }));
    assert.ok(replies.every(({ status }) => status === 200));
    const { json } = await server.ask('GET', 'Customers(1)');
    assert.equal(new Set(json.Nicknames).size, 20);
  });

  it('P11.4.2-11 of one key, one is created', async () => {
    const replies = await many(() => server.ask('POST', 'Tags', { body: { Name: 'one' } }));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
  });

  it('P11.4.4-5 of one upsert that may only insert, one does', async () => {
    const replies = await many((at) =>
      server.ask('PUT', 'Customers(5)', { headers: { 'if-none-match': '*' }, body: { Name: `n${at}` } }),
    );
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, ...Array(19).fill(412)]);
  });

  it('a reading sees none or all of a deep insert', async () => {
    const Lines = Array.from({ length: 200 }, (_, No) => ({ No }));
    const writes = many((at) => server.ask('POST', 'Orders', { body: { ID: 100 + at, CustomerID: 1, Lines } }));
    const reads = many((at) =>
      server.ask('GET', `Orders?$filter=ID eq ${100 + at}&$expand=Lines($count=true;$select=No)`),
    );
    for (const { status, json } of await reads) {
      assert.equal(status, 200);
      for (const order of json.value) assert.equal(order['Lines@odata.count'], 200);
    }
    assert.ok((await writes).every(({ status }) => status === 201));
  });
});
