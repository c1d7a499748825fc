import assert from 'node:assert/strict';
import { startOffice } from '../../model/office.js';
import { at, body, each, header, type Read, testReads, testSections, value } from '../../model/reads.js';
import type { Reply, Server } from '../../model/serve.js';

const accept = (type: string, version = '4.01') => ({ accept: type, 'odata-maxversion': version });
const json = (parameters: string, version?: string) => accept(`application/json;${parameters}`, version);
const full = json('metadata=full');
const full40 = json('odata.metadata=full', '4.0');
const none = json('metadata=none');
const exact = json('IEEE754Compatible=true');
const v401 = { 'odata-maxversion': '4.01' };
const type = header('content-type');
const names =
  (pattern: RegExp, ...path: (string | number)[]) =>
  (reply: Reply) =>
    Object.keys(path.length === 0 ? reply.json : (at(...path)(reply) as object)).filter((name) => pattern.test(name));
const controls = names(/@/);
const pathOf =
  (...path: (string | number)[]) =>
  (reply: Reply) =>
    new URL(String(at(...path)(reply))).pathname;
const fragment = ({ json: found }: Reply) => found['@odata.context'].split('$metadata')[1];

const sections: Readonly<Record<string, readonly Read[]>> = {
  '3: requesting the format': [
    ['J3-1 J24-10', 'People', 200, type, 'application/json;metadata=minimal', accept('application/json')],
    ['J3-1', 'People?$format=json', 200, type, 'application/json;odata.metadata=minimal', { accept: 'text/html' }],
    ['J3-1', 'People?$format=JSON', 200, type, 'application/json;odata.metadata=minimal'],
    ['J3-1', 'People?$format=json;metadata=full', 400],
    [
      'J3-1 P7-1',
      'People?$format=application/json;metadata=none',
      200,
      type,
      'application/json;odata.metadata=none',
      full40,
    ],
    ['J3-2', 'People', 200, type, 'application/json;metadata=none', json('METADATA=None')],
    [
      'J3-2',
      'People',
      200,
      type,
      'application/json;metadata=full;IEEE754Compatible=true',
      json('odata.metadata=full;ieee754compatible=TRUE'),
    ],
    [
      'J3-2',
      'People',
      200,
      type,
      'application/json;metadata=minimal;streaming=true',
      json('odata.streaming=true;ExponentialDecimals=true'),
    ],
    [
      'J3-3 P8.2.1-2 P7-2',
      'People',
      406,
      'NotAcceptable',
      undefined,
      { ...json('unknown=1'), prefer: 'handling=strict' },
    ],
    ['J3-3 J3.1-4', 'People', 406, 'NotAcceptable', undefined, json('metadata=some')],
    ['J3-3', 'People', 406, 'NotAcceptable', undefined, json('IEEE754Compatible=maybe')],
    ['J3.1-1', 'People(2)', 200, type, 'application/json;metadata=minimal', v401],
    ['J3.1-1', 'People(2)', 200, type, 'application/json;odata.metadata=minimal'],
    ['J3.1-2 J4.1-3', 'People(2)', 200, type, 'application/json;odata.metadata=full', json('metadata=full', '4.0')],
    ['J3.1-2', 'People(2)', 200, type, 'application/json;metadata=full', json('odata.metadata=full')],
    ['J4.1-1 J4.1-3', 'Nothing', 404, type, 'application/json;odata.metadata=minimal'],
    ['J4.1-3', '', 200, type, 'application/json;metadata=minimal', v401],
    ['J4.1-4 J3.2-2', 'People(1)', 200, type, 'application/json;metadata=minimal;IEEE754Compatible=true', exact],
  ],
  '3.1: amount of control information': [
    ['J3.1.3-1', 'People(1)?$expand=Team', 200, controls, [], none],
    ['J3.1.3-1', 'People?$count=true&$top=1', 200, at('@count'), 7, none],
    ['J3.1.3-1', 'People?$count=true', 200, controls, ['@count', '@nextLink'], { ...none, prefer: 'maxpagesize=1' }],
    ['J3.1.3-1 J4.5.9-5 J4.5.10-1', 'People?$top=1', 200, names(/@/, 'value', 0), [], none],
    ['J3.1.1-1', 'People(1)', 200, controls, ['@context', '@type', '@etag'], v401],
    ['J3.1.1-1', 'People(2)', 200, controls, ['@context', '@etag'], v401],
    [
      'J3.1.2-1 J3.1.2-3 J24-12',
      'Countries(%27CH%27)',
      200,
      controls,
      ['@context', '@type', '@id', '@editLink', '@etag'],
      full,
    ],
    [
      'J3.1.2-1 J4.5.11-1 J8.1-1 J8.2-1',
      'Company?$select=Motto,Head',
      200,
      controls,
      ['@context', '@type', '@id', '@editLink', '@etag', 'Head@associationLink', 'Head@navigationLink'],
      full,
    ],
    ['J8.1-1', 'People(2)', 200, pathOf('Boss@navigationLink'), '/People(2)/Boss', full],
    ['J8.2-1', 'People(2)', 200, pathOf('Boss@associationLink'), '/People(2)/Boss/$ref', full],
    ['J8.1-1', 'People(1)', 200, pathOf('Projects@navigationLink'), '/People(1)/T.Manager/Projects', full],
    ['J8.1-1 J3.1.2-1', 'People(1)', 200, pathOf('Home', 'Country@navigationLink'), '/People(1)/Home/Country', full],
    [
      'J8.1-1 J8.2-1',
      'People(2)?$expand=Boss',
      200,
      names(/^Boss/),
      ['Boss@associationLink', 'Boss@navigationLink', 'Boss'],
      full,
    ],
  ],
  '3.2: numbers': [
    [
      'J3.2-1',
      'People(1)',
      200,
      ({ text }) => /"Points":9007199254740993,/.test(text) && /"Salary":9000.5,/.test(text),
      true,
    ],
    [
      'J3.2-1',
      'People(1)',
      200,
      ({ json: found }) => [found.Points, found.Salary, found.Height, found.ID],
      ['9007199254740993', '9000.5', 1.5, 1],
      exact,
    ],
    ['J3.2-1', 'People(1)', 200, at('Contacts', 1, 'Box'), '9007199254740993', exact],
    ['J3.2-1 J4.5.4-1', 'People?$count=true&$top=0', 200, at('@count'), '7', exact],
    ['J3.2-1 J4.5.4-1', 'People(1)?$expand=Team($count=true;$top=1)', 200, at('Team@count'), '4', exact],
    ['J3.2-1 J8.3-3', 'People(1)?$expand=Team/$count', 200, at('Team@count'), '4', exact],
    ['J3.2-1', 'People(1)/Points', 200, value, '9007199254740993', exact],
    ['J3.2-1', 'People?$apply=aggregate(Points with sum as S)', 200, each('S'), ['9007199254740993'], exact],
    [
      'J3.2-1',
      'People?$compute=Points add 1 as More&$select=More&$top=1',
      200,
      each('More'),
      ['9007199254740994'],
      exact,
    ],
    ['J3.2-1', 'Things/A/1', 200, at('Big'), '9007199254740993', exact],
    ['J3.2-4', 'Things/A/1', 200, ({ text }) => /\de[+-]?\d/i.test(text.replace(/"[^"]*"/g, '')), false],
  ],
  '4.3 to 4.5: context, type, id, links': [
    ['J4.2-1 J4.5.1-1', 'People(2)', 200, (reply) => Object.keys(reply.json)[0], '@odata.context'],
    ['J4.5.1-1 J13-1', 'People', 200, (reply) => Object.keys(reply.json), ['@odata.context', 'value']],
    ['J4.5.1-1 J11-2', 'People(2)/Name', 200, (reply) => Object.keys(reply.json), ['@odata.context', 'value']],
    ['J4.5.1-1', 'Nothing', 404, (reply) => Object.keys(reply.json), ['error']],
    ['J4.5.1-3 P10-3', 'Things/A/1/Label', 200, fragment, "#Things(Room='A',Slot=1)/Label"],
    [
      'J4.5-1 J24-21',
      'People(1)',
      200,
      controls,
      ['@odata.context', '@odata.type', '@odata.etag'],
      { 'odata-maxversion': '4.0' },
    ],
    ['J4.5.3-4', 'People?$top=2', 200, each('@odata.type'), ['#T.Manager', undefined]],
    ['J4.5.3-4', 'People/T.Manager', 200, each('@odata.type'), [undefined]],
    ['J4.5.3-4 J7.2-1', 'People(1)/Contacts', 200, each('@odata.type'), [undefined, '#T.Mail']],
    [
      'J4.5.3-1',
      'Things/A/1',
      200,
      ({ json: found }) => [found['Big@type'], found['Slot@type'], found['Spot@type']],
      ['Int64', 'Int32', 'GeographyPoint'],
      full,
    ],
    [
      'J4.5.3-1 J24-7',
      'Things/A/1',
      200,
      ({ json: found }) => [found['Big@odata.type'], found['Slot@odata.type'], found['Spot@odata.type']],
      ['#Int64', '#Int32', '#GeographyPoint'],
      full40,
    ],
    [
      'J4.5.3-1',
      'People(1)',
      200,
      ({ json: found }) => [
        found['@type'],
        found['Nicks@type'],
        found['Contacts@type'],
        found['Grade@type'],
        found.Contacts[0]['@type'],
      ],
      ['#T.Manager', '#Collection(String)', '#Collection(T.Contact)', '#T.Grade', '#T.Contact'],
      full,
    ],
    ['J4.5.3-4', 'People?$compute=ID add 1 as Next&$select=Next&$top=1', 200, each('Next@type'), ['Int32'], v401],
    ['J4.5.3-4', 'Things/A/1', 200, at('Big@type'), 'Int64', v401],
    ['J4.5.4-1', 'People?$count=true&$top=1&$filter=ID gt 2', 200, at('@odata.count'), 5],
    ['J4.5.4-1', 'People(1)?$expand=Notes($count=true;$top=1)', 200, at('Notes@odata.count'), 3],
    [
      'J4.5.4-1',
      'People(1)?$select=Nicks($count=true;$top=1)',
      200,
      ({ json: found }) => [found['Nicks@odata.count'], found.Nicks],
      [3, ['x']],
    ],
    ['J4.5.8-1', 'People(2)', 200, pathOf('@id'), '/People(2)', full],
    ['J4.5.8-1 J3.1.1-2', 'People(2)?$select=Name', 200, pathOf('@odata.id'), '/People(2)'],
    ['J4.5.8-1 J4.5.8-3', 'People(2)?$select=ID,Name', 200, at('@odata.id'), undefined],
    ['J4.5.8-1', "Things(Room='A',Slot=2)?$select=Room", 200, pathOf('@odata.id'), "/Things(Room='A',Slot=2)"],
    ['J4.5.8-3', 'People(2)', 200, at('@odata.id'), undefined],
    ['J4.5.8-4', 'People?$apply=groupby((Grade))', 200, each('@odata.id'), [null, null]],
    ['J4.5.8-5 J4.5.9-4', 'People', 200, controls, ['@context'], full],
    ['J4.5.9-2', 'People(2)', 200, pathOf('@editLink'), '/People(2)', full],
    ['J4.5.9-2', 'People(1)', 200, pathOf('@editLink'), '/People(1)/T.Manager', full],
    ['J4.5.9-2', 'People(2)', 200, names(/editLink|readLink/), []],
    [
      'J4.5.10-1',
      'People(2)',
      200,
      ({ json: found, headers }) =>
        found['@odata.etag'] === headers.get('etag') && /^W\/".+"$/.test(found['@odata.etag']),
      true,
    ],
    ['J4.5.12-1', 'People(2)', 200, pathOf('Photo@mediaEditLink'), '/People(2)/Photo', full],
    ['J4.5.12-4', 'People(2)', 200, names(/^Photo/), [], none],
    ['J9-1', 'People(2)', 200, at('Photo'), undefined],
  ],
  '5: service document': [
    [
      'J5-1 P10.1-1 P11.1.1-1 P4-1',
      '',
      200,
      ({ json: found }) => [Object.keys(found), found['@odata.context'].endsWith('/$metadata')],
      [['@odata.context', 'value'], true],
    ],
    [
      'J5-2 J5-3',
      '',
      200,
      ({ json: found }) => found.value.map((item: object) => Object.keys(item).join()),
      Array(5).fill('name,kind,url'),
    ],
  ],
  '6 to 8, 11 to 14: entities, values, navigation, collections, references': [
    ['J6-1 J24-11', 'Countries(%27CH%27)', 200, names(/^[^@]/), ['Code', 'Name']],
    [
      'J7-1 J7-2 P8.2.8.6-2',
      'People(4)',
      200,
      ({ json: found }) => [found.Name, found.Points, found.Grade, found.Home],
      [null, null, 'Junior', null],
    ],
    ['J7.2-1', 'People(1)/Home', 200, ({ json: found }) => [found.Street, found.Zip], ['Via 1', '6900']],
    ['J7.2-2', 'People(1)?$select=Home/Country', 200, at('Home'), {}],
    ['J7.3-1', 'People(1)/Nicks', 200, value, ['x', 'y', 'z']],
    ['J7.3-1 J7.4-1', 'People(2)', 200, ({ json: found }) => [found.Nicks, found.Contacts], [[], []]],
    ['J7.4-1', 'People(1)/Contacts', 200, each('Kind'), ['tel', 'mail']],
    [
      'J8.3-1',
      'People(1)?$expand=Boss,Team($select=ID)',
      200,
      ({ json: found }) => [found.Boss, found.Team.length],
      [null, 4],
    ],
    ['J8.3-1', 'People(7)?$expand=Boss,Team', 200, ({ json: found }) => [found.Boss.ID, found.Team], [2, []]],
    [
      'J8.3-3',
      'People(1)?$expand=Team/$count',
      200,
      ({ json: found }) => [found['Team@odata.count'], found.Team],
      [4, undefined],
    ],
    ['J8.3-3', 'People(1)?$expand=Team/$count($filter=ID gt 3)', 200, at('Team@odata.count'), 2],
    [
      'J8.3-4 P11.2.5.2-3',
      'People(2)?$expand=Team/$ref',
      200,
      ({ json: found }) =>
        found.Team.map((item: Record<string, string>) => [
          Object.keys(item),
          new URL(item['@odata.id'] ?? '').pathname,
        ]),
      [
        [['@odata.id'], '/People(6)'],
        [['@odata.id'], '/People(7)'],
      ],
    ],
    ['J8.3-4', 'People(2)?$expand=Boss/$ref', 200, pathOf('Boss', '@odata.id'), '/People(1)'],
    ['J11-1 P9.1.4-1', 'People(4)/Name', 204, (reply) => [reply.text, reply.headers.get('content-type')], ['', null]],
    ['J11-2 P10.13-1', 'People(1)/Home', 200, fragment, '#People(1)/Home'],
    [
      'J11-2 P10.13-1',
      'People(1)/Nicks',
      200,
      (reply) => [fragment(reply), reply.json.value.length],
      ['#People(1)/Nicks', 3],
    ],
    ['J13-1', 'People?$filter=false', 200, value, []],
    [
      'J13-2 J13-3 J24-13',
      'People?$count=true',
      200,
      ({ json: found }) => [found['@odata.count'], typeof found['@odata.nextLink']],
      [7, 'string'],
      { prefer: 'maxpagesize=2' },
    ],
    [
      'J14-1 J14-2 P10.12-1',
      'People(2)/Boss/$ref',
      200,
      (reply) => [fragment(reply), Object.keys(reply.json)],
      ['#$ref', ['@odata.context', '@odata.id']],
    ],
    [
      'J14-2 P10.11-1',
      'People(2)/Team/$ref?$count=true',
      200,
      (reply) => [fragment(reply), reply.json['@odata.count'], reply.json.value.length],
      ['#Collection($ref)', 2, 2],
    ],
    ['J20-1', 'People(1)', 200, names(/@(?!odata\.)/), []],
    [
      'J21.1-1 P9.4-1',
      'Nothing',
      404,
      ({ json: found }) => [Object.keys(found), typeof found.error.code, found.error.message.length > 0],
      [['error'], 'string', true],
    ],
    ['J21.1-2 P9.4-2', 'Nothing', 404, header('content-language'), 'en'],
  ],
  'Protocol 8.2.8.6: omit-values': [
    ['P8.2.8.6-2 J24-20', 'People(4)', 200, header('preference-applied'), null],
    [
      'J24-20 P8.2.8.6-8',
      'People(4)',
      200,
      names(/^[^@]*$/),
      ['ID', 'Height', 'Salary', 'Grade', 'Contacts', 'Nicks'],
      { prefer: 'omit-values=nulls' },
    ],
    ['J24-20', 'People(4)', 200, header('preference-applied'), 'omit-values=nulls', { prefer: 'omit-values=nulls' }],
    [
      'J24-20',
      'People(4)',
      200,
      names(/^[^@]*$/),
      ['ID', 'Height', 'Salary', 'Contacts', 'Nicks'],
      { prefer: 'omit-values=defaults' },
    ],
    [
      'J24-20',
      'People(4)',
      200,
      header('preference-applied'),
      'omit-values=defaults',
      { prefer: 'omit-values=defaults' },
    ],
    [
      'J24-20',
      'People(1)/Contacts',
      200,
      names(/^[^@]*$/, 'value', 1),
      ['Kind', 'Box'],
      { prefer: 'omit-values=nulls' },
    ],
    ['P8.2.8-1', 'People(4)', 200, at('Name'), null, { prefer: 'omit-values=everything, frobnicate' }],
  ],
};

describe('JSON 3 to 21: what is asked for and what the answer says', () => {
  let server: Server;
  before(async () => {
    server = await startOffice();
  });
  after(() => server.close());

  testSections(sections, () => server);

  it('J4.3-4 J4.3-5 J4.5.3-3 every link of a full answer leads somewhere', async () => {
    const url = 'People(1)?$expand=Notes,Badge,T.Manager/Projects,Home/Country';
    const reply = await server.ask('GET', url, { headers: full });
    const links = [...reply.text.matchAll(/"[^"]*@(?:id|editLink|navigationLink|associationLink)":("[^"]*")/g)];
    assert.ok(links.length > 20, reply.text);
    for (const [, link = ''] of links) {
      const { status } = await server.ask('GET', JSON.parse(link));
      assert.ok(status === 200 || status === 204, `${link} ${status}`);
    }
  });

  const order = async (path: string, headers: Record<string, string>) => {
    const { json: found, headers: got } = await server.ask('GET', path, { headers });
    return [Object.keys(found), type({ headers: got } as Reply)] as const;
  };

  it('J4.4-1 J4.4-3 J4.4-4 J4.4-5 members come in the order that streaming needs', async () => {
    const [found, said] = await order('Things/A/1', json('odata.metadata=full;odata.streaming=true', '4.0'));
    assert.equal(said, 'application/json;odata.metadata=full;odata.streaming=true');
    assert.deepEqual(found.slice(0, 5), [
      '@odata.context',
      '@odata.type',
      '@odata.id',
      '@odata.editLink',
      '@odata.etag',
    ]);
    for (const [index, name] of found.entries()) {
      const [, of = ''] = /^(\w+)@/.exec(name) ?? [];
      if (of !== '') assert.ok(found.slice(index + 1, index + 3).includes(of), `${name} stands directly before ${of}`);
    }
    const [people, spoken] = await order('People(1)?$expand=Boss,Notes', json('metadata=full;streaming=true'));
    assert.equal(spoken, 'application/json;metadata=full;streaming=true');
    const navigation = people.findIndex(
      (name) => /Link$/.test(name) && !name.startsWith('@') && !name.startsWith('Photo'),
    );
    for (const name of ['ID', 'Nicks', 'Budget', 'Contacts']) assert.ok(people.indexOf(name) < navigation, name);
    assert.equal(people[people.indexOf('Notes') - 1], 'Notes@navigationLink');
    const [collection] = await order('People?$count=true', { ...json('streaming=true'), prefer: 'maxpagesize=1' });
    assert.deepEqual(collection, ['@context', '@count', 'value', '@nextLink']);
  });

  it('J6-3 a full answer can be sent back', async () => {
    const { json: found } = await server.ask('GET', 'People(2)', { headers: full });
    const back = await server.ask('PATCH', 'People(2)', { body: found, headers: { 'odata-version': '4.01' } });
    assert.ok(back.status < 300, back.text);
  });
});

describe('Protocol 11.2.4.1: raw values', () => {
  let server: Server;
  before(async () => {
    server = await startOffice();
  });
  after(() => server.close());
  testReads(
    [
      ['P11.2.4.1-1', 'People(1)/Name/$value', 200, body, 'Ann'],
      ['P11.2.4.1-1 P8.2.1-4', 'People(1)/Name/$value', 200, type, 'text/plain'],
      [
        'P11.2.4.1-1',
        'People(1)/Name/$value',
        200,
        type,
        'text/plain;charset=utf-8',
        { accept: 'text/plain;charset=utf-8' },
      ],
      ['P11.2.4.1-2', 'Things/A/1/Picture/$value', 200, type, 'image/png'],
      ['P11.2.4.1-2', 'Things/A/1/Bytes/$value', 200, type, 'application/octet-stream'],
      ['P11.2.4.1-3', 'Things/A/1/Spot/$value', 200, body, 'SRID=4326;Point(9.5 47.25)'],
      [
        'P11.2.4.1-3',
        'Things/A/1/Area/$value',
        200,
        body,
        'SRID=0;Collection(MultiPoint((1 2),(3 4)),LineString(0 0,1 1))',
      ],
      ['P11.2.4.1-5', 'Things/A/2/Bytes/$value', 204],
      ['P11.2.4.1-5', 'People(1)/Photo/$value', 404],
    ],
    () => server,
  );

  it('P11.2.4.1-2 binary values are bytes', async () => {
    const reply = await fetch(new URL('Things/A/1/Bytes/$value', server.base));
    assert.deepEqual(Buffer.from(await reply.arrayBuffer()), Buffer.from([255, 239]));
  });
});
