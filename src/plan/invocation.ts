import { type Expression, type InvocationArgument, identityOf } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { type Codec, codecFor } from '../tables/index.js';
import { call, value } from './build.js';
import { collectionJson } from './collection.js';
import { type Context, locate } from './expression.js';
import { itemsOf, type Located, type Place, type Stored } from './place.js';
import type { Scalar } from './relation.js';
import { shapeRow } from './shape.js';
import { type Shape, shapeComplex, shapeStored } from './shape-value.js';

/** How a function is told its parameters: exact numbers as texts, nothing but the values. */
const told: Shape = {
  version: '4.01',
  metadata: 'none',
  ieee754Compatible: true,
  typeAnnotations: 'minimal',
  base: '',
  omit: null,
  isReadOnly: () => false,
  rowsOf: () => 0,
  operationsOf: () => [],
};

const json: Codec = { kind: 'json' };

/** A function of the model as one call of the database, with all its parameters in one JSON object. Throws NotImplemented for entities. */
export function planInvocation(node: Extract<Expression, { kind: 'invocation' }>, context: Context): Located {
  const { returnType } = node.operation;
  const { type, collection } = returnType;
  if (type.kind === 'entity' || type.kind === 'abstract')
    throw new ODataError(
      'NotImplemented',
      `'${node.operation.qualifiedName}' gives entities, so it cannot stand in an expression.`,
    );
  const members = node.arguments.map(({ parameter, value: given }) => ({
    name: parameter.name,
    value: argumentJson(given, context),
  }));
  const scalar = call('invoke', value(identityOf(node.operation)), { kind: 'object', members });
  if (collection) return itemsOf(scalar, returnType, context.planner);
  if (type.kind === 'complex') return { kind: 'json', json: scalar, type };
  return { kind: 'stored', scalar, codec: codecFor(returnType), nullable: true };
}

function argumentJson(given: InvocationArgument['value'], context: Context): Scalar {
  if (given.kind === 'json') return asJson(value(given.text));
  if (given.kind === 'list') return asJson(collectionJson(given, context));
  return locatedJson(locate(given, context), given, context);
}

function locatedJson(located: Located, given: Expression, context: Context): Scalar {
  switch (located.kind) {
    case 'through':
      return { kind: 'subquery', relation: located.rows, value: itemJson(located.item, context) };
    case 'many':
      return located.item.kind === 'stored'
        ? asJson(collectionJson(given, context))
        : { kind: 'items', relation: located.rows, item: itemJson(located.item, context) };
    default:
      return itemJson(located, context);
  }
}

function itemJson(item: Place | Stored, { planner }: Context): Scalar {
  const nowhere = value('');
  switch (item.kind) {
    case 'stored':
      return item.codec?.kind === 'json' ? asJson(item.scalar) : shapeStored(item, told);
    case 'row': {
      const projection = { type: item.type, selected: null, expanded: [] };
      return shapeRow(item, projection, { url: nowhere, keyed: false }, told, planner);
    }
    case 'flattened':
    case 'json': {
      const type = item.kind === 'json' ? item.type : item.storage.type;
      return shapeComplex(item, { type, selected: null, expanded: [] }, { shape: told, planner, url: nowhere });
    }
    case 'grouped':
    case 'variants':
      throw new ODataError('NotImplemented', 'Functions cannot be called on the results of an aggregation.');
  }
}

function asJson(scalar: Scalar): Scalar {
  return { kind: 'json', value: scalar, form: { codec: json, asString: false } };
}
