import { base } from '../../model/inline.js';
import { testRows } from '../../model/rows.js';

const delta = (...value: unknown[]) => ({ '@context': '#$delta', value });
const v401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
const goOn = { ...v401, prefer: 'continue-on-error' };
const whole = { ...v401, prefer: 'return=representation' };

describe('Protocol 11.4.12: update a collection of entities', () => {
  testRows([
    {
      rows: 'P11.4.12-1 P11.4.12-3 J15.6-1 J15.1-1',
      request: [
        'PATCH',
        'Tags',
        delta({ Name: 'fresh' }, { '@removed': { reason: 'deleted' }, Name: 'old', Other: 1 }),
      ],
      headers: v401,
      status: 200,
      answer: {
        '@context': `${base}$metadata#Tags/$delta`,
        value: [{ Name: 'fresh' }, { '@removed': { reason: 'deleted' }, '@id': `${base}Tags('old')` }],
      },
      shows: { 'Tags?$orderby=Name': { value: [{ Name: 'fresh' }, { Name: 'new' }] } },
    },
    {
      rows: 'P11.4.12-1',
      what: 'added and changed ones are upserts',
      request: ['PATCH', 'Customers', delta({ ID: 1, Name: 'Anna' }, { ID: 3, Name: 'Cid', Code: 'C' })],
      headers: v401,
      status: 200,
      answer: {
        value: [
          { ID: 1, Name: 'Anna', Email: 'ann@x' },
          { ID: 3, Code: 'C', Level: 'Normal' },
        ],
      },
    },
    {
      rows: 'P11.4.12-1 J15.4-1 J15.5-1',
      what: 'links',
      request: [
        'PATCH',
        'Products',
        delta(
          { '@context': '#Products/$link', source: "Products('p2')", relationship: 'Tags', target: "Tags('old')" },
          {
            '@context': '#Products/$deletedLink',
            source: "Products('p1')",
            relationship: 'Tags',
            target: "Tags('new')",
          },
          { '@context': '#Desk/$deletedLink', source: 'Desk', relationship: 'Best' },
        ),
      ],
      headers: v401,
      status: 200,
      answer: {
        value: [
          {
            '@context': `${base}$metadata#Products/$link`,
            source: "Products('p2')",
            relationship: 'Tags',
            target: "Tags('old')",
          },
          { '@context': `${base}$metadata#Products/$deletedLink` },
          { relationship: 'Best' },
        ],
      },
      shows: {
        "Products('p2')/Tags": { value: [{ Name: 'old' }] },
        "Products('p1')/Tags/$count": 0,
        'Desk/Best': 204,
      },
    },
    {
      rows: 'P11.4.12-1 P11.4.12-9 P11.4.3.1-3',
      what: 'inline related entities: a delta comes back as delta, a collection whole',
      request: [
        'PATCH',
        'Orders',
        delta(
          {
            ID: 1,
            'Lines@delta': [
              { '@removed': {}, No: 1 },
              { No: 9, '@Core.ContentID': 'n' },
            ],
          },
          { ID: 2, CustomerID: 2, Lines: [{ No: 4 }] },
        ),
      ],
      headers: v401,
      status: 200,
      answer: {
        value: [
          {
            ID: 1,
            Lines: undefined,
            'Lines@delta': [
              { '@removed': { reason: 'changed' }, '@id': `${base}Orders(1)/Lines(1)` },
              { No: 9, Count: 1, '@Core.ContentID': 'n' },
            ],
          },
          { ID: 2, Lines: [{ No: 4 }] },
        ],
      },
      shows: { 'Orders(1)/Lines?$orderby=No': { value: [{ No: 2 }, { No: 9 }] } },
    },
    {
      rows: 'P11.4.12-1',
      what: 'contained',
      request: ['PATCH', 'Orders(1)/Lines', delta({ No: 2, Count: 5 }, { No: 3 }, { '@removed': {}, No: 1 })],
      headers: v401,
      status: 200,
      shows: { 'Orders(1)/Lines?$orderby=No': { value: [{ No: 2, Count: 5 }, { No: 3 }] } },
    },
    {
      rows: 'P11.4.12-1',
      what: 'related: linked, unlinked, deleted',
      first: [['PATCH', "Products('p1')", { Tags: [{ Name: 'a' }, { Name: 'b' }] }]],
      request: [
        'PATCH',
        "Products('p1')/Tags",
        delta(
          { Name: 'old' },
          { Name: 'c' },
          { '@removed': { reason: 'changed' }, Name: 'a' },
          { '@removed': { reason: 'deleted' }, Name: 'b' },
        ),
      ],
      headers: v401,
      status: 200,
      shows: {
        "Products('p1')/Tags?$orderby=Name": { value: [{ Name: 'c' }, { Name: 'old' }] },
        "Tags('a')": { Name: 'a' },
        "Tags('b')": 404,
      },
    },
    {
      rows: 'P11.4.12-1',
      what: 'not without its context',
      request: ['PATCH', 'Tags', { value: [] }],
      headers: v401,
      status: 400,
    },
    {
      rows: 'P11.4.12-1',
      what: 'no cast',
      request: ['PATCH', 'Products/T.Book', delta()],
      headers: v401,
      status: 400,
    },
    {
      rows: 'P11.4.12-1',
      what: 'no filter',
      request: ['PATCH', "Products/$filter(Name eq 'x')", delta()],
      headers: v401,
      status: 400,
    },
    {
      rows: 'P11.4.12-1',
      what: 'no options',
      request: ['PATCH', 'Products?$top=1', delta()],
      headers: v401,
      status: 400,
    },
    {
      rows: 'P11.4.12-1 J15.3-2 T3',
      what: 'deleted as 4.0 has it',
      request: [
        'PATCH',
        'Tags',
        {
          '@odata.context': '#$delta',
          value: [{ '@odata.context': '#Tags/$deletedEntity', id: "Tags('old')", reason: 'deleted' }],
        },
      ],
      headers: { 'odata-version': '4.0' },
      status: 200,
      answer: {
        value: [
          { '@odata.context': `${base}$metadata#Tags/$deletedEntity`, id: `${base}Tags('old')`, reason: 'deleted' },
        ],
      },
      shows: { "Tags('old')": 404 },
    },
    {
      rows: 'P11.4.12-2 P11.4-2',
      request: ['PATCH', 'Customers', delta({ ID: 1, Name: 'Anna' }, { ID: 3 })],
      headers: v401,
      status: 400,
      answer: { error: { target: 'value/1/Name' } },
    },
    {
      rows: 'P11.4.12-2',
      what: 'deleting what is not there',
      request: ['PATCH', 'Tags', delta({ Name: 'x' }, { '@removed': {}, Name: 'none' })],
      headers: v401,
      status: 400,
    },
    {
      rows: 'P11.4.12-3',
      request: ['PATCH', 'Tags', delta({ Name: 'fresh' })],
      headers: { ...v401, prefer: 'return=minimal' },
      status: 204,
    },
    {
      rows: 'P11.4.12-4 P11.4.12-5 P11.4.12-6 P11.4.12-7 P11.4.12-8 J15.6-3 C11',
      what: 'what is not done comes back turned round, regardless of return',
      request: [
        'PATCH',
        'Customers',
        delta(
          { ID: 3 },
          { ID: 2, Email: 'ann@x' },
          { '@removed': { reason: 'deleted' }, ID: 1 },
          { '@removed': { reason: 'changed' }, '@id': 'Customers(77)' },
          { '@context': '#Customers/$link', source: 'Customers(1)', relationship: 'Friend', target: 'Customers(78)' },
          {
            '@context': '#Customers/$deletedLink',
            source: 'Customers(1)',
            relationship: 'Orders',
            target: 'Orders(1)',
          },
          { ID: 4, Name: 'Dan' },
          { ID: 2, Name: null },
          { ID: 5, Name: 5 },
          'nonsense',
        ),
      ],
      headers: { ...v401, prefer: 'continue-on-error, return=minimal' },
      status: 200,
      sends: { 'preference-applied': 'continue-on-error=true' },
      answer: {
        value: [
          {
            '@removed': {},
            '@id': `${base}Customers(3)`,
            '@Core.DataModificationException': {
              failedOperation: 'insert',
              responseCode: 400,
              info: { code: 'MissingValue', severity: 'error' },
            },
          },
          {
            ID: 2,
            Email: 'ben@x',
            '@Core.DataModificationException': { failedOperation: 'update', responseCode: 409 },
          },
          { ID: 1, '@Core.DataModificationException': { failedOperation: 'delete', responseCode: 409 } },
          { '@id': `${base}Customers(77)`, '@Core.DataModificationException': { failedOperation: 'unlink' } },
          {
            '@context': `${base}$metadata#Customers/$deletedLink`,
            target: 'Customers(78)',
            '@Core.DataModificationException': { failedOperation: 'link' },
          },
          {
            '@context': `${base}$metadata#Customers/$link`,
            '@Core.DataModificationException': { failedOperation: 'unlink' },
          },
          { ID: 4, Name: 'Dan' },
          { ID: 2, '@Core.DataModificationException': { failedOperation: 'update', responseCode: 400 } },
          {
            '@removed': {},
            '@id': `${base}Customers(5)`,
            '@Core.DataModificationException': { failedOperation: 'insert', info: { target: 'value/8/Name' } },
          },
          { '@removed': {}, '@Core.DataModificationException': { failedOperation: 'insert' } },
        ],
      },
      shows: { 'Customers(4)': { Name: 'Dan' }, 'Customers(3)': 404, 'Customers(1)/Orders/$count': 1 },
    },
    {
      rows: 'P11.4.12-10',
      request: [
        'PATCH',
        'Products',
        delta(
          { '@type': '#T.Book', Sku: 'x', Author: { '@id': 'Customers(99)' } },
          { Sku: 'y', Parts: [{ '@id': "Products('x')" }] },
        ),
      ],
      headers: goOn,
      status: 200,
      answer: {
        value: [
          { '@Core.DataModificationException': { failedOperation: 'insert', responseCode: 400 } },
          { '@Core.DataModificationException': { failedOperation: 'insert', responseCode: 424 } },
        ],
      },
    },
    {
      rows: 'P11.4.12-11',
      request: ['PATCH', 'Tags', delta({ '@Core.ContentID': 'a', Name: 'fresh' })],
      headers: v401,
      status: 200,
      answer: { value: [{ '@Core.ContentID': 'a', Name: 'fresh' }] },
    },
    {
      rows: 'P11.4.12-12',
      request: ['PUT', 'Orders(1)/Lines', { value: [{ No: 2, Count: 6 }, { No: 5 }] }],
      headers: v401,
      status: 200,
      answer: { value: [{ No: 2, Count: 6 }, { No: 5 }] },
      shows: { 'Orders(1)/Lines(1)': 404 },
    },
    {
      rows: 'P11.4.12-12 P11.4.12-2',
      request: ['PUT', 'Customers', { value: [{ ID: 2, Name: 'Ben' }] }],
      headers: v401,
      status: 409,
    },
    {
      rows: 'P11.4.1.1-8',
      what: 'a stale ETag of an item',
      request: ['PATCH', 'Customers', delta({ ID: 1, '@etag': 'W/"1"', Name: 'x' })],
      headers: v401,
      status: 412,
    },
  ]);
});

describe('Protocol 11.4.13: update members of a collection', () => {
  testRows([
    {
      rows: 'P11.4.13-1 P11.4.13-2',
      request: ['PATCH', 'Orders(1)/Lines/$each', { Count: 9 }],
      status: 204,
      shows: { 'Orders(1)/Lines?$orderby=No': { value: [{ Count: 9 }, { Count: 9 }] } },
    },
    {
      rows: 'P11.4.13-1',
      what: 'cast',
      request: ['PATCH', 'Products/T.Book/$each', { Pages: 1 }],
      status: 204,
      shows: { "Products('b1')/T.Book": { Pages: 1 } },
    },
    {
      rows: 'P11.4.13-2',
      what: 'members that no longer meet the condition are shown, too',
      request: ['PATCH', "Products/$filter(Name eq 'Pen')/$each?$select=Name", { Name: 'Pencil' }],
      headers: whole,
      status: 200,
      answer: { '@context': `${base}$metadata#Products(Name)`, value: [{ Name: 'Pencil' }] },
      sends: { 'preference-applied': 'return=representation' },
    },
    {
      rows: 'P11.4.13-2',
      what: 'nested collections included',
      request: ['PATCH', "Products/$filter(Sku eq 'p1')/$each", { Tags: [{ Name: 'z' }] }],
      headers: whole,
      status: 200,
      answer: { value: [{ Sku: 'p1', Tags: [{ Name: 'z' }] }] },
    },
    { rows: 'P11.4.13-3', request: ['PATCH', 'Customers/$each', { Email: 'same@x' }], status: 409 },
    {
      rows: 'P11.4.13-4',
      request: ['PATCH', 'Customers/$each', { Email: 'same@x' }],
      headers: goOn,
      status: 200,
      answer: {
        value: [
          {
            ID: 2,
            Email: 'ben@x',
            '@Core.DataModificationException': { failedOperation: 'update', responseCode: 409 },
          },
        ],
      },
      shows: { 'Customers(1)': { Email: 'same@x' } },
    },
    {
      rows: 'P11.4.1.5-6',
      what: 'an option that a list of members cannot obey',
      request: ['PATCH', 'Customers/$each?$top=1', { Credit: 1 }],
      headers: whole,
      status: 204,
    },
    {
      rows: 'P11.4.13-1',
      what: 'no members',
      request: ['PATCH', "Products/$filter(Name eq 'none')/$each", { Name: 'x' }],
      status: 204,
    },
    { rows: 'P11.4.13-1', what: 'a wrong body', request: ['PATCH', 'Customers/$each', { Level: 'x' }], status: 400 },
  ]);
});

describe('Protocol 11.4.14: delete members of a collection', () => {
  testRows([
    {
      rows: 'P11.4.14-1',
      request: ['DELETE', 'Orders(1)/Lines/$each'],
      status: 204,
      shows: { 'Orders(1)/Lines/$count': 0 },
    },
    {
      rows: 'P11.4.14-1',
      what: 'cast',
      request: ['DELETE', 'Products/T.Book/$each'],
      status: 204,
      shows: { 'Products/$count': 2 },
    },
    {
      rows: 'P11.4.14-1',
      what: 'filter',
      request: ['DELETE', "Products/$filter(startswith(Name,'P'))/$each"],
      status: 204,
      shows: { 'Products/$count': 1 },
    },
    {
      rows: 'P11.4.14-1',
      what: 'an option that would not narrow it',
      request: ['DELETE', "Products/$each?$filter=Sku eq 'p1'"],
      status: 400,
    },
    { rows: 'P11.4.14-2', request: ['DELETE', 'Customers/$each'], status: 409 },
    {
      rows: 'P11.4.14-3',
      request: ['DELETE', 'Customers/$each'],
      headers: goOn,
      status: 200,
      answer: {
        '@context': `${base}$metadata#Customers/$delta`,
        value: [{ ID: 1, '@Core.DataModificationException': { failedOperation: 'delete', responseCode: 409 } }],
      },
      shows: { 'Customers(2)': 404 },
    },
  ]);
});
