import { fileURLToPath } from 'node:url';
import { runDocument } from './model/printed.js';
import { type Server, startServer } from './model/serve.js';

describe('requests of the documents answer as printed', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ folder: fileURLToPath(new URL('..', import.meta.url)) }, { root: '/beta' });
  });
  after(() => server.close());

  for (const document of ['docs/operations.md', 'docs/batch.md', 'docs/delta.md', 'docs/asynchronous.md'])
    it(document, () => runDocument(document, server));
});
