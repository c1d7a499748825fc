import type { AppOptions, ServiceOptions } from '../../src/index.js';
import { modelFrom } from './inline.js';
import { type Server, startServer } from './serve.js';

/** An office: everything that can be read in some form. */
const types = `
<EnumType Name="Grade"><Member Name="Junior" Value="0"/><Member Name="Senior" Value="1"/></EnumType>
<ComplexType Name="Address" Abstract="false">
  <Property Name="Street" Type="Edm.String"/>
  <Property Name="Zip" Type="Edm.String"/>
  <NavigationProperty Name="Country" Type="T.Country"/>
</ComplexType>
<ComplexType Name="Contact" OpenType="true">
  <Property Name="Kind" Type="Edm.String"/>
  <Property Name="Value" Type="Edm.String"/>
</ComplexType>
<ComplexType Name="Mail" BaseType="T.Contact" OpenType="true"><Property Name="Box" Type="Edm.Int64"/></ComplexType>
<EntityType Name="Country">
  <Key><PropertyRef Name="Code"/></Key>
  <Property Name="Code" Type="Edm.String" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
</EntityType>
<EntityType Name="Person">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <Property Name="Born" Type="Edm.Date"/>
  <Property Name="Height" Type="Edm.Double"/>
  <Property Name="Salary" Type="Edm.Decimal" Precision="12" Scale="2"/>
  <Property Name="Points" Type="Edm.Int64"/>
  <Property Name="Grade" Type="T.Grade" Nullable="false" DefaultValue="Junior"/>
  <Property Name="Home" Type="T.Address"/>
  <Property Name="Contacts" Type="Collection(T.Contact)" Nullable="false"/>
  <Property Name="Nicks" Type="Collection(Edm.String)" Nullable="false"><Annotation Term="Core.Ordered"/></Property>
  <Property Name="Photo" Type="Edm.Stream"/>
  <NavigationProperty Name="Boss" Type="T.Person" Partner="Team"/>
  <NavigationProperty Name="Team" Type="Collection(T.Person)" Partner="Boss"/>
  <NavigationProperty Name="Notes" Type="Collection(T.Note)" ContainsTarget="true"/>
  <NavigationProperty Name="Badge" Type="T.Badge" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Manager" BaseType="T.Person">
  <Property Name="Budget" Type="Edm.Decimal" Precision="12" Scale="2"/>
  <NavigationProperty Name="Projects" Type="Collection(T.Project)" ContainsTarget="true"/>
  <NavigationProperty Name="Guests" Type="Collection(T.Person)"/>
</EntityType>
<EntityType Name="Note">
  <Key><PropertyRef Name="No"/></Key>
  <Property Name="No" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Text" Type="Edm.String"/>
  <NavigationProperty Name="About" Type="T.Person"/>
</EntityType>
<EntityType Name="Badge"><Property Name="Colour" Type="Edm.String"/></EntityType>
<EntityType Name="Project">
  <Key><PropertyRef Name="Title"/></Key>
  <Property Name="Title" Type="Edm.String" Nullable="false"/>
</EntityType>
<EntityType Name="Thing" OpenType="true">
  <Key><PropertyRef Name="Room"/><PropertyRef Name="Slot"/></Key>
  <Property Name="Room" Type="Edm.String" Nullable="false"/>
  <Property Name="Slot" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Label" Type="Edm.String"/>
  <Property Name="Picture" Type="Edm.Binary"><Annotation Term="Core.MediaType" String="image/png"/></Property>
  <Property Name="Bytes" Type="Edm.Binary"/>
  <Property Name="Spot" Type="Edm.GeographyPoint"/>
  <Property Name="Area" Type="Edm.GeometryCollection"/>
</EntityType>
<EntityType Name="Paper" HasStream="true">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Title" Type="Edm.String"/>
</EntityType>
<EntityType Name="Company">
  <Property Name="Motto" Type="Edm.String"/>
  <NavigationProperty Name="Head" Type="T.Person"/>
  <NavigationProperty Name="Rooms" Type="Collection(T.Room)" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Room">
  <Key><PropertyRef Name="Code"/></Key>
  <Property Name="Code" Type="Edm.String" Nullable="false"/>
</EntityType>
<EntityContainer Name="C">
  <EntitySet Name="People" EntityType="T.Person">
    <NavigationPropertyBinding Path="Boss" Target="People"/>
    <NavigationPropertyBinding Path="Team" Target="People"/>
    <NavigationPropertyBinding Path="Home/Country" Target="Countries"/>
    <NavigationPropertyBinding Path="Notes/About" Target="People"/>
    <NavigationPropertyBinding Path="T.Manager/Guests" Target="People"/>
  </EntitySet>
  <EntitySet Name="Countries" EntityType="T.Country"/>
  <EntitySet Name="Things" EntityType="T.Thing"/>
  <EntitySet Name="Papers" EntityType="T.Paper"/>
  <Singleton Name="Company" Type="T.Company"><NavigationPropertyBinding Path="Head" Target="People"/></Singleton>
</EntityContainer>`;

const person = (id: number, name: string | null, more: object = {}) =>
  ['POST', 'People', { ID: id, Name: name, ...more }] as const;
const under = (id: number) => ({ Boss: { '@id': `People(${id})` } });

/** Ann leads Ben, Cem, Dora and Eve; Ben leads Fay and Gus. */
const first: readonly (readonly [method: string, url: string, body: object])[] = [
  ['POST', 'Countries', { Code: 'CH', Name: 'Switzerland' }],
  ['POST', 'Countries', { Code: 'IT', Name: 'Italy' }],
  person(1, 'Ann', {
    '@type': '#T.Manager',
    Born: '1960-05-01',
    Height: 1.5,
    Salary: 9000.5,
    Points: '9007199254740993',
    Grade: 'Senior',
    Budget: 100,
    Home: { Street: 'Via 1', Zip: '6900', Country: { '@id': "Countries('CH')" } },
    Contacts: [
      { Kind: 'tel', Value: '1', Late: true },
      { '@type': '#T.Mail', Kind: 'mail', Box: '9007199254740993' },
    ],
    Nicks: ['x', 'y', 'z'],
    Notes: [
      { No: 1, Text: 'a' },
      { No: 2, Text: 'b' },
      { No: 3, Text: 'c', About: { '@id': 'People(1)' } },
    ],
    Badge: { Colour: 'red' },
    Projects: [{ Title: 'P/1' }, { Title: 'Q' }],
  }),
  person(2, 'Ben', { ...under(1), Salary: 5000, Height: 1.9 }),
  person(3, 'Cem', { ...under(1), Salary: 4000 }),
  person(4, null, { ...under(1), Salary: 4000, Height: 1.7 }),
  person(5, 'Eve', { ...under(1) }),
  person(6, 'Fay', { ...under(2), Home: { Street: 'Corso 2', Country: { '@id': "Countries('IT')" } } }),
  person(7, 'Gus', { ...under(2) }),
  ['PATCH', 'People(1)', { '@type': '#T.Manager', 'Guests@bind': ['People(6)', 'People(7)'] }],
  [
    'POST',
    'Things',
    {
      Room: 'A',
      Slot: 1,
      Label: 'lamp',
      Watts: 40,
      Lit: true,
      'Big@type': 'Int64',
      Big: '9007199254740993',
      Picture: 'AQID',
      Bytes: '_-8',
      Spot: { type: 'Point', coordinates: [9.5, 47.25] },
      Area: {
        type: 'GeometryCollection',
        geometries: [
          {
            type: 'MultiPoint',
            coordinates: [
              [1, 2],
              [3, 4],
            ],
          },
          {
            type: 'LineString',
            coordinates: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
    },
  ],
  ['POST', 'Things', { Room: 'A', Slot: 2, Label: 'desk' }],
  ['PATCH', 'Company', { Motto: 'Do', Head: { '@id': 'People(1)' } }],
  ['POST', 'Company/Rooms', { Code: 'R1' }],
];

const model = modelFrom(types);
const exact = { 'odata-version': '4.01', 'content-type': 'application/json;IEEE754Compatible=true' };

/** The office behind real HTTP. */
export async function startOffice(options: ServiceOptions = {}, app: AppOptions = {}): Promise<Server> {
  const server = await startServer({ model, ...options }, app);
  for (const [method, url, body] of first) {
    const { status, text } = await server.ask(method, url, { body, headers: exact });
    if (status >= 300) throw new Error(`${method} ${url}: ${status} ${text}`);
  }
  return server;
}
