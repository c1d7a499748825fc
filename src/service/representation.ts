import { type EntityChange, type Expansion, type NavigationChange, noOptions, type Projection } from '../bind/index.js';
import type { NavigationProperty } from '../edm/index.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { decode } from '../tables/index.js';
import type { Exchange } from './context.js';
import { entityUrl } from './describe.js';
import { etagOfRow, type StoredRow } from './locate.js';
import { readOne } from './read.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';

/** The exchange as it would read the new row of a collection: the same path, with the row's key. */
export function keyedExchange(exchange: Exchange, row: StoredRow): Exchange {
  const { resource } = exchange.url;
  if (!resource.collection) return exchange;
  const key = row.table.type.key.map(({ properties }, index) => {
    const column = row.table.key[index];
    const stored = column === undefined ? null : (row.values.get(column.name) ?? null);
    return { properties, value: column === undefined ? null : decode(column.codec, stored) };
  });
  const steps = [...resource.steps, { kind: 'key', key, alternate: false } as const];
  return {
    ...exchange,
    key: null,
    url: { ...exchange.url, resource: { ...resource, kind: 'entity', collection: false, steps } },
  };
}

/** The answer holds at least what was nested in the request (Protocol 11.4.2.2, 11.4.3.1). */
function expandedLike(exchange: Exchange, change: EntityChange): Exchange {
  const { options } = exchange.url;
  if (options.projection === null) return exchange;
  const projection = withNested(options.projection, [change]);
  if (projection === options.projection) return exchange;
  return { ...exchange, key: null, url: { ...exchange.url, options: { ...options, projection } } };
}

function withNested(projection: Projection, changes: readonly EntityChange[]): Projection {
  const nested = new Map<NavigationProperty, EntityChange[]>();
  for (const change of changes)
    for (const [property, found] of change.navigation) {
      if (found.kind === 'null' || found.kind === 'bind') continue;
      nested.set(property, [...(nested.get(property) ?? []), ...entitiesOf(found)]);
    }
  const asked = new Set(projection.expanded.map((item) => item.property));
  const added = [...nested]
    .filter(([property]) => !asked.has(property))
    .map(([property, items]) => expansion(property, items));
  return added.length === 0 ? projection : { ...projection, expanded: [...projection.expanded, ...added] };
}

/** The entities a change nests under one navigation property. */
function entitiesOf(change: NavigationChange): readonly EntityChange[] {
  switch (change.kind) {
    case 'entity':
      return [change.item];
    case 'replace':
    case 'delta':
      return change.items.flatMap((item) => (item.kind === 'entity' ? [item] : []));
    case 'null':
    case 'bind':
      return [];
  }
}

function expansion(property: NavigationProperty, items: readonly EntityChange[]): Expansion {
  const [first] = items;
  const type = property.type.kind === 'entity' ? property.type : first?.type;
  const options = type === undefined ? null : noOptions(type);
  const projection = options?.projection ? withNested(options.projection, items) : null;
  return {
    path: [],
    cast: null,
    property,
    target: null,
    restrictedTo: null,
    form: 'entities',
    levels: 0,
    options: { ...(options ?? noOptions(property.declaringType)), projection },
  };
}

/**
 * What a modification answers with: the entity, read back through the same plan as any read, or 204 when the client prefers
 * little (Protocol 8.2.8.7). `created`: with 201 and its `Location` (11.4.2).
 */
export async function answerWith(
  row: StoredRow,
  change: EntityChange,
  created: boolean,
  exchange: Exchange,
  engine: Engine,
  session: Session,
): Promise<ODataResponse> {
  const single = keyedExchange(exchange, row);
  const applied = appliedHeaders(exchange, { return: exchange.preferences.return });
  const location = created ? `${exchange.request.base}${entityUrl(single.url.resource)}` : null;
  const placed = location === null ? applied : { ...applied, Location: location };
  if (exchange.preferences.return === 'minimal' && !asksForContent(exchange)) {
    const etag = etagOfRow(row);
    const fields: Record<string, string> = { ...placed };
    if (location !== null) fields['OData-EntityId'] = location;
    if (etag !== null) fields.ETag = etag;
    return emptyResponse(fields);
  }
  return readOne(expandedLike(single, change), engine, session, created ? 201 : 200, placed);
}

function asksForContent({ url }: Exchange): boolean {
  const projection = url.options.projection;
  return projection !== null && (projection.selected !== null || projection.expanded.length > 0);
}
