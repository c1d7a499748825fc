import assert from 'node:assert/strict';
import {
  createService,
  type ODataError,
  type Operations,
  openSqlite,
  type Service,
  type User,
} from '../../src/index.js';
import { modelFrom, open } from '../model/inline.js';

const scopes = (term: string, ...names: readonly string[]) =>
  `<Annotation Term="Capabilities.${term}"><Record><PropertyValue Property="Permissions"><Collection><Record>
    <PropertyValue Property="SchemeName" String="any"/><PropertyValue Property="Scopes"><Collection>${names
      .map((name) => `<Record><PropertyValue Property="Scope" String="${name}"/></Record>`)
      .join('')}</Collection></PropertyValue></Record></Collection></PropertyValue></Record></Annotation>`;
const note = '<Parameter Name="note" Type="T.Note" Nullable="false"/>';
const returns = '<ReturnType Type="T.Note"/>';

const model = modelFrom(`
<EntityType Name="Note"><Key><PropertyRef Name="owner"/></Key>
  <Property Name="owner" Type="Edm.String" Nullable="false"/><Property Name="text" Type="Edm.String"/></EntityType>
<Action Name="Clear" IsBound="true">${note}</Action>
<Action Name="Granted" IsBound="true" EntitySetPath="note">${note}${returns}${scopes('OperationRestrictions', 'Note.Clear')}</Action>
<Function Name="Length" IsBound="true">${note}<ReturnType Type="Edm.Int32"/></Function>
<Function Name="Longest">${returns}</Function>
<Function Name="Secret">${returns}${scopes('OperationRestrictions', 'Note.Secret')}</Function>
<Action Name="Ping"/>
<EntityContainer Name="C">
  <EntitySet Name="Notes" EntityType="T.Note">
    ${scopes('ReadRestrictions', 'Note.Read', 'Note.Read.All')}${scopes('UpdateRestrictions', 'Note.Write', 'Note.Write.All')}
    <Annotation Term="Edmund.Owner" PropertyPath="owner"/>
  </EntitySet>
  <FunctionImport Name="Longest" Function="T.Longest" EntitySet="Notes"/>
  <FunctionImport Name="Secret" Function="T.Secret" EntitySet="Notes"/>
  <ActionImport Name="Ping" Action="T.Ping"/>
</EntityContainer>`);

const operations: Operations = {
  'T.Clear': ({ binding, odata }) => odata.patch(binding?.url ?? '', { text: null }),
  'T.Granted': ({ binding }) => ({ '@id': binding?.url }),
  'T.Length': ({ binding }) => binding?.value.text.length,
  'T.Longest': () => ({ '@id': "Notes('ann')" }),
  'T.Secret': () => ({ '@id': "Notes('ann')" }),
  'T.Ping': () => undefined,
};

describe('Who may call operations', () => {
  let service: Service;
  before(async () => {
    service = await createService({ model, operations, store: openSqlite(':memory:') });
    const all = { ...user(), unrestricted: true };
    for (const owner of ['ann', 'ben']) await ask(all, 'POST', 'Notes', { owner, text: `${owner}'s` });
  });
  after(() => service.close());

  const user = (...names: readonly string[]): User => ({
    id: 'ann',
    name: null,
    application: null,
    scopes: new Set(names),
    roles: new Set(),
    unrestricted: false,
  });
  const ask = async (who: User | null, method: 'GET' | 'POST', url: string, body?: unknown) => {
    const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const headers = bytes === null ? {} : { 'content-type': 'application/json' };
    return service.handle({ method, url, headers, body: bytes, user: who, base: 'http://x/', requestId: 'r' });
  };

  const rows: readonly (readonly [
    title: string,
    who: User | null,
    method: 'GET' | 'POST',
    url: string,
    status: number,
  ])[] = [
    ['KP1 nobody without credentials', null, 'POST', 'Ping', 401],
    ['an unbound action of which the model says nothing', user(), 'POST', 'Ping', 204],
    [
      'KP1 an action needs the scopes to update what it is bound to',
      user('Note.Read'),
      'POST',
      "Notes('ann')/T.Clear",
      403,
    ],
    [
      'an action with them, whose handler has them too',
      user('Note.Read', 'Note.Write'),
      'POST',
      "Notes('ann')/T.Clear",
      204,
    ],
    [
      'nobody acts on what belongs to another',
      user('Note.Read.All', 'Note.Write'),
      'POST',
      "Notes('ben')/T.Clear",
      403,
    ],
    ['unless the scope says so', user('Note.Read.All', 'Note.Write.All'), 'POST', "Notes('ben')/T.Clear", 204],
    ['KP1 the scopes of an action itself', user('Note.Read', 'Note.Write'), 'POST', "Notes('ann')/T.Granted", 403],
    [
      'the scopes of an action itself, and to read what it is bound to',
      user('Note.Read', 'Note.Clear'),
      'POST',
      "Notes('ann')/T.Granted",
      200,
    ],
    ['not without those to read', user('Note.Clear'), 'POST', "Notes('ann')/T.Granted", 403],
    ['a bound function needs those to read', user('Note.Write'), 'GET', "Notes('ann')/T.Length()", 403],
    ['a function of which the model says nothing needs those to read its result', user(), 'GET', 'Longest()', 403],
    ['a function with them', user('Note.Read'), 'GET', 'Longest()', 200],
    ['KP1 the scopes of a function itself', user('Note.Read'), 'GET', 'Secret()', 403],
    ['are enough', user('Note.Secret'), 'GET', 'Secret()', 200],
    ['for each member', user('Note.Read'), 'POST', 'Notes/$each/T.Clear', 403],
  ];
  for (const [title, who, method, url, status] of rows)
    it(`${title}: ${method} ${url}`, async () => {
      const response = await ask(who, method, url);
      assert.equal(response.status, status, String(response.body));
      if (status === 401) assert.equal(response.headers['WWW-Authenticate'], 'Bearer');
      if (status === 403) assert.match(String(response.body), /scope|own user/);
    });
});

describe('What the model says of operations', () => {
  const flag = (name: string, value: string) =>
    `<Annotation Term="Capabilities.OperationRestrictions"><Record><PropertyValue Property="${name}" Bool="${value}"/></Record></Annotation>`;
  const many = '<Parameter Name="notes" Type="Collection(T.Note)" Nullable="false"/><ReturnType Type="Edm.Int32"/>';
  const explicit = '<Annotation Term="Core.RequiresExplicitBinding"/>';
  const bindings =
    '<Annotation Term="Core.ExplicitOperationBindings"><Collection><String>T.Rare</String></Collection></Annotation>';
  const restricted = modelFrom(`
<EntityType Name="Note"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" Nullable="false"/></EntityType>
<Function Name="Free" IsBound="true">${many}</Function>
<Function Name="Whole" IsBound="true">${many}${flag('FilterSegmentSupported', 'false')}</Function>
<Function Name="Rare" IsBound="true">${note}<ReturnType Type="Edm.Int32"/>${explicit}</Function>
<EntityContainer Name="C">
  <EntitySet Name="Notes" EntityType="T.Note"/><EntitySet Name="Listed" EntityType="T.Note">${bindings}</EntitySet>
</EntityContainer>`);
  const handlers: Operations = { 'T.Free': () => 1, 'T.Whole': () => 2, 'T.Rare': () => 3 };

  const rows: readonly (readonly [title: string, url: string, status: number])[] = [
    ['KO1 a filter segment before an operation', 'Notes/$filter(id gt 1)/T.Free()', 200],
    ['KO1 unless the model rules it out', 'Notes/$filter(id gt 1)/T.Whole()', 501],
    ['KO1 without one', 'Notes/T.Whole()', 200],
    ['C39 an operation that must be bound explicitly, where it is not', 'Notes(1)/T.Rare()', 404],
    ['C40 and where it is', 'Listed(1)/T.Rare()', 200],
  ];
  it('is enforced', async () => {
    const world = await open(restricted, { operations: handlers });
    for (const set of ['Notes', 'Listed']) await world.ask('POST', set, { body: { id: 1 } });
    for (const [title, url, status] of rows) {
      const reply = await world.ask('GET', url);
      assert.equal(reply.status, status, `${title}: ${reply.text}`);
    }
    await world.close();
  });
});

describe('Models whose operations cannot be', () => {
  const refused: readonly (readonly [title: string, schema: string])[] = [
    [
      'P11.5.4.2-2 overloads that give different types',
      `<Function Name="F"><Parameter Name="a" Type="Edm.Int32"/><ReturnType Type="Edm.Int32"/></Function>
<Function Name="F"><ReturnType Type="Edm.String"/></Function><EntityContainer Name="C"/>`,
    ],
    [
      'C38 an availability that means nothing',
      `<EntityType Name="E"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" Nullable="false"/></EntityType>
<Action Name="A" IsBound="true"><Parameter Name="e" Type="T.E"/><Annotation Term="Core.OperationAvailable"><Path>e/nope</Path></Annotation></Action>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`,
    ],
  ];
  for (const [title, schema] of refused)
    it(title, () =>
      assert.rejects(
        async () => (await open(modelFrom(schema))).close(),
        (error: ODataError) => error.code === 'InvalidModel',
      ),
    );
});
