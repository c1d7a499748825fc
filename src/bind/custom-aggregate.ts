import {
  type Annotation,
  annotationOf,
  inheritedAnnotation,
  type StructuredType,
  stringValue,
  type Type,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type AggregateExpression, type PathSegment, parseAggregate } from '../url/index.js';
import { type Aggregated, bindAggregate, throughPath } from './apply-aggregate.js';
import { nameOf } from './expression.js';
import { itemScope, selfOf } from './member.js';
import type { Scope } from './scope.js';
import { isStructured } from './types.js';

/**
 * A custom aggregate of the instances that a path leads to (Aggregation 5.2); how it is computed the model says
 * (Edmund.V1.AggregateExpression). Throws MalformedQueryOption when there is none, NotImplemented when nothing says how.
 */
export function bindCustomAggregate(path: readonly PathSegment[], name: string, scope: Scope): Aggregated {
  const { hops, value: end } = throughPath(path, scope, true);
  const of = path.length === 0 ? selfOf(scope) : end;
  const annotation = isStructured(of.type) ? declared(of.type, name, scope) : null;
  if (annotation === null)
    throw new ODataError(
      'MalformedQueryOption',
      `$apply: ${nameOf(of)} has no custom aggregate '${name}'; a property needs 'with' and a method.`,
      '$apply',
    );
  const last = hops.at(-1);
  const inner = last === undefined ? scope : itemScope(scope, last.variable);
  const { value, type } = bindAggregate(expressionOf(annotation, name), inner);
  const promised = typeOf(annotation, scope) ?? type;
  if (value.kind === 'from') return { value, type: promised, name };
  return { value: { ...value, hops: [...hops, ...value.hops] }, type: promised, name };
}

/** The annotation of the set, of the type or of the container, in this order. */
function declared(type: StructuredType, name: string, { source, model }: Scope): Annotation | null {
  const term = 'Org.OData.Aggregation.V1.CustomAggregate';
  const ofSet = source === null || source.type !== type ? null : annotationOf(source, term, name);
  const { container } = model;
  return (
    ofSet ?? inheritedAnnotation(type, term, name) ?? (container === null ? null : annotationOf(container, term, name))
  );
}

function typeOf(annotation: Annotation, { model }: Scope): Type | null {
  const name = stringValue(annotation);
  return name === null ? null : model.type(name);
}

/** An aggregate of the standard, so that none is defined by itself. */
function expressionOf(annotation: Annotation, name: string): AggregateExpression {
  const text = stringValue(annotationOf(annotation, 'Edmund.V1.AggregateExpression'));
  if (text === null)
    throw new ODataError('NotImplemented', `$apply: the model does not say how '${name}' is computed.`, '$apply');
  const parsed = parseAggregate(encodeURIComponent(text));
  const { expression, method } = parsed;
  const isCount = expression?.kind === 'path' && expression.segments.at(-1)?.kind === '$count';
  if (method === null && !isCount)
    throw new ODataError(
      'NotImplemented',
      `$apply: '${name}' is not defined by an aggregate of the standard.`,
      '$apply',
    );
  return parsed;
}
