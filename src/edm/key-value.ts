import { printValue, type Value, type ValueType } from './value.js';

/** A value as it stands in a key predicate, before percent-encoding: strings quoted, what has a prefix in 4.0 with its prefix (URL 5.1.1.14). */
export function printKeyValue(type: ValueType, value: Value): string {
  if (value === null) return 'null';
  const text = printValue(type, value);
  const quoted = `'${text.replaceAll("'", "''")}'`;
  if (type.kind === 'enum') return `${type.qualifiedName}${quoted}`;
  const { name } = type.kind === 'typeDefinition' ? type.underlyingType : type;
  if (name === 'Edm.String') return quoted;
  if (name === 'Edm.Duration') return `duration${quoted}`;
  return name === 'Edm.Binary' ? `binary${quoted}` : text;
}
