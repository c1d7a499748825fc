import type { NavigationProperty } from '../edm/index.js';
import type { Column, Table } from '../tables/index.js';
import { call, columnOf, concat, value } from './build.js';
import type { Alias, Scalar } from './relation.js';

/** The URL of a collection of entities and whether its items add their key, or the URL of a single one. */
export interface Address {
  /** Relative to the service root; a text or an expression of the surrounding row. */
  readonly url: Scalar;
  readonly keyed: boolean;
}

/** The address of a row: its set's with the key appended, or the single-valued path itself (Protocol 4.2, URL 4.3). */
export function rowUrl(address: Address, table: Table, as: Alias): Scalar {
  return address.keyed ? concat(address.url, '(', keyText(table, as), ')') : address.url;
}

/** The key predicate of a row as text: `'x'`, or `a=1,b='x'`. */
function keyText(table: Table, as: Alias): Scalar {
  const texts = table.key.map((column) => literalText(column, as));
  const [single] = texts;
  if (single !== undefined && texts.length === 1) return single;
  return concat(
    ...texts.flatMap((text, index) => {
      const name = table.type.key[index]?.name ?? '';
      return [index === 0 ? `${name}=` : `,${name}=`, text];
    }),
  );
}

/** A stored value as URL literal, percent-encoded. */
function literalText(column: Column, as: Alias): Scalar {
  const stored = columnOf(as, column);
  return call('urlLiteral', stored, value(JSON.stringify(codecText(column))));
}

function codecText(column: Column): unknown {
  return column.codec.kind === 'enum' ? { kind: 'enum', type: column.codec.type.qualifiedName } : column.codec;
}

/** Where the targets of a navigation property are addressed; `via` is the property's own URL. */
export function navigationAddress(via: Scalar, property: NavigationProperty, target: Table): Address {
  return property.containsTarget
    ? { url: via, keyed: property.collection }
    : { url: value(target.source.name), keyed: target.source.kind !== 'singleton' };
}
