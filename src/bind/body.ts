import type { ComplexType, EntityType, Parameter } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { bindDeltaItems, bindEntityItems, type DeltaItem } from './body-delta.js';
import { bindEntityObject, type EntityPlace } from './body-entity.js';
import { type Binding, type BodyContext, bindComplexValue, bindPlace, type Place } from './body-value.js';
import type { EntityChange, EntityReference, ValueChange } from './change.js';
import { besideOf, sortMembers } from './members.js';
import { Problems } from './problems.js';
import { didYouMean } from './suggest.js';

/** Reads with `work`, then reports every problem at once; nothing is touched before that. */
function reading<T>(context: BodyContext, work: (binding: Binding) => T | null): T {
  const problems = new Problems();
  const bound = work({ ...context, problems, contextUrl: null });
  problems.report();
  if (bound === null) throw new ODataError('BadRequest', 'The body could not be read.');
  return bound;
}

function object(node: JsonNode, what: string): JsonObject {
  if (node.kind === 'object') return node;
  throw new ODataError('TypeMismatch', `The body should be a JSON object, ${what}.`);
}

/** A body that holds an entity of `context.type` or a type derived from it (Protocol 11.4.2, 11.4.3). Reports all its problems. */
export function bindEntity(
  node: JsonNode,
  context: BodyContext & { readonly type: EntityType; readonly place?: EntityPlace; readonly target?: string },
): EntityChange {
  const { type, place, target = '' } = context;
  const body = object(node, `an entity of type ${type.qualifiedName}`);
  return reading(context, (binding) => {
    const change = bindEntityObject(body, type, target, binding, place);
    if (change !== null) binding.check?.(change, binding.purpose, binding.problems);
    return change;
  });
}

/** A delta payload over entities of `context.type` (Protocol 11.4.12). Reports all its problems, or leaves them with their items. */
export function bindDelta(
  node: JsonNode,
  context: BodyContext & { readonly type: EntityType; readonly place: EntityPlace; readonly separately: boolean },
): readonly DeltaItem[] {
  const { type, place, separately } = context;
  return reading(context, (binding) => bindDeltaItems(node, type, binding, place, separately));
}

/** A whole collection of entities (Protocol 11.4.12). Reports all its problems. */
export function bindEntities(
  node: JsonNode,
  context: BodyContext & { readonly type: EntityType; readonly place: EntityPlace },
): readonly EntityChange[] {
  return reading(context, (binding) => bindEntityItems(node, context.type, binding, context.place));
}

/** A body that holds a complex value itself; `{"value": null}` is null (Protocol 11.4.9.3, JSON 11). */
export function bindComplex(
  node: JsonNode,
  place: Place & { readonly type: ComplexType },
  context: BodyContext,
): ValueChange {
  const body = object(node, `a value of type ${place.type.qualifiedName}`);
  const { values } = sortMembers(body);
  const only = values.size === 1 && !place.type.properties.has('value') ? values.get('value') : undefined;
  return reading(context, (binding) =>
    only?.kind === 'null'
      ? bindPlace(only, place, new Map(), 'value', binding)
      : bindComplexValue(body, place.type, place.name, context.purpose === 'merge', '', binding),
  );
}

/** A body `{"value": …}` with a primitive value (Protocol 11.4.9.1). */
export function bindPrimitive(node: JsonNode, place: Place, context: BodyContext): ValueChange {
  const body = object(node, `{"value": …}`);
  const members = sortMembers(body);
  return reading(context, (binding) => {
    for (const name of members.values.keys())
      if (name !== 'value' && !binding.problems.full)
        binding.problems.add('UnknownProperty', `Only 'value' is expected here, not '${name.slice(0, 100)}'.`, name);
    const value = members.values.get('value');
    if (value !== undefined) return bindPlace(value, place, members.own, 'value', binding);
    binding.problems.add('MissingValue', `The body should hold the new value of '${place.name}' in 'value'.`, 'value');
    return null;
  });
}

/** A body `{"value": […]}` with a whole collection (Protocol 11.4.9.4). */
export function bindCollection(node: JsonNode, place: Place, context: BodyContext): ValueChange {
  return bindPrimitive(node, place, { ...context, purpose: context.purpose === 'merge' ? 'replace' : context.purpose });
}

/** The value of an action parameter. */
export type ArgumentValue =
  | ValueChange
  | EntityChange
  | EntityReference
  | { readonly kind: 'entities'; readonly items: readonly (EntityChange | EntityReference)[] };

/** The body of an action call: its non-binding parameters by name (JSON 18). An absent body is an empty one. */
export function bindParameters(
  node: JsonNode | null,
  parameters: readonly Parameter[],
  context: Omit<BodyContext, 'purpose'>,
): ReadonlyMap<Parameter, ArgumentValue> {
  const members = sortMembers(
    node === null ? { kind: 'object', members: new Map(), at: 0 } : object(node, 'with the parameters as members'),
  );
  return reading({ ...context, purpose: 'insert' }, (binding) => {
    const values = new Map<Parameter, ArgumentValue>();
    const names = new Set(parameters.map(({ name }) => name));
    for (const name of members.values.keys())
      if (!names.has(name) && !binding.problems.full)
        binding.problems.add(
          'UnknownProperty',
          `There is no parameter '${name.slice(0, 100)}'.${didYouMean(name, names)}`,
          name,
        );
    for (const parameter of parameters) {
      const value = members.values.get(parameter.name);
      if (value !== undefined) {
        const bound = bindArgument(value, parameter, members, binding);
        if (bound !== null) values.set(parameter, bound);
      } else if (!parameter.nullable && !parameter.collection && parameter.optional === null)
        binding.problems.add('MissingValue', `The parameter '${parameter.name}' needs a value.`, parameter.name);
    }
    return values;
  });
}

function bindArgument(
  node: JsonNode,
  parameter: Parameter,
  members: ReturnType<typeof sortMembers>,
  binding: Binding,
): ArgumentValue | null {
  const { name, type } = parameter;
  if (type.kind !== 'entity' || node.kind === 'null')
    return bindPlace(node, parameter, besideOf(members, name), name, binding);
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
