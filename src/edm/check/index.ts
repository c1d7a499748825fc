import type { Model } from '../model.js';
import type { Problem } from '../problem.js';

/** Runs all rules over a linked model. */
export function checkLinked(_model: Model): readonly Problem[] {
  return [];
}
