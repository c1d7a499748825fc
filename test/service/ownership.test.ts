import assert from 'node:assert/strict';
import { readModel } from '../../src/edm/index.js';
import type { User } from '../../src/protocol/index.js';
import { createService, type Service } from '../../src/service/index.js';

/** Teams relate to people who own their own data and what is contained in it. */
const text = `<?xml version="1.0"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01">
  <edmx:Reference Uri="Edmund.V1.xml"><edmx:Include Namespace="Edmund.V1"/></edmx:Reference>
  <edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="N">
    <EntityType Name="Person"><Key><PropertyRef Name="ID"/></Key>
      <Property Name="ID" Type="Edm.String" Nullable="false"/><Property Name="Secret" Type="Edm.String"/>
      <NavigationProperty Name="Notes" Type="Collection(N.Note)" ContainsTarget="true"/>
      <NavigationProperty Name="Friend" Type="N.Person"/></EntityType>
    <EntityType Name="Note"><Key><PropertyRef Name="ID"/></Key>
      <Property Name="ID" Type="Edm.String" Nullable="false"/><Property Name="Text" Type="Edm.String"/></EntityType>
    <EntityType Name="Team"><Key><PropertyRef Name="ID"/></Key>
      <Property Name="ID" Type="Edm.String" Nullable="false"/>
      <NavigationProperty Name="Members" Type="Collection(N.Person)"/></EntityType>
    <EntityContainer Name="C">
      <EntitySet Name="People" EntityType="N.Person">
        <NavigationPropertyBinding Path="Friend" Target="People"/>
        <Annotation Term="Edmund.V1.Owner" PropertyPath="ID"/></EntitySet>
      <EntitySet Name="Teams" EntityType="N.Team"><NavigationPropertyBinding Path="Members" Target="People"/></EntitySet>
    </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

const person = (id: string | null, unrestricted = false): User => ({
  id,
  name: null,
  application: null,
  scopes: new Set(),
  roles: new Set(),
  unrestricted,
});

describe('what belongs to another stays hidden, whichever way one comes', () => {
  let service: Service;
  const ask = (user: User, method: 'GET' | 'POST' | 'PATCH', url: string, body: unknown = null) =>
    service.handle({
      method,
      url,
      headers: { 'content-type': 'application/json' },
      body: body === null ? null : Buffer.from(JSON.stringify(body)),
      user,
      base: 'http://host/',
      requestId: 'r',
    });
  const root = person(null, true);
  const ann = person('ann');

  before(async () => {
    service = await createService({ model: readModel({ file: 'm.xml', text }), database: ':memory:' });
    const note = (id: string) => [{ ID: id, Text: `of ${id}` }];
    for (const id of ['ann', 'bob'])
      assert.equal((await ask(root, 'POST', 'People', { ID: id, Secret: `s-${id}`, Notes: note(id) })).status, 201);
    assert.equal((await ask(root, 'PATCH', 'People/ann', { Friend: { '@id': 'People/bob' } })).status, 200);
    const members = [{ '@id': 'People/ann' }, { '@id': 'People/bob' }];
    assert.equal((await ask(root, 'POST', 'Teams', { ID: 't', Members: members })).status, 201);
  });
  after(() => service.close());

  const silent: readonly string[] = [
    'People',
    'People/$count',
    'Teams/t/Members',
    'Teams?$expand=Members',
    'Teams?$expand=Members($expand=Notes)',
    'Teams/t/Members/bob',
    'Teams/t/Members/bob/Notes',
    'Teams/t/Members/bob/Secret/$value',
    'People/ann/Friend',
    'People/ann/Friend/Notes',
    'People/ann?$expand=Friend',
  ];
  for (const url of silent)
    it(url, async () => {
      const { status, body } = await ask(ann, 'GET', url);
      assert.ok(status === 200 || status === 204 || status === 404, String(status));
      assert.doesNotMatch(status === 404 ? '' : String(body), /bob|^2$/);
      assert.match(String((await ask(root, 'GET', url)).body), /bob|^2$/);
    });

  for (const filter of [
    "Members/any(m:m/Secret eq 's-bob')",
    "Members/any(m:m/Notes/any(n:n/Text eq 'of bob'))",
    'Members/$count eq 2',
  ])
    it(`$filter=${filter}`, async () => {
      const url = `Teams?$filter=${encodeURIComponent(filter)}`;
      assert.equal(JSON.parse(String((await ask(ann, 'GET', url)).body)).value.length, 0);
      assert.equal(JSON.parse(String((await ask(root, 'GET', url)).body)).value.length, 1);
    });

  it('refuses the URL of another, and to make what would be theirs', async () => {
    assert.equal((await ask(ann, 'GET', 'People/bob')).status, 403);
    assert.equal((await ask(ann, 'GET', 'People/ann')).status, 200);
    assert.equal((await ask(ann, 'POST', 'People', { ID: 'eve' })).status, 403);
    assert.equal((await ask(ann, 'PATCH', 'People/bob', { Secret: 'x' })).status, 403);
    assert.equal((await ask(ann, 'PATCH', 'Teams/t/Members/bob', { Secret: 'x' })).status, 403);
    assert.equal((await ask(ann, 'PATCH', 'People/ann', { Friend: { '@id': 'People/bob' } })).status, 400);
    assert.equal((await ask(person(null), 'GET', 'People/ann')).status, 403);
  });

  it('changes are told of what one may see, and to nobody else', async () => {
    const told = async (user: User, url: string) => {
      const { status, body } = await ask(user, 'GET', url);
      return { status, text: String(body) };
    };
    const linkOf = (text: string) => JSON.parse(text)['@odata.deltaLink'].replace('http://host/', '');
    const teams = linkOf((await told(ann, 'Teams?$expand=Members&$deltatoken=latest')).text);
    const people = linkOf((await told(ann, 'People?$deltatoken=latest')).text);
    await ask(root, 'PATCH', 'People/bob', { Secret: 'new-bob' });
    await ask(root, 'PATCH', 'People/ann', { Secret: 'new-ann' });
    for (const link of [teams, people]) {
      const { status, text: changes } = await told(ann, link);
      assert.deepEqual([status, changes.includes('new-ann'), changes.includes('bob')], [200, true, false]);
      assert.equal((await told(person('bob'), link)).status, 410);
    }
  });
});
