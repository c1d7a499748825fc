import { fileURLToPath } from 'node:url';
import { runDocument } from '../model/printed.js';
import { startServer } from '../model/serve.js';

describe('requests of docs/delta.md', () => {
  it('answer as printed', async () => {
    const folder = fileURLToPath(new URL('../..', import.meta.url));
    const server = await startServer({ folder }, { root: '/beta' });
    try {
      await runDocument('docs/delta.md', server);
    } finally {
      await server.close();
    }
  });
});
