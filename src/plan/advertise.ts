import type { Projection } from '../bind/index.js';
import type { EntityType } from '../edm/index.js';
import { concat, value } from './build.js';
import { planCondition } from './expression.js';
import type { Place } from './place.js';
import type { ObjectMember, Scalar } from './relation.js';
import type { Advertised, Shaping } from './shape-value.js';

/**
 * The operations bound to an entity (Protocol 11.5.3, JSON 16, 17): all of them at full metadata, else those that were selected. Their URL
 * is the conventional one, so that it is only told at full metadata; what is not available now is left out.
 */
export function operationMembers(
  row: Extract<Place, { kind: 'row' }>,
  type: EntityType,
  { selected }: Projection,
  { shape, planner, url }: Shaping,
): readonly ObjectMember[] {
  if (shape.metadata === 'none' || (selected === null && shape.metadata !== 'full')) return [];
  const names = selected === null ? null : new Set([...selected.operations].map(({ qualifiedName }) => qualifiedName));
  return shape
    .operationsOf(type)
    .filter(({ operation }) => names === null || names.has(operation.qualifiedName))
    .map((advertised): ObjectMember => {
      const { operation, available } = advertised;
      const target = concat(shape.base, url, `${castFor(advertised, row)}/${operation.qualifiedName}`);
      const told: readonly ObjectMember[] =
        shape.metadata === 'full'
          ? [
              { name: 'title', value: value(operation.name) },
              { name: 'target', value: target },
            ]
          : [];
      const object: Scalar = { kind: 'object', members: told };
      const name = `#${operation.qualifiedName}`;
      if (available === null) return { name, value: object };
      const bindings = new Map([[available.variable, row]]);
      return {
        name,
        value: object,
        when: planCondition(available.condition, { planner, bindings, computed: new Map() }),
      };
    });
}

/** An operation of a derived type is behind a cast to it. */
function castFor({ operation }: Advertised, { table }: Extract<Place, { kind: 'row' }>): string {
  const bound = operation.parameters[0]?.type;
  return bound?.kind === 'entity' && table.type.derivedTypes.includes(bound) ? `/${bound.qualifiedName}` : '';
}
