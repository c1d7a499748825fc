import assert from 'node:assert/strict';
import { modelFrom, open, type World } from '../../model/inline.js';
import { type Row, testRows } from '../../model/rows.js';
import { openShop } from '../../model/shop.js';

describe('Protocol 11.4.1.1: ETags against update conflicts', () => {
  let world: World;
  beforeEach(async () => {
    world = await openShop();
  });
  afterEach(() => world.close());
  const etag = async (url: string) => (await world.ask('GET', url)).headers.etag ?? '';

  const changes: readonly [rows: string, of: string, method: string, url: string, body?: unknown][] = [
    ['a structural property', 'Customers(1)', 'PATCH', 'Customers(1)', { Name: 'x' }],
    ['a property by its own URL', 'Customers(1)', 'PUT', 'Customers(1)/Credit', { value: 1 }],
    ['a member of a complex value', 'Customers(1)', 'PUT', 'Customers(1)/Address/City', { value: 'x' }],
    ['a dynamic property', "Products('p1')", 'PATCH', "Products('p1')", { Colour: 'x' }],
    ['a single link', 'Desk', 'PUT', 'Desk/Best/$ref', { '@id': "Products('p1')" }],
    ['a link in a collection', "Products('p1')", 'POST', "Products('p1')/Tags/$ref", { '@id': "Tags('old')" }],
    ['its other end', "Tags('old')", 'POST', "Products('p1')/Tags/$ref", { '@id': "Tags('old')" }],
    ['a link that goes', "Tags('new')", 'DELETE', "Products('p1')/Tags/$ref?$id=Tags('new')"],
    ['a link that goes with an entity', "Tags('new')", 'DELETE', "Products('p1')"],
    ['a new dependent', 'Customers(1)', 'POST', 'Customers(1)/Orders', { ID: 5 }],
    ['a dependent that moves away', 'Customers(1)', 'PATCH', 'Orders(1)', { CustomerID: 2 }],
    ['a dependent that moves here', 'Customers(2)', 'PATCH', 'Orders(1)', { CustomerID: 2 }],
  ];
  for (const [what, of, method, url, body] of changes)
    it(`P11.4.1.1-1 ${what} changes it`, async () => {
      const before = await etag(of);
      const reply = await world.ask(method, url, body === undefined ? {} : { body });
      assert.ok(reply.status < 300, reply.text);
      assert.notEqual(await etag(of), before);
    });

  it('P11.4.1.1-1 a change that names nothing does not', async () => {
    const before = await etag('Customers(1)');
    await world.ask('PATCH', 'Customers(1)', { body: { Stamp: 3, ID: 9 } });
    assert.equal(await etag('Customers(1)'), before);
  });

  it('a new entity of an old key has another one', async () => {
    const seen: unknown[] = [];
    for (let round = 0; round < 50; round++) {
      await world.ask('DELETE', "Products('p2')");
      await world.ask('POST', 'Products', { body: { Sku: 'p2' } });
      seen.push(await etag("Products('p2')"));
      await world.ask('PATCH', "Products('p2')", { body: { Name: `${round}` } });
      seen.push(await etag("Products('p2')"));
    }
    assert.equal(new Set(seen).size, 100);
  });

  const conditional: readonly [method: string, url: string, body?: unknown][] = [
    ['PATCH', 'Customers(1)', { Name: 'x' }],
    ['PUT', 'Customers(1)', { Name: 'x' }],
    ['DELETE', 'Orders(1)'],
    ['PUT', 'Customers(1)/Name', { value: 'x' }],
    ['PUT', 'Customers(1)/Name/$value', 'x'],
    ['DELETE', 'Customers(1)/Email'],
    ['PATCH', 'Customers(1)/Address', { City: 'x' }],
    ['POST', 'Customers(1)/Nicknames', { value: 'x' }],
    ['POST', "Products('p1')/Tags/$ref", { '@id': "Tags('old')" }],
    ['PUT', 'Desk/Best/$ref', { '@id': "Products('p1')" }],
    ['DELETE', 'Desk/Best/$ref'],
    ['DELETE', "Products('p1')/Tags/$ref"],
  ];
  for (const [method, url, body] of conditional)
    it(`P11.4.1.1-6 P8.2.4-2 P8.2.4-3 P8.2.4-4 P8.2.5-3 P9.2.5-1 ${method} ${url} under conditions`, async () => {
      const owner = url.split('/', 1)[0] ?? url;
      const current = await etag(owner);
      const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'text/plain' } : {};
      const sent = body === undefined ? {} : { body };
      const before = await world.dump();
      const stale = await world.ask(method, url, { ...sent, headers: { ...type, 'if-match': 'W/"1"' } });
      const known = await world.ask(method, url, { ...sent, headers: { ...type, 'if-none-match': current } });
      assert.deepEqual([stale.status, known.status], [412, 412]);
      assert.equal(await world.dump(), before);
      const strong = current.replace('W/', ''); // compared weakly
      const right = await world.ask(method, url, { ...sent, headers: { ...type, 'if-match': `"0", ${strong}` } });
      assert.ok(right.status < 300, right.text);
    });

  it('P8.3.2-2 P8.2.5-2 an ETag sent is one that a reading accepts', async () => {
    const reply = await world.ask('GET', 'Customers(1)', { headers: { 'if-none-match': await etag('Customers(1)') } });
    assert.equal(reply.status, 304);
    assert.equal(reply.text, '');
  });

  it('P11.4.3-4 P11.4.1.1-4 stands in the header and in the entity', async () => {
    const reply = await world.ask('PATCH', 'Customers(1)', { body: { Name: 'x' } });
    assert.equal(reply.json['@odata.etag'], reply.headers.etag);
    assert.equal(reply.headers.etag, await etag('Customers(1)'));
  });
});

describe('Protocol 8.2.4: ETags that are required', () => {
  const model = (set: string, navigation = '') =>
    modelFrom(`
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="A" Type="Edm.String"/><Property Name="B" Type="Edm.String"/>
  <Property Name="P" Type="T.P"/><Property Name="L" Type="Collection(Edm.String)" Nullable="false"/>
  <NavigationProperty Name="Other" Type="T.E"/><NavigationProperty Name="Parts" Type="Collection(T.E)" ContainsTarget="true"/>
</EntityType>
<ComplexType Name="P"><Property Name="X" Type="Edm.Int32"/></ComplexType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E">
  <NavigationPropertyBinding Path="Other" Target="Es"/>${set}${navigation}
</EntitySet></EntityContainer>`);
  const undisclosed = '<Annotation Term="Core.OptimisticConcurrency"><Collection/></Annotation>';
  const named = `<Annotation Term="Core.OptimisticConcurrency"><Collection><PropertyPath>A</PropertyPath><PropertyPath>P/X</PropertyPath></Collection></Annotation>`;
  const openE = async (annotation: string, navigation = '') => {
    const world = await open(model(annotation, navigation));
    await world.ask('POST', 'Es', { body: { ID: 1, A: 'a', P: { X: 1 }, Parts: [{ ID: 1 }] } });
    await world.ask('POST', 'Es', { body: { ID: 2 } });
    return world;
  };

  const writes: readonly [method: string, url: string, body?: unknown][] = [
    ['PATCH', 'Es(1)', { B: 'x' }],
    ['PUT', 'Es(1)', { B: 'x' }],
    ['DELETE', 'Es(1)'],
    ['PUT', 'Es(1)/B', { value: 'x' }],
    ['DELETE', 'Es(1)/A'],
    ['PATCH', 'Es(1)/P', { X: 5 }],
    ['POST', 'Es(1)/L', { value: 'x' }],
    ['PUT', 'Es(1)/Other/$ref', { '@id': 'Es(2)' }],
    ['DELETE', 'Es(1)/Other/$ref'],
    ['PATCH', 'Es/$each', { B: 'x' }],
    ['DELETE', 'Es/$each'],
    ['PATCH', 'Es', { '@context': '#$delta', value: [{ ID: 1, B: 'x' }] }],
  ];
  for (const [method, url, body] of writes)
    it(`P8.2.4-5 P11.4.1.1-7 C29 ${method} ${url} without If-Match is 428`, async () => {
      const world = await openE(undisclosed);
      const before = await world.dump();
      const sent = body === undefined ? {} : { body };
      const reply = await world.ask(method, url, sent);
      assert.equal(reply.status, 428, reply.text);
      assert.equal(await world.dump(), before);
      assert.ok((await world.ask(method, url, { ...sent, headers: { 'if-match': '*' } })).status < 300);
      await world.close();
    });

  it('P8.2.4-5 creating needs none; what is contained has its own rules', async () => {
    const world = await openE(undisclosed);
    assert.equal((await world.ask('POST', 'Es', { body: { ID: 5 } })).status, 201);
    assert.equal((await world.ask('PATCH', 'Es(1)/Parts(1)', { body: { A: 'x' } })).status, 200);
    await world.close();
  });

  it('P8.3.2-1 P11.4.1.1-4 readings of the entity and its parts send it', async () => {
    const world = await openE(undisclosed);
    const etag = (await world.ask('GET', 'Es(1)')).headers.etag;
    for (const url of ['Es(1)/A', 'Es(1)/P', 'Es(1)/A/$value', 'Es(1)/L'])
      assert.equal((await world.ask('GET', url)).headers.etag, etag, url);
    await world.close();
  });

  it('C29 is made of the properties that are named', async () => {
    const world = await openE(named);
    const etag = async () => (await world.ask('GET', 'Es(1)')).headers.etag ?? '';
    const any = { 'if-match': '*' };
    const first = await etag();
    await world.ask('PATCH', 'Es(1)', { body: { B: 'x' }, headers: any });
    assert.equal(await etag(), first);
    const reply = await world.ask('PATCH', 'Es(1)', { body: { P: { X: 2 } }, headers: { 'if-match': first } });
    assert.equal(reply.status, 200, reply.text);
    const second = await etag();
    assert.notEqual(second, first);
    assert.equal(reply.headers.etag, second);
    assert.equal(reply.json['@odata.etag'], second);
    assert.equal((await world.ask('PATCH', 'Es(1)', { body: { B: 'y' }, headers: { 'if-match': first } })).status, 412);
    await world.ask('PATCH', 'Es(1)', { body: { P: { X: 1 } }, headers: any });
    assert.equal(await etag(), first);
    await world.close();
  });

  it('KN2 OptimisticConcurrencyControl of a navigation property', async () => {
    const world = await openE(
      '',
      `<Annotation Term="Capabilities.NavigationRestrictions"><Record><PropertyValue Property="RestrictedProperties"><Collection><Record>
        <PropertyValue Property="NavigationProperty" NavigationPropertyPath="Parts"/><PropertyValue Property="OptimisticConcurrencyControl" Bool="true"/>
      </Record></Collection></PropertyValue></Record></Annotation>`,
    );
    assert.equal((await world.ask('PATCH', 'Es(1)/Parts(1)', { body: { A: 'x' } })).status, 428);
    const etag = (await world.ask('GET', 'Es(1)/Parts(1)')).headers.etag ?? '';
    const right = await world.ask('PATCH', 'Es(1)/Parts(1)', { body: { A: 'x' }, headers: { 'if-match': etag } });
    assert.equal(right.status, 200);
    assert.equal((await world.ask('PATCH', 'Es(1)', { body: { A: 'x' } })).status, 200);
    await world.close();
  });
});

describe('Protocol 11.4.1.5: results of modifications', () => {
  const urls: readonly [method: string, url: string, body: unknown, reading: string][] = [
    ['POST', 'Customers', { ID: 3, Name: 'C', Address: { City: 'x' } }, 'Customers(3)'],
    ['PATCH', 'Customers(1)', { Credit: 1.5 }, 'Customers(1)'],
    ['PUT', 'Customers(1)', { Name: 'N' }, 'Customers(1)'],
    ['PUT', 'Customers(1)/Credit', { value: 7 }, 'Customers(1)/Credit'],
    ['PATCH', 'Customers(1)/Address', { City: 'x' }, 'Customers(1)/Address'],
    ['POST', 'Customers(1)/Nicknames', { value: 'x' }, 'Customers(1)/Nicknames'],
    ['POST', 'Products/T.Book', { Sku: 'z' }, "Products('z')/T.Book"],
    ['PATCH', 'Orders(1)/Lines(1)', { Count: 3 }, 'Orders(1)/Lines(1)'],
  ];
  for (const [method, url, body, reading] of urls)
    for (const version of ['4.0', '4.01'])
      it(`P11.4.1.5-2 ${method} ${url} answers what GET shows, in ${version}`, async () => {
        const world = await openShop();
        const headers = { 'odata-maxversion': version };
        const written = await world.ask(method, url, { body, headers });
        const read = await world.ask('GET', reading, { headers });
        assert.equal(written.text, read.text);
        assert.equal(written.headers['content-type'], read.headers['content-type']);
        await world.close();
      });

  testRows([
    {
      rows: 'P8.2.8-1',
      what: 'unknown preferences',
      request: ['PATCH', 'Customers(1)', { Credit: 1 }],
      headers: { prefer: 'return=nothing, dance' },
      status: 200,
      sends: { 'preference-applied': null },
    },
    {
      rows: 'P11.4-3',
      what: 'a format that cannot be had is refused before anything is done',
      request: ['PATCH', 'Customers(1)', { Credit: 1 }],
      headers: { accept: 'text/html' },
      status: 406,
    },
    {
      rows: 'P8.1.5-2',
      request: ['PATCH', 'Customers(1)', { Credit: 1 }],
      headers: { 'odata-version': '5.0' },
      status: 400,
    },
  ]);
});

describe('Protocol 11.4: the database only sees what is done', () => {
  it('a change of one entity is one statement to find it, one to change it and one to read it back', async () => {
    const world = await openShop();
    const counts: Record<string, number> = {};
    const count = async (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) => {
      const before = world.statements();
      const reply = await world.ask(method, url, body === undefined ? { headers } : { body, headers });
      assert.ok(reply.status < 300, reply.text);
      counts[`${method} ${url}`] = world.statements() - before;
    };
    const little = { prefer: 'return=minimal' };
    await count('PATCH', 'Customers(1)', { Name: 'x' });
    await count('PUT', 'Customers(2)', { Name: 'y' });
    await count('PUT', 'Customers(2)/Name', { value: 'z' });
    await count('PATCH', 'Customers(1)/Address', {});
    await count('POST', 'Tags', { Name: 't' });
    await count('POST', 'Tags', { Name: 'u' }, little);
    await count('DELETE', "Tags('t')");
    await count('POST', 'Orders(1)/Lines', { No: 7 });
    assert.deepEqual(counts, {
      'PATCH Customers(1)': 3,
      'PUT Customers(2)': 3,
      'PUT Customers(2)/Name': 3,
      'PATCH Customers(1)/Address': 2,
      'POST Tags': 1,
      "DELETE Tags('t')": 2,
      'POST Orders(1)/Lines': 3,
    });
    await world.close();
  });
});

describe('Protocol 11.4.1.2: moments are kept in UTC', () => {
  testRows([
    ...['year', 'month', 'day', 'hour', 'minute', 'date', 'time'].flatMap((name): readonly Row[] => [
      {
        rows: 'P11.4.1.2-2',
        what: 'of another offset',
        request: ['GET', `Customers?$filter=${name}(2020-01-01T01:00:00%2B02:00) ne null`],
        status: 400,
      },
      {
        rows: 'P11.4.1.2-2',
        what: 'of UTC',
        request: ['GET', `Customers?$filter=${name}(2020-01-01T01:00:00Z) ne null`],
        status: 200,
      },
    ]),
  ]);
});

describe('Protocol 8.2.8.6: omit-values and modifications', () => {
  testRows(
    ['nulls', 'defaults'].flatMap((values): readonly Row[] => [
      {
        rows: 'P8.2.8.6-7',
        what: 'an update shows what it has changed, null and default values, too',
        headers: { prefer: `omit-values=${values}` },
        request: ['PATCH', 'Customers(1)', { Email: null, Credit: 100, Level: 'Normal' }],
        status: 200,
        answer: { Email: null, Credit: 100, Level: 'Normal' },
        sends: { 'preference-applied': null },
      },
      {
        rows: 'P8.2.8.6-7',
        what: 'so does a new entity',
        headers: { prefer: `omit-values=${values}` },
        request: ['POST', 'Customers', { ID: 3, Name: 'Cid', Credit: null }],
        status: 201,
        answer: { Credit: null, Email: null },
      },
      {
        rows: 'P8.2.8.6-9',
        what: 'what a body leaves out is left as it is',
        headers: { prefer: `omit-values=${values}` },
        request: ['PATCH', 'Customers(1)', { Name: 'Anna' }],
        status: 200,
        shows: { 'Customers(1)': { Name: 'Anna', Email: 'ann@x', Code: 'A' } },
      },
    ]),
  );
});
