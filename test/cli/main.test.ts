import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraryFolder } from '../model/library.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(words: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EDMUND_')));
  return spawn(process.execPath, ['--import', 'tsx', at('src/cli/main.ts'), ...words], {
    cwd: at('.'),
    env: { ...clean, ...environment },
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, out, err };
}

/** The URL a serving process prints. */
async function urlOf(child: ChildProcess): Promise<string> {
  let out = '';
  for await (const chunk of child.stdout ?? []) {
    out += chunk;
    const url = / is served at (\S+)/.exec(out)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`It did not start: ${out}`);
}

describe('cli', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edmund-cli-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const wrong: readonly [words: readonly string[], status: number, says: RegExp][] = [
    [[], 2, /Say what to do/],
    [['fly'], 2, /no command 'fly'/],
    [['serve', '--prot', '1'], 2, /Unknown option '--prot'/],
    [['serve', '--port', 'x'], 2, /--port takes a whole number/],
    [['serve', '--auth', 'magic'], 2, /--auth takes bearer or development or none/],
    [['serve', 'nowhere'], 2, /There is no 'nowhere'/],
    [['serve', '.'], 2, /--issuer, --audience and --jwks/],
    [['serve', 'a', 'b'], 2, /not 2/],
    [['check'], 2, /takes one file/],
  ];
  for (const [words, status, says] of wrong)
    it(`edmund ${words.join(' ')}: status ${status}`, async () => {
      const { status: given, err, out } = await ended(start(words));
      assert.equal(given, status, err + out);
      assert.match(err, says);
      assert.doesNotMatch(err, /\n {4}at /);
    });

  it('edmund --help names every command and setting', async () => {
    const { status, out } = await ended(start(['--help']));
    assert.equal(status, 0);
    for (const word of ['edmund serve', 'edmund check', '--db', '--port', '--root', '--auth', '--public-url'])
      assert.ok(out.includes(word), word);
  });

  it('edmund check finds what is wrong, for people and for tools', async () => {
    const good = await ended(start(['check', 'schema/profile.csdl.xml']));
    assert.equal(good.status, 0, good.out);
    const file = join(folder, 'bad.xml');
    writeFileSync(
      file,
      '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="N">\n<EntityType Name="T"><Key><PropertyRef Name="No"/></Key></EntityType></Schema></edmx:DataServices></edmx:Edmx>',
    );
    const bad = await ended(start(['check', file]));
    assert.equal(bad.status, 1);
    assert.match(bad.out, /bad\.xml:2:\d+/);
    const json = await ended(start(['check', file, '--format', 'json']));
    assert.equal(json.status, 1);
    assert.match(JSON.stringify(JSON.parse(json.out)), /bad\.xml.*"line":2/);
  });

  it('edmund serve <folder> serves its model and seed; SIGTERM ends it and loses nothing', async () => {
    const db = join(folder, 'library.sqlite');
    const words = [
      'serve',
      libraryFolder,
      '--auth',
      'none',
      '--db',
      db,
      '--port',
      '0',
      '--root',
      '/lib',
      '--log',
      'silent',
    ];
    const first = start(words);
    const url = await urlOf(first);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/lib\/$/);
    const body = JSON.stringify({ ID: 77, Title: 'Kept', Tags: [] });
    const headers = { 'content-type': 'application/json' };
    const sent = Array.from({ length: 20 }, (_, index) =>
      fetch(`${url}Books`, { method: 'POST', headers, body: body.replace('77', String(100 + index)) }),
    );
    const replies = await Promise.all(sent);
    assert.deepEqual(
      replies.map((reply) => reply.status),
      Array(20).fill(201),
    );
    await Promise.all(replies.map((reply) => reply.text()));
    first.kill('SIGTERM');
    assert.equal((await once(first, 'close'))[0], 0);
    const again = start(words);
    assert.equal(await (await fetch(`${await urlOf(again)}Books/$count`)).text(), '25');
    again.kill('SIGINT');
    assert.equal((await once(again, 'close'))[0], 0);
  });

  it('edmund serve <model> takes its settings from the environment too', async () => {
    const child = start(['serve', join(libraryFolder, 'schema/library.csdl.xml')], {
      EDMUND_AUTH: 'none',
      EDMUND_DB: ':memory:',
      EDMUND_PORT: '0',
      EDMUND_LOG: 'silent',
      EDMUND_PAGE_SIZE: '1',
      EDMUND_TYPE_ANNOTATIONS: 'always',
    });
    const url = await urlOf(child);
    const headers = { 'content-type': 'application/json' };
    for (const id of [1, 2])
      await fetch(`${url}Authors`, { method: 'POST', headers, body: JSON.stringify({ ID: id, Former: [] }) });
    const page = JSON.parse(await (await fetch(`${url}Authors`)).text());
    assert.equal(page.value.length, 1);
    assert.equal(page.value[0]['@odata.type'], '#Lib.Author');
    child.kill('SIGTERM');
    await once(child, 'close');
  });

  it('edmund serve . serves the profile at /beta', async () => {
    const child = start(['serve', '.', '--auth', 'none', '--db', ':memory:', '--port', '0', '--log', 'silent']);
    const url = await urlOf(child);
    assert.match(url, /\/beta\/$/);
    assert.ok(Number(await (await fetch(`${url}user/$count`)).text()) >= 200);
    child.kill('SIGTERM');
    await once(child, 'close');
  });
});
