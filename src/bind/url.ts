import type { Model } from '../edm/index.js';
import type { Url } from '../url/index.js';
import type { BoundUrl, Resource } from './bound.js';
import { bindOptions } from './options.js';
import { bindResource } from './path.js';

/** A parsed URL in terms of the model: what it asks for, and with which options. Throws ODataError 400 or 404. */
export function bindUrl(url: Url, model: Model): BoundUrl {
  const resource = bindResource(url.segments, model, url.options.aliases);
  const options = bindOptions(url.options, {
    model,
    type: optionsType(resource),
    collection: resource.collection || resource.kind === 'count',
    source: resource.source,
    since: sinceSource(resource),
    aliases: url.options.aliases,
    it: null,
    depth: 0,
  });
  return { resource, options };
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
    default:
      return resource.type;
  }
}

/** Names of contained navigation and properties behind the last entity set or bound target. */
function sinceSource(resource: Resource): readonly string[] {
  let names: string[] = [];
  for (const step of resource.steps) {
    if (step.kind === 'navigation') names = step.property.containsTarget ? [...names, step.property.name] : [];
    else if (step.kind === 'property') names.push(step.property.name);
  }
  return names;
}
