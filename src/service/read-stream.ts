import { annotationOf, type Element, memberText, recordValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { checkPreconditions, type ODataResponse } from '../protocol/index.js';
import type { Column, StreamDescription } from '../tables/index.js';
import { typeOfRow } from './applying.js';
import type { Exchange, Handler } from './context.js';
import { locate, notFound, readingSession, type StoredRow } from './locate.js';
import { streamColumn, streamPlace } from './modify-stream.js';
import { emptyResponse } from './response.js';
import type { Engine } from './service.js';
import { describedBy, etagOfStream, readContent } from './streams.js';

/** GET of a stream: of a media entity (Protocol 11.2.3) or of a property (11.2.4.1), whole or in part; 204 where there is none. */
export const readStream: Handler = async (exchange, engine) => {
  const place = streamPlace(exchange.url.resource);
  const row = await locate(place.entity, engine, readingSession(engine), exchange.restriction);
  if (row === null) throw notFound(exchange.request.url);
  const column = streamColumn(row, place);
  const described = describedBy(row.values.get(column.name));
  if (described === null) return emptyResponse();
  const etag = etagOfStream(described);
  if (checkPreconditions(etag, exchange.request.headers, 'read') === 'notModified')
    return { status: 304, headers: { ETag: etag }, body: null };
  requireAcceptable(described, exchange);
  const headers = { ...headersOf(described), ...disposition(place.property ?? typeOfRow(row), row) };
  return ranged(described, exchange, engine, headers);
};

function headersOf(described: StreamDescription): Readonly<Record<string, string>> {
  return {
    'Content-Type': described.type,
    ETag: etagOfStream(described),
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** The stream has one media type: one that the client does not want is not sent (Protocol 8.2.1). */
export function requireAcceptable({ type }: { readonly type: string }, { request }: Exchange): void {
  const accept = request.headers.accept ?? '*/*';
  const name = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const fits = (range: string) =>
    range === '*/*' || range === name || (range.endsWith('/*') && name.startsWith(range.slice(0, -1)));
  if (!ranges.some(fits))
    throw new ODataError('NotAcceptable', `The stream is ${name}; ask for that, or for */*.`, 'Accept');
}

/** `Content-Disposition` as the model says it (Core.ContentDisposition); the name may be a path to a property. */
function disposition(element: Element, row: StoredRow): Readonly<Record<string, string>> {
  const record = recordValue(annotationOf(element, 'Org.OData.Core.V1.ContentDisposition'));
  if (record === null) return {};
  const type = memberText(record, 'Type') ?? 'attachment';
  const stated = record.values.get('Filename')?.value ?? null;
  const name = stated?.kind === 'path' ? textAt(row, stated.path) : stated?.kind === 'constant' ? stated.text : null;
  const file = name === null ? '' : `; filename*=UTF-8''${encodeURIComponent(name)}`;
  return { 'Content-Disposition': `${/^[\w-]+$/.test(type) ? type : 'attachment'}${file}` };
}

function textAt(row: StoredRow, path: string): string | null {
  const property = row.table.type.properties.get(path);
  const storage = property === undefined ? undefined : row.table.storage.get(property);
  const stored = storage?.kind === 'column' ? row.values.get(storage.column.name) : null;
  return typeof stored === 'string' ? stored : null;
}

/** One range of bytes when one is asked for (RFC 9110 14); several are answered with the whole. */
function ranged(
  described: StreamDescription,
  { request }: Exchange,
  engine: Engine,
  headers: Readonly<Record<string, string>>,
): ODataResponse {
  const { size } = described;
  const unchanged =
    request.headers['if-range'] === undefined || request.headers['if-range'] === etagOfStream(described);
  const range = unchanged ? rangeOf(request.headers.range, size) : null;
  const [start, end] = range ?? [0, size];
  const stream = readContent(described, start, end, engine.store);
  const length = { 'Content-Length': String(end - start) };
  if (range === null) return { status: 200, headers: { ...headers, ...length }, body: null, stream };
  return {
    status: 206,
    headers: { ...headers, ...length, 'Content-Range': `bytes ${start}-${end - 1}/${size}` },
    body: null,
    stream,
  };
}

/** From where to before where; null: everything. Throws RangeNotSatisfiable. */
function rangeOf(header: string | undefined, size: number): readonly [number, number] | null {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return [start, end];
  throw new ODataError('RangeNotSatisfiable', `The stream has ${size} bytes.`, 'Range', {
    headers: { 'Content-Range': `bytes */${size}` },
  });
}

/** A stream as answer to its modification; it is read when that has been done. */
export function streamAnswer(
  row: StoredRow,
  column: Column,
  engine: Engine,
  headers: Readonly<Record<string, string>>,
): ODataResponse {
  const described = describedBy(row.values.get(column.name));
  if (described === null) return emptyResponse(headers);
  const stream = readContent(described, 0, described.size, engine.store);
  const length = { 'Content-Length': String(described.size) };
  return { status: 200, headers: { ...headersOf(described), ...length, ...headers }, body: null, stream };
}
