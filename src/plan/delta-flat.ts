import type { Expansion, Projection } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { call, concat, value, where } from './build.js';
import { asking, candidates, isThere, narrowSource, type Result, type RowPlace, sameRow } from './changes.js';
import type { Context } from './expression.js';
import { type Address, navigationAddress, rowUrl } from './links.js';
import { narrowed } from './narrow.js';
import { linked, linkOf, type Planner, typeCondition } from './place.js';
import type { DeltaPart, Scalar } from './relation.js';
import { shapeRow } from './shape.js';
import { nothingGiven } from './shape-applied.js';
import { propertyUrl, type Shape } from './shape-value.js';
import type { Touched } from './touched.js';

/** A part without its place among the others. */
export type UnplacedPart = Omit<DeltaPart, 'phase' | 'after'>;

/** What the changes of an expanded navigation property, and of those within it, add to a flat payload. */
export interface FlatParts {
  readonly entities: readonly UnplacedPart[];
  readonly unlinked: readonly UnplacedPart[];
  readonly linked: readonly UnplacedPart[];
  readonly deleted: readonly UnplacedPart[];
}

/** Two states that are compared. */
export interface States {
  readonly now: Planner;
  readonly past: Planner;
  readonly touched: Touched;
  readonly shape: Shape;
}

/** The same result in whatever state; each time with row sources of its own. */
type Results = (planner: Planner) => Result;

/** Entities, links and deletions of an expanded navigation property, one by one (JSON 15.2 to 15.5). */
export function flatExpansion(expansion: Expansion, sources: Results, states: States): FlatParts {
  const results: Results = (planner) => through(expansion, sources(planner), planner);
  const inner = expansion.options.projection?.expanded ?? [];
  const deeper = inner.map((nested) => flatExpansion(nested, results, states));
  const own = expansion.form === 'entities';
  const all = (pick: (parts: FlatParts) => readonly UnplacedPart[]) => deeper.flatMap(pick);
  return {
    entities: [...(own ? [changedEntities(expansion, results, states)] : []), ...all((parts) => parts.entities)],
    unlinked: [links('deletedLink', expansion, results, states), ...all((parts) => parts.unlinked)],
    linked: [links('link', expansion, results, states), ...all((parts) => parts.linked)],
    deleted: [...(own ? [deletedEntities(results, states)] : []), ...all((parts) => parts.deleted)],
  };
}

/** From a result to the entities that one of its navigation properties leads to. */
function through({ property, restrictedTo, options }: Expansion, from: Result, planner: Planner): Result {
  const found = linked(from.item, property, planner);
  if ((found.kind !== 'many' && found.kind !== 'through') || found.item.kind !== 'row')
    throw new ODataError('NotImplemented', `The changes of '${property.name}' cannot be told.`, '$expand');
  const item: RowPlace = restrictedTo === null ? found.item : { ...found.item, type: restrictedTo };
  const type = typeCondition(item.table, item.as, item.type);
  const context: Context = {
    planner,
    bindings: options.variable === null ? new Map() : new Map([[options.variable, item]]),
    computed: new Map(),
  };
  const { rows, computed } = narrowed(where(found.rows, type === null ? [] : [type]), options, context);
  const { target } = linkOf(from.item, property);
  return {
    rows: { kind: 'join', left: from.rows, right: rows, on: value(1n) },
    places: [...from.places, item],
    item,
    address: navigationAddress(propertyUrl(urlOf(from), property, from.item), property, target),
    source: from,
    computed,
    parent: null,
  };
}

const urlOf = ({ address, item }: Pick<Result, 'address' | 'item'>): Scalar => rowUrl(address, item.table, item.as);

/** Expanded entities that are new in the result, or are there otherwise than before. */
function changedEntities(
  { options }: Expansion,
  results: Results,
  { now, past, touched, shape }: States,
): UnplacedPart {
  const identified: Shape = { ...shape, identified: true }; // of whatever collection they are members
  const shapedBy = (planner: Planner) => {
    const result = results(planner);
    const { item, address, computed } = result;
    const projection: Projection = { selected: null, ...options.projection, type: item.type, expanded: [] };
    const context = entityContext(address, shape);
    return {
      result,
      shaped: shapeRow(item, projection, address, identified, planner, { ...nothingGiven, computed }, context),
    };
  };
  const { made: present, asked } = asking(now, () => shapedBy(now));
  const before = shapedBy(past);
  const { rows, item } = present.result;
  const found = narrowSource(before.result.rows, before.result.item.as, sameRow(before.result.item, item));
  return {
    rows: where(rows, [candidates(touched, present.result, asked, now)]),
    sort: urlOf(present.result),
    item: present.shaped,
    before: { kind: 'subquery', relation: found, value: before.shaped },
  };
}

/** The context of an entity that is of another set than the payload (JSON 15.2). */
function entityContext({ url, keyed }: Address, { base }: Shape): Scalar {
  return concat(`${base}$metadata#`, url, keyed ? '/$entity' : '');
}

/** Links that are there in the one state and not in the other. A link whose target is told to be deleted went with it. */
function links(
  kind: 'link' | 'deletedLink',
  { property, form }: Expansion,
  results: Results,
  { now, past, touched, shape }: States,
): UnplacedPart {
  const [own, other] = kind === 'link' ? [now, past] : [past, now];
  const { made: here, asked } = asking(own, () => results(own));
  const there = results(other);
  const [source, otherSource] = [here.source ?? here, there.source ?? there];
  const bySource = narrowSource(there.rows, otherSource.item.as, sameRow(otherSource.item, source.item));
  const same = narrowSource(bySource, there.item.as, sameRow(there.item, here.item));
  const missing = call('not', { kind: 'exists', relation: same });
  const gone = kind === 'link' || form !== 'entities' ? [] : [isThere(here.item, now)];
  return {
    rows: where(here.rows, [candidates(touched, here, asked, now), missing, ...gone]),
    sort: concat(urlOf(source), ' ', urlOf(here)),
    item: {
      kind: 'object',
      members: [
        { name: '@odata.context', value: concat(`${shape.base}$metadata#`, source.address.url, `/$${kind}`) },
        { name: 'source', value: concat(shape.base, urlOf(source)) },
        { name: 'relationship', value: value(property.name) },
        { name: 'target', value: concat(shape.base, urlOf(here)) },
      ],
    },
    before: null,
  };
}

/** Expanded entities that are no more. */
function deletedEntities(results: Results, { now, past, touched, shape }: States): UnplacedPart {
  const { made: before, asked } = asking(past, () => results(past));
  return {
    rows: where(before.rows, [candidates(touched, before, asked, now), call('not', isThere(before.item, now))]),
    sort: urlOf(before),
    item: deletedEntity(before.address.url, urlOf(before), value('deleted'), shape),
    before: null,
  };
}

/** A deleted entity as 4.0 writes it (JSON 15.3). */
export function deletedEntity(set: Scalar, url: Scalar, reason: Scalar, { base }: Shape): Scalar {
  return {
    kind: 'object',
    members: [
      { name: '@odata.context', value: concat(`${base}$metadata#`, set, '/$deletedEntity') },
      { name: 'id', value: concat(base, url) },
      { name: 'reason', value: reason },
    ],
  };
}
