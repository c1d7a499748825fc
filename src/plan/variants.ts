import { call, value, where } from './build.js';
import {
  aggregatedAway,
  type Located,
  type Place,
  presence,
  type Stored,
  type Variant,
  type VariantPlace,
} from './place.js';
import type { Relation, Scalar } from './relation.js';

/** The same question to every variant; each has its own answer. */
export function byVariant(place: VariantPlace, ask: (one: Place) => Located): Located {
  const options = place.options.map(({ when, located }): Variant => {
    if (located.kind === 'stored' || located.kind === 'many') return { when, located: aggregatedAway };
    if (located.kind !== 'through') return { when, located: ask(located) };
    const { item, rows } = located;
    if (item.kind === 'stored') return { when, located: aggregatedAway };
    return { when, located: behind(rows, ask(item)) };
  });
  return together(options, place);
}

/** What was found behind rows `outer`, as seen from outside. */
export function behind(outer: Relation, found: Located): Located {
  switch (found.kind) {
    case 'row':
    case 'flattened':
    case 'json':
    case 'grouped':
    case 'variants':
    case 'stored':
      return { kind: 'through', rows: outer, item: found };
    case 'many':
    case 'through':
      return { ...found, rows: { kind: 'join', left: outer, right: found.rows, on: value(1n) } };
  }
}

/** One answer where all are of one kind, else variants again. */
function together(options: readonly Variant[], { as, keys, type }: VariantPlace): Located {
  const known = options.filter(({ located }) => located !== aggregatedAway);
  const [first, ...rest] = known;
  if (first === undefined) return aggregatedAway;
  if (known.every(({ located }) => located.kind === 'stored' || isSingle(located))) return storedOf(known);
  const { located } = first;
  if (rest.length === 0 && (located.kind === 'many' || located.kind === 'through'))
    return { ...located, rows: where(located.rows, [first.when]) };
  return { kind: 'variants', as, type, options: known, keys };
}

function isSingle(located: Located): boolean {
  return located.kind === 'through' && located.item.kind === 'stored';
}

/** A value of its own in each variant, null in the others. */
export function storedOf(options: readonly Variant[]): Stored {
  const branches = options.flatMap(({ when, located }) => {
    const stored = singleOf(located);
    return stored === null ? [] : [{ when, stored }];
  });
  const [first] = branches;
  if (first === undefined) return aggregatedAway;
  const present: Scalar = {
    kind: 'junction',
    operator: 'or',
    operands: [value(0n), ...branches.map(({ when }) => when)],
  };
  return {
    ...first.stored,
    scalar: {
      kind: 'case',
      branches: branches.map(({ when, stored }) => ({ when, gives: stored.scalar })),
      otherwise: null,
    },
    nullable: true,
    present,
  };
}

function singleOf(located: Located): Stored | null {
  if (located.kind === 'stored') return located;
  if (located.kind !== 'through' || located.item.kind !== 'stored') return null;
  return { ...located.item, scalar: { kind: 'subquery', relation: located.rows, value: located.item.scalar } };
}

/** Whether there is a value, in whatever variant. */
export function presenceOfVariants({ options }: VariantPlace): Scalar {
  const branches = options.map(({ when, located }) => ({ when, gives: presenceOf(located) }));
  return { kind: 'case', branches, otherwise: value(0n) };
}

/** Whether there is a value. */
export function presenceOf(located: Located): Scalar {
  switch (located.kind) {
    case 'stored':
      return call('isNotNull', located.scalar);
    case 'many':
    case 'through': {
      const inner = located.item.kind === 'stored' ? call('isNotNull', located.item.scalar) : presence(located.item);
      return { kind: 'exists', relation: where(located.rows, inner === null ? [] : [inner]) };
    }
    default:
      return presence(located) ?? value(1n);
  }
}
