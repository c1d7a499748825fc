import { ODataError } from '../errors.js';

/** A JSON value whose numbers are kept as text; structurally the JSON nodes of a request body fit, too. */
export type Json =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Json> };

/** Writes JSON without blanks. */
export function printJson(node: Json): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return JSON.stringify(node.value);
    case 'array':
      return `[${node.items.map(printJson).join(',')}]`;
    case 'object':
      return `{${[...node.members].map(([name, value]) => `${JSON.stringify(name)}:${printJson(value)}`).join(',')}}`;
  }
}

const token = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|(true|false|null))/y;
const maxDepth = 200;

/** Reads JSON that stands in the database; `JSON.parse` would round its numbers. */
export function readJson(text: string): Json {
  token.lastIndex = 0;
  return new Reader(text).document();
}

class Reader {
  private at = 0;
  private depth = 0;
  constructor(private readonly text: string) {}

  document(): Json {
    return this.value(this.next());
  }

  private next(): string {
    token.lastIndex = this.at;
    const match = token.exec(this.text);
    if (match === null) throw new ODataError('InternalError', 'A stored JSON text is damaged.');
    this.at = token.lastIndex;
    return match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
  }

  private value(first: string): Json {
    if (this.depth > maxDepth) throw new ODataError('InternalError', 'A stored JSON text is nested too deeply.');
    switch (first[0]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return { kind: 'string', value: String(JSON.parse(first)) };
      case 't':
      case 'f':
        return { kind: 'boolean', value: first === 'true' };
      case 'n':
        return { kind: 'null' };
      default:
        return { kind: 'number', text: first };
    }
  }

  private object(): Json {
    this.depth++;
    const members = new Map<string, Json>();
    for (let key = this.next(); key !== '}'; key = this.next()) {
      if (key === ',') continue;
      this.next();
      members.set(String(JSON.parse(key)), this.value(this.next()));
    }
    this.depth--;
    return { kind: 'object', members };
  }

  private array(): Json {
    this.depth++;
    const items: Json[] = [];
    for (let first = this.next(); first !== ']'; first = this.next()) if (first !== ',') items.push(this.value(first));
    this.depth--;
    return { kind: 'array', items };
  }
}
