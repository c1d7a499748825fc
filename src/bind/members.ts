import type { JsonNode, JsonObject } from '../payload/index.js';

/** Control information of one object or property, by its name without prefix: `type`, `id`, `bind`. */
export type Controls = ReadonlyMap<string, { readonly node: JsonNode; readonly name: string }>;

/** The members of a JSON object, told apart (JSON 4.5, 20). */
export interface Members {
  /** Properties, in document order. */
  readonly values: ReadonlyMap<string, JsonNode>;
  /** Control information of the object itself. */
  readonly own: Controls;
  /** Control information beside its properties, by property. */
  readonly beside: ReadonlyMap<string, Controls>;
  /** Annotations of the object itself, by term as written. */
  readonly annotations: ReadonlyMap<string, JsonNode>;
}

const none: Controls = new Map();

/** Control information beside a property. */
export function besideOf(members: Members, property: string): Controls {
  return members.beside.get(property) ?? none;
}

/**
 * Sorts an object's members. `odata.` is optional in 4.01 (JSON 4.5); a plain name wins over its prefixed twin.
 * Operations (`#NS.Op`) and annotations of properties say nothing about a change and are dropped (JSON 20.2).
 */
export function sortMembers(object: JsonObject): Members {
  const values = new Map<string, JsonNode>();
  const own = new Map<string, { node: JsonNode; name: string }>();
  const beside = new Map<string, Map<string, { node: JsonNode; name: string }>>();
  const annotations = new Map<string, JsonNode>();
  for (const [name, node] of object.members) {
    const at = name.indexOf('@');
    if (at < 0) {
      if (!isOperation(name)) values.set(name, node);
      continue;
    }
    const property = name.slice(0, at);
    const term = name.slice(at + 1);
    const control = controlOf(term);
    if (control === null) {
      if (property === '') annotations.set(term, node);
      continue;
    }
    let into = own;
    if (property !== '') {
      into = beside.get(property) ?? new Map();
      beside.set(property, into);
    }
    if (!into.has(control) || !term.startsWith('odata.')) into.set(control, { node, name });
  }
  return { values, own, beside, annotations };
}

/** `#NS.Op`, or `Nav#NS.Op` (JSON 16). */
function isOperation(name: string): boolean {
  const hash = name.indexOf('#');
  return hash >= 0 && name.includes('.', hash);
}

/** The control information a term is, or null for an annotation: those have a namespace, hence a dot (JSON 20). */
function controlOf(term: string): string | null {
  if (term.startsWith('odata.')) return term.slice('odata.'.length);
  return term.includes('.') ? null : term;
}

/** The absolute context URL of an object, or the one that it stands in (JSON 4.3). */
export function contextOf({ own }: Members, outer: string | null): string | null {
  const node = own.get('context')?.node;
  return node?.kind === 'string' && isAbsolute(node.value) ? node.value : outer;
}

/** A URL as it is written, against the context URL it stands under, which ends where `$metadata` begins (JSON 4.3). */
export function againstContext(url: string, contextUrl: string | null): string {
  if (contextUrl === null || url === '' || isAbsolute(url) || url.startsWith('/')) return url;
  const document = contextUrl.split(/[?#]/, 1)[0] ?? '';
  if (url.startsWith('.')) return URL.canParse(url, document) ? new URL(url, document).href : url;
  return document.slice(0, document.lastIndexOf('/') + 1) + url;
}

function isAbsolute(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(url);
}

/** A path of the body with one more segment: `positions/0/detail`. */
export function below(target: string, segment: string | number): string {
  return target === '' ? String(segment) : `${target}/${segment}`;
}
