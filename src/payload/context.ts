import type { ODataVersion } from '../protocol/index.js';

/** One item of a select-list (Protocol 10.7). */
export type SelectItem =
  /** A selected property, operation or annotation as path, `Address/City`, `NS.Derived/Name`; `*` for all structural ones. */
  | { readonly kind: 'path'; readonly path: string }
  /** An expanded navigation property with the list of its own `$select` and `$expand`; `recursive` with `$levels`. */
  | {
      readonly kind: 'expand';
      readonly path: string;
      readonly items: readonly SelectItem[];
      readonly recursive?: boolean;
    };

interface Selected {
  /** Qualified name of the type the URL casts to. */
  readonly cast?: string | null;
  readonly select?: readonly SelectItem[];
}

/** What a response holds, as far as its context URL tells (Protocol 10). Paths are canonical, keys in parentheses, nothing percent-encoded. */
export type ContextDescription =
  | { readonly kind: 'serviceDocument' }
  /** `set`: name of an entity set, or path to a contained collection, `Books(7)/Copies`. */
  | ({ readonly kind: 'entities' | 'entity'; readonly set: string } & Selected)
  /** A singleton, or the path to a single contained entity. */
  | ({ readonly kind: 'singleton'; readonly path: string } & Selected)
  /** No set is known; or a value that is no property. */
  | ({ readonly kind: 'type'; readonly type: string; readonly collection: boolean } & Selected)
  | ({ readonly kind: 'property'; readonly entity: string; readonly path: string } & Selected)
  | { readonly kind: 'references' | 'reference' | 'all' | 'crossjoin' }
  | { readonly kind: 'deletedEntity' | 'link' | 'deletedLink'; readonly set: string }
  | { readonly kind: 'delta'; readonly of: ContextDescription };

/** The context URL of a response (Protocol 10). `base` is the absolute URL of the service root, ending in `/`. */
export function contextUrl(description: ContextDescription, base: string, version: ODataVersion): string {
  const fragment = fragmentOf(description, version);
  return `${base}$metadata${fragment === '' ? '' : `#${fragment}`}`;
}

function fragmentOf(description: ContextDescription, version: ODataVersion): string {
  switch (description.kind) {
    case 'serviceDocument':
      return ''; // Protocol 10.1
    case 'entities':
      return `${description.set}${suffix(description, version)}`; // Protocol 10.2, 10.5, 10.7, 10.9
    case 'entity':
      return `${description.set}${suffix(description, version)}/$entity`; // Protocol 10.3, 10.6, 10.8, 10.10
    case 'singleton':
      return `${description.path}${suffix(description, version)}`; // Protocol 10.4
    case 'type':
      return `${description.collection ? `Collection(${description.type})` : description.type}${suffix(description, version)}`;
    case 'property':
      return `${description.entity}/${description.path}${suffix(description, version)}`; // Protocol 10.13
    case 'references':
      return 'Collection($ref)'; // Protocol 10.11
    case 'reference':
      return '$ref'; // Protocol 10.12
    case 'all':
      return 'Collection(Edm.EntityType)'; // Protocol 10.19
    case 'crossjoin':
      return 'Collection(Edm.ComplexType)'; // Protocol 10.20
    case 'deletedEntity':
    case 'link':
    case 'deletedLink':
      return `${description.set}/$${description.kind}`; // Protocol 10.18
    case 'delta':
      return `${fragmentOf(description.of, version)}/$delta`; // Protocol 10.17
  }
}

function suffix({ cast, select }: Selected, version: ODataVersion): string {
  const list = selectList(select ?? [], version);
  return `${cast ? `/${cast}` : ''}${list === '' ? '' : `(${list})`}`;
}

/** Protocol 10.9: in 4.0 an expanded property is listed only when something is nested in it. */
function selectList(items: readonly SelectItem[], version: ODataVersion): string {
  const texts: string[] = [];
  for (const item of items) {
    if (item.kind === 'path') texts.push(item.path);
    else if (version !== '4.0' || item.items.length > 0)
      texts.push(`${item.path}${item.recursive ? '+' : ''}(${selectList(item.items, version)})`);
  }
  return [...new Set(texts)].join(',');
}
