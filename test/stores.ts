import assert from 'node:assert/strict';
import type { SqlValue } from '../src/sql/index.js';
import type { Store } from '../src/store/index.js';

const sql = (text: string, ...values: readonly SqlValue[]) => ({ text, values });
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** What every store must do, whatever database is behind it. `open` gives a store with nothing in it. */
export function storeSuite(name: string, open: () => Store): void {
  describe(`store: ${name}`, () => {
    let store: Store;
    const rows = (text: string) => store.read(sql(text));
    beforeEach(async () => {
      store = open();
      await store.transaction(async (session) => {
        await session.run(
          sql('create table t (id integer primary key, name text unique, parent integer references t (id))'),
        );
      });
    });
    afterEach(() => store.close());

    it('keeps values exact', async () => {
      const values: readonly SqlValue[] = [9223372036854775807n, -1n, 0.1, 'ä\u0000z', null];
      const [row] = await store.read(sql('select ?, ?, ?, ?, ?', ...values));
      assert.deepEqual(row, values);
      const [blob] = await store.read(sql('select ?', new Uint8Array([0, 255])));
      assert.deepEqual(Buffer.from(blob?.[0] as Uint8Array), Buffer.from([0, 255]));
    });

    it('counts statements', async () => {
      const before = store.statementsRun;
      await rows('select 1');
      await store.transaction((session) => session.run(sql('insert into t (id) values (1)')));
      assert.equal(store.statementsRun - before, 2);
    });

    it('shows nothing of a transaction before its end, and never mixes two', async () => {
      const seen: unknown[] = [];
      const write = (id: bigint) =>
        store.transaction(async (session) => {
          await session.run(sql('insert into t (id) values (?)', id));
          for (let turn = 0; turn < 5; turn++) await tick();
          const [count] = await session.all(sql('select count(*) from t'));
          seen.push(count?.[0]);
          if (id % 2n === 0n) throw new Error('undo');
        });
      const during = (async () => {
        await tick();
        return rows('select count(*) from t');
      })();
      await Promise.allSettled([1n, 2n, 3n, 4n, 5n].map(write));
      assert.deepEqual(seen, [1n, 2n, 2n, 3n, 3n]);
      assert.deepEqual(await rows('select id from t order by id'), [[1n], [3n], [5n]]);
      assert.notDeepEqual((await during)[0], [5n]);
    });

    it('rolls back everything', async () => {
      const failing = store.transaction(async (session) => {
        await session.run(sql('create table other (id integer)'));
        await session.run(sql('insert into t (id) values (1)'));
        throw new Error('no');
      });
      await assert.rejects(failing, { name: 'ODataError' });
      assert.deepEqual(await rows('select count(*) from t'), [[0n]]);
      assert.deepEqual(await rows("select count(*) from sqlite_schema where name = 'other'"), [[0n]]);
    });

    it('gives what insert returns, to its end', async () => {
      const returned = await store.transaction((session) =>
        session.all(sql('insert into t (id) values (7) returning id')),
      );
      assert.deepEqual(returned, [[7n]]);
    });

    it('a session is worth nothing afterwards', async () => {
      const session = await store.transaction(async (given) => given);
      await assert.rejects(session.run(sql('insert into t (id) values (1)')), { code: 'InternalError' });
    });

    const refused: readonly [statement: string, code: string][] = [
      [`insert into t (name) values ('a')`, 'DuplicateKey'],
      ['insert into t (id) values (1)', 'DuplicateKey'],
      ['insert into t (parent) values (99)', 'Conflict'],
      ['select * from nothing', 'InternalError'],
      ['select sum(v) from (select 9223372036854775807 as v union all select 1)', 'InvalidValue'],
    ];
    for (const [statement, code] of refused)
      it(`${code}: ${statement}`, async () => {
        await store.transaction((session) => session.run(sql(`insert into t (id, name) values (1, 'a')`)));
        await assert.rejects(
          store.transaction((session) => session.all(sql(statement))),
          (error: Error & { code: string }) => error.code === code && !/sqlite|constraint|nothing/i.test(error.message),
        );
      });

    it('aborts a runaway statement, and goes on', async () => {
      const endless =
        'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where deadline(i)';
      for (const heavy of [true, false])
        await assert.rejects(store.read(sql(endless), { deadline: 30, heavy }), { code: 'QueryTimeout' });
      assert.deepEqual(await store.read(sql('select deadline(1)'), { heavy: true }), [[1n]]);
    });

    it('refuses after closing', async () => {
      await store.close();
      await assert.rejects(rows('select 1'), { code: 'ServiceUnavailable' });
    });
  });
}
