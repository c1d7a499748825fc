import assert from 'node:assert/strict';
import { startOffice } from '../../model/office.js';
import { at, body, each, header, type Read, testSections, value } from '../../model/reads.js';
import type { Server } from '../../model/serve.js';

const ids = each('ID');

const sections: Readonly<Record<string, readonly Read[]>> = {
  '2, 3: URLs': [
    [
      'U3-1 U3-2 U4.1-1',
      '',
      200,
      value,
      [
        { name: 'People', kind: 'EntitySet', url: 'People' },
        { name: 'Countries', kind: 'EntitySet', url: 'Countries' },
        { name: 'Things', kind: 'EntitySet', url: 'Things' },
        { name: 'Papers', kind: 'EntitySet', url: 'Papers' },
        { name: 'Company', kind: 'Singleton', url: 'Company' },
      ],
    ],
    ['U4.1-1 U4.1-2', '$metadata', 200, header('content-type'), 'application/xml'],
    ['U4.1-2', '$metadata?$format=json', 200, (reply) => reply.json.$Version, '4.0'],
    ['U4.1-2', '$metadata?$format=application/xml', 200, header('content-type'), 'application/xml'],
    ['U4.1-2', '$metadata', 200, (reply) => reply.json.$Version, '4.0', { accept: 'application/json' }],
    ['U4.1-3', '$metadata?$top=1', 400],
    ['U4.1-3', '$metadata?custom=1', 200],
    ['U4.2-1', '$batch', 405, header('allow'), 'POST'],
    ['U2.1-2 U2.1-3', "People?$filter=Name eq @n&@n='a=b'", 200, value, []],
    ['U2.1-4 U2.2-3', 'People?%24filter%3D=x', 400],
    ['U2.1-4', 'People?%24filter=ID%20eq%202', 200, ids, [2]],
    ['U2.1-5', "People?$filter=Name eq '%2527'", 200, value, []],
    ['U2.1-7', "People?$filter=Name eq 'a%26$top=1%3D'", 200, value, []],
    ['U2.1-10', 'People?$filter=Name eq %G1', 400],
    ['U2.1-10', 'People?$filter=Name eq %27%FF%27', 400],
    ['U2.2-2', '%50eople(1)/%4eame/$value', 200, body, 'Ann'],
    ['U2.2-3', 'People%281%29/Name/$value', 200, body, 'Ann'],
    ['U2.2-3', 'Things%28Room%3D%27A%27%2CSlot%3D1%29/Label/$value', 200, body, 'lamp'],
    ['U2.2-5', "Countries('C'H')", 400],
    ['U2.2-6', "Countries('A/B')", 400],
    ['U2.2-7', 'People?$filter =ID eq 1', 400],
    ['U2.2-8', 'People?$filter=ID%09eq  2', 200, ids, [2]],
    ['U2.2-8', "People?$filter=contains( Name , 'n' )", 200, ids, [1, 2]],
    ['U2.2-9', "Things(Room = 'A',Slot=1)", 400],
  ],
  '4.3: entities': [
    ['U4-3', 'Nothing', 404, 'ResourceNotFound'],
    ['U4-3', 'People(99)', 404, 'ResourceNotFound'],
    ['U4-3 U4.3-10', 'People(x)', 400],
    ['U4-4', 'People(1)/%4Eame', 200, value, 'Ann'],
    ['U4-5', 'People/X.Manager', 404],
    ['U4.3-1', 'People', 200, ids, [1, 2, 3, 4, 5, 6, 7]],
    ['U4.3-1', 'People(1)/Team', 200, ids, [2, 3, 4, 5]],
    ['U4.3-2', 'Company', 200, at('Motto'), 'Do'],
    ['U4.3-2', 'People(2)', 200, at('Name'), 'Ben'],
    ['U4.3-2 U4.3-3', 'People(6)/Boss/Boss', 200, at('Name'), 'Ann'],
    ['U4.3-3', 'Company/Head/Team(2)/Team(7)/Boss/Boss/Notes(1)/Text/$value', 200, body, 'a'],
    ['U4.3-6', 'People(ID=2)', 200, at('ID'), 2],
    ['U4.3-6', "Things(Room='A',Slot=2)", 200, at('Label'), 'desk'],
    ['U4.3-7', "Things(Slot=2,Room='A')", 200, at('Label'), 'desk'],
    ['U4.3-7', "Things(Slot=2;Room='A')", 400],
    ['U4.3-8', 'People(@k)?@k=3', 200, at('Name'), 'Cem'],
    ['U4.3-8', "Things(Room=@r,Slot=2)?@r='A'", 200, at('Label'), 'desk'],
    ['U4.3-9', "Countries(@c)?@c='a/b\\c'", 404, 'ResourceNotFound'],
    ['U4.3-10', 'People(Nothing=1)', 400, 'InvalidKey'],
    ['U4.3-10', 'People(ID=1,ID=1)', 400],
    ['U4.3-10', "Things(Room='A')", 400, 'InvalidKey'],
    ['U4.3-10', "Things(Room='A',Slot=1,Label='x')", 400, 'InvalidKey'],
    ['U4.3-10', 'People()', 400],
    ['U4.3-10', 'People(null)', 400],
    ['U4.3-10', "People('1')", 400],
    [
      'U4.3.1-1 U4.3.1-2 U4.3.1-3 U4.3.1-4',
      'Company/Head',
      200,
      (reply) => new URL(String(at('@odata.id')(reply))).pathname,
      '/People(1)',
      { accept: 'application/json;odata.metadata=full' },
    ],
    [
      'U4.3.1-3',
      'Things/A/1',
      200,
      (reply) => new URL(String(at('@odata.id')(reply))).pathname,
      "/Things(Room='A',Slot=1)",
      { accept: 'application/json;odata.metadata=full' },
    ],
    [
      'U4.3.2-1',
      'People(1)/Notes(1)',
      200,
      (reply) => new URL(String(at('@odata.id')(reply))).pathname,
      '/People(1)/Notes(1)',
      { accept: 'application/json;odata.metadata=full' },
    ],
    [
      'U4.3.2-1',
      "People(1)/T.Manager/Projects('Q')",
      200,
      (reply) => new URL(String(at('@odata.id')(reply))).pathname,
      "/People(1)/T.Manager/Projects('Q')",
      { accept: 'application/json;odata.metadata=full' },
    ],
    [
      'U4.3.2-1',
      'People(1)?$expand=T.Manager/Projects',
      200,
      (reply) => new URL(String(at('Projects', 0, '@odata.id')(reply))).pathname,
      "/People(1)/T.Manager/Projects('P%2F1')",
      { accept: 'application/json;odata.metadata=full' },
    ],
    ['U4.3.4-1', '$entity?$id=People(2)', 200, at('Name'), 'Ben'],
    ['U4.3.4-1', '$entity?id=People(2)', 200, at('Name'), 'Ben'],
    ['U4.3.4-2', '$entity', 400],
    ['U4.3.4-3', '$entity?$id=People(2)&$select=Name', 400],
    ['U4.3.4-3', '$entity?$id=People(2)&custom=1', 200],
    ['U4.3.4-4', '$entity/T.Manager?$id=People(1)&$select=Budget', 200, at('Budget'), 100],
    ['U4.3.4-4', '$entity/T.Manager?$id=People(2)', 404],
    ['U4.3.4-5', '$entity?$id=http://elsewhere.example/People(2)', 404],
    ['U4.3.4-5', '$entity?$id=Nothing(2)', 404],
    ['U4.3.6-2', 'Countries/A%2FB', 404, 'ResourceNotFound'],
    ['U4.3.6-3', 'Things/A/2/Label/$value', 200, body, 'desk'],
    ['U4.3.6-5', 'People/$count', 200, body, '7'],
    ['U4.3.6-5', 'People/T.Manager/1/Name/$value', 200, body, 'Ann'],
    [
      'U4.4-1 U4.4-2',
      'People(2)/Team/$ref',
      200,
      (reply) => reply.json.value.map((item: Record<string, string>) => new URL(item['@odata.id'] ?? '').pathname),
      ['/People(6)', '/People(7)'],
    ],
    ['U4.4-2', 'People(7)/Team/$ref', 200, value, []],
    ['U4.4-2', 'People(1)/Boss/$ref', 204],
    ['U4.4-2', 'People(1)/Name/$ref', 404],
  ],
  '4.6, 4.7: properties': [
    ['U4.6-1', 'People(1)/Home/Zip', 200, value, '6900'],
    ['U4.6-2', 'People(1)/T.Manager/Budget', 200, value, 100],
    ['U4.6-2', 'People(1)/Budget', 404],
    ['U4.6-3', 'People(4)/Name', 204],
    ['U4.6-3', 'People(4)/Nothing', 404],
    ['U4.6-4', "Things(Room='A',Slot=1)/Watts", 200, value, 40],
    ['U4.6-4', "Things(Room='A',Slot=2)/Watts", 204],
    ['U4.6-5', 'People(2)/Home', 204],
    ['U4.6-5', 'People(2)/Home/Zip', 404],
    ['U4.6-5', 'People(1)/Boss', 204],
    ['U4.6-5', 'People(1)/Boss/Name', 404],
    ['U4.7-1 U4.7-3', 'People(1)/Height/$value', 200, body, '1.5'],
    ['U4.7-3', 'People(1)/Born/$value', 200, body, '1960-05-01'],
    ['U4.7-3', 'People(1)/Grade/$value', 200, body, 'Senior'],
    ['U4.7-3', 'People(1)/Points/$value', 200, header('content-type'), 'text/plain'],
    ['U4.7-4', 'People(4)/Name/$value', 204],
    ['U4.7-2', 'People(1)/Photo/$value', 404],
  ],
  '4.8: counts': [
    ['U4.8-1 U4.8-2', 'People/$count', 200, body, '7'],
    ['U4.8-2', 'People/$count', 200, header('content-type'), 'text/plain'],
    ['U4.8-1', 'People(1)/Team/$count', 200, body, '4'],
    ['U4.8-1', 'People(1)/Nicks/$count', 200, body, '3'],
    ['U4.8-1', 'People(1)/Contacts/$count', 200, body, '2'],
    ['U4.8-1', 'People/T.Manager/$count', 200, body, '1'],
    ['U4.8-1 U4.8-3', 'People/$filter(@f)/$count?@f=ID gt 4', 200, body, '3'],
    ['U4.8-3', 'People/$count?$filter=ID gt 4', 200, body, '3'],
    ['U4.8-3', 'People/$count?$search=Ann', 200, body, '1'],
    ['U4.8-3', 'People/$count?$top=1&$skip=3&$orderby=ID', 200, body, '7'],
    ['U4.8-5', 'People/$filter(ID gt 4)/$count?$filter=ID lt 6', 200, body, '1'],
    ['U4.8-6', 'People?$filter=Team/$count gt 1', 200, ids, [1, 2]],
    ['U4.8-6', 'People?$filter=Nicks/$count eq 3', 200, ids, [1]],
    ['U4.8-6', 'People?$orderby=Team/$count desc,ID&$top=2', 200, ids, [1, 2]],
    ['U4.8-7', 'People?$filter=Team/$count($filter=Salary gt 4500) eq 1', 200, ids, [1]],
    ['U4.8-7', 'People?$filter=Team/$count($search=Fay) ge 1', 200, ids, [2]],
    ['U4.8-7', 'People?$filter=Team/$count($filter=Salary ge 4000;$search=Ben) eq 1', 200, ids, [1]],
    ['U4.8-9', 'People(1)/$count', 404],
    ['U4.8-9', 'People(1)/Name/$count', 404],
  ],
  '4.9, 4.10: members': [
    ['U4.9-1', 'People(1)/Team(2)', 200, at('ID'), 2],
    ['U4.9-1', 'People(1)/Notes(2)', 200, at('Text'), 'b'],
    ['U4.9-2', 'People(1)/Team/T.Manager(2)', 404],
    ['U4.9-4', 'People(1)/Team(7)', 404],
    ['U4.10-1', 'People(1)/Nicks/0', 200, value, 'x'],
    ['U4.10-1', 'People(1)/Nicks/2/$value', 200, body, 'z'],
    ['U4.10-2', 'People(1)/Nicks/-1', 200, value, 'z'],
    ['U4.10-2', 'People(1)/Nicks/-3', 200, value, 'x'],
    ['U4.10-5', 'People(1)/Nicks/3', 404],
    ['U4.10-5', 'People(1)/Nicks/-4', 404],
    ['U4.10-5', 'People(1)/Contacts/0', 404],
  ],
  '4.11: derived types': [
    ['U4.11-1', 'People/T.Manager', 200, ids, [1]],
    ['U4.11-1', 'People(1)/Team/T.Manager', 200, value, []],
    ['U4.11-2', 'People(2)/T.Manager', 404],
    ['U4.11-2', 'People?$filter=T.Manager/Budget eq null', 200, ids, [2, 3, 4, 5, 6, 7]],
    ['U4.11-3', 'People/T.Manager(1)', 200, at('ID'), 1],
    ['U4.11-3', 'People(1)/T.Manager', 200, at('ID'), 1],
    ['U4.11-4', 'People/T.Person', 200, ids, [1, 2, 3, 4, 5, 6, 7]],
    ['U4.11-4', 'People/T.Thing', 400],
    ['U4.11-7', 'People?$filter=T.Manager/Budget gt 99', 200, ids, [1]],
    ['U4.11-7', 'People?$orderby=T.Manager/Budget desc,ID&$top=1', 200, ids, [1]],
    ['U4.11-7', 'People?$select=T.Manager/Budget&$top=1', 200, each('Budget'), [100]],
    [
      'U4.11-7 U4.11-8',
      'People?$expand=T.Manager/Projects($select=Title)&$top=2',
      200,
      ({ json }) => [json.value[0].Projects.map((item: { Title: string }) => item.Title), json.value[1].Projects],
      [['P/1', 'Q'], undefined],
    ],
    ['U4.11-7', 'People(2)?$expand=Boss/T.Manager', 200, at('Boss', 'Budget'), 100],
  ],
  '4.12: subsets': [
    ['U4.12-1 U4.12-2', 'People/$filter(@f)?@f=ID gt 5', 200, ids, [6, 7]],
    ['U4.12-1', 'People/$filter(ID gt 99)', 200, value, []],
    ['U4.12-3', 'People/$filter(Boss/ID eq 1)', 400],
    ['U4.12-1', 'People(1)/Team/$filter(ID gt 3)', 200, ids, [4, 5]],
    ['U4.12-2', 'People/$filter(@f)?@f=Boss/ID eq 2', 200, ids, [6, 7]],
    ['U4.12-2', 'People/$filter(@f)?@f=Name', 400],
    ['U4.12-1', 'People/$filter(ID gt 1)/$filter(ID lt 4)?$filter=ID ne 2', 200, ids, [3]],
    ['U4.12-1', 'People/$filter(ID gt 1)(2)', 200, at('ID'), 2],
    ['U4.12-1', 'People/$filter(ID gt 2)(2)', 404],
    ['U4.12-1', "People(1)/Nicks/$filter($it ne 'y')", 200, value, ['x', 'z']],
    ['U4.12-1', "People(1)/Contacts/$filter(Kind eq 'tel')", 200, each('Value'), ['1']],
    ['U4.12-1', 'People/$filter(ID gt 1)/T.Manager', 200, value, []],
    ['U4.13-1', 'People/$each', 405],
  ],
  '4.14: streams': [
    ['U4.14-2', 'People(2)/$value', 400],
    ['U4.14-2', 'Papers(9)/$value', 404],
  ],
  '4.15: $crossjoin': [
    [
      'U4.15-1 U4.15-5',
      '$crossjoin(Countries,Things)',
      200,
      (reply) => [reply.json.value.length, new URL(reply.json['@odata.context']).hash],
      [4, '#Collection(Edm.ComplexType)'],
    ],
    [
      'U4.15-2',
      '$crossjoin(People,Countries)?$filter=People/Home/Country/Code eq Countries/Code&$orderby=People/ID desc&$expand=People($select=ID)',
      200,
      (reply) => reply.json.value.map((item: { People: { ID: number } }) => item.People.ID),
      [6, 1],
    ],
    [
      'U4.15-3',
      '$crossjoin(Countries,Things)?$top=1',
      200,
      (reply) => Object.values(reply.json.value[0]).map((url) => new URL(String(url)).pathname),
      ["/Countries('CH')", "/Things(Room='A',Slot=1)"],
    ],
    [
      'U4.15-3',
      '$crossjoin(Countries,Things)?$top=1&$expand=Countries',
      200,
      (reply) => reply.json.value[0].Countries.Name,
      'Switzerland',
    ],
    [
      'U4.15-4',
      '$crossjoin(Countries,Things)?$count=true&$skip=1&$top=2',
      200,
      (reply) => [reply.json['@odata.count'], reply.json.value.length],
      [4, 2],
    ],
    ['U4.15-1', '$crossjoin(Countries,Nothing)', 404],
    ['U4.15-1', '$crossjoin(Countries,Countries)', 400],
    ['U4.15-2', '$crossjoin(Countries,Things)?$filter=Name eq null', 400],
    ['U4.15-1', '$crossjoin(Countries,Things)/$count', 404],
    ['U4.15-1', 'POST $crossjoin(Countries,Things)', 405],
  ],
  '4.17: options in the body': [['U4.17-1', 'People/$query', 405, header('allow'), 'POST']],
  '4a: compositions': [
    ['U4-3 U2.2-1', 'People/$count/x', 400],
    ['U4-3', 'People(1)/Name/$value/x', 400],
    ['U4-3', 'People(1)/Team/$ref/$count', 400],
    ['U4-3', 'People(1)/Home/$value', 404],
    ['U4-3', 'People//Name', 400],
  ],
};

describe('URL 4: resource paths', () => {
  let server: Server;
  before(async () => {
    server = await startOffice();
  });
  after(() => server.close());

  testSections(sections, () => server);

  it('U4.15-4 pages of a $crossjoin hold every combination once', async () => {
    const seen = new Set<string>();
    for (let url = '$crossjoin(People,Countries)?$orderby=Countries/Name desc,People/Name'; url !== ''; ) {
      const { json } = await server.ask('GET', url, { headers: { prefer: 'maxpagesize=4' } });
      for (const item of json.value) seen.add(JSON.stringify(item));
      url = json['@odata.nextLink'] ?? '';
    }
    assert.equal(seen.size, 14);
  });

  const query = (path: string, text: string, type = 'text/plain') =>
    server.ask('POST', path, { body: text, headers: { 'content-type': type } });

  it('U4.17-1 U4.17-2 U4.17-4 POST of /$query is the GET with the query of the body', async () => {
    for (const [path, options] of [
      ['People', '$filter=ID%20gt%205&$select=Name'],
      ['People(1)', '$select=Name&$expand=Team($select=ID)'],
      ['People(1)/Home', '$select=Zip'],
      ['People(1)/Name', '$format=json'],
      ['People(1)/Nicks', "$filter=$it%20ne%20'x'"],
      ['People(1)/Contacts', '$top=1'],
      ['$crossjoin(Countries,Things)', '$top=1'],
    ] as const) {
      const asked = await query(`${path}/$query`, options);
      assert.equal(asked.status, 200, asked.text);
      assert.equal(asked.text, (await server.ask('GET', `${path}?${options}`)).text);
    }
    assert.equal((await query('People/$query', '$filter=ID gt 5')).status, 400);
    assert.equal((await query('People/$query', '$filter=ID%2')).status, 400);
    assert.equal((await query('People/$query/Name', '$top=1')).status, 400);
    assert.equal((await query('People/$count/$query', '')).status, 400);
  });

  it('U4.17-3 options of URL and body are one set', async () => {
    const both = await query('People/$query?$filter=ID%20eq%20@a', '@a=3&$select=ID');
    assert.deepEqual(
      both.json.value.map((item: { ID: number }) => item.ID),
      [3],
    );
    assert.equal((await query('People/$query?$top=1', '$top=2')).json.error.code, 'DuplicateQueryOption');
  });

  it('U4.17-5 another content type is 415', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded'])
      assert.equal((await query('People/$query', '$top=1', type)).status, 415);
  });

  it('U4.17-1 what is paged goes on with GET', async () => {
    const { json } = await server.ask('POST', 'People/$query', {
      body: '$select=ID',
      headers: { 'content-type': 'text/plain', prefer: 'maxpagesize=5' },
    });
    assert.deepEqual(ids(await server.ask('GET', json['@odata.nextLink'])), [6, 7]);
  });
});
