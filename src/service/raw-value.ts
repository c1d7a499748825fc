import type { Resource } from '../bind/index.js';
import { annotationOf, printGeoLiteral, stringValue } from '../edm/index.js';

/** The media type of a raw value when nothing else is asked for: text, or bytes of the type the model names (Protocol 11.2.4.1). */
export function rawType({ type, property }: Resource): string {
  if (underlying(type) !== 'Edm.Binary') return 'text/plain';
  const named = property === null ? null : stringValue(annotationOf(property, 'Org.OData.Core.V1.MediaType'));
  return named ?? 'application/octet-stream';
}

/** The raw value of what the database gave: bytes as they are, geometries as literals, all else as text. */
export function rawBody({ type }: Resource, item: Buffer): Buffer | string {
  const name = underlying(type);
  if (name === 'Edm.Binary') return item;
  return /^Edm\.Geo/.test(name) ? printGeoLiteral(item.toString('utf8'), name) : item.toString('utf8');
}

function underlying(type: Resource['type']): string {
  const base = type?.kind === 'typeDefinition' ? type.underlyingType : type;
  return base?.qualifiedName ?? '';
}
