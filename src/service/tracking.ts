import { type BoundOptions, type Expansion, type Expression, usedBy } from '../bind/index.js';
import { ODataError } from '../errors.js';
import { about, type Positions, type Shape } from '../plan/index.js';
import { type Exchange, shapeOfExchange } from './context.js';
import { describe } from './describe.js';
import { type DeltaToken, type Moment, openDelta, sealDelta } from './moment.js';
import { queryOf } from './page.js';
import { restrictionsAt } from './restrictions.js';
import type { Engine } from './service.js';

/** How deleted entities and expanded ones are told: as 4.0 has it, or as 4.01 and what Graph calls `delta` (JSON 15). */
export function formOf({ negotiated, url }: Exchange): 'flat' | 'nested' {
  return negotiated.version === '4.0' && !url.resource.changes ? 'flat' : 'nested';
}

/** Whether changes are to be tracked: asked for, supported by the model, and of something whose former states can be told. */
export function isTracked(exchange: Exchange, engine: Engine): boolean {
  const { url, preferences } = exchange;
  const isDemanded = url.resource.changes === true || url.options.deltatoken !== null;
  if (!preferences.trackChanges && !isDemanded) return false;
  if (isTrackable(exchange, engine)) return true;
  if (!isDemanded) return false; // a preference that cannot be met is ignored (Protocol 8.2.8)
  throw new ODataError('NotImplemented', 'The changes of this resource, or of this query, cannot be tracked.');
}

function isTrackable(exchange: Exchange, engine: Engine): boolean {
  const { resource, options } = exchange.url;
  if (!engine.store.committed || trackedSet(exchange) === null || options.apply !== null) return false;
  const restrictions = restrictionsAt(resource, engine.model);
  if (!restrictions.allows('ChangeTracking', 'Supported')) return false;
  const expansions = options.projection?.expanded ?? [];
  const filter = options.filter === null ? [] : [options.filter];
  const isListed = (member: string, paths: Iterable<string>) => {
    const listed = restrictions.paths('ChangeTracking', member);
    return listed.length === 0 || [...paths].every((path) => listed.includes(path));
  };
  return (
    isListed('FilterableProperties', usedBy(filter).paths) &&
    isListed(
      'ExpandableProperties',
      expansions.map(({ property }) => property.name),
    ) &&
    resource.steps.every((step) => step.kind !== 'filter' || !isOfTheMoment([step.predicate])) &&
    expressionsOf(options).every((expression) => !isOfTheMoment([expression])) &&
    (formOf(exchange) === 'nested' || expansions.every((expansion) => resource.collection && isFlat(expansion)))
  );
}

/** The set of the entities that an exchange asks for, as in context URLs; null: it asks for something else. */
export function trackedSet(exchange: Exchange): string | null {
  const described = describe(exchange);
  switch (described.kind) {
    case 'entities':
    case 'entity':
      return described.set;
    case 'singleton':
      return described.path;
    default:
      return null;
  }
}

/** What depends on the time changes without anything being changed. */
function isOfTheMoment(expressions: readonly Expression[]): boolean {
  return usedBy(expressions).functions.has('now');
}

function expressionsOf({ filter, compute, projection }: BoundOptions): readonly Expression[] {
  const nested = (projection?.expanded ?? []).flatMap(({ options }) => expressionsOf(options));
  return [...(filter === null ? [] : [filter]), ...compute.map(({ expression }) => expression), ...nested];
}

/** Whether an expansion can be told by entities and links one by one: there is no place for parts of a collection or for counts. */
function isFlat({ options, levels, form, path }: Expansion): boolean {
  const { top, skip, count, apply, projection } = options;
  return (
    top === null &&
    skip === null &&
    !count &&
    apply === null &&
    levels === 0 &&
    form !== 'count' &&
    path.length === 0 &&
    (projection?.expanded ?? []).every(isFlat)
  );
}

/** Options that say where in a result one is, or how it is shown, but not what belongs to it (Protocol 11.3.1). */
const notOfTheResult = ['skiptoken', 'deltatoken', 'top', 'skip', 'count', 'orderby'];

/** What a delta link is good for: this query, told in this form, of callers who may see the same. */
function purposeOf(exchange: Exchange): string {
  const { path, query } = queryOf(exchange, notOfTheResult);
  return `${about(path, query)}\n${formOf(exchange)}\n${exchange.key ?? ''}`;
}

/** An absolute URL under which changes are told. */
export function deltaLink(exchange: Exchange, engine: Engine, token: DeltaToken): string {
  return linkWith(exchange, `$deltatoken=${sealDelta(token, purposeOf(exchange), engine.key)}`);
}

function linkWith(exchange: Exchange, ...added: readonly string[]): string {
  const { path, query } = queryOf(exchange, notOfTheResult);
  const options = [...query, ...added].join('&');
  return `${exchange.request.base}${path}${options === '' ? '' : `?${options}`}`;
}

/** The token of a delta link. Throws Gone, with where to start again, when it is none of ours or what it needs is forgotten (Protocol 11.3.2). */
export async function tokenOf(exchange: Exchange, engine: Engine, text: string): Promise<DeltaToken> {
  const token = openDelta(text, purposeOf(exchange), engine.key);
  if (token === null || !(await isKept(token.since, engine))) throw deltaGone(exchange);
  return token;
}

/** Whether a state can still be told. */
export async function isKept({ at, generation }: Moment, engine: Engine): Promise<boolean> {
  return at >= secondsNow() - engine.settings.deltaRetention && generation === (await engine.tracking.begin([]));
}

/** 410, with the URL that gives everything anew. */
export function deltaGone(exchange: Exchange): ODataError {
  return new ODataError(
    'Gone',
    'The changes since then cannot be told any more; read everything anew from the URL of the header Location.',
    '$deltatoken',
    { headers: { Location: linkWith(exchange) } },
  );
}

/** Seconds since 1970, as logs count. */
export const secondsNow = (): number => Math.floor(Date.now() / 1000);

/** A state by the names of tables and the positions of their logs, as a statement gave them. */
export function positionsFrom(names: readonly string[], positions: readonly unknown[]): Positions {
  return new Map(names.map((name, index) => [name, BigInt(String(positions[index] ?? 0))]));
}

/** Whether former states of a whole set are told, and not only of what is beneath one entity. */
export function isWide({ url }: Exchange): boolean {
  return !url.resource.steps.some((step) => step.kind === 'key');
}

/** Expanded collections are whole: pages of their own would show another state. */
export function trackedShape(exchange: Exchange, engine: Engine): Shape {
  return { ...shapeOfExchange(exchange, engine), rowsOf: () => null };
}
