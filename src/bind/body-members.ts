import type { NavigationProperty, Property, StructuredType } from '../edm/index.js';
import type { JsonObject } from '../payload/index.js';
import { bindUnknown } from './body-dynamic.js';
import { bindNavigation } from './body-navigation.js';
import { type Binding, bindPlace, namedType } from './body-value.js';
import type { ComplexChange, DynamicValue, NavigationChange, ValueChange } from './change.js';
import { below, besideOf, type Members, sortMembers } from './members.js';
import { requireMembers } from './required.js';
import { didYouMean } from './suggest.js';
import { writability } from './validation.js';

/** What the members of an object say about a structured type. */
export interface BoundMembers {
  readonly properties: ReadonlyMap<Property, ValueChange>;
  readonly dynamic: ReadonlyMap<string, DynamicValue>;
  readonly navigation: ReadonlyMap<NavigationProperty, NavigationChange>;
}

/** Binds every member of an object; read-only ones are looked at and left out (Protocol 11.4.3). `isKey`: these are kept in any case. */
export function bindMembers(
  members: Members,
  type: StructuredType,
  isKey: (property: Property) => boolean,
  target: string,
  binding: Binding,
): BoundMembers {
  const properties = new Map<Property, ValueChange>();
  const dynamic = new Map<string, DynamicValue>();
  const navigation = new Map<NavigationProperty, NavigationChange>();
  for (const [name, node] of members.values) {
    if (binding.problems.full) break;
    const at = below(target, name);
    const property = type.properties.get(name);
    if (property !== undefined) {
      if (node.kind === 'null' && isLeftOut(property, type, binding)) continue;
      const change = bindPlace(node, property, besideOf(members, name), at, binding);
      if (change !== null && (isKey(property) || !isLeftOut(property, type, binding))) properties.set(property, change);
    } else if (!type.navigationProperties.has(name)) bindUnknown(name, members, type, at, binding, dynamic);
  }
  for (const [name, property] of type.navigationProperties) {
    const change = bindNavigation(members, property, below(target, name), binding);
    if (change !== null) navigation.set(property, change);
  }
  refuseUnknownBindings(members, type, target, binding);
  return { properties, dynamic, navigation };
}

/** Sent values that do not count: ignored, not refused (Protocol 11.4.2, 11.4.3). */
function isLeftOut(property: Property, type: StructuredType, { seeding, purpose }: Binding): boolean {
  if (seeding) return false;
  const { readOnly, immutable } = writability(property);
  return readOnly || (immutable && purpose !== 'insert') || following(type).has(property.name);
}

const known = new WeakMap<StructuredType, ReadonlySet<string>>();

/**
 * Dependent properties tied to properties of a principal that are no part of its key: they have that one's values, whatever
 * is sent (Protocol 11.4.3).
 */
function following(type: StructuredType): ReadonlySet<string> {
  const before = known.get(type);
  if (before !== undefined) return before;
  const tied = new Set<string>();
  const toKeys = new Set<string>();
  for (const { type: principal, referentialConstraints } of type.navigationProperties.values())
    for (const { property, referencedProperty } of referentialConstraints) {
      const isKey = principal.kind === 'entity' && principal.key.some((part) => part.path === referencedProperty);
      (isKey ? toKeys : tied).add(property);
    }
  const found = new Set([...tied].filter((name) => !toKeys.has(name)));
  known.set(type, found);
  return found;
}

/** A binding to a navigation property that does not exist must not vanish. */
function refuseUnknownBindings(members: Members, type: StructuredType, target: string, binding: Binding): void {
  for (const [name, controls] of members.beside) {
    if (binding.problems.full) break;
    const control = controls.get('bind') ?? controls.get('delta');
    if (control === undefined || type.navigationProperties.has(name)) continue;
    const message = `${type.name} has no navigation property '${name.slice(0, 100)}'.${didYouMean(name, type.navigationProperties.keys())}`;
    binding.problems.add('UnknownProperty', message, below(target, control.name));
  }
}

/** An object as complex value; `partial`: it is merged, so nothing can be missing. */
export function bindComplexObject(
  node: JsonObject,
  declared: StructuredType,
  partial: boolean,
  target: string,
  binding: Binding,
): ComplexChange | null {
  const members = sortMembers(node);
  const named = binding.problems.attempt(target, () => ({ type: namedType(members.own, declared, target, binding) }));
  if (named === null) return null;
  const type = named.type ?? declared;
  if (type.abstract) {
    binding.problems.add(
      'TypeMismatch',
      `${type.qualifiedName} is abstract; name a derived type with '@type'.`,
      target,
    );
    return null;
  }
  const bound = bindMembers(members, type, () => false, target, binding);
  if (!partial) {
    const given = { type, members, navigation: bound.navigation, isExempt: () => false, implied: null };
    requireMembers(given, target, binding);
  }
  return { kind: 'complex', type, members: bound.properties, dynamic: bound.dynamic, navigation: bound.navigation };
}
