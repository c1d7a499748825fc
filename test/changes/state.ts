/** A small database in memory: entities, what they contain, and how they are related. Written by the text of Protocol 11.4. */

/** What a type has; a value is what it is when nothing was said. */
export interface Shape {
  readonly set: string | null;
  readonly key: string | null;
  readonly values: Readonly<Record<string, string | number | null>>;
  readonly required: readonly string[];
  readonly complex: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly lists: readonly string[];
  /** Contained navigation properties: the type and whether there are many. */
  readonly contained: Readonly<Record<string, { readonly type: TypeName; readonly many: boolean }>>;
  /** Other navigation properties, the relation that they show, and from which side. */
  readonly related: Readonly<
    Record<
      string,
      { readonly type: TypeName; readonly many: boolean; readonly relation: string; readonly turned: boolean }
    >
  >;
}

export type TypeName = 'Customer' | 'Order' | 'Tag' | 'Note' | 'Line' | 'Card';
export type Key = string | number;
export type Body = { readonly [member: string]: unknown };
export type Verb = 'insert' | 'merge' | 'replace';

const nothing = { required: [], complex: {}, lists: [], contained: {}, related: {} };

export const shapes: Readonly<Record<TypeName, Shape>> = {
  Customer: {
    set: 'Customers',
    key: 'ID',
    values: { Name: null, Level: 5 },
    required: ['Level'],
    complex: { Address: { Street: null, City: 'Bern' } },
    lists: ['Nicknames'],
    contained: { Notes: { type: 'Note', many: true }, Card: { type: 'Card', many: false } },
    related: {
      Orders: { type: 'Order', many: true, relation: 'owner', turned: true },
      Friend: { type: 'Customer', many: false, relation: 'friend', turned: false },
      Tags: { type: 'Tag', many: true, relation: 'tagged', turned: false },
    },
  },
  Order: {
    ...nothing,
    set: 'Orders',
    key: 'ID',
    values: { Text: null },
    contained: { Lines: { type: 'Line', many: true } },
    related: { Customer: { type: 'Customer', many: false, relation: 'owner', turned: false } },
  },
  Tag: {
    ...nothing,
    set: 'Tags',
    key: 'Name',
    values: { Label: null },
    related: { Customers: { type: 'Customer', many: true, relation: 'tagged', turned: true } },
  },
  Note: { ...nothing, set: null, key: 'No', values: { Text: null } },
  Line: { ...nothing, set: null, key: 'No', values: { Count: 1 }, required: ['Count'] },
  Card: { ...nothing, set: null, key: null, values: { Number: null } },
};

export interface Entity {
  readonly type: TypeName;
  readonly key: Key | null;
  readonly values: Map<string, unknown>;
  readonly contained: Map<string, Map<Key | null, Entity>>;
}

/** A change that must fail and leave everything as it was. */
export class Refused extends Error {}

/** Relations in which one side leads to one entity at most. */
const single: ReadonlySet<string> = new Set(['owner', 'friend']);

export class State {
  readonly sets = new Map<TypeName, Map<Key, Entity>>([
    ['Customer', new Map()],
    ['Order', new Map()],
    ['Tag', new Map()],
  ]);
  /** Pairs of entities by relation, from the side that is not turned. */
  readonly pairs = new Map<string, (readonly [Entity, Entity])[]>([
    ['owner', []],
    ['friend', []],
    ['tagged', []],
  ]);

  find(type: TypeName, key: Key): Entity {
    const found = this.sets.get(type)?.get(key);
    if (found === undefined) throw new Refused(`There is no ${type} ${key}.`);
    return found;
  }

  has(type: TypeName, key: Key): boolean {
    return this.sets.get(type)?.has(key) ?? false;
  }

  related(entity: Entity, name: string): readonly Entity[] {
    const { relation, turned } = relatedBy(entity, name);
    const pairs = this.pairs.get(relation) ?? [];
    return pairs.flatMap(([from, to]) => ((turned ? to : from) === entity ? [turned ? from : to] : []));
  }

  link(entity: Entity, name: string, other: Entity): void {
    const { relation, turned } = relatedBy(entity, name);
    const [from, to] = turned ? [other, entity] : [entity, other];
    const kept = (this.pairs.get(relation) ?? []).filter(
      (pair) => pair[0] !== from || (!single.has(relation) && pair[1] !== to),
    );
    this.pairs.set(relation, [...kept, [from, to]]);
  }

  unlink(entity: Entity, name: string, other: Entity): void {
    const { relation, turned } = relatedBy(entity, name);
    const [from, to] = turned ? [other, entity] : [entity, other];
    const pairs = this.pairs.get(relation) ?? [];
    this.pairs.set(
      relation,
      pairs.filter((pair) => pair[0] !== from || pair[1] !== to),
    );
  }

  /** With all it contains, and every relation from and to it (Protocol 11.4.5). */
  remove(entity: Entity): void {
    if (entity.key !== null) this.sets.get(entity.type)?.delete(entity.key);
    for (const [relation, pairs] of this.pairs)
      this.pairs.set(
        relation,
        pairs.filter((pair) => !pair.includes(entity)),
      );
  }
}

function relatedBy(entity: Entity, name: string) {
  const found = shapes[entity.type].related[name];
  if (found === undefined) throw new Error(`${entity.type} has no ${name}.`);
  return found;
}
