import type { ComplexType, EntityType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import { bindDeltaItems, bindEntityItems, type DeltaItem } from './body-delta.js';
import { bindEntityObject, type EntityPlace } from './body-entity.js';
import { type Binding, type BodyContext, bindComplexValue, bindPlace, type Place } from './body-value.js';
import type { EntityChange, ValueChange } from './change.js';
import { sortMembers } from './members.js';
import { Problems } from './problems.js';

/** Reads with `work`, then reports every problem at once; nothing is touched before that. */
export function reading<T>(context: BodyContext, work: (binding: Binding) => T | null): T {
  const problems = new Problems();
  const bound = work({ ...context, problems, contextUrl: null, contentIds: new Set() });
  problems.report();
  if (bound === null) throw new ODataError('BadRequest', 'The body could not be read.');
  return bound;
}

export function object(node: JsonNode, what: string): JsonObject {
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
