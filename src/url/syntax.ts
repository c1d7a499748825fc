/**
 * The language of the room `url`: what a URL says, before anybody knows what its names are (URL 2 to 5).
 * Every node knows where it began (`at`, offset in the text of its option or of the path, undecoded), so that an error can point at it.
 */
interface Node {
  readonly at: number;
}

/** How a literal was written (ABNF primitiveLiteral). `text` of the literal is its meaning: unquoted, unescaped, prefix removed. */
export type LiteralForm =
  | 'null'
  | 'boolean'
  /** digits with optional sign: SByte to Int64, or Decimal when larger */
  | 'integer'
  /** with decimal point, no exponent */
  | 'decimal'
  /** with exponent, or INF, -INF, NaN */
  | 'double'
  | 'string'
  | 'guid'
  | 'date'
  | 'dateTimeOffset'
  | 'timeOfDay'
  /** `duration'P1D'`, also `'P1D'` never: that is a string */
  | 'duration'
  | 'binary'
  /** `NS.Color'Red,Blue'`: `type` holds the qualified name */
  | 'enum'
  /** `geography'SRID=0;Point(1 2)'`: text without the quotes */
  | 'geography'
  | 'geometry';

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly form: LiteralForm;
  readonly text: string;
  /** Qualified name of the enumeration type of an `enum` literal; else null. */
  readonly type: string | null;
}

/** `[1,2]`, JSON array or parenthesised list `(1,2)` after `in`. */
export interface ListExpression extends Node {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

/** `{"a":1,"b":@x}` in an expression or alias value (ABNF complexInUri, arrayOrObject). Member names keep control information as written. */
export interface ObjectExpression extends Node {
  readonly kind: 'object';
  readonly members: readonly (readonly [name: string, value: Expression])[];
}

/** `@name`: a parameter alias (URL 5.3). `name` has no `@`. */
export interface Alias extends Node {
  readonly kind: 'alias';
  readonly name: string;
}

/**
 * A path: `Address/City`, `$it/Name`, `Items/any(i:i/Price gt 3)`, `Items/$count($filter=…)`, `NS.Sub/Name`, `$root/People('x')/Name`,
 * `@NS.Term#q/Prop`. Whether a segment is a property, a navigation, a type or a lambda variable is not syntax.
 */
export interface Path extends Node {
  readonly kind: 'path';
  /** A parameter alias when the path begins with one: `@a/Name`. */
  readonly root: '$it' | '$this' | '$root' | '$these' | Alias | null;
  readonly segments: readonly PathSegment[];
}

export type PathSegment =
  /** A name, qualified or not; `arguments` when parentheses follow (function call, or key predicate: the model knows). */
  | (Node & {
      readonly kind: 'name';
      readonly name: string;
      readonly arguments: Arguments | null;
      /** A key behind a call: `F(a=1)(7)` (URL 4.3). */
      readonly key: Arguments | null;
    })
  /** `@NS.Term#qualifier` as a segment (URL 5.1.1.15). */
  | (Node & { readonly kind: 'annotation'; readonly term: string; readonly qualifier: string | null })
  | (Node & {
      readonly kind: 'lambda';
      readonly operator: 'any' | 'all';
      readonly variable: string | null;
      readonly predicate: Expression | null;
    })
  /** `$count`, with `$filter` and `$search` in parentheses (URL 5.1.1.5.?). */
  | (Node & { readonly kind: '$count'; readonly options: QueryOptions })
  /** `/$filter(…)` within an expression path, perhaps with a key behind it. */
  | (Node & { readonly kind: '$filter'; readonly predicate: Expression; readonly key: Arguments | null })
  | (Node & { readonly kind: '$value' | '$ref' })
  /** `aggregate(…)` as a path segment after a collection, in `$these/aggregate(…)` (Aggregation 3.6). */
  | (Node & { readonly kind: 'aggregate'; readonly items: readonly AggregateExpression[] });

/** What stands between parentheses after a name: `(1)` is positional, `(a=1,b=@x)` is named, `()` is named and empty. */
export type Arguments =
  | { readonly kind: 'positional'; readonly values: readonly Expression[] }
  | { readonly kind: 'named'; readonly values: readonly NamedArgument[] };

export interface NamedArgument extends Node {
  readonly name: string;
  readonly value: Expression;
}

/** Binary operators (URL 5.1.1.1 to 5.1.1.3). */
export type BinaryOperator =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'ge'
  | 'lt'
  | 'le'
  | 'has'
  | 'in'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'divby'
  | 'mod';

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a and b and c` is one flat node, never a deep one. */
export interface Junction extends Node {
  readonly kind: 'junction';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expression[];
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: 'not' | '-';
  readonly operand: Expression;
}

/** A canonical function call by its unqualified name, `contains(a,'b')`, `now()`, `isdefined(x)`; `cast` and `isof` are nodes of their own. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** `cast(e,NS.T)`, `cast(NS.T)`, `isof(…)` (URL 5.1.1.10). `operand` null is `$it`; `facets` are those of a 4.01 type with facets, else empty. */
export interface TypeTest extends Node {
  readonly kind: 'cast' | 'isof';
  readonly operand: Expression | null;
  readonly type: string;
  readonly collection: boolean;
}

/** `case(c1:v1,…,true:v)` (URL 5.1.1.12). */
export interface Case extends Node {
  readonly kind: 'case';
  readonly branches: readonly { readonly condition: Expression; readonly value: Expression }[];
}

/** What may stand in `$filter`, `$orderby`, `$compute` and as an argument (URL 5.1.1). */
export type Expression =
  | Literal
  | ListExpression
  | ObjectExpression
  | Alias
  | Path
  | Binary
  | Junction
  | Unary
  | Call
  | TypeTest
  | Case;

/** One segment of a resource path (URL 4). */
export type ResourceSegment =
  /** `Products`, `Products(1)`, `NS.F(a=1)`, `42`: any segment that is not a `$` word. `name` is decoded. `arguments` as for path segments. */
  | (Node & {
      readonly kind: 'name';
      /** Decoded text before the parentheses. */
      readonly name: string;
      readonly arguments: Arguments | null;
      /** A second pair of parentheses, a key behind a call: `F(a=1)(7)` (URL 4.3). */
      readonly key: Arguments | null;
      /** The whole segment decoded, parentheses included: a key as segment may look like a call (URL 4.3.6). */
      readonly text: string;
    })
  | (Node & { readonly kind: '$count' | '$value' | '$ref' | '$each' | '$query' | '$all' | '$batch' | '$metadata' })
  /** `$entity`; `/NS.Type` may follow as a name segment. The id is in `options.$id`. */
  | (Node & { readonly kind: '$entity' })
  | (Node & { readonly kind: '$crossjoin'; readonly sets: readonly string[] })
  /** `$filter(…)`, perhaps with a key behind it: `$filter(…)(7)`. */
  | (Node & { readonly kind: '$filter'; readonly predicate: Expression; readonly key: Arguments | null });

/** One parsed request URL. */
export interface Url {
  /** Empty for the service root. */
  readonly segments: readonly ResourceSegment[];
  readonly options: QueryOptions;
  /** The path as it was written; positions of segments count within it. */
  readonly path: string;
}

/** The system query options, and what else stood behind the `?` (URL 5). Absent ones are absent; names are canonical (`$`, lower case). */
export interface QueryOptions {
  readonly $filter?: Expression;
  readonly $select?: readonly SelectItem[];
  readonly $expand?: readonly ExpandItem[];
  readonly $orderby?: readonly OrderItem[];
  readonly $compute?: readonly ComputeItem[];
  readonly $search?: SearchExpression;
  readonly $apply?: readonly Transformation[];
  readonly $top?: number;
  readonly $skip?: number;
  readonly $count?: boolean;
  readonly $levels?: number | 'max';
  readonly $index?: number;
  readonly $format?: string;
  readonly $schemaversion?: string;
  readonly $skiptoken?: string;
  readonly $deltatoken?: string;
  readonly $id?: string;
  /** Options and aliases as they were written, decoded: links that lead further repeat them. */
  readonly written: readonly (readonly [name: string, text: string])[];
  /** Parameter aliases by name without `@` (URL 5.3). */
  readonly aliases: ReadonlyMap<string, Expression>;
  /** Custom query options, decoded, in order (URL 5.2). */
  readonly custom: readonly (readonly [name: string, value: string])[];
}

export interface OrderItem extends Node {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** `expression as Name` (URL 5.1.3.?). */
export interface ComputeItem extends Node {
  readonly expression: Expression;
  readonly name: string;
}

/** URL 5.1.4. `*`, `NS.*`, or a path with nested options `Address($select=City)`. */
export type SelectItem =
  | (Node & { readonly kind: 'all' })
  | (Node & { readonly kind: 'allOperations'; readonly namespace: string })
  | (Node & { readonly kind: 'path'; readonly segments: readonly PathSegment[]; readonly options: QueryOptions });

/** URL 5.1.3. `suffix` is `/$ref` or `/$count`; for `*` the segments are empty and `all` is true; `$value` for streams. */
export interface ExpandItem extends Node {
  readonly all: boolean;
  readonly segments: readonly PathSegment[];
  readonly suffix: '$ref' | '$count' | '$value' | null;
  readonly options: QueryOptions;
}

/** URL 5.1.7; chains are flat. */
export type SearchExpression =
  | (Node & {
      readonly kind: 'junction';
      readonly operator: 'and' | 'or';
      readonly operands: readonly SearchExpression[];
    })
  | (Node & { readonly kind: 'not'; readonly operand: SearchExpression })
  | (Node & { readonly kind: 'phrase' | 'word'; readonly text: string });

/** Aggregation 3.2.1: what may stand in `aggregate(…)`. */
export interface AggregateExpression extends Node {
  /** What is aggregated; null for a plain `$count`. `Sales/$count` is a path that ends in `$count`. */
  readonly expression: Expression | null;
  /** `sum`, `NS.method`…, lower case for the standard's; null: custom aggregate, or `$count`. */
  readonly method: string | null;
  /** `from Time with average from Product with …`, in order (Aggregation 3.2.1.5). */
  readonly from: readonly { readonly paths: readonly Path[]; readonly method: string | null; readonly at: number }[];
  readonly alias: string | null;
  /** `Sales(Amount with sum as X)`: aggregates within a path prefix. */
  readonly nested: readonly AggregateExpression[] | null;
}

export type GroupingItem =
  | (Node & { readonly kind: 'path'; readonly path: Path })
  | (Node & { readonly kind: 'rollup'; readonly items: readonly (Path | '$all')[] })
  /** `rolluprecursive(H,Q,P[,S][,keep start])` (Aggregation 6.3). */
  | (Node & { readonly kind: 'rolluprecursive'; readonly arguments: HierarchyArguments });

/** Shared by `ancestors`, `descendants`, `traverse`, `rolluprecursive` (Aggregation 6.2). */
export interface HierarchyArguments {
  /** `$root/Set`, the node collection. */
  readonly collection: Path;
  readonly qualifier: string;
  readonly property: Path;
  readonly start: readonly Transformation[];
  readonly distance: number | null;
  readonly keepStart: boolean;
  readonly order: 'preorder' | 'postorder' | null;
  readonly orderby: readonly OrderItem[];
}

/** Aggregation 3.2 to 6.2. */
export type Transformation =
  | (Node & { readonly kind: 'identity' })
  | (Node & { readonly kind: 'aggregate'; readonly items: readonly AggregateExpression[] })
  | (Node & {
      readonly kind: 'groupby';
      readonly by: readonly GroupingItem[];
      readonly transformations: readonly Transformation[];
    })
  | (Node & { readonly kind: 'filter'; readonly predicate: Expression })
  | (Node & { readonly kind: 'orderby'; readonly items: readonly OrderItem[] })
  | (Node & { readonly kind: 'search'; readonly expression: SearchExpression })
  | (Node & { readonly kind: 'compute'; readonly items: readonly ComputeItem[] })
  | (Node & { readonly kind: 'skip' | 'top'; readonly count: Expression })
  | (Node & {
      readonly kind: 'topcount' | 'bottomcount' | 'topsum' | 'bottomsum' | 'toppercent' | 'bottompercent';
      readonly amount: Expression;
      readonly by: Expression;
    })
  | (Node & { readonly kind: 'concat'; readonly branches: readonly (readonly Transformation[])[] })
  | (Node & {
      readonly kind: 'join' | 'outerjoin';
      readonly path: Path;
      readonly name: string;
      readonly transformations: readonly Transformation[];
    })
  | (Node & {
      readonly kind: 'nest';
      readonly branches: readonly { readonly transformations: readonly Transformation[]; readonly name: string }[];
    })
  | (Node & {
      readonly kind: 'addnested';
      readonly path: Path;
      readonly branches: readonly { readonly transformations: readonly Transformation[]; readonly name: string }[];
    })
  | (Node & { readonly kind: 'expand'; readonly item: ExpandItem; readonly transformations: readonly Transformation[] })
  | (Node & { readonly kind: 'ancestors' | 'descendants' | 'traverse'; readonly arguments: HierarchyArguments })
  /** A service-defined set transformation, `NS.TopLevels(…)`. */
  | (Node & { readonly kind: 'custom'; readonly name: string; readonly arguments: Arguments });

/** A context URL (Protocol 10). */
export interface ContextUrl {
  /** What stands before `$metadata`: the service root; empty when the fragment stands alone. */
  readonly root: string;
  /** `Collection(…)`: then the segment is a type, or `$ref`. */
  readonly collection: boolean;
  /** Empty for the service document, and for `#$delta`. */
  readonly segments: readonly ContextSegment[];
  /** The select-list; null when none stands there. */
  readonly select: readonly ContextItem[] | null;
  readonly suffix: '$entity' | '$delta' | '$deletedEntity' | '$link' | '$deletedLink' | null;
}

/** A name, or the key predicate behind one. */
export type ContextSegment =
  | (Node & { readonly kind: 'name'; readonly name: string })
  | (Node & { readonly kind: 'key'; readonly arguments: Arguments });

/** An item of a select-list (Protocol 10.7): `Address/City`, `NS.*`, `DirectReports+(Name)`. */
export interface ContextItem extends Node {
  readonly path: string;
  /** `+`: expanded with `$levels`. */
  readonly recursive: boolean;
  readonly items: readonly ContextItem[] | null;
}
