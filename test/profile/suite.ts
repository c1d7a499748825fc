import assert from 'node:assert/strict';
import type { Reply } from '../model/serve.js';
import { samples } from './samples.js';
import { namespace, type World } from './world.js';

const typeOf = (name: string) => `#${namespace}.${name}`;

/** What every answer with content has (Protocol 8.1, 8.3). */
function wellFormed(reply: Reply, status: number): void {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.headers.get('odata-version'), '4.0');
  if (status === 204) {
    assert.equal(reply.text, '');
    return;
  }
  assert.match(reply.headers.get('content-type') ?? '', /^application\/json;odata\.metadata=minimal/);
}

function isEntity(reply: Reply, status: number, type: string, context: string): void {
  wellFormed(reply, status);
  const { json } = reply;
  assert.equal(json['@odata.type'], typeOf(type));
  assert.ok(json['@odata.context'].endsWith(`/beta/$metadata#${context}`), json['@odata.context']);
  assert.equal(typeof json.id, 'string');
  assert.equal(reply.headers.get('etag'), json['@odata.etag']);
  assert.equal(json.value, undefined, 'a single entity is a bare object');
}

/** Every documented operation, against the service at `world` (facts of the model 5.2 and 5.3). */
export function profileSuite(name: string, open: () => Promise<World>): void {
  describe(`${name}: every documented operation`, () => {
    let world: World;
    before(async () => {
      world = await open();
      wellFormed(await world.ask('POST', 'user', { body: { id: 'u1' } }), 201);
    });
    after(() => world.close());

    it('GET /user lists users', async () => {
      const reply = await world.ask('GET', 'user');
      wellFormed(reply, 200);
      assert.equal(reply.json.value[0].id, 'u1');
      assert.equal(reply.json.value[0]['@odata.type'], typeOf('user'));
      assert.ok(reply.json['@odata.context'].endsWith('$metadata#user'));
    });
    it('POST /user creates one, with an id of its own or a new one', async () => {
      const named = await world.ask('POST', 'user', { body: { id: 'u2' } });
      isEntity(named, 201, 'user', 'user/$entity');
      assert.equal(named.json.id, 'u2');
      const made = await world.ask('POST', 'user', { body: {} });
      isEntity(made, 201, 'user', 'user/$entity');
      assert.match(made.json.id, /^[0-9a-f-]{36}$/);
      assert.match(made.headers.get('location') ?? '', /\/beta\/\w+\('[0-9a-f-]{36}'\)$/);
    });
    it('GET, PATCH and DELETE /user/{id}', async () => {
      isEntity(await world.ask('GET', "user('u2')"), 200, 'user', 'user/$entity');
      isEntity(await world.ask('PATCH', 'user/u2', { body: {} }), 200, 'user', 'user/$entity');
      wellFormed(await world.ask('DELETE', 'user/u2'), 204);
      assert.equal((await world.ask('GET', 'user/u2')).status, 404);
      assert.equal((await world.ask('GET', 'user/u2/profile')).status, 404);
    });
    it('GET and PATCH /user/{id}/profile, from the first request', async () => {
      const context = "user('u1')/profile";
      isEntity(await world.ask('GET', 'user/u1/profile'), 200, 'profile', context);
      const body = { '@odata.type': typeOf('profile') };
      isEntity(await world.ask('PATCH', 'user/u1/profile', { body }), 200, 'profile', context);
    });
    it('DELETE and POST /user/{id}/profile', async () => {
      wellFormed(await world.ask('DELETE', 'user/u1/profile'), 204);
      assert.equal((await world.ask('GET', 'user/u1/profile')).status, 404);
      isEntity(await world.ask('POST', 'user/u1/profile', { body: {} }), 201, 'profile', "user('u1')/profile");
      assert.equal((await world.ask('POST', 'user/u1/profile', { body: {} })).status, 409);
    });

    for (const [collection, sample] of Object.entries(samples)) {
      const path = `user/u1/profile/${collection}`;
      const context = `user('u1')/profile/${collection}`;
      it(`GET, POST, GET, PATCH, DELETE ${collection}`, async () => {
        const created = await world.ask('POST', path, { body: sample.create });
        isEntity(created, 201, sample.type, `${context}/$entity`);
        const { id } = created.json;
        for (const [member, value] of Object.entries(sample.create)) covers(created.json[member], value);
        if (!('allowedAudiences' in sample.create)) assert.equal(created.json.allowedAudiences, 'organization');
        assert.match(created.json.createdDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
        assert.equal(created.json.createdBy.user.displayName, 'anonymous');

        const list = await world.ask('GET', path);
        wellFormed(list, 200);
        assert.ok(list.json['@odata.context'].endsWith(`$metadata#${context}`));
        assert.deepEqual(list.json.value.at(-1).id, id);

        const got = await world.ask('GET', `${path}/${id}`);
        isEntity(got, 200, sample.type, `${context}/$entity`);
        assert.deepEqual(got.json, created.json);

        const selected = await world.ask('GET', `${path}/${id}?$select=${sample.by}`);
        wellFormed(selected, 200);
        assert.deepEqual(
          Object.keys(selected.json).filter((key) => !key.startsWith('@')),
          [sample.by],
        );

        const updated = await world.ask('PATCH', `${path}/${id}`, { body: sample.update });
        isEntity(updated, 200, sample.type, `${context}/$entity`);
        for (const [member, value] of Object.entries(sample.update)) covers(updated.json[member], value);
        const untouched = Object.keys(created.json).filter(
          (member) => !(member in sample.update) && !member.startsWith('@') && !member.startsWith('lastModified'),
        );
        for (const member of untouched) assert.deepEqual(updated.json[member], created.json[member], member);
        assert.notEqual(updated.json['@odata.etag'], created.json['@odata.etag']);

        wellFormed(await world.ask('DELETE', `${path}/${id}`), 204);
        assert.equal((await world.ask('GET', `${path}/${id}`)).status, 404);
      });

      it(`filter, orderby, select, skip and top on ${collection}`, async () => {
        const ids: string[] = [];
        for (let count = 0; count < 3; count++)
          ids.push((await world.ask('POST', path, { body: sample.create })).json.id);
        const query = `$filter=${sample.by} ne null&$orderby=${sample.by} desc,id&$select=id&$skip=1&$top=1&$count=true`;
        const reply = await world.ask('GET', `${path}?${query}`);
        wellFormed(reply, 200);
        assert.equal(reply.json['@odata.count'], 3);
        assert.deepEqual(
          reply.json.value.map((item: { id: string }) => item.id),
          [[...ids].sort()[1]],
        );
        assert.equal((await world.ask('GET', `${path}/$count`)).text, '3');
        for (const id of ids) wellFormed(await world.ask('DELETE', `${path}('${id}')`), 204);
      });
    }
  });
}

/** Every member of what was sent is in what came back; more may be there. */
function covers(found: unknown, sent: unknown): void {
  if (Array.isArray(sent)) {
    assert.ok(Array.isArray(found) && found.length === sent.length, JSON.stringify(found));
    for (const [index, item] of sent.entries()) covers(found[index], item);
  } else if (typeof sent === 'object' && sent !== null) {
    assert.ok(typeof found === 'object' && found !== null, JSON.stringify(found));
    for (const [member, value] of Object.entries(sent)) covers((found as Record<string, unknown>)[member], value);
  } else assert.deepEqual(found, sent);
}
