import assert from 'node:assert/strict';
import { modelFrom, open, type World } from '../../model/inline.js';
import { startSales } from '../../model/sales.js';
import type { Server } from '../../model/serve.js';
import { encoded, type Item, type Refusal, type Row, testRefusals, testRows } from './rows.js';

const h = '$root/SalesOrganizations,SalesOrgHierarchy';
const f = (name: string, rest: string) =>
  `Aggregation.${name}(HierarchyNodes=$root/SalesOrganizations,HierarchyQualifier='SalesOrgHierarchy',${rest})`;
const ids = (...found: readonly (string | number)[]): readonly Item[] => found.map((ID) => ({ ID }));
const org = (ID: string, Name = ID) => ({ ID, Name });
const all = [
  org('Sales', 'Corporate Sales'),
  org('US'),
  org('US West'),
  org('US East'),
  org('EMEA'),
  org('EMEA Central'),
];
const at = (total: Readonly<Record<string, number | null>>, name = 'Total'): readonly Item[] =>
  Object.entries(total).map(([id, value]) => ({ SalesOrganization: all.find(({ ID }) => ID === id), [name]: value }));

const rows: readonly Row[] = [
  [
    'AG167 AG168',
    `Sales?$select=ID&$filter=${f('isdescendant', `Node=SalesOrganization/ID,Ancestor='EMEA'`)}`,
    ids(6, 7, 8),
  ],
  [
    'AG168',
    `SalesOrganizations?$select=ID&$filter=${f('isdescendant', `Node=ID,Ancestor='US'`)}`,
    ids('US East', 'US West'),
  ],
  [
    'AG167',
    `SalesOrganizations?$select=ID&$filter=${f('isdescendant', `Node=ID,Ancestor='Sales',MaxDistance=1,IncludeSelf=true`)}`,
    ids('Sales', 'US', 'EMEA'),
  ],
  [
    'AG168',
    `SalesOrganizations?$select=ID&$filter=${f('isancestor', `Node=ID,Descendant='US East'`)}`,
    ids('US', 'Sales'),
  ],
  ['AG164', `SalesOrganizations?$select=ID&$filter=${f('isroot', 'Node=ID')}`, ids('Sales')],
  [
    'AG164',
    `SalesOrganizations?$select=ID&$filter=${f('isleaf', 'Node=ID')}`,
    ids('US East', 'US West', 'EMEA Central'),
  ],
  ['AG164 AG168', `SalesOrganizations?$select=ID&$filter=${f('issibling', `Node=ID,Other='US'`)}`, ids('EMEA')],
  ['AG168', `Sales?$select=ID&$filter=${f('isnode', 'Node=Customer/ID')}`, []],
  [
    'AG168',
    `SalesOrganizations?$select=ID&$filter=${f('isdescendant', 'Node=Superordinate/ID,Ancestor=ID')} eq null`,
    ids('Sales'),
  ],
  [
    'AG169',
    `SalesOrganizations?$select=ID&$filter=${f('isroot', 'Node=ID').replace('SalesOrganizations,', `SalesOrganizations/$filter(Name ne 'US'),`)}`,
    ids('Sales', 'US East', 'US West'),
  ],
  [
    'AG176 AG177',
    `SalesOrganizations?$apply=ancestors(${h},ID,filter(contains(Name,'East') or contains(Name,'Central')))`,
    [org('EMEA'), org('US'), org('Sales', 'Corporate Sales')],
    'SalesOrganizations',
  ],
  [
    'AG176',
    `SalesOrganizations?$apply=descendants(${h},ID,filter(Name eq 'US'),keep start)`,
    [org('US'), org('US East'), org('US West')],
  ],
  ['AG176', `SalesOrganizations?$apply=descendants(${h},ID,filter(ID eq 'Sales'),1)`, [org('US'), org('EMEA')]],
  [
    'AG176',
    `SalesOrganizations?$apply=ancestors(${h},ID,filter(ID eq 'US East'),1,keep start)`,
    [org('US'), org('US East')],
  ],
  ['AG178', `SalesOrganizations?$apply=ancestors(${h},ID,filter(startswith(ID,'US')))&$select=ID`, ids('US', 'Sales')],
  [
    'AG177',
    `SalesOrganizations?$apply=filter(ID ne 'US')/ancestors(${h},ID,filter(ID eq 'US East'))&$select=ID`,
    ids('Sales'),
  ],
  [
    'AG176 AG177',
    `Sales?$apply=ancestors(${h},SalesOrganization/ID,filter(contains(SalesOrganization/Name,'East')),keep start)&$select=ID`,
    ids(4, 5),
  ],
  [
    'AG176',
    `Sales?$apply=descendants(${h},SalesOrganization/ID,filter(SalesOrganization/ID eq 'US'),keep start)/aggregate(Amount with sum as T)`,
    [{ T: null }],
  ],
  [
    'AG179',
    `Customers?$apply=descendants(${h},Sales/SalesOrganization/ID,filter(ID eq 'C1'),keep start)&$select=ID`,
    ids('C1'),
  ],
  [
    'AG182 AG183',
    `SalesOrganizations?$apply=traverse(${h},ID,preorder,Name asc)&$select=ID`,
    ids('Sales', 'EMEA', 'EMEA Central', 'US', 'US East', 'US West'),
  ],
  [
    'AG182',
    `SalesOrganizations?$apply=traverse(${h},ID,postorder,Name desc)&$select=ID`,
    ids('US West', 'US East', 'US', 'EMEA Central', 'EMEA', 'Sales'),
  ],
  [
    'AG182',
    `SalesOrganizations?$apply=filter(ID ne 'US')/traverse(${h},ID,preorder)&$select=ID`,
    ids('Sales', 'EMEA', 'EMEA Central', 'US East', 'US West'),
  ],
  [
    'AG182',
    `SalesOrganizations?$apply=traverse(${h},ID,preorder,filter(ID eq 'US'))&$select=ID`,
    ids('US', 'US East', 'US West'),
  ],
  [
    'AG175',
    `SalesOrganizations?$apply=descendants(${h},ID,filter(Name eq 'US'),keep start)/ancestors(${h},ID,filter(contains(Name,'East')),keep start)/traverse(${h},ID,preorder)`,
    [org('US'), org('US East')],
  ],
  [
    'AG182 AG185',
    `Sales?$apply=filter(Amount gt 2)/traverse(${h},SalesOrganization/ID,preorder,Name asc)`,
    [
      { ID: 4, Amount: 8, SalesOrganization: org('US East') },
      { ID: 5, Amount: 4, SalesOrganization: org('US East') },
      { ID: 3, Amount: 4, SalesOrganization: org('US West') },
    ],
    'Sales(SalesOrganization())',
  ],
  [
    'AG182',
    `Sales?$apply=orderby(Amount desc)/traverse(${h},SalesOrganization/ID,preorder,Name asc)/top(4)&$expand=Time&$select=ID`,
    [
      { ID: 6, Time: { Date: '2022-04-01', Month: '2022-04', Quarter: '2022-2', Year: 2022 } },
      { ID: 8, Time: { Date: '2022-11-22', Month: '2022-11', Quarter: '2022-4', Year: 2022 } },
      { ID: 7, Time: { Date: '2022-08-06', Month: '2022-08', Quarter: '2022-3', Year: 2022 } },
      { ID: 4, Time: { Date: '2022-01-03', Month: '2022-01', Quarter: '2022-1', Year: 2022 } },
    ],
  ],
  [
    'AG189 AG038',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID)),aggregate(Amount with sum as Total))`,
    at({ Sales: 24, US: 19, 'US West': 7, 'US East': 12, EMEA: 5, 'EMEA Central': 5 }),
    'Sales(SalesOrganization(),Total)',
  ],
  [
    'AG189',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID)))&$expand=SalesOrganization($select=ID)`,
    all.map(({ ID }) => ({ SalesOrganization: { ID } })),
  ],
  [
    'AG191',
    `Sales?$apply=filter(Amount gt 3)/groupby((rolluprecursive(${h},SalesOrganization/ID)),aggregate($count as N,Amount with sum as S))/filter(N eq 0)&$expand=SalesOrganization($select=ID)`,
    [
      { SalesOrganization: { ID: 'EMEA' }, N: 0, S: null },
      { SalesOrganization: { ID: 'EMEA Central' }, N: 0, S: null },
    ],
  ],
  [
    'AG191',
    `Sales?$apply=filter(Amount gt 3)/groupby((rolluprecursive(${h},SalesOrganization/ID),Customer/Country),aggregate(Amount with sum as S))&$expand=SalesOrganization($select=ID)`,
    [
      { SalesOrganization: { ID: 'Sales' }, S: 16 },
      { SalesOrganization: { ID: 'US' }, S: 16 },
      { SalesOrganization: { ID: 'US East' }, S: 12 },
      { SalesOrganization: { ID: 'US West' }, S: 4 },
    ],
  ],
  [
    'AG189',
    `Sales?$apply=filter(Product/Name eq 'Paper')/groupby((rolluprecursive(${h},SalesOrganization/ID)),topcount(1,Amount))&$select=ID&$expand=Product($select=ID)&$filter=ID ne 5`,
    [1, 8, 8].map((ID) => ({ ID, Product: { ID: 'P3' } })),
  ],
  [
    'AG190',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID,ancestors(${h},ID,filter(ID eq 'US East'),keep start))),aggregate(Amount with sum as Total))`,
    at({ 'US East': 12, US: 19, Sales: 24 }),
  ],
  [
    'AG190',
    `Sales?$apply=ancestors(${h},SalesOrganization/ID,filter(SalesOrganization/ID eq 'US East'),keep start)/groupby((rolluprecursive(${h},SalesOrganization/ID,ancestors(${h},ID,filter(ID eq 'US East'),keep start))),aggregate(Amount with sum as Total))`,
    at({ 'US East': 12, US: 12, Sales: 12 }),
  ],
  [
    'AG170 AG196',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID,descendants(${h},ID,filter(ID eq 'US'),keep start))),compute(case(SalesOrganization eq Aggregation.rollupnode():Amount) as Own)/aggregate(Own with sum as T))`,
    at({ US: null, 'US East': 12, 'US West': 7 }, 'T'),
  ],
  [
    'AG194',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID,filter(ID eq 'US' or ID eq 'EMEA')),rolluprecursive(${h},SalesOrganization/ID,filter(startswith(ID,'US ')))),compute(case(SalesOrganization eq Aggregation.rollupnode(Position=2):Amount) as Own)/aggregate(Amount with sum as T,Own with sum as O))/filter(T ne null)&$expand=SalesOrganization($select=ID)`,
    [
      { SalesOrganization: { ID: 'US' }, T: 12, O: 12 },
      { SalesOrganization: { ID: 'US' }, T: 7, O: 7 },
    ],
  ],
  [
    'AG194 AG191',
    `Sales?$apply=groupby((Customer/Country),groupby((rolluprecursive(${h},SalesOrganization/ID,filter(ID eq 'US' or ID eq 'EMEA'))),aggregate(Amount with sum as T)))&$expand=SalesOrganization($select=ID)`,
    [
      { SalesOrganization: { ID: 'EMEA' }, T: 5 },
      { SalesOrganization: { ID: 'US' }, T: null },
      { SalesOrganization: { ID: 'EMEA' }, T: null },
      { SalesOrganization: { ID: 'US' }, T: 19 },
    ],
  ],
  [
    'AG193',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID,traverse(${h},ID,preorder,Name asc))),aggregate(Amount with sum as Total))`,
    at({ Sales: 24, EMEA: 5, 'EMEA Central': 5, US: 19, 'US East': 12, 'US West': 7 }),
  ],
  [
    'AG185',
    `Sales?$apply=groupby((rolluprecursive(${h},SalesOrganization/ID)),aggregate(Amount with sum as Total))/traverse(${h},SalesOrganization/ID,postorder,Name asc)`,
    at({ 'EMEA Central': 5, EMEA: 5, 'US East': 12, 'US West': 7, US: 19, Sales: 24 }),
  ],
  [
    'AG195 AG185',
    `SalesOrganizations?$apply=groupby((rolluprecursive(${h},ID)),aggregate($count as Own)/compute(Own sub 1 as Subs))&$select=ID,Name,Subs&$expand=Superordinate($select=ID)&$filter=Subs gt 0`,
    [
      { ID: 'Sales', Name: 'Corporate Sales', Subs: 5, Superordinate: null },
      { ID: 'US', Name: 'US', Subs: 2, Superordinate: { ID: 'Sales' } },
      { ID: 'EMEA', Name: 'EMEA', Subs: 1, Superordinate: { ID: 'Sales' } },
    ],
    'SalesOrganizations(ID,Name,Subs,Superordinate(ID))',
  ],
  [
    'AG185',
    `Sales?$apply=groupby((rolluprecursive(${h},Customer/Name)),aggregate($count as N))/top(1)`,
    [{ Customer: { Name: 'EMEA' }, N: 0 }],
    'Sales(Customer(Name),N)',
  ],
  [
    'AG192',
    `Customers?$apply=groupby((rolluprecursive(${h},Sales/SalesOrganization/ID)),aggregate($count as N))/filter(N gt 1)`,
    [
      { Sales: [{ SalesOrganization: org('US') }], N: 2 },
      { Sales: [{ SalesOrganization: all[0] }], N: 3 },
    ],
  ],
];

const refusals: readonly Refusal[] = [
  ['AG173', 'Sales?$apply=ancestors(SalesOrganizations,SalesOrgHierarchy,SalesOrganization/ID,filter(true))', 400],
  ['AG173', `Sales?$apply=ancestors(${h},SalesOrganization,filter(true))`, 400],
  ['AG174', 'Sales?$apply=ancestors($root/SalesOrganizations,Nope,SalesOrganization/ID,filter(true))', 400],
  ['AG174', 'Sales?$apply=traverse($root/Products,SalesOrgHierarchy,Product/ID,preorder)', 400],
  ['AG175', `SalesOrganizations?$apply=ancestors(${h},ID,aggregate($count as N))`, 400],
  ['AG180', `SalesOrganizations?$apply=ancestors(${h},ID,filter(true),0)`, 400],
  ['AG167', `SalesOrganizations?$filter=${f('isdescendant', 'Node=ID')}`, 400],
  ['AG170', `SalesOrganizations?$filter=ID eq Aggregation.rollupnode()/ID`, 400],
];

describe('Aggregation 5.5, 6: hierarchies', () => {
  let server: Server;
  before(async () => {
    server = await startSales();
  });
  after(() => server.close());
  testRows(() => server, rows);
  testRefusals(() => server, refusals);
});

describe('Aggregation 6.2.2.2: nodes with several parents, and cycles', () => {
  const model = modelFrom(`
<EntityType Name="Node"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.String" Nullable="false"/>
  <NavigationProperty Name="Up" Type="Collection(T.Node)" Partner="Down"/>
  <NavigationProperty Name="Down" Type="Collection(T.Node)" Partner="Up"/>
  <Annotation Term="Aggregation.RecursiveHierarchy" Qualifier="Q"><Record>
    <PropertyValue Property="NodeProperty" PropertyPath="ID"/>
    <PropertyValue Property="ParentNavigationProperty" NavigationPropertyPath="Up"/>
  </Record></Annotation>
</EntityType>
<EntityContainer Name="C"><EntitySet Name="Nodes" EntityType="T.Node">
  <NavigationPropertyBinding Path="Up" Target="Nodes"/><NavigationPropertyBinding Path="Down" Target="Nodes"/>
</EntitySet></EntityContainer>`);
  const up = '@Org.OData.Aggregation.V1.UpPath#Q';
  let world: World;
  beforeEach(async () => {
    world = await open(model);
    for (const [ID, ...above] of [
      ['Sales'],
      ['EMEA', 'Sales'],
      ['US', 'Sales'],
      ['Atlantis', 'US', 'EMEA'],
      ['Child', 'Atlantis'],
    ]) {
      const body = { ID, Up: above.map((id) => ({ '@id': `Nodes('${id}')` })) };
      assert.equal((await world.ask('POST', 'Nodes', { body })).status, 201);
    }
  });
  afterEach(() => world.close());
  const ask = async (apply: string) => {
    const reply = await world.ask('GET', encoded(`Nodes?$apply=${apply}&$select=ID`), {
      headers: { 'odata-maxversion': '4.01' },
    });
    assert.equal(reply.status, 200, reply.text);
    return reply.json.value.map((item: Item) => [item.ID, item[up]]);
  };

  it('AG163 AG184 AG186 a node is reached on every way, which is told', async () => {
    assert.deepEqual(await ask('traverse($root/Nodes,Q,ID,preorder)'), [
      ['Sales', []],
      ['EMEA', ['Sales']],
      ['Atlantis', ['EMEA', 'Sales']],
      ['Child', ['Atlantis', 'EMEA', 'Sales']],
      ['US', ['Sales']],
      ['Atlantis', ['US', 'Sales']],
      ['Child', ['Atlantis', 'US', 'Sales']],
    ]);
  });

  it('AG187 what was told of the way makes no difference between instances', async () => {
    const reply = await world.ask(
      'GET',
      encoded('Nodes?$apply=traverse($root/Nodes,Q,ID,preorder)/groupby((ID),aggregate($count as N))'),
    );
    assert.deepEqual(
      reply.json.value.map(({ ID, N }: Item) => [ID, N]),
      [
        ['Atlantis', 2],
        ['Child', 2],
        ['EMEA', 1],
        ['Sales', 1],
        ['US', 1],
      ],
    );
  });

  it('AG184 a start node beneath another one is reached twice', async () => {
    const found = await ask(`traverse($root/Nodes,Q,ID,preorder,filter(ID eq 'Atlantis' or ID eq 'Child'))`);
    assert.deepEqual(found, [
      ['Atlantis', []],
      ['Child', ['Atlantis']],
      ['Child', []],
    ]);
  });

  it('AG177 an ancestor on two ways comes once', async () => {
    const found = await ask(`ancestors($root/Nodes,Q,ID,filter(ID eq 'Child'))`);
    assert.deepEqual(
      found.map(([id]: string[]) => id),
      ['Atlantis', 'EMEA', 'Sales', 'US'],
    );
  });

  it('AG163 cycles in the data end', async () => {
    const body = { '@id': `Nodes('Child')` };
    assert.ok((await world.ask('POST', `Nodes('US')/Up/$ref`, { body })).status < 300);
    const found = await ask(`descendants($root/Nodes,Q,ID,filter(ID eq 'Atlantis'))`);
    assert.deepEqual(
      found.map(([id]: string[]) => id),
      ['Atlantis', 'Child', 'US'],
    );
  });
});
