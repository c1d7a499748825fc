import { type CsdlElement, none } from './element.js';
import type { Action, FunctionOverload, Parameter, ReturnType, Term } from './model.js';
import { abstractType } from './primitive.js';
import { annotateLater, expand, flag, type Linking, type Mutable, type Scope } from './scope.js';
import { typeReference } from './type-reference.js';

/** One overload of an action or a function (CSDL 12). */
export function linkOperation(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  namespace: string,
  name: string,
): Action | FunctionOverload {
  const path = element.attributes.EntitySetPath;
  const common = {
    namespace,
    name,
    qualifiedName: `${namespace}.${name}`,
    bound: flag(linking, element, 'IsBound', false),
    entitySetPath: path === undefined ? null : expand(scope, path),
    parameters: parameters(linking, scope, element),
    annotations: none,
    at: element.at,
  };
  const returned = element.children.find((child) => child.name === 'ReturnType');
  const returnType = returned === undefined ? null : returnTypeOf(linking, scope, returned);
  const linked: Action | FunctionOverload =
    element.name === 'Action'
      ? { kind: 'action', ...common, returnType }
      : {
          kind: 'function',
          ...common,
          composable: flag(linking, element, 'IsComposable', false),
          returnType: returnType ?? missingReturnType(linking, element, name),
        };
  annotateLater(linking, scope, linked, element);
  return linked;
}

function parameters(linking: Linking, scope: Scope, element: CsdlElement): readonly Parameter[] {
  const found: Parameter[] = [];
  for (const child of element.children) {
    const { Name: name } = child.attributes;
    if (child.name !== 'Parameter' || name === undefined) continue;
    if (found.some((other) => other.name === name))
      linking.report('duplicate-parameter', child.at, `This overload has a parameter '${name}' already.`);
    const linked: Parameter = {
      kind: 'parameter',
      name,
      ...typeReference(linking, scope, child),
      optional: null,
      annotations: none,
      at: child.at,
    };
    annotateLater(linking, scope, linked, child);
    found.push(linked);
  }
  return found.length === 0 ? none : found;
}

function returnTypeOf(linking: Linking, scope: Scope, element: CsdlElement): ReturnType {
  const linked: ReturnType = {
    kind: 'returnType',
    ...typeReference(linking, scope, element),
    annotations: none,
    at: element.at,
  };
  annotateLater(linking, scope, linked, element);
  return linked;
}

function missingReturnType(linking: Linking, element: CsdlElement, name: string): ReturnType {
  linking.report('function-return-type', element.at, `The function '${name}' needs a ReturnType.`);
  const facets = { maxLength: null, precision: null, scale: null, srid: null, unicode: null };
  return {
    kind: 'returnType',
    type: abstractType('Edm.Untyped'),
    collection: false,
    nullable: true,
    ...facets,
    annotations: none,
    at: element.at,
  };
}

/** What Core.OptionalParameter says of a parameter, once annotations stand (CSDL 12.9). */
export function linkOptional(operations: readonly (Action | FunctionOverload)[]): void {
  for (const { parameters: list } of operations)
    for (const parameter of list as readonly Mutable<Parameter>[])
      for (const annotation of parameter.annotations) {
        if (annotation.termName !== 'Org.OData.Core.V1.OptionalParameter') continue;
        const value = annotation.value?.kind === 'record' ? annotation.value.values.get('DefaultValue')?.value : null;
        parameter.optional = { defaultValue: value?.kind === 'constant' ? value.text : null };
      }
}

/** A term (CSDL 14.1); its base term is set when all terms stand. */
export function linkTerm(linking: Linking, scope: Scope, element: CsdlElement, namespace: string, name: string): Term {
  const { attributes, at } = element;
  const linked: Term = {
    kind: 'term',
    namespace,
    name,
    qualifiedName: `${namespace}.${name}`,
    ...typeReference(linking, scope, element),
    baseTerm: null,
    defaultValue: attributes.DefaultValue ?? null,
    appliesTo: attributes.AppliesTo?.split(/\s+/).filter((symbol) => symbol !== '') ?? none,
    annotations: none,
    at,
  };
  annotateLater(linking, scope, linked, element);
  return linked;
}
