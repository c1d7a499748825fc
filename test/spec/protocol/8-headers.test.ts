import assert from 'node:assert/strict';
import { overHttp } from '../../model/http.js';
import type { World } from '../../model/inline.js';
import { openShop } from '../../model/shop.js';

type Headers = Readonly<Record<string, string>>;

describe('Protocol 8: header fields', () => {
  let world: World;
  before(async () => {
    world = await overHttp(await openShop());
  });
  after(() => world.close());

  const get = (url: string, headers: Headers = {}) => world.ask('GET', url, { headers });

  /** One request of every kind, and its status. */
  const kinds: readonly (readonly [method: string, url: string, status: number, body?: unknown])[] = [
    ['GET', '', 200],
    ['GET', '$metadata', 200],
    ['GET', 'Customers', 200],
    ['GET', 'Customers(1)', 200],
    ['GET', 'Customers/$count', 200],
    ['GET', 'Customers(1)/Name/$value', 200],
    ['GET', 'Customers(1)/Friend', 204],
    ['GET', 'Customers(9)', 404],
    ['GET', 'Nobody', 404],
    ['GET', 'Customers?$filter=(', 400],
    ['POST', 'Customers(1)/Name', 405, {}],
    ['PATCH', 'Customers(1)', 200, {}],
    ['PATCH', 'Customers(1)', 400, '{'],
    ['DELETE', 'Customers(1)', 409],
    ['OPTIONS', 'Customers', 204],
    ['POST', '$batch', 200, { requests: [{ id: '1', method: 'get', url: 'Customers(1)' }] }],
  ];

  for (const [method, url, status, body] of kinds)
    for (const [asked, version] of [
      [{}, '4.0'],
      [{ 'odata-maxversion': '4.0' }, '4.0'],
      [{ 'odata-maxversion': '4.01' }, '4.01'],
      [{ 'odata-maxversion': '7.5' }, '4.01'],
    ] as const)
      it(`P8.1.5-1 P8.2.7-1 ${method} '${url}' of ${status} is in ${version} for ${JSON.stringify(asked)}`, async () => {
        const reply = await world.ask(method, url, body === undefined ? { headers: asked } : { headers: asked, body });
        assert.equal(reply.status, status, reply.text);
        assert.equal(reply.headers['odata-version'], version);
        assert.match(reply.headers.vary ?? '', /\bOData-MaxVersion\b/, 'P8.3.8-1');
        assert.match(reply.headers.vary ?? '', /\bPrefer\b/, 'P8.3.8-2');
        const type = reply.headers['content-type'] ?? '';
        assert.doesNotMatch(type, /charset/, 'P8.2.1-4');
        for (const [, name = ''] of type.matchAll(/;\s*([\w.]+)=/g))
          assert.ok(['odata.metadata', 'metadata', 'IEEE754Compatible'].includes(name), `P8.1.1-2 ${name}`);
      });

  it('P8.2.7-2 a version below all that there are is refused', async () => {
    for (const version of ['3.0', '1.0', '0']) {
      const reply = await get('Customers', { 'odata-maxversion': version });
      assert.ok(reply.status === 400 || reply.status === 406, `${version}: ${reply.status}`);
    }
  });

  it('P8.1.5-3 a body of no stated version is read in the highest that the client takes', async () => {
    const body = { Friend: { ID: 2, Email: 'x' } }; // 4.0 knows no related entities in updates
    const status = async (headers: Headers) => (await world.ask('PATCH', 'Customers(1)', { headers, body })).status;
    assert.deepEqual(
      [
        await status({}),
        await status({ 'odata-maxversion': '4.01' }),
        await status({ 'odata-maxversion': '4.0' }),
        await status({ 'odata-maxversion': '4.0', 'odata-version': '4.01' }),
        await status({ 'odata-version': '4.0' }),
      ],
      [200, 200, 400, 200, 400],
    );
  });

  it('P8.2.1-2 parameters that cannot be met are refused, unless another range will do', async () => {
    const accepts: readonly (readonly [accept: string, status: number, prefer?: string])[] = [
      ['application/json;metadata=some', 406],
      ['application/json;IEEE754Compatible=maybe', 406],
      ['application/json;charset=iso-8859-1', 406],
      ['application/json;colour=blue', 406, 'handling=strict'],
      ['application/json;metadata=some, application/json', 200],
      ['application/json;metadata=some, */*;q=0.1', 200],
      ['application/xml', 406],
    ];
    for (const [accept, status, prefer] of accepts) {
      const reply = await get('Customers', prefer === undefined ? { accept } : { accept, prefer });
      assert.equal(reply.status, status, accept);
    }
  });

  it('P8.2.1-3 Accept-Charset decides over the charset of Accept', async () => {
    const status = async (accept: string, charset: string) =>
      (await get('Customers', { accept: `application/json;charset=${accept}`, 'accept-charset': charset })).status;
    assert.deepEqual([await status('iso-8859-1', 'utf-8'), await status('utf-8', 'iso-8859-1')], [200, 406]);
  });

  it('P8.2.1-4 a charset that is asked for is stated', async () => {
    const reply = await get('Customers', { accept: 'application/json;charset=utf-8' });
    assert.match(reply.headers['content-type'] ?? '', /;charset=utf-8$/);
  });

  it('P8.2.5-1 If-None-Match compares weakly', async () => {
    const tag = (await get('Customers(1)')).headers.etag ?? '';
    const strong = tag.replace('W/', '');
    for (const [value, read, write] of [
      [tag, 304, 412],
      [strong, 304, 412],
      ['*', 304, 412],
      [`"x", ${strong}`, 304, 412],
      ['"x"', 200, 200],
    ] as const) {
      const headers = { 'if-none-match': value };
      assert.equal((await get('Customers(1)', headers)).status, read, `GET ${value}`);
      assert.equal((await world.ask('PATCH', 'Customers(1)', { headers, body: {} })).status, write, `PATCH ${value}`);
    }
  });

  it('P8.2.6-2 isolation that is not offered is refused before anything is done', async () => {
    const asItWas = await world.dump();
    for (const name of ['isolation', 'odata-isolation'])
      for (const [method, url, body] of [
        ['GET', 'Customers'],
        ['PATCH', 'Customers(1)', { Email: 'other' }],
        ['DELETE', "Tags('old')"],
      ] as const) {
        const headers = { [name]: 'snapshot' };
        const reply = await world.ask(method, url, body === undefined ? { headers } : { headers, body });
        assert.equal(reply.status, 412, `${name} ${method}`);
      }
    assert.equal(await world.dump(), asItWas);
  });

  it('P8.2.8-3 preferences have their old names, too, and the plain one counts', async () => {
    const size = async (prefer: string) => {
      const reply = await get('Customers', { prefer });
      return [reply.json.value.length, reply.headers['preference-applied']];
    };
    assert.deepEqual(await size('maxpagesize=1'), [1, 'odata.maxpagesize=1']);
    assert.deepEqual(await size('odata.maxpagesize=1'), [1, 'odata.maxpagesize=1']);
    assert.deepEqual(await size('odata.maxpagesize=9, maxpagesize=1'), [1, 'odata.maxpagesize=1']);
    const failing = {
      '@context': '#$delta',
      value: [
        { ID: 1, Name: null },
        { ID: 2, Email: 'two' },
      ],
    };
    for (const prefer of ['continue-on-error', 'odata.continue-on-error']) {
      const reply = await world.ask('PATCH', 'Customers', { headers: { prefer }, body: failing });
      assert.deepEqual([reply.status, reply.headers['preference-applied']], [200, 'odata.continue-on-error=true']);
    }
    for (const prefer of ['odata.return=minimal', 'odata.omit-values=nulls'])
      assert.equal((await world.ask('PATCH', 'Customers(1)', { headers: { prefer }, body: {} })).status, 200);
  });

  it('P8.2.8.1-1 an entity is shown as often as it is asked for, never as a reference', async () => {
    await world.ask('POST', 'Orders', { body: { ID: 2, CustomerID: 1 } });
    for (const prefer of ['', 'allow-entityreferences']) {
      const { json } = await get('Orders?$expand=Customer', { prefer });
      assert.deepEqual(
        json.value.map((order: { Customer: { Name: string } }) => order.Customer.Name),
        ['Ann', 'Ann'],
      );
    }
  });
});
