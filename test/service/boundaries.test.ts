import assert from 'node:assert/strict';
import { overHttp } from '../model/http.js';
import { modelFrom, open, type World } from '../model/inline.js';

/** A type with its facets; JSON values and how they are shown; JSON values that are refused. */
type Row = readonly [
  type: string,
  facets: string,
  taken: readonly (string | readonly [sent: string, shown: string])[],
  refused: readonly string[],
];

const text = (...values: string[]) => values.map((value) => JSON.stringify(value));
const points = '"type":"Point","coordinates"';

const rows: readonly Row[] = [
  ['Edm.Boolean', '', ['true', 'false'], ['1', '0', '"true"', '{}', '[]']],
  ['Edm.Byte', '', ['0', '255', ['1.0', '1'], ['1e2', '100'], ['-0', '0']], ['256', '-1', '1.5', '"1"', 'true']],
  ['Edm.SByte', '', ['-128', '127'], ['128', '-129', '0.5']],
  ['Edm.Int16', '', ['-32768', '32767'], ['32768', '-32769', '1e5', '"1"']],
  ['Edm.Int32', '', ['-2147483648', '2147483647', ['1e9', '1000000000']], ['2147483648', '-2147483649', '1e10', '0.1']],
  [
    'Edm.Int64',
    '',
    ['-9223372036854775808', '9223372036854775807', '9007199254740993', ['1e18', '1000000000000000000']],
    ['9223372036854775808', '-9223372036854775809', '1e19', '1e99', '1e999999999', '"9007199254740993"'],
  ],
  [
    'Edm.Decimal',
    'Precision="5" Scale="2"',
    ['999.99', '-999.99', ['1.10', '1.1'], ['9.99e2', '999'], ['-0.00', '0'], ['5e-2', '0.05']],
    ['1000', '999.999', '0.001', '1e3', '1e-3', '"1.5"', '"INF"', '1e999999999', '1e-999999999'],
  ],
  [
    'Edm.Decimal',
    'Scale="variable"',
    ['123456789012345678901234567890.123456789', ['1e-30', '0.000000000000000000000000000001'], '9007199254740993'],
    ['1e1000', '1e-1000', '"NaN"'],
  ],
  [
    'Edm.Decimal',
    'Precision="38" Scale="10"',
    ['1234567890123456789012345678.0123456789'],
    ['12345678901234567890123456789.0'],
  ],
  [
    'Edm.Single',
    '',
    [['3.4e38', '3.4e+38'], '0.1', '"INF"', '"-INF"', ['16777217', '16777216']],
    ['3.5e38', '"1"', '"inf"'],
  ],
  [
    'Edm.Double',
    '',
    [['1.7976931348623157e308', '1.7976931348623157e+308'], '"INF"', '"-INF"', ['1e-400', '0'], '0.1'],
    ['1.8e308', '1e999', '"Infinity"', '"0.1"', 'true'],
  ],
  [
    'Edm.String',
    'MaxLength="3"',
    text('', 'abc', '\u{1F600}\u{1F600}\u{1F600}', 'a\u0000b'),
    [...text('abcd', '\u{1F600}'.repeat(4)), '1'],
  ],
  [
    'Edm.Binary',
    'MaxLength="3"',
    ['""', '"AQID"', ['"AQ=="', '"AQ"'], '"-_8"'],
    ['"AQIDBA"', '"+/8="', '"A"', '"AQI*"', '1'],
  ],
  [
    'Edm.Guid',
    '',
    [['"FFFFFFFF-0000-0000-0000-00000000000A"', '"ffffffff-0000-0000-0000-00000000000a"']],
    text('x', '{00000000-0000-0000-0000-000000000000}', '00000000000000000000000000000000', ''),
  ],
  [
    'Edm.Date',
    '',
    text('0001-01-01', '9999-12-31', '2020-02-29'),
    text('2021-02-29', '0000-01-01', '10000-01-01', '2020-1-1', '2020-01-01T00:00:00Z'),
  ],
  [
    'Edm.TimeOfDay',
    'Precision="3"',
    text('23:59:59.999', '00:00:00.000'),
    text('24:00:00', '23:59:60', '12:00:00.1234', '1:00:00'),
  ],
  [
    'Edm.DateTimeOffset',
    'Precision="3"',
    ['"2020-02-29T23:59:59.999Z"', ['"2020-01-01T00:00:00+14:00"', '"2019-12-31T10:00:00.000Z"']],
    text(
      '2020-01-01T00:00:00',
      '2020-01-01T24:00:00Z',
      '2020-01-01T23:59:60Z',
      '2020-01-01T00:00:00+15:00',
      '9999-12-31T23:59:59-01:00',
      '0001-01-01T00:00:00+01:00',
      '2020-01-01T00:00:00.1234Z',
      '2020-13-01T00:00:00Z',
    ),
  ],
  [
    'Edm.Duration',
    'Precision="3"',
    ['"PT0S"', '"-P1DT1H"', ['"PT25H"', '"P1DT1H"'], '"P10000000DT23H59M59.999S"'],
    text('P1Y', 'P1M', 'PT1.1234S', 'P', 'PT', 'P99999999999999999999D', 'P106751991167DT2H48M5.477S', '1D'),
  ],
  [
    'Edm.GeographyPoint',
    '',
    [`{${points}:[1,2]}`],
    [`{${points}:[1]}`, `{${points}:["1",2]}`, '{"type":"Polygon","coordinates":[]}', '"POINT(1 2)"', '{}'],
  ],
  ['T.Level', '', ['"A"', ['1', '"A"'], ['"2"', '"B"']], ['"C"', '3', '"A,B"', '""', '"a"', 'true']],
  ['T.Flags', '', ['"X,Y"', ['"X, Y"', '"X,Y"'], ['3', '"X,Y"'], ['"X,X"', '"X"']], ['4', '"X,Z"', '""', '"x"']],
];

const model = modelFrom(`
<EnumType Name="Level"><Member Name="A" Value="1"/><Member Name="B" Value="2"/></EnumType>
<EnumType Name="Flags" IsFlags="true"><Member Name="X" Value="1"/><Member Name="Y" Value="2"/></EnumType>
<ComplexType Name="All">${rows.map(([type, facets], at) => `<Property Name="V${at}" Type="${type}" ${facets}/>`).join('')}</ComplexType>
<EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
${rows.map(([type, facets], at) => `<Property Name="V${at}" Type="${type}" ${facets}/><Property Name="L${at}" Type="Collection(${type})" Nullable="false" ${facets}/>`).join('')}
<Property Name="In" Type="Collection(T.All)" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`);

/** A whole double may be written with or without a point. */
function holds(answer: string, value: string): boolean {
  const at = answer.indexOf(value);
  return at >= 0 && /^(\.0)?[\]},]/.test(answer.slice(at + value.length));
}

describe('Values at the boundaries of their types, alone, in a collection, and within complex values', () => {
  let world: World;
  before(async () => {
    world = await overHttp(await open(model));
    await world.ask('POST', 'Es', { body: { ID: 1 } });
  });
  after(() => world.close());

  for (const [at, [type, facets, taken, refused]] of rows.entries()) {
    /** The ways to write a value, and how the answer holds it. */
    const ways: readonly (readonly [
      method: string,
      url: string,
      around: (value: string) => string,
      within: (shown: string) => string,
    ])[] = [
      ['PATCH', `Es(1)?$select=V${at}`, (value) => `{"V${at}":${value}}`, (shown) => `"V${at}":${shown}`],
      ['PUT', `Es(1)/V${at}`, (value) => `{"value":${value}}`, (shown) => `"value":${shown}`],
      ['PATCH', `Es(1)?$select=L${at}`, (value) => `{"L${at}":[${value}]}`, (shown) => `"L${at}":[${shown}`],
      ['PATCH', 'Es(1)?$select=In', (value) => `{"In":[{"V${at}":${value}}]}`, (shown) => `"V${at}":${shown}`],
    ];
    it(`J7.1-1 ${type} ${facets} takes ${taken.length} values`, async () => {
      for (const value of taken)
        for (const [method, url, around, within] of ways) {
          const [sent, shown] = typeof value === 'string' ? [value, value] : value;
          const reply = await world.ask(method, url, { body: around(sent) });
          assert.equal(reply.status, 200, `${url} ${sent} ${reply.text}`);
          assert.ok(holds(reply.text, within(shown)), `${sent} is shown as ${reply.text}`);
          const again = await world.ask('GET', url);
          assert.ok(holds(again.text, within(shown)), `${sent} is read as ${again.text}`);
        }
    });
    it(`P11.4.2-8 ${type} ${facets} refuses ${refused.length} values`, async () => {
      const asItWas = await world.dump();
      for (const sent of refused)
        for (const [method, url, around] of ways) {
          const reply = await world.ask(method, url, { body: around(sent) });
          assert.equal(reply.status, 400, `${url} ${sent} ${reply.text}`);
          assert.match(reply.json.error.target, /^(V\d+|value|L\d+\/0|In\/0\/V\d+)$|^$/, reply.text);
        }
      assert.equal(await world.dump(), asItWas);
    });
  }

  it('J3.2-1 with IEEE754Compatible, Int64 and Decimal are strings, exactly', async () => {
    const headers = {
      'content-type': 'application/json;IEEE754Compatible=true',
      accept: 'application/json;IEEE754Compatible=true',
    };
    const body = { V5: '9007199254740993', V7: '123456789012345678901234567890.123456789' };
    const { json } = await world.ask('PATCH', 'Es(1)?$select=V5,V7', { headers, body });
    assert.deepEqual([json.V5, json.V7], [body.V5, body.V7]);
  });
});
