import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csdl } from './model/inline.js';
import { type Server, startServer } from './model/serve.js';

const text = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly status: number;
  readonly answer: string | null;
}

/** Request line, body, and the status with the answer; `…` stands for what differs from run to run. */
function exchanges(): readonly Exchange[] {
  const pattern = /^(GET|POST) (\S+)\n(?:(\{.*\})\n)?(\d{3})(?: (.+))?$/gm;
  return [...block('http').matchAll(pattern)].map(([, method = '', path = '', body, status, answer]) => ({
    method,
    path,
    ...(body === undefined ? {} : { body }),
    status: Number(status),
    answer: answer ?? null,
  }));
}

describe('docs/operations.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edmund-'));
  let server: Server;
  before(async () => {
    mkdirSync(join(folder, 'schema'));
    writeFileSync(join(folder, 'schema/shop.xml'), csdl(block('xml')));
    writeFileSync(join(folder, 'operations.mjs'), block('js'));
    server = await startServer({ folder });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('has its requests', () => assert.ok(exchanges().length >= 9));
  for (const { method, path, body, status, answer } of exchanges())
    it(`${method} ${path} ${body ?? ''}`, async () => {
      const reply = await server.ask(method, path, body === undefined ? {} : { body });
      assert.equal(reply.status, status, reply.text);
      const told = reply.text
        .replaceAll(server.base, '…')
        .replace(/"W\/[^,]*"/g, '"…"')
        .replaceAll('\n', '');
      if (answer !== null) assert.equal(told, answer);
    });
});
