import { base } from '../../model/inline.js';
import { type Row, testRows } from '../../model/rows.js';

const json401 = { 'odata-version': '4.01', 'odata-maxversion': '4.01' };
const ann = { '@id': 'Customers(1)' };

describe('Protocol 11.4.2: create an entity', () => {
  testRows([
    {
      rows: 'P11.4.2-1 P9.1.2-1 P8.3.3-1',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid' }],
      status: 201,
      answer: { '@odata.context': `${base}$metadata#Customers/$entity`, ID: 3, Name: 'Cid' },
      sends: { location: `${base}Customers(3)`, 'odata-version': '4.0', etag: /^W\/"/, 'odata-entityid': null },
      shows: { 'Customers(3)': { Name: 'Cid' } },
    },
    {
      rows: 'P11.4.2-2 P8.3.4-1 P9.1.4-1 P8.2.8.7-2',
      request: ['POST', 'Tags', { Name: 'x' }],
      headers: { prefer: 'return=minimal' },
      status: 204,
      sends: {
        location: `${base}Tags('x')`,
        'odata-entityid': `${base}Tags('x')`,
        'preference-applied': 'return=minimal',
        'content-type': null,
        etag: /^W\/"/,
      },
    },
    ...["$filter=Name eq 'none'", '$search=none', '$top=0', '$skip=5', '$orderby=Name', '$count=true'].map(
      (option): Row => ({
        rows: 'P11.4.1.5-6',
        what: 'an option that one entity cannot obey',
        request: ['POST', `Tags?${option}`, { Name: 'fresh' }],
        status: 204,
        sends: {
          location: `${base}Tags('fresh')`,
          'odata-entityid': `${base}Tags('fresh')`,
          'preference-applied': null,
        },
        shows: { "Tags('fresh')": { Name: 'fresh' } },
      }),
    ),
    {
      rows: 'P11.4.2-2 P11.4.1.5-6',
      what: 'asked for in a certain shape',
      request: ['POST', 'Customers?$select=Name', { ID: 3, Name: 'Cid' }],
      headers: { prefer: 'return=minimal' },
      status: 201,
      answer: { Name: 'Cid', ID: undefined },
      sends: { 'preference-applied': null },
    },
    {
      rows: 'P9.1.4-2',
      what: 'what the service sets itself the client does not know',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid' }],
      headers: { prefer: 'return=minimal' },
      status: 204,
      sends: { etag: null },
    },
    {
      rows: 'P11.4.2-3',
      request: ['POST', 'Customers(1)/Orders', { ID: 2 }],
      status: 201,
      answer: { CustomerID: 1 },
      sends: { location: `${base}Orders(2)` },
      shows: { 'Orders(2)/Customer': { ID: 1 }, 'Customers(1)/Orders/$count': 2 },
    },
    {
      rows: 'P11.4.2-3',
      what: 'many-to-many',
      request: ['POST', "Tags('new')/Products", { Sku: 'p9' }],
      status: 201,
      shows: { "Tags('new')/Products?$orderby=Sku": { value: [{ Sku: 'p1' }, { Sku: 'p9' }] } },
    },
    {
      rows: 'P11.4.2-3',
      what: 'contained',
      request: ['POST', 'Orders(1)/Lines', { No: 3, Count: 5 }],
      status: 201,
      sends: { location: `${base}Orders(1)/Lines(3)` },
      shows: { 'Orders(1)/Lines(3)': { Count: 5 }, 'Orders(1)/Lines(3)/Order': { ID: 1 } },
    },
    { rows: 'P11.4.2-3', what: 'beneath nothing', request: ['POST', 'Orders(9)/Lines', { No: 3 }], status: 404 },
    {
      rows: 'P11.4.2-4 P11.4.2.1-2',
      what: 'bound and new entities',
      request: ['POST', 'Products', { Sku: 'p9', Tags: [{ '@id': "Tags('old')" }, { Name: 'fresh' }] }],
      status: 201,
      answer: { Tags: [{ Name: 'fresh' }, { Name: 'old' }] },
      shows: { "Tags('fresh')/Products": { value: [{ Sku: 'p9' }] } },
    },
    {
      rows: 'P11.4.2-4',
      what: 'content for an existing one, by id',
      request: ['POST', 'Orders', { ID: 2, Customer: { '@id': 'Customers(1)', Name: 'Other' } }],
      status: 400,
    },
    {
      rows: 'P11.4.2-4',
      what: 'content for an existing one, by key',
      request: ['POST', 'Orders', { ID: 2, Customer: { ID: 1, Name: 'Other' } }],
      status: 409,
    },
    {
      rows: 'P11.4.2-6 P4.5-1',
      request: ['POST', 'Products/T.Book', { Sku: 'b2', Pages: 3 }],
      status: 201,
      answer: { '@odata.context': `${base}$metadata#Products/T.Book/$entity`, Pages: 3 },
      sends: { location: `${base}Products('b2')/T.Book` },
      shows: { "Products('b2')": { '@odata.type': '#T.Book' } },
    },
    {
      rows: 'P11.4.2-6',
      what: 'another type in the body',
      request: ['POST', 'Products/T.Book', { '@type': '#T.Product', Sku: 'b2' }],
      status: 400,
    },
    {
      rows: 'P11.4.2-7 J4.5.3-8',
      request: ['POST', 'Products', { '@odata.type': '#T.Book', Sku: 'b2', Pages: 3 }],
      status: 201,
      shows: { "Products('b2')/T.Book": { Pages: 3 } },
    },
    {
      rows: 'P11.4.2-7 J4.5.3-8',
      what: 'unknown type',
      request: ['POST', 'Products', { '@type': '#T.No', Sku: 'z' }],
      status: 400,
    },
    {
      rows: 'P11.4.2-7',
      what: 'incompatible type',
      request: ['POST', 'Products', { '@type': '#T.Tag', Sku: 'z' }],
      status: 400,
    },
    {
      rows: 'P11.4.2-8',
      what: 'dynamic properties',
      request: ['POST', 'Products', { Sku: 'z', Size: 5, Big: true, 'When@odata.type': '#Date', When: '2024-02-29' }],
      status: 201,
      answer: { Size: 5, Big: true, 'When@odata.type': '#Date', When: '2024-02-29' },
    },
    {
      rows: 'P11.4.2-8',
      what: 'closed type',
      request: ['POST', 'Customers', { ID: 3, Name: 'C', Size: 5 }],
      status: 400,
    },
    {
      rows: 'P11.4.2-9 J2-1',
      what: 'computed values are ignored',
      request: ['POST', 'Customers', { ID: 3, Name: 'C', Stamp: 5 }],
      status: 201,
      answer: { Stamp: null },
    },
    {
      rows: 'P11.4.2-9',
      what: 'a dependent property tied by the URL is ignored',
      request: ['POST', 'Customers(1)/Orders', { ID: 2, CustomerID: 2 }],
      status: 201,
      answer: { CustomerID: 1 },
    },
    {
      rows: 'P11.4.2-9 P11.4.3-9',
      what: 'a dependent property beside a binding is ignored',
      request: ['POST', 'Orders', { ID: 2, CustomerID: 2, Customer: ann }],
      status: 201,
      answer: { CustomerID: 1 },
    },
    {
      rows: 'P11.4.2-10',
      request: ['POST', 'Customers', { ID: 3, Name: 'C' }],
      status: 201,
      answer: { Level: 'Normal', Credit: 100, Email: null, Address: null, Contacts: [], Nicknames: [] },
    },
    {
      rows: 'P11.4.2-10',
      what: 'defaults within a complex value',
      request: ['POST', 'Customers', { ID: 3, Name: 'C', Address: {} }],
      status: 201,
      answer: { Address: { Street: null, City: null, Country: 'CH' } },
    },
    {
      rows: 'P11.4.2-10',
      what: 'missing',
      request: ['POST', 'Customers', { ID: 3 }],
      status: 400,
      answer: { error: { code: 'MissingValue', target: 'Name' } },
    },
    {
      rows: 'P11.4.2-10',
      what: 'key missing',
      request: ['POST', 'Customers', { Name: 'C' }],
      status: 400,
      answer: { error: { target: 'ID' } },
    },
    {
      rows: 'P11.4.2-10',
      what: 'relationship missing',
      request: ['POST', 'Orders', { ID: 2 }],
      status: 400,
      answer: { error: { details: [{ target: 'CustomerID' }, { target: 'Customer' }] } },
    },
    {
      rows: 'P11.4.2-11',
      request: ['POST', 'Customers', { ID: 1, Name: 'C' }],
      status: 409,
      answer: { error: { code: 'DuplicateKey', target: 'ID' } },
    },
    {
      rows: 'P11.4.2-11 C36',
      what: 'alternate key',
      request: ['POST', 'Customers', { ID: 3, Name: 'C', Email: 'ann@x' }],
      status: 409,
      answer: { error: { code: 'DuplicateKey', target: 'Email' } },
    },
    {
      rows: 'P11.4.2-12',
      what: 'a relationship without a set',
      request: ['PATCH', 'Spare', { Title: 'x', Best: { Sku: 'n' } }],
      headers: json401,
      status: 501,
    },
    {
      rows: 'P11.4.2-13 P9.2.2-1',
      request: ['POST', 'Customers(1)', { ID: 3 }],
      status: 405,
      sends: { allow: 'GET, HEAD, PATCH, PUT, DELETE' },
    },
    {
      rows: 'P11.4.2-13',
      request: ['POST', 'Customers(1)/Name', { value: 'x' }],
      status: 405,
      sends: { allow: 'GET, HEAD, PUT, DELETE' },
    },
    {
      rows: 'P11.4.2-13',
      request: ['POST', 'Desk', { Title: 'x' }],
      status: 405,
      sends: { allow: 'GET, HEAD, PATCH, PUT' },
    },
    {
      rows: 'P8.1.1-1',
      what: 'without Content-Type',
      request: ['POST', 'Tags', '{"Name":"x"}'],
      headers: { 'content-type': '' },
      status: 415,
    },
    {
      rows: 'J24-22',
      what: 'a body of 4.0',
      request: ['POST', 'Tags', { Name: 'x' }],
      headers: { 'odata-version': '4.0' },
      status: 201,
    },
    {
      rows: 'J24-25',
      what: 'a body of 4.01',
      request: ['POST', 'Tags', { '@type': 'T.Tag', Name: 'x' }],
      headers: json401,
      status: 201,
      answer: { '@context': `${base}$metadata#Tags/$entity` },
    },
  ]);
});

describe('Protocol 11.4.2.1: link to related entities when creating an entity', () => {
  testRows([
    {
      rows: 'P11.4.2.1-1 J8.5-1 J24-5',
      request: ['POST', 'Orders', { ID: 2, 'Customer@odata.bind': 'Customers(2)' }],
      headers: { 'odata-version': '4.0' },
      status: 201,
      shows: { 'Orders(2)': { CustomerID: 2 } },
    },
    {
      rows: 'P11.4.2.1-1 J8.5-1',
      what: 'absolute, several',
      request: ['POST', 'Products', { Sku: 'z', 'Tags@odata.bind': [`${base}Tags('old')`, "Tags('new')"] }],
      headers: { 'odata-version': '4.0' },
      status: 201,
      shows: { "Products('z')/Tags?$orderby=Name": { value: [{ Name: 'new' }, { Name: 'old' }] } },
    },
    {
      rows: 'P11.4.2.1-2 J8.5-2 J14-3',
      request: [
        'POST',
        'Products',
        { Sku: 'z', Tags: [{ '@id': "Tags('old')" }], Parts: [{ '@odata.id': "Products('p1')" }] },
      ],
      headers: json401,
      status: 201,
      shows: { "Products('z')/Tags": { value: [{ Name: 'old' }] }, "Products('z')/Parts": { value: [{ Sku: 'p1' }] } },
    },
    {
      rows: 'P11.4.2.1-2',
      what: 'by an alternate key',
      request: ['POST', 'Orders', { ID: 2, Customer: { '@id': "Customers(Email='ben@x')" } }],
      status: 201,
      answer: { CustomerID: 2 },
    },
    {
      rows: 'P11.4.2.1-3 P11.4.2.1-5',
      request: ['POST', 'Products', { Sku: 'z', Tags: [{ '@id': "Tags('new')" }, { '@id': "Tags('none')" }] }],
      status: 400,
      answer: { error: { code: 'ReferenceNotFound', target: 'Tags/1/@id' } },
      shows: { "Products('z')": 404 },
    },
    {
      rows: 'P11.4.2.1-3',
      what: 'to another set',
      request: ['POST', 'Products', { Sku: 'z', Tags: [{ '@id': 'Customers(1)' }] }],
      status: 400,
    },
    {
      rows: 'P11.4.2.1-3',
      what: 'to another host',
      request: ['POST', 'Products', { Sku: 'z', Tags: [{ '@id': "http://evil.example/Tags('new')" }] }],
      status: 400,
    },
    {
      rows: 'P11.4.2.1-3',
      what: 'to no entity',
      request: ['POST', 'Products', { Sku: 'z', Tags: [{ '@id': 'Tags' }] }],
      status: 400,
    },
    {
      rows: 'P11.4.2.1-3',
      what: 'to what is no URL',
      request: ['POST', 'Products', { Sku: 'z', Tags: [{ '@id': "Tags('new" }] }],
      status: 400,
    },
    {
      rows: 'P11.4.2.1-4',
      request: ['POST', 'Customers(1)/Orders', { ID: 2, Customer: { '@id': 'Customers(2)' } }],
      status: 400,
      answer: { error: { target: 'Customer' } },
    },
    {
      rows: 'P11.4.2.1-4',
      what: 'the same is no contradiction',
      request: ['POST', 'Customers(1)/Orders', { ID: 2, Customer: ann }],
      status: 201,
    },
    {
      rows: 'P11.4.2.1-4 P11.4.2.2-2',
      what: 'nested',
      request: ['POST', 'Customers', { ID: 3, Name: 'C', Orders: [{ ID: 2, Customer: ann }] }],
      status: 400,
      answer: { error: { target: 'Orders/0/Customer' } },
    },
    {
      rows: 'J8.5-4',
      request: ['POST', 'Products', { Sku: 'z', 'Tags@odata.bind': ["Tags('old')"], Tags: [{ Name: 'fresh' }] }],
      status: 201,
      shows: { "Products('z')/Tags?$orderby=Name": { value: [{ Name: 'fresh' }, { Name: 'old' }] } },
    },
  ]);
});

describe('Protocol 11.4.2.2: create related entities when creating an entity', () => {
  testRows([
    {
      rows: 'P11.4.2.2-1 P11.4.2.2-2 P11.4.2.2-4 J8.4-1',
      request: [
        'POST',
        'Customers',
        {
          ID: 3,
          Name: 'Cid',
          Friend: { ID: 4, Name: 'Dan' },
          Orders: [
            { ID: 7, Lines: [{ No: 1, Product: { Sku: 'n1' } }, { No: 2 }], Invoice: { Total: 1.5 } },
            { ID: 8 },
          ],
        },
      ],
      status: 201,
      answer: {
        Friend: { ID: 4 },
        Orders: [
          {
            ID: 7,
            CustomerID: 3,
            Lines: [
              { No: 1, Product: { Sku: 'n1' } },
              { No: 2, Product: null },
            ],
            Invoice: { Total: 1.5 },
          },
          { ID: 8, Lines: [], Invoice: null },
        ],
      },
      shows: {
        'Orders(7)/Lines(1)/Product': { Sku: 'n1' },
        'Customers(3)/Friend': { Name: 'Dan' },
        'Orders(7)/Invoice': { Total: 1.5 },
      },
    },
    {
      rows: 'P11.4.2.2-2',
      what: 'the rules of every level',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid', Orders: [{ ID: 7, Lines: [{ Count: 'x' }] }] }],
      status: 400,
      answer: { error: { target: 'Orders/0/Lines/0/Count' } },
    },
    {
      rows: 'P11.4.2.2-2',
      what: 'the key of a nested one',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid', Orders: [{ ID: 7, Lines: [{ Count: 1 }] }] }],
      status: 400,
      answer: { error: { target: 'Orders/0/Lines/0/No' } },
    },
    {
      rows: 'P11.4.2.2-3 P11.4-2 P9.2-1',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid', Orders: [{ ID: 7 }, { ID: 1 }] }],
      status: 409,
      shows: { 'Customers(3)': 404, 'Orders(7)': 404 },
    },
    {
      rows: 'P11.4.2.2-3',
      what: 'twice the same key',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid', Orders: [{ ID: 7 }, { ID: 7 }] }],
      status: 409,
    },
    {
      rows: 'P11.4.2.2-3',
      what: 'a cycle of the same entity',
      request: ['POST', 'Products', { Sku: 'z', Parts: [{ Sku: 'y', Parts: [{ Sku: 'z' }] }] }],
      status: 409,
    },
    {
      rows: 'P11.4.2.2-6',
      request: [
        'POST',
        'Customers',
        {
          ID: 3,
          Name: 'Cid',
          '@Core.ContentID': 'root',
          Orders: [
            { '@Org.OData.Core.V1.ContentID': 'o8', ID: 8 },
            { ID: 9, Lines: [{ No: 5, '@Core.ContentID': 'l' }] },
          ],
        },
      ],
      status: 201,
      answer: {
        '@Core.ContentID': 'root',
        Orders: [
          { ID: 8, '@Core.ContentID': 'o8' },
          { ID: 9, '@Core.ContentID': undefined, Lines: [{ No: 5, '@Core.ContentID': 'l' }] },
        ],
      },
    },
    {
      rows: 'P11.4.2.2-7',
      request: ['POST', 'Customers', { ID: 3, Name: 'Cid', Orders: [{ ID: 7 }, { ID: 1 }] }],
      headers: { prefer: 'continue-on-error' },
      status: 409,
      shows: { 'Customers(3)': 404 },
    },
    {
      rows: 'P11.4.2.2-4',
      what: 'explicit $expand wins',
      request: ['POST', 'Customers?$expand=Friend', { ID: 3, Name: 'Cid', Orders: [{ ID: 7 }] }],
      status: 201,
      answer: { Friend: null, Orders: [{ ID: 7 }] },
    },
  ]);
});
