import { type Availability, availabilityOf, isBoundTo } from '../bind/index.js';
import type { EntityType } from '../edm/index.js';
import type { Advertised } from '../plan/index.js';
import type { Exchange } from './context.js';
import { hasHandler } from './operations.js';
import type { Engine } from './service.js';

const known = new WeakMap<Engine['operations'], Map<EntityType, readonly Advertised[]>>();

/** The operations bound to single entities of a type that somebody handles and that may be available; of each name the nearest overload. */
export function operationsOf(engine: Engine): (type: EntityType) => readonly Advertised[] {
  const types = known.get(engine.operations) ?? new Map<EntityType, readonly Advertised[]>();
  known.set(engine.operations, types);
  return (type) => {
    const before = types.get(type);
    if (before !== undefined) return before;
    const found = nearest(type, false, engine);
    types.set(type, found);
    return found;
  };
}

function nearest(
  type: EntityType,
  collection: boolean,
  { model, operations: handlers }: Engine,
): readonly Advertised[] {
  const found = new Map<string, Advertised>();
  for (const operation of model.boundOperations(type, collection)) {
    if (!isBoundTo(operation, [type])) continue;
    const available: Availability = availabilityOf(operation, model);
    if (available === false || found.has(operation.qualifiedName) || !hasHandler(handlers, operation)) continue;
    found.set(operation.qualifiedName, { operation, available: available === true ? null : available });
  }
  return [...found.values()];
}

/** The operations bound to a collection of entities, as members of its answer at full metadata (JSON 13, 16, 17). */
export function collectionMembers({ url, negotiated, request }: Exchange, engine: Engine): ReadonlyMap<string, string> {
  const { kind, type } = url.resource;
  const [path = ''] = request.url.split('?', 1);
  const isWanted = negotiated.metadata === 'full' && (url.options.projection?.selected ?? null) === null;
  if (!isWanted || kind !== 'entityCollection' || type?.kind !== 'entity' || path.includes('@')) return new Map();
  return new Map(
    nearest(type, true, engine).map(({ operation }) => {
      const target = `${request.base}${path}/${operation.qualifiedName}`;
      return [`#${operation.qualifiedName}`, JSON.stringify({ title: operation.name, target })];
    }),
  );
}
