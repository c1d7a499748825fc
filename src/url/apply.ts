import { ODataError } from '../errors.js';
import type { Cursor } from './cursor.js';
import type { Transformation } from './syntax.js';

/** $apply is refused as a whole until its grammar is here: never dropped. */
export function apply(_input: Cursor): readonly Transformation[] {
  throw new ODataError('NotImplemented', '$apply is not supported yet.', '$apply');
}
