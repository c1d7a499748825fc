import type { Transformation } from '../bind/index.js';
import type { Codec } from '../tables/index.js';
import { type Applied, extended, freshColumn, keyOrder, narrowed, numberedRows, partitionOf } from './apply.js';
import { numbers } from './arithmetic.js';
import { call, columnOf, value } from './build.js';
import { type Context, planValue } from './expression.js';
import type { Stored } from './place.js';
import type { Order, Scalar, WindowName } from './relation.js';
import { align } from './value.js';

type First = Extract<Transformation, { kind: 'first' }>;

/** `topcount` and its like: the first rows in order of a value, as long as the limit is not reached (Aggregation 3.3.1). */
export function firstOf(current: Applied, step: First, context: Context): Applied {
  const measured = planValue(step.value, context);
  const amount = planValue(step.amount, context);
  const order: readonly Order[] = [
    { value: measured.scalar, descending: step.descending },
    ...keyOrder(current.item, current.as),
  ];
  if (step.until !== 'count') return untilSum(current, step.until, measured, amount, order);
  const { numbered, number } = numberedRows(current, order);
  return narrowed(numbered, compared('le', whole(number), amount));
}

const whole = (scalar: Scalar): Stored => ({ kind: 'stored', scalar, codec: { kind: 'integer' }, nullable: false });

/**
 * A row is in when the sum of those before it, at its greatest, has not reached the limit: sums fall again where values are
 * negative, and who has left the loop does not come back.
 */
function untilSum(
  current: Applied,
  until: 'percent' | 'sum',
  measured: Stored,
  amount: Stored,
  order: readonly Order[],
) {
  const [before, total, greatest] = [freshColumn(current), freshColumn(current), freshColumn(current)];
  const partition = partitionOf(current);
  const { codec } = measured;
  const sum = (part: { readonly order: readonly Order[]; readonly before: boolean }): Scalar =>
    call(
      'coalesce',
      { kind: 'window', name: windowSum(codec), operand: measured.scalar, partition, ...part },
      zero(codec),
    );
  const summed = extended(current, [
    { name: before, value: sum({ order, before: true }) },
    { name: total, value: sum({ order: [], before: false }) },
  ]);
  const column = (name: string): Stored => ({ ...measured, scalar: columnOf(current.as, name), nullable: false });
  const peak: Scalar = { kind: 'window', name: 'max', operand: column(before).scalar, partition, order };
  const peaked = extended(summed, [{ name: greatest, value: peak }]);
  const reached = column(greatest);
  if (until === 'sum') return narrowed(peaked, compared('lt', reached, amount));
  const share = numbers('mul', column(total), amount);
  return narrowed(peaked, compared('lt', numbers('mul', reached, hundred), share));
}

const hundred: Stored = { ...whole(value(100n)) };

function windowSum(codec: Codec | null): WindowName {
  return codec?.kind === 'decimal' ? 'decimalSum' : 'sum';
}

/** The sum of nothing, as its codec stores it. */
function zero(codec: Codec | null): Scalar {
  if (codec?.kind === 'decimal') return value('1'); // '1' is the key of zero
  return value(codec?.kind === 'double' || codec?.kind === 'single' ? 0 : 0n);
}

function compared(operator: 'lt' | 'le', left: Stored, right: Stored): Scalar {
  const aligned = align(operator, left, right);
  if (aligned.operator === 'never' || aligned.operator === 'always')
    return value(aligned.operator === 'always' ? 1n : 0n);
  return call(aligned.operator, aligned.left.scalar, aligned.right.scalar);
}
