import type { NavigationProperty, Property, ReferentialConstraint, Type } from '../model.js';
import { follow, type PathStep } from '../path.js';
import { derivesFrom, isSubtypeOf } from '../subtype.js';
import { type Context, rule } from './rule.js';

/** Rules for navigation properties (CSDL 8). */
export const navigationRules = [
  rule('navigation-key', 'navigation', 'C8.1-2', ({ name, type, collection, containsTarget }, tell) => {
    if (containsTarget && collection && type.kind === 'entity' && type.key.length === 0 && !type.abstract)
      tell(`'${name}' contains a collection, so ${type.qualifiedName} needs a key.`);
  }),
  rule('partner-on-complex', 'navigation', 'C8.3-1', ({ name, partnerPath, declaringType }, tell) => {
    if (partnerPath !== null && declaringType.kind === 'complex')
      tell(`'${name}' belongs to a complex type and cannot have a Partner.`);
  }),
  rule('partner-type', 'navigation', 'C8.3-2', ({ name, partner, declaringType }, tell) => {
    if (partner === null || declaringType.kind !== 'entity') return;
    const back = partner.type;
    if (back.kind === 'entity' && !derivesFrom(declaringType, back))
      tell(
        `The partner '${partner.name}' of '${name}' leads to ${back.qualifiedName}, which is neither ${declaringType.qualifiedName} nor a base type of it.`,
      );
  }),
  rule('partner-back', 'navigation', 'C8.3-3', (property, tell) => {
    const { partner, name } = property;
    if (partner !== null && partner.partner !== null && partner.partner !== property)
      tell(
        `The partner '${partner.name}' of '${name}' names another property as its partner: '${partner.partner.name}'.`,
      );
  }),
  rule(
    'containment-partner',
    'navigation',
    'C8.4-4',
    ({ name, containsTarget, partner, declaringType, type }, tell) => {
      if (!containsTarget || partner === null || type.kind !== 'entity' || declaringType.kind !== 'entity') return;
      const recursive = derivesFrom(type, declaringType) || derivesFrom(declaringType, type);
      if (recursive && (partner.collection || !partner.nullable))
        tell(`'${name}' contains entities of its own kind; its partner '${partner.name}' must be single and nullable.`);
      if (!recursive && (partner.collection || partner.nullable))
        tell(`The partner '${partner.name}' of the containment '${name}' needs Nullable="false".`);
    },
  ),
  rule('containment-several', 'entity', 'C8.4-5', (type, tell) => {
    const found: NavigationProperty[] = [];
    for (let at = type as typeof type | null; at !== null; at = at.baseType)
      for (const property of at.ownNavigationProperties.values())
        if (property.partner?.containsTarget) found.push(property);
    if (found.length > 1 && found[0]?.declaringType === type)
      tell(
        `Only one navigation property may have a containment as partner, not ${found.map(({ name }) => `'${name}'`).join(' and ')}.`,
        found[0].at,
      );
  }),
  rule('constraint-on-collection', 'navigation', 'C8.5-2', ({ name, collection, referentialConstraints }, tell) => {
    if (collection && referentialConstraints.length > 0)
      tell(`'${name}' is a collection and cannot have a ReferentialConstraint.`);
  }),
  rule('constraint-path', 'navigation', 'C8.5-2', (property, tell, context) => {
    for (const constraint of property.referentialConstraints) {
      const { dependent, principal } = ends(property, constraint, context);
      if (dependent === null)
        tell(
          `'${constraint.property}' leads to no property of ${property.declaringType.qualifiedName}.`,
          constraint.at,
        );
      if (principal === null && property.type.kind === 'entity')
        tell(
          `'${constraint.referencedProperty}' leads to no property of ${property.type.qualifiedName}.`,
          constraint.at,
        );
    }
  }),
  rule('constraint-type', 'navigation', 'C8.5-3', (property, tell, context) => {
    for (const constraint of property.referentialConstraints) {
      const { dependent, principal } = ends(property, constraint, context);
      if (dependent === null || principal === null || sameType(dependent.type, principal.type)) continue;
      tell(
        `'${constraint.property}' is ${dependent.type.qualifiedName}, but '${constraint.referencedProperty}' is ${principal.type.qualifiedName}.`,
        constraint.at,
      );
    }
  }),
  rule('constraint-nullable', 'navigation', 'C8.5-4', (property, tell, context) => {
    for (const constraint of property.referentialConstraints) {
      const { dependent, principal } = ends(property, constraint, context);
      if (dependent?.kind !== 'property' || principal?.kind !== 'property') continue;
      const wanted = property.nullable || principal.nullable;
      if (wanted !== dependent.nullable)
        tell(
          `'${constraint.property}' must ${wanted ? '' : 'not '}be nullable, as the relationship is ${wanted ? 'optional' : 'required'}.`,
          constraint.at,
        );
    }
  }),
  rule('on-delete-set-null', 'navigation', 'C8.6-5', (property, tell) => {
    if (property.onDelete !== 'SetNull' || property.type.kind !== 'entity') return;
    for (const other of property.partner?.referentialConstraints ?? []) {
      const dependent = last(follow(property.type, other.property, () => null).steps);
      if (dependent !== null && !dependent.nullable)
        tell(`OnDelete SetNull cannot set '${other.property}', which is not nullable.`);
    }
  }),
];

function ends(
  property: NavigationProperty,
  constraint: ReferentialConstraint,
  { model }: Context,
): {
  readonly dependent: Property | NavigationProperty | null;
  readonly principal: Property | NavigationProperty | null;
} {
  const typeOf = (name: string): Type | null => model.type(name);
  const from = follow(property.declaringType, constraint.property, typeOf);
  const to = property.type.kind === 'entity' ? follow(property.type, constraint.referencedProperty, typeOf) : null;
  return {
    dependent: from.failed === null ? last(from.steps) : null,
    principal: to?.failed === null ? last(to.steps) : null,
  };
}

function last(steps: readonly PathStep[]): Property | NavigationProperty | null {
  const step = steps.at(-1);
  return step?.kind === 'property' || step?.kind === 'navigationProperty' ? step : null;
}

/** The same type; definitions count as their underlying type, complex and entity types fit each other by inheritance (CSDL 8.5, 11). */
function sameType(a: Type, b: Type): boolean {
  const base = (type: Type): Type => (type.kind === 'typeDefinition' ? type.underlyingType : type);
  if (base(a) === base(b) || isSubtypeOf(a, b) || isSubtypeOf(b, a)) return true;
  return (a.kind === 'complex' && b.kind === 'complex') || (a.kind === 'entity' && b.kind === 'entity');
}
