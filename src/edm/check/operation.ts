import type { Operation, Parameter } from '../model.js';
import { follow } from '../path.js';
import { isStreamType } from '../primitive.js';
import { signatureOf } from '../target.js';
import { rule } from './rule.js';

/** Rules for actions and functions (CSDL 12). */
export const operationRules = [
  rule('binding-parameter', 'operation', 'C12.5-1', ({ name, bound, parameters }, tell) => {
    if (bound && parameters.length === 0) tell(`The bound operation '${name}' needs a binding parameter.`);
  }),
  rule('parameter-type', 'operation', 'C3.3-3', ({ bound, parameters }, tell) => {
    for (const { name, type, at } of parameters.slice(bound ? 1 : 0))
      if (isStreamType(type)) tell(`Only a binding parameter may be a stream, not '${name}'.`, at);
  }),
  rule('optional-parameter', 'operation', 'C12.9-4', ({ bound, parameters }, tell) => {
    let optional: Parameter | null = null;
    for (const [index, parameter] of parameters.entries()) {
      if (parameter.optional !== null && bound && index === 0)
        tell(`The binding parameter '${parameter.name}' cannot be optional.`, parameter.at);
      if (parameter.optional === null && optional !== null)
        tell(
          `'${parameter.name}' is required and cannot follow the optional parameter '${optional.name}'.`,
          parameter.at,
        );
      if (parameter.optional !== null) optional = parameter;
    }
  }),
  rule('action-overload', 'overloads', 'C12.2-1', (overloads, tell) => {
    repeated(
      overloads,
      'action',
      ({ bound, parameters }) => (bound ? signatureOf(parameters.slice(0, 1)) : ''),
      (operation) =>
        tell(
          `There is an overload of the action '${operation.name}' for this binding parameter already.`,
          operation.at,
        ),
    );
  }),
  rule('function-overload', 'overloads', 'C12.4-1', (overloads, tell) => {
    repeated(
      overloads,
      'function',
      ({ bound, parameters }) => `${bound}:${signatureOf(parameters)}`,
      (operation) =>
        tell(
          `There is an overload of the function '${operation.name}' with these parameter types already.`,
          operation.at,
        ),
    );
  }),
  rule('function-overload', 'overloads', 'C12.4-2', (overloads, tell) => {
    const names = ({ bound, parameters }: Operation) =>
      `${bound ? signatureOf(parameters.slice(0, 1)) : ''}:${parameters
        .slice(bound ? 1 : 0)
        .map(({ name }) => name)
        .sort()
        .join()}`;
    repeated(overloads, 'function', names, (operation) =>
      tell(
        `There is an overload of the function '${operation.name}' with these parameter names already.`,
        operation.at,
      ),
    );
  }),
  rule('return-type-differs', 'overloads', 'C12.4-1', (overloads, tell) => {
    const returned = new Map<string, string>();
    for (const { kind, bound, name, parameters, returnType, at } of overloads) {
      if (kind !== 'function' || returnType === null) continue;
      const group = bound ? signatureOf(parameters.slice(0, 1)) : '';
      const type = `${returnType.collection ? 'a collection of ' : ''}${returnType.type.qualifiedName}`;
      const other = returned.get(group);
      if (other !== undefined && other !== type)
        tell(`This overload of '${name}' returns ${type}, another one ${other}; they must be the same.`, at);
      returned.set(group, other ?? type);
    }
  }),
  rule('entity-set-path', 'operation', 'C12.6-1', (operation, tell, { model }) => {
    const { entitySetPath, bound, parameters, returnType } = operation;
    if (entitySetPath === null) return;
    const [first, ...rest] = entitySetPath.split('/');
    const binding = parameters[0];
    if (!bound) tell('Only a bound operation has an EntitySetPath.');
    else if (
      returnType === null ||
      (returnType.type.kind !== 'entity' && returnType.type.qualifiedName !== 'Edm.EntityType')
    )
      tell('Only an operation that returns entities has an EntitySetPath.');
    else if (binding === undefined || binding.name !== first)
      tell(`The EntitySetPath must begin with the binding parameter, not with '${first}'.`);
    else if (rest.length > 0 && (binding.type.kind === 'entity' || binding.type.kind === 'complex')) {
      const { failed } = follow(binding.type, rest.join('/'), (name) => model.type(name));
      if (failed !== null) tell(`'${failed}' in the EntitySetPath is neither a navigation property nor a type.`);
    }
  }),
];

function repeated(
  overloads: readonly Operation[],
  kind: Operation['kind'],
  signature: (operation: Operation) => string,
  found: (operation: Operation) => void,
): void {
  const seen = new Set<string>();
  for (const operation of overloads) {
    if (operation.kind !== kind) continue;
    const one = `${operation.bound}:${signature(operation)}`;
    if (seen.has(one)) found(operation);
    seen.add(one);
  }
}
