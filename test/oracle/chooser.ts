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
  const whole = (least: number, most: number) => generate(evenly, least, most);
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
