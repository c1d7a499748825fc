import type { EntityType, Parameter, ReturnType } from '../edm/index.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { object, reading } from './body.js';
import { bindEntityObject } from './body-entity.js';
import { bindComplexObject } from './body-members.js';
import { type Binding, type BodyContext, bindPlace } from './body-value.js';
import type { ComplexChange, EntityChange, EntityReference, ValueChange } from './change.js';
import { besideOf, type Controls, sortMembers } from './members.js';
import { didYouMean } from './suggest.js';

/** The value of a parameter. */
export type ArgumentValue =
  | ValueChange
  | EntityChange
  | EntityReference
  | { readonly kind: 'entities'; readonly items: readonly (EntityChange | EntityReference)[] };

/** What was given for the parameters of a call; what was left out is not there. */
export type OperationArguments = ReadonlyMap<Parameter, ArgumentValue>;

/** The body of an action call: its non-binding parameters by name (JSON 18). An absent body is an empty one. Reports all its problems. */
export function bindParameters(
  node: JsonNode | null,
  parameters: readonly Parameter[],
  context: Omit<BodyContext, 'purpose'>,
): OperationArguments {
  const body: JsonObject =
    node === null ? { kind: 'object', members: new Map(), at: 0 } : object(node, 'with the parameters as members');
  const members = sortMembers(body);
  return reading({ ...context, purpose: 'insert' }, (binding) => {
    const values = new Map<Parameter, ArgumentValue>();
    refuseUnknown(members.values.keys(), parameters, binding);
    for (const parameter of parameters) {
      const value = members.values.get(parameter.name);
      if (value !== undefined) {
        const bound = bindArgument(value, parameter, besideOf(members, parameter.name), binding);
        if (bound !== null) values.set(parameter, bound);
      } else if (!parameter.nullable && !parameter.collection && parameter.optional === null)
        binding.problems.add('MissingValue', `The parameter '${parameter.name}' needs a value.`, parameter.name);
    }
    return values;
  });
}

function refuseUnknown(given: Iterable<string>, parameters: readonly Parameter[], { problems }: Binding): void {
  const names = parameters.map(({ name }) => name);
  for (const name of given)
    if (!names.includes(name) && !problems.full)
      problems.add('UnknownProperty', `There is no parameter '${name.slice(0, 100)}'.${didYouMean(name, names)}`, name);
}

/** The values of a URL's parameters, each as JSON. Reports all their problems. */
export function bindArguments(
  nodes: ReadonlyMap<Parameter, JsonNode>,
  context: Omit<BodyContext, 'purpose'>,
): OperationArguments {
  return reading({ ...context, purpose: 'insert' }, (binding) => {
    const values = new Map<Parameter, ArgumentValue>();
    for (const [parameter, node] of nodes) {
      const bound = bindArgument(node, parameter, new Map(), binding);
      if (bound !== null) values.set(parameter, bound);
    }
    return values;
  });
}

function bindArgument(node: JsonNode, parameter: Parameter, beside: Controls, binding: Binding): ArgumentValue | null {
  const { name, type } = parameter;
  if (type.kind !== 'entity' || node.kind === 'null') return bindPlace(node, parameter, beside, name, binding);
  const partial: Binding = { ...binding, purpose: 'merge' }; // JSON 18: entities may be partial
  if (!parameter.collection) return bindEntityArgument(node, type, name, partial);
  if (node.kind !== 'array') {
    binding.problems.add('TypeMismatch', `'${name}' should be an array of entities.`, name);
    return null;
  }
  const items = node.items.map((item, index) => bindEntityArgument(item, type, `${name}/${index}`, partial));
  return { kind: 'entities', items: items.filter((item) => item !== null) };
}

function bindEntityArgument(
  node: JsonNode,
  type: EntityType,
  target: string,
  binding: Binding,
): EntityChange | EntityReference | null {
  if (node.kind !== 'object') {
    binding.problems.add('TypeMismatch', `An entity of type ${type.qualifiedName} is expected.`, target);
    return null;
  }
  const members = sortMembers(node);
  const id = members.own.get('id')?.node;
  if (id?.kind === 'string' && members.values.size === 0) return { kind: 'reference', url: id.value, target };
  return bindEntityObject(node, type, target, binding);
}

/** What a handler gave for a return type: primitive and complex values, and entities that belong to no set. Reports all its problems. */
export function bindResult(node: JsonNode, returned: ReturnType, context: Omit<BodyContext, 'purpose'>): ValueChange {
  const place = { ...returned, name: 'value' };
  return reading({ ...context, purpose: 'insert' }, (binding) => {
    const { type } = returned;
    if (type.kind !== 'entity') return bindPlace(node, place, new Map(), 'value', binding);
    if (!returned.collection) return bindLooseEntity(node, type, 'value', binding);
    if (node.kind !== 'array') {
      binding.problems.add('TypeMismatch', 'An array of entities is expected.', 'value');
      return null;
    }
    const items = node.items.map((item, index) => bindLooseEntity(item, type, `value/${index}`, binding));
    return { kind: 'collection', items: items.filter((item) => item !== null) };
  });
}

/** An entity as a value: its structural and dynamic properties. */
function bindLooseEntity(node: JsonNode, type: EntityType, target: string, binding: Binding): ComplexChange | null {
  if (node.kind === 'object') return bindComplexObject(node, type, false, target, binding);
  binding.problems.add('TypeMismatch', `An entity of type ${type.qualifiedName} is expected.`, target);
  return null;
}
