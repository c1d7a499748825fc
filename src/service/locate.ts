import { bindUrl, type Resource, type Step } from '../bind/index.js';
import type { EntitySet, EntityType, NavigationProperty, Property, Singleton, Value } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  call,
  columnOf,
  planner,
  planPath,
  type Reading,
  type Restriction,
  type StoredValue,
  value,
  where,
} from '../plan/index.js';
import { type ODataRequest, writeETag } from '../protocol/index.js';
import { compileReading, hashRow, sqlite } from '../sql/index.js';
import type { Session } from '../store/index.js';
import { type Column, encode, type Layout, type Table } from '../tables/index.js';
import { parseUrl } from '../url/index.js';
import type { Engine } from './service.js';

/** One row as it is stored: its table and every column's value. */
export interface StoredRow {
  readonly table: Table;
  readonly values: ReadonlyMap<string, StoredValue>;
}

/** The committed state as a session that only reads. */
export function readingSession({ store }: Engine): Session {
  return {
    all: (statement) => store.read(statement),
    run: async () => {
      throw new ODataError('InternalError', 'A reading does not write.');
    },
  };
}

/** The rows of one table that meet the reading, with all their columns. */
export async function fetchRows(session: Session, table: Table, reading: Reading): Promise<readonly StoredRow[]> {
  const rows = await session.all(compileReading(reading, sqlite));
  return rows.map((row) => ({
    table,
    values: new Map(table.columns.map((column, index) => [column.name, row[index] ?? null])),
  }));
}

/** The row a path to a single entity leads to; null when there is none. */
export async function locate(
  resource: Resource,
  engine: Engine,
  session: Session,
  restriction: Restriction,
): Promise<StoredRow | null> {
  const target = planPath(resource, planner(engine.layout, restriction));
  if (target.item.kind !== 'row') throw new ODataError('NotImplemented', 'This resource cannot be changed.');
  const { table, as } = target.item;
  const [row] = await fetchRows(session, table, {
    kind: 'columns',
    rows: target.rows,
    columns: table.columns.map((column) => columnOf(as, column)),
  });
  return row ?? null;
}

/** The rows of a table whose columns have these values. */
export async function rowsWith(
  table: Table,
  values: ReadonlyMap<string, StoredValue>,
  session: Session,
): Promise<readonly StoredRow[]> {
  const as = 't0';
  const conditions = [...values].map(([name, stored]) => call('is', columnOf(as, name), value(stored)));
  return fetchRows(session, table, {
    kind: 'columns',
    rows: where({ kind: 'scan', table: table.name, as }, conditions),
    columns: table.columns.map((column) => columnOf(as, column)),
  });
}

/** The columns that name a row, with its values. */
export function identity(row: StoredRow): ReadonlyMap<string, StoredValue> {
  return pick(row.table.primaryKey, row.values);
}

/** The values of some columns. */
export function pick(
  columns: readonly Column[],
  values: ReadonlyMap<string, StoredValue>,
): ReadonlyMap<string, StoredValue> {
  return new Map(columns.map((column) => [column.name, values.get(column.name) ?? null]));
}

/** Key values of a body or reference as columns of the table. */
export function keyColumns(table: Table, key: ReadonlyMap<Property, Value>): ReadonlyMap<string, StoredValue> {
  const columns = new Map<string, StoredValue>();
  for (const [index, part] of table.type.key.entries()) {
    const column = table.key[index];
    const property = part.properties.at(-1);
    const given = property === undefined ? undefined : key.get(property);
    if (column !== undefined && given !== undefined) columns.set(column.name, encode(column.codec, given));
  }
  return columns;
}

/** The resource without its last step, and that step: where a new entity hangs (Protocol 11.4.2). */
export function parentOf(resource: Resource): { readonly parent: Resource; readonly step: Step } {
  const steps = resource.steps.slice(0, -1);
  const step = resource.steps.at(-1);
  if (step === undefined) throw new ODataError('NotImplemented', 'Nothing can be created here.');
  return { parent: { ...resource, kind: 'entity', collection: false, steps }, step };
}

/** What relative references are relative to: the service root, else the URL of the request (JSON 4.3). */
export type Origin = Pick<ODataRequest, 'base' | 'url'>;

/**
 * The entity a reference in a body or `$ref` means (Protocol 4.1): a URL of this service, absolute or relative.
 * Throws ReferenceNotFound when it is not one, or not of the type wanted.
 */
export async function resolveReference(
  reference: { readonly url: string; readonly target: string },
  wanted: EntityType | null,
  origin: Origin,
  engine: Engine,
  session: Session,
  restriction: Restriction,
): Promise<StoredRow> {
  const row = await locate(referenceTarget(reference, wanted, origin, engine), engine, session, restriction);
  if (row !== null) return row;
  throw new ODataError('ReferenceNotFound', `'${reference.url}' does not exist.`, reference.target);
}

/** The path that a reference is, to one entity of a type that can be a `wanted` one. Throws ReferenceNotFound. */
export function referenceTarget(
  reference: { readonly url: string; readonly target: string },
  wanted: EntityType | null,
  origin: Origin,
  engine: Engine,
): Resource {
  const wrong = (what: string) =>
    new ODataError('ReferenceNotFound', `'${reference.url.slice(0, 300)}' ${what}.`, reference.target);
  const relative = relativeUrl(reference.url, origin.base);
  if (relative === null) throw wrong('is not a URL of this service');
  const resource = boundReference(relative, engine) ?? boundReference(besideRequest(reference.url, origin), engine);
  if (resource === null) throw wrong('does not name an entity');
  if (resource.kind !== 'entity' || resource.type?.kind !== 'entity') throw wrong('does not name an entity');
  if (
    wanted !== null &&
    resource.type !== wanted &&
    !wanted.derivedTypes.includes(resource.type) &&
    !resource.type.derivedTypes.includes(wanted)
  )
    throw wrong(`is not a ${wanted.qualifiedName}`);
  return resource;
}

function boundReference(relative: string | null, engine: Engine): Resource | null {
  if (relative === null) return null;
  try {
    return bindUrl(parseUrl(relative), engine.model).resource;
  } catch (error) {
    if (error instanceof ODataError && error.status < 500) return null;
    throw error;
  }
}

/** A relative URL as it stands beside the last segment of the request's; null where that is the root, or leads out of it. */
function besideRequest(relative: string, { base, url }: Origin): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\//i.test(relative)) return null;
  const path = url.split('?', 1)[0] ?? '';
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  if (!relative.startsWith('.')) return folder === '' ? null : folder + relative;
  return relativeUrl(new URL(relative, base + path).href, base);
}

/** The part behind the service root; null for URLs of other services. */
export function relativeUrl(url: string, base: string): string | null {
  if (url.startsWith(base)) return url.slice(base.length);
  const path = new URL(base).pathname;
  if (url.startsWith('/')) return url.startsWith(path) ? url.slice(path.length) : null;
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? null : url;
}

/** The table of a set, singleton or contained navigation property. Throws NotImplemented when nothing is stored for it. */
export function tableOf(source: EntitySet | Singleton | NavigationProperty, layout: Layout): Table {
  const table = layout.tableOf(source);
  if (table === undefined) throw new ODataError('NotImplemented', `'${source.name}' is not stored.`, source.name);
  return table;
}

/** The ETag of a stored row, as planning writes it; null for a table without versions. */
export function etagOfRow(row: StoredRow): string | null {
  const { version, etag } = row.table;
  if (etag !== null) return writeETag(String(hashRow(...etag.map(({ name }) => row.values.get(name) ?? null))));
  return version === null ? null : writeETag(String(row.values.get(version.name) ?? 0n));
}

/** The error for a path whose names are right and whose entity is not there. */
export function notFound(url: string): ODataError {
  return new ODataError('ResourceNotFound', `There is no resource at '${decoded(url.split('?', 1)[0] ?? '')}'.`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
