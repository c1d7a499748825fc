import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ODataError } from '../errors.js';
import type { Cut, SortValue } from '../plan/index.js';

/** A state of the data that can be told again later. */
export interface Moment {
  readonly cut: Cut;
  /** Seconds since 1970: older ones are forgotten. */
  readonly at: number;
  /** Of the logs the positions are in. */
  readonly generation: string;
}

/** What a `$skiptoken` holds: where the next page begins, and for which query. */
export interface SkipToken {
  readonly after: readonly SortValue[];
  /** Rows already returned by the pages before. */
  readonly returned: number;
  /** Changes are tracked: all pages show this state. */
  readonly moment: Moment | null;
}

/** What a `$deltatoken` holds: since when changes are told, and for the pages behind the first, until when and behind what. */
export interface DeltaToken {
  readonly since: Moment;
  readonly until: Moment | null;
  readonly after: { readonly phase: number; readonly sort: string } | null;
}

/** Writes and reads tokens that clients cannot read or change (threats: paging and delta token tampering). */
export interface Tokens {
  seal(token: SkipToken, query: string): string;
  /** Throws InvalidSkipToken when the token is not ours, or was made for another query. */
  open(text: string, query: string): SkipToken;
  sealDelta(token: DeltaToken, query: string): string;
  /** null: the token is not ours, or was made for another query. */
  openDelta(text: string, query: string): DeltaToken | null;
  /** Any other text, made for one purpose. */
  sealText(text: string, purpose: string): string;
  openText(sealed: string, purpose: string): string | null;
}

const version = 2;

/** Tokens under `key` (32 bytes): AES-256-GCM, the query being authenticated with them. */
export function tokensWith(key: Uint8Array): Tokens {
  const open = (text: string, query: string): unknown => JSON.parse(openSealed(text, query, key));
  return {
    seal({ returned, after, moment }, query) {
      const content = [returned, after.map(plain), moment === null ? null : plainMoment(moment)];
      return sealed(JSON.stringify(content), `skip ${query}`, key);
    },
    open(text, query) {
      try {
        const [returned, after, moment] = open(text, `skip ${query}`) as [number, unknown[], PlainMoment | null];
        return { returned, after: after.map(exact), moment: moment === null ? null : exactMoment(moment) };
      } catch {
        throw new ODataError(
          'InvalidSkipToken',
          'The $skiptoken is not one of this query; take it from the next link unchanged, or start again without it.',
          '$skiptoken',
        );
      }
    },
    sealDelta({ since, until, after }, query) {
      const content = [plainMoment(since), until === null ? null : plainMoment(until), after];
      return sealed(JSON.stringify(content), `delta ${query}`, key);
    },
    openDelta(text, query) {
      try {
        const [since, until, after] = open(text, `delta ${query}`) as [
          PlainMoment,
          PlainMoment | null,
          DeltaToken['after'],
        ];
        return { since: exactMoment(since), until: until === null ? null : exactMoment(until), after };
      } catch {
        return null;
      }
    },
    sealText: (text, purpose) => sealed(text, purpose, key),
    openText(text, purpose) {
      try {
        return openSealed(text, purpose, key);
      } catch {
        return null;
      }
    },
  };
}

function sealed(text: string, purpose: string, key: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(digest(purpose));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), bytes]).toString('base64url');
}

function openSealed(text: string, purpose: string, key: Uint8Array): string {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes[0] !== version || bytes.length < 30) throw new Error('not a token');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13));
  decipher.setAAD(digest(purpose));
  decipher.setAuthTag(bytes.subarray(13, 29));
  return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString('utf8');
}

function digest(purpose: string): Buffer {
  return createHash('sha256').update(purpose).digest();
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

type PlainCut = Readonly<Record<string, string>>;
type PlainMoment = readonly [cut: PlainCut, at: number, generation: string];

const plainCut = (cut: Cut): PlainCut => Object.fromEntries([...cut].map(([name, at]) => [name, at.toString()]));
const exactCut = (cut: PlainCut): Cut => new Map(Object.entries(cut).map(([name, at]) => [name, BigInt(at)]));
const plainMoment = ({ cut, at, generation }: Moment): PlainMoment => [plainCut(cut), at, generation];
const exactMoment = ([cut, at, generation]: PlainMoment): Moment => ({ cut: exactCut(cut), at, generation });
