import assert from 'node:assert/strict';
import type { Store } from '../../src/store/index.js';

interface Seen {
  readonly status: number;
  readonly headers: Headers | Readonly<Record<string, string | undefined>>;
}

const header = ({ headers }: Seen, name: string) => (headers instanceof Headers ? headers.get(name) : headers[name]);

/** Reads that may take more statements, and why. */
const exceptions: readonly (readonly [is: (reply: Seen, url: string) => boolean, why: string])[] = [
  [
    (reply) => typeof header(reply, 'accept-ranges') === 'string',
    'a stream is read in parts, so that its size does not matter',
  ],
  [
    (_, url) => /\.\w+(\(\w+=[^)]*\)|\?@)|[./]\w+\(\)|\.\w+\/\w+\.\w+$/.test(url),
    'a bound function is told its binding value, and its handler reads what it needs',
  ],
  [
    (reply, url) => reply.status === 202 || url.includes('$monitor/'),
    'what is answered later is done while others are',
  ],
  [
    (reply, url) =>
      /track-changes/.test(header(reply, 'preference-applied') ?? '') || /\/(delta|changes)\b|deltatoken=/.test(url),
    'the first tracked reading of a table makes its log',
  ],
];

/**
 * Watches a store: a read takes one statement at most, count, expansions and paging included (design decision 2). Requests that
 * overlap cannot be told apart and are let through.
 */
export class Watch {
  private running = 0;
  private overlapped = false;

  constructor(private readonly store: Store) {}

  /** Runs a request and fails when it was a successful read that took more. */
  async during<T extends Seen>(method: string, url: string, request: () => Promise<T>): Promise<T> {
    const before = this.store.statementsRun;
    this.overlapped = this.running > 0;
    this.running++;
    try {
      const reply = await request();
      const reads = (method === 'GET' || method === 'HEAD') && reply.status < 400;
      const excused = exceptions.some(([is]) => is(reply, url));
      if (reads && !excused && !this.overlapped)
        assert.ok(
          this.store.statementsRun - before <= 1,
          `${method} ${url} took ${this.store.statementsRun - before} statements`,
        );
      return reply;
    } finally {
      this.running--;
    }
  }
}
