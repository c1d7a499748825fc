import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { ODataError } from '../errors.js';
import {
  type EmbeddedRequest,
  type Message,
  parseEmbeddedRequest,
  parseMultipart,
  writeEmbeddedResponse,
  writeEnd,
  writeMultipart,
  writePart,
} from '../payload/index.js';
import { type ODataResponse, readContentType } from '../protocol/index.js';
import type { BatchItem, BatchUnit, ItemResponse, UnitResponse } from './batch-unit.js';

/** The units of a multipart batch (Protocol 11.7.7.1): single requests, and change sets. Throws MalformedBody, UnsupportedMediaType. */
export function readMultipart(body: Buffer, boundary: string, limit: number): readonly BatchUnit[] {
  return parseMultipart(body, boundary, limit).map((part) => {
    const content = readContentType({ 'content-type': part.headers.get('content-type') ?? 'application/http' }, [
      '*/*',
    ]);
    if (content.mediaType === 'application/http') return { items: [itemOf(part, false)], atomic: false, name: null };
    if (content.mediaType !== 'multipart/mixed' || content.boundary === null)
      throw new ODataError(
        'MalformedBody',
        `A part of a batch is application/http or multipart/mixed, not ${content.mediaType}.`,
      );
    const items = parseMultipart(part.body, content.boundary, limit).map((operation) => itemOf(operation, true));
    return { items, atomic: true, name: null };
  });
}

function itemOf(part: Message, inChangeSet: boolean): BatchItem {
  const request = parseEmbeddedRequest(part.body);
  return {
    // Some clients write it among the header fields of the request.
    id: part.headers.get('content-id') ?? request.headers.get('content-id') ?? null,
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: request.body.length === 0 ? null : request.body,
    dependsOn: [],
    condition: null,
    refusal:
      inChangeSet && isRead(request)
        ? new ODataError('BadRequest', 'A change set holds changes only; GET stands outside (Protocol 11.7.7.1).')
        : null,
  };
}

function isRead({ method }: EmbeddedRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** What separates the parts of an answer. */
export const answerBoundary = (): string => `batchresponse_${randomUUID()}`;

/** The answers in the structure of the request (Protocol 11.7.7.5), part by part, as they come: a failed change set is one single answer. */
export async function* writeMultipartAnswer(
  outcomes: AsyncIterable<UnitResponse>,
  boundary: string,
): AsyncGenerator<Buffer> {
  for await (const outcome of outcomes) for (const part of partsOf(outcome)) yield writePart(part, boundary);
  yield writeEnd(boundary);
}

function partsOf({ unit, responses, failure }: UnitResponse): readonly Message[] {
  if (!unit.atomic) return responses.map(partOf);
  if (failure !== null) return [partOf(failure)];
  const inner = `changesetresponse_${randomUUID()}`;
  const headers = new Map([['Content-Type', `multipart/mixed; boundary=${inner}`]]);
  return [{ headers, body: writeMultipart(responses.map(partOf), inner) }];
}

function partOf({ item, response }: ItemResponse): Message {
  const headers = new Map([
    ['Content-Type', 'application/http'],
    ['Content-Transfer-Encoding', 'binary'],
  ]);
  if (item.id !== null) headers.set('Content-ID', item.id);
  const body = item.method === 'HEAD' ? Buffer.alloc(0) : bodyOf(response);
  const fields = new Map(Object.entries(response.headers).filter(([name]) => name !== 'Vary'));
  if (body.length > 0) fields.set('Content-Length', String(body.length));
  return {
    headers,
    body: writeEmbeddedResponse(response.status, STATUS_CODES[response.status] ?? 'Unknown', fields, body),
  };
}

/** JSON on one line and without two dashes in a row: some clients take the answer apart by regular expressions. */
function bodyOf({ body, headers }: ODataResponse): Buffer {
  if (body === null) return Buffer.alloc(0);
  if (!headers['Content-Type']?.startsWith('application/json')) return Buffer.from(body);
  return Buffer.from(body.toString().replaceAll('\n', '').replaceAll('--', '-\\u002d'));
}
