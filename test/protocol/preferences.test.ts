import assert from 'node:assert/strict';
import {
  type Preferences,
  parsePreferences,
  wantsAnnotation,
  writePreferencesApplied,
} from '../../src/protocol/index.js';

const nothing: Preferences = {
  return: null,
  handling: null,
  maxPageSize: null,
  omitValues: null,
  includeAnnotations: null,
  allowEntityReferences: false,
  continueOnError: null,
  respondAsync: false,
  wait: null,
  trackChanges: false,
  callback: null,
};

const rows: readonly [prefer: string | undefined, expected: Partial<Preferences>][] = [
  [undefined, {}],
  ['', {}],
  ['colour=red, nonsense; a=b', {}],
  ['return=minimal', { return: 'minimal' }],
  ['RETURN=Representation', { return: 'representation' }],
  ['return="minimal"', { return: 'minimal' }],
  ['return=all', {}],
  ['odata.return=minimal', {}],
  ['return=minimal, return=representation', { return: 'minimal' }],
  ['handling=strict', { handling: 'strict' }],
  ['odata.maxpagesize=5', { maxPageSize: 5 }],
  ['maxpagesize = 7 ', { maxPageSize: 7 }],
  ['odata.maxpagesize=5, maxpagesize=6', { maxPageSize: 6 }],
  ['maxpagesize=0', {}],
  ['maxpagesize=-1', {}],
  ['maxpagesize=1e3', {}],
  ['maxpagesize=99999999999999999999', {}],
  ['omit-values=nulls', { omitValues: 'nulls' }],
  ['omit-values=defaults', { omitValues: 'defaults' }],
  ['allow-entityreferences', { allowEntityReferences: true }],
  ['odata.allow-entityreferences', { allowEntityReferences: true }],
  ['odata.continue-on-error', { continueOnError: true }],
  ['continue-on-error=false', { continueOnError: false }],
  ['continue-on-error=perhaps', {}],
  ['respond-async, wait=10', { respondAsync: true, wait: 10 }],
  ['odata.track-changes', { trackChanges: true }],
  ['callback; url="https://example.org/a,b;c"', { callback: 'https://example.org/a,b;c' }],
  ['odata.callback;url="https://example.org/"', { callback: 'https://example.org/' }],
  [
    'include-annotations="*,-display.*,display.x#q"',
    {
      includeAnnotations: [
        { excluded: false, name: '*', qualifier: null },
        { excluded: true, name: 'display.*', qualifier: null },
        { excluded: false, name: 'display.x', qualifier: 'q' },
      ],
    },
  ],
  [
    'return=minimal,odata.include-annotations="*"',
    { return: 'minimal', includeAnnotations: [{ excluded: false, name: '*', qualifier: null }] },
  ],
];

const wanted: readonly [patterns: string, term: string, qualifier: string | null, expected: boolean][] = [
  ['*', 'a.b', null, true],
  ['-*', 'a.b', null, false],
  ['a.*', 'a.b', null, true],
  ['a.*', 'a.b.c', null, true],
  ['a.*', 'ab.c', null, false],
  ['*,-a.*', 'a.b', null, false],
  ['-a.*,*', 'a.b', null, false],
  ['*,-a.*,a.b', 'a.b', null, true],
  ['-a.*,a.b.*', 'a.b.c', null, true],
  ['a.b#q', 'a.b', null, false],
  ['a.b#q', 'a.b', 'q', true],
  ['a.b,-a.b#q', 'a.b', 'q', false],
  ['', 'a.b', null, false],
];

const applied: readonly [applied: Partial<Preferences>, version: '4.0' | '4.01', expected: string | null][] = [
  [{}, '4.0', null],
  [{ return: 'minimal' }, '4.0', 'return=minimal'],
  [{ maxPageSize: 5 }, '4.0', 'odata.maxpagesize=5'],
  [{ maxPageSize: 5, return: 'representation' }, '4.01', 'maxpagesize=5, return=representation'],
  [{ trackChanges: true, respondAsync: true }, '4.01', 'respond-async, track-changes'],
  [{ omitValues: 'nulls', handling: 'strict' }, '4.01', 'handling=strict, omit-values=nulls'],
  [
    { continueOnError: true, allowEntityReferences: true, callback: 'https://x.example/', wait: 3 },
    '4.01',
    'allow-entityreferences, callback, continue-on-error=true, wait=3',
  ],
  [
    { includeAnnotations: [{ excluded: true, name: 'a.*', qualifier: 'q' }] },
    '4.0',
    'odata.include-annotations="-a.*#q"',
  ],
];

describe('protocol: preferences', () => {
  for (const [prefer, expected] of rows)
    it(`${prefer}`, () => assert.deepEqual(parsePreferences({ prefer }), { ...nothing, ...expected }));
  for (const [patterns, term, qualifier, expected] of wanted)
    it(`P8.2.8.4-2 include-annotations="${patterns}" ${expected ? 'wants' : 'does not want'} ${term}#${qualifier}`, () => {
      const { includeAnnotations } = parsePreferences({ prefer: `include-annotations="${patterns}"` });
      assert.equal(wantsAnnotation(includeAnnotations ?? [], term, qualifier), expected);
    });
  for (const [preferences, version, expected] of applied)
    it(`applied in ${version}: ${expected}`, () =>
      assert.equal(writePreferencesApplied(preferences, version), expected));
});
