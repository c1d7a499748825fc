import assert from 'node:assert/strict';
import { startLibrary } from '../../model/library.js';
import type { Server } from '../../model/serve.js';

type Item = Readonly<Record<string, unknown>>;

/** What `$apply` gives over the library's books; control information left out, ordered by the whole item where no order is asked for. */
const rows: readonly [row: string, query: string, found: readonly Item[]][] = [
  ['AG001', '$apply=filter(Pages gt 100)/aggregate(Pages with sum as P)', [{ P: 420 }]],
  ['AG048', '$apply=aggregate(Pages with sum as P,$count as N)', [{ P: 474, N: 5 }]],
  [
    'AG048',
    '$apply=filter(ID gt 99)/aggregate(Pages with sum as P,Pages with max as M,Pages with average as A,Pages with countdistinct as D,$count as N)',
    [{ P: null, M: null, A: null, D: 0, N: 0 }],
  ],
  ['AG050', '$apply=aggregate(Pages mul 2 with sum as P)', [{ P: 948 }]],
  ['AG051', '$apply=aggregate($count as N)', [{ N: 5 }]],
  ['AG060', '$apply=aggregate(Pages with average as A)', [{ A: 118.5 }]],
  ['AG061', '$apply=aggregate(Price with sum as S)', [{ S: 32.99 }]],
  ['AG063', '$apply=aggregate(Title with min as A,Published with max as B)', [{ A: 'Engines', B: '2020-02-29' }]],
  ['AG064', '$apply=aggregate(Price with average as A)', [{ A: 8.2475 }]],
  ['AG065', '$apply=aggregate(Price with countdistinct as D)', [{ D: 3 }]],
  [
    'AG088',
    '$apply=groupby((Genre))',
    [{ Genre: 'Fiction' }, { Genre: 'Poetry' }, { Genre: 'Science' }, { Genre: null }],
  ],
  ['AG089', '$apply=groupby((Genre),aggregate($count as N))&$filter=N gt 1', [{ Genre: null, N: 2 }]],
  [
    'AG091',
    '$apply=groupby((Genre,AuthorID))',
    [
      { AuthorID: 1, Genre: 'Science' },
      { AuthorID: 1, Genre: null },
      { AuthorID: 2, Genre: 'Fiction' },
      { AuthorID: 3, Genre: 'Poetry' },
      { AuthorID: null, Genre: null },
    ],
  ],
  [
    'AG092',
    '$apply=groupby((Author/Born))',
    [{ Author: { Born: '1815-12-10' } }, { Author: { Born: null } }, { Author: null }],
  ],
  ['AG092', '$apply=groupby((Size/Height))', [{ Size: { Height: 20 } }, { Size: null }]],
  ['AG093', '$apply=filter(ID gt 99)/groupby((Genre),aggregate($count as N))', []],
  ['AG043', '$apply=orderby(Title)/topcount(2,Price)&$select=ID', [{ ID: 1 }, { ID: 4 }]],
  ['AG009', '$apply=orderby(Pages desc)/skip(1)/top(1)&$select=ID', [{ ID: 2 }]],
  [
    'AG046',
    '$apply=groupby((Genre))&$filter=Pages eq null and Genre ne null',
    [{ Genre: 'Fiction' }, { Genre: 'Poetry' }, { Genre: 'Science' }],
  ],
  [
    'AG006',
    '$apply=groupby((AuthorID),aggregate(Price with sum as S))&$compute=S mul 2 as D&$filter=D gt 20&$orderby=D desc',
    [{ AuthorID: 1, D: 50, S: 25 }],
  ],
  ['AG008', '$apply=groupby((Genre))&$count=true&$top=1&$orderby=Genre desc&$select=Genre', [{ Genre: 'Poetry' }]],
  [
    'AG006',
    '$apply=groupby((AuthorID),aggregate(Pages with sum as P))/groupby((P),aggregate($count as N))/filter(N gt 1)',
    [],
  ],
  ['AG006', '$apply=groupby((AuthorID),aggregate($count as N))/aggregate(N with max as M)', [{ M: 2 }]],
  [
    'AG066',
    '$apply=compute(year(Published) as Y)/groupby((Y),aggregate($count as N))/filter(Y gt 1900)/orderby(Y)',
    [
      { N: 1, Y: 1999 },
      { N: 1, Y: 2020 },
    ],
  ],
];

const wrong: readonly [row: string, query: string, status: number][] = [
  ['AG004', 'Books(1)?$apply=identity', 400],
  ['AG019', 'Books?$apply=nope(1)', 400],
  ['AG019', 'Books?$apply=aggregate(Nope with sum as X)', 400],
  ['AG024', 'Books?$apply=aggregate(Pages with sum as Title)', 400],
  ['AG024', 'Books?$apply=aggregate(Pages with sum as P,Pages with max as P)', 400],
  ['AG053', 'Books?$apply=aggregate(Pages with sum)', 400],
  ['AG053', 'Books?$apply=aggregate($count)', 400],
  ['AG061', 'Books?$apply=aggregate(Title with sum as T)', 400],
  ['AG067', 'Books?$apply=aggregate(Size with max as S)', 400],
  ['AG068', 'Books?$apply=aggregate(Pages with median as M)', 400],
  ['AG088', 'Books?$apply=groupby((Tags))', 400],
  ['AG088', 'Books?$apply=groupby((Topics/Name))', 400],
  ['AG005', 'Books?$apply=Lib.TopBooks(Count=1)', 501],
];

describe('Data Aggregation: $apply', () => {
  let server: Server;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());
  const encoded = (query: string) =>
    query.replace(/(\$\w+=)([^&]*)/g, (_, name: string, text: string) => name + encodeURIComponent(text));
  const plain = (item: Item): Item =>
    Object.fromEntries(
      Object.entries(item)
        .filter(([name]) => !name.includes('@'))
        .sort(),
    );

  for (const [row, query, found] of rows)
    it(`${row} ${query}`, async () => {
      const reply = await server.ask('GET', `Books?${encoded(query)}`);
      assert.equal(reply.status, 200, reply.text);
      const items: Item[] = reply.json.value.map(plain);
      const ordered = /orderby|topcount/.test(query)
        ? items
        : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      const wanted = found.map(plain);
      assert.deepEqual(
        ordered,
        /orderby|topcount/.test(query)
          ? wanted
          : wanted.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
      );
    });

  for (const [row, query, status] of wrong)
    it(`${row} ${query} is ${status}`, async () => {
      const [path, rest = ''] = query.split('?');
      const reply = await server.ask('GET', `${path}?${encoded(rest)}`);
      assert.equal(reply.status, status, reply.text);
      assert.ok(reply.json.error.message.length > 20);
    });

  it('AG007 counts the results', async () => {
    assert.equal((await server.ask('GET', `Books/$count?${encoded('$apply=groupby((Genre))')}`)).text, '4');
    assert.equal(
      (await server.ask('GET', `Books?${encoded('$apply=groupby((Genre))')}&$count=true&$top=1`)).json['@odata.count'],
      4,
    );
  });

  it('AG028 results are transient, AG029 named in the context URL, AG033 and carry their types', async () => {
    const query = encoded(
      '$apply=groupby((Genre,Author/Name),aggregate(Price with sum as S,Pages with sum as P,$count as N,Published with max as D))',
    );
    const reply = await server.ask('GET', `Books?${query}&$top=1&$orderby=N`);
    const [item] = reply.json.value;
    assert.equal(item['@odata.id'], null);
    assert.equal(item['@odata.etag'], undefined);
    assert.equal(reply.json['@odata.context'], `${server.base}$metadata#Books(Genre,Author(Name),S,P,N,D)`);
    assert.deepEqual(
      [item['S@odata.type'], item['P@odata.type'], item['N@odata.type']],
      ['#Decimal', '#Int64', '#Decimal'],
    );
    const strings = await server.ask('GET', `Books?${query}&$filter=P%20ne%20null&$top=1`, {
      headers: { accept: 'application/json;IEEE754Compatible=true' },
    });
    for (const name of ['S', 'P', 'N']) assert.equal(typeof (strings.json.value[0][name] ?? ''), 'string', name); // AG034
    const none = await server.ask('GET', `Books?${query}`, {
      headers: { accept: 'application/json;odata.metadata=none' },
    });
    assert.doesNotMatch(none.text, /@odata/);
  });

  it('pages over groups by key', async () => {
    const seen: unknown[] = [];
    let url = `Books?${encoded('$apply=groupby((Genre),aggregate($count as N))')}&$orderby=N%20desc`;
    for (let page = 0; page < 5 && url !== ''; page++) {
      const reply = await server.ask('GET', url, { headers: { prefer: 'maxpagesize=1' } });
      seen.push(reply.json.value[0].Genre);
      url = reply.json['@odata.nextLink'] ?? '';
    }
    assert.deepEqual(seen, [null, 'Fiction', 'Science', 'Poetry']);
  });
});
