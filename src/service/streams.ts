import { type EntityChange, isMediaType, type StreamChange } from '../bind/index.js';
import { type Element, effectiveAnnotation, stringValue, stringValues } from '../edm/index.js';
import { ODataError } from '../errors.js';
import type { Assignments, StoredValue } from '../plan/index.js';
import type { ODataRequest } from '../protocol/index.js';
import { insertPart, nextNumber, selectPart, sqlite } from '../sql/index.js';
import type { Store } from '../store/index.js';
import type { StreamDescription, Table } from '../tables/index.js';
import type { Applying } from './applying.js';
import { partSize, type Spooled, spool } from './spool.js';

/** The stream in the body of a request and its media type. Throws UnsupportedMediaType for one that the model does not accept (Core.AcceptableMediaTypes). */
export async function receiveStream(
  request: ODataRequest,
  element: Element | null,
  limit: number,
): Promise<{ readonly content: Spooled; readonly type: string }> {
  const header = request.headers['content-type']?.trim() ?? '';
  const fixed = element === null ? null : stringValue(effectiveAnnotation(element, 'Org.OData.Core.V1.MediaType'));
  const type = header !== '' ? header : (fixed ?? 'application/octet-stream');
  if (!isMediaType(type))
    throw new ODataError(
      'UnsupportedMediaType',
      `'${type.slice(0, 100)}' is not the media type of a content.`,
      'Content-Type',
    );
  requireAcceptable(type, element);
  return { content: await spool(request.stream ?? request.body ?? Buffer.alloc(0), limit), type };
}

function requireAcceptable(type: string, element: Element | null): void {
  const listed =
    element === null ? [] : stringValues(effectiveAnnotation(element, 'Org.OData.Core.V1.AcceptableMediaTypes'));
  const name = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const fits = (range: string) =>
    range === '*/*' || range === name || (range.endsWith('/*') && name.startsWith(range.slice(0, -1)));
  if (listed.length > 0 && !listed.some((range) => fits(range.toLowerCase())))
    throw new ODataError(
      'UnsupportedMediaType',
      `A stream of type ${name} is not taken here; send ${listed.join(' or ')}.`,
      'Content-Type',
    );
}

/** Writes a content, part by part; gives what a row keeps of it. */
export async function storeContent(applying: Applying, content: Spooled, type: string): Promise<string> {
  const { session } = applying;
  const [row] = await session.all(nextNumber('@stream', null, sqlite));
  const id = row?.[0];
  if (typeof id !== 'bigint') throw new ODataError('InternalError', 'No id for a stream could be made.');
  let part = 0n;
  for await (const bytes of content.parts()) await session.run(insertPart(id, part++, bytes, sqlite));
  const description: StreamDescription = { id: Number(id), type, size: content.size };
  return JSON.stringify(description);
}

/** The streams that a body holds, written; into the columns that describe them (JSON 9, 10). */
export async function storeStreams(
  applying: Applying,
  table: Table,
  change: EntityChange,
  into: Assignments,
): Promise<void> {
  const put = async (column: string, { bytes, type }: StreamChange, element: Element) => {
    requireAcceptable(type, element);
    const content = await spool(bytes, applying.engine.settings.maxStreamSize);
    into.set(column, await storeContent(applying, content, type));
  };
  if (change.media !== null && table.media !== null) await put(table.media.name, change.media, change.type);
  for (const [property, value] of change.properties) {
    const storage = table.storage.get(property);
    if (value.kind === 'stream' && storage?.kind === 'stream') await put(storage.column.name, value, property);
  }
}

/** What a column says of a stream; null: there is none. */
export function describedBy(stored: StoredValue | undefined): StreamDescription | null {
  return typeof stored === 'string' ? (JSON.parse(stored) as StreamDescription) : null;
}

/** The ETag of a stream: another content, another id, so it is a strong one (Protocol 8.3.2). */
export function etagOfStream({ id }: StreamDescription): string {
  return `"s${id}"`;
}

/** The bytes from `start` to before `end`, a part at a time. A content that was replaced meanwhile ends early (Protocol 9.5). */
export async function* readContent(
  { id }: StreamDescription,
  start: number,
  end: number,
  store: Store,
): AsyncIterable<Uint8Array> {
  for (let at = start; at < end; ) {
    const part = Math.floor(at / partSize);
    const [row] = await store.read(selectPart(BigInt(id), BigInt(part), sqlite));
    const bytes = row?.[0];
    if (!(bytes instanceof Uint8Array))
      throw new ODataError('InternalError', 'The stream has been replaced while it was read.');
    const from = at - part * partSize;
    const piece = bytes.subarray(from, Math.min(bytes.length, from + (end - at)));
    at += piece.length;
    yield piece;
  }
}
