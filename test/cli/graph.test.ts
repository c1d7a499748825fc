import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Serving, serve } from '../../src/cli/serve.js';

const file = fileURLToPath(new URL('../../../shared/graph/v1.0-Prod.csdl', import.meta.url));

/** 1,071 containments, 22 of them recursive; recursive, open and polymorphic complex types; names that differ in case only. */
describe('cli: Microsoft Graph is served', function () {
  if (!existsSync(file)) {
    it.skip('the model of Microsoft Graph is not here');
    return;
  }
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'edmund-graph-'));
  let serving: Serving;
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await fetch(serving.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...sent,
    });
    const text = await reply.text();
    return { status: reply.status, text, json: text === '' ? undefined : JSON.parse(text) };
  };
  const expect = async (status: number, ...request: Parameters<typeof ask>) => {
    const reply = await ask(...request);
    assert.equal(reply.status, status, reply.text.slice(0, 500));
    return reply.json;
  };

  before(async () => {
    serving = await serve(file, { db: join(folder, 'graph.sqlite'), port: '0', auth: 'none', log: 'silent' }, {});
  });
  after(async () => {
    await serving?.close();
    rmSync(folder, { recursive: true });
  });

  it('has a table for everything, and answers', async () => {
    assert.equal((await fetch(`${serving.url}users?$top=1`)).status, 200);
  });

  it('shows $metadata in both formats and versions', async () => {
    const reply = await fetch(`${serving.url}$metadata`);
    assert.match(await reply.text(), /^<\?xml .*\n<edmx:Edmx [^>]*Version="4\.0"/);
    assert.match(
      (await (await fetch(`${serving.url}$metadata?$format=json`)).text()).slice(0, 30),
      /"\$Version": "4\.0"/,
    );
  });

  it('lists what there is', async () => {
    const { value } = await expect(200, 'GET', '');
    assert.ok(value.some(({ name, kind }: { name: string; kind: string }) => name === 'me' && kind === 'Singleton'));
    assert.ok(value.length > 50);
  });

  it('keeps entities, complex values of every shape, containment without end, and links', async () => {
    const moments = { createdDateTime: '2020-01-01T00:00:00Z', lastModifiedDateTime: '2020-01-01T00:00:00Z' };
    const person = (id: string) => ({
      id,
      displayName: id,
      birthday: '2000-01-01T00:00:00Z',
      hireDate: '2020-01-01T00:00:00Z',
      deviceEnrollmentLimit: 3,
      passwordProfile: { password: 'x' },
    });
    await expect(201, 'POST', 'users', person('ann'));
    await expect(201, 'POST', 'directoryObjects', { '@odata.type': '#microsoft.graph.user', ...person('bob') });
    await expect(204, 'PUT', 'users/ann/manager/$ref', { '@odata.id': `${serving.url}directoryObjects/bob` });
    await expect(201, 'POST', 'users/ann/messages', {
      id: 'm',
      body: { contentType: 'text' },
      toRecipients: [{ emailAddress: { name: 'b' } }],
    });
    const ann = await expect(200, 'GET', 'users/ann?$select=passwordProfile&$expand=manager($select=id),messages');
    assert.equal(ann.passwordProfile.password, 'x');
    assert.equal(ann.manager['@odata.type'], '#microsoft.graph.user');
    assert.deepEqual(ann.messages[0].toRecipients, [{ emailAddress: { address: null, name: 'b' } }]);

    const item = (id: string, children: readonly object[]) => ({ id, name: id, ...moments, children });
    await expect(201, 'POST', 'drives', { id: 'd', ...moments, items: [item('a', [item('b', [item('c', [])])])] });
    const found = await expect(200, 'GET', 'drives/d/items/a/children/b/children?$select=name');
    assert.deepEqual(
      found.value.map(({ name }: { name: string }) => name),
      ['c'],
    );
  });

  it('tells names that differ in case only apart, in one table too', async () => {
    const moments = { createdDateTime: '2020-01-01T00:00:00Z', lastModifiedDateTime: '2020-01-01T00:00:00Z' };
    await expect(201, 'POST', 'sites', { id: 's', ...moments });
    const add = (type: string, id: string, value: object) =>
      expect(201, 'POST', 'sites/s/items', { '@odata.type': `#microsoft.graph.${type}`, id, ...moments, ...value });
    await add('drive', '1', { sharePointIds: { siteId: 'one' } });
    await add('driveItem', '2', { sharepointIds: { siteId: 'two' } });
    const { value } = await expect(200, 'GET', 'sites/s/items?$orderby=id');
    assert.equal(value[0].sharePointIds.siteId, 'one');
    assert.equal(value[1].sharepointIds.siteId, 'two');
    assert.ok(!('sharepointIds' in value[0]) && !('sharePointIds' in value[1]));
  });
});
