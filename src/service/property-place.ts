import type { Resource, Step } from '../bind/index.js';
import type { Property, StructuredType } from '../edm/index.js';
import { ODataError } from '../errors.js';

/** A resource path taken apart: the entity, and the properties that lead from it to the value. */
export interface PropertyPlace {
  readonly entity: Resource;
  readonly path: readonly Property[];
  /** The name of the dynamic property the path ends in; null: a declared one. */
  readonly dynamic: string | null;
  /** Position of one item of the collection the path leads to; null: the whole value (Protocol 11.4.10). */
  readonly ordinal: number | null;
  /** Type the value must have where the path casts it, by the number of properties before the cast. */
  readonly casts: ReadonlyMap<number, StructuredType>;
}

/** Throws NotImplemented for values inside collections, which have no URL of their own. */
export function propertyPlace(resource: Resource): PropertyPlace {
  const first = resource.steps.findIndex((step) => step.kind === 'property' || step.kind === 'dynamic');
  const rest = resource.steps.slice(first);
  const last = rest.at(-1);
  const inside = rest.some((step, index) => !isValueStep(step) || (step.kind === 'ordinal' && index < rest.length - 1));
  if (inside || first < 0)
    throw new ODataError(
      'NotImplemented',
      'This value cannot be changed by its own URL; change the one it belongs to.',
    );
  const casts = new Map<number, StructuredType>();
  const path: Property[] = [];
  for (const step of rest) {
    if (step.kind === 'property') path.push(step.property);
    else if (step.kind === 'cast') casts.set(path.length, step.type);
  }
  const entity: Resource = {
    ...resource,
    kind: 'entity',
    collection: false,
    steps: resource.steps.slice(0, first),
    property: null,
  };
  return {
    entity,
    path,
    dynamic: last?.kind === 'dynamic' ? last.name : null,
    ordinal: last?.kind === 'ordinal' ? last.index : null,
    casts,
  };
}

function isValueStep(step: Step): boolean {
  return step.kind === 'property' || step.kind === 'dynamic' || step.kind === 'cast' || step.kind === 'ordinal';
}
