import type { Expression, Variable } from '../bind/index.js';
import type { ComplexType, NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { encode } from '../tables/index.js';
import { aggregatedOf, isDefined } from './apply-expression.js';
import { call, columnOf, value, where } from './build.js';
import { planCall } from './call.js';
import { collectionJson } from './collection.js';
import { compare } from './compare.js';
import { hierarchical } from './hierarchy.js';
import { planInvocation } from './invocation.js';
import {
  aggregatedAway,
  type Bindings,
  keyColumn,
  type Located,
  linked,
  type Many,
  type Place,
  type Planner,
  propertyOf,
  type Stored,
  typeCondition,
} from './place.js';
import type { Relation, Scalar } from './relation.js';
import { found } from './search.js';
import { align, storeLiteral } from './value.js';
import { behind, byVariant, presenceOf, storedOf } from './variants.js';

/** A place in a statement where expressions are planned: what its variables are. */
export interface Context {
  readonly planner: Planner;
  readonly bindings: Bindings;
  /** Values of names given by `$compute`, for the variable they belong to. */
  readonly computed: ReadonlyMap<string, Stored>;
  /** What `$apply` has added to the instances. */
  readonly added?: ReadonlyMap<Property | NavigationProperty, Located>;
  /** The nodes whose group this is (`rollupnode()`). */
  readonly rollups?: readonly (() => Located)[];
  /** The collection that the expression is evaluated in, once more, under names of its own (`$these`). */
  readonly these?: () => Many;
}

/** A condition in which false and null alike drop the row (Protocol 11.2.6.1). */
export function planCondition(expression: Expression, context: Context): Scalar {
  switch (expression.kind) {
    case 'junction':
      return {
        kind: 'junction',
        operator: expression.operator,
        operands: expression.operands.map((operand) => planCondition(operand, context)),
      };
    case 'comparison':
      return compare(expression, context, 'condition');
    default:
      return planValue(expression, context).scalar;
  }
}

/** A single primitive value, exact in true, false and null. Throws NotImplemented for what cannot be planned. */
export function planValue(expression: Expression, context: Context): Stored {
  const located = locate(expression, context);
  switch (located.kind) {
    case 'stored':
      return located;
    case 'through':
      return throughValue(located.rows, located.item);
    case 'variants':
      return storedOf(located.options);
    case 'row':
    case 'flattened':
    case 'json':
    case 'grouped':
    case 'many':
      throw new ODataError('NotImplemented', 'A structured value or collection cannot be used as a single value here.');
  }
}

function throughValue(rows: Relation, item: Place | Stored): Stored {
  if (item.kind !== 'stored')
    throw new ODataError('NotImplemented', 'A structured value cannot be used as a single value here.');
  return { ...item, scalar: { kind: 'subquery', relation: rows, value: item.scalar }, nullable: true };
}

const fact = (scalar: Scalar, nullable = false): Stored => ({
  kind: 'stored',
  scalar,
  codec: { kind: 'boolean' },
  nullable,
});

/** Where the value of an expression stands. */
export function locate(expression: Expression, context: Context): Located {
  switch (expression.kind) {
    case 'literal':
      return storeLiteral(expression.value, expression.type);
    case 'variable':
      return variablePlace(expression.variable, context);
    case 'property':
      return (
        addedTo(expression, context) ??
        within(ownerOf(expression, context), (place) => propertyOf(place, expression.property, context.planner))
      );
    case 'navigation':
      return (
        addedTo(expression, context) ??
        within(ownerOf(expression, context), (place) => linked(place, expression.property, context.planner))
      );
    case 'dynamic':
      return within(locate(expression.of, context), (place) => dynamicMember(place, expression.name));
    case 'computed': {
      const computed = context.computed.get(expression.name);
      if (computed === undefined) throw new ODataError('UnknownProperty', `'${expression.name}' is not known here.`);
      return computed;
    }
    case 'derived':
      return derived(expression, context);
    case 'filtered':
      return filtered(expression, context);
    case 'count':
      return countOf(expression, context);
    case 'lambda':
      return fact(lambda(expression, context));
    case 'comparison':
      return fact(compare(expression, context, 'value'), expression.operator === 'eq' || expression.operator === 'ne');
    case 'in':
      return fact(inList(expression, context));
    case 'has':
      return has(expression, context);
    case 'junction':
      return fact(
        {
          kind: 'junction',
          operator: expression.operator,
          operands: expression.operands.map((operand) => planValue(operand, context).scalar),
        },
        true,
      );
    case 'not':
      return fact(call('not', planValue(expression.operand, context).scalar), true);
    case 'these':
      return theseOf(context);
    case 'aggregated':
      return aggregatedOf(expression, context);
    case 'hierarchical':
      return hierarchical(expression, context);
    case 'rollupnode':
      return rollupNode(context, expression.position);
    case 'isdefined':
      return fact(isDefined(expression.operand, context));
    case 'castTo':
      return expression.type?.kind === 'entity' || expression.type?.kind === 'complex'
        ? derived({ ...expression, kind: 'derived', of: expression.operand }, context)
        : planCall(expression, context);
    case 'negate':
    case 'arithmetic':
    case 'call':
    case 'isof':
    case 'case':
      return planCall(expression, context);
    case 'list':
      return { kind: 'stored', scalar: collectionJson(expression, context), codec: { kind: 'json' }, nullable: false };
    case 'root':
      return rootPlace(expression, context);
    case 'invocation':
      return planInvocation(expression, context);
  }
}

/** `$root/Set(key)`: a row of another set; without a key all its rows (URL 5.1.1.14.3). */
function rootPlace({ source, key }: Extract<Expression, { kind: 'root' }>, { planner }: Context): Located {
  const table = planner.layout.tableOf(source);
  if (table === undefined) throw new ODataError('NotImplemented', `'${source.name}' is not stored.`, source.name);
  const as = planner.fresh();
  const item: Place = { kind: 'row', table, as, type: source.type };
  const conditions = (key ?? []).map((part) => {
    const column = keyColumn(table, part.properties);
    return call('eq', columnOf(as, column), value(encode(column.codec, part.value)));
  });
  const rows = where(planner.scan(table, as), conditions);
  return source.kind === 'singleton' || key !== null ? { kind: 'through', rows, item } : { kind: 'many', rows, item };
}

/** The number of items, of those that a search finds when there is one (URL 4.8). */
function countOf(expression: Extract<Expression, { kind: 'count' }>, context: Context): Stored {
  const many = rowsOf(expression.of, context);
  const rows =
    expression.search === null ? many.rows : where(many.rows, [found(expression.search, many.item, context)]);
  return { kind: 'stored', scalar: { kind: 'count', relation: rows }, codec: { kind: 'integer' }, nullable: false };
}

/** A property that `$apply` has added to the instance itself. */
function addedTo({ property, of }: Extract<Expression, { kind: 'property' | 'navigation' }>, context: Context) {
  return of.kind === 'variable' ? context.added?.get(property) : undefined;
}

function rollupNode({ rollups }: Context, position: number): Located {
  const rollup = rollups?.[position - 1];
  if (rollup === undefined) throw new ODataError('NotImplemented', `'rollupnode' is not supported here.`);
  return rollup();
}

function theseOf({ these }: Context): Many {
  if (these === undefined) throw new ODataError('NotImplemented', `'$these' is not supported here.`);
  return these();
}

function variablePlace(variable: Variable, context: Context): Place | Stored {
  const place = context.bindings.get(variable);
  if (place === undefined) throw new ODataError('NotImplemented', `'${variable.name}' cannot be used here.`);
  return place;
}

/** Goes on from a place, also from one that is reached through other rows. */
function within(located: Located, next: (place: Place) => Located): Located {
  switch (located.kind) {
    case 'row':
    case 'flattened':
    case 'json':
    case 'grouped':
      return next(located);
    case 'variants':
      return byVariant(located, next);
    case 'through': {
      if (located.item.kind === 'stored') throw new ODataError('NotImplemented', 'A single value has no members.');
      return behind(located.rows, next(located.item));
    }
    case 'stored':
      if (located.scalar.kind === 'value' && located.scalar.value === null) return located; // null has null members
      throw new ODataError('NotImplemented', 'This path cannot be followed further.');
    case 'many':
      throw new ODataError('NotImplemented', 'This path cannot be followed further.');
  }
}

/** A name that `$apply` gave, or an undeclared member: its JSON, null where there is none. */
export function dynamicMember(place: Place, name: string): Located {
  if (place.kind === 'row' || place.kind === 'grouped') {
    const given = place.names?.get(name);
    if (given !== undefined) return given;
  }
  if (place.kind === 'grouped') return place.members.get(name)?.located ?? aggregatedAway;
  const path = value(`$.${JSON.stringify(name)}`);
  if (place.kind === 'row' && place.table.dynamic !== null)
    return {
      kind: 'stored',
      scalar: call('jsonMember', columnOf(place.as, place.table.dynamic), path),
      codec: null,
      nullable: true,
    };
  if (place.kind === 'json')
    return { kind: 'stored', scalar: call('jsonMember', place.json, path), codec: null, nullable: true };
  return { kind: 'stored', scalar: value(null), codec: null, nullable: true };
}

/** What a member is asked of. Behind a cast to the type that declares it no row of another type has it, so that nothing need be asked. */
function ownerOf(
  { of, property }: Extract<Expression, { kind: 'property' | 'navigation' }>,
  context: Context,
): Located {
  const located = of.kind === 'derived' && of.type === property.declaringType ? locate(of.of, context) : null;
  return located?.kind === 'row' && of.type?.kind === 'entity' ? { ...located, type: of.type } : locate(of, context);
}

/** A cast segment keeps the values of the type; a single value of another one is null (URL 4.13, 5.1.1.15). */
function derived(expression: Extract<Expression, { kind: 'derived' }>, context: Context): Located {
  const located = locate(expression.of, context);
  const { type } = expression;
  switch (located.kind) {
    case 'row':
      return type?.kind === 'entity' ? sameRow({ ...located, type }, context.planner) : located;
    case 'many':
    case 'through':
      return type?.kind === 'entity' && located.item.kind === 'row'
        ? ofRows(located, { ...located.item, type })
        : located;
    case 'json':
      return type?.kind === 'complex'
        ? { kind: 'json', json: onlyIf(namesType(located, type), located.json), type }
        : located;
    case 'flattened':
    case 'grouped':
    case 'variants':
    case 'stored':
      return located;
  }
}

type Row = Extract<Place, { kind: 'row' }>;

/** The row once more, if it is of its type. */
function sameRow(row: Row, planner: Planner): Located {
  const { table } = row;
  const as = planner.fresh();
  const condition = typeCondition(table, as, row.type);
  if (condition === null) return row;
  const same = table.primaryKey.map((column) => call('eq', columnOf(as, column), columnOf(row.as, column)));
  return { kind: 'through', rows: where(planner.scan(table, as), [...same, condition]), item: { ...row, as } };
}

function ofRows<Rows extends Many | Extract<Located, { kind: 'through' }>>(located: Rows, item: Row): Rows {
  const condition = typeCondition(item.table, item.as, item.type);
  return { ...located, rows: where(located.rows, condition === null ? [] : [condition]), item };
}

/** True for a complex value in JSON that is of the type or of one derived from it. */
export function namesType(place: Extract<Place, { kind: 'json' }>, type: ComplexType): Scalar {
  const named = call('coalesce', call('jsonMember', place.json, value('$."@type"')), value(place.type.qualifiedName));
  return call('inList', named, ...[type, ...type.derivedTypes].map((one) => value(one.qualifiedName)));
}

/** Null otherwise. */
export function onlyIf(when: Scalar, gives: Scalar): Scalar {
  return { kind: 'case', branches: [{ when, gives }], otherwise: null };
}

function filtered(expression: Extract<Expression, { kind: 'filtered' }>, context: Context): Many {
  const many = rowsOf(expression.of, context);
  const inner = { ...context, bindings: new Map([...context.bindings, [expression.variable, many.item]]) };
  return { ...many, rows: where(many.rows, [planCondition(expression.predicate, inner)]) };
}

/** The rows of a collection-valued expression. */
export function rowsOf(expression: Expression, context: Context): Many {
  const located = locate(expression, context);
  if (located.kind !== 'many') throw new ODataError('NotImplemented', 'This collection cannot be used here.');
  return located;
}

/** `any`: some row for which the condition is true; `all`: no row for which it is not (URL 5.1.1.13). */
function lambda(expression: Extract<Expression, { kind: 'lambda' }>, context: Context): Scalar {
  const many = rowsOf(expression.of, context);
  if (expression.predicate === null || expression.variable === null) return { kind: 'exists', relation: many.rows };
  const inner = { ...context, bindings: new Map([...context.bindings, [expression.variable, many.item]]) };
  if (expression.operator === 'any')
    return { kind: 'exists', relation: where(many.rows, [planCondition(expression.predicate, inner)]) };
  const holds = call('coalesce', planValue(expression.predicate, inner).scalar, value(0n));
  return call('not', { kind: 'exists', relation: where(many.rows, [call('not', holds)]) });
}

/** `in` is `eq` with any of the items; null is equal to null (URL 5.1.1.1.12). */
function inList(expression: Extract<Expression, { kind: 'in' }>, context: Context): Scalar {
  const { left, right } = expression;
  if (right.kind !== 'list') return inCollection(left, right, context);
  const operand = planValue(left, context);
  const alternatives: Scalar[] = [];
  const plain: Scalar[] = [];
  for (const item of right.items) {
    const aligned = align('eq', operand, planValue(item, context));
    if (aligned.operator === 'never') continue;
    const { scalar } = aligned.right;
    if (aligned.left === operand && scalar.kind === 'value' && scalar.value !== null) plain.push(scalar);
    else alternatives.push(call('is', aligned.left.scalar, scalar));
  }
  if (plain.length > 0) alternatives.unshift(call('coalesce', oneOf(operand.scalar, plain), value(0n)));
  const [only] = alternatives;
  if (only === undefined) return value(0n);
  return alternatives.length === 1 ? only : { kind: 'junction', operator: 'or', operands: alternatives };
}

/** Many values travel as one JSON array: SQLite binds at most 32,766. */
const fewValues = 200;

function oneOf(operand: Scalar, items: readonly Scalar[]): Scalar {
  const values = items.map((item) => (item.kind === 'value' ? item.value : null));
  const simple = values.every((item) => typeof item === 'bigint' || typeof item === 'string');
  if (items.length <= fewValues || !simple) return call('inList', operand, ...items);
  const json = `[${values.map((item) => (typeof item === 'bigint' ? item.toString() : JSON.stringify(item))).join(',')}]`;
  return call('inJson', operand, value(json));
}

function inCollection(left: Expression, right: Expression, context: Context): Scalar {
  const many = rowsOf(right, context);
  if (many.item.kind !== 'stored')
    throw new ODataError('NotImplemented', `'in' needs a collection of primitive values.`);
  const { left: operand, right: item, operator } = align('eq', planValue(left, context), many.item);
  if (operator === 'never') return value(0n);
  return { kind: 'exists', relation: where(many.rows, [call('is', item.scalar, operand.scalar)]) };
}

/** All the flags of the right operand are set in the left one (URL 5.1.1.1.11). */
function has(expression: Extract<Expression, { kind: 'has' }>, context: Context): Stored {
  const left = planValue(expression.left, context);
  const right = planValue(expression.right, context);
  return fact(call('eq', call('bitAnd', left.scalar, right.scalar), right.scalar), left.nullable || right.nullable);
}

/** Compares structured values and null: whether the value is there. */
export const isThere = presenceOf;
