// The long run of the oracle: npm run oracle [requests] [seed]

import { Coverage, wanted } from './coverage.js';
import { agree, openLoaded } from './run.js';

const requests = Number(process.argv[2] ?? 20_000);
const first = Number(process.argv[3] ?? 100);
const share = 500;
const coverage = new Coverage(wanted);
const totals = { agree: 0, differ: 0, undefined: 0, refused: 0 };
for (let done = 0, seed = first; done < requests; done += share, seed++) {
  const loaded = await openLoaded(seed);
  try {
    const counts = await agree(loaded, seed, Math.min(share, requests - done), coverage);
    for (const kind of ['agree', 'differ', 'undefined', 'refused'] as const) totals[kind] += counts[kind];
  } finally {
    await loaded.world.close();
  }
}
console.log('what was asked, how often, and how often with a result that is neither empty nor everything');
console.log(coverage.print());
console.log(totals);
const missing = coverage.missing();
if (missing.length > 0) throw new Error(`Never with a telling result: ${missing.join(', ')}`);
