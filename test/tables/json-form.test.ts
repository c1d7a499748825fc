import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { bindComplex, bindEntity } from '../../src/bind/body.js';
import type { BodyContext, Place } from '../../src/bind/body-value.js';
import { parseJson } from '../../src/payload/read.js';
import { mergeDynamic, mergeStored, writeDynamic, writeStored } from '../../src/tables/json-form.js';
import { type StoredShape, shapeStored, storedShaper } from '../../src/tables/json-shape.js';
import { printStored, readStored } from '../../src/tables/json-text.js';
import { complex, entity, enumeration, model, property } from '../bind/model.js';

const color = enumeration('Color', { Red: 1, Green: 2, Blue: 4 }, true);
const inner = complex('Inner', { properties: [property('a', 'Edm.String'), property('b', 'Edm.Int64')] });
const base = complex('Base', {
  open: true,
  properties: [
    property('color', color),
    property('price', 'Edm.Decimal', { scale: 3 }),
    property('big', 'Edm.Int64'),
    property('ratio', 'Edm.Double'),
    property('when', 'Edm.DateTimeOffset', { precision: 3 }),
    property('ok', 'Edm.Boolean', { defaultValue: 'true' }),
    property('data', 'Edm.Binary'),
    property('place', 'Edm.GeographyPoint'),
    property('inner', inner),
    property('must', inner, { nullable: false }),
    property('colors', color, { collection: true }),
  ],
});
const derived = complex('Derived', { open: true, properties: [property('more', 'Edm.String')] }, base);
const holder = property('value', base);
const open = entity('Open', { open: true, properties: [property('id', 'Edm.Int32', { nullable: false })] }, ['id']);
const types = model([color, inner, base, derived, open]);
const context: BodyContext = {
  model: types,
  purpose: 'merge',
  version: '4.01',
  strict: false,
  ieee754Compatible: false,
  seeding: false,
};
const minimal: StoredShape = {
  version: '4.01',
  metadata: 'minimal',
  ieee754Compatible: false,
  select: null,
  omit: null,
};

function given(text: string) {
  const change = bindComplex(parseJson(text), holder as Place & { type: typeof base }, context);
  assert.ok(change.kind === 'complex');
  return change;
}

const write = (text: string) => writeStored(given(text), holder);
const show = (text: string, shape: Partial<StoredShape> = {}) =>
  shapeStored(write(text), { type: base, collection: false }, { ...minimal, ...shape });

const nulls =
  '"color":null,"price":null,"big":null,"ratio":null,"when":null,"ok":true,"data":null,"place":null,"inner":null,"must":{"a":null,"b":null},"colors":[]';

describe('storage form', () => {
  it('has every declared member, with its default', () => assert.equal(write('{}'), `{${nulls}}`));
  const rows: [string, string, string][] = [
    ['enumerations as integers', '{"color":"Red,Blue","colors":["Green"]}', '"color":5'],
    ['Decimal as text', '{"price":12.50}', '"price":"12.5"'],
    ['Int64 exactly', '{"big":9007199254740993}', '"big":9007199254740993'],
    ['infinity as a number out of range', '{"ratio":"-INF"}', '"ratio":-9e+999'],
    ['times at their precision', '{"when":"2024-01-01T01:00:00.5+01:00"}', '"when":"2024-01-01T00:00:00.500Z"'],
    ['binary as base64url', '{"data":"-_8"}', '"data":"-_8"'],
    [
      'geography as GeoJSON',
      '{"place":{"type":"Point","coordinates":[1,2]}}',
      '"place":{"type":"Point","coordinates":[1,2]}',
    ],
    ['a derived type', '{"@type":"#T.Derived","more":"x"}', '{"@type":"T.Derived",'],
    [
      'dynamic properties with their type',
      '{"x@type":"Date","x":"2020-01-01","y":1.500}',
      '"x@type":"Edm.Date","x":"2020-01-01","y":1.500}',
    ],
  ];
  for (const [name, body, expected] of rows)
    it(`writes ${name}`, () => assert.ok(write(body).includes(expected), write(body)));

  const shown: [string, string, Partial<StoredShape>, string][] = [
    ['J7.1 enumeration names', '{"color":"Red,Blue"}', {}, '"color":"Red,Blue"'],
    ['T2 Decimal', '{"price":12.50}', {}, '"price":12.5,'],
    ['T2 infinity', '{"ratio":"-INF"}', {}, '"ratio":"-INF"'],
    ['J3.2-1 Decimal', '{"price":12.50}', { ieee754Compatible: true }, '"price":"12.5"'],
    ['J3.2-1 Int64', '{"big":9007199254740993}', { ieee754Compatible: true }, '"big":"9007199254740993"'],
    ['J3.2-1 nested Int64', '{"inner":{"b":1}}', { ieee754Compatible: true }, '"inner":{"a":null,"b":"1"}'],
    ['J7-2 nulls', '{}', {}, '"inner":null'],
    ['J4.5.3-4 derived type', '{"@type":"#T.Derived"}', {}, '{"@type":"#T.Derived",'],
    ['J4.5-1 derived type in 4.0', '{"@type":"#T.Derived"}', { version: '4.0' }, '{"@odata.type":"#T.Derived",'],
    ['J4.5.3-4 dynamic type', '{"x@type":"Date","x":"2020-01-01"}', {}, '"x@type":"Date","x":"2020-01-01"'],
    [
      'J4.5.3-1 dynamic type in 4.0',
      '{"x@type":"Date","x":"2020-01-01"}',
      { version: '4.0' },
      '"x@odata.type":"#Date","x"',
    ],
    ['dynamic Int64', '{"x@type":"Int64","x":12}', { ieee754Compatible: true }, '"x":"12"'],
    ['J4.5.3-9 full metadata', '{"big":1}', { metadata: 'full' }, '{"@type":"#T.Base","color@type":"#T.Color"'],
    [
      'J4.5.3-9 full metadata, collection',
      '{}',
      { metadata: 'full' },
      '"colors@type":"#Collection(T.Color)","colors":[]',
    ],
    ['selected members', '{"big":1,"x":2}', { select: { big: null, x: null } }, '{"big":1,"x":2}'],
  ];
  for (const [name, body, shape, expected] of shown)
    it(`shows ${name}`, () => assert.ok(show(body, shape).includes(expected), show(body, shape)));

  it('T1: no type at metadata none', () =>
    assert.doesNotMatch(show('{"@type":"#T.Derived","x@type":"Date","x":"2020-01-01"}', { metadata: 'none' }), /@/));

  it('works by names for the database', () => {
    const shape = storedShaper(types);
    assert.equal(shape('[1,4,null]', 'Collection(T.Color)', JSON.stringify(minimal)), '["Red","Blue",null]');
    assert.equal(
      shape('{"x@type":"Edm.Int64","x":7,"y":[1]}', '', JSON.stringify({ ...minimal, select: { x: null } })),
      '{"x@type":"Int64","x":7}',
    );
    assert.equal(shape(null, '', JSON.stringify(minimal)), null);
  });
});

describe('merging into storage form (P11.4.9.3-1)', () => {
  const before = write(
    '{"@type":"#T.Derived","more":"m","big":1,"inner":{"a":"x","b":2},"colors":["Red"],"d@type":"Date","d":"2020-01-01","e":1}',
  );
  const patched = (body: string) => JSON.parse(mergeStored(before, given(body)));
  const unchanged = JSON.parse(before);
  const rows: [string, string, object][] = [
    ['nothing', '{}', {}],
    ['a member', '{"big":5}', { big: 5 }],
    ['null', '{"big":null,"inner":null}', { big: null, inner: null }],
    ['a nested complex value', '{"inner":{"b":3}}', { inner: { a: 'x', b: 3 } }],
    ['a collection whole', '{"colors":["Blue"]}', { colors: [4] }],
    ['a dynamic property', '{"e":2,"f":3}', { e: 2, f: 3 }],
  ];
  for (const [name, body, change] of rows) it(name, () => assert.deepEqual(patched(body), { ...unchanged, ...change }));
  it('takes a dynamic property away with its type', () => {
    const { d, 'd@type': type, ...rest } = unchanged;
    assert.deepEqual([d, type], ['2020-01-01', 'Edm.Date']);
    assert.deepEqual(patched('{"d":null}'), rest);
  });
  it('changes to a derived type that is named', () => {
    const merged = JSON.parse(mergeStored(write('{"big":1}'), given('{"@type":"#T.Derived","more":"x"}')));
    assert.deepEqual([merged['@type'], merged.big, merged.more], ['T.Derived', 1, 'x']);
  });
  it('keeps digits it does not touch', () =>
    assert.match(
      mergeStored(write('{"big":9223372036854775807,"x":1.000}'), given('{"ok":false}')),
      /"big":9223372036854775807.*"x":1\.000/,
    ));
});

describe('dynamic properties of an entity', () => {
  const dynamic = (text: string) => bindEntity(parseJson(text), { ...context, type: open }).dynamic;
  it('are written and merged', () => {
    const stored = writeDynamic(dynamic('{"a":1,"b@type":"Guid","b":"01234567-89ab-cdef-0123-456789abcdef","c":null}'));
    assert.equal(stored, '{"a":1,"b@type":"Edm.Guid","b":"01234567-89ab-cdef-0123-456789abcdef"}');
    assert.equal(mergeDynamic(stored, dynamic('{"b":null,"d":{"e":[1]}}')), '{"a":1,"d":{"e":[1]}}');
    assert.equal(mergeDynamic(null, dynamic('{"a":1}')), '{"a":1}');
    assert.equal(writeDynamic(dynamic('{"a":null}')), null);
  });
});

describe('stored JSON text', () => {
  it('prints what it has read', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) =>
        assert.deepEqual(JSON.parse(printStored(readStored(text))), JSON.parse(text)),
      ),
      { numRuns: 300, seed: 8 },
    );
  });
});
