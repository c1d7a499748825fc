import { type CsdlElement, none } from './element.js';
import type {
  ContainerChild,
  EntityContainer,
  EntitySet,
  EntityType,
  NavigationPropertyBinding,
  Schema,
  Singleton,
} from './model.js';
import { annotateLater, expand, flag, type Linking, type Mutable, resolveType, type Scope, split } from './scope.js';

interface Schemas {
  readonly schemas: ReadonlyMap<string, Schema>;
}

/** A container while it is linked. */
export interface LinkedContainer extends Mutable<EntityContainer> {
  children: Map<string, ContainerChild>;
  ownChildren: Set<string>;
}

/** The container with its sets and singletons; imports, bindings and the base come after (CSDL 13). */
export function declareContainer(element: CsdlElement, namespace: string, name: string): LinkedContainer {
  return {
    kind: 'entityContainer',
    namespace,
    name,
    qualifiedName: `${namespace}.${name}`,
    extends: null,
    children: new Map(),
    ownChildren: new Set(),
    annotations: none,
    at: element.at,
  };
}

/** Entity sets and singletons (CSDL 13.2, 13.3). */
export function linkSets(linking: Linking, scope: Scope, element: CsdlElement, container: LinkedContainer): void {
  annotateLater(linking, scope, container, element);
  for (const child of element.children) {
    const { Name: name } = child.attributes;
    if (name === undefined || child.name === 'Annotation') continue;
    if (container.ownChildren.has(name)) {
      linking.report('duplicate-container-child', child.at, `The container has a child '${name}' already.`);
      continue;
    }
    const linked = containerChild(linking, scope, child, name);
    if (linked === null) continue;
    container.ownChildren.add(name);
    container.children.set(name, linked);
    annotateLater(linking, scope, linked, child);
  }
}

function containerChild(linking: Linking, scope: Scope, element: CsdlElement, name: string): ContainerChild | null {
  const { at, attributes } = element;
  const common = { name, annotations: none, at, bindings: none };
  const path = attributes.EntitySet === undefined ? null : expand(scope, attributes.EntitySet);
  switch (element.name) {
    case 'EntitySet': {
      const type = entityType(linking, scope, element, attributes.EntityType);
      if (type === null) return null;
      return {
        kind: 'entitySet',
        ...common,
        type,
        includeInServiceDocument: flag(linking, element, 'IncludeInServiceDocument', true),
      };
    }
    case 'Singleton': {
      const type = entityType(linking, scope, element, attributes.Type);
      return type === null
        ? null
        : { kind: 'singleton', ...common, type, nullable: flag(linking, element, 'Nullable', false) };
    }
    case 'ActionImport': {
      const actions = overloads(linking, scope, attributes.Action, (schema, local) => schema.actions.get(local)).filter(
        (action) => !action.bound,
      );
      if (attributes.Action !== undefined && actions.length === 0)
        linking.report('import-target', at, `There is no unbound action '${attributes.Action}' to import.`);
      return { kind: 'actionImport', name, annotations: none, at, actions, entitySet: null, entitySetPath: path };
    }
    case 'FunctionImport': {
      const functions = overloads(linking, scope, attributes.Function, (schema, local) =>
        schema.functions.get(local),
      ).filter((one) => !one.bound);
      if (attributes.Function !== undefined && functions.length === 0)
        linking.report('import-target', at, `There is no unbound function '${attributes.Function}' to import.`);
      const includeInServiceDocument = flag(linking, element, 'IncludeInServiceDocument', false);
      return {
        kind: 'functionImport',
        name,
        annotations: none,
        at,
        functions,
        entitySet: null,
        entitySetPath: path,
        includeInServiceDocument,
      };
    }
    default:
      return null;
  }
}

function entityType(linking: Linking, scope: Scope, element: CsdlElement, name: string | undefined): EntityType | null {
  const type = name === undefined ? null : resolveType(linking, scope, name, element.at);
  if (type?.kind === 'entity') return type;
  if (type !== null)
    linking.report(
      'set-type',
      element.at,
      `An entity set or singleton holds entities of an entity type; ${name} is none.`,
    );
  return null;
}

function overloads<T>(
  linking: Linking,
  scope: Scope,
  qualifiedName: string | undefined,
  of: (schema: Schema, name: string) => readonly T[] | undefined,
): readonly T[] {
  if (qualifiedName === undefined) return none;
  const { namespace, name } = split(scope, qualifiedName);
  const schema = linking.schemas.get(namespace);
  return (schema === undefined ? undefined : of(schema, name)) ?? none;
}

/** Adds what the extended container brings; a cycle is reported and cut (CSDL 13.1). */
export function linkExtends(linking: Linking, scope: Scope, element: CsdlElement, container: LinkedContainer): void {
  const name = element.attributes.Extends;
  if (name === undefined) return;
  const { namespace, name: local } = split(scope, name);
  const base = linking.schemas.get(namespace)?.container ?? null;
  if (base === null || base.name !== local) {
    linking.report('extends-unknown', element.at, `There is no container '${name}' to extend.`);
    return;
  }
  for (let at: EntityContainer | null = base; at !== null; at = at.extends)
    if (at === container) {
      linking.report('extends-cycle', element.at, `The container '${container.name}' extends itself.`);
      return;
    }
  container.extends = base;
}

/** The children of all base containers, nearest last, then the own ones. */
export function inheritChildren(linking: Linking, container: LinkedContainer): void {
  if (container.extends === null) return;
  const all = new Map<string, ContainerChild>();
  const chain: EntityContainer[] = [];
  for (let at: EntityContainer | null = container.extends; at !== null; at = at.extends) chain.unshift(at);
  for (const base of chain) for (const name of base.ownChildren) keep(all, base.children.get(name));
  for (const name of container.ownChildren) {
    const own = container.children.get(name);
    const inherited = all.get(name);
    if (own !== undefined && inherited !== undefined && own.kind !== inherited.kind)
      linking.report(
        'extends-redefinition',
        own.at,
        `'${name}' is ${inherited.kind} in the extended container and cannot become ${own.kind}.`,
      );
    keep(all, own);
  }
  container.children = all;
}

function keep(all: Map<string, ContainerChild>, child: ContainerChild | undefined): void {
  if (child !== undefined) all.set(child.name, child);
}

/** Bindings of sets and singletons, and the sets that imports name (CSDL 13.4 to 13.6). */
export function linkTargets(linking: Linking, scope: Scope, element: CsdlElement, container: LinkedContainer): void {
  for (const child of element.children) {
    const linked = child.attributes.Name === undefined ? undefined : container.children.get(child.attributes.Name);
    if (linked === undefined || linked.at !== child.at) continue;
    switch (linked.kind) {
      case 'entitySet':
      case 'singleton':
        linkBindings(linking, scope, child, linked, container);
        break;
      case 'actionImport':
      case 'functionImport':
        linkImportSet(linking, child, linked, container);
        break;
    }
  }
}

function linkBindings(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  set: Mutable<EntitySet | Singleton>,
  container: EntityContainer,
): void {
  const bindings: NavigationPropertyBinding[] = [];
  for (const child of element.children) {
    const { Path: path, Target: target } = child.attributes;
    if (child.name !== 'NavigationPropertyBinding' || path === undefined || target === undefined) continue;
    const expanded = local(expand(scope, target), container);
    bindings.push({
      path: expand(scope, path),
      target: expanded,
      targetSet: setAt(linking, expanded, container),
      at: child.at,
    });
  }
  if (bindings.length > 0) set.bindings = bindings;
}

function linkImportSet(
  linking: Linking,
  element: CsdlElement,
  linked: Mutable<Extract<ContainerChild, { kind: 'actionImport' | 'functionImport' }>>,
  container: EntityContainer,
): void {
  if (linked.entitySetPath === null) return;
  linked.entitySetPath = local(linked.entitySetPath, container);
  linked.entitySet = setAt(linking, linked.entitySetPath, container);
  if (linked.entitySet === null && !linked.entitySetPath.includes('/'))
    linking.report(
      'import-entity-set',
      element.at,
      `There is no entity set '${linked.entitySetPath}' in this container.`,
    );
}

/** A target in the own container goes without the container's name, as JSON demands (CSDL 13.4.2). */
function local(target: string, { qualifiedName }: EntityContainer): string {
  return target.startsWith(`${qualifiedName}/`) ? target.slice(qualifiedName.length + 1) : target;
}

/** The set or singleton that a plain name, or a target path of two segments, names (CSDL 13.4.2, 15.4). */
export function setAt(linking: Schemas, target: string, container: EntityContainer): EntitySet | Singleton | null {
  const segments = target.split('/');
  const child =
    segments.length === 1
      ? container.children.get(target)
      : segments.length === 2
        ? containerNamed(linking, segments[0] ?? '', container)?.children.get(segments[1] ?? '')
        : undefined;
  return child?.kind === 'entitySet' || child?.kind === 'singleton' ? child : null;
}

/** A container by qualified name; a simple name is tolerated for the own one, as old documents write it. */
export function containerNamed(linking: Schemas, name: string, own: EntityContainer): EntityContainer | null {
  if (name === own.qualifiedName || name === own.name) return own;
  const dot = name.lastIndexOf('.');
  const found = linking.schemas.get(name.slice(0, Math.max(0, dot)))?.container ?? null;
  return found?.name === name.slice(dot + 1) ? found : null;
}
