import assert from 'node:assert/strict';
import { startOffice } from '../../model/office.js';
import { at, body, each, header, type Read, testReads, testSections, value } from '../../model/reads.js';
import type { Server } from '../../model/serve.js';

const type = header('content-type');

const sections: Readonly<Record<string, readonly Read[]>> = {
  '11.1: documents': [
    ['P11.1.1-1', '', 200, (reply) => reply.json.value.length, 5],
    ['P11.1.2-1', '$metadata', 200, type, 'application/xml'],
    ['P11.1.2-2', '$metadata', 200, type, 'application/json;odata.metadata=minimal', { accept: 'application/json' }],
    ['P11.1.2-3', '$metadata', 200, type, 'application/xml', { accept: '*/*' }],
    [
      'P11.1.2-4',
      '$metadata?$format=json',
      200,
      (reply) => reply.json.$EntityContainer,
      'T.C',
      { accept: 'application/xml' },
    ],
    ['P11.1.2-4', '$metadata?$format=xml', 200, type, 'application/xml', { accept: 'application/json' }],
    ['P11.1.2-4', '$metadata?$format=text/plain', 406],
  ],
  '11.2: reading': [
    [
      'P11.2.2-1',
      'People(2)',
      200,
      ({ json, headers }) => [json.Name, headers.get('etag') === json['@odata.etag']],
      ['Ben', true],
    ],
    ['P11.2.2-3 P9.2.1-1', 'People(99)', 404],
    ['P11.2.3-2', 'People(2)/$value', 400],
    ['P11.2.4-1', 'People(2)/Name', 200, value, 'Ben'],
    ['P11.2.4-1', 'People(1)/Home/Street', 200, value, 'Via 1'],
    ['P11.2.4-2', 'People(4)/Name', 204],
    ['P11.2.4-2', 'People(2)/Home', 204],
    ['P11.2.4-3', 'People(2)/Nothing', 404],
    ['P11.2.4-3', 'People(99)/Name', 404],
    ['P11.2.6.8-1', 'People(1)/Nicks/0', 200, value, 'x'],
    ['P11.2.6.8-1', 'People(1)/Nicks/-1', 200, value, 'z'],
    ['P11.2.6.8-1', 'People(1)/Contacts/0', 404],
    ['P11.2.7-1', 'People(2)/Team', 200, each('ID'), [6, 7]],
    ['P11.2.7-1', 'People(7)/Team', 200, value, []],
    ['P11.2.7-1', 'People(2)/Boss', 200, at('ID'), 1],
    ['P11.2.7-1', 'People(1)/Boss', 204],
    ['P11.2.7-2', 'People(99)/Boss', 404],
    ['P11.2.7-2', 'People(99)/Team', 404],
    ['P11.2.7-2', 'People(1)/Friends', 404],
    ['P11.2.8-1', 'People(7)/Team/$ref', 200, value, []],
    ['P11.2.8-1', 'People(2)/Team/$ref', 200, (reply) => reply.json.value.length, 2],
    ['P11.2.8-1', 'People/$ref?$top=2', 200, (reply) => reply.json.value.length, 2],
    ['P11.2.8-1', 'People(2)/Boss/$ref', 200, (reply) => new URL(reply.json['@odata.id']).pathname, '/People(1)'],
    ['P11.2.8-2', 'People(1)/Home/$ref', 404],
    ['P11.2.8-2', 'People(1)/Nicks/$ref', 404],
    ['P11.2.8-3', 'People(1)/Boss/$ref', 204],
    ['P11.2.8-3', 'People(99)/$ref', 404],
    ['P11.2.9-1', '$entity?$id=People(2)', 200, at('ID'), 2],
    [
      'P11.2.10-1',
      'People/$count?$filter=ID gt 2&$search=Eve',
      200,
      (reply) => [body(reply), type(reply)],
      ['1', 'text/plain'],
    ],
    ['P11.2.10-4', 'People?$filter=Team/$filter(ID gt 3)/$count eq 2', 200, each('ID'), [1, 2]],
    ['P11.2.12-1', 'People?$schemaversion=*', 200],
  ],
  '8: headers': [
    ['P8.3.2-1', 'People(2)', 200, (reply) => /^W\/"/.test(reply.headers.get('etag') ?? ''), true],
    [
      'P8.3.8-1 P8.3.8-2',
      'People',
      200,
      (reply) => ['Accept', 'OData-MaxVersion', 'Prefer'].every((name) => (header('vary')(reply) ?? '').includes(name)),
      true,
    ],
    ['P8.3.8-1', 'People(1)/Boss', 204, (reply) => /OData-MaxVersion/.test(header('vary')(reply) ?? ''), true],
    [
      'P8.2.8.4-5 J3.1-3',
      'People?$count=true',
      200,
      ({ json }) => [
        json['@odata.count'],
        typeof json['@odata.nextLink'],
        typeof json['@odata.context'],
        typeof json.value[0]['@odata.etag'],
      ],
      [7, 'string', 'string', 'string'],
      { prefer: 'odata.include-annotations="-*",odata.maxpagesize=1' },
    ],
    [
      'P8.2.8.4-6 P10.7-9',
      'People?$select=ID',
      200,
      (reply) => reply.json['@odata.context'].split('#')[1],
      'People(ID)',
      { prefer: 'include-annotations="*"' },
    ],
  ],
};

describe('Protocol 11.1, 11.2: requesting data', () => {
  let server: Server;
  before(async () => {
    server = await startOffice();
  });
  after(() => server.close());

  testSections(sections, () => server);

  it('P11.2-1 P6.3-1 reading changes nothing, HEAD is answered like GET without a body', async () => {
    const before = (await server.ask('GET', 'People')).text;
    for (const path of [
      '',
      '$metadata',
      'People',
      'People(2)',
      'People(2)/Name',
      'People/$count',
      'People(2)/Name/$value',
      'People(2)/Boss/$ref',
      'People(1)/Boss',
      'People(99)',
      '$crossjoin(People,Things)',
    ]) {
      const get = await server.ask('GET', path);
      const head = await server.ask('HEAD', path);
      assert.equal(head.status, get.status, path);
      assert.equal(head.text, '', path);
      for (const name of ['content-type', 'etag', 'odata-version', 'vary'])
        assert.equal(head.headers.get(name), get.headers.get(name), `${path} ${name}`);
    }
    assert.equal((await server.ask('GET', 'People')).text, before);
  });

  it('P8.3.2-2 an ETag works in If-None-Match', async () => {
    for (const path of ['People(2)', 'People(2)/Name', '$metadata']) {
      const etag = (await server.ask('GET', path)).headers.get('etag') ?? '';
      const again = await server.ask('GET', path, { headers: { 'if-none-match': etag } });
      assert.equal(again.status, 304, path);
      assert.equal(again.text, '');
      assert.equal((await server.ask('GET', path, { headers: { 'if-none-match': '"other"' } })).status, 200);
    }
  });

  it('P8.3.2-3 the strong ETag of $metadata changes with every representation', async () => {
    const tags = new Set<string | null>();
    for (const headers of [
      { accept: 'application/xml' },
      { accept: 'application/json' },
      { 'odata-maxversion': '4.01' },
    ] as readonly Record<string, string>[])
      tags.add((await server.ask('GET', '$metadata', { headers: headers })).headers.get('etag'));
    assert.equal(tags.size, 3);
  });

  it('P11.2.5.2.1.1-2 $levels=max breaks cycles by references', async () => {
    await server.ask('PATCH', 'People(1)', { body: { 'Boss@odata.bind': 'People(6)' } });
    const { json } = await server.ask('GET', 'People(6)?$select=ID&$expand=Boss($levels=max;$select=ID)');
    const names: unknown[] = [];
    for (let item = json.Boss; item; item = item.Boss) names.push(item.ID ?? new URL(item['@odata.id']).pathname);
    await server.ask('PATCH', 'People(1)', { body: { 'Boss@odata.bind': null } });
    assert.deepEqual(names, [2, 1, '/People(6)']);
  });

  it('P10.19-1 J4.5.1-2 U4.16-1 U4.16-2 U4.16-3 $all is the union of all sets and singletons', async () => {
    const all = await server.ask('GET', '$all?$count=true');
    assert.equal(all.status, 200, all.text);
    assert.match(all.json['@odata.context'], /#Collection\(Edm\.EntityType\)$/);
    assert.equal(all.json['@odata.count'], 7 + 2 + 2 + 1);
    const contexts = all.json.value.map((item: Record<string, string>) => item['@odata.context']?.split('#')[1]);
    assert.deepEqual(new Set(contexts), new Set(['People/$entity', 'Countries/$entity', 'Things/$entity', 'Company']));
    const found = await server.ask('GET', '$all?$search=Italy');
    assert.deepEqual(
      found.json.value.map((item: { Code: string }) => item.Code),
      ['IT'],
    );
    const people = await server.ask(
      'GET',
      "$all/T.Person?$filter=Name ne 'Ann'&$orderby=Name desc&$select=Name&$expand=Boss&$top=2",
    );
    assert.deepEqual(
      people.json.value.map((item: { Name: string; Boss: { ID: number } }) => [item.Name, item.Boss.ID]),
      [
        ['Gus', 2],
        ['Fay', 2],
      ],
    );
  });

  it('P8.2.8.1-1 an entity that comes again is an entity, unless levels are without bound', async () => {
    await server.ask('PATCH', 'People(1)', { body: { 'Boss@odata.bind': 'People(6)' } });
    const { json } = await server.ask('GET', 'People(6)?$expand=Boss($levels=3)');
    await server.ask('PATCH', 'People(1)', { body: { 'Boss@odata.bind': null } });
    assert.equal(json.Boss.Boss.Boss.Name, 'Fay');
  });

  it('U4.4-3 U4.4-4 references are taken away by path, by key and by id', async () => {
    const guests = async () => (await server.ask('GET', 'People(1)/T.Manager/Guests')).json.value.length;
    assert.equal(await guests(), 2);
    assert.equal((await server.ask('DELETE', 'People(1)/T.Manager/Guests(6)/$ref')).status, 204);
    assert.equal(await guests(), 1);
    assert.equal((await server.ask('DELETE', 'People(1)/T.Manager/Guests/$ref?$id=People(7)')).status, 204);
    assert.equal(await guests(), 0);
    assert.equal((await server.ask('DELETE', 'People(7)/Boss/$ref')).status, 204);
    assert.equal((await server.ask('GET', 'People(7)/Boss')).status, 204);
    const id = `${server.base}People(2)`;
    await server.ask('PUT', 'People(7)/Boss/$ref', { body: { '@odata.id': id } });
    assert.equal((await server.ask('GET', 'People(7)/Boss')).json.ID, 2);
  });

  it('P8.2.8.6-7 P8.2.8.6-9 omit-values never changes what is sent nor what a change shows', async () => {
    const prefer = 'omit-values=nulls,return=representation';
    const { json } = await server.ask('PATCH', 'People(5)', { body: { Name: null }, headers: { prefer } });
    assert.equal(json.Name, null);
    assert.equal('Name' in json, true);
    assert.equal((await server.ask('GET', 'People(5)')).json.Name, null);
    await server.ask('PATCH', 'People(5)', { body: { Name: 'Eve' } });
  });

  testReads([['U5-2', '$crossjoin(People,Things)?$search=x', 501, 'NotImplemented']], () => server);
});
