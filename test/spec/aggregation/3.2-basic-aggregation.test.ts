import { startSales } from '../../model/sales.js';
import type { Server } from '../../model/serve.js';
import { type Refusal, type Row, testRefusals, testRows } from './rows.js';

const perCountryAndProduct = [
  { Customer: { Country: 'Netherlands' }, Product: { Name: 'Paper' }, Total: 3 },
  { Customer: { Country: 'Netherlands' }, Product: { Name: 'Sugar' }, Total: 2 },
  { Customer: { Country: 'USA' }, Product: { Name: 'Coffee' }, Total: 12 },
  { Customer: { Country: 'USA' }, Product: { Name: 'Paper' }, Total: 5 },
  { Customer: { Country: 'USA' }, Product: { Name: 'Sugar' }, Total: 2 },
];
const customer = (ID: string, Name: string, Country: string, more: object) => ({ ID, Name, Country, ...more });
const joe = customer('C1', 'Joe', 'USA', {
  Address: { City: 'Boston', Zip: '1' },
  Contacts: [
    { Kind: 'tel', Calls: 3 },
    { Kind: 'fax', Calls: 1 },
  ],
  Scores: [3, 3, 5],
});
const sue = customer('C2', 'Sue', 'USA', {
  Address: { City: 'Boston', Zip: '1' },
  Contacts: [{ Kind: 'tel', Calls: 4 }],
  Scores: [3],
});
const other = customer('C3', 'Sue', 'Netherlands', { Address: { City: 'Delft', Zip: '2' }, Contacts: [], Scores: [] });

/** Examples of the standard by their numbers, and what its rules say of the same data. */
const rows: readonly Row[] = [
  [
    'AG001 AG031',
    'Sales?$apply=aggregate(Amount with sum as Total,Amount with max as MxA)',
    [{ Total: 24, MxA: 8 }],
    'Sales(Total,MxA)',
  ],
  ['AG050', 'Sales?$apply=aggregate(Amount mul Product/TaxRate with sum as Tax)', [{ Tax: 2.08 }]],
  ['AG049 AG065', 'Sales?$apply=aggregate(Product with countdistinct as DistinctProducts)', [{ DistinctProducts: 3 }]],
  ['AG065', 'Customers?$apply=aggregate(Address with countdistinct as D)', [{ D: 2 }]],
  [
    'AG052 AG070',
    'Sales?$apply=groupby((Customer/Country),aggregate(Amount))',
    [
      { Customer: { Country: 'Netherlands' }, Amount: 5 },
      { Customer: { Country: 'USA' }, Amount: 19 },
    ],
    'Sales(Customer(Country),Amount)',
  ],
  ['AG052', 'Sales?$apply=aggregate(Forecast,Forecast as F)', [{ Forecast: 48, F: 48 }]],
  [
    'AG052',
    'Products?$apply=groupby((Name),aggregate(Sales/Forecast as F))',
    [
      { Name: 'Coffee', F: 24 },
      { Name: 'Paper', F: 16 },
      { Name: 'Pencil', F: null },
      { Name: 'Sugar', F: 8 },
    ],
  ],
  [
    'AG071',
    'Sales?$apply=groupby((Customer/Country),aggregate(Forecast))/filter(Forecast gt 10)/aggregate(Forecast with max as M)',
    [{ M: 38 }],
  ],
  [
    'AG054 AG057',
    'Sales?$apply=aggregate(Product/TaxRate with sum as Once,Product/TaxRate mul 1 with sum as Each)',
    [{ Once: 0.26, Each: 0.8 }],
  ],
  ['AG055', 'Products?$apply=aggregate(Sales/Amount with sum as S)', [{ S: 24 }]],
  [
    'AG055 AG056 AG069',
    'Customers?$apply=aggregate(Scores with sum as S,Scores/$count as N,Scores with countdistinct as D,Contacts/Calls with max as M)',
    [{ S: 14, N: 4, D: 2, M: 4 }],
  ],
  ['AG056', 'Sales?$apply=concat(identity,identity)/aggregate(Amount with sum as S)', [{ S: 48 }]],
  ['AG054', 'Sales?$apply=concat(identity,identity)/aggregate(Product/TaxRate with sum as S)', [{ S: 0.26 }]],
  [
    'AG059',
    'Sales?$apply=groupby((Customer/Country),aggregate(Product/TaxRate with sum as S))',
    [
      { Customer: { Country: 'Netherlands' }, S: 0.2 },
      { Customer: { Country: 'USA' }, S: 0.26 },
    ],
  ],
  [
    'AG069',
    'Products?$apply=groupby((Name),aggregate(Sales/$count as SalesCount))',
    [
      { Name: 'Coffee', SalesCount: 2 },
      { Name: 'Paper', SalesCount: 4 },
      { Name: 'Pencil', SalesCount: 0 },
      { Name: 'Sugar', SalesCount: 2 },
    ],
  ],
  ['AG069', 'Sales?$apply=aggregate(Customer/$count as C,Product/Category/$count as P)', [{ C: 3, P: 2 }]],
  [
    'AG045',
    'Products?$apply=aggregate(T.FoodProduct/Rating with max as M,Category/Name with min as N)',
    [{ M: 5, N: 'Food' }],
  ],
  [
    'AG101',
    'Sales?$apply=groupby((Amount),aggregate(Amount with sum as Total))',
    [
      { Amount: 1, Total: 2 },
      { Amount: 2, Total: 6 },
      { Amount: 4, Total: 8 },
      { Amount: 8, Total: 8 },
    ],
  ],
  [
    'AG077',
    'Sales?$apply=aggregate(Amount with average from Time,Product/Name with max as MaxDailyAverage)',
    [{ MaxDailyAverage: 8 }],
  ],
  ['AG077 AG080', 'Sales?$apply=aggregate(Amount with sum from Customer with max as M,$count as N)', [{ M: 12, N: 8 }]],
  ['AG077', 'Sales?$apply=aggregate($count from Customer/Country with max as M)', [{ M: 5 }]],
  ['AG078', 'Sales?$apply=aggregate(Forecast from Product as F)', [{ F: 48 }]],
  [
    'AG079',
    'Sales?$apply=concat(groupby((rollup(Customer/Country,Customer/ID)),aggregate(Amount with sum from Customer/ID with average as A)),aggregate(Amount with sum from Customer/ID with average from Customer/Country with average as A))',
    [
      { Customer: { Country: 'Netherlands', ID: 'C3' }, A: 5 },
      { Customer: { Country: 'USA', ID: 'C1' }, A: 7 },
      { Customer: { Country: 'USA', ID: 'C2' }, A: 12 },
      { Customer: { Country: 'Netherlands' }, A: 5 },
      { Customer: { Country: 'USA' }, A: 9.5 },
      { A: 7.25 },
    ],
    'Sales(A)',
  ],
  [
    'AG081',
    'Sales?$apply=filter(Amount gt 99)/aggregate(Amount with sum from Time with average as A,Amount with sum from Time with countdistinct as D)',
    [{ A: null, D: 0 }],
  ],
  [
    'AG084 AG042 AG029',
    'Sales?$apply=concat(topcount(2,Amount),aggregate(Amount))',
    [{ ID: 3, Amount: 4 }, { ID: 4, Amount: 8 }, { Amount: 24 }],
    'Sales(Amount)',
  ],
  [
    'AG085 AG039',
    'Sales?$apply=concat(filter(ID eq 1),filter(Amount lt 2))',
    [
      { ID: 1, Amount: 1 },
      { ID: 1, Amount: 1 },
      { ID: 7, Amount: 1 },
    ],
    'Sales',
  ],
  [
    'AG084',
    'Sales?$apply=concat(filter(ID le 2)/orderby(Amount desc),filter(ID le 2))',
    [
      { ID: 2, Amount: 2 },
      { ID: 1, Amount: 1 },
      { ID: 1, Amount: 1 },
      { ID: 2, Amount: 2 },
    ],
  ],
  [
    'AG022',
    'Sales?$apply=concat(topcount(2,Amount),aggregate(Amount))/filter(Amount gt 4)',
    [{ ID: 4, Amount: 8 }, { Amount: 24 }],
  ],
  [
    'AG025',
    'Sales?$apply=concat(groupby((Customer/Country,Product/Name),aggregate(Amount with sum as Total))/groupby((Customer/Country),topcount(1,Total)),groupby((Customer/Country),aggregate(Amount with sum as Total)))',
    [
      { Customer: { Country: 'Netherlands' }, Product: { Name: 'Paper' }, Total: 3 },
      { Customer: { Country: 'USA' }, Product: { Name: 'Coffee' }, Total: 12 },
      { Customer: { Country: 'Netherlands' }, Total: 5 },
      { Customer: { Country: 'USA' }, Total: 19 },
    ],
    'Sales(Customer(Country),Total)',
  ],
  [
    'AG030',
    'Sales?$apply=concat(groupby((Customer/Country)),groupby((Product/Name)))',
    [
      { Customer: { Country: 'Netherlands' } },
      { Customer: { Country: 'USA' } },
      { Product: { Name: 'Coffee' } },
      { Product: { Name: 'Paper' } },
      { Product: { Name: 'Sugar' } },
    ],
    'Sales(@Core.AnyStructure)',
  ],
  [
    'AG029 AG097',
    'Sales?$apply=groupby((Customer/Country,Product/Name),aggregate(Amount with sum as Total))',
    perCountryAndProduct,
    'Sales(Customer(Country),Product(Name),Total)',
  ],
  [
    'AG090',
    'Sales?$apply=groupby((Customer/Country,Product/Name,Customer/Country),aggregate(Amount with sum as Total))',
    perCountryAndProduct,
  ],
  [
    'AG097',
    'Sales?$apply=groupby((Product/Category/Name,Product/Name))',
    [
      { Product: { Category: { Name: 'Food' }, Name: 'Coffee' } },
      { Product: { Category: { Name: 'Food' }, Name: 'Sugar' } },
      { Product: { Category: { Name: 'Non-Food' }, Name: 'Paper' } },
    ],
    'Sales(Product(Category(Name),Name))',
  ],
  [
    'AG098 AG038',
    'Sales?$apply=groupby((Customer))',
    [{ Customer: joe }, { Customer: sue }, { Customer: other }],
    'Sales(Customer())',
  ],
  [
    'AG098 AG037',
    'Sales?$apply=groupby((Customer))&$expand=Customer($select=Name,ID)',
    [
      { Customer: { Name: 'Joe', ID: 'C1' } },
      { Customer: { Name: 'Sue', ID: 'C2' } },
      { Customer: { Name: 'Sue', ID: 'C3' } },
    ],
    'Sales(Customer(Name,ID))',
  ],
  ['AG037', 'Sales?$apply=groupby((Customer/Country))&$expand=Product', [{}, {}], 'Sales(@Core.AnyStructure)'],
  [
    'AG038',
    'Sales?$apply=groupby((Customer),topcount(1,Amount))&$expand=Customer($select=ID)',
    [
      { ID: 3, Amount: 4, Customer: { ID: 'C1' } },
      { ID: 4, Amount: 8, Customer: { ID: 'C2' } },
      { ID: 6, Amount: 2, Customer: { ID: 'C3' } },
    ],
    'Sales(Customer(ID))',
  ],
  [
    'AG038',
    'Sales?$apply=groupby((Customer),topcount(1,Amount))/filter(ID eq 4)',
    [{ ID: 4, Amount: 8, Customer: sue }],
    'Sales(Customer())',
  ],
  [
    'AG099',
    'Customers?$apply=groupby((Address),aggregate($count as N))',
    [
      { Address: { City: 'Boston', Zip: '1' }, N: 2 },
      { Address: { City: 'Delft', Zip: '2' }, N: 1 },
      { Address: null, N: 1 },
    ],
  ],
  [
    'AG100',
    'Sales?$apply=groupby((Customer/Country),topcount(1,Amount))/concat(identity,aggregate($count as N))&$expand=Customer($select=ID)',
    [{ ID: 4, Amount: 8, Customer: { ID: 'C2' } }, { ID: 6, Amount: 2, Customer: { ID: 'C3' } }, { N: 2 }],
  ],
  [
    'AG089',
    'Sales?$apply=groupby((Customer/Country,Product/Name),topcount(2,Amount)/aggregate(Amount with sum as Total))',
    perCountryAndProduct,
  ],
  [
    'AG094',
    'Sales?$apply=groupby((Customer/Country),filter(Amount gt 3)/aggregate($count as N,Amount with sum as S))',
    [
      { Customer: { Country: 'Netherlands' }, N: 0, S: null },
      { Customer: { Country: 'USA' }, N: 3, S: 16 },
    ],
  ],
  [
    'AG094',
    'Sales?$apply=groupby((Customer/Country),filter(Amount gt 3)/aggregate(Product/TaxRate with sum as S,Product/$count as N))',
    [
      { Customer: { Country: 'Netherlands' }, N: 0, S: null },
      { Customer: { Country: 'USA' }, N: 2, S: 0.2 },
    ],
  ],
  [
    'AG095',
    'Sales?$apply=groupby((Customer/Country),concat(aggregate(Amount with sum as T),aggregate(Amount with max as M)))',
    [
      { Customer: { Country: 'Netherlands' }, T: 5 },
      { Customer: { Country: 'USA' }, T: 19 },
      { Customer: { Country: 'Netherlands' }, M: 2 },
      { Customer: { Country: 'USA' }, M: 8 },
    ],
    'Sales(Customer(Country))',
  ],
  [
    'AG096 AG095',
    'Products?$apply=groupby((T.FoodProduct/Rating,T.NonFoodProduct/RatingClass))',
    [
      { '@type': '#T.FoodProduct', Rating: 5 },
      { '@type': '#T.FoodProduct', Rating: null },
      { '@type': '#T.NonFoodProduct', RatingClass: 'average' },
      { '@type': '#T.NonFoodProduct', RatingClass: null },
    ],
  ],
  [
    'AG096 AG030 AG040',
    'Products?$apply=groupby((T.FoodProduct/Rating))',
    [{ Rating: 5 }, { Rating: null }, {}],
    'Products(@Core.AnyStructure)',
  ],
  [
    'AG106 AG108 AG109',
    'Sales?$apply=groupby((rollup(Customer/Country,Customer/Name)),aggregate(Amount with sum as T))',
    [
      { Customer: { Country: 'USA', Name: 'Joe' }, T: 7 },
      { Customer: { Country: 'USA', Name: 'Sue' }, T: 12 },
      { Customer: { Country: 'Netherlands', Name: 'Sue' }, T: 5 },
      { Customer: { Country: 'USA' }, T: 19 },
      { Customer: { Country: 'Netherlands' }, T: 5 },
    ],
    'Sales(Customer(Country),T)',
  ],
  [
    'AG107 AG111',
    "Sales?$apply=filter(Customer/ID eq 'C1')/groupby((rollup(Customer/Country,Customer/Name),rollup(Product/Category/Name,Product/Name)),aggregate(Amount with sum as T))",
    [
      { Customer: { Country: 'USA', Name: 'Joe' }, Product: { Category: { Name: 'Food' }, Name: 'Coffee' }, T: 4 },
      { Customer: { Country: 'USA', Name: 'Joe' }, Product: { Category: { Name: 'Food' }, Name: 'Sugar' }, T: 2 },
      { Customer: { Country: 'USA', Name: 'Joe' }, Product: { Category: { Name: 'Non-Food' }, Name: 'Paper' }, T: 1 },
      { Customer: { Country: 'USA', Name: 'Joe' }, Product: { Category: { Name: 'Food' } }, T: 6 },
      { Customer: { Country: 'USA', Name: 'Joe' }, Product: { Category: { Name: 'Non-Food' } }, T: 1 },
      { Customer: { Country: 'USA' }, Product: { Category: { Name: 'Food' }, Name: 'Coffee' }, T: 4 },
      { Customer: { Country: 'USA' }, Product: { Category: { Name: 'Food' }, Name: 'Sugar' }, T: 2 },
      { Customer: { Country: 'USA' }, Product: { Category: { Name: 'Non-Food' }, Name: 'Paper' }, T: 1 },
      { Customer: { Country: 'USA' }, Product: { Category: { Name: 'Food' } }, T: 6 },
      { Customer: { Country: 'USA' }, Product: { Category: { Name: 'Non-Food' } }, T: 1 },
    ],
    'Sales(Customer(Country),Product(Category(Name)),T)',
  ],
  [
    'AG110',
    'Products?$apply=groupby((rollup(ProductHierarchy)),aggregate($count as N))',
    [
      { Category: { Name: 'Food' }, Name: 'Coffee', N: 1 },
      { Category: { Name: 'Food' }, Name: 'Sugar', N: 1 },
      { Category: { Name: 'Non-Food' }, Name: 'Paper', N: 1 },
      { Category: { Name: 'Non-Food' }, Name: 'Pencil', N: 1 },
      { Category: { Name: 'Food' }, N: 2 },
      { Category: { Name: 'Non-Food' }, N: 2 },
    ],
    'Products(Category(Name),N)',
  ],
  ['AG010', 'Sales?$apply=filter(Amount gt @a)/aggregate(Amount mul @b with sum as S)&@a=3&@b=2', [{ S: 32 }]],
];

const refusals: readonly Refusal[] = [
  ['AG010', 'Sales?$apply=top(@a)&@a=Amount', 400],
  ['AG012', 'Sales?$apply=TopCountAndRemainder(Count=1)', 400],
  ['AG024', 'Sales?$apply=aggregate(Amount with sum as Total)/compute(Total mul 2 as Total)', 400],
  ['AG024', 'Sales?$apply=groupby((Customer/Country),aggregate(Amount with sum as Customer))', 400],
  ['AG044', 'Sales?$apply=aggregate(Product/Nope with sum as S)', 400],
  ['AG044', `Products?$apply=aggregate(Sales('1')/Amount with sum as S)`, 501],
  ['AG049', 'Sales?$apply=aggregate(Product with max as M)', 400],
  ['AG051', 'Sales?$apply=aggregate($count with sum as N)', 400],
  ['AG051', 'Sales?$apply=aggregate(Customer/$count)', 400],
  ['AG053', 'Sales?$apply=aggregate(Customer)', 400],
  ['AG053', 'Products?$apply=aggregate(TaxRate as T)', 400],
  ['AG057', 'Products?$apply=aggregate(Sales/Amount mul 2 with sum as S)', 400],
  ['AG067', 'Customers?$apply=aggregate(Address with sum as S)', 400],
  ['AG068', 'Sales?$apply=aggregate(Amount with T.median as M)', 501],
  ['AG080', 'Products?$apply=aggregate(TaxRate with sum from Sales/ID with max as M)', 400],
  ['AG082', 'Sales?$apply=aggregate(Amount with sum from Time as M)', 400],
  ['AG088', 'Products?$apply=groupby((Sales/Amount))', 400],
  ['AG110', 'Products?$apply=groupby((rollup(Nope)))', 400],
  ['AG052', 'Sales?$apply=aggregate(Oracle)', 501],
];

describe('Aggregation 3.2: basic aggregation', () => {
  let server: Server;
  before(async () => {
    server = await startSales();
  });
  after(() => server.close());
  testRows(() => server, rows);
  testRefusals(() => server, refusals);
});
