/**
 * The language of a bound request body: what a client wants changed, in terms of the model.
 * What the body did not name is absent; read-only members are already left out (Protocol 11.4.3).
 */
import type { EntityType, NavigationProperty, Property, StructuredType, Value } from '../edm/index.js';
import type { JsonNode } from '../payload/index.js';

/** A new value of a structural property. */
export type ValueChange =
  | { readonly kind: 'value'; readonly value: Value }
  | ComplexChange
  /** Replaces the whole collection (Protocol 11.4.9.2). */
  | { readonly kind: 'collection'; readonly items: readonly ValueChange[] }
  | ItemsChange
  | StreamChange;

/** Items put into, or in the place of, what is there (Protocol 11.4.9.4, 11.4.10, 11.4.11). */
export interface ItemsChange {
  readonly kind: 'appended';
  readonly items: readonly ValueChange[];
  /** Before which item, from the end when negative; absent or null: at the end. */
  readonly at?: number | null;
  /** The item at the position goes; one that is merged is the base of the only new one. */
  readonly takes?: 'none' | 'item' | 'merged';
}

/** The content of a stream within a body (JSON 9, 10). */
export interface StreamChange {
  readonly kind: 'stream';
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** Merged member by member by PATCH (Protocol 11.4.9.3), complete for PUT and inside collections. */
export interface ComplexChange {
  readonly kind: 'complex';
  /** An entity type only for entities that are values: results of operations. */
  readonly type: StructuredType;
  readonly members: ReadonlyMap<Property, ValueChange>;
  readonly dynamic: ReadonlyMap<string, DynamicValue>;
  readonly navigation: ReadonlyMap<NavigationProperty, NavigationChange>;
  /** Put in the place of the value that is there, in a change that merges all else (Protocol 11.4.9.3). */
  readonly whole?: true;
}

/** A dynamic property as received: its JSON, and its type when the body named one. */
export interface DynamicValue {
  readonly type: string | null;
  readonly json: JsonNode;
}

/** What happens to a relationship. */
export type NavigationChange =
  | { readonly kind: 'null' }
  /** `@odata.bind`, or an inline reference `{"@id": …}` (JSON 8.5): URLs as written, with their position in the body as target. */
  | { readonly kind: 'bind'; readonly references: readonly EntityReference[] }
  /** A single-valued navigation property with an inline entity. */
  | { readonly kind: 'entity'; readonly item: EntityChange }
  /** A collection given in full: what is not listed is removed (contained) or unlinked (Protocol 11.4.3.1). */
  | { readonly kind: 'replace'; readonly items: readonly (EntityChange | EntityReference)[] }
  /** `Nav@delta`: additions, changes and removals (JSON 8.4, 15). */
  | { readonly kind: 'delta'; readonly items: readonly (EntityChange | EntityReference | RemovedEntity)[] };

export interface EntityReference {
  readonly kind: 'reference';
  readonly url: string;
  readonly target: string;
}

export interface RemovedEntity {
  readonly kind: 'removed';
  /** Which entity: by its id, or by the key properties named. */
  readonly id: string | null;
  readonly key: ReadonlyMap<Property, Value>;
  readonly reason: 'deleted' | 'changed';
  /** `@etag`, in 4.01. */
  readonly etag: string | null;
  readonly target: string;
}

/** An entity to be created, merged or replaced. */
export interface EntityChange {
  readonly kind: 'entity';
  /** The concrete type: declared, or named by `@type`. */
  readonly type: EntityType;
  /** True when the body itself named the type. */
  readonly typeNamed: boolean;
  /** Key values the body gave; the service decides whether they count (insert) or must agree (update). */
  readonly key: ReadonlyMap<Property, Value>;
  /** Everything else that is writable, key properties excluded. */
  readonly properties: ReadonlyMap<Property, ValueChange>;
  readonly dynamic: ReadonlyMap<string, DynamicValue>;
  readonly navigation: ReadonlyMap<NavigationProperty, NavigationChange>;
  /** `@id`/`@odata.id` of the body, `@etag`, and the `Core.ContentID` annotation. */
  readonly id: string | null;
  readonly etag: string | null;
  readonly contentId: string | null;
  /** The stream of a media entity, sent as `$value` (JSON 10). */
  readonly media: StreamChange | null;
  /** Of an update: the same part of the body read as an entity to be created (Protocol 11.4.4). Throws its problems. null: it is one already. */
  readonly asInsert: (() => EntityChange) | null;
  /** Path in the body, for error targets; empty for the root. */
  readonly target: string;
}
