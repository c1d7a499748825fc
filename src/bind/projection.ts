import {
  type EntityType,
  type NavigationProperty,
  type Operation,
  type Property,
  readable,
  type StructuredType,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type ExpandItem, type PathSegment, printSelect, type QueryOptions, type SelectItem } from '../url/index.js';
import type { BoundOptions, Expansion, Projection, Selection } from './bound.js';
import type { Added } from './bound-apply.js';
import { castType } from './member.js';
import { bindOptions, type OptionsContext, repeated } from './options.js';
import { bindingTarget } from './place.js';
import { type Scope, scopeOf } from './scope.js';
import { didYouMean } from './suggest.js';
import { derivesFrom, isStructured } from './types.js';

/** Nesting of `$expand` beyond which a request is refused. */
const maxExpandDepth = 12;

const plainItem: ExpandItem = {
  all: false,
  segments: [],
  suffix: null,
  options: { aliases: new Map(), custom: [], written: [] },
  at: 0,
};

const nothingNamed: Pick<Scope, 'computed' | 'added'> = { computed: new Map(), added: new Map() };

/** `$select` and `$expand` against a structured type (URL 5.1.3, 5.1.4). Throws UnknownProperty, LimitExceeded. */
export function bindProjection(
  type: StructuredType,
  options: QueryOptions,
  context: OptionsContext,
  scope: Pick<Scope, 'computed' | 'added'> = nothingNamed,
  shown: readonly NavigationProperty[] = [],
): Projection {
  const selected = options.$select === undefined ? null : bindSelect(type, options.$select, context, scope);
  const items = options.$expand ?? [];
  const named = items.filter(({ all }) => !all).flatMap((item) => bindExpand(type, item, context, scope));
  // What is named comes before `*` (URL 5.1.3).
  const own = new Set(named.flatMap(({ path, property }) => (path.length === 0 ? [property] : [])));
  const others = items.filter(({ all }) => all).flatMap((item) => bindExpand(type, item, context, scope));
  const expanded = [...named, ...others.filter(({ property }) => !own.has(property))];
  if (options.$expand === undefined && !context.explicit)
    for (const property of shown)
      expanded.push(expansion({ path: [], cast: null, property, restrictedTo: null }, plainItem, context));
  const seen = new Set<string>();
  for (const { path, property } of expanded) {
    const name = [...path, property].map((part) => part.name).join('/');
    if (seen.has(name)) throw new ODataError('DuplicateMember', `'${name}' is expanded twice.`, '$expand');
    seen.add(name);
  }
  const explicit = options.$expand !== undefined || (context.explicit ?? false);
  return { type, selected, expanded, explicit };
}

function bindSelect(
  type: StructuredType,
  items: readonly SelectItem[],
  context: OptionsContext,
  scope: Pick<Scope, 'computed' | 'added'>,
): Selection {
  const properties = new Map<Property, Projection | null>();
  const optioned = new Map<Property, BoundOptions>();
  const withOptions = new Set<Property>();
  const navigation = new Set<NavigationProperty>();
  const dynamic = new Set<string>();
  const computed = new Set<string>();
  const operations = new Set<Operation>();
  let all = false;
  for (const item of items) {
    if (item.kind === 'all') all = true;
    else if (item.kind === 'allOperations') for (const one of boundIn(item.namespace)) operations.add(one);
    else if (item.kind === 'path') selectPath(type, item.segments, item.options);
  }
  return {
    all,
    properties,
    options: optioned,
    navigation,
    dynamic,
    computed,
    operations,
    names: items.map(printSelect),
  };

  function selectPath(from: StructuredType, segments: readonly PathSegment[], nested: QueryOptions): void {
    const [first, ...rest] = segments;
    if (first?.kind !== 'name')
      throw new ODataError('UnknownProperty', `$select takes properties, not '${first?.kind ?? ''}'.`, '$select');
    const property = readable(from).get(first.name);
    if (property) {
      properties.set(property, merged(property, rest, nested));
      if (rest.length === 0) itemsOf(property, nested);
      return;
    }
    const link = from.navigationProperties.get(first.name);
    if (link) {
      if (rest.length > 0 || nested.written.length > 0)
        throw new ODataError('QueryOptionNotApplicable', `Use $expand to select within '${first.name}'.`, '$select');
      navigation.add(link);
      return;
    }
    if (scope.computed.has(first.name) || scope.added.has(first.name)) computed.add(first.name);
    else if (first.name.includes('.')) castOrOperation(from, first.name, rest, nested);
    else if (from.open) dynamic.add(first.name);
    else throw unknown(from, first.name, '$select');
  }

  /** `Tags($filter=…;$top=2)`: options of a selected collection (Protocol 11.2.5.1); a property has them once (URL 5.1.4). */
  function itemsOf(property: Property, nested: QueryOptions): void {
    const { $select: _, ...others } = nested;
    if (others.written.some(([name]) => !name.startsWith('@'))) {
      if (withOptions.has(property))
        throw new ODataError('DuplicateQueryOption', `Give the options of '${property.name}' once.`, '$select');
      withOptions.add(property);
    }
    if (others.written.every(([name]) => name === '$select' || name.startsWith('@'))) return;
    const inside = { ...context, joined: [], type: property.type, source: null, since: [], depth: context.depth + 1 };
    if (others.$expand !== undefined)
      throw new ODataError('QueryOptionNotApplicable', '$expand cannot be nested in $select.', '$select');
    const found = bindOptions(others, { ...inside, collection: property.collection });
    if (!property.collection || others.$compute !== undefined)
      throw new ODataError('NotImplemented', `These options of '${property.name}' are not supported.`, '$select');
    optioned.set(property, found);
  }

  function castOrOperation(
    from: StructuredType,
    name: string,
    rest: readonly PathSegment[],
    nested: QueryOptions,
  ): void {
    const declared = context.model.operations(name);
    for (const operation of boundTo(from)) if (declared.includes(operation)) operations.add(operation);
    if (declared.length > 0) return; // one that cannot be bound is ignored (URL 5.1.4)
    selectPath(castType(from, name, scopeOf(context.model, null, context.aliases, '$select')), rest, nested);
  }

  function boundTo(from: StructuredType): readonly Operation[] {
    return [...context.model.boundOperations(from, false), ...context.model.boundOperations(from, true)];
  }

  function boundIn(namespace: string): readonly Operation[] {
    return boundTo(type).filter((operation) =>
      context.model.operations(`${namespace}.${operation.name}`).includes(operation),
    );
  }

  /** `A/B` and `A($select=B)` say the same; both may come together (URL 5.1.4). */
  function merged(property: Property, rest: readonly PathSegment[], nested: QueryOptions): Projection | null {
    const before = properties.get(property);
    const narrowing = rest.length > 0 || nested.$select !== undefined;
    if (!narrowing || before === null) return null;
    if (!isStructured(property.type)) {
      const name = rest[0]?.kind === 'name' ? rest[0].name : '';
      throw new ODataError(
        'UnknownProperty',
        `'${property.name}' has no members, so '${name}' cannot be selected.`,
        '$select',
      );
    }
    const items: readonly SelectItem[] =
      rest.length > 0 ? [{ kind: 'path', segments: rest, options: nested, at: 0 }] : (nested.$select ?? []);
    const inner = bindSelect(property.type, items, context, nothingNamed);
    const known = before?.selected;
    if (!known) return { type: property.type, selected: inner, expanded: [] };
    return {
      type: property.type,
      selected: {
        all: known.all || inner.all,
        properties: new Map([...known.properties, ...inner.properties]),
        options: new Map([...known.options, ...inner.options]),
        navigation: new Set([...known.navigation, ...inner.navigation]),
        dynamic: new Set([...known.dynamic, ...inner.dynamic]),
        computed: new Set(),
        operations: new Set(),
        names: [...known.names, ...inner.names],
      },
      expanded: [],
    };
  }
}

function unknown(type: StructuredType, name: string, target: string): ODataError {
  const names = [...readable(type).keys(), ...type.navigationProperties.keys()];
  return new ODataError(
    'UnknownProperty',
    `${type.qualifiedName} has no property '${name}'.${didYouMean(name, names)}`,
    target,
  );
}

/** One `$expand` item; `*` stands for every navigation property (URL 5.1.3). */
function bindExpand(
  type: StructuredType,
  item: ExpandItem,
  context: OptionsContext,
  { added }: Pick<Scope, 'added'>,
): readonly Expansion[] {
  if (context.depth >= maxExpandDepth)
    throw new ODataError(
      'LimitExceeded',
      `$expand is nested deeper than the limit of ${maxExpandDepth} levels.`,
      '$expand',
    );
  if (item.all)
    return [...type.navigationProperties.values()].map((property) =>
      expansion({ path: [], cast: null, property, restrictedTo: null }, item, context),
    );
  const [first] = item.segments;
  const found = first?.kind === 'name' && item.segments.length === 1 ? added.get(first.name) : undefined;
  if (found?.property.kind === 'navigationProperty') {
    const place = { path: [], cast: null, property: found.property, restrictedTo: null };
    return [expansion(place, item, context, found)];
  }
  return [expansion(expandPath(type, item, context), item, context)];
}

interface ExpandPath {
  readonly path: readonly Property[];
  readonly cast: StructuredType | null;
  readonly property: NavigationProperty;
  readonly restrictedTo: EntityType | null;
}

/** Complex properties and casts, then the navigation property, then perhaps a cast of its target. */
function expandPath(type: StructuredType, item: ExpandItem, context: OptionsContext): ExpandPath {
  const path: Property[] = [];
  let cast: StructuredType | null = null;
  let from: StructuredType = type;
  for (const [index, segment] of item.segments.entries()) {
    if (segment.kind !== 'name') throw unknown(from, segment.kind, '$expand');
    const navigation: NavigationProperty | undefined = from.navigationProperties.get(segment.name);
    if (navigation)
      return {
        path,
        cast,
        property: navigation,
        restrictedTo: restriction(navigation, item.segments.slice(index + 1), context),
      };
    const property: Property | undefined = readable(from).get(segment.name);
    if (property && isStructured(property.type) && !property.collection) {
      path.push(property);
      from = property.type;
    } else if (segment.name.includes('.')) {
      from = castType(from, segment.name, scopeOf(context.model, null, context.aliases, '$expand'));
      cast = from;
    } else if (property) {
      throw new ODataError(
        'QueryOptionNotApplicable',
        `'${segment.name}' is a structural property; use $select.`,
        '$expand',
      );
    } else throw unknown(from, segment.name, '$expand');
  }
  throw new ODataError('MalformedQueryOption', 'An $expand item must name a navigation property.', '$expand');
}

function restriction(
  navigation: NavigationProperty,
  rest: readonly PathSegment[],
  context: OptionsContext,
): EntityType | null {
  const [first, ...more] = rest;
  if (first === undefined) return null;
  if (first.kind !== 'name' || !first.name.includes('.') || more.length > 0 || navigation.type.kind !== 'entity')
    throw new ODataError(
      'MalformedQueryOption',
      `Use $expand=${navigation.name}($expand=…) for deeper levels.`,
      '$expand',
    );
  const type = castType(navigation.type, first.name, scopeOf(context.model, null, context.aliases, '$expand'));
  return type.kind === 'entity' ? type : null;
}

function expansion(
  found: ExpandPath,
  item: ExpandItem,
  context: OptionsContext,
  added: Added | null = null,
): Expansion {
  const { path, cast, property, restrictedTo } = found;
  if (item.suffix === '$value')
    throw new ODataError('NotImplemented', 'Expanding streams is not supported yet.', '$expand');
  const names = [...context.since, ...path.map((part) => part.name), property.name];
  const target =
    added !== null ? added.target : property.containsTarget ? context.source : bindingTarget(context.source, names);
  const options = bindOptions(item.options, {
    model: context.model,
    type: restrictedTo ?? property.type,
    collection: property.collection,
    source: target,
    since: property.containsTarget ? names : [],
    aliases: context.aliases,
    joined: [],
    writtenAliases: context.writtenAliases,
    it: context.it,
    depth: context.depth + 1,
    structure: added?.structure ?? null,
    explicit: added !== null,
  });
  if (item.options.$levels !== undefined && !leadsBack(property))
    throw new ODataError(
      'QueryOptionNotApplicable',
      `$levels needs a navigation property that leads back to its own type, which '${property.name}' does not.`,
      '$levels',
    );
  const form = item.suffix === '$ref' ? 'references' : item.suffix === '$count' ? 'count' : 'entities';
  const written = writtenOf(item.options, context);
  return { path, cast, property, target, restrictedTo, form, levels: levelsOf(item.options), options, written };
}

/** `$it` is the resource of this request, of another one it would be another (URL 5.1.1.14.1). */
function writtenOf(options: QueryOptions, { writtenAliases }: OptionsContext): Expansion['written'] {
  const all = repeated(options, writtenAliases);
  return all.some(([, text]) => /\$it\b/.test(text)) ? null : all;
}

/** Whether what a navigation property leads to may have it too (URL 5.1.3). */
function leadsBack({ type, declaringType }: NavigationProperty): boolean {
  return type.kind !== 'entity' || derivesFrom(type, declaringType) || derivesFrom(declaringType, type);
}

/** `$levels=2` is this level and one more (URL 5.1.3.1). */
function levelsOf(options: QueryOptions): number | 'max' {
  const levels = options.$levels ?? 1;
  return levels === 'max' ? 'max' : Math.max(0, levels - 1);
}
