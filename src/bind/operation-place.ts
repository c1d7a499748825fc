import {
  type ActionImport,
  annotationOf,
  type Element,
  type FunctionImport,
  isStreamType,
  isTagged,
  type Operation,
  stringValues,
  type Type,
} from '../edm/index.js';
import type { QueryOptions } from '../url/index.js';
import type { CallStep, ResourceKind, Step } from './bound.js';
import { castType } from './member.js';
import { bindOperation } from './operation.js';
import { type Name, navigationPlace, notFound, nowhere, type Place, withKey } from './place.js';
import type { Scope } from './scope.js';
import { isStructured } from './types.js';

/** What a path is read with. */
export interface PathContext {
  readonly scope: Scope;
  /** The path as it stands in the URL. */
  readonly path: string;
  readonly options: QueryOptions;
}

/** What a value of a type is as a resource. */
export function kindOf(type: Type, collection: boolean): ResourceKind {
  if (type.kind === 'entity' || type.qualifiedName === 'Edm.EntityType')
    return collection ? 'entityCollection' : 'entity';
  if (type.kind === 'complex' || type.qualifiedName === 'Edm.ComplexType')
    return collection ? 'complexCollection' : 'complex';
  if (collection) return 'primitiveCollection';
  return isStreamType(type) ? 'stream' : 'primitive';
}

/** The operations bound to what a path has led to, by a name with or without namespace; the nearest first (URL 4.5, Protocol 4.4). */
export function boundHere(
  place: Pick<Place, 'type' | 'collection'> & { readonly kind?: string; readonly steps?: readonly Step[] },
  name: string,
  { model }: Scope,
): readonly Operation[] {
  const { type, collection, kind, steps = [] } = place;
  if (type === null) return [];
  const names = name.includes('.') ? [name] : [...model.defaultNamespaces].map((namespace) => `${namespace}.${name}`);
  const wanted = new Set(names.flatMap((one) => model.operations(one)));
  return wanted.size === 0
    ? []
    : model
        .boundOperations(type, collection && kind !== 'each')
        .filter(
          (operation) =>
            wanted.has(operation) &&
            isBoundTo(operation, [...('annotations' in type ? [type] : []), ...elementsOf(steps)]),
        );
}

/** False for an operation that is only bound where an element says so, when none of these does (Core.RequiresExplicitBinding). */
export function isBoundTo(operation: Operation, elements: readonly Element[]): boolean {
  if (!isTagged(operation, 'Org.OData.Core.V1.RequiresExplicitBinding')) return true;
  const names = elements.flatMap((element) =>
    stringValues(annotationOf(element, 'Org.OData.Core.V1.ExplicitOperationBindings')),
  );
  return names.some((name) => name.split('(', 1)[0] === operation.qualifiedName);
}

/** The set, singleton or property that the last part of a path leads to or into. */
function elementsOf(steps: readonly Step[]): readonly Element[] {
  for (const step of [...steps].reverse()) {
    if (step.kind === 'entitySet') return [step.set];
    if (step.kind === 'singleton') return [step.singleton];
    if (step.kind === 'navigation' || step.kind === 'property') return [step.property];
  }
  return [];
}

/** The result of a call: of an import at the root, else of an operation bound to `place`. Throws ResourceNotFound when no overload fits. */
export function calledPlace(
  place: Place,
  overloads: readonly Operation[],
  imported: ActionImport | FunctionImport | null,
  segment: Name,
  last: boolean,
  context: PathContext,
): Place {
  const { scope, path, options } = context;
  const call = bindOperation({ overloads, segment, last, options }, scope);
  if (call === null) throw notFound(segment.text, place, signatures(overloads));
  const { operation } = call;
  const binding: Place = place.kind === 'each' ? { ...place, collection: false } : place;
  const target = imported === null ? bindingPlace(binding, operation, scope) : importPlace(imported);
  const before = path.slice(0, segment.at).replace(/\/$/, '');
  const step: CallStep = {
    kind: 'operation',
    ...call,
    import: imported,
    target: target?.steps ?? null,
    source: place.source,
    before,
    each: place.kind === 'each',
  };
  const { returnType } = operation;
  const isAction = operation.kind === 'action' || returnType === null;
  const result: Place = {
    kind: isAction ? 'action' : kindOf(returnType.type, returnType.collection),
    steps: [...place.steps, step],
    type: returnType?.type ?? null,
    collection: returnType?.collection ?? false,
    property: null,
    source: target?.source ?? null,
    since: target?.since ?? [],
    sets: [],
  };
  if (segment.key !== null && (isClosed(result) || !hasKeys(result))) throw notFound(segment.text, result);
  return withKey(result, segment.text, segment.key, scope); // behind a composable call (URL 4.3)
}

/** Entities that belong to no set have no key that a path could name (URL 4.9). */
export function hasKeys({ steps }: Place): boolean {
  const last = steps.at(-1);
  return last?.kind !== 'operation' || last.target !== null;
}

function signatures(overloads: readonly Operation[]): readonly string[] {
  return overloads.map(({ bound, name, parameters }) => {
    const names = parameters.slice(bound ? 1 : 0).map((parameter) => parameter.name);
    return `${name}(${names.join(',')})`;
  });
}

/** Nothing may follow an action, nor a function that is not composable (Protocol 11.5.4.1, 11.5.5.1). */
export function isClosed({ steps, kind, changes }: Place): boolean {
  const last = steps.at(-1);
  if (kind === 'action' || changes === true || (last?.kind === 'operation' && last.each)) return true;
  return last?.kind === 'operation' && last.operation.kind === 'function' && !last.operation.composable;
}

/** The kind of a path that ends in a call, `action` or `function`; null for any other. */
export function calledKind(place: Place): 'action' | 'function' | null {
  const last = place.steps.at(-1);
  if (last?.kind !== 'operation') return null;
  if (last.operation.kind === 'action') return 'action';
  const { type, collection } = last.operation.returnType;
  return place.kind === kindOf(type, collection) ? 'function' : null;
}

function importPlace({ entitySet }: ActionImport | FunctionImport): Place | null {
  if (entitySet === null) return null;
  const isSet = entitySet.kind === 'entitySet';
  const step: Step = isSet ? { kind: 'entitySet', set: entitySet } : { kind: 'singleton', singleton: entitySet };
  const kind = isSet ? 'entityCollection' : 'entity';
  return { ...nowhere, kind, steps: [step], type: entitySet.type, collection: isSet, source: entitySet };
}

/** Where the path of the operation leads to from its binding value; with nothing behind that, to its own collection (CSDL 12.6). */
function bindingPlace(place: Place, { entitySetPath }: Operation, scope: Scope): Place | null {
  if (entitySetPath === null) return null;
  const [, ...names] = entitySetPath.split('/');
  let at: Place = names.length > 0 ? place : collectionOf(place);
  for (const name of names) {
    if (!isStructured(at.type)) return null;
    const navigation = at.type.navigationProperties.get(name);
    if (navigation !== undefined) at = navigationPlace(at, navigation, scope.model);
    else if (name.includes('.')) {
      const type = castType(at.type, name, scope);
      at = { ...at, steps: [...at.steps, { kind: 'cast', type }], type };
    } else return null;
  }
  return at;
}

/** The collection an entity was picked from; a singleton, or what a single navigation property leads to, is its own. */
function collectionOf(place: Place): Place {
  const steps = place.steps.filter(({ kind }) => kind !== 'filter');
  const last = steps.findLastIndex(({ kind }) => kind !== 'cast');
  if (place.collection || steps[last]?.kind !== 'key') return { ...place, steps };
  return { ...place, kind: 'entityCollection', collection: true, steps: steps.filter((_, index) => index !== last) };
}
