import fc from 'fast-check';
import { open } from '../model/inline.js';
import { begin, sequences } from './commands.js';
import { model } from './world.js';

/** Tries so many random sequences; throws for the first that differs, with the shortest sequence that shows it. */
export function tryChanges(seed: number, numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(sequences(10), async (commands) => {
      const world = await open(model);
      try {
        const held = await begin(world);
        await fc.asyncModelRun(() => ({ model: held, real: world }), commands);
      } finally {
        await world.close();
      }
    }),
    { numRuns, seed },
  );
}
