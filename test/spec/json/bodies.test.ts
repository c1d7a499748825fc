import assert from 'node:assert/strict';
import { overHttp } from '../../model/http.js';
import { base } from '../../model/inline.js';
import { testRows } from '../../model/rows.js';
import { openShop } from '../../model/shop.js';

const v401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
const v40 = { 'odata-version': '4.0' };

describe('JSON 4.3: relative URLs in bodies', () => {
  testRows([
    {
      rows: 'J4.3-2 J4.3-4 J4.3-5',
      what: 'against the context URL of the same object',
      headers: v401,
      request: [
        'PATCH',
        'Orders(1)',
        { '@context': `${base}$metadata#Orders/$entity`, Customer: { '@id': 'Customers(2)' } },
      ],
      status: 200,
      shows: { 'Orders(1)/Customer': { ID: 2 } },
    },
    {
      rows: 'J4.3-2',
      what: 'against the nearest context URL: another host has none of our entities',
      headers: v401,
      request: [
        'PATCH',
        'Orders(1)',
        { '@context': 'http://other.example/$metadata#Orders/$entity', Customer: { '@id': 'Customers(2)' } },
      ],
      status: 400,
      answer: { error: { target: 'Customer/@id' } },
    },
    {
      rows: 'J4.3-2',
      what: 'an inner context URL before an outer one',
      headers: v401,
      request: [
        'PATCH',
        'Orders(1)',
        {
          '@context': 'http://other.example/$metadata#Orders/$entity',
          Customer: { '@context': `${base}$metadata#Customers/$entity`, '@id': 'Customers(2)' },
        },
      ],
      status: 200,
      shows: { 'Orders(1)/Customer': { ID: 2 } },
    },
    {
      rows: 'J4.3-2',
      what: 'against the URL of the request where there is no context URL',
      headers: v401,
      request: ['PATCH', 'Orders(1)/Lines(1)', { Product: { '@id': '../Orders(1)' } }],
      status: 400,
    },
    {
      rows: 'J4.3-2',
      what: 'against the URL of the request, up and down',
      headers: v401,
      request: ['PATCH', 'Orders(1)/Lines(1)', { Product: { '@id': "../Products('p2')" } }],
      status: 200,
      shows: { 'Orders(1)/Lines(1)/Product': { Sku: 'p2' } },
    },
    {
      rows: 'J4.3-2',
      what: 'beside the last segment',
      headers: v401,
      request: ['PATCH', 'Orders(1)', { 'Lines@delta': [{ '@removed': {}, '@id': 'Orders(1)/Lines(2)' }] }],
      status: 200,
      shows: { 'Orders(1)/Lines/$count': 1 },
    },
    {
      rows: 'J4.3-2',
      what: 'beside the last segment of the URL of the request',
      headers: v401,
      request: ['PATCH', 'Orders(1)/Lines', { '@context': '#$delta', value: [{ '@removed': {}, '@id': 'Lines(2)' }] }],
      status: 200,
      shows: { 'Orders(1)/Lines/$count': 1 },
    },
    {
      rows: 'J4.3-2 J4.3-5',
      what: 'links of a delta',
      headers: v401,
      request: [
        'PATCH',
        'Products',
        {
          '@context': `${base}$metadata#Products/$delta`,
          value: [
            {
              '@context': '#Products/$link',
              source: "Products('p2')",
              relationship: 'Tags',
              target: `${base}Tags('old')`,
            },
          ],
        },
      ],
      status: 200,
      shows: { "Products('p2')/Tags/$count": 1 },
    },
    {
      rows: 'J4.3-6 J4.3-5',
      what: 'percent-encoding',
      first: [['POST', 'Tags', { Name: 'a:b/c d' }]],
      request: ['POST', 'Products', { Sku: 'n', 'Tags@odata.bind': ["Tags('a%3Ab%2Fc%20d')"] }],
      status: 201,
      shows: { "Products('n')/Tags/$count": 1 },
    },
  ]);

  it('J4.3-5 what an answer holds as URL can be sent back', async () => {
    const world = await overHttp(await openShop());
    const full = { accept: 'application/json;odata.metadata=full' };
    const { json } = await world.ask('GET', 'Customers(1)', { headers: full });
    for (const name of ['@odata.id', '@odata.editLink']) {
      const body = { '@odata.context': json['@odata.context'], 'Friend@odata.bind': json[name] };
      const reply = await world.ask('PATCH', 'Customers(2)', { headers: v40, body });
      assert.equal(reply.status, 200, `${name} ${json[name]} ${reply.text}`);
      assert.equal((await world.ask('DELETE', `Customers(2)/Friend/$ref`)).status, 204);
    }
    await world.close();
  });
});

describe('JSON 4.5: control information in bodies', () => {
  testRows([
    ...['@type', '@odata.type'].map((name) => ({
      rows: 'J4.5-2',
      what: 'both spellings in 4.01',
      headers: v401,
      request: ['POST', 'Products', { [name]: '#T.Book', Sku: 'n', Pages: 1 }] as const,
      status: 201,
      answer: { Pages: 1 },
    })),
    {
      rows: 'J4.5-2',
      what: 'the prefixed one in 4.0',
      headers: v40,
      request: ['POST', 'Products', { '@odata.type': '#T.Book', Sku: 'n', Pages: 1 }],
      status: 201,
      answer: { '@odata.type': '#T.Book' },
    },
    {
      rows: 'J4.5-2',
      what: 'the plain one of twins counts',
      headers: v401,
      request: ['POST', 'Products', { '@odata.type': '#T.Nothing', '@type': '#T.Book', Sku: 'n', Pages: 1 }],
      status: 201,
    },
    ...['Int16', '#Int16', 'Edm.Int16', '#Edm.Int16'].map((type) => ({
      rows: 'J4.5.3-2',
      what: `a primitive type as ${type}`,
      headers: v401,
      request: ['PATCH', "Products('p1')", { 'W@type': type, W: 7 }] as const,
      status: 200,
      answer: { 'W@type': 'Int16', W: 7 },
    })),
    ...['INF', '-INF', 'NaN'].map((value) => ({
      rows: 'J4.5.3-7',
      what: value,
      headers: v401,
      request: ['PATCH', "Products('p1')", { 'W@type': '#Double', W: value }] as const,
      status: 200,
      answer: { 'W@type': 'Double', W: value },
      shows: { "Products('p1')": { 'W@odata.type': '#Double', W: value } },
    })),
    {
      rows: 'J4.5.9-5 J4.5.11-1 J4.5.4-1 J4.5.5-1',
      what: 'links, counts and next links are ignored',
      headers: v401,
      request: [
        'PATCH',
        'Customers(1)',
        {
          '@editLink': 'Customers(2)',
          '@readLink': 'http://other.example/x',
          'Orders@navigationLink': 'Nowhere',
          'Orders@associationLink': 'Nowhere/$ref',
          'Orders@count': 99,
          'Nicknames@count': 5,
          'Orders@nextLink': 'Nowhere',
          Email: 'new',
        },
      ],
      status: 200,
      answer: { ID: 1, Email: 'new', Nicknames: ['a', 'b'] },
    },
    {
      rows: 'J4.5.3-3',
      what: 'types as the model names them, by their namespace or in full',
      headers: v401,
      request: ['POST', 'Products', { '@type': `${base}$metadata#T.Book`, Sku: 'n' }],
      status: 201,
      answer: { '@type': '#T.Book' },
    },
  ]);
});

describe('JSON 4.4: the order of members', () => {
  testRows([
    {
      rows: 'J4.4-2',
      what: 'control information behind properties',
      headers: v401,
      request: ['POST', 'Products', { Pages: 1, Sku: 'n', Author: { '@id': 'Customers(1)' }, '@type': '#T.Book' }],
      status: 201,
      answer: { Pages: 1 },
    },
    {
      rows: 'J4.4-2',
      what: 'a type behind its dynamic value, the context and what is removed at the end',
      headers: v401,
      request: [
        'PATCH',
        'Products',
        {
          value: [
            { W: 7, 'W@type': 'Int16', Sku: 'n' },
            { Sku: 'p1', '@removed': {} },
          ],
          '@context': '#$delta',
        },
      ],
      status: 200,
      shows: { "Products('n')": { 'W@odata.type': '#Int16' }, "Products('p1')": 404 },
    },
    {
      rows: 'J4.4-2',
      what: 'streaming is not asked for',
      headers: { 'content-type': 'application/json;odata.streaming=false' },
      request: ['PATCH', 'Customers(1)', { Email: 'new', '@odata.type': '#T.Customer' }],
      status: 200,
    },
    {
      rows: 'J4.1-1',
      what: 'another media type than JSON',
      headers: { 'content-type': 'text/json' },
      request: ['PATCH', 'Customers(1)', { Email: 'new' }],
      status: 415,
    },
  ]);
});

describe('JSON 7 to 14: values and references in bodies', () => {
  testRows([
    {
      rows: 'J7.2-2',
      what: 'a complex value without members',
      request: ['PUT', 'Customers(1)/Address', {}],
      status: 200,
      answer: { Street: null, City: null, Country: 'CH' },
    },
    {
      rows: 'J8.5-3',
      what: '@odata.bind in 4.01 is borne',
      headers: v401,
      request: ['PATCH', 'Orders(1)', { 'Customer@odata.bind': 'Customers(2)' }],
      status: 200,
      shows: { 'Orders(1)/Customer': { ID: 2 } },
    },
    {
      rows: 'J8.5-3',
      what: '@odata.bind in 4.01 is refused when strictness is asked for',
      headers: { ...v401, prefer: 'handling=strict' },
      request: ['PATCH', 'Orders(1)', { 'Customer@odata.bind': 'Customers(2)' }],
      status: 400,
    },
    {
      rows: 'J11-1',
      request: ['PUT', 'Customers(1)/Email', { value: null }],
      status: 204,
      shows: { 'Customers(1)/Email': 204 },
    },
    {
      rows: 'J14-1',
      what: 'with its type and annotations',
      headers: v401,
      request: ['PUT', 'Desk/Best/$ref', { '@id': "Products('b1')", '@type': '#T.Book', '@x.y': 1 }],
      status: 204,
      shows: { 'Desk/Best': { Sku: 'b1' } },
    },
    {
      rows: 'J14-1',
      what: 'with anything else',
      headers: v401,
      request: ['PUT', 'Desk/Best/$ref', { '@id': "Products('b1')", Name: 'x' }],
      status: 400,
      answer: { error: { target: 'Name' } },
    },
    { rows: 'J14-1', what: 'without an id', request: ['PUT', 'Desk/Best/$ref', { Sku: 'b1' }], status: 400 },
    {
      rows: 'J14-2',
      what: 'as an answer has them',
      headers: v401,
      request: [
        'PUT',
        "Products('p2')/Tags/$ref",
        {
          '@context': `${base}$metadata#Collection($ref)`,
          value: [{ '@id': "Tags('old')" }, { '@id': "Tags('new')" }],
        },
      ],
      status: 204,
      shows: {
        "Products('p2')/Tags/$ref": {
          '@odata.context': `${base}$metadata#Collection($ref)`,
          value: [{ '@odata.id': `${base}Tags('new')` }, { '@odata.id': `${base}Tags('old')` }],
        },
        'Desk/Best/$ref': { '@odata.context': `${base}$metadata#$ref`, '@odata.id': `${base}Products('p2')` },
      },
    },
    {
      rows: 'J24-26 P11.4.1.1-8',
      what: 'a stale ETag of a removed entity',
      headers: v401,
      request: ['PATCH', 'Tags', { '@context': '#$delta', value: [{ '@removed': {}, '@etag': 'W/"1"', Name: 'old' }] }],
      status: 412,
    },
    {
      rows: 'J24-26',
      what: 'a stale ETag of a nested removed entity',
      headers: v401,
      request: ['PATCH', 'Orders(1)', { 'Lines@delta': [{ '@removed': {}, '@etag': 'W/"1"', No: 1 }] }],
      status: 412,
    },
    {
      rows: 'J24-26',
      what: 'of one that is unlinked',
      headers: v401,
      request: ['PATCH', "Products('p1')", { 'Tags@delta': [{ '@removed': {}, '@etag': 'W/"1"', Name: 'new' }] }],
      status: 412,
    },
    {
      rows: 'J24-26',
      what: 'with PUT',
      headers: v401,
      request: ['PUT', 'Customers(1)', { '@etag': 'W/"1"', Name: 'x' }],
      status: 412,
      answer: { error: { target: '@etag' } },
    },
  ]);
});

describe('JSON 20, 22: annotations in bodies', () => {
  testRows([
    {
      rows: 'J20-1 J20-2 J20.1-1 J20.2-1 J22-1 J24-3',
      what: 'unknown ones are ignored, wherever they stand',
      headers: v401,
      request: [
        'PATCH',
        'Customers(1)',
        {
          '@com.example.note': { a: [1] },
          '@com.example.note#q': 1,
          'Email@com.example.display': 'x',
          Email: 'new',
          'Nicknames@com.example.order': ['x'],
          Nicknames: ['z'],
          Address: { '@com.example.x': 1, City: 'Biel', 'City@com.example.y': 2 },
        },
      ],
      status: 200,
      answer: {
        Email: 'new',
        Nicknames: ['z'],
        Address: { Street: 'S', City: 'Biel' },
        '@com.example.note': undefined,
      },
    },
    {
      rows: 'J20-3',
      what: 'beside a single value',
      headers: v401,
      request: ['PUT', 'Customers(1)/Email', { '@com.example.note': 1, value: 'new' }],
      status: 200,
      answer: { value: 'new' },
    },
    {
      rows: 'J20-3',
      what: 'beside a collection of values',
      headers: v401,
      request: ['PUT', 'Customers(1)/Nicknames', { '@com.example.note': 1, value: ['z'] }],
      status: 200,
      answer: { value: ['z'] },
    },
    {
      rows: 'J20-2',
      what: 'in a new entity and what it nests',
      headers: v401,
      request: [
        'POST',
        'Customers',
        { '@x.y': 1, ID: 5, Name: 'n', Orders: [{ '@x.y': 1, ID: 5, 'Note@x.y': 1 }], 'Orders@x.y': 1 },
      ],
      status: 201,
    },
  ]);
});

describe('JSON 21: errors', () => {
  const wrong: readonly (readonly [method: string, url: string, body?: unknown])[] = [
    ['GET', 'Nobody'],
    ['GET', 'Customers?$filter=Nothing eq 1'],
    ['PATCH', 'Customers(1)', '{'],
    ['PATCH', 'Customers(1)', { Name: null, Email: 1, Address: { City: 2 } }],
    ['POST', 'Customers', { ID: 1, Name: 'x' }],
    ['DELETE', 'Customers(1)'],
    ['PUT', 'Customers', {}],
  ];
  for (const [method, url, body] of wrong)
    it(`J21.1-1 J21.1-2 J24-11 ${method} ${url}`, async () => {
      const world = await overHttp(await openShop());
      const reply = await world.ask(method, url, body === undefined ? {} : { body });
      assert.ok(reply.status >= 400);
      assert.equal(reply.headers['content-language'], 'en');
      assert.match(reply.headers['content-type'] ?? '', /^application\/json/);
      assert.deepEqual(Object.keys(reply.json), ['error']);
      const { error } = reply.json;
      for (const { code, message, target, ...rest } of [error, ...(error.details ?? [])]) {
        assert.ok(typeof code === 'string' && code !== '' && typeof message === 'string' && message !== '');
        assert.ok(target === undefined || target === null || typeof target === 'string');
        assert.deepEqual(
          Object.keys(rest).filter((name) => !['details', 'innererror'].includes(name)),
          [],
        );
      }
      assert.ok(error.innererror === undefined || typeof error.innererror === 'object');
      await world.close();
    });
});
