import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { type CryptoKey, generateKeyPair, SignJWT } from 'jose';
import { bearer, readModel } from '../../src/index.js';
import { type Server, startServer } from '../model/serve.js';

const text = `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01"><edmx:DataServices>
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="N">
<EntityType Name="T"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.String" Nullable="false"/>
${Array.from({ length: 60 }, (_, index) => `<Property Name="Property${index}" Type="Edm.String"/>`).join('')}</EntityType>
<EntityContainer Name="C"><EntitySet Name="Ts" EntityType="N.T"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
const model = readModel({ file: 'm.xml', text });

/** Bytes in, the whole answer out. */
function raw(base: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** Asks with header fields that fetch would not let through. */
function plain(base: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(new URL(path, base), { headers }, (reply) => {
      let answer = '';
      reply.on('data', (chunk) => {
        answer += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text: answer }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('http: the frame around a service', () => {
  let server: Server;
  before(async () => {
    server = await startServer(
      { model },
      { root: '/v1', limits: { maxBodySize: 5000, maxUrlLength: 2000, maxHeaderSize: 8192 } },
    );
  });
  after(() => server.close());

  const errors: readonly [
    what: string,
    method: string,
    path: string,
    body: string | undefined,
    status: number,
    code: string,
  ][] = [
    ['a path outside the root', 'GET', '/other', undefined, 404, 'ResourceNotFound'],
    ['a path that only begins like the root', 'GET', '/v1x', undefined, 404, 'ResourceNotFound'],
    ['a URL over the limit', 'GET', `Ts?$filter=ID eq '${'x'.repeat(2000)}'`, undefined, 414, 'UrlTooLong'],
    ['a body over the limit', 'POST', 'Ts', JSON.stringify({ ID: 'x'.repeat(5000) }), 413, 'BodyTooLarge'],
    ['a method that does not exist', 'PROPFIND', 'Ts', undefined, 501, 'NotImplemented'],
    ['malformed JSON', 'POST', 'Ts', '{"ID":', 400, 'MalformedBody'],
    ['an empty body', 'POST', 'Ts', '', 400, 'MalformedBody'],
    ['a percent sign that means nothing', 'GET', 'Ts?$filter=%G1', undefined, 400, 'MalformedQueryOption'],
    ['a method the health check does not have', 'POST', '/healthz', '{}', 405, 'MethodNotAllowed'],
  ];
  for (const [what, method, path, body, status, code] of errors)
    it(`${what}: ${status} ${code}, as OData error`, async () => {
      const reply = await server.ask(method, path, body === undefined ? {} : { body });
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.json.error.code, code);
      assert.ok(reply.json.error.message.length > 10);
      assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
      assert.ok(reply.headers.get('odata-version'));
      assert.doesNotMatch(reply.text, /at .*\.[tj]s:|sqlite/i);
    });

  it('answers a malformed request line and oversized header fields with the OData error', async () => {
    for (const [bytes, status] of [
      ['NONSENSE\r\n\r\n', 400],
      [`GET /v1/ HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(9000)}\r\n\r\n`, 431],
    ] as const) {
      const answer = await raw(server.base, bytes);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
      assert.ok(body.error.code);
    }
  });

  it('refuses a Host that is none, and believes no forwarded one unasked', async () => {
    const bad = await plain(server.base, '/v1/', { host: 'a b"c' });
    assert.equal(bad.status, 400);
    assert.match(bad.text, /"MalformedHeader"/);
    const forwarded = await plain(server.base, '/v1/', { host: 'good.example', 'x-forwarded-host': 'evil.example' });
    assert.match(forwarded.text, /http:\/\/good\.example\/v1\/\$metadata/);
  });

  it('echoes the request ids, and makes one', async () => {
    const reply = await server.ask('GET', '', { headers: { 'request-id': 'abc-1', 'client-request-id': 'mine' } });
    assert.equal(reply.headers.get('request-id'), 'abc-1');
    assert.equal(reply.headers.get('client-request-id'), 'mine');
    const other = await server.ask('GET', '', { headers: { 'client-request-id': 'x y\t<z>' } });
    assert.match(other.headers.get('request-id') ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(other.headers.get('client-request-id'), null);
  });

  it('answers HEAD like GET without body, also at the root with a CSRF token asked for', async () => {
    const reply = await server.ask('HEAD', '', { headers: { 'x-csrf-token': 'Fetch' } });
    assert.equal(reply.status, 200);
    assert.equal(reply.text, '');
    assert.ok(Number(reply.headers.get('content-length')) > 0);
  });

  it('lets pages of other origins call and read the fields clients need', async () => {
    const preflight = await server.ask('OPTIONS', 'Ts', {
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'if-match',
      },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PATCH/);
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'if-match');
    const reply = await server.ask('GET', 'Ts', { headers: { origin: 'https://app.example' } });
    assert.match(reply.headers.get('access-control-expose-headers') ?? '', /OData-Version.*ETag.*Location/);
  });

  it('has a strong ETag for $metadata that differs per encoding, version and format, and knows each again', async () => {
    const tags = new Set<string>();
    for (const headers of [
      { 'accept-encoding': 'identity' },
      { 'accept-encoding': 'gzip' },
      { 'accept-encoding': 'br' },
      { 'accept-encoding': 'gzip', 'odata-maxversion': '4.01' },
      { 'accept-encoding': 'gzip', accept: 'application/json' },
    ] as Record<string, string>[]) {
      const reply = await server.ask('GET', '$metadata', { headers });
      assert.equal(reply.status, 200);
      const etag = reply.headers.get('etag') ?? '';
      assert.match(etag, /^"[\w-]+"$/);
      tags.add(etag);
      const again = await server.ask('GET', '$metadata', { headers: { ...headers, 'if-none-match': etag } });
      assert.equal(again.status, 304);
      assert.equal(again.headers.get('etag'), etag);
      assert.match(reply.headers.get('vary') ?? '', /accept-encoding/i);
    }
    assert.equal(tags.size, 5);
  });

  it('says that the process lives', async () => {
    const reply = await server.ask('GET', '/healthz');
    assert.deepEqual(reply.json, { status: 'ok' });
  });
});

describe('http: bearer tokens', () => {
  let server: Server;
  let secret: CryptoKey;
  const issuer = 'https://issuer.example';
  const audience = 'api';
  before(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    secret = pair.privateKey;
    server = await startServer({ model }, { authentication: bearer({ issuer, audience, keys: pair.publicKey }) });
  });
  after(() => server.close());
  const token = (claims: Record<string, unknown> = {}, expires = '1h') =>
    new SignJWT({ oid: 'u', ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(String(claims.iss ?? issuer))
      .setAudience(String(claims.aud ?? audience))
      .setExpirationTime(expires)
      .sign(secret);

  it('are not needed for the service document and $metadata', async () => {
    assert.equal((await server.ask('GET', '')).status, 200);
    assert.equal((await server.ask('GET', '$metadata')).status, 200);
  });

  it('are needed for data: 401 names the scheme', async () => {
    const reply = await server.ask('GET', 'Ts');
    assert.equal(reply.status, 401);
    assert.match(reply.headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.equal(reply.json.error.code, 'Unauthenticated');
  });

  it('are accepted when everything about them is right', async () => {
    const reply = await server.ask('GET', 'Ts', { headers: { authorization: `Bearer ${await token()}` } });
    assert.equal(reply.status, 200);
  });

  it('are refused when anything about them is wrong, and nothing is written', async () => {
    const other = await generateKeyPair('ES256');
    const foreign = new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setIssuer(issuer).setAudience(audience);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: issuer, aud: audience, exp: 9e9 })).toString('base64url')}.`;
    const hmac = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(Buffer.from('public key'));
    const wrong: readonly string[] = [
      `Bearer ${await token({}, '-1h')}`,
      `Bearer ${await token({ iss: 'https://other.example' })}`,
      `Bearer ${await token({ aud: 'other' })}`,
      `Bearer ${await foreign.setExpirationTime('1h').sign(other.privateKey)}`,
      `Bearer ${none}`,
      `Bearer ${hmac}`,
      `Bearer ${'x'.repeat(17_000)}`,
      'Bearer not.a.token',
      'Basic YTpi',
      'Bearer',
    ];
    for (const authorization of wrong) {
      const reply = await server.ask('POST', 'Ts', { headers: { authorization }, body: { ID: '1' } });
      assert.equal(reply.status, 401, authorization.slice(0, 40));
      assert.match(reply.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
    }
    const all = await server.ask('GET', 'Ts/$count', { headers: { authorization: `Bearer ${await token()}` } });
    assert.equal(all.text, '0');
  });
});

describe('http: what fails around the service', () => {
  it('is 500 with the OData error and without a word of what it was', async () => {
    const server = await startServer(
      { model },
      {
        authentication: async () => {
          throw new Error('secret detail');
        },
      },
    );
    try {
      await assert.rejects(() => server.ask('GET', 'Ts'), /secret detail/); // the harness was told
      const reply = await fetch(`${server.base}Ts`);
      const body = await reply.text();
      assert.equal(reply.status, 500);
      assert.equal(JSON.parse(body).error.code, 'InternalError');
      assert.doesNotMatch(body, /secret detail/);
    } finally {
      await server.close();
    }
  });

  it('the links of answers begin with the public URL when one is set', async () => {
    const server = await startServer({ model }, { root: '/inner', publicUrl: 'https://api.example/v1/' });
    const reply = await server.ask('GET', 'Ts', { headers: { 'x-forwarded-host': 'evil.example' } });
    assert.equal(reply.json['@odata.context'], 'https://api.example/v1/$metadata#Ts');
    await server.close();
  });
});
