import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declaredNames } from './world.js';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Words that the engine needs for itself; none of them is there because the profile has it. */
const ordinary: Readonly<Record<string, readonly string[]>> = {
  'terms of the standards': [
    'entity',
    'service',
    'source',
    'identity',
    'content',
    'contentType',
    'relationship',
    'parent',
    'family',
  ],
  'words of the language and of its libraries': [
    'number',
    'unknown',
    'suffix',
    'middle',
    'address',
    'application',
    'client',
  ],
  'coordinates of GeoJSON': ['longitude', 'latitude', 'altitude'],
  'names in the engine': ['detail', 'positions', 'reading', 'written', 'location', 'description'],
};

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (name.endsWith('.ts')) yield path;
  }
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');

describe('the engine knows nothing of the profile', () => {
  it('has none of its identifiers of six or more letters', () => {
    const allowed = new Set(Object.values(ordinary).flat());
    const names = new Set([...declaredNames()].filter((name) => name.length >= 6 && !allowed.has(name)));
    assert.ok(names.size > 150, 'the model was read');
    const found: string[] = [];
    for (const file of files(src)) {
      if (file.endsWith('/profile.ts')) continue;
      for (const [word] of withoutComments(readFileSync(file, 'utf8')).matchAll(/[A-Za-z_]\w*/g))
        if (names.has(word)) found.push(`${word} in ${file.slice(src.length)}`);
    }
    assert.deepEqual(found, []);
  });
});
