import { type Resource, writability } from '../bind/index.js';
import { annotationOf, type EntityType, type Property } from '../edm/index.js';
import { checkPreconditions, type Headers } from '../protocol/index.js';
import type { Exchange } from './context.js';
import { etagOfRow, type StoredRow } from './locate.js';
import { restrictionsAt } from './restrictions.js';
import type { Engine } from './service.js';

/**
 * `If-Match` and `If-None-Match` against the entity a request changes (Protocol 8.2.4, 8.2.5). `entity` is the path to it.
 * Throws PreconditionFailed; PreconditionRequired where the model demands optimistic concurrency and no ETag was sent.
 */
export function requirePreconditions(row: StoredRow, entity: Resource, exchange: Exchange, engine: Engine): void {
  const required = needsETag(entity, engine);
  checkPreconditions(etagOfRow(row), exchange.request.headers, 'write', { exists: true, required });
}

/** Whether changes to the entities a path leads to need an ETag (Core.OptimisticConcurrency, Capabilities.NavigationRestrictions). */
export function needsETag(resource: Resource, engine: Engine): boolean {
  const last = resource.steps.findLast((step) => step.kind !== 'key' && step.kind !== 'cast' && step.kind !== 'filter');
  const ofSet = last?.kind === 'entitySet' || (last?.kind === 'navigation' && !last.property.containsTarget);
  const { source } = resource;
  if (ofSet && source !== null && annotationOf(source, 'Org.OData.Core.V1.OptimisticConcurrency') !== null) return true;
  return (
    last?.kind === 'navigation' && restrictionsAt(resource, engine.model).navigation('OptimisticConcurrencyControl')
  );
}

/**
 * The ETag that may stand on a 204: only when the client can know the state it names (Protocol 9.1.4). That is after it sent
 * everything there is, else when it named the version it changed; never when the service set values itself.
 */
export function knownETag(
  row: StoredRow,
  type: EntityType,
  deed: 'created' | 'replaced' | 'changed',
  headers: Headers,
): string | null {
  const before = headers['if-match']?.trim() ?? '*';
  if (deed === 'changed' && before === '*') return null;
  if (before === etagOfRow(row)) return before; // nothing has changed
  const isUnknown = (property: Property) =>
    isSetByService(property) || (deed === 'replaced' && writability(property).immutable);
  return [...type.properties.values()].some(isUnknown) ? null : etagOfRow(row);
}

function isSetByService(property: Property): boolean {
  const { readOnly, supplied } = writability(property);
  return readOnly || supplied;
}
