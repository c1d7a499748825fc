import { modelFrom, open, type World } from '../../model/inline.js';
import { type Row, testRows } from '../../model/rows.js';

const key = '<Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>';
const model = modelFrom(`
<EnumType Name="Level"><Member Name="Low" Value="1"/><Member Name="Base" Value="1"/><Member Name="None" Value="0"/><Member Name="High" Value="2"/></EnumType>
<EnumType Name="Flag" IsFlags="true"><Member Name="A" Value="1"/><Member Name="B" Value="2"/></EnumType>
<ComplexType Name="Empty"/>
<EntityType Name="Value">${key}
  <Property Name="Day" Type="Edm.Date"/>
  <Property Name="Moment" Type="Edm.DateTimeOffset" Precision="3"/>
  <Property Name="Double" Type="Edm.Double"/>
  <Property Name="Single" Type="Edm.Single"/>
  <Property Name="Int" Type="Edm.Int32"/>
  <Property Name="Fixed" Type="Edm.Decimal" Precision="4" Scale="1"/>
  <Property Name="Small" Type="Edm.Decimal" Precision="3" Scale="3"/>
  <Property Name="Varying" Type="Edm.Decimal" Precision="4" Scale="variable"/>
  <Property Name="Short" Type="Edm.String" MaxLength="3"/>
  <Property Name="Shorts" Type="Collection(Edm.String)" Nullable="false" MaxLength="3"/>
  <Property Name="Holes" Type="Collection(Edm.Int32)" Nullable="true"/>
  <Property Name="Needed" Type="Edm.String" Nullable="false" DefaultValue="x"/>
  <Property Name="Level" Type="T.Level"/>
  <Property Name="Flags" Type="T.Flag"/>
  <Property Name="Nothing" Type="T.Empty"/>
</EntityType>
<EntityType Name="Open" OpenType="true">${key}</EntityType>
<EntityContainer Name="C"><EntitySet Name="Values" EntityType="T.Value"/><EntitySet Name="Opens" EntityType="T.Open"/></EntityContainer>`);

/** One value of one property: what a POST answers, and what a reading then shows. */
function kept(rows: string, name: string, value: unknown, shown: unknown = value): Row {
  const show = { 'Values(1)': { [name]: shown } };
  return {
    rows,
    what: `${name} ${JSON.stringify(value)}`,
    request: ['POST', 'Values', { ID: 1, [name]: value }],
    status: 201,
    shows: show,
  };
}

function refused(rows: string, name: string, value: unknown): Row {
  return {
    rows,
    what: `${name} ${JSON.stringify(value)}`,
    request: ['POST', 'Values', { ID: 1, [name]: value }],
    status: 400,
    shows: { 'Values(1)': 404 },
  };
}

describe('CSDL 3 to 10: values', () => {
  testRows(
    [
      {
        rows: 'C3.2-1',
        what: 'a type without properties',
        request: ['POST', 'Values', { ID: 1, Nothing: {} }],
        status: 201,
        shows: { 'Values(1)': { Nothing: {} } },
      },
      {
        rows: 'C3.2-1',
        what: 'an open type takes more',
        request: ['POST', 'Opens', { ID: 1, Color: 'red' }],
        status: 201,
        shows: { 'Opens(1)': { Color: 'red' } },
      },
      {
        rows: 'C3.2-1',
        what: 'a closed one does not',
        request: ['POST', 'Values', { ID: 1, Color: 'red' }],
        status: 400,
      },
      kept('C3.3-2', 'Day', '0001-01-01'),
      kept('C3.3-2', 'Day', '9999-12-31'),
      refused('C3.3-2', 'Day', '0000-12-31'),
      refused('C3.3-2', 'Day', '-0001-01-01'),
      refused('C3.3-2', 'Day', '10000-01-01'),
      refused('C3.3-2', 'Moment', '10000-01-01T00:00:00Z'),
      kept('C3.3-4', 'Double', 'INF'),
      kept('C3.3-4', 'Single', '-INF'),
      refused('C3.3-4', 'Int', 'INF'),
      refused('C3.3-4', 'Fixed', 'INF'),
      refused('C3.3-4', 'Varying', 'NaN'),
      kept('C7.2-1', 'Short', 'abc'),
      refused('C7.2-1', 'Short', 'abcd'),
      kept('C7.2-1', 'Shorts', ['abc', 'de', 'f', 'gh']),
      refused('C7.2-1', 'Shorts', ['abc', 'abcd']),
      kept('C7.2.1-1', 'Short', null),
      refused('C7.2.1-1', 'Needed', null),
      kept('C7.2.1-1', 'Shorts', []),
      refused('C7.2.1-1', 'Shorts', null),
      refused('C7.2.1-1', 'Shorts', ['a', null]),
      refused('C7.2.1-1', 'Holes', null),
      kept('C7.2.1-1', 'Holes', [1, null]),
      kept('C7.2.3-3', 'Moment', '2020-01-01T00:00:00.123Z'),
      refused('C7.2.3-3', 'Moment', '2020-01-01T00:00:00.1234Z'),
      kept('C7.2.4-2', 'Fixed', 123.4),
      kept('C7.2.4-2', 'Fixed', 8),
      refused('C7.2.4-2', 'Fixed', 1234),
      refused('C7.2.4-2', 'Fixed', 1.25),
      kept('C7.2.4-2', 'Small', 0.125),
      refused('C7.2.4-2', 'Small', 1.25),
      kept('C7.2.4-3', 'Varying', 1234),
      kept('C7.2.4-3', 'Varying', 12.34),
      kept('C7.2.4-3', 'Varying', 0.1234),
      refused('C7.2.4-3', 'Varying', 123.45),
      kept('C10-3', 'Level', 'High'),
      kept('C10-3', 'Level', '2', 'High'),
      kept('C10-3', 'Flags', '3', 'A,B'),
      kept('C10.3-4', 'Level', 'Base', 'Low'),
      {
        rows: 'C10.3-4',
        what: 'members of one value are equal, and sort by value',
        first: [
          ['POST', 'Values', { ID: 1, Level: 'High' }],
          ['POST', 'Values', { ID: 2, Level: 'Low' }],
          ['POST', 'Values', { ID: 3, Level: 'None' }],
        ],
        request: ['GET', `Values?$filter=Level eq T.Level'Base'&$select=ID`],
        status: 200,
        answer: { value: [{ ID: 2 }] },
        shows: { 'Values?$orderby=Level&$select=ID': { value: [{ ID: 3 }, { ID: 2 }, { ID: 1 }] } },
      },
      {
        rows: 'C6.5-9',
        what: 'a key value is unique in all languages',
        first: [['POST', 'Values', { ID: 1 }]],
        request: ['POST', 'Values', { ID: 1 }],
        headers: { 'content-language': 'de', 'accept-language': 'de' },
        status: 409,
      },
    ],
    () => open(model),
  );
});

const related = modelFrom(`
<EntityType Name="Shelf">${key}
  <NavigationProperty Name="Boxes" Type="Collection(T.Box)" ContainsTarget="true"/>
  <NavigationProperty Name="Spare" Type="Collection(T.Box)" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Box">${key}
  <Property Name="Name" Type="Edm.String"/>
  <NavigationProperty Name="Inner" Type="Collection(T.Box)" ContainsTarget="true"/>
  <NavigationProperty Name="Owner" Type="T.Person"/>
</EntityType>
<EntityType Name="Person">${key}
  <NavigationProperty Name="Cars" Type="Collection(T.Car)" Partner="Driver"/>
  <NavigationProperty Name="Notes" Type="Collection(T.Note)" Partner="Author"><OnDelete Action="Cascade"/></NavigationProperty>
  <NavigationProperty Name="Debts" Type="Collection(T.Debt)" Partner="Debtor"><OnDelete Action="None"/></NavigationProperty>
  <NavigationProperty Name="Pets" Type="Collection(T.Pet)" Partner="Keeper"><OnDelete Action="SetNull"/></NavigationProperty>
  <NavigationProperty Name="Keys" Type="Collection(T.Key)" Partner="Holder"><OnDelete Action="SetDefault"/></NavigationProperty>
  <NavigationProperty Name="Anyone" Type="T.Person"/>
</EntityType>
<EntityType Name="Car">${key}<Property Name="DriverID" Type="Edm.Int32"/>
  <NavigationProperty Name="Driver" Type="T.Person" Partner="Cars"><ReferentialConstraint Property="DriverID" ReferencedProperty="ID"/></NavigationProperty></EntityType>
<EntityType Name="Note">${key}<NavigationProperty Name="Author" Type="T.Person" Partner="Notes"/></EntityType>
<EntityType Name="Debt">${key}<NavigationProperty Name="Debtor" Type="T.Person" Partner="Debts"/></EntityType>
<EntityType Name="Pet">${key}<Property Name="KeeperID" Type="Edm.Int32"/>
  <NavigationProperty Name="Keeper" Type="T.Person" Partner="Pets"><ReferentialConstraint Property="KeeperID" ReferencedProperty="ID"/></NavigationProperty></EntityType>
<EntityType Name="Key">${key}<Property Name="HolderID" Type="Edm.Int32" DefaultValue="1"/>
  <NavigationProperty Name="Holder" Type="T.Person" Partner="Keys"><ReferentialConstraint Property="HolderID" ReferencedProperty="ID"/></NavigationProperty></EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Shelves" EntityType="T.Shelf">
    <NavigationPropertyBinding Path="Boxes/Owner" Target="People"/><NavigationPropertyBinding Path="Boxes/Inner/Owner" Target="Others"/>
    <NavigationPropertyBinding Path="Spare/Owner" Target="People"/><NavigationPropertyBinding Path="Spare/Inner/Owner" Target="People"/>
  </EntitySet>
  <EntitySet Name="Boxes" EntityType="T.Box"><NavigationPropertyBinding Path="Owner" Target="People"/><NavigationPropertyBinding Path="Inner/Owner" Target="Others"/></EntitySet>
  <EntitySet Name="People" EntityType="T.Person">
    <NavigationPropertyBinding Path="Cars" Target="Cars"/><NavigationPropertyBinding Path="Notes" Target="Notes"/><NavigationPropertyBinding Path="Debts" Target="Debts"/>
    <NavigationPropertyBinding Path="Pets" Target="Pets"/><NavigationPropertyBinding Path="Keys" Target="Keys"/>
  </EntitySet>
  <EntitySet Name="Others" EntityType="T.Person"/>
  <EntitySet Name="Cars" EntityType="T.Car"><NavigationPropertyBinding Path="Driver" Target="People"/></EntitySet>
  <EntitySet Name="Notes" EntityType="T.Note"><NavigationPropertyBinding Path="Author" Target="People"/></EntitySet>
  <EntitySet Name="Debts" EntityType="T.Debt"><NavigationPropertyBinding Path="Debtor" Target="People"/></EntitySet>
  <EntitySet Name="Pets" EntityType="T.Pet"><NavigationPropertyBinding Path="Keeper" Target="People"/></EntitySet>
  <EntitySet Name="Keys" EntityType="T.Key"><NavigationPropertyBinding Path="Holder" Target="People"/></EntitySet>
</EntityContainer>`);

async function openRelated(): Promise<World> {
  const world = await open(related);
  for (const [url, body] of [
    ['People', { ID: 1 }],
    ['People', { ID: 2 }],
    ['Others', { ID: 1 }],
    ['Others', { ID: 7 }],
    ['Shelves', { ID: 1, Boxes: [{ ID: 1, Inner: [{ ID: 2, Inner: [{ ID: 3 }] }] }], Spare: [{ ID: 9 }] }],
    ['Boxes', { ID: 5 }],
  ] as const) {
    const { status, text } = await world.ask('POST', url, { body });
    if (status !== 201) throw new Error(text);
  }
  return world;
}

const abstract =
  modelFrom(`<EntityType Name="A">${key}<Property Name="P" Type="Edm.PrimitiveType"/><Property Name="U" Type="Edm.Untyped"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="As" EntityType="T.A"/></EntityContainer>`);

describe('CSDL 3.4: values of abstract types are refused, not failures of ours', () => {
  testRows(
    [
      { rows: 'C3.4-1', request: ['POST', 'As', { ID: 1, P: 5 }], status: 501 },
      { rows: 'C3.4-1', request: ['POST', 'As', { ID: 1, U: { a: 1 } }], status: 501 },
      { rows: 'C3.4-1', request: ['GET', 'As?$filter=P eq 5'], status: 501 },
      { rows: 'C3.4-1', request: ['GET', 'As?$orderby=U'], status: 501 },
      {
        rows: 'C3.4-1',
        request: ['POST', 'As', { ID: 1, P: null }],
        status: 201,
        shows: { As: { value: [{ ID: 1, P: null, U: null }] } },
      },
    ],
    () => open(abstract),
  );
});

describe('CSDL 8, 13: relationships', () => {
  const child = (set: string, navigation: string) =>
    ['POST', set, { ID: 1, [`${navigation}@odata.bind`]: 'People(2)' }] as const;
  testRows(
    [
      {
        rows: 'C8.3-4',
        what: 'from one side',
        request: ['POST', 'Cars', { ID: 1, 'Driver@odata.bind': 'People(1)' }],
        status: 201,
        shows: { 'People(1)/Cars': { value: [{ ID: 1 }] }, 'Cars(1)/Driver': { ID: 1 } },
      },
      {
        rows: 'C8.3-4',
        what: 'from the other side',
        first: [['POST', 'Cars', { ID: 1 }]],
        request: ['POST', 'People(2)/Cars/$ref', { '@odata.id': 'Cars(1)' }],
        status: 204,
        shows: { 'Cars(1)/Driver': { ID: 2 }, 'People(1)/Cars': { value: [] } },
      },
      {
        rows: 'C8.5-5',
        what: 'the link sets the dependent property',
        request: ['POST', 'Cars', { ID: 1, 'Driver@odata.bind': 'People(2)' }],
        status: 201,
        answer: { DriverID: 2 },
      },
      {
        rows: 'C8.5-5',
        what: 'the dependent property sets the link',
        first: [['POST', 'Cars', { ID: 1, DriverID: 1 }]],
        request: ['PATCH', 'Cars(1)', { DriverID: 2 }],
        status: 200,
        shows: {
          'Cars(1)/Driver': { ID: 2 },
          'People(1)/Cars': { value: [] },
          'People(2)/Cars': { value: [{ ID: 1 }] },
        },
      },
      { rows: 'C8.5-5', what: 'to nowhere', request: ['POST', 'Cars', { ID: 1, DriverID: 99 }], status: 409 },
      {
        rows: 'C8.4-2',
        what: 'what is contained belongs to no set',
        request: ['GET', 'Boxes?$select=ID'],
        status: 200,
        answer: { value: [{ ID: 5 }] },
        shows: {
          'Shelves(1)/Boxes?$select=ID': { value: [{ ID: 1 }] },
          'Shelves(1)/Spare?$select=ID': { value: [{ ID: 9 }] },
        },
      },
      {
        rows: 'C8.4-2',
        what: 'and to one container',
        request: ['POST', 'Shelves(1)/Spare/$ref', { '@odata.id': 'Shelves(1)/Boxes(1)' }],
        status: 405,
      },
      {
        rows: 'C8.4-2',
        what: 'a set’s entity cannot be contained',
        request: ['PATCH', 'Shelves(1)', { 'Spare@odata.bind': ['Boxes(5)'] }],
        status: 400,
      },
      {
        rows: 'C8.6-3',
        what: 'Cascade',
        first: [child('Notes', 'Author')],
        request: ['DELETE', 'People(2)'],
        status: 204,
        shows: { 'Notes(1)': 404 },
      },
      {
        rows: 'C8.6-3',
        what: 'None',
        first: [child('Debts', 'Debtor')],
        request: ['DELETE', 'People(2)'],
        status: 409,
        shows: { 'People(2)': 200 },
      },
      {
        rows: 'C8.6-3',
        what: 'SetNull',
        first: [child('Pets', 'Keeper')],
        request: ['DELETE', 'People(2)'],
        status: 204,
        shows: { 'Pets(1)': { KeeperID: null } },
      },
      {
        rows: 'C8.6-3',
        what: 'SetDefault',
        first: [child('Keys', 'Holder')],
        request: ['DELETE', 'People(2)'],
        status: 204,
        shows: { 'Keys(1)': { HolderID: 1 } },
      },
      {
        rows: 'C8.6-4',
        what: 'not stated: the dependent is not left with a link to nothing',
        first: [child('Cars', 'Driver')],
        request: ['DELETE', 'People(2)'],
        status: 204,
        shows: { 'Cars(1)': { ID: 1, DriverID: null } },
      },
      {
        rows: 'C13.4-2',
        what: 'without a binding no set is assumed, even if there is one of the type',
        request: ['GET', 'People(1)/Anyone'],
        status: 501,
      },
      {
        rows: 'C13.4.1-4',
        what: 'a binding through a collection holds for all items',
        request: ['PUT', 'Shelves(1)/Boxes(1)/Owner/$ref', { '@odata.id': 'People(2)' }],
        status: 204,
        shows: { 'Shelves(1)/Boxes(1)/Owner': { ID: 2 } },
      },
      {
        rows: 'C13.4.1-4',
        what: 'a recursive one for any number of cycles',
        request: ['PUT', 'Boxes(5)/Inner(6)/Inner(7)/Owner/$ref', { '@odata.id': 'Others(7)' }],
        first: [['POST', 'Boxes(5)/Inner', { ID: 6, Inner: [{ ID: 7 }] }]],
        status: 204,
        shows: { 'Boxes(5)/Inner(6)/Inner(7)/Owner': { ID: 7 } },
      },
      {
        rows: 'C13.4.1-4',
        what: 'and so it leads to that set only',
        request: ['PUT', 'Boxes(5)/Inner(6)/Inner(7)/Owner/$ref', { '@odata.id': 'People(2)' }],
        first: [['POST', 'Boxes(5)/Inner', { ID: 6, Inner: [{ ID: 7 }] }]],
        status: 400,
      },
    ],
    openRelated,
  );
});
