/** CSDL text in, one linked and immutable model out; and back. Refuses what is not valid CSDL, with file, line and column. */

export type { ValueFacets } from './invalid.js';
export type * from './model.js';
export { parseValue, printValue, type Value, type ValueType } from './value.js';
