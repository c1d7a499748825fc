import { type Cursor, isDigit, isLetter } from './cursor.js';
import { numberSuffix } from './lenient.js';
import type { Literal, LiteralForm } from './syntax.js';

const end = '(?![\\p{L}\\p{N}_])';
const day = '-?(?:0\\d{3}|[1-9]\\d{3,8})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d';
/** Literals that begin like a number, most specific first (ABNF primitiveLiteral). */
const forms: readonly (readonly [LiteralForm, RegExp])[] = [
  ['guid', new RegExp(`[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}${end}`, 'uy')],
  [
    'dateTimeOffset',
    new RegExp(
      `${day}[Tt]${time}(?::(?:[0-5]\\d|60)(?:\\.\\d{1,12})?)?(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)${end}`,
      'uy',
    ),
  ],
  ['date', new RegExp(`${day}${end}`, 'uy')],
  ['timeOfDay', new RegExp(`${time}(?::(?:[0-5]\\d|60)(?:\\.\\d{1,12})?)?${end}`, 'uy')],
];
const words: ReadonlyMap<string, LiteralForm> = new Map<string, LiteralForm>([
  ['null', 'null'],
  ['NaN', 'double'],
  ['INF', 'double'],
]);
const prefixes: ReadonlyMap<string, LiteralForm> = new Map<string, LiteralForm>([
  ['duration', 'duration'],
  ['binary', 'binary'],
  ['geography', 'geography'],
  ['geometry', 'geometry'],
]);
const geo = /^SRID=\d{1,5};[A-Z]+\([-+0-9E., ()A-Z]*\)$/i;
const contents: Partial<Record<LiteralForm, RegExp>> = {
  duration: /^-?P(?=\d|T)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/i,
  binary: /^(?:[\w-]{4})*(?:[\w-]{2}[AEIMQUYcgkosw048]=?|[\w-][AQgw](?:==)?)?$/,
  geography: geo,
  geometry: geo,
  enum: /^(?:[+-]?\d+|[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*)(?:,(?:[+-]?\d+|[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*))*$/u,
};

function make(input: Cursor, form: LiteralForm, text: string, start: number, type: string | null = null): Literal {
  return { kind: 'literal', form, text, type, at: input.node(start) };
}

/** SQUOTE *( any / SQUOTE SQUOTE ) SQUOTE, unescaped; null when no quote stands here (URL 5.1.1.14). */
export function quotedText(input: Cursor): string | null {
  if (input.code !== 39) return null;
  const start = input.position + 1;
  let doubled = false;
  let end = input.text.indexOf("'", start);
  while (end >= 0 && input.text.charCodeAt(end + 1) === 39) {
    doubled = true;
    end = input.text.indexOf("'", end + 2);
  }
  input.position = end < 0 ? input.text.length : end + 1;
  if (end < 0) input.fail("a closing '");
  const text = input.text.slice(start, end);
  return doubled ? text.replaceAll("''", "'") : text;
}

/** primitiveLiteral; null when what stands here is none. */
export function literal(input: Cursor): Literal | null {
  const start = input.position;
  const { code } = input;
  if (code === 39) return make(input, 'string', quotedText(input) ?? '', start);
  if (isDigit(code) || code === 45 || code === 43) return numberLike(input);
  if (!isLetter(code) && !(code > 127)) return null;
  const name = input.qualified();
  const found = name === null ? null : namedLiteral(input, name, start);
  if (found === null) input.position = start;
  return found;
}

/**
 * The literal that begins with `name`, which has just been read from `start`: `true`, `INF`, a guid, `duration'…'`, `NS.Color'Red'`;
 * null when it is none, and the cursor stays behind the name.
 */
export function namedLiteral(input: Cursor, name: string, start: number): Literal | null {
  const { code } = input;
  if (code === 39) return prefixed(input, name, start);
  if (code === 45 && name.length === 8) return special(input, start);
  if (code === 40 || code === 47) return null;
  const { length } = name;
  if (length < 3 || length > 5) return null;
  const form = words.get(name);
  if (form !== undefined) return make(input, form, name, start);
  const lower = name.toLowerCase();
  return lower === 'true' || lower === 'false' ? make(input, 'boolean', lower, start) : null;
}

function prefixed(input: Cursor, name: string, start: number): Literal {
  const form = name.includes('.') ? 'enum' : prefixes.get(name.toLowerCase());
  if (form === undefined) return failAt(input, start, 'duration, binary, geography or geometry before a quote');
  const inside = input.position + 1;
  const text = quotedText(input) ?? '';
  if (contents[form]?.test(text)) return make(input, form, text, start, form === 'enum' ? name : null);
  input.position = inside;
  return input.fail(`a value of ${form === 'enum' ? 'that type' : form}`);
}

/** A guid, date or time; null, and back at `start`, when it is none of them. */
function special(input: Cursor, start: number): Literal | null {
  const { position: before, text } = input;
  input.position = start;
  for (const [form, pattern] of forms) {
    const found = input.match(pattern);
    if (found !== null) return make(input, form, found, start);
  }
  const agreeing = guidLength(text.slice(start, start + 36));
  if (agreeing > 8) failAt(input, start + agreeing, 'a guid');
  input.position = before;
  return null;
}

const guidForm = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';

/** How much of a text agrees with the form of a guid. */
function guidLength(text: string): number {
  const wrong = [...text].findIndex((digit, index) =>
    guidForm[index] === '-' ? digit !== '-' : !/[0-9A-Fa-f]/.test(digit),
  );
  return wrong < 0 ? text.length : wrong;
}

/** Digits with an optional sign, and everything that begins so. */
function numberLike(input: Cursor): Literal | null {
  const start = input.position;
  const { text } = input;
  const first = isDigit(text.charCodeAt(start)) ? start : start + 1;
  let at = digits(text, first);
  if (at === first) return text.startsWith('-INF', start) ? minusInfinity(input, start) : null;
  const next = text.charCodeAt(at);
  if (next === 45 || next === 58 || (isLetter(next) && text.charCodeAt(start + 8) === 45)) {
    const found = special(input, start);
    if (found !== null) return found;
  }
  let form: LiteralForm = 'integer';
  if (text.charCodeAt(at) === 46) {
    const fraction = at + 1;
    at = digits(text, fraction);
    if (at === fraction) return failAt(input, at, 'a digit');
    form = 'decimal';
  }
  if ((text.charCodeAt(at) | 32) === 101) {
    const sign = text.charCodeAt(at + 1);
    const exponent = sign === 43 || sign === 45 ? at + 2 : at + 1;
    const behind = digits(text, exponent);
    if (behind > exponent) {
      at = behind;
      form = 'double';
    }
  }
  input.position = at;
  const found = make(input, form, text.slice(start, at), start);
  if (isLetter(text.charCodeAt(at))) numberSuffix(input);
  return found;
}

function digits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function minusInfinity(input: Cursor, start: number): Literal | null {
  input.position = start + 1;
  if (input.qualified() === 'INF' && input.code !== 40 && input.code !== 47)
    return make(input, 'double', '-INF', start);
  input.position = start;
  return null;
}

function failAt(input: Cursor, position: number, expected: string): never {
  input.position = position;
  return input.fail(expected);
}
