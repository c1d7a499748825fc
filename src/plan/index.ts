/** Bound requests in, relations out: the only room where OData meets relational algebra. Refuses what cannot be planned with 501. */
export type * from './relation.js';
