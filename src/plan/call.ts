import type { Expression, FunctionName } from '../bind/index.js';
import type { Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Codec, codecOf } from '../tables/index.js';
import { arithmetic, negated } from './arithmetic.js';
import { call, value } from './build.js';
import { collectionJson, placeOf } from './collection.js';
import { type Context, isThere, locate, namesType, onlyIf, planCondition, planValue } from './expression.js';
import { type Place, type Stored, typeCondition } from './place.js';
import type { OperatorName, Scalar } from './relation.js';
import { asDecimal, atPrecision, comparable, isNumberCodec, precisionOf, sameForm } from './value.js';

type Computing = Extract<Expression, { kind: 'negate' | 'arithmetic' | 'call' | 'castTo' | 'isof' | 'case' }>;
type Call = Extract<Expression, { kind: 'call' }>;

/** Arithmetic, canonical functions, casts and `case` (URL 5.1.1.2 to 5.1.1.12). */
export function planCall(node: Computing, context: Context): Stored {
  switch (node.kind) {
    case 'call':
      return canonical(node, context);
    case 'case':
      return cases(node, context);
    case 'arithmetic':
      return arithmetic(node, context);
    case 'negate':
      return negated(planValue(node.operand, context));
    case 'castTo':
      return cast(node, context);
    case 'isof':
      return isOf(node, context);
  }
}

const text: Codec = { kind: 'string' };
const integer: Codec = { kind: 'integer' };
const boolean: Codec = { kind: 'boolean' };
const decimal: Codec = { kind: 'decimal' };

const gives = (scalar: Scalar, codec: Codec | null, operands: readonly Stored[]): Stored => ({
  kind: 'stored',
  scalar,
  codec,
  nullable: operands.some((operand) => operand.nullable),
});

/** Functions that one operator of the dialect answers, and the codec of what it gives. */
const direct: Readonly<Partial<Record<FunctionName, readonly [operator: OperatorName, gives: Codec]>>> = {
  concat: ['concat', text],
  contains: ['contains', boolean],
  startswith: ['startswith', boolean],
  endswith: ['endswith', boolean],
  indexof: ['indexof', integer],
  length: ['length', integer],
  substring: ['substring', text],
  matchespattern: ['matchesPattern', boolean],
  tolower: ['tolower', text],
  toupper: ['toupper', text],
  trim: ['trim', text],
  date: ['dateOf', { kind: 'date' }],
  year: ['year', integer],
  month: ['month', integer],
  day: ['day', integer],
  hour: ['hour', integer],
  minute: ['minute', integer],
  second: ['second', integer],
  fractionalseconds: ['fractionalSeconds', decimal],
};

const maxDateTime = '9999-12-31T23:59:59.999999999999Z';
const minDateTime = '0001-01-01T00:00:00.000000000000Z';

function canonical(node: Call, context: Context): Stored {
  if (node.arguments.some((argument) => argument.collection)) return onCollections(node, context);
  const operands = node.arguments.map((argument) => planValue(argument, context));
  const known = direct[node.name];
  if (known !== undefined)
    return gives(call(known[0], ...operands.map((operand) => operand.scalar)), known[1], operands);
  const [first] = operands;
  switch (node.name) {
    case 'now':
      return gives(call('now'), { kind: 'dateTimeOffset', precision: 3 }, []);
    case 'maxdatetime':
      return gives(value(maxDateTime), { kind: 'dateTimeOffset', precision: 12 }, []);
    case 'mindatetime':
      return gives(value(minDateTime), { kind: 'dateTimeOffset', precision: 12 }, []);
    default:
      if (first !== undefined) return ofOne(node, first, operands);
      throw unsupported(node.name);
  }
}

function ofOne(node: Call, first: Stored, operands: readonly Stored[]): Stored {
  switch (node.name) {
    case 'floor':
    case 'ceiling':
    case 'round':
      return rounding(node.name, first);
    case 'time':
      return gives(call('timeOf', first.scalar), { kind: 'timeOfDay', precision: precisionOf(first.codec) }, operands);
    case 'totaloffsetminutes': // moments are kept in UTC (URL 5.1.1.8-3)
      return gives(
        { kind: 'case', branches: [{ when: call('isNotNull', first.scalar), gives: value(0n) }], otherwise: null },
        integer,
        operands,
      );
    case 'totalseconds':
      return gives(call('decimalKey', first.scalar, value(BigInt(precisionOf(first.codec)))), decimal, operands);
    case 'geo.distance':
    case 'geo.intersects':
    case 'geo.length':
      return geo(node, operands);
    default:
      throw unsupported(node.name);
  }
}

function unsupported(name: string): ODataError {
  return new ODataError('NotImplemented', `'${name}' is not supported for these operands.`);
}

/** The type stays; whole numbers are what they are (URL 5.1.1.9). */
function rounding(name: string, operand: Stored): Stored {
  const { codec } = operand;
  if (codec?.kind === 'integer') return operand;
  if (codec?.kind === 'scaledDecimal')
    return gives(call('rounded', value(name), asDecimal(operand)), decimal, [operand]);
  return gives(call('rounded', value(name), operand.scalar), codec ?? { kind: 'double' }, [operand]);
}

function geo(node: Call, operands: readonly Stored[]): Stored {
  const name = node.arguments[0]?.type?.qualifiedName ?? '';
  const kind = name.startsWith('Edm.Geography') ? 'geography' : 'geometry';
  if (node.arguments.some(({ type }) => type !== null && !type.qualifiedName.toLowerCase().startsWith(`edm.${kind}`)))
    throw new ODataError('TypeMismatch', `'${node.name}' takes geography or geometry values, not both.`);
  const codec: Codec = node.name === 'geo.intersects' ? boolean : { kind: 'double' };
  return gives(
    call('onGeo', value(node.name), value(kind), ...operands.map((operand) => operand.scalar)),
    codec,
    operands,
  );
}

/** The functions on ordered collections (URL 5.1.1.5, 5.1.1.6). */
function onCollections(node: Call, context: Context): Stored {
  const operands = node.arguments.map((argument) =>
    argument.collection
      ? collectionJson(argument, context, placeOf(node.arguments))
      : planValue(argument, context).scalar,
  );
  const codecs: Readonly<Record<string, Codec>> = {
    length: integer,
    indexof: integer,
    concat: { kind: 'json' },
    substring: { kind: 'json' },
  };
  return {
    kind: 'stored',
    scalar: call('onCollection', value(node.name), ...operands),
    codec: codecs[node.name] ?? boolean,
    nullable: true,
  };
}

/** The first branch whose condition is true; without one null (URL 5.1.1.12). The values meet in one representation. */
function cases(node: Extract<Expression, { kind: 'case' }>, context: Context): Stored {
  const branches = node.branches.map((branch) => ({
    when: planCondition(branch.condition, context),
    gives: planValue(branch.value, context),
  }));
  const [first, ...rest] = branches.map((branch) => branch.gives).filter((found) => found.codec !== null);
  if (first === undefined) return caseOf(branches, null);
  const all = [first, ...rest];
  if (all.every(({ codec }) => codec?.kind === first.codec?.kind && sameForm(first.codec, codec)))
    return caseOf(branches, first.codec);
  if (all.every(({ codec }) => codec !== null && isNumberCodec(codec)))
    return caseOf(branches.map(atCommon(comparable)), decimal);
  const { codec } = first;
  if (codec === null || !('precision' in codec) || all.some((other) => other.codec?.kind !== codec.kind))
    throw unsupported('case');
  const precision = Math.max(...all.map((stored) => precisionOf(stored.codec)));
  return caseOf(branches.map(atCommon((stored) => atPrecision(stored, precision))), { ...codec, precision });
}

interface Branch {
  readonly when: Scalar;
  readonly gives: Stored;
}

const atCommon =
  (form: (stored: Stored) => Stored) =>
  ({ when, gives }: Branch): Branch => ({ when, gives: gives.codec === null ? gives : form(gives) });

function caseOf(branches: readonly Branch[], codec: Codec | null): Stored {
  const values = branches.map(({ when, gives: found }) => ({ when, gives: found.scalar }));
  return { kind: 'stored', scalar: { kind: 'case', branches: values, otherwise: null }, codec, nullable: true };
}

/** A cast that fails gives null (URL 5.1.1.10.1). */
function cast(node: Extract<Expression, { kind: 'castTo' }>, context: Context): Stored {
  const target = node.type;
  if (target === null || node.collection || !isPrimitive(target)) throw unsupported('cast');
  const operand = planValue(node.operand, context);
  const codec = codecOf(target);
  if (operand.codec === null) return { ...operand, codec, nullable: true };
  return {
    kind: 'stored',
    scalar: call(
      'castTo',
      operand.scalar,
      value(codecText(operand.codec)),
      value(codecText(codec)),
      value(target.qualifiedName),
    ),
    codec,
    nullable: true,
  };
}

function isPrimitive(type: Type): boolean {
  return type.kind === 'primitive' || type.kind === 'enum' || type.kind === 'typeDefinition';
}

/** A codec as plain data, for a function of the database. */
export function codecText(codec: Codec): string {
  return JSON.stringify(codec.kind === 'enum' ? { kind: 'enum', type: codec.type.qualifiedName } : codec);
}

/** Assignable by the cast rules; null for null (URL 5.1.1.10.2). */
function isOf(node: Extract<Expression, { kind: 'isof' }>, context: Context): Stored {
  const { tested, operand } = node;
  if (tested.kind === 'entity' || tested.kind === 'complex') return isOfStructured(node, context);
  const found = planValue(operand, context);
  const declared = operand.type;
  const fits = declared === tested || (declared?.kind === 'typeDefinition' && declared.underlyingType === tested);
  return {
    kind: 'stored',
    scalar: onlyIf(call('isNotNull', found.scalar), value(fits ? 1n : 0n)),
    codec: boolean,
    nullable: true,
  };
}

function isOfStructured({ operand, tested }: Extract<Expression, { kind: 'isof' }>, context: Context): Stored {
  const located = locate(operand, context);
  const fact = (scalar: Scalar): Stored => ({ kind: 'stored', scalar, codec: boolean, nullable: true });
  if (located.kind === 'row' && tested.kind === 'entity') return fact(ofType(located, tested));
  if (located.kind === 'through' && located.item.kind === 'row' && tested.kind === 'entity')
    return fact({ kind: 'subquery', relation: located.rows, value: ofType(located.item, tested) });
  if (located.kind === 'json' && tested.kind === 'complex') {
    return fact(onlyIf(isThere(located), namesType(located, tested)));
  }
  if (located.kind === 'flattened')
    return fact(onlyIf(isThere(located), value(located.storage.type === tested ? 1n : 0n)));
  throw unsupported('isof');
}

function ofType(row: Extract<Place, { kind: 'row' }>, tested: Type): Scalar {
  if (tested.kind !== 'entity') return value(0n);
  const known = [row.table.type, ...row.table.type.derivedTypes].includes(tested);
  return known ? (typeCondition(row.table, row.as, tested) ?? value(1n)) : value(0n);
}
