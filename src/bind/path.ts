import type { EntityType, Model, StructuredType, Type } from '../edm/index.js';
import { abstractType, isTagged, primitive, readable } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { ResourceSegment, Expression as Syntax, Url } from '../url/index.js';
import type { Resource, ResourceKind, Variable } from './bound.js';
import { combination } from './combination.js';
import { bindCondition } from './expression.js';
import { bindKeySegments } from './key.js';
import { castType } from './member.js';
import { boundHere, calledKind, calledPlace, hasKeys, isClosed, type PathContext } from './operation-place.js';
import {
  fixedKey,
  keyed,
  keyStep,
  type Name,
  navigationPlace,
  notFound,
  nowhere,
  type Place,
  propertyPlace,
  textOf,
  withArguments,
  withKey,
} from './place.js';
import { type Scope, scopeOf, withAliases } from './scope.js';
import { derivesFrom, isStructured } from './types.js';

/**
 * The resource a path leads to (URL 4).
 * Throws ResourceNotFound for names that do not exist, InvalidKey and InvalidValue for keys that cannot be.
 */
export function bindResource({ segments, options, path }: Url, model: Model): Resource {
  const context: PathContext = {
    scope: scopeOf(model, null, withAliases(new Map(), options.aliases, null), ''),
    options,
    path,
  };
  let place = nowhere;
  let rest = segments;
  while (rest.length > 0) {
    const taken = advance(place, rest, context);
    place = taken.place;
    rest = rest.slice(taken.count);
  }
  const { since: _, ...resource } = place;
  return { ...resource, kind: calledKind(place) ?? place.kind };
}

interface Advance {
  readonly place: Place;
  /** How many segments this took. */
  readonly count: number;
}

function advance(place: Place, rest: readonly ResourceSegment[], context: PathContext): Advance {
  const [segment] = rest;
  if (segment === undefined) return { place, count: 0 };
  if (!mayFollow(segment, place, rest.length === 1)) throw notFound(textOf(segment), place);
  if (segment.kind === 'name')
    return place.kind === 'serviceDocument'
      ? { place: fromContainer(segment, rest.length === 1, context), count: 1 }
      : afterName(place, rest, segment, context);
  if (place.kind === 'each') throw notFound(textOf(segment), place);
  return { place: special(place, segment, context.scope), count: 1 };
}

/** `/$query` stands last, also where nothing else may follow (URL 4.17). */
function mayFollow({ kind }: ResourceSegment, place: Place, last: boolean): boolean {
  if (isFinal(place.kind) || place.kind === 'action') return false;
  if (kind === '$query') return last;
  return place.kind !== 'crossjoin' && (place.kind !== 'all' || kind === 'name') && !isClosed(place);
}

/** Kinds behind which no segment may stand. */
function isFinal(kind: ResourceKind): boolean {
  return ['metadata', 'batch', 'count', 'rawValue', 'mediaValue', 'reference', 'referenceCollection'].includes(kind);
}

/** Parentheses without arguments in them are good in a key segment only (URL 2.2, 4.3.6). Throws MalformedUrl. */
function requireArguments({ text, arguments: found }: Name): void {
  if (found !== null || !/^[\p{L}_][\p{L}\p{N}_.]*\(.*\)$/u.test(text)) return;
  throw new ODataError(
    'MalformedUrl',
    `What stands between the parentheses of '${text}' is neither a key nor arguments; quotes within texts are doubled.`,
    text,
  );
}

/** The first segment: a child of the entity container (URL 4.1). */
function fromContainer(segment: Name, last: boolean, context: PathContext): Place {
  const { scope } = context;
  const children = scope.model.container?.children ?? new Map();
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
      return calledPlace(nowhere, child.actions, child, segment, last, context);
    case 'functionImport':
      return calledPlace(nowhere, child.functions, child, segment, last, context);
    default:
      requireArguments(segment);
      throw notFound(segment.text, nowhere, children.keys());
  }
}

function afterName(place: Place, rest: readonly ResourceSegment[], segment: Name, context: PathContext): Advance {
  const { scope } = context;
  const last = rest.length === 1;
  if (place.kind === 'each') return { place: calledOn(place, segment, last, context), count: 1 };
  if (place.kind === 'all') return { place: allOfType(place, segment, scope), count: 1 };
  const item = ordinalPlace(place, segment);
  if (item !== null) return { place: item, count: 1 };
  if (!isStructured(place.type)) return { place: calledOn(place, segment, last, context), count: 1 };
  const named = byName(place, place.type, segment, last, context);
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
  requireArguments(segment);
  throw notFound(segment.text, place, [...readable(place.type).keys(), ...place.type.navigationProperties.keys()]);
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
function byName(place: Place, type: StructuredType, segment: Name, last: boolean, context: PathContext): Place | null {
  const { scope } = context;
  if (!place.collection && segment.arguments === null) {
    const property = readable(type).get(segment.name);
    if (property) return propertyPlace(place, property);
  }
  if (!place.collection) {
    const navigation = type.navigationProperties.get(segment.name);
    if (navigation) return withArguments(navigationPlace(place, navigation, scope.model), segment, scope);
  }
  const overloads = boundHere(place, segment.name, scope);
  if (overloads.some((overload) => isTagged(overload, 'Edmund.V1.Changes')) && place.kind === 'entityCollection')
    return { ...place, changes: true };
  if (overloads.length > 0) return calledPlace(place, overloads, null, segment, last, context);
  return casted(place, type, segment, scope);
}

/** An operation, where nothing else may follow: behind a value without members, and behind `/$each`. */
function calledOn(place: Place, segment: Name, last: boolean, context: PathContext): Place {
  const overloads = boundHere(place, segment.name, context.scope);
  if (overloads.length === 0) throw notFound(segment.text, place);
  return calledPlace(place, overloads, null, segment, last, context);
}

/** A type, by its name with or without a default namespace. */
function casted(place: Place, type: StructuredType, segment: Name, scope: Scope): Place | null {
  const names = segment.name.includes('.')
    ? [segment.name]
    : [...scope.model.defaultNamespaces].map((namespace) => `${namespace}.${segment.name}`);
  const name = names.find((one) => isStructured(scope.model.type(one)));
  if (name === undefined) return null;
  if (place.steps.at(-1)?.kind === 'cast') throw notFound(segment.text, place); // one cast says it all (URL 4)
  const cast = castType(type, name, scope);
  return withArguments({ ...place, steps: [...place.steps, { kind: 'cast', type: cast }], type: cast }, segment, scope);
}

/** As many segments as the key has properties that the path does not fix already (URL 4.3.6). */
function keySegments(place: Place, type: EntityType, rest: readonly ResourceSegment[], scope: Scope): Advance {
  const fixed = fixedKey(place, type);
  const length = type.key.length - fixed.length;
  const texts = rest.slice(0, length).map((segment) => (segment.kind === 'name' ? segment.text : undefined));
  const complete = texts.filter((text) => text !== undefined);
  if (complete.length < length || length === 0 || !hasKeys(place))
    throw notFound(textOf(rest[0] ?? { kind: '$ref', at: 0 }), place);
  try {
    const step = keyStep(type, fixed, (parts) => bindKeySegments(type, complete, scope, parts));
    return { place: keyed(place, step), count: length };
  } catch (error) {
    // A text that is no key value names nothing: the resource does not exist.
    if (error instanceof ODataError && error.code === 'InvalidValue') throw notFound(complete.join('/'), place);
    throw error;
  }
}

/** `$all`: the entities of all sets and singletons (URL 4.16). */
function everything(place: Place, model: Model): Place {
  if (place.kind !== 'serviceDocument') throw notFound('$all', place);
  const children = [...(model.container?.children.values() ?? [])];
  const sets = children.flatMap((source) =>
    source.kind === 'entitySet' || source.kind === 'singleton' ? [{ source, variable: null }] : [],
  );
  return { ...place, kind: 'all', type: abstractType('Edm.EntityType'), collection: true, sets };
}

/** `$all/NS.Type`: of one set only that can hold the type it is the same as that set, cast. */
function allOfType(place: Place, segment: Name, { model }: Scope): Place {
  const type = model.type(segment.name);
  if (type?.kind !== 'entity' || segment.arguments !== null || place.type?.kind === 'entity')
    throw notFound(segment.text, place);
  const sets = place.sets.filter(({ source }) => derivesFrom(type, source.type) || derivesFrom(source.type, type));
  const [only] = sets;
  if (only === undefined) throw notFound(segment.text, place);
  if (sets.length > 1 || only.source.kind !== 'entitySet') return { ...place, type, sets };
  const { source } = only;
  const steps = [{ kind: 'entitySet', set: source } as const, { kind: 'cast', type } as const];
  return { ...nowhere, kind: 'entityCollection', steps, type, collection: true, source };
}

/** `$crossjoin(A,B)`: every combination of their entities (URL 4.15). */
function crossjoin(place: Place, names: readonly string[], model: Model): Place {
  if (place.kind !== 'serviceDocument') throw notFound('$crossjoin', place);
  const sets = names.map((name) => {
    const child = model.container?.children.get(name);
    if (child?.kind === 'entitySet') return child;
    throw notFound(name, place, model.container?.children.keys());
  });
  const joined = sets.map((source) => ({ source, variable: { name: source.name, type: source.type } }));
  return { ...place, kind: 'crossjoin', type: combination(sets), collection: true, sets: joined };
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
      return withKey(filtered(place, segment.predicate, scope), '$filter', segment.key, scope);
    case '$query':
      if (place.kind === 'serviceDocument') throw notFound('$query', place);
      return place;
    case '$crossjoin':
      return crossjoin(place, segment.sets, scope.model);
    case '$all':
      return everything(place, scope.model);
    case '$entity':
      throw new ODataError('NotImplemented', `'${segment.kind}' is not supported yet.`, segment.kind);
  }
}

function rawValue(place: Place): Place {
  if (place.kind === 'primitive') return { ...place, kind: 'rawValue' };
  if (place.kind === 'entity' && place.type?.kind === 'entity' && place.type.hasStream)
    return { ...place, kind: 'mediaValue' };
  if (place.kind === 'entity')
    throw new ODataError('BadRequest', 'This is no media entity: it has no stream of its own.', '$value'); // Protocol 11.2.3
  throw notFound('$value', place);
}

/** `/$filter(@f)` on a collection (URL 4.12). */
function filtered(place: Place, predicate: Syntax, scope: Scope): Place {
  if (!place.collection || place.type === null) throw notFound('$filter', place);
  const variable: Variable = { name: '$it', type: place.type };
  const bound = bindCondition(predicate, { ...scopeOf(scope.model, variable, scope.aliases, '$filter') });
  return { ...place, steps: [...place.steps, { kind: 'filter', variable, predicate: bound }] };
}
