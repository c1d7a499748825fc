import fc from 'fast-check';
import { open } from '../model/inline.js';
import { begin, sequences } from './commands.js';
import { model } from './world.js';

/** How many sequences are tried: few in `npm test`, many in `npm run changes`. */
const count = Number(process.env.SEQUENCES ?? 100);
const seed = Number(process.env.SEED ?? 1);

describe('changes: random sequences, compared with a database in memory after each step', () => {
  it(`${count} sequences of modifications`, async function () {
    this.timeout(count * 5000);
    await fc.assert(
      fc.asyncProperty(sequences(10), async (commands) => {
        const world = await open(model);
        try {
          const held = await begin(world);
          await fc.asyncModelRun(() => ({ model: held, real: world }), commands);
        } finally {
          await world.close();
        }
      }),
      { numRuns: count, seed },
    );
  });
});
