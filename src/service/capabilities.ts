import { alongNavigation, type Resource, type ResourceKind } from '../bind/index.js';
import { annotationOf, type EntityType, enumMembers, isTagged, type Model } from '../edm/index.js';
import { type ErrorCode, ODataError } from '../errors.js';
import type { Method } from '../protocol/index.js';
import { ofSource, type Restrictions, restrictionsAt } from './restrictions.js';

/** What a rule looks at. */
interface Asked {
  readonly resource: Resource;
  /** Of the entity or collection that the request reads or changes: for references the entity that holds them. */
  readonly restrictions: Restrictions;
  readonly method: Method;
  readonly model: Model;
}

type Holds = (asked: Asked) => boolean;

/** One promise of `$metadata`, where it counts, and the refusal when it does not hold. */
type Rule = readonly [
  promise: string,
  kinds: readonly ResourceKind[],
  methods: readonly Method[],
  refusal: ErrorCode,
  holds: Holds,
];

const references: readonly ResourceKind[] = ['reference', 'referenceCollection'];
const properties: readonly ResourceKind[] = [
  'complex',
  'complexCollection',
  'primitive',
  'primitiveCollection',
  'rawValue',
  'stream',
  'mediaValue',
];
const parts = [...properties, ...references];
const collections: readonly ResourceKind[] = ['entityCollection', 'count', 'referenceCollection'];
const all: readonly ResourceKind[] = ['entityCollection', 'entity', 'each', 'count', ...parts];
const get: readonly Method[] = ['GET'];
const update: readonly Method[] = ['PATCH', 'PUT'];
const change: readonly Method[] = ['POST', 'PATCH', 'PUT', 'DELETE'];
const any: readonly Method[] = ['GET', ...change];

/** A Boolean member of a record term. */
const flag =
  (term: string, member: string): Holds =>
  ({ restrictions }) =>
    restrictions.allows(term, member);

/** The same, but what is contained changes with the entity that contains it, unless something is said of it itself. */
const partly =
  (term: string, member: string): Holds =>
  ({ restrictions }) =>
    restrictions.contained && !restrictions.says(term)
      ? restrictions.allows('UpdateRestrictions', 'Updatable')
      : restrictions.allows(term, member);

/** A rule only for paths that have a segment of a kind. */
const with_ =
  (kind: 'filter' | 'cast' | 'key', holds: Holds): Holds =>
  (asked) =>
    holds(asked) || !asked.resource.steps.some((step) => step.kind === kind);

/** Navigation steps are as many as `MaxLevels` allows. */
const within =
  (term: string): Holds =>
  ({ resource, restrictions }) => {
    const most = restrictions.limit(term, 'MaxLevels');
    return most === null || resource.steps.filter(({ kind }) => kind === 'navigation').length <= most;
  };

/** The methods a set is restricted to by `Core.Permissions` on it or on its type. */
const permitted: Holds = ({ resource, method }) => {
  const { source } = resource;
  const term = 'Org.OData.Core.V1.Permissions';
  const own = source === null ? null : annotationOf(source, term);
  const type = entityTypeOf(resource);
  const rights = enumMembers(own ?? (type === null ? null : annotationOf(type, term)));
  return rights === null || rights.includes('ReadWrite') || rights.includes(method === 'GET' ? 'Read' : 'Write');
};

/** The type of the entity that a path leads to or into. */
function entityTypeOf({ steps }: Resource): EntityType | null {
  let type: EntityType | null = null;
  for (const step of steps) {
    if (step.kind === 'entitySet') type = step.set.type;
    else if (step.kind === 'singleton') type = step.singleton.type;
    else if (step.kind === 'navigation' && step.property.type.kind === 'entity') type = step.property.type;
    else if (step.kind === 'cast' && step.type.kind === 'entity') type = step.type;
  }
  return type;
}

const listed: Holds = ({ restrictions, method }) => {
  const names = restrictions.text('UpdateRestrictions', 'UpdateMethod');
  return names === null || names.split(/[\s,]+/).some((name) => name.slice(name.lastIndexOf('/') + 1) === method);
};

/** Every navigation step may be taken, and not behind one that may only be the last. */
const navigable: Holds = ({ resource, model }) =>
  resource.steps.every((step, index) => {
    if (step.kind !== 'navigation') return true;
    const { navigability } = restrictionsAt(beginning(resource, index + 1), model);
    const isFirst = !resource.steps.slice(0, index).some(({ kind }) => kind === 'navigation');
    return navigability !== 'None' && (navigability !== 'Single' || isFirst);
  });

const items: Holds = ({ resource, restrictions, method }) => {
  const member = method === 'POST' ? 'Insertable' : method === 'DELETE' ? 'Deletable' : 'Updatable';
  return restrictions.collectionProperty(propertyPath(resource).join('/'), member);
};

/** No property of the path is one of those that cannot be updated. */
const updatable: Holds = ({ resource, restrictions }) => {
  const path = propertyPath(resource);
  const fixed = restrictions.paths('UpdateRestrictions', 'NonUpdatableProperties');
  return !path.some((_, index) => fixed.includes(path.slice(0, index + 1).join('/')));
};

function propertyPath(resource: Resource): readonly string[] {
  return resource.steps
    .slice(resource.steps.findLastIndex(({ kind }) => kind !== 'property' && kind !== 'cast') + 1)
    .flatMap((step) => (step.kind === 'property' ? [step.property.name] : []));
}

const relatable: Holds = ({ resource, restrictions }) => {
  const last = resource.steps.findLast((step) => step.kind === 'navigation');
  const fixed = restrictions.paths('UpdateRestrictions', 'NonUpdatableNavigationProperties');
  return last?.kind !== 'navigation' || !fixed.includes(last.property.name);
};

const nullable: Holds = ({ resource }) => {
  const last = resource.steps.at(-1);
  return last?.kind !== 'singleton' || last.singleton.nullable;
};

const containedSingle: Holds = ({ resource }) => {
  const last = resource.steps.at(-1);
  return last?.kind === 'navigation' && last.property.containsTarget;
};

/** Sets that are read together, each by its own right. */
const allReadable: Holds = ({ resource, model }) =>
  resource.sets.every(({ source }) => ofSource(source, model).allows('ReadRestrictions', 'Readable'));

const joinable: Holds = ({ model: { container } }) => {
  const term = 'Org.OData.Capabilities.V1.CrossJoinSupported';
  return container === null || annotationOf(container, term) === null || isTagged(container, term);
};

const insert = 'InsertRestrictions';
const updates = 'UpdateRestrictions';
const deletes = 'DeleteRestrictions';
const read = 'ReadRestrictions';
const filterSegment = 'FilterSegmentSupported';
const castSegment = 'TypecastSegmentSupported';
const refused = 'MethodNotAllowed';
const absent = 'NotImplemented';

/** What `$metadata` promises of paths and methods, in the order in which it is asked; docs/annotations.md lists it. */
export const rules: readonly Rule[] = [
  ['NavigationRestrictions/Navigability', all, any, 'ResourceNotFound', navigable],
  ['IndexableByKey', all, any, absent, with_('key', ({ restrictions }) => restrictions.tag('IndexableByKey'))],
  ['CrossJoinSupported', ['crossjoin'], get, absent, joinable],
  [`${read}/Readable, of sets read together`, ['crossjoin', 'all'], get, refused, allReadable],
  ['Core.Permissions', all, any, refused, permitted],
  ['Nullable of a singleton', ['entity'], ['DELETE'], refused, nullable],
  ['ContainsTarget of a single-valued navigation property', ['entity'], ['POST'], refused, containedSingle],
  [`${read}/Readable`, collections, get, refused, flag(read, 'Readable')],
  [
    `${read}/ReadByKeyRestrictions`,
    ['entity', 'reference', ...properties],
    get,
    refused,
    (asked) => asked.restrictions.readableByKey,
  ],
  [`${read}/${castSegment}`, [...collections, 'entity'], get, absent, with_('cast', flag(read, castSegment))],
  ['CountRestrictions/Countable', ['count'], get, absent, flag('CountRestrictions', 'Countable')],
  [
    'FilterRestrictions/Filterable',
    [...collections, 'each'],
    any,
    absent,
    with_('filter', flag('FilterRestrictions', 'Filterable')),
  ],
  [`${insert}/Insertable`, ['entityCollection', 'entity'], ['POST'], refused, partly(insert, 'Insertable')],
  [`${insert}/MaxLevels`, ['entityCollection', 'entity'], ['POST'], refused, within(insert)],
  [`${insert}/${castSegment}`, ['entityCollection'], ['POST'], absent, with_('cast', flag(insert, castSegment))],
  [`${updates}/Updatable`, ['entity', 'each'], update, refused, flag(updates, 'Updatable')],
  [`${updates}/Updatable, of parts`, parts, change, refused, flag(updates, 'Updatable')],
  [`${updates}/UpdateMethod`, ['entity'], update, refused, listed],
  [`${updates}/MaxLevels`, ['entity', 'each', ...parts], update, refused, within(updates)],
  [`${updates}/DeltaUpdateSupported`, ['entityCollection'], update, refused, flag(updates, 'DeltaUpdateSupported')],
  [`${updates}/${filterSegment}`, ['each'], ['PATCH'], absent, with_('filter', flag(updates, filterSegment))],
  [`${updates}/${castSegment}`, ['each'], ['PATCH'], absent, with_('cast', flag(updates, castSegment))],
  [`${updates}/NonUpdatableProperties`, properties, change, refused, updatable],
  [`${updates}/NonUpdatableNavigationProperties`, references, change, refused, relatable],
  ['CollectionPropertyRestrictions', ['complexCollection', 'primitiveCollection'], change, refused, items],
  [`${deletes}/Deletable`, ['entity', 'each'], ['DELETE'], refused, partly(deletes, 'Deletable')],
  [`${deletes}/MaxLevels`, ['entity', 'each'], ['DELETE'], refused, within(deletes)],
  [`${deletes}/${filterSegment}`, ['each'], ['DELETE'], absent, with_('filter', flag(deletes, filterSegment))],
  [`${deletes}/${castSegment}`, ['each'], ['DELETE'], absent, with_('cast', flag(deletes, castSegment))],
];

/** The rule that stands against a method, or null. */
function against(resource: Resource, method: Method, model: Model): Rule | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  const changesReferences = references.includes(resource.kind) && asked !== 'GET';
  const place = changesReferences ? withoutNavigation(resource) : resource;
  const context: Asked = { resource, restrictions: restrictionsAt(place, model), method: asked, model };
  const applying = rules.filter(([, kinds, methods]) => kinds.includes(resource.kind) && methods.includes(asked));
  return applying.find(([, , , , holds]) => !holds(context)) ?? null;
}

/** A reference belongs to the entity that has it. */
function withoutNavigation(resource: Resource): Resource {
  const at = resource.steps.findLastIndex((step) => step.kind === 'navigation');
  return at < 0 ? resource : beginning(resource, at);
}

/** The resource that the first steps of a path lead to. */
function beginning(resource: Resource, count: number): Resource {
  const [first, ...rest] = resource.steps.slice(0, count);
  if (first === undefined) return resource;
  const source = first.kind === 'entitySet' ? first.set : first.kind === 'singleton' ? first.singleton : null;
  const start: Resource = { ...resource, steps: [first], source };
  let at = start;
  for (const [index, step] of rest.entries())
    at =
      step.kind === 'navigation'
        ? alongNavigation(at, step.property)
        : { ...at, steps: resource.steps.slice(0, index + 2) };
  return at;
}

/** What was found before, by the shape of the path: rules do not look at keys or conditions. */
const known = new WeakMap<Model, Map<string, Rule | null>>();

function shapeOf({ kind, steps, sets }: Resource, method: Method): string {
  const names = steps.map((step) => {
    switch (step.kind) {
      case 'entitySet':
        return step.set.name;
      case 'singleton':
        return step.singleton.name;
      case 'navigation':
      case 'property':
        return step.property.name;
      case 'cast':
        return `${step.type.qualifiedName}.`;
      default:
        return `(${step.kind})`;
    }
  });
  return `${kind} ${method} ${names.join('/')} ${sets.map(({ source }) => source.name).join()}`;
}

/**
 * Holds a request to what `$metadata` promises of its path and method. `methods` are those that this kind of resource has.
 * Throws MethodNotAllowed with what is left in `Allow`, NotImplemented for what is switched off (vocabularies 0).
 */
export function requireCapability(resource: Resource, method: Method, methods: readonly string[], model: Model): void {
  const found = ruleAgainst(resource, method, model);
  if (found === null) return;
  const [promise, , , refusal] = found;
  if (refusal !== 'MethodNotAllowed') throw new ODataError(refusal, `The model rules this out here (${promise}).`);
  const allowed = allowedHere(resource, methods, model);
  throw new ODataError(refusal, `The model rules ${method} out here (${promise}).`, null, {
    headers: { Allow: allowed.join(', ') },
  });
}

function ruleAgainst(resource: Resource, method: Method, model: Model): Rule | null {
  const shapes = known.get(model) ?? new Map<string, Rule | null>();
  known.set(model, shapes);
  const shape = shapeOf(resource, method);
  let found = shapes.get(shape);
  if (found === undefined) {
    found = against(resource, method, model);
    if (shapes.size > 10_000) shapes.clear();
    shapes.set(shape, found);
  }
  return found;
}

/** Of the methods a kind of resource has, those that the model leaves it. */
export function allowedHere(resource: Resource, methods: readonly string[], model: Model): readonly string[] {
  return methods.filter((method) => ruleAgainst(resource, method as Method, model)?.[3] !== 'MethodNotAllowed');
}
