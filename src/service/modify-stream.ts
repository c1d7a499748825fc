import type { Resource } from '../bind/index.js';
import type { Property } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { checkPreconditions, matches, type ODataResponse, parseTags } from '../protocol/index.js';
import type { Column } from '../tables/index.js';
import { type Applying, emptyChange, typeOfRow } from './applying.js';
import { entityTypeOf } from './body.js';
import type { Exchange, Handler } from './context.js';
import { insertEntity } from './insert.js';
import { etagOfRow, locate, notFound, type StoredRow } from './locate.js';
import { placeOf } from './place.js';
import { needsETag } from './preconditions.js';
import { propertyPlace } from './property-place.js';
import { readOne } from './read.js';
import { streamAnswer } from './read-stream.js';
import { answerWith } from './representation.js';
import { appliedHeaders, emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { describedBy, etagOfStream, receiveStream, storeContent } from './streams.js';
import { inTransaction } from './transaction.js';
import { removeRow, updateRow } from './update.js';

/** A stream by its own URL: of a media entity, or of a property. */
export interface StreamPlace {
  readonly entity: Resource;
  /** null: the stream of the media entity itself. */
  readonly property: Property | null;
}

/** Throws NotImplemented for streams within complex values. */
export function streamPlace(resource: Resource): StreamPlace {
  if (resource.kind === 'mediaValue')
    return { entity: { ...resource, kind: 'entity', collection: false }, property: null };
  const { entity, path } = propertyPlace(resource);
  const [property, ...rest] = path;
  if (property === undefined || rest.length > 0)
    throw new ODataError('NotImplemented', 'Streams within complex values are not supported.');
  return { entity, property };
}

/** The column that describes a stream. */
export function streamColumn(row: StoredRow, { property }: StreamPlace): Column {
  const storage = property === null ? undefined : row.table.storage.get(property);
  const column = property === null ? row.table.media : storage?.kind === 'stream' ? storage.column : null;
  if (column !== null && column !== undefined) return column;
  throw new ODataError('NotImplemented', 'This stream is not stored.');
}

/** The ETag that counts is the stream's own; where there is no stream yet, none matches (Protocol 11.4.7.2, 11.4.8.1). */
function requireStreamPreconditions(
  row: StoredRow,
  place: StreamPlace,
  column: Column,
  exchange: Exchange,
  engine: Engine,
): void {
  const described = describedBy(row.values.get(column.name));
  const { headers } = exchange.request;
  const required = needsETag(place.entity, engine);
  checkPreconditions(described === null ? null : etagOfStream(described), headers, 'write', {
    exists: described !== null,
    required,
  });
}

/** PUT of a stream: the body is its content, whatever its media type (Protocol 11.4.7.2, 11.4.8.1). */
export const replaceStream: Handler = async (exchange, engine) => {
  const { request, url, preferences } = exchange;
  const place = streamPlace(url.resource);
  const element = place.property ?? entityTypeOf(place.entity);
  const { content, type } = await receiveStream(request, element, engine.settings.maxStreamSize);
  try {
    return await inTransaction(exchange, engine, async (applying) => {
      const row = await rowOf(place, exchange, engine, applying);
      const column = streamColumn(row, place);
      requireStreamPreconditions(row, place, column, exchange, engine);
      const stored = await storeContent(applying, content, type);
      const changed = await updateRow(applying, row, typeOfRow(row), new Map([[column.name, stored]]));
      const described = describedBy(stored);
      const etag: Record<string, string> = described === null ? {} : { ETag: etagOfStream(described) };
      const headers = { ...appliedHeaders(exchange, { return: preferences.return }), ...etag };
      if (preferences.return !== 'representation') return emptyResponse(headers);
      if (place.property !== null) return streamAnswer(changed, column, engine, headers);
      return mediaEntity(place, exchange, applying, headers);
    });
  } finally {
    await content.dispose();
  }
};

async function rowOf(
  place: StreamPlace,
  exchange: Exchange,
  engine: Engine,
  { session }: Applying,
): Promise<StoredRow> {
  const row = await locate(place.entity, engine, session, exchange.restriction);
  if (row === null) throw notFound(exchange.request.url);
  return row;
}

/** The media entity whose stream was put (Protocol 11.4.1.5). */
function mediaEntity(
  place: StreamPlace,
  exchange: Exchange,
  { engine, session }: Applying,
  headers: Readonly<Record<string, string>>,
): Promise<ODataResponse> {
  const { ETag: _, ...rest } = headers;
  const url = { ...exchange.url, resource: place.entity };
  return readOne({ ...exchange, key: null, url }, engine, session, 200, rest);
}

/** DELETE of a stream property sets it to null, of a media entity's stream deletes the entity (Protocol 11.4.8.2, 11.4.7.3). */
export const deleteStream: Handler = (exchange, engine) =>
  inTransaction(exchange, engine, async (applying) => {
    const place = streamPlace(exchange.url.resource);
    const row = await rowOf(place, exchange, engine, applying);
    const column = streamColumn(row, place);
    const { property } = place;
    if (property === null) {
      requireEitherETag(row, column, place, exchange, engine);
      await removeRow(applying, row);
      return emptyResponse();
    }
    requireStreamPreconditions(row, place, column, exchange, engine);
    if (!property.nullable)
      throw new ODataError('InvalidValue', `'${property.name}' cannot be without a stream.`, property.name);
    await updateRow(applying, row, typeOfRow(row), new Map([[column.name, null]]));
    return emptyResponse();
  });

/** Deleting the stream deletes the entity: the ETag of either will do. */
function requireEitherETag(
  row: StoredRow,
  column: Column,
  place: StreamPlace,
  exchange: Exchange,
  engine: Engine,
): void {
  const tags = parseTags(exchange.request.headers, 'if-match');
  const described = describedBy(row.values.get(column.name));
  if (tags !== null && described !== null && matches(tags, etagOfStream(described), true)) return;
  checkPreconditions(etagOfRow(row), exchange.request.headers, 'write', {
    exists: true,
    required: needsETag(place.entity, engine),
  });
}

/** POST of a media entity: the body is its stream, the service makes everything else (Protocol 11.4.7.1). */
export async function createMediaEntity(exchange: Exchange, engine: Engine): Promise<ODataResponse> {
  const { resource } = exchange.url;
  const type = entityTypeOf(resource);
  const { content, type: mediaType } = await receiveStream(exchange.request, type, engine.settings.maxStreamSize);
  try {
    return await inTransaction(exchange, engine, async (applying) => {
      const place = await placeOf(resource, engine, applying.session, exchange.restriction);
      if (place === null) throw notFound(exchange.request.url);
      const { media } = place.table;
      if (media === null) throw new ODataError('NotImplemented', 'This stream is not stored.');
      const stored = await storeContent(applying, content, mediaType);
      const change = emptyChange(type, '');
      const row = await insertEntity(applying, place.table, change, new Map([...place.fixed, [media.name, stored]]));
      await place.after(row, applying);
      return answerWith(row, change, 'created', exchange, applying);
    });
  } finally {
    await content.dispose();
  }
}
