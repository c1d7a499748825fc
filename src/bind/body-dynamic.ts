import type { StructuredType, Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { JsonNode } from '../payload/index.js';
import { bindComplexObject } from './body-members.js';
import { type Binding, readValue, typeName } from './body-value.js';
import type { DynamicValue } from './change.js';
import { below, besideOf, type Members } from './members.js';
import { didYouMean } from './suggest.js';
import { allowsDynamic, requireDynamicType } from './validation.js';

/** A member the type does not declare: a dynamic property where the type is open (Protocol 11.4.2), else refused. */
export function bindUnknown(
  name: string,
  members: Members,
  type: StructuredType,
  target: string,
  binding: Binding,
  into: Map<string, DynamicValue>,
): void {
  const { problems } = binding;
  if (!allowsDynamic(type)) {
    const names = [...type.properties.keys(), ...type.navigationProperties.keys()];
    const message = `${type.name} has no property '${name.slice(0, 100)}'.${didYouMean(name, names)}`;
    problems.add('UnknownProperty', message, target);
    return;
  }
  const value = problems.attempt(target, () => {
    requireName(name, target);
    const found = dynamicValue(name, members, target, binding);
    if (found !== null) requireDynamicType(found, type, name);
    return found;
  });
  if (value !== null) into.set(name, value);
}

const refusedNames = new Set(['__proto__', 'constructor', 'prototype']);

/** A simple identifier (CSDL 15.2) that no client written in JavaScript falls over. Throws InvalidValue. */
function requireName(name: string, target: string): void {
  if (!refusedNames.has(name) && /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}$/u.test(name))
    return;
  throw new ODataError('InvalidValue', `'${name.slice(0, 100)}' cannot be the name of a property.`, target);
}

/** A dynamic property with the type it names, which its value must fit (JSON 4.5.3). Throws. */
function dynamicValue(name: string, members: Members, target: string, binding: Binding): DynamicValue | null {
  const json = members.values.get(name);
  if (json === undefined) return null;
  requireSound(json, target);
  const control = besideOf(members, name).get('type');
  if (control?.node.kind !== 'string') return { type: null, json };
  const named = typeName(control.node.value);
  const item = /^Collection\((.*)\)$/.exec(named)?.[1] ?? null;
  const type = binding.model.type(item ?? named) ?? binding.model.type(`Edm.${item ?? named}`);
  if (type === null)
    throw new ODataError(
      'UnknownType',
      `There is no type '${named.slice(0, 100)}' in this service.`,
      target.slice(0, -name.length) + control.name,
    );
  if (item !== null && json.kind !== 'array' && json.kind !== 'null')
    throw new ODataError('TypeMismatch', `'${name}' should be an array, as ${named} is a collection.`, target);
  const nodes = item !== null && json.kind === 'array' ? json.items : [json];
  for (const [index, node] of nodes.entries())
    if (node.kind !== 'null') requireFit(node, type, name, item === null ? target : below(target, index), binding);
  return { type: item === null ? type.qualifiedName : `Collection(${type.qualifiedName})`, json };
}

/** Throws, or notes what is wrong within a complex value. */
function requireFit(node: JsonNode, type: Type, name: string, target: string, binding: Binding): void {
  const reading = { ...binding, ieee754Compatible: true, strict: false };
  switch (type.kind) {
    case 'primitive':
    case 'enum':
    case 'typeDefinition':
      readValue(node, type, {}, name, reading);
      return;
    case 'complex':
      if (node.kind !== 'object')
        throw new ODataError('TypeMismatch', `'${name}' should be an object of type ${type.qualifiedName}.`, target);
      bindComplexObject(node, type, false, target, reading);
      return;
    case 'entity':
    case 'abstract':
      throw new ODataError('TypeMismatch', `A dynamic property cannot be of type ${type.qualifiedName}.`, target);
  }
}

/** What is kept as it is sent: names that do no harm, numbers that others can read. Throws InvalidValue. */
function requireSound(json: JsonNode, target: string): void {
  switch (json.kind) {
    case 'array':
      for (const [index, item] of json.items.entries()) requireSound(item, below(target, index));
      return;
    case 'object':
      for (const [name, member] of json.members) {
        if (refusedNames.has(name)) requireName(name, below(target, name));
        requireSound(member, below(target, name));
      }
      return;
    case 'number':
      if (Number.isFinite(Number(json.text))) return;
      throw new ODataError('InvalidValue', `'${json.text.slice(0, 100)}' is beyond the range of Edm.Double.`, target);
    case 'null':
    case 'boolean':
    case 'string':
      return;
  }
}
