import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const digest = `${root}../shared/spec/csdl.md`;

/** Requirements that the tests of the model do not cite, and why. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'serving $metadata over HTTP, tested with the service': ['C2-1', 'C2-2', 'C2-6', 'C3-1'],
  'data and payloads, tested where they are written and read': [
    'C3-4',
    'C3.2-1',
    'C3.3-2',
    'C3.3-4',
    'C6.5-9',
    'C7.2-1',
    'C7.2.1-1',
    'C7.2.3-3',
    'C7.2.4-2',
    'C7.2.4-3',
    'C8.3-4',
    'C8.4-2',
    'C8.4-6',
    'C8.5-5',
    'C8.6-3',
    'C8.6-4',
    'C10-3',
    'C10.3-4',
    'C12.1-1',
    'C12.5-2',
    'C12.6-2',
    'C12.8-3',
    'C13.4-2',
    'C13.4.1-4',
    'C14-1',
    'C14-3',
    'C17-1',
  ],
  'evaluation of paths is the consumer’s; they are kept as written': [
    'C14.2-6',
    'C14.4.1.1-1',
    'C14.4.1.1-2',
    'C14.4.1.1-3',
    'C14.4.1.1-4',
    'C14.4.1.1-5',
    'C14.4.1.1-6',
    'C14.4.1.1-7',
    'C14.4.1.2-1',
  ],
  'not supported: a key part of a related entity is refused as key-path': ['C6.5-6'],
  'implemented, without a test of its own yet': [
    'C4.2-5',
    'C8.4-7',
    'C13.1-2',
    'C14.1.2-2',
    'C14.1.2-3',
    'C14.2-5',
    'C14.4.1.1-8',
    'C15.3-1',
  ],
};

describe('CSDL: every requirement has a test or a reason', () => {
  if (!existsSync(digest)) {
    it.skip('the digest of the standard is not here');
    return;
  }
  const required = [...readFileSync(digest, 'utf8').matchAll(/^- \[MUST\] (C[\d.]+-\d+):/gm)].map(([, id]) => id ?? '');
  const folder = `${root}test/edm/`;
  const tests = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'));
  const cited = new Set(tests.flatMap((text) => [...text.matchAll(/C\d[\d.]*-\d+/g)].map(([id]) => id)));
  const excused = new Set(Object.values(elsewhere).flat());
  it('none is forgotten', () =>
    assert.deepEqual(
      required.filter((id) => !cited.has(id) && !excused.has(id)),
      [],
    ));
  it('no reason is left over', () =>
    assert.deepEqual(
      [...excused].filter((id) => !required.includes(id) || cited.has(id)),
      [],
    ));
});
