import assert from 'node:assert/strict';

type Item = Readonly<Record<string, unknown>>;

/** What a client keeps of a result, and how it takes in changes. Entities have their ids. */
export interface Copy {
  /** Takes in what the first reading gave. */
  fill(items: readonly Item[]): void;
  /** Takes in the items of a delta payload, in their order (JSON 15). */
  apply(items: readonly Item[]): void;
  /** Fails unless the copy is what a fresh reading gave. */
  mustBe(expected: readonly Item[]): void;
}

/** A copy by the rules of a version; the flat one has to know which members are navigation properties. */
export function copyOf(version: '4.0' | '4.01', navigation: ReadonlySet<string>): Copy {
  return version === '4.0' ? new FlatCopy(navigation) : new NestedCopy();
}

const idOf = (item: Item): string => String(item['@odata.id'] ?? item['@id']);
const byId = (items: readonly Item[]) =>
  new Map([...items].map((item) => [idOf(item), item] as const).sort(([one], [other]) => (one < other ? -1 : 1)));

/** Entities with what is expanded within them. */
class NestedCopy implements Copy {
  private readonly items = new Map<string, Item>();

  fill(items: readonly Item[]): void {
    for (const item of items) this.items.set(idOf(item), item);
  }

  apply(items: readonly Item[]): void {
    for (const item of items) {
      if ('@removed' in item) assert.ok(this.items.delete(idOf(item)), `${idOf(item)} was removed and not known`);
      else this.items.set(idOf(item), item);
    }
  }

  mustBe(expected: readonly Item[]): void {
    assert.deepEqual(byId([...this.items.values()]), byId(expected));
  }
}

/** Entities and links one by one. */
class FlatCopy implements Copy {
  private readonly roots = new Set<string>();
  private readonly entities = new Map<string, Item>();
  private readonly links = new Map<string, Set<string>>();

  constructor(private readonly navigation: ReadonlySet<string>) {}

  fill(items: readonly Item[]): void {
    for (const item of items) this.roots.add(this.take(item));
  }

  /** An entity, and what is expanded in it. */
  private take(item: Item): string {
    const id = idOf(item);
    const own: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(item))
      if (!this.navigation.has(name)) own[name] = value;
      else for (const target of targetsOf(value)) this.targets(id, name).add(this.take(target));
    this.entities.set(id, { ...this.entities.get(id), ...own });
    return id;
  }

  private targets(source: string, relationship: string): Set<string> {
    const name = `${source} ${relationship}`;
    const known = this.links.get(name) ?? new Set();
    this.links.set(name, known);
    return known;
  }

  apply(items: readonly Item[]): void {
    for (const item of items) this.applyOne(item, String(item['@odata.context'] ?? ''));
  }

  private applyOne(item: Item, context: string): void {
    const targets = () => this.targets(String(item.source), String(item.relationship));
    const target = String(item.target);
    if (context.endsWith('/$link')) targets().add(target);
    else if (context.endsWith('/$deletedLink')) assert.ok(targets().delete(target), `no such link: ${target}`);
    else if (context.endsWith('/$deletedEntity')) this.remove(String(item.id), item.reason === 'deleted');
    else {
      const { '@odata.context': _, ...rest } = item;
      this.take(rest);
      if (context === '') this.roots.add(idOf(item));
    }
  }

  private remove(id: string, deleted: boolean): void {
    assert.ok(this.entities.has(id), `${id} was removed and not known`);
    this.roots.delete(id);
    if (deleted) for (const targets of this.links.values()) targets.delete(id);
  }

  mustBe(expected: readonly Item[]): void {
    assert.deepEqual([...this.roots].sort(), [...byId(expected).keys()]);
    for (const item of expected) this.mustHave(item);
  }

  private mustHave(expected: Item): void {
    const id = idOf(expected);
    const known = this.entities.get(id) ?? {};
    for (const [name, value] of Object.entries(expected)) {
      if (!this.navigation.has(name)) {
        if (name !== '@odata.id') assert.deepEqual(known[name], value, `${id} ${name}`);
        continue;
      }
      const targets = targetsOf(value);
      assert.deepEqual([...this.targets(id, name)].sort(), [...byId(targets).keys()], `${id} ${name}`);
      for (const target of targets) this.mustHave(target);
    }
  }
}

function targetsOf(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value : value === null ? [] : [value as Item];
}
