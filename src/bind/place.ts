import type {
  EntitySet,
  EntityType,
  KeyProperty,
  Model,
  NavigationProperty,
  Property,
  Singleton,
  Type,
  Value,
} from '../edm/index.js';
import { isStreamType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ResourceSegment } from '../url/index.js';
import type { Resource, ResourceKind, Step } from './bound.js';
import { type BoundKey, bindKey } from './key.js';
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
  const { type } = place;
  const fixed = fixedKey(place, type);
  const names = new Set(fixed.map(({ part }) => part.name));
  const omitted =
    key.kind === 'positional' ? fixed.length > 0 : !key.values.some(({ name }) => names.has(name)) && fixed.length > 0;
  return keyed(
    place,
    keyStep(type, omitted ? fixed : [], (parts) => bindKey(type, key, scope, parts)),
  );
}

/** A key part that the path before it fixes. */
interface FixedPart {
  readonly part: KeyProperty;
  readonly value: Value;
}

/** The key parts of what a navigation property leads to that the referential constraint of its partner fixes (URL 4.3.3). */
export function fixedKey({ steps }: Place, type: EntityType): readonly FixedPart[] {
  const at = steps.findLastIndex(({ kind }) => kind === 'navigation');
  const step = steps[at];
  const principal = steps.slice(0, at).findLast(({ kind }) => kind !== 'cast');
  if (step?.kind !== 'navigation' || principal?.kind !== 'key') return [];
  return (step.property.partner?.referentialConstraints ?? []).flatMap(({ property, referencedProperty }) => {
    const part = type.key.find(({ path }) => path === property);
    const known = principal.key.find(
      ({ properties }) => properties.map(({ name }) => name).join('/') === referencedProperty,
    );
    return part === undefined || known === undefined ? [] : [{ part, value: known.value }];
  });
}

/** A key of which some parts are fixed: `bind` reads the others. */
export function keyStep(
  type: EntityType,
  fixed: readonly FixedPart[],
  bind: (parts: readonly KeyProperty[]) => BoundKey,
): Extract<Step, { kind: 'key' }> {
  const parts = new Map(fixed.map(({ part, value }) => [part, value]));
  const { key, alternate } = bind(fixed.length === 0 ? type.key : type.key.filter((part) => !parts.has(part)));
  if (alternate || fixed.length === 0) return { kind: 'key', key, alternate };
  const given = [...key];
  const whole = type.key.map((part) => {
    const value = parts.get(part);
    return value === undefined ? given.shift() : { properties: part.properties, value };
  });
  return { kind: 'key', key: whole.filter((part) => part !== undefined), alternate };
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
