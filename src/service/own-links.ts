import { ODataError } from '../errors.js';
import type { Assignments, StoredValue } from '../plan/index.js';
import type { ColumnPair, Link, Table } from '../tables/index.js';
import { type Applying, type Manner, sameStored } from './applying.js';
import { inlineEntity, referenced } from './inline.js';
import { rowsWith, type StoredRow } from './locate.js';
import type { Relation } from './relation.js';

type ColumnLink = Extract<Link, { kind: 'columns' }>;

/** Columns of relationships that stand in the row itself, decided before it is written. */
export async function ownColumns(
  applying: Applying,
  relations: readonly Relation[],
  row: StoredRow | null,
  manner: Manner | 'insert',
): Promise<ReadonlyMap<string, StoredValue>> {
  const values = new Map<string, StoredValue>();
  for (const relation of relations) {
    const { link } = relation;
    if (link.kind !== 'columns' || link.writtenOn !== 'own') continue;
    const related = await relatedRow(applying, link, relation, manner);
    for (const pair of link.pairs) {
      const stored = related === null ? null : (related.values.get(pair.target.name) ?? null);
      if (row !== null) requireKeyStays(row, pair.own.name, stored, relation);
      values.set(pair.own.name, stored);
    }
  }
  return values;
}

/** A relationship that is part of the key cannot change (Protocol 11.4.6.3). */
function requireKeyStays(row: StoredRow, column: string, stored: StoredValue, { property, target }: Relation): void {
  const isKey =
    row.table.primaryKey.some(({ name }) => name === column) || row.table.key.some(({ name }) => name === column);
  if (!isKey || sameStored(row.values.get(column), stored)) return;
  throw new ODataError('MethodNotAllowed', `'${property.name}' is part of the key, so it cannot be changed.`, target, {
    headers: { Allow: 'GET, HEAD' },
  });
}

/** The row a single-valued relationship is to lead to; an inline entity is made first, or changed when its id or key names one. */
async function relatedRow(
  applying: Applying,
  link: ColumnLink,
  { property, change, target }: Relation,
  manner: Manner | 'insert',
): Promise<StoredRow | null> {
  switch (change.kind) {
    case 'null':
      if (!property.nullable) throw new ODataError('InvalidValue', `'${property.name}' cannot be null.`, target);
      return null;
    case 'bind': {
      const [reference] = change.references;
      return reference === undefined ? null : referenced(applying, reference, link.target);
    }
    case 'entity':
      return inlineEntity(applying, link.target, change.item, manner, new Map());
    case 'replace':
    case 'delta':
      throw new ODataError('TypeMismatch', `'${property.name}' is single-valued.`, target);
  }
}

/** The columns by which a new entity is related to `row` when they stand in the new one. */
export function foreignKey(link: ColumnLink, row: StoredRow): ReadonlyMap<string, StoredValue> {
  return new Map(link.pairs.map((pair) => [pair.target.name, row.values.get(pair.own.name) ?? null]));
}

/**
 * Dependent properties that are tied to properties of the principal which are no part of its key have that one's values
 * whenever the key does (Protocol 11.4.3). `values` are those about to be written, `row` what is there so far.
 */
export async function followPrincipals(
  applying: Applying,
  table: Table,
  values: Assignments,
  row: StoredRow | null,
): Promise<void> {
  for (const link of tiedLinks(table)) {
    const isKey = ({ target }: ColumnPair) => link.target.primaryKey.includes(target);
    const keys = link.pairs.filter(isKey);
    if (!keys.some((pair) => values.has(pair.own.name))) continue;
    const wanted = keys.map((pair) => [pair.target.name, storedIn(pair.own.name, values, row)] as const);
    const isNobody = wanted.some(([, stored]) => stored === null);
    const [principal] = isNobody ? [] : await rowsWith(link.target, new Map(wanted), applying.session);
    for (const pair of link.pairs)
      if (!isKey(pair)) values.set(pair.own.name, principal?.values.get(pair.target.name) ?? null);
  }
}

function storedIn(name: string, values: Assignments, row: StoredRow | null): StoredValue {
  return values.get(name) ?? (values.has(name) ? null : (row?.values.get(name) ?? null));
}

const tied = new WeakMap<Table, readonly ColumnLink[]>();

/** Links that hold more than the key of the principal. */
function tiedLinks(table: Table): readonly ColumnLink[] {
  const before = tied.get(table);
  if (before !== undefined) return before;
  const found = [...table.links.values()].filter(
    (link): link is ColumnLink =>
      link.kind === 'columns' &&
      link.writtenOn === 'own' &&
      link.pairs.some((pair) => !link.target.primaryKey.includes(pair.target)) &&
      link.pairs.some((pair) => link.target.primaryKey.includes(pair.target)),
  );
  tied.set(table, found);
  return found;
}
