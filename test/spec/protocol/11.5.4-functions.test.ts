import assert from 'node:assert/strict';
import { ids } from '../../model/library.js';
import { startOperations } from '../../model/operations.js';
import type { Reply, Server } from '../../model/serve.js';

describe('Protocol 11.5.4 Functions', () => {
  let server: Server;
  before(async () => {
    server = await startOperations();
  });
  after(() => server.close());

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => server.ask('GET', path, { headers });
  const keys = (path: string) => get(path).then(({ json, text }) => (json?.value === undefined ? text : ids(json)));
  const context = ({ json }: Reply) => String(json['@odata.context']).split('$metadata#')[1];

  /** What a path gives: a status, or 200 with the value, or with the keys of its items. */
  const rows: readonly (readonly [title: string, path: string, expected: number | string | readonly unknown[]])[] = [
    // 11.5.1
    ['P11.5.1-1 by its qualified name', 'Books(1)/Lib.Label()', 'Lib.Book Engines'],
    ['P11.5.1-1 U4.5-3 by its alias-qualified name, on a derived type', 'Books(3)/Lib.RareBook/L.Similar()', []],
    ['P11.5.1-1 on a navigation property', 'Desk/Favourite/Lib.Label()', 'Lib.Book Engines'],
    ['P11.5.1-1 on a primitive value', 'Books(1)/Title/Lib.Shout()', 'ENGINES'],
    ['P11.5.1-1 on a complex value', 'Authors(1)/Home/Lib.Line()', '1 Row, London'],
    ['P11.5.1-1 on a collection of values', 'Books(1)/Tags/Lib.Longest()', 'maths'],
    ['P11.5.1-2 on Edm.EntityType', "Topics('B')/Lib.Label()", 'Edm.EntityType Birds'],
    ['P11.5.1-2 on Collection(Edm.EntityType)', 'Authors/Lib.Size()', 3],
    ['P11.5.1-2 on a filtered collection', 'Books/$filter(ID gt 3)/Lib.Size()', 2],
    ['P11.5.1-2 on a cast collection', 'Books/Lib.RareBook/Lib.Size()', 1],
    // 11.5.4.1
    ['P11.5.4.1-1 U4.5.2-1 bound, with a parameter', 'Books/Lib.Costlier(than=10)', [4, 1]],
    ['P11.5.4.1-1 U4.3-4 through an import', "BooksByGenre(genre='Fiction')", [2]],
    ['P11.5.4.1-2 P13.2.1-12 U4.5.2-4 an import with ()', 'Cheapest()/ID', 5],
    ['P11.5.4.1-3 parameters as aliases in the query', 'Books/Lib.Costlier?@than=10', [4, 1]],
    ['U4.3-4 U4.3-9 P13.2.1-15 P11.2.6.1.3-2 an alias for a parameter', "Echo(text=@t)?@t='a/b\\c'", 'a/b\\c'],
    ['P11.5.4.1-4 U4a-4 C12.7-1 nothing behind a function that is not composable', 'Closed()/$count', 404],
    ['P11.5.4.1-4 C12.7-1 no key either', 'Closed()(1)', 404],
    ['C12.7-1 P11.5.4.1-4 options for the result', "BooksByGenre(genre='Science')?$filter=ID gt 1", []],
    ['P11.5.4.1-4 a count behind', 'Books/Lib.Costlier(than=5)/$count', 3],
    ['P11.5.4.1-4 U4.3-5 U4.9-1 a key behind', "BooksByGenre(genre='Fiction')(2)/Title", 'Ödland'],
    ['P11.5.4.1-4 U4.9-1 a key segment behind', 'Books/Lib.Costlier(than=5)/4/Title', 'Engines II'],
    ['U4.9-1 no key where there is no set', 'Loose()(90)', 404],
    ['U4.9-1 nor a key segment', 'Loose()/90', 404],
    ['P11.5.4.1-4 a key that is not among the results', "BooksByGenre(genre='Fiction')(1)", 404],
    [
      'P11.5.4.1-4 a filter segment and a cast behind',
      'Books/Lib.Costlier(than=5)/$filter(Pages eq null)/Lib.EBook',
      [4],
    ],
    ['P11.5.4.1-4 U4.3-2 navigation behind', 'Books(4)/Lib.Writer()/Books', [1, 4]],
    ['P11.5.4.1-4 U4.3-3 a function behind a function', 'Books(4)/Lib.Writer()/Books/Lib.Size()', 2],
    ['P11.5.4.1-4 a property of a complex result', 'Home()/City', 'Ulm'],
    ['P11.5.4.1-4 raw values', 'Home()/City/$value', 'Ulm'],
    ['P11.5.4.1-5 U4.5.2-11 an empty collection', 'Empty()', []],
    ['P11.5.4.1-5 U4.5.2-11 no entity where there may be none', 'Maybe()', 204],
    ['P11.5.4.1-5 U4.5.2-11 C12.8-3 no entity where there must be one', 'Nobody()', 404],
    ['P11.5.4.1-5 nothing behind nothing', 'Maybe()/Name', 404],
    ['P11.5.4.1-5 the binding value does not exist', 'Books(99)/Lib.Label()', 404],
    ['P11.5.4.1-6 a number where a text belongs', 'Echo(text=1)', 400],
    ['P11.5.4.1-6 JSON for a complex value', 'Types(Place=@p)?@p={"City":"Ulm"}', '{"Place":{"City":"Ulm"}}'],
    ['P11.5.4.1-6 JSON for a collection', 'Types(Words=@w)?@w=["a","b\'c"]', '{"Words":["a","b\'c"]}'],
    ['P11.5.4.1-6 JSON for a part of an entity', 'Types(Book=@b)?@b={"Title":"x"}', '{"Book":{"Title":"x"}}'],
    ['P11.5.4.1-6 a reference to an entity', 'Types(Book=@b)?@b={"@id":"Books(1)"}', '{"Book":{"@id":"Books(1)"}}'],
    [
      'P11.5.4.1-6 entities',
      'Types(Books=@b)?@b=[{"ID":1},{"@odata.id":"Books(2)"}]',
      '{"Books":[{"ID":1},{"@id":"Books(2)"}]}',
    ],
    ['P11.5.4.1-6 JSON that does not fit', 'Types(Place=@p)?@p={"Town":"Ulm"}', 400],
    ['P11.5.4.1-8 U4.5-2 P6.3-2 an unknown function', 'Books(1)/Lib.Nope()', 404],
    ['P11.5.4.1-8 U4a-3 an import is no segment of its own elsewhere', 'Books(1)/Echo', 404],
    ['P11.5.4.1-8 a parameter too many', "Echo(text='a',more=1)", 404],
    ['P11.5.4.1-8 a parameter too few', 'Echo()', 404],
    // 11.5.4.1.1
    ['P11.5.4.1.1-1 an alias', "Echo(text=@t)?@t='x'", 'x'],
    ['P11.5.4.1.1-1 null where that may be', 'Echo(text=null)', 204],
    ['P11.5.4.1.1-1 null where it may not be', 'Limited(max=null)', 400],
    ['P11.5.4.1.1-3 U4.5.2-5 U4.5.2-6 an implicit alias', "Echo?text='y'", 'y'],
    ['P11.5.4.1.1-3 U4.5.2-6 an implicit alias with @', "Echo?@text='z'", 'z'],
    ['P11.5.4.1.1-3 U4.5.2-7 a name like an option', "Filter?@filter='f'", 'f'],
    ['P11.5.4.1.1-3 P13.2.1-16 JSON in an implicit one', 'Types?Words=["a"]', '{"Words":["a"]}'],
    ['U4.5.2-5 without parentheses only at the end', 'Books/Lib.Costlier/$count?@than=10', 404],
    ['U4.5.2-7 no implicit ones beside parentheses', "Echo()?text='y'", 404],
    ['P11.5.4.1.1-4 U4.5.2-9 C12.9-4 the default of an optional parameter', 'Limited(max=5)', '{"max":5,"min":2}'],
    ['P11.5.4.1.1-4 optional parameters given', "Limited(max=5,min=3,note='n')", '{"max":5,"min":3,"note":"n"}'],
    ['P11.5.4.1.1-4 a required one left out', 'Limited(min=3)', 404],
    ['U4.5.2-2 JSON in the path', 'Types(Words=["a"])', 400],
    ['U4.5.2-2 an expression in the path', 'Limited(max=1 add 2)', 400],
    ['U4.5.2-13 there are no streams in a path', 'Books(1)/Lib.Similar(book=1)', 404],
    ['U4.5.2-1 the binding parameter is never named', 'Books(1)/Lib.Label(book=1)', 404],
    // 11.5.4.2
    ['P11.5.4.2-1 P11.5.4.2-4 U4.5.2-8 exactly these names: one', 'Shape(a=1)', 'one'],
    ['P11.5.4.2-1 P11.5.4.2-4 U4.5.2-8 exactly these names: two, in any order', 'Shape(b=1,a=1)', 'two'],
    ['P11.5.4.2-4 U4.5.2-8 all that are not optional', "Unclear(d='x')", '{"d":"x"}'],
    ['P11.5.4.2-5 U4.5.2-8 several would fit', 'Unclear(a=1)', 400],
    ['P11.5.4.2-3 U4.5.2-10 the declared type decides', 'Books(3)/Lib.Label()', 'Lib.Book Haiku 100%'],
    ['P11.5.4.2-3 U4.5.2-10 a cast chooses', 'Books(3)/Lib.RareBook/Lib.Label()', 'Lib.RareBook Haiku 100%'],
    ['P11.5.4.2-3 an overload of a base type is found', 'Books(4)/Lib.EBook/Lib.Label()', 'Lib.Book Engines II'],
  ];
  for (const [title, path, expected] of rows)
    it(`${title}: ${path}`, async () => {
      const reply = await get(path);
      if (typeof expected === 'number' && expected >= 200) assert.equal(reply.status, expected, reply.text);
      else {
        assert.equal(reply.status, 200, reply.text);
        const value = reply.json?.value ?? reply.json ?? reply.text;
        assert.deepEqual(Array.isArray(value) && value[0]?.ID !== undefined ? ids({ value }) : value, expected);
      }
    });

  it('P11.5.4.1-2 U4.5.2-4 P13.2.1-12 an import without parameters works without ()', async () => {
    const [bare, called] = [await get('Cheapest'), await get('Cheapest()')];
    assert.equal(bare.status, 200);
    assert.deepEqual(bare.json, called.json);
  });

  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'])
    it(`P11.5.4.1-8 ${method} is not allowed`, async () => {
      const reply = await server.ask(method, "Echo(text='a')", method === 'DELETE' ? {} : { body: {} });
      assert.deepEqual([reply.status, reply.headers.get('allow')], [405, 'GET, HEAD']);
    });

  it('P11.5.4.1-4 the last segment says what may be done: a new entity behind a function', async () => {
    const reply = await server.ask('POST', 'Books(1)/Lib.Writer()/Books', { body: { ID: 77, Title: 'Behind' } });
    assert.deepEqual([reply.status, reply.json.AuthorID], [201, 1]);
    assert.equal(reply.headers.get('location'), `${server.base}Books(77)`);
    assert.equal((await server.ask('DELETE', 'Books(4)/Lib.Similar()(77)')).status, 204);
    assert.equal((await get('Books(77)')).status, 404);
  });

  it('P11.5.4.1-4 composes with every option in one statement for the result', async () => {
    const reply = await get(
      'Books/Lib.Costlier(than=5)?$filter=Pages gt 1 or Pages eq null&$orderby=ID&$skip=1&$top=1&$count=true&$select=ID&$expand=Author($select=Name)',
    );
    assert.equal(reply.json['@odata.count'], 3);
    assert.deepEqual(
      reply.json.value.map(({ ID, Author }: { ID: number; Author: { Name: string } }) => [ID, Author.Name]),
      [[2, 'Björn Ågren']],
    );
  });

  it('P11.5.4.1-4 keeps the order of the result where none is asked for, over pages', async () => {
    const first = await get('Books/Lib.Costlier(than=5)', { prefer: 'odata.maxpagesize=2' });
    assert.deepEqual(ids(first.json), [4, 2]);
    const next = await get(first.json['@odata.nextLink'], { prefer: 'odata.maxpagesize=2' });
    assert.deepEqual([ids(next.json), next.json['@odata.nextLink']], [[1], undefined]);
    assert.deepEqual(await keys('BooksByGenre(genre=null)?$top=2'), [5, 4]);
  });

  it('values that no table holds are one page', async () => {
    const reply = await get('Loose()', { prefer: 'odata.maxpagesize=1' });
    assert.deepEqual([ids(reply.json), reply.json['@odata.nextLink']], [[90, 91], undefined]);
    assert.deepEqual(ids((await get('Loose()?$top=1&$orderby=ID desc')).json), [91]);
  });

  it('C12.3-1 P6.3-1 a function that writes is stopped and nothing is changed', async () => {
    await assert.rejects(get('Writes()'), /may only read/);
    assert.equal((await get('Books(1)')).status, 200);
  });

  it('parameters of every type arrive as plain JSON', async () => {
    const path =
      "Types(Date=2020-01-31,Guid=01234567-89ab-cdef-0123-456789abcdef,Int64=9007199254740993,Decimal=2,Double=1e3,Boolean=true,Duration=duration'P1D',Binary=binary'AQI',Genre=Lib.Genre'Poetry',Marks='Worn,Torn')";
    assert.deepEqual(JSON.parse((await get(path)).json.value), {
      Date: '2020-01-31',
      Guid: '01234567-89ab-cdef-0123-456789abcdef',
      Int64: '9007199254740993',
      Decimal: 2,
      Double: 1000,
      Boolean: true,
      Duration: 'P1D',
      Binary: 'AQI',
      Genre: 'Poetry',
      Marks: 'Worn,Torn',
    });
  });

  const contexts: readonly (readonly [id: string, path: string, context: string])[] = [
    ['P10.16-1 entities of a set', "BooksByGenre(genre='Fiction')", 'Books'],
    ['P10.16-1 an entity of a set', 'Cheapest()', 'Books/$entity'],
    ['P10.16-1 an entity that is named by its id', 'Pick()', 'Books/$entity'],
    ['P10.16-1 with a select list', 'Cheapest()?$select=Title', 'Books(Title)/$entity'],
    ['P10.16-1 C12.6-1 contained entities', 'Books(1)/Lib.Lent()', 'Books(1)/Copies'],
    ['P10.16-1 C12.6-1 entities of the set a path is bound to', 'Books(1)/Lib.Writer()', 'Authors/$entity'],
    ['P10.16-1 C12.6-2 entities of the own set', 'Books(4)/Lib.Similar()', 'Books'],
    ['P10.16-1 a property of an entity', 'Cheapest()/Title', 'Books(5)/Title'],
    ['P10.2-2 P10.16-1 entities of no set', 'Loose()', 'Collection(Lib.Book)'],
    ['P10.14-1 P10.16-1 primitive values', 'Numbers()', 'Collection(Edm.Int32)'],
    ['P10.14-1 complex values', 'Places()', 'Collection(Lib.Place)'],
    ['P10.14-1 with a select list', 'Places()?$select=City', 'Collection(Lib.Place)(City)'],
    ['P10.15-1 a primitive value', "Echo(text='a')", 'Edm.String'],
    ['P10.15-1 a complex value', 'Home()', 'Lib.Place'],
    ['P10.15-1 with a select list', 'Home()?$select=City', 'Lib.Place(City)'],
  ];
  for (const [title, path, expected] of contexts)
    it(`${title}: ${path}`, async () => assert.equal(context(await get(path)), expected));

  const shapes: readonly (readonly [id: string, path: string, body: unknown])[] = [
    ['J11-2 a primitive value', "Echo(text='a')", { value: 'a' }],
    ['J11-2 a complex value', 'Home()', { Street: 'A', City: 'Ulm' }],
    ['J11-2 a collection of values', 'Numbers()', { value: [3, 1, 2] }],
    ['J11-2 enumeration members', 'Genres()', { value: ['Poetry', 'Fiction'] }],
    [
      'complex values of several types',
      "Places()?$filter=City ne 'Bern'&$orderby=City",
      {
        value: [
          { '@odata.type': '#Lib.Abroad', Street: 'B', City: 'Oslo', Country: 'NO' },
          { Street: 'A', City: 'Ulm' },
        ],
      },
    ],
    [
      'entities of no set',
      'Loose()?$filter=ID eq 91&$select=ID,Title',
      { value: [{ '@odata.type': '#Lib.EBook', ID: 91, Title: 'Proof' }] },
    ],
  ];
  for (const [title, path, body] of shapes)
    it(`${title}: ${path}`, async () => {
      const { '@odata.context': _, ...rest } = (await get(path)).json;
      assert.deepEqual(rest, body);
    });

  it('J11-1 a value that is null is no content', async () => {
    const reply = await get('Echo(text=null)');
    assert.deepEqual([reply.status, reply.text], [204, '']);
  });

  it('results of a set have their ETags, also in the header', async () => {
    const reply = await get('Cheapest()');
    assert.equal(reply.headers.get('etag'), reply.json['@odata.etag']);
    assert.equal((await get('Cheapest()', { 'if-none-match': reply.json['@odata.etag'] })).status, 304);
  });

  it('a stream is answered as it is', async () => {
    const reply = await get('Report()');
    assert.deepEqual([reply.status, reply.headers.get('content-type'), reply.text], [200, 'text/csv', 'a,b\n1,2\n']);
    assert.equal((await get('Report()', { accept: 'text/*' })).status, 200);
    assert.equal((await get('Report()', { accept: 'image/png' })).status, 406);
  });

  /** What a query finds: keys, or the status of its refusal. */
  const expressions: readonly (readonly [title: string, path: string, expected: number | readonly unknown[]])[] = [
    ['P11.5.4.1-7 U4.5.2-12 bound to a property', "Books?$filter=Title/Lib.Shout() eq 'ENGINES'", [1]],
    ['P11.5.4.1-7 U4.5.2-12 bound to the item', 'Books?$filter=$it/Lib.Price(percent=50) gt 5', [1, 4]],
    ['U4.5.2-12 in $orderby', 'Books?$orderby=$it/Lib.Price(percent=50) desc,ID&$top=3', [1, 4, 2]],
    ['U5.1.1.14.4-4 without a prefix only unbound ones', 'Books?$orderby=Lib.Price(percent=50)', 400],
    ['U5.1.1.13-1 any of what a function gives', 'Books?$filter=Lib.Numbers()/any(n:n eq ID)', [1, 2, 3]],
    [
      'a collection that a function gives',
      'Books?$filter=ID in Lib.Numbers() and Lib.Numbers()/$count eq 3',
      [1, 2, 3],
    ],
    ['a member of what a function gives', "Books?$filter=Lib.Home()/City eq 'Ulm' and ID eq 1", [1]],
    ['U4.5.2-12 bound to a related value', "Books?$filter=Author/Name/Lib.Shout() eq 'ADA BYRON'", [1, 4]],
    ['U4.5.2-12 bound to related entities', 'Authors?$filter=Books/Lib.Size() gt 1', [1]],
    ['U4.5.2-12 bound to a complex value', "Authors?$filter=Home/Lib.Line() eq '1 Row, London'", [1]],
    [
      'P11.5.4.1-7 U4.5.2-12 unbound, by its qualified name',
      "Books?$filter=Lib.Echo(text='x') eq 'x'",
      [1, 2, 3, 4, 5],
    ],
    ['P11.5.4.1.1-2 U4.5.2-3 a parameter from the item', "Books?$filter=Lib.Echo(text=$it/Title) eq 'Engines'", [1]],
    ['U4.5.2-3 an expression as parameter', "Books?$filter=Lib.Echo(text=concat(Title,'!')) eq 'Engines!'", [1]],
    ['U4.5.2-3 arithmetic as parameter', 'Books?$filter=$it/Lib.Price(percent=40 add 10) gt 6', [1, 4]],
    ['U4.5.2-3 an alias as parameter', "Books?$filter=Lib.Echo(text=@t) eq Title&@t='Engines'", [1]],
    ['U4.5.2-3 JSON as parameter', 'Books?$filter=Lib.Count(words=["a","b"]) eq 2 and ID lt 3', [1, 2]],
    ['within a lambda', "Authors?$filter=Books/any(b:b/Title/Lib.Shout() eq 'ENGINES')", [1]],
    ['U4.5.2-5 parentheses are mandatory', "Books?$filter=Title/Lib.Shout eq 'x'", 400],
    ['a parameter of another type', "Books?$filter=Lib.Echo(text=5) eq 'x'", 400],
    ['a parameter too few', "Books?$filter=Lib.Echo() eq 'x'", 400],
    ['P6.3-2 an unknown function', 'Books?$filter=Lib.Nope(a=1) eq 1', 400],
    ['P11.2.6.1.1-2 one whose handler is not pure', "Books?$filter=$it/Lib.Label() eq 'x'", 501],
    ['P11.2.6.1.1-2 one without a handler', "Books?$expand=Author($filter=Lib.Missing() eq 'x')", 400],
    ['P11.2.6.1.1-2 within an expansion', "Authors?$expand=Books($filter=Lib.Missing() eq 'x')", 501],
  ];
  for (const [title, path, expected] of expressions)
    it(`${title}: ${path}`, async () => {
      const reply = await get(path);
      assert.deepEqual(typeof expected === 'number' ? reply.status : ids(reply.json), expected, reply.text);
    });

  it('U4.5.2-12 in $compute, and nulls are told as null', async () => {
    const { json } = await get(
      'Books?$compute=Tags/Lib.Longest() as Longest,$it/Lib.Price(percent=10) as Less&$select=Longest,Less',
    );
    assert.deepEqual(
      json.value.map(({ Longest, Less }: { Longest: string; Less: number }) => [Longest, Less]),
      [
        ['maths', 11.25],
        [null, 6.3],
        ['old', null],
        ['new', 11.25],
        ['short', 0.891],
      ],
    );
  });

  it('what has no table cannot be expanded', async () => {
    assert.equal((await get('Loose()?$expand=Author')).status, 501);
  });
});
