import type { Cursor } from './cursor.js';
import { quotedText } from './literal.js';
import type { SearchExpression } from './syntax.js';

/** searchExpr: OR of ANDs, a blank means AND; chains are flat      URL 5.1.8 */
export function search(input: Cursor): SearchExpression {
  input.blanks();
  const start = input.position;
  const incomplete = quotedText(input);
  if (incomplete !== null) return { kind: 'phrase', text: incomplete, at: input.node(start) };
  const found = any(input);
  input.blanks();
  return found;
}

function flat(operator: 'and' | 'or', operands: SearchExpression[]): SearchExpression {
  const [first] = operands;
  return operands.length === 1 && first ? first : { kind: 'junction', operator, operands, at: first?.at ?? 0 };
}

function any(input: Cursor): SearchExpression {
  input.enter();
  const operands = [all(input)];
  while (operator(input, 'OR')) operands.push(all(input));
  input.leave();
  return flat('or', operands);
}

function all(input: Cursor): SearchExpression {
  const operands = [one(input)];
  for (;;) {
    const start = input.position;
    if (!operator(input, 'AND') && (operator(input, 'OR') || !input.blanks() || !begins(input))) {
      input.position = start;
      return flat('and', operands);
    }
    operands.push(one(input));
  }
}

/** An operator stands between blanks, with something behind it that it can work on. */
function operator(input: Cursor, text: 'AND' | 'OR'): boolean {
  const start = input.position;
  if (!input.blanks()) return false;
  if (input.take(text) && input.blanks() && begins(input)) return true;
  input.position = start;
  return false;
}

/** Whether an expression can begin here. */
function begins(input: Cursor): boolean {
  return input.code === 40 || input.code === 34 || inWord(input, input.position);
}

const phrase = /"(?:[^"\\]|\\.)+"/suy;

function one(input: Cursor): SearchExpression {
  const { position: start, code } = input;
  if (code === 40) {
    input.position++;
    input.blanks();
    const inner = any(input);
    input.blanks();
    input.expect(')');
    return inner;
  }
  const at = input.node();
  if (code === 34) {
    const found = input.match(phrase);
    if (found !== null) return { kind: 'phrase', text: found.slice(1, -1).replace(/\\(.)/gsu, '$1'), at };
    if (input.text.charCodeAt(start + 1) !== 34) input.position = input.text.length;
    return input.fail('a closing "');
  }
  if (input.take('NOT')) {
    if (input.blanks() && begins(input)) return { kind: 'not', operand: input.nested(() => one(input)), at };
    input.position = start;
  }
  return { kind: 'word', text: searchWord(input), at };
}

/** A word may hold single quotes, but not begin with one. */
function searchWord(input: Cursor): string {
  const start = input.position;
  let at = start;
  if (input.code !== 39) while (inWord(input, at)) at++;
  if (at === start) input.fail('a word');
  input.position = at;
  return input.text.slice(start, at);
}

const blank = /\s/;

/** Anything but white space, parentheses, double quotes and `;`, which may stand there percent-encoded (ABNF searchWord). */
function inWord(input: Cursor, position: number): boolean {
  const code = input.text.charCodeAt(position);
  if (code > 59 && code < 128) return true;
  if (code === 40 || code === 41 || code === 34) return false;
  if (code === 59) return input.isEncoded(position);
  return code > 32 && (code < 128 || !blank.test(input.text.charAt(position)));
}
