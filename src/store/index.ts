/**
 * Statements in, rows out; transactions one at a time. Refuses what breaks a key or a relationship (DuplicateKey, Conflict),
 * what takes too long (QueryTimeout) and what would have to wait too long (ServiceUnavailable).
 */
export { type AnswerKey, Answers, type KeptAnswer } from './answers.js';
export { DuplicateKeyError } from './errors.js';
export { databaseKey, type Preparation, prepareDatabase, recordedNames } from './prepare.js';
export { Queue } from './queue.js';
export { openSqlite, type SqliteOptions, type SqliteStore } from './sqlite.js';
export type { ReadOptions, Row, Session, Store } from './store.js';
export { Tracking } from './tracking.js';
