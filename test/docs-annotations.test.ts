import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { valueTerms } from '../src/bind/validation.js';
import { rules } from '../src/service/capabilities.js';
import { bodyPromises } from '../src/service/capabilities-body.js';
import { queryRules } from '../src/service/capabilities-query.js';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const text = readFileSync(at('docs/annotations.md'), 'utf8');

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile() && entry.name.endsWith('.ts')) yield readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8');
}

/** The rows of the table under a heading, as their cells. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('docs/annotations.md', () => {
  it('lists the terms that the code looks at', () => {
    const looked = new Set(valueTerms);
    for (const source of files(at('src'))) {
      const prefixes = new Map(
        [...source.matchAll(/const (\w+) = '(Org\.OData\.\w+\.V1\.)'/g)].map(([, name = '', prefix = '']) => [
          name,
          prefix,
        ]),
      );
      for (const [term] of source.matchAll(/\bOrg\.OData\.(?:Core|Validation|Measures)\.V1\.\w+/g)) looked.add(term);
      for (const [, name = '', term = ''] of source.matchAll(/\$\{(\w+)\}([A-Z]\w+)/g))
        if (prefixes.has(name)) looked.add(`${prefixes.get(name)}${term}`);
    }
    // Written out, or looked at when a model is checked: nothing a request meets.
    const others = ['Org.OData.Core.V1.Description', 'Org.OData.Core.V1.RequiresType'];
    const names = [...looked]
      .filter((term) => !others.includes(term) && !/^Org\.OData\.(Capabilities|Aggregation)\./.test(term)) // of these tell docs/apply.md and the tables below
      .map((term) => term.replace(/^Org\.OData\.(\w+)\.V1/, '$1'));
    assert.deepEqual(
      rowsUnder('Values and types').map(([term]) => term),
      names.sort(),
    );
  });

  it('every one of them has a test', () => {
    const tests = [...files(at('test'))].join('\n');
    for (const [term = '', id = ''] of rowsUnder('Values and types'))
      assert.match(tests, new RegExp(`['\`](?:[^'\`\\n]* )?${id.replaceAll('.', '\\.')}[ ']`), term);
  });

  it('lists the promises about paths, options and bodies', () => {
    assert.deepEqual(
      rowsUnder('Capabilities of paths and methods'),
      rules.map(([promise, , methods, refusal]) => [promise, methods.join(' '), refusal]),
    );
    assert.deepEqual(
      rowsUnder('Capabilities of query options'),
      queryRules.map(([promise, option, refusal]) => [promise, option, refusal]),
    );
    assert.deepEqual(
      rowsUnder('Capabilities of bodies'),
      bodyPromises.map((promise) => [promise]),
    );
  });
});
