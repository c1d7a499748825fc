import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingsTable } from '../src/cli/settings.js';
import { statusOf } from '../src/errors.js';
import { startSales } from './model/sales.js';
import { type Server, startServer } from './model/serve.js';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const text = (path: string) => readFileSync(at(path), 'utf8');

describe('documents say what is', () => {
  it('docs/errors.md lists every code with its status', () => {
    const rows = [...text('docs/errors.md').matchAll(/^\| `(\w+)` \| (\d+) \| .+ \|$/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    assert.deepEqual(Object.fromEntries(rows), statusOf);
  });

  it('README.md lists every setting', () => {
    const between = /<!-- settings -->\n([\s\S]*?)\n<!-- \/settings -->/.exec(text('README.md'))?.[1];
    assert.equal(between, settingsTable());
  });

  it('docs/dependencies.md names every dependency', () => {
    const { dependencies } = JSON.parse(text('package.json'));
    for (const name of Object.keys(dependencies))
      assert.match(text('docs/dependencies.md'), new RegExp(`\\| ${name}\\b`), name);
  });

  it('links of README.md and the documents lead somewhere', () => {
    for (const [, path] of text('README.md').matchAll(/\]\((?!http)([^)#]+)\)/g))
      assert.ok(text(path ?? '').length > 0);
  });
});

describe('requests of README.md', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ folder: at('.'), settings: { typeAnnotations: 'always' } }, { root: '/beta' });
  });
  after(() => server.close());

  const requests = [...text('README.md').matchAll(/^(GET) (\/beta\S.*)$/gm)].map(
    ([, method, path]) => [method ?? '', path ?? ''] as const,
  );
  it('are there', () => assert.ok(requests.length >= 4));
  for (const [method, path] of requests)
    it(`${method} ${path}`, async () => {
      const reply = await server.ask(method, path);
      assert.equal(reply.status, 200, reply.text);
      if (reply.json !== undefined && typeof reply.json === 'object') assert.ok(reply.text.length > 250, reply.text);
    });

  it('the exchange answers as printed', async () => {
    const curl = /curl -i -X PATCH '[^']*?(\/beta\/[^']*)'[\s\S]*?-d '([^']*)'/.exec(text('README.md'));
    const printed = /^HTTP\/1\.1 200 OK\n([\s\S]*?)\n\n(\{.*\})$/m.exec(text('README.md'));
    const reply = await server.ask('PATCH', curl?.[1] ?? '', { body: curl?.[2] });
    assert.equal(reply.status, 200);
    for (const line of (printed?.[1] ?? '').split('\n')) {
      const [name, value] = line.split(': ');
      assert.equal(reply.headers.get(name ?? ''), value);
    }
    assert.equal(reply.text.replaceAll(server.base, 'http://127.0.0.1:4004/beta/'), printed?.[2]);
  });
});

describe('requests of docs/apply.md', () => {
  let server: Server;
  before(async () => {
    server = await startSales();
  });
  after(() => server.close());

  const requests = [...text('docs/apply.md').matchAll(/^GET (\S.*)\n((?:\{.*\}\n)+)/gm)];
  it('are there', () => assert.ok(requests.length >= 4));
  for (const [, url, printed] of requests)
    it(`${url} answers as printed`, async () => {
      const [path, query = ''] = (url ?? '').split(/\?(.*)/s);
      const reply = await server.ask('GET', `${path}?${encodeURI(query)}`);
      assert.equal(reply.status, 200, reply.text);
      const items = reply.json.value.map(
        ({ '@odata.etag': _, '@odata.type': type, ...item }: Record<string, unknown>) => item,
      );
      assert.deepEqual(
        items,
        (printed ?? '')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    });
});
