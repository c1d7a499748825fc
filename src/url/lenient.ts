import type { Budget, Cursor } from './cursor.js';

/**
 * What the parser accepts though the standard does not ask for it, because clients in the field send it.
 * `strict` in the limits switches the whole list off.
 */
export const leniencies = [
  'number suffixes 5L 5f 5m 5d',
  'type names in quotes in cast and isof',
  'a slash at the end of the path',
  'transformations of $apply in any letter case',
] as const;

const suffix = /[LlFfMmDd](?![\w.])/y;
const quotedType = /'([\p{L}_][\p{L}\p{N}_.()]*)'/uy;

/** Passes over the suffix of a number written for OData 2 or 3. */
export function numberSuffix(input: Cursor): void {
  if (!input.budget.limits.strict) input.match(suffix);
}

/** A type name in quotes, or null. */
export function typeInQuotes(input: Cursor): string | null {
  if (input.code !== 39 || input.budget.limits.strict) return null;
  return input.match(quotedType)?.slice(1, -1) ?? null;
}

/** Whether the path ends in a slash that is overlooked. */
export function trailingSlash(path: string, budget: Budget): boolean {
  return path.endsWith('/') && !budget.limits.strict;
}

/** The name of a transformation as the standard writes it. */
export function transformationName(written: string, budget: Budget): string {
  return budget.limits.strict ? written : written.toLowerCase();
}
