/** Bound requests in, relations out: the only room where OData meets relational algebra. Refuses what cannot be planned with 501. */
export { call, columnOf, value, where } from './build.js';
export { positionsOf } from './changes.js';
export { type ConstrainedRow, planConstraints, planCounts } from './constraint.js';
export { type DeltaQuery, planDelta } from './delta.js';
export { about, type Mark, markText, type NextPage, nextLink, openMark, readMark, type SortValue } from './mark.js';
export { planPath, type Target } from './path.js';
export { type Place, type Planner, type Positions, planner, type Restriction, unrestricted } from './place.js';
export { type Page, planRead, planReadWith, planTruth } from './read.js';
export type * from './relation.js';
export { etagOf } from './shape.js';
export { type Advertised, control, type Shape } from './shape-value.js';
export {
  type Assignments,
  assign,
  assignDefault,
  assignNothing,
  type Current,
  planDelete,
  planInsert,
  planUpdate,
  rowIs,
} from './write.js';
