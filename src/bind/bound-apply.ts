/**
 * The part of the bound language that `$apply` adds: sequences of set transformations, and what their results are made of (Aggregation 3).
 */
import type { EntitySet, NavigationProperty, Property, Singleton, Type } from '../edm/index.js';
import type { Computed, Expression, Search, SortItem, Variable } from './bound.js';

export type AggregationMethod = 'sum' | 'min' | 'max' | 'average' | 'countdistinct';

/** From each item so far to the items of a collection, or to the one entity, that an expression leads to. */
export interface Hop {
  readonly to: Expression;
  readonly variable: Variable;
  /** The last navigation of a path: each entity reached counts once (Aggregation 3.2.1.1). */
  readonly distinct: boolean;
}

/** What is aggregated, and how (Aggregation 3.2.1.1). */
export type AggregateValue =
  /** `value` is of the item, or of what the hops lead to; null counts the items themselves. */
  | {
      readonly kind: 'method';
      readonly hops: readonly Hop[];
      readonly value: Expression;
      readonly method: AggregationMethod;
    }
  | { readonly kind: 'count'; readonly hops: readonly Hop[] }
  /** The values that groups of `sequence` give the name `name`, aggregated again (Aggregation 3.2.1.5). */
  | { readonly kind: 'from'; readonly sequence: readonly Transformation[]; readonly outer: AggregateValue };

/** One aggregated value under its name. */
export interface Aggregate {
  readonly name: string;
  readonly type: Type | null;
  readonly value: AggregateValue;
  /** The declared property that a custom aggregate of the same name is (Aggregation 5.2). */
  readonly property: Property | null;
}

/** A single-valued path by which groups are made, or a name given before (Aggregation 3.2.3). */
export interface Grouping {
  readonly expression: Expression;
  readonly steps: readonly (Property | NavigationProperty)[];
  readonly alias: string | null;
}

/** A collection or single value that `$apply` adds under a name: a property that the model does not declare. */
export interface Added {
  readonly property: Property | NavigationProperty;
  readonly structure: Structure;
  /** The set that holds the entities; null when they are in none. */
  readonly target: EntitySet | Singleton | null;
  /** Shown when the request has no `$expand` (Aggregation 3.4.3, 3.5.1). */
  readonly shown: boolean;
}

/** What an instance of a set is known to have (Aggregation 3.1.1). */
export interface Structure {
  /** Everything that its type declares. */
  readonly whole: boolean;
  /** Else these. */
  readonly members: readonly (readonly (Property | NavigationProperty)[])[];
  /** Single values under names of their own, with their types. */
  readonly names: ReadonlyMap<string, Type | null>;
  readonly added: ReadonlyMap<string, Added>;
  /** Navigation properties of whole entities that are shown when the request has no `$expand` (Aggregation 3.2.3.1). */
  readonly expanded?: readonly NavigationProperty[];
}

/** A recursive hierarchy (Aggregation 5.5.2): nodes, and of each its identifier and the way to its parents. */
export interface Hierarchy {
  readonly qualifier: string;
  readonly nodes: Expression;
  readonly variable: Variable;
  readonly node: Expression;
  readonly parent: Expression;
}

/** Some of the nodes of a hierarchy. */
export interface HierarchyNodes {
  readonly variable: Variable;
  readonly sequence: readonly Transformation[];
}

/** How instances have the identifiers of their nodes (Aggregation 6.1, 6.2.2). */
export interface NodePath {
  readonly hops: readonly Hop[];
  readonly value: Expression;
  /** To the node, or else to its identifier. */
  readonly steps: readonly (Property | NavigationProperty)[];
  readonly leadsTo: 'itself' | 'node' | 'identifier';
}

/** `rolluprecursive`: a group for each node, of the instances at it and beneath it (Aggregation 6.3). */
export interface Rollup {
  readonly hierarchy: Hierarchy;
  readonly path: NodePath;
  /** null: all nodes. */
  readonly start: HierarchyNodes | null;
}

/** A sequence that gives something its name. */
export interface Branch {
  readonly added: Added;
  readonly variable: Variable;
  readonly sequence: readonly Transformation[];
}

/** One set transformation (Aggregation 3): each is applied to what the one before it gives. */
export type Transformation =
  | { readonly kind: 'filter'; readonly predicate: Expression }
  | { readonly kind: 'search'; readonly search: Search }
  | { readonly kind: 'orderby'; readonly items: readonly SortItem[] }
  | { readonly kind: 'skip' | 'top'; readonly count: number }
  /** `topcount`, `bottomsum`…: the first in order of `value` until `amount` is reached (Aggregation 3.3.1). */
  | {
      readonly kind: 'first';
      readonly until: 'count' | 'percent' | 'sum';
      readonly descending: boolean;
      readonly amount: Expression;
      readonly value: Expression;
    }
  | { readonly kind: 'compute'; readonly items: readonly Computed[] }
  /** One instance, whatever the input is. */
  | { readonly kind: 'aggregate'; readonly aggregates: readonly Aggregate[] }
  | {
      readonly kind: 'groupby';
      readonly by: readonly Grouping[];
      readonly rollups: readonly Rollup[];
      readonly sequence: readonly Transformation[];
    }
  | {
      readonly kind: 'ancestors' | 'descendants';
      readonly hierarchy: Hierarchy;
      readonly path: NodePath;
      readonly start: readonly Transformation[];
      readonly distance: number | null;
      readonly keepStart: boolean;
    }
  | {
      readonly kind: 'traverse';
      readonly hierarchy: Hierarchy;
      readonly path: NodePath;
      /** null: the roots. */
      readonly start: HierarchyNodes | null;
      /** Of nodes. */
      readonly order: readonly SortItem[];
      readonly postorder: boolean;
    }
  | { readonly kind: 'concat'; readonly branches: readonly (readonly Transformation[])[] }
  /** `of`: a collection of each instance. */
  | { readonly kind: 'join'; readonly outer: boolean; readonly of: Expression; readonly branch: Branch }
  | { readonly kind: 'addnested'; readonly of: Expression; readonly branches: readonly Branch[] }
  | { readonly kind: 'nest'; readonly branches: readonly Branch[] };
