import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { createService } from '../../src/index.js';
import { type Answer, base, modelFrom, open, type Question, type World } from '../model/inline.js';
import { type Server, startServer } from '../model/serve.js';
import { container, openShop, types } from '../model/shop.js';

const v401 = { 'odata-maxversion': '4.01' };

/** The delta link of an answer, relative to the service root. */
const linkOf = ({ json }: Answer): string => {
  const link: string = json['@odata.deltaLink'] ?? json['@deltaLink'] ?? '';
  assert.ok(link.startsWith(base), JSON.stringify(json));
  return link.slice(base.length);
};
const nextOf = ({ json }: Answer): string | null =>
  (json['@odata.nextLink'] ?? json['@nextLink'])?.slice(base.length) ?? null;

describe('delta: what a delta link tells', () => {
  let world: World;
  beforeEach(async () => {
    world = await openShop();
  });
  afterEach(() => world.close());

  const get = (url: string, question: Question = {}) => world.ask('GET', url, question);
  const track = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    get(url, { headers: { prefer: 'track-changes', ...headers } });

  it('P8.2.8.9-3 the first page says that changes are tracked; without the preference there is no link', async () => {
    const tracked = await track('Customers', v401);
    assert.equal(tracked.headers['preference-applied'], 'track-changes');
    assert.equal((await track('Customers')).headers['preference-applied'], 'odata.track-changes');
    const plain = await get('Customers');
    assert.equal(plain.headers['preference-applied'], undefined);
    assert.equal(plain.json['@odata.deltaLink'], undefined);
  });

  it('P8.2.8.9-1 P8.2.8.9-2 J4.5.7-1 the link stands on the last page only, and the preference counts on the first only', async () => {
    const first = await get('Products', { headers: { ...v401, prefer: 'track-changes,maxpagesize=2' } });
    assert.equal(first.json['@deltaLink'], undefined);
    const last = await get(nextOf(first) ?? '', { headers: v401 });
    assert.deepEqual([nextOf(last), last.json.value.length], [null, 1]);
    assert.deepEqual((await get(linkOf(last), { headers: v401 })).json.value, []);
    const untracked = await get('Products', { headers: { prefer: 'maxpagesize=2' } });
    const end = await track(nextOf(untracked) ?? '');
    assert.deepEqual([end.status, end.json['@odata.deltaLink']], [200, undefined]);
  });

  it('all pages show the state of the first, and the changes since then come with the delta link', async () => {
    const first = await get('Products', { headers: { ...v401, prefer: 'track-changes,maxpagesize=2' } });
    await world.ask('DELETE', "Products('p2')");
    await world.ask('POST', 'Products', { body: { Sku: 'p9' } });
    const last = await get(nextOf(first) ?? '', { headers: v401 });
    assert.deepEqual(
      [...first.json.value, ...last.json.value].map(({ Sku }: { Sku: string }) => Sku),
      ['b1', 'p1', 'p2'],
    );
    const { json } = await get(linkOf(last), { headers: v401 });
    assert.deepEqual(
      json.value.map((item: Record<string, unknown>) => [item.Sku, item['@removed']]),
      [
        ['p9', undefined],
        ['p2', { reason: 'deleted' }],
      ],
    );
  });

  it('P11.3.1-4 U5.1a-2 U5.1a-3 the link holds neither $top nor $skip nor $count', async () => {
    const link = linkOf(await track('Customers?$top=1&$skip=1&$count=true&$select=ID&$orderby=Name'));
    assert.match(link, /^Customers\?\$select=ID&\$deltatoken=[\w-]+$/);
    await world.ask('PATCH', 'Customers(1)', { body: { Name: 'Eve' } });
    assert.deepEqual((await get(link)).json.value.length, 1);
    assert.equal((await get(link.replace('$deltatoken', 'deltatoken'))).status, 200);
  });

  it('P11.3.1-3 J15.3-4 what begins to match is added, what ceases to is removed as changed, what never did is not told', async () => {
    const link = linkOf(await track(`Customers?$filter=startswith(Name,'A')&$select=ID`, v401));
    await world.ask('PATCH', 'Customers(2)', { body: { Name: 'Ada' } });
    await world.ask('PATCH', 'Customers(1)', { body: { Name: 'Bob' } });
    await world.ask('POST', 'Customers', { body: { ID: 3, Name: 'Cid' } });
    const { json } = await get(link, { headers: v401 });
    assert.deepEqual(
      json.value.map(({ '@etag': _, ...item }: Record<string, unknown>) => item),
      [{ ID: 2 }, { '@removed': { reason: 'changed' }, ID: 1 }],
    );
  });

  it('P11.3.2-1 P10.17-1 P10.17-2 J15.1-1 the context is that of the query with /$delta', async () => {
    for (const [url, context] of [
      ['Customers', '#Customers/$delta'],
      ['Customers?$select=ID,Name', '#Customers(ID,Name)/$delta'],
      ['Products/T.Book', '#Products/T.Book/$delta'],
      ['Orders(1)/Lines', '#Orders(1)/Lines/$delta'],
    ] as const) {
      const { status, json } = await get(linkOf(await track(url, v401)), { headers: v401 });
      assert.deepEqual([status, json['@context']], [200, `${base}$metadata${context}`]);
    }
  });

  it('P11.3.2-5 P11.3.2-6 nothing changed: an empty collection and a link that goes on from there', async () => {
    const first = linkOf(await track('Tags'));
    const again = await track(first);
    assert.deepEqual([again.status, again.json.value], [200, []]);
    assert.equal(again.headers['preference-applied'], 'odata.track-changes');
    await world.ask('POST', 'Tags', { body: { Name: 'hot' } });
    const told = await get(linkOf(again));
    assert.deepEqual(told.json.value.length, 1);
    assert.deepEqual((await get(linkOf(told))).json.value, []);
  });

  it('P11.3.1-7 a change of what is not expanded is none', async () => {
    const link = linkOf(await track('Orders?$select=ID,Lines'));
    await world.ask('PATCH', 'Orders(1)/Lines(1)', { body: { Count: 9 } });
    assert.deepEqual((await get(link)).json.value, []);
  });

  it('P11.3.2-7 P9.2.4-1 a link that was altered, is of another query or too old is gone, and says where to begin anew', async () => {
    const link = linkOf(await track('Customers?$select=ID'));
    assert.equal((await get(link, { headers: v401 })).status, 410, 'it tells changes in another form');
    for (const wrong of [
      link.slice(0, -3),
      link.replace('$select=ID', '$select=Name'),
      `${link}&$filter=ID eq 1`,
      'Customers?$select=ID&$deltatoken=x',
    ]) {
      const { status, headers, json } = await get(wrong);
      assert.deepEqual([status, json.error?.code, json.error?.target], [410, 'Gone', '$deltatoken'], wrong);
      assert.ok(headers.location?.startsWith(`${base}Customers?$select=`));
      assert.equal((await get(headers.location?.slice(base.length) ?? '')).status, 200);
    }
  });

  it('P10.17-1 J15.1-1 a single entity is told as it is, and when it is no more', async () => {
    const first = await track('Orders(1)?$select=ID,Note&$expand=Lines($select=No)', v401);
    assert.deepEqual(
      [first.headers['preference-applied'], first.json.ID, first.json.Lines.length],
      ['track-changes', 1, 2],
    );
    assert.ok(first.headers.etag?.startsWith('W/'));
    await world.ask('PATCH', 'Orders(1)', { body: { Note: 'x' } });
    await world.ask('DELETE', 'Orders(1)/Lines(1)');
    const told = await get(linkOf(first), { headers: v401 });
    assert.equal(told.json['@context'], `${base}$metadata#Orders(ID,Note,Lines(No))/$entity/$delta`);
    assert.deepEqual([told.json.Note, told.json.Lines.map(({ No }: { No: number }) => No)], ['x', [2]]);
    await world.ask('DELETE', 'Orders(1)');
    const gone = await get(linkOf(told), { headers: v401 });
    assert.deepEqual([gone.json['@removed'], gone.json.ID], [{ reason: 'deleted' }, 1]);
    assert.equal((await get(linkOf(gone), { headers: v401 })).status, 404);
  });

  it('P10.17-1 J15.3-2 a singleton, and an entity in 4.0', async () => {
    const desk = linkOf(await track('Desk'));
    await world.ask('PATCH', 'Desk', { body: { Title: 'Back' } });
    const { json } = await get(desk);
    assert.deepEqual([json['@odata.context'], json.Title], [`${base}$metadata#Desk/$delta`, 'Back']);
    const tag = linkOf(await track("Tags('old')"));
    await world.ask('DELETE', "Tags('old')");
    const { '@odata.deltaLink': _, ...gone } = (await get(tag)).json;
    assert.deepEqual(gone, {
      '@odata.context': `${base}$metadata#Tags/$deletedEntity`,
      id: `${base}Tags('old')`,
      reason: 'deleted',
    });
    const expanded = await track('Customers(1)?$expand=Orders');
    assert.deepEqual(
      [expanded.status, expanded.json['@odata.deltaLink']],
      [200, undefined],
      'there is no place for links',
    );
    assert.equal((await track('Customers(9)')).status, 404);
    assert.equal((await get('Customers(1)?$deltatoken=latest')).status, 410);
  });

  it('what is no delta link is refused, never ignored', async () => {
    const token = linkOf(await track('Customers')).replace(/^.*\$deltatoken=/, '$deltatoken=');
    const before = await world.dump();
    for (const [method, url] of [
      ['GET', 'Customers/$count'],
      ['GET', 'Customers/$ref'],
      ['GET', 'Customers(1)/Name'],
      ['GET', 'Customers(1)/Contacts'],
      ['POST', 'Customers'],
      ['PATCH', 'Customers'],
      ['DELETE', 'Customers/$each'],
    ] as const)
      assert.equal(
        (await world.ask(method, `${url}?${token}`, { body: method === 'GET' ? undefined : {} })).status,
        400,
        `${method} ${url}`,
      );
    assert.equal(await world.dump(), before);
  });

  it('J3.1.3-2 without control information changes cannot be told', async () => {
    const link = linkOf(await track('Customers', { accept: 'application/json;odata.metadata=none' }));
    const { status } = await get(link, { headers: { accept: 'application/json;odata.metadata=none' } });
    assert.equal(status, 400);
  });

  it('J15.2-1 J15.2-2 a changed entity is whole, and has an id where its key is not selected', async () => {
    const link = linkOf(await track('Customers?$select=Name,Nicknames'));
    await world.ask('PATCH', 'Customers(1)', { body: { Nicknames: ['x'] } });
    const [{ '@odata.etag': etag, ...item }] = (await get(link)).json.value;
    assert.match(etag, /^W\//);
    assert.deepEqual(item, { '@odata.id': `${base}Customers(1)`, Name: 'Ann', Nicknames: ['x'] });
    const whole = linkOf(await track('Customers'));
    await world.ask('PATCH', 'Customers(1)', { body: { Nicknames: [] } });
    const [{ '@odata.id': none, ID }] = (await get(whole)).json.value;
    assert.deepEqual([none, ID], [undefined, 1]);
  });

  it('P10.18-1 J15.2-3 J15.2-5 J15.3-1 J15.3-2 J15.4-1 J15.5-1 P11.3.1-5 P11.3.1-6: 4.0 tells entities and links one by one', async () => {
    const link = linkOf(await track('Customers?$select=ID&$expand=Orders($select=ID,Note)'));
    await world.ask('POST', 'Orders', { body: { ID: 2, CustomerID: 1 } });
    await world.ask('PATCH', 'Orders(1)', { body: { CustomerID: 2 } });
    const moved = await get(link);
    const context = (name: string) => `${base}$metadata#${name}`;
    const plain = (items: Record<string, unknown>[]) => items.map(({ '@odata.etag': _, ...item }) => item);
    assert.deepEqual(plain(moved.json.value), [
      { ID: 1 },
      { ID: 2 },
      { '@odata.context': context('Orders/$entity'), '@odata.id': `${base}Orders(1)`, ID: 1, Note: null },
      { '@odata.context': context('Orders/$entity'), '@odata.id': `${base}Orders(2)`, ID: 2, Note: null },
      {
        '@odata.context': context('Customers/$deletedLink'),
        source: `${base}Customers(1)`,
        relationship: 'Orders',
        target: `${base}Orders(1)`,
      },
      {
        '@odata.context': context('Customers/$link'),
        source: `${base}Customers(1)`,
        relationship: 'Orders',
        target: `${base}Orders(2)`,
      },
      {
        '@odata.context': context('Customers/$link'),
        source: `${base}Customers(2)`,
        relationship: 'Orders',
        target: `${base}Orders(1)`,
      },
    ]);
    await world.ask('DELETE', 'Orders(1)');
    await world.ask('DELETE', 'Orders(2)');
    await world.ask('DELETE', 'Customers(2)');
    assert.deepEqual(plain((await get(linkOf(moved))).json.value), [
      { ID: 1 },
      { '@odata.context': context('Orders/$deletedEntity'), id: `${base}Orders(1)`, reason: 'deleted' },
      { '@odata.context': context('Orders/$deletedEntity'), id: `${base}Orders(2)`, reason: 'deleted' },
      { '@odata.context': context('Customers/$deletedEntity'), id: `${base}Customers(2)`, reason: 'deleted' },
    ]);
  });

  it('J15.3-3 J15.3-5 in 4.01 a deleted entity is told first of itself that it is removed', async () => {
    const link = linkOf(await track('Tags', { ...v401, accept: 'application/json;metadata=full' }));
    await world.ask('DELETE', "Tags('old')");
    const { text } = await get(link, { headers: { ...v401, accept: 'application/json;metadata=full' } });
    assert.ok(text.includes(`{"@removed":{"reason":"deleted"},"@id":"${base}Tags('old')","Name":"old"}`), text);
  });

  it('J15.2-4 a change of a key elsewhere that a property follows is told of both', async () => {
    const links = [linkOf(await track('Customers?$select=ID')), linkOf(await track('Orders?$select=CustomerID'))];
    await world.store.transaction(async (session) => {
      await session.run({ text: 'delete from "Products"', values: [] });
      await session.run({ text: 'update "Customers" set "ID" = 7 where "ID" = 1', values: [] });
      await session.run({ text: 'update "Orders" set "CustomerID" = 7 where "CustomerID" = 1', values: [] });
    });
    const [customers, orders] = [await get(links[0] ?? ''), await get(links[1] ?? '')];
    assert.deepEqual(
      customers.json.value.map(({ ID, id }: Record<string, unknown>) => ID ?? id),
      [7, `${base}Customers(1)`],
    );
    assert.deepEqual(
      orders.json.value.map(({ CustomerID }: Record<string, unknown>) => CustomerID),
      [7],
    );
  });

  it('J15.1-2 J15.1-3 P11.3.2-3 changes come in pages, each once, and the last one holds the delta link', async () => {
    const link = linkOf(await track('Products', v401));
    for (let index = 0; index < 7; index++) await world.ask('POST', 'Products', { body: { Sku: `n${index}` } });
    await world.ask('DELETE', "Products('p1')");
    const found: string[] = [];
    let page = await get(link, { headers: { ...v401, prefer: 'maxpagesize=3' } });
    for (let pages = 1; ; pages++) {
      assert.equal(page.json['@count'], undefined);
      found.push(...page.json.value.map(({ Sku }: { Sku: string }) => Sku));
      const next = nextOf(page);
      if (next === null) {
        assert.equal(pages, 3);
        break;
      }
      assert.equal(page.json['@deltaLink'], undefined);
      page = await get(next, { headers: { ...v401, prefer: 'maxpagesize=3' } });
    }
    assert.deepEqual(found, ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'p1']);
    assert.deepEqual((await get(linkOf(page), { headers: v401 })).json.value, []);
  });

  it('J15.1-4 expanded collections are whole, however long they are', async () => {
    await world.store.transaction((session) =>
      session.run({
        text: `with recursive n(i) as (values (100) union all select i + 1 from n where i < 349) insert into "Orders" ("ID", "CustomerID", "@version") select i, 2, 1 from n`,
        values: [],
      }),
    );
    const first = await track('Customers?$select=ID&$expand=Orders($select=ID)', v401);
    assert.equal(first.json.value[1].Orders.length, 250);
    await world.ask('PATCH', 'Orders(349)', { body: { Note: 'x' } });
    const [told] = (await get(linkOf(first), { headers: v401 })).json.value;
    assert.deepEqual([told.ID, told.Orders.length, told['Orders@nextLink']], [2, 250, undefined]);
  });

  it('one statement tells the changes, whatever is expanded', async () => {
    const link = linkOf(await track('Customers?$expand=Orders($expand=Lines($expand=Product))', v401));
    await world.ask('PATCH', "Products('p1')", { body: { Name: 'Bin' } });
    const before = world.statements();
    const { json } = await get(link, { headers: v401 });
    assert.equal(world.statements() - before, 1);
    assert.deepEqual(json.value.length, 1);
  });

  it('what cannot be told is not tracked: the preference is ignored, `latest` is refused', async () => {
    for (const url of [
      'Customers?$apply=groupby((Name))',
      'Customers?$filter=2020-01-01T00:00:00Z lt now()',
      'Customers?$expand=Orders($top=1)',
    ]) {
      const { status, headers, json } = await track(url);
      assert.deepEqual([status, headers['preference-applied'], json['@odata.deltaLink']], [200, undefined, undefined]);
    }
    assert.equal((await get('Customers?$deltatoken=latest&$filter=now() gt 2020-01-01T00:00:00Z')).status, 501);
    assert.ok(linkOf(await track('Customers?$expand=Orders($top=1)', v401)));
  });
});

describe('delta: around the service', () => {
  const model = modelFrom(types + container);

  it('a link outlives the service; another model lets it go, with the logs', async () => {
    const world = await openShop();
    const link = linkOf(await world.ask('GET', 'Tags', { headers: { prefer: 'track-changes' } }));
    await world.ask('DELETE', "Tags('old')");
    const again = await open(model, { store: world.store });
    assert.deepEqual((await again.ask('GET', link)).json.value[0]?.id, `${base}Tags('old')`);
    const changed = types.replace(
      '<EntityType Name="Tag">',
      '<EntityType Name="Tag"><Property Name="Hue" Type="Edm.String"/>',
    );
    const other = await open(modelFrom(changed + container), { store: world.store });
    assert.equal((await other.ask('GET', link)).status, 410);
    const logs = await world.store.read({
      text: `select name from sqlite_schema where name like '@log:%'`,
      values: [],
    });
    assert.ok(
      logs.every(([name]) => String(name).startsWith('@log:Tags')),
      'only what the 410 itself looked for',
    );
    const anew = linkOf(await other.ask('GET', 'Tags', { headers: { prefer: 'track-changes' } }));
    await other.ask('PATCH', "Tags('new')", { body: { Hue: 'red' } });
    assert.deepEqual((await other.ask('GET', anew)).json.value[0]?.Hue, 'red');
    await world.close();
  });

  it('a database that was set back to an older state lets go of what came later', async () => {
    const world = await openShop();
    await world.ask('GET', 'Tags', { headers: { prefer: 'track-changes' } });
    await world.ask('DELETE', "Tags('old')");
    const link = linkOf(await world.ask('GET', 'Tags', { headers: { prefer: 'track-changes' } }));
    assert.equal((await world.ask('GET', link)).status, 200);
    await world.store.transaction((session) => session.run({ text: 'delete from "@log:Tags"', values: [] }));
    assert.equal((await world.ask('GET', link)).status, 410);
    await world.close();
  });

  it('changes are remembered for as long as the setting says', async () => {
    const world = await openShop({ settings: { deltaRetention: 100 } });
    const link = linkOf(await world.ask('GET', 'Tags', { headers: { prefer: 'track-changes' } }));
    await world.ask('DELETE', "Tags('old')");
    await world.ask('DELETE', "Tags('new')");
    const age = (seconds: number) =>
      world.store.transaction((session) =>
        session.run({ text: `update "@log:Tags" set "@:at" = "@:at" - ${seconds}`, values: [] }),
      );
    const records = () => world.store.read({ text: 'select count(*) from "@log:Tags"', values: [] });
    await age(50);
    await (await createService({ model, store: world.store, settings: { deltaRetention: 100 } })).model;
    assert.deepEqual(await records(), [[2n]]);
    await age(100);
    await createService({ model, store: world.store, settings: { deltaRetention: 100 } });
    assert.deepEqual(await records(), [[1n]], 'the last position is kept');
    const late = await open(model, { store: world.store, settings: { deltaRetention: -1 } });
    assert.equal((await late.ask('GET', link)).status, 410);
    await world.close();
  });

  it('nothing is recorded before somebody asks, and only of what was asked', async () => {
    const world = await openShop();
    const logs = async () =>
      (
        await world.store.read({
          text: `select name from sqlite_schema where type = 'table' and name like '@log:%' order by 1`,
          values: [],
        })
      ).flat();
    assert.deepEqual(await logs(), []);
    await world.ask('GET', 'Customers?$expand=Orders', { headers: { prefer: 'track-changes' } });
    assert.deepEqual(await logs(), ['@log:Customers', '@log:Orders']);
    await world.close();
  });

  it('Capabilities.ChangeTracking decides what is tracked', async () => {
    const set = (inner: string) =>
      modelFrom(`<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<Property Name="A" Type="Edm.Int32"/><Property Name="B" Type="Edm.Int32"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"><Annotation Term="Capabilities.ChangeTracking"><Record>${inner}</Record></Annotation></EntitySet></EntityContainer>`);
    for (const [inner, url, tracked] of [
      ['<PropertyValue Property="Supported" Bool="false"/>', 'Es', false],
      ['', 'Es', true],
      [
        '<PropertyValue Property="FilterableProperties"><Collection><PropertyPath>A</PropertyPath></Collection></PropertyValue>',
        'Es?$filter=A eq 1',
        true,
      ],
      [
        '<PropertyValue Property="FilterableProperties"><Collection><PropertyPath>A</PropertyPath></Collection></PropertyValue>',
        'Es?$filter=B eq 1',
        false,
      ],
    ] as const) {
      const world = await open(set(inner));
      const { status, json } = await world.ask('GET', url, { headers: { prefer: 'track-changes' } });
      assert.deepEqual([status, json['@odata.deltaLink'] !== undefined], [200, tracked], `${inner} ${url}`);
      await world.close();
    }
  });

  it('within a transaction nothing is tracked: what it has written may never come to be', async () => {
    const world = await openShop();
    const body = {
      requests: [{ id: '1', atomicityGroup: 'g', method: 'get', url: 'Tags', headers: { prefer: 'track-changes' } }],
    };
    const { json } = await world.ask('POST', '$batch', { body, headers: v401 });
    assert.deepEqual([json.responses[0].status, json.responses[0].body['@deltaLink']], [200, undefined]);
    await world.close();
  });
});

describe('delta: a function that stands for the changes', () => {
  const model = modelFrom(
    `${types}<Annotation Term="Core.DefaultNamespace"/><Function Name="changes" IsBound="true"><Annotation Term="Edmund.Changes"/>
<Parameter Name="of" Type="Collection(T.Tag)" Nullable="false"/><ReturnType Type="Collection(T.Tag)" Nullable="false"/></Function>${container}`,
  );
  let world: World;
  before(async () => {
    world = await open(model);
    await world.ask('POST', 'Tags', { body: { Name: 'a' } });
  });
  after(() => world.close());

  it('is called by its name, with and without namespace and parentheses, and answers by the form of 4.01', async () => {
    for (const name of ['changes', 'changes()', 'T.changes', 'T.changes()']) {
      const { status, json } = await world.ask('GET', `Tags/${name}?$select=Name`);
      assert.deepEqual([status, json.value.length], [200, 1], name);
      const link: string = json['@odata.deltaLink'].slice(base.length);
      assert.ok(link.startsWith(`Tags/${name}?$select=Name&`), link);
      await world.ask('DELETE', "Tags('a')");
      const told = (await world.ask('GET', link)).json.value;
      assert.deepEqual(told, [{ '@removed': { reason: 'deleted' }, Name: 'a' }]);
      await world.ask('POST', 'Tags', { body: { Name: 'a' } });
    }
  });

  it('is read only, ends the path, belongs to the collection, and refuses what it cannot tell', async () => {
    const post = await world.ask('POST', 'Tags/changes', { body: { Name: 'b' } });
    assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
    assert.equal((await world.ask('OPTIONS', 'Tags/changes')).headers.allow, 'GET, HEAD');
    assert.equal((await world.ask('GET', 'Tags/changes/$count')).status, 404);
    assert.equal((await world.ask('GET', "Tags('a')/changes")).status, 404);
    assert.equal((await world.ask('GET', 'Customers/changes')).status, 404);
    assert.equal((await world.ask('GET', 'Tags/changes?$apply=groupby((Name))')).status, 501);
    assert.deepEqual(world.service.unhandled, []);
  });
});

describe('delta: another program', () => {
  let server: Server;
  before(async () => {
    server = await startServer({ model: modelFrom(types + container) });
  });
  after(() => server.close());

  it('its changes are told as ours are, also what the database does as a consequence', async () => {
    for (const [url, body] of [
      ['Customers', { ID: 1, Name: 'Ann' }],
      ['Orders', { ID: 1, CustomerID: 1, Lines: [{ No: 1 }] }],
    ] as const)
      assert.equal((await server.ask('POST', url, { body })).status, 201);
    const first = await server.ask('GET', 'Orders(1)/Lines', { headers: { prefer: 'track-changes', ...v401 } });
    const customers = await server.ask('GET', 'Customers', { headers: { prefer: 'track-changes', ...v401 } });
    const other = new Database(server.file);
    other.pragma('foreign_keys = on');
    other.exec(
      `update "Customers" set "Name" = 'Eve' where "ID" = 1; insert into "Customers" ("ID", "Name", "Level", "Contacts", "Nicknames", "@version") values (2, 'Bob', 0, '[]', '[]', 1)`,
    );
    other.exec('update "Orders_Lines" set "Count" = 5');
    other.close();
    const told = await server.ask('GET', customers.json['@deltaLink'], { headers: v401 });
    assert.deepEqual(
      told.json.value.map(({ Name }: { Name: string }) => Name),
      ['Eve', 'Bob'],
    );
    const lines = await server.ask('GET', first.json['@deltaLink'], { headers: v401 });
    assert.deepEqual(
      lines.json.value.map(({ Count }: { Count: number }) => Count),
      [5],
    );
  });
});
