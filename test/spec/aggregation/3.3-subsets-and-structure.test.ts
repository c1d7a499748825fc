import assert from 'node:assert/strict';
import { startSales } from '../../model/sales.js';
import type { Server } from '../../model/serve.js';
import { encoded, type Item, type Refusal, type Row, testRefusals, testRows } from './rows.js';

const ids = (...found: readonly number[]): readonly Item[] => found.map((ID) => ({ ID }));
const sale = (ID: number, Amount: number) => ({ ID, Amount });

const rows: readonly Row[] = [
  ['AG114 AG117', 'Sales?$apply=topcount(2,Amount)', [sale(3, 4), sale(4, 8)], 'Sales'],
  ['AG114', 'Sales?$apply=bottomcount(2,Amount)', [sale(1, 1), sale(7, 1)]],
  ['AG114', 'Sales?$apply=topcount(99,Amount)&$select=ID', ids(1, 2, 3, 4, 5, 6, 7, 8)],
  ['AG115', 'Sales?$apply=toppercent(50,Amount)&$select=ID', ids(3, 4)],
  ['AG115 AG118', 'Sales?$apply=bottompercent(50,Amount)&$select=ID', ids(1, 2, 3, 6, 7, 8)],
  ['AG115', 'Sales?$apply=toppercent(100,Amount)&$select=ID', ids(1, 2, 3, 4, 5, 6, 7, 8)],
  ['AG116', 'Sales?$apply=topsum(15,Amount)&$select=ID', ids(3, 4, 5)],
  ['AG116', 'Sales?$apply=bottomsum(7,Amount)&$select=ID', ids(1, 2, 6, 7, 8)],
  ['AG116', 'Sales?$apply=topsum(0,Amount)', []],
  ['AG116', 'Products?$apply=topsum(0.2,TaxRate)&$select=ID', [{ ID: 'P3' }, { ID: 'P4' }]],
  ['AG113 AG147 AG151', 'Sales?$apply=topcount($these/$count div 3,Amount)&$select=ID', ids(3, 4)],
  [
    'AG113',
    'Sales?$apply=groupby((Customer/Country),topcount($these/$count div 2,Amount)/aggregate($count as N))',
    [
      { Customer: { Country: 'USA' }, N: 2 },
      { Customer: { Country: 'Netherlands' }, N: 1 },
    ],
  ],
  ['AG117', 'Sales?$apply=orderby(ID desc)/topcount(2,Amount)&$select=ID', ids(4, 3)],
  ['AG122', 'Sales?$apply=filter(Amount gt 3)', [sale(3, 4), sale(4, 8), sale(5, 4)], 'Sales'],
  ['AG123', 'Products?$apply=search(coffee)&$select=ID', [{ ID: 'P2' }]],
  ['AG123', 'Products?$apply=search("coffee )")&$select=ID', []],
  [
    'AG124 AG043',
    'Sales?$apply=groupby((Product/Name),aggregate(Amount with sum as Total))/orderby(Total desc)',
    [
      { Product: { Name: 'Coffee' }, Total: 12 },
      { Product: { Name: 'Paper' }, Total: 8 },
      { Product: { Name: 'Sugar' }, Total: 4 },
    ],
  ],
  ['AG124 AG043', 'Sales?$apply=orderby(ID desc)/orderby(Amount asc)/top(3)&$select=ID', ids(7, 1, 8)],
  ['AG125', 'Sales?$apply=orderby(Customer/Name desc)/skip(2)/top(2)&$select=ID', ids(6, 7)],
  ['AG125', 'Sales?$apply=top(0)', []],
  [
    'AG125',
    'Sales?$apply=groupby((Customer/Country),orderby(Amount desc)/skip(1)/top(1)/aggregate(Amount with max as M))&$orderby=M desc',
    [
      { Customer: { Country: 'USA' }, M: 4 },
      { Customer: { Country: 'Netherlands' }, M: 2 },
    ],
  ],
  ['AG009', 'Sales?$apply=groupby((Customer/ID))&$skip=1&$top=1', [{ Customer: { ID: 'C2' } }]],
  ['AG126', 'Sales?$apply=identity/filter(ID eq 1)', [sale(1, 1)], 'Sales'],
  [
    'AG127 AG031',
    'Sales?$apply=filter(ID lt 3)/compute(Amount mul Product/TaxRate as Tax,Amount add 1 as More)',
    [
      { ...sale(1, 1), Tax: 0.14, More: 2 },
      { ...sale(2, 2), Tax: 0.12, More: 3 },
    ],
    'Sales(*,Tax,More)',
  ],
  [
    'AG130 AG131 AG134 AG032',
    'Customers?$apply=addnested(Sales,filter(Amount gt 3) as F)&$select=ID',
    [
      { ID: 'C1', 'F@context': '$metadata#Sales', F: [sale(3, 4)] },
      { ID: 'C2', 'F@context': '$metadata#Sales', F: [sale(4, 8), sale(5, 4)] },
      { ID: 'C3', 'F@context': '$metadata#Sales', F: [] },
      { ID: 'C4', 'F@context': '$metadata#Sales', F: [] },
    ],
  ],
  [
    'AG131 AG023',
    `Customers?$apply=filter(ID eq 'C2')/addnested(Sales,filter(Amount gt 4) as F)&$expand=Sales($select=ID),F($select=ID)&$select=ID`,
    [{ ID: 'C2', Sales: ids(4, 5), F: ids(4) }],
  ],
  [
    'AG130',
    `Customers?$apply=filter(ID eq 'C1')/addnested(Sales,aggregate(Amount with sum as T) as A,topcount(1,Amount) as B)&$select=ID`,
    [{ ID: 'C1', 'A@context': '$metadata#Sales(T)', A: [{ T: 7 }], 'B@context': '$metadata#Sales', B: [sale(3, 4)] }],
  ],
  [
    'AG132',
    'Sales?$apply=filter(ID eq 1)/addnested(Customer,compute(length(Name) as L) as C)&$expand=C($select=ID,L)',
    [{ ...sale(1, 1), C: { ID: 'C1', L: 3 } }],
  ],
  [
    'AG132',
    `SalesOrganizations?$apply=filter(ID eq 'Sales')/addnested(Superordinate,identity as Up)&$select=ID`,
    [{ ID: 'Sales', Up: null }],
  ],
  [
    'AG134',
    `Customers?$apply=filter(ID eq 'C1')/addnested(Contacts,filter(Calls gt 1) as C)&$select=ID,C`,
    [{ ID: 'C1', 'C@context': '$metadata#Collection(T.Contact)', C: [{ Kind: 'tel', Calls: 3 }] }],
  ],
  [
    'AG135',
    'Customers?$apply=addnested(Sales,filter(Amount gt 3) as F)/aggregate(F/Amount with sum as S,F/$count as N)',
    [{ S: 16, N: 3 }],
  ],
  [
    'AG135',
    'Customers?$apply=addnested(Sales,topcount(1,Amount) as Best)/groupby((Country),aggregate(Best/Amount with sum as S))',
    [
      { Country: 'France', S: null },
      { Country: 'Netherlands', S: 2 },
      { Country: 'USA', S: 12 },
    ],
  ],
  [
    'AG135',
    'Customers?$apply=addnested(Sales,aggregate(Amount with sum as T) as A)/groupby((Country),aggregate(A/T with max as M))',
    [
      { Country: 'France', M: null },
      { Country: 'Netherlands', M: 5 },
      { Country: 'USA', M: 12 },
    ],
  ],
  [
    'AG137 AG139 AG038',
    'Products?$apply=join(Sales as Sale)&$select=ID',
    [{ ID: 'P1' }, { ID: 'P1' }, { ID: 'P2' }, { ID: 'P2' }, { ID: 'P3' }, { ID: 'P3' }, { ID: 'P3' }, { ID: 'P3' }],
    'Products(ID)',
  ],
  [
    'AG139 AG032',
    `Products?$apply=filter(ID eq 'P1')/join(Sales as Sale)&$select=ID&$expand=Sale`,
    [
      { ID: 'P1', 'Sale@context': '$metadata#Sales/$entity', Sale: sale(2, 2) },
      { ID: 'P1', 'Sale@context': '$metadata#Sales/$entity', Sale: sale(6, 2) },
    ],
    'Products(ID,Sale())',
  ],
  [
    'AG137',
    `Products?$apply=outerjoin(Sales as Sale)/filter(ID gt 'P2')&$select=ID&$expand=Sale($select=ID)`,
    [
      { ID: 'P3', Sale: { ID: 1 } },
      { ID: 'P3', Sale: { ID: 5 } },
      { ID: 'P3', Sale: { ID: 7 } },
      { ID: 'P3', Sale: { ID: 8 } },
      { ID: 'P4', Sale: null },
    ],
  ],
  [
    'AG139',
    `Customers?$apply=outerjoin(Contacts as C)&$select=ID,C`,
    [
      { ID: 'C1', C: { Kind: 'tel', Calls: 3 } },
      { ID: 'C1', C: { Kind: 'fax', Calls: 1 } },
      { ID: 'C2', C: { Kind: 'tel', Calls: 4 } },
      { ID: 'C3', C: null },
      { ID: 'C4', C: null },
    ],
  ],
  [
    'AG137',
    `Products?$apply=join(Sales as Best,topcount(1,Amount))&$select=ID&$expand=Best`,
    [
      { ID: 'P1', Best: sale(2, 2) },
      { ID: 'P2', Best: sale(4, 8) },
      { ID: 'P3', Best: sale(5, 4) },
    ],
  ],
  [
    'AG138 AG140',
    'Products?$apply=join(Sales as TotalSales,aggregate(Amount with sum as Total))/groupby((Name,TotalSales/Total))/orderby(Name)',
    [
      { Name: 'Coffee', 'TotalSales@context': '$metadata#Sales(Total)/$entity', TotalSales: { Total: 12 } },
      { Name: 'Paper', 'TotalSales@context': '$metadata#Sales(Total)/$entity', TotalSales: { Total: 8 } },
      { Name: 'Pencil', 'TotalSales@context': '$metadata#Sales(Total)/$entity', TotalSales: { Total: null } },
      { Name: 'Sugar', 'TotalSales@context': '$metadata#Sales(Total)/$entity', TotalSales: { Total: 4 } },
    ],
    'Products(Name,TotalSales(Total))',
  ],
  [
    'AG092 AG140',
    'Customers?$apply=outerjoin(Sales as PS)/groupby((Country,PS/Product/Name))/orderby(Country,PS/Product/Name)',
    [
      { Country: 'France', PS: null },
      { Country: 'Netherlands', PS: { Product: { Name: 'Paper' } } },
      { Country: 'Netherlands', PS: { Product: { Name: 'Sugar' } } },
      { Country: 'USA', PS: { Product: { Name: 'Coffee' } } },
      { Country: 'USA', PS: { Product: { Name: 'Paper' } } },
      { Country: 'USA', PS: { Product: { Name: 'Sugar' } } },
    ],
  ],
  [
    'AG142 AG143',
    'Sales?$apply=nest(groupby((Customer/ID)) as Customers,aggregate(Amount with sum as T) as All)',
    [
      {
        'Customers@context': '$metadata#Sales(Customer(ID))',
        Customers: [{ Customer: { ID: 'C1' } }, { Customer: { ID: 'C2' } }, { Customer: { ID: 'C3' } }],
        'All@context': '$metadata#Sales(T)',
        All: [{ T: 24 }],
      },
    ],
  ],
  [
    'AG142',
    'Sales?$apply=filter(Amount gt 99)/nest(identity as A,aggregate(Amount with sum as T) as B)',
    [{ A: [], B: [{ T: null }] }],
  ],
  [
    'AG143',
    'Sales?$apply=groupby((Customer/Country),nest(topcount(1,Amount) as Best,aggregate(Amount with sum as T) as All))',
    [
      { Customer: { Country: 'Netherlands' }, Best: [sale(6, 2)], All: [{ T: 5 }] },
      { Customer: { Country: 'USA' }, Best: [sale(4, 8)], All: [{ T: 19 }] },
    ],
  ],
  [
    'AG016',
    'Products?$expand=Sales($apply=aggregate(Amount with sum as Total,$count as N))&$select=ID',
    [
      { ID: 'P1', Sales: [{ Total: 4, N: 2 }] },
      { ID: 'P2', Sales: [{ Total: 12, N: 2 }] },
      { ID: 'P3', Sales: [{ Total: 8, N: 4 }] },
      { ID: 'P4', Sales: [{ Total: null, N: 0 }] },
    ],
    'Products(ID,Sales(Total,N))',
  ],
  [
    'AG016 AG014',
    `Products?$expand=Sales($apply=groupby((Customer/ID),aggregate(Amount with sum as T));$orderby=T desc;$filter=T gt 1;$top=1)&$select=ID`,
    [
      { ID: 'P1', Sales: [{ Customer: { ID: 'C1' }, T: 2 }] },
      { ID: 'P2', Sales: [{ Customer: { ID: 'C2' }, T: 8 }] },
      { ID: 'P3', Sales: [{ Customer: { ID: 'C2' }, T: 4 }] },
      { ID: 'P4', Sales: [] },
    ],
  ],
  ['AG145 AG146 AG147', 'Sales?$filter=Amount mul 3 ge $these/aggregate(Amount with sum)', [sale(4, 8)]],
  ['AG145 AG149', 'Products?$filter=Sales/aggregate(Amount mul $it/TaxRate with sum) gt 1&$select=ID', [{ ID: 'P3' }]],
  [
    'AG146',
    'Products?$filter=Sales/any(s:s/Amount ge Sales/aggregate(Amount with average) mul 2)&$select=ID',
    [{ ID: 'P3' }],
  ],
  ['AG146', 'Categories?$filter=Products/any(p:p/Sales/aggregate(Amount with sum) gt 10)&$select=ID', [{ ID: 'PG1' }]],
  [
    'AG146',
    'Customers?$orderby=Sales/aggregate(Amount with sum) desc&$select=ID',
    [{ ID: 'C2' }, { ID: 'C1' }, { ID: 'C3' }, { ID: 'C4' }],
  ],
  [
    'AG146 AG150',
    'Products?$compute=Sales/aggregate(Amount with sum) as T,Sales/aggregate($count) as N&$select=ID,T,N',
    [
      { ID: 'P1', T: 4, N: 2 },
      { ID: 'P2', T: 12, N: 2 },
      { ID: 'P3', T: 8, N: 4 },
      { ID: 'P4', T: null, N: 0 },
    ],
  ],
  ['AG150', 'Products?$filter=Sales/aggregate(Amount with sum) lt 5&$select=ID', [{ ID: 'P1' }]],
  [
    'AG147',
    'Sales?$apply=groupby((Customer/ID),aggregate(Amount with sum as A))/compute(A sub $these/aggregate(A with max) as P)',
    [
      { Customer: { ID: 'C1' }, A: 7, P: -5 },
      { Customer: { ID: 'C2' }, A: 12, P: 0 },
      { Customer: { ID: 'C3' }, A: 5, P: -7 },
    ],
  ],
  [
    'AG147',
    'Sales?$apply=groupby((Customer/Country),filter(Amount eq $these/aggregate(Amount with max))/aggregate($count as N,Amount with max as M))',
    [
      { Customer: { Country: 'Netherlands' }, N: 2, M: 2 },
      { Customer: { Country: 'USA' }, N: 1, M: 8 },
    ],
  ],
  ['AG152', 'Sales?$apply=aggregate(Amount with sum as Total)&$filter=isdefined(Product)', [], 'Sales(Total)'],
  [
    'AG152',
    'Sales?$apply=groupby((Product/Name))&$filter=isdefined(Product/Name) and not isdefined(Product/Color) and not isdefined(ID)',
    [{ Product: { Name: 'Coffee' } }, { Product: { Name: 'Paper' } }, { Product: { Name: 'Sugar' } }],
  ],
  [
    'AG152',
    'Sales?$apply=groupby((rollup(Customer/Country,Customer/Name)),aggregate($count as N))/filter(not isdefined(Customer/Name))',
    [
      { Customer: { Country: 'USA' }, N: 5 },
      { Customer: { Country: 'Netherlands' }, N: 3 },
    ],
  ],
  ['AG152', 'Sales?$apply=concat(filter(ID eq 1),aggregate(Amount with sum as T))&$filter=isdefined(T)', [{ T: 24 }]],
  [
    'AG027',
    "Products?$apply=groupby((ID,Name))&$expand=Category($select=Name)&$filter=ID lt 'P3'",
    [
      { ID: 'P1', Name: 'Sugar', Category: { Name: 'Food' } },
      { ID: 'P2', Name: 'Coffee', Category: { Name: 'Food' } },
    ],
    'Products(ID,Name,Category(Name))',
  ],
  [
    'AG036',
    'Sales?$apply=groupby((Product/Name,Customer/ID),aggregate(Amount with sum as T,$count as N))&$select=T&$expand=Customer&$filter=T gt 4',
    [{ T: 8, Customer: { ID: 'C2' } }],
  ],
  [
    'AG013',
    'Sales?$apply=groupby((Product/Name),aggregate($count as N))&$filter=Amount eq null and N gt 3',
    [{ Product: { Name: 'Paper' }, N: 4 }],
  ],
  [
    'AG021',
    'Products/T.FoodProduct?$apply=aggregate(Rating with max as M,$count as N)',
    [{ M: 5, N: 2 }],
    'Products/T.FoodProduct(M,N)',
  ],
  ['AG021', `Customers('C1')/Sales?$apply=aggregate(Amount with sum as T)`, [{ T: 7 }], 'Sales(T)'],
  [
    'AG021',
    `Customers('C1')/Contacts?$apply=groupby((Kind),aggregate(Calls with sum as N))`,
    [
      { Kind: 'tel', N: 3 },
      { Kind: 'fax', N: 1 },
    ],
    `Customers('C1')/Contacts(Kind,N)`,
  ],
];

const refusals: readonly Refusal[] = [
  ['AG113', 'Sales?$apply=topcount(Amount,Amount)', 400],
  ['AG114', 'Sales?$apply=topcount(0,Amount)', 400],
  ['AG114', 'Sales?$apply=topcount(1.5,Amount)', 400],
  ['AG114', 'Sales?$apply=topcount(1,Customer)', 400],
  ['AG115', 'Sales?$apply=toppercent(0,Amount)', 400],
  ['AG115', 'Sales?$apply=toppercent(101,Amount)', 400],
  ['AG115', 'Sales?$apply=toppercent(50,Customer/Name)', 400],
  ['AG116', 'Sales?$apply=topsum(1,Customer/Name)', 400],
  ['AG125', 'Sales?$apply=skip(-1)', 400],
  ['AG126', 'Sales?$apply=identity()', 400],
  ['AG127', 'Sales?$apply=compute(Amount as Amount)', 400],
  ['AG130', 'Customers?$apply=addnested(Name,identity as N)', 400],
  ['AG130', 'Sales?$apply=addnested(Customer/Sales,identity as N)', 400],
  ['AG132', 'Sales?$apply=addnested(Customer,filter(true) as C)', 400],
  ['AG133', 'Customers?$apply=addnested(Sales,identity as Name)', 400],
  ['AG133', 'Customers?$apply=addnested(Sales,identity as A,identity as A)', 400],
  ['AG137', 'Sales?$apply=join(Customer as C)', 400],
  ['AG024', 'Products?$apply=join(Sales as Name)', 400],
  ['AG004', `Customers('C1')?$apply=identity`, 400],
  ['AG004', 'Sales(1)/Customer?$apply=identity', 400],
  ['AG015', 'Sales?$expand=Customer($apply=identity)', 400],
  ['AG152', 'Customers?$filter=isdefined(Sales)', 400],
];

describe('Aggregation 3.3 to 3.8: subsets, structure, expressions', () => {
  let server: Server;
  before(async () => {
    server = await startSales();
  });
  after(() => server.close());
  testRows(() => server, rows);
  testRefusals(() => server, refusals);

  it('AG026 AG027 AG028 a result is transient unless it has the key: then it has the ETag of its entity', async () => {
    const ask = async (url: string) => (await server.ask('GET', encoded(url))).json.value[0];
    const grouped = await ask('Sales?$apply=groupby((Amount))');
    assert.equal(grouped['@odata.id'], null);
    assert.equal(grouped['@odata.etag'], undefined);
    const plain = await ask('Sales?$orderby=ID');
    const kept = await ask('Sales?$apply=groupby((ID))&$orderby=ID');
    assert.equal(kept['@odata.id'], undefined);
    assert.equal(kept['@odata.etag'], plain['@odata.etag']);
    assert.equal((await ask('Sales?$apply=topcount(8,Amount)'))['@odata.etag'], plain['@odata.etag']);
  });

  it('AG033 AG034 AG035 aliases carry their types, exact numbers are strings where asked for', async () => {
    const url = encoded(
      'Sales?$apply=aggregate(Amount with sum as S,$count as N,Time/Date with max as D,Time/Year with sum as Y,Customer/Name with min as T)',
    );
    const item = (await server.ask('GET', url, { headers: { 'odata-maxversion': '4.01' } })).json.value[0];
    assert.deepEqual(
      ['S', 'N', 'D', 'Y', 'T'].map((name) => item[`${name}@type`]),
      ['Decimal', 'Decimal', 'Date', 'Int64', undefined],
    );
    const strings = await server.ask('GET', url, { headers: { accept: 'application/json;IEEE754Compatible=true' } });
    assert.deepEqual([strings.json.value[0].S, strings.json.value[0].N], ['24', '8']);
  });

  it('AG007 AG008 counts what $apply gives', async () => {
    const url = 'Sales/$count?$apply=concat(identity,aggregate(Amount with sum as T))&$filter=Amount ne 1';
    assert.equal((await server.ask('GET', encoded(url))).text, '7');
    const page = await server.ask('GET', encoded('Sales?$apply=groupby((Customer/ID))&$count=true&$top=1'));
    assert.equal(page.json['@odata.count'], 3);
  });

  it('AG039 pages over instances of every kind, each once', async () => {
    const seen: unknown[] = [];
    let url = encoded('Sales?$apply=concat(identity,aggregate(Amount with sum as T))&$select=ID,T');
    while (url !== '') {
      const reply = await server.ask('GET', url, { headers: { prefer: 'maxpagesize=4' } });
      assert.equal(reply.status, 200, reply.text);
      for (const { ID, T } of reply.json.value) seen.push(ID ?? T);
      url = reply.json['@odata.nextLink'] ?? '';
    }
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 24]);
  });
});
