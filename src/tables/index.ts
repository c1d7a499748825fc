/**
 * A model in, its layout out: which table and column holds what; and the codecs that turn values into what stands there.
 * Refuses values that a column cannot hold exactly (InvalidValue), and keys that do not fit into columns (NotImplemented).
 */
export { type ColumnValue, codecFor, codecOf, decimalKey, decode, encode, encodeNearest } from './codec.js';
export { createLayout } from './create.js';
export { decimalToKey, fromScaled, infinityKeys, keyToDecimal } from './decimal.js';
export { appendStored, mergeDynamic, mergeStored, writeDynamic, writeStored } from './json-form.js';

export { type SelectedMembers, shownType, storedShaper } from './json-shape.js';
export { printStored, readStored } from './json-text.js';

export type * from './layout.js';
export { type Log, logColumns, logOf, logPrefix } from './log.js';
export { portable } from './portable.js';
export { durationText, durationUnits } from './temporal.js';
