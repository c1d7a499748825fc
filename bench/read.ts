// Reading beside hand-written SQL on the same file, within one process, interleaved: npx tsx bench/read.ts [rounds]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createService, type ODataRequest } from '../src/index.js';
import { modelFrom } from '../test/model/inline.js';

const rounds = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'edmund-bench-'));
const file = join(folder, 'read.sqlite');

const service = await createService({
  database: file,
  model: modelFrom(`
<EntityType Name="Item"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Name" Type="Edm.String" Nullable="false"/>
  <Property Name="Category" Type="Edm.String" Nullable="false"/>
  <Property Name="Price" Type="Edm.Decimal" Precision="10" Scale="2" Nullable="false"/>
  <Property Name="Stock" Type="Edm.Int32"/>
  <Property Name="Weight" Type="Edm.Double"/>
  <Property Name="Made" Type="Edm.DateTimeOffset" Precision="3"/>
  <Property Name="Active" Type="Edm.Boolean" Nullable="false"/>
</EntityType>
<EntityType Name="Customer"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Name" Type="Edm.String" Nullable="false"/>
  <Property Name="City" Type="Edm.String"/>
  <NavigationProperty Name="Orders" Type="Collection(T.Order)" Partner="Customer"/>
</EntityType>
<EntityType Name="Order"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="CustomerID" Type="Edm.Int32"/>
  <Property Name="Total" Type="Edm.Double" Nullable="false"/>
  <Property Name="Placed" Type="Edm.Date"/>
  <NavigationProperty Name="Customer" Type="T.Customer" Partner="Orders"><ReferentialConstraint Property="CustomerID" ReferencedProperty="ID"/></NavigationProperty>
</EntityType>
<EntityContainer Name="C">
  <EntitySet Name="Items" EntityType="T.Item"/>
  <EntitySet Name="Customers" EntityType="T.Customer"><NavigationPropertyBinding Path="Orders" Target="Orders"/></EntitySet>
  <EntitySet Name="Orders" EntityType="T.Order"><NavigationPropertyBinding Path="Customer" Target="Customers"/></EntitySet>
</EntityContainer>`),
});

const base = 'http://bench.example/';
async function ask(method: ODataRequest['method'], url: string, body: unknown = null): Promise<Buffer> {
  const reply = await service.handle({
    method,
    url,
    base,
    headers: body === null ? {} : { 'content-type': 'application/json', 'odata-version': '4.01' },
    body: body === null ? null : Buffer.from(JSON.stringify(body)),
    user: { id: null, name: null, application: null, scopes: new Set(), roles: new Set(), unrestricted: true },
    requestId: 'bench',
  });
  if (reply.status >= 300) throw new Error(`${method} ${url}: ${reply.status} ${reply.body}`);
  return Buffer.from(reply.body ?? '');
}

async function fill(set: string, count: number, make: (id: number) => object): Promise<void> {
  for (let from = 1; from <= count; from += 1000) {
    const value = Array.from({ length: Math.min(1000, count - from + 1) }, (_, index) => make(from + index));
    await ask('PATCH', set, { '@context': '#$delta', value });
  }
}
const words = ['amber', 'basalt', 'cedar', 'dune', 'ember', 'fjord', 'grove', 'heath'];
const word = (id: number) => words[(id * 7919) % words.length];
await fill('Items', 10_000, (ID) => ({
  ID,
  Name: `${word(ID)} ${word(ID >> 3)} ${ID}`,
  Category: `c${ID % 20}`,
  Price: ((ID * 37) % 10_000) / 100,
  Stock: ID % 50,
  Weight: (ID % 97) / 7,
  Made: new Date(1.6e12 + ID * 1e7).toISOString(),
  Active: ID % 3 > 0,
}));
await fill('Customers', 500, (ID) => ({ ID, Name: `${word(ID)} ${ID}`, City: word(ID >> 1) }));
await fill('Orders', 2500, (ID) => ({ ID, CustomerID: (ID % 500) + 1, Total: (ID * 13) % 997, Placed: '2024-05-06' }));

const database = new Database(file, { readonly: true });
interface Row {
  readonly [column: string]: unknown;
}
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const etag = (row: Row) => `W/"${row['@version']}"`;
const page = database.prepare<[number, string], Row>(
  'select * from Items where Price > ? and instr(Name, ?) > 0 order by Name, ID limit 50',
);
const customers = database.prepare<[], Row>('select * from Customers order by ID limit 50');
const orders = database.prepare<[number], Row>(
  'select * from Orders where CustomerID = ? order by Total desc, ID limit 3',
);
const groups = database.prepare<[], Row>(
  'select Category, sum(Price) as Total, count(*) as Count from Items group by Category order by Category',
);
const counted = database.prepare<[string], number>('select count(*) from Items where Category = ?').pluck();

const loads: readonly (readonly [name: string, times: number, url: string, byHand: () => Buffer])[] = [
  [
    'filter page',
    20,
    "Items?$filter=Price gt 50 and contains(Name,'cedar')&$orderby=Name&$top=50",
    () =>
      json({
        '@odata.context': `${base}$metadata#Items`,
        value: page.all(5000, 'cedar').map((row) => ({
          '@odata.etag': etag(row),
          ID: row.ID,
          Name: row.Name,
          Category: row.Category,
          Price: Number(row.Price) / 100,
          Stock: row.Stock,
          Weight: row.Weight,
          Made: row.Made,
          Active: row.Active === 1,
        })),
      }),
  ],
  [
    'expand 50 x 5',
    40,
    'Customers?$top=50&$expand=Orders($orderby=Total desc;$top=3)',
    () =>
      json({
        '@odata.context': `${base}$metadata#Customers(Orders())`,
        value: customers.all().map((row) => ({
          '@odata.etag': etag(row),
          ID: row.ID,
          Name: row.Name,
          City: row.City,
          Orders: orders.all(Number(row.ID)).map((order) => ({
            '@odata.etag': etag(order),
            ID: order.ID,
            CustomerID: order.CustomerID,
            Total: order.Total,
            Placed: order.Placed,
          })),
        })),
      }),
  ],
  [
    'groupby',
    10,
    'Items?$apply=groupby((Category),aggregate(Price with sum as Total,$count as Count))',
    () =>
      json({
        '@odata.context': `${base}$metadata#Items(Category,Total,Count)`,
        value: groups.all().map((row) => ({ ...row, Total: Number(row.Total) / 100 })),
      }),
  ],
  ['count', 60, "Items/$count?$filter=Category eq 'c3'", () => Buffer.from(String(counted.get('c3')))],
];

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const rows = (body: Buffer) => body.toString().match(/"?(ID|Category)"?:/g)?.length ?? body.toString();
console.log('microseconds a request within the process, median of rounds, and the ratio to hand-written SQL');
for (const [name, times, url, byHand] of loads) {
  const [own, hand] = [rows(await ask('GET', url)), rows(byHand())];
  if (own !== hand) throw new Error(`${name}: ${own} rows, by hand ${hand}`);
  const spent: [number[], number[]] = [[], []];
  const ways = [() => ask('GET', url), async () => byHand()];
  for (let round = -3; round < rounds; round++)
    for (const [index, run] of ways.entries()) {
      const start = performance.now();
      for (let done = 0; done < times; done++) await run();
      if (round >= 0) spent[index]?.push(((performance.now() - start) / times) * 1000);
    }
  const [ours, theirs] = [median(spent[0]), median(spent[1])];
  console.log(
    `${name.padEnd(14)} ${ours.toFixed(0).padStart(6)} ${theirs.toFixed(0).padStart(6)}   ${(ours / theirs).toFixed(2)}`,
  );
}

database.close();
await service.close();
rmSync(folder, { recursive: true });
