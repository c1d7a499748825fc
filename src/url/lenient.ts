import type { Cursor } from './cursor.js';

/**
 * What the parser accepts though the standard does not ask for it, because clients in the field send it.
 * `strict` in the limits switches the whole list off.
 */
export const leniencies = [
  'number suffixes 5L 5f 5m 5d',
  'type names in quotes in cast and isof',
  'trailing slash',
] as const;

const suffix = /[LlFfMmDd](?![\w.])/y;
const quotedType = /'([\p{L}_][\p{L}\p{N}_.()]*)'/uy;

/** Passes over the suffix of a number written for OData 2 or 3. */
export function numberSuffix(input: Cursor): void {
  if (!input.budget.limits.strict) input.match(suffix);
}

/** A type name in quotes, or null. */
export function typeInQuotes(input: Cursor): string | null {
  if (input.budget.limits.strict) return null;
  return input.match(quotedType)?.slice(1, -1) ?? null;
}
