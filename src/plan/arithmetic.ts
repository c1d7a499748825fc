import type { ArithmeticOperator, Expression } from '../bind/index.js';
import { ODataError } from '../errors.js';
import type { Codec } from '../tables/index.js';
import { call, value } from './build.js';
import { type Context, planValue } from './expression.js';
import type { Stored } from './place.js';
import type { Scalar } from './relation.js';
import { asDecimal, asReal, atPrecision, isNumberCodec, precisionOf } from './value.js';

type Arithmetic = Extract<Expression, { kind: 'arithmetic' }>;

const computed = (scalar: Scalar, codec: Codec): Stored => ({ kind: 'stored', scalar, codec, nullable: true });
const digitsOf = (count: number): Scalar => value(BigInt(count));

/** Numbers, and the combinations of dates and durations that the standard lists (URL 5.1.1.2); null with a null operand. */
export function arithmetic(node: Arithmetic, context: Context): Stored {
  const left = planValue(node.left, context);
  const right = planValue(node.right, context);
  const { operator } = node;
  if (isNumeric(left) && isNumeric(right)) return numbers(operator, left, right);
  return temporal(operator, left, right);
}

/** A dynamic property counts as whatever stands beside it. */
function isNumeric({ codec }: Stored): boolean {
  return codec === null || isNumberCodec(codec);
}

/** Both operands meet in the wider type (URL 5.1.1.2, numeric promotion). */
export function numbers(operator: ArithmeticOperator, left: Stored, right: Stored): Stored {
  const kinds = [left.codec?.kind, right.codec?.kind];
  const isReal = kinds.includes('double') || kinds.includes('single') || kinds.every((kind) => kind === undefined);
  if (isReal && operator !== 'divby') return ofReals(operator, asReal(left), asReal(right));
  const isWhole = kinds.every((kind) => kind === 'integer' || kind === undefined);
  if (isWhole && operator !== 'divby')
    return computed(call('integerArithmetic', value(operator), left.scalar, right.scalar), {
      kind: 'integer',
      wide: true,
    });
  const scalar = call('decimalArithmetic', value(operator), asDecimal(left), asDecimal(right));
  return computed(scalar, { kind: 'decimal' });
}

function ofReals(operator: Exclude<ArithmeticOperator, 'divby'>, left: Scalar, right: Scalar): Stored {
  const codec = { kind: 'double' } as const;
  return operator === 'div' || operator === 'mod'
    ? computed(call('realArithmetic', value(operator), left, right), codec)
    : computed(call(operator, left, right), codec);
}

function temporal(operator: ArithmeticOperator, left: Stored, right: Stored): Stored {
  const [a, b] = [left.codec?.kind, right.codec?.kind];
  const isMoment = (kind: Codec['kind'] | undefined) => kind === 'date' || kind === 'dateTimeOffset';
  if (isMoment(a) && b === 'duration') return plus(left, right, operator === 'sub');
  if (a === 'duration' && isMoment(b)) return plus(right, left, false);
  if (isMoment(a) && isMoment(b)) return between(left, right);
  if (a === 'duration' && b === 'duration') return durations(operator, left, right);
  if (a === 'duration' && isNumeric(right)) return scaled(operator, left, right);
  if (b === 'duration' && isNumeric(left)) return scaled('mul', right, left);
  throw new ODataError('NotImplemented', `'${operator}' is not supported between these values.`);
}

/** A date is its midnight, and the time is cut off again (URL 5.1.1.2-5). */
function plus(moment: Stored, duration: Stored, negative: boolean): Stored {
  const units = negative ? call('negate', duration.scalar) : duration.scalar;
  const precision = precisionOf(duration.codec);
  const codec: Codec =
    moment.codec?.kind === 'date'
      ? { kind: 'date' }
      : { kind: 'dateTimeOffset', precision: Math.max(precisionOf(moment.codec), precision) };
  return computed(call('momentPlus', moment.scalar, units, digitsOf(precision), digitsOf(precisionOf(codec))), codec);
}

/** Seconds with at most seven digits behind the point: more would not fit beside the years there are. */
function between(left: Stored, right: Stored): Stored {
  const precision = Math.min(7, Math.max(precisionOf(left.codec), precisionOf(right.codec)));
  const scalar = call('momentsBetween', left.scalar, right.scalar, digitsOf(precision));
  return computed(scalar, { kind: 'duration', precision });
}

function durations(operator: ArithmeticOperator, left: Stored, right: Stored): Stored {
  const precision = Math.max(precisionOf(left.codec), precisionOf(right.codec));
  const [a, b] = [atPrecision(left, precision), atPrecision(right, precision)];
  const scalar = call('integerArithmetic', value(operator), a.scalar, b.scalar);
  return computed(scalar, { kind: 'duration', precision });
}

function scaled(operator: ArithmeticOperator, duration: Stored, factor: Stored): Stored {
  const codec: Codec = { kind: 'duration', precision: precisionOf(duration.codec) };
  return computed(
    call('durationScaled', value(operator === 'mul' ? 'mul' : 'div'), duration.scalar, asDecimal(factor)),
    codec,
  );
}

/** `-x` for numbers and durations (URL 5.1.1.2.3). */
export function negated(operand: Stored): Stored {
  const { codec } = operand;
  if (codec?.kind === 'decimal')
    return computed(call('decimalArithmetic', value('sub'), value('1'), operand.scalar), codec); // '1' is the key of zero
  return computed(call('negate', operand.scalar), codec ?? { kind: 'double' });
}
