import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('the demo population', () => {
  it('is what the generator writes, every time', async () => {
    const { seed } = await import(at('scripts/seed.mjs'));
    assert.equal(readFileSync(at('db/seed/user.json'), 'utf8'), seed);
  });
  it('is of at least 200 users with filled profiles', () => {
    const { value } = JSON.parse(readFileSync(at('db/seed/user.json'), 'utf8'));
    assert.ok(value.length >= 200);
    for (const { profile } of value) assert.ok(Object.keys(profile).length >= 12);
  });
});
