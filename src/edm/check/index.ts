import { none } from '../element.js';
import type { Document, Model } from '../model.js';
import type { Problem } from '../problem.js';
import { isBuiltIn } from '../vocabulary.js';
import { aggregationRules } from './aggregation.js';
import { annotationRules } from './annotation.js';
import { annotationPathRules } from './annotation-path.js';
import { problemAt } from './codes.js';
import { containerRules } from './container.js';
import { facetRules } from './facet.js';
import { keyRules } from './key.js';
import { navigationRules } from './navigation.js';
import { operationRules } from './operation.js';
import { propertyRules } from './property.js';
import type { AnyRule, Checked, Context, Rule, Tell } from './rule.js';
import { structuredRules } from './structured.js';
import { typeRules } from './type.js';
import { vocabularyRules } from './vocabulary.js';
import { type Visit, walkReferences, walkSchema, walkValues } from './walk.js';

/** All rules that look at a linked model; what concerns the text and its names is found while reading. */
export const rules: readonly AnyRule[] = [
  ...structuredRules,
  ...keyRules,
  ...propertyRules,
  ...facetRules,
  ...navigationRules,
  ...typeRules,
  ...operationRules,
  ...containerRules,
  ...annotationRules,
  ...annotationPathRules,
  ...vocabularyRules,
  ...aggregationRules,
];

const byKind = new Map<keyof Checked, readonly AnyRule[]>();
for (const rule of rules) byKind.set(rule.on, [...(byKind.get(rule.on) ?? []), rule]);

/** Runs all rules over the documents of a model; the vocabularies that come with Edmund are known to be right. */
export function checkLinked(model: Model): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const document of model.documents) if (!isBuiltIn(document)) checkDocument(model, document, found);
  return [...found.values()];
}

/** An annotation of a group is met on its targets, too, and looked at once; so a problem counts once. */
function checkDocument(model: Model, document: Document, found: Map<string, Problem>): void {
  let code = '';
  let place = document.schemas[0]?.at;
  const tell: Tell = (message, at = place) => {
    if (at === undefined) return;
    found.set(`${code} ${at.file} ${at.line} ${at.column} ${message}`, problemAt(code, at, message));
  };
  for (const schema of document.schemas) {
    const context: Context = { model, schema, version: document.version, labels: new Set() };
    const seen = new Set<unknown>();
    const visit: Visit = (kind, element, at) => {
      if (kind === 'annotation') {
        const { annotation, host } = element as Checked['annotation'];
        if (seen.has(annotation)) return;
        seen.add(annotation);
        walkValues(annotation, host, visit);
      }
      place = at;
      const all = (byKind.get(kind) ?? none) as unknown as readonly Rule<typeof kind>[];
      for (const rule of all) {
        code = rule.code;
        rule.check(element, tell, context);
      }
    };
    walkSchema(schema, visit);
    if (schema === document.schemas[0]) walkReferences(document, visit);
  }
}
