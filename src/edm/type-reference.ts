import type { CsdlElement } from './element.js';
import type { AbstractTypeName, Facets, Type, TypeReference } from './model.js';
import { abstractType } from './primitive.js';
import { flag, type Linking, resolveType, type Scope } from './scope.js';

/** No facet is stated; one object for the many. */
const noFacets: Facets = { maxLength: null, precision: null, scale: null, srid: null, unicode: null };

const temporal: ReadonlySet<string> = new Set(['Edm.DateTimeOffset', 'Edm.Duration', 'Edm.TimeOfDay']);

/**
 * Type, collection, nullability and facets of an element with a `Type` attribute (CSDL 7.1, 7.2). What CSDL XML leaves out is what it
 * means there: `Nullable` true (items of collections: false, as the standard's own conversion has it), Scale 0 of a Decimal, Precision 0 of a temporal type. An unknown type is reported and becomes `fallback`.
 */
export function typeReference(
  linking: Linking,
  scope: Scope,
  element: CsdlElement,
  fallback: AbstractTypeName = 'Edm.Untyped',
): TypeReference {
  const text = element.attributes.Type ?? '';
  const { name, collection } = itemType(text);
  const type = (text === '' ? null : resolveType(linking, scope, name, element.at)) ?? abstractType(fallback);
  const facets = readFacets(linking, element, type);
  return {
    type,
    collection,
    nullable: flag(linking, element, 'Nullable', !collection),
    maxLength: facets.maxLength,
    precision: facets.precision,
    scale: facets.scale,
    srid: facets.srid,
    unicode: facets.unicode,
  };
}

/** `Collection(T)` taken apart (CSDL 7.1). */
export function itemType(text: string): { readonly name: string; readonly collection: boolean } {
  const collection = text.startsWith('Collection(') && text.endsWith(')');
  return { name: collection ? text.slice(11, -1) : text, collection };
}

/** The facets of an element, those of the type's kind only (CSDL 7.2: foreign ones are ignored, with a warning). */
export function readFacets(linking: Linking, element: CsdlElement, type: Type): Facets {
  const { attributes } = element;
  const byDefault = type.kind === 'primitive' ? type.qualifiedName : '';
  const decimal = byDefault === 'Edm.Decimal';
  const stated =
    attributes.MaxLength ?? attributes.Precision ?? attributes.Scale ?? attributes.SRID ?? attributes.Unicode;
  if (stated === undefined && !decimal && !temporal.has(byDefault)) return noFacets;
  const base = type.kind === 'typeDefinition' ? type.underlyingType.qualifiedName : type.qualifiedName;
  const allowed = (facet: string) => applies(facet, base) || type.kind === 'abstract';
  const value = (facet: string, pattern: RegExp): string | null => {
    const text = attributes[facet];
    if (text === undefined || (facet === 'Precision' && text === 'unspecified')) return null;
    if (!allowed(facet))
      linking.report('facet-foreign', element.at, `${facet} does not apply to ${type.qualifiedName}; it is ignored.`);
    else if (pattern.test(text)) return text;
    else linking.report('facet-value', element.at, `'${text}' is no value for ${facet} of ${type.qualifiedName}.`);
    return null;
  };
  const maxLength = value('MaxLength', /^(?:max|0*[1-9]\d{0,15})$/);
  const precision = value('Precision', base === 'Edm.Decimal' ? /^0*[1-9]\d{0,8}$/ : /^0*(?:\d|1[0-2])$/);
  const scale = value('Scale', /^(?:variable|floating|\d{1,9})$/i)?.toLowerCase() ?? null;
  const srid = value('SRID', /^(?:variable|\d{1,9})$/);
  const unicode = value('Unicode', /^(?:true|false)$/);
  return {
    maxLength: maxLength === null || maxLength === 'max' ? maxLength : Number(maxLength),
    precision:
      precision !== null ? Number(precision) : temporal.has(byDefault) && attributes.Precision === undefined ? 0 : null,
    scale: scale === 'variable' || scale === 'floating' ? scale : scale !== null ? Number(scale) : decimal ? 0 : null,
    srid: srid === null || srid === 'variable' ? srid : Number(srid),
    unicode: unicode === null ? null : unicode === 'true',
  };
}

function applies(facet: string, type: string): boolean {
  switch (facet) {
    case 'MaxLength':
      return type === 'Edm.String' || type === 'Edm.Binary' || type === 'Edm.Stream';
    case 'Precision':
      return type === 'Edm.Decimal' || temporal.has(type);
    case 'Scale':
      return type === 'Edm.Decimal';
    case 'Unicode':
      return type === 'Edm.String';
    default:
      return type.startsWith('Edm.Geo');
  }
}
