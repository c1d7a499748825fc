import type { NavigationProperty } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type Assignments, call, columnOf, rowIs, type StoredValue, value, where } from '../plan/index.js';
import { compileReading, sqlite } from '../sql/index.js';
import type { Link } from '../tables/index.js';
import { type Applying, rowName, sameStored, typeOfRow, write } from './applying.js';
import { fetchRows, rowsWith, type StoredRow } from './locate.js';
import { foreignKey } from './own-links.js';
import { updateRow } from './update.js';

type ColumnLink = Extract<Link, { kind: 'columns' }>;
type TableLink = Extract<Link, { kind: 'linkTable' }>;

/** Adds one relationship; one that is there already stays. */
export async function connect(applying: Applying, row: StoredRow, link: Link, target: StoredRow): Promise<void> {
  applying.written.touch(row);
  if (link.kind === 'linkTable') {
    const columns = [...linkValues(link, row, target)].map(([name, stored]) => ({ name, value: value(stored) }));
    await write(applying, { kind: 'insert', table: link.name, ignore: true, columns });
    return;
  }
  if (isConnected(link, row, target)) return;
  const [written, other] = link.writtenOn === 'own' ? [row, target] : [target, row];
  const values: Assignments = new Map(
    link.pairs.map((pair) =>
      link.writtenOn === 'own'
        ? [pair.own.name, other.values.get(pair.target.name) ?? null]
        : [pair.target.name, other.values.get(pair.own.name) ?? null],
    ),
  );
  requireKeyStays(written, values);
  await updateRow(applying, written, typeOfRow(written), values);
}

/** A relationship that is part of the other entity's key cannot change (Protocol 11.4.6.3). */
function requireKeyStays(row: StoredRow, values: Assignments): void {
  const changed = row.table.key.some(
    ({ name }) => values.has(name) && !sameStored(values.get(name), row.values.get(name)),
  );
  if (changed)
    throw new ODataError(
      'Conflict',
      'This relationship is part of the key of the other entity, so it cannot be changed.',
    );
}

function isConnected(link: ColumnLink, row: StoredRow, target: StoredRow): boolean {
  return link.pairs.every((pair) => sameStored(row.values.get(pair.own.name), target.values.get(pair.target.name)));
}

function linkValues(link: TableLink, row: StoredRow, target: StoredRow | null): ReadonlyMap<string, StoredValue> {
  const source = link.sourcePairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null] as const);
  if (target === null) return new Map(source);
  const other = link.targetPairs.map((pair) => [pair.own.name, target.values.get(pair.target.name) ?? null] as const);
  return new Map([...source, ...other]);
}

/** Removes one relationship. Throws ReferenceNotFound when there is none between the two. */
export async function unlink(applying: Applying, row: StoredRow, link: Link, target: StoredRow): Promise<void> {
  applying.written.touch(row);
  const absent = new ODataError('ReferenceNotFound', 'The entities are not related, so there is nothing to remove.');
  if (link.kind === 'linkTable') {
    const where = rowIs('t', linkValues(link, row, target));
    const removed = await write(applying, { kind: 'delete', table: link.name, as: 't', where });
    if (removed === 0) throw absent;
    return;
  }
  if (!isConnected(link, row, target)) throw absent;
  const written = link.writtenOn === 'own' ? row : target;
  const columns = link.pairs.map((pair) => (link.writtenOn === 'own' ? pair.own.name : pair.target.name));
  requireOptional(written, columns);
  await updateRow(applying, written, typeOfRow(written), new Map(columns.map((name) => [name, null])));
}

/** What must be related cannot be left alone (CSDL 8.2): also not from the other side. */
function requireOptional(row: StoredRow, columns: readonly string[]): void {
  for (const [property, link] of row.table.links)
    if (
      link.kind === 'columns' &&
      link.writtenOn === 'own' &&
      !property.collection &&
      !property.nullable &&
      link.pairs.every((pair) => columns.includes(pair.own.name))
    )
      throw new ODataError('Conflict', `'${property.name}' must lead to an entity; relate it to another one instead.`);
}

/** Makes exactly these rows the related ones; those that are so already are not touched. */
export async function relink(
  applying: Applying,
  row: StoredRow,
  link: Link,
  property: NavigationProperty,
  wanted: readonly StoredRow[],
): Promise<void> {
  if (wanted.length === 0 && !property.collection && !property.nullable)
    throw new ODataError('InvalidValue', `'${property.name}' cannot be null.`, property.name);
  const present = await relatedRows(applying, row, link);
  const kept = new Set(wanted.map(rowName));
  const there = new Set(present.map(rowName));
  for (const other of present) if (!kept.has(rowName(other))) await unlink(applying, row, link, other);
  for (const other of wanted) if (!there.has(rowName(other))) await connect(applying, row, link, other);
}

/** Whether two rows are related now. */
export async function isRelated(applying: Applying, row: StoredRow, link: Link, target: StoredRow): Promise<boolean> {
  if (link.kind === 'columns') return isConnected(link, row, target);
  const [found] = await applying.session.all(
    compileReading(
      {
        kind: 'columns',
        rows: where({ kind: 'scan', table: link.name, as: 't0' }, [rowIs('t0', linkValues(link, row, target))]),
        columns: [value(1n)],
      },
      sqlite,
    ),
  );
  return found !== undefined;
}

/** The rows a relationship leads to now. */
export async function relatedRows(applying: Applying, row: StoredRow, link: Link): Promise<readonly StoredRow[]> {
  if (link.kind === 'columns') {
    const key = foreignKey(link, row);
    return [...key.values()].includes(null) ? [] : rowsWith(link.target, key, applying.session);
  }
  const [to, between] = ['t0', 't1'];
  const { target } = link;
  const rows = where(
    {
      kind: 'join',
      left: { kind: 'scan', table: target.name, as: to },
      right: { kind: 'scan', table: link.name, as: between },
      on: allEqual(link, to, between),
    },
    [rowIs(between, linkValues(link, row, null))],
  );
  return fetchRows(applying.session, target, {
    kind: 'columns',
    rows,
    columns: target.columns.map((column) => columnOf(to, column)),
  });
}

function allEqual(link: TableLink, to: string, between: string) {
  const operands = link.targetPairs.map((pair) => call('eq', columnOf(to, pair.target), columnOf(between, pair.own)));
  return { kind: 'junction', operator: 'and', operands } as const;
}
