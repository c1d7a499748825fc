import { ODataError } from '../errors.js';
import { type Cursor, comma, separated } from './cursor.js';
import { expression } from './expression.js';
import { literal } from './literal.js';
import type { Expression, ListExpression, ObjectExpression } from './syntax.js';

/** array = "[" [ value *( "," value ) ] "]"      URL 5.1.1.14 */
export function array(input: Cursor): ListExpression {
  const at = input.node();
  input.expect('[');
  input.blanks();
  const items = input.code === 93 ? [] : separated(input, value);
  input.blanks();
  input.expect(']');
  return { kind: 'list', items, at };
}

/** object = "{" [ string ":" value *( "," string ":" value ) ] "}" */
export function object(input: Cursor): ObjectExpression {
  const at = input.node();
  input.expect('{');
  input.blanks();
  const members = input.code === 125 ? [] : separated(input, member);
  input.blanks();
  input.expect('}');
  return { kind: 'object', members, at };
}

function member(input: Cursor): readonly [string, Expression] {
  const key = jsonText(input);
  input.blanks();
  input.expect(':');
  input.blanks();
  return [key, value(input)];
}

/** A JSON string, or an expression: an item of an array, a member of an object, the value of a parameter or an alias. */
export function value(input: Cursor): Expression {
  if (input.code !== 34) return expression(input);
  const at = input.node();
  return { kind: 'literal', form: 'string', text: jsonText(input), type: null, at };
}

function jsonText(input: Cursor): string {
  const start = input.position;
  if (input.code !== 34) input.fail('a JSON string');
  let end = start + 1;
  for (let code = input.text.charCodeAt(end); code !== 34; code = input.text.charCodeAt(end)) {
    if (Number.isNaN(code)) {
      input.position = input.text.length;
      input.fail('a closing "');
    }
    end += code === 92 ? 2 : 1;
  }
  try {
    const text = String(JSON.parse(input.text.slice(start, end + 1)));
    if (notText.test(text)) input.fail('a JSON string without NUL and halves of surrogate pairs');
    input.position = end + 1;
    return text;
  } catch (error) {
    if (error instanceof ODataError) throw error;
    return input.fail('a JSON string');
  }
}

const notText = /[\0\p{Surrogate}]/u;

/**
 * listExpr, which stands behind `in` only: "(" [ literal *( "," literal ) ] ")". Null when what stands here is one expression
 * in parentheses (URL 5.1.1.1.11).
 */
export function literalList(input: Cursor): ListExpression | null {
  const start = input.position;
  const { nodes } = input.budget;
  const at = input.node();
  input.expect('(');
  input.blanks();
  if (input.take(')')) return { kind: 'list', items: [], at };
  const first = literal(input);
  const more = first !== null && comma(input);
  if (first !== null && !more) input.blanks();
  if (first === null || (!more && input.code !== 41)) {
    input.position = start;
    input.budget.nodes = nodes;
    return null;
  }
  const rest = more ? separated(input, (item) => literal(item) ?? item.fail('a literal')) : [];
  input.blanks();
  input.expect(')');
  return { kind: 'list', items: [first, ...rest], at };
}
