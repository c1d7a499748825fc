import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { openSqlite, prepareDatabase, recordedNames } from '../../src/store/index.js';
import { createLayout } from '../../src/tables/index.js';
import { storeSuite } from '../stores.js';
import { type ModelText, modelOf } from '../tables/model.js';

const folder = mkdtempSync(join(tmpdir(), 'edmund-'));
let files = 0;
const file = () => join(folder, `${files++}.sqlite`);
const sql = (text: string) => ({ text, values: [] });
after(() => rmSync(folder, { recursive: true, force: true }));

storeSuite('SQLite file', () => openSqlite(file()));
storeSuite('SQLite in memory', () => openSqlite(':memory:'));

describe('store: SQLite', () => {
  it('names the columns of a duplicate key', async () => {
    const store = openSqlite(':memory:');
    const twice = store.transaction(async (session) => {
      await session.run(sql('create table "a.b" (x integer, y integer, unique (x, y))'));
      await session.run(sql('insert into "a.b" values (1, 2)'));
      await session.run(sql('insert into "a.b" values (1, 2)'));
    });
    await assert.rejects(
      twice,
      (error: Error & { columns?: unknown }) => Array.isArray(error.columns) && error.columns.length === 2,
    );
    await store.close();
  });

  it('a transaction that takes too long is undone and lets the next one in', async () => {
    const store = openSqlite(file(), { transactionTime: 20 });
    const stuck = store.transaction(async (session) => {
      await session.run(sql('create table t (id integer)'));
      await new Promise(() => {});
    });
    const next = store.transaction((session) => session.all(sql('select count(*) from sqlite_schema')));
    await assert.rejects(stuck, { code: 'QueryTimeout' });
    assert.deepEqual(await next, [[0n]]);
    await store.close();
  });

  it('refuses heavy reads beyond the queue', async () => {
    const store = openSqlite(file(), { waitingReads: 2 });
    const reads = Array.from({ length: 4 }, () => store.read(sql('select 1'), { heavy: true }));
    const settled = await Promise.allSettled(reads);
    assert.deepEqual(
      settled.map((one) => one.status),
      ['fulfilled', 'fulfilled', 'rejected', 'rejected'],
    );
    await store.close();
  });

  it('a heavy read that was brief the last time is read here, and elsewhere as soon as it takes long', async () => {
    const store = openSqlite(file());
    const counted = (most: number) => ({
      text: `with recursive c(n) as (select 1 union all select n + 1 from c where n < ?)
        select count(*) from c where (n & 255) or deadline(n)`,
      values: [BigInt(most)],
    });
    const heavy = { heavy: true, deadline: 20_000 };
    for (let time = 0; time < 3; time++) assert.deepEqual(await store.read(counted(10), heavy), [[10n]]);
    const order: string[] = [];
    const long = store.read(counted(1_000_000), heavy).then((rows) => {
      order.push('long');
      return rows;
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    order.push('others');
    assert.deepEqual(await long, [[1_000_000n]]);
    assert.deepEqual(order, ['others', 'long'], 'nobody waits for what takes long');
    await assert.rejects(store.read(counted(1_000_000_000), { heavy: true, deadline: 30 }), { code: 'QueryTimeout' });
    await store.close();
  });

  it('leaves one file behind, and the same one after a rollback', async () => {
    const path = file();
    const store = openSqlite(path);
    await store.transaction((session) => session.run(sql('create table t (id integer)')));
    await store.close();
    const before = readFileSync(path);
    const again = openSqlite(path);
    await assert.rejects(
      again.transaction(async (session) => {
        await session.run(sql('insert into t values (1)'));
        throw new Error('no');
      }),
    );
    await again.close();
    assert.ok(before.equals(readFileSync(path)));
    assert.ok(!existsSync(`${path}-wal`));
  });

  it('waits for another connection without stopping the process, then gives up', async () => {
    const path = file();
    const store = openSqlite(path, { busyTime: 60 });
    const other = new Database(path);
    other.exec('begin immediate');
    await assert.rejects(
      store.transaction((session) => session.run(sql('create table t (id integer)'))),
      { code: 'ServiceUnavailable' },
    );
    const waiting = store.transaction((session) => session.run(sql('create table t (id integer)')));
    setImmediate(() => other.exec('rollback'));
    await waiting;
    other.close();
    await store.close();
  });

  it('two processes write', async () => {
    const path = file();
    const store = openSqlite(path);
    await store.transaction((session) => session.run(sql('create table t (id integer)')));
    const module = new URL('../../src/store/index.ts', import.meta.url).href;
    const script = `const { openSqlite } = await import(${JSON.stringify(module)});
      const store = openSqlite(process.argv[1]);
      for (let i = 0; i < 50; i++) await store.transaction((s) => s.run({ text: 'insert into t values (1)', values: [] }));
      await store.close();`;
    const child = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, path]);
    for (let i = 0; i < 50; i++) await store.transaction((session) => session.run(sql('insert into t values (2)')));
    await child;
    assert.deepEqual(await store.read(sql('select count(*) from t')), [[100n]]);
    await store.close();
  });
});

const first: ModelText = {
  enums: { Color: ['Red'] },
  types: { A: { key: ['id'], properties: { id: 'Int32!', color: 'Color', NAME: 'String' } } },
  sets: { as: { type: 'A' } },
};
const withProperties = (properties: Readonly<Record<string, string>>, more: Partial<ModelText> = {}): ModelText => ({
  ...first,
  ...more,
  types: { A: { key: ['id'], properties } },
});

describe('store: preparing a database', () => {
  const prepared = async (path: string, text: ModelText, hash: string) => {
    const store = openSqlite(path);
    try {
      return await prepareDatabase(store, createLayout(modelOf(text), await recordedNames(store)), hash);
    } finally {
      await store.close();
    }
  };

  const rows: readonly [what: string, text: ModelText, result: RegExp][] = [
    ['the same model', first, /^unchanged$/],
    [
      'a column, whose name is taken',
      withProperties({ name: 'String', id: 'Int32!', color: 'Color', NAME: 'String' }),
      /^migrated: column 'as'.'name_2'$/,
    ],
    [
      'a collection',
      withProperties({ id: 'Int32!', color: 'Color', NAME: 'String', tags: 'String[]' }),
      /^migrated: column 'as'.'tags'$/,
    ],
    [
      'an enumeration member',
      { ...first, enums: { Color: ['Red', 'Blue'] } },
      /^migrated: member 'Blue' of 'as'.'color'$/,
    ],
    ['a set', { ...first, sets: { as: { type: 'A' }, bs: { type: 'A' } } }, /^migrated: table 'bs'$/],
    ['a property less', withProperties({ id: 'Int32!', color: 'Color' }), /^Conflict: .*'as'.'NAME' would be lost\.$/],
    [
      'another type',
      withProperties({ id: 'Int32!', color: 'Color', NAME: 'Int32' }),
      /stored as integer instead of string/,
    ],
    [
      'a required property',
      withProperties({ id: 'Int32!', color: 'Color', NAME: 'String', must: 'String!' }),
      /'must' is new and has no value/,
    ],
    ['a member less', { ...first, enums: { Color: ['Blue'] } }, /member 'Red' .* would be lost/],
  ];
  for (const [what, text, expected] of rows)
    it(what, async () => {
      const path = file();
      assert.equal((await prepared(path, first, 'one')).kind, 'created');
      const done = await prepared(path, text, text === first ? 'one' : 'two').then(
        ({ kind, changes }) => (changes.length === 0 ? kind : `${kind}: ${changes.join('; ')}`),
        (error: Error & { code: string }) => `${error.code}: ${error.message}`,
      );
      assert.match(done, expected);
    });

  it('leaves a foreign database alone', async () => {
    const path = file();
    const other = new Database(path);
    other.exec('create table mine (id integer)');
    other.close();
    const before = readFileSync(path);
    await assert.rejects(prepared(path, first, 'one'), { code: 'Conflict' });
    assert.ok(before.equals(readFileSync(path)));
  });
});

describe('store: what the database keeps true', () => {
  const text: ModelText = {
    types: {
      Folder: {
        key: ['id'],
        properties: { id: 'String!' },
        navigation: { children: { to: 'Folder', many: true, contained: true }, owner: { to: 'Owner' } },
      },
      Owner: {
        key: ['id'],
        properties: { id: 'String!', next: 'String' },
        navigation: { after: { to: 'Owner', constraint: { next: 'id' } } },
      },
    },
    sets: {
      folders: { type: 'Folder', bindings: { owner: 'owners' } },
      owners: { type: 'Owner', bindings: { after: 'owners' } },
    },
  };
  const filled = async () => {
    const store = openSqlite(':memory:');
    await prepareDatabase(store, createLayout(modelOf(text)), 'x');
    await store.transaction(async (session) => {
      await session.run(sql(`insert into folders ("@id", id, "@owner_id") values (1, 'a', 'me'), (2, 'b', null)`));
      await session.run(
        sql(`insert into folders_children ("@id", "@parent", id) values (3, 1, 'c'), (4, 3, 'd'), (5, 2, 'e')`),
      );
      await session.run(sql(`insert into owners (id) values ('me')`));
    });
    return store;
  };

  it('what is contained goes with its parent, however deep; what is related stays', async () => {
    const store = await filled();
    await store.transaction((session) => session.run(sql(`delete from folders where id = 'a'`)));
    assert.deepEqual(await store.read(sql('select id from folders_children')), [['e']]);
    assert.deepEqual(await store.read(sql('select id from owners')), [['me']]);
    await store.close();
  });

  it('a relationship to nothing is refused at the end, and nothing is kept', async () => {
    const store = await filled();
    const wrong = store.transaction((session) =>
      session.run(sql(`insert into owners (id, next) values ('you', 'nobody')`)),
    );
    await assert.rejects(wrong, { code: 'Conflict' });
    await store.transaction((session) => session.run(sql(`delete from owners`)));
    assert.deepEqual(await store.read(sql('select "@owner_id" from folders')), [[null], [null]]);
    await store.close();
  });
});
