import type { JsonNode } from './json.js';

/** How deep a plain value may nest. */
const deepest = 100;

/** A plain JavaScript value as JSON: dates and big integers too, bytes as base64url; members that are undefined are left out. Throws RangeError, TypeError. */
export function nodeOf(value: unknown, depth = 0): JsonNode {
  const at = 0;
  if (depth > deepest) throw new RangeError(`The value nests more than ${deepest} levels deep.`);
  if (value === null || value === undefined) return { kind: 'null', at };
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean', value, at };
    case 'bigint':
      return { kind: 'number', text: String(value), at };
    case 'number':
      return Number.isFinite(value)
        ? { kind: 'number', text: String(value), at }
        : { kind: 'string', value: String(value).replace('Infinity', 'INF'), at };
    case 'string':
      return { kind: 'string', value, at };
    case 'object':
      return objectNode(value, depth);
    default:
      throw new TypeError(`A ${typeof value} is no JSON value.`);
  }
}

function objectNode(value: object, depth: number): JsonNode {
  const at = 0;
  if (value instanceof Date) return { kind: 'string', value: value.toISOString(), at };
  if (value instanceof Uint8Array) return { kind: 'string', value: Buffer.from(value).toString('base64url'), at };
  if (Array.isArray(value)) return { kind: 'array', items: value.map((item) => nodeOf(item, depth + 1)), at };
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return { kind: 'object', members: new Map(given.map(([name, member]) => [name, nodeOf(member, depth + 1)])), at };
}
