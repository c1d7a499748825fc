/** Names become things of the model, types are checked; a URL and a body alike. Refuses names that do not exist and values that do not fit. */

export { alongNavigation } from './along.js';
export { type Availability, availabilityOf } from './availability.js';
export {
  bindCollection,
  bindComplex,
  bindDelta,
  bindEntities,
  bindEntity,
  bindPrimitive,
} from './body.js';
export type { DeltaItem, LinkChange } from './body-delta.js';
export type { EntityPlace } from './body-entity.js';
export { type ArgumentValue, bindParameters, bindResult, type OperationArguments } from './body-operation.js';
export { bindReference, bindReferenceList } from './body-reference.js';
export { isMediaType } from './body-stream.js';
export type { BodyContext, Place } from './body-value.js';
export type * from './bound.js';
export type * from './bound-apply.js';
export type * from './change.js';
export { type Constraint, constraintsOf } from './constraint.js';
export { bindCondition } from './expression.js';
export type { FunctionName } from './functions.js';
export { identityOf, ownParameters } from './operation.js';
export { isBoundTo, kindOf } from './operation-place.js';
export { noOptions } from './options.js';
export { checkPatterns } from './pattern.js';
export { printKey } from './print-key.js';
export { Problems } from './problems.js';
export { missingIn, partnerOf } from './required.js';
export { scopeOf } from './scope.js';
export { addedContext, anyStructure, structureItems } from './structure.js';
export { didYouMean } from './suggest.js';
export { defaultValueOf, type Occasion, type SuppliedOn, suppliedValue, supplier } from './supplied.js';
export { derivesFrom, isStructured } from './types.js';
export { bindUrl } from './url.js';
export { invokedBy, type Used, usedBy } from './used.js';
export { checkItems, type Writability, writability } from './validation.js';
