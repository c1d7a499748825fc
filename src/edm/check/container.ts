import { containerNamed } from '../link-container.js';
import type {
  EntityContainer,
  EntitySet,
  EntityType,
  NavigationProperty,
  NavigationPropertyBinding,
  Singleton,
  Type,
} from '../model.js';
import { follow, structuredOf } from '../path.js';
import { isSubtypeOf } from '../subtype.js';
import { type Context, rule } from './rule.js';

/** Rules for the entity container (CSDL 13). */
export const containerRules = [
  rule('container-empty', 'container', 'C13-1', ({ name, children }, tell) => {
    if (children.size === 0) tell(`The container '${name}' needs at least one child.`);
  }),
  rule('extends-redefinition', 'container', 'C13.1-2', (container, tell) => {
    if (container.extends === null) return;
    for (const name of container.ownChildren) {
      const own = container.children.get(name);
      const base = container.extends.children.get(name);
      if (own === undefined || base === undefined || own.kind !== base.kind) continue;
      if (own.kind === 'actionImport' || own.kind === 'functionImport')
        tell(`The import '${name}' cannot be redefined.`, own.at);
      else if ((base.kind === 'entitySet' || base.kind === 'singleton') && !isSubtypeOf(own.type, base.type))
        tell(`'${name}' can only be redefined with a type derived from ${base.type.qualifiedName}.`, own.at);
    }
  }),
  rule('set-key', 'set', 'C13.2-2', ({ kind, name, type }, tell) => {
    if (kind === 'entitySet' && type.key.length === 0 && !type.abstract)
      tell(`The entities of the set '${name}' need a key; ${type.qualifiedName} has none.`);
  }),
  rule('singleton-key', 'set', 'C6.5-3', ({ kind, name, type }, tell, { version }) => {
    if (kind === 'singleton' && version === '4.0' && type.key.length === 0 && !type.abstract)
      tell(`In OData 4.0 the singleton '${name}' needs a type with key; ${type.qualifiedName} has none.`);
  }),
  rule('binding-duplicate', 'set', 'C13.4.1-3', ({ bindings }, tell) => {
    const seen = new Set<string>();
    for (const { path, at } of bindings) {
      if (seen.has(path)) tell(`The path '${path}' is bound twice.`, at);
      seen.add(path);
    }
  }),
  rule('binding-path', 'set', 'C13.4.1-1', (set, tell, context) => {
    for (const binding of set.bindings) {
      const why = whyNoPath(set, binding, context);
      if (why !== null) tell(why, binding.at);
    }
  }),
  rule('binding-containment', 'set', 'C8.4-3', (set, tell, context) => {
    for (const binding of set.bindings)
      if (boundProperty(set, binding, context)?.containsTarget)
        tell(`'${binding.path}' contains its entities and cannot be bound.`, binding.at);
  }),
  rule('binding-target', 'set', 'C13.4.2-2', ({ bindings }, tell) => {
    for (const { target, targetSet, at } of bindings)
      if (targetSet === null && !target.includes('/'))
        tell(`The target '${target}' is no entity set or singleton of this container.`, at);
  }),
  rule('binding-target-path', 'set', 'C13.4.2-2', ({ bindings }, tell, context) => {
    for (const { target, targetSet, at } of bindings)
      if (targetSet === null && target.includes('/') && !isContainedTarget(target, context))
        tell(`The target '${target}' leads to no entity set, singleton or containment in scope.`, at);
  }),
  rule('binding-target-type', 'set', 'C13.4.2-4', (set, tell, context) => {
    for (const binding of set.bindings) {
      const type = boundType(set, binding, context);
      const held = binding.targetSet?.type;
      if (type === null || held === undefined || isSubtypeOf(held, type) || isSubtypeOf(type, held)) continue;
      tell(
        `'${binding.path}' leads to ${type.qualifiedName}, but '${binding.target}' holds ${held.qualifiedName}.`,
        binding.at,
      );
    }
  }),
  rule('import-entity-set', 'child', 'C13.5-3', (child, tell) => {
    if ((child.kind !== 'actionImport' && child.kind !== 'functionImport') || child.entitySetPath === null) return;
    const operations = child.kind === 'actionImport' ? child.actions : child.functions;
    const returns = operations[0]?.returnType?.type;
    if (operations.length > 0 && returns?.kind !== 'entity' && returns?.qualifiedName !== 'Edm.EntityType')
      tell(`'${child.name}' returns no entities and cannot name an EntitySet.`);
  }),
  rule('import-included', 'child', 'C13.6-3', (child, tell) => {
    if (
      child.kind === 'functionImport' &&
      child.includeInServiceDocument &&
      !child.functions.some(({ parameters }) => parameters.length === 0)
    )
      tell(`The function import '${child.name}' has parameters and cannot stand in the service document.`);
  }),
];

function typeOf({ model }: Context): (name: string) => Type | null {
  return (name) => model.type(name);
}

/** Why a binding path is not one: complex properties, casts and containment, then one navigation property, then at most a cast. */
function whyNoPath(
  { type }: EntitySet | Singleton,
  { path }: NavigationPropertyBinding,
  context: Context,
): string | null {
  const { steps, failed } = follow(type, path, typeOf(context));
  if (failed !== null) return `'${failed}' in the path '${path}' is no property and no type.`;
  const navigation = steps.filter((step) => step.kind === 'navigationProperty');
  if (navigation.length === 0) return `The path '${path}' leads through no navigation property.`;
  if (navigation.slice(0, -1).some((step) => !step.containsTarget))
    return `The path '${path}' goes on behind a navigation property that does not contain.`;
  const end = steps.at(-1);
  return end?.kind === 'property' ? `The path '${path}' must end with a navigation property.` : null;
}

function boundProperty(
  set: EntitySet | Singleton,
  { path }: NavigationPropertyBinding,
  context: Context,
): NavigationProperty | null {
  const { steps, failed } = follow(set.type, path, typeOf(context));
  return failed === null ? (steps.filter((step) => step.kind === 'navigationProperty').at(-1) ?? null) : null;
}

function boundType(
  set: EntitySet | Singleton,
  { path }: NavigationPropertyBinding,
  context: Context,
): EntityType | null {
  const { steps, failed } = follow(set.type, path, typeOf(context));
  const end = steps.at(-1);
  const type = failed === null && end !== undefined ? structuredOf(end) : null;
  return type?.kind === 'entity' ? type : null;
}

/** A containment reached from a set or singleton (CSDL 13.4.2), as `Set/Contained` or `NS.Container/Set/Contained`. */
function isContainedTarget(target: string, context: Context): boolean {
  const own = context.schema.container;
  const [first = '', ...rest] = target.split('/');
  const container: EntityContainer | null =
    own === null || !first.includes('.') ? own : containerNamed(context.model, first, own);
  const path = first.includes('.') ? rest : [first, ...rest];
  const child = container?.children.get(path[0] ?? '');
  if ((child?.kind !== 'entitySet' && child?.kind !== 'singleton') || path.length < 2) return false;
  const { steps, failed } = follow(child.type, path.slice(1).join('/'), typeOf(context));
  const end = steps.at(-1);
  return failed === null && end?.kind === 'navigationProperty' && end.containsTarget;
}
