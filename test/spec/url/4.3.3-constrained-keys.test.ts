import assert from 'node:assert/strict';
import { modelFrom, open, type World } from '../../model/inline.js';

const model = modelFrom(`
<EntityType Name="Book">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="Copies" Type="Collection(T.Copy)" ContainsTarget="true" Partner="Book"/>
</EntityType>
<EntityType Name="Copy">
  <Key><PropertyRef Name="BookID"/><PropertyRef Name="No"/></Key>
  <Property Name="BookID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="No" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Shelf" Type="Edm.String"/>
  <NavigationProperty Name="Book" Type="T.Book" Nullable="false" Partner="Copies">
    <ReferentialConstraint Property="BookID" ReferencedProperty="ID"/>
  </NavigationProperty>
</EntityType>
<EntityContainer Name="C"><EntitySet Name="Books" EntityType="T.Book"/></EntityContainer>`);

describe('URL 4.3.3, 4.3.6: key parts that a principal fixes', () => {
  let world: World;
  before(async () => {
    world = await open(model);
    for (const ID of [7, 8]) {
      const body = { ID, Copies: [1, 2].map((No) => ({ BookID: ID, No, Shelf: `${ID}.${No}` })) };
      const made = await world.ask('POST', 'Books', { body });
      assert.equal(made.status, 201, made.text);
    }
  });
  after(() => world.close());

  const rows: readonly (readonly [rows: string, url: string, shelf: string | number])[] = [
    ['U4.3.3-3 one part remains, its value is enough', 'Books(7)/Copies(2)', '7.2'],
    ['U4.3.3-3 or it is named', 'Books(8)/Copies(No=1)', '8.1'],
    ['U4.3.3-2 what is fixed may be repeated', 'Books(7)/Copies(BookID=7,No=2)', '7.2'],
    ['U4.3.3-2 not contradicted', 'Books(7)/Copies(BookID=8,No=2)', 404],
    ['U4.3.6-4 in segments it is left out', 'Books/7/Copies/2', '7.2'],
    ['U4.3.6-4 in segments it is left out', 'Books/7/Copies/3', 404],
  ];
  for (const [title, url, expected] of rows)
    it(`${title}: ${url}`, async () => {
      const { status, json, text } = await world.ask('GET', url);
      if (typeof expected === 'number') assert.equal(status, expected, text);
      else assert.equal(json.Shelf, expected, text);
    });
});
