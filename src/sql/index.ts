/** Relations in, SQL text and values out, one dialect at a time. */
export { compileReading, compileWriting } from './compile.js';
export {
  columnDefinition,
  createIndexes,
  createLinkIndex,
  createLinkTable,
  createStatements,
  createStreams,
  createTable,
  referenceClause,
} from './ddl.js';
export type { Dialect } from './dialect.js';
export {
  type FunctionContext,
  hashRow,
  type SqlAggregate,
  type SqlFunction,
  sqlAggregates,
  sqlFunctions,
} from './functions.js';
export { insertPart, nextNumber, selectPart } from './sequence.js';
export { sqlite } from './sqlite.js';
export type { SqlValue, Statement } from './statement.js';
export { createLog, pruneLog } from './tracking.js';
export { integrityTriggers, streamTable } from './triggers.js';
