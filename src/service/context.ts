import { randomUUID } from 'node:crypto';
import type { BoundUrl, Occasion } from '../bind/index.js';
import type { Restriction, Shape } from '../plan/index.js';
import type { Negotiated, ODataRequest, ODataResponse, Preferences } from '../protocol/index.js';
import { operationsOf } from './advertise.js';
import { pageSizeOf } from './page.js';
import { isReadOnly } from './restrictions.js';
import type { Engine } from './service.js';

/** One request on its way through a handler. */
export interface Exchange {
  readonly request: ODataRequest;
  readonly url: BoundUrl;
  readonly negotiated: Negotiated;
  readonly preferences: Preferences;
  /** What the caller may see. */
  readonly restriction: Restriction;
  /** Tells callers apart who may see different things; null: the URL is not the request's own, so that its statement is not kept. */
  readonly key: string | null;
}

/** Answers one kind of resource for one method. */
export type Handler = (exchange: Exchange, engine: Engine) => Promise<ODataResponse>;

/** How results of this exchange are written. */
export function shapeOfExchange(exchange: Exchange, engine: Engine): Shape {
  const { negotiated, request } = exchange;
  return {
    version: negotiated.version,
    metadata: negotiated.metadata,
    ieee754Compatible: negotiated.ieee754Compatible,
    typeAnnotations: engine.settings.typeAnnotations,
    base: request.base,
    omit: omitted(exchange),
    isReadOnly: (source) => isReadOnly(source, engine.model),
    rowsOf: (property, top) => pageSizeOf(property, top, exchange.preferences, engine),
    operationsOf: operationsOf(engine),
  };
}

/** What readings leave out, if the client prefers; answers to changes are whole (Protocol 8.2.8.6). */
export function omitted({ request, preferences }: Exchange): Preferences['omitValues'] {
  return request.method === 'GET' || request.method === 'HEAD' ? preferences.omitValues : null;
}

/** The moment and the caller, for values the service sets. */
export function occasionOf(request: ODataRequest): Occasion {
  return {
    now: new Date().toISOString().replace('Z', '0000Z'),
    callerId: request.user?.id ?? null,
    callerName: request.user?.name ?? null,
    callerApplication: request.user?.application ?? null,
    newId: () => randomUUID(),
  };
}
