/**
 * Body text in, JSON nodes with exact numbers out; and the envelopes around what the database wrote.
 * Refuses what is not JSON, duplicate members, and what is larger than the limits.
 */
export { type ContextDescription, contextUrl, type SelectItem } from './context.js';
export {
  type CollectionFrame,
  collectionEnvelope,
  controlName,
  entityEnvelope,
  propertyEnvelope,
  withDeltaLink,
} from './envelope.js';
export type { JsonArray, JsonNode, JsonObject } from './json.js';
export {
  type EmbeddedRequest,
  type Message,
  parseEmbeddedRequest,
  parseMultipart,
  writeEmbeddedResponse,
  writeEnd,
  writeMultipart,
  writePart,
} from './multipart.js';
export { nodeOf } from './plain.js';
export { defaultJsonLimits, type JsonLimits, parseJson, printJson } from './read.js';
export { serviceDocument } from './service-document.js';
