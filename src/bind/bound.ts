/**
 * The language of a bound URL: no names are left to look up, every expression has a type (URL 4, 5).
 */
import type {
  ActionImport,
  ComplexType,
  EntitySet,
  EntityType,
  FunctionImport,
  FunctionOverload,
  NavigationProperty,
  Operation,
  Parameter,
  Property,
  ReturnType,
  Singleton,
  StructuredType,
  Type,
  Value,
} from '../edm/index.js';
import type { OperationArguments } from './body-operation.js';
import type { AggregateValue, Hierarchy, Structure, Transformation } from './bound-apply.js';
import type { ValueChange } from './change.js';
import type { FunctionName } from './functions.js';

/** A key value of a key predicate, with the property it belongs to (its path, for keys in complex values). */
export interface KeyValue {
  readonly properties: readonly Property[];
  readonly value: Value;
}

/** One step of a resource path, each applied to what the steps before it led to. */
export type Step =
  | { readonly kind: 'entitySet'; readonly set: EntitySet }
  | { readonly kind: 'singleton'; readonly singleton: Singleton }
  /** From a collection of entities to one. */
  | { readonly kind: 'key'; readonly key: readonly KeyValue[]; readonly alternate: boolean }
  /** `index`: position from the start, or from the end when negative (URL 4.11). */
  | { readonly kind: 'ordinal'; readonly index: number }
  | { readonly kind: 'navigation'; readonly property: NavigationProperty }
  | { readonly kind: 'property'; readonly property: Property }
  | { readonly kind: 'dynamic'; readonly name: string }
  | { readonly kind: 'cast'; readonly type: StructuredType }
  | { readonly kind: 'filter'; readonly variable: Variable; readonly predicate: Expression }
  | CallStep
  /** Of the entities there those with these keys, in this order: what the handler of an operation named. */
  | { readonly kind: 'among'; readonly keys: readonly (readonly KeyValue[])[] }
  /** Of the entities there what the options of a query leave, in their order. */
  | { readonly kind: 'query'; readonly options: BoundOptions }
  /** Values that no table holds: what the handler of an operation gave. */
  | { readonly kind: 'values'; readonly place: ReturnType; readonly value: ValueChange };

/** A call of an operation (URL 4.5): bound to what the steps before it lead to, or through an import. */
export interface CallStep {
  readonly kind: 'operation';
  readonly operation: Operation;
  readonly import: ActionImport | FunctionImport | null;
  /** What the URL gives; the parameters of an action are in the body. */
  readonly arguments: OperationArguments;
  /** The path to the collection or singleton that its entities belong to (CSDL 12.6, 13.5, 13.6); null: to none that is known. */
  readonly target: readonly Step[] | null;
  /** What the binding value belongs to, as `Resource.source`. */
  readonly source: EntitySet | Singleton | null;
  /** The text of the path before it; empty for an import. */
  readonly before: string;
  /** Behind `/$each`: for every member of the collection by itself (URL 4.13). */
  readonly each: boolean;
}

/** What a path ends in; with the method it decides who answers (Protocol 11, URL 4). */
export type ResourceKind =
  | 'serviceDocument'
  | 'metadata'
  | 'batch'
  | 'entityCollection'
  | 'entity'
  | 'complex'
  | 'complexCollection'
  | 'primitive'
  | 'primitiveCollection'
  | 'stream'
  | 'count'
  | 'rawValue'
  | 'mediaValue'
  | 'reference'
  | 'referenceCollection'
  | 'each'
  | 'action'
  | 'function'
  | 'all'
  | 'crossjoin'
  | 'entityById';

export interface Resource {
  readonly kind: ResourceKind;
  /** Without `$count`, `$value`, `$ref`, `$each`: those are in `kind`. */
  readonly steps: readonly Step[];
  /** The type of the result, or of its items; null where there is none. */
  readonly type: Type | null;
  readonly collection: boolean;
  /** For primitive results: the property they come from. */
  readonly property: Property | null;
  /** The set or singleton whose entities these are, when one is known (CSDL 13.4); contained entities belong to the set they started from. */
  readonly source: EntitySet | Singleton | null;
  /** The changes of the collection are asked for, by a function of the model that stands for them (Edmund.V1.Changes). */
  readonly changes?: true;
  /** Of `$crossjoin(A,B)`, each with the variable that its name is in expressions; of `$all` the sources; else empty. */
  readonly sets: readonly Joined[];
}

/** A set of a `$crossjoin`, a set or singleton of `$all`. */
export interface Joined {
  readonly source: EntitySet | Singleton;
  /** What its name means in expressions; null: nothing. */
  readonly variable: Variable | null;
}

/** One bound request URL. */
export interface BoundUrl {
  readonly resource: Resource;
  readonly options: BoundOptions;
}

/** Something an expression may start from: `$it`, `$this`, a lambda variable, `$root` has its own nodes. */
export interface Variable {
  readonly name: string;
  readonly type: Type;
}

interface Typed {
  /** null: unknown (dynamic property, null literal). */
  readonly type: Type | null;
  readonly collection: boolean;
}

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'divby' | 'mod';

/** A typed expression (URL 5.1.1). */
export type Expression =
  | (Typed & { readonly kind: 'literal'; readonly value: Value })
  | (Typed & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Typed & { readonly kind: 'variable'; readonly variable: Variable })
  | (Typed & { readonly kind: 'property'; readonly of: Expression; readonly property: Property })
  | (Typed & { readonly kind: 'dynamic'; readonly of: Expression; readonly name: string })
  /** A name given by `$compute` or `$apply`. */
  | (Typed & { readonly kind: 'computed'; readonly of: Expression; readonly name: string })
  | (Typed & { readonly kind: 'navigation'; readonly of: Expression; readonly property: NavigationProperty })
  /** `$root/Set` or `$root/Set(key)/…`. */
  | (Typed & {
      readonly kind: 'root';
      readonly source: EntitySet | Singleton;
      readonly key: readonly KeyValue[] | null;
    })
  /** A cast segment: null unless the value is of the type. */
  | (Typed & { readonly kind: 'derived'; readonly of: Expression })
  | (Typed & {
      readonly kind: 'filtered';
      readonly of: Expression;
      readonly variable: Variable;
      readonly predicate: Expression;
    })
  | (Typed & { readonly kind: 'count'; readonly of: Expression; readonly search: Search | null })
  | (Typed & {
      readonly kind: 'lambda';
      readonly operator: 'any' | 'all';
      readonly of: Expression;
      readonly variable: Variable | null;
      readonly predicate: Expression | null;
    })
  | (Typed & {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Typed & {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Typed & { readonly kind: 'in'; readonly left: Expression; readonly right: Expression })
  | (Typed & { readonly kind: 'has'; readonly left: Expression; readonly right: Expression })
  | (Typed & { readonly kind: 'junction'; readonly operator: 'and' | 'or'; readonly operands: readonly Expression[] })
  | (Typed & { readonly kind: 'not'; readonly operand: Expression })
  | (Typed & { readonly kind: 'negate'; readonly operand: Expression })
  | (Typed & { readonly kind: 'call'; readonly name: FunctionName; readonly arguments: readonly Expression[] })
  /** A function of the model, called for every item (URL 4.5.2). */
  | (Typed & {
      readonly kind: 'invocation';
      readonly operation: FunctionOverload;
      readonly arguments: readonly InvocationArgument[];
    })
  /** The collection that an option or transformation is about (Aggregation 3.6). */
  | (Typed & { readonly kind: 'these' })
  /** `…/aggregate(…)` of a collection (Aggregation 3.6.1). */
  | (Typed & {
      readonly kind: 'aggregated';
      readonly of: Expression;
      readonly variable: Variable;
      readonly value: AggregateValue;
    })
  /** `isdescendant` and its like: how nodes of a hierarchy stand to each other (Aggregation 5.5.2.1). */
  | (Typed & {
      readonly kind: 'hierarchical';
      readonly name: HierarchyFunction;
      readonly hierarchy: Hierarchy;
      readonly node: Expression;
      /** The ancestor, descendant or sibling; null where there is only one node. */
      readonly other: Expression | null;
      readonly distance: number | null;
      readonly includeSelf: boolean;
    })
  /** `rollupnode()`: the node whose group this is (Aggregation 6.3). */
  | (Typed & { readonly kind: 'rollupnode'; readonly position: number })
  /** Whether the instance has the member at all (Aggregation 3.7). */
  | (Typed & { readonly kind: 'isdefined'; readonly operand: Expression })
  | (Typed & { readonly kind: 'castTo'; readonly operand: Expression })
  | (Typed & {
      readonly kind: 'isof';
      readonly operand: Expression;
      readonly tested: Type;
      readonly testedCollection: boolean;
    })
  | (Typed & {
      readonly kind: 'case';
      readonly branches: readonly { readonly condition: Expression; readonly value: Expression }[];
    });

/** A parameter of a function in an expression: the binding one too. */
export interface InvocationArgument {
  readonly parameter: Parameter;
  /** `json`: a constant, as JSON text. */
  readonly value: Expression | { readonly kind: 'json'; readonly text: string };
}

export type HierarchyFunction = 'isnode' | 'isroot' | 'isleaf' | 'isdescendant' | 'isancestor' | 'issibling';

export interface SortItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Computed {
  readonly name: string;
  readonly expression: Expression;
}

/** URL 5.1.7: what `$search` asks; the words are bound values. */
export type Search =
  | { readonly kind: 'junction'; readonly operator: 'and' | 'or'; readonly operands: readonly Search[] }
  | { readonly kind: 'not'; readonly operand: Search }
  | { readonly kind: 'phrase' | 'word'; readonly text: string };

/** The system query options of a request or of one expanded navigation property; absent ones are null. */
export interface BoundOptions {
  readonly variable: Variable | null;
  readonly compute: readonly Computed[];
  readonly search: Search | null;
  readonly filter: Expression | null;
  readonly orderby: readonly SortItem[];
  readonly skip: number | null;
  readonly top: number | null;
  readonly count: boolean;
  readonly skiptoken: string | null;
  readonly deltatoken: string | null;
  readonly index: number | null;
  /** `$id`, as written. */
  readonly id: string | null;
  /** What is shown of structured results; null for primitive ones. */
  readonly projection: Projection | null;
  readonly apply: readonly Transformation[] | null;
  /** What `$apply` leaves of the instances; null without it. */
  readonly structure: Structure | null;
}

/** What `$select` and `$expand` leave of a structured type (URL 5.1.3, 5.1.4). */
export interface Projection {
  readonly type: StructuredType;
  /** null: no `$select`, everything that is selected by default. */
  readonly selected: Selection | null;
  readonly expanded: readonly Expansion[];
  /** The request has `$expand`, here or around: nothing is expanded by default (Aggregation 3). */
  readonly explicit?: boolean;
}

export interface Selection {
  /** True for `*`. */
  readonly all: boolean;
  /** Properties, of the type or of its subtypes; complex ones may be narrowed. */
  readonly properties: ReadonlyMap<Property, Projection | null>;
  /** What is asked of collections among them: which items, in which order. */
  readonly options: ReadonlyMap<Property, BoundOptions>;
  /** Navigation properties named, whose links are wanted. */
  readonly navigation: ReadonlySet<NavigationProperty>;
  readonly dynamic: ReadonlySet<string>;
  readonly computed: ReadonlySet<string>;
  /** Bound operations named, whose advertisement is wanted (Protocol 10.7). */
  readonly operations: ReadonlySet<Operation>;
  /** As it stands in the context URL, in the order of the request. */
  readonly names: readonly string[];
}

/** One expanded navigation property with its own options (URL 5.1.3). */
export interface Expansion {
  /** Complex properties on the way, outermost first; usually empty. */
  readonly path: readonly Property[];
  /** The subtype the property was reached through, when a cast stood before it. */
  readonly cast: EntityType | ComplexType | null;
  readonly property: NavigationProperty;
  readonly target: EntitySet | Singleton | null;
  /** Cast behind the navigation property: only entities of this type. */
  readonly restrictedTo: EntityType | null;
  readonly form: 'entities' | 'references' | 'count';
  /** Further levels of the same navigation property below this one (`$levels`); 0: none. */
  readonly levels: number | 'max';
  readonly options: BoundOptions;
  /**
   * The options as written, and the aliases of the request, for links to further pages; null: no URL can say the same (they use
   * `$it`, or there was no URL).
   */
  readonly written: readonly (readonly [name: string, text: string])[] | null;
}
