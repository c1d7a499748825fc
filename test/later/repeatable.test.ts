import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Answer, base, modelFrom, open, type World } from '../model/inline.js';
import { container, openShop, types } from '../model/shop.js';

const model = modelFrom(types + container);
const now = () => new Date(Math.floor(Date.now() / 1000) * 1000).toUTCString();
const fields = (id = randomUUID() as string, date = now()) => ({
  'repeatability-request-id': id,
  'repeatability-first-sent': date,
});

describe('repeatable requests', () => {
  let world: World;
  beforeEach(async () => {
    world = await openShop();
  });
  afterEach(() => world.close());

  const ask = (method: string, url: string, headers: Record<string, string>, body?: unknown) =>
    world.ask(method, url, { headers, body });
  const told = ({ status, headers }: Answer) => [status, headers['repeatability-result']];
  /** Everything but what is remembered. */
  const dump = async () => (await world.dump()).replace(/@answer\n.*?\n\n/s, '');

  it('R3.2.1-1 R3.2.1-2 R5-5 R5-8 R10.1-1: done once, and answered as the first time', async () => {
    const headers = fields();
    const first = await ask('POST', 'Products', headers, { Name: 'New', Sku: 'n1' });
    assert.deepEqual(told(first), [201, 'accepted']);
    const state = await dump();
    const again = await ask('POST', 'Products', headers, { Name: 'New', Sku: 'n1' });
    assert.deepEqual(
      [told(again), again.text, again.headers.location],
      [[201, 'accepted'], first.text, `${base}Products('n1')`],
    );
    assert.equal(await dump(), state);
  });

  it('R3.1.1-1 ids are the same whatever their case', async () => {
    const [id, date] = [randomUUID(), now()];
    assert.equal((await ask('DELETE', "Tags('old')", fields(id, date))).status, 204);
    assert.deepEqual(told(await ask('DELETE', "Tags('old')", fields(id.toUpperCase(), date))), [204, 'accepted']);
    assert.equal((await ask('DELETE', "Tags('old')", fields())).status, 404);
  });

  it('R5-8 an update that was done is not refused for its ETag when it is sent again', async () => {
    const { headers } = await world.ask('GET', 'Customers(1)');
    const sent = { ...fields(), 'if-match': headers.etag ?? '' };
    assert.deepEqual(told(await ask('PATCH', 'Customers(1)', sent, { Name: 'Eve' })), [200, 'accepted']);
    assert.deepEqual(told(await ask('PATCH', 'Customers(1)', sent, { Name: 'Eve' })), [200, 'accepted']);
    assert.equal((await ask('PATCH', 'Customers(1)', { ...sent, ...fields() }, { Name: 'Eve' })).status, 412);
  });

  it('R5-8 R5-9 what failed is done anew', async () => {
    const headers = fields();
    const body = { ID: 5, CustomerID: 7 };
    assert.deepEqual(told(await ask('POST', 'Orders', headers, body)), [409, 'accepted']);
    await world.ask('POST', 'Customers', { body: { ID: 7, Name: 'Eve' } });
    assert.deepEqual(told(await ask('POST', 'Orders', headers, body)), [201, 'accepted']);
    assert.deepEqual(told(await ask('POST', 'Orders', headers, body)), [201, 'accepted']);
  });

  const date = now();
  const id = randomUUID();
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toUTCString();
  const refused: readonly (readonly [row: string, headers: Record<string, string>, status: number])[] = [
    ['R5-1 the id alone', { 'repeatability-request-id': id }, 400],
    ['R5-1 the date alone', { 'repeatability-first-sent': date }, 400],
    ['R3.1.2-1 R5-2 a date of another form', fields(id, '2026-01-02T08:00:00Z'), 400],
    ['R5-2 another weekday', fields(id, 'Mon, 02 Jan 2026 08:00:00 GMT'), 400],
    ['R3.1.2-2 R5-4 too long ago', fields(id, days(2)), 412],
    ['R5-4 in the future', fields(id, days(-2)), 412],
    ['an empty id', fields('', date), 400],
  ];
  for (const [row, headers, status] of refused)
    it(`R3.2.1-3 ${row}: ${status}, and nothing is done`, async () => {
      const before = await dump();
      assert.deepEqual(told(await ask('POST', 'Tags', headers, { Name: 'x' })), [status, 'rejected']);
      assert.equal(await dump(), before);
    });

  it('R5-6 another request under the same id is refused', async () => {
    const headers = fields();
    assert.equal((await ask('POST', 'Tags', headers, { Name: 'a' })).status, 201);
    assert.deepEqual(told(await ask('POST', 'Tags', headers, { Name: 'b' })), [400, 'rejected']);
    assert.deepEqual(told(await ask('PUT', "Tags('a')", headers, { Name: 'a' })), [400, 'rejected']);
    assert.deepEqual(told(await ask('POST', 'Tags', { ...headers, prefer: 'return=minimal' }, { Name: 'a' })), [
      400,
      'rejected',
    ]);
  });

  it('R7-1 a request can be forgotten', async () => {
    const id = randomUUID();
    const url = `$RepeatableRequestWithRequestID/${id.toUpperCase()}`;
    assert.equal((await world.ask('DELETE', url)).status, 204, 'also when there is none');
    const date = now();
    assert.equal((await ask('POST', 'Tags', fields(id, date), { Name: 'a' })).status, 201);
    assert.equal((await world.ask('DELETE', url)).status, 204);
    assert.equal((await ask('POST', 'Tags', fields(id, date), { Name: 'a' })).status, 409);
  });

  it('R5-10 reading requests do not look at the header fields', async () => {
    const { status, headers } = await ask('GET', 'Tags', { 'repeatability-request-id': 'x' });
    assert.deepEqual([status, headers['repeatability-result']], [200, undefined]);
  });

  it('R3.1.1-2 R5-3 where it is not supported: 501, and nothing is done', async () => {
    const tag = '<Annotation Term="Org.OData.Repeatability.V1.Supported" Bool="false"/>';
    const other = await open(modelFrom(types + container.replace('<EntityContainer Name="C">', `$&${tag}`)));
    const answer = await other.ask('POST', 'Tags', { headers: fields(), body: { Name: 'x' } });
    assert.deepEqual([told(answer), (await other.ask('GET', 'Tags')).json.value], [[501, 'rejected'], []]);
    await other.close();
  });

  it('what is remembered outlives the service, for as long as the setting says, and is of its caller only', async () => {
    const headers = fields();
    assert.equal((await ask('POST', 'Tags', headers, { Name: 'a' })).status, 201);
    const again = await open(model, { store: world.store });
    assert.deepEqual(told(await again.ask('POST', 'Tags', { headers, body: { Name: 'a' } })), [201, 'accepted']);
    const user = {
      id: 'eve',
      name: null,
      application: null,
      scopes: new Set<string>(),
      roles: new Set<string>(),
      unrestricted: true,
    };
    const { status } = await world.service.handle({
      method: 'POST',
      url: 'Tags',
      headers: { ...headers, 'content-type': 'application/json' },
      body: Buffer.from('{"Name":"a"}'),
      user,
      base,
      requestId: 'r',
    });
    assert.equal(status, 409, 'another caller with the same id makes another request');
  });

  const batch = (requests: readonly unknown[], headers: Record<string, string> = {}) =>
    world.ask('POST', '$batch', { headers, body: { requests } });
  const results = ({ json }: Answer) =>
    json.responses.map(({ status, headers }: { status: number; headers: Record<string, string> }) => [
      status,
      headers['repeatability-result'],
    ]);

  it('R8-5 on a batch itself: nothing is done', async () => {
    const before = await dump();
    const answer = await batch([{ id: '1', method: 'post', url: 'Tags', body: { Name: 'x' } }], fields());
    assert.deepEqual([told(answer), await dump()], [[400, 'rejected'], before]);
  });

  it('the requests of a batch each have their own', async () => {
    const requests = [
      { id: '1', method: 'post', url: 'Tags', headers: fields(), body: { Name: 'x' } },
      { id: '2', method: 'post', url: 'Tags', headers: fields(), body: { Name: 'y' } },
    ];
    assert.deepEqual(results(await batch(requests)), [
      [201, 'accepted'],
      [201, 'accepted'],
    ]);
    assert.deepEqual(results(await batch(requests)), [
      [201, 'accepted'],
      [201, 'accepted'],
    ]);
  });

  it('R8-4 a group is repeated as a whole, with one id and date', async () => {
    const headers = fields();
    const group = (Name: string, own: Record<string, string>, id: string) => ({
      id,
      atomicityGroup: 'g',
      method: 'post',
      url: 'Tags',
      headers: own,
      body: { Name },
    });
    const requests = [group('x', headers, '1'), group('y', headers, '2')];
    const first = await batch(requests);
    assert.deepEqual(results(first), [
      [201, 'accepted'],
      [201, 'accepted'],
    ]);
    const state = await dump();
    const follow = { id: '3', method: 'get', url: '$2', dependsOn: ['g', '2'] };
    const again = await batch([...requests, follow]);
    assert.deepEqual(results(again), [
      [201, 'accepted'],
      [201, 'accepted'],
      [200, undefined],
    ]);
    assert.deepEqual(again.json.responses[2].body.Name, 'y');
    assert.equal(await dump(), state);
    const mixed = await batch([group('v', fields(), '1'), group('w', fields(), '2')]);
    assert.deepEqual(
      results(mixed).map(([status]: [number]) => status),
      [400, 424],
    );
    const partly = await batch([group('v', fields(), '1'), group('w', {}, '2')]);
    assert.deepEqual(
      results(partly).map(([status]: [number]) => status),
      [400, 424],
    );
    assert.equal(await dump(), state);
  });
});
