import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('./vocabularies/', import.meta.url);
let names: ReadonlySet<string> | null = null;

/** Namespaces of the vocabularies that come with Edmund: a file of that name in `vocabularies/` is enough. */
export function builtInNamespaces(): ReadonlySet<string> {
  names ??= new Set(
    readdirSync(fileURLToPath(folder))
      .filter((name) => name.endsWith('.xml'))
      .map((name) => name.slice(0, -4)),
  );
  return names;
}

/** The text of a vocabulary that comes with Edmund; null when there is none of that namespace. */
export function builtInText(namespace: string): { readonly file: string; readonly text: string } | null {
  if (!builtInNamespaces().has(namespace)) return null;
  const file = `${namespace}.xml`;
  return { file, text: readFileSync(fileURLToPath(new URL(file, folder)), 'utf8') };
}
