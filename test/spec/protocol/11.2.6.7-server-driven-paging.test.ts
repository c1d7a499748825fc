import assert from 'node:assert/strict';
import { modelFrom } from '../../model/inline.js';
import { startOffice } from '../../model/office.js';
import { type Server, startServer } from '../../model/serve.js';

type Item = Readonly<Record<string, unknown>>;

describe('Protocol 11.2.6.7: server-driven paging', () => {
  let server: Server;
  before(async () => {
    server = await startOffice({ settings: { pageSize: 2, maxPageSize: 3 } });
  });
  after(() => server.close());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const reply = await server.ask('GET', path, { headers });
    assert.equal(reply.status, 200, `${path}: ${reply.text}`);
    return reply.json;
  };

  /** The items of all pages, following next links from the page on. */
  async function all(page: Item, items = 'value', link = '@odata.nextLink'): Promise<readonly Item[]> {
    const found = [...(page[items] as Item[])];
    for (let next = page[link]; typeof next === 'string'; ) {
      const { value, '@odata.nextLink': more }: { value: Item[]; '@odata.nextLink'?: string } = await get(next);
      assert.ok(value.length > 0, 'no page is empty');
      found.push(...value);
      next = more;
    }
    return found;
  }

  const nested: readonly [rows: string, expand: string, ids: readonly unknown[], key?: string][] = [
    ['P11.2.6.7-1', 'Team', [2, 3, 4, 5]],
    ['P11.2.6.7-1', 'Team($orderby=Salary desc,Name)', [2, 4, 3, 5]],
    ['P11.2.6.7-1', 'Team($orderby=Name;$select=ID)', [4, 2, 3, 5]],
    ['P11.2.6.7-1', "Team($filter=Name ne 'Cem')", [2, 4, 5]],
    ['P11.2.6.7-1', 'Team($skip=1)', [3, 4, 5]],
    ['P11.2.6.7-1', 'Team($top=3;$orderby=ID desc)', [5, 4, 3]],
    ['P11.2.6.7-1', 'Notes', [1, 2, 3], 'No'],
    ['P11.2.6.7-1', 'Notes($filter=No ge @min)', [1, 2, 3], 'No'],
    ['P11.2.6.7-1', 'Team($compute=ID mul -1 as Minus;$orderby=Minus)', [5, 4, 3, 2]],
    ['P11.2.6.7-1', 'Team($search=Ben OR Cem OR Eve)', [2, 3, 5]],
  ];
  for (const [rows, expand, ids, key = 'ID'] of nested)
    it(`${rows} $expand=${expand} is complete behind its next links`, async () => {
      const [, name = ''] = /^(\w+)/.exec(expand) ?? [];
      const { value } = await get(`People?$filter=ID eq 1&$expand=${expand}&@min=1`);
      const [ann] = value as [Item];
      assert.ok((ann[name] as Item[]).length <= 3);
      const found = await all(ann, name, `${name}@odata.nextLink`);
      assert.deepEqual(
        found.map((item) => item[key]),
        ids,
      );
    });

  it('P11.2.6.7-1 the last page, an empty collection and one that fits have no link', async () => {
    const { value } = await get('People?$filter=ID in (2,7)&$expand=Team');
    assert.deepEqual(
      value.map((item: Item) => [item.ID, (item.Team as Item[]).length, item['Team@odata.nextLink']]),
      [
        [2, 2, undefined],
        [7, 0, undefined],
      ],
    );
  });

  it('P11.2.6.7-2 a $top within the bounds is complete and has no link, nested neither', async () => {
    const json = await get('People?$top=3&$expand=Team($top=3)');
    assert.equal(json.value.length, 3);
    assert.equal(json['@odata.nextLink'], undefined);
    assert.equal(json.value[0].Team.length, 3);
    assert.equal(json.value[0]['Team@odata.nextLink'], undefined);
  });

  it('P11.2.6.7-1 a $top beyond the bounds is fulfilled by pages', async () => {
    const json = await get('People?$top=5&$orderby=ID desc');
    assert.equal(json.value.length, 3);
    assert.deepEqual(
      (await all(json)).map(({ ID }) => ID),
      [7, 6, 5, 4, 3],
    );
  });

  it('P11.2.6.7-5 a nested page keeps its count, order and deeper expansions', async () => {
    const ann = await get('People(1)?$expand=Team($count=true;$orderby=ID;$expand=Team($count=true;$select=Name))');
    assert.equal(ann['Team@odata.count'], 4);
    const page = await get(ann['Team@odata.nextLink']);
    assert.equal(page['@odata.count'], 4);
    assert.deepEqual(
      page.value.map(({ ID, Team, 'Team@odata.count': count }: Item) => [ID, Team, count]),
      [
        [4, [], 0],
        [5, [], 0],
      ],
    );
  });

  it('P11.2.6.7-5 $levels goes on behind a nested link', async () => {
    const ann = await get('People(1)?$select=ID&$expand=Team($levels=2;$select=ID;$orderby=ID desc)');
    const page = await get(ann['Team@odata.nextLink']);
    assert.deepEqual(
      page.value.map(({ ID, Team }: Item) => [ID, (Team as Item[]).map((item) => item.ID)]),
      [
        [3, []],
        [2, [7, 6]],
      ],
    );
  });

  it('P11.2.6.7-1 J4.5.5-1 references are paged too', async () => {
    const ann = await get('People(1)?$expand=Team/$ref');
    const ids = (await all(ann, 'Team', 'Team@odata.nextLink')).map((item) => item['@odata.id']);
    assert.deepEqual(
      ids,
      [2, 3, 4, 5].map((id) => `${server.base}People(${id})`),
    );
  });

  it('P8.2.8.5-2 maxpagesize holds for every collection, each with a link of its own', async () => {
    const json = await get('People?$expand=Team,Notes', { prefer: 'maxpagesize=1' });
    assert.equal(json.value.length, 1);
    assert.deepEqual([json.value[0].Team.length, json.value[0].Notes.length], [1, 1]);
    for (const holder of [json['@odata.nextLink'], json.value[0]['Team@odata.nextLink']])
      assert.match(holder, /\$skiptoken=/);
    const noted = await server.ask('GET', json.value[0]['Notes@odata.nextLink'], {
      headers: { prefer: 'maxpagesize=1' },
    });
    assert.deepEqual(
      noted.json.value.map(({ No }: Item) => No),
      [2],
    );
  });

  it('P11.2.6.7-3 a token is good for its own query only, and shows nothing', async () => {
    const ann = await get("People(1)?$expand=Team($filter=Name ne 'Secret';$orderby=Name)");
    const link = String(ann['Team@odata.nextLink']);
    const token = new URL(link).searchParams.get('$skiptoken') ?? '';
    assert.doesNotMatch(Buffer.from(token, 'base64url').toString('latin1'), /Cem|Eve/);
    for (const url of [
      `People(2)/Team?$skiptoken=${token}`,
      `${link}&$top=1`,
      link.replace('Secret', 'Other'),
      `${link.slice(0, -2)}xx`,
    ]) {
      const reply = await server.ask('GET', url);
      assert.equal(reply.status, 400, url);
      assert.equal(reply.json.error.code, 'InvalidSkipToken');
    }
  });

  it('a sort value of more than 256 bytes is read again from its row, and paging goes on when the row is gone', async () => {
    const long = (end: string) => 'L'.repeat(400) + end;
    for (const [id, end] of [
      [21, 'b'],
      [22, 'a'],
      [23, 'd'],
      [24, 'c'],
    ] as const)
      await server.ask('POST', 'People', { body: { ID: id, Name: long(end) } });
    for (const [order, ids] of [
      ['Name', [22, 21, 24, 23]],
      ['Name desc', [23, 24, 21, 22]],
      ['concat(Name,%27x%27)', [22, 21, 24, 23]],
    ] as const) {
      const page = await get(`People?$filter=ID gt 20&$orderby=${order}`);
      assert.ok(page['@odata.nextLink'].length < 1000);
      assert.deepEqual(
        (await all(page)).map(({ ID }) => ID),
        ids,
      );
    }
    const page = await get('People?$filter=ID gt 20&$orderby=Name desc');
    await server.ask('DELETE', 'People(21)');
    const rest = (await all(page)).map(({ ID }) => ID);
    assert.deepEqual(new Set(rest), new Set([23, 24, 22]));
    for (const id of [22, 23, 24]) await server.ask('DELETE', `People(${id})`);
  });

  it('rows that come while pages are read neither repeat nor hide others', async () => {
    const page = await get('People?$orderby=Salary desc,Height');
    await server.ask('POST', 'People', { body: { ID: 30, Salary: 9500 } });
    const ids = (await all(page)).map(({ ID }) => ID);
    assert.deepEqual(ids, [1, 2, 3, 4, 5, 6, 7]);
    await server.ask('DELETE', 'People(30)');
  });
});

describe('Protocol 11.2.6.7: pages along an index', () => {
  let server: Server;
  const rows = Array.from({ length: 23 }, (_, index) => ({
    ID: index + 1,
    Rank: index % 3 === 0 ? null : (index * 7) % 5,
    Name: index % 4 === 0 ? null : `n${index % 6}`,
  }));
  before(async () => {
    server = await startServer({
      model: modelFrom(`
<EntityType Name="Row"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
  <Property Name="Rank" Type="Edm.Int32"/><Property Name="Name" Type="Edm.String"/></EntityType>
<EntityType Name="Other"><Key><PropertyRef Name="Code"/></Key><Property Name="Code" Type="Edm.String" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Rows" EntityType="T.Row"><Annotation Term="Edmund.DefaultOrder"><Collection>
  <Record><PropertyValue Property="Property" PropertyPath="Rank"/></Record></Collection></Annotation></EntitySet>
  <EntitySet Name="Others" EntityType="T.Other"/></EntityContainer>`),
    });
    for (const row of rows) await server.ask('POST', 'Rows', { body: row });
    for (const Code of ['a', 'b', "c'c"]) await server.ask('POST', 'Others', { body: { Code } });
  });
  after(() => server.close());

  async function pages(url: string, size: number): Promise<readonly string[]> {
    const found: string[] = [];
    for (let next = url; next !== ''; ) {
      const { json, status, text } = await server.ask('GET', next, { headers: { prefer: `maxpagesize=${size}` } });
      assert.equal(status, 200, text);
      found.push(...json.value.map((item: Item) => JSON.stringify(item)));
      next = json['@odata.nextLink'] ?? '';
    }
    return found;
  }

  const orders = [
    '',
    'Rank',
    'Rank desc',
    'Rank,ID desc',
    'Rank desc,ID desc',
    'Rank desc,Name',
    'Rank,Name desc',
    'Name,Rank desc',
    'Name desc',
  ];
  for (const order of orders)
    it(`P11.2.6.7-1 U5.1.6-4 $orderby=${order} gives the same in pages of every size`, async () => {
      const url = `Rows?$select=ID${order === '' ? '' : `&$orderby=${order}`}`;
      const whole = await pages(url, 100);
      assert.equal(whole.length, rows.length);
      for (const size of [1, 4, 7]) assert.deepEqual(await pages(url, size), whole, `pages of ${size}`);
    });

  it('U5.1.6-4 $top and $skip count over all pages', async () => {
    const whole = await pages('Rows?$select=ID&$orderby=Rank', 100);
    assert.deepEqual(await pages('Rows?$select=ID&$orderby=Rank&$skip=3&$top=11', 4), whole.slice(3, 14));
  });

  it('U4.16-2 $all is paged too', async () => {
    const whole = await pages('$all', 100);
    assert.equal(whole.length, rows.length + 3);
    assert.deepEqual(await pages('$all', 5), whole);
    assert.deepEqual(await pages('$all?$skip=20&$top=5', 2), whole.slice(20, 25));
    assert.deepEqual(
      await pages("$all/T.Other?$filter=Code gt 'a'", 1),
      whole.slice(-2).map((item) => item.replace(/"@odata\.context":"[^"]*",/, '')),
    );
  });
});

describe('paging tokens of several services', () => {
  it('are good wherever the same key is given, and nowhere else', async () => {
    const model = modelFrom(
      '<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/></EntityType><EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>',
    );
    const servers = await Promise.all(
      [7, 7, 8].map((byte) => startServer({ model, settings: { pageSize: 1 }, key: Buffer.alloc(32, byte) })),
    );
    try {
      for (const server of servers) for (const ID of [1, 2]) await server.ask('POST', 'Es', { body: { ID } });
      const [first, second, third] = servers;
      const link = String((await first?.ask('GET', 'Es'))?.json['@odata.nextLink']);
      const query = link.slice(first?.base.length);
      assert.deepEqual(
        (await second?.ask('GET', query))?.json.value.map(({ ID }: Item) => ID),
        [2],
      );
      assert.equal((await third?.ask('GET', query))?.status, 400);
    } finally {
      for (const server of servers) await server.close();
    }
  });
});
