import type { BoundUrl, Projection } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { call, columnOf, concat, value, where } from './build.js';
import {
  asking,
  candidates,
  isThere,
  narrowSource,
  otherTables,
  positionsOf,
  type Result,
  type RowPlace,
  resultOf,
  sameRow,
} from './changes.js';
import { deletedEntity, flatExpansion, type States, type UnplacedPart } from './delta-flat.js';
import { rowUrl } from './links.js';
import type { Planner, Positions } from './place.js';
import type { ObjectMember, Reading, Scalar } from './relation.js';
import { shapeRow } from './shape.js';
import { nothingGiven } from './shape-applied.js';
import { control, type Shape, shapeStored } from './shape-value.js';
import { Touched } from './touched.js';

/** Between which states changes are told, and how. */
export interface DeltaQuery {
  readonly since: Positions;
  /** null: until now. */
  readonly until: Positions | null;
  /** `flat`: entities and links one by one, as 4.0 has them; `nested`: expanded entities stand within (JSON 15.2). */
  readonly form: 'flat' | 'nested';
  readonly size: number;
  /** What the pages before ended with. */
  readonly after: { readonly phase: number; readonly sort: string } | null;
  /** The set of the entities, as in the context URL. */
  readonly set: string;
  /** Entities that have not changed are told, too. */
  readonly whole: boolean;
}

/**
 * The statement that answers a delta link (Protocol 11.3): what the result has now and had not then, or had otherwise, and what it
 * had then and has no more. Both states are asked the same question, whatever it is.
 */
export function planDelta(url: BoundUrl, planner: Planner, shape: Shape, query: DeltaQuery): Reading {
  const [now, past] = [planner.at(query.until), planner.at(query.since)];
  const states: States = { now, past, touched: new Touched(query.since, planner), shape };
  const results = (state: Planner) => entitiesOf(url, state);
  const { expanded = [] } = url.options.projection ?? {};
  const changed = changedEntities(url, query, states);
  const removed = removedEntities(url, query, states);
  const flat = query.form === 'nested' ? [] : expanded.map((expansion) => flatExpansion(expansion, results, states));
  const parts: readonly UnplacedPart[] = [
    changed,
    ...flat.flatMap(({ entities }) => entities),
    ...flat.flatMap(({ unlinked }) => unlinked),
    ...flat.flatMap(({ linked }) => linked),
    ...flat.flatMap(({ deleted }) => deleted),
    removed,
  ];
  const { after, size } = query;
  return {
    kind: 'delta',
    parts: parts
      .map((part, phase) => ({ ...part, phase, after: after?.phase === phase ? after.sort : null }))
      .filter(({ phase }) => after === null || phase >= after.phase),
    take: size,
    parent: results(now).parent,
    positions: positionsOf(planner).columns,
  };
}

function entitiesOf(url: BoundUrl, planner: Planner): Result {
  const result = resultOf(url, planner);
  if (result === null) throw new ODataError('NotImplemented', 'Changes of this resource cannot be told.');
  return result;
}

function changedEntities(
  url: BoundUrl,
  { form, whole }: DeltaQuery,
  { now, past, touched, shape }: States,
): UnplacedPart {
  const { projection } = url.options;
  const shapedBy = (planner: Planner) => {
    const result = entitiesOf(url, planner);
    const { item, address, computed } = result;
    const asked: Projection = projection ?? { type: item.type, selected: null, expanded: [] };
    const shown = form === 'flat' ? { ...asked, expanded: [] } : asked;
    return { result, shaped: shapeRow(item, shown, address, shape, planner, { ...nothingGiven, computed }) };
  };
  const { made: present, asked } = asking(now, () => shapedBy(now));
  const { rows, item, address } = present.result;
  const sort = rowUrl(address, item.table, item.as);
  if (whole) return { rows, sort, item: present.shaped, before: null };
  const before = shapedBy(past);
  const nested = form === 'flat' ? [] : (projection?.expanded ?? []);
  const found = narrowSource(before.result.rows, before.result.item.as, sameRow(before.result.item, item));
  return {
    rows: narrowSource(rows, item.as, [candidates(touched, present.result, asked, now, nested)]),
    sort,
    item: present.shaped,
    before: { kind: 'subquery', relation: found, value: before.shaped },
  };
}

function removedEntities(url: BoundUrl, query: DeltaQuery, states: States): UnplacedPart {
  const { now, past, touched, shape } = states;
  const { made: before, asked } = asking(past, () => entitiesOf(url, past));
  const present = entitiesOf(url, now);
  const { item } = before;
  const still = narrowSource(present.rows, present.item.as, sameRow(present.item, item));
  const rows =
    otherTables(before.places, asked).length === 0
      ? narrowSource(before.rows, item.as, [], true)
      : where(before.rows, [candidates(touched, before, asked, now)]);
  const reason: Scalar = {
    kind: 'case',
    branches: [{ when: isThere(item, now), gives: value('changed') }],
    otherwise: value('deleted'),
  };
  const itemUrl = rowUrl(before.address, item.table, item.as);
  return {
    rows: where(rows, [call('not', { kind: 'exists', relation: still })]),
    sort: itemUrl,
    item:
      query.form === 'flat'
        ? deletedEntity(value(query.set), itemUrl, reason, shape)
        : removedEntity(item, itemUrl, reason, shape),
    before: null,
  };
}

/** A removed entity as 4.01 writes it, with its key (JSON 15.3). The name is the same for clients of 4.0 that ask for this form. */
function removedEntity({ table, as }: RowPlace, url: Scalar, reason: Scalar, shape: Shape): Scalar {
  const keys = table.key.flatMap((column, index): readonly ObjectMember[] => {
    const property = table.type.properties.get(table.type.key[index]?.name ?? '');
    if (property === undefined) return [];
    const stored = { kind: 'stored', scalar: columnOf(as, column), codec: column.codec, nullable: false } as const;
    return [{ name: property.name, value: shapeStored(stored, shape) }];
  });
  const members: ObjectMember[] = [
    { name: '@removed', value: { kind: 'object', members: [{ name: 'reason', value: reason }] } },
  ];
  if (keys.length < table.key.length || keys.length === 0 || shape.metadata === 'full')
    members.push({ name: control('id', shape), value: concat(shape.base, url) });
  return { kind: 'object', members: [...members, ...keys] };
}
