import { strict as assert } from 'node:assert';
import { checkItems, checkValue, writability } from '../../src/bind/validation.js';
import { type Annotation, type PrimitiveTypeName, parseValue } from '../../src/edm/index.js';
import { ODataError } from '../../src/errors.js';
import { annotation, primitiveType, property } from './model.js';

const at = { file: 'test', line: 1, column: 1 };
const validation = (term: string, text: string, nested: readonly Annotation[] = []) =>
  annotation(`Org.OData.Validation.V1.${term}`, text, nested);
const exclusive = [annotation('Org.OData.Validation.V1.Exclusive')];
const allowed = (...texts: string[]): Annotation => ({
  ...annotation('Org.OData.Validation.V1.AllowedValues'),
  value: {
    kind: 'collection',
    at,
    items: texts.map((text) => ({
      kind: 'record' as const,
      type: null,
      typeName: null,
      annotations: [],
      at,
      values: new Map([
        [
          'Value',
          {
            property: 'Value',
            annotations: [],
            at,
            value: { kind: 'constant' as const, type: 'String' as const, text, at },
          },
        ],
      ]),
    })),
  },
});

function accepts(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    assert.ok(error instanceof ODataError && error.code === 'InvalidValue', String(error));
    return false;
  }
}

describe('Validation annotations', () => {
  /** Type, annotation, a value that passes, one that does not. */
  const rows: [PrimitiveTypeName, Annotation, string, string][] = [
    ['Edm.Int32', validation('Minimum', '5'), '5', '4'],
    ['Edm.Int32', validation('Minimum', '5', exclusive), '6', '5'],
    ['Edm.Int32', validation('Minimum', '0.5'), '1', '0'],
    ['Edm.Int64', validation('Maximum', '9007199254740992'), '9007199254740992', '9007199254740993'],
    ['Edm.Int32', validation('Maximum', '5', exclusive), '4', '5'],
    ['Edm.Decimal', validation('Maximum', '10.05'), '9.5', '10.051'],
    ['Edm.Decimal', validation('Minimum', '-2'), '-1.5', '-10'],
    ['Edm.Double', validation('Maximum', '1.5'), '-INF', 'INF'],
    ['Edm.Date', validation('Minimum', '2020-01-01'), '2020-01-01', '2019-12-31'],
    [
      'Edm.DateTimeOffset',
      validation('Maximum', '2020-01-01T00:00:00Z'),
      '2020-01-01T01:00:00+01:00',
      '2020-01-01T00:00:00.001Z',
    ],
    ['Edm.Decimal', validation('MultipleOf', '0.05'), '1.15', '1.16'],
    ['Edm.Int32', validation('MultipleOf', '3'), '-9', '10'],
    ['Edm.String', allowed('a', 'b'), 'b', 'c'],
    ['Edm.Int32', allowed('1', '2'), '2', '3'],
  ];
  for (const [name, rule, good, bad] of rows)
    it(`${rule.termName.split('.').at(-1)} of ${name}: ${good}, not ${bad}`, () => {
      const type = primitiveType(name);
      const place = property('x', type, { annotations: [rule] });
      const passes = (text: string) => accepts(() => checkValue(parseValue(type, text), place, type, 'x'));
      assert.deepEqual([passes(good), passes(bad)], [true, false]);
    });

  it('MinItems, MaxItems', () => {
    const place = property('x', 'Edm.String', {
      annotations: [validation('MinItems', '1'), validation('MaxItems', '2')],
    });
    assert.deepEqual(
      [0, 1, 2, 3].map((count) => accepts(() => checkItems(count, place, 'x'))),
      [false, true, true, false],
    );
  });
});

describe('what annotations say about writing', () => {
  const core = (term: string, text: string | null = null) => annotation(`Org.OData.Core.V1.${term}`, text);
  const of = (...annotations: Annotation[]) => writability(property('x', 'Edm.String', { annotations }));
  const nothing = { readOnly: false, immutable: false, supplied: false };
  const rows: [string, Annotation[], object][] = [
    ['nothing', [], nothing],
    ['Computed', [core('Computed')], { ...nothing, readOnly: true }],
    ['Computed false', [core('Computed', 'false')], nothing],
    ['Permissions Read', [core('Permissions', 'Org.OData.Core.V1.Permission/Read')], { ...nothing, readOnly: true }],
    ['Permissions ReadWrite', [core('Permissions', 'Core.Permission/ReadWrite')], nothing],
    ['Permissions Read and Write', [core('Permissions', 'Core.Permission/Read Core.Permission/Write')], nothing],
    ['Immutable', [core('Immutable')], { ...nothing, immutable: true }],
    ['ComputedDefaultValue', [core('ComputedDefaultValue')], { ...nothing, supplied: true }],
    ['OnInsert', [annotation('Edmund.V1.OnInsert', 'x')], { ...nothing, supplied: true }],
  ];
  for (const [name, annotations, expected] of rows) it(name, () => assert.deepEqual(of(...annotations), expected));
});
