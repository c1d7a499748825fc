import type { Expression, Variable } from '../../src/bind/index.js';
import type { EntityType, Type, Value } from '../../src/edm/index.js';
import { printValue } from '../../src/edm/index.js';
import { aggregated } from './apply.js';
import { arithmetic, negated } from './arithmetic.js';
import { castTo } from './cast.js';
import type { Data } from './data.js';
import { canonical } from './functions.js';
import { matches } from './search.js';
import { compareForOrder, type Datum, equal, type Instance, isList, isScalar, read } from './value.js';

/** Where an expression is evaluated: what its variables stand for, and the names given by `$compute` and `$apply`. */
export interface Environment {
  readonly data: Data;
  readonly variables: ReadonlyMap<Variable, Datum>;
  readonly names: ReadonlyMap<string, Datum>;
}

/** The value of a bound expression (URL 5.1.1). Throws Undefined where the standard lets a request fail. */
export function evaluate(node: Expression, at: Environment): Datum {
  switch (node.kind) {
    case 'literal':
      return literal(node.value, node.type);
    case 'list':
      return node.items.map((item) => evaluate(item, at));
    case 'variable': {
      const found = at.variables.get(node.variable);
      if (found === undefined) throw new Error(`'${node.variable.name}' stands for nothing.`);
      return found;
    }
    case 'property':
      return memberOf(evaluate(node.of, at), node.property.name);
    case 'dynamic':
      return memberOf(evaluate(node.of, at), node.name);
    case 'computed':
      return at.names.get(node.name) ?? null;
    case 'navigation':
      return linkOf(evaluate(node.of, at), node.property.name, node.collection);
    case 'root': {
      const all = at.data.sets.get(node.source.name) ?? [];
      if (node.key === null) return node.source.kind === 'singleton' ? (all[0] ?? null) : all;
      const { key } = node;
      return all.find((entity) => key.every((part) => hasKey(entity, part))) ?? null;
    }
    case 'derived':
      return ofType(evaluate(node.of, at), node.type);
    case 'filtered':
      return itemsOf(node.of, at).filter(
        (item) => truth(node.predicate, withVariable(at, node.variable, item)) === true,
      );
    case 'count': {
      const { search } = node;
      const items = itemsOf(node.of, at);
      const found = search === null ? items : items.filter((item) => matches(search, item, node.of.type));
      return { kind: 'integer', value: BigInt(found.length) };
    }
    case 'lambda':
      return boolean(lambda(node, at));
    case 'comparison':
      return boolean(comparison(node, at));
    case 'in':
      return boolean(listOf(evaluate(node.right, at)).some((item) => equal(evaluate(node.left, at), item)));
    case 'has':
      return has(evaluate(node.left, at), evaluate(node.right, at));
    case 'junction':
      return boolean(
        junction(
          node.operator,
          node.operands.map((operand) => truth(operand, at)),
        ),
      );
    case 'not': {
      const operand = truth(node.operand, at);
      return boolean(operand === null ? null : !operand);
    }
    case 'negate':
      return negated(evaluate(node.operand, at));
    case 'arithmetic':
      return arithmetic(node.operator, evaluate(node.left, at), evaluate(node.right, at));
    case 'call':
      return canonical(
        node.name,
        node.arguments.map((argument) => evaluate(argument, at)),
      );
    case 'invocation':
      throw new Error('Functions of the model are not its business.');
    case 'these':
    case 'rollupnode':
    case 'hierarchical':
    case 'isdefined':
      throw new Error(`'${node.kind}' is not evaluated here.`);
    case 'aggregated': {
      const items = itemsOf(node.of, at).map((item) => ({ item, names: new Map() }));
      return aggregated(node.value, items, ({ item }) => withVariable(at, node.variable, item), null);
    }
    case 'castTo':
      return castTo(evaluate(node.operand, at), node.operand.type, node.type);
    case 'isof':
      return isOf(node, at);
    case 'case': {
      const branch = node.branches.find(({ condition }) => truth(condition, at) === true);
      return branch === undefined ? null : evaluate(branch.value, at);
    }
  }
}

/** True, false or null. */
export function truth(node: Expression, at: Environment): boolean | null {
  const value = evaluate(node, at);
  if (value === null) return null;
  if (!isScalar(value) || value.kind !== 'boolean') throw new Error('A condition must be Boolean.');
  return value.value;
}

export function withVariable(at: Environment, variable: Variable | null, item: Datum): Environment {
  return variable === null ? at : { ...at, variables: new Map([...at.variables, [variable, item]]) };
}

function boolean(value: boolean | null): Datum {
  return value === null ? null : { kind: 'boolean', value };
}

export function literal(value: Value, type: Type | null): Datum {
  if (value === null) return null;
  if (type === null) throw new Error('A literal without a type.');
  if (typeof value === 'bigint') return { kind: type.kind === 'enum' ? 'enum' : 'integer', value };
  if (type.kind !== 'primitive' && type.kind !== 'typeDefinition') throw new Error('A literal has a primitive type.');
  return read(type, printValue(type, value));
}

export function hasKey(
  entity: Instance,
  part: { readonly properties: readonly { readonly name: string; readonly type: Type }[]; readonly value: Value },
): boolean {
  const found = part.properties.reduce((value: Datum, property) => memberOf(value, property.name), entity);
  return equal(found, literal(part.value, part.properties.at(-1)?.type ?? null));
}

/** A member of null is null (URL 5.1.1.15). */
export function memberOf(of: Datum, name: string): Datum {
  if (of === null) return null;
  if (isList(of) || of.kind !== 'instance') throw new Error(`'${name}' is asked of a single value or collection.`);
  return of.values.get(name) ?? null;
}

/** A collection that nothing leads to is empty. */
export function linkOf(of: Datum, name: string, collection: boolean): Datum {
  const none = collection ? [] : null;
  if (of === null) return none;
  if (isList(of) || of.kind !== 'instance') throw new Error(`'${name}' is asked of a single value or collection.`);
  return of.links.get(name) ?? none;
}

function ofType(of: Datum, type: Type | null): Datum {
  if (isList(of)) return of.filter((item) => isInstanceOf(item, type));
  return isInstanceOf(of, type) ? of : null;
}

export function isInstanceOf(of: Datum, type: Type | null): boolean {
  if (of === null || isList(of) || of.kind !== 'instance') return false;
  for (let at: EntityType['baseType'] | Instance['type'] | null = of.type; at !== null; at = at.baseType)
    if (at === type) return true;
  return false;
}

function listOf(datum: Datum): readonly Datum[] {
  if (datum === null) return [];
  if (!isList(datum)) throw new Error('A collection is needed.');
  return datum;
}

function itemsOf(node: Expression, at: Environment): readonly Datum[] {
  return listOf(evaluate(node, at));
}

/** `any`: true for one; `all`: true for each, null being not true (URL 5.1.1.13). */
function lambda(node: Extract<Expression, { kind: 'lambda' }>, at: Environment): boolean {
  const items = itemsOf(node.of, at);
  const { predicate, variable, operator } = node;
  if (predicate === null) return items.length > 0;
  const results = items.map((item) => truth(predicate, withVariable(at, variable, item)) === true);
  return operator === 'any' ? results.includes(true) : !results.includes(false);
}

/** Never null (URL 5.1.1.1). */
function comparison(node: Extract<Expression, { kind: 'comparison' }>, at: Environment): boolean {
  const [left, right] = [evaluate(node.left, at), evaluate(node.right, at)];
  const less =
    left !== null &&
    right !== null &&
    (node.operator === 'eq' || node.operator === 'ne' ? false : compareForOrder(left, right) < 0);
  const more =
    left !== null &&
    right !== null &&
    (node.operator === 'eq' || node.operator === 'ne' ? false : compareForOrder(left, right) > 0);
  switch (node.operator) {
    case 'eq':
      return equal(left, right);
    case 'ne':
      return !equal(left, right);
    case 'gt':
      return more;
    case 'ge':
      return more || equal(left, right);
    case 'lt':
      return less;
    case 'le':
      return less || equal(left, right);
  }
}

function junction(operator: 'and' | 'or', operands: readonly (boolean | null)[]): boolean | null {
  const decisive = operator === 'or';
  if (operands.includes(decisive)) return decisive;
  return operands.includes(null) ? null : !decisive;
}

function has(left: Datum, right: Datum): Datum {
  if (left === null || right === null) return null;
  if (!isScalar(left) || left.kind !== 'enum' || !isScalar(right) || right.kind !== 'enum') throw new Error('has');
  return boolean((left.value & right.value) === right.value);
}

/** Null for null (URL 5.1.1.10.2). */
function isOf(node: Extract<Expression, { kind: 'isof' }>, at: Environment): Datum {
  const value = evaluate(node.operand, at);
  if (value === null) return null;
  const { tested } = node;
  if (tested.kind === 'entity' || tested.kind === 'complex') return boolean(isInstanceOf(value, tested));
  const declared = node.operand.type;
  return boolean(declared === tested || (declared?.kind === 'typeDefinition' && declared.underlyingType === tested));
}
