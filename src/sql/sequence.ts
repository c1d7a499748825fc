import { sequenceTable } from './ddl.js';
import type { Dialect } from './dialect.js';
import type { SqlValue, Statement } from './statement.js';
import { streamTable } from './triggers.js';

/** The next number of a named sequence; beyond the largest of a column, when one is given. Gives one row with the number. */
export function nextNumber(
  name: string,
  beyond: { readonly table: string; readonly column: string } | null,
  { quote, placeholder }: Dialect,
): Statement {
  const largest =
    beyond === null ? '0' : `coalesce((select max(${quote(beyond.column)}) from ${quote(beyond.table)}), 0)`;
  const text = `insert into ${quote(sequenceTable)} ("name", "value") values (${placeholder(1)}, ${largest} + 1) on conflict ("name") do update set "value" = max("value", ${largest}) + 1 returning "value"`;
  return { text, values: [name] };
}

/** One part of a stream's content. */
export function insertPart(id: bigint, part: bigint, bytes: Uint8Array, { quote, placeholder }: Dialect): Statement {
  const values: readonly SqlValue[] = [id, part, bytes];
  const places = values.map((_, index) => placeholder(index + 1)).join(', ');
  return { text: `insert into ${quote(streamTable)} ("id", "part", "bytes") values (${places})`, values };
}

/** Reads one part of a stream's content. */
export function selectPart(id: bigint, part: bigint, { quote, placeholder }: Dialect): Statement {
  const text = `select "bytes" from ${quote(streamTable)} where "id" = ${placeholder(1)} and "part" = ${placeholder(2)}`;
  return { text, values: [id, part] };
}
