import assert from 'node:assert/strict';
import { modelFrom } from '../model/inline.js';
import { startServer } from '../model/serve.js';

const model = modelFrom(`
<Function Name="Report"><ReturnType Type="Edm.Stream"/></Function>
<EntityContainer Name="C"><FunctionImport Name="Report" Function="T.Report"/></EntityContainer>`);

describe('http: a stream that fails on its way', () => {
  it('P9.5-1 J21.2-1 breaks off, so that nobody takes a part for the whole, and the service goes on', async () => {
    async function* content(): AsyncIterable<Uint8Array> {
      yield Buffer.from('the first half');
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('no more');
    }
    const operations = { 'T.Report': () => ({ type: 'text/plain', content: content() }) };
    const server = await startServer({ model, operations });
    try {
      const reply = await fetch(`${server.base}Report()`, { headers: { 'accept-encoding': 'identity' } });
      assert.equal(reply.status, 200);
      await assert.rejects(reply.text());
      await assert.rejects(fetch(`${server.base}Report()`).then((compressed) => compressed.text()));
      assert.equal((await fetch(server.base)).status, 200);
    } finally {
      await server.close();
    }
  });
});
