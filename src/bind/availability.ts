import { type Annotation, annotationOf, type Model, type Operation } from '../edm/index.js';
import { syntaxOf } from './annotation.js';
import type { Expression, Variable } from './bound.js';
import { bindCondition } from './expression.js';
import { scopeOf } from './scope.js';
import { isStructured } from './types.js';

/** Whether an operation may be called (Core.OperationAvailable): always, never, or as long as this is true of what it is bound to. */
export type Availability = boolean | { readonly variable: Variable; readonly condition: Expression };

const known = new WeakMap<Operation, Availability>();

/** What the model says of an operation. Throws InvalidModel, or what is wrong with its expression. */
export function availabilityOf(operation: Operation, model: Model): Availability {
  const before = known.get(operation);
  if (before !== undefined) return before;
  const annotation = annotationOf(operation, 'Org.OData.Core.V1.OperationAvailable');
  const found = annotation === null ? true : stated(annotation, operation, model);
  known.set(operation, found);
  return found;
}

/** Null says that it cannot be told beforehand. Paths begin with the name of the binding parameter. */
function stated({ value }: Annotation, { bound, parameters: [first] }: Operation, model: Model): Availability {
  if (value === null || value.kind === 'null') return true;
  if (value.kind === 'constant') return value.text !== 'false';
  if (!bound || first === undefined || first.collection || !isStructured(first.type)) return true;
  const variable: Variable = { name: '$it', type: first.type };
  const scope = scopeOf(model, variable, new Map(), 'Core.OperationAvailable');
  const condition = bindCondition(syntaxOf(value), { ...scope, variables: new Map([[first.name, variable]]) });
  return { variable, condition };
}
