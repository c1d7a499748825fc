import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Which room may import which, lowest first; a room is a folder of src/ or a file at its top. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  edm: ['errors'],
  protocol: ['errors'],
  url: ['errors'],
  payload: ['errors', 'edm', 'protocol'],
  bind: ['errors', 'edm', 'url', 'payload'],
  tables: ['errors', 'edm'],
  plan: ['errors', 'edm', 'protocol', 'bind', 'tables'],
  sql: ['errors', 'edm', 'plan', 'tables'],
  store: ['errors', 'sql', 'tables'],
  service: ['errors', 'edm', 'protocol', 'url', 'payload', 'bind', 'tables', 'plan', 'sql', 'store'],
  http: ['errors', 'protocol', 'service'],
  index: ['errors', 'edm', 'protocol', 'store', 'service', 'http'],
  cli: ['index'],
  profile: ['cli', 'index'],
};

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (name.endsWith('.ts')) yield path;
  }
}

const roomOf = (path: string) => (relative(src, path).split('/')[0] ?? '').replace(/\.[jt]s$/, '');

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)].map(([, path, dynamic]) => ({
    from: file,
    to: resolve(dirname(file), path ?? dynamic ?? ''),
  }));
}

describe('architecture: data flows down', () => {
  const imports = [...files(src)].flatMap(importsOf);

  it('every room is in the table', () => {
    const present = new Set([...files(src)].map(roomOf));
    assert.deepEqual(
      [...present].filter((room) => rooms[room] === undefined),
      [],
    );
  });

  it('a room imports only what the table allows', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      return own !== other && !rooms[own]?.includes(other);
    });
    assert.deepEqual(
      wrong.map(({ from, to }) => `${relative(src, from)} imports ${relative(src, to)}`),
      [],
    );
  });

  it('from another room only its index is imported', () => {
    const wrong = imports.filter(({ from, to }) => {
      const outside = roomOf(from) !== roomOf(to) && relative(src, to).includes('/');
      return outside && !to.endsWith('/index.js') && roomOf(from) !== 'profile';
    });
    assert.deepEqual(
      wrong.map(({ from, to }) => `${relative(src, from)} imports ${relative(src, to)}`),
      [],
    );
  });

  it('only the http room knows koa, only the store knows better-sqlite3', () => {
    const owners: Readonly<Record<string, string>> = {
      koa: 'http',
      'better-sqlite3': 'store',
      saxes: 'edm',
      jose: 'http',
    };
    for (const file of files(src))
      for (const [, name] of readFileSync(file, 'utf8').matchAll(/from '([a-z][^'./]*)'/g))
        if (name !== undefined && owners[name] !== undefined)
          assert.equal(roomOf(file), owners[name], `${name} in ${relative(src, file)}`);
  });
});
