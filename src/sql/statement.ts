/** A value as it is bound: integers and booleans as bigint, doubles as number (better-sqlite3 binds a number as REAL). */
export type SqlValue = null | bigint | number | string | Uint8Array;

/** One statement and its values, in order of use. No literal of a user is ever in `text`. */
export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}
