import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { bindCollection, bindComplex, bindEntity, bindPrimitive } from '../../src/bind/body.js';
import { bindParameters } from '../../src/bind/body-operation.js';
import type { BodyContext, Place } from '../../src/bind/body-value.js';
import type { EntityChange, ValueChange } from '../../src/bind/change.js';
import { ODataError } from '../../src/errors.js';
import { parseJson } from '../../src/payload/read.js';
import { annotation, complex, entity, enumeration, model, navigation, property } from './model.js';

const color = enumeration('Color', { Red: 1, Green: 2, Blue: 4 });
const access = enumeration('Access', { Read: 1, Write: 2, Execute: 4 }, true);
const address = complex('Address', {
  properties: [property('city', 'Edm.String', { maxLength: 10 }), property('zip', 'Edm.String', { nullable: false })],
});
const detail = complex('Detail', { properties: [property('jobTitle', 'Edm.String'), property('address', address)] });
const bag = complex('Bag', { open: true, properties: [property('size', 'Edm.Int32')] });
const shape = complex('Shape', { abstract: true });
const circle = complex('Circle', { properties: [property('radius', 'Edm.Double')] }, shape);
const position = entity(
  'Position',
  { properties: [property('id', 'Edm.String', { nullable: false }), property('detail', detail)] },
  ['id'],
);
const author = entity(
  'Author',
  { properties: [property('id', 'Edm.Int32', { nullable: false }), property('name', 'Edm.String')] },
  ['id'],
);
const computed = [annotation('Org.OData.Core.V1.Computed')];
const book = entity(
  'Book',
  {
    properties: [
      property('id', 'Edm.Int32', { nullable: false }),
      property('title', 'Edm.String', { nullable: false, maxLength: 20 }),
      property('pages', 'Edm.Int16'),
      property('sold', 'Edm.Int64'),
      property('price', 'Edm.Decimal', {
        precision: 6,
        scale: 2,
        annotations: [
          annotation('Org.OData.Validation.V1.Minimum', '0', [annotation('Org.OData.Validation.V1.Exclusive')]),
          annotation('Org.OData.Validation.V1.MultipleOf', '0.05'),
        ],
      }),
      property('weight', 'Edm.Double', { annotations: [annotation('Org.OData.Validation.V1.Maximum', '10')] }),
      property('printed', 'Edm.DateTimeOffset', { precision: 3 }),
      property('color', color),
      property('access', access),
      property('tags', 'Edm.String', {
        collection: true,
        nullable: false,
        annotations: [annotation('Org.OData.Validation.V1.MaxItems', '2')],
      }),
      property('aliases', 'Edm.String', { collection: true }),
      property('home', address),
      property('bag', bag),
      property('shape', shape),
      property('origin', 'Edm.GeographyPoint'),
      property('status', 'Edm.String', { nullable: false, defaultValue: 'new' }),
      property('maker', 'Edm.String', { nullable: false, annotations: [annotation('Edmund.V1.OnInsert', 'x')] }),
      property('createdAt', 'Edm.DateTimeOffset', { precision: 7, nullable: false, annotations: computed }),
      property('secret', 'Edm.String', {
        annotations: [annotation('Org.OData.Core.V1.Permissions', 'Org.OData.Core.V1.Permission/Read')],
      }),
      property('isbn', 'Edm.String', { annotations: [annotation('Org.OData.Core.V1.Immutable')] }),
    ],
    navigation: [
      navigation('author', author),
      navigation('publisher', author, { nullable: false }),
      navigation('coauthors', author, { collection: true }),
      navigation('positions', position, { collection: true, contained: true }),
    ],
  },
  ['id'],
);
const rareBook = entity('RareBook', { properties: [property('appraisal', 'Edm.Int32')] }, ['id'], book);
const openThing = entity('Open', { open: true, properties: [property('id', 'Edm.Int32', { nullable: false })] }, [
  'id',
]);
const types = model([color, access, address, detail, bag, shape, circle, position, author, book, rareBook, openThing]);

const merge: BodyContext = {
  model: types,
  purpose: 'merge',
  version: '4.01',
  strict: false,
  ieee754Compatible: false,
  seeding: false,
};

function bind(body: unknown, context: Partial<BodyContext> & { type?: typeof book } = {}): EntityChange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return bindEntity(parseJson(text), { type: book, ...merge, ...context });
}

/** The change as plain data, by names. */
function plain(change: ValueChange | EntityChange): unknown {
  switch (change.kind) {
    case 'value':
      return typeof change.value === 'bigint' ? `${change.value}n` : change.value;
    case 'collection':
    case 'appended':
      return change.items.map(plain);
    case 'complex':
      return Object.fromEntries([...change.members].map(([member, value]) => [member.name, plain(value)]));
    case 'stream':
      return change.type;
    case 'entity':
      return Object.fromEntries([...change.properties].map(([member, value]) => [member.name, plain(value)]));
  }
}

function problem(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ODataError, String(error));
    return `${error.code} ${error.target}`;
  }
  return 'none';
}

describe('a bound entity body', () => {
  const accepted: [string, unknown, unknown][] = [
    ['P11.4.3-1 nothing named', {}, {}],
    [
      'J4.5-3 unknown annotations and control information',
      { '@X.Y': 1, 'title@X.Y': [2], '@odata.foo': 1, '@odata.etag': 'W/"1"', '#T.Op': {} },
      {},
    ],
    [
      'P11.4.3-5 computed, read-only and immutable members',
      { createdAt: '2020-01-01T00:00:00Z', secret: 'x', isbn: '1', title: 'a' },
      { title: 'a' },
    ],
    ['J7-1 null', { pages: null, home: null }, { pages: null, home: null }],
    ['J4.5.3 type of the entity', { '@odata.type': '#T.RareBook', appraisal: 3 }, { appraisal: '3n' }],
    ['type without number sign', { '@type': 'T.RareBook', appraisal: 3 }, { appraisal: '3n' }],
    ['J4.5.3-1 type as URL', { '@type': 'http://host/$metadata#T.RareBook', appraisal: 3 }, { appraisal: '3n' }],
    ['T2 Int64 beyond 2^53', '{"sold":9007199254740993}', { sold: '9007199254740993n' }],
    ['T2 Decimal digits', '{"price":1234.50}', { price: '1234.5' }],
    ['J3.2-5 exponent', '{"price":1.25e2}', { price: '125' }],
    ['T2 Double', '{"weight":-1.5E-3}', { weight: -0.0015 }],
    ['T2 DateTimeOffset to UTC', { printed: '2024-02-29T23:30:00.5-01:00' }, { printed: '2024-03-01T00:30:00.5Z' }],
    ['T2 enumeration', { color: 'Green', access: 'Read,Execute' }, { color: '2n', access: '5n' }],
    ['clients 2.12 enumeration as integer', { color: 2 }, { color: '2n' }],
    ['J7.3-1 collections', { tags: ['a', 'b'], aliases: ['c', null] }, { tags: ['a', 'b'], aliases: ['c', null] }],
    ['J7.2 complex value, merged', { home: { city: 'Ulm' } }, { home: { city: 'Ulm' } }],
    ['J7.2-1 derived complex type', { shape: { '@type': '#T.Circle', radius: 2 } }, { shape: { radius: 2 } }],
    [
      'T2 GeoJSON',
      { origin: { type: 'Point', coordinates: [8.5, 49] } },
      { origin: '{"type":"Point","coordinates":[8.5,49]}' },
    ],
    ['P11.4.3-5 key', { id: 7, title: 'a' }, { title: 'a' }],
  ];
  for (const [name, body, expected] of accepted) it(name, () => assert.deepEqual(plain(bind(body)), expected));

  it('keeps the key apart, and id, etag and content id', () => {
    const change = bind({ id: 7, '@id': 'Books(7)', '@etag': 'W/"1"', '@Core.ContentID': 'a' });
    assert.deepEqual(
      [...change.key].map(([key, value]) => [key.name, value]),
      [['id', 7n]],
    );
    assert.deepEqual([change.id, change.etag, change.contentId, change.typeNamed], ['Books(7)', 'W/"1"', 'a', false]);
    assert.equal(bind({ '@odata.etag': 'x' }, { version: '4.0' }).etag, null, 'P11.4.1.1-8');
  });

  it('takes computed members when seeding', () => {
    const change = bind(
      { id: 1, title: 'a', createdAt: '2020-01-01T00:00:00Z', secret: 's' },
      { purpose: 'insert', seeding: true },
    );
    assert.deepEqual(plain(change), { title: 'a', createdAt: '2020-01-01T00:00:00Z', secret: 's' });
  });

  const refused: [string, unknown, string, Partial<BodyContext>?][] = [
    ['not an object', '[]', 'TypeMismatch null'],
    ['P11.4.3-13 unknown property', { titel: 'x' }, 'UnknownProperty titel'],
    ['__proto__', '{"__proto__":1}', 'UnknownProperty __proto__'],
    ['J7.1-1 wrong JSON type', { title: 1 }, 'TypeMismatch title'],
    ['string for Boolean-like', { pages: '1' }, 'TypeMismatch pages'],
    ['Int16 range', { pages: 32768 }, 'InvalidValue pages'],
    ['fraction in an integer', '{"pages":1.5}', 'InvalidValue pages'],
    ['J3.2-2 Int64 as string', { sold: '1' }, 'TypeMismatch sold'],
    ['Decimal scale', '{"price":1.005}', 'InvalidValue price'],
    ['Decimal precision', '{"price":12345.5}', 'InvalidValue price'],
    ['Validation.Minimum exclusive', { price: 0 }, 'InvalidValue price'],
    ['Validation.MultipleOf', '{"price":1.02}', 'InvalidValue price'],
    ['Validation.Maximum', { weight: 10.5 }, 'InvalidValue weight'],
    ['Validation.MaxItems', { tags: ['a', 'b', 'c'] }, 'InvalidValue tags'],
    ['MaxLength', { title: 'x'.repeat(21) }, 'InvalidValue title'],
    ['MaxLength in a complex value', { home: { city: 'x'.repeat(11) } }, 'InvalidValue home/city'],
    ['more digits than Precision', { printed: '2020-01-01T00:00:00.1234Z' }, 'InvalidValue printed'],
    ['no such day', { printed: '2023-02-29T00:00:00Z' }, 'InvalidValue printed'],
    ['enumeration member', { color: 'red' }, 'InvalidValue color'],
    ['enumeration number', { color: 3 }, 'InvalidValue color'],
    ['enumeration as integer, strict', { color: 2 }, 'TypeMismatch color', { strict: true }],
    ['null for non-nullable', { title: null }, 'InvalidValue title'],
    ['J7.3-1 null for a collection', { tags: null }, 'InvalidValue tags'],
    ['null item', { tags: ['a', null] }, 'InvalidValue tags/1'],
    ['no array', { tags: 'a' }, 'TypeMismatch tags'],
    ['no object', { home: [] }, 'TypeMismatch home'],
    ['abstract complex type', { shape: {} }, 'TypeMismatch shape'],
    ['J4.5.3-8 unknown type', { '@odata.type': '#T.Nope' }, 'UnknownType @odata.type'],
    ['J4.5.3-8 incompatible type', { '@odata.type': '#T.Author' }, 'TypeMismatch @odata.type'],
    ['type without number sign, strict', { '@type': 'T.Book' }, 'InvalidValue @type', { strict: true }],
    ['type of a property', { 'title@type': '#Int32', title: 'x' }, 'TypeMismatch title@type'],
    ['GeoJSON of another kind', { origin: { type: 'LineString', coordinates: [] } }, 'InvalidValue origin'],
    ['read-only members are looked at', { createdAt: 5 }, 'TypeMismatch createdAt'],
    [
      'P11.4.2-10 missing members',
      { id: 1, publisher: { '@id': 'A(1)' } },
      'MissingValue title',
      { purpose: 'insert' },
    ],
    ['P11.4.2-10 missing relationship', { id: 1, title: 'x' }, 'MissingValue publisher', { purpose: 'insert' }],
    ['P11.4.3-2 missing members', {}, 'MissingValue title', { purpose: 'replace' }],
    [
      'missing in a complex value',
      { id: 1, title: 'x', home: {}, publisher: { '@id': 'A(1)' } },
      'MissingValue home/zip',
      { purpose: 'insert' },
    ],
    ['P11.4.3.1-1 inline in 4.0', { author: { id: 1 } }, 'BadRequest author', { version: '4.0' }],
    ['P11.4.3.1-1 inline contained in 4.0', { positions: [] }, 'BadRequest positions', { version: '4.0' }],
    ['single bound by an array', { 'author@odata.bind': [] }, 'TypeMismatch author@odata.bind'],
    ['collection bound by a string', { 'coauthors@odata.bind': 'Authors(1)' }, 'TypeMismatch coauthors@odata.bind'],
    ['empty URL', { 'author@bind': '' }, 'TypeMismatch author@bind'],
    ['binding of nothing', { 'autor@odata.bind': 'Authors(1)' }, 'UnknownProperty autor@odata.bind'],
    ['null for a mandatory relationship', { publisher: null }, 'InvalidValue publisher'],
    ['null for a collection of entities', { positions: null }, 'TypeMismatch positions'],
    ['null entity in a collection', { positions: [null] }, 'TypeMismatch positions/0'],
    ['deep target', { positions: [{ id: 'a', detail: { jobTitle: 5 } }] }, 'TypeMismatch positions/0/detail/jobTitle'],
    ['delta in PUT', { title: 'x', 'positions@delta': [] }, 'BadRequest positions@delta', { purpose: 'replace' }],
    ['delta and whole', { positions: [], 'positions@delta': [] }, 'BadRequest positions'],
    ['removed in a whole', { positions: [{ '@removed': {}, id: 'a' }] }, 'BadRequest positions/0'],
    ['removed without identity', { 'positions@delta': [{ '@removed': {} }] }, 'MissingValue positions@delta/0'],
    [
      'removed for another reason',
      { 'positions@delta': [{ '@removed': { reason: 'x' }, id: 'a' }] },
      'InvalidValue positions@delta/0/@removed',
    ],
    ['bind in strict 4.01', { 'author@odata.bind': 'Authors(1)' }, 'BadRequest author', { strict: true }],
  ];
  for (const [name, body, expected, context] of refused)
    it(`refuses: ${name}`, () =>
      assert.equal(
        problem(() => bind(body, context)),
        expected,
      ));

  it('ignores null for what it ignores', () =>
    assert.deepEqual(plain(bind({ createdAt: null, title: 'a' })), { title: 'a' }));

  it('stops looking after enough problems', () => {
    const body = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`unknown${index}`, 1]));
    assert.equal(
      problem(() => bind(body)),
      'ValidationFailed null',
    );
  });

  it('reports all problems together', () => {
    try {
      bind({ tittle: 1, pages: 'x', home: { city: 3 } });
      assert.fail('accepted');
    } catch (error) {
      assert.ok(error instanceof ODataError);
      assert.deepEqual(
        [error.code, error.details.map((item) => item.target)],
        ['ValidationFailed', ['tittle', 'pages', 'home/city']],
      );
      assert.match(error.details[0]?.message ?? '', /Did you mean 'title'/);
    }
  });
});

describe('relationships in a body', () => {
  const rows: [string, unknown, string, unknown, Partial<BodyContext>?][] = [
    [
      'J8.5-1 bind',
      { 'author@odata.bind': 'Authors(3)' },
      'author',
      { kind: 'bind', urls: ['Authors(3)'] },
      { version: '4.0' },
    ],
    [
      'J8.5-1 bind several',
      { 'coauthors@odata.bind': ['Authors(3)', 'Authors(4)'] },
      'coauthors',
      { kind: 'bind', urls: ['Authors(3)', 'Authors(4)'] },
    ],
    ['J8.5-1 bind null', { 'author@odata.bind': null }, 'author', { kind: 'null' }],
    ['J8.5-2 reference', { author: { '@id': 'Authors(3)' } }, 'author', { kind: 'bind', urls: ['Authors(3)'] }],
    ['null', { author: null }, 'author', { kind: 'null' }],
    ['P11.4.2.2-1 inline entity', { author: { id: 1, name: 'x' } }, 'author', { kind: 'entity', item: { name: 'x' } }],
    [
      'P11.4.3.1-2 full membership',
      { positions: [{ id: 'a' }, { '@id': 'x' }] },
      'positions',
      { kind: 'replace', items: [{}, 'x'] },
    ],
    [
      'P11.4.3.1-3 delta',
      { 'positions@delta': [{ id: 'a' }, { '@removed': { reason: 'deleted' }, id: 'b' }] },
      'positions',
      { kind: 'delta', items: [{}, 'deleted b'] },
    ],
    [
      'J8.5-4 bind and insert',
      { id: 1, title: 'x', publisher: { id: 1 }, 'coauthors@odata.bind': ['A(1)'], coauthors: [{ id: 2 }] },
      'coauthors',
      { kind: 'replace', items: ['A(1)', {}] },
      { purpose: 'insert' },
    ],
  ];
  for (const [name, body, relation, expected, context] of rows)
    it(name, () => {
      const change = bind(body, context);
      const [found] = [...change.navigation].filter(([item]) => item.name === relation);
      const item = found?.[1];
      assert.ok(item);
      const shown =
        item.kind === 'bind'
          ? { kind: 'bind', urls: item.references.map(({ url }) => url) }
          : item.kind === 'entity'
            ? { kind: 'entity', item: plain(item.item) }
            : item.kind === 'null'
              ? item
              : {
                  kind: item.kind,
                  items: item.items.map((one) =>
                    one.kind === 'entity'
                      ? plain(one)
                      : one.kind === 'reference'
                        ? one.url
                        : `${one.reason} ${[...one.key.values()]}`,
                  ),
                };
      assert.deepEqual(shown, expected);
    });
});

describe('dynamic properties', () => {
  const open = (text: string) => bindEntity(parseJson(text), { type: openThing, ...merge });
  it('keep their JSON and named type', () => {
    const { dynamic } = open('{"a":1.50,"b@odata.type":"#Date","b":"2020-01-01","c@type":"Collection(Int32)","c":[1]}');
    assert.deepEqual(
      [...dynamic].map(([name, { type }]) => [name, type]),
      [
        ['a', null],
        ['b', 'Edm.Date'],
        ['c', 'Collection(Edm.Int32)'],
      ],
    );
  });
  const refused: [string, string][] = [
    ['{"__proto__":1}', 'InvalidValue __proto__'],
    ['{"constructor":{}}', 'InvalidValue constructor'],
    ['{"a b":1}', 'InvalidValue a b'],
    ['{"a@type":"#Date","a":"x"}', 'InvalidValue a'],
    ['{"a@type":"#T.Nope","a":"x"}', 'UnknownType a@type'],
  ];
  for (const [body, expected] of refused)
    it(`refuses ${body}`, () =>
      assert.equal(
        problem(() => open(body)),
        expected,
      ));
});

describe('bodies of single properties and of actions', () => {
  const of = (name: string) => book.properties.get(name) as Place;
  it('P11.4.9.1-1 primitive', () => {
    assert.equal(plain(bindPrimitive(parseJson('{"@odata.context":"x","value":5}'), of('pages'), merge)), '5n');
    assert.equal(
      problem(() => bindPrimitive(parseJson('{"value":"x"}'), of('pages'), merge)),
      'TypeMismatch value',
    );
    assert.equal(
      problem(() => bindPrimitive(parseJson('{}'), of('pages'), merge)),
      'MissingValue value',
    );
    assert.equal(
      problem(() => bindPrimitive(parseJson('{"value":1,"x":2}'), of('pages'), merge)),
      'UnknownProperty x',
    );
  });
  it('P11.4.9.3-1 complex, P11.4.9.3-3 null', () => {
    const home = of('home') as Place & { type: typeof address };
    assert.deepEqual(plain(bindComplex(parseJson('{"city":"Ulm"}'), home, merge)), { city: 'Ulm' });
    assert.equal(
      problem(() => bindComplex(parseJson('{"city":"Ulm"}'), home, { ...merge, purpose: 'replace' })),
      'MissingValue zip',
    );
    assert.equal(plain(bindComplex(parseJson('{"value":null}'), home, merge)), null);
  });
  it('P11.4.9.4-1 collection', () => {
    assert.deepEqual(plain(bindCollection(parseJson('{"value":["a"]}'), of('tags'), merge)), ['a']);
    assert.equal(
      problem(() => bindCollection(parseJson('{"value":null}'), of('tags'), merge)),
      'InvalidValue value',
    );
  });
  it('J18 parameters', () => {
    const parameter = (name: string, nullable: boolean) => ({
      ...property(name, 'Edm.Int32', { nullable }),
      kind: 'parameter' as const,
      optional: null,
    });
    const parameters = [parameter('a', false), parameter('b', true)];
    const given = bindParameters(parseJson('{"a":1}'), parameters, merge);
    assert.deepEqual(
      [...given].map(([{ name }]) => name),
      ['a'],
    );
    assert.equal(
      problem(() => bindParameters(null, parameters, merge)),
      'MissingValue a',
    );
    assert.equal(
      problem(() => bindParameters(parseJson('{"a":1,"c":2}'), parameters, merge)),
      'UnknownProperty c',
    );
  });
});

describe('any JSON body', () => {
  it('is bound or refused with an ODataError', () => {
    const names = [
      ...book.properties.keys(),
      ...book.navigationProperties.keys(),
      '@type',
      '@id',
      'author@bind',
      'positions@delta',
      '@removed',
    ];
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, '', '#T.RareBook', '2020-01-01T00:00:00Z', 'Red'),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.array(tie('value'), { maxLength: 4 }),
        tie('object'),
      ),
      object: fc.dictionary(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string() }),
        tie('value'),
        { maxKeys: 5 },
      ),
    }));
    fc.assert(
      fc.property(
        json.object,
        fc.constantFrom('insert', 'merge', 'replace'),
        fc.constantFrom('4.0', '4.01'),
        (body, purpose, version) => {
          problem(() => bind(body, { purpose: purpose as 'insert', version: version as '4.0' }));
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});
