import { tryChanges } from './run.js';

describe('changes: random sequences, compared with a database in memory after each step', () => {
  it('100 sequences of modifications', () => tryChanges(1, 100)).timeout(120_000);
});
