import {
  alongNavigation,
  type EntityChange,
  type NavigationChange,
  type Problems,
  type Resource,
  type ValueChange,
} from '../bind/index.js';
import type { Model, NavigationProperty, Property } from '../edm/index.js';
import { below } from './applying.js';
import { type Restrictions, restrictionsAt } from './restrictions.js';

type Purpose = 'insert' | 'merge' | 'replace';

const insert = 'InsertRestrictions';
const update = 'UpdateRestrictions';

/** What `$metadata` promises of bodies, as it is checked here; docs/annotations.md lists it. */
export const bodyPromises: readonly string[] = [
  `${insert}/NonInsertableProperties, NonInsertableNavigationProperties, RequiredProperties`,
  `${insert}/Insertable, ${update}/Updatable of nested entities`,
  `${update}/NonUpdatableNavigationProperties, RequiredProperties`,
  'DeepInsertSupport/Supported, DeepUpdateSupport/Supported',
];

/** Notes what a body says that the model rules out at the place it is for, nested entities included (Capabilities vocabulary). */
export function checkBody(
  change: EntityChange,
  purpose: Purpose,
  resource: Resource,
  model: Model,
  problems: Problems,
): void {
  const restrictions = restrictionsAt(resource, model);
  const own = new Set(ownPaths(change.properties, ''));
  if (purpose === 'insert') checkInsert(change, own, restrictions, problems);
  else requirePaths(update, own, change, restrictions, problems);
  const listed =
    purpose === 'insert' ? [insert, 'NonInsertableNavigationProperties'] : [update, 'NonUpdatableNavigationProperties'];
  const fixed = restrictions.paths(listed[0] ?? '', listed[1] ?? '');
  for (const [property, navigation] of change.navigation) {
    const target = below(change.target, property.name);
    if (fixed.includes(property.name))
      problems.add('BadRequest', `'${property.name}' cannot be sent here (${listed.join('/')}).`, target);
    else checkNested(property, navigation, purpose, resource, model, problems, target);
  }
}

function checkInsert(
  change: EntityChange,
  own: ReadonlySet<string>,
  restrictions: Restrictions,
  problems: Problems,
): void {
  const fixed = restrictions.paths(insert, 'NonInsertableProperties');
  for (const path of own)
    if (fixed.includes(path))
      problems.add(
        'BadRequest',
        `'${path}' cannot be sent with a new entity (${insert}/NonInsertableProperties).`,
        below(change.target, path),
      );
  requirePaths(insert, own, change, restrictions, problems);
}

function requirePaths(
  term: string,
  own: ReadonlySet<string>,
  change: EntityChange,
  restrictions: Restrictions,
  problems: Problems,
): void {
  const given = new Set([
    ...own,
    ...[...change.key.keys()].map(({ name }) => name),
    ...[...change.navigation.keys()].map(({ name }) => name),
  ]);
  for (const path of restrictions.paths(term, 'RequiredProperties'))
    if (!given.has(path))
      problems.add('MissingValue', `'${path}' must be sent (${term}/RequiredProperties).`, below(change.target, path));
}

/** Paths of the values a body gives: `Address`, `Address/City`. */
function ownPaths(properties: ReadonlyMap<Property, ValueChange>, prefix: string): readonly string[] {
  return [...properties].flatMap(([property, value]) => {
    const path = prefix === '' ? property.name : `${prefix}/${property.name}`;
    return value.kind === 'complex' ? [path, ...ownPaths(value.members, path)] : [path];
  });
}

/** Nested entities need support for them, and obey the rules of where they are (Protocol 11.4.2.2). */
function checkNested(
  property: NavigationProperty,
  navigation: NavigationChange,
  purpose: Purpose,
  resource: Resource,
  model: Model,
  problems: Problems,
  target: string,
): void {
  const items = itemsOf(navigation);
  if (items.length === 0) return;
  const term = purpose === 'insert' ? 'DeepInsertSupport' : 'DeepUpdateSupport';
  if (!restrictionsAt(resource, model).allows(term, 'Supported')) {
    problems.add('NotImplemented', `Related entities cannot be sent within a body here (${term}).`, target);
    return;
  }
  const place = alongNavigation(resource, property);
  const restrictions = restrictionsAt(place, model);
  for (const item of items) {
    const isNew = purpose === 'insert' || item.asInsert === null;
    const [restriction, member] = isNew ? [insert, 'Insertable'] : [update, 'Updatable'];
    if (!restrictions.contained && !restrictions.allows(restriction, member))
      problems.add(
        'BadRequest',
        `Entities of '${property.name}' cannot be changed this way (${restriction}/${member}).`,
        item.target,
      );
    else checkBody(item, isNew ? 'insert' : purpose, place, model, problems);
  }
}

function itemsOf(navigation: NavigationChange): readonly EntityChange[] {
  switch (navigation.kind) {
    case 'entity':
      return [navigation.item];
    case 'replace':
    case 'delta':
      return navigation.items.flatMap((item) => (item.kind === 'entity' ? [item] : []));
    case 'null':
    case 'bind':
      return [];
  }
}
