import assert from 'node:assert/strict';
import { modelFrom } from '../../model/inline.js';
import { startOffice } from '../../model/office.js';
import { at, header, testReads } from '../../model/reads.js';
import { type Server, startServer } from '../../model/serve.js';

const v40 = { 'odata-version': '4.0' };
const v401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };

/** What is sent, and what comes back of it. */
const sent: readonly (readonly [
  rows: string,
  headers: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>>,
  shown: Readonly<Record<string, unknown>>,
])[] = [
  ['J4.5-2', v401, { '@type': '#T.Manager', Name: 'm' }, { '@type': '#T.Manager' }],
  ['J4.5-2', v401, { '@odata.type': '#T.Manager', Name: 'm' }, { '@type': '#T.Manager' }],
  ['J4.5-2', v40, { '@odata.type': '#T.Manager', Name: 'm' }, { '@odata.type': '#T.Manager' }],
  [
    'J4.5-3 J20-2 J22-1',
    v401,
    { '@unknown': 1, '@my.Term#q': { a: [1] }, Name: 'n', 'Name@my.Term': 'x', 'Name@frob': 2 },
    { Name: 'n' },
  ],
  ['J8.5-3', v40, { 'Boss@odata.bind': 'People(2)' }, {}],
  ['J8.5-3', v401, { Boss: { '@id': 'People(2)' } }, {}],
  ['J4.3-1', v401, { Boss: { '@id': '/People(2)' } }, {}],
];

describe('JSON 4 to 22: what a request may hold', () => {
  let server: Server;
  before(async () => {
    server = await startOffice();
  });
  after(() => server.close());

  for (const [index, [rows, headers, body, shown]] of sent.entries())
    it(`${rows} ${JSON.stringify(body)} in ${headers['odata-version']}`, async () => {
      const id = 100 + index;
      const made = await server.ask('POST', 'People', { headers, body: { ID: id, ...body } });
      assert.equal(made.status, 201, made.text);
      for (const [name, value] of Object.entries(shown)) assert.equal(made.json[name], value, name);
      if (Object.keys(body).some((name) => name.startsWith('Boss')))
        assert.equal((await server.ask('GET', `People(${id})/Boss`)).json.ID, 2);
    });

  it('J4.3-3 a type may be named by its whole URL', async () => {
    for (const [id, type] of [
      [130, `${server.base}$metadata#T.Manager`],
      [131, '$metadata#T.Manager'],
      [132, '#T.Manager'],
    ] as const) {
      const made = await server.ask('POST', 'People', { headers: v401, body: { '@type': type, ID: id, Budget: 1 } });
      assert.equal(made.status, 201, `${type} ${made.text}`);
      assert.equal(made.json.Budget, 1);
    }
  });

  it('P10.17-3 the context of changes to a collection is #$delta', async () => {
    const body = { '@context': '#$delta', value: [{ ID: 5, Height: 1.8 }] };
    const changed = await server.ask('PATCH', 'People', { headers: v401, body });
    assert.ok(changed.status < 300, changed.text);
    assert.equal((await server.ask('GET', 'People(5)/Height')).json.value, 1.8);
  });

  it('J4.3-5 an id of an answer may be sent back', async () => {
    const id = (await server.ask('GET', 'People(2)?$select=Name')).json['@odata.id'];
    const made = await server.ask('POST', 'People', { body: { ID: 120, 'Boss@odata.bind': id } });
    assert.equal(made.status, 201, made.text);
    assert.equal((await server.ask('GET', 'People(120)/Boss')).json.ID, 2);
  });

  it('J4.5.3-2 J4.5.3-7 dynamic values are of the type named for them, with number sign or without', async () => {
    const made = await server.ask('POST', 'Things', {
      headers: v401,
      body: { Room: 'B', Slot: 1, 'A@type': '#Int64', A: 5, 'B@type': 'Int64', B: 6, 'C@type': 'Double', C: 'INF' },
    });
    assert.equal(made.status, 201, made.text);
    const { json } = await server.ask('GET', 'Things/B/1', { headers: v401 });
    assert.deepEqual([json['A@type'], json['B@type'], json['C@type'], json.C], ['Int64', 'Int64', 'Double', 'INF']);
  });

  it('J20-3 annotations beside a value are overlooked', async () => {
    const put = await server.ask('PUT', 'People(3)/Name', { body: { '@my.Term': 1, value: 'Kim' } });
    assert.ok(put.status < 300, put.text);
    assert.equal((await server.ask('GET', 'People(3)/Name')).json.value, 'Kim');
  });
});

describe('JSON 4.5.9, 10: read-only entities, media entities', () => {
  let server: Server;
  const full = { accept: 'application/json;metadata=full', 'odata-maxversion': '4.01' };
  before(async () => {
    server = await startServer({
      model: modelFrom(`
<EntityType Name="Paper" HasStream="true"><Key><PropertyRef Name="ID"/></Key>
  <Property Name="ID" Type="Edm.Int32" Nullable="false"><Annotation Term="Core.Computed"/></Property><NavigationProperty Name="Cover" Type="T.Paper"/></EntityType>
<EntityType Name="Fact"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/></EntityType>
<Action Name="Print" IsBound="true"><Parameter Name="paper" Type="T.Paper"/></Action>
<EntityContainer Name="C">
  <EntitySet Name="Papers" EntityType="T.Paper"><NavigationPropertyBinding Path="Cover" Target="Papers"/></EntitySet>
  <EntitySet Name="Facts" EntityType="T.Fact"><Annotation Term="Capabilities.UpdateRestrictions"><Record><PropertyValue Property="Updatable" Bool="false"/></Record></Annotation></EntitySet>
</EntityContainer>`),
    });
    const image = await server.ask('POST', 'Papers', { body: 'ink', headers: { 'content-type': 'text/plain' } });
    assert.equal(image.status, 201, image.text);
    const fact = await server.ask('POST', 'Facts', { body: { ID: 1 } });
    assert.equal(fact.status, 201, fact.text);
  });
  after(() => server.close());

  const paper = async () => String((await server.ask('GET', 'Papers')).json.value[0].ID);

  it('J4.5.9-3 a read-only entity has a read link in place of an edit link', async () => {
    const { json } = await server.ask('GET', 'Facts(1)', { headers: full });
    assert.equal(new URL(json['@readLink']).pathname, '/Facts(1)');
    assert.equal(json['@editLink'], undefined);
  });

  it('U4.14-1 P11.2.3-1 J10-1 a media entity tells of its stream and shows it', async () => {
    const id = await paper();
    const { json } = await server.ask('GET', `Papers(${id})`, { headers: full });
    assert.equal(new URL(json['@mediaEditLink']).pathname, `/Papers(${id})/$value`);
    assert.equal(json['@mediaContentType'], 'text/plain');
    const stream = await server.ask('GET', `Papers(${id})/$value`);
    assert.equal(stream.text, 'ink');
    assert.equal(header('content-type')(stream), 'text/plain');
  });

  it('P11.2.3-3 the stream of nothing is not there', async () => {
    assert.equal((await server.ask('GET', `Papers(${await paper()})/Cover/$value`)).status, 404);
  });

  testReads(
    [
      [
        'P10.7-7 P10.7-3',
        'Papers?$select=ID,T.Print',
        200,
        (reply) => String(at('@odata.context')(reply)).split('#')[1],
        'Papers(ID,T.Print)',
      ],
    ],
    () => server,
  );
});
