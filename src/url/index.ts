/**
 * URL text to syntax tree. In: path and query relative to the service root, undecoded. Out: the tree of `syntax.ts`.
 * Refused: what is not well-formed, unknown or repeated system query options, and what exceeds the limits. Knows no model.
 */
export type { UrlLimits } from './cursor.js';
export { parseAggregate, parseArgument, parseExpression, parseUrl } from './parse.js';
export { printSelect } from './print.js';
export type * from './syntax.js';
