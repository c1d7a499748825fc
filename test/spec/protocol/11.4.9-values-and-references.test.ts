import assert from 'node:assert/strict';
import { modelFrom, open } from '../../model/inline.js';
import { ids, startLibrary } from '../../model/library.js';
import { testRows } from '../../model/rows.js';
import type { Server } from '../../model/serve.js';

describe('Protocol 11.4.9: values by their own URL', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startLibrary();
  });
  afterEach(() => server.close());
  const value = async (path: string) => (await server.ask('GET', path)).json?.value;

  const changes: readonly [
    row: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    then: string,
    expected: unknown,
  ][] = [
    ['P11.4.9.1-1', 'PUT', 'Books(1)/Pages', { value: 301 }, 200, 'Books(1)/Pages', 301],
    ['P11.4.9.1-1', 'PUT', 'Books(1)/Size/Width', { value: 14 }, 200, 'Books(1)/Size/Width', 14],
    ['P11.4.9.1-1', 'PUT', 'Authors(1)/Home/City', { value: 'Bath' }, 200, 'Authors(1)/Home/City', 'Bath'],
    ['P11.4.9.1-1', 'PUT', 'Desk/Clerk', { value: 'Yan' }, 200, 'Desk/Clerk', 'Yan'],
    ['P11.4.9-1', 'PUT', 'Topics/C/Level', { value: 9 }, 200, 'Topics/C/Level', 9],
    ['P11.4.9.2-1', 'DELETE', 'Books(1)/Pages', undefined, 204, 'Books(1)/Pages', undefined],
    ['P11.4.9.2-1', 'DELETE', 'Books(1)/Pages/$value', undefined, 204, 'Books(1)/Pages', undefined],
    ['P11.4.9.2-1', 'DELETE', 'Books(1)/Size', undefined, 204, 'Books(1)/Size', undefined],
    ['P11.4.9.2-3', 'DELETE', 'Topics/C/Level', undefined, 204, 'Topics/C/Level', undefined],
    ['P11.4.9.2-3', 'PUT', 'Books(1)/Pages', { value: null }, 204, 'Books(1)/Pages', undefined],
    ['P11.4.9.4-1', 'PUT', 'Books(1)/Tags', { value: ['x'] }, 200, 'Books(1)/Tags', ['x']],
    ['P11.4.9.4-2', 'POST', 'Books(1)/Tags', { value: 'x' }, 200, 'Books(1)/Tags', ['old', 'maths', 'x']],
    ['P11.4.9.4-2', 'POST', 'Books(2)/Tags', { value: 'x' }, 200, 'Books(2)/Tags', ['x']],
    ['P11.4.9.4-3', 'DELETE', 'Books(1)/Tags', undefined, 204, 'Books(1)/Tags', []],
  ];
  for (const [row, method, path, body, status, then, expected] of changes)
    it(`${row} ${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`, async () => {
      const reply = await server.ask(method, path, body === undefined ? {} : { body });
      assert.equal(reply.status, status, reply.text);
      // P9.1.4-2: a client that named no version does not know the state that is left
      assert.equal(reply.headers.get('etag') === null, status === 204);
      assert.deepEqual(await value(then), expected);
    });

  it('P11.4.9.1-2 PUT of the raw value', async () => {
    const headers = { 'content-type': 'text/plain' };
    assert.equal((await server.ask('PUT', 'Books(1)/Title/$value', { headers, body: 'Raw "text"' })).status, 204);
    assert.equal(await value('Books(1)/Title'), 'Raw "text"');
    assert.equal((await server.ask('PUT', 'Books(1)/Pages/$value', { headers, body: 'many' })).status, 400);
  });

  it('P11.4.9.3-1 PATCH merges a complex value, P11.4.9.3-2 PUT replaces it', async () => {
    const merged = await server.ask('PATCH', 'Books(1)/Size', { body: { Width: 99 } });
    assert.equal(merged.status, 200, merged.text);
    assert.deepEqual([merged.json.Height, merged.json.Width], [20, 99]);
    const replaced = await server.ask('PUT', 'Books(1)/Size', { body: { Height: 1 } });
    assert.deepEqual([replaced.json.Height, replaced.json.Width], [1, null]);
    const home = await server.ask('PATCH', 'Authors(1)/Home', { body: { City: 'Bath' } });
    assert.deepEqual([home.json.City, home.json.Street, home.json['@odata.type']], ['Bath', '1 Row', '#Lib.Abroad']);
    const items = await server.ask('POST', 'Authors(1)/Former', { body: { City: 'Ely' } });
    assert.equal(items.status, 200, items.text);
    assert.deepEqual(
      (await value('Authors(1)/Former')).map(({ City }: { City: string }) => City),
      ['Ockham', 'Torquay', 'Ely'],
    );
  });

  const wrong: readonly [row: string, method: string, path: string, body: unknown, status: number][] = [
    ['P11.4.9.1-3', 'PUT', 'Books(1)/ID', { value: 2 }, 405],
    ['P11.4.9.2-2', 'DELETE', 'Books(1)/Title', undefined, 400],
    ['P11.4.9.2-2', 'PUT', 'Books(1)/Title', { value: null }, 400],
    ['P11.4.9.4-4', 'PATCH', 'Books(1)/Tags', { value: [] }, 405],
    ['P11.4.9.1-1', 'PUT', 'Books(1)/Pages', { value: 'x' }, 400],
    ['P11.4.9.1-1', 'PUT', 'Books(1)/Pages', { other: 1 }, 400],
    ['P11.4.9.1-1', 'PUT', 'Books(99)/Pages', { value: 1 }, 404],
    ['P11.4.9.4-1', 'PUT', 'Books(1)/Tags', { value: null }, 400],
    ['P11.4.9.4-2', 'POST', 'Books(1)/Tags', { value: 5 }, 400],
  ];
  for (const [row, method, path, body, status] of wrong)
    it(`${row} ${method} ${path} ${JSON.stringify(body)} is ${status}, and nothing is written`, async () => {
      const before = (await server.ask('GET', 'Books(1)')).text;
      const reply = await server.ask(method, path, body === undefined ? {} : { body });
      assert.equal(reply.status, status, reply.text);
      assert.equal((await server.ask('GET', 'Books(1)')).text, before);
    });

  it('keeps stale clients out by the ETag of the entity', async () => {
    const headers = { 'if-match': 'W/"0"' };
    assert.equal((await server.ask('PUT', 'Books(1)/Pages', { headers, body: { value: 1 } })).status, 412);
    assert.equal((await server.ask('DELETE', 'Books(1)/Tags', { headers })).status, 412);
  });
});

describe('Protocol 11.4.6: references', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startLibrary();
  });
  afterEach(() => server.close());
  const list = async (path: string, key = 'ID') => ids((await server.ask('GET', `${path}?$orderby=${key}`)).json, key);

  it('reads references (P10.11-1, P10.12-1)', async () => {
    const many = await server.ask('GET', 'Books(1)/Topics/$ref');
    assert.equal(many.json['@odata.context'], `${server.base}$metadata#Collection($ref)`);
    assert.deepEqual(many.json.value, [
      { '@odata.id': `${server.base}Topics('A%2F1')` },
      { '@odata.id': `${server.base}Topics('B')` },
    ]);
    const one = await server.ask('GET', 'Books(1)/Author/$ref');
    assert.equal(one.json['@odata.id'], `${server.base}Authors(1)`);
    assert.equal(one.json['@odata.context'], `${server.base}$metadata#$ref`);
  });

  it('P11.4.6.1-1 POST adds one, of a many-to-many and of a one-to-many relationship; again changes nothing', async () => {
    for (let time = 0; time < 2; time++) {
      const reply = await server.ask('POST', 'Books(1)/Topics/$ref', {
        body: { '@odata.id': `${server.base}Topics('C')` },
      });
      assert.equal(reply.status, 204, reply.text);
    }
    assert.deepEqual(await list('Books(1)/Topics', 'Code'), ['A/1', 'B', 'C']);
    assert.equal((await server.ask('POST', 'Authors(2)/Books/$ref', { body: { '@id': 'Books(5)' } })).status, 204);
    assert.deepEqual(await list('Authors(2)/Books'), [2, 5]);
  });

  it('P11.4.6.2-1 DELETE removes one by $id, P11.4.6.2-2 or by its key; the entity stays', async () => {
    assert.equal((await server.ask('DELETE', "Books(1)/Topics/$ref?$id=Topics('B')")).status, 204);
    assert.deepEqual(await list('Books(1)/Topics', 'Code'), ['A/1']);
    assert.equal((await server.ask('DELETE', 'Authors(1)/Books(4)/$ref')).status, 204);
    assert.deepEqual(await list('Authors(1)/Books'), [1]);
    assert.equal((await server.ask('GET', 'Books(4)')).status, 200);
    assert.equal((await server.ask('DELETE', "Books(1)/Topics/$ref?$id=Topics('C')")).status, 400);
  });

  it('P11.4.6.2-3 DELETE empties a single-valued one, P11.4.6.3-1 PUT sets it', async () => {
    assert.equal((await server.ask('DELETE', 'Books(1)/Author/$ref')).status, 204);
    assert.equal((await server.ask('GET', 'Books(1)/Author')).status, 204);
    assert.equal((await server.ask('DELETE', 'Books(2)/Author/$ref?$id=Authors(2)')).status, 400);
    assert.equal(
      (await server.ask('PUT', 'Books(1)/Author/$ref', { body: { '@odata.id': 'Authors(3)' } })).status,
      204,
    );
    assert.equal((await server.ask('GET', 'Books(1)/Author')).json.ID, 3);
  });

  it('P11.4.6.4-1 PUT replaces all of a collection, P11.4.6.4-2 DELETE without $id empties it', async () => {
    assert.equal(
      (await server.ask('PUT', 'Books(1)/Topics/$ref', { body: { value: [{ '@id': "Topics('C')" }] } })).status,
      204,
    );
    assert.deepEqual(await list('Books(1)/Topics', 'Code'), ['C']);
    assert.equal((await server.ask('DELETE', 'Books(1)/Topics/$ref')).status, 204);
    assert.deepEqual(await list('Books(1)/Topics', 'Code'), []);
  });

  const wrong: readonly [row: string, method: string, path: string, body: unknown, status: number][] = [
    ['P11.4.6.1-2', 'POST', 'Books(1)/Topics/$ref', { '@id': "Topics('none')" }, 400],
    ['P11.4.6.1-2', 'POST', 'Books(1)/Topics/$ref', { '@id': 'Authors(1)' }, 400],
    ['P11.4.6.1-2', 'POST', 'Books(1)/Topics/$ref', { '@id': "http://evil.example/Topics('B')" }, 400],
    ['P11.4.6.1-2', 'POST', 'Books(1)/Topics/$ref', {}, 400],
    ['P11.4.6.1-2', 'POST', 'Books(99)/Topics/$ref', { '@id': "Topics('B')" }, 404],
    ['P11.4.6.1-2', 'POST', 'Books(1)/Author/$ref', { '@id': 'Authors(1)' }, 405],
    ['P11.4.6.1-2', 'POST', 'Books(1)/Copies/$ref', { '@id': 'Books(2)/Copies(1)' }, 405],
  ];
  for (const [row, method, path, body, status] of wrong)
    it(`${row} ${method} ${path} ${JSON.stringify(body)} is ${status}`, async () => {
      const reply = await server.ask(method, path, { body });
      assert.equal(reply.status, status, reply.text);
    });

  it('U4.3.4-1 U4.3.4-5 P11.2.9-1 P11.2.9-2 $entity stands for the entity of an id', async () => {
    assert.equal((await server.ask('GET', `$entity?$id=${server.base}Books(1)`)).json.Title, 'Engines');
    assert.equal((await server.ask('GET', '$entity/Lib.RareBook?$id=Books(3)&$select=Title')).json.Title, 'Haiku 100%');
    assert.equal((await server.ask('GET', '$entity')).status, 400); // U4.3.4-2
    assert.equal((await server.ask('GET', '$entity?$id=Books(1)&$select=Title')).status, 400); // U4.3.4-3
    assert.equal((await server.ask('GET', '$entity?$id=http://evil.example/Books(1)')).status, 404);
  });
});

describe('Protocol 11.4.13, 11.4.14: members of a collection', () => {
  let server: Server;
  beforeEach(async () => {
    server = await startLibrary();
  });
  afterEach(() => server.close());

  it('P11.4.13-1 PATCH of $each, narrowed by a filter, changes every member', async () => {
    const reply = await server.ask('PATCH', 'Books/$filter(@f)/$each?@f=Pages gt 100', { body: { Genre: 'Poetry' } });
    assert.equal(reply.status, 204, reply.text);
    assert.deepEqual(ids((await server.ask('GET', "Books?$filter=Genre eq 'Poetry'&$orderby=ID")).json), [1, 2, 3]);
    assert.equal((await server.ask('PATCH', 'Books/Lib.EBook/$each', { body: { Format: 'pdf' } })).status, 204);
    assert.equal((await server.ask('GET', 'Books(4)')).json.Format, 'pdf');
  });

  it('P11.4.13-3 one failure, and nothing is done', async () => {
    const reply = await server.ask('PATCH', 'Books/$each', { body: { Title: null } });
    assert.equal(reply.status, 400);
    assert.equal((await server.ask('GET', 'Books/$count?$filter=Title eq null')).text, '0');
  });

  it('P11.4.14-1 DELETE of $each', async () => {
    assert.equal((await server.ask('DELETE', 'Books(1)/Copies/$filter(No gt 1)/$each')).status, 204);
    assert.deepEqual(ids((await server.ask('GET', 'Books(1)/Copies')).json, 'No'), [1]);
  });
});

describe('Protocol 11.4.9.3: complex values that a merge makes', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());

  /** Size needs a Height, Abroad a Country. Book 2 has no size, author 3 no home, author 1 one abroad, author 2 one that is not. */
  const rows: readonly (readonly [method: string, path: string, body: unknown, answer: unknown])[] = [
    ['PATCH', 'Books(2)?$select=Size', { Size: { Width: 3 } }, 'Size/Height'],
    ['PATCH', 'Books(2)?$select=Size', { Size: {} }, 'Size/Height'],
    ['PATCH', 'Books(2)/Size', { Width: 3 }, 'Size/Height'],
    ['PATCH', 'Books(2)?$select=Size', { Size: { Height: 9 } }, { Height: 9, Width: null }],
    ['PATCH', 'Books(2)?$select=Size', { Size: { Width: 3 } }, { Height: 9, Width: 3 }],
    ['PATCH', 'Authors(3)?$select=Home', { Home: { '@type': '#Lib.Abroad', City: 'Q' } }, 'Home/Country'],
    ['PATCH', 'Authors(2)?$select=Home', { Home: { '@type': '#Lib.Abroad', Street: 'S' } }, 'Home/Country'],
    [
      'PATCH',
      'Authors(2)?$select=Home',
      { Home: { '@type': '#Lib.Abroad', Country: 'FI' } },
      { '@odata.type': '#Lib.Abroad', Street: null, City: 'Umeå', Country: 'FI' },
    ],
    [
      'PATCH',
      'Authors(1)?$select=Home',
      { Home: { '@type': '#Lib.Abroad', City: 'Q' } },
      { '@odata.type': '#Lib.Abroad', Street: '1 Row', City: 'Q', Country: 'UK' },
    ],
    [
      'PATCH',
      'Authors(1)/Home/Lib.Abroad',
      { Country: 'FR' },
      { '@odata.type': '#Lib.Abroad', Street: '1 Row', City: 'Q', Country: 'FR' },
    ],
  ];
  for (const [method, path, body, answer] of rows)
    it(`P11.4-1 P11.4.9.3-1 P11.4.3-1 ${method} ${path} ${JSON.stringify(body)}`, async () => {
      const reply = await server.ask(method, path, { body });
      if (typeof answer === 'string')
        assert.deepEqual([reply.status, reply.json.error?.target], [400, answer], reply.text);
      else {
        const { '@odata.context': _, ...value } = reply.json.Size ?? reply.json.Home ?? reply.json;
        assert.deepEqual(value, answer);
      }
    });
});

describe('Protocol 11.4.9.3, 11.4.6: parts of complex values', () => {
  const model = modelFrom(`
<ComplexType Name="Outer"><Property Name="A" Type="Edm.Int32"/><Property Name="Inner" Type="T.Inner"/><Property Name="Open" Type="T.Open"/>
  <NavigationProperty Name="One" Type="T.E"/></ComplexType>
<ComplexType Name="Flat"><Property Name="A" Type="Edm.Int32"/><Property Name="Inner" Type="T.Inner"/>
  <NavigationProperty Name="One" Type="T.E"/><NavigationProperty Name="Some" Type="Collection(T.E)"/></ComplexType>
<ComplexType Name="Inner"><Property Name="X" Type="Edm.Int32" DefaultValue="7"/><Property Name="Y" Type="Edm.Int32"/></ComplexType>
<ComplexType Name="Open" OpenType="true"><Property Name="X" Type="Edm.Int32" DefaultValue="7"/></ComplexType>
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="F" Type="T.Flat"/><Property Name="J" Type="T.Outer"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E">
<NavigationPropertyBinding Path="F/One" Target="Es"/><NavigationPropertyBinding Path="F/Some" Target="Es"/></EntitySet></EntityContainer>`);
  const inner = { X: 1, Y: 2 };
  const openWorld = async () => {
    const world = await open(model);
    await world.ask('POST', 'Es', { body: { ID: 1 } });
    await world.ask('POST', 'Es', {
      body: {
        ID: 2,
        F: { A: 1, Inner: inner, One: { '@id': 'Es(1)' } },
        J: { A: 1, Inner: inner, Open: { X: 1, D: 'd' } },
      },
    });
    return world;
  };
  const one = { '@id': 'Es(1)' };
  testRows(
    [
      {
        rows: 'P11.4.9.3-2',
        what: 'members that are not named go to their default',
        request: ['PUT', 'Es(2)/F/Inner', { Y: 5 }],
        status: 200,
        shows: { 'Es(2)/F': { A: 1, Inner: { X: 7, Y: 5 } } },
      },
      {
        rows: 'P11.4.9.3-2',
        what: 'within JSON, too',
        request: ['PUT', 'Es(2)/J/Inner', { Y: 5 }],
        status: 200,
        shows: { 'Es(2)/J': { A: 1, Inner: { X: 7, Y: 5 }, Open: { D: 'd' } } },
      },
      {
        rows: 'P11.4.9.3-2',
        what: 'dynamic ones go',
        request: ['PUT', 'Es(2)/J/Open', { X: 2 }],
        status: 200,
        shows: { 'Es(2)/J': { A: 1, Open: { X: 2, D: undefined } } },
      },
      {
        rows: 'P11.4.9.3-1',
        request: ['PATCH', 'Es(2)/J/Open', { X: 2, N: 1 }],
        status: 200,
        shows: { 'Es(2)/J': { A: 1, Open: { X: 2, D: 'd', N: 1 } } },
      },
      {
        rows: 'P11.4.6.3-1',
        request: ['PUT', 'Es(2)/F/One/$ref', { '@id': 'Es(2)' }],
        status: 204,
        shows: { 'Es(2)/F/One': { ID: 2 }, 'Es(2)/F': { A: 1, Inner: inner } },
      },
      { rows: 'P11.4.6.2-3', request: ['DELETE', 'Es(2)/F/One/$ref'], status: 204, shows: { 'Es(2)/F/One': 204 } },
      {
        rows: 'P11.4.6.1-1',
        request: ['POST', 'Es(2)/F/Some/$ref', one],
        status: 204,
        shows: { 'Es(2)/F/Some/$count': 1 },
      },
      {
        rows: 'P11.4.6.2-1',
        first: [['POST', 'Es(2)/F/Some/$ref', one]],
        request: ['DELETE', 'Es(2)/F/Some/$ref?$id=Es(1)'],
        status: 204,
        shows: { 'Es(2)/F/Some/$count': 0 },
      },
      {
        rows: 'P11.4.6.2-2',
        first: [['POST', 'Es(2)/F/Some/$ref', one]],
        request: ['DELETE', 'Es(2)/F/Some(1)/$ref'],
        status: 204,
        shows: { 'Es(2)/F/Some/$count': 0 },
      },
      {
        rows: 'P11.4.6.4-1',
        request: ['PUT', 'Es(2)/F/Some/$ref', { value: [one, { '@id': 'Es(2)' }] }],
        status: 204,
        shows: { 'Es(2)/F/Some/$count': 2 },
      },
      { rows: 'P11.4.6.1-2', what: 'of a value that is null', request: ['PUT', 'Es(1)/F/One/$ref', one], status: 404 },
      {
        rows: 'P11.4-1 P11.4.9.2-1',
        what: 'relationships of a value go with it',
        first: [
          ['POST', 'Es(2)/F/Some/$ref', one],
          ['DELETE', 'Es(2)/F'],
        ],
        request: ['PATCH', 'Es(2)', { F: { A: 3 } }],
        status: 200,
        shows: { 'Es(2)/F/One': 204, 'Es(2)/F/Some/$count': 0 },
      },
      {
        rows: 'P11.4-1 P11.4.3-2',
        what: 'and with one that a replacement leaves out',
        first: [['PUT', 'Es(2)', { J: null }]],
        request: ['PATCH', 'Es(2)', { F: { A: 3 } }],
        status: 200,
        shows: { 'Es(2)/F/One': 204 },
      },
      {
        rows: 'P11.4.3-2',
        what: 'a value that is put keeps its relationships',
        request: ['PUT', 'Es(2)/F', { A: 3 }],
        status: 200,
        shows: { 'Es(2)/F/One': { ID: 1 } },
      },
    ],
    openWorld,
  );
});
