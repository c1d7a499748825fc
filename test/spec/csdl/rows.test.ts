import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const digest = `${root}../shared/spec/csdl.md`;

describe('CSDL: every requirement has a test or a reason', () => {
  if (!existsSync(digest)) {
    it.skip('the digest of the standard is not here');
    return;
  }
  const required = [...readFileSync(digest, 'utf8').matchAll(/^- \[MUST\] (C[\d.]+-\d+):/gm)].map(([, id]) => id ?? '');
  const tests = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('rows.test.ts'),
  );
  const cited = new Set(
    tests.flatMap((name) =>
      [...readFileSync(`${root}test/${name}`, 'utf8').matchAll(/\bC\d[\d.]*-\d+/g)].map(([id]) => id),
    ),
  );
  const reasons: Readonly<Record<string, readonly string[]>> = JSON.parse(
    readFileSync(`${root}test/spec/exceptions.json`, 'utf8'),
  );
  const excused = new Set(Object.values(reasons).flat());

  it('none is forgotten', () =>
    assert.deepEqual(
      required.filter((id) => !cited.has(id) && !excused.has(id)),
      [],
    ));
  it('no reason is left over', () =>
    assert.deepEqual(
      required.filter((id) => cited.has(id) && excused.has(id)),
      [],
    ));
});
