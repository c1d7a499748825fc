import assert from 'node:assert/strict';
import fc from 'fast-check';
import { base, type World } from '../model/inline.js';
import { openShop } from '../model/shop.js';
import { copyOf } from './copy.js';

/** One change of the shop, by whatever way; most of them do something, some are refused. */
type Change = (world: World) => Promise<unknown>;

const key = fc.integer({ min: 1, max: 5 });
const word = fc.constantFrom('Ann', 'Bea', 'Cid', 'Eve', 'Ada', 'Pen');
const sku = fc.constantFrom('p1', 'p2', 'p3', 'b1');
const tag = fc.constantFrom('new', 'old', 'hot');

const asked =
  (method: string, url: string, body?: unknown): Change =>
  (world) =>
    world.ask(method, url, { body });

/** A change by somebody who knows nothing of us. */
const written =
  (text: string, ...values: readonly (string | bigint)[]): Change =>
  (world) =>
    world.store.transaction((session) => session.run({ text, values })).catch(() => {});

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(key, word).map(([k, w]) => asked('PATCH', `Customers(${k})`, { Name: w })),
  fc.tuple(key, word).map(([k, w]) => asked('POST', 'Customers', { ID: k, Name: w, Email: `${k}@x` })),
  fc.tuple(key, key).map(([k, f]) => asked('PUT', `Customers(${k})/Friend/$ref`, { '@odata.id': `Customers(${f})` })),
  key.map((k) => asked('DELETE', `Customers(${k})/Friend/$ref`)),
  key.map((k) => asked('DELETE', `Customers(${k})`)),
  fc
    .tuple(key, key)
    .map(([k, c]) => asked('POST', 'Orders', { ID: k, CustomerID: c, Lines: [{ No: c }, { No: c + 1 }] })),
  fc.tuple(key, key).map(([k, c]) => asked('PATCH', `Orders(${k})`, { CustomerID: c })),
  fc.tuple(key, word).map(([k, w]) => asked('PATCH', `Orders(${k})`, { Note: w })),
  key.map((k) => asked('DELETE', `Orders(${k})`)),
  fc
    .tuple(key, key, sku)
    .map(([k, l, s]) =>
      asked('PATCH', `Orders(${k})/Lines(${l})`, { Count: l, 'Product@odata.bind': `Products('${s}')` }),
    ),
  fc.tuple(key, key).map(([k, l]) => asked('DELETE', `Orders(${k})/Lines(${l})`)),
  fc.tuple(sku, word).map(([s, w]) => asked('PATCH', `Products('${s}')`, { Name: w })),
  sku.map((s) => asked('DELETE', `Products('${s}')`)),
  fc.tuple(sku, tag).map(([s, t]) => asked('POST', `Products('${s}')/Tags/$ref`, { '@odata.id': `Tags('${t}')` })),
  fc.tuple(sku, tag).map(([s, t]) => asked('DELETE', `Products('${s}')/Tags('${t}')/$ref`)),
  tag.map((t) => asked('POST', 'Tags', { Name: t })),
  tag.map((t) => asked('DELETE', `Tags('${t}')`)),
  fc.tuple(key, word).map(([k, w]) => written('update "Customers" set "Name" = ? where "ID" = ?', w, BigInt(k))),
  fc
    .tuple(key, key)
    .map(([k, n]) => written('update "Orders_Lines" set "No" = ? where "No" = ?', BigInt(n + 10), BigInt(k))),
  key.map((k) => written('delete from "Orders" where "ID" = ?', BigInt(k))),
  fc.tuple(key, key).map(([k, n]) => written('update "Customers" set "ID" = ? where "ID" = ?', BigInt(n), BigInt(k))),
);

const queries = [
  'Customers',
  `Customers?$filter=contains(Name,'e')`,
  'Customers?$select=Name&$orderby=Name desc',
  'Customers?$filter=Friend/Name eq %27Ann%27',
  'Customers?$expand=Orders($expand=Lines;$filter=ID gt 1)&$select=ID,Name',
  'Customers?$expand=Friend($select=Name),Orders/$ref',
  `Orders?$filter=Lines/any(l:l/Count gt 2)&$expand=Customer,Lines($expand=Product)`,
  'Orders(2)/Lines',
  'Orders?$orderby=Customer/Name desc',
  'Customers(2)/Orders?$expand=Lines',
  `Products?$expand=Tags&$search=e`,
  `Products/T.Book?$expand=Author`,
  `Tags?$expand=Products($expand=Tags)`,
];

const navigation = new Set(['Orders', 'Friend', 'Customer', 'Lines', 'Product', 'Tags', 'Products', 'Author']);

/** Changes between the pages, and before the next set of changes. */
const round = fc.record({
  before: fc.array(change, { maxLength: 6 }),
  between: change,
  size: fc.integer({ min: 1, max: 8 }),
});

describe('delta: a copy that follows the changes is what is there', () => {
  let world: World;
  before(async () => {
    world = await openShop();
    for (const [url, body] of [
      ['Orders', { ID: 2, CustomerID: 2, Lines: [{ No: 2 }, { No: 3 }] }],
      ['Customers', { ID: 3, Name: 'Cid', Email: '3@x' }],
    ] as const)
      await world.ask('POST', url, { body });
  });
  after(() => world.close());

  for (const version of ['4.0', '4.01'] as const)
    it(`P11.3.1-3, P11.3.1-5, P11.3.2-3, J15.1-1: ${version}, random queries and changes, by anybody`, async function () {
      this.timeout(120_000);
      const runs = Number(process.env.DELTA_RUNS ?? 30);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...queries),
          fc.array(round, { minLength: 1, maxLength: 3 }),
          async (query, rounds) => {
            const [first] = rounds;
            const initial = await follow(world, query, version, first?.size ?? 2, first?.between, 'track-changes');
            if (initial === null) return; // the collection itself is not there
            const copy = copyOf(version, navigation);
            copy.fill(initial.items);
            copy.mustBe(initial.expected);
            let link = initial.link;
            for (const { before, between, size } of rounds) {
              for (const one of before) await one(world);
              const delta = await follow(world, link, version, size, between, null, query);
              if (delta === null) return;
              copy.apply(delta.items);
              copy.mustBe(delta.expected);
              link = delta.link;
            }
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
    });
});

interface Followed {
  readonly items: readonly Record<string, unknown>[];
  readonly link: string;
  /** What was there when the first page was read. */
  readonly expected: readonly Record<string, unknown>[];
}

/** All pages from a URL on, with a change after the first; null: 404. */
async function follow(
  world: World,
  from: string,
  version: string,
  size: number,
  between: Change | undefined,
  prefer: string | null,
  query = from,
): Promise<Followed | null> {
  const headers = { 'odata-maxversion': version, accept: 'application/json;metadata=full' };
  const member = (json: Record<string, string>, name: string) => json[`@odata.${name}`] ?? json[`@${name}`];
  const preference = [...(prefer === null ? [] : [prefer]), `maxpagesize=${size}`].join();
  const items: Record<string, unknown>[] = [];
  let expected: readonly Record<string, unknown>[] | null = null;
  for (let url = from; ; ) {
    const page = await world.ask('GET', url.replace(base, ''), { headers: { ...headers, prefer: preference } });
    if (page.status === 404) return null;
    assert.equal(page.status, 200, page.text);
    items.push(...page.json.value);
    if (expected === null) {
      expected = (await world.ask('GET', query, { headers })).json.value;
      await between?.(world);
    }
    const delta = member(page.json, 'deltaLink');
    if (delta !== undefined) return { items, link: delta, expected: expected ?? [] };
    url = member(page.json, 'nextLink') ?? assert.fail(page.text);
  }
}
