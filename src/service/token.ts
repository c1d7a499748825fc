import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ODataError } from '../errors.js';
import type { SortValue } from '../plan/index.js';

/** What a `$skiptoken` holds: where the next page begins, and for which query. */
export interface SkipToken {
  readonly after: readonly SortValue[];
  /** Rows already returned by the pages before. */
  readonly returned: number;
}

/** Writes and reads tokens that clients cannot read or change (threats: paging token tampering). */
export interface Tokens {
  seal(token: SkipToken, query: string): string;
  /** Throws InvalidSkipToken when the token is not ours, or was made for another query. */
  open(text: string, query: string): SkipToken;
}

const version = 1;

/** Tokens under `key` (32 bytes): AES-256-GCM, the query being authenticated with them. */
export function tokensWith(key: Uint8Array): Tokens {
  return {
    seal(token, query) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(digest(query));
      const text = JSON.stringify([token.returned, token.after.map(plain)]);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(text, query) {
      try {
        const bytes = Buffer.from(text, 'base64url');
        if (bytes[0] !== version || bytes.length < 30) throw new Error('not a token');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13));
        decipher.setAAD(digest(query));
        decipher.setAuthTag(bytes.subarray(13, 29));
        const opened = Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString('utf8');
        const [returned, after]: [number, unknown[]] = JSON.parse(opened);
        return { returned, after: after.map(exact) };
      } catch {
        throw new ODataError(
          'InvalidSkipToken',
          'The $skiptoken is not one of this query; take it from the next link unchanged, or start again without it.',
          '$skiptoken',
        );
      }
    },
  };
}

function digest(query: string): Buffer {
  return createHash('sha256').update(query).digest();
}

/** Integers keep their digits: they travel as texts in an array of their own. */
function plain(value: SortValue): unknown {
  if (typeof value === 'bigint') return [value.toString()];
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}

function exact(value: unknown): SortValue {
  if (Array.isArray(value)) return BigInt(String(value[0]));
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'object' && 'bytes' in value) return Buffer.from(String(value.bytes), 'base64');
  throw new Error('not a token');
}
