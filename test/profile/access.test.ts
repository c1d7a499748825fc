import assert from 'node:assert/strict';
import { type CryptoKey, generateKeyPair, SignJWT } from 'jose';
import { bearer } from '../../src/index.js';
import { plainWorld, type World } from './world.js';

const issuer = 'https://issuer.example';
const audience = 'profile';

describe('who may do what with a profile', () => {
  let world: World;
  let secret: CryptoKey;
  before(async () => {
    const pair = await generateKeyPair('ES256');
    secret = pair.privateKey;
    world = await plainWorld(bearer({ issuer, audience, keys: pair.publicKey }));
    for (const id of ['ann', 'bob']) {
      const made = await ask('POST', 'user', { roles: ['User.ReadWrite.All'] }, { id });
      assert.equal(made.status, 201, made.text);
    }
  });
  after(() => world.close());

  const ask = async (method: string, path: string, claims: Record<string, unknown> | null, body?: unknown) => {
    const token =
      claims === null
        ? null
        : await new SignJWT(claims)
            .setProtectedHeader({ alg: 'ES256' })
            .setIssuer(issuer)
            .setAudience(audience)
            .setExpirationTime('1h')
            .sign(secret);
    return world.ask(method, path, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
  };
  const ann = (scp: string) => ({ oid: 'ann', name: 'Ann', scp });

  const rows: readonly [
    what: string,
    method: string,
    path: string,
    claims: Record<string, unknown> | null,
    status: number,
  ][] = [
    ['no token', 'GET', 'user/ann/profile', null, 401],
    ['no token, for what does not exist either', 'GET', 'user/nobody/profile', null, 401],
    ['no token, for the service document', 'GET', '', null, 200],
    ['no token, for the model', 'GET', '$metadata', null, 200],
    ['a token without scopes', 'GET', 'user/ann/profile', { oid: 'ann' }, 403],
    ['a scope of something else', 'GET', 'user/ann/profile', ann('Mail.Read'), 403],
    ['reading one’s own', 'GET', 'user/ann/profile', ann('User.Read'), 200],
    ['reading one’s own facets', 'GET', 'user/ann/profile/skills', ann('User.Read'), 200],
    ['reading another’s', 'GET', 'user/bob/profile', ann('User.Read'), 403],
    ['reading another’s with .All', 'GET', 'user/bob/profile', ann('User.Read.All'), 200],
    ['reading another’s as an application', 'GET', 'user/bob/profile', { roles: ['User.Read.All'] }, 200],
    ['changing with a scope for reading', 'PATCH', 'user/ann/profile', ann('User.Read'), 403],
    ['changing one’s own', 'PATCH', 'user/ann/profile', ann('User.ReadWrite'), 200],
    ['changing another’s', 'PATCH', 'user/bob/profile', ann('User.ReadWrite'), 403],
    ['changing another’s with .All', 'PATCH', 'user/bob/profile', ann('User.ReadWrite.All'), 200],
    ['creating another user', 'POST', 'user', ann('User.ReadWrite'), 403],
    ['deleting another user', 'DELETE', 'user/bob', ann('User.ReadWrite'), 403],
  ];
  for (const [what, method, path, claims, status] of rows)
    it(`${what}: ${method} ${path} is ${status}`, async () => {
      const reply = await ask(method, path, claims, method === 'PATCH' || method === 'POST' ? {} : undefined);
      assert.equal(reply.status, status, reply.text);
      if (status === 401) assert.match(reply.headers.get('www-authenticate') ?? '', /^Bearer/);
    });

  it('says which scope is missing', async () => {
    const reply = await ask('PATCH', 'user/ann/profile', ann('User.Read'), {});
    assert.equal(reply.json.error.code, 'InsufficientScope');
    assert.match(reply.json.error.message, /User\.ReadWrite, User\.ReadWrite\.All/);
    assert.match(reply.headers.get('www-authenticate') ?? '', /error="insufficient_scope", scope="User\.ReadWrite /);
  });

  it('shows in a list only what is one’s own', async () => {
    const own = await ask('GET', 'user?$count=true', ann('User.Read'));
    assert.deepEqual([own.json['@odata.count'], own.json.value.map(({ id }: { id: string }) => id)], [1, ['ann']]);
    assert.equal((await ask('GET', 'user/$count', ann('User.Read.All'))).text, '2');
  });

  it('notes the caller as author', async () => {
    const made = await ask(
      'POST',
      'user/ann/profile/notes',
      { ...ann('User.ReadWrite'), app_displayname: 'App' },
      { displayName: 'x' },
    );
    assert.deepEqual(made.json.createdBy, {
      application: { displayName: 'App', id: null },
      device: null,
      user: { displayName: 'Ann', id: 'ann' },
    });
  });
});
