import type { Resource, Step } from '../bind/index.js';
import {
  type AnnotationExpression,
  annotationOf,
  annotationsAt,
  type Element,
  type EntitySet,
  isObeyed,
  type Model,
  memberFlag,
  memberOf,
  type NavigationProperty,
  type RecordExpression,
  recordValue,
  recordValues,
  type Singleton,
  stringValues,
  textOf,
} from '../edm/index.js';

const capabilities = 'Org.OData.Capabilities.V1.';

/** Something that may say what a term holds: an element, a record whose members are named like the terms. */
type Level = (term: string) => { readonly value: AnnotationExpression | null } | null;

/**
 * What the model restricts at one path (vocabularies V01 to V06), the most specific statement first: the path itself, the
 * entry of NavigationRestrictions, the set it is bound to, the navigation property, for what is contained the set it belongs
 * to, and the container's defaults. Nothing said: nothing restricted.
 */
export class Restrictions {
  constructor(
    private readonly levels: readonly Level[],
    private readonly model: Model,
    /** Contained entities are a part of the entity that contains them. */
    readonly contained: boolean,
    private readonly inherited: Level | null,
  ) {}

  /** A member of a record term; the term's own default when the record does not state it; null: nobody says anything of the term. */
  private member(term: string, name: string, levels: readonly Level[]): AnnotationExpression | string | null {
    let said = false;
    for (const level of levels) {
      const found = level(term);
      if (found === null) continue;
      said = true;
      const stated = found.value?.kind === 'record' ? memberOf(found.value, name) : null;
      if (stated !== null) return stated;
    }
    return said ? this.defaultOf(term, name) : null;
  }

  private defaultOf(term: string, name: string): string | null {
    const type = this.model.term(`${capabilities}${term}`)?.type;
    return type?.kind === 'complex' ? (type.properties.get(name)?.defaultValue ?? null) : null;
  }

  /** The levels that a term is looked up in: the first that speaks of it, and the container's defaults beneath. */
  private speaking(term: string): readonly Level[] {
    const [defaults] = this.levels.slice(-1);
    const all =
      this.inherited === null ? this.levels : [...this.levels.slice(0, -1), this.inherited, ...this.levels.slice(-1)];
    const first = all.find((level) => level(term) !== null);
    return first === undefined ? [] : first === defaults || defaults === undefined ? [first] : [first, defaults];
  }

  /** Whether a term says anything here, leaving out what is only inherited or a default. */
  says(term: string): boolean {
    return this.levels.slice(0, -1).some((level) => level(term) !== null);
  }

  /** A Boolean of a record term; true when nobody says anything. A value that depends on the instance counts as true. */
  allows(term: string, member: string): boolean {
    const found = this.member(term, member, this.speaking(term));
    return (typeof found === 'string' ? found : found === null ? null : textOf(found)) !== 'false';
  }

  /** The text of a member, null when nothing is stated. */
  text(term: string, member: string): string | null {
    const found = this.member(term, member, this.speaking(term));
    return typeof found === 'string' ? found : found === null ? null : textOf(found);
  }

  /** What a member says, when it depends on the instance: a path. */
  expression(term: string, member: string): AnnotationExpression | null {
    const found = this.member(term, member, this.speaking(term));
    return typeof found === 'string' ? null : found;
  }

  /** A number, such as `MaxLevels`; null: no limit. */
  limit(term: string, member: string): number | null {
    const value = Number(this.text(term, member) ?? '-1');
    return Number.isInteger(value) && value >= 0 ? value : null;
  }

  /** The paths a member lists. */
  paths(term: string, member: string): readonly string[] {
    const found = this.member(term, member, this.speaking(term));
    return typeof found === 'string' || found === null ? [] : stringValues(found);
  }

  /** The records a member lists. */
  records(term: string, member: string): readonly RecordExpression[] {
    const found = this.member(term, member, this.speaking(term));
    return typeof found === 'string' || found === null ? [] : recordValues(found);
  }

  /** A record within a record; null when it is not stated. */
  record(term: string, member: string): RecordExpression | null {
    const found = this.expression(term, member);
    return found?.kind === 'record' ? found : null;
  }

  /** A tag such as TopSupported; true when nobody says anything. */
  tag(term: string): boolean {
    for (const level of this.levels) {
      const found = level(term);
      if (found !== null) return found.value === null || textOf(found.value) !== 'false';
    }
    return true;
  }

  /** A list such as FilterFunctions; empty: not stated. */
  list(term: string): readonly string[] {
    for (const level of this.levels) {
      const found = level(term);
      if (found !== null) return stringValues(found.value);
    }
    return [];
  }

  /** Whether single entities can be read: what ReadByKeyRestrictions does not state holds as for collections. */
  get readableByKey(): boolean {
    const own = this.record('ReadRestrictions', 'ReadByKeyRestrictions');
    const stated = own === null ? null : memberOf(own, 'Readable');
    return stated === null ? this.allows('ReadRestrictions', 'Readable') : textOf(stated) !== 'false';
  }

  /** A Boolean of the entry of CollectionPropertyRestrictions for a path; true when there is none. */
  collectionProperty(path: string, member: string): boolean {
    for (const level of this.levels)
      for (const entry of recordValues(level('CollectionPropertyRestrictions')?.value ?? null)) {
        const named = memberOf(entry, 'CollectionProperty');
        if (named !== null && textOf(named) === path) return memberFlag(entry, member) !== false;
      }
    return true;
  }

  /** `Recursive`, `Single` or `None`; null: not stated. */
  get navigability(): string | null {
    for (const level of this.levels) {
      const value = level('Navigability')?.value ?? null;
      const text = value === null ? null : textOf(value);
      if (text !== null) return text.slice(text.lastIndexOf('/') + 1);
    }
    return null;
  }

  /** A Boolean of the entry of NavigationRestrictions itself, false when it is not stated. */
  navigation(member: string): boolean {
    return this.levels.some((level) => {
      const value = level(member)?.value;
      return value !== null && value !== undefined && textOf(value) === 'true';
    });
  }
}

const ofElement =
  (element: Element): Level =>
  (term) => {
    const name = `${capabilities}${term}`;
    return isObeyed(name) ? annotationOf(element, name) : null;
  };

const ofRecord =
  (record: RecordExpression | null): Level =>
  (term) =>
    record?.values.get(term) ?? null;

/** The restrictions of the collection or single entity a path leads to; properties behind it belong to it. */
export function restrictionsAt(resource: Resource, model: Model): Restrictions {
  const steps = resource.steps.filter(isPlace);
  const last = steps.at(-1);
  const levels: Level[] = [...pathLevels(steps, model)];
  const contained = last?.kind === 'navigation' && last.property.containsTarget;
  const source = sourceOf(resource, steps);
  if (source !== null && !contained) levels.push(ofElement(source));
  if (last?.kind === 'navigation') levels.push(ofElement(last.property));
  levels.push(ofRecord(model.container === null ? null : defaultsOf(model.container)));
  return new Restrictions(levels, model, contained, contained && source !== null ? ofElement(source) : null);
}

/** What the model restricts of a source by itself, whatever the path to it. */
export function ofSource(source: EntitySet | Singleton | NavigationProperty, model: Model): Restrictions {
  const defaults = ofRecord(model.container === null ? null : defaultsOf(model.container));
  return new Restrictions([ofElement(source), defaults], model, false, null);
}

/** Whether entities of a source may not be changed: for what links say of them. */
export function isReadOnly(source: EntitySet | Singleton | NavigationProperty, model: Model): boolean {
  return !ofSource(source, model).allows('UpdateRestrictions', 'Updatable');
}

function defaultsOf(container: Element): RecordExpression | null {
  return recordValue(annotationOf(container, `${capabilities}DefaultCapabilities`));
}

type PlaceStep = Extract<Step, { kind: 'entitySet' | 'singleton' | 'navigation' }>;

function isPlace(step: Step): step is PlaceStep {
  return step.kind === 'entitySet' || step.kind === 'singleton' || step.kind === 'navigation';
}

function sourceOf(resource: Resource, steps: readonly PlaceStep[]): EntitySet | Singleton | null {
  const [first] = steps;
  if (steps.length > 1 || first === undefined) return resource.source;
  return first.kind === 'entitySet' ? first.set : first.kind === 'singleton' ? first.singleton : null;
}

/** From each set or singleton on the way: an annotation of the path from there, and an entry of its NavigationRestrictions. */
function* pathLevels(steps: readonly PlaceStep[], model: Model): Generator<Level> {
  const [first, ...rest] = steps;
  const source = first?.kind === 'entitySet' ? first.set : first?.kind === 'singleton' ? first.singleton : null;
  if (source === null || rest.length === 0 || model.container === null) return;
  const path = rest.map((step) => (step.kind === 'navigation' ? step.property.name : '')).join('/');
  const outside = annotationsAt(model, `${model.container.qualifiedName}/${source.name}/${path}`);
  yield (term) => outside.find(({ termName }) => termName === `${capabilities}${term}`) ?? null;
  const restrictions = recordValue(annotationOf(source, `${capabilities}NavigationRestrictions`));
  for (const entry of recordValues(memberOf(restrictions, 'RestrictedProperties'))) {
    const named = memberOf(entry, 'NavigationProperty');
    if (named !== null && textOf(named) === path) yield ofRecord(entry);
  }
  const general = restrictions?.values.get('Navigability') ?? null;
  yield (term) => (term === 'Navigability' ? general : null);
}
