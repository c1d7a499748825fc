import type { EntityChange, NavigationChange, ValueChange } from '../bind/index.js';
import type { NavigationProperty, Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { FlattenedStorage, Link, Storage, Table } from '../tables/index.js';
import { below } from './applying.js';

/** What a body says about one relationship, and where that is stored. */
export interface Relation {
  readonly property: NavigationProperty;
  readonly change: NavigationChange;
  readonly link: Link;
  /** Path in the body. */
  readonly target: string;
}

/** Every relationship that a change names, those of complex values included. Throws where one could not be stored. */
export function relationsOf(table: Table, change: EntityChange): readonly Relation[] {
  const own = [...change.navigation].map(([property, navigation]) =>
    relation(table.links.get(property), property, navigation, change.target),
  );
  return [
    ...own,
    ...[...change.properties].flatMap(([property, value]) =>
      within(table.storage.get(property), property, value, change.target),
    ),
  ];
}

function relation(
  link: Link | undefined,
  property: NavigationProperty,
  change: NavigationChange,
  target: string,
): Relation {
  if (link !== undefined) return { property, change, link, target: below(target, property.name) };
  throw new ODataError(
    'NotImplemented',
    `'${property.name}' is not bound to an entity set, so it cannot be changed.`,
    below(target, property.name),
  );
}

function within(
  storage: Storage | undefined,
  property: Property,
  change: ValueChange,
  target: string,
): readonly Relation[] {
  const at = below(target, property.name);
  if (change.kind === 'collection' || change.kind === 'appended')
    return change.items.flatMap((item) => within(undefined, property, item, target));
  if (change.kind === 'value') return storage?.kind === 'flattened' ? ended(storage, at) : [];
  if (change.kind !== 'complex') return [];
  const links = storage?.kind === 'flattened' ? storage.links : null;
  const own = [...change.navigation].map(([navigation, found]) =>
    relation(links?.get(navigation), navigation, found, at),
  );
  const members = storage?.kind === 'flattened' ? storage.members : null;
  return [...own, ...[...change.members].flatMap(([member, value]) => within(members?.get(member), member, value, at))];
}

/** A value that is null has no relationships, whatever they were. */
export function ended({ links, members }: FlattenedStorage, target: string): readonly Relation[] {
  const own = [...links].map(([property, link]): Relation => {
    const change: NavigationChange = property.collection ? { kind: 'replace', items: [] } : { kind: 'null' };
    return { property: { ...property, nullable: true }, change, link, target: below(target, property.name) };
  });
  const within = [...members].flatMap(([{ name }, member]) =>
    member.kind === 'flattened' ? ended(member, below(target, name)) : [],
  );
  return [...own, ...within];
}
