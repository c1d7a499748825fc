import { none } from './element.js';
import type { Annotation, AnnotationExpression, EntityType, KeyProperty } from './model.js';
import { propertiesAlong } from './path.js';

/** The alternate keys that a type itself is annotated with (Core.AlternateKeys, vocabularies C14). */
export function alternateKeysOf(type: EntityType): readonly (readonly KeyProperty[])[] {
  const keys: (readonly KeyProperty[])[] = [];
  for (const annotation of type.annotations)
    if (annotation.termName === 'Org.OData.Core.V1.AlternateKeys') keys.push(...keysIn(annotation, type));
  return keys;
}

function keysIn({ value }: Annotation, type: EntityType): (readonly KeyProperty[])[] {
  if (value?.kind !== 'collection') return [];
  return value.items.map((item) => partsOf(item, type)).filter((key) => key.length > 0);
}

function partsOf(item: AnnotationExpression, type: EntityType): readonly KeyProperty[] {
  const parts = item.kind === 'record' ? item.values.get('Key')?.value : null;
  if (parts?.kind !== 'collection') return [];
  return parts.items.flatMap((part): readonly KeyProperty[] => {
    if (part.kind !== 'record') return [];
    const path = textOf(part.values.get('Name')?.value ?? null);
    const alias = textOf(part.values.get('Alias')?.value ?? null);
    if (path === null) return [];
    return [{ name: alias ?? path, alias, path, properties: propertiesAlong(type, path), through: none }];
  });
}

function textOf(value: AnnotationExpression | null): string | null {
  return value?.kind === 'path' ? value.path : value?.kind === 'constant' ? value.text : null;
}
