import assert from 'node:assert/strict';
import { startLibrary } from '../model/library.js';

describe('a query that takes too long', () => {
  it('ends with 503 and a message that names the limit, and nobody else waits for it', async () => {
    const server = await startLibrary({ settings: { statementTime: 200 }, threads: true });
    try {
      for (let start = 1000; start < 4000; start += 1000) {
        const requests = Array.from({ length: 1000 }, (_, index) => ({
          id: `r${index}`,
          method: 'POST',
          url: 'Shelves',
          atomicityGroup: 'g',
          body: { Room: 'r', Row: start + index },
        }));
        assert.equal((await server.ask('POST', '$batch', { body: { requests } })).status, 200);
      }
      // Every row looks at every other one.
      const filter = '$root/Shelves/$count($filter=Load eq null and Row lt $it/Row) gt 99999';
      const order: string[] = [];
      const slow = server.ask('GET', `Shelves?$filter=${encodeURIComponent(filter)}`).then((reply) => {
        order.push('slow');
        return reply;
      });
      const quick = server.ask('GET', 'Books(1)').then(() => order.push('quick'));
      const reply = await slow;
      await quick;
      assert.deepEqual(order, ['quick', 'slow']);
      assert.equal(reply.status, 503, reply.text);
      assert.equal(reply.json.error.code, 'QueryTimeout');
      assert.match(reply.json.error.message, /200 milliseconds/);
    } finally {
      await server.close();
    }
  });
});
