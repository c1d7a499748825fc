import { type ErrorCode, ODataError } from '../errors.js';

const mostReported = 50;

/** The problems of one body, gathered while it is bound and reported together. */
export class Problems {
  private readonly found: ODataError[] = [];

  /** Enough is known; looking for more would only cost time. */
  get full(): boolean {
    return this.found.length >= mostReported;
  }

  /** Notes a problem at a path of the body. */
  add(code: ErrorCode, message: string, target: string): void {
    if (!this.full) this.found.push(new ODataError(code, message, target === '' ? null : target));
  }

  /** Runs `work`; an ODataError of it becomes a problem at `target`, and the result null. */
  attempt<T>(target: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ODataError)) throw error;
      this.add(error.code, error.message, error.target ?? target);
      return null;
    }
  }

  /** Throws the only problem as itself, several as one error with details (JSON 21.1). */
  report(): void {
    const [first, second] = this.found;
    if (first === undefined) return;
    if (second === undefined) throw first;
    const count = this.found.length;
    const message = `The body has ${count < mostReported ? count : `at least ${count}`} problems; see details.`;
    throw new ODataError('ValidationFailed', message, null, { details: this.found });
  }
}
