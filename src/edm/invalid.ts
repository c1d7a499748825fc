import { ODataError } from '../errors.js';
import type { Facets } from './model.js';

/** The facets that limit values (CSDL 7.2); what is absent limits nothing. */
export type ValueFacets = Partial<Pick<Facets, 'maxLength' | 'precision' | 'scale'>>;

/** The error for a text or value that does not fit its type. */
export function invalidValue(message: string): ODataError {
  return new ODataError('InvalidValue', message);
}

/** A text quoted in a message, cut when long. */
export function shown(text: string): string {
  return text.length > 60 ? `'${text.slice(0, 57)}...'` : `'${text}'`;
}
