import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Server, startServer } from './model/serve.js';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const text = readFileSync(at('docs/changes.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'gm'))].map(([, block = '']) => block);

/** A message: its first line, header fields, and body. */
function messageOf(block: string) {
  const [head = '', ...rest] = block.split('\n\n');
  const [first = '', ...fields] = head.split('\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const [name = '', value = ''] = field.split(/: (.*)/, 2);
      return [name.toLowerCase(), value];
    }),
  );
  return { first, headers, body: rest.join('\n\n').trim() };
}

/** What is printed stands in what came; `…` stands for anything. */
function matches(actual: unknown, printed: unknown, path: string): void {
  if (printed === '…') return;
  if (typeof printed !== 'object' || printed === null) assert.equal(actual, printed, path);
  else {
    assert.ok(typeof actual === 'object' && actual !== null, `${path}: ${JSON.stringify(actual)}`);
    if (Array.isArray(printed)) assert.equal((actual as readonly unknown[]).length, printed.length, path);
    for (const [name, value] of Object.entries(printed))
      matches((actual as Readonly<Record<string, unknown>>)[name], value, `${path}/${name}`);
  }
}

describe('requests of docs/changes.md', () => {
  let server: Server;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edmund-changes-'));
    mkdirSync(join(folder, 'schema'));
    writeFileSync(join(folder, 'schema/music.xml'), blocks('xml')[0] ?? '');
    writeFileSync(join(folder, 'operations.mjs'), blocks('js')[0] ?? '');
    server = await startServer({ folder });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const exchanges = blocks('http').map((block) => block.split(/\n\n(?=HTTP\/1\.1 )/));
  it('are there', () => assert.ok(exchanges.length >= 15));
  for (const [asking = '', answer = ''] of exchanges) {
    const { first, headers, body } = messageOf(asking);
    it(first, async () => {
      const [method = '', url = ''] = first.split(' ');
      const reply = await server.ask(method, url.slice(1), body === '' ? { headers } : { headers, body });
      const printed = messageOf(answer);
      assert.equal(reply.status, Number(printed.first.split(' ')[1]), reply.text);
      for (const [name, value] of Object.entries(printed.headers)) {
        const found = reply.headers.get(name) ?? '';
        assert.ok(
          value.startsWith('…') ? found.endsWith(value.slice(1)) && found !== '' : found === value,
          `${name}: ${found}`,
        );
      }
      if (printed.body.startsWith('{')) matches(reply.json, JSON.parse(printed.body), '');
      else assert.equal(reply.text, printed.body);
    });
  }
});
