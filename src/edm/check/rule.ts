import type {
  Annotation,
  EntityContainer,
  EntitySet,
  EntityType,
  EnumType,
  Model,
  NavigationProperty,
  Operation,
  Position,
  Property,
  Schema,
  Singleton,
  StructuredType,
  Term,
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
}

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
  readonly annotation: Annotation;
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
