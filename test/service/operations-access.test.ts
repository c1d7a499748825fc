import assert from 'node:assert/strict';
import { createService, type Operations, openSqlite, type Service, type User } from '../../src/index.js';
import { modelFrom } from '../model/inline.js';

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
