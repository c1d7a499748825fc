import { annotationOf } from '../annotations.js';
import { findMember } from '../member.js';
import type { Model, Type } from '../model.js';
import { isStreamType } from '../primitive.js';
import { isSubtypeOf } from '../subtype.js';
import { type Context, type Host, rule, type Stated } from './rule.js';

type PathValue = Extract<Stated['value'], { readonly kind: 'path' }>;

/** Where a path has come to; `anything`: nobody can say what follows, as behind a dynamic property. */
interface Reached {
  readonly host: Host | null;
  /** The type behind, for the next segment; null: nothing has members there. */
  readonly type: Type | null;
  readonly collection: boolean;
  readonly anything: boolean;
  /** True behind an annotation. */
  readonly annotation: boolean;
  /** Collections on the way that neither a key nor an index narrows. */
  readonly collections: number;
}

const nowhere: Reached = {
  host: null,
  type: null,
  collection: false,
  anything: false,
  annotation: false,
  collections: 0,
};

/** Rules for paths in annotations: they lead somewhere, and to what their kind demands (CSDL 14.4.1). */
export const annotationPathRules = [
  rule('path-unresolved', 'stated', 'C14.4.1.2-1', ({ value, host }, tell, context) => {
    if (value.kind !== 'path') return;
    const end = resolve(value, host, context);
    if (typeof end === 'string') tell(`The path '${value.path}' leads nowhere: ${end}.`);
  }),
  rule('path-kind', 'stated', 'C14.4.1.6-1', ({ value, host }, tell, context) => {
    if (value.kind !== 'path') return;
    const end = resolve(value, host, context);
    if (typeof end === 'string' || end === null || end.anything || end.annotation) return;
    const entity = end.type?.kind === 'entity' || end.type?.qualifiedName === 'Edm.EntityType';
    if (value.type === 'NavigationPropertyPath' && !entity) tell(`The path '${value.path}' must lead to entities.`);
    if (value.type === 'PropertyPath' && (entity || end.type === null))
      tell(`The path '${value.path}' must lead to a structural property.`);
  }),
  rule('path-collections', 'stated', 'C14.4.1.1-6', ({ value, host }, tell, context) => {
    const end = value.kind === 'path' && value.type === 'Path' ? resolve(value, host, context) : null;
    if (value.kind === 'path' && end !== null && typeof end !== 'string' && end.collections > 1)
      tell(`The path '${value.path}' goes through several collections; a value can come of one at most.`);
  }),
  rule('annotation-path', 'stated', 'C14.4.1.3-1', ({ value }, tell) => {
    if (value.kind === 'path' && value.type === 'AnnotationPath' && !/@[^/]*$/.test(value.path))
      tell(`The path '${value.path}' must end with an annotation.`);
  }),
];

/** Follows a path from where its annotation stands; null: nobody knows where that is. A text says why it leads nowhere. */
function resolve({ path, type }: PathValue, host: Host | null, { model }: Context): Reached | string | null {
  const absolute = path.startsWith('/');
  const start = absolute ? nowhere : startOf(host);
  if (start === null) return null;
  const segments = splitPath(absolute ? path.slice(1) : path);
  let reached = start;
  for (const [index, segment] of segments.entries()) {
    if (reached.anything) return reached;
    const last = index === segments.length - 1;
    const next: Reached | string =
      absolute && index === 0
        ? named(segment, model)
        : step(reached, segment, { model, last, instance: type === 'Path' });
    if (typeof next === 'string') return next;
    reached = next;
  }
  return reached;
}

/** Segments; a `/` in the parentheses of a key parts nothing. */
function splitPath(path: string): readonly string[] {
  if (path === '') return [];
  const segments: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < path.length; at++) {
    const character = path[at];
    if (character === "'" && depth > 0) quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === '/' && depth === 0) {
      segments.push(path.slice(start, at));
      start = at + 1;
    }
  }
  return [...segments, path.slice(start)];
}

/** What a relative path starts at (CSDL 14.4.1.2). */
function startOf(host: Host | null): Reached | null {
  if (host === null) return null;
  const enclosed = host.kind === 'property' || host.kind === 'navigationProperty';
  return reach(enclosed ? host.declaringType : host, nowhere);
}

/** Standing on a model element. */
function reach(host: Host, before: Reached): Reached {
  const at = { ...before, host, annotation: false };
  switch (host.kind) {
    case 'entity':
    case 'complex':
      return { ...at, type: host };
    case 'entitySet':
      return { ...at, type: host.type, collection: true };
    case 'singleton':
      return { ...at, type: host.type, collection: false };
    case 'property':
    case 'navigationProperty':
    case 'parameter':
    case 'returnType': {
      const collections = before.collections + (host.collection ? 1 : 0);
      return { ...at, type: host.type, collection: host.collection, collections };
    }
    case 'entityContainer':
    case 'action':
    case 'function':
    case 'actionImport':
    case 'functionImport':
      return { ...at, type: null, collection: false };
  }
}

/** The first segment of an absolute path: a model element by its qualified name. */
function named(name: string, model: Model): Reached | string {
  if (!name.includes('.')) return `'${name}' is no qualified name`;
  const type = model.type(name);
  if (type?.kind === 'entity' || type?.kind === 'complex') return reach(type, nowhere);
  const [operation] = model.operations(name);
  if (operation !== undefined) return reach(operation, nowhere);
  if (model.container?.qualifiedName === name) return reach(model.container, nowhere);
  const known = type !== null || model.term(name) !== null || !model.schemas.has(name.slice(0, name.lastIndexOf('.')));
  return known ? { ...nowhere, type, anything: type === null } : `there is no '${name}'`;
}

interface Where {
  readonly model: Model;
  readonly last: boolean;
  readonly instance: boolean;
}

function step(at: Reached, segment: string, where: Where): Reached | string {
  const sign = segment.indexOf('@');
  if (sign === 0) return annotated(at, segment.slice(1), where);
  if (sign > 0) {
    const property = member(at, segment.slice(0, sign));
    return typeof property === 'string' || property.anything
      ? property
      : annotated(property, segment.slice(sign + 1), where);
  }
  if (segment === '$count' && at.collection) {
    if (where.instance && where.last)
      return { ...at, collection: false, type: null, collections: at.collections - 1, anything: true };
    return `$count ends the path of a value`;
  }
  if (/^-?\d+$/.test(segment)) return indexed(at, segment);
  const paren = segment.indexOf('(');
  if (paren > 0) return keyed(member(at, segment.slice(0, paren)), where);
  if (segment.includes('.')) return cast(at, segment, where.model);
  return member(at, segment);
}

/** A property, a child of the container, a parameter or the return type. */
function member(at: Reached, name: string): Reached | string {
  const { host, type } = at;
  if (type?.kind === 'entity' || type?.kind === 'complex') {
    const found = findMember(type, name);
    if (found !== null) return reach(found, at);
    return type.open ? { ...at, anything: true } : `${type.qualifiedName} has no property '${name}'`;
  }
  if (type?.kind === 'abstract') return { ...at, anything: true };
  switch (host?.kind) {
    case 'entityContainer': {
      const child = host.children.get(name);
      return child === undefined ? `the container has no child '${name}'` : reach(child, at);
    }
    case 'action':
    case 'function':
      return parameter([host], name, at);
    case 'actionImport':
      return parameter(host.actions, name, at);
    case 'functionImport':
      return parameter(host.functions, name, at);
    default:
      return `nothing is called '${name}' there`;
  }
}

function parameter(
  operations: readonly Extract<Host, { readonly kind: 'action' | 'function' }>[],
  name: string,
  at: Reached,
): Reached | string {
  for (const { parameters, returnType } of operations) {
    const found = name === '$ReturnType' ? returnType : parameters.find((one) => one.name === name);
    if (found !== null && found !== undefined) return reach(found, at);
  }
  return `the operation has no parameter '${name}'`;
}

/** A type cast must be possible (CSDL 14.4.1.1). */
function cast(at: Reached, name: string, model: Model): Reached | string {
  const type = model.type(name);
  if (type === null) return `there is no type '${name}'`;
  if (at.type === null || isSubtypeOf(type, at.type) || isSubtypeOf(at.type, type)) return { ...at, type };
  return `${at.type.qualifiedName} can never be ${name}`;
}

const ofStreams: ReadonlySet<string> = new Set(['mediaEditLink', 'mediaReadLink', 'mediaContentType', 'mediaEtag']);

/** A term cast; media entities and stream properties carry control information as if they were annotated. */
function annotated(at: Reached, name: string, { model }: Where): Reached | string {
  const [termName = ''] = name.split('#', 1);
  if (termName.startsWith('odata.')) {
    const { host } = at;
    const media = host?.kind === 'property' ? isStreamType(host.type) : at.type?.kind === 'entity' && at.type.hasStream;
    const known = ofStreams.has(termName.slice(6)) && media;
    return known ? { ...at, annotation: true, type: null } : `there is no '@${termName}' here`;
  }
  const term = model.term(termName);
  if (term !== null) return { ...at, host: null, annotation: true, type: term.type, collection: term.collection };
  const known = model.schemas.has(termName.slice(0, Math.max(0, termName.lastIndexOf('.'))));
  return known ? `there is no term '${termName}'` : { ...at, annotation: true, anything: true };
}

/** A key picks one of a collection of entities, in the path of a value only. */
function keyed(at: Reached | string, { instance }: Where): Reached | string {
  if (typeof at === 'string' || at.anything) return at;
  if (!instance || !at.collection || at.type?.kind !== 'entity')
    return 'a key stands behind a collection of entities, in the path of a value';
  return { ...at, collection: false, collections: at.host?.kind === 'entitySet' ? at.collections : at.collections - 1 };
}

/** A position picks one of an ordered collection. */
function indexed(at: Reached, position: string): Reached | string {
  const { host } = at;
  const ordered = host !== null && 'annotations' in host && annotationOf(host, 'Org.OData.Core.V1.Ordered') !== null;
  if (!at.collection || !ordered) return `'${position}' stands behind an ordered collection only`;
  return { ...at, collection: false, collections: at.collections - 1 };
}
