// Readings beside the SQL one would write by hand for just this answer, both without HTTP and interleaved: npx tsx bench/reads.ts [rounds]
// The last column is ours to theirs; it must stay below 1.5.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createService, readModel } from '../src/index.js';

const rounds = Number(process.argv[2] ?? 300);
const folder = mkdtempSync(join(tmpdir(), 'edmund-bench-'));
const file = join(folder, 'reads.sqlite');
const base = 'http://bench/';

const service = await createService({
  database: file,
  model: readModel({
    file: 'reads.xml',
    text: `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01"><edmx:DataServices>
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="B">
<EntityType Name="Author"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="Name" Type="Edm.String"/><Property Name="City" Type="Edm.String"/>
<NavigationProperty Name="Books" Type="Collection(B.Book)" Partner="Author"/></EntityType>
<EntityType Name="Book"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="Title" Type="Edm.String"/><Property Name="Pages" Type="Edm.Int32"/><Property Name="Price" Type="Edm.Double"/><Property Name="AuthorID" Type="Edm.Int32"/>
<NavigationProperty Name="Author" Type="B.Author" Partner="Books"><ReferentialConstraint Property="AuthorID" ReferencedProperty="ID"/></NavigationProperty></EntityType>
<EntityContainer Name="C"><EntitySet Name="Authors" EntityType="B.Author"><NavigationPropertyBinding Path="Books" Target="Books"/></EntitySet>
<EntitySet Name="Books" EntityType="B.Book"><NavigationPropertyBinding Path="Author" Target="Authors"/></EntitySet></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`,
  }),
});
const user = {
  id: null,
  name: null,
  application: null,
  scopes: new Set<string>(),
  roles: new Set<string>(),
  unrestricted: true,
};
async function ours(url: string, method: 'GET' | 'POST' = 'GET', body: object | null = null): Promise<string> {
  const headers = body === null ? {} : { 'content-type': 'application/json' };
  const bytes = body === null ? null : Buffer.from(JSON.stringify(body));
  const answer = await service.handle({ method, url, headers, body: bytes, user, base, requestId: 'bench' });
  if (answer.status >= 300) throw new Error(String(answer.body));
  return String(answer.body);
}
for (let id = 1; id <= 200; id++) {
  await ours('Authors', 'POST', { ID: id, Name: `Author ${id}`, City: `City ${id % 20}` });
  for (let book = 0; book < 5; book++)
    await ours('Books', 'POST', {
      ID: id * 10 + book,
      Title: `Title ${id * 7 + book}`,
      Pages: (id * 37 + book * 11) % 900,
      Price: book + 0.5,
      AuthorID: id,
    });
}

const database = new Database(file, { readonly: true });
const version = database.prepare(`select name from pragma_table_info('Books') where name like '@%'`).pluck().get();
const etag = (alias: string) => `'@odata.etag', 'W/"' || ${alias}."${version}" || '"'`;
const book = (alias: string) =>
  `json_object(${etag(alias)}, 'ID', ${alias}.ID, 'Title', ${alias}.Title, 'Pages', ${alias}.Pages, 'Price', ${alias}.Price, 'AuthorID', ${alias}.AuthorID)`;
const envelope = (context: string, items: unknown) =>
  `{"@odata.context":"${base}$metadata#${context}","value":[${items ?? ''}]}`;

const cases: readonly (readonly [name: string, url: string, sql: string, frame: (row: unknown) => string])[] = [
  [
    'a page that is filtered and sorted',
    'Books?$filter=Pages gt 200&$orderby=Title&$top=50',
    `select group_concat(${book('b')}) from (select * from Books where Pages > 200 order by Title, ID limit 50) b`,
    (row) => envelope('Books', row),
  ],
  [
    '50 with 5 each',
    'Authors?$expand=Books&$top=50',
    `select group_concat(json_object(${etag('a')}, 'ID', a.ID, 'Name', a.Name, 'City', a.City, 'Books', (select json_group_array(${book('b')}) from (select * from Books x where x.AuthorID = a.ID order by x.ID) b))) from (select * from Authors order by ID limit 50) a`,
    (row) => envelope('Authors', row),
  ],
  [
    '50 with the first 3 each',
    'Authors?$expand=Books($top=3;$orderby=Pages desc)&$top=50',
    `select group_concat(json_object(${etag('a')}, 'ID', a.ID, 'Name', a.Name, 'City', a.City, 'Books', (select json_group_array(${book('b')}) from (select * from Books x where x.AuthorID = a.ID order by x.Pages desc, x.ID limit 3) b))) from (select * from Authors order by ID limit 50) a`,
    (row) => envelope('Authors', row),
  ],
  [
    'groups',
    'Books?$apply=groupby((AuthorID),aggregate(Pages with sum as Total,$count as Number))&$top=100',
    `select group_concat(json_object('AuthorID', AuthorID, 'Total', Total, 'Number', Number)) from (select AuthorID, sum(Pages) Total, count(*) Number from Books group by AuthorID limit 100)`,
    (row) => envelope('Books(AuthorID,Total,Number)', row),
  ],
  ['a count', 'Books/$count?$filter=Pages gt 200', 'select count(*) from Books where Pages > 200', String],
];

console.log('microseconds, the median of many rounds\n');
for (const [name, url, sql, frame] of cases) {
  const statement = database.prepare(sql).pluck();
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    let begin = performance.now();
    await ours(url);
    a.push(performance.now() - begin);
    begin = performance.now();
    frame(statement.get());
    b.push(performance.now() - begin);
  }
  const median = (times: number[]) => (times.sort((x, y) => x - y)[times.length >> 1] ?? 0) * 1000;
  const [one, other] = [median(a), median(b)];
  console.log(
    `${name.padEnd(36)}${one.toFixed(0).padStart(8)}${other.toFixed(0).padStart(8)}${(one / other).toFixed(2).padStart(8)}`,
  );
}
database.close();
await service.close();
rmSync(folder, { recursive: true });
