import assert from 'node:assert/strict';
import { Recent } from '../../src/service/recent.js';
import { modelFrom, open } from '../model/inline.js';

describe('service: what was made lately is kept', () => {
  it('the least recently used goes, what throws and what is long is not kept', () => {
    const recent = new Recent<string>(2);
    const made: string[] = [];
    const ask = (key: string) =>
      recent.get(key, () => {
        made.push(key);
        if (key === 'bad') throw new Error(key);
        return key;
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) assert.equal(ask(key), key);
    assert.deepEqual(made, ['a', 'b', 'c', 'b']);
    for (let time = 0; time < 2; time++) assert.throws(() => ask('bad'));
    const long = 'x'.repeat(5000);
    assert.equal(ask(long) + ask(long), long + long);
    assert.deepEqual(made.slice(4), ['bad', 'bad', long, long]);
  });

  it('a URL that was read is asked anew of the data, and means nothing for other methods', async () => {
    const world = await open(
      modelFrom(`<EntityType Name="A"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="As" EntityType="T.A"/></EntityContainer>`),
    );
    try {
      assert.equal((await world.ask('GET', 'As/$count')).text, '0');
      assert.equal((await world.ask('POST', 'As', { body: { ID: 1 } })).status, 201);
      assert.equal((await world.ask('GET', 'As/$count')).text, '1');
      assert.equal((await world.ask('GET', 'As(1)')).status, 200);
      assert.equal((await world.ask('DELETE', 'As(1)')).status, 204);
      assert.equal((await world.ask('GET', 'As(1)')).status, 404);
    } finally {
      await world.close();
    }
  });
});
