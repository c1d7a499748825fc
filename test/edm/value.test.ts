import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { PrimitiveTypeName } from '../../src/edm/index.js';
import type { ValueFacets } from '../../src/edm/invalid.js';
import { parseValue, printValue, type ValueType } from '../../src/edm/value.js';
import { ODataError } from '../../src/errors.js';
import { enumeration, primitiveType } from '../bind/model.js';

function read(type: PrimitiveTypeName | ValueType, text: string, facets?: ValueFacets): string {
  const valueType = typeof type === 'string' ? primitiveType(type) : type;
  try {
    return printValue(valueType, parseValue(valueType, text, facets));
  } catch (error) {
    assert.ok(error instanceof ODataError, String(error));
    assert.equal(error.code, 'InvalidValue');
    return 'refused';
  }
}

const color = enumeration('Color', { Red: 1, Green: 2 });
const access = enumeration('Access', { None: 0, Read: 1, Write: 2, ReadWrite: 3, Execute: 4 }, true);

/** Type, text, canonical text. */
const rows: [PrimitiveTypeName | ValueType, string, string, ValueFacets?][] = [
  ['Edm.Boolean', 'TRUE', 'refused'],
  ['Edm.Boolean', '1', 'refused'],
  ['Edm.Byte', '255', '255'],
  ['Edm.Byte', '256', 'refused'],
  ['Edm.Byte', '-1', 'refused'],
  ['Edm.SByte', '-128', '-128'],
  ['Edm.SByte', '128', 'refused'],
  ['Edm.Int16', '32767', '32767'],
  ['Edm.Int16', '32768', 'refused'],
  ['Edm.Int32', '-2147483648', '-2147483648'],
  ['Edm.Int32', '2147483648', 'refused'],
  ['Edm.Int32', '1.0', 'refused'],
  ['Edm.Int64', '9223372036854775807', '9223372036854775807'],
  ['Edm.Int64', '9223372036854775808', 'refused'],
  ['Edm.Int64', '9007199254740993', '9007199254740993'],
  ['Edm.Int64', '9'.repeat(100_000), 'refused'],
  ['Edm.Double', '1e308', '1e+308'],
  ['Edm.Double', '1e309', 'refused'],
  ['Edm.Double', '-INF', '-INF'],
  ['Edm.Double', 'NaN', 'NaN'],
  ['Edm.Double', '0x10', 'refused'],
  ['Edm.Double', ' 1', 'refused'],
  ['Edm.Single', '3.4e38', '3.4e+38'],
  ['Edm.Single', '3.5e38', 'refused'],
  ['Edm.Decimal', '-1.50', '-1.5'],
  ['Edm.Decimal', '-0.00', '0'],
  ['Edm.Decimal', '1.25e2', '125'],
  ['Edm.Decimal', '5E-3', '0.005'],
  ['Edm.Decimal', '007', '7'],
  ['Edm.Decimal', '1e9999', 'refused'],
  ['Edm.Decimal', '79228162514264337593543950335.1', '79228162514264337593543950335.1'],
  ['Edm.Decimal', '1.005', 'refused', { scale: 2 }],
  ['Edm.Decimal', '1.0000', '1', { scale: 2 }],
  ['Edm.Decimal', '1234.5', 'refused', { precision: 5, scale: 2 }],
  ['Edm.Decimal', '123.45', '123.45', { precision: 5, scale: 2 }],
  ['Edm.Decimal', '0.12', '0.12', { precision: 2, scale: 2 }],
  ['Edm.Decimal', '123.45', 'refused', { precision: 4, scale: 'variable' }],
  ['Edm.Decimal', '1200000', '1200000', { precision: 2, scale: 'floating' }],
  ['Edm.Decimal', 'INF', 'INF', { scale: 'floating' }],
  ['Edm.Decimal', 'INF', 'refused', { scale: 2 }],
  ['Edm.String', '😀😀', '😀😀', { maxLength: 2 }],
  ['Edm.String', '😀😀a', 'refused', { maxLength: 2 }],
  ['Edm.String', '\ud800', 'refused'],
  ['Edm.Guid', '01234567-89AB-cdef-0123-456789abcdef', '01234567-89ab-cdef-0123-456789abcdef'],
  ['Edm.Guid', '0123456789abcdef0123456789abcdef', 'refused'],
  ['Edm.Binary', 'T0RhdGE', 'T0RhdGE'],
  ['Edm.Binary', 'T0RhdGE=', 'T0RhdGE'],
  ['Edm.Binary', 'a-_b', 'a-_b'],
  ['Edm.Binary', 'a+/b', 'refused'],
  ['Edm.Binary', 'abcde', 'refused'],
  ['Edm.Binary', 'ab', 'refused'],
  ['Edm.Binary', 'AAAA', 'refused', { maxLength: 2 }],
  ['Edm.Date', '2024-02-29', '2024-02-29'],
  ['Edm.Date', '2023-02-29', 'refused'],
  ['Edm.Date', '1900-02-29', 'refused'],
  ['Edm.Date', '0000-01-01', 'refused'],
  ['Edm.Date', '12024-01-01', 'refused'],
  ['Edm.TimeOfDay', '07:59', '07:59:00'],
  ['Edm.TimeOfDay', '07:59:59.9990', '07:59:59.999'],
  ['Edm.TimeOfDay', '24:00:00', 'refused'],
  ['Edm.TimeOfDay', '07:59:59.12', 'refused', { precision: 1 }],
  ['Edm.DateTimeOffset', '2024-01-01T00:30:00+01:00', '2023-12-31T23:30:00Z'],
  ['Edm.DateTimeOffset', '2024-02-28T23:30:15.123456789012-01:00', '2024-02-29T00:30:15.123456789012Z'],
  ['Edm.DateTimeOffset', '2024-01-01t00:00z', '2024-01-01T00:00:00Z'],
  ['Edm.DateTimeOffset', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ['Edm.DateTimeOffset', '0099-01-01T00:00:00+00:00', '0099-01-01T00:00:00Z'],
  ['Edm.DateTimeOffset', '0001-01-01T00:00:00+01:00', 'refused'],
  ['Edm.DateTimeOffset', '9999-12-31T23:30:00-01:00', 'refused'],
  ['Edm.DateTimeOffset', '2024-01-01T00:00:00', 'refused'],
  ['Edm.DateTimeOffset', '2024-13-01T00:00:00Z', 'refused'],
  ['Edm.DateTimeOffset', '2024-01-01T00:00:60Z', 'refused'],
  ['Edm.DateTimeOffset', '2024-01-01T00:00:00.10Z', '2024-01-01T00:00:00.1Z', { precision: 1 }],
  ['Edm.DateTimeOffset', '2024-01-01T00:00:00.11Z', 'refused', { precision: 1 }],
  ['Edm.Duration', 'PT90S', 'PT1M30S'],
  ['Edm.Duration', '-P1DT25H', '-P2DT1H'],
  ['Edm.Duration', 'PT0.500S', 'PT0.5S'],
  ['Edm.Duration', '-PT0S', 'PT0S'],
  ['Edm.Duration', 'P1Y', 'refused'],
  ['Edm.Duration', 'P', 'refused'],
  ['Edm.Duration', 'P1DT', 'refused'],
  ['Edm.Duration', 'P999999999999999999D', 'refused'],
  [color, 'Green', 'Green'],
  [color, '2', 'Green'],
  [color, '3', 'refused'],
  [color, 'Red,Green', 'refused'],
  [color, 'toString', 'refused'],
  [access, 'Read,Execute', 'Read,Execute'],
  [access, 'Execute, Read', 'Read,Execute'],
  [access, '7', 'ReadWrite,Execute'],
  [access, '0', 'None'],
  [access, '8', 'refused'],
  [access, '', 'refused'],
  ['Edm.GeographyPoint', '{ "type": "Point", "coordinates": [1, 2.5] }', '{"type":"Point","coordinates":[1,2.5]}'],
  ['Edm.GeographyPoint', '{"type":"Point","coordinates":["1",2]}', 'refused'],
  [
    'Edm.GeographyPolygon',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}',
  ],
  ['Edm.Geometry', '{"type":"Nonsense"}', 'refused'],
  ['Edm.Geometry', 'x', 'refused'],
];

describe('primitive values (JSON 7.1, T2)', () => {
  for (const [type, text, expected, facets] of rows) {
    const name = typeof type === 'string' ? type : type.qualifiedName;
    it(`${name} ${text.slice(0, 50)} ${JSON.stringify(facets ?? {})}`, () =>
      assert.equal(read(type, text, facets), expected));
  }

  const canonical: [PrimitiveTypeName, fc.Arbitrary<string>][] = [
    ['Edm.Int64', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
    [
      'Edm.Decimal',
      fc
        .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }))
        .map(([n, e]) => `${n}e-${e}`),
    ],
    [
      'Edm.Double',
      fc.double().map((n) => (Number.isNaN(n) ? 'NaN' : Number.isFinite(n) ? String(n) : n > 0 ? 'INF' : '-INF')),
    ],
    ['Edm.Guid', fc.uuid()],
    ['Edm.Binary', fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url'))],
    [
      'Edm.DateTimeOffset',
      fc
        .date({ min: new Date('0002-01-01'), max: new Date('9998-01-01'), noInvalidDate: true })
        .map((day) => day.toISOString()),
    ],
    ['Edm.Duration', fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([d, m, s]) => `P${d % 10_000}DT${m}M${s}.25S`)],
  ];
  for (const [name, texts] of canonical)
    it(`${name}: the canonical text reads back as itself`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const once = read(name, text);
          assert.notEqual(once, 'refused');
          assert.equal(read(name, once), once);
        }),
        { numRuns: 200, seed: 5 },
      );
    });

  it('throws nothing but InvalidValue', () => {
    const types = [...new Set(rows.map(([type]) => type))];
    const noise = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('0', '9', '-', '+', ':', '.', 'T', 'Z', 'P', 'e', ','), maxLength: 25 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), noise, (type, text) => void read(type, text)),
      { numRuns: 2000, seed: 6 },
    );
  });
});
