import { type EntityType, printKeyValue } from '../edm/index.js';
import type { KeyValue } from './bound.js';

/** A key predicate of `type` without its parentheses, percent-encoded: the value alone, or names and values (URL 4.3.1). */
export function printKey(key: readonly KeyValue[], type: EntityType, alternate = false): string {
  const texts = key.map(({ properties, value }) => {
    const last = properties.at(-1)?.type;
    if (last?.kind !== 'primitive' && last?.kind !== 'enum' && last?.kind !== 'typeDefinition') return '';
    return encodeKey(printKeyValue(last, value));
  });
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && !alternate) return only;
  return key.map((part, index) => `${nameOf(part, type)}=${texts[index]}`).join(',');
}

/** The alias a key gives to a path, or the property's own name (CSDL 6.5.2). */
function nameOf(part: KeyValue, type: EntityType): string {
  const last = part.properties.at(-1);
  const all = [type.key, ...type.alternateKeys].flat();
  return all.find((candidate) => candidate.properties.at(-1) === last)?.name ?? last?.name ?? '';
}

/** Percent-encoded, but for the characters that may stand in a key predicate as they are. */
function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%40', '@');
}
