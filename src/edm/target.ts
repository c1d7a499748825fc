import { findMember } from './member.js';
import type { Annotation, EntityContainer, Operation, Parameter, ReturnType, Schema, Type } from './model.js';
import { follow } from './path.js';
import { builtInType } from './primitive.js';

/** Whatever carries annotations. */
export interface Annotated {
  annotations: readonly Annotation[];
}

/** What a target path leads to: elements of its own, or `path`: a place without an element (a property seen through a set). */
export type Target = { readonly kind: 'elements'; readonly elements: readonly Annotated[] } | { readonly kind: 'path' };

type Schemas = ReadonlyMap<string, Schema>;

/** Finds what an external annotation targets; names are namespace-qualified (CSDL 14.2.2). null: there is nothing. */
export function findTarget(schemas: Schemas, target: string): Target | null {
  const at = target.indexOf('/@');
  const path = at === -1 ? target : target.slice(0, at);
  const paren = path.indexOf('(');
  const found = paren === -1 ? elementAt(schemas, path) : overloadAt(schemas, path, paren);
  return at === -1 || found === null ? found : { kind: 'path' };
}

function elements(...found: readonly (Annotated | null | undefined)[]): Target | null {
  const present = found.filter((one) => one !== null && one !== undefined);
  return present.length === 0 ? null : { kind: 'elements', elements: present };
}

function schemaOf(
  schemas: Schemas,
  qualifiedName: string,
): { readonly schema: Schema | undefined; readonly name: string } {
  const dot = qualifiedName.lastIndexOf('.');
  return { schema: schemas.get(qualifiedName.slice(0, Math.max(0, dot))), name: qualifiedName.slice(dot + 1) };
}

function typeOf(schemas: Schemas): (name: string) => Type | null {
  return (qualifiedName) => {
    const { schema, name } = schemaOf(schemas, qualifiedName);
    return builtInType(qualifiedName) ?? schema?.types.get(name) ?? null;
  };
}

function elementAt(schemas: Schemas, path: string): Target | null {
  const slash = path.indexOf('/');
  const { schema, name } = schemaOf(schemas, slash === -1 ? path : path.slice(0, slash));
  if (schema === undefined) return null;
  const rest = slash === -1 ? null : path.slice(slash + 1);
  const type = schema.types.get(name);
  if (type !== undefined) return rest === null ? elements(type) : memberAt(schemas, type, rest);
  const operations: readonly Operation[] = [...(schema.actions.get(name) ?? []), ...(schema.functions.get(name) ?? [])];
  if (operations.length > 0) return rest === null ? elements(...operations) : partsOf(operations, rest);
  if (schema.container?.name === name)
    return rest === null ? elements(schema.container) : childAt(schemas, schema.container, rest);
  return rest === null ? elements(schema.terms.get(name)) : null;
}

function memberAt(schemas: Schemas, type: Type, rest: string): Target | null {
  if (type.kind === 'enum') return elements(type.members.get(rest));
  if (type.kind !== 'entity' && type.kind !== 'complex') return null;
  if (!rest.includes('/') && !rest.includes('.')) {
    const member = findMember(type, rest);
    if (member === null) return null;
    return member.declaringType === type ? elements(member) : { kind: 'path' };
  }
  return follow(type, rest, typeOf(schemas)).failed === null ? { kind: 'path' } : null;
}

function childAt(schemas: Schemas, container: EntityContainer, rest: string): Target | null {
  const slash = rest.indexOf('/');
  const child = container.children.get(slash === -1 ? rest : rest.slice(0, slash));
  if (child === undefined) return null;
  if (slash === -1) return elements(child);
  const inner = rest.slice(slash + 1);
  switch (child.kind) {
    case 'entitySet':
    case 'singleton':
      return follow(child.type, inner, typeOf(schemas)).failed === null ? { kind: 'path' } : null;
    case 'actionImport':
      return partsOf(child.actions, inner) === null ? null : { kind: 'path' };
    case 'functionImport':
      return partsOf(child.functions, inner) === null ? null : { kind: 'path' };
  }
}

/** A parameter or the return type of these overloads. */
function partsOf(operations: readonly Operation[], part: string): Target | null {
  const found: (Parameter | ReturnType | null | undefined)[] = [];
  for (const operation of operations)
    found.push(part === '$ReturnType' ? operation.returnType : operation.parameters.find(({ name }) => name === part));
  return elements(...found);
}

/** `NS.F(T1,Collection(T2))`, with `/Param` or `/$ReturnType` behind: one overload. */
function overloadAt(schemas: Schemas, path: string, paren: number): Target | null {
  const { schema, name } = schemaOf(schemas, path.slice(0, paren));
  const end = path.lastIndexOf(')');
  if (schema === undefined || end === -1) return null;
  const signature = path.slice(paren + 1, end).replaceAll(' ', '');
  const functions = (schema.functions.get(name) ?? []).filter(
    ({ parameters }) => signatureOf(parameters) === signature,
  );
  const actions = (schema.actions.get(name) ?? []).filter(
    ({ bound, parameters }) => signatureOf(bound ? parameters.slice(0, 1) : []) === signature,
  );
  const rest = path.slice(end + 1);
  if (rest === '') return elements(...functions, ...actions);
  return rest.startsWith('/') ? partsOf([...functions, ...actions], rest.slice(1)) : null;
}

/** The parameter types of an overload, as target paths write them. */
export function signatureOf(parameters: readonly Parameter[]): string {
  return parameters
    .map(({ type, collection }) => (collection ? `Collection(${type.qualifiedName})` : type.qualifiedName))
    .join(',');
}
