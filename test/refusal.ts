import { ODataError } from '../src/errors.js';

/** Code and target of what `work` throws; fails when it throws something else or nothing. */
export function refusal(work: () => unknown): [code: string, target: string | null] {
  try {
    work();
  } catch (error) {
    if (error instanceof ODataError) return [error.code, error.target];
    throw error;
  }
  throw new Error('Nothing was refused.');
}
