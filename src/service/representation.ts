import { type EntityChange, type Expansion, noOptions, type Projection } from '../bind/index.js';
import type { NavigationProperty } from '../edm/index.js';
import type { ODataResponse } from '../protocol/index.js';
import { type Applying, typeOfRow } from './applying.js';
import { itemsOf, withContentIds } from './content-id.js';
import type { Exchange } from './context.js';
import { entityUrl } from './describe.js';
import type { StoredRow } from './locate.js';
import { knownETag } from './preconditions.js';
import { readOne } from './read.js';
import { appliedHeaders, emptyResponse } from './response.js';
import { memberOfCollection } from './row-resource.js';
import { shapesCollection } from './shaping.js';

/** The exchange as it would read the new row of a collection: the same path, with the row's key. */
function keyedExchange(exchange: Exchange, row: StoredRow): Exchange {
  const { resource } = exchange.url;
  if (!resource.collection) return exchange;
  return { ...exchange, key: null, url: { ...exchange.url, resource: memberOfCollection(resource, row) } };
}

/** The answer holds at least what was nested in the request (Protocol 11.4.2.2, 11.4.3.1). */
export function expandedLike(exchange: Exchange, change: EntityChange): Exchange {
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
      nested.set(property, [...(nested.get(property) ?? []), ...itemsOf(found)]);
    }
  const asked = new Set(projection.expanded.map((item) => item.property));
  const added = [...nested]
    .filter(([property]) => !asked.has(property))
    .map(([property, items]) => expansion(property, items));
  return added.length === 0 ? projection : { ...projection, expanded: [...projection.expanded, ...added] };
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
    written: null,
    options: { ...(options ?? noOptions(property.declaringType)), projection },
  };
}

/** What was done to the entity of an answer. */
export type Deed = 'created' | 'replaced' | 'changed';

/**
 * What a modification answers with: the entity, read back through the same plan as any read, or 204 when the client prefers
 * little (Protocol 8.2.8.7, 11.4.1.5). What was created comes with 201 and its `Location` (11.4.2).
 */
export async function answerWith(
  row: StoredRow,
  change: EntityChange,
  deed: Deed,
  exchange: Exchange,
  applying: Applying,
): Promise<ODataResponse> {
  const { engine, session } = applying;
  const { preferences, request } = exchange;
  const single = keyedExchange(exchange, row);
  const created = deed === 'created';
  const location = created ? `${request.base}${entityUrl(single.url.resource)}` : null;
  const placed: Record<string, string> = location === null ? {} : { Location: location };
  // A new entity that is asked for in a certain shape is shown (11.4.2); an updated one is not, nor any in a shape that only a collection can have (11.4.1.5).
  const isMinimal = preferences.return === 'minimal' && !(created && asksForContent(exchange));
  if (isMinimal || shapesCollection(exchange.url.options)) {
    const etag = knownETag(row, typeOfRow(row), deed, request.headers);
    if (location !== null) placed['OData-EntityId'] = location;
    if (etag !== null) placed.ETag = etag;
    return emptyResponse({ ...placed, ...appliedHeaders(exchange, { return: isMinimal ? 'minimal' : null }) });
  }
  const applied = appliedHeaders(exchange, { return: preferences.return === 'minimal' ? null : preferences.return });
  const shaped = expandedLike(single, change);
  const response = await readOne(shaped, engine, session, created ? 201 : 200, { ...placed, ...applied });
  return withContentIds(response, change, exchange, applying);
}

function asksForContent({ url }: Exchange): boolean {
  const projection = url.options.projection;
  return projection !== null && (projection.selected !== null || projection.expanded.length > 0);
}
