import {
  anyStructure,
  type BoundOptions,
  type Expansion,
  type Projection,
  printKey,
  type Resource,
  type Step,
  type Structure,
  structureItems,
} from '../bind/index.js';

import type { EntityType, NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type ContextDescription, contextUrl, type SelectItem } from '../payload/index.js';
import type { ODataVersion } from '../protocol/index.js';
import type { Exchange } from './context.js';

/** The canonical path to what a resource path leads to, and where it stands in it (Protocol 10, URL 4.1). */
interface Canonical {
  /** The set or contained collection, or the path of a single contained entity or singleton; null: no set is known. */
  readonly set: string | null;
  /** The key behind `set` in parentheses, when the path names one of its entities. */
  readonly key: string;
  /** True when `set` is a singleton or a contained single-valued navigation property: there is nothing to pick from. */
  readonly single: boolean;
  /** The cast the path ends in. */
  readonly cast: string | null;
  /** Structural properties behind the entity. */
  readonly path: readonly string[];
}

/** Walks the steps; a navigation property that contains nothing starts anew at the set it is bound to. */
function canonical(resource: Resource): Canonical {
  const restart = resource.steps.findLastIndex(isElsewhere);
  const source = resource.source;
  const start: Canonical = {
    set: restart < 0 ? null : (source?.name ?? null),
    key: '',
    single: source?.kind === 'singleton',
    cast: null,
    path: [],
  };
  let type: EntityType | null = restart < 0 ? null : targetType(resource.steps[restart]);
  return resource.steps.slice(restart + 1).reduce<Canonical>((found, step) => {
    const next = advance(found, step, type);
    type = targetType(step) ?? type;
    return next;
  }, start);
}

function isElsewhere(step: Step): boolean {
  return step.kind === 'operation' || (step.kind === 'navigation' && !step.property.containsTarget);
}

function targetType(step: Step | undefined): EntityType | null {
  switch (step?.kind) {
    case 'entitySet':
      return step.set.type;
    case 'singleton':
      return step.singleton.type;
    case 'navigation':
      return step.property.type.kind === 'entity' ? step.property.type : null;
    default:
      return null;
  }
}

function advance(found: Canonical, step: Step, type: EntityType | null): Canonical {
  switch (step.kind) {
    case 'entitySet':
      return { ...found, set: step.set.name };
    case 'singleton':
      return { ...found, set: step.singleton.name, single: true };
    case 'key':
      return type === null ? found : { ...found, key: `(${printKey(step.key, type, step.alternate)})` };
    case 'navigation':
      return {
        set: found.set === null ? null : `${entityPath(found)}/${step.property.name}`,
        key: '',
        single: !step.property.collection,
        cast: null,
        path: [],
      };
    case 'cast':
      return found.path.length === 0
        ? { ...found, cast: step.type.qualifiedName }
        : { ...found, path: [...found.path, step.type.qualifiedName] };
    case 'property':
      return { ...found, path: [...found.path, step.property.name] };
    case 'dynamic':
      return { ...found, path: [...found.path, step.name] };
    case 'ordinal':
    case 'filter':
    case 'among':
    case 'query':
    case 'operation':
    case 'values':
      return found;
  }
}

/** Set, key, and the cast without which the members behind it would not be known. */
function entityPath({ set, key, cast, path }: Canonical): string {
  return [`${set}${key}`, ...(cast === null ? [] : [cast]), ...path].join('/');
}

/** The URL of the entity a path leads to, relative to the service root: its edit link (JSON 4.5.9). Throws InternalError without a set. */
export function entityUrl(resource: Resource): string {
  const found = canonical(resource);
  if (found.set === null) throw new ODataError('InternalError', 'This entity has no URL of its own.');
  return `${found.set}${found.key}${found.cast === null ? '' : `/${found.cast}`}`;
}

/** What the answer of an exchange holds, for its context URL (Protocol 10). */
export function describe({ url, negotiated }: Exchange): ContextDescription {
  const { resource, options } = url;
  const found = canonical(resource);
  const select = options.projection === null ? [] : listOf(options, options.projection, negotiated.version);
  const { set, cast } = found;
  const typed = (): ContextDescription => ({
    kind: 'type',
    type: resource.type?.qualifiedName ?? 'Edm.Untyped',
    collection: resource.collection,
    select,
  });
  switch (resource.kind) {
    case 'serviceDocument':
      return { kind: 'serviceDocument' };
    case 'reference':
      return { kind: 'reference' };
    case 'referenceCollection':
      return { kind: 'references' };
    case 'entityCollection':
    case 'each':
      return set === null ? typed() : { kind: 'entities', set, cast, select };
    case 'entity':
      if (set === null) return typed();
      return found.single ? { kind: 'singleton', path: set, cast, select } : { kind: 'entity', set, cast, select };
    case 'complex':
    case 'complexCollection':
    case 'primitive':
    case 'primitiveCollection':
      return set === null || found.path.length === 0
        ? typed()
        : { kind: 'property', entity: entityPath({ ...found, path: [] }), path: found.path.join('/'), select };
    case 'all':
    case 'crossjoin':
      return { kind: resource.kind };
    default:
      return typed();
  }
}

/** The context URL of an exchange's answer; null at metadata level none (JSON 4.5.1). */
export function contextOf(exchange: Exchange): string | null {
  const { negotiated, request } = exchange;
  return negotiated.metadata === 'none' ? null : contextUrl(describe(exchange), request.base, negotiated.version);
}

/** Behind `$apply` every member that is left is named (Aggregation 3.1.1), those of `$expand` in its place. */
function listOf({ structure }: BoundOptions, projection: Projection, version: ODataVersion): readonly SelectItem[] {
  if (structure === null || projection.selected !== null) return selectList(projection, version);
  const isNamed = ({ property, form }: Expansion) => form !== 'entities' || isLeft(property, structure, projection);
  const expanded = selectList({ ...projection, expanded: projection.expanded.filter(isNamed) }, version);
  const left = structureItems(structure, version, projection.explicit ?? false);
  const names = expanded.length > 0 && left[0] === anyStructure ? [] : left;
  return [...names.map((path): SelectItem => ({ kind: 'path', path })), ...expanded];
}

/** Behind an aggregation, what groups were made by, what was added, and everything when the entity's key is left. */
function isLeft(property: NavigationProperty, { whole, members, added }: Structure, { type }: Projection): boolean {
  const names = new Set(
    members.flatMap(([first, second]) => (first === undefined || second !== undefined ? [] : [first.name])),
  );
  const hasKey = type.kind === 'entity' && type.key.length > 0 && type.key.every(({ path }) => names.has(path));
  return whole || hasKey || added.has(property.name) || members.some(([first]) => first === property);
}

/** Selected properties as paths (Protocol 10.7-4), then expanded navigation properties with their own lists (10.9). */
export function selectList(projection: Projection, version: ODataVersion): readonly SelectItem[] {
  const { selected, expanded } = projection;
  const paths: SelectItem[] = [];
  if (selected !== null) {
    if (selected.all) paths.push({ kind: 'path', path: '*' });
    const nested = new Map(
      [...selected.properties].map(([property, inner]) => [property.name, propertyPaths(property, inner, version)]),
    );
    for (const name of selected.names)
      for (const path of nested.get(firstOf(name)) ?? (name === '*' ? [] : [name])) paths.push({ kind: 'path', path });
  }
  return [...paths, ...expanded.filter((item) => item.form === 'entities').map((item) => expandItem(item, version))];
}

function firstOf(path: string): string {
  return path.split('/', 1)[0] ?? path;
}

function propertyPaths(property: Property, inner: Projection | null, version: ODataVersion): readonly string[] {
  if (inner?.selected === null || inner === null) return [property.name];
  return selectList({ ...inner, expanded: [] }, version).map(({ path }) => `${property.name}/${path}`);
}

function expandItem(item: Expansion, version: ODataVersion): SelectItem {
  const path = [...item.path.map((part) => part.name), ...castBefore(item), item.property.name].join('/');
  const { options } = item;
  const items = options.projection === null ? [] : listOf(options, options.projection, version);
  return { kind: 'expand', path, items, recursive: item.levels !== 0 };
}

function castBefore({ cast }: Expansion): readonly string[] {
  return cast === null ? [] : [cast.qualifiedName];
}
