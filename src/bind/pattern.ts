import { compilePattern, type Element, type Model, type Pattern } from '../edm/index.js';
import { ODataError } from '../errors.js';

const compiled = new Map<string, Pattern>();

/** An ECMAScript pattern for an engine that needs linear time whatever the pattern is. Throws InvalidModel for what it cannot do. */
function compile(pattern: string): Pattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const made = compilePattern(pattern);
    compiled.set(pattern, made);
    return made;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is not valid';
    throw new ODataError('InvalidModel', `The pattern '${pattern}' cannot be used: ${reason}.`);
  }
}

/** True when the pattern is found in the text; where it must stand, the pattern says itself (Validation.Pattern). */
export function matchesPattern(text: string, pattern: string): boolean {
  return compile(pattern).matcher(text).find();
}

/** Compiles every pattern of a model, so that what cannot be enforced is told at start. Throws InvalidModel. */
export function checkPatterns(model: Model): void {
  for (const { types, actions, functions } of model.schemas.values()) {
    const operations = [...actions.values(), ...functions.values()].flat();
    const members = [...types.values()].flatMap((type): readonly Element[] => {
      if (type.kind === 'entity' || type.kind === 'complex') return [...type.ownProperties.values()];
      return type.kind === 'typeDefinition' ? [type] : [];
    });
    for (const element of [...members, ...operations.flatMap(({ parameters }) => parameters)])
      for (const { termName, value } of element.annotations)
        if (termName === 'Org.OData.Validation.V1.Pattern' && value?.kind === 'constant') compile(value.text);
  }
}
