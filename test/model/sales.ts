import type { ServiceOptions } from '../../src/index.js';
import { modelFrom } from './inline.js';
import { type Server, startServer } from './serve.js';

/** The example model of the standard (Aggregation 2.1), with what its sections 5.2 and 5.5 annotate. */
const schema = `
<EntityType Name="Category">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.String" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <NavigationProperty Name="Products" Type="Collection(T.Product)" Partner="Category"/>
</EntityType>
<EntityType Name="Product" Abstract="true">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.String" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <Property Name="Color" Type="Edm.String"/>
  <Property Name="TaxRate" Type="Edm.Decimal" Scale="variable"/>
  <NavigationProperty Name="Category" Type="T.Category" Nullable="false" Partner="Products"/>
  <NavigationProperty Name="Sales" Type="Collection(T.Sale)" Partner="Product"/>
  <Annotation Term="Aggregation.LeveledHierarchy" Qualifier="ProductHierarchy"><Collection>
    <PropertyPath>Category/Name</PropertyPath><PropertyPath>Name</PropertyPath>
  </Collection></Annotation>
</EntityType>
<EntityType Name="FoodProduct" BaseType="T.Product"><Property Name="Rating" Type="Edm.Byte"/></EntityType>
<EntityType Name="NonFoodProduct" BaseType="T.Product"><Property Name="RatingClass" Type="Edm.String"/></EntityType>
<EntityType Name="Time">
  <Key><PropertyRef Name="Date"/></Key>
  <Property Name="Date" Type="Edm.Date" Nullable="false"/>
  <Property Name="Month" Type="Edm.String"/>
  <Property Name="Quarter" Type="Edm.String"/>
  <Property Name="Year" Type="Edm.Int16"/>
</EntityType>
<ComplexType Name="Address"><Property Name="City" Type="Edm.String"/><Property Name="Zip" Type="Edm.String"/></ComplexType>
<ComplexType Name="Contact"><Property Name="Kind" Type="Edm.String"/><Property Name="Calls" Type="Edm.Int32"/></ComplexType>
<EntityType Name="Customer">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.String" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <Property Name="Country" Type="Edm.String"/>
  <Property Name="Address" Type="T.Address"/>
  <Property Name="Contacts" Type="Collection(T.Contact)" Nullable="false"/>
  <Property Name="Scores" Type="Collection(Edm.Int32)" Nullable="false"/>
  <NavigationProperty Name="Sales" Type="Collection(T.Sale)" Partner="Customer"/>
</EntityType>
<EntityType Name="Sale">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Amount" Type="Edm.Decimal" Precision="10" Scale="2"/>
  <NavigationProperty Name="Customer" Type="T.Customer" Nullable="false" Partner="Sales"/>
  <NavigationProperty Name="Time" Type="T.Time" Nullable="false"/>
  <NavigationProperty Name="Product" Type="T.Product" Nullable="false" Partner="Sales"/>
  <NavigationProperty Name="SalesOrganization" Type="T.SalesOrganization" Nullable="false"/>
  <Annotation Term="Aggregation.CustomAggregate" Qualifier="Forecast" String="Edm.Decimal">
    <Annotation Term="Edmund.AggregateExpression" String="Amount mul 2 with sum"/>
  </Annotation>
  <Annotation Term="Aggregation.CustomAggregate" Qualifier="Amount" String="Edm.Decimal">
    <Annotation Term="Edmund.AggregateExpression" String="Amount with sum"/>
  </Annotation>
  <Annotation Term="Aggregation.CustomAggregate" Qualifier="Oracle" String="Edm.Decimal"/>
</EntityType>
<EntityType Name="SalesOrganization">
  <Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.String" Nullable="false"/>
  <Property Name="Name" Type="Edm.String"/>
  <NavigationProperty Name="Superordinate" Type="T.SalesOrganization"/>
  <Annotation Term="Aggregation.RecursiveHierarchy" Qualifier="SalesOrgHierarchy"><Record>
    <PropertyValue Property="NodeProperty" PropertyPath="ID"/>
    <PropertyValue Property="ParentNavigationProperty" NavigationPropertyPath="Superordinate"/>
  </Record></Annotation>
</EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Sales" EntityType="T.Sale">
    <NavigationPropertyBinding Path="Customer" Target="Customers"/>
    <NavigationPropertyBinding Path="Time" Target="Time"/>
    <NavigationPropertyBinding Path="Product" Target="Products"/>
    <NavigationPropertyBinding Path="SalesOrganization" Target="SalesOrganizations"/>
    <Annotation Term="Edmund.Searchable"><Collection/></Annotation>
  </EntitySet>
  <EntitySet Name="Customers" EntityType="T.Customer"><NavigationPropertyBinding Path="Sales" Target="Sales"/></EntitySet>
  <EntitySet Name="Products" EntityType="T.Product">
    <NavigationPropertyBinding Path="Category" Target="Categories"/>
    <NavigationPropertyBinding Path="Sales" Target="Sales"/>
  </EntitySet>
  <EntitySet Name="Categories" EntityType="T.Category"><NavigationPropertyBinding Path="Products" Target="Products"/></EntitySet>
  <EntitySet Name="Time" EntityType="T.Time"/>
  <EntitySet Name="SalesOrganizations" EntityType="T.SalesOrganization">
    <NavigationPropertyBinding Path="Superordinate" Target="SalesOrganizations"/>
  </EntitySet>
</EntityContainer>`;

type Row = Readonly<Record<string, unknown>>;

const to = (set: string, key: string) => ({ '@id': `${set}(${key})` });
const food = '#T.FoodProduct';
const nonFood = '#T.NonFoodProduct';

const categories: readonly Row[] = [
  { ID: 'PG1', Name: 'Food' },
  { ID: 'PG2', Name: 'Non-Food' },
];
const products: readonly Row[] = [
  {
    '@type': food,
    ID: 'P1',
    Name: 'Sugar',
    Color: 'White',
    TaxRate: 0.06,
    Rating: 5,
    Category: to('Categories', `'PG1'`),
  },
  { '@type': food, ID: 'P2', Name: 'Coffee', Color: 'Brown', TaxRate: 0.06, Category: to('Categories', `'PG1'`) },
  {
    '@type': nonFood,
    ID: 'P3',
    Name: 'Paper',
    Color: 'White',
    TaxRate: 0.14,
    RatingClass: 'average',
    Category: to('Categories', `'PG2'`),
  },
  { '@type': nonFood, ID: 'P4', Name: 'Pencil', Color: 'Black', TaxRate: 0.14, Category: to('Categories', `'PG2'`) },
];
const customers: readonly Row[] = [
  {
    ID: 'C1',
    Name: 'Joe',
    Country: 'USA',
    Address: { City: 'Boston', Zip: '1' },
    Contacts: [
      { Kind: 'tel', Calls: 3 },
      { Kind: 'fax', Calls: 1 },
    ],
    Scores: [3, 3, 5],
  },
  {
    ID: 'C2',
    Name: 'Sue',
    Country: 'USA',
    Address: { City: 'Boston', Zip: '1' },
    Contacts: [{ Kind: 'tel', Calls: 4 }],
    Scores: [3],
  },
  { ID: 'C3', Name: 'Sue', Country: 'Netherlands', Address: { City: 'Delft', Zip: '2' }, Contacts: [], Scores: [] },
  { ID: 'C4', Name: 'Luc', Country: 'France', Contacts: [], Scores: [] },
];
const organizations: readonly (readonly [id: string, superordinate: string | null, name: string])[] = [
  ['Sales', null, 'Corporate Sales'],
  ['US', 'Sales', 'US'],
  ['US West', 'US', 'US West'],
  ['US East', 'US', 'US East'],
  ['EMEA', 'Sales', 'EMEA'],
  ['EMEA Central', 'EMEA', 'EMEA Central'],
];
const sales: readonly (readonly [
  id: number,
  customer: string,
  date: string,
  product: string,
  org: string,
  amount: number,
])[] = [
  [1, 'C1', '2022-01-03', 'P3', 'US West', 1],
  [2, 'C1', '2022-04-10', 'P1', 'US West', 2],
  [3, 'C1', '2022-08-07', 'P2', 'US West', 4],
  [4, 'C2', '2022-01-03', 'P2', 'US East', 8],
  [5, 'C2', '2022-11-09', 'P3', 'US East', 4],
  [6, 'C3', '2022-04-01', 'P1', 'EMEA Central', 2],
  [7, 'C3', '2022-08-06', 'P3', 'EMEA Central', 1],
  [8, 'C3', '2022-11-22', 'P3', 'EMEA Central', 2],
];
const days = ['2022-01-01', ...sales.map(([, , date]) => date)];

function rowsOf(): readonly (readonly [set: string, rows: readonly Row[]])[] {
  const time = [...new Set(days)].map((date) => {
    const month = date.slice(0, 7);
    return { Date: date, Month: month, Quarter: `2022-${Math.ceil(Number(month.slice(5)) / 3)}`, Year: 2022 };
  });
  return [
    ['Categories', categories],
    ['Products', products],
    ['Customers', customers],
    ['Time', time],
    [
      'SalesOrganizations',
      organizations.map(([ID, above, Name]) => ({
        ID,
        Name,
        ...(above === null ? {} : { Superordinate: to('SalesOrganizations', `'${encodeURIComponent(above)}'`) }),
      })),
    ],
    [
      'Sales',
      sales.map(([ID, customer, date, product, org, Amount]) => ({
        ID,
        Amount,
        Customer: to('Customers', `'${customer}'`),
        Time: to('Time', date),
        Product: to('Products', `'${product}'`),
        SalesOrganization: to('SalesOrganizations', `'${encodeURIComponent(org)}'`),
      })),
    ],
  ];
}

/** The standard's sales behind real HTTP, with its example data (Aggregation 2.2). */
export async function startSales(options: ServiceOptions = {}): Promise<Server> {
  const server = await startServer({ model: modelFrom(schema), ...options });
  for (const [set, rows] of rowsOf())
    for (const body of rows) {
      const { status, text } = await server.ask('POST', set, { body });
      if (status !== 201) throw new Error(`${set} ${JSON.stringify(body)}: ${status} ${text}`);
    }
  return server;
}
