import type { IncomingMessage } from 'node:http';
import { ODataError } from '../errors.js';

/** A body as the service takes it: whole, or as a stream that nobody has read yet. */
export interface Received {
  readonly body: Buffer | null;
  readonly stream?: AsyncIterable<Uint8Array>;
}

/**
 * What OData understands as a document is read whole; anything else that is large, or of unknown size, goes on as a stream:
 * the service knows whether it is one (Protocol 11.4.7, 11.4.8). Throws BodyTooLarge.
 */
export async function receiveBody(message: IncomingMessage, limit: number): Promise<Received> {
  const announced = message.headers['content-length'];
  const isDocument = /^\s*(application\/json|multipart\/)/i.test(message.headers['content-type'] ?? '');
  const isSmall = announced !== undefined && Number(announced) <= limit;
  const isEmpty = announced === undefined && message.headers['transfer-encoding'] === undefined;
  if (isDocument || isSmall || isEmpty) return { body: await readBody(message, limit) };
  return { body: null, stream: message };
}

/** The body of a request, whole; null when there is none. Throws BodyTooLarge as soon as more than `limit` bytes are announced or sent. */
async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | null> {
  const announced = message.headers['content-length'];
  if (announced === undefined && message.headers['transfer-encoding'] === undefined) return null;
  if (announced !== undefined && Number(announced) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return size === 0 ? null : Buffer.concat(chunks, size);
}

function tooLarge(limit: number): ODataError {
  const message = `The body is larger than ${limit} bytes; that is the limit of the setting 'maxBodySize'.`;
  return new ODataError('BodyTooLarge', message, 'Content-Length', { headers: { Connection: 'close' } });
}
