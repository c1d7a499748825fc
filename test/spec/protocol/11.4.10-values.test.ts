import assert from 'node:assert/strict';
import { modelFrom, open } from '../../model/inline.js';
import { testRows } from '../../model/rows.js';

describe('Protocol 11.4.9: values of an entity by their own URLs', () => {
  testRows([
    {
      rows: 'P11.4.9.1-1 J11-3',
      what: 'with a context',
      request: ['PUT', 'Customers(1)/Name', { '@odata.context': 'x', value: 'Anna' }],
      status: 200,
      answer: { value: 'Anna' },
    },
    {
      rows: 'P11.4.9.1-1',
      request: ['PUT', 'Customers(1)/Name', { value: 'Anna' }],
      headers: { prefer: 'return=minimal' },
      status: 204,
      sends: { 'preference-applied': 'return=minimal' },
    },
    {
      rows: 'P11.4.9.1-1',
      what: 'its facets',
      request: ['PUT', 'Customers(1)/Name', { value: 'x'.repeat(21) }],
      status: 400,
    },
    {
      rows: 'P11.4.9.1-2',
      what: 'asked for',
      request: ['PUT', 'Customers(1)/Name/$value', 'Anna'],
      headers: { 'content-type': 'text/plain', prefer: 'return=representation' },
      status: 200,
      sends: { 'content-type': /^text\/plain/ },
    },
    {
      rows: 'P11.4.9.1-2',
      what: 'of another media type',
      request: ['PUT', 'Customers(1)/Name/$value', 'x'],
      headers: { 'content-type': 'image/png' },
      status: 415,
    },
    {
      rows: 'P11.4.9.1-3 C22',
      what: 'computed',
      request: ['PUT', 'Customers(1)/Stamp', { value: 1 }],
      status: 405,
      sends: { allow: 'GET, HEAD' },
    },
    { rows: 'P11.4.9.1-3 C21', what: 'immutable', request: ['DELETE', 'Customers(1)/Code'], status: 405 },
    {
      rows: 'P11.4.9.1-3',
      what: 'key',
      request: ['PUT', 'Customers(1)/ID/$value', '2'],
      headers: { 'content-type': 'text/plain' },
      status: 405,
    },
    {
      rows: 'P11.4.9.2-1',
      what: 'complex',
      request: ['DELETE', 'Customers(1)/Address'],
      status: 204,
      shows: { 'Customers(1)': { Address: null } },
    },
    {
      rows: 'P11.4.9.2-1',
      what: 'within a complex value',
      request: ['DELETE', 'Customers(1)/Address/City'],
      status: 204,
      shows: { 'Customers(1)/Address': { City: null, Street: 'S' } },
    },
    { rows: 'P11.4.9.2-2', request: ['DELETE', 'Customers(1)/Name/$value'], status: 400 },
    {
      rows: 'P11.4.9.2-3',
      what: 'a dynamic property that is not there',
      request: ['DELETE', "Products('p1')/Nothing"],
      status: 204,
    },
    {
      rows: 'P11.4.9.2-3 P11.4.9-1',
      what: 'a dynamic property',
      request: ['PUT', "Products('p1')/Colour", { value: null }],
      status: 204,
      shows: { "Products('p1')": { Colour: undefined } },
    },
    {
      rows: 'P11.4.9-1',
      what: 'a new dynamic property',
      request: ['PUT', "Products('p1')/Weight", { value: 2.5 }],
      status: 200,
      answer: { value: 2.5 },
    },
    {
      rows: 'P11.4.9.3-1',
      request: ['PATCH', 'Customers(1)/Address', { City: 'Biel' }],
      status: 200,
      answer: { Street: 'S', City: 'Biel', Country: 'CH' },
    },
    {
      rows: 'P11.4.9.3-1',
      what: 'of one that is null',
      request: ['PATCH', 'Customers(2)/Address', { City: 'Biel' }],
      status: 200,
      answer: { Street: null, City: 'Biel', Country: 'CH' },
    },
    {
      rows: 'P11.4.9.3-2',
      request: ['PUT', 'Customers(1)/Address', { City: 'Biel' }],
      status: 200,
      answer: { Street: null, City: 'Biel', Country: 'CH' },
    },
    {
      rows: 'P11.4.9.3-3',
      what: 'null',
      request: ['PATCH', 'Customers(1)/Address', { value: null }],
      status: 204,
      shows: { 'Customers(1)/Address': 204 },
    },
    {
      rows: 'P11.4.9.3-1',
      what: 'a part of one that is null',
      request: ['PUT', 'Customers(2)/Address/City', { value: 'x' }],
      status: 404,
    },
    {
      rows: 'P11.4.9.4-1',
      request: ['PUT', 'Customers(1)/Nicknames', { value: ['x', 'y'] }],
      status: 200,
      answer: { value: ['x', 'y'] },
    },
    {
      rows: 'P11.4.9.4-1',
      what: 'complex values',
      request: ['PUT', 'Customers(1)/Contacts', { value: [{ Kind: 'a' }, { Kind: 'b', Value: '1', Extra: 5 }] }],
      status: 200,
      answer: {
        value: [
          { Kind: 'a', Value: null },
          { Kind: 'b', Extra: 5 },
        ],
      },
    },
    {
      rows: 'P11.4.9.4-1',
      what: 'a wrong item',
      request: ['PUT', 'Customers(1)/Contacts', { value: [{ Kind: 'a' }, {}] }],
      status: 400,
      answer: { error: { target: 'value/1/Kind' } },
    },
    {
      rows: 'P11.4.9.4-2',
      what: 'complex',
      request: ['POST', 'Customers(2)/Contacts', { Kind: 'fax' }],
      status: 200,
      answer: { value: [{ Kind: 'tel' }, { Kind: 'fax' }] },
    },
    { rows: 'P11.4.9.4-2', what: 'null', request: ['POST', 'Customers(2)/Nicknames', { value: null }], status: 400 },
    {
      rows: 'P11.4.9.4-3',
      request: ['DELETE', 'Customers(1)/Nicknames'],
      status: 204,
      shows: { 'Customers(1)/Nicknames': { value: [] } },
    },
    {
      rows: 'P11.4.9.4-4',
      request: ['PATCH', 'Customers(1)/Nicknames', { value: [] }],
      status: 405,
      sends: { allow: 'GET, HEAD, POST, PUT, DELETE' },
    },
    { rows: 'P9.2.1-1', request: ['PUT', 'Customers(9)/Name', { value: 'x' }], status: 404 },
    { rows: 'P9.2.1-1', request: ['PUT', 'Customers(1)/Nothing', { value: 'x' }], status: 404 },
    { rows: 'P9.2.2-1', request: ['POST', 'Customers(1)/Name', { value: 'x' }], status: 405 },
    {
      rows: 'P11.4.9.1-1',
      what: 'of a contained entity',
      request: ['PUT', 'Orders(1)/Lines(1)/Count', { value: 8 }],
      status: 200,
      shows: { 'Orders(1)/Lines(1)': { Count: 8 } },
    },
    {
      rows: 'P11.4.9.1-1',
      what: 'behind a cast',
      request: ['PUT', "Products('b1')/T.Book/Pages", { value: 8 }],
      status: 200,
      shows: { "Products('b1')": { Pages: 8 } },
    },
    {
      rows: 'P11.4.9.1-1',
      what: 'behind a relationship',
      request: ['PUT', 'Orders(1)/Customer/Credit', { value: 8 }],
      status: 200,
      shows: { 'Customers(1)': { Credit: 8 } },
    },
    {
      rows: 'P11.4.11-1',
      what: 'where it is not allowed',
      request: ['POST', 'Customers(1)/Nicknames?$index=0', { value: 'x' }],
      status: 400,
    },
    {
      rows: 'P11.4.11-1',
      what: 'where nothing is inserted',
      request: ['PATCH', 'Customers(1)?$index=0', {}],
      status: 400,
    },
    {
      rows: 'P11.4.10-1',
      what: 'without an order',
      request: ['PUT', 'Customers(1)/Nicknames/0', { value: 'x' }],
      status: 404,
    },
  ]);
});

describe('Protocol 11.4.10, 11.4.11: ordered collections', () => {
  const model = modelFrom(`
<ComplexType Name="P" OpenType="true"><Property Name="X" Type="Edm.Int32"/><Property Name="Y" Type="Edm.Int32"/><Property Name="Ls" Type="Collection(Edm.String)" Nullable="false"><Annotation Term="Core.PositionalInsert"/></Property></ComplexType>
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="L" Type="Collection(Edm.String)" Nullable="true"><Annotation Term="Core.Ordered"/><Annotation Term="Core.PositionalInsert"/></Property>
  <Property Name="Ps" Type="Collection(T.P)" Nullable="false"><Annotation Term="Core.Ordered"/><Annotation Term="Core.PositionalInsert"/></Property>
  <Property Name="One" Type="T.P"/>
</EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`);
  const openE = async () => {
    const world = await open(model);
    await world.ask('POST', 'Es', {
      body: {
        ID: 1,
        L: ['a', 'b', 'c'],
        Ps: [
          { X: 1, Y: 1 },
          { X: 2, Y: 2, Z: 3 },
        ],
        One: { Ls: ['p', 'q'] },
      },
    });
    return world;
  };
  testRows(
    [
      {
        rows: 'P11.2.6.8-1 U4.11-1',
        what: 'reading',
        request: ['GET', 'Es(1)/L/1'],
        status: 200,
        answer: { value: 'b' },
      },
      {
        rows: 'P11.2.6.8-1 U4.11-2',
        what: 'reading from the end',
        request: ['GET', 'Es(1)/L/-1'],
        status: 200,
        answer: { value: 'c' },
      },
      { rows: 'P11.2.6.8-1', what: 'reading beyond', request: ['GET', 'Es(1)/L/3'], status: 404 },
      {
        rows: 'P11.4.10-1',
        request: ['PUT', 'Es(1)/L/1', { value: 'x' }],
        status: 200,
        shows: { 'Es(1)/L': { value: ['a', 'x', 'c'] } },
      },
      {
        rows: 'P11.4.10-1',
        request: ['PUT', 'Es(1)/L/-1', { value: 'x' }],
        status: 200,
        shows: { 'Es(1)/L': { value: ['a', 'b', 'x'] } },
      },
      {
        rows: 'P11.4.10-1',
        request: ['DELETE', 'Es(1)/L/-3'],
        status: 204,
        shows: { 'Es(1)/L': { value: ['b', 'c'] } },
      },
      {
        rows: 'P11.4.10-1',
        request: ['DELETE', 'Es(1)/L/0'],
        status: 204,
        shows: { 'Es(1)/L': { value: ['b', 'c'] } },
      },
      {
        rows: 'P11.4.10-1',
        request: ['PATCH', 'Es(1)/Ps/1', { X: 9 }],
        status: 200,
        answer: { X: 9, Y: 2, Z: 3 },
        shows: { 'Es(1)/Ps/0': { X: 1 } },
      },
      {
        rows: 'P11.4.10-1',
        request: ['PUT', 'Es(1)/Ps/1', { X: 9 }],
        status: 200,
        answer: { X: 9, Y: null, Z: undefined },
      },
      { rows: 'P11.4.10-1', what: 'beyond the end', request: ['PUT', 'Es(1)/L/3', { value: 'x' }], status: 404 },
      { rows: 'P11.4.10-1', what: 'beyond the start', request: ['DELETE', 'Es(1)/L/-4'], status: 404 },
      { rows: 'P11.4.10-1', what: 'a wrong value', request: ['PUT', 'Es(1)/L/0', { value: 5 }], status: 400 },
      {
        rows: 'P11.4.11-1 P11.4.9.4-2',
        request: ['POST', 'Es(1)/L?$index=1', { value: 'x' }],
        status: 200,
        answer: { value: ['a', 'x', 'b', 'c'] },
      },
      {
        rows: 'P11.4.11-1',
        request: ['POST', 'Es(1)/L?$index=0', { value: null }],
        status: 200,
        answer: { value: [null, 'a', 'b', 'c'] },
      },
      {
        rows: 'P11.4.11-1',
        request: ['POST', 'Es(1)/L?$index=-1', { value: 'x' }],
        status: 200,
        answer: { value: ['a', 'b', 'c', 'x'] },
      },
      {
        rows: 'P11.4.11-1',
        request: ['POST', 'Es(1)/L?$index=-2', { value: 'x' }],
        status: 200,
        answer: { value: ['a', 'b', 'x', 'c'] },
      },
      {
        rows: 'P11.4.11-1',
        what: 'complex',
        request: ['POST', 'Es(1)/Ps?$index=0', { X: 0 }],
        status: 200,
        answer: { value: [{ X: 0 }, { X: 1 }, { X: 2 }] },
      },
      {
        rows: 'P11.4.11-1',
        what: 'within a complex value',
        request: ['POST', 'Es(1)/One/Ls?$index=1', { value: 'x' }],
        status: 200,
        answer: { value: ['p', 'x', 'q'] },
      },
      {
        rows: 'P11.4.9.4-2',
        what: 'within a complex value',
        request: ['POST', 'Es(1)/One/Ls', { value: 'x' }],
        status: 200,
        answer: { value: ['p', 'q', 'x'] },
      },
      {
        rows: 'P11.4.11-1',
        what: 'entities have no positions',
        request: ['POST', 'Es?$index=0', { ID: 2 }],
        status: 501,
      },
    ],
    openE,
  );

  it('J7.3-1 J7.4-1 a collection is shown whole, null items included', async () => {
    const world = await openE();
    const many = Array.from({ length: 250 }, (_, index) => (index % 7 === 0 ? null : String(index)));
    await world.ask('PUT', 'Es(1)/L', { body: { value: many } });
    assert.deepEqual((await world.ask('GET', 'Es(1)/L')).json.value, many);
    await world.close();
  });

  it('P11.4.9-1 a dynamic property of a complex value', async () => {
    const world = await openE();
    const before = (await world.ask('GET', 'Es(1)/One')).json;
    assert.equal((await world.ask('PUT', 'Es(1)/One/Extra', { body: { value: 5 } })).status, 200);
    assert.deepEqual((await world.ask('GET', 'Es(1)/One')).json, { ...before, Extra: 5 }, 'the rest stays');
    assert.equal((await world.ask('DELETE', 'Es(1)/One/Extra')).status, 204);
    assert.deepEqual((await world.ask('GET', 'Es(1)/One')).json, before);
    await world.close();
  });

  it('P11.4.3-5 a key within a complex value stays, the rest of the value changes', async () => {
    const world = await open(
      modelFrom(`<ComplexType Name="K"><Property Name="Code" Type="Edm.String" Nullable="false"/><Property Name="Note" Type="Edm.String"/></ComplexType>
<EntityType Name="E"><Key><PropertyRef Name="K/Code" Alias="Code"/></Key><Property Name="K" Type="T.K" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`),
    );
    await world.ask('POST', 'Es', { body: { K: { Code: 'a', Note: 'n' } } });
    for (const [method, url, body, note] of [
      ['PATCH', "Es('a')", { K: { Note: 'm' } }, 'm'],
      ['PATCH', "Es('a')", { K: { Code: 'b', Note: 'o' } }, 'o'],
      ['PUT', "Es('a')", { K: { Code: 'b' } }, null],
      ['PATCH', "Es('a')/K", { Code: 'b', Note: 'p' }, 'p'],
      ['PUT', "Es('a')/K", { Code: 'b' }, null],
      ['PUT', "Es('a')/K/Note", { value: 'q' }, 'q'],
    ] as const) {
      const reply = await world.ask(method, url, { body });
      assert.equal(reply.status, 200, `${method} ${url} ${reply.text}`);
      assert.deepEqual(
        (await world.ask('GET', 'Es')).json.value.map((item: { K: unknown }) => item.K),
        [{ Code: 'a', Note: note }],
      );
    }
    assert.equal((await world.ask('PUT', "Es('a')/K/Code", { body: { value: 'b' } })).status, 405);
    await world.close();
  });
});
