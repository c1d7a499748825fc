import assert from 'node:assert/strict';
import { base, modelFrom, open, type World } from '../model/inline.js';

const model = modelFrom(`
<ComplexType Name="Note"><Property Name="Rank" Type="Edm.Int32"/></ComplexType>
<ComplexType Name="RichNote" BaseType="T.Note"><Property Name="Mark" Type="Edm.String"/></ComplexType>
<ComplexType Name="Entry"><Property Name="Text" Type="Edm.String"/><Property Name="Note" Type="T.Note"/></ComplexType>
<EntityType Name="Thing">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Flag" Type="Edm.Boolean"/>
  <Property Name="Day" Type="Edm.Date"/>
  <Property Name="Moment" Type="Edm.DateTimeOffset" Precision="3"/>
  <Property Name="Weight" Type="Edm.Decimal" Precision="9" Scale="3"/>
  <Property Name="Weights" Type="Collection(Edm.Decimal)" Nullable="false" Scale="variable"/>
  <Property Name="Scores" Type="Collection(Edm.Int32)" Nullable="false"/>
  <Property Name="Note" Type="T.Note"/>
  <Property Name="Log" Type="Collection(T.Entry)" Nullable="false"/>
  <NavigationProperty Name="Parent" Type="T.Thing" Partner="Children"/>
  <NavigationProperty Name="Children" Type="Collection(T.Thing)" Partner="Parent"/>
  <NavigationProperty Name="Tags" Type="Collection(T.Tag)" ContainsTarget="true"/>
  <NavigationProperty Name="Sheet" Type="T.Sheet" ContainsTarget="true"/>
</EntityType>
<EntityType Name="Gadget" BaseType="T.Thing"><Property Name="Power" Type="Edm.Int32"/></EntityType>
<EntityType Name="Robot" BaseType="T.Gadget"/>
<EntityType Name="Sheet"><Key><PropertyRef Name="Nr"/></Key><Property Name="Nr" Type="Edm.Int32" Nullable="false"/></EntityType>
<EntityType Name="Tag" OpenType="true"><Key><PropertyRef Name="Area"/><PropertyRef Name="Number"/></Key>
  <Property Name="Area" Type="Edm.String" Nullable="false"/><Property Name="Number" Type="Edm.Int32" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Things" EntityType="T.Thing">
  <NavigationPropertyBinding Path="Parent" Target="Things"/><NavigationPropertyBinding Path="Children" Target="Things"/>
</EntitySet></EntityContainer>`);

/** With dynamic properties of several types. */
const tags = [
  { Area: 'a', Number: 1, Extra: 7 },
  { Area: 'b', Number: 2, Extra: 'a' },
  { Area: 'b', Number: 3, Extra: true },
  { Area: 'b', Number: 4, Extra: 0 },
  { Area: 'c', Number: 5 },
];

const things: readonly Readonly<Record<string, unknown>>[] = [
  {
    ID: 1,
    Flag: true,
    Day: '2020-01-31',
    Weight: 1.5,
    Weights: [2, 1.5],
    Scores: [1, 2],
    Note: { Rank: 1 },
    Tags: tags,
  },
  { ID: 2, '@odata.type': '#T.Gadget', Flag: false, Power: 7, 'Parent@odata.bind': 'Things(1)' },
  { ID: 3, '@odata.type': '#T.Robot', Flag: true, Power: 7, 'Parent@odata.bind': 'Things(1)', Weight: 2 },
  {
    ID: 4,
    Note: { '@odata.type': '#T.RichNote', Rank: 1, Mark: 'x' },
    Log: [{ Text: 'a', Note: { '@odata.type': '#T.RichNote', Rank: 5, Mark: 'y' } }],
    Moment: '2020-01-01T00:00:00.5Z',
  },
];

/** What random requests found: the rows that a condition leaves, or what an answer shows. */
const found: readonly (readonly [what: string, url: string, shown: unknown])[] = [
  ['U5.1.1.15-3 a declared member of another type is null', 'Things?$filter=T.Gadget/Flag eq null', [1, 4]],
  ['U5.1.1.15-3 a member that a subtype inherits is null', 'Things?$filter=T.Robot/Power eq 7', [3]],
  ['U5.1.1.15-3 what another type is related to is null', 'Things?$filter=T.Robot/Parent/ID eq 1', [3]],
  ['U5.1.1.15-3 in an order', 'Things?$orderby=T.Gadget/Flag desc,ID', [3, 2, 1, 4]],
  ['U5.1.1.15-3 in a complex value', 'Things?$filter=Note/T.RichNote/Rank eq 1', [4]],
  ['U5.1.1.1.4-1 null ge null', 'Things?$filter=Weight ge Weight', [1, 2, 3, 4]],
  ['U5.1.1.1.6-1 not (null le null)', 'Things?$filter=not (Weight le Weight)', []],
  ['U5.1.1.1.4-1 null ge a value', 'Things?$filter=Parent/Weight ge Weight', [4]],
  [
    'U5.1.1.12.1-3 the type of case is that of its values',
    "Things?$filter=Day add case(Flag:duration'P1D') eq 2020-02-01",
    [1],
  ],
  [
    'U5.1.1.12.1-3 moments of several precisions',
    'Things?$filter=case(Flag:2019-01-01T00:00:00Z,true:Moment) gt 2020-01-01T00:00:00.25Z',
    [4],
  ],
  ['U5.1.1.1.11-1 numbers kept in several forms', 'Things?$filter=Weight in Weights', [1]],
  [
    'U5.1.1.15-2 a collection that nothing leads to is null to functions',
    'Things?$filter=contains(Parent/Scores,[])',
    [2, 3],
  ],
  [
    'U5.1.1.10.2-1 isof is asked of the item that a nested option is about',
    'Things(1)?$select=ID&$expand=Children($select=ID;$filter=isof(T.Robot))',
    { ID: 1, Children: [{ ID: 3 }] },
  ],
  [
    'U5.1.3-10 computed names order what is expanded',
    'Things(1)?$select=ID&$expand=Children($select=ID;$compute=ID mul -1 as Turned;$orderby=Turned)',
    { ID: 1, Children: [{ ID: 3 }, { ID: 2 }] },
  ],
];

describe('oracle: what random requests found', () => {
  let world: World;
  before(async () => {
    world = await open(model);
    for (const body of things) assert.equal((await world.ask('POST', 'Things', { body })).status, 201);
  });
  after(() => world.close());

  for (const [what, url, shown] of found)
    it(`${what}: ${url}`, async () => {
      const headers = { accept: 'application/json;odata.metadata=none' };
      const reply = await world.ask('GET', encodeURI(url), { headers });
      assert.equal(reply.status, 200, reply.text);
      const { value } = reply.json;
      assert.deepEqual(value === undefined ? reply.json : value.map(({ ID }: { ID: number }) => ID), shown);
    });

  for (const [condition, numbers] of [
    ['Extra gt 3', [1]],
    ['Extra lt true', []],
    ['Extra ge true', [3]],
    ['Extra ne false', [1, 2, 3, 4, 5]],
    ['Extra eq 0', [4]],
    ["Extra ge 'A'", [2]],
    ['not (Extra gt 3)', [2, 3, 4, 5]],
    ['Extra le null', [5]],
    ['Extra eq Number', []],
  ] as const)
    it(`U5.1.1.1-1 values of different types are not compared by a dynamic property: ${condition}`, async () => {
      const reply = await world.ask('GET', encodeURI(`Things(1)/Tags?$filter=${condition}`));
      assert.deepEqual(
        reply.json.value.map((tag: { Number: number }) => tag.Number),
        numbers,
        reply.text,
      );
    });

  it('P11.2.6.7-5 a nested next link goes on where the page ended, whatever part of the key orders', async () => {
    const headers = { prefer: 'maxpagesize=2' };
    const reply = await world.ask('GET', 'Things(1)?$expand=Tags($orderby=Area%20desc)', { headers });
    const numbers = reply.json.Tags.map((tag: { Number: number }) => tag.Number);
    for (let next = reply.json['Tags@odata.nextLink']; next !== undefined; ) {
      const page = await world.ask('GET', next.slice(base.length), { headers });
      numbers.push(...page.json.value.map((tag: { Number: number }) => tag.Number));
      next = page.json['@odata.nextLink'];
    }
    assert.deepEqual(numbers, [5, 2, 3, 4, 1]);
  });

  it('P11.2.7-1 related to nothing is 204, of nothing it is 404', async () => {
    assert.equal((await world.ask('GET', 'Things(1)/Parent')).status, 204);
    assert.equal((await world.ask('GET', 'Things(1)/Parent/$ref')).status, 204);
    assert.equal((await world.ask('GET', 'Things(9)/Parent')).status, 404);
    assert.equal((await world.ask('GET', 'Things(1)/Parent/Parent')).status, 404);
  });
});
