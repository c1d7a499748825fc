/** JSON to be written: objects are maps, so that any name may be a member; numbers are text, so that none loses digits. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;
/** An object in order of its members. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** A number as text. */
export interface JsonNumber {
  readonly number: string;
}

/** JSON text, two blanks per level. */
export function printJson(value: JsonValue, indent = ''): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if ('number' in value) return value.number;
  const inner = `${indent}  `;
  if (value instanceof Map) {
    if (value.size === 0) return '{}';
    const members = [...(value as JsonObject)].map(
      ([name, member]) => `${inner}${JSON.stringify(name)}: ${printJson(member, inner)}`,
    );
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  const items = (value as readonly JsonValue[]).map((item) => `${inner}${printJson(item, inner)}`);
  return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`;
}
