import assert from 'node:assert/strict';
import { modelFrom } from '../../model/inline.js';
import { type Server, startServer } from '../../model/serve.js';

describe('URL 4.12, 5.1.11, Protocol 8.2.8.6: what a change and a reading have to do with each other', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer({
      model: modelFrom(`
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Country" Type="Edm.String" DefaultValue="CH"/>
  <Property Name="Tags" Type="Collection(Edm.String)" Nullable="false">
    <Annotation Term="Core.Ordered"/><Annotation Term="Core.PositionalInsert"/></Property></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`),
    });
    for (const body of [
      { ID: 1, Tags: ['a', 'b'] },
      { ID: 2, Country: 'IT' },
      { ID: 3, Country: null },
    ])
      assert.equal((await server.ask('POST', 'Es', { body })).status, 201);
  });
  afterEach(() => server.close());

  const shown = async (id: number, prefer: string) =>
    (await server.ask('GET', `Es(${id})`, { headers: { prefer } })).json;

  it('P8.2.8.6-5 a null where the default is another value is written', async () => {
    assert.equal('Country' in (await shown(1, 'omit-values=defaults')), false);
    assert.equal((await shown(2, 'omit-values=defaults')).Country, 'IT');
    assert.equal((await shown(3, 'omit-values=defaults')).Country, null);
    assert.equal('Country' in (await shown(3, 'omit-values=nulls')), false);
    assert.equal((await shown(1, 'omit-values=nulls')).Country, 'CH');
  });

  it('U4.12-5 /$filter chooses before the change, $filter does not limit it', async () => {
    const changed = await server.ask('PATCH', "Es/$filter(@f)/$each?@f=Country eq 'CH'&$filter=ID gt 99", {
      body: { Country: 'FR' },
      headers: { prefer: 'return=representation' },
    });
    assert.ok(changed.status < 300, changed.text);
    const all = (await server.ask('GET', 'Es')).json.value.map((item: { Country: string }) => item.Country);
    assert.deepEqual(all, ['FR', 'IT', null]);
  });

  it('U5.1.11-1 $index says where a new item goes; those behind it move up', async () => {
    for (const [index, value] of [
      [0, 'first'],
      [-1, 'last'],
      [1, 'second'],
    ]) {
      const put = await server.ask('POST', `Es(1)/Tags?$index=${index}`, { body: { value } });
      assert.ok(put.status < 300, put.text);
    }
    const { json } = await server.ask('GET', 'Es(1)/Tags');
    assert.deepEqual(json.value, ['first', 'second', 'a', 'b', 'last']);
  });
});
