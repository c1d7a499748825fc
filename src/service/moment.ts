import type { Positions } from '../plan/index.js';
import { seal, unseal } from '../protocol/index.js';

/** A state of the data that can be told again later. */
export interface Moment {
  /** How far the logs of the tables had come. */
  readonly positions: Positions;
  /** Seconds since 1970: older ones are forgotten. */
  readonly at: number;
  /** Of the logs the positions are in. */
  readonly generation: string;
}

/** Where a page begins within a state. */
export interface MarkedMoment {
  readonly moment: Moment;
  readonly mark: string;
}

/** What a delta link knows: since when changes are told, and for the pages behind the first, until when and behind what. */
export interface DeltaToken {
  readonly since: Moment;
  readonly until: Moment | null;
  readonly after: { readonly phase: number; readonly sort: string } | null;
}

/** A place in a tracked reading as text that clients can neither read nor change; good for one query, `about`. */
export function sealMark({ moment, mark }: MarkedMoment, about: string, key: Uint8Array): string {
  return seal(JSON.stringify([plain(moment), mark]), `tracked ${about}`, key);
}

/** null: the text is not such a place, or one of another query. */
export function openTracked(text: string, about: string, key: Uint8Array): MarkedMoment | null {
  const opened = unseal(text, `tracked ${about}`, key);
  if (opened === null) return null;
  const [moment, mark]: [Plain, string] = JSON.parse(opened);
  return { moment: exact(moment), mark };
}

/** A delta token as text. */
export function sealDelta({ since, until, after }: DeltaToken, about: string, key: Uint8Array): string {
  return seal(JSON.stringify([plain(since), until === null ? null : plain(until), after]), `delta ${about}`, key);
}

/** null: the text is not a delta token, or one of another query. */
export function openDelta(text: string, about: string, key: Uint8Array): DeltaToken | null {
  const opened = unseal(text, `delta ${about}`, key);
  if (opened === null) return null;
  const [since, until, after]: [Plain, Plain | null, DeltaToken['after']] = JSON.parse(opened);
  return { since: exact(since), until: until === null ? null : exact(until), after };
}

type Plain = readonly [positions: Readonly<Record<string, string>>, at: number, generation: string];

function plain({ positions, at, generation }: Moment): Plain {
  return [Object.fromEntries([...positions].map(([name, position]) => [name, position.toString()])), at, generation];
}

function exact([positions, at, generation]: Plain): Moment {
  return { positions: new Map(Object.entries(positions).map(([name, text]) => [name, BigInt(text)])), at, generation };
}
