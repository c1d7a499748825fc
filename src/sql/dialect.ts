import type { AggregateName, JsonForm, OperatorName, WindowName } from '../plan/index.js';
import type { Codec } from '../tables/index.js';

/** All in which two databases differ: a total record of answers. Operands are SQL text already. */
export interface Dialect {
  readonly name: string;
  /** Quotes a table or column name; doubling what would end it. */
  readonly quote: (name: string) => string;
  readonly placeholder: (position: number) => string;
  readonly operators: Readonly<Record<OperatorName, (...operands: string[]) => string>>;
  /** `*` stands for the rows themselves. */
  readonly aggregates: Readonly<Record<AggregateName, (operand: string) => string>>;
  readonly windows: Readonly<Record<WindowName, (operand: string) => string>>;
  /** A JSON object as JSON value; names are constants of the model, quoted as SQL text. */
  readonly object: (members: readonly (readonly [name: string, value: string])[]) => string;
  /** A JSON array of one column of a sub-select, in the order of its rows. */
  readonly array: (item: string, from: string) => string;
  /** A JSON object joined as text, of members that may be absent and the members of a JSON object `spread` between them. */
  readonly joinedObject: (
    members: readonly JoinedMember[],
    spread: string | null,
    last: readonly JoinedMember[],
  ) => string;
  /** A JSON array as text, of items that are text already. */
  readonly joinedArray: (item: string, from: string) => string;
  /** JSON text as JSON value. */
  readonly parsed: (json: string) => string;
  /** A JSON value as JSON text, null as `null`. */
  readonly text: (json: string) => string;
  /** A stored value as JSON value. */
  readonly json: (value: string, form: JsonForm) => string;
  /** The items of a JSON array as a table with `key` and `value`. */
  readonly each: (json: string) => string;
  /** Items joined by a comma and a line feed, as bytes. */
  readonly lines: (item: string) => string;
  /** One JSON array per row, joined by line feeds. */
  readonly keyLines: (keys: readonly string[]) => string;
  /** A JSON value as bytes. */
  readonly bytes: (json: string) => string;
  /** True, or an error when the statement has run too long; asked for every 256th row of a table. */
  readonly deadline: (alias: string) => string;
  readonly limit: (take: string | null, skip: string | null) => string;
  /** How a column of this codec is declared. */
  readonly columnType: (codec: Codec) => string;
}

/** A member of a joined object, its value being JSON text. */
export interface JoinedMember {
  readonly name: string;
  readonly text: string;
  /** Left out unless this holds. */
  readonly when: string | null;
  /** Left out when it is null: `null` as text, or no text. */
  readonly optional: boolean;
}

/** A text constant of the model as SQL; never for what a client sent. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
