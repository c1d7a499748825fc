import { busy } from './errors.js';

/** One piece of work at a time, in the order of asking. */
export class Queue {
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly longest: number) {}

  /** Runs `work` when everything asked for before is done. Throws ServiceUnavailable when too much is waiting. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= this.longest) throw busy();
    this.waiting++;
    const before = this.tail;
    const done = before.then(work).finally(() => this.waiting--);
    this.tail = done.catch(() => {});
    return done;
  }

  /** Settles when everything asked for until now is done. */
  async drained(): Promise<void> {
    await this.tail;
  }
}
