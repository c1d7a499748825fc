import type { EntityType, NavigationProperty, Property, StructuredType } from '../edm/index.js';
import { isStreamType, isTagged } from '../edm/index.js';
import type { Binding } from './body-value.js';
import type { ComplexChange, NavigationChange } from './change.js';
import { below, type Members } from './members.js';
import { type Writability, writability } from './validation.js';

/** What is known of an object while what it lacks is looked for. */
export interface Given {
  readonly type: StructuredType;
  readonly members: Members;
  readonly navigation: ReadonlyMap<NavigationProperty, NavigationChange>;
  /** Key properties: whoever makes the key looks after them. */
  isExempt(property: Property): boolean;
  /** The relationship that the place of the object says already: to the entity it is nested in or posted beneath. */
  readonly implied: NavigationProperty | null;
}

/** Notes what must be there and nobody else supplies: properties, and entities to be related to (Protocol 11.4.2, CSDL 8.2). */
export function requireMembers(given: Given, target: string, binding: Binding): void {
  const { type, members, isExempt } = given;
  const { problems, purpose } = binding;
  const tied = new Set([...type.navigationProperties.values()].flatMap((nav) => tiedBy(nav, given, purpose)));
  for (const [name, property] of type.properties) {
    if (members.values.has(name) || tied.has(name) || isExempt(property)) continue;
    const may = writability(property);
    if (!isRequired(property, may) || (purpose !== 'insert' && may.immutable)) continue;
    problems.add('MissingValue', `'${name}' needs a value.`, below(target, name));
  }
  if (purpose !== 'insert' || type.kind !== 'entity' || binding.seeding) return;
  for (const property of type.navigationProperties.values())
    if (isMissing(property, given, type))
      problems.add(
        'MissingValue',
        `'${property.name}' must lead to an entity; bind one or send a new one.`,
        below(target, property.name),
      );
}

/** Names of the properties that a relationship supplies: when it is given, and always in an update, which leaves them (Protocol 11.4.3). */
function tiedBy(navigation: NavigationProperty, given: Given, purpose: Binding['purpose']): readonly string[] {
  const supplies = purpose !== 'insert' || given.implied === navigation || given.navigation.has(navigation);
  return supplies ? navigation.referentialConstraints.map(({ property }) => property) : [];
}

function isMissing(property: NavigationProperty, given: Given, type: EntityType): boolean {
  if (property.collection || property.nullable || property === given.implied) return false;
  if (given.navigation.has(property)) return false;
  if (property.containsTarget) return !isTagged(property, 'Edmund.V1.CreatedWith');
  const constraints = property.referentialConstraints;
  const isSupplied = (path: string) => {
    const found = type.properties.get(path);
    return given.members.values.has(path) || (found !== undefined && found.defaultValue !== null);
  };
  return constraints.length === 0 || !constraints.every((constraint) => isSupplied(constraint.property));
}

function isRequired(property: Property, { readOnly, supplied }: Writability): boolean {
  if (property.nullable || property.collection || property.defaultValue !== null || readOnly || supplied) return false;
  if (property.type.kind === 'complex')
    return [...property.type.properties.values()].some((member) => isRequired(member, writability(member)));
  return !isStreamType(property.type);
}

/** Paths of the members that a complex value needs and a change of it does not give. */
export function missingIn({ type, members, whole }: ComplexChange): readonly (readonly Property[])[] {
  if (whole === true) return []; // told when it was read
  return [...type.properties.values()].flatMap((property): readonly (readonly Property[])[] => {
    const given = members.get(property);
    if (given?.kind === 'complex') return missingIn(given).map((path) => [property, ...path]);
    return given === undefined && isRequired(property, writability(property)) ? [[property]] : [];
  });
}

/** The navigation property that leads back: its partner, or the one that names it as its partner (CSDL 8.3). */
export function partnerOf(property: NavigationProperty): NavigationProperty | null {
  if (property.partner !== null) return property.partner;
  if (property.type.kind !== 'entity') return null;
  for (const type of [property.type, ...property.type.derivedTypes])
    for (const candidate of type.ownNavigationProperties.values()) if (candidate.partner === property) return candidate;
  return null;
}
