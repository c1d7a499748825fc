import type { EntityChange, Resource } from '../bind/index.js';
import { type JsonNode, type JsonObject, parseJson } from '../payload/index.js';
import type { Applying } from './applying.js';
import { labelled } from './content-id.js';
import type { Exchange } from './context.js';
import { expandedLike } from './representation.js';
import { prepared, run } from './statements.js';

const wholePage = { size: 1, from: null, returned: 0 } as const;

/** An entity as the answer would show it, with what the change nested in it and the labels it came with; null: it is not there. */
export async function shownEntity(
  resource: Resource,
  change: EntityChange | null,
  exchange: Exchange,
  applying: Applying,
): Promise<JsonObject | null> {
  const single: Exchange = { ...exchange, key: null, url: { ...exchange.url, resource } };
  const shaped = change === null ? single : expandedLike(single, change);
  const [row] = await run(prepared(shaped, applying.engine, wholePage), applying.engine, applying.session);
  if (row === undefined || !Buffer.isBuffer(row[0])) return null;
  const node: JsonNode = parseJson(row[0], { depth: 1000, nodes: 10_000_000 });
  const named = change === null ? node : labelled(node, change, applying);
  return named.kind === 'object' ? named : null;
}
