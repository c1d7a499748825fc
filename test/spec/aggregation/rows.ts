import assert from 'node:assert/strict';
import type { Server } from '../../model/serve.js';

export type Item = Readonly<Record<string, unknown>>;

/** A request, and the items of its answer; without control information, but for `Alias@context` and `@type` where a row names them. */
export type Row = readonly [rows: string, url: string, items: readonly Item[], context?: string];

/** A request that is refused, and the status. */
export type Refusal = readonly [rows: string, url: string, status: number];

/** The options of a URL percent-encoded, as clients send them. */
export function encoded(url: string): string {
  const mark = url.indexOf('?');
  if (mark < 0) return encodeURI(url);
  const query = url
    .slice(mark + 1)
    .replace(/([$@]?\w+=)([^&]*)/g, (_, name: string, text: string) => name + encodeURIComponent(text));
  return `${encodeURI(url.slice(0, mark))}?${query}`;
}

/** Without control information, members in order of their names; what `keep` matches stays. */
function plain(value: unknown, keep: RegExp): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, keep));
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([name]) => !name.includes('@') || keep.test(name));
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, plain(inner, keep)]),
  );
}

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Order counts where the request asks for one, or a transformation gives one. */
const isOrdered = /orderby|concat|join|traverse|topcount\(\d+,\w+\)$/;

/** One test for each row. */
export function testRows(server: () => Server, rows: readonly Row[]): void {
  for (const [ids, url, items, context] of rows)
    it(`${ids} ${url}`, async () => {
      const reply = await server().ask('GET', encoded(url), { headers: { 'odata-maxversion': '4.01' } });
      assert.equal(reply.status, 200, reply.text);
      const named = JSON.stringify(items);
      const keep = named.includes('@context"') ? /@context$/ : named.includes('@type"') ? /^@type$/ : /(?!)/;
      const [found, wanted] = [
        reply.json.value.map((item: Item) => plain(item, keep)),
        items.map((item) => plain(item, keep)),
      ];
      assert.deepEqual(
        JSON.parse(JSON.stringify(isOrdered.test(url) ? found : found.sort(byText)).replaceAll(server().base, '')),
        isOrdered.test(url) ? wanted : wanted.sort(byText),
      );
      if (context !== undefined) assert.equal(reply.json['@context'], `${server().base}$metadata#${context}`);
    });
}

/** One test for each refusal: a message says what to do. */
export function testRefusals(server: () => Server, refusals: readonly Refusal[]): void {
  for (const [ids, url, status] of refusals)
    it(`${ids} ${url} is ${status}`, async () => {
      const reply = await server().ask('GET', encoded(url));
      assert.equal(reply.status, status, reply.text);
      assert.ok(reply.json.error.message.length > 20, reply.text);
    });
}
