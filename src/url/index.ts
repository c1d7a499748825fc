/**
 * URL text to syntax tree. In: path and query relative to the service root, undecoded. Out: the tree of `syntax.ts`.
 * The same for context URLs. Refused: what is not well-formed, unknown or repeated system query options, and what exceeds the limits. Knows no model.
 */
export { parseContext } from './context.js';
export type { UrlLimits } from './cursor.js';
export { parseAggregate, parseArgument, parseExpression, parseUrl } from './parse.js';
export { printContext, printSelect, printUrl } from './print.js';
export { printExpression } from './print-expression.js';
export type * from './syntax.js';
