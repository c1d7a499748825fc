import type { Cursor } from './cursor.js';
import { numberSuffix } from './lenient.js';
import type { Literal, LiteralForm } from './syntax.js';

const end = '(?![\\p{L}\\p{N}_])';
/** Literals that begin with a digit, a sign or a hexadecimal digit, most specific first (ABNF primitiveLiteral). */
const forms: readonly (readonly [LiteralForm, RegExp])[] = [
  ['guid', new RegExp(`[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}${end}`, 'uy')],
  [
    'dateTimeOffset',
    new RegExp(
      `-?(?:0\\d{3}|[1-9]\\d{3,8})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])[Tt](?:[01]\\d|2[0-3]):[0-5]\\d(?::(?:[0-5]\\d|60)(?:\\.\\d{1,12})?)?(?:[Zz]|[+-](?:0\\d|1[0-4]):[0-5]\\d)${end}`,
      'uy',
    ),
  ],
  ['date', new RegExp(`-?(?:0\\d{3}|[1-9]\\d{3,8})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])${end}`, 'uy')],
  ['timeOfDay', new RegExp(`(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,12})?)?${end}`, 'uy')],
  ['double', /[+-]?(?:\d+(?:\.\d+)?[eE][+-]?\d+|INF(?![\p{L}\p{N}_.(/']))|NaN(?![\p{L}\p{N}_.(/'])/uy],
  ['decimal', /[+-]?\d+\.\d+/y],
  ['integer', /[+-]?\d+/y],
];
const wordForm = /(?:true|false|null)(?![\p{L}\p{N}_.(/'])/iuy;
const prefixed = /(?:duration|binary|geography|geometry)'/iy;
const quoted = /'(?:[^']|'')*'/y;
const enumeration = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*(?:\.[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*)+(?=')/uy;
const contents: Partial<Record<LiteralForm, RegExp>> = {
  duration: /^[+-]?P(?=\d|T)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/i,
  binary: /^(?:[\w-]{4})*(?:[\w-]{2}=?|[\w-]{3}|[\w-]=?=?)?=?$/,
  geography: /^SRID=\d{1,5};[A-Za-z]+\([-+0-9eE., ()A-Za-z]*\)$/i,
  geometry: /^SRID=\d{1,5};[A-Za-z]+\([-+0-9eE., ()A-Za-z]*\)$/i,
  enum: /^(?:-?\d+|[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*)(?:,(?:-?\d+|[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*))*$/u,
};

/** SQUOTE *( any / SQUOTE SQUOTE ) SQUOTE, unescaped; null when no quote stands here (URL 5.1.1.14). */
export function quotedText(input: Cursor): string | null {
  if (!input.peek("'")) return null;
  const found = input.match(quoted);
  if (found === null) {
    input.position = input.text.length;
    input.fail("a closing '");
  }
  return found.slice(1, -1).replaceAll("''", "'");
}

/** primitiveLiteral; null when what stands here is none. */
export function literal(input: Cursor): Literal | null {
  const start = input.position;
  const make = (form: LiteralForm, text: string, type: string | null = null): Literal => ({
    kind: 'literal',
    form,
    text,
    type,
    at: input.node(start),
  });
  const code = input.text.charCodeAt(start);
  if (code === 39) return make('string', quotedText(input) ?? '');
  const hex = (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
  if (hex || code === 43 || code === 45 || code === 73 || code === 78) {
    for (const [form, pattern] of forms) {
      const text = input.match(pattern);
      if (text === null) continue;
      if (form === 'decimal' || form === 'integer' || form === 'double') numberSuffix(input);
      return make(form, text);
    }
  }
  const word = input.match(wordForm);
  if (word !== null) {
    if (word === 'null') return make('null', 'null');
    if (word.toLowerCase() !== 'null') return make('boolean', word.toLowerCase());
    input.position = start;
  }
  const prefix = input.match(prefixed);
  const type = prefix === null ? input.match(enumeration) : null;
  if (prefix === null && type === null) return null;
  if (prefix !== null) input.position--;
  const inside = input.position + 1;
  const text = quotedText(input) ?? '';
  const form =
    prefix === null
      ? 'enum'
      : (['duration', 'binary', 'geography', 'geometry'] as const).find((f) => `${f}'` === prefix.toLowerCase());
  if (form && contents[form]?.test(text)) return make(form, text, type);
  input.position = inside;
  input.fail(`a value of ${form ?? 'that type'}`);
}
