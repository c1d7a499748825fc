import { RE2JS } from 're2js';

/** A compiled pattern. */
export type Pattern = ReturnType<typeof RE2JS.compile>;

/** White space and line ends of ECMAScript, as ranges of code points (ECMA-262, WhiteSpace and LineTerminator). */
const white: readonly (readonly [number, number])[] = [
  [0x9, 0xd],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const range = (from: number, to: number) => `\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`;
const space = white.map(([from, to]) => range(from, to)).join('');
const other = white
  .map(([from], index) => range((white[index - 1]?.[1] ?? -1) + 1, from - 1))
  .concat(range(0xff00, 0x10ffff))
  .join('');

/**
 * A pattern of ECMAScript (URL 5.1.1.7.1) in an engine that takes linear time. Where both spell something otherwise it is translated:
 * white space, the point, code points. Throws what the engine throws for what it does not know, backreferences and looking around among it.
 */
export function compilePattern(pattern: string): Pattern {
  let inClass = false;
  const translated = pattern.replace(
    /\\u\{([0-9a-f]+)\}|\\u([0-9a-f]{4})(?:\\u([0-9a-f]{4}))?|\\.|[[\].]/gisu,
    (token, point?: string, high?: string, low?: string) => {
      if (token === '[') inClass = true;
      if (token === ']') inClass = false;
      if (point !== undefined) return `\\x{${point}}`;
      if (high !== undefined) return [...codePoints(high, low)].map((code) => `\\x{${code.toString(16)}}`).join('');
      if (token === '.') return inClass ? token : '[^\\n\\r\\x{2028}\\x{2029}]';
      if (token === '\\s') return inClass ? space : `[${space}]`;
      if (token === '\\S') return inClass ? other : `[${other}]`;
      return inClass && token === '\\b' ? '\\x{8}' : token;
    },
  );
  return RE2JS.compile(RE2JS.translateRegExp(translated));
}

/** One or two code points: two halves of a surrogate pair are one. */
function codePoints(high: string, low: string | undefined): Iterable<number> {
  const units = [high, ...(low === undefined ? [] : [low])].map((digits) => Number.parseInt(digits, 16));
  return [...String.fromCharCode(...units)].map((character) => character.codePointAt(0) ?? 0);
}
