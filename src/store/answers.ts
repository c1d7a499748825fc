import { ODataError } from '../errors.js';
import type { SqlValue } from '../sql/index.js';
import type { Row, Session, Store } from './store.js';

/** An answer as it is kept: headers as JSON. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: Uint8Array | null;
}

/** For what an answer is kept: a client comes for it later, or sends the same request again. */
export type Purpose = 'job' | 'repetition';

/** Which answer is meant: its id, and who may have it. */
export interface AnswerKey {
  readonly purpose: Purpose;
  readonly id: string;
  readonly owner: string;
}

/** What is known of an answer. */
export interface Known {
  /** What it was the answer to. */
  readonly about: string;
  /** null: it is still being made. */
  readonly answer: KeptAnswer | null;
}

const table = `create table if not exists "@answer" ("purpose" text not null, "id" text not null, "owner" text not null,
  "about" text not null, "at" integer not null, "status" integer, "headers" text, "body" blob, primary key ("purpose", "id", "owner")) strict`;
const named = `"purpose" = ? and "id" = ? and "owner" = ?`;

/** Answers that outlive their request, and the service. The table is made when the first one is kept. */
export class Answers {
  private made = false;

  constructor(private readonly store: Store) {}

  /** Opens an answer that is still to be made. */
  async begin(key: AnswerKey, about: string): Promise<void> {
    await this.store.transaction((session) => this.keep(session, key, about, null));
  }

  /** Keeps an answer within a transaction: with the effects of the request, or not at all. */
  async keep(session: Session, key: AnswerKey, about: string, answer: KeptAnswer | null): Promise<void> {
    await session.run({ text: table, values: [] });
    const text = `insert into "@answer" values (?, ?, ?, ?, unixepoch(), ?, ?, ?)`;
    await session.run({ text, values: [...valuesOf(key), about, ...columnsOf(answer)] });
  }

  /** An answer has been made. It stays away when it was removed meanwhile. */
  async finish(key: AnswerKey, answer: KeptAnswer): Promise<void> {
    const text = `update "@answer" set "at" = unixepoch(), "status" = ?, "headers" = ?, "body" = ? where ${named}`;
    await this.change(text, [...columnsOf(answer), ...valuesOf(key)]);
  }

  /** Forgets an answer. */
  async remove(key: AnswerKey): Promise<void> {
    if (await this.isMade()) await this.change(`delete from "@answer" where ${named}`, valuesOf(key));
  }

  /** What is known under a key; null: nothing. */
  async find(key: AnswerKey, session: Session | null = null): Promise<Known | null> {
    const text = `select "about", "status", "headers", "body" from "@answer" where ${named}`;
    const statement = { text, values: valuesOf(key) };
    if (session !== null) {
      await session.run({ text: table, values: [] });
      return knownFrom((await session.all(statement))[0]);
    }
    if (!(await this.isMade())) return null;
    return knownFrom((await this.store.read(statement))[0]);
  }

  /** Gives everything that was being made when the service ended this answer instead. */
  async interrupt(purpose: Purpose, answer: KeptAnswer): Promise<void> {
    if (!(await this.isMade())) return;
    const text = `update "@answer" set "status" = ?, "headers" = ?, "body" = ? where "purpose" = ? and "status" is null`;
    await this.change(text, [...columnsOf(answer), purpose]);
  }

  /** Forgets what was made longer ago than `seconds`. */
  async prune(purpose: Purpose, seconds: number): Promise<void> {
    if (!(await this.isMade())) return;
    const text = `delete from "@answer" where "purpose" = ? and "status" is not null and "at" < unixepoch() - ?`;
    await this.change(text, [purpose, BigInt(Math.trunc(seconds))]);
  }

  private async isMade(): Promise<boolean> {
    if (this.made) return true;
    const text = `select 1 from sqlite_schema where name = '@answer'`;
    this.made = (await this.store.read({ text, values: [] })).length > 0;
    return this.made;
  }

  private async change(text: string, values: readonly SqlValue[]): Promise<void> {
    await this.store.transaction((session) => session.run({ text, values }));
  }
}

const valuesOf = ({ purpose, id, owner }: AnswerKey): readonly SqlValue[] => [purpose, id, owner];

function columnsOf(answer: KeptAnswer | null): readonly SqlValue[] {
  return answer === null ? [null, null, null] : [BigInt(answer.status), answer.headers, answer.body];
}

function knownFrom(row: Row | undefined): Known | null {
  if (row === undefined) return null;
  const [about, status, headers, body] = row;
  if (typeof about !== 'string') throw new ODataError('InternalError', 'An answer was kept wrongly.');
  if (status === null || status === undefined) return { about, answer: null };
  const bytes = body instanceof Uint8Array ? body : null;
  return { about, answer: { status: Number(status), headers: String(headers), body: bytes } };
}
