/** Relations in, SQL text and values out, one dialect at a time. */
export type { SqlValue, Statement } from './statement.js';
