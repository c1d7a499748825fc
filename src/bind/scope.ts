import type { EntitySet, Model, Singleton, Type } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Expression as Syntax } from '../url/index.js';
import type { Variable } from './bound.js';
import type { Added } from './bound-apply.js';

/** What a parameter alias stands for, and the resource its paths start at: the one it was assigned for (URL 5.3); null: the one it is used for. */
export interface AliasValue {
  readonly syntax: Syntax;
  readonly self: Variable | null;
}

/** The aliases seen where `assigned` were given for the resource `self`: those, and the ones of outer levels. */
export function withAliases(
  outer: ReadonlyMap<string, AliasValue>,
  assigned: ReadonlyMap<string, Syntax>,
  self: Variable | null,
): ReadonlyMap<string, AliasValue> {
  if (assigned.size === 0) return outer;
  return new Map([...outer, ...[...assigned].map(([name, syntax]) => [name, { syntax, self }] as const)]);
}

/** What names mean at one place of a URL. A narrower place has a scope of its own; none is ever changed. */
export interface Scope {
  readonly model: Model;
  /** `$it`: the resource of the request, or of the expanded navigation property (URL 5.1.1.14.1). */
  readonly it: Variable | null;
  /** Where paths without a prefix start. */
  readonly self: Variable | null;
  /** `$this` (URL 5.1.1.14.4). */
  readonly item: Variable | null;
  /** Lambda variables by name. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Names that `$compute` or `$apply` has given to `self`. */
  readonly computed: ReadonlyMap<string, Type | null>;
  /** Collections and structured values that `$apply` has added to `self`. */
  readonly added: ReadonlyMap<string, Added>;
  /** Where the instances that `self` stands for come from; null when that is not known. */
  readonly source: EntitySet | Singleton | null;
  /** The types of nodes of every `rolluprecursive` whose sequence this is. */
  readonly rollups: readonly Type[];
  /** Names between the source and `self`, for navigation property bindings. */
  readonly since: readonly string[];
  /** True behind an aggregation: members that were not kept are null (URL 5.1.1.15). */
  readonly grouped: boolean;
  readonly aliases: ReadonlyMap<string, AliasValue>;
  /** Aliases being followed, so that a cycle is seen. */
  readonly following: ReadonlySet<string>;
  /** The model's own conditions see every property, requests only what can be read (Core.Permissions). */
  readonly trusted: boolean;
  /** The query option, or `path`: target of errors. */
  readonly target: string;
}

/** The scope of a resource of type `type`, for one query option. */
export function scopeOf(
  model: Model,
  variable: Variable | null,
  aliases: ReadonlyMap<string, AliasValue>,
  target: string,
): Scope {
  return {
    model,
    it: variable,
    self: variable,
    item: variable,
    variables: new Map(),
    computed: new Map(),
    added: new Map(),
    source: null,
    rollups: [],
    since: [],
    grouped: false,
    aliases,
    following: new Set(),
    trusted: false,
    target,
  };
}

/** The expression an alias stands for, and the scope to bind it in; an alias without a value is null (URL 5.3). */
export function follow(scope: Scope, name: string): { readonly syntax: Syntax | null; readonly scope: Scope } {
  if (scope.following.has(name))
    throw new ODataError('InvalidValue', `The parameter alias '@${name}' is defined by itself.`, `@${name}`);
  const found = scope.aliases.get(name);
  const following = new Set([...scope.following, name]);
  if (!found?.self) return { syntax: found?.syntax ?? null, scope: { ...scope, following } };
  const { self } = found;
  const computed = self === scope.self ? scope.computed : new Map<string, Type | null>();
  return { syntax: found.syntax, scope: { ...scope, self, item: self, variables: new Map(), computed, following } };
}
