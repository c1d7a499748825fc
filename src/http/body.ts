import type { IncomingMessage } from 'node:http';
import { ODataError } from '../errors.js';

/** The body of a request, whole; null when there is none. Throws BodyTooLarge as soon as more than `limit` bytes are announced or sent. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | null> {
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
