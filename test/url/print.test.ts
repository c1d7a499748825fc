import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseContext,
  parseExpression,
  parseUrl,
  printContext,
  printExpression,
  printUrl,
} from '../../src/url/index.js';
import { suite } from './grammar-cases.js';
import { refusal } from './grammar-rules.js';
import { anyExpression, anyUrl, bare } from './trees.js';

const wide = { depth: 1000, nodes: 1_000_000 };

describe('url: print', () => {
  it('the printed expression is read as the same tree', () => {
    fc.assert(
      fc.property(anyExpression, (tree) => deepEqual(bare(parseExpression(printExpression(tree), wide)), bare(tree))),
      { numRuns: 200 },
    );
  });
  it('the printed URL is read as the same tree', () => {
    fc.assert(
      fc.property(anyUrl, (tree) => deepEqual(bare(parseUrl(printUrl(tree), wide)), bare(tree))),
      { numRuns: 200 },
    );
  });
  it('holds nothing but what may stand in a URL', () => {
    fc.assert(
      fc.property(anyUrl, (tree) => /^[\w\-.~!$&'()*+,;=:@/?%]*$/.test(printUrl(tree))),
      { numRuns: 100 },
    );
  });

  const rows: readonly (readonly [url: string, printed: string])[] = [
    ['u?$filter=(a%20eq%201)%20and%20not(b)', 'u?$filter=a%20eq%201%20and%20not%20b'],
    ["u?filter=(a or b) and c in ('x',2)", "u?$filter=(a%20or%20b)%20and%20c%20in%20%5B'x',2%5D"],
    ['u?$filter=a sub (b sub c) sub d', 'u?$filter=a%20sub%20(b%20sub%20c)%20sub%20d'],
    ['u?$search=a b OR NOT "c d"', 'u?$search=a%20AND%20b%20OR%20NOT%20%22c%20d%22'],
    ['u(%27a%2Fb%27)', "u('a%2Fb')"],
  ];
  for (const [url, printed] of rows) it(`${url} is ${printed}`, () => equal(printUrl(parseUrl(url)), printed));

  const readable = (suite?.TestCases ?? []).filter(({ FailAt }) => FailAt === undefined);
  it('what the grammar suite accepts is printed as it was meant', function () {
    if (suite === null) this.skip();
    for (const { Rule, Input } of readable) {
      if (refusal(Rule, Input) !== null) continue;
      if (Rule === 'context') {
        const tree = parseContext(Input);
        equal(printContext(tree), Input);
      } else if (Rule === 'odataRelativeUri' || Rule === 'resourcePath') {
        const tree = parseUrl(Input);
        deepEqual(bare(parseUrl(printUrl(tree))), bare(tree), Input);
      } else if (/^(bool)?commonExpr$/i.test(Rule)) {
        const tree = parseExpression(Input);
        deepEqual(bare(parseExpression(printExpression(tree))), bare(tree), Input);
      } else if (/^(queryOptions|filter|expand|select|search|compute|order[bB]y)$/.test(Rule)) {
        const tree = parseUrl(`?${Input}`);
        deepEqual(bare(parseUrl(printUrl(tree))), bare(tree), Input);
      }
    }
  });
});
