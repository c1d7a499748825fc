import { ODataError } from '../errors.js';
import type { JsonNode } from './json.js';

/** What a JSON text may be at most. */
export interface JsonLimits {
  /** How deep arrays and objects nest; setting `bodyDepth`. */
  readonly depth: number;
  /** How many values it holds in all; setting `bodyNodes`. */
  readonly nodes: number;
}

/** The limits when nobody sets others. */
export const defaultJsonLimits: JsonLimits = { depth: 100, nodes: 200_000 };

/** A JSON text as nodes, every number as it was written. Throws MalformedBody, DuplicateMember, LimitExceeded. */
export function parseJson(body: string | Uint8Array, limits: JsonLimits = defaultJsonLimits): JsonNode {
  return new Reader(typeof body === 'string' ? body : decode(body), limits).document();
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ODataError('MalformedBody', 'The body is not valid UTF-8.');
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Descent over the text, a character at a time; depth is counted, so that no text exhausts the stack. */
class Reader {
  private at = 0;
  private nodes = 0;
  private readonly path: (string | number)[] = [];

  constructor(
    private readonly text: string,
    private readonly limits: JsonLimits,
  ) {}

  document(): JsonNode {
    this.space();
    if (this.at >= this.text.length)
      throw new ODataError('MalformedBody', 'The body is empty; a JSON value is expected.');
    const node = this.value(0);
    this.space();
    if (this.at < this.text.length) throw this.wrong('nothing more');
    return node;
  }

  private value(depth: number): JsonNode {
    if (++this.nodes > this.limits.nodes) throw this.tooMuch('values', this.limits.nodes, 'bodyNodes');
    const { at } = this;
    switch (this.text.charCodeAt(at)) {
      case 0x7b:
        return this.object(depth + 1);
      case 0x5b:
        return this.array(depth + 1);
      case 0x22:
        return { kind: 'string', value: this.string(), at };
      case 0x74:
        this.word('true');
        return { kind: 'boolean', value: true, at };
      case 0x66:
        this.word('false');
        return { kind: 'boolean', value: false, at };
      case 0x6e:
        this.word('null');
        return { kind: 'null', at };
      default:
        return { kind: 'number', text: this.number(), at };
    }
  }

  private object(depth: number): JsonNode {
    if (depth > this.limits.depth) throw this.tooMuch('levels', this.limits.depth, 'bodyDepth');
    const { at } = this;
    const members = new Map<string, JsonNode>();
    this.at++;
    this.space();
    if (this.taken(0x7d)) return { kind: 'object', members, at };
    do {
      this.space();
      if (this.text.charCodeAt(this.at) !== 0x22) throw this.wrong('a member name in double quotes');
      const name = this.string();
      this.path.push(name);
      if (members.has(name)) throw this.duplicate(name);
      this.space();
      if (!this.taken(0x3a)) throw this.wrong("':'");
      this.space();
      members.set(name, this.value(depth));
      this.path.pop();
      this.space();
    } while (this.taken(0x2c));
    if (!this.taken(0x7d)) throw this.wrong("',' or '}'");
    return { kind: 'object', members, at };
  }

  private array(depth: number): JsonNode {
    if (depth > this.limits.depth) throw this.tooMuch('levels', this.limits.depth, 'bodyDepth');
    const { at } = this;
    const items: JsonNode[] = [];
    this.at++;
    this.space();
    if (this.taken(0x5d)) return { kind: 'array', items, at };
    do {
      this.space();
      this.path.push(items.length);
      items.push(this.value(depth));
      this.path.pop();
      this.space();
    } while (this.taken(0x2c));
    if (!this.taken(0x5d)) throw this.wrong("',' or ']'");
    return { kind: 'array', items, at };
  }

  private string(): string {
    const { text } = this;
    const start = ++this.at;
    this.skipPlain();
    if (text.charCodeAt(this.at) === 0x22) return text.slice(start, this.at++);
    let value = text.slice(start, this.at);
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 0x22) {
        this.at++;
        return value;
      }
      if (code !== 0x5c) throw this.wrong(this.at < text.length ? 'an escaped control character' : "'\"'");
      value += this.escape();
      const from = this.at;
      this.skipPlain();
      value += text.slice(from, this.at);
    }
  }

  /** Over everything that stands for itself in a string. */
  private skipPlain(): void {
    const { text } = this;
    let { at } = this;
    for (;;) {
      const code = text.charCodeAt(at);
      // NaN, at the end, is not at least a blank either
      if (!(code >= 0x20) || code === 0x22 || code === 0x5c) break;
      at++;
    }
    this.at = at;
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.wrong('four hexadecimal digits after \\u');
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const value = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (value === undefined) throw this.wrong('one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u');
    this.at += 2;
    return value;
  }

  private number(): string {
    number.lastIndex = this.at;
    const match = number.exec(this.text);
    if (match === null) throw this.wrong('a JSON value');
    this.at = number.lastIndex;
    return match[0];
  }

  private word(word: string): void {
    if (!this.text.startsWith(word, this.at)) throw this.wrong('a JSON value');
    this.at += word.length;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private taken(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at++;
    return true;
  }

  private target(): string | null {
    return this.path.length === 0 ? null : this.path.join('/').slice(0, 200);
  }

  private duplicate(name: string): ODataError {
    const message = `The member '${name.slice(0, 60)}' stands twice in one object; keep one.`;
    return new ODataError('DuplicateMember', message, this.target());
  }

  private tooMuch(what: string, limit: number, setting: string): ODataError {
    const message = `The body has more than ${limit} ${what}; that is the limit of the setting '${setting}'.`;
    return new ODataError('LimitExceeded', message, null);
  }

  private wrong(expected: string): ODataError {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    const found = this.at < this.text.length ? 'something else' : 'the end';
    return new ODataError(
      'MalformedBody',
      `The body is not valid JSON: line ${line}, column ${column} should have ${expected}, but ${found} stands there.`,
      this.target(),
    );
  }
}

/** Nodes as compact JSON text; numbers as they were written. */
export function printJson(node: JsonNode): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return node.value ? 'true' : 'false';
    case 'number':
      return node.text;
    case 'string':
      return JSON.stringify(node.value);
    case 'array':
      return `[${node.items.map(printJson).join(',')}]`;
    case 'object':
      return `{${[...node.members].map(([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`).join(',')}}`;
  }
}
