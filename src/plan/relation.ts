/**
 * The language of the room `plan`: relational algebra over tables and columns. No OData is left in it.
 * Conditions have SQL's three values; where the standard wants two, the plan says so with `coalesce`.
 */
import type { Value } from '../edm/index.js';
import type { Codec, Log } from '../tables/index.js';

/** The name of a row source within one statement. */
export type Alias = string;

/** A value as it is stored and bound: booleans are already 0 and 1. */
export type StoredValue = Exclude<Value, boolean>;

export type Relation =
  | { readonly kind: 'scan'; readonly table: string; readonly as: Alias }
  | Past
  /** The items of a JSON array: columns `key` (position) and `value`. */
  | { readonly kind: 'each'; readonly json: Scalar; readonly as: Alias }
  /** `outer`: rows of the left side without a match are kept, with nulls. */
  | {
      readonly kind: 'join';
      readonly left: Relation;
      readonly right: Relation;
      readonly on: Scalar;
      readonly outer?: boolean;
    }
  | { readonly kind: 'where'; readonly from: Relation; readonly condition: Scalar }
  | { readonly kind: 'order'; readonly from: Relation; readonly by: readonly Order[] }
  | { readonly kind: 'limit'; readonly from: Relation; readonly skip: number | null; readonly take: number | null }
  /** One row for all rows with the same keys; without keys one row for all, also for none. */
  | {
      readonly kind: 'group';
      readonly from: Relation;
      readonly keys: readonly NamedScalar[];
      readonly values: readonly NamedScalar[];
      readonly as: Alias;
    }
  /** A sub-select with these columns; `distinct`: of equal rows one. */
  | {
      readonly kind: 'project';
      readonly from: Relation;
      readonly columns: readonly NamedScalar[];
      readonly distinct?: boolean;
      readonly as: Alias;
    }
  /** What `seed` begins with and `step` adds until there is nothing new; both may read `base`, `step` the rows found last as well. */
  | {
      readonly kind: 'recursive';
      readonly base: UnionBranch & { readonly name: Alias };
      readonly name: Alias;
      readonly seed: UnionBranch;
      readonly step: UnionBranch;
      readonly as: Alias;
    }
  /** What a recursive relation calls `base`, or itself. */
  | { readonly kind: 'named'; readonly name: Alias; readonly as: Alias }
  /** The rows of each branch, which have the same columns. */
  | { readonly kind: 'union'; readonly branches: readonly UnionBranch[]; readonly as: Alias }
  /** The rows of each part one after another, `take` at most behind `skip`; the parts are pages with the same columns. */
  | {
      readonly kind: 'chain';
      readonly parts: readonly PageRelation[];
      readonly skip: number;
      readonly take: number | null;
      readonly as: Alias;
    }
  | PageRelation;

/** A sub-select with all columns of `of`, and `extra` ones, that keeps the alias: what was said of `of` inside holds outside. */
export interface PageRelation {
  readonly kind: 'page';
  readonly from: Relation;
  readonly of: Alias;
  readonly extra: readonly NamedScalar[];
  /** True: the extra columns alone. */
  readonly bare?: boolean;
}

export interface UnionBranch {
  readonly from: Relation;
  readonly columns: readonly NamedScalar[];
}

/** The rows of a table as they were when its log had come to `since`; all columns by name, but no row id. */
export interface Past {
  readonly kind: 'past';
  readonly log: Log;
  readonly since: bigint;
  readonly as: Alias;
  /** True: only rows that have changed since then are wanted. */
  readonly touched: boolean;
}

export interface Order {
  readonly value: Scalar;
  readonly descending: boolean;
}

export interface NamedScalar {
  readonly name: string;
  readonly value: Scalar;
}

/** Operators and functions; a dialect answers for every one of them. */
export type OperatorName =
  | 'eq'
  | 'ne'
  | 'is'
  | 'isNot'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'not'
  | 'isNull'
  | 'isNotNull'
  | 'coalesce'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'intDiv'
  | 'mod'
  | 'negate'
  | 'bitAnd'
  | 'concat'
  | 'contains'
  | 'startswith'
  | 'endswith'
  | 'indexof'
  | 'length'
  | 'substring'
  | 'tolower'
  | 'toupper'
  | 'trim'
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'floor'
  | 'ceiling'
  | 'round'
  | 'asDouble'
  | 'inList'
  /** Operand, JSON array of values. */
  | 'inJson'
  | 'jsonMember'
  | 'jsonObjectMember'
  | 'jsonType'
  /** A value as JSON text; null stays null. */
  | 'jsonQuote'
  | 'urlLiteral'
  /** Path, what else the link says as JSON, sort values as JSON array. */
  | 'nextLink'
  | 'shape'
  | 'hashRow'
  | 'decimalKey'
  /** The operator's name first. */
  | 'integerArithmetic'
  | 'realArithmetic'
  | 'decimalArithmetic'
  /** `floor`, `ceiling` or `round`, and the value. */
  | 'rounded'
  /** A decimal as double. */
  | 'toNumber'
  /** `mul` or `div`, duration, decimal. */
  | 'durationScaled'
  /** Moment, units, precision of the units, fraction digits of the result. */
  | 'momentPlus'
  /** Moment, moment, precision of the result. */
  | 'momentsBetween'
  /** Moment or time, fraction digits. */
  | 'widened'
  | 'dateOf'
  | 'timeOf'
  | 'fractionalSeconds'
  | 'now'
  /** Duration as JSON has it, precision. */
  | 'durationUnits'
  | 'matchesPattern'
  /** The function's name, JSON arrays or numbers. */
  | 'onCollection'
  /** The function's name, `geography` or `geometry`, GeoJSON. */
  | 'onGeo'
  /** Text, and the search as JSON. */
  | 'searched'
  /** Value, codec of it, codec of the result, name of the type. */
  | 'castTo'
  /** A whole number with leading zeros, so that texts of it come in its order. */
  | 'padded'
  /** An item as JSON text before others, which are joined by commas already. */
  | 'listed'
  /** A JSON array of its operands. */
  | 'jsonArray'
  /** The identity of a function of the model, and its parameters as JSON object. */
  | 'invoke';

/** Functions over the rows of a group; `decimalSum` over order-keeping decimal texts, `wideSum` of integers as text of any length. */
export type AggregateName = 'sum' | 'wideSum' | 'decimalSum' | 'min' | 'max' | 'average' | 'count' | 'countDistinct';

/** `rowNumber` counts from 1. */
export type WindowName = 'rowNumber' | 'sum' | 'decimalSum' | 'max';

/** How a stored value is written into JSON. */
export interface JsonForm {
  readonly codec: Codec;
  /** Int64 and Decimal as strings (JSON 3.2). */
  readonly asString: boolean;
}

export interface ObjectMember {
  readonly name: string;
  readonly value: Scalar;
  /** When given, the member is left out unless this holds. */
  readonly when?: Scalar;
  /** True: left out when its value is null. */
  readonly optional?: boolean;
}

export type Scalar =
  | { readonly kind: 'column'; readonly of: Alias; readonly name: string }
  /** The only door for a literal. */
  | { readonly kind: 'value'; readonly value: StoredValue }
  | { readonly kind: 'operator'; readonly name: OperatorName; readonly operands: readonly Scalar[] }
  | { readonly kind: 'junction'; readonly operator: 'and' | 'or'; readonly operands: readonly Scalar[] }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Scalar; readonly gives: Scalar }[];
      readonly otherwise: Scalar | null;
    }
  | { readonly kind: 'exists'; readonly relation: Relation }
  /** The values are those of `columns` in some row of a relation that knows nothing of the statement around it. */
  | {
      readonly kind: 'within';
      readonly values: readonly Scalar[];
      readonly relation: Relation;
      readonly columns: readonly Scalar[];
    }
  /** The value in the first row, null when there is no row. */
  | { readonly kind: 'subquery'; readonly relation: Relation; readonly value: Scalar }
  | { readonly kind: 'count'; readonly relation: Relation }
  /** Stands only among the values of a group. */
  | { readonly kind: 'aggregate'; readonly name: AggregateName; readonly operand: Scalar | null }
  /** A function over the rows of the same partition, up to this one in their order; `before`: without this one. Stands only among the columns of a page. */
  | {
      readonly kind: 'window';
      readonly name: WindowName;
      readonly operand: Scalar | null;
      readonly partition: readonly Scalar[];
      readonly order: readonly Order[];
      readonly before?: boolean;
    }
  /** A stored value as JSON. */
  | { readonly kind: 'json'; readonly value: Scalar; readonly form: JsonForm }
  /** A JSON object; the members of the JSON object `spread` follow its own, and `last` those. */
  | {
      readonly kind: 'object';
      readonly members: readonly ObjectMember[];
      readonly spread?: Scalar;
      readonly last?: readonly ObjectMember[];
    }
  /** A JSON array of one item per row, in the order of the rows. */
  | { readonly kind: 'items'; readonly relation: Relation; readonly item: Scalar };

/** One reading statement, and the columns of its only row. */
export type Reading =
  /**
   * items, a line each · number of rows, one more than `take` when there are more · sort values of every row, a JSON array a line ·
   * total · does the parent exist · ETag of the entity that a collection of values belongs to. (A line feed never stands inside an item: JSON escapes it. Numbering the rows costs twice the time.)
   */
  | {
      readonly kind: 'collection';
      /** Of kind `page`, ordered, limited to `take` + 1. */
      readonly rows: Relation;
      readonly item: Scalar;
      readonly take: number;
      readonly sortKeys: readonly Scalar[];
      /** Positions of the sort values that are the row's key. */
      readonly kept: readonly number[];
      readonly total: Relation | null;
      readonly parent: Relation | null;
      /** Of the row that `parent` is. */
      readonly etag: Scalar | null;
      /** Further columns: how far logs had come when this was read. */
      readonly positions?: readonly Scalar[];
    }
  /** items, a line each · number of rows, one more than `take` when there are more · place of every row, a JSON array a line · does the parent exist · positions of logs */
  | {
      readonly kind: 'delta';
      readonly parts: readonly DeltaPart[];
      readonly take: number;
      readonly parent: Relation | null;
      readonly positions: readonly Scalar[];
    }
  /** item · ETag text · is there an item; no row when there is none and what it would be related to is not there either */
  | {
      readonly kind: 'single';
      readonly rows: Relation;
      readonly item: Scalar;
      readonly etag: Scalar | null;
      readonly parent: Relation | null;
      /** Further columns: how far logs had come when this was read. */
      readonly positions?: readonly Scalar[];
    }
  /** number of rows · does the parent exist */
  | { readonly kind: 'count'; readonly rows: Relation; readonly parent: Relation | null }
  /** the columns asked for, of every row */
  | { readonly kind: 'columns'; readonly rows: Relation; readonly columns: readonly Scalar[] };

/** Items of one sort within a delta payload, in the order of `sort`; equal ones stand there once. */
export interface DeltaPart {
  /** Parts come in this order. */
  readonly phase: number;
  readonly rows: Relation;
  /** A text that tells its items apart. */
  readonly sort: Scalar;
  /** Only what comes behind this. */
  readonly after: string | null;
  readonly item: Scalar;
  /** The item as it was before, which it must not equal; null: there is nothing to compare it with. */
  readonly before: Scalar | null;
}

/** One writing statement. */
export type Writing =
  | {
      readonly kind: 'insert';
      readonly table: string;
      readonly columns: readonly NamedScalar[];
      readonly ignore: boolean;
    }
  | {
      readonly kind: 'update';
      readonly table: string;
      readonly as: Alias;
      readonly columns: readonly NamedScalar[];
      readonly where: Scalar;
    }
  | { readonly kind: 'delete'; readonly table: string; readonly as: Alias; readonly where: Scalar };
