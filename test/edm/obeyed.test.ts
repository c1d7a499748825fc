import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInNamespaces, builtInText, isObeyed, obeyed } from '../../src/edm/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('obeyed.ts'))
  .map((name) => readFileSync(`${root}src/${name}`, 'utf8'))
  .join('\n');

/** Terms whose names mean something else in the program, or stand in what it writes. */
const homonyms: ReadonlySet<string> = new Set([
  'Org.OData.JSON.V1.Schema',
  'Org.OData.Core.V1.AnyStructure',
  'Org.OData.Capabilities.V1.SupportedFormats', // a member of BatchSupport
]);

/** The name in quotes, behind a vocabulary, or as a member of a table of rules. */
const isNamed = (term: string): boolean =>
  new RegExp(`['"\`}.]${term}['"\`]|\\b${term}: (?=[\\[({'"\\w])`).test(sources);

describe('edm: annotations that are obeyed', () => {
  for (const [vocabulary, terms] of Object.entries(obeyed)) {
    const text = builtInText(vocabulary)?.text ?? '';
    for (const term of terms)
      it(`${vocabulary}.${term} is a term, and the program asks for it`, () => {
        assert.ok(text.includes(`<Term Name="${term}"`));
        assert.ok(isObeyed(`${vocabulary}.${term}`) && isNamed(term));
      });
  }

  it('no other term is asked for', () => {
    const names = [...builtInNamespaces()].flatMap((vocabulary) =>
      [...(builtInText(vocabulary)?.text ?? '').matchAll(/<Term Name="(\w+)"/g)].map(([, term]) => [
        vocabulary,
        term ?? '',
      ]),
    );
    assert.ok(names.length > 100);
    const unlisted = names
      .filter(([vocabulary, term]) => isNamed(term ?? '') && !isObeyed(`${vocabulary}.${term}`))
      .map((name) => name.join('.'));
    assert.deepEqual(
      unlisted.filter((name) => !homonyms.has(name)),
      [],
    );
  });

  it('docs/terms.md tells of each, and of no other', () => {
    const page = readFileSync(`${root}docs/terms.md`, 'utf8');
    const told = page.split('\n').flatMap((line) => {
      const [, first = ''] = line.startsWith('| `') ? line.split('|') : [];
      return [...first.matchAll(/`(\w+)`/g)].map(([, term]) => term);
    });
    assert.deepEqual([...told].sort(), Object.values(obeyed).flat().sort());
  });
});
