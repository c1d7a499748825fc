import assert from 'node:assert/strict';
import { overHttp } from './http.js';
import type { Answer, Question, World } from './inline.js';
import { openShop } from './shop.js';

/** One change, what it answers, and what a reading shows afterwards; a status of 400 and more also means that nothing was written. */
export interface Row {
  /** The rows of the standard's digest that it tests. */
  readonly rows: string;
  readonly what?: string;
  /** Changes before it, all of which succeed. */
  readonly first?: readonly (readonly [method: string, url: string, body?: unknown])[];
  readonly request: readonly [method: string, url: string, body?: unknown];
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Members of the answer. */
  readonly answer?: unknown;
  /** Header fields of the answer; null: absent. */
  readonly sends?: Readonly<Record<string, string | RegExp | null>>;
  /** URLs and what GET shows there: members of it, a status, or a list of key values. */
  readonly shows?: Readonly<Record<string, unknown>>;
}

/** Every member of `expected`, however deep, stands in `actual`; arrays are compared whole. */
export function includes(actual: unknown, expected: unknown, at = ''): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${at} is no array: ${JSON.stringify(actual)}`);
    assert.equal(actual.length, expected.length, `${at} ${JSON.stringify(actual)}`);
    for (const [index, item] of expected.entries()) includes(actual[index], item, `${at}/${index}`);
  } else if (expected !== null && typeof expected === 'object') {
    assert.ok(actual !== null && typeof actual === 'object', `${at}: ${JSON.stringify(actual)}`);
    for (const [name, value] of Object.entries(expected))
      includes((actual as Readonly<Record<string, unknown>>)[name], value, `${at}/${name}`);
  } else assert.equal(actual, expected, at);
}

/** One test per row, over HTTP, each on a shop of its own. */
export function testRows(rows: readonly Row[], openWorld: () => Promise<World> = openShop): void {
  for (const row of rows)
    it(`${row.rows} ${row.what ?? ''} ${row.request[0]} ${row.request[1]} is ${row.status}`, async () => {
      const world = await overHttp(await openWorld());
      try {
        await run(world, row);
      } finally {
        await world.close();
      }
    });
}

async function run(world: World, row: Row): Promise<void> {
  for (const [method, url, body] of row.first ?? []) {
    const reply = await world.ask(method, url, body === undefined ? {} : { body });
    assert.ok(reply.status < 300, `${method} ${url}: ${reply.status} ${reply.text}`);
  }
  const [method, url, body] = row.request;
  const before = await world.dump();
  const question: Question = {
    ...(row.headers === undefined ? {} : { headers: row.headers }),
    ...(body === undefined ? {} : { body }),
  };
  const reply = await world.ask(method, url, question);
  assert.equal(reply.status, row.status, reply.text);
  if (row.status >= 400) assert.equal(await world.dump(), before, 'the database is as it was');
  check(reply, row);
  for (const [path, expected] of Object.entries(row.shows ?? {})) {
    const seen = await world.ask('GET', path);
    if (typeof expected === 'number' && !path.includes('$count'))
      assert.equal(seen.status, expected, `${path} ${seen.text}`);
    else if (path.includes('$count')) assert.equal(seen.text, String(expected), path);
    else includes(seen.json, expected, path);
  }
}

function check(reply: Answer, row: Row): void {
  if (row.answer !== undefined) includes(reply.json, row.answer, 'answer');
  for (const [name, expected] of Object.entries(row.sends ?? {})) {
    const found = reply.headers[name];
    if (expected === null) assert.equal(found, undefined, name);
    else if (typeof expected === 'string') assert.equal(found, expected, name);
    else assert.match(found ?? '', expected, name);
  }
}
