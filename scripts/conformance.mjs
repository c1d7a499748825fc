// Which required rows of the standard's digest have a test that cites them: `npm run conformance`. Writes docs/conformance.md.
// The rows' ids are data in test/spec/rows.json; where the digest lies beside the project they are read from it anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const documents = {
  protocol: 'Protocol',
  'json-format': 'JSON Format',
  'url-conventions': 'URL Conventions',
  csdl: 'CSDL',
  aggregation: 'Data Aggregation',
  'repeatable-requests': 'Repeatable Requests',
};
const rowId = /[PJUCR]\d[\d.]*-\d+[a-z]?|AG\d{3}/;

/** The required rows of a document, in its order. */
function required(name) {
  const text = readFileSync(at(`../shared/spec/${name}.md`), 'utf8');
  const rows = text.split('\n').filter((line) => /^- /.test(line) && line.includes('[MUST]'));
  return rows.flatMap((line) => line.match(rowId)?.[0] ?? []);
}

if (existsSync(at('../shared/spec')))
  writeFileSync(
    at('test/spec/rows.json'),
    `${JSON.stringify(Object.fromEntries(Object.keys(documents).map((name) => [name, required(name)])), null, 1)}\n`,
  );
const rows = JSON.parse(readFileSync(at('test/spec/rows.json'), 'utf8'));
/** Ids without a test, and why: `{ "reason": ["P1-1"] }`. */
const reasons = JSON.parse(readFileSync(at('test/spec/exceptions.json'), 'utf8'));
const excused = new Map(Object.entries(reasons).flatMap(([reason, ids]) => ids.map((id) => [id, reason])));

function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* testFiles(path);
    else if (entry.name.endsWith('.ts') && path !== at('test/spec/csdl/rows.test.ts')) yield path; // that one lists what has no test
  }
}
const cited = new Set();
const anyId = new RegExp(`\\b(?:${rowId.source})\\b`, 'g');
for (const file of testFiles(at('test'))) for (const [id] of readFileSync(file, 'utf8').matchAll(anyId)) cited.add(id);

const lines = [
  '# Conformance',
  '',
  'Required rows ("MUST") of our digest of each document, and how many are cited by a test. Written by `npm run conformance`.',
  '',
  '| document | required rows | cited by a test | excused | open |',
  '|---|---|---|---|---|',
];
const open = [];
for (const [name, title] of Object.entries(documents)) {
  const ids = rows[name];
  const tested = ids.filter((id) => cited.has(id));
  const known = ids.filter((id) => !cited.has(id) && excused.has(id));
  const left = ids.filter((id) => !cited.has(id) && !excused.has(id));
  lines.push(`| ${title} | ${ids.length} | ${tested.length} | ${known.length} | ${left.length} |`);
  if (left.length > 0) open.push(`- ${title}: ${left.join(', ')}`);
}
console.log(lines.slice(4).join('\n'));
lines.push('', '## Excused', '', ...Object.entries(reasons).map(([reason, ids]) => `- ${reason}: ${ids.join(', ')}`));
lines.push('', '## Open', '', ...open, '');
writeFileSync(at('docs/conformance.md'), lines.join('\n'));
