import type { EntityChange, NavigationChange } from '../bind/index.js';
import { type JsonNode, type JsonObject, parseJson, printJson } from '../payload/index.js';
import type { ODataResponse } from '../protocol/index.js';
import { decode } from '../tables/index.js';
import { annotated, coreTerm } from './annotate.js';
import { type Applying, typeOfRow } from './applying.js';
import type { Exchange } from './context.js';
import type { StoredRow } from './locate.js';
import { restrictionsAt } from './restrictions.js';
import type { Engine } from './service.js';

/**
 * The answer with `Core.ContentID` on the entities that the body sent with one (Protocol 11.4.2.2, 11.4.3.1). Entities are
 * found again by their keys, so what `$select` leaves without its key stays as it is.
 */
export function withContentIds(
  response: ODataResponse,
  change: EntityChange,
  exchange: Exchange,
  applying: Applying,
): ODataResponse {
  if (!hasContentId(change) || response.body === null || !isEchoed(change, exchange, applying.engine)) return response;
  const node = parseJson(response.body, { depth: 1000, nodes: 10_000_000 });
  return { ...response, body: printJson(labelled(node, change, applying)) };
}

function isEchoed(change: EntityChange, { url, request }: Exchange, { model }: Engine): boolean {
  const term = request.method === 'POST' ? 'DeepInsertSupport' : 'DeepUpdateSupport';
  return change.contentId !== null || restrictionsAt(url.resource, model).allows(term, 'ContentIDSupported');
}

function hasContentId(change: EntityChange): boolean {
  return (
    change.contentId !== null || [...change.navigation.values()].some((nested) => itemsOf(nested).some(hasContentId))
  );
}

/** The entities a change nests under one navigation property. */
export function itemsOf(change: NavigationChange): readonly EntityChange[] {
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

/** An entity of the answer, and what is nested in it, with the labels of the change it came from. */
export function labelled(node: JsonNode, change: EntityChange, applying: Applying): JsonNode {
  if (node.kind !== 'object') return node;
  const members = new Map(node.members);
  for (const [property, nested] of change.navigation) {
    const found = members.get(property.name);
    const items = itemsOf(nested).filter(hasContentId);
    if (found === undefined || items.length === 0) continue;
    members.set(
      property.name,
      found.kind === 'array'
        ? { ...found, items: found.items.map((item) => labelledItem(item, items, applying)) }
        : labelledItem(found, items, applying),
    );
  }
  return change.contentId === null
    ? { ...node, members }
    : withLabel({ ...node, members }, change.contentId, applying.engine);
}

function labelledItem(node: JsonNode, items: readonly EntityChange[], applying: Applying): JsonNode {
  for (const item of items) {
    const row = applying.written.rowOf(item);
    if (row !== undefined && isShown(node, row)) return labelled(node, item, applying);
  }
  return node;
}

/** True when an object of the answer shows this row, judged by the properties of its key. */
export function isShown(node: JsonNode, row: StoredRow): boolean {
  if (node.kind !== 'object') return false;
  const key = typeOfRow(row).key;
  return key.every(({ properties }, index) => {
    const column = row.table.key[index];
    const shown = properties.length === 1 ? node.members.get(properties[0]?.name ?? '') : undefined;
    if (column === undefined || shown === undefined) return false;
    const value = decode(column.codec, row.values.get(column.name) ?? null);
    return shown.kind === 'string'
      ? shown.value === String(value)
      : shown.kind === 'number' && shown.text === String(value);
  });
}

function withLabel(node: JsonObject, label: string, engine: Engine): JsonObject {
  return annotated(node, `@${coreTerm('ContentID', engine)}`, { kind: 'string', value: label, at: 0 });
}
