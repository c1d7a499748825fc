import type { BoundOptions, BoundUrl, Expansion, Projection, Step } from '../../src/bind/index.js';
import type { Property, StructuredType, Type } from '../../src/edm/index.js';
import { applied, named } from './apply.js';
import { byKey, type Data } from './data.js';
import { type Environment, evaluate, hasKey, isInstanceOf, linkOf, memberOf, truth, withVariable } from './evaluate.js';
import { matches } from './search.js';
import { compareForOrder, type Datum, type Instance, isList } from './value.js';

/** A value as it is to be shown; `type` is that of a single value, null where only the value tells. */
export type Shown =
  | { readonly kind: 'value'; readonly value: Datum; readonly type: Type | null }
  | { readonly kind: 'list'; readonly items: readonly Shown[] }
  | {
      readonly kind: 'object';
      /** Named when it differs from the declared one. */
      readonly typeName: string | null;
      readonly members: ReadonlyMap<string, Shown>;
      /** `Nav@odata.count`. */
      readonly counts: ReadonlyMap<string, number>;
    };

export type Answer =
  | {
      readonly kind: 'collection';
      readonly items: readonly Shown[];
      readonly total: number | null;
      readonly of: number;
    }
  | { readonly kind: 'single'; readonly item: Shown }
  | { readonly kind: 'raw'; readonly value: Datum; readonly type: Type | null }
  | { readonly kind: 'count'; readonly count: number; readonly of: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'missing' };

/** An item on its way through the options, with the names it has been given. */
export interface Row {
  readonly item: Datum;
  readonly names: ReadonlyMap<string, Datum>;
}

/** What stands around the options of an expanded navigation property. */
type Outer = Pick<Environment, 'data' | 'variables'>;

/** What a GET of the bound URL shows (Protocol 11.2). */
export function answer(url: BoundUrl, data: Data): Answer {
  const { resource, options } = url;
  const target = follow(resource.steps, data);
  const at: Outer = { data, variables: new Map() };
  if (target === 'missing') return { kind: 'missing' };
  if (resource.kind === 'count' || isList(target)) {
    const items = isList(target) ? target : [];
    const rows = narrowed(items, options, at, resource.type);
    if (resource.kind === 'count') return { kind: 'count', count: rows.length, of: items.length };
    return {
      kind: 'collection',
      items: page(ordered(rows, options, at), options).map((row) => shown(row, resource.type, options, at)),
      total: options.count ? rows.length : null,
      of: items.length,
    };
  }
  if (target === null) {
    const last = resource.steps.at(-1);
    if (last?.kind === 'ordinal') return { kind: 'missing' };
    const contained = last?.kind === 'navigation' && last.property.containsTarget;
    return { kind: contained || last?.kind === 'key' || last?.kind === 'cast' ? 'missing' : 'nothing' };
  }
  if (resource.kind === 'rawValue') return { kind: 'raw', value: target, type: resource.type };
  const [row] = narrowed([target], options, at, resource.type);
  if (row === undefined) return { kind: 'missing' };
  return { kind: 'single', item: shown(row, resource.type, options, at) };
}

function follow(steps: readonly Step[], data: Data): Datum | 'missing' {
  let at: Datum = null;
  for (const [index, step] of steps.entries()) {
    if (at === null && index > 0) return 'missing';
    at = next(at, step, data);
  }
  return at;
}

function next(at: Datum, step: Step, data: Data): Datum {
  switch (step.kind) {
    case 'entitySet':
      return data.sets.get(step.set.name) ?? [];
    case 'singleton':
      return data.sets.get(step.singleton.name)?.[0] ?? null;
    case 'key':
      return entitiesOf(at).find((entity) => step.key.every((part) => hasKey(entity, part))) ?? null;
    case 'ordinal':
      return (isList(at) ? at.at(step.index) : null) ?? null;
    case 'navigation':
      return linkOf(at, step.property.name, step.property.collection);
    case 'property':
      return memberOf(at, step.property.name);
    case 'dynamic':
      return memberOf(at, step.name);
    case 'cast':
      if (isList(at)) return at.filter((item) => isInstanceOf(item, step.type));
      return isInstanceOf(at, step.type) ? at : null;
    case 'filter':
      return (isList(at) ? at : []).filter(
        (item) =>
          truth(step.predicate, { data, names: new Map(), variables: new Map([[step.variable, item]]) }) === true,
      );
    case 'operation':
    case 'among':
    case 'query':
    case 'values':
      throw new Error('Operations are not evaluated.');
  }
}

function entitiesOf(at: Datum): readonly Instance[] {
  return isList(at)
    ? at.filter((item): item is Instance => item !== null && !isList(item) && item.kind === 'instance')
    : [];
}

function environment(row: Row, options: BoundOptions, at: Outer): Environment {
  return withVariable({ ...at, names: row.names }, options.variable, row.item);
}

/** `$apply`, `$compute`, `$search` and `$filter`, in this order (Protocol 11.2.1). */
function narrowed(items: readonly Datum[], options: BoundOptions, at: Outer, type: Type | null): readonly Row[] {
  const start = items.map((item): Row => ({ item, names: new Map() }));
  const rows = options.apply === null ? start : applied(options.apply, start, options.variable, at.data, type);
  const { search, filter } = options;
  return rows
    .map((row) => named(row, options.compute, (one) => environment(one, options, at)))
    .filter((row) => search === null || matches(search, row.item, type))
    .filter((row) => filter === null || truth(filter, environment(row, options, at)) === true);
}

/** Ties stay as they were: by the key, by position, or as `$apply` left them. */
function ordered(rows: readonly Row[], options: BoundOptions, at: Outer): readonly Row[] {
  const keyed = rows.map((row) => ({
    row,
    keys: options.orderby.map(({ expression }) => evaluate(expression, environment(row, options, at))),
  }));
  keyed.sort((left, right) => {
    for (const [index, { descending }] of options.orderby.entries()) {
      const difference = compareForOrder(left.keys[index] ?? null, right.keys[index] ?? null);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

function page(rows: readonly Row[], { skip, top }: BoundOptions): readonly Row[] {
  const from = skip ?? 0;
  return rows.slice(from, top === null ? undefined : from + top);
}

function shown(row: Row, type: Type | null, options: BoundOptions, at: Outer): Shown {
  const { item } = row;
  if (item === null || isList(item) || item.kind !== 'instance') return { kind: 'value', value: item, type };
  const { projection } = options;
  const groups = options.structure?.whole === false;
  const base = object(item, projection, environment(row, options, at), groups);
  if (base.kind !== 'object') return base;
  const selected = projection?.selected ?? null;
  const names = [...row.names].filter(([name]) => selected === null || selected.all || selected.computed.has(name));
  return {
    ...base,
    members: new Map([
      ...base.members,
      ...names.map(([name, value]) => [name, { kind: 'value', value, type: null }] as const),
    ]),
  };
}

/** The selected structural properties and what is expanded (URL 5.1.3, 5.1.4); of a group what it was made by. */
function object(item: Instance, projection: Projection | null, at: Outer, grouped: boolean): Shown {
  const selected = projection?.selected ?? null;
  const members = new Map<string, Shown>();
  const counts = new Map<string, number>();
  for (const property of item.type.properties.values()) {
    if (selected !== null && !selected.all && !selected.properties.has(property)) continue;
    if (grouped && !item.values.has(property.name)) continue;
    const inner = selected?.properties.get(property) ?? null;
    const expanded = (projection?.expanded ?? []).filter(({ path }) => path[0] === property);
    const narrowing = property.type.kind === 'complex' && (inner !== null || expanded.length > 0);
    const nested: Projection | null = narrowing
      ? {
          type: property.type as StructuredType,
          selected: inner?.selected ?? null,
          expanded: expanded.map((one) => ({ ...one, path: one.path.slice(1) })),
        }
      : null;
    members.set(property.name, propertyShown(item.values.get(property.name) ?? null, property, nested, at, grouped));
  }
  for (const [name, value] of grouped ? [] : item.values)
    if (!item.type.properties.has(name) && (selected === null || selected.all || selected.dynamic.has(name)))
      members.set(name, { kind: 'value', value, type: null });
  for (const [name, linked] of grouped ? item.links : [])
    if (linked === null) members.set(name, { kind: 'value', value: null, type: null });
    else if (!Array.isArray(linked)) members.set(name, object(linked, null, at, true));
  for (const expansion of projection?.expanded ?? [])
    if (expansion.path.length === 0) expand(item, expansion, at, members, counts);
  const declared = projection?.type ?? item.type;
  return { kind: 'object', typeName: item.type === declared ? null : item.type.qualifiedName, members, counts };
}

function propertyShown(
  value: Datum,
  property: Property,
  projection: Projection | null,
  at: Outer,
  grouped: boolean,
): Shown {
  if (isList(value))
    return { kind: 'list', items: value.map((item) => propertyShown(item, property, projection, at, grouped)) };
  if (value !== null && value.kind === 'instance')
    return object(
      value,
      projection ?? { type: property.type as StructuredType, selected: null, expanded: [] },
      at,
      grouped,
    );
  return { kind: 'value', value, type: property.type };
}

function expand(
  item: Instance,
  expansion: Expansion,
  at: Outer,
  members: Map<string, Shown>,
  counts: Map<string, number>,
): void {
  const { property, options, restrictedTo } = expansion;
  if (item.type.navigationProperties.get(property.name) !== property) return;
  const linked = linkOf(item, property.name, property.collection);
  const all = isList(linked) ? linked : linked === null ? [] : [linked];
  const fitting = restrictedTo === null ? all : all.filter((other) => isInstanceOf(other, restrictedTo));
  const inKeyOrder = [...entitiesOf(fitting)].sort(byKey);
  const rows = narrowed(inKeyOrder, options, at, restrictedTo ?? property.type);
  if (options.count || expansion.form === 'count') counts.set(property.name, rows.length);
  if (expansion.form === 'count') return;
  const nested = deeper(expansion);
  const items = page(ordered(rows, options, at), options).map((row) =>
    expansion.form === 'references' ? reference() : shown(row, null, nested, at),
  );
  members.set(
    property.name,
    property.collection ? { kind: 'list', items } : (items[0] ?? { kind: 'value', value: null, type: null }),
  );
}

/** A reference has no members beside its id. */
function reference(): Shown {
  return { kind: 'object', typeName: null, members: new Map(), counts: new Map() };
}

/** `$levels`: the same again in what it leads to. */
function deeper(expansion: Expansion): BoundOptions {
  const { levels, options, property } = expansion;
  const { projection } = options;
  if (projection === null || levels === 0 || projection.type.navigationProperties.get(property.name) !== property)
    return options;
  const again: Expansion = { ...expansion, levels: levels === 'max' ? 'max' : levels - 1 };
  return {
    ...options,
    projection: {
      ...projection,
      expanded: [...projection.expanded.filter((other) => other.property !== property), again],
    },
  };
}
