import { findMember } from './member.js';
import type {
  Annotation,
  AnnotationExpression,
  ContainerChild,
  EntitySet,
  Model,
  NavigationProperty,
  Operation,
  Property,
  RecordExpression,
  Singleton,
  StructuredType,
  Type,
} from './model.js';
import type { ObeyedTerm, TermsOf } from './obeyed.js';

/** Whatever carries annotations. */
export interface Annotatable {
  readonly annotations: readonly Annotation[];
}

/** The annotation of a term (namespace-qualified name) on an element itself, or null (CSDL 14.2). */
export function annotationOf(
  element: Annotatable,
  termName: ObeyedTerm,
  qualifier: string | null = null,
): Annotation | null {
  for (const annotation of element.annotations)
    if (annotation.termName === termName && annotation.qualifier === qualifier) return annotation;
  return null;
}

/** Like `annotationOf`; for types also from base types, for properties from the property they redefine (CSDL 14.2). */
export function inheritedAnnotation(
  element: StructuredType | Property | NavigationProperty,
  termName: ObeyedTerm,
  qualifier: string | null = null,
): Annotation | null {
  const own = annotationOf(element, termName, qualifier);
  const base = own === null ? baseOf(element) : null;
  return base === null ? own : inheritedAnnotation(base, termName, qualifier);
}

/** The base type, or the property that a property redefines. */
function baseOf(
  element: StructuredType | Property | NavigationProperty,
): StructuredType | Property | NavigationProperty | null {
  if (element.kind === 'entity' || element.kind === 'complex') return element.baseType;
  const base = element.declaringType.baseType;
  return base === null ? null : findMember(base, element.name);
}

/** Terms that hold for what uses an annotated type definition, too, because they say so (CSDL 14.2; Core). */
const propagating: ReadonlySet<string> = new Set([
  'Org.OData.Core.V1.AcceptableMediaTypes',
  'Org.OData.Core.V1.MediaType',
]);

/** Like `inheritedAnnotation`, for any element; terms that propagate are also looked for at the type definition of a property. */
export function effectiveAnnotation(element: Annotatable, termName: ObeyedTerm): Annotation | null {
  const found = isInheriting(element) ? inheritedAnnotation(element, termName) : annotationOf(element, termName);
  if (found !== null || !propagating.has(termName) || !('type' in element)) return found;
  const type = element.type as Type;
  return type.kind === 'typeDefinition' ? annotationOf(type, termName) : null;
}

const gathered = new WeakMap<Annotatable, readonly Annotation[]>();

/** The annotations of an element: its own, and those it inherits that they do not replace (CSDL 14.2). */
export function effectiveAnnotations(element: Annotatable): readonly Annotation[] {
  const known = gathered.get(element);
  if (known !== undefined) return known;
  const base = isInheriting(element) ? baseOf(element) : null;
  const inherited = base === null ? [] : effectiveAnnotations(base);
  const left = inherited.filter(
    (one) => !element.annotations.some((own) => own.termName === one.termName && own.qualifier === one.qualifier),
  );
  const all = left.length === 0 ? element.annotations : [...element.annotations, ...left];
  gathered.set(element, all);
  return all;
}

function isInheriting(element: Annotatable): element is StructuredType | Property | NavigationProperty {
  const kind: unknown = 'kind' in element ? element.kind : null;
  return kind === 'entity' || kind === 'complex' || kind === 'property' || kind === 'navigationProperty';
}

const external = new WeakMap<Model, ReadonlyMap<string, readonly Annotation[]>>();

/** All annotations that target a path from outside, `NS.Container/Set/Nav` for instance; namespace-qualified (CSDL 14.2.2). */
export function annotationsAt(model: Model, target: string): readonly Annotation[] {
  let all = external.get(model);
  if (all === undefined) {
    const gathered = new Map<string, Annotation[]>();
    for (const group of model.documents.flatMap(({ schemas }) =>
      schemas.flatMap(({ annotationGroups }) => annotationGroups),
    )) {
      const list = gathered.get(group.target);
      if (list === undefined) gathered.set(group.target, [...group.annotations]);
      else list.push(...group.annotations);
    }
    all = gathered;
    external.set(model, all);
  }
  return all.get(target) ?? [];
}

/** True for a tag that is there, or inherited, and not `false`: its default is true (Core.Tag). */
export function isTagged(element: Annotatable, termName: ObeyedTerm): boolean {
  const annotation = effectiveAnnotation(element, termName);
  return annotation !== null && (booleanValue(annotation) ?? false);
}

/** The text of a constant or path value, the term's default when no value is written; null: there is none. */
export function stringValue(annotation: Annotation | null): string | null {
  if (annotation === null) return null;
  return annotation.value === null ? (annotation.term?.defaultValue ?? null) : textOf(annotation.value);
}

/** A Boolean value; without a written value the term's default, which is true for tags. */
export function booleanValue(annotation: Annotation | null): boolean | null {
  if (annotation === null) return null;
  if (annotation.value === null && annotation.term === null) return true;
  const text = stringValue(annotation);
  return text === 'true' ? true : text === 'false' ? false : null;
}

/** A numeric value, as far as a JavaScript number holds it. */
export function numberValue(annotation: Annotation | null): number | null {
  const text = stringValue(annotation);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : value;
}

/** The names of the enumeration members of a value, without their type. */
export function enumMembers(annotation: Annotation | null): readonly string[] | null {
  const text = stringValue(annotation);
  return text === null
    ? null
    : text
        .split(/[\s,]+/)
        .filter((part) => part !== '')
        .map((part) => part.slice(part.lastIndexOf('/') + 1));
}

/** The record of a value, or null. */
export function recordValue(annotation: Annotation | null): RecordExpression | null {
  return annotation?.value?.kind === 'record' ? annotation.value : null;
}

/** The records of a collection. */
export function recordValues(value: Annotation | AnnotationExpression | null): readonly RecordExpression[] {
  return itemsOf(value).filter((item) => item.kind === 'record');
}

/** The texts of a collection of strings, paths or enumeration members. */
export function stringValues(value: Annotation | AnnotationExpression | null): readonly string[] {
  return itemsOf(value).flatMap((item) => textOf(item) ?? []);
}

/** What a record states for a property; null when nothing, or the property's default. */
export function memberOf(record: RecordExpression | null, property: string): AnnotationExpression | null {
  return record?.values.get(property)?.value ?? null;
}

/** The text a record states for a property, or else the property's default (CSDL 14.4.12). */
export function memberText(record: RecordExpression | null, property: string): string | null {
  if (record === null) return null;
  const stated = record.values.get(property);
  if (stated?.value !== undefined && stated.value !== null) return textOf(stated.value);
  return record.type?.properties.get(property)?.defaultValue ?? null;
}

/** The Boolean a record states for a property, or else its default. */
export function memberFlag(record: RecordExpression | null, property: string): boolean | null {
  const text = memberText(record, property);
  return text === 'true' ? true : text === 'false' ? false : null;
}

function itemsOf(value: Annotation | AnnotationExpression | null): readonly AnnotationExpression[] {
  const expression = value?.kind === 'annotation' ? value.value : value;
  return expression?.kind === 'collection' ? expression.items : [];
}

/** The text of a constant or of a path; null for everything else. */
export function textOf(value: AnnotationExpression): string | null {
  return value.kind === 'constant' ? value.text : value.kind === 'path' ? value.path : null;
}

const restrictionOf = {
  read: 'ReadRestrictions',
  insert: 'InsertRestrictions',
  update: 'UpdateRestrictions',
  delete: 'DeleteRestrictions',
} as const;

/**
 * The scopes of which a caller needs one to do this with a set or singleton (Capabilities `Permissions`; alternatives,
 * vocabularies D8). Empty: the model asks for none.
 */
export function effectivePermissions(source: ContainerChild, act: keyof typeof restrictionOf): readonly string[] {
  return permissionsIn(source, restrictionOf[act]);
}

/** The scopes of which a caller needs one to call an operation (Capabilities.OperationRestrictions). Empty: the model asks for none. */
export function operationPermissions(operation: Operation): readonly string[] {
  return permissionsIn(operation, 'OperationRestrictions');
}

function permissionsIn(element: Annotatable, term: TermsOf<'Org.OData.Capabilities.V1'>): readonly string[] {
  const restrictions = recordValue(annotationOf(element, `Org.OData.Capabilities.V1.${term}`));
  return recordValues(memberOf(restrictions, 'Permissions')).flatMap((permission) =>
    recordValues(memberOf(permission, 'Scopes')).flatMap((scope) => memberText(scope, 'Scope') ?? []),
  );
}

/** The property whose value names the owning user (Edmund.Owner), relative to the set's type; null: nobody owns it. */
export function ownerPath(source: EntitySet | Singleton): string | null {
  return stringValue(annotationOf(source, 'Edmund.V1.Owner'));
}

/** One item of a default order. */
export interface SortItem {
  readonly property: string;
  readonly descending: boolean;
}

/** The order of a collection when a request states none (Edmund.DefaultOrder): of the set or navigation property, else of its type. */
export function annotatedOrder(source: EntitySet | Singleton | NavigationProperty): readonly SortItem[] {
  const term = 'Edmund.V1.DefaultOrder';
  const own = annotationOf(source, term);
  const annotation = own ?? (source.type.kind === 'entity' ? inheritedAnnotation(source.type, term) : null);
  const prefix = own !== null && source.kind === 'navigationProperty' ? `${source.name}/` : '';
  return recordValues(annotation).flatMap((record) => {
    const path = memberText(record, 'Property');
    if (path === null) return [];
    return [
      {
        property: path.startsWith(prefix) ? path.slice(prefix.length) : path,
        descending: memberFlag(record, 'Descending') ?? false,
      },
    ];
  });
}

/** Items of a page when a request states none (Edmund.PageSize): of the set or navigation property, else of the container; null: not stated. */
export function annotatedPageSize(source: EntitySet | Singleton | NavigationProperty, model: Model): number | null {
  const term = 'Edmund.V1.PageSize';
  const own = numberValue(annotationOf(source, term));
  return own ?? (model.container === null ? null : numberValue(annotationOf(model.container, term)));
}

/** Paths of the properties that `$search` looks through (Edmund.Searchable): of the set or navigation property, else of its type; null: not stated. */
export function annotatedSearch(source: EntitySet | Singleton | NavigationProperty): readonly string[] | null {
  const term = 'Edmund.V1.Searchable';
  const own = annotationOf(source, term);
  const annotation = own ?? (source.type.kind === 'entity' ? inheritedAnnotation(source.type, term) : null);
  if (annotation === null) return null;
  const prefix = own !== null && source.kind === 'navigationProperty' ? `${source.name}/` : '';
  return stringValues(annotation).map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path));
}
