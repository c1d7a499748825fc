import { bindCondition, scopeOf } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, parseJson } from '../payload/index.js';
import { planTruth } from '../plan/index.js';
import type { ODataResponse } from '../protocol/index.js';
import { parseExpression } from '../url/index.js';
import type { Engine } from './service.js';
import { preparedFrom, run } from './statements.js';

/** What a condition may ask of earlier requests of the batch, by their ids. */
export interface Earlier {
  succeeded(id: string): boolean;
  /** null: there is none, or it has not been done. */
  response(id: string): ODataResponse | null;
}

/** Strings, which hold no references, or references. */
const references = /'(?:[^']|'')*'|\$([\w.~-]+)((?:\/[$\w.@]+)*)/g;

/** The ids that a condition refers to. */
export function referredIn(condition: string): readonly string[] {
  return [...condition.matchAll(references)].flatMap(([, id]) => (id === undefined || literals.has(id) ? [] : [id]));
}

/** Names that are never references (URL 5.1.1.14). */
const literals: ReadonlySet<string> = new Set(['it', 'this', 'root', 'count', 'value', 'ref']);

/**
 * Whether the condition of a request holds (JSON 19.1): an expression in which `$<id>/$succeeded` stands for the outcome of an earlier
 * request, `$<id>` and `$<id>/path` for the value it returned, or a part of it. Throws what makes it no such expression.
 */
export async function conditionHolds(text: string, earlier: Earlier, engine: Engine): Promise<boolean> {
  const filled = text.replace(references, (written: string, id: string | undefined, path: string | undefined) =>
    id === undefined || literals.has(id) ? written : literalOf(id, path ?? '', earlier),
  );
  const condition = bindCondition(parseExpression(filled), scopeOf(engine.model, null, new Map(), 'if'));
  const [row] = await run(preparedFrom(planTruth(condition, engine.layout), false), engine, null);
  return row?.[0] === 1n;
}

function literalOf(id: string, path: string, earlier: Earlier): string {
  if (path === '/$succeeded') return String(earlier.succeeded(id));
  const response = earlier.response(id);
  return response === null ? 'null' : printed(valueAt(response, path), `$${id}${path}`);
}

const none: JsonNode = { kind: 'null', at: 0 };

function valueAt({ body, headers }: ODataResponse, path: string): JsonNode {
  if (body === null || !headers['Content-Type']?.startsWith('application/json')) return none;
  const root = parseJson(Buffer.from(body));
  const start = root.kind === 'object' && path === '' ? (root.members.get('value') ?? root) : root;
  return path
    .split('/')
    .slice(1)
    .reduce<JsonNode>((node, name) => (node.kind === 'object' ? (node.members.get(name) ?? none) : none), start);
}

function printed(node: JsonNode, reference: string): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return `'${node.value.replaceAll("'", "''")}'`;
    case 'array':
    case 'object':
      throw new ODataError(
        'TypeMismatch',
        `'${reference}' is no single value, so it cannot stand in a condition.`,
        'if',
      );
  }
}
