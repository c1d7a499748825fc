import fc from 'fast-check';
import { open } from '../model/inline.js';
import { ask } from './ask.js';
import { data, model } from './data.js';
import { load } from './load.js';
import { questions } from './questions.js';

const seed = Number(process.argv[2] ?? 1);
const runs = Number(process.argv[3] ?? 500);
const [made] = fc.sample(data(25), { seed, numRuns: 1 });
if (made === undefined) throw new Error('no data');
const world = await open(model, { settings: { pageSize: 1000, maxPageSize: 1000 } });
await load(made, world);
console.log('loaded', [...made.sets].map(([n, s]) => `${n} ${s.length}`).join(' '));
const counts: Record<string, number> = {};
const texts = new Map<string, [number, string]>();
const start = performance.now();
for (const question of fc.sample(questions(made), { seed, numRuns: runs })) {
  let verdict: { kind: string; text: string };
  try {
    verdict = await ask(question, made, world);
  } catch (error) {
    verdict = { kind: 'crash', text: String(error instanceof Error ? error.message : error) };
  }
  counts[verdict.kind] = (counts[verdict.kind] ?? 0) + 1;
  if (verdict.kind === 'agree' || verdict.kind === 'undefined') continue;
  const key = `${verdict.kind} ${verdict.text
    .replace(/\/\d+/g, '')
    .replace(/'[^']*'|\d+/g, '…')
    .slice(0, 70)}`;
  const [n, shortest] = texts.get(key) ?? [0, ''];
  const line = `${verdict.text.slice(0, 400)}\n      ${decodeURI(question.url)} ${question.pageSize ?? ''}`;
  texts.set(key, [n + 1, shortest === '' || line.length < shortest.length ? line : shortest]);
}
console.log(counts, `${((performance.now() - start) / runs).toFixed(1)} ms each`);
for (const [key, [n, line]] of [...texts].sort((a, b) => b[1][0] - a[1][0]).slice(0, 40))
  console.log(n, key.split(' ')[0], line);
await world.close();
