import { type Cursor, comma, isLetter, parenthesised, separated, wordNumber } from './cursor.js';
import { array, literalList, object } from './json.js';
import { typeInQuotes } from './lenient.js';
import { literal, namedLiteral } from './literal.js';
import { path, pathFrom } from './member.js';
import type { BinaryOperator, Case, Expression } from './syntax.js';

/** Names of the canonical functions (URL 5.1.1.4 to 5.1.1.11); `cast`, `isof` and `case` have rules of their own. */
const canonical: ReadonlySet<string> = new Set(
  `concat contains endswith indexof length startswith substring hassubset hassubsequence matchespattern tolower toupper trim
  day date fractionalseconds hour maxdatetime mindatetime minute month now second time totaloffsetminutes totalseconds year
  ceiling floor round geo.distance geo.intersects geo.length isdefined`.split(/\s+/),
);
/** Binary operators by how tightly they bind (URL 5.1.1.17). */
export const strength: Readonly<Record<BinaryOperator, number>> = {
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
};
const operators: ReadonlyMap<number, BinaryOperator> = new Map(
  Object.keys(strength).map((name) => [wordNumber(name), name as BinaryOperator]),
);

/** Whether parentheses behind this name hold what a canonical function takes. */
export function isCanonical(name: string): boolean {
  const word = name.toLowerCase();
  return canonical.has(word) || word === 'case' || word === 'cast' || word === 'isof';
}

/** commonExpr = conjunction *( RWS "or" RWS conjunction )      URL 5.1.1.1 */
export function expression(input: Cursor): Expression {
  input.enter();
  const found = disjunction(input);
  input.leave();
  return found;
}

function disjunction(input: Cursor): Expression {
  const first = conjunction(input);
  if (!joined(input, 'or')) return first;
  const operands = [first];
  do operands.push(conjunction(input));
  while (joined(input, 'or'));
  input.node();
  return { kind: 'junction', operator: 'or', operands, at: first.at };
}

function conjunction(input: Cursor): Expression {
  const first = binary(input, 0);
  if (!joined(input, 'and')) return first;
  const operands = [first];
  do operands.push(binary(input, 0));
  while (joined(input, 'and'));
  input.node();
  return { kind: 'junction', operator: 'and', operands, at: first.at };
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
    const word = input.spacedWord();
    const operator = word === 0 ? undefined : operators.get(word);
    if (operator === undefined || strength[operator] <= minimum) {
      input.position = start;
      input.leave(levels);
      return left;
    }
    input.blanks();
    input.enter();
    levels++;
    const right = rightOf(operator, input);
    input.node();
    left = { kind: 'binary', operator, left, right, at: left.at };
  }
}

function rightOf(operator: BinaryOperator, input: Cursor): Expression {
  const list = operator === 'in' && input.code === 40 ? literalList(input) : null;
  return list ?? binary(input, strength[operator]);
}

const not = /not(?=[ \t(])/iy;

/** "not" RWS operand, "-" BWS operand, or a primary      URL 5.1.1.1.9, 5.1.1.2.3 */
function unary(input: Cursor): Expression {
  const { code, position: start } = input;
  if ((code | 32) === 110 && input.match(not) !== null) return negation(input, 'not', start);
  if (code === 45) {
    const value = literal(input);
    if (value !== null) return value;
    input.position++;
    return negation(input, '-', start);
  }
  return primary(input);
}

function negation(input: Cursor, operator: 'not' | '-', start: number): Expression {
  input.blanks();
  const operand = input.nested(() => unary(input));
  return { kind: 'unary', operator, operand, at: input.node(start) };
}

function primary(input: Cursor): Expression {
  const { code } = input;
  if (isLetter(code) || code > 127) return named(input);
  switch (code) {
    case 40: // (
      return parenthesised(input, expression);
    case 91: // [
      return array(input);
    case 123: // {
      return object(input);
    case 64: // @
    case 36: // $
      return path(input);
    case 32:
    case 9:
      return blanksAndJson(input);
    default:
      return literal(input) ?? input.fail('an expression');
  }
}

/** Blanks may stand before JSON only (ABNF begin-object, begin-array). */
function blanksAndJson(input: Cursor): Expression {
  input.blanks();
  if (input.code !== 91 && input.code !== 123) input.fail('an array or an object behind the blanks');
  return primary(input);
}

/** What begins with a name: a literal, a call or a path. */
function named(input: Cursor): Expression {
  const start = input.position;
  const name = input.qualified();
  if (name === null) return input.fail('a name of at most 128 characters');
  const value = namedLiteral(input, name, start);
  if (value !== null) return value;
  if (input.code === 40) {
    const word = name.toLowerCase();
    if (word === 'case') return cases(input, start);
    if (word === 'cast' || word === 'isof') return typeTest(input, word, start);
    if (canonical.has(word)) return { kind: 'call', name: word, arguments: values(input), at: input.node(start) };
  }
  return pathFrom(input, name, start);
}

function values(input: Cursor): readonly Expression[] {
  return parenthesised(input, () => (input.code === 41 ? [] : separated(input, expression)));
}

/** case(condition:value,…)      URL 5.1.1.12 */
function cases(input: Cursor, start: number): Case {
  const branches = parenthesised(input, () => separated(input, branch));
  return { kind: 'case', branches, at: input.node(start) };
}

function branch(input: Cursor): Case['branches'][number] {
  const condition = expression(input);
  input.blanks();
  input.expect(':');
  input.blanks();
  return { condition, value: expression(input) };
}

/** cast and isof: [ expression "," ] type ")"      URL 5.1.1.10 */
function typeTest(input: Cursor, kind: 'cast' | 'isof', start: number): Expression {
  const { operand, type } = parenthesised(input, testedType);
  const collection = type.startsWith('Collection(');
  return { kind, operand, type: collection ? type.slice(11, -1) : type, collection, at: input.node(start) };
}

function testedType(input: Cursor): { readonly operand: Expression | null; readonly type: string } {
  const before = input.position;
  const alone = typeName(input);
  input.blanks();
  if (alone !== null && input.code === 41) return { operand: null, type: alone };
  input.position = before;
  const operand = expression(input);
  if (!comma(input)) input.fail("','");
  return { operand, type: typeName(input) ?? input.fail('a type name') };
}

const collectionType = /Collection\([\p{L}_][\p{L}\p{N}_.]*\)/uy;

function typeName(input: Cursor): string | null {
  return typeInQuotes(input) ?? input.match(collectionType) ?? input.qualified();
}
