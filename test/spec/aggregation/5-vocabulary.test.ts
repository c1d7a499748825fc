import assert from 'node:assert/strict';
import { openModel } from '../../../src/edm/index.js';
import { csdl, modelFrom, open, type World } from '../../model/inline.js';
import { startSales } from '../../model/sales.js';
import type { Server } from '../../model/serve.js';
import { encoded } from './rows.js';

const item = `
<EntityType Name="Item"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Kind" Type="Edm.String"/><Property Name="Size" Type="Edm.Int32"/><Property Name="Cost" Type="Edm.Int32"/>
  <NavigationProperty Name="Parts" Type="Collection(T.Item)"/>
</EntityType>`;
const list = (name: string, ...texts: readonly string[]) =>
  `<PropertyValue Property="${name}"><Collection>${texts.map((text) => `<String>${text}</String>`).join('')}</Collection></PropertyValue>`;
const paths = (name: string, ...texts: readonly string[]) =>
  `<PropertyValue Property="${name}"><Collection>${texts.map((text) => `<PropertyPath>${text}</PropertyPath>`).join('')}</Collection></PropertyValue>`;
const supported = (term: string, ...members: readonly string[]) =>
  `<Annotation Term="Aggregation.${term}"><Record>${members.join('')}</Record></Annotation>`;
const aggregatable = `<PropertyValue Property="AggregatableProperties"><Collection>
  <Record><PropertyValue Property="Property" PropertyPath="Size"/></Record>
  <Record><PropertyValue Property="Property" PropertyPath="Cost"/>${list('SupportedAggregationMethods', 'sum')}</Record>
</Collection></PropertyValue>`;
const noRollup = '<PropertyValue Property="Rollup" EnumMember="Aggregation.RollupType/None"/>';
const oneRollup = '<PropertyValue Property="Rollup" EnumMember="Aggregation.RollupType/SingleHierarchy"/>';
const noFrom = '<PropertyValue Property="From" Bool="false"/>';

const model = modelFrom(`${item}
<EntityContainer Name="C">
  <EntitySet Name="Free" EntityType="T.Item"><NavigationPropertyBinding Path="Parts" Target="Free"/></EntitySet>
  <EntitySet Name="Few" EntityType="T.Item">
    ${supported('ApplySupported', list('Transformations', 'filter', 'groupby', 'aggregate', 'concat'), paths('GroupableProperties', 'Kind'), aggregatable, oneRollup)}
    <NavigationPropertyBinding Path="Parts" Target="Few"/>
  </EntitySet>
  ${supported('ApplySupportedDefaults', noRollup, noFrom)}
</EntityContainer>
<Annotations Target="T.C/Free/Parts">${supported('ApplySupported', list('Transformations', 'identity'))}</Annotations>`);

const asked: readonly (readonly [rows: string, url: string, status: number])[] = [
  ['AG156 AG035', 'Few?$apply=filter(Size gt 1)/groupby((Kind),aggregate(Size with max as M,Cost with sum as C))', 200],
  ['AG156', 'Few?$apply=compute(Size add 1 as S)', 501],
  ['AG156', 'Few?$apply=groupby((Kind),topcount(1,Size))', 501],
  ['AG156', 'Few?$apply=concat(filter(true),identity)', 501],
  ['AG156', 'Few?$apply=aggregate(Size with T.median as M)', 501],
  ['AG157', 'Few?$apply=groupby((Size))', 400],
  ['AG157', 'Few?$apply=aggregate(ID with max as M)', 400],
  ['AG157', 'Few?$apply=aggregate(Cost with max as M)', 400],
  ['AG157', 'Free?$apply=groupby((Size),aggregate(Cost with max as M))', 200],
  ['AG159', 'Few?$apply=aggregate(Size with max from Kind with sum as S)', 501],
  ['AG159', 'Free?$apply=groupby((rollup(Kind,Size)))', 501],
  ['AG159', 'Few?$apply=groupby((rollup(Kind,Kind)))', 200],
  ['AG159', 'Few?$apply=groupby((rollup(Kind,Kind),rollup(Kind,Kind)))', 501],
  ['AG155', 'Free?$apply=compute(Size add 1 as S)/topcount(1,S)', 200],
];

describe('Aggregation 5.1: what the model promises of $apply is what the service does', () => {
  let world: World;
  before(async () => {
    world = await open(model);
    await world.ask('POST', 'Free', { body: { ID: 1 } });
  });
  after(() => world.close());
  for (const [rows, url, status] of asked)
    it(`${rows} ${url} is ${status}`, async () => {
      const reply = await world.ask('GET', encoded(url));
      assert.equal(reply.status, status, reply.text);
      if (status >= 400) assert.match(reply.text, /The model rules this out/);
    });

  it('AG155 a promise about a path from the container', async () => {
    const ask = async (apply: string) => (await world.ask('GET', encoded(`Free(1)/Parts?$apply=${apply}`))).status;
    assert.equal(await ask('aggregate($count as N)'), 200); // those of the set they are bound to
  });
});

describe('Aggregation 5.1, 8: what is promised without exception is there', () => {
  let server: Server;
  before(async () => {
    server = await startSales();
  });
  after(() => server.close());
  const h = '$root/SalesOrganizations,SalesOrgHierarchy,SalesOrganization/ID';
  const every = [
    'aggregate($count as N)',
    'groupby((Amount))',
    'concat(identity,identity)',
    'identity',
    'filter(true)',
    'search(x)',
    'nest(identity as N)',
    'addnested(Customer,identity as N)',
    'compute(1 as N)',
    'bottomcount(1,Amount)',
    'bottomsum(1,Amount)',
    'bottompercent(1,Amount)',
    'topcount(1,Amount)',
    'topsum(1,Amount)',
    'toppercent(1,Amount)',
    'orderby(Amount)',
    'top(1)',
    'skip(1)',
    `ancestors(${h},identity)`,
    `descendants(${h},identity)`,
    `traverse(${h},preorder)`,
    `groupby((rolluprecursive(${h})))`,
    'groupby((rollup(Amount,ID)))',
    'aggregate(Amount with sum from Time with max as M)',
  ];
  for (const apply of every)
    it(`AG155 ${apply}`, async () => {
      const reply = await server.ask('GET', encoded(`Sales?$apply=${apply}`));
      assert.equal(reply.status, 200, reply.text);
    });
  for (const apply of ['join(Sales as S)', 'outerjoin(Sales as S)'])
    it(`AG155 ${apply}`, async () => {
      assert.equal((await server.ask('GET', encoded(`Customers?$apply=${apply}`))).status, 200);
    });
});

describe('Aggregation 5.2, 5.5: annotations that cannot be are told', () => {
  const problemsOf = (annotations: string, container = '') =>
    openModel({
      file: 'm',
      text: csdl(
        `${item.replace('</EntityType>', `${annotations}</EntityType>`)}<EntityContainer Name="C"><EntitySet Name="Items" EntityType="T.Item"/>${container}</EntityContainer>`,
      ),
    }).problems.map(({ code }) => code);
  const custom = (attributes: string) => `<Annotation Term="Aggregation.CustomAggregate" ${attributes}/>`;
  const rows: readonly (readonly [
    rows: string,
    what: string,
    annotation: string,
    container: string,
    code: string | null,
  ])[] = [
    ['AG160', 'a custom aggregate', custom('Qualifier="Forecast" String="Edm.Decimal"'), '', null],
    [
      'AG160',
      'a custom aggregate named like a property of its type',
      custom('Qualifier="Size" String="Edm.Int32"'),
      '',
      null,
    ],
    ['AG160', 'a custom aggregate without a name', custom('String="Edm.Decimal"'), '', 'custom-aggregate'],
    [
      'AG160',
      'a custom aggregate of no primitive type',
      custom('Qualifier="F" String="T.Item"'),
      '',
      'custom-aggregate',
    ],
    [
      'AG160',
      'a custom aggregate of another type than the property',
      custom('Qualifier="Size" String="Edm.Decimal"'),
      '',
      'custom-aggregate',
    ],
    [
      'AG160',
      'a custom aggregate named like an entity set',
      '',
      custom('Qualifier="Items" String="Edm.Decimal"'),
      'custom-aggregate',
    ],
    [
      'AG162',
      'a leveled hierarchy without a name',
      '<Annotation Term="Aggregation.LeveledHierarchy"><Collection><PropertyPath>Kind</PropertyPath><PropertyPath>Size</PropertyPath></Collection></Annotation>',
      '',
      'hierarchy',
    ],
  ];
  for (const [ids, what, annotation, container, code] of rows)
    it(`${ids} ${what}`, () => {
      const found = problemsOf(annotation, container).filter(
        (one) => one === 'custom-aggregate' || one === 'hierarchy',
      );
      assert.deepEqual(found, code === null ? [] : [code]);
    });
});
