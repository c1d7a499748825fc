import type { Model } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { parseUrl, type Url } from '../url/index.js';
import { sinceSource } from './along.js';
import { requireApplicable } from './applicable.js';
import type { BoundUrl, Resource } from './bound.js';
import { bindOptions } from './options.js';
import { bindResource } from './path.js';
import { requireSchemaVersion } from './schema-version.js';

/**
 * A parsed URL in terms of the model: what it asks for, and with which options. `base`, the absolute URL of the service root, is what
 * an absolute `$id` begins with. Throws ODataError 400 or 404.
 */
export function bindUrl(url: Url, model: Model, base: string | null = null): BoundUrl {
  requireSchemaVersion(url.options.$schemaversion, model);
  const resource = bindResource(byId(url, base), model);
  requireApplicable(url, resource.kind);
  const options = bindOptions(url.options, {
    model,
    type: optionsType(resource),
    collection: resource.collection || resource.kind === 'count',
    source: resource.source,
    since: sinceSource(resource),
    aliases: new Map(),
    joined: resource.sets,
    writtenAliases: [],
    it: null,
    depth: 0,
  });
  return { resource, options };
}

/** What needs a type (URL 4.3.4, Protocol 11.2.9). */
const shaping = ['$select', '$expand', '$compute'] as const;

/** `$entity?$id=…` stands for the path that the id is (URL 4.10). */
function byId(url: Url, base: string | null): Url {
  const [first, ...rest] = url.segments;
  if (first?.kind !== '$entity') return url;
  const { $id: id } = url.options;
  if (id === undefined) throw new ODataError('MissingValue', '$entity needs the id of an entity in $id.', '$id');
  if (rest.length === 0 && shaping.some((name) => url.options[name] !== undefined))
    throw new ODataError(
      'QueryOptionNotApplicable',
      'The type of what $entity leads to is not known: name it, $entity/NS.Type, to shape the answer.',
      '$entity',
    );
  const relative = base !== null && id.startsWith(base) ? id.slice(base.length) : id;
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative))
    throw new ODataError('ResourceNotFound', `'${id.slice(0, 200)}' is no entity of this service.`, '$id');
  const named = parseUrl(relative);
  const behind = rest[0] === undefined ? '' : `/${url.path.slice(rest[0].at)}`;
  const shift = named.path.length + 1 - (rest[0]?.at ?? 0);
  const segments = [...named.segments, ...rest.map((segment) => ({ ...segment, at: segment.at + shift }))];
  return { ...url, segments, path: `${named.path}${behind}` };
}

/** `$count` is asked of a collection: its options speak of the items. */
function optionsType(resource: Resource) {
  if (resource.kind !== 'count') return resource.type;
  const last = resource.steps.findLast((step) => step.kind !== 'filter' && step.kind !== 'cast');
  const cast = resource.steps.at(-1);
  if (cast?.kind === 'cast') return cast.type;
  switch (last?.kind) {
    case 'entitySet':
      return last.set.type;
    case 'navigation':
    case 'property':
      return last.property.type;
    case 'operation':
      return last.operation.returnType?.type ?? null;
    default:
      return resource.type;
  }
}
