import type { NavigationProperty } from '../edm/index.js';
import type { Resource } from './bound.js';
import { bindingTarget } from './place.js';

/** The resource that a navigation property leads to from an entity, as if the path went on with it. */
export function alongNavigation(resource: Resource, property: NavigationProperty): Resource {
  const names = [...sinceSource(resource), property.name];
  return {
    ...resource,
    kind: property.collection ? 'entityCollection' : 'entity',
    steps: [...resource.steps, { kind: 'navigation', property }],
    type: property.type,
    collection: property.collection,
    property: null,
    source: property.containsTarget ? resource.source : bindingTarget(resource.source, names),
  };
}

/** Names of contained navigation and properties behind the last entity set or bound target. */
export function sinceSource(resource: Pick<Resource, 'steps'>): readonly string[] {
  let names: string[] = [];
  for (const step of resource.steps) {
    if (step.kind === 'navigation') names = step.property.containsTarget ? [...names, step.property.name] : [];
    else if (step.kind === 'property') names.push(step.property.name);
    else if (step.kind === 'operation') names = [...sinceSource({ steps: step.target ?? [] })];
  }
  return names;
}
