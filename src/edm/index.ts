/** CSDL text in, one linked and immutable model out; and back. Refuses what is not valid CSDL, with file, line and column. */
export type * from './model.js';
export type { Value } from './value.js';
