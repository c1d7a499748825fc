import type { Search } from '../bind/index.js';
import { annotatedSearch, type Property, readable } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { call, concat, value } from './build.js';
import type { Context } from './expression.js';
import { type Place, propertyOf, type Stored } from './place.js';
import type { Scalar } from './relation.js';

/** Whether one of the searchable texts of an item holds what is searched for (URL 5.1.7). */
export function found(search: Search, self: Place | Stored | undefined, context: Context): Scalar {
  if (self === undefined) throw new ODataError('QueryOptionNotApplicable', '$search needs a collection.', '$search');
  const texts = searchableTexts(self, context);
  if (texts.length === 0) return value(0n);
  const parts = texts.flatMap((text, index) => [...(index === 0 ? [] : ['\n']), call('coalesce', text, value(''))]);
  return call('searched', concat(...parts), value(JSON.stringify(search)));
}

/** The texts the model names (Edmund.Searchable), else all of the item's own (also where they stand in complex values). */
function searchableTexts(self: Place | Stored, context: Context): readonly Scalar[] {
  if (self.kind === 'stored') return [self.scalar];
  const type = self.kind === 'flattened' ? self.storage.type : self.type;
  const named = self.kind === 'row' ? annotatedSearch(self.table.source) : null;
  if (named !== null) return named.flatMap((path) => textAt(self, path.split('/'), context));
  return [...readable(type).values()].flatMap((property) =>
    isText(property) ? textAt(self, [property.name], context) : [],
  );
}

function isText({ type, collection }: Property): boolean {
  const base = type.kind === 'typeDefinition' ? type.underlyingType : type;
  return !collection && base.qualifiedName === 'Edm.String';
}

/** The text at a path; of a collection or complex value its JSON, which holds all its texts. */
function textAt(place: Place, path: readonly string[], context: Context): readonly Scalar[] {
  const [name, ...rest] = path;
  const type = place.kind === 'flattened' ? place.storage.type : place.type;
  const property = name === undefined ? undefined : type.properties.get(name);
  if (property === undefined) return [];
  const located = propertyOf(place, property, context.planner);
  switch (located.kind) {
    case 'stored':
      return [located.scalar];
    case 'flattened':
    case 'json':
      return rest.length === 0 ? [] : textAt(located, rest, context);
    case 'many':
      return located.rows.kind === 'each' ? [located.rows.json] : [];
    default:
      return [];
  }
}
