/** The language of the room `payload`: a JSON text with exact numbers and positions. Nothing here is a plain object, so no name is special. */
export type JsonNode = JsonNull | JsonBoolean | JsonNumber | JsonString | JsonArray | JsonObject;

interface Node {
  /** Offset of the first character in the text. */
  readonly at: number;
}
export interface JsonNull extends Node {
  readonly kind: 'null';
}
export interface JsonBoolean extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}
/** The number as it was written; no digit is lost. */
export interface JsonNumber extends Node {
  readonly kind: 'number';
  readonly text: string;
}
export interface JsonString extends Node {
  readonly kind: 'string';
  readonly value: string;
}
export interface JsonArray extends Node {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
}
export interface JsonObject extends Node {
  readonly kind: 'object';
  /** In document order. */
  readonly members: ReadonlyMap<string, JsonNode>;
}
