// Reads, links and checks a large model against the time the XML library needs to tokenise it: npx tsx bench/edm.ts [file]
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';
import { openModel, writeJson, writeXml } from '../src/edm/index.js';

const file = process.argv[2] ?? fileURLToPath(new URL('../../shared/graph/v1.0-Prod.csdl', import.meta.url));
const text = readFileSync(file, 'utf8');
const size = statSync(file).size;

/** Milliseconds of one call. */
function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The bare library: every tag, attribute and text is reported, nothing is kept. */
function tokenise(): void {
  const parser = new SaxesParser({ xmlns: false });
  let tags = 0;
  parser.on('opentag', () => {
    tags++;
  });
  parser.on('text', () => {});
  parser.write(text).close();
  if (tags === 0) throw new Error('no tags');
}

const read = (): void => {
  openModel({ file, text });
};

if (process.argv[3] === 'memory') {
  const before = process.memoryUsage().rss;
  openModel({ file, text });
  console.log(String((process.resourceUsage().maxRSS * 1024 - before) / size));
} else {
  const first = [time(tokenise), time(read)];
  const runs = Array.from({ length: 10 }, () => [time(tokenise), time(read)] as const);
  const median = (index: 0 | 1): number => runs.map((run) => run[index]).sort((a, b) => a - b)[5] ?? 0;
  const { model } = openModel({ file, text });
  const show = (name: string, value: number, unit: string) =>
    console.log(`${name.padEnd(44)}${value.toFixed(2).padStart(10)} ${unit}`);
  show('file', size / 1e6, 'MB');
  show('first run: tokenise', first[0] ?? 0, 'ms');
  show('first run: read, link, check', first[1] ?? 0, 'ms');
  show('tokenise (median of 10)', median(0), 'ms');
  show('read, link, check (median of 10, interleaved)', median(1), 'ms');
  show('ratio (goal: at most 3)', median(1) / median(0), 'x');
  if (model !== null) {
    show(
      'write XML',
      time(() => writeXml(model, { version: '4.01' })),
      'ms',
    );
    show(
      'write XML 4.0',
      time(() => writeXml(model, { version: '4.0' })),
      'ms',
    );
    show(
      'write JSON',
      time(() => writeJson(model, { version: '4.01' })),
      'ms',
    );
  }
  const flags = ['--import', 'tsx'];
  const grown = execFileSync(process.execPath, [...flags, fileURLToPath(import.meta.url), file, 'memory'], {
    encoding: 'utf8',
  });
  show('memory: peak growth of the process / file', Number(grown), 'x');
}
