import assert from 'node:assert/strict';
import { base, modelFrom, open } from '../../model/inline.js';
import { testRows } from '../../model/rows.js';
import { openShop } from '../../model/shop.js';

describe('Protocol 11.4.6: relationships that cannot be changed freely', () => {
  testRows([
    {
      rows: 'P11.4.6.1-1',
      what: 'with the id of 4.0',
      request: ['POST', "Products('p2')/Tags/$ref", { '@odata.context': 'x', '@odata.id': `${base}Tags('old')` }],
      status: 204,
      sends: { 'content-type': null },
    },
    {
      rows: 'P11.4.6.1-1',
      what: 'already related',
      request: ['POST', "Products('p1')/Tags/$ref", { '@id': "Tags('new')" }],
      status: 204,
      shows: { "Products('p1')/Tags/$count": 1 },
    },
    {
      rows: 'P11.4.6.1-1',
      what: 'moves a dependent',
      request: ['POST', 'Customers(2)/Orders/$ref', { '@id': 'Orders(1)' }],
      status: 204,
      shows: { 'Orders(1)': { CustomerID: 2 } },
    },
    {
      rows: 'P11.4.6.2-1',
      what: 'which must be related',
      request: ['DELETE', 'Customers(1)/Orders/$ref?$id=Orders(1)'],
      status: 409,
    },
    {
      rows: 'P11.4.6.2-2',
      what: 'which must be related',
      request: ['DELETE', 'Customers(1)/Orders(1)/$ref'],
      status: 409,
    },
    { rows: 'P11.4.6.2-3', what: 'which must be related', request: ['DELETE', 'Orders(1)/Customer/$ref'], status: 400 },
    {
      rows: 'P11.4.6.2-1',
      what: 'not related',
      request: ['DELETE', "Products('p2')/Tags/$ref?$id=Tags('new')"],
      status: 400,
    },
    { rows: 'P11.4.6.2-2', what: 'not related', request: ['DELETE', "Products('p2')/Tags('new')/$ref"], status: 404 },
    {
      rows: 'P11.4.6.2-3',
      request: ['DELETE', 'Desk/Best/$ref'],
      status: 204,
      shows: { 'Desk/Best': 204, "Products('p2')": { Sku: 'p2' } },
    },
    {
      rows: 'P11.4.6.2-3',
      what: 'again',
      first: [['DELETE', 'Desk/Best/$ref']],
      request: ['DELETE', 'Desk/Best/$ref'],
      status: 204,
    },
    { rows: 'P11.4.6.2-3', what: 'with $id', request: ['DELETE', "Desk/Best/$ref?$id=Products('p2')"], status: 400 },
    {
      rows: 'P11.4.6.3-1',
      what: 'of a required relationship',
      request: ['PUT', 'Orders(1)/Customer/$ref', { '@id': 'Customers(2)' }],
      status: 204,
      shows: { 'Orders(1)/Customer': { ID: 2 } },
    },
    {
      rows: 'P11.4.6.3-1',
      what: 'several references',
      request: ['PUT', 'Desk/Best/$ref', { value: [{ '@id': "Products('p1')" }] }],
      status: 400,
    },
    {
      rows: 'P11.4.6.4-1',
      what: 'dependents that would be left alone',
      first: [['POST', 'Orders', { ID: 2, CustomerID: 2 }]],
      request: ['PUT', 'Customers(1)/Orders/$ref', { value: [{ '@id': 'Orders(2)' }] }],
      status: 409,
    },
    {
      rows: 'P11.4.6.4-2',
      what: 'dependents that would be left alone',
      request: ['DELETE', 'Customers(1)/Orders/$ref'],
      status: 409,
    },
    { rows: 'P11.4.6-1', what: 'contained', request: ['DELETE', 'Orders(1)/Lines(1)/$ref'], status: 405 },
    { rows: 'P11.4.6-1', what: 'of a set', request: ['DELETE', 'Orders(1)/$ref'], status: 405 },
    {
      rows: 'P11.4.6-1',
      what: 'back to what contains it',
      request: ['PUT', 'Orders(1)/Lines(1)/Order/$ref', { '@id': 'Orders(1)' }],
      status: 204,
    },
  ]);

  it('P11.4.6.3-3 a relationship that is part of the key', async () => {
    const world = await open(
      modelFrom(`
<EntityType Name="P"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="Cs" Type="Collection(T.Ch)" Partner="P"/></EntityType>
<EntityType Name="Ch"><Key><PropertyRef Name="PID"/><PropertyRef Name="No"/></Key>
  <Property Name="PID" Type="Edm.Int32" Nullable="false"/><Property Name="No" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="P" Type="T.P" Nullable="false" Partner="Cs"><ReferentialConstraint Property="PID" ReferencedProperty="ID"/></NavigationProperty></EntityType>
<EntityContainer Name="C"><EntitySet Name="Ps" EntityType="T.P"><NavigationPropertyBinding Path="Cs" Target="Cs"/></EntitySet>
  <EntitySet Name="Cs" EntityType="T.Ch"><NavigationPropertyBinding Path="P" Target="Ps"/></EntitySet></EntityContainer>`),
    );
    const ask = async (method: string, url: string, body?: unknown) =>
      (await world.ask(method, url, body === undefined ? {} : { body, headers: { 'odata-version': '4.01' } })).status;
    await ask('POST', 'Ps', { ID: 1 });
    await ask('POST', 'Ps', { ID: 2 });
    // P11.4.2-5: the key is given by the relationship; without either it is refused
    assert.equal(await ask('POST', 'Cs', { No: 1, P: { '@id': 'Ps(1)' } }), 201);
    assert.equal(await ask('POST', 'Cs', { No: 2, P: { ID: 7 } }), 201);
    assert.equal(await ask('POST', 'Ps(1)/Cs', { No: 3 }), 201);
    assert.equal(await ask('POST', 'Cs', { No: 4 }), 400);
    const before = await world.dump();
    assert.equal(await ask('PUT', 'Cs(PID=1,No=1)/P/$ref', { '@id': 'Ps(2)' }), 405);
    assert.equal(await ask('PATCH', 'Cs(PID=1,No=1)', { P: { '@id': 'Ps(2)' } }), 405);
    assert.equal(await ask('POST', 'Ps(2)/Cs/$ref', { '@id': 'Cs(PID=1,No=1)' }), 409);
    assert.equal(await world.dump(), before);
    assert.equal(await ask('PUT', 'Cs(PID=1,No=1)/P/$ref', { '@id': 'Ps(1)' }), 204);
    assert.equal(await ask('DELETE', 'Ps(1)'), 204); // P11.4.5-6
    assert.equal(await ask('GET', 'Cs(PID=1,No=1)'), 404);
    await world.close();
  });

  it('P11.4.3-8 P11.4.3-5 dependent properties follow a principal property that is no key', async () => {
    const world = await open(
      modelFrom(`
<EntityType Name="Cat"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/><Property Name="Name" Type="Edm.String"/></EntityType>
<EntityType Name="Item"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="CatID" Type="Edm.Int32"/><Property Name="CatName" Type="Edm.String"/>
  <NavigationProperty Name="Cat" Type="T.Cat"><ReferentialConstraint Property="CatID" ReferencedProperty="ID"/><ReferentialConstraint Property="CatName" ReferencedProperty="Name"/></NavigationProperty></EntityType>
<EntityContainer Name="C"><EntitySet Name="Cats" EntityType="T.Cat"/><EntitySet Name="Items" EntityType="T.Item"><NavigationPropertyBinding Path="Cat" Target="Cats"/></EntitySet></EntityContainer>`),
    );
    await world.ask('POST', 'Cats', { body: { ID: 1, Name: 'a' } });
    await world.ask('POST', 'Cats', { body: { ID: 2, Name: 'b' } });
    await world.ask('POST', 'Items', { body: { ID: 1, Cat: { '@id': 'Cats(1)' } } });
    const item = async () => (await world.ask('GET', 'Items(1)?$expand=Cat')).json;
    assert.equal((await item()).CatName, 'a');
    await world.ask('PATCH', 'Items(1)', { body: { CatName: 'mine' } });
    assert.equal((await item()).CatName, 'a');
    await world.ask('PATCH', 'Cats(1)', { body: { Name: 'aa' } });
    assert.deepEqual([(await item()).CatName, (await item()).Cat.ID], ['aa', 1]);
    await world.ask('PATCH', 'Items(1)', { body: { CatID: 2 } });
    assert.deepEqual([(await item()).CatName, (await item()).Cat?.ID], ['b', 2]);
    await world.ask('POST', 'Items', { body: { ID: 2, CatID: 1 } });
    assert.equal((await world.ask('GET', 'Items(2)')).json.CatName, 'aa');
    await world.ask('DELETE', 'Cats(2)');
    assert.deepEqual([(await item()).CatID, (await item()).Cat], [null, null]);
    await world.close();
  });

  it('the same change in three ways ends in the same state', async () => {
    const states: string[] = [];
    const ways: readonly (readonly [method: string, url: string, body: unknown][])[] = [
      [
        [
          'PATCH',
          "Products('p1')",
          { 'Tags@delta': [{ '@id': "Tags('old')" }, { '@removed': {}, '@id': "Tags('new')" }] },
        ],
      ],
      [['PATCH', "Products('p1')", { Tags: [{ '@id': "Tags('old')" }] }]],
      [['PUT', "Products('p1')/Tags/$ref", { value: [{ '@id': "Tags('old')" }] }]],
      [
        ['POST', "Products('p1')/Tags/$ref", { '@id': "Tags('old')" }],
        ['DELETE', "Products('p1')/Tags('new')/$ref", undefined],
      ],
      [
        ['POST', "Tags('old')/Products/$ref", { '@id': "Products('p1')" }],
        ['DELETE', "Tags('new')/Products/$ref?$id=Products('p1')", undefined],
      ],
    ];
    for (const way of ways) {
      const world = await openShop();
      for (const [method, url, body] of way) {
        const reply = await world.ask(
          method,
          url,
          body === undefined ? {} : { body, headers: { 'odata-version': '4.01' } },
        );
        assert.ok(reply.status < 300, reply.text);
      }
      const all = await world.ask('GET', 'Products?$expand=Tags&$format=application/json;odata.metadata=none');
      assert.equal(all.json.value.length, 3);
      states.push(all.text);
      await world.close();
    }
    assert.deepEqual(new Set(states).size, 1, states.join('\n'));
  });
});
