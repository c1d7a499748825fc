import assert from 'node:assert/strict';
import { modelFrom, open, type World } from '../../model/inline.js';

const schema = `
<Annotation Term="Core.DefaultNamespace" Bool="true"/>
<EntityType Name="Person" OpenType="true"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/><Property Name="Boss" Type="Edm.String"/></EntityType>
<EntityType Name="Boss" BaseType="T.Person" OpenType="true"/>
<EntityType Name="Clerk" BaseType="T.Person" OpenType="true"/>
<Function Name="Greeting" IsBound="true"><Parameter Name="person" Type="T.Person"/><Parameter Name="word" Type="Edm.String"/>
  <ReturnType Type="Edm.String"/></Function>
<Action Name="Promote" IsBound="true"><Parameter Name="person" Type="T.Person"/><ReturnType Type="Edm.String"/></Action>
<EntityContainer Name="C"><EntitySet Name="People" EntityType="T.Person"/></EntityContainer>`;

const rows: readonly (readonly [row: string, method: string, url: string, status: number, found?: unknown])[] = [
  ['U4-6', 'GET', 'People(1)/Boss', 200, 'Eve'], // the property, not the type
  ['U4-6', 'GET', 'People/Boss', 200, [2]], // behind a collection there are no properties
  ['U4-6', 'GET', 'People/Clerk', 200, [3]],
  ['U4-6', 'GET', 'People(1)/Nick', 200, 'Al'], // dynamic, after everything else
  ['U4-6', 'GET', 'People(1)/Clerk', 404],
  ['U4-8', 'POST', 'People(1)/Promote', 200, 'promoted 1'],
  ['U4-8', 'POST', 'People(1)/T.Promote', 200, 'promoted 1'],
];

describe('URL 4: names without their namespace', () => {
  let world: World;
  before(async () => {
    world = await open(modelFrom(schema), {
      operations: {
        'T.Greeting': async ({ binding, parameters }) => `${parameters.word} ${binding?.value.ID}`,
        'T.Promote': async ({ binding }) => `promoted ${binding?.value.ID}`,
      },
    });
    for (const body of [
      { ID: 1, Boss: 'Eve', Nick: 'Al' },
      { ID: 2, '@odata.type': '#T.Boss' },
      { ID: 3, '@odata.type': '#T.Clerk' },
    ]) {
      const { status, text } = await world.ask('POST', 'People', { body });
      assert.equal(status, 201, text);
    }
  });
  after(() => world.close());

  for (const [row, method, url, status, found] of rows)
    it(`${row} ${method} ${url} is ${status}`, async () => {
      const reply = await world.ask(method, url, method === 'POST' ? { body: {} } : {});
      assert.equal(reply.status, status, reply.text);
      if (found === undefined) return;
      const { value } = reply.json;
      assert.deepEqual(Array.isArray(value) ? value.map((item: { ID: number }) => item.ID) : value, found);
    });

  it('U4-8 a function of a default namespace is called with it and without', async () => {
    const answers = await Promise.all(
      ["People(3)/Greeting(word='Hi')", "People(3)/T.Greeting(word='Hi')", "People(3)/Clerk/Greeting(word='Hi')"].map(
        (url) => world.ask('GET', url),
      ),
    );
    assert.deepEqual(
      answers.map(({ json }) => json.value),
      ['Hi 3', 'Hi 3', 'Hi 3'],
    );
  });
});
