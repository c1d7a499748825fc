import { type BoundUrl, bindResult, identityOf, invokedBy, ownParameters } from '../bind/index.js';
import type { FunctionOverload, Model, Parameter } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { nodeOf } from '../payload/index.js';
import type { SqlFunction } from '../sql/index.js';
import { codecFor, encode, writeStored } from '../tables/index.js';
import { absentValue, type Operations, pureIn } from './operations.js';

/** Functions in the expressions of a request can only be called within a statement. Throws NotImplemented for those that have no pure handler. */
export function requirePure(url: BoundUrl, operations: Operations): void {
  for (const operation of invokedBy(url))
    if (pureIn(operations, operation) === null)
      throw new ODataError(
        'NotImplemented',
        `'${operation.qualifiedName}' cannot be called within an expression: its handler is not pure.`,
        operation.qualifiedName,
      );
}

type Apply = (json: string) => ReturnType<SqlFunction>;

/** `odata_invoke`: the functions of a model that have pure handlers, by their identity, told their parameters as one JSON object. */
export function invoker(operations: Operations, model: Model): SqlFunction {
  const known = new Map<string, Apply>();
  for (const { functions } of model.schemas.values())
    for (const operation of [...functions.values()].flat()) {
      const pure = pureIn(operations, operation);
      if (pure !== null) known.set(identityOf(operation), applied(operation, pure, model));
    }
  return (identity, json) => {
    const apply = known.get(String(identity));
    if (apply === undefined) throw new ODataError('NotImplemented', `'${identity}' cannot be called here.`);
    return apply(String(json));
  };
}

function applied(operation: FunctionOverload, pure: (parameters: Parameters) => unknown, model: Model): Apply {
  const { returnType } = operation;
  const { collection, type } = returnType;
  const codec = collection || type.kind === 'complex' ? null : codecFor(returnType);
  const context = { model, version: '4.01', strict: false, ieee754Compatible: true, seeding: true } as const;
  return (json) => {
    const gave = pure(parametersOf(operation, JSON.parse(json))) ?? null;
    if (gave === null) return null;
    const result = bindResult(nodeOf(gave), returnType, context);
    if (codec === null) return writeStored(result, returnType);
    return encode(codec, result.kind === 'value' ? result.value : null);
  };
}

type Parameters = Readonly<Record<string, unknown>>;

function parametersOf(operation: FunctionOverload, given: Parameters): Parameters {
  const all: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const parameter = operation.parameters.find((one) => one.name === name);
    all[name] = parameter === undefined ? value : plainNumber(value, parameter);
  }
  for (const parameter of ownParameters(operation)) {
    const absent = Object.hasOwn(all, parameter.name) ? undefined : absentValue(parameter);
    if (absent !== undefined) all[parameter.name] = absent;
  }
  return all;
}

/** Exact numbers come as texts; those a JavaScript number holds are numbers. */
function plainNumber(value: unknown, { type }: Parameter): unknown {
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  if (typeof value !== 'string' || !/^Edm\.(Int64|Decimal)$/.test(base.qualifiedName)) return value;
  const number = Number(value);
  return base.qualifiedName === 'Edm.Decimal' || Number.isSafeInteger(number) ? number : value;
}
