import { deepEqual, ok } from 'node:assert/strict';
import { ODataError } from '../../src/errors.js';
import { parseContext, parseUrl, printUrl } from '../../src/url/index.js';
import { mutated, randomNumbers } from './mutations.js';
import { bare } from './trees.js';

/** `npm run fuzz` sets both; the suite runs a bounded part of it, always the same. */
const runs = Number(process.env.FUZZ ?? 5_000);
const seed = process.env.FUZZ === undefined ? 1 : Date.now() % 2 ** 31;

/** The tree of a URL, or null when it is refused; anything but an ODataError of the client's making is a failure. */
function parsed(text: string): ReturnType<typeof parseUrl> | null {
  try {
    return parseUrl(text);
  } catch (error) {
    ok(error instanceof ODataError && error.status < 500, `${JSON.stringify(text)} ${error}`);
    return null;
  }
}

describe('url: what nobody meant', () => {
  it(`${runs} changed URLs are read or refused (seed ${seed})`, () => {
    const random = randomNumbers(seed);
    let accepted = 0;
    for (let run = 0; run < runs; run++) {
      const text = mutated(random);
      const tree = parsed(text);
      if (tree === null || ++accepted % 20 > 0) continue;
      const again = parsed(printUrl(tree));
      ok(again !== null, text);
      deepEqual(bare(again), bare(tree), text);
    }
    ok(accepted > runs / 50, `only ${accepted} were accepted`);
  });

  it('context URLs are read or refused', () => {
    const random = randomNumbers(seed);
    for (let run = 0; run < runs / 5; run++) {
      const text = `$metadata#${mutated(random)}`;
      try {
        parseContext(text);
      } catch (error) {
        ok(error instanceof ODataError && error.status < 500, `${JSON.stringify(text)} ${error}`);
      }
    }
  });

  const bad: readonly (readonly [what: string, url: string])[] = [
    ['a lone surrogate', 'u?$filter=a eq \ud800'],
    ['an encoded surrogate', 'u?$filter=a eq %27%ED%A0%80%27'],
    ['an overlong encoding', 'u?$filter=a eq %27%C0%AF%27'],
    ['a truncated character', 'u/%E4%BD'],
    ['a truncated escape', 'u?a=%2'],
    ['NUL', 'u?$filter=a eq %27%00%27'],
    ['a raw NUL', 'u/a\0b'],
    ['NUL in JSON', 'u?@a="\\u0000"'],
    ['half a surrogate pair in JSON', 'u?@a="\\ud800"'],
    ['100,000 commas', `u?$select=${','.repeat(100_000)}`],
    ['100,000 quotes', `u?$filter=${"'".repeat(100_001)}`],
    ['100,000 slashes', '/'.repeat(100_000)],
    ['100,000 escapes that are none', `u?a=${'%'.repeat(100_000)}`],
  ];
  for (const [what, url] of bad) it(`U2.1-10 refuses ${what}`, () => ok(parsed(url) === null));
});
