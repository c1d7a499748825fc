import { bindEntity, type EntityChange, type EntityPlace, partnerOf, type Resource } from '../bind/index.js';
import type { EntityType } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, parseJson } from '../payload/index.js';
import { type Content, type ODataRequest, readContentType, refuseEncoding } from '../protocol/index.js';
import { checkBody } from './capabilities-body.js';
import type { Exchange } from './context.js';
import type { Engine } from './service.js';

/** A request's body as JSON nodes, and how it is to be read. */
export interface ReceivedBody {
  readonly node: JsonNode;
  readonly content: Content;
}

/** Reads the JSON of a body. Throws UnsupportedMediaType, MalformedBody. */
export function receiveBody({ request }: Exchange): ReceivedBody {
  refuseEncoding(request.headers);
  const content = readContentType(request.headers);
  const body = wholeBody(request);
  if (body.length === 0)
    throw new ODataError('MalformedBody', 'The request needs a JSON object as its body; send {} to name nothing.');
  return { node: parseJson(body), content };
}

/** The bytes of a body; empty when there is none. Throws BodyTooLarge for one that only a stream could be. */
export function wholeBody({ body, stream }: ODataRequest): Buffer {
  if (stream !== undefined)
    throw new ODataError(
      'BodyTooLarge',
      'Only streams can be this large, or of unknown size; state the Content-Length.',
    );
  return body ?? Buffer.alloc(0);
}

/** The body as a change to an entity of `type` at the place the URL names; every problem of it is reported at once. */
export function entityChange(
  { node, content }: ReceivedBody,
  type: EntityType,
  purpose: 'insert' | 'merge' | 'replace',
  exchange: Exchange,
  engine: Engine,
): EntityChange {
  const { resource } = exchange.url;
  return bindEntity(node, {
    ...bodyContext(content, purpose, exchange, engine),
    type,
    place: placeIn(resource),
    check: (change, act, problems) => checkBody(change, act, resource, engine.model, problems),
  });
}

/** How a body of this exchange is to be read. */
export function bodyContext(
  content: Pick<Content, 'version' | 'ieee754Compatible'>,
  purpose: 'insert' | 'merge' | 'replace',
  exchange: Exchange,
  engine: Engine,
) {
  return {
    model: engine.model,
    purpose,
    version: content.version,
    strict: exchange.preferences.handling === 'strict',
    ieee754Compatible: content.ieee754Compatible,
    seeding: false,
  };
}

/** What the path to an entity or collection says about the entities there. */
export function placeIn({ steps }: Resource): EntityPlace {
  const last = steps.findLast(({ kind }) => kind === 'navigation' || kind === 'entitySet' || kind === 'singleton');
  switch (last?.kind) {
    case 'entitySet':
      return { annotated: last.set, implied: null };
    case 'singleton':
      return { annotated: last.singleton, implied: null };
    case 'navigation':
      return { annotated: last.property, implied: partnerOf(last.property) };
    default:
      return { annotated: null, implied: null };
  }
}

/** True when the body itself says of which type its entity is (JSON 4.5.3). */
export function namesType({ node }: ReceivedBody): boolean {
  return node.kind === 'object' && (node.members.has('@odata.type') || node.members.has('@type'));
}

/** The entity type a resource is declared with. Throws NotImplemented for anything else. */
export function entityTypeOf(resource: Resource): EntityType {
  if (resource.type?.kind === 'entity') return resource.type;
  throw new ODataError('NotImplemented', 'Only entities can be changed here.');
}
