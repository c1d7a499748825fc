import assert from 'node:assert/strict';
import { type Answer, base, modelFrom, open, type Question, type World } from '../model/inline.js';
import { container, openShop, types } from '../model/shop.js';

/** A gate that requests wait at until a test opens it. */
class Gate {
  private release = () => {};
  private reached = () => {};
  readonly arrived = new Promise<void>((resolve) => {
    this.reached = resolve;
  });
  private readonly opened = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  async pass(): Promise<void> {
    this.reached();
    await this.opened;
  }

  open(): void {
    this.release();
  }
}

describe('asynchronous requests (P11.6)', () => {
  let world: World;
  let gate: Gate;
  const later = { prefer: 'respond-async' };
  beforeEach(async () => {
    gate = new Gate();
    const hold = () => gate.pass();
    world = await openShop({
      hooks: { Tags: { before: { update: hold, delete: hold } }, Products: { after: { read: hold } } },
    });
  });
  afterEach(async () => {
    gate.open();
    await world.close();
  });

  const ask = (method: string, url: string, question: Question = {}) => world.ask(method, url, question);
  const monitorOf = ({ headers }: Answer): string => {
    const { location = '' } = headers;
    assert.ok(location.startsWith(`${base}$monitor/`), JSON.stringify(headers));
    return location.slice(base.length);
  };
  /** Asks until the request is done. */
  async function result(monitor: string, question: Question = {}): Promise<Answer> {
    for (;;) {
      const answer = await ask('GET', monitor, question);
      if (answer.status !== 202) return answer;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('P8.2.8.8-2 P8.3.3-2 P11.6-3 P11.6-4 P8.3.1-1: 202 and a monitor, 202 while it takes, then the answer with its status', async () => {
    const sent = await ask('GET', 'Products?$select=Sku', { headers: later });
    assert.deepEqual([sent.status, sent.headers['preference-applied'], sent.text], [202, 'respond-async', '']);
    assert.match(sent.headers['retry-after'] ?? '', /^\d+$/);
    const monitor = monitorOf(sent);
    await gate.arrived;
    const waiting = await ask('GET', monitor);
    assert.deepEqual([waiting.status, monitorOf(waiting)], [202, monitor]);
    gate.open();
    const done = await result(monitor);
    assert.deepEqual([done.status, done.headers.asyncresult, done.json.value.length], [200, '200', 3]);
    assert.equal(done.headers['content-type'], 'application/json;odata.metadata=minimal');
    assert.deepEqual((await ask('GET', monitor)).json, done.json, 'it may be asked for again');
  });

  it('P11.6-4 a request that failed is told of as one that failed', async () => {
    const done = await result(monitorOf(await ask('GET', 'Customers(9)', { headers: later })));
    assert.deepEqual([done.status, done.headers.asyncresult, done.json.error.code], [200, '404', 'ResourceNotFound']);
    const made = await result(
      monitorOf(await ask('POST', 'Customers', { headers: later, body: { ID: 7, Name: 'Eve' } })),
    );
    assert.deepEqual(
      [made.headers.asyncresult, made.headers.location, made.json.ID],
      ['201', `${base}Customers(7)`, 7],
    );
  });

  it('P11.6-2 without the preference no request is answered later', async () => {
    for (const headers of [{}, { prefer: 'wait=0' }] as Record<string, string>[])
      assert.equal((await ask('GET', 'Customers', { headers })).status, 200);
  });

  it('P11.6-5 P11.6-6 a client of 4.0, or one that accepts it, is given the whole message', async () => {
    const monitor = monitorOf(await ask('GET', 'Customers(1)/Name/$value', { headers: later }));
    await result(monitor);
    const message = 'HTTP/1.1 200 OK\r\n';
    for (const headers of [{ accept: 'application/http' }, { 'odata-maxversion': '4.0' }] as Record<string, string>[]) {
      const { text, headers: given } = await ask('GET', monitor, { headers });
      assert.deepEqual([given['content-type'], given.asyncresult], ['application/http', '200']);
      assert.ok(text.startsWith(message) && text.endsWith('\r\n\r\nAnn'), text);
    }
    for (const headers of [{ accept: '*/*', 'odata-maxversion': '4.0' }, { 'odata-maxversion': '4.01' }] as Record<
      string,
      string
    >[]) {
      const { text, headers: given } = await ask('GET', monitor, { headers });
      assert.deepEqual([text, given.asyncresult], ['Ann', '200']);
    }
  });

  it('P11.6-7 DELETE cancels: nothing is changed, and the monitor is no more', async () => {
    const monitor = monitorOf(await ask('DELETE', "Tags('old')", { headers: later }));
    await gate.arrived;
    const cancelling = ask('DELETE', monitor);
    gate.open();
    assert.equal((await cancelling).status, 204);
    assert.equal((await ask('GET', monitor)).status, 404);
    assert.deepEqual((await ask('GET', "Tags('old')")).status, 200);
  });

  it('P11.6-7 what has changed something cannot be cancelled', async () => {
    gate.open();
    const monitor = monitorOf(await ask('DELETE', "Tags('old')", { headers: later }));
    assert.equal((await result(monitor)).headers.asyncresult, '204');
    const { status, json } = await ask('DELETE', monitor);
    assert.deepEqual([status, json.error.code], [409, 'Conflict']);
  });

  it('P11.6-9 P9.2.4-1 a monitor that is not there, or forgotten, is 404; P11.6-10 and nothing else answers there', async () => {
    assert.equal((await ask('GET', '$monitor/none')).status, 404);
    const monitor = monitorOf(await ask('GET', 'Tags', { headers: later }));
    assert.equal((await result(monitor)).status, 200);
    assert.equal((await ask('DELETE', monitor)).status, 204);
    assert.equal((await ask('GET', monitor)).status, 404);
    assert.equal((await ask('POST', monitor)).status, 405);
    assert.equal((await ask('GET', '$monitor')).status, 404);
  });

  it('P8.2.8.10-3 with `wait` the answer comes itself when it is ready in time, of a batch and of its parts', async () => {
    const quick = await ask('GET', 'Tags', { headers: { prefer: 'respond-async, wait=30' } });
    assert.deepEqual([quick.status, quick.json.value.length], [200, 2]);
    const requests = [{ id: '1', method: 'get', url: 'Tags', headers: { prefer: 'respond-async,wait=30' } }];
    for (const headers of [{ prefer: 'respond-async,wait=30' }, { prefer: 'wait=0' }]) {
      const { status, json } = await ask('POST', '$batch', { headers, body: { requests } });
      assert.deepEqual([status, json.responses[0].status], [200, 200]);
    }
  });

  it('P8.2.8.2-2 a callback is not supported, and not said to be applied', async () => {
    const { status, headers } = await ask('GET', 'Tags', {
      headers: { prefer: 'respond-async, callback;url="http://127.0.0.1/x"' },
    });
    assert.deepEqual([status, headers['preference-applied']], [202, 'respond-async']);
  });

  it('too many at once are answered directly, and so is what the model excludes', async () => {
    const busy = await open(modelFrom(types + container), { settings: { asyncJobs: 0 } });
    assert.equal((await busy.ask('GET', 'Tags', { headers: later })).status, 200);
    await busy.close();
    const tag = '<Annotation Term="Capabilities.AsynchronousRequestsSupported" Bool="false"/>';
    const without = await open(modelFrom(types + container.replace('<EntityContainer Name="C">', `$&${tag}`)));
    assert.equal((await without.ask('GET', 'Tags', { headers: later })).status, 200);
    await without.close();
  });

  it('P11.6-8 what a restart interrupts is a failure that says so', async () => {
    const monitor = monitorOf(await ask('GET', 'Products', { headers: later }));
    await gate.arrived;
    const again = await open(modelFrom(types + container), { store: world.store });
    const { status, headers, json } = await again.ask('GET', monitor);
    assert.deepEqual([status, headers.asyncresult, json.error.code], [200, '503', 'ServiceUnavailable']);
    assert.match(json.error.message, /restarted/);
  });

  it('results are kept for as long as the setting says', async () => {
    const monitor = monitorOf(await ask('GET', 'Tags', { headers: later }));
    await result(monitor);
    await open(modelFrom(types + container), { store: world.store, settings: { asyncRetention: 60 } });
    assert.equal((await ask('GET', monitor)).status, 200);
    await world.store.transaction((session) =>
      session.run({ text: 'update "@answer" set "at" = "at" - 61', values: [] }),
    );
    await open(modelFrom(types + container), { store: world.store, settings: { asyncRetention: 60 } });
    assert.equal((await ask('GET', monitor)).status, 404);
  });

  it('a result is given to nobody else', async () => {
    const monitor = monitorOf(await ask('GET', 'Tags', { headers: later }));
    await result(monitor);
    const asked = (id: string | null) =>
      world.service.handle({
        method: 'GET',
        url: monitor,
        headers: {},
        body: null,
        user:
          id === null
            ? null
            : { id, name: null, application: null, scopes: new Set(), roles: new Set(), unrestricted: true },
        base,
        requestId: 'r',
      });
    assert.deepEqual([(await asked('eve')).status, (await asked(null)).status], [404, 401]);
  });

  it('P8.2.8.8-3 P11.7.7.6-1 a batch as a whole', async () => {
    const body = {
      requests: [
        { id: '1', method: 'get', url: 'Tags' },
        { id: '2', method: 'get', url: 'Desk' },
      ],
    };
    const sent = await ask('POST', '$batch', { headers: later, body });
    const done = await result(monitorOf(sent));
    assert.deepEqual(
      [done.headers.asyncresult, done.json.responses.map(({ status }: { status: number }) => status)],
      ['200', [200, 200]],
    );
  });

  it('J19.6-2 a part of a batch in JSON; not within a group, nor when others wait for it', async () => {
    const headers = { prefer: 'respond-async' };
    const body = {
      requests: [
        { id: '1', method: 'get', url: 'Tags', headers },
        { id: '2', method: 'get', url: 'Desk', headers },
        { id: '3', method: 'get', url: 'Desk', dependsOn: ['2'] },
        { id: '4', atomicityGroup: 'g', method: 'post', url: 'Tags', headers, body: { Name: 'hot' } },
      ],
    };
    const { json } = await ask('POST', '$batch', { body });
    const [first, ...rest] = json.responses;
    assert.deepEqual([first.status, rest.map(({ status }: { status: number }) => status)], [202, [200, 200, 201]]);
    const done = await result(first.headers.location.slice(base.length));
    assert.equal(done.headers.asyncresult, '200');
  });

  it('P11.7.7.5-7 P11.7.7.6-3 the parts of a multipart answer are never answered later', async () => {
    const part = (text: string) => `--b\r\nContent-Type: application/http\r\n\r\n${text}\r\n\r\n`;
    const change = `--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST Tags HTTP/1.1\r\nPrefer: respond-async\r\nContent-Type: application/json\r\n\r\n{"Name":"hot"}\r\n--c--\r\n`;
    const body = `${part('GET Tags HTTP/1.1\r\nPrefer: respond-async\r\n')}${change}--b--\r\n`;
    const { text } = await ask('POST', '$batch', { headers: { 'content-type': 'multipart/mixed;boundary=b' }, body });
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 201']);
  });
});

describe('isolation (P8.2.6)', () => {
  it('P8.2.6-2 P8.2.6-7 is not supported: nothing is done, neither of a request nor of a batch', async () => {
    const world = await openShop();
    const before = await world.dump();
    for (const name of ['isolation', 'odata-isolation']) {
      const headers = { [name]: 'snapshot' };
      assert.equal((await world.ask('GET', 'Tags', { headers })).status, 412);
      assert.equal((await world.ask('POST', 'Tags', { headers, body: { Name: 'x' } })).status, 412);
      const body = { requests: [{ id: '1', method: 'post', url: 'Tags', body: { Name: 'x' } }] };
      assert.equal((await world.ask('POST', '$batch', { headers, body })).status, 412);
    }
    const part = { requests: [{ id: '1', method: 'get', url: 'Tags', headers: { isolation: 'snapshot' } }] };
    assert.equal((await world.ask('POST', '$batch', { body: part })).json.responses[0].status, 412);
    assert.equal(await world.dump(), before);
    await world.close();
  });
});
