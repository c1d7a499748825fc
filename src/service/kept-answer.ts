import type { ODataResponse, User } from '../protocol/index.js';
import type { KeptAnswer } from '../store/index.js';

/** A response whose body is all there: a stream is read to its end. */
export async function whole(response: ODataResponse): Promise<ODataResponse> {
  const { stream, ...rest } = response;
  if (stream === undefined) return response;
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return { ...rest, body: Buffer.concat(parts) };
}

/** A response in the form in which it is kept. */
export async function kept(response: ODataResponse): Promise<KeptAnswer> {
  const { status, headers, body } = await whole(response);
  return { status, headers: JSON.stringify(headers), body: body === null ? null : Buffer.from(body) };
}

/** A kept answer as response. */
export function responseOf({ status, headers, body }: KeptAnswer): ODataResponse {
  const fields: Readonly<Record<string, string>> = JSON.parse(headers);
  return { status, headers: fields, body: body === null ? null : Buffer.from(body) };
}

/** Whose answer it is: nobody else is given it. */
export function ownerOf(user: User | null): string {
  return JSON.stringify([user?.id ?? null, user?.application ?? null]);
}
