import type { Document, EntityContainer, Include, Model, Reference, Schema } from './model.js';
import { isBuiltIn } from './vocabulary.js';

/**
 * One document that holds the whole model, for clients that cannot reach the files beside it: the schemas of all its documents, with references
 * to nothing but vocabularies and what was not found (CSDL 3, 4.1). A container holds what it inherits; an alias that is taken is left out.
 */
export function wholeDocument(model: Model): Document {
  const own = model.documents.filter((document) => !isBuiltIn(document));
  if (own.length === 1) return model.main;
  const schemas = own.flatMap((document) => document.schemas);
  const aliases = new Map<string, string>();
  const free = (alias: string | null, namespace: string): string | null => {
    if (alias === null || (aliases.get(alias) ?? namespace) !== namespace) return null;
    aliases.set(alias, namespace);
    return alias;
  };
  const named = schemas.map((schema): Schema => {
    const container = schema.container === model.container ? complete(schema.container) : null;
    return { ...schema, alias: free(schema.alias, schema.namespace), container };
  });
  const known = new Set(schemas.map(({ namespace }) => namespace));
  const include = (one: Include): readonly Include[] => {
    if (known.has(one.namespace)) return [];
    known.add(one.namespace);
    return [{ ...one, alias: free(one.alias, one.namespace) }];
  };
  const references = own
    .flatMap((document) => document.references)
    .flatMap((reference): readonly Reference[] => {
      const includes = reference.includes.flatMap(include);
      return includes.length === 0 ? [] : [{ ...reference, includes, includeAnnotations: [] }];
    });
  return { ...model.main, references, schemas: named };
}

/** The container with what it inherits as its own. */
function complete(container: EntityContainer | null): EntityContainer | null {
  if (container === null || container.extends === null) return container;
  return { ...container, extends: null, ownChildren: new Set(container.children.keys()) };
}
