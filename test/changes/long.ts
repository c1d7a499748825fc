// The long run of random changes: npm run changes [sequences] [seed]

import { tryChanges } from './run.js';

const sequences = Number(process.argv[2] ?? 2000);
await tryChanges(Number(process.argv[3] ?? 100), sequences);
console.log(`${sequences} sequences ended as they should.`);
