import { deepEqual, equal, ok } from 'node:assert/strict';
import { suite } from './grammar-cases.js';
import { refusal, rules } from './grammar-rules.js';

/** What the suite accepts and we refuse, with the sentence of the standard that says so. */
const exceptions: Readonly<Record<string, string>> = {
  '1972-06-30T23:59:60Z': 'CSDL 3.3: Edm.DateTimeOffset has no leap seconds',
  '0000-01-01T00:00Z': 'CSDL 3.3: the supported date range is service-specific; here it is the years 0001 to 9999',
  '-10000-04-01T00:00Z': 'CSDL 3.3: the supported date range is service-specific; here it is the years 0001 to 9999',
  '$format=json&$Format=atom&$format=xml&$format=text/html':
    'URL 5.1: the same system query option must not be specified more than once for any resource',
  '$format=JSON&$format=Atom&$format=XML&$format=text/html':
    'URL 5.1: the same system query option must not be specified more than once for any resource',
};

describe('url: the grammar suite of the standard (U1-5)', function () {
  if (suite === null) {
    it('skipped: ../shared/abnf is not there');
    return;
  }
  this.timeout(20_000);
  const cases = suite.TestCases;

  it('every rule of the suite is read by some room', () => {
    deepEqual(
      [...new Set(cases.map(({ Rule }) => Rule))].filter((rule) => rules[rule] === undefined),
      [],
    );
  });
  for (const [index, { Name, Rule, Input, FailAt }] of cases.entries()) {
    const reason = FailAt === undefined ? exceptions[Input] : undefined;
    const title = `${index} ${Rule} ${FailAt === undefined && reason === undefined ? 'accepts' : 'refuses'} ${Name}`;
    it(reason === undefined ? title : `${title} (${reason})`, () => {
      const refused = refusal(Rule, Input);
      equal(refused === null, FailAt === undefined && reason === undefined, refused?.message ?? 'accepted');
    });
  }
  it('exceptions are cases of the suite', () => {
    const accepted = new Set(cases.filter(({ FailAt }) => FailAt === undefined).map(({ Input }) => Input));
    deepEqual(
      Object.keys(exceptions).filter((input) => !accepted.has(input)),
      [],
    );
  });
  it('at least nine of ten refusals name the offset of the suite', () => {
    const negative = cases.filter(({ FailAt }) => FailAt !== undefined);
    const same = negative.filter(({ Rule, Input, FailAt }) => refusal(Rule, Input)?.at === FailAt);
    ok(same.length >= 0.9 * negative.length, `${same.length} of ${negative.length}`);
  });
});
