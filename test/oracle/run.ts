import fc from 'fast-check';
import { open, type World } from '../model/inline.js';
import { ask, type Verdict } from './ask.js';
import type { Coverage } from './coverage.js';
import { type Data, data, model } from './data.js';
import { load } from './load.js';
import { questions } from './questions.js';

/** A service that holds random data, and the same data in memory. */
export interface Loaded {
  readonly data: Data;
  readonly world: World;
}

export async function openLoaded(seed: number, size = 25): Promise<Loaded> {
  const [made] = fc.sample(data(size), { seed, numRuns: 1 });
  if (made === undefined) throw new Error('No data was made.');
  const world = await open(model, { settings: { pageSize: 1000, maxPageSize: 1000 } });
  await load(made, world);
  return { data: made, world };
}

/** Asks so many random questions; throws for the first disagreement, with the smallest question that shows it. */
export async function agree(
  loaded: Loaded,
  seed: number,
  numRuns: number,
  coverage: Coverage,
): Promise<Record<Verdict['kind'], number>> {
  const counts = { agree: 0, differ: 0, undefined: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(questions(loaded.data), async (question) => {
      const verdict = await ask(question, loaded.data, loaded.world);
      counts[verdict.kind] += 1;
      if (verdict.kind === 'agree' && verdict.bound !== null && verdict.expected !== null)
        coverage.add(verdict.bound, verdict.expected);
      if (verdict.kind === 'differ' || verdict.kind === 'refused')
        throw new Error(`${decodeURI(question.url)} in pages of ${question.pageSize}: ${verdict.text}`);
    }),
    { seed, numRuns, endOnFailure: false },
  );
  return counts;
}
