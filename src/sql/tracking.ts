import { type Log, logColumns } from '../tables/index.js';
import type { Dialect } from './dialect.js';

/**
 * The statements that let a table's changes be recorded from now on, by whoever writes: a log with the row as it was before each
 * change, and the triggers that fill it. They stand before updates and deletions, so that what the database does itself as
 * a consequence is recorded behind its cause. SQLite 3.40's own shell understands them, too.
 */
export function createLog(log: Log, dialect: Dialect): readonly string[] {
  const { quote, columnType } = dialect;
  const [name, of] = [quote(log.name), quote(log.of)];
  const columns = [
    `${quote(logColumns.position)} integer primary key not null`,
    `${quote(logColumns.at)} integer not null`,
    `${quote(logColumns.change)} text not null`,
    ...log.columns.map((column) => `${quote(column.name)} ${columnType(column.codec)}`),
  ];
  const key = log.key.map((column) => quote(column.name)).join(', ');
  const moved = log.key.map((column) => `new.${quote(column.name)} is not old.${quote(column.name)}`).join(' or ');
  const trigger = (title: string, when: string, statement: string) =>
    `create trigger if not exists ${quote(`${log.name}:${title}`)} ${when} begin ${statement}; end`;
  return [
    `create table if not exists ${name} (\n  ${columns.join(',\n  ')}\n) strict`,
    `create index if not exists ${quote(`${log.name}:key`)} on ${name} (${key})`,
    trigger('insert', `after insert on ${of}`, record(log, 'insert', dialect)),
    trigger('update', `before update on ${of}`, record(log, 'update', dialect)),
    // A row with another key is another row: the one goes, the other comes.
    trigger('move', `before update of ${key} on ${of} when ${moved}`, record(log, 'insert', dialect)),
    trigger('delete', `before delete on ${of}`, record(log, 'delete', dialect)),
  ];
}

/** What was not there before has a key only. */
function record(log: Log, change: 'insert' | 'update' | 'delete', { quote }: Dialect): string {
  const [row, columns] = change === 'insert' ? (['new', log.key] as const) : (['old', log.columns] as const);
  const names = [logColumns.at, logColumns.change, ...columns.map((column) => column.name)].map(quote);
  const values = ['unixepoch()', `'${change}'`, ...columns.map((column) => `${row}.${quote(column.name)}`)];
  return `insert into ${quote(log.name)} (${names.join(', ')}) values (${values.join(', ')})`;
}

/** Removes what is older than `seconds`. The last record stays, so that positions never begin anew. */
export function pruneLog(name: string, seconds: number, { quote }: Dialect): string {
  const position = quote(logColumns.position);
  return `delete from ${quote(name)} where ${quote(logColumns.at)} < unixepoch() - ${Math.trunc(seconds)} and ${position} < (select max(${position}) from ${quote(name)})`;
}
