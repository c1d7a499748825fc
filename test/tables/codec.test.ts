import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Value } from '../../src/edm/index.js';
import { type Codec, codecOf, decimalKey, decode, encode, encodeNearest } from '../../src/tables/index.js';
import { primitiveType } from '../bind/model.js';

const round = (codec: Codec, value: Value) => decode(codec, encode(codec, value));
const bytes = (text: unknown) => Buffer.from(String(text));
const decimal: Codec = { kind: 'decimal' };
const scaled: Codec = { kind: 'scaledDecimal', scale: 4 };

describe('tables: codecs keep values', () => {
  const rows: readonly [Codec, Value, unknown][] = [
    [{ kind: 'boolean' }, true, 1n],
    [{ kind: 'integer', wide: true }, 9223372036854775807n, 9223372036854775807n],
    [{ kind: 'integer', wide: true }, -9223372036854775808n, -9223372036854775808n],
    [{ kind: 'double' }, Number.MAX_VALUE, Number.MAX_VALUE],
    [{ kind: 'double' }, 5e-324, 5e-324],
    [{ kind: 'double' }, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [{ kind: 'single' }, 0.1, 0.1],
    [scaled, '-99999999999999.9999', -999999999999999999n],
    [scaled, '0.5', 5000n],
    [decimal, '0', '1'],
    [decimal, '1.5', '25000115'],
    [decimal, '-1.5', '04999884~'],
    [decimal, '79228162514264337593543950335.0000000001', '25002979228162514264337593543950335' + '0000000001'],
    [{ kind: 'date' }, '0001-01-01', '0001-01-01'],
    [{ kind: 'duration', precision: 3 }, '-P1DT2H3M4.5S', -93784500n],
    [{ kind: 'duration', precision: 0 }, 'PT0S', 0n],
  ];
  for (const [codec, value, stored] of rows)
    it(`${codec.kind} ${String(value)}`, () => {
      assert.deepEqual(encode(codec, value), stored);
      assert.deepEqual(round(codec, value), value);
    });

  const fixed: readonly [Codec, string, string][] = [
    [{ kind: 'timeOfDay', precision: 3 }, '23:59:59.5', '23:59:59.500'],
    [{ kind: 'dateTimeOffset', precision: 0 }, '9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
    [{ kind: 'dateTimeOffset', precision: 7 }, '2020-01-01T00:00Z', '2020-01-01T00:00:00.0000000Z'],
    [{ kind: 'guid' }, 'ABCDEF01-0000-0000-0000-000000000000', 'abcdef01-0000-0000-0000-000000000000'],
  ];
  for (const [codec, value, stored] of fixed)
    it(`${codec.kind} ${value}`, () => assert.equal(encode(codec, value), stored));

  const refused: readonly [Codec, Value, string][] = [
    [scaled, '0.00001', 'InvalidValue'],
    [scaled, '1e30', 'InvalidValue'],
    [decimal, '1e99999', 'InvalidValue'],
    [{ kind: 'integer' }, 2n ** 63n, 'InvalidValue'],
    [{ kind: 'double' }, Number.NaN, 'NotImplemented'],
    [{ kind: 'single' }, 1e39, 'InvalidValue'],
    [{ kind: 'dateTimeOffset', precision: 0 }, '2020-01-01T00:00:00.5Z', 'InvalidValue'],
    [{ kind: 'date' }, '0000-01-01', 'InvalidValue'],
    [{ kind: 'duration', precision: 12 }, 'P999999999D', 'InvalidValue'],
  ];
  for (const [codec, value, code] of refused)
    it(`${codec.kind} refuses ${String(value)}`, () => assert.throws(() => encode(codec, value), { code }));

  it('knows one zero', () => assert.ok(Object.is(encode({ kind: 'double' }, -0), 0)));
});

describe('tables: codecs keep order and equality', () => {
  const number = fc
    .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: 0, max: 60 }))
    .map(([digits, scale]) => ({ digits, scale, text: `${digits}e-${scale}` }));
  const compare = (a: { digits: bigint; scale: number }, b: { digits: bigint; scale: number }) => {
    const difference = a.digits * 10n ** BigInt(b.scale) - b.digits * 10n ** BigInt(a.scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  };

  it('Decimal text', () =>
    fc.assert(
      fc.property(number, number, (a, b) => {
        assert.equal(
          Math.sign(Buffer.compare(bytes(encode(decimal, a.text)), bytes(encode(decimal, b.text)))),
          compare(a, b),
        );
      }),
      { numRuns: 2000 },
    ));

  it('Decimal text, neighbours', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -200n, max: 200n }),
        fc.bigInt({ min: -200n, max: 200n }),
        fc.nat(3),
        fc.nat(3),
        (a, b, x, y) => {
          const [left, right] = [
            { digits: a, scale: x },
            { digits: b, scale: y },
          ];
          const [m, n] = [encode(decimal, `${a}e-${x}`), encode(decimal, `${b}e-${y}`)];
          assert.equal(Math.sign(Buffer.compare(bytes(m), bytes(n))), compare(left, right));
        },
      ),
      { numRuns: 2000 },
    ));

  it('Decimal text reads back as the number', () =>
    fc.assert(
      fc.property(number, (a) => {
        const text = String(round(decimal, a.text));
        const fraction = text.split('.')[1] ?? '';
        assert.equal(compare(a, { digits: BigInt(text.replace('.', '')), scale: fraction.length }), 0);
        assert.equal(round(decimal, text), text);
      }),
    ));

  it('Duration', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.nat(9), (units, precision) => {
        const codec: Codec = { kind: 'duration', precision };
        assert.equal(encode(codec, decode(codec, units)), units);
      }),
    ));

  it('Single: distinct numbers stay distinct and in order', () =>
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (a, b) => {
          const [x, y] = [Number(encode({ kind: 'single' }, a)), Number(encode({ kind: 'single' }, b))];
          assert.equal(Math.fround(x) === a || a === 0, true);
          assert.equal(Math.sign(x - y), Math.sign(a - b));
        },
      ),
    ));

  it('numbers of all types meet in one key', () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const [x, y] = [decimalKey(a), decimalKey(b)];
        assert.equal(Math.sign(Buffer.compare(bytes(x), bytes(y))), a < b ? -1 : a > b ? 1 : 0);
      }),
    ));
});

describe('tables: the nearest stored value', () => {
  const rows: readonly [Codec, Value, unknown, boolean][] = [
    [{ kind: 'scaledDecimal', scale: 1 }, '1.55', 15n, false],
    [{ kind: 'scaledDecimal', scale: 1 }, '-1.55', -16n, false],
    [{ kind: 'scaledDecimal', scale: 1 }, '1.50', 15n, true],
    [{ kind: 'integer' }, 1.5, 1n, false],
    [{ kind: 'integer' }, -0.5, -1n, false],
    [{ kind: 'integer' }, '2', 2n, true],
    [{ kind: 'dateTimeOffset', precision: 0 }, '2020-01-01T00:00:00.5Z', '2020-01-01T00:00:00Z', false],
    [{ kind: 'duration', precision: 0 }, '-PT0.5S', -1n, false],
  ];
  for (const [codec, value, below, exact] of rows)
    it(`${codec.kind} ${String(value)}`, () => assert.deepEqual(encodeNearest(codec, value), { below, exact }));
  it('none beyond 64 bits', () => assert.equal(encodeNearest({ kind: 'integer' }, '1e30'), null));
});

describe('tables: the codec of a type', () => {
  it('Decimal by its facets', () => {
    const facets = { maxLength: null, srid: null, unicode: null };
    const of = (precision: number | null, scale: number | 'variable' | null) =>
      codecOf(primitiveType('Edm.Decimal'), { ...facets, precision, scale });
    assert.deepEqual(of(18, 2), { kind: 'scaledDecimal', scale: 2 });
    assert.deepEqual(of(10, null), { kind: 'scaledDecimal', scale: 0 });
    assert.deepEqual(of(19, 2), { kind: 'decimal' });
    assert.deepEqual(of(10, 'variable'), { kind: 'decimal' });
    assert.deepEqual(of(null, null), { kind: 'decimal' });
  });
});
