import { type Cursor, separated } from './cursor.js';
import { value } from './json.js';
import { literal } from './literal.js';
import type { Arguments, Expression, NamedArgument } from './syntax.js';

/** `(a=1,b=2)`, `(1)`, `()` within an expression: any expression may be given      URL 4.3, 4.5.2 */
export function argumentList(input: Cursor): Arguments {
  return list(input, value, true);
}

/** The same within a resource path: literals and parameter aliases only, and no blanks around a key      URL 4.3, 4.5.2 */
export function pathArguments(input: Cursor): Arguments {
  return list(input, literalOrAlias, false);
}

function list(input: Cursor, rule: (input: Cursor) => Expression, blanks: boolean): Arguments {
  input.expect('(');
  const before = input.position;
  input.blanks();
  if (input.take(')')) return { kind: 'named', values: [] };
  const start = input.position;
  const isNamed = input.qualified() !== null && input.code === 61;
  input.position = isNamed || blanks ? start : before;
  const values: Arguments = isNamed
    ? { kind: 'named', values: separated(input, () => namedArgument(input, rule)) }
    : { kind: 'positional', values: separated(input, rule) };
  if (isNamed || blanks) input.blanks();
  input.expect(')');
  return values;
}

function namedArgument(input: Cursor, rule: (input: Cursor) => Expression): NamedArgument {
  const at = input.node();
  const name = input.identifier() ?? input.fail('a parameter name');
  input.expect('=');
  return { name, value: rule(input), at };
}

function literalOrAlias(input: Cursor): Expression {
  const start = input.position;
  if (input.code !== 64) return literal(input) ?? input.fail('a literal or a parameter alias');
  input.position++;
  const name = input.identifier() ?? input.fail('the name of an alias');
  return { kind: 'alias', name, at: input.node(start) };
}
