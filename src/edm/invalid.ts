import { ODataError } from '../errors.js';
import type { Facets } from './model.js';
import { reach } from './reach.js';

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

/** The error for a text that has not the form of its type: where it leaves the form, and how to write it instead. */
export function malformedValue(type: string, pattern: RegExp, text: string, form: string): ODataError {
  const at = reach(pattern, text);
  const found = at < text.length ? `'${text.charAt(at)}'` : 'the end';
  const where = pattern.test(text) ? '' : ` (see ${found} at ${at})`;
  return invalidValue(`${shown(text)} is no ${type}${where}; ${form}.`);
}
