import assert from 'node:assert/strict';
import { Coverage } from './coverage.js';
import { agree, openLoaded } from './run.js';

describe('oracle: random requests agree with an evaluation in memory', () => {
  for (const seed of [1, 2, 3, 4])
    it(`250 requests about data ${seed}`, async () => {
      const loaded = await openLoaded(seed);
      try {
        const counts = await agree(loaded, seed, 250, new Coverage([]));
        assert.ok(counts.agree > 230, JSON.stringify(counts));
      } finally {
        await loaded.world.close();
      }
    });
});
