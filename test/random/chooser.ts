import fc, { type GeneratorValue } from 'fast-check';

/** Random decisions; fast-check records and shrinks them, towards the first of what there is to choose from. */
export interface Chooser {
  of<Item>(items: readonly Item[]): Item;
  whole(least: number, most: number): number;
  chance(probability: number): boolean;
}

/** All equally likely: fast-check otherwise prefers the edges. */
const evenly = (min: number, max: number) => fc.noBias(fc.integer({ min, max }));

export function chooserOf(generate: GeneratorValue): Chooser {
  return chooserOfWhole((least, most) => generate(evenly, least, most));
}

function chooserOfWhole(whole: Chooser['whole']): Chooser {
  return {
    whole,
    of: (items) => {
      const found = items[whole(0, items.length - 1)];
      if (found === undefined) throw new Error('There is nothing to choose from.');
      return found;
    },
    chance: (probability) => whole(0, 999) >= 1000 - probability * 1000,
  };
}

/** The same for values that stand in arrays or sequences: what is generated imperatively does not advance the common source of chance. */
export const chooser = (decisions: number): fc.Arbitrary<Chooser> =>
  fc.array(fc.noBias(fc.nat()), { minLength: decisions, maxLength: decisions }).map((numbers) => {
    let at = 0;
    return chooserOfWhole((least, most) => least + ((numbers[at++] ?? 0) % (most - least + 1)));
  });
