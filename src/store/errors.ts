import { ODataError } from '../errors.js';

/** A row with these values is there already. `columns` are the columns of the unique key, for the caller to name by properties. */
export class DuplicateKeyError extends ODataError {
  constructor(
    readonly table: string,
    readonly columns: readonly string[],
  ) {
    super('DuplicateKey', 'An entity with the same key exists already.');
  }
}

/** What better-sqlite3 throws. */
interface SqliteError extends Error {
  readonly code: string;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && error.name === 'SqliteError' && 'code' in error && typeof error.code === 'string';
}

/** True when another process holds the lock that a statement needs. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && (error.code.startsWith('SQLITE_BUSY') || error.code === 'SQLITE_LOCKED');
}

/** What may be told of a failed statement; the database's own words stay in `cause`, for the log. */
export function translateError(error: unknown): unknown {
  if (!isSqliteError(error))
    return error instanceof ODataError ? error : hidden('The database could not do this.', error);
  if (isBusy(error)) return caused(busy(), error);
  switch (error.code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
    case 'SQLITE_CONSTRAINT_ROWID':
      return caused(duplicate(error.message), error);
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
    case 'SQLITE_CONSTRAINT_TRIGGER':
      return caused(
        new ODataError('Conflict', 'The entity is related to one that does not exist, or others depend on it.'),
        error,
      );
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return caused(new ODataError('Conflict', 'A value that must be there would be missing.'), error);
    case 'SQLITE_TOOBIG':
      return caused(new ODataError('LimitExceeded', 'A value of the request is too large.'), error);
    case 'SQLITE_ERROR':
      return limit(error);
    default:
      return hidden('The database could not do this.', error);
  }
}

/** SQLite's own limits are the request's fault, not ours. */
function limit(error: SqliteError): ODataError {
  if (/too (large|many|deep|big)|parser stack overflow/i.test(error.message))
    return caused(
      new ODataError('LimitExceeded', 'The request is too complex; use fewer conditions or expansions.'),
      error,
    );
  if (/integer overflow/i.test(error.message))
    return caused(new ODataError('InvalidValue', 'A number of the request leaves the range of Edm.Int64.'), error);
  return hidden('The database refused a statement.', error);
}

function duplicate(message: string): ODataError {
  const names = message
    .slice(message.indexOf(':') + 1)
    .split(',')
    .map((name) => name.trim());
  const dot = names[0]?.indexOf('.') ?? -1;
  const table = names[0]?.slice(0, Math.max(dot, 0)) ?? '';
  return new DuplicateKeyError(
    table,
    names.map((name) => name.slice(table.length + 1)),
  );
}

function hidden(message: string, cause: unknown): ODataError {
  return caused(new ODataError('InternalError', message), cause);
}

function caused<T extends Error>(error: T, cause: unknown): T {
  error.cause = cause;
  return error;
}

/** Somebody else has the database for too long. */
export function busy(): ODataError {
  return new ODataError('ServiceUnavailable', 'The database is busy; try again.', null, {
    headers: { 'Retry-After': '1' },
  });
}
