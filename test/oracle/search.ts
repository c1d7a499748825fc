import type { Search } from '../../src/bind/index.js';
import type { Type } from '../../src/edm/index.js';
import { type Datum, isList, isScalar } from './value.js';

/** Without case and marks. */
function plain(text: string): string {
  return [...text.normalize('NFKD').toLowerCase()]
    .filter((point) => !/\p{M}/u.test(point))
    .join('')
    .replaceAll('ß', 'ss');
}

/** Whether one of the texts that `type` declares has the word or phrase at the beginning of a word (URL 5.1.7: the service's decision). */
export function matches(search: Search, item: Datum, type: Type | null): boolean {
  const texts = textsOf(item, type).map(plain);
  switch (search.kind) {
    case 'junction':
      return search.operator === 'and'
        ? search.operands.every((operand) => matches(operand, item, type))
        : search.operands.some((operand) => matches(operand, item, type));
    case 'not':
      return !matches(search.operand, item, type);
    case 'phrase':
    case 'word':
      return texts.some((text) => stands(text, plain(search.text)));
  }
}

function textsOf(item: Datum, type: Type | null): readonly string[] {
  if (item === null || isList(item)) return [];
  if (isScalar(item)) return item.kind === 'string' ? [item.value] : [];
  const declared = type?.kind === 'entity' || type?.kind === 'complex' ? type : item.type;
  const values = [...declared.properties.keys()].map((name) => item.values.get(name) ?? null);
  return values.flatMap((value) => (value !== null && isScalar(value) ? textsOf(value, null) : []));
}

function stands(text: string, sought: string): boolean {
  const letters = /[\p{L}\p{N}]/u;
  const starts = [...text.matchAll(/./gsu)].map(({ index }) => index);
  return starts.some((at, position) => {
    if (!text.startsWith(sought, at)) return false;
    const before = text.slice(starts[position - 1] ?? 0, at);
    return position === 0 || !letters.test(before) || !letters.test(sought.slice(0, 2));
  });
}
