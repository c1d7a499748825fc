import { type Cursor, malformed } from './cursor.js';
import { quotedText } from './literal.js';
import type { SearchExpression } from './syntax.js';

const word = /[^\s()";']?[^\s()";]+|[^\s()";']/uy;
const phrase = /"(?:[^"\\]|\\.)+"/suy;

/** searchExpr: OR of ANDs, a blank means AND; chains are flat      URL 5.1.8 */
export function search(input: Cursor): SearchExpression {
  input.blanks();
  const at = input.node();
  const literalText = quotedText(input);
  if (literalText !== null) return { kind: 'phrase', text: literalText, at };
  const found = input.nested(() => any(input));
  input.blanks();
  return found;
}

function flat(operator: 'and' | 'or', operands: SearchExpression[]): SearchExpression {
  const [first] = operands;
  return operands.length === 1 && first ? first : { kind: 'junction', operator, operands, at: first?.at ?? 0 };
}

function any(input: Cursor): SearchExpression {
  const operands = [all(input)];
  while (operator(input, 'OR')) operands.push(all(input));
  return flat('or', operands);
}

function all(input: Cursor): SearchExpression {
  const operands = [one(input)];
  for (;;) {
    const start = input.position;
    if (operator(input, 'AND')) operands.push(one(input));
    else if (operator(input, 'OR')) {
      input.position = start;
      return flat('and', operands);
    } else if (input.blanks() && !input.done && !/[);]/.test(input.text[input.position] ?? ''))
      operands.push(one(input));
    else {
      input.position = start;
      return flat('and', operands);
    }
  }
}

/** An operator stands between blanks, with something behind it. */
function operator(input: Cursor, text: 'AND' | 'OR'): boolean {
  const start = input.position;
  if (input.blanks() && input.take(text) && input.blanks() && !input.done && !input.peek(')')) return true;
  input.position = start;
  return false;
}

function one(input: Cursor): SearchExpression {
  const at = input.node();
  if (input.match(/NOT[ \t]+(?=[^\s);])/y) !== null)
    return { kind: 'not', operand: input.nested(() => one(input)), at };
  if (input.take('(')) {
    input.blanks();
    const inner = input.nested(() => any(input));
    input.blanks();
    input.expect(')');
    return inner;
  }
  const quoted = input.match(phrase);
  if (quoted !== null) return { kind: 'phrase', text: quoted.slice(1, -1).replace(/\\(.)/gsu, '$1'), at };
  if (input.peek("'")) throw malformed(input.target, 'a word', input.at(), "'''");
  const text = input.match(word) ?? input.fail('a word');
  return { kind: 'word', text, at };
}
