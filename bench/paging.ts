// Pages far into a large set beside the first one, by several orders with nulls: npx tsx bench/paging.ts [rows] [rounds]
// The last column must stay below 2. Times are the least of many rounds, first and far page interleaved.

import { createService, readModel } from '../src/index.js';
import { openSqlite } from '../src/store/index.js';

const rows = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 30);
const far = 5000;
const size = 100;

const model = readModel({
  file: 'paging.xml',
  text: `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01">
<edmx:Reference Uri="Edmund.V1.xml"><edmx:Include Namespace="Edmund.V1" Alias="Edmund"/></edmx:Reference>
<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="P">
<EntityType Name="Row"><Key><PropertyRef Name="ID"/></Key>
<Property Name="ID" Type="Edm.Int32" Nullable="false"/><Property Name="Rank" Type="Edm.Int32"/><Property Name="Name" Type="Edm.String"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Rows" EntityType="P.Row">
<Annotation Term="Edmund.DefaultOrder"><Collection><Record><PropertyValue Property="Property" PropertyPath="Rank"/></Record></Collection></Annotation>
</EntitySet></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`,
});
const store = openSqlite(':memory:');
const service = await createService({ model, store, settings: { pageSize: size, statementTime: 60_000 } });
const [[columns]] = (await store.read({
  text: `select group_concat(name) from pragma_table_info('Rows')`,
  values: [],
})) as [[string]];
await store.transaction(async (session) => {
  const values = columns
    .split(',')
    .map((name) =>
      name === 'ID'
        ? 'i'
        : name === 'Rank'
          ? 'iif(i % 3 = 0, null, i * 7919 % 400000)'
          : name === 'Name'
            ? `'row ' || i`
            : '1',
    );
  const text = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) insert into "Rows" (${columns
    .split(',')
    .map((name) => `"${name}"`)
    .join()}) select ${values.join()} from n`;
  await session.run({ text, values: [] });
});

async function get(url: string): Promise<string> {
  const { status, body } = await service.handle({
    method: 'GET',
    url,
    headers: {},
    body: null,
    user: { id: null, name: null, application: null, scopes: new Set(), roles: new Set(), unrestricted: true },
    base: 'http://bench/',
    requestId: 'bench',
  });
  if (status !== 200) throw new Error(String(body));
  return String(body);
}

const linkOf = (body: string) => String(JSON.parse(body)['@odata.nextLink']).slice('http://bench/'.length);

async function timed(url: string): Promise<number> {
  const begin = performance.now();
  await get(url);
  return performance.now() - begin;
}

console.log(`${rows} rows, a third of them null; page 1 and page ${far} of ${size}, milliseconds\n`);
for (const order of ['ID', 'Rank', 'Rank desc', 'Rank desc,ID desc', 'Rank,ID desc']) {
  const first = `Rows?$orderby=${encodeURIComponent(order)}`;
  // The place of a far page is reached by a link from the page before it.
  let link = linkOf(await get(`${first}&$skip=${(far - 2) * size}`));
  const pages: [name: string, url: string][] = [[`page ${far}`, link]];
  // Where nulls begin, or end, ranges meet.
  link = linkOf(await get(`${first}&$skip=${Math.floor(rows / 3) - 50}`));
  pages.push(['at the nulls', link]);
  link = linkOf(await get(`${first}&$skip=${Math.ceil((2 * rows) / 3) - 50}`));
  pages.push(['at two thirds', link]);
  for (const [name, url] of pages) {
    let [one, other] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round++) {
      one = Math.min(one, await timed(`${first}&round=${round}`));
      other = Math.min(other, await timed(url));
    }
    console.log(
      `${order.padEnd(20)}${name.padEnd(16)}${one.toFixed(2).padStart(8)}${other.toFixed(2).padStart(8)}${(other / one).toFixed(2).padStart(8)}`,
    );
  }
}
await service.close();
