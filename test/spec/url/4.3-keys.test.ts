import assert from 'node:assert/strict';
import { modelFrom, open, type World } from '../../model/inline.js';

const keyed = (name: string, type: string) =>
  `<EntityType Name="${name}"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="${type}" Nullable="false"/>
  <Property Name="Text" Type="Edm.String"/></EntityType>`;

const types: readonly (readonly [set: string, type: string])[] = [
  ['Colors', 'T.Color'],
  ['Waits', 'Edm.Duration'],
  ['Days', 'Edm.Date'],
  ['Times', 'Edm.TimeOfDay'],
  ['Moments', 'Edm.DateTimeOffset'],
  ['Flags', 'Edm.Boolean'],
  ['Guids', 'Edm.Guid'],
  ['Amounts', 'Edm.Decimal" Scale="2'],
  ['Bigs', 'Edm.Int64'],
  ['Names', 'Edm.String'],
];

const schema = `
<EnumType Name="Color"><Member Name="Red" Value="1"/><Member Name="Blue" Value="2"/></EnumType>
${types.map(([set, type]) => keyed(`${set}Item`, type)).join('\n')}
<ComplexType Name="Code"><Property Name="Text" Type="Edm.String" Nullable="false"/></ComplexType>
<EntityType Name="Coded"><Key><PropertyRef Name="Code/Text" Alias="CodeText"/></Key>
  <Property Name="Code" Type="T.Code" Nullable="false"/><Property Name="Name" Type="Edm.String"/></EntityType>
<EntityType Name="Person"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Mail" Type="Edm.String" Nullable="false"/><Property Name="Land" Type="Edm.String" Nullable="false"/>
  <Property Name="Tax" Type="Edm.String" Nullable="false"/>
  <NavigationProperty Name="Notes" Type="Collection(T.NamesItem)" ContainsTarget="true"/>
  <Annotation Term="Core.AlternateKeys"><Collection>
    <Record><PropertyValue Property="Key"><Collection>
      <Record><PropertyValue Property="Name" PropertyPath="Mail"/></Record>
    </Collection></PropertyValue></Record>
    <Record><PropertyValue Property="Key"><Collection>
      <Record><PropertyValue Property="Name" PropertyPath="Land"/><PropertyValue Property="Alias" String="Country"/></Record>
      <Record><PropertyValue Property="Name" PropertyPath="Tax"/></Record>
    </Collection></PropertyValue></Record>
  </Collection></Annotation></EntityType>
<EntityContainer Name="C">
${types.map(([set]) => `<EntitySet Name="${set}" EntityType="T.${set}Item"/>`).join('')}
<EntitySet Name="Coded" EntityType="T.Coded"/><EntitySet Name="People" EntityType="T.Person"/></EntityContainer>`;

/** What is stored, by set. */
const stored: readonly (readonly [set: string, id: unknown])[] = [
  ['Colors', 'Blue'],
  ['Waits', 'P1DT2H'],
  ['Days', '2024-02-29'],
  ['Times', '10:30:00'],
  ['Moments', '2024-05-01T06:00:00Z'],
  ['Flags', true],
  ['Guids', 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'],
  ['Amounts', 1.5],
  ['Bigs', 9007199254740991],
  ['Names', "D'Arcy/x"],
];

const found: readonly (readonly [row: string, url: string])[] = [
  ['U4.3-13', "Colors(T.Color'Blue')"],
  ['U4.3-13', "Colors('Blue')"],
  ['U4.3-13', 'Colors/Blue'],
  ['U4.3-13', "Waits(duration'P1DT2H')"],
  ['U4.3-13', "Waits('P1DT2H')"],
  ['U4.3-13 U4.3-12', "Waits(duration'PT26H')"],
  ['U4.3-6', 'Days(2024-02-29)'],
  ['U4.3-6', 'Days(ID=2024-02-29)'],
  ['U4.3-12', 'Times(10:30)'],
  ['U4.3-12', 'Moments(2024-05-01T08:00:00%2B02:00)'],
  ['U4.3-12', 'Flags(TRUE)'],
  ['U4.3-12', 'Guids(AAAAAAAA-BBBB-4ccc-8ddd-eeeeeeeeeeee)'],
  ['U4.3-12', 'Amounts(1.50)'],
  ['U4.3-12', 'Bigs(009007199254740991)'],
  ['U4.3-13 U2.2-4', "Names('D''Arcy%2Fx')"],
  ['U4.3.6-2', "Names/D'Arcy%2Fx"],
];

const people: readonly (readonly [row: string, url: string, status: number])[] = [
  ['U4.3.5-1 U4.3.5-2', "People(Mail='a@b.c')", 200],
  ['U4.3.5-1', "People(Mail=@m)?@m='a@b.c'", 200],
  ['U4.3.5-3', "People(Country='SE',Tax='1')", 200],
  ['U4.3.5-3', "People(Tax='1',Country='SE')", 200],
  ['U4.3.5-3', "People(Land='SE',Tax='1')", 400],
  ['U4.3.5-3', "People(Country='SE')", 400],
  ['U4.3.5-3', "People(ID=1,Mail='a@b.c')", 400],
  ['U4.3.5-2', "People('a@b.c')", 400],
  ['U4.3.5-1', "People(Mail='x@y.z')", 404],
  ['U4.3.6-7', 'People/a@b.c', 404],
];

describe('URL 4.3: keys', () => {
  let world: World;
  before(async () => {
    world = await open(modelFrom(schema));
    for (const [set, id] of stored) {
      const { status, text } = await world.ask('POST', set, { body: { ID: id, Text: 'x' } });
      assert.equal(status, 201, text);
    }
    await world.ask('POST', 'Coded', { body: { Code: { Text: 'c' }, Name: 'Ada' } });
    await world.ask('POST', 'People', { body: { ID: 1, Mail: 'a@b.c', Land: 'SE', Tax: '1', Notes: [{ ID: 'n' }] } });
  });
  after(() => world.close());

  for (const [row, url] of found)
    it(`${row} ${url}`, async () => {
      const { status, json, text } = await world.ask('GET', url);
      assert.deepEqual([status, json?.Text], [200, 'x'], text);
    });

  for (const [row, url, status] of people)
    it(`${row} ${url} is ${status}`, async () => {
      const reply = await world.ask('GET', url);
      assert.equal(reply.status, status, reply.text);
    });

  it('U4.3.5-4 what an alternate key finds keeps the id of its primary key', async () => {
    const { json } = await world.ask('GET', "People(Mail='a@b.c')", {
      headers: { accept: 'application/json;odata.metadata=full' },
    });
    assert.match(json['@odata.id'], /People\(1\)$/);
    assert.match(json['@odata.context'], /#People\/\$entity$/);
  });

  it('U4.3.5-4 what is below it has an id that leads to it', async () => {
    const { json } = await world.ask('GET', "People(Mail='a@b.c')/Notes", {
      headers: { accept: 'application/json;odata.metadata=full' },
    });
    const id: string = json.value[0]['@odata.id'];
    const again = await world.ask('GET', id.replace('http://shop.example/', ''));
    assert.deepEqual([again.status, again.json.ID], [200, 'n'], id);
  });

  it('U4.3-11 a part reached through a complex value is named by its alias', async () => {
    const statuses = await Promise.all(
      ["Coded(CodeText='c')", "Coded('c')", "Coded(Code='c')", "Coded?$filter=CodeText eq 'c'"].map(
        async (url) => (await world.ask('GET', url)).status,
      ),
    );
    assert.deepEqual(statuses, [200, 200, 400, 400]);
  });
});
