import { modelFrom } from '../../model/inline.js';
import { at, type body, each, type Read, testReads } from '../../model/reads.js';
import { type Server, startServer } from '../../model/serve.js';

const model = modelFrom(`
<EnumType Name="Level"><Member Name="Low" Value="1"/><Member Name="High" Value="2"/></EnumType>
<ComplexType Name="Place"><Property Name="Row" Type="Edm.Int32" Nullable="false"/><Property Name="Seat" Type="Edm.Int32" Nullable="false"/></ComplexType>
<EntityType Name="Book">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Isbn" Type="Edm.String"/>
  <Property Name="Year" Type="Edm.Int32"/><Property Name="Number" Type="Edm.Int32"/>
  <NavigationProperty Name="Copies" Type="Collection(T.Copy)" Partner="Book"/>
  <Annotation Term="Core.AlternateKeys"><Collection>
    <Record><PropertyValue Property="Key"><Collection><Record><PropertyValue Property="Name" PropertyPath="Isbn"/><PropertyValue Property="Alias" String="Code"/></Record></Collection></PropertyValue></Record>
    <Record><PropertyValue Property="Key"><Collection><Record><PropertyValue Property="Name" PropertyPath="Year"/></Record><Record><PropertyValue Property="Name" PropertyPath="Number"/></Record></Collection></PropertyValue></Record>
  </Collection></Annotation>
</EntityType>
<EntityType Name="Copy">
  <Key><PropertyRef Name="BookID"/><PropertyRef Name="No"/></Key>
  <Property Name="BookID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="No" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Shelf" Type="Edm.String"/>
  <NavigationProperty Name="Book" Type="T.Book" Nullable="false" Partner="Copies"><ReferentialConstraint Property="BookID" ReferencedProperty="ID"/></NavigationProperty>
</EntityType>
<EntityType Name="Token"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Guid" Nullable="false"/></EntityType>
<EntityType Name="Span"><Key><PropertyRef Name="Level"/><PropertyRef Name="Length"/></Key>
  <Property Name="Level" Type="T.Level" Nullable="false"/><Property Name="Length" Type="Edm.Duration" Nullable="false"/></EntityType>
<EntityType Name="Ticket"><Key><PropertyRef Name="Place/Row" Alias="Row"/><PropertyRef Name="Place/Seat" Alias="Seat"/></Key>
  <Property Name="Place" Type="T.Place" Nullable="false"/><Property Name="Name" Type="Edm.String"/></EntityType>
<EntityType Name="Author"><Key><PropertyRef Name="Name"/></Key><Property Name="Name" Type="Edm.String" Nullable="false"/></EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Books" EntityType="T.Book"><NavigationPropertyBinding Path="Copies" Target="Copies"/></EntitySet>
  <EntitySet Name="Copies" EntityType="T.Copy"><NavigationPropertyBinding Path="Book" Target="Books"/></EntitySet>
  <EntitySet Name="Tokens" EntityType="T.Token"/><EntitySet Name="Spans" EntityType="T.Span"/><EntitySet Name="Tickets" EntityType="T.Ticket"/>
  <EntitySet Name="Authors" EntityType="T.Author"/>
  <EntitySet Name="Sealed" EntityType="T.Author"><Annotation Term="Capabilities.IndexableByKey" Bool="false"/></EntitySet>
</EntityContainer>`);

const guid = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const first: readonly (readonly [set: string, body: object])[] = [
  ['Books', { ID: 7, Isbn: 'i7', Year: 2000, Number: 1 }],
  ['Books', { ID: 8, Isbn: 'i8', Year: 2000, Number: 2 }],
  ['Copies', { BookID: 7, No: 1, Shelf: 'a' }],
  ['Copies', { BookID: 7, No: 2, Shelf: 'b' }],
  ['Copies', { BookID: 8, No: 1, Shelf: 'c' }],
  ['Tokens', { ID: guid }],
  ['Spans', { Level: 'High', Length: 'P1D' }],
  ['Tickets', { Place: { Row: 3, Seat: 4 }, Name: 'front' }],
  ['Authors', { Name: "D'Arcy" }],
  ['Authors', { Name: 'a/b' }],
];
const idOf = (reply: Parameters<typeof body>[0]) => new URL(String(at('@odata.id')(reply))).pathname;
const full = { accept: 'application/json;odata.metadata=full' };

const reads: readonly Read[] = [
  ['U2.2-4', "Authors('D''Arcy')", 200, at('Name'), "D'Arcy"],
  ['U2.2-4', 'Authors(%27D%27%27Arcy%27)', 200, at('Name'), "D'Arcy"],
  ['U2.2-4', "Authors%28%27D''Arcy%27%29", 200, at('Name'), "D'Arcy"],
  ['U2.1-1 U2.1-6 U2.1-9 U4.3.6-2', "Authors('a%2Fb')", 200, at('Name'), 'a/b'],
  ['U4.3.6-2', 'Authors/a%2Fb', 200, at('Name'), 'a/b'],
  ['U4.3.6-2', "Authors/D'Arcy", 200, at('Name'), "D'Arcy"],
  ['U4.3-9', "Authors(@n)?@n='a/b'", 200, at('Name'), 'a/b'],
  ['U4.3-11', 'Tickets(Row=3,Seat=4)', 200, at('Name'), 'front'],
  ['U4.3-11', 'Tickets(Place/Row=3,Place/Seat=4)', 400],
  ['U4.3-11', 'Tickets?$filter=Row eq 3', 400],
  ['U4.3-11', 'Tickets?$filter=Place/Row eq 3', 200, each('Name'), ['front']],
  ['U4.3-12', 'Books(007)', 200, at('ID'), 7],
  ['U4.3-12', 'Books(007)', 200, idOf, '/Books(7)', full],
  ['U4.3-12', `Tokens(${guid.toUpperCase()})`, 200, at('ID'), guid],
  ['U4.3-13', "Spans(Level=T.Level'High',Length=duration'P1D')", 200, at('Length'), 'P1D'],
  ['U4.3-13', "Spans(Level='High',Length=duration'PT24H')", 200, at('Length'), 'P1D'],
  ['U4.3-13', 'Authors(Name)', 400],
  ['U4.3.3-2', 'Books(7)/Copies(BookID=7,No=2)', 200, at('Shelf'), 'b'],
  ['U4.3.3-2', 'Books(7)/Copies(BookID=8,No=1)', 404],
  ['U4.3.3-3', 'Books(7)/Copies(2)', 200, at('Shelf'), 'b'],
  ['U4.3.3-3', 'Books(7)/Copies(No=1)', 200, at('Shelf'), 'a'],
  ['U4.3.3-3', 'Copies(2)', 400],
  ['U4.3.6-4', 'Books/7/Copies/2', 200, at('Shelf'), 'b'],
  ['U4.3.6-4', 'Books/7/Copies/3', 404],
  ['U4.3.6-3', 'Copies/7/2', 200, at('Shelf'), 'b'],
  ['U4.3.5-1', "Books(Code='i7')", 200, at('ID'), 7],
  ['U4.3.5-1', 'Books(Year=2000,Number=2)', 200, at('ID'), 8],
  ['U4.3.5-1', 'Books(Number=2,Year=2000)', 200, at('ID'), 8],
  ['U4.3.5-2', "Books('i7')", 400],
  ['U4.3.5-3', "Books(Isbn='i7')", 400],
  ['U4.3.5-4', "Books(Code='i7')", 200, idOf, '/Books(7)', full],
  ['U4.3.5-4', "Books(Code='i7')/Copies", 200, each('Shelf'), ['a', 'b']],
  ['U4.3.5-1', "Books(Code='none')", 404],
  ['U4.3.6-7', 'Books/i7', 404],
  ['U4.9-3', "Sealed('x')", 501],
];

describe('URL 4.3: keys', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ model });
    for (const [set, entity] of first) {
      const { status, text } = await server.ask('POST', set, { body: entity });
      if (status !== 201) throw new Error(text);
    }
  });
  after(() => server.close());
  testReads(reads, () => server);
});
