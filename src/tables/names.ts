/** Names that mean something else to the database. */
const taken = ['rowid', 'oid', '_rowid_'];

/**
 * Chooses names that stay unique when ASCII case is ignored, as SQLite does and OData does not. What a name was chosen for
 * is recorded; a name recorded earlier is given again.
 */
export class Names {
  readonly chosen = new Map<string, string>();
  private readonly used = new Map<string, Set<string>>();

  constructor(private readonly recorded: ReadonlyMap<string, string>) {
    for (const [identity, name] of recorded) this.scope(scopeOf(identity)).add(fold(name));
  }

  /** A name for `identity`, as close to `wanted` as its scope permits. The part of the identity before the last `#` is the scope. */
  choose(identity: string, wanted: string): string {
    const known = this.recorded.get(identity);
    const name = known ?? this.free(this.scope(scopeOf(identity)), legal(wanted));
    this.chosen.set(identity, name);
    return name;
  }

  private free(used: Set<string>, wanted: string): string {
    let name = wanted;
    for (let suffix = 2; used.has(fold(name)); suffix++) name = `${wanted}_${suffix}`;
    used.add(fold(name));
    return name;
  }

  private scope(name: string): Set<string> {
    const used = this.used.get(name) ?? new Set(name === '' ? [] : taken);
    this.used.set(name, used);
    return used;
  }
}

const fold = (name: string) => name.toLowerCase();
const scopeOf = (identity: string) => identity.slice(0, Math.max(identity.lastIndexOf('#'), 0));

/** SQLite keeps names that begin with `sqlite_` to itself. */
function legal(name: string): string {
  return /^sqlite_/i.test(name) ? `_${name}` : name;
}
