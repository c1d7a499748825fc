import assert from 'node:assert/strict';
import { base, modelFrom, open } from '../../model/inline.js';
import { testRows } from '../../model/rows.js';

describe('Protocol 11.4.4: upsert an entity', () => {
  testRows([
    {
      rows: 'P11.4.4-1 P8.3.3-1',
      request: ['PUT', 'Customers(3)', { Name: 'Cid', Code: 'C' }],
      status: 201,
      answer: { ID: 3, Name: 'Cid', Code: 'C', Level: 'Normal' },
      sends: { location: `${base}Customers(3)` },
    },
    {
      rows: 'P11.4.4-1',
      request: ['PATCH', "Products('n')", { Name: 'New', Colour: 'red' }],
      headers: { prefer: 'return=minimal' },
      status: 204,
      sends: { location: `${base}Products('n')`, 'odata-entityid': `${base}Products('n')` },
      shows: { "Products('n')": { Colour: 'red' } },
    },
    { rows: 'P11.4.4-1', what: 'lacking something', request: ['PATCH', 'Customers(3)', {}], status: 400 },
    {
      rows: 'P11.4.4-1',
      what: 'contained',
      request: ['PATCH', 'Orders(1)/Lines(7)', { Count: 4 }],
      status: 201,
      answer: { No: 7, Count: 4 },
      sends: { location: `${base}Orders(1)/Lines(7)` },
    },
    {
      rows: 'P11.4.4-1',
      what: 'related: created and linked',
      request: ['PUT', 'Customers(1)/Orders(5)', {}],
      status: 201,
      answer: { ID: 5, CustomerID: 1 },
    },
    {
      rows: 'P11.4.4-1',
      what: 'of a derived type',
      request: ['PUT', "Products('b9')/T.Book", { Pages: 1 }],
      status: 201,
      shows: { "Products('b9')": { '@odata.type': '#T.Book' } },
    },
    { rows: 'P11.4.4-1', what: 'beneath nothing', request: ['PATCH', 'Orders(9)/Lines(1)', {}], status: 404 },
    {
      rows: 'P11.4.4-2',
      what: 'a related single one',
      request: ['PUT', 'Customers(1)/Friend', { ID: 4, Name: 'D' }],
      status: 404,
    },
    {
      rows: 'P11.4.4-2',
      what: 'a key the service makes',
      request: ['PUT', 'Orders(1)/Lines(1)/Remarks(00000000-0000-4000-8000-000000000001)', { Text: 'x' }],
      status: 404,
    },
    {
      rows: 'P11.4.4-2',
      what: 'by an alternate key',
      request: ['PATCH', "Customers(Email='none@x')", { ID: 4, Name: 'D' }],
      status: 404,
    },
    {
      rows: 'P11.4.4-3',
      what: 'a singleton that may be absent',
      request: ['PUT', 'Spare', { Title: 'S' }],
      status: 201,
      shows: { Spare: { Title: 'S' } },
    },
    {
      rows: 'P11.4.4-4',
      request: ['PUT', 'Customers(3)', { ID: 4, Name: 'Cid', Stamp: 9 }],
      status: 201,
      answer: { ID: 3, Stamp: null },
      shows: { 'Customers(4)': 404 },
    },
    {
      rows: 'P11.4.4-5 P8.2.4-6',
      request: ['PUT', 'Customers(3)', { Name: 'C' }],
      headers: { 'if-match': 'W/"1"' },
      status: 412,
    },
    {
      rows: 'P11.4.4-5 P8.2.4-7',
      request: ['PATCH', 'Customers(3)', { Name: 'C' }],
      headers: { 'if-match': '*' },
      status: 412,
    },
    {
      rows: 'P8.2.4-7',
      what: 'any version',
      request: ['PATCH', 'Customers(1)', { Name: 'C' }],
      headers: { 'if-match': '*' },
      status: 200,
    },
    {
      rows: 'P11.4.4-5 P8.2.5-4',
      request: ['PUT', 'Customers(1)', { Name: 'C' }],
      headers: { 'if-none-match': '*' },
      status: 412,
    },
    {
      rows: 'P8.2.5-4',
      what: 'a new one',
      request: ['PUT', 'Customers(3)', { Name: 'C' }],
      headers: { 'if-none-match': '*' },
      status: 201,
    },
  ]);
});

describe('Protocol 11.4.5: delete an entity', () => {
  testRows([
    {
      rows: 'P11.4.5-1',
      request: ['DELETE', "Products('b1')"],
      status: 204,
      sends: { 'content-type': null },
      shows: { "Products('b1')": 404 },
    },
    { rows: 'P11.4.5-1', request: ['DELETE', 'Customers(9)'], status: 404 },
    {
      rows: 'P11.4.5-2',
      what: 'a body is not looked at',
      request: ['DELETE', "Products('b1')", 'nonsense'],
      status: 204,
    },
    {
      rows: 'P11.4.5-3',
      request: ['DELETE', 'Spare'],
      first: [['PUT', 'Spare', {}]],
      status: 204,
      shows: { Spare: 404 },
    },
    { rows: 'P11.4.5-3 P9.2.2-1', request: ['DELETE', 'Desk'], status: 405, sends: { allow: 'GET, HEAD, PATCH, PUT' } },
    {
      rows: 'P11.4.5-4',
      request: ['DELETE', "Products('p1')"],
      status: 204,
      shows: { "Tags('new')/Products/$count": 0, 'Orders(1)/Lines(1)/Product': 204 },
    },
    {
      rows: 'P11.4.5-4',
      what: 'links of many-to-many and single relationships to it',
      first: [['PATCH', 'Customers(1)', { Friend: { '@id': 'Customers(2)' } }]],
      request: ['DELETE', 'Customers(2)'],
      status: 204,
      shows: { 'Customers(1)/Friend': 204 },
    },
    {
      rows: 'P11.4.5-5 P11.4-1',
      what: 'others must be related to it',
      request: ['DELETE', 'Customers(1)'],
      status: 409,
    },
    { rows: 'P11.4.5-7', request: ['DELETE', 'Orders(1)'], status: 204, shows: { 'Orders(1)/Lines': 404 } },
    {
      rows: 'P11.4.5-7',
      what: 'a contained one',
      request: ['DELETE', 'Orders(1)/Lines(1)'],
      status: 204,
      shows: { 'Orders(1)/Lines/$count': 1 },
    },
    {
      rows: 'P11.4.5-1',
      what: 'by a relationship',
      request: ['DELETE', 'Orders(1)/Lines(1)/Product'],
      status: 204,
      shows: { "Products('p1')": 404 },
    },
    { rows: 'P8.2.4-3', request: ['DELETE', 'Orders(1)'], headers: { 'if-match': 'W/"1"' }, status: 412 },
    { rows: 'P8.2.5-3', request: ['DELETE', 'Orders(1)'], headers: { 'if-none-match': '*' }, status: 412 },
  ]);

  /** Parents and children by every OnDelete; the child's foreign key has a default. */
  const family = (onDelete: string, key = 'ID') =>
    modelFrom(`
<EntityType Name="Parent"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="Children" Type="Collection(T.Child)" Partner="Parent">${onDelete}</NavigationProperty></EntityType>
<EntityType Name="Child"><Key><PropertyRef Name="${key}"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="ParentID" Type="Edm.Int32" DefaultValue="1" ${key === 'ID' ? '' : 'Nullable="false"'}/>
  <NavigationProperty Name="Parent" Type="T.Parent" Partner="Children" ${key === 'ID' ? '' : 'Nullable="false"'}><ReferentialConstraint Property="ParentID" ReferencedProperty="ID"/></NavigationProperty></EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Parents" EntityType="T.Parent"><NavigationPropertyBinding Path="Children" Target="Children"/></EntitySet>
  <EntitySet Name="Children" EntityType="T.Child"><NavigationPropertyBinding Path="Parent" Target="Parents"/></EntitySet>
</EntityContainer>`);

  const actions: readonly [rows: string, model: ReturnType<typeof modelFrom>, status: number, child: unknown][] = [
    ['P11.4.5-5 C8.6-1 Cascade', family('<OnDelete Action="Cascade"/>'), 204, 404],
    ['P11.4.5-5 C8.6-1 SetNull', family('<OnDelete Action="SetNull"/>'), 204, null],
    ['P11.4.5-5 C8.6-1 SetDefault', family('<OnDelete Action="SetDefault"/>'), 204, 1],
    ['P11.4.5-5 C8.6-1 None', family('<OnDelete Action="None"/>'), 409, 2],
    ['P11.4.5-5 nothing said', family(''), 204, null],
    ['P11.4.5-6 the key of the dependent', family('', 'ParentID'), 204, 404],
  ];
  for (const [rows, model, status, child] of actions)
    it(`${rows}: ${status}`, async () => {
      const world = await open(model);
      await world.ask('POST', 'Parents', { body: { ID: 1 } });
      await world.ask('POST', 'Parents', { body: { ID: 2, Children: [{ ID: 7 }] } });
      const before = (await world.ask('GET', 'Children')).json.value[0]['@odata.etag'];
      const reply = await world.ask('DELETE', 'Parents(2)');
      assert.equal(reply.status, status, reply.text);
      const [left] = (await world.ask('GET', 'Children')).json.value;
      assert.equal(left === undefined ? 404 : left.ParentID, child);
      // P11.4.1.1-1: a link that the database takes away changes the ETag as well
      if (left !== undefined && status === 204) assert.notEqual(left['@odata.etag'], before);
      await world.close();
    });
});
