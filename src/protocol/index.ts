/**
 * Headers in, what they mean out, and back: versions, formats, preferences, ETags, and the frame of every response.
 * Refuses versions, media types and preconditions that cannot be met. Knows no model, no URL but `$format`, no socket.
 */
export { type Content, readContentType, refuseEncoding } from './content-type.js';
export { checkPreconditions, matches, type PreconditionOptions, parseTags, writeETag } from './etag.js';
export type {
  AnnotationPattern,
  Compressed,
  Headers,
  MetadataLevel,
  Method,
  Negotiated,
  ODataRequest,
  ODataResponse,
  ODataVersion,
  Preferences,
  User,
} from './exchange.js';
export { type Asking, negotiate, negotiateError, refuseIsolation } from './negotiate.js';
export {
  inheritedPreferences,
  parsePreferences,
  wantsAnnotation,
  withoutPreference,
  writePreferencesApplied,
} from './preferences.js';
export { commonHeaders, contentHeaders, contentType, errorResponse } from './response.js';
export { seal, unseal } from './seal.js';
export { responseVersion } from './version.js';
