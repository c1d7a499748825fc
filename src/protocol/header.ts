/** The pieces header values are made of (RFC 9110 5.6): lists, parameters, quoted strings. One pass, no backtracking. */

/** Splits at `separator`, except inside quoted strings; trims; drops empty elements (RFC 9110 5.6.1). */
export function splitList(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === undefined || (!quoted && character === separator)) {
      const part = text.slice(start, at).trim();
      if (part !== '') parts.push(part);
      start = at + 1;
    }
  }
  return parts;
}

/** `name`, `name=value`, `name="quoted value"`; the name in lower case, the value without its quotes or null. */
export interface Parameter {
  readonly name: string;
  readonly value: string | null;
}

/** One parameter or preference. Blanks around `=` are tolerated. */
export function parseParameter(text: string): Parameter {
  const mark = text.indexOf('=');
  if (mark < 0) return { name: text.trim().toLowerCase(), value: null };
  return { name: text.slice(0, mark).trim().toLowerCase(), value: unquote(text.slice(mark + 1).trim()) };
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const end = text.endsWith('"') && text.length > 1 ? text.length - 1 : text.length;
  let plain = '';
  for (let at = 1; at < end; at++) {
    if (text[at] === '\\') at++;
    plain += text[at] ?? '';
  }
  return plain;
}

/** `text` as a quoted string (RFC 9110 5.6.4). */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
