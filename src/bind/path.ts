import type {
  EntitySet,
  EntityType,
  Model,
  NavigationProperty,
  Operation,
  Property,
  Singleton,
  StructuredType,
  Type,
} from '../edm/index.js';
import { isTagged, primitive } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { KeySegment, ResourceSegment, Expression as Syntax } from '../url/index.js';
import type { Resource, ResourceKind, Step, Variable } from './bound.js';
import { bindCondition, bindExpression } from './expression.js';
import { bindKey, bindKeySegments } from './key.js';
import { castType } from './member.js';
import { type AliasValue, type Scope, scopeOf } from './scope.js';
import { didYouMean } from './suggest.js';
import { isStructured } from './types.js';

/** What the segments read so far have led to. */
interface Place {
  readonly kind: ResourceKind;
  readonly steps: readonly Step[];
  readonly type: Type | null;
  readonly collection: boolean;
  readonly property: Property | null;
  readonly source: EntitySet | Singleton | null;
  /** Names since `source`, type casts left out, for navigation property bindings (CSDL 13.4.1). */
  readonly since: readonly string[];
}

type Name = Extract<ResourceSegment, { kind: 'name' }>;

const nowhere: Place = {
  kind: 'serviceDocument',
  steps: [],
  type: null,
  collection: false,
  property: null,
  source: null,
  since: [],
};

/**
 * The resource a path leads to (URL 4). `aliases` are the parameter aliases of the query.
 * Throws ResourceNotFound for names that do not exist, InvalidKey and InvalidValue for keys that cannot be.
 */
export function bindResource(
  segments: readonly ResourceSegment[],
  model: Model,
  aliases: ReadonlyMap<string, AliasValue>,
): Resource {
  let place = nowhere;
  let rest = segments;
  const scope = scopeOf(model, null, aliases, '');
  while (rest.length > 0) {
    const taken = advance(place, rest, model, scope);
    place = taken.place;
    rest = rest.slice(taken.count);
  }
  const { since: _, ...resource } = place;
  return { ...resource, sets: [] };
}

interface Advance {
  readonly place: Place;
  /** How many segments this took. */
  readonly count: number;
}

function advance(place: Place, rest: readonly ResourceSegment[], model: Model, scope: Scope): Advance {
  const [segment] = rest;
  if (segment === undefined) return { place, count: 0 };
  if (isFinal(place.kind)) throw notFound(textOf(segment), place);
  if (segment.kind === 'name')
    return place.kind === 'serviceDocument'
      ? { place: fromContainer(segment, model, scope), count: 1 }
      : afterName(place, rest, segment, scope);
  return { place: special(place, segment, scope), count: 1 };
}

/** Kinds behind which no segment may stand. */
function isFinal(kind: ResourceKind): boolean {
  return ['metadata', 'batch', 'count', 'rawValue', 'mediaValue', 'reference', 'referenceCollection', 'each'].includes(
    kind,
  );
}

function textOf(segment: ResourceSegment): string {
  return segment.kind === 'name' ? segment.text : segment.kind;
}

function notFound(text: string, place: Place, names: Iterable<string> = []): ODataError {
  const where = isStructured(place.type) ? ` on ${place.type.qualifiedName}` : '';
  return new ODataError('ResourceNotFound', `There is no resource '${text}'${where}.${didYouMean(text, names)}`, text);
}

/** The first segment: a child of the entity container (URL 4.1). */
function fromContainer(segment: Name, model: Model, scope: Scope): Place {
  const children = model.container?.children ?? new Map();
  const child = children.get(segment.name);
  switch (child?.kind) {
    case 'entitySet':
      return withArguments(
        {
          ...nowhere,
          kind: 'entityCollection',
          steps: [{ kind: 'entitySet', set: child }],
          type: child.type,
          collection: true,
          source: child,
        },
        segment,
        scope,
      );
    case 'singleton':
      if (segment.arguments !== null) throw notFound(segment.text, nowhere);
      return {
        ...nowhere,
        kind: 'entity',
        steps: [{ kind: 'singleton', singleton: child }],
        type: child.type,
        source: child,
      };
    case 'actionImport':
      return operationPlace(nowhere, child.actions, segment, scope, child.entitySet);
    case 'functionImport':
      return operationPlace(nowhere, child.functions, segment, scope, child.entitySet);
    default:
      throw notFound(segment.text, nowhere, children.keys());
  }
}

/** A key predicate written in the same segment. */
function withArguments(place: Place, segment: Name, scope: Scope): Place {
  if (segment.arguments === null) return place;
  if (place.kind !== 'entityCollection' || place.type?.kind !== 'entity') throw notFound(segment.text, place);
  const { key, alternate } = bindKey(place.type, segment.arguments, scope);
  return keyed(place, { kind: 'key', key, alternate });
}

/** A key predicate behind a filtered collection, `$filter(…)(1)` (URL 4.3). */
function keyBehind(place: Place, segment: KeySegment, scope: Scope): Place {
  if (place.kind === 'function')
    throw new ODataError('NotImplemented', 'A key behind the result of a function is not supported yet.', 'path');
  if (place.kind !== 'entityCollection' || place.type?.kind !== 'entity') throw notFound('a key', place);
  const { key, alternate } = bindKey(place.type, segment.arguments, scope);
  return keyed(place, { kind: 'key', key, alternate });
}

function keyed(place: Place, step: Step): Place {
  return { ...place, kind: 'entity', steps: [...place.steps, step], collection: false };
}

function afterName(place: Place, rest: readonly ResourceSegment[], segment: Name, scope: Scope): Advance {
  const item = ordinalPlace(place, segment);
  if (item !== null) return { place: item, count: 1 };
  if (!isStructured(place.type)) throw notFound(segment.text, place);
  const named = byName(place, place.type, segment, scope);
  if (named !== null) return { place: named, count: 1 };
  if (place.kind === 'entityCollection' && place.type.kind === 'entity')
    return keySegments(place, place.type, rest, scope);
  if (place.type.open && !place.collection && segment.arguments === null)
    return {
      place: {
        ...place,
        kind: 'primitive',
        steps: [...place.steps, { kind: 'dynamic', name: segment.name }],
        type: null,
      },
      count: 1,
    };
  throw notFound(segment.text, place, [...place.type.properties.keys(), ...place.type.navigationProperties.keys()]);
}

/** One item of an ordered collection of values, by its position (URL 4.11, Protocol 11.2.6.8); null: the segment is none. */
function ordinalPlace(place: Place, segment: Name): Place | null {
  const { kind, property } = place;
  if ((kind !== 'primitiveCollection' && kind !== 'complexCollection') || property === null) return null;
  if (!/^-?\d{1,9}$/.test(segment.text) || !isTagged(property, 'Org.OData.Core.V1.Ordered')) return null;
  return {
    ...place,
    kind: kind === 'complexCollection' ? 'complex' : 'primitive',
    steps: [...place.steps, { kind: 'ordinal', index: Number(segment.text) }],
    collection: false,
  };
}

/** A type cast, operation, property or navigation property; null when the segment is none of them and may be a key (URL 4.3.6). */
function byName(place: Place, type: StructuredType, segment: Name, scope: Scope): Place | null {
  if (!place.collection && segment.arguments === null) {
    const property = type.properties.get(segment.name);
    if (property) return propertyPlace(place, property);
  }
  if (!place.collection) {
    const navigation = type.navigationProperties.get(segment.name);
    if (navigation) return withArguments(navigationPlace(place, navigation, scope.model), segment, scope);
  }
  return segment.name.includes('.') || scope.model.defaultNamespaces.size > 0
    ? qualified(place, type, segment, scope)
    : null;
}

function qualified(place: Place, type: StructuredType, segment: Name, scope: Scope): Place | null {
  const names = segment.name.includes('.')
    ? [segment.name]
    : [...scope.model.defaultNamespaces].map((namespace) => `${namespace}.${segment.name}`);
  for (const name of names) {
    const found = scope.model.type(name);
    if (isStructured(found)) {
      const cast = castType(type, name, scope);
      const casted = { ...place, steps: [...place.steps, { kind: 'cast', type: cast } as const], type: cast };
      return withArguments(casted, segment, scope);
    }
    const overloads = scope.model
      .boundOperations(type, place.collection)
      .filter((operation) => operation.qualifiedName === name || scope.model.operations(name).includes(operation));
    if (overloads.length > 0) return operationPlace(place, overloads, segment, scope, null);
  }
  return null;
}

function operationPlace(
  place: Place,
  overloads: readonly Operation[],
  segment: Name,
  scope: Scope,
  source: EntitySet | Singleton | null,
): Place {
  const given = segment.arguments?.kind === 'named' ? segment.arguments.values : [];
  const step: Step = {
    kind: 'operation',
    overloads,
    arguments: given.map((argument) => ({ name: argument.name, value: bindExpression(argument.value, scope) })),
  };
  const isAction = overloads[0]?.kind === 'action';
  const returned = overloads[0]?.returnType ?? null;
  return {
    ...place,
    kind: isAction ? 'action' : 'function',
    steps: [...place.steps, step],
    type: returned?.type ?? null,
    collection: returned?.collection ?? false,
    property: null,
    source,
  };
}

/** As many segments as the key has properties (URL 4.3.6). */
function keySegments(place: Place, type: EntityType, rest: readonly ResourceSegment[], scope: Scope): Advance {
  const texts = rest.slice(0, type.key.length).map((segment) => (segment.kind === 'name' ? segment.text : undefined));
  const complete = texts.filter((text) => text !== undefined);
  if (complete.length < type.key.length || type.key.length === 0)
    throw notFound(textOf(rest[0] ?? { kind: '$ref', at: 0 }), place);
  try {
    const { key, alternate } = bindKeySegments(type, complete, scope);
    return { place: keyed(place, { kind: 'key', key, alternate }), count: type.key.length };
  } catch (error) {
    // A text that is no key value names nothing: the resource does not exist.
    if (error instanceof ODataError && error.code === 'InvalidValue') throw notFound(complete.join('/'), place);
    throw error;
  }
}

function propertyPlace(place: Place, property: Property): Place {
  const structured = property.type.kind === 'complex';
  const stream = property.type.qualifiedName === 'Edm.Stream' && !property.collection;
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

function navigationPlace(place: Place, property: NavigationProperty, model: Model): Place {
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

/** `$count`, `$value`, `$ref`, `$each`, `$filter(…)`, `$metadata`… */
function special(place: Place, segment: Exclude<ResourceSegment, Name>, scope: Scope): Place {
  const at = (kind: ResourceKind, type: Type | null = place.type): Place => ({
    ...place,
    kind,
    type,
    collection: false,
  });
  switch (segment.kind) {
    case '$metadata':
    case '$batch':
      if (place.kind !== 'serviceDocument') throw notFound(segment.kind, place);
      return at(segment.kind === '$metadata' ? 'metadata' : 'batch');
    case '$count':
      if (!place.collection) throw notFound('$count', place);
      return at('count', primitive('Edm.Int64'));
    case '$value':
      return rawValue(place);
    case '$ref':
      if (place.kind === 'entityCollection') return { ...place, kind: 'referenceCollection' };
      if (place.kind === 'entity') return { ...place, kind: 'reference' };
      throw notFound('$ref', place);
    case '$each':
      if (!place.collection) throw notFound('$each', place);
      return { ...place, kind: 'each' };
    case '$filter':
      return filtered(place, segment.predicate, scope);
    case 'key':
      return keyBehind(place, segment, scope);
    case '$query':
      if (place.kind === 'serviceDocument') throw notFound('$query', place);
      return place;
    case '$all':
    case '$crossjoin':
    case '$entity':
      throw new ODataError('NotImplemented', `'${segment.kind}' is not supported yet.`, segment.kind);
  }
}

function rawValue(place: Place): Place {
  if (place.kind === 'primitive') return { ...place, kind: 'rawValue' };
  if (place.kind === 'entity' && place.type?.kind === 'entity' && place.type.hasStream)
    return { ...place, kind: 'mediaValue' };
  if (place.kind === 'stream') return place;
  throw notFound('$value', place);
}

/** `/$filter(@f)` on a collection (URL 4.12). */
function filtered(place: Place, predicate: Syntax, scope: Scope): Place {
  if (!place.collection || place.type === null) throw notFound('$filter', place);
  const variable: Variable = { name: '$it', type: place.type };
  const bound = bindCondition(predicate, { ...scopeOf(scope.model, variable, scope.aliases, '$filter') });
  return { ...place, steps: [...place.steps, { kind: 'filter', variable, predicate: bound }] };
}
