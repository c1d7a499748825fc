import type { Facets } from '../model.js';
import { rule, type Tell } from './rule.js';

/** Rules for facets; whether one applies and is well-formed is found while reading (CSDL 7.2, 11.1). */
export const facetRules = [
  rule('scale-precision', 'typed', 'C7.2.4-1', (facets, tell) => scaleWithinPrecision(facets, tell)),
  rule('scale-precision', 'typeDefinition', 'C7.2.4-1', ({ facets }, tell) => scaleWithinPrecision(facets, tell)),
  rule('facet-version', 'typed', 'C7.2.4-4', ({ scale }, tell, { version }) => {
    if (scale === 'floating' && version === '4.0') tell('Scale="floating" came with OData 4.01.');
  }),
  rule('facet-version', 'typed', 'C7.2.2-2', ({ maxLength }, tell, { version }) => {
    if (maxLength === 'max' && version !== '4.0') tell('MaxLength="max" is OData 4.0 only; leave it out.');
  }),
  rule('facet-repeated', 'typed', 'C11.1-2', (reference, tell) => {
    const { type } = reference;
    if (type.kind !== 'typeDefinition') return;
    for (const name of ['maxLength', 'precision', 'scale', 'srid', 'unicode'] as const)
      if (reference[name] !== null && type.facets[name] !== null)
        tell(`${type.qualifiedName} states ${name} already; it cannot be stated again.`);
  }),
];

function scaleWithinPrecision({ precision, scale }: Facets, tell: Tell): void {
  if (typeof scale === 'number' && precision !== null && scale > precision)
    tell(`Scale ${scale} is greater than Precision ${precision}.`);
}
