import { Malformed, maximumDepth, type Source } from './element.js';
import type { Position } from './model.js';

/** JSON with the place of every value; numbers keep their text, members their order. */
export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[]; readonly at: Position }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[]; readonly at: Position }
  | { readonly kind: 'string' | 'number'; readonly text: string; readonly at: Position }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: Position }
  | { readonly kind: 'null'; readonly at: Position };

/** One member of an object. */
export interface JsonMember {
  readonly name: string;
  readonly value: JsonNode;
  readonly at: Position;
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const space = /[ \t\r\n]*/y;

/** JSON text to nodes (RFC 8259). Throws Malformed, for duplicate member names too. */
export function parseJsonText(source: Source): JsonNode {
  const input = new Cursor(source);
  input.space();
  const value = input.value(0);
  input.space();
  if (!input.ended()) throw input.malformed('There is text after the end of the JSON value.');
  return value;
}

class Cursor {
  private offset = 0;
  private line = 1;
  private lineStart = 0;

  constructor(private readonly source: Source) {
    if (source.text.startsWith('\uFEFF')) this.offset = 1;
  }

  ended(): boolean {
    return this.offset >= this.source.text.length;
  }

  at(): Position {
    const { text, file } = this.source;
    for (
      let next = text.indexOf('\n', this.lineStart);
      next !== -1 && next < this.offset;
      next = text.indexOf('\n', this.lineStart)
    ) {
      this.line++;
      this.lineStart = next + 1;
    }
    return { file, line: this.line, column: this.offset - this.lineStart + 1 };
  }

  malformed(message: string, code = 'json-malformed'): Malformed {
    return new Malformed(code, `The JSON is not well-formed: ${message}`, this.at());
  }

  space(): void {
    this.match(space);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.source.text)?.[0];
    if (found === undefined) return null;
    this.offset += found.length;
    return found;
  }

  private take(character: string): boolean {
    if (this.source.text[this.offset] !== character) return false;
    this.offset++;
    return true;
  }

  value(depth: number): JsonNode {
    if (depth > maximumDepth)
      throw this.malformed(`Values lie deeper than ${maximumDepth} levels in each other.`, 'too-deep');
    const at = this.at();
    switch (this.source.text[this.offset]) {
      case '{':
        return this.object(at, depth);
      case '[':
        return this.array(at, depth);
      case '"':
        return { kind: 'string', text: this.string(), at };
      case 't':
      case 'f':
      case 'n':
        return this.word(at);
      default: {
        const text = this.match(number);
        if (text === null) throw this.malformed('A value is expected here.');
        return { kind: 'number', text, at };
      }
    }
  }

  private word(at: Position): JsonNode {
    for (const word of ['true', 'false', 'null']) {
      if (!this.source.text.startsWith(word, this.offset)) continue;
      this.offset += word.length;
      return word === 'null' ? { kind: 'null', at } : { kind: 'boolean', value: word === 'true', at };
    }
    throw this.malformed('A value is expected here.');
  }

  private string(): string {
    const text = this.match(string);
    if (text === null) throw this.malformed('This string is not closed, or holds a character that must be escaped.');
    return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
  }

  private array(at: Position, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.offset++;
    this.space();
    if (this.take(']')) return { kind: 'array', items, at };
    do {
      this.space();
      items.push(this.value(depth + 1));
      this.space();
    } while (this.take(','));
    if (!this.take(']')) throw this.malformed("',' or ']' is expected here.");
    return { kind: 'array', items, at };
  }

  private object(at: Position, depth: number): JsonNode {
    const members: JsonMember[] = [];
    const names = new Set<string>();
    this.offset++;
    this.space();
    if (this.take('}')) return { kind: 'object', members, at };
    do {
      this.space();
      const place = this.at();
      if (this.source.text[this.offset] !== '"') throw this.malformed('A member name is expected here.');
      const name = this.string();
      if (names.has(name)) throw new Malformed('duplicate-member', `The member '${name}' is stated twice.`, place);
      names.add(name);
      this.space();
      if (!this.take(':')) throw this.malformed("':' is expected here.");
      this.space();
      members.push({ name, value: this.value(depth + 1), at: place });
      this.space();
    } while (this.take(','));
    if (!this.take('}')) throw this.malformed("',' or '}' is expected here.");
    return { kind: 'object', members, at };
  }
}
