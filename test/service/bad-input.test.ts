import assert from 'node:assert/strict';
import { overHttp } from '../model/http.js';
import type { World } from '../model/inline.js';
import { openShop } from '../model/shop.js';

const v401 = { 'odata-version': '4.01' };
const nested = (opening: string, closing: string, depth: number, middle = '') =>
  opening.repeat(depth) + middle + closing.repeat(depth);
const shopHost = 'http://shop.example';

/** What is wrong with a body, whatever it is for. */
const bodies: readonly (readonly [what: string, body: string | Buffer, code: string])[] = [
  ['nothing', '', 'MalformedBody'],
  ['blanks', ' \n', 'MalformedBody'],
  ['null', 'null', 'TypeMismatch'],
  ['a number', '1', 'TypeMismatch'],
  ['a string', '"x"', 'TypeMismatch'],
  ['true', 'true', 'TypeMismatch'],
  ['an array', '[{"Email":"x"}]', 'TypeMismatch'],
  ['an object that does not end', '{"Email":"x"', 'MalformedBody'],
  ['a comma too many', '{"Email":"x",}', 'MalformedBody'],
  ['single quotes', "{'Email':'x'}", 'MalformedBody'],
  ['a comment', '{/*x*/"Email":"x"}', 'MalformedBody'],
  ['two values', '{"Email":"x"} {}', 'MalformedBody'],
  ['a number that is none', '{"Credit":01}', 'MalformedBody'],
  ['NaN', '{"Credit":NaN}', 'MalformedBody'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'MalformedBody'],
  ['half a surrogate pair', '{"Email":"\\ud800"}', 'InvalidValue'],
  ['a control character', '{"Email":"\u0001"}', 'MalformedBody'],
  ['a member twice', '{"Email":"x","Email":"y"}', 'DuplicateMember'],
  ['a member twice, once in escapes', '{"Email":"x","\\u0045mail":"y"}', 'DuplicateMember'],
  ['a member twice, deep down', '{"Address":{"City":"x","City":"y"}}', 'DuplicateMember'],
  ['__proto__', '{"__proto__":{"Email":"x"}}', 'UnknownProperty'],
  ['constructor', '{"constructor":{"prototype":{}}}', 'UnknownProperty'],
  ['arrays to the bottom', nested('[', ']', 100_000), 'LimitExceeded'],
  ['objects to the bottom', nested('{"Address":', '}', 100_000, '1'), 'LimitExceeded'],
  ['arrays that do not end', '['.repeat(1_000_000), 'LimitExceeded'],
  ['a collection that is none', '{"Nicknames":"a"}', 'TypeMismatch'],
  ['null for a collection', '{"Nicknames":null}', 'InvalidValue'],
  ['null in a collection', '{"Nicknames":[null]}', 'InvalidValue'],
  ['a collection in a collection', '{"Nicknames":[["a"]]}', 'TypeMismatch'],
  ['an array for a complex value', '{"Address":[]}', 'TypeMismatch'],
  ['text for a complex value', '{"Address":"Bern"}', 'TypeMismatch'],
  ['an object for a single value', '{"Email":{}}', 'TypeMismatch'],
  ['an array for a single value', '{"Email":["x"]}', 'TypeMismatch'],
  ['100,000 items of the wrong type', `{"Nicknames":[${'1,'.repeat(99_999)}1]}`, 'ValidationFailed'],
  [
    '100,000 unknown members',
    `{${Array.from({ length: 100_000 }, (_, at) => `"x${at}":1`).join(',')}}`,
    'ValidationFailed',
  ],
  ['a type that is not there', '{"@type":"#T.Nobody"}', 'UnknownType'],
  ['a type of another kind', '{"@type":"#T.Address"}', 'TypeMismatch'],
  ['a type that is no text', '{"@type":1}', 'TypeMismatch'],
];

/** What cannot be the value of `Friend`, a customer. */
const references: readonly string[] = [
  'Customers(9)',
  'Customers',
  'Customers(1)/Name',
  'Customers(2)/Friend',
  "Products('p1')",
  'Desk',
  "Customers('1')",
  'Nobodies(1)',
  'customers(1)',
  '$metadata',
  '$1',
  'Customers(1)?$filter=1 eq 1',
  'Customers(1',
  'Customers(1)%00',
  '%',
  'http://evil.example/Customers(1)',
  '//evil.example/Customers(1)',
  `${shopHost}.evil/Customers(1)`,
  `${shopHost}@evil.example/Customers(1)`,
  `${shopHost}/../Customers(1)`,
  'javascript:Customers(1)',
  'x'.repeat(10_000),
];

/** Changes that contradict what is there. */
const contradictions: readonly (readonly [what: string, method: string, url: string, body: unknown, status: number])[] =
  [
    [
      'a cycle of one entity in a deep insert',
      'POST',
      'Customers',
      { ID: 5, Name: 'x', Friend: { ID: 5, Name: 'y' } },
      409,
    ],
    [
      'a cycle over two in a deep insert',
      'POST',
      'Products',
      { Sku: 'n', Tags: [{ Name: 't', Products: [{ Sku: 'n' }] }] },
      409,
    ],
    ['the same new entity twice', 'POST', 'Products', { Sku: 'n', Tags: [{ Name: 't' }, { Name: 't' }] }, 409],
    [
      'a key twice in a delta',
      'PATCH',
      'Orders(1)',
      {
        'Lines@delta': [
          { '@removed': {}, No: 1 },
          { '@removed': {}, No: 1 },
        ],
      },
      400,
    ],
    [
      'a label for two entities',
      'PATCH',
      'Orders(1)',
      {
        'Lines@delta': [
          { '@Core.ContentID': 'a', No: 1 },
          { '@Core.ContentID': 'a', No: 3 },
        ],
      },
      400,
    ],
    ['a key that no URL can hold', 'POST', 'Tags', '{"Name":"a\\u0000b"}', 400],
    ['deleting what others require', 'DELETE', 'Customers(1)', undefined, 409],
    ['deleting each of what others require', 'DELETE', 'Customers/$each', undefined, 409],
    ['replacing a set that others require', 'PUT', 'Customers', { value: [{ ID: 2, Name: 'b' }] }, 409],
    ['leaving out what must be related', 'PATCH', 'Customers(1)', { Orders: [] }, 409],
    ['unrelating what must be related', 'DELETE', 'Orders(1)/Customer/$ref', undefined, 400],
    ['null for what must be related', 'PATCH', 'Orders(1)', { Customer: null }, 400],
    ['a dependent of nobody', 'PATCH', 'Orders(1)', { CustomerID: 99 }, 409],
    ['a relationship as a whole and as a delta', 'PATCH', 'Orders(1)', { Lines: [], 'Lines@delta': [] }, 400],
    [
      'a relationship bound and inline',
      'PATCH',
      'Customers(1)',
      { Friend: { ID: 2 }, 'Friend@bind': 'Customers(2)' },
      400,
    ],
    ['an object for a collection of entities', 'PATCH', 'Orders(1)', { Lines: {} }, 400],
    ['an array for a single entity', 'PATCH', 'Customers(1)', { Friend: [] }, 400],
    ['values for entities', 'PATCH', 'Orders(1)', { Lines: [1, null, 'x', []] }, 400],
    ['a name of a dynamic property that pollutes', 'PATCH', "Products('p1')", '{"__proto__":{"x":1}}', 400],
    ['one deep down in a dynamic property', 'PATCH', "Products('p1')", '{"W":[{"a":{"__proto__":{"x":1}}}]}', 400],
    ['a number no double can hold', 'PATCH', "Products('p1')", '{"W":1e400}', 400],
    [
      'a dynamic value that is not of the type it names',
      'PATCH',
      "Products('p1')",
      { 'W@type': '#Int16', W: 32768 },
      400,
    ],
    [
      'a dynamic complex value with a wrong member',
      'PATCH',
      "Products('p1')",
      { 'W@type': '#T.Address', W: { City: 1 } },
      400,
    ],
    [
      'a dynamic complex value with an unknown member',
      'PATCH',
      "Products('p1')",
      { 'W@type': '#T.Address', W: { Zip: 1 } },
      400,
    ],
    ['a dynamic property that is an entity', 'PATCH', "Products('p1')", { 'W@type': '#T.Customer', W: { ID: 1 } }, 400],
    ['a dynamic collection that is none', 'PATCH', "Products('p1')", { 'W@type': '#Collection(Int16)', W: 1 }, 400],
  ];

describe('Bad input leaves the database as it is', () => {
  let world: World;
  let asItWas: string;
  before(async () => {
    world = await overHttp(await openShop());
    asItWas = await world.dump();
  });
  after(() => world.close());

  async function refused(method: string, url: string, body: unknown, status: number) {
    const reply = await world.ask(method, url, body === undefined ? { headers: v401 } : { headers: v401, body });
    assert.equal(reply.status, status, reply.text.slice(0, 1000));
    assert.ok(reply.text.length < 20_000);
    assert.doesNotMatch(reply.text, /sqlite|SQLITE|node_modules|constraint failed/);
    assert.equal(await world.dump(), asItWas);
    return reply.json.error;
  }

  for (const [what, body, code] of bodies)
    for (const [method, url] of [
      ['PATCH', 'Customers(1)'],
      ['PUT', 'Customers(1)'],
      ['POST', 'Customers'],
      ['PATCH', 'Customers(7)'],
    ] as const)
      it(`J4.2-1 J24-11 ${method} ${url} with ${what}`, async () => {
        const error = await refused(method, url, body, 400);
        const codes = [error.code, ...(error.details ?? []).map((detail: { code: string }) => detail.code)];
        assert.ok(codes.includes(code), codes.join());
      });

  for (const url of references)
    for (const [method, path, body] of [
      ['PATCH', 'Customers(2)', { Friend: { '@id': url } }],
      ['PATCH', 'Customers(2)', { 'Friend@odata.bind': url }],
      ['PUT', 'Customers(2)/Friend/$ref', { '@id': url }],
      ['POST', 'Customers', { ID: 7, Name: 'x', Friend: { '@id': url } }],
    ] as const)
      it(`P11.4.2.1-3 P11.4.2.1-5 ${method} ${path} with a reference to ${url.slice(0, 60)}`, async () => {
        const error = await refused(method, path, body, 400);
        assert.match(error.target, /@id$|@odata.bind$/);
      });

  for (const [what, method, url, body, status] of contradictions)
    it(`P11.4-1 P11.4-2 ${what}: ${method} ${url}`, () => refused(method, url, body, status));

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'text/html',
  ])
    it(`P8.1.1-1 a page of another origin can send no ${type}`, async () => {
      const reply = await world.ask('POST', 'Tags', { headers: { 'content-type': type }, body: '{"Name":"x"}' });
      assert.equal(reply.status, 415);
      assert.equal(await world.dump(), asItWas);
    });

  for (const encoding of ['gzip', 'br', 'deflate', 'x'])
    it(`a body compressed as ${encoding} is not unpacked`, async () => {
      const headers = { 'content-encoding': encoding };
      const reply = await world.ask('POST', 'Tags', { headers, body: '{"Name":"x"}' });
      assert.equal(reply.status, 415);
      assert.equal(await world.dump(), asItWas);
    });

  for (const Name of [
    'ü/ä\'"\\ %?#',
    'a\nb',
    ' ',
    '',
    '..',
    '%2e%2e',
    "''''",
    'a+b&c=d;e',
    '$each',
    '\u{1F600}',
    'a|b<c>{d}',
  ])
    it(`P8.3.3-1 P8.3.4-1 Location and OData-EntityId lead back to a key ${JSON.stringify(Name)}`, async () => {
      const own = await overHttp(await openShop());
      const made = await own.ask('POST', 'Tags', { body: { Name }, headers: { prefer: 'return=minimal' } });
      for (const field of ['location', 'odata-entityid']) {
        const url = made.headers[field]?.replace('http://shop.example/', '') ?? '';
        assert.deepEqual((await own.ask('GET', url)).json.Name, Name);
      }
      await own.close();
    });
});
