/** CSDL text in, one linked and immutable model out; and back. Refuses what is not valid CSDL, with file, line and column. */

export type { Annotatable, SortItem } from './annotations.js';
export {
  annotatedOrder,
  annotatedPageSize,
  annotatedSearch,
  annotationOf,
  annotationsAt,
  booleanValue,
  effectiveAnnotation,
  effectiveAnnotations,
  effectivePermissions,
  enumMembers,
  inheritedAnnotation,
  isTagged,
  memberFlag,
  memberOf,
  memberText,
  numberValue,
  operationPermissions,
  ownerPath,
  recordValue,
  recordValues,
  stringValue,
  stringValues,
  textOf,
} from './annotations.js';
export { builtInNamespaces, builtInText } from './built-in.js';
export type { Source } from './element.js';
export type { ValueFacets } from './invalid.js';
export { printKeyValue } from './key-value.js';
export { checkFile, loadModel, openFile } from './load.js';
export { findMember } from './member.js';
export { wholeDocument } from './merge.js';
export type * from './model.js';
export { isObeyed, type ObeyedTerm, obeyed } from './obeyed.js';
export { compilePattern, type Pattern } from './pattern.js';
export { abstractType, builtInType, isStreamType, primitive } from './primitive.js';
export { printProblem, printProblems, problemsToJson } from './print-problem.js';
export type { Problem, Severity } from './problem.js';
export { checkModel, type Opened, openModel, type ReadOptions, readModel } from './read.js';
export { readable, withheld, withheldName } from './readable.js';
export { derivesFrom, isSubtypeOf } from './subtype.js';
export { parseValue, printValue, type Value, type ValueType } from './value.js';
export { type GeoLiteral, parseGeoLiteral, printGeoLiteral } from './wkt.js';
export { type WriteJsonOptions, writeJson } from './write-json.js';
export { type WriteXmlOptions, writeXml } from './write-xml.js';
