import assert from 'node:assert/strict';
import { overHttp } from '../../model/http.js';
import type { World } from '../../model/inline.js';
import { openShop } from '../../model/shop.js';

type Headers = Readonly<Record<string, string>>;

interface Part {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body?: any;
}

describe('Protocol 8: header fields of batches and their parts', () => {
  let world: World;
  before(async () => {
    world = await overHttp(await openShop());
  });
  after(() => world.close());

  async function parts(headers: Headers, requests: readonly object[]): Promise<readonly Part[]> {
    const body = { requests: requests.map((request, at) => ({ id: String(at), method: 'get', ...request })) };
    const reply = await world.ask('POST', '$batch', { headers, body });
    assert.equal(reply.status, 200, reply.text);
    return reply.json.responses;
  }
  const statuses = async (headers: Headers, requests: readonly object[]) =>
    (await parts(headers, requests)).map(({ status }) => status);

  /** 4.0 knows no related entities in updates. */
  const deep = (headers: Headers = {}) => ({
    method: 'patch',
    url: 'Customers(1)',
    headers: { 'content-type': 'application/json', ...headers },
    body: { Friend: { ID: 2, Email: 'x' } },
  });

  it('P8.1.5-5 a part is read in the version of the batch, unless it states its own', async () => {
    assert.deepEqual(
      await statuses({ 'odata-version': '4.0' }, [deep(), deep({ 'odata-version': '4.01' })]),
      [400, 200],
    );
    assert.deepEqual(
      await statuses({ 'odata-version': '4.01' }, [deep(), deep({ 'odata-version': '4.0' })]),
      [200, 400],
    );
  });

  it('P8.2.7-4 and answered in at most its version', async () => {
    const url = 'Customers(1)';
    const answers = await parts({ 'odata-maxversion': '4.01' }, [
      { url },
      { url, headers: { 'odata-maxversion': '4.0' } },
    ]);
    assert.deepEqual(
      answers.map(({ headers, body }) => [headers?.['odata-version'], Object.keys(body)[0]]),
      [
        ['4.01', '@context'],
        ['4.0', '@odata.context'],
      ],
    );
  });

  it('P8.2.1-6 in its format', async () => {
    const url = 'Customers(1)';
    const none = 'application/json;metadata=none';
    const answers = await parts({ accept: none }, [{ url }, { url, headers: { accept: 'application/json' } }]);
    assert.deepEqual(
      answers.map(({ body }) => '@odata.context' in body),
      [false, true],
    );
  });

  it('P8.2.2-1 in its charset', async () => {
    const part = { url: 'Customers(1)', headers: { accept: 'application/json;charset=iso-8859-1' } };
    assert.deepEqual(await statuses({}, [part]), [406]);
    assert.deepEqual(await statuses({ 'accept-charset': 'utf-8' }, [part]), [200]);
  });

  it('P8.1.2-2 an encoding of a part is that of its body alone', async () => {
    assert.deepEqual(await statuses({}, [deep({ 'content-encoding': 'gzip' }), deep()]), [415, 200]);
    assert.deepEqual(await statuses({}, [deep({ 'content-encoding': 'identity' })]), [200]);
  });

  for (const name of ['if-match', 'if-none-match'])
    it(`${name === 'if-match' ? 'P8.2.4-8' : 'P8.2.5-5'} ${name} stands on parts only`, async () => {
      const asItWas = await world.dump();
      const requests = [{ id: '1', ...deep() }];
      const reply = await world.ask('POST', '$batch', { headers: { [name]: '*' }, body: { requests } });
      assert.equal(reply.status, 400);
      assert.equal(await world.dump(), asItWas);
      assert.deepEqual(await statuses({}, [deep({ [name]: '"x"' })]), [name === 'if-match' ? 412 : 200]);
    });

  const failing = [{ url: 'Customers(99)' }, { url: 'Customers(1)' }];

  it('P8.2.8.3-3 a JSON batch goes on after errors, unless it is told not to', async () => {
    assert.deepEqual(await statuses({}, failing), [404, 200]);
    assert.deepEqual(await statuses({ prefer: 'continue-on-error' }, failing), [404, 200]);
    assert.deepEqual(
      (await statuses({ prefer: 'continue-on-error=false' }, failing)).filter((status) => status < 300),
      [],
    );
  });

  it('P8.2.8.3-2 a multipart batch stops at the first error, unless it is told to go on', async () => {
    const part = (url: string) =>
      `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET ${url} HTTP/1.1\r\n\r\n\r\n`;
    const body = `${part('Customers(99)')}${part('Customers(1)')}--b--\r\n`;
    for (const [prefer, count] of [
      [{}, 1],
      [{ prefer: 'continue-on-error=false' }, 1],
      [{ prefer: 'continue-on-error' }, 2],
      [{ prefer: 'odata.continue-on-error=true' }, 2],
    ] as const) {
      const headers = { 'content-type': 'multipart/mixed; boundary=b', ...prefer };
      const reply = await world.ask('POST', '$batch', { headers, body });
      assert.equal(reply.text.match(/^HTTP\/1\.1 /gm)?.length, count, reply.text);
    }
  });

  it('P8.3.6-2 says for each part which preferences were applied to it', async () => {
    const part = (prefer: string) => ({ url: 'Customers', headers: { prefer } });
    const answers = await parts({ 'odata-maxversion': '4.01' }, [
      part('maxpagesize=1'),
      part('maxpagesize=2'),
      part('x'),
    ]);
    assert.deepEqual(
      answers.map(({ headers }) => headers?.['preference-applied']),
      ['maxpagesize=1', 'maxpagesize=2', undefined],
    );
  });
});
