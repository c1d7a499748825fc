import type { NavigationProperty } from '../edm/index.js';
import type { Column, ColumnPair, Layout, Link, Table } from '../tables/index.js';
import type { Dialect } from './dialect.js';

type LinkTable = Layout['linkTables'][number];
type ColumnLink = Extract<Link, { kind: 'columns' }>;

/**
 * What the database keeps true by itself, whoever writes to it: the versions of entities whose links change (Protocol
 * 11.4.1.1), what goes when its principal goes and no foreign key can say so (CSDL 8.6), dependent properties that follow
 * a principal property which is no key (Protocol 11.4.3), and stream contents nobody refers to any more.
 */
export function integrityTriggers(layout: Layout, dialect: Dialect): readonly string[] {
  return [
    ...layout.tables.flatMap((table) => [
      ...hangingTriggers(table, dialect),
      ...linkTriggers(table, dialect),
      ...streamTriggers(table, dialect),
    ]),
    ...layout.linkTables.flatMap((table) => betweenTriggers(table, layout, dialect)),
  ];
}

/** Names are made of what a trigger is for; they begin with `@`, so that all of ours can be found again. */
function trigger(name: string, when: string, body: readonly string[], { quote }: Dialect): string {
  return `create trigger ${quote(`@${name}`)} ${when} begin ${body.map((statement) => `${statement};`).join(' ')} end`;
}

/** Where rows of several tables may be parents no foreign key can say so: each parent's table removes what hangs on its rows. */
function hangingTriggers(table: Table, dialect: Dialect): readonly string[] {
  const parents = table.parent?.tables ?? [];
  const pairs = table.parent?.pairs ?? [];
  if (parents.length < 2) return [];
  return parents.map((parent) =>
    trigger(
      `delete:${parent.name}/${table.name}`,
      `after delete on ${dialect.quote(parent.name)}`,
      [`delete from ${dialect.quote(table.name)} where ${equal(pairs, 'old', dialect)}`],
      dialect,
    ),
  );
}

/** The columns of relationships that stand in the table itself; what contains it is no relationship here. */
function ownLinks(table: Table): readonly (readonly [NavigationProperty, ColumnLink])[] {
  const parent = table.parent?.pairs[0]?.own;
  return [...table.links].flatMap(([navigation, link]) =>
    link.kind === 'columns' && link.writtenOn === 'own' && link.pairs[0]?.own !== parent
      ? [[navigation, link] as const]
      : [],
  );
}

function linkTriggers(table: Table, dialect: Dialect): readonly string[] {
  return [
    ...foreignLinks(table).flatMap((link) => versionTriggers(table, link, dialect)),
    ...ownLinks(table).flatMap(([navigation, link]) => [
      ...followTriggers(table, navigation, link, dialect),
      ...(navigation.onDelete === 'Cascade' ? [takenAlong(table, navigation, link, dialect)] : []),
    ]),
  ];
}

/** Own links, and those that only the other side has a navigation property for; each set of columns once. */
function foreignLinks(table: Table): readonly ColumnLink[] {
  const found = new Map<string, ColumnLink>();
  const add = (link: ColumnLink) => found.set(link.pairs.map(({ own }) => own.name).join(), link);
  for (const { target, pairs } of table.foreignKeys) add({ kind: 'columns', target, pairs, writtenOn: 'own' });
  for (const [, link] of ownLinks(table)) add(link);
  return [...found.values()];
}

/** When columns of a relationship change, also by what the database does itself, both ends get another version. */
function versionTriggers(table: Table, link: ColumnLink, dialect: Dialect): readonly string[] {
  const { quote } = dialect;
  const columns = link.pairs.map((pair) => pair.own);
  const list = columns.map((column) => quote(column.name)).join(', ');
  const changed = columns.map(({ name }) => `new.${quote(name)} is not old.${quote(name)}`).join(' or ');
  const id = `${table.name}:${columns.map((column) => column.name).join(',')}`;
  const on = quote(table.name);
  const made: string[] = [];
  if (table.version !== null) {
    const version = quote(table.version.name);
    made.push(
      trigger(
        `version:${id}`,
        `after update of ${list} on ${on} when (${changed}) and new.${version} is old.${version}`,
        [
          bump(
            table,
            table.primaryKey.map((column) => ({ own: column, target: column })),
            'new',
            dialect,
          ),
        ],
        dialect,
      ),
    );
  }
  if (link.target.version === null || !isSeenFrom(link.target, table, columns)) return made;
  const pairs = link.pairs.map(turned);
  const after = bump(link.target, pairs, 'new', dialect);
  const before = bump(link.target, pairs, 'old', dialect);
  return [
    ...made,
    trigger(`linked:${id}`, `after insert on ${on}`, [after], dialect),
    trigger(`relinked:${id}`, `after update of ${list} on ${on} when ${changed}`, [before, after], dialect),
    trigger(`unlinked:${id}`, `after delete on ${on}`, [before], dialect),
  ];
}

/** True when the target has a navigation property over these columns, so that they are links of its own, too. */
function isSeenFrom(target: Table, table: Table, columns: readonly Column[]): boolean {
  return [...target.links.values()].some(
    (link) =>
      link.kind === 'columns' &&
      link.writtenOn === 'target' &&
      link.target === table &&
      link.pairs.every((pair) => columns.includes(pair.target)),
  );
}

/** `own`: a column of the table; `target`: the column of the row the trigger stands on. */
function bump(table: Table, pairs: readonly ColumnPair[], row: 'old' | 'new', dialect: Dialect): string {
  const { quote } = dialect;
  const version = quote(table.version?.name ?? '');
  return `update ${quote(table.name)} set ${version} = ${version} + 1 where ${equal(pairs, row, dialect)}`;
}

function equal(pairs: readonly ColumnPair[], row: 'old' | 'new', { quote }: Dialect): string {
  return pairs.map(({ own, target }) => `${quote(own.name)} = ${row}.${quote(target.name)}`).join(' and ');
}

const turned = (pair: ColumnPair): ColumnPair => ({ own: pair.target, target: pair.own });

/** A dependent property tied to a principal property that is no key follows it (Protocol 11.4.3). */
function followTriggers(
  table: Table,
  navigation: NavigationProperty,
  { pairs, target }: ColumnLink,
  dialect: Dialect,
): readonly string[] {
  const { quote } = dialect;
  const following = pairs.filter((pair) => !target.primaryKey.includes(pair.target));
  if (following.length === 0) return [];
  const list = following.map((pair) => quote(pair.target.name));
  const changed = list.map((name) => `new.${name} is not old.${name}`).join(' or ');
  const sets = following.map((pair) => `${quote(pair.own.name)} = new.${quote(pair.target.name)}`).join(', ');
  return [
    trigger(
      `follow:${table.name}/${navigation.name}`,
      `after update of ${list.join(', ')} on ${quote(target.name)} when ${changed}`,
      [`update ${quote(table.name)} set ${sets} where ${equal(pairs, 'old', dialect)}`],
      dialect,
    ),
  ];
}

/** `OnDelete` Cascade where the columns stand in the row that goes: what it led to goes with it (CSDL 8.6). */
function takenAlong(table: Table, navigation: NavigationProperty, link: ColumnLink, dialect: Dialect): string {
  return trigger(
    `cascade:${table.name}/${navigation.name}`,
    `after delete on ${dialect.quote(table.name)}`,
    [`delete from ${dialect.quote(link.target.name)} where ${equal(link.pairs.map(turned), 'old', dialect)}`],
    dialect,
  );
}

/** A link that comes or goes gives both ends another version; `OnDelete` of a many-to-many relationship (CSDL 8.6). */
function betweenTriggers(between: LinkTable, layout: Layout, dialect: Dialect): readonly string[] {
  const on = dialect.quote(between.name);
  const ends = [
    { table: between.source, pairs: between.sourcePairs },
    { table: between.target, pairs: between.targetPairs.map(turned) },
  ].filter(({ table }) => table.version !== null && usesLinkTable(table, between));
  const bumps = (row: 'old' | 'new') => ends.map(({ table, pairs }) => bump(table, pairs, row, dialect));
  const versions =
    ends.length === 0
      ? []
      : [
          trigger(`linked:${between.name}`, `after insert on ${on}`, bumps('new'), dialect),
          trigger(`unlinked:${between.name}`, `after delete on ${on}`, bumps('old'), dialect),
        ];
  return [
    ...versions,
    ...layout.tables.flatMap((table) =>
      [...table.links].flatMap(([navigation, link]) =>
        link.kind === 'linkTable' && link.name === between.name ? onDelete(table, navigation, link, dialect) : [],
      ),
    ),
  ];
}

function usesLinkTable(table: Table, between: LinkTable): boolean {
  return [...table.links.values()].some((link) => link.kind === 'linkTable' && link.name === between.name);
}

function onDelete(
  table: Table,
  navigation: NavigationProperty,
  link: Extract<Link, { kind: 'linkTable' }>,
  dialect: Dialect,
): readonly string[] {
  const { quote } = dialect;
  const name = `${table.name}/${navigation.name}`;
  const before = `before delete on ${quote(table.name)}`;
  const mine = equal(link.sourcePairs.map(turned), 'old', dialect);
  if (navigation.onDelete === 'None')
    return [
      trigger(
        `keep:${name}`,
        before,
        [`select raise(abort, 'dependents') where exists (select 1 from ${quote(link.name)} where ${mine})`],
        dialect,
      ),
    ];
  if (navigation.onDelete !== 'Cascade') return [];
  const target = quote(link.target.name);
  const theirs = link.targetPairs.map((pair) => `l.${quote(pair.own.name)} = ${target}.${quote(pair.target.name)}`);
  const reached = `exists (select 1 from ${quote(link.name)} as l where ${[mine, ...theirs].join(' and ')})`;
  return [trigger(`cascade:${name}`, before, [`delete from ${target} where ${reached}`], dialect)];
}

/** The table of stream contents, cut into parts. */
export const streamTable = '@stream';

/** The content of a stream goes with the row, and with the reference to it. */
function streamTriggers(table: Table, dialect: Dialect): readonly string[] {
  const { quote } = dialect;
  return table.streams.flatMap((column) => {
    const name = quote(column.name);
    const remove = `delete from ${quote(streamTable)} where "id" = json_extract(old.${name}, '$.id')`;
    const changed = `json_extract(old.${name}, '$.id') is not json_extract(new.${name}, '$.id')`;
    return [
      trigger(`stream:${table.name}.${column.name}`, `after delete on ${quote(table.name)}`, [remove], dialect),
      trigger(
        `restream:${table.name}.${column.name}`,
        `after update of ${name} on ${quote(table.name)} when ${changed}`,
        [remove],
        dialect,
      ),
    ];
  });
}
