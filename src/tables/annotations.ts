import type { Annotation, AnnotationExpression, Element, EntityType } from '../edm/index.js';

function annotation(element: Element, term: string): Annotation | null {
  return element.annotations.find((found) => found.termName === term && found.qualifier === null) ?? null;
}

/** The name the model gives a table or column itself; null when it leaves that to the service. */
export function givenName(element: Element, term: 'Edmund.V1.Table' | 'Edmund.V1.Column'): string | null {
  const value = annotation(element, term)?.value;
  return value?.kind === 'constant' && value.text !== '' ? value.text : null;
}

/**
 * Paths of the properties a collection is sorted by when the request does not say. The annotation of the set or navigation
 * property replaces the one of the type; on a navigation property paths begin with its name.
 */
export function defaultOrder(
  source: Element & { readonly kind: string; readonly name: string },
  type: EntityType,
): readonly string[] {
  const own = sortPaths(annotation(source, 'Edmund.V1.DefaultOrder'));
  if (own !== null)
    return own.map((path) => (path.startsWith(`${source.name}/`) ? path.slice(source.name.length + 1) : path));
  for (let at: EntityType | null = type; at !== null; at = at.baseType) {
    const inherited = sortPaths(annotation(at, 'Edmund.V1.DefaultOrder'));
    if (inherited !== null) return inherited;
  }
  return [];
}

function sortPaths(found: Annotation | null): readonly string[] | null {
  if (found?.value?.kind !== 'collection') return null;
  return found.value.items.flatMap((item: AnnotationExpression) => {
    const path = item.kind === 'record' ? item.values.get('Property')?.value : null;
    return path?.kind === 'path' ? [path.path] : [];
  });
}
