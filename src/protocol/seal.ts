import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';

const version = 2;
const head = 1 + 12 + 16;

/**
 * A text that only holders of `key` (32 bytes) can read or make, bound to `about`: AES-256-GCM. The nonce is derived from
 * both texts, so that equal texts are sealed equally and a nonce never serves two different ones.
 */
export function seal(text: string, about: string, key: Uint8Array): string {
  const bound = digest(about);
  const nonce = createHmac('sha256', key).update(bound).update(text).digest().subarray(0, 12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(bound);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** What was sealed; null when it was not sealed with this key, about this, or was changed. */
export function unseal(sealed: string, about: string, key: Uint8Array): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes[0] !== version || bytes.length < head) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13));
    decipher.setAAD(digest(about));
    decipher.setAuthTag(bytes.subarray(13, head));
    return Buffer.concat([decipher.update(bytes.subarray(head)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
