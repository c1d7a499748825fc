import assert from 'node:assert/strict';
import { startOffice } from '../../model/office.js';
import type { Server } from '../../model/serve.js';

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

  it('P11.2.6.7-1 references are paged too', async () => {
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
