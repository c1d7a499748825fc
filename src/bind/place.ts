import type { EntitySet, Model, NavigationProperty, Property, Singleton, Type } from '../edm/index.js';
import { isStreamType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ResourceSegment } from '../url/index.js';
import type { Resource, ResourceKind, Step } from './bound.js';
import { bindKey } from './key.js';
import type { Scope } from './scope.js';
import { didYouMean } from './suggest.js';
import { isStructured } from './types.js';

/** What the segments read so far have led to. */
export interface Place {
  readonly kind: ResourceKind;
  readonly steps: readonly Step[];
  readonly type: Type | null;
  readonly collection: boolean;
  readonly property: Property | null;
  readonly source: EntitySet | Singleton | null;
  /** Names since `source`, type casts left out, for navigation property bindings (CSDL 13.4.1). */
  readonly since: readonly string[];
  readonly sets: Resource['sets'];
  /** The changes of the collection are asked for. */
  readonly changes?: true;
}

export type Name = Extract<ResourceSegment, { kind: 'name' }>;

/** The service root. */
export const nowhere: Place = {
  kind: 'serviceDocument',
  steps: [],
  type: null,
  collection: false,
  property: null,
  source: null,
  since: [],
  sets: [],
};

/** A segment as it stands in messages. */
export function textOf(segment: ResourceSegment): string {
  return segment.kind === 'name' ? segment.text : segment.kind;
}

/** The error for a segment that names nothing there. */
export function notFound(text: string, place: Place, names: Iterable<string> = []): ODataError {
  const where = isStructured(place.type) ? ` on ${place.type.qualifiedName}` : '';
  return new ODataError('ResourceNotFound', `There is no resource '${text}'${where}.${didYouMean(text, names)}`, text);
}

/** A key predicate written in the same segment. */
export function withArguments(place: Place, segment: Name, scope: Scope): Place {
  if (segment.key !== null) throw notFound(segment.text, place);
  return withKey(place, segment.text, segment.arguments, scope);
}

/** One of the entities of a collection, by the key that `text` ends in; the collection itself when there is none. */
export function withKey(place: Place, text: string, key: Name['arguments'], scope: Scope): Place {
  if (key === null) return place;
  if (place.kind !== 'entityCollection' || place.type?.kind !== 'entity') throw notFound(text, place);
  return keyed(place, { kind: 'key', ...bindKey(place.type, key, scope) });
}

/** One of the entities of a collection. */
export function keyed(place: Place, step: Step): Place {
  return { ...place, kind: 'entity', steps: [...place.steps, step], collection: false };
}

/** A property of an entity or complex value. */
export function propertyPlace(place: Place, property: Property): Place {
  const structured = property.type.kind === 'complex';
  const stream = isStreamType(property.type) && !property.collection;
  const single = structured ? 'complex' : stream ? 'stream' : 'primitive';
  const many = structured ? 'complexCollection' : 'primitiveCollection';
  return {
    ...place,
    kind: property.collection ? many : single,
    steps: [...place.steps, { kind: 'property', property }],
    type: property.type,
    collection: property.collection,
    property,
    since: [...place.since, property.name],
  };
}

/** What a navigation property leads to. */
export function navigationPlace(place: Place, property: NavigationProperty, model: Model): Place {
  const since = [...place.since, property.name];
  const target = property.containsTarget ? place.source : bindingTarget(place.source, since);
  const type = property.type.kind === 'entity' ? property.type : model.type(property.type.qualifiedName);
  return {
    kind: property.collection ? 'entityCollection' : 'entity',
    steps: [...place.steps, { kind: 'navigation', property }],
    type,
    collection: property.collection,
    property: null,
    source: target,
    since: property.containsTarget ? since : [],
    sets: [],
  };
}

/** The set or singleton a navigation path is bound to; casts in binding paths do not matter here (CSDL 13.4.1). */
export function bindingTarget(
  source: EntitySet | Singleton | null,
  names: readonly string[],
): EntitySet | Singleton | null {
  const path = names.join('/');
  const binding = source?.bindings.find(
    (candidate) =>
      candidate.path
        .split('/')
        .filter((name) => !name.includes('.'))
        .join('/') === path,
  );
  return binding?.targetSet ?? null;
}
