import type { AnnotationExpression, AnnotationOperator } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { BinaryOperator, LiteralForm, PathSegment, Expression as Syntax } from '../url/index.js';

const at = 0;

/** A dynamic expression of CSDL (CSDL 14.4) as the expression of a URL that says the same. */
export function syntaxOf(expression: AnnotationExpression): Syntax {
  switch (expression.kind) {
    case 'constant':
      return literal(expression.type, expression.text);
    case 'null':
      return { kind: 'literal', form: 'null', text: 'null', type: null, at };
    case 'path':
      return { kind: 'path', root: null, segments: expression.path.split('/').map(segment), at };
    case 'collection':
      return { kind: 'list', items: expression.items.map(syntaxOf), at };
    case 'operator':
      return operation(expression.operator, expression.operands.map(syntaxOf));
    case 'apply':
      return {
        kind: 'call',
        name: expression.function.replace(/^odata\./, ''),
        arguments: expression.arguments.map(syntaxOf),
        at,
      };
    case 'cast':
    case 'isOf': {
      const { type, collection } = expression.type;
      const kind = expression.kind === 'cast' ? 'cast' : 'isof';
      return { kind, operand: syntaxOf(expression.operand), type: type.qualifiedName, collection, at };
    }
    case 'labeled':
      return syntaxOf(expression.operand);
    case 'record':
    case 'labeledReference':
    case 'urlRef':
      throw new ODataError('InvalidModel', `A condition cannot be made of '${expression.kind}'.`);
  }
}

function segment(text: string): PathSegment {
  if (text === '$count') return { kind: '$count', options: { written: [], custom: [], aliases: new Map() }, at };
  return { kind: 'name', name: text, arguments: null, key: null, at };
}

const forms: Readonly<Record<string, LiteralForm>> = {
  Binary: 'binary',
  Bool: 'boolean',
  Date: 'date',
  DateTimeOffset: 'dateTimeOffset',
  Decimal: 'decimal',
  Duration: 'duration',
  Float: 'double',
  Guid: 'guid',
  Int: 'integer',
  String: 'string',
  TimeOfDay: 'timeOfDay',
};

function literal(kind: string, text: string): Syntax {
  if (kind !== 'EnumMember') return { kind: 'literal', form: forms[kind] ?? 'string', text, type: null, at };
  const members = text.split(' ').map((member) => member.split('/'));
  return {
    kind: 'literal',
    form: 'enum',
    text: members.map((member) => member.at(-1) ?? '').join(','),
    type: members[0]?.[0] ?? null,
    at,
  };
}

function operation(operator: AnnotationOperator, operands: readonly Syntax[]): Syntax {
  const [left, right, third] = operands;
  if (left === undefined) throw new ODataError('InvalidModel', `'${operator}' needs operands.`);
  switch (operator) {
    case 'And':
    case 'Or':
      return { kind: 'junction', operator: operator === 'And' ? 'and' : 'or', operands, at };
    case 'Not':
      return { kind: 'unary', operator: 'not', operand: left, at };
    case 'Neg':
      return { kind: 'unary', operator: '-', operand: left, at };
    case 'If': {
      const branches = [{ condition: left, value: right ?? literal('Null', 'null') }];
      const otherwise: Syntax = { kind: 'literal', form: 'boolean', text: 'true', type: null, at };
      return {
        kind: 'case',
        branches: third === undefined ? branches : [...branches, { condition: otherwise, value: third }],
        at,
      };
    }
    default:
      if (right === undefined) throw new ODataError('InvalidModel', `'${operator}' needs two operands.`);
      return { kind: 'binary', operator: operator.toLowerCase() as BinaryOperator, left, right, at };
  }
}
