import type { NavigationProperty, Property } from '../edm/index.js';
import type { Added, Structure } from './bound-apply.js';

/** Stands for a list where instances have nothing in common (AG030). */
export const anyStructure = '@Core.AnyStructure';

/**
 * The select-list of a set, an item of the list each (Protocol 10.7, Aggregation 3.1.1). Version 4.0 leaves out navigation
 * properties of which everything is shown. `expanded`: the request has `$expand`, so that only its own are shown.
 */
export function structureItems(structure: Structure, version: '4.0' | '4.01', expanded = false): readonly string[] {
  const { whole, members, names, added } = structure;
  const shown = [...added.values()].filter((one) => one.shown && !(expanded && isNavigation(one.property)));
  const own = whole
    ? names.size + added.size > 0
      ? ['*']
      : []
    : memberItems(
        expanded ? members.filter(([first]) => first !== undefined && !isNavigation(first)) : members,
        version,
      );
  const items = [...own, ...names.keys(), ...shown.flatMap((one) => addedItem(one, version))];
  if (!whole && items.length === 0) return [anyStructure]; // AG030
  return whole && items.length === 1 && items[0] === '*' ? [] : items;
}

function isNavigation({ kind }: Property | NavigationProperty): boolean {
  return kind === 'navigationProperty';
}

function addedItem({ property, structure }: Added, version: '4.0' | '4.01'): readonly string[] {
  const inner = structureItems(structure, version).join(',');
  if (!isNavigation(property)) return inner === '' ? [property.name] : [`${property.name}(${inner})`];
  return version === '4.0' && inner === '' ? [] : [`${property.name}(${inner})`];
}

/** `Genre`, `Author(Name)`, `Size/Height`. */
function memberItems(paths: Structure['members'], version: '4.0' | '4.01'): readonly string[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const [first] = path;
    if (first === undefined || seen.has(first.name)) return [];
    seen.add(first.name);
    const rest = paths.filter(([one]) => one?.name === first.name).map(([, ...more]) => more);
    const isWhole = rest.some((more) => more.length === 0);
    const inner = isWhole ? [] : memberItems(rest, version);
    if (!isNavigation(first)) return inner.length === 0 ? [first.name] : inner.map((item) => `${first.name}/${item}`);
    return version === '4.0' && inner.length === 0 ? [] : [`${first.name}(${inner.join(',')})`];
  });
}

/** The fragment of the context URL of what `$apply` has added (AG032). */
export function addedContext(
  { property, target, structure }: Added,
  version: '4.0' | '4.01',
  explicit: boolean,
): string {
  const list = structureItems(structure, version, explicit).join(',');
  const items = list === '' ? '' : `(${list})`;
  const { type, collection } = property;
  if (target?.kind === 'entitySet') return `${target.name}${items}${collection ? '' : '/$entity'}`;
  if (target !== null && !collection) return `${target.name}${items}`;
  const name = type.qualifiedName;
  return `${collection ? `Collection(${name})` : name}${items}`;
}
