import { ODataError } from '../errors.js';

/** The error of everything that is not well-formed: option, what was expected, where, and what was found. */
export function malformed(target: string, expected: string, at: number, found: string): ODataError {
  const code = target === 'path' || target === 'context' ? 'MalformedUrl' : 'MalformedQueryOption';
  return new ODataError(code, `${target}: expected ${expected} at ${at}, found ${found}`, target);
}

const brokenEscape = /%(?![0-9A-Fa-f]{2})/;
const escapes = /(?:%[0-9A-Fa-f]{2})+/g;

/** Decodes percent escapes once (URL 2.1); refuses malformed escapes, invalid UTF-8 and NUL. `base`: where `text` begins. */
export function decode(text: string, target: string, base = 0): string {
  if (!text.includes('%')) return text;
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw malformed(target, 'percent-encoded UTF-8', base + badEscape(text), 'a malformed escape');
  }
  if (decoded.includes('\0')) throw malformed(target, 'no NUL character', base + text.indexOf('%00'), 'one');
  return decoded;
}

/** Refuses texts that no URL can be: with halves of surrogate pairs, or NUL. */
export function requireText(text: string, target: string): void {
  if (!text.isWellFormed())
    throw malformed(target, 'Unicode', text.search(/\p{Surrogate}/u), 'half of a surrogate pair');
  const at = text.indexOf('\0');
  if (at >= 0) throw malformed(target, 'no NUL character', at, 'one');
}

/** Where the first escape, or run of escapes, stands that cannot be decoded. */
function badEscape(text: string): number {
  const broken = text.search(brokenEscape);
  for (const run of text.matchAll(escapes)) {
    if (broken >= 0 && run.index > broken) break;
    try {
      decodeURIComponent(run[0]);
    } catch {
      return run.index;
    }
  }
  return broken;
}

/** For every UTF-16 unit of the decoded text, where it began in the raw text. */
export function offsetsOf(raw: string): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < raw.length; ) {
    offsets.push(at);
    if (raw[at] !== '%') {
      at++;
      continue;
    }
    const lead = Number.parseInt(raw.slice(at + 1, at + 3), 16);
    if (lead >= 0xf0) offsets.push(at);
    at += lead < 0x80 ? 3 : lead < 0xe0 ? 6 : lead < 0xf0 ? 9 : 12;
  }
  offsets.push(raw.length);
  return offsets;
}
