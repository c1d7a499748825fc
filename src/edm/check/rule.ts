import type {
  Annotation,
  AnnotationExpression,
  ContainerChild,
  EntityContainer,
  EntitySet,
  EntityType,
  EnumType,
  Model,
  NavigationProperty,
  Operation,
  Parameter,
  Position,
  Property,
  ReturnType,
  Schema,
  Singleton,
  StructuredType,
  Term,
  Type,
  TypeDefinition,
  TypeReference,
} from '../model.js';
import type { Annotated } from './walk.js';

/** What a rule may look at besides the element. */
export interface Context {
  readonly model: Model;
  readonly schema: Schema;
  /** `4.0` or `4.01`: of the document that holds the element. */
  readonly version: string;
  /** Labeled elements of the schema that were met so far (CSDL 14.4.8). */
  readonly labels: Set<string>;
}

/** A value within an annotation, and what is expected in its place. */
export interface Stated {
  readonly value: AnnotationExpression;
  /** null: nobody says. */
  readonly expected: { readonly type: Type; readonly collection: boolean } | null;
  readonly inCollection: boolean;
  /** The annotation that it is part of, and what that stands on; null: on no element that paths start at. */
  readonly annotation: Annotation;
  readonly host: Host | null;
}

/** Model elements that the paths of their annotations start at (CSDL 14.4.1.2). */
export type Host =
  | StructuredType
  | Property
  | NavigationProperty
  | EntityContainer
  | ContainerChild
  | Operation
  | Parameter
  | ReturnType;

/** The kinds of elements that rules look at. */
export interface Checked {
  readonly schema: Schema;
  readonly structured: StructuredType;
  readonly entity: EntityType;
  readonly property: Property;
  readonly navigation: NavigationProperty;
  readonly enum: EnumType;
  readonly typeDefinition: TypeDefinition;
  /** Whatever has a type: property, parameter, return type, term. */
  readonly typed: TypeReference & { readonly kind: string; readonly at: Position };
  readonly operation: Operation;
  /** All overloads of a name, of one kind. */
  readonly overloads: readonly Operation[];
  readonly term: Term;
  readonly container: EntityContainer;
  readonly set: EntitySet | Singleton;
  readonly child: EntityContainer['children'] extends ReadonlyMap<string, infer C> ? C : never;
  /** An element with its annotations, and what it is called in AppliesTo. */
  readonly annotated: Annotated;
  readonly annotation: { readonly annotation: Annotation; readonly host: Host | null };
  /** Every value of every annotation, however deep. */
  readonly stated: Stated;
}

/** Tells what is wrong; `at` is the element's own place unless another is given. */
export type Tell = (message: string, at?: Position) => void;

/** One rule of the standard: for elements of a kind, what it states, and how it is checked. Section and severity stand in the table of codes. */
export interface Rule<K extends keyof Checked> {
  readonly code: string;
  readonly on: K;
  /** The requirement's id in our digest of the standard. */
  readonly id: string;
  readonly check: (element: Checked[K], tell: Tell, context: Context) => void;
}

/** A rule for any kind of elements. */
export type AnyRule = { [K in keyof Checked]: Rule<K> }[keyof Checked];

/** Keeps the kind of elements a rule looks at in its type. */
export function rule<K extends keyof Checked>(code: string, on: K, id: string, check: Rule<K>['check']): Rule<K> {
  return { code, on, id, check };
}
