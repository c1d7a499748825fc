import assert from 'node:assert/strict';
import {
  BatchRequestContent,
  Client,
  GraphError,
  type Middleware,
  type PageCollection,
  PageIterator,
} from '@microsoft/microsoft-graph-client';
import { anonymous } from '../../src/index.js';
import { plainWorld, type World } from '../profile/world.js';
import { send } from './wire.js';

describe('clients: Microsoft Graph', () => {
  let world: World;
  before(async () => {
    world = await plainWorld(anonymous, { trustProxy: true });
    await world.ask('POST', 'user', { body: { id: 'u1' } });
  });
  after(() => world.close());

  describe('its SDK for JavaScript', () => {
    /** It insists on TLS: in between stands what a proxy does that ends it. */
    const proxy: Middleware = {
      execute: async (context) => {
        const headers = { ...(context.options?.headers as Record<string, string>), 'X-Forwarded-Proto': 'https' };
        context.response = await fetch(String(context.request).replace(/^https:/, 'http:'), {
          ...context.options,
          headers,
        });
      },
    };
    const client = () => {
      const { host } = new URL(world.server.base);
      return Client.initWithMiddleware({ baseUrl: `https://${host}/`, defaultVersion: 'beta', middleware: proxy });
    };
    const path = '/user/u1/profile/skills';

    it('gets, updates, posts and deletes', async () => {
      const profile = await client().api('/user/u1/profile').get();
      assert.equal(typeof profile.id, 'string');
      const made = await client().api(path).post({ displayName: 'Juggling', proficiency: 'expert' });
      const changed = await client().api(`${path}/${made.id}`).patch({ proficiency: 'elementary' });
      assert.equal(changed.displayName, 'Juggling');
      assert.equal(changed.proficiency, 'elementary');
      await client().api(`${path}/${made.id}`).delete();
      await assert.rejects(client().api(`${path}/${made.id}`).get(), (error) => {
        assert.ok(error instanceof GraphError);
        assert.equal(error.statusCode, 404);
        return error.code === 'ResourceNotFound';
      });
    });

    it('queries, and follows pages with its iterator', async () => {
      for (const displayName of ['a', 'b', 'c', 'd', 'e'])
        await client()
          .api(path)
          .post({ displayName, proficiency: displayName === 'a' ? null : 'expert' });
      const first: PageCollection = await client()
        .api(path)
        .header('Prefer', 'odata.maxpagesize=2')
        .header('ConsistencyLevel', 'eventual')
        .filter("proficiency eq 'expert'")
        .orderby('displayName')
        .select(['displayName'])
        .count(true)
        .get();
      assert.equal(first['@odata.count'], 4);
      const names: string[] = [];
      const iterator = new PageIterator(client(), first, (item) => names.push(item.displayName) > 0);
      await iterator.iterate();
      assert.deepEqual(names, ['b', 'c', 'd', 'e']);
    });

    it('keeps a copy by delta: pages, the link, what was added, changed and removed', async () => {
      const awards = '/user/u1/profile/awards';
      const made: { id: string }[] = [];
      for (const displayName of ['a', 'b', 'c'])
        made.push(await client().api(awards).post({ displayName, issuingAuthority: 'x' }));
      const copy = new Map<string, string>();
      const follow = async (url: string): Promise<string> => {
        const first: PageCollection = await client().api(url).header('Prefer', 'odata.maxpagesize=2').get();
        const iterator = new PageIterator(client(), first, (item) => {
          if (item['@removed'] === undefined) copy.set(item.id, item.displayName);
          else assert.ok(copy.delete(item.id), JSON.stringify(item));
          return true;
        });
        await iterator.iterate();
        return iterator.getDeltaLink() ?? assert.fail('no delta link');
      };
      const link = await follow(`${awards}/delta?$select=id,displayName`);
      assert.deepEqual([...copy.values()].sort(), ['a', 'b', 'c']);
      await client().api(`${awards}/${made[0]?.id}`).patch({ displayName: 'A' });
      await client().api(`${awards}/${made[1]?.id}`).delete();
      await client().api(awards).post({ displayName: 'd', issuingAuthority: 'x' });
      const next = await follow(link);
      assert.deepEqual([...copy.values()].sort(), ['A', 'c', 'd']);
      const nothing: PageCollection = await client().api(next).get();
      assert.deepEqual(nothing.value, []);
    });

    it('sends a JSON batch whose requests depend on each other', async () => {
      const request = (method: string, url: string, body?: unknown) =>
        new Request(`${world.server.base}${url}`, {
          method,
          headers: { 'Content-Type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      const content = new BatchRequestContent([
        { id: '1', request: request('POST', 'user/u1/profile/websites', { displayName: 'Home', webUrl: 'w.example' }) },
        { id: '2', request: request('GET', 'user/u1/profile/websites?$select=displayName'), dependsOn: ['1'] },
        { id: '3', request: request('DELETE', 'user/u1/profile/websites/nowhere'), dependsOn: ['2'] },
      ]);
      const asked = await content.getContent();
      // The SDK writes URLs from the version on; the batch of this service stands beneath it.
      const answer = await client().api('/$batch').post(asked);
      const answers = new Map(
        answer.responses.map((response: { id: string; status: number; body: unknown }) => [response.id, response]),
      ) as ReadonlyMap<string, { readonly status: number; readonly body: { readonly value: readonly object[] } }>;
      assert.deepEqual(
        ['1', '2', '3'].map((id) => answers.get(id)?.status),
        [201, 200, 404],
      );
      assert.equal(answers.get('2')?.body.value.length, 1);
    });
  });

  describe('what its explorer and other SDKs send', () => {
    const json = 'Content-Type: application/json';

    it('echoes client-request-id, and gives a request-id, also in errors', async () => {
      const head = ['client-request-id: 0a6d6a9c-1111-4222-8333-444455556666', 'SdkVersion: graph-js/3.0.7'];
      const reply = await send(world.server.base, 'GET', 'user/nobody/profile', head);
      assert.equal(reply.status, 404);
      assert.equal(reply.headers.get('client-request-id'), '0a6d6a9c-1111-4222-8333-444455556666');
      const { error } = JSON.parse(reply.body);
      assert.equal(error.innererror['request-id'], reply.headers.get('request-id'));
      assert.equal(error.code, 'ResourceNotFound');
    });

    it('reads by key in segments and in parentheses, through a cast, and expands one level', async () => {
      const type = 'Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models.user';
      for (const path of ['user/u1', "user('u1')", "user(id='u1')", `user/u1/${type}`]) {
        const reply = await send(world.server.base, 'GET', `${path}?$expand=profile`);
        assert.equal(reply.status, 200, reply.body);
        assert.equal(typeof JSON.parse(reply.body).profile.id, 'string');
      }
    });

    it('sends a JSON batch in any order, with rooted and relative URLs and no body for 204', async () => {
      const { id } = (await world.ask('POST', 'user/u1/profile/notes', { body: { displayName: 'N' } })).json;
      const requests = [
        { id: 'b', method: 'GET', url: '/user/u1/profile/notes', dependsOn: ['a'] },
        { id: 'a', method: 'DELETE', url: `/user/u1/profile/notes/${id}` },
        { id: 'c', method: 'GET', url: 'user/u1/profile' },
      ];
      const text = JSON.stringify({ requests: [requests[1], requests[0], requests[2]] });
      const reply = await send(world.server.base, 'POST', '$batch', [json], text);
      assert.equal(reply.status, 200, reply.body);
      const answers = new Map(
        JSON.parse(reply.body).responses.map((answer: { id: string }) => [answer.id, answer]),
      ) as ReadonlyMap<string, { readonly status: number; readonly body?: { readonly value: readonly object[] } }>;
      assert.equal(answers.get('a')?.status, 204);
      assert.ok((answers.get('a')?.body ?? null) === null);
      assert.deepEqual(answers.get('b')?.body?.value, []);
      assert.equal(answers.get('c')?.status, 200);
    });
  });
});
