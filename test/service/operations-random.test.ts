import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from '../model/inline.js';
import { libraryFolder } from '../model/library.js';
import { operations, operationsModel } from '../model/operations.js';

const starts =
  `Books Books(1) Books(3)/Lib.RareBook Authors(1) Desk Topics('B') Books(1)/Title Books(1)/Tags Books(1)/Size Authors(1)/Home
  BooksByGenre(genre='Fiction') Cheapest() Places() Home() Numbers() Loose() Maybe() Nobody() Echo(text=null) Echo(text='a') Closed() Report()
  Reset Add Sum`.split(/\s+/);
const nexts =
  `Lib.Label() Lib.Similar() Lib.Costlier(than=1) Lib.Titles() Lib.Size() Lib.Lent() Lib.Writer() Lib.Shout() Lib.Line()
  Lib.Longest() Lib.Price(percent=10) Lib.Discount Lib.Touch Lib.Retag Lib.Restock $count $value $ref $each $filter(ID%20gt%201) Title Name City
  Author Books Copies 1 0 Lib.RareBook`.split(/\s+/);
const options =
  `$select=ID $select=Lib.* $filter=ID%20gt%201 $filter=$it/Lib.Price(percent=10)%20gt%201 $orderby=ID%20desc $top=1 $skip=1 $expand=Author
  $count=true $search=a $apply=aggregate($count%20as%20N) $apply=top(1) $compute=ID%20add%201%20as%20X $format=json;metadata=full`.split(
    /\s+/,
  );

const url = fc
  .tuple(
    fc.constantFrom(...starts),
    fc.array(fc.constantFrom(...nexts), { maxLength: 2 }),
    fc.array(fc.constantFrom(...options), { maxLength: 1 }),
  )
  .map(([start, path, query]) => `${[start, ...path].join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`);
const body = fc.constantFrom(
  undefined,
  {},
  { percent: 10 },
  { tag: 'x' },
  { id: 90, title: 'x' },
  { value: 'x' },
  { Title: 'x' },
);

describe('Any path with operations', () => {
  it('is answered or refused, and never fails', async () => {
    const world = await open(operationsModel(), { operations, seed: join(libraryFolder, 'db/seed') });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PATCH', 'PUT'),
        url,
        body,
        async (method, path, given) => {
          const reply = await world.ask(method, path, given === undefined || method === 'GET' ? {} : { body: given });
          assert.ok(reply.status < 500 || reply.status === 501, `${method} ${path}: ${reply.status} ${reply.text}`);
        },
      ),
      { numRuns: 2000, seed: 11 },
    );
    await world.close();
  });
});
