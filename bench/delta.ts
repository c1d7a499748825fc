// What tracking changes costs a writer, and what telling them costs: `npx tsx bench/delta.ts [rows]`. One line a measurement.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../src/index.js';
import { modelFrom, open, type World } from '../test/model/inline.js';
import { container, types } from '../test/model/shop.js';

const rows = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'edmund-'));
const world = await open(modelFrom(types + container), { store: openSqlite(join(folder, 'bench.sqlite')) });

/** Fills tables as an import would. */
async function fill(target: World): Promise<void> {
  await target.store.transaction(async (session) => {
    const count = `with recursive n(i) as (values (1) union all select i + 1 from n where i < ${rows})`;
    const customers = `${count} insert into "Customers" ("ID", "Name", "Level", "Credit", "Contacts", "Nicknames", "@version") select i, 'Name ' || i, 0, 10000, '[]', '[]', 1 from n`;
    const orders = `${count} insert into "Orders" ("ID", "CustomerID", "@version") select i, i, 1 from n`;
    for (const text of [customers, orders]) await session.run({ text, values: [] });
  });
}

async function timed(title: string, times: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < Math.min(times, 20); index++) await work(index + 1);
  const start = performance.now();
  for (let index = 0; index < times; index++) await work(index + 1);
  console.log(`${title.padEnd(60)} ${(((performance.now() - start) * 1000) / times).toFixed(0).padStart(9)} µs`);
}

const patch = (index: number) => world.ask('PATCH', `Customers(${index})`, { body: { Credit: Math.random() * 1e6 } });
const insideOne = (text: string, times: number) => () =>
  world.store.transaction(async (session) => {
    for (let index = 1; index <= times; index++) await session.run({ text, values: [BigInt(index)] });
  });
const update = `update "Customers" set "Credit" = "Credit" + 1 where "ID" = ?`;

await fill(world);
await timed('PATCH, nothing tracked', 2000, patch);
await timed('1,000 updates in one transaction, nothing tracked', 20, insideOne(update, 1000));
const links = new Map<string, string>();
for (const url of ['Customers', "Customers?$filter=contains(Name,'7')", 'Customers?$expand=Orders']) {
  const { json, status, text } = await world.ask('GET', `${url}${url.includes('?') ? '&' : '?'}$deltatoken=latest`, {
    headers: { prefer: 'track-changes', 'odata-maxversion': '4.01' },
  });
  if (status !== 200) throw new Error(text);
  links.set(url, json['@deltaLink'].replace('http://shop.example/', ''));
}
const tell = (url: string) => async () => {
  const { status, text } = await world.ask('GET', links.get(url) ?? '', { headers: { 'odata-maxversion': '4.01' } });
  if (status !== 200) throw new Error(text);
};
const tellAll = async (changes: string, times: number) => {
  for (const url of links.keys()) await timed(`${url}: ${changes}`, times, tell(url));
};
await tellAll('no change', 20);
await insideOne(update, 10)();
await tellAll('10 changed', 20);
await insideOne(`update "Orders" set "Note" = 'x' where "ID" = ?`, 10)();
await tellAll('10 and 10 related ones changed', 20);
await timed('PATCH, tracked', 2000, patch);
await timed('1,000 updates in one transaction, tracked', 20, insideOne(update, 1000));
await insideOne(update, 10_000)();
await tellAll('10,000 changed, first page', 3);
await world.close();
rmSync(folder, { recursive: true });
