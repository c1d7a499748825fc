import { ODataError } from '../errors.js';

/** Stored JSON taken apart as far as objects and arrays; single values stay as they were written, so that no digit is lost. */
export type StoredJson =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, StoredJson> }
  | { readonly kind: 'array'; readonly items: readonly StoredJson[] }
  | { readonly kind: 'raw'; readonly text: string };

/** What nests deeper was not written by us. */
const maxDepth = 1000;

const token = /[\s,:]*(?:([{}[\]])|("(?:[^"\\]|\\.)*")|([^\s,:{}[\]"]+))/y;

/** Takes stored JSON apart. The database only holds valid JSON; anything else is InternalError. */
export function readStored(text: string): StoredJson {
  let at = 0;
  const next = (): string => {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) throw new ODataError('InternalError', 'A stored JSON value is damaged.');
    at = token.lastIndex;
    return match[1] ?? match[2] ?? match[3] ?? '';
  };
  const value = (first: string, depth: number): StoredJson => {
    if (depth > maxDepth) throw new ODataError('InternalError', 'A stored JSON value nests too deep.');
    if (first === '[') {
      const items: StoredJson[] = [];
      for (let part = next(); part !== ']'; part = next()) items.push(value(part, depth + 1));
      return { kind: 'array', items };
    }
    if (first !== '{') return { kind: 'raw', text: first };
    const members = new Map<string, StoredJson>();
    for (let name = next(); name !== '}'; name = next()) members.set(unquoted(name), value(next(), depth + 1));
    return { kind: 'object', members };
  };
  return value(next(), 0);
}

/** The string that a quoted text stands for. */
export function unquoted(text: string): string {
  if (!text.startsWith('"')) throw new ODataError('InternalError', 'A stored JSON value is damaged.');
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** Back to text, compact. */
export function printStored(json: StoredJson): string {
  switch (json.kind) {
    case 'raw':
      return json.text;
    case 'array':
      return `[${json.items.map(printStored).join(',')}]`;
    case 'object':
      return printMembers([...json.members].map(([name, member]) => [name, printStored(member)]));
  }
}

/** An object from members that are JSON text. */
export function printMembers(members: Iterable<readonly [string, string]>): string {
  return `{${[...members].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}
