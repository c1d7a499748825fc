/** Body text in, JSON nodes with exact numbers out; and the envelopes around what the database wrote. Refuses what is not JSON. */
export type { JsonArray, JsonNode, JsonObject } from './json.js';
