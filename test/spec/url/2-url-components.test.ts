import assert from 'node:assert/strict';
import { ids, startLibrary } from '../../model/library.js';
import type { Server } from '../../model/serve.js';

/** Requests by their raw target, and what of the answer shows that it was read as it was meant. */
const rows: readonly [row: string, path: string, status: number, found?: unknown][] = [
  ['U2.1-9 U2.1-6', "Topics('A%2F1')?$select=Name", 200, 'Algebra'],
  ['U2.1-5', "Topics('A%252F1')", 404],
  ['U2.1-9', "Shelves(Room='a,b%3Dc',Row=1)?$select=Row", 200, 1],
  ['U2.1-8', 'Values?$filter=DateTimeOffset eq 2024-02-29T12:34:56.1234567+02:00&$select=Boolean', 200, [true]],
  ['U2.2-3', 'Books%28ID%3D1%29?$select=Title', 200, 'Engines'],
  ['U2.2-4', "Authors?$filter=Name eq 'Chiyo O''Kaga'&$select=ID", 200, [3]],
  ['U2.2-4', 'Authors?$filter=Name%20eq%20%27Chiyo%20O%27%27Kaga%27&$select=ID', 200, [3]],
  ['U4.3-12', 'Books(007)', 404],
  ['U4.3-12', 'Books(001)?$select=Title', 200, 'Engines'],
  ['U4.3-12', 'Values(11111111-1111-4111-8111-111111111111)?$select=Boolean', 200, true],
  ['U4a-2', 'Books(4)/Lib.EBook/Lib.EBook', 404],
  ['U4a-2', 'Books/Lib.EBook/Lib.EBook', 404],
  ['U4.11-3', 'Books/Lib.EBook(4)?$select=Title', 200, 'Engines II'],
  ['U4a-1', 'Books/$count/$ref', 400],
];

/** Members that a row's answer shows. */
function shown(json: Record<string, unknown>): unknown {
  const members = Object.entries(json).filter(([name]) => !name.startsWith('@'));
  return members[0]?.[1];
}

describe('URL 2: URL components', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());

  for (const [row, path, status, found] of rows)
    it(`${row} ${path} is ${status}`, async () => {
      const reply = await server.ask('GET', path);
      assert.equal(reply.status, status, reply.text);
      if (found === undefined) return;
      const value = reply.json.value;
      assert.deepEqual(Array.isArray(value) ? value.map(shown) : shown(reply.json), found);
    });

  for (const version of ['4.0', '4.01'])
    it(`U1-4 the syntax of 4.0 and of 4.01 is read with OData-MaxVersion ${version}`, async () => {
      const headers = { 'odata-maxversion': version };
      const old = await server.ask('GET', "Books?$filter=Title eq 'Engines'&$select=ID", { headers });
      const recent = await server.ask('GET', 'Books?filter=ID in (1,9)&SELECT=ID', { headers });
      assert.deepEqual([ids(old.json), ids(recent.json)], [[1], [1]]);
    });
});
