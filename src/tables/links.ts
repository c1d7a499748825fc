import type {
  EntitySet,
  EntityType,
  Model,
  NavigationProperty,
  NavigationPropertyBinding,
  Property,
  Singleton,
  StructuredType,
} from '../edm/index.js';
import { annotationOf, stringValue } from '../edm/index.js';
import { addColumn, allNavigation, allProperties, columnAt, propertiesOf, type TableBuilder } from './builder.js';
import { addIndex } from './indexes.js';
import type { Column, ColumnPair, FlattenedStorage, ForeignKey, Layout, Link, Storage } from './layout.js';
import type { Names } from './names.js';

type Source = EntitySet | Singleton | NavigationProperty;
type LinkTable = Layout['linkTables'][number];

/** A navigation property as it stands in a table: directly, or in a complex value spread over its columns. */
interface Slot {
  readonly table: TableBuilder;
  readonly path: readonly Property[];
  readonly navigation: NavigationProperty;
  /** Where its link is to be entered. */
  readonly links: Map<NavigationProperty, Link>;
}

/** Gives every navigation property its link; those that are neither contained nor bound lead nowhere and get none. */
export function addLinks(tables: ReadonlyMap<Source, TableBuilder>, model: Model, names: Names): readonly LinkTable[] {
  const linking = new Linking(tables, model, names);
  const slots = [...tables.values()].flatMap((table) => slotsOf(table));
  for (const slot of slots) {
    const link = linking.link(slot);
    if (link !== null) slot.links.set(slot.navigation, link);
  }
  return linking.linkTables;
}

function slotsOf(table: TableBuilder): readonly Slot[] {
  const own = allNavigation(table.type).map((navigation) => ({ table, path: [], navigation, links: table.links }));
  return [...own, ...nestedSlots(table, table.storage, [])];
}

function nestedSlots(
  table: TableBuilder,
  members: ReadonlyMap<Property, Storage>,
  path: readonly Property[],
): readonly Slot[] {
  return [...members].flatMap(([property, storage]) => {
    if (storage.kind !== 'flattened') return [];
    const inner = [...path, property];
    const links = mutableLinks(storage);
    const own = [...storage.type.navigationProperties.values()].map((navigation) => ({
      table,
      path: inner,
      navigation,
      links,
    }));
    return [...own, ...nestedSlots(table, storage.members, inner)];
  });
}

/** Made as a Map by the builder; to everybody else it is read-only. */
function mutableLinks(storage: FlattenedStorage): Map<NavigationProperty, Link> {
  return storage.links as Map<NavigationProperty, Link>;
}

class Linking {
  readonly linkTables: LinkTable[] = [];
  private readonly targets: ReadonlyMap<string, TableBuilder>;
  private readonly hidden = new Map<string, readonly ColumnPair[]>();
  private readonly between = new Map<string, LinkTable>();

  constructor(
    private readonly tables: ReadonlyMap<Source, TableBuilder>,
    model: Model,
    private readonly names: Names,
  ) {
    this.targets = boundTargets(tables, model);
  }

  link(slot: Slot): Link | null {
    const { table, navigation } = slot;
    if (navigation.containsTarget) return this.contained(slot);
    const partner = partnerOf(navigation);
    if (partner !== null && partner === table.parent?.navigation) return toParent(table);
    const target = this.targets.get(slotKey(slot));
    return target === undefined ? null : this.related(slot, target, partner);
  }

  private contained({ table, navigation }: Slot): Link | null {
    const target = this.tables.get(navigation);
    if (target?.parent?.tables.includes(table) !== true) return null;
    const pairs = target.parent.pairs.map((pair) => ({ own: pair.target, target: pair.own }));
    return { kind: 'columns', target, pairs, writtenOn: 'target' };
  }

  private related(slot: Slot, target: TableBuilder, partner: NavigationProperty | null): Link {
    const { table, navigation } = slot;
    const own = constraintPairs(table, slot.path, navigation, target);
    if (own !== null) return this.own(slot, target, own, partner);
    const back = partner === null ? null : this.targets.get(slotKey({ table: target, path: [], navigation: partner }));
    const other = back === undefined || back === table ? partner : null;
    const theirs = other === null ? null : constraintPairs(target, [], other, table);
    if (theirs !== null) return { kind: 'columns', target, pairs: theirs.map(turned), writtenOn: 'target' };
    if (!navigation.collection && !this.heldByOther(slot, target, other))
      return this.own(slot, target, this.foreignKey(slot, target, other), other);
    if (other === null || other.collection) return this.manyToMany(slot, target, other);
    const pairs = this.foreignKey(
      { table: target, path: [], navigation: other, links: target.links },
      table,
      navigation,
    );
    return { kind: 'columns', target, pairs: pairs.map(turned), writtenOn: 'target' };
  }

  /** Of two single-valued partners the one that must have a target holds the columns, else the first by name. */
  private heldByOther(slot: Slot, target: TableBuilder, other: NavigationProperty | null): boolean {
    if (other === null || other.collection || (other === slot.navigation && target === slot.table)) return false;
    if (other.nullable !== slot.navigation.nullable) return slot.navigation.nullable;
    const name = (table: TableBuilder, navigation: NavigationProperty) => `${table.identity}/${navigation.name}`;
    return name(target, other) < name(slot.table, slot.navigation);
  }

  private own(
    slot: Slot,
    target: TableBuilder,
    pairs: readonly ColumnPair[],
    partner: NavigationProperty | null,
  ): Link {
    const { table } = slot;
    const tied = pairs.filter((pair) => target.primaryKey.includes(pair.target));
    if (refersToKey(tied, target) && !table.foreignKeys.some((known) => samePairs(known.pairs, tied)))
      table.foreignKeys.push({ target, pairs: tied, onDelete: onDelete(table, slot.navigation, tied, partner) });
    return { kind: 'columns', target, pairs, writtenOn: 'own' };
  }

  /** The hidden columns `@<navigation>_<key>` for a relationship that the model gives no columns. */
  private foreignKey(slot: Slot, target: TableBuilder, partner: NavigationProperty | null): readonly ColumnPair[] {
    const key = slotKey(slot);
    const known = this.hidden.get(key);
    if (known !== undefined) return known;
    const { table, navigation } = slot;
    const prefix = [...slot.path, navigation].map((part) => part.name).join('_');
    const pairs = target.primaryKey.map((column) => {
      const wanted = `@${prefix}_${column.name.replace('@', '')}`;
      const own = addColumn(
        table,
        `${key.slice(key.indexOf('#') + 1)}/${column.name}`,
        wanted,
        { codec: column.codec, nullable: true },
        this.names,
      );
      return { own, target: column };
    });
    this.hidden.set(key, pairs);
    if (!table.foreignKeys.some((found) => samePairs(found.pairs, pairs)))
      table.foreignKeys.push({ target, pairs, onDelete: onDelete(table, navigation, pairs, partner) });
    if (partner !== null && !partner.collection && partner !== navigation)
      addIndex(
        table,
        pairs.map((pair) => pair.own),
        true,
        this.names,
      );
    return pairs;
  }

  private manyToMany(slot: Slot, target: TableBuilder, partner: NavigationProperty | null): Link {
    const key = slotKey(slot);
    const shared =
      partner === null ? undefined : this.between.get(slotKey({ table: target, path: [], navigation: partner }));
    if (shared !== undefined && shared.source === target && shared.target === slot.table)
      return {
        kind: 'linkTable',
        target,
        name: shared.name,
        sourcePairs: shared.targetPairs.map(turned),
        targetPairs: shared.sourcePairs.map(turned),
      };
    const made = this.linkTable(slot, target, key);
    this.between.set(key, made);
    this.linkTables.push(made);
    return { kind: 'linkTable', target, name: made.name, sourcePairs: made.sourcePairs, targetPairs: made.targetPairs };
  }

  private linkTable(slot: Slot, target: TableBuilder, identity: string): LinkTable {
    const { table, navigation } = slot;
    const wanted = `@${table.name}_${[...slot.path, navigation].map((part) => part.name).join('_')}`;
    const name = this.names.choose(
      `#${identity.replaceAll('#', '/')}`,
      stringValue(annotationOf(navigation, 'Edmund.V1.Table')) ?? wanted,
    );
    const column = (side: string, to: Column): Column => ({
      name: this.names.choose(
        `${identity.replaceAll('#', '/')}#${side}/${to.name}`,
        `${side}_${to.name.replace('@', '')}`,
      ),
      codec: to.codec,
      nullable: false,
    });
    const sourcePairs = table.primaryKey.map((own) => ({ own, target: column('source', own) }));
    const targetPairs = target.primaryKey.map((to) => ({ own: column('target', to), target: to }));
    const columns = [...sourcePairs.map((pair) => pair.target), ...targetPairs.map((pair) => pair.own)];
    return { name, columns, source: table, sourcePairs, target, targetPairs };
  }
}

const turned = (pair: ColumnPair): ColumnPair => ({ own: pair.target, target: pair.own });

function slotKey({ table, path, navigation }: Pick<Slot, 'table' | 'path' | 'navigation'>): string {
  const names = [...path, navigation].map((part) => `${part.declaringType.qualifiedName}.${part.name}`);
  return `${table.identity}#@${names.join('/')}`;
}

/** From what is contained back to what contains it: needs no binding (CSDL 8.4). */
function toParent(table: TableBuilder): Link | null {
  const [parent, other] = table.parent?.tables ?? [];
  if (parent === undefined || other !== undefined || table.parent === null) return null;
  return { kind: 'columns', target: parent, pairs: table.parent.pairs, writtenOn: 'own' };
}

/** The partner, or the navigation property that names this one as its partner (CSDL 8.3). */
function partnerOf(navigation: NavigationProperty): NavigationProperty | null {
  if (navigation.partner !== null) return navigation.partner;
  if (navigation.type.kind !== 'entity') return null;
  return allNavigation(navigation.type).find((candidate) => candidate.partner === navigation) ?? null;
}

/** The columns of referential constraints (CSDL 8.5); null when there are none, or they are not columns. */
function constraintPairs(
  table: TableBuilder,
  path: readonly Property[],
  navigation: NavigationProperty,
  target: TableBuilder,
): readonly ColumnPair[] | null {
  const { referentialConstraints } = navigation;
  if (referentialConstraints.length === 0) return null;
  const pairs: ColumnPair[] = [];
  for (const { property, referencedProperty } of referentialConstraints) {
    const own = columnAt(table, [...path, ...propertiesOf(navigation.declaringType, property)]);
    const to = columnAt(target, propertiesOf(target.type, referencedProperty));
    if (own === null || to === null) return null;
    pairs.push({ own, target: to });
  }
  return pairs;
}

function samePairs(a: readonly ColumnPair[], b: readonly ColumnPair[]): boolean {
  return (
    a.length === b.length && a.every((pair, index) => pair.own === b[index]?.own && pair.target === b[index]?.target)
  );
}

/** SQLite's foreign keys refer to a whole key and compare stored values: the codecs must be the same. */
function refersToKey(pairs: readonly ColumnPair[], target: TableBuilder): boolean {
  const { primaryKey } = target;
  return (
    pairs.length === primaryKey.length &&
    primaryKey.every((column) =>
      pairs.some(
        (pair) =>
          pair.target === column && JSON.stringify(codecOfPair(pair.own)) === JSON.stringify(codecOfPair(column)),
      ),
    )
  );
}

function codecOfPair({ codec }: Column): unknown {
  return codec.kind === 'enum' ? codec.type.qualifiedName : { ...codec, wide: undefined };
}

/** What happens to the row when the other one goes (CSDL 8.6: OnDelete stands on the side whose entity is deleted). */
function onDelete(
  table: TableBuilder,
  navigation: NavigationProperty,
  pairs: readonly ColumnPair[],
  partner: NavigationProperty | null,
): ForeignKey['onDelete'] {
  if (pairs.some((pair) => table.key.includes(pair.own))) return 'cascade'; // Protocol 11.4.5: the key would be gone
  switch (partner?.onDelete) {
    case 'Cascade':
      return 'cascade';
    case 'None':
      return 'no action';
    case 'SetNull':
      return 'set null';
    case 'SetDefault':
      return 'set default';
    case undefined:
    case null:
      return navigation.nullable && pairs.every((pair) => pair.own.nullable) ? 'set null' : 'no action';
  }
}

/** Which table each bound navigation property leads to (CSDL 13.4), by slot. */
function boundTargets(tables: ReadonlyMap<Source, TableBuilder>, model: Model): ReadonlyMap<string, TableBuilder> {
  const found = new Map<string, TableBuilder>();
  for (const [source, table] of tables) {
    if (source.kind === 'navigationProperty') continue;
    for (const binding of source.bindings) {
      const target = binding.targetSet === null ? targetOf(binding, tables, model) : tables.get(binding.targetSet);
      const slot = target === undefined ? null : slotAt(table, binding.path, tables, model);
      if (slot !== null && target !== undefined && !found.has(slot)) found.set(slot, target);
    }
  }
  return found;
}

/** A target within a containment: `Orders/Items`, perhaps led by the container's name. */
function targetOf(
  binding: NavigationPropertyBinding,
  tables: ReadonlyMap<Source, TableBuilder>,
  model: Model,
): TableBuilder | undefined {
  const segments = binding.target.split('/');
  const from = segments.findIndex((segment) => model.container?.children.has(segment));
  const child = model.container?.children.get(segments[from] ?? '');
  if (child?.kind !== 'entitySet' && child?.kind !== 'singleton') return undefined;
  let table = tables.get(child);
  for (const segment of segments.slice(from + 1)) {
    if (segment.includes('.') || table === undefined) continue;
    const navigation: NavigationProperty | undefined = allNavigation(table.type).find(
      (candidate) => candidate.name === segment,
    );
    if (navigation === undefined) continue;
    table = tables.get(navigation);
  }
  return table;
}

/** The slot a binding path leads to: through casts, complex properties and containments. */
function slotAt(
  table: TableBuilder,
  bindingPath: string,
  tables: ReadonlyMap<Source, TableBuilder>,
  model: Model,
): string | null {
  let at = { table, type: table.type as StructuredType, path: [] as readonly Property[] };
  const segments = bindingPath.split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment.includes('.')) {
      const type = model.type(segment);
      if (type?.kind !== 'entity' && type?.kind !== 'complex') return null;
      at = { ...at, type };
      continue;
    }
    const property =
      at.type.properties.get(segment) ?? allProperties(at.type).find((candidate) => candidate.name === segment);
    if (property?.type.kind === 'complex') {
      at = { ...at, type: property.type, path: [...at.path, property] };
      continue;
    }
    const navigation =
      at.type.navigationProperties.get(segment) ??
      allNavigation(at.type).find((candidate) => candidate.name === segment);
    if (navigation === undefined) return null;
    if (index === segments.length - 1 || segments.slice(index + 1).every((rest) => rest.includes('.')))
      return slotKey({ table: at.table, path: at.path, navigation });
    const next = tables.get(navigation);
    if (next === undefined) return null;
    at = { table: next, type: next.type as EntityType, path: [] };
  }
  return null;
}
