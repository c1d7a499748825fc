import { builtInNamespaces, builtInText } from './built-in.js';
import type { CsdlElement } from './element.js';
import { linkDocuments } from './link.js';
import type { Document, Schema } from './model.js';
import { readXmlText } from './xml-read.js';

/** Linked once per process and shared by all models: nobody writes to them. */
const linked = new Map<string, { readonly document: Document; readonly schema: Schema }>();

/** The document and schema of a vocabulary that comes with Edmund, and so of all it refers to; null when it is not one of them. */
export function builtInVocabulary(namespace: string): { readonly document: Document; readonly schema: Schema } | null {
  const known = linked.get(namespace);
  if (known !== undefined) return known;
  if (!builtInNamespaces().has(namespace)) return null;
  const roots = new Map<string, CsdlElement>();
  gather(namespace, roots);
  const schemas = new Map([...linked].map(([name, { schema }]): [string, Schema] => [name, schema]));
  const linking = { schemas, report: () => {}, problems: [], pending: [], vocabulary: () => null };
  const documents = linkDocuments(
    linking,
    [...roots.values()].map((root) => ({ root, missing: new Set<string>() })),
  );
  for (const document of documents)
    for (const schema of document.schemas) linked.set(schema.namespace, { document, schema });
  return linked.get(namespace) ?? null;
}

/** Whether a document of a model is a vocabulary that comes with Edmund. */
export function isBuiltIn(document: Document): boolean {
  return document.schemas.some(({ namespace }) => builtInVocabulary(namespace)?.document === document);
}

/** Reads a vocabulary and those it includes, unless they are linked already. */
function gather(namespace: string, roots: Map<string, CsdlElement>): void {
  if (roots.has(namespace) || linked.has(namespace)) return;
  const source = builtInText(namespace);
  if (source === null) return;
  const root = readXmlText(source);
  roots.set(namespace, root);
  for (const reference of root.children)
    for (const { name, attributes } of reference.children)
      if (name === 'Include' && attributes.Namespace !== undefined) gather(attributes.Namespace, roots);
}
