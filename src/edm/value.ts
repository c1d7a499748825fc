/**
 * A primitive value outside any text, by its type:
 * Boolean → boolean; Byte … Int64 and enumerations → bigint; Double, Single → number; Decimal → canonical decimal text (`-1.50` is `-1.5`);
 * String → string; Guid → lower-case text; Date, TimeOfDay → their text; DateTimeOffset → UTC text ending in `Z`; Duration → canonical text;
 * Binary → bytes; geo types → GeoJSON text.
 */
export type Value = null | boolean | bigint | number | string | Uint8Array;
