import {
  type Annotation,
  effectiveAnnotation,
  type Model,
  memberOf,
  type NavigationProperty,
  type Property,
  recordValue,
  recordValues,
  type StructuredType,
  textOf,
} from '../edm/index.js';
import { ODataError } from '../errors.js';
import { parseExpression } from '../url/index.js';
import { syntaxOf } from './annotation.js';
import type { Expression, Variable } from './bound.js';
import { bindCondition } from './expression.js';
import { scopeOf } from './scope.js';

/** A rule that an instance has to obey as a whole (Validation.Constraint), its names looked up. */
export interface Constraint {
  /** Complex properties that lead from the entity to the value the rule is about; empty: the entity itself. */
  readonly path: readonly Property[];
  readonly variable: Variable;
  readonly condition: Expression;
  /** What to tell when it does not hold. */
  readonly message: string;
  /** The member that carries the annotation; empty: the instance. */
  readonly target: string;
}

const term = 'Org.OData.Validation.V1.Constraint';
const itemsOfTerm = 'Org.OData.Validation.V1.ItemsOf';
const known = new WeakMap<Model, Map<StructuredType, readonly Constraint[]>>();

/** The constraints on instances of a type and on the complex values within. Throws InvalidModel for conditions that mean nothing. */
export function constraintsOf(type: StructuredType, model: Model): readonly Constraint[] {
  const types = known.get(model) ?? new Map<StructuredType, readonly Constraint[]>();
  known.set(model, types);
  const before = types.get(type);
  if (before !== undefined) return before;
  const found = gather(type, model, [], new Set());
  types.set(type, found);
  return found;
}

function gather(
  type: StructuredType,
  model: Model,
  path: readonly Property[],
  above: ReadonlySet<StructuredType>,
): readonly Constraint[] {
  const within = new Set([...above, type]);
  const nested = [...type.properties.values()].flatMap((property) =>
    property.type.kind === 'complex' && !within.has(property.type) && reaches(property.type)
      ? gather(property.type, model, [...path, property], within)
      : [],
  );
  return [...ownConstraints(type, model, path), ...itemsOf(type, model, path), ...nested];
}

const reaching = new WeakMap<StructuredType, boolean>();

/** Most complex types have no constraint in them, however deep. */
function reaches(type: StructuredType): boolean {
  const before = reaching.get(type);
  if (before !== undefined) return before;
  const closure = new Set<StructuredType>([type]);
  for (const member of closure)
    for (const property of member.properties.values()) if (property.type.kind === 'complex') closure.add(property.type);
  const found = [...closure].some((member) =>
    carriersOf(member).some(([, annotations]) =>
      annotations.some(({ termName }) => termName === term || termName === itemsOfTerm),
    ),
  );
  reaching.set(type, found);
  return found;
}

function ownConstraints(type: StructuredType, model: Model, path: readonly Property[]): readonly Constraint[] {
  return carriersOf(type).flatMap(([target, annotations]) =>
    annotations.filter(({ termName }) => termName === term).map((found) => bound(found, type, model, path, target)),
  );
}

/** What may carry a constraint on instances of a type: the type and its base types, and their members. */
function carriersOf(type: StructuredType): readonly (readonly [target: string, annotations: readonly Annotation[]])[] {
  const carriers: (readonly [string, readonly Annotation[]])[] = [];
  for (const at of baseTypes(type)) carriers.push(['', at.annotations]);
  for (const member of [...type.properties.values(), ...type.navigationProperties.values()])
    carriers.push([member.name, member.annotations]);
  return carriers;
}

function bound(
  annotation: Annotation,
  type: StructuredType,
  model: Model,
  path: readonly Property[],
  target: string,
): Constraint {
  const record = recordValue(annotation);
  const condition = memberOf(record, 'Condition');
  const message = memberOf(record, 'FailureMessage');
  const variable: Variable = { name: '$it', type };
  if (condition === null)
    throw new ODataError('InvalidModel', `The constraint on ${type.qualifiedName} has no condition.`, target);
  return {
    path,
    variable,
    condition: bindCondition(syntaxOf(condition), {
      ...scopeOf(model, variable, new Map(), 'Validation.Constraint'),
      trusted: true,
    }),
    message: (message === null ? null : textOf(message)) ?? `The constraint on ${target || type.name} is not met.`,
    target,
  };
}

/** Entities of one relationship that must be among those of another (Validation.ItemsOf), as conditions. */
function itemsOf(type: StructuredType, model: Model, path: readonly Property[]): readonly Constraint[] {
  const variable: Variable = { name: '$it', type };
  return recordValues(effectiveAnnotation(type, itemsOfTerm)?.value ?? null).map((record): Constraint => {
    const [part, whole] = ['path', 'target'].map((member) => {
      const named = memberOf(record, member);
      return named === null ? '' : textOf(named);
    });
    const condition = among(type.navigationProperties.get(part ?? ''), type.navigationProperties.get(whole ?? ''));
    if (condition === null)
      throw new ODataError('InvalidModel', `ItemsOf of ${type.qualifiedName} names '${part}' and '${whole}'.`);
    const scope = { ...scopeOf(model, variable, new Map(), 'Validation.ItemsOf'), trusted: true };
    const message = `Every entity of '${part}' must be one of '${whole}', too.`;
    return { path, variable, condition: bindCondition(parseExpression(condition), scope), message, target: part ?? '' };
  });
}

/** The condition that says so; null where it cannot be said. */
function among(part: NavigationProperty | undefined, whole: NavigationProperty | undefined): string | null {
  if (part?.type.kind !== 'entity' || whole?.collection !== true) return null;
  const keys = part.type.key.map((key) => key.path);
  const same = (of: string) => `${whole.name}/any(y:${keys.map((key) => `y/${key} eq ${of}/${key}`).join(' and ')})`;
  return part.collection ? `${part.name}/all(x:${same('x')})` : `${part.name}/${keys[0]} eq null or ${same(part.name)}`;
}

function baseTypes(type: StructuredType): readonly StructuredType[] {
  return type.baseType === null ? [type] : [type, ...baseTypes(type.baseType)];
}
