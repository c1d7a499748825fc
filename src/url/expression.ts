import { aggregateFunction } from './apply.js';
import { type Cursor, separated } from './cursor.js';
import { typeInQuotes } from './lenient.js';
import { literal } from './literal.js';
import { queryOptions } from './options.js';
import type {
  Arguments,
  BinaryOperator,
  Case,
  Expression,
  ListExpression,
  NamedArgument,
  ObjectExpression,
  Path,
  PathSegment,
} from './syntax.js';

/** Names of the canonical functions (URL 5.1.1.4 to 5.1.1.11); `cast`, `isof` and `case` have rules of their own. */
const canonical = new Set(
  `concat contains endswith indexof length startswith substring hassubset hassubsequence matchespattern tolower toupper trim
  day date fractionalseconds hour maxdatetime mindatetime minute month now second time totaloffsetminutes totalseconds year
  ceiling floor round geo.distance geo.intersects geo.length isdefined`.split(/\s+/),
);
/** Binary operators by how tightly they bind (URL 5.1.1.17). */
const strength: ReadonlyMap<string, number> = new Map(
  Object.entries({
    eq: 1,
    ne: 1,
    gt: 2,
    ge: 2,
    lt: 2,
    le: 2,
    add: 3,
    sub: 3,
    mul: 4,
    div: 4,
    divby: 4,
    mod: 4,
    has: 5,
    in: 5,
  }),
);
const identifier = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}/uy;
const qualified =
  /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*(?:\.[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*)*/uy;
const operatorWord = /[a-z]+(?=[ \t])/iy;
const roots = /\$(?:it|this|root|these)(?![\w$])/y;

/** odataIdentifier */
export function name(input: Cursor, expected = 'a name'): string {
  return input.match(identifier) ?? input.fail(expected);
}

/** commonExpr = conjunction *( RWS "or" RWS conjunction )      URL 5.1.1.1 */
export function expression(input: Cursor): Expression {
  return input.nested(() => junction(input, 'or', () => junction(input, 'and', () => binary(input, 0))));
}

function junction(input: Cursor, operator: 'and' | 'or', operand: () => Expression): Expression {
  const first = operand();
  if (!joined(input, operator)) return first;
  const operands = [first];
  do operands.push(operand());
  while (joined(input, operator));
  input.node();
  return { kind: 'junction', operator, operands, at: first.at };
}

function joined(input: Cursor, operator: string): boolean {
  const found = input.word(operator);
  if (found && !input.blanks()) input.fail('a blank');
  return found;
}

/** Left-associative chains by precedence; a long chain is a deep tree, so it counts as nesting. */
function binary(input: Cursor, minimum: number): Expression {
  let left = unary(input);
  let levels = 0;
  for (;;) {
    const start = input.position;
    const operator = input.blanks() ? input.match(operatorWord)?.toLowerCase() : undefined;
    const binds = operator === undefined ? undefined : strength.get(operator);
    if (operator === undefined || binds === undefined || binds <= minimum) {
      input.position = start;
      input.leave(levels);
      return left;
    }
    input.blanks();
    input.enter();
    levels++;
    const right = operator === 'in' && input.peek('(') ? list(input, '(', ')') : binary(input, binds);
    input.node();
    left = { kind: 'binary', operator: operator as BinaryOperator, left, right, at: left.at };
  }
}

/** "not" RWS operand, "-" BWS operand, or a primary      URL 5.1.1.1.9, 5.1.1.2.3 */
function unary(input: Cursor): Expression {
  const start = input.position;
  if (input.match(/not(?=[ \t(])/iy) !== null) {
    input.blanks();
    const operand = input.nested(() => unary(input));
    return { kind: 'unary', operator: 'not', operand, at: input.node(start) };
  }
  const value = literal(input);
  if (value) return value;
  if (input.take('-')) {
    input.blanks();
    const operand = input.nested(() => unary(input));
    return { kind: 'unary', operator: '-', operand, at: input.node(start) };
  }
  return primary(input);
}

function primary(input: Cursor): Expression {
  const start = input.position;
  switch (input.text[start]) {
    case '(': {
      input.position++;
      input.blanks();
      const inner = expression(input);
      input.blanks();
      input.expect(')');
      return inner;
    }
    case '[':
      return list(input, '[', ']');
    case '{':
      return object(input);
    case '@':
      return aliasOrAnnotation(input);
    default:
      return callOrPath(input);
  }
}

/** listExpr and JSON arrays: items between brackets, possibly none      URL 5.1.1.1.12 */
export function list(input: Cursor, open: '(' | '[', close: ')' | ']'): ListExpression {
  const at = input.node();
  input.expect(open);
  input.blanks();
  const items = input.peek(close) ? [] : separated(input, () => jsonOr(input, open === '['));
  input.blanks();
  input.expect(close);
  return { kind: 'list', items, at };
}

const jsonString = /"(?:[^"\\]|\\.)*"/suy;

/** A JSON string, or an expression. */
function jsonOr(input: Cursor, json: boolean): Expression {
  if (!json || !input.peek('"')) return expression(input);
  const at = input.node();
  return { kind: 'literal', form: 'string', text: jsonText(input), type: null, at };
}

function jsonText(input: Cursor): string {
  const start = input.position;
  const found = input.match(jsonString) ?? input.fail('a JSON string');
  try {
    return JSON.parse(found) as string;
  } catch {
    input.position = start;
    return input.fail('a JSON string');
  }
}

/** "{" [ string ":" value *( "," string ":" value ) ] "}" */
function object(input: Cursor): ObjectExpression {
  const at = input.node();
  input.expect('{');
  input.blanks();
  const member = (): readonly [string, Expression] => {
    const key = jsonText(input);
    input.blanks();
    input.expect(':');
    input.blanks();
    return [key, jsonOr(input, true)];
  };
  const members = input.peek('}') ? [] : separated(input, member);
  input.blanks();
  input.expect('}');
  return { kind: 'object', members, at };
}

/** `@name` is an alias, `@NS.Term` begins an annotation path      URL 5.3, 5.1.1.15 */
function aliasOrAnnotation(input: Cursor): Expression {
  const start = input.position;
  input.position++;
  const found = input.match(qualified) ?? input.fail('the name of an alias');
  if (!found.includes('.')) return { kind: 'alias', name: found, at: input.node(start) };
  input.position = start;
  return path(input);
}

function callOrPath(input: Cursor): Expression {
  const start = input.position;
  const word = input.match(qualified)?.toLowerCase();
  if (word !== undefined && input.take('(')) {
    if (word === 'case') return cases(input, start);
    if (word === 'cast' || word === 'isof') return typeTest(input, word, start);
    if (canonical.has(word)) {
      input.blanks();
      const values = input.peek(')') ? [] : separated(input, () => expression(input));
      input.blanks();
      input.expect(')');
      return { kind: 'call', name: word, arguments: values, at: input.node(start) };
    }
  }
  input.position = start;
  return path(input);
}

/** case(condition:value,…)      URL 5.1.1.12 */
function cases(input: Cursor, start: number): Case {
  input.blanks();
  const branches = separated(input, () => {
    const condition = expression(input);
    input.blanks();
    input.expect(':');
    input.blanks();
    return { condition, value: expression(input) };
  });
  input.blanks();
  input.expect(')');
  return { kind: 'case', branches, at: input.node(start) };
}

/** cast and isof: [ expression "," ] type ")"      URL 5.1.1.10 */
function typeTest(input: Cursor, kind: 'cast' | 'isof', start: number): Expression {
  input.blanks();
  let operand: Expression | null = null;
  const before = input.position;
  let type = typeName(input);
  input.blanks();
  if (type === null || !input.peek(')')) {
    input.position = before;
    operand = expression(input);
    input.blanks();
    input.expect(',');
    input.blanks();
    type = typeName(input) ?? input.fail('a type name');
    input.blanks();
  }
  input.expect(')');
  const collection = type.startsWith('Collection(');
  return { kind, operand, type: collection ? type.slice(11, -1) : type, collection, at: input.node(start) };
}

const collectionType = /Collection\([\p{L}_][\p{L}\p{N}_.]*\)/uy;

function typeName(input: Cursor): string | null {
  return typeInQuotes(input) ?? input.match(collectionType) ?? input.match(qualified);
}

/** A path of an expression, `$select` or `$expand` item. */
export function path(input: Cursor): Path {
  const at = input.node();
  const root = input.match(roots) as Path['root'];
  const segments: PathSegment[] = [];
  if (root === null) segments.push(segment(input, false));
  while (input.take('/')) segments.push(segment(input, true));
  return { kind: 'path', root, segments, at };
}

/** One segment; lambdas stand only behind another segment      URL 5.1.1.13 */
export function segment(input: Cursor, later: boolean): PathSegment {
  const at = input.node();
  if (input.take('@')) {
    const term = input.match(qualified) ?? input.fail('the name of a term');
    return { kind: 'annotation', term, qualifier: input.take('#') ? name(input, 'a qualifier') : null, at };
  }
  if (input.peek('$')) return dollar(input, at);
  const found = input.match(qualified) ?? input.fail('a name');
  if (!input.peek('(')) return { kind: 'name', name: found, arguments: null, at };
  const word = found.toLowerCase();
  if (later && (word === 'any' || word === 'all')) return lambda(input, word, at);
  if (later && found === 'aggregate') return { kind: 'aggregate', item: aggregateFunction(input), at };
  return { kind: 'name', name: found, arguments: argumentList(input), at };
}

function dollar(input: Cursor, at: number): PathSegment {
  const word = input.match(/\$(?:count|filter|value|ref)(?!\w)/y);
  if (word === '$count') return { kind: '$count', options: nestedOptions(input), at };
  if (word === '$filter') return { kind: '$filter', predicate: inParentheses(input), at };
  if (word === '$value' || word === '$ref') return { kind: word, at };
  return input.fail('a name');
}

/** "(" commonExpr ")" */
export function inParentheses(input: Cursor): Expression {
  input.expect('(');
  input.blanks();
  const inner = expression(input);
  input.blanks();
  input.expect(')');
  return inner;
}

function lambda(input: Cursor, operator: 'any' | 'all', at: number): PathSegment {
  input.expect('(');
  input.blanks();
  if (operator === 'any' && input.take(')')) return { kind: 'lambda', operator, variable: null, predicate: null, at };
  const variable = name(input, 'a lambda variable');
  input.blanks();
  input.expect(':');
  input.blanks();
  const predicate = expression(input);
  input.blanks();
  input.expect(')');
  return { kind: 'lambda', operator, variable, predicate, at };
}

/** `(a=1,b=2)`, `(1)`, `()`      URL 4.3.1, 5.1.1.4 */
export function argumentList(input: Cursor): Arguments {
  input.expect('(');
  input.blanks();
  if (input.take(')')) return { kind: 'named', values: [] };
  const start = input.position;
  const isNamed = input.match(qualified) !== null && input.peek('=');
  input.position = start;
  const values = isNamed ? separated(input, () => namedArgument(input)) : null;
  const result: Arguments = values
    ? { kind: 'named', values }
    : { kind: 'positional', values: separated(input, () => jsonOr(input, true)) };
  input.blanks();
  input.expect(')');
  return result;
}

function namedArgument(input: Cursor): NamedArgument {
  const at = input.node();
  const found = input.match(qualified) ?? input.fail('a parameter name');
  input.expect('=');
  return { name: found, value: jsonOr(input, true), at };
}

/** Options of a nested item, `(` … `;` … `)`; none when no parenthesis stands here. */
export function nestedOptions(input: Cursor): ReturnType<typeof queryOptions> {
  if (!input.peek('(')) return { written: [], aliases: new Map(), custom: [] };
  return input.nested(() => queryOptions(input));
}

/** A JSON literal or an expression: the value of a parameter alias. */
export const aliasValue = (input: Cursor): Expression => jsonOr(input, true);
