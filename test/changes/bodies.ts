import type { Chooser } from '../random/chooser.js';
import { type Body, type Key, shapes, type TypeName } from './state.js';

const texts = ['a', 'b', 'ä😀', '', "O'Neil", null, null];
const keys: Readonly<Record<TypeName, readonly Key[]>> = {
  Customer: [1, 2, 3],
  Order: [1, 2, 3, 4],
  Tag: ['x', 'y', 'z'],
  Note: [1, 2],
  Line: [1, 2],
  Card: [],
};

/** Random bodies and keys; a few of them cannot be. */
export class Bodies {
  constructor(readonly choose: Chooser) {}

  key(type: TypeName): Key {
    return this.choose.of(keys[type]);
  }

  /** `Customers(1)`; sometimes of what is never there. */
  reference(type: TypeName): string {
    const key = this.choose.chance(0.03) ? (type === 'Tag' ? 'none' : 99) : this.key(type);
    return urlOf(type, key);
  }

  text(): string | null {
    return this.choose.chance(0.02) ? 'longer than twenty characters' : this.choose.of(texts);
  }

  /** Some members of the type; `own` is its key, `depth` bounds what is nested, `deltas` whether `Nav@delta` may stand in it. */
  body(type: TypeName, depth: number, deltas: boolean, own: Key | null = null): Body {
    const { choose } = this;
    const shape = shapes[type];
    const members: [string, unknown][] = [];
    for (const name of Object.keys(shape.values)) if (choose.chance(0.5)) members.push([name, this.value(name)]);
    for (const name of Object.keys(shape.complex)) if (choose.chance(0.4)) members.push([name, this.address()]);
    for (const name of shape.lists) if (choose.chance(0.3)) members.push([name, this.list()]);
    if (depth > 0) {
      for (const [name, held] of Object.entries(shape.contained))
        if (choose.chance(0.3)) members.push(this.held(name, held, depth - 1, deltas));
      for (const [name, related] of Object.entries(shape.related))
        if (choose.chance(0.3)) members.push(this.related(name, related, deltas, related.type === type ? own : null));
    }
    return Object.fromEntries(members);
  }

  keyed(type: TypeName, depth: number, deltas: boolean, key: Key = this.key(type)): Body {
    return { [shapes[type].key ?? '']: key, ...this.body(type, depth, deltas, key) };
  }

  value(name: string): unknown {
    if (name !== 'Level' && name !== 'Count') return this.text();
    return this.choose.chance(0.05) ? this.choose.of([null, 'x']) : this.choose.whole(0, 9);
  }

  address(): Body | null {
    const { choose } = this;
    if (choose.chance(0.25)) return null;
    return {
      ...(choose.chance(0.5) ? { Street: this.choose.of(texts) } : {}),
      ...(choose.chance(0.5) ? { City: this.choose.of(texts) } : {}),
    };
  }

  list(): readonly string[] {
    return Array.from({ length: this.choose.whole(0, 3) }, () => this.choose.of(['a', 'b', '']));
  }

  private held(
    name: string,
    held: { readonly type: TypeName; readonly many: boolean },
    depth: number,
    deltas: boolean,
  ): [string, unknown] {
    if (!held.many) return [name, this.choose.chance(0.2) ? null : this.body(held.type, depth, deltas)];
    return this.items(name, held.type, deltas, (key) => this.keyed(held.type, depth, deltas, key));
  }

  /** References, and entities with values; an entity does not say two things of itself. */
  private related(
    name: string,
    related: { readonly type: TypeName; readonly many: boolean },
    deltas: boolean,
    own: Key | null,
  ): [string, unknown] {
    const one = (key: Key): Body => {
      if (key !== own && this.choose.chance(0.4)) return this.keyed(related.type, 0, deltas, key);
      return { '@id': this.choose.chance(0.05) ? this.reference(related.type) : urlOf(related.type, key) };
    };
    if (!related.many) return [name, this.choose.chance(0.2) ? null : one(this.key(related.type))];
    return this.items(name, related.type, deltas, one);
  }

  /** Each key once; as whole collection or, where that may be, as delta. */
  private items(name: string, type: TypeName, deltas: boolean, one: (key: Key) => Body): [string, unknown] {
    const { choose } = this;
    const chosen = keys[type].filter(() => choose.chance(0.4));
    if (!deltas || choose.chance(0.5)) return [name, chosen.map(one)];
    const keyName = shapes[type].key ?? '';
    const items = chosen.map((key) =>
      choose.chance(0.3) ? { '@removed': { reason: choose.of(['changed', 'deleted']) }, [keyName]: key } : one(key),
    );
    return [`${name}@delta`, items];
  }
}

export function urlOf(type: TypeName, key: Key): string {
  return `${shapes[type].set}(${typeof key === 'string' ? `'${key}'` : key})`;
}
