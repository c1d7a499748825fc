import type { CsdlElement } from './element.js';
import type { Annotation, Position, Schema, Type } from './model.js';
import { mapQualifiers } from './name.js';
import { builtInType } from './primitive.js';
import type { Problem, Report } from './problem.js';

/** Makes the members of a language's type assignable while it is being built. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What the names of one document mean (CSDL 3, 4.2, 5.1). */
export interface Scope {
  readonly file: string;
  readonly version: string;
  /** Alias to namespace. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Namespaces defined here or included directly. */
  readonly namespaces: ReadonlySet<string>;
  /** Included, but their document was not found. */
  readonly missing: ReadonlySet<string>;
  /** Vocabularies used without being included; each is reported once. */
  readonly unscoped: Set<string>;
  /** Names looked up before. */
  readonly types: Map<string, Type | null>;
}

/** An element whose annotations are read once all types and terms stand. */
export interface Pending {
  readonly target: { annotations: readonly Annotation[] };
  readonly element: CsdlElement;
  readonly scope: Scope;
}

/** What the parts of the linker share. */
export interface Linking {
  readonly schemas: Map<string, Schema>;
  readonly report: Report;
  readonly problems: Problem[];
  readonly pending: Pending[];
  /** A standard vocabulary that the document uses without including it; null: not known. */
  vocabulary(namespace: string): Schema | null;
}

/** A name with its alias replaced by the namespace, wherever qualified names stand in the text. */
export function expand(scope: Scope, text: string): string {
  for (const alias of scope.aliases.keys())
    if (mentions(text, alias)) return mapQualifiers(text, (qualifier) => scope.aliases.get(qualifier));
  return text;
}

/** Whether the text may hold a name that begins with the alias; most do not, and looking closer takes its time. */
function mentions(text: string, alias: string): boolean {
  for (let at = text.indexOf(alias); at !== -1; at = text.indexOf(alias, at + 1))
    if (text.charCodeAt(at + alias.length) === 46 && (at === 0 || !/[\w.]/.test(text.charAt(at - 1)))) return true;
  return false;
}

/** Namespace (aliases resolved) and name of a qualified name. */
export function split(scope: Scope, qualifiedName: string): { readonly namespace: string; readonly name: string } {
  const dot = qualifiedName.lastIndexOf('.');
  const qualifier = qualifiedName.slice(0, Math.max(0, dot));
  return { namespace: scope.aliases.get(qualifier) ?? qualifier, name: qualifiedName.slice(dot + 1) };
}

/** The type of a name in scope; null, after a report, when there is none (CSDL 3, 15.3). */
export function resolveType(linking: Linking, scope: Scope, name: string, at: Position): Type | null {
  const known = scope.types.get(name);
  if (known !== undefined && known !== null) return known;
  const type = lookUpType(linking, scope, name);
  scope.types.set(name, type);
  if (type === null) {
    const { namespace } = split(scope, name);
    const why = scope.missing.has(namespace)
      ? ` The document of '${namespace}' was not found.`
      : linking.schemas.has(namespace) || namespace === 'Edm'
        ? ''
        : ` No schema or alias '${namespace}' is in scope.`;
    linking.report('unknown-type', at, `There is no type '${name}'.${why}`);
  } else if (type.kind !== 'primitive' && type.kind !== 'abstract' && !scope.namespaces.has(type.namespace))
    linking.report(
      'not-in-scope',
      at,
      `The schema '${type.namespace}' of '${name}' must be included by this document.`,
    );
  return type;
}

/** Like `resolveType`, without reports. */
export function lookUpType(linking: Linking, scope: Scope, qualifiedName: string): Type | null {
  if (qualifiedName.startsWith('Edm.')) return builtInType(qualifiedName);
  const { namespace, name } = split(scope, qualifiedName);
  return linking.schemas.get(namespace)?.types.get(name) ?? null;
}

/** `true` or `false`; anything else is reported and counts as absent (CSDL 2). */
export function flag(linking: Linking, element: CsdlElement, name: string, otherwise: boolean): boolean {
  const text = element.attributes[name];
  if (text === undefined) return otherwise;
  if (text !== 'true' && text !== 'false')
    linking.report('boolean-value', element.at, `${name} must be 'true' or 'false', not '${text}'.`);
  return text === 'true' || (text !== 'false' && otherwise);
}

/** Remembers an element whose annotations are read later. */
export function annotateLater(linking: Linking, scope: Scope, target: Pending['target'], element: CsdlElement): void {
  for (const child of element.children)
    if (child.name === 'Annotation') {
      linking.pending.push({ target, element, scope });
      return;
    }
}
