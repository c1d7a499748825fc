import { ODataError, statusOf } from '../errors.js';

/**
 * A refusal thrown by code of the service's folder: an ODataError, or any error with one of its codes, as it comes from another
 * copy of this package. null: the code itself failed.
 */
export function refusalOf(error: unknown): ODataError | null {
  if (error instanceof ODataError) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  if (!Object.hasOwn(statusOf, error.code)) return null;
  const target = 'target' in error && typeof error.target === 'string' ? error.target : null;
  return new ODataError(error.code as ODataError['code'], error.message, target);
}
