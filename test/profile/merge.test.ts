import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import type { Reply } from '../model/serve.js';
import { namespace, plainWorld, type World } from './world.js';

const type = (name: string) => `#${namespace}.${name}`;

/** Every row of every table, as a second connection to the file sees it. */
function dump(file: string): ReadonlyMap<string, readonly Record<string, unknown>[]> {
  const database = new Database(file, { readonly: true });
  try {
    const tables = database.prepare(`select name from sqlite_schema where type = 'table' order by name`).pluck().all();
    return new Map(
      tables.map((name) => [
        String(name),
        database.prepare(`select * from "${name}" order by rowid`).all() as Record<string, unknown>[],
      ]),
    );
  } finally {
    database.close();
  }
}

/** `table.column` of every value that differs between two dumps of the same rows. */
function changed(before: ReturnType<typeof dump>, after: ReturnType<typeof dump>): readonly string[] {
  const names: string[] = [];
  for (const [table, rows] of after) {
    const old = before.get(table) ?? [];
    assert.equal(rows.length, old.length, `rows of ${table}`);
    for (const [index, row] of rows.entries())
      for (const [column, value] of Object.entries(row))
        if (value !== old[index]?.[column]) names.push(`${table}.${column}`);
  }
  return names.sort();
}

describe('PATCH on the profile service', () => {
  let world: World;
  const patch = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    world.ask('PATCH', path, { body, headers });
  const post = async (path: string, body: unknown) => {
    const reply = await world.ask('POST', path, { body });
    assert.equal(reply.status, 201, reply.text);
    return reply.json;
  };
  let user = 0;
  let me: string;
  beforeEach(async () => {
    me = `user/m${user++}`;
    await post('user', { id: me.slice(5) });
  });
  before(async () => {
    world = await plainWorld();
  });
  after(() => world.close());

  it('answers the documented exchange', async () => {
    const { json: before } = await world.ask('GET', `${me}/profile`);
    const reply = await patch(`${me}/profile`, { '@odata.type': type('profile') });
    assert.equal(reply.status, 200);
    assert.equal(reply.json['@odata.type'], type('profile'));
    assert.equal(reply.json.id, before.id);
    assert.deepEqual(reply.json, before);
  });

  const nothing: readonly [what: string, body: (item: Record<string, unknown>) => unknown][] = [
    ['an empty body', () => ({})],
    [
      'only control information',
      () => ({ '@odata.type': type('workPosition'), '@odata.id': 'x', '@odata.etag': 'W/"0"', '@my.note': 1 }),
    ],
    ['only keys', (item) => ({ id: item.id })],
    ['a key that differs', () => ({ id: 'other' })],
    [
      'computed members',
      () => ({
        createdDateTime: '2001-01-01T00:00:00Z',
        createdBy: { user: { id: 'x' } },
        lastModifiedDateTime: '2001-01-01T00:00:00Z',
      }),
    ],
  ];
  for (const [what, body] of nothing)
    it(`${what} changes no column and keeps the ETag`, async () => {
      const item = await post(`${me}/profile/positions`, { detail: { jobTitle: 'A' } });
      const before = dump(world.server.file);
      const reply = await patch(`${me}/profile/positions/${item.id}`, body(item));
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(changed(before, dump(world.server.file)), []);
      assert.deepEqual(reply.json, item);
      assert.equal(reply.headers.get('etag'), item['@odata.etag']);
    });

  it('changes the columns it names, those set on update, and the row version; nothing else', async () => {
    const item = await post(`${me}/profile/patents`, { displayName: 'P', number: '1', isPending: true });
    const before = dump(world.server.file);
    const reply = await patch(`${me}/profile/patents/${item.id}`, { number: '2', isPending: false });
    assert.equal(reply.status, 200);
    const table = 'user_profile_patents';
    const columns = changed(before, dump(world.server.file)).filter((name) => name !== `${table}.lastModifiedBy`);
    assert.deepEqual(
      columns,
      ['@version', 'isPending', 'lastModifiedDateTime', 'number'].map((column) => `${table}.${column}`),
    );
  });

  it('merges complex values recursively and replaces collections whole', async () => {
    const item = await post(`${me}/profile/positions`, {
      categories: ['a', 'b'],
      detail: {
        jobTitle: 'Dev',
        role: 'Lead',
        company: { displayName: 'Acme', department: 'R', address: { city: 'Bonn', street: 'S' } },
      },
      colleagues: [{ displayName: 'One' }, { displayName: 'Two' }],
    });
    const { json } = await patch(`${me}/profile/positions/${item.id}`, {
      categories: ['c'],
      detail: { role: null, company: { address: { city: 'Rome' } } },
      colleagues: [{ displayName: 'Three', relationship: 'friend' }],
    });
    assert.equal(json.detail.jobTitle, 'Dev');
    assert.equal(json.detail.role, null);
    assert.equal(json.detail.company.displayName, 'Acme');
    assert.equal(json.detail.company.department, 'R');
    assert.equal(json.detail.company.address.city, 'Rome');
    assert.equal(json.detail.company.address.street, 'S');
    assert.deepEqual(json.categories, ['c']);
    assert.deepEqual(json.colleagues, [{ displayName: 'Three', relationship: 'friend', userPrincipalName: null }]);
    const cleared = await patch(`${me}/profile/positions/${item.id}`, { detail: { company: null }, categories: [] });
    assert.equal(cleared.json.detail.company, null);
    assert.equal(cleared.json.detail.jobTitle, 'Dev');
    assert.deepEqual(cleared.json.categories, []);
  });

  it('null clears, in a complex value that was null too', async () => {
    const item = await post(`${me}/profile/names`, { first: 'A', nickname: 'B' });
    const { json } = await patch(`${me}/profile/names/${item.id}`, { nickname: null, pronunciation: { last: 'x' } });
    assert.equal(json.nickname, null);
    assert.equal(json.first, 'A');
    assert.deepEqual(json.pronunciation, { displayName: null, first: null, last: 'x', maiden: null, middle: null });
  });

  const wrong: readonly [
    what: string,
    path: string,
    body: unknown,
    status: number,
    target: string | undefined,
    code?: string,
  ][] = [
    ['an unknown property', '', { nope: 1 }, 400, 'nope', 'UnknownProperty'],
    [
      'an unknown nested property',
      '/names/{id}',
      { pronunciation: { nope: 1 } },
      400,
      'pronunciation/nope',
      'UnknownProperty',
    ],
    ['a wrong type name', '', { '@odata.type': type('skillProficiency') }, 400, '@odata.type', 'TypeMismatch'],
    ['an unknown type name', '', { '@odata.type': '#a.b' }, 400, '@odata.type', 'UnknownType'],
    ['a wrong type of a value', '/names/{id}', { first: 1 }, 400, 'first', 'TypeMismatch'],
    ['an invalid enumeration member', '/names/{id}', { allowedAudiences: 'nobody' }, 400, 'allowedAudiences'],
    ['null for a collection', '/skills/{id}', { categories: null }, 400, 'categories', 'InvalidValue'],
    ['null where none may be', '/skills/{id}', { displayName: null }, 400, 'displayName', 'InvalidValue'],
    ['an array', '', [], 400, undefined],
    ['text that is no JSON', '', '{"a":', 400, 'a', 'MalformedBody'],
    ['a member twice', '/names/{id}', '{"first":"a","first":"b"}', 400, 'first', 'DuplicateMember'],
  ];
  for (const [what, path, body, status, target, code] of wrong)
    it(`${what} is ${status}, and nothing is written`, async () => {
      const collection = path.split('/')[1];
      const made = collection === undefined ? null : await post(`${me}/profile/${collection}`, { displayName: 'x' });
      const before = dump(world.server.file);
      const reply = await patch(`${me}/profile${path.replace('{id}', made?.id)}`, body);
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.json.error.target, target);
      if (code !== undefined) assert.equal(reply.json.error.code, code);
      assert.deepEqual(changed(before, dump(world.server.file)), []);
    });

  it('an unknown user is 404 and stays unknown', async () => {
    for (const path of ['user/nobody', 'user/nobody/profile', 'user/nobody/profile/skills/x']) {
      const reply = await patch(path, {});
      assert.equal(reply.status, 404);
      assert.equal(reply.json.error.code, 'ResourceNotFound');
    }
    assert.equal((await world.ask('GET', 'user/nobody')).status, 404);
  });

  it('a deleted profile is gone with all it contains; PATCH and PUT create it anew', async () => {
    await post(`${me}/profile/skills`, { displayName: 'x' });
    const { json: old } = await world.ask('GET', `${me}/profile`);
    for (const method of ['PATCH', 'PUT']) {
      assert.equal((await world.ask('DELETE', `${me}/profile`)).status, 204);
      assert.equal((await world.ask('GET', `${me}/profile`)).status, 404);
      assert.equal((await world.ask('GET', `${me}/profile/skills`)).status, 404);
      const reply = await world.ask(method, `${me}/profile`, { body: { '@odata.type': type('profile') } });
      assert.equal(reply.status, 201, reply.text);
      assert.notEqual(reply.json.id, old.id);
      assert.ok(reply.headers.get('location')?.endsWith(`('${me.slice(5)}')/profile`));
      assert.deepEqual((await world.ask('GET', `${me}/profile/skills`)).json.value, []);
    }
  });

  it('merges a user, and with inline facet collections updates deeply (P11.4.3.1)', async () => {
    const [kept, dropped] = [
      await post(`${me}/profile/skills`, { displayName: 'Kept' }),
      await post(`${me}/profile/skills`, { displayName: 'Dropped' }),
    ];
    const reply = await patch(`${me}/profile`, {
      skills: [{ id: kept.id, proficiency: 'expert' }, { displayName: 'New' }],
      languages: [{ displayName: 'Latin' }],
    });
    assert.equal(reply.status, 200, reply.text);
    const names = (items: { displayName: string }[]) => items.map(({ displayName }) => displayName);
    assert.deepEqual(names(reply.json.skills), ['Kept', 'New']);
    assert.equal(reply.json.skills[0].id, kept.id);
    assert.equal(reply.json.skills[0].proficiency, 'expert');
    assert.deepEqual(names(reply.json.languages), ['Latin']);
    assert.equal((await world.ask('GET', `${me}/profile/skills/${dropped.id}`)).status, 404);
    const merged = await patch(me, { profile: { interests: [{ displayName: 'Go' }] } });
    assert.equal(merged.status, 200, merged.text);
    assert.deepEqual(names(merged.json.profile.interests), ['Go']);
    assert.deepEqual(names((await world.ask('GET', `${me}/profile/skills`)).json.value), ['Kept', 'New']);
  });

  it('refuses inline facets in a body that says it is OData 4.0, and reads one that says nothing as 4.01', async () => {
    const body = { skills: [{ displayName: 'x' }] };
    const old = await patch(`${me}/profile`, body, { 'odata-version': '4.0' });
    assert.equal(old.status, 400);
    assert.equal(old.json.error.target, 'skills');
    assert.equal((await patch(`${me}/profile`, body)).status, 200);
  });

  it('a facet that fails leaves the whole deep update undone', async () => {
    await post(`${me}/profile/skills`, { displayName: 'Old' });
    const before = dump(world.server.file);
    const reply = await patch(`${me}/profile`, { skills: [], languages: [{ displayName: 'ok' }, { displayName: 5 }] });
    assert.equal(reply.status, 400);
    assert.equal(reply.json.error.target, 'languages/1/displayName');
    assert.deepEqual(changed(before, dump(world.server.file)), []);
  });

  it('P9.1.4-2 answers 204 when the client prefers little, with the ETag when that says nothing new', async () => {
    const reply = await patch(`${me}/profile`, {}, { prefer: 'return=minimal' });
    assert.equal(reply.status, 204);
    assert.equal(reply.text, '');
    assert.equal(reply.headers.get('preference-applied'), 'return=minimal');
    assert.equal(reply.headers.get('etag'), null);
    const etag = (await patch(`${me}/profile`, {})).headers.get('etag') ?? '';
    const known = await patch(`${me}/profile`, {}, { prefer: 'return=minimal', 'if-match': etag });
    assert.equal(known.headers.get('etag'), etag);
  });

  it('keeps changes of stale clients out (If-Match, If-None-Match)', async () => {
    const item = await post(`${me}/profile/notes`, { displayName: 'a' });
    const path = `${me}/profile/notes/${item.id}`;
    const ok: Reply = await patch(path, { displayName: 'b' }, { 'if-match': item['@odata.etag'] });
    assert.equal(ok.status, 200);
    for (const [method, headers] of [
      ['PATCH', { 'if-match': item['@odata.etag'] }],
      ['PUT', { 'if-match': item['@odata.etag'] }],
      ['DELETE', { 'if-match': item['@odata.etag'] }],
      ['PATCH', { 'if-none-match': '*' }],
    ] as [string, Record<string, string>][]) {
      const stale = await world.ask(
        method,
        path,
        method === 'DELETE' ? { headers } : { headers, body: { displayName: 'c' } },
      );
      assert.equal(stale.status, 412, method);
    }
    assert.equal((await world.ask('GET', path)).json.displayName, 'b');
    assert.equal(
      (await world.ask('GET', path, { headers: { 'if-none-match': ok.headers.get('etag') ?? '' } })).status,
      304,
    );
    assert.equal((await patch(path, { displayName: 'd' }, { 'if-match': '*' })).status, 200);
    assert.equal((await patch(`${me}/profile/notes/none`, {}, { 'if-match': '*' })).status, 412);
  });

  it('PUT replaces: what is not named gets its default, what the service made stays', async () => {
    const item = await post(`${me}/profile/interests`, { displayName: 'a', description: 'd', categories: ['x'] });
    const { json, status } = await world.ask('PUT', `${me}/profile/interests/${item.id}`, {
      body: { displayName: 'b' },
    });
    assert.equal(status, 200);
    assert.equal(json.displayName, 'b');
    assert.equal(json.description, null);
    assert.deepEqual(json.categories, []);
    assert.equal(json.id, item.id);
    assert.equal(json.createdDateTime, item.createdDateTime);
  });
});
