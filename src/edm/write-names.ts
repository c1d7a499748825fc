import type { Annotation, Document, EntityType, KeyProperty, Type } from './model.js';
import { mapQualifiers } from './name.js';

/** How a document being written spells names, and which annotations it writes outside their elements. */
export interface Names {
  /** Qualified names with the alias where there is one, anywhere in a path or target (CSDL 5.1; JSON demands it). */
  readonly short: (text: string) => string;
  /** Annotations of groups: they stand on their targets, too, and are written once. */
  readonly external: ReadonlySet<Annotation>;
}

/** The names of one document. */
export function namesOf(document: Document): Names {
  const aliases = new Map<string, string>();
  for (const { namespace, alias } of [...document.references.flatMap(({ includes }) => includes), ...document.schemas])
    if (alias !== null) aliases.set(namespace, alias);
  const external = new Set(
    document.schemas.flatMap(({ annotationGroups }) => annotationGroups.flatMap(({ annotations }) => annotations)),
  );
  const written = new Map<string, string>();
  const short = (text: string): string => {
    const known = written.get(text);
    if (known !== undefined) return known;
    const spelled = mapQualifiers(text, (namespace) => aliases.get(namespace));
    written.set(text, spelled);
    return spelled;
  };
  return { short, external };
}

/** The inline annotations of an element. */
export function inlineOf(
  { annotations }: { readonly annotations: readonly Annotation[] },
  { external }: Names,
): readonly Annotation[] {
  return external.size === 0 ? annotations : annotations.filter((annotation) => !external.has(annotation));
}

/** The key that a type declares itself; empty when it is inherited (CSDL 6.5). */
export function ownKeyOf(type: EntityType): readonly KeyProperty[] {
  return type.baseType !== null && type.baseType.key === type.key ? [] : type.key;
}

/** The temporal types, whose Precision has a default in XML (CSDL 7.2.3). */
export function isTemporal(type: Type): boolean {
  return (
    type.qualifiedName === 'Edm.DateTimeOffset' ||
    type.qualifiedName === 'Edm.Duration' ||
    type.qualifiedName === 'Edm.TimeOfDay'
  );
}

const vocabularies = 'https://oasis-tcs.github.io/odata-vocabularies/vocabularies/';

/** The standard vocabularies lie at their URI in both representations. */
export function referenceUri(uri: string, format: 'xml' | 'json'): string {
  return uri.startsWith(vocabularies) ? uri.replace(/\.(?:xml|json)$/, `.${format}`) : uri;
}
