// Reads, links and checks a large model against the time the XML library needs to tokenise it, with what `npm run build` made:
// npx tsx bench/edm.ts [file]. Times are of the processor; the least of many runs is shown.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';

const built = (name: string) => new URL(`../dist/${name}`, import.meta.url).href;
const { openModel, writeJson, writeXml } = (await import(
  built('edm/index.js')
)) as typeof import('../src/edm/index.js');
const { createApp, createService, listen } = (await import(built('index.js'))) as typeof import('../src/index.js');

const file = process.argv[2] ?? fileURLToPath(new URL('../../shared/graph/v1.0-Prod.csdl', import.meta.url));
const text = readFileSync(file, 'utf8');
const size = statSync(file).size;

/** Milliseconds of one call, of all processors: what else the machine does does not count, what the garbage collector does counts. */
function time(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
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

/** The service of the model over HTTP, on a new database: when it answers first, and how long the first byte of `$metadata` takes. */
async function served(show: (name: string, value: number, unit: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edmund-bench-'));
  const start = performance.now();
  const service = await createService({ model: file, database: join(folder, 'bench.sqlite') });
  const { origin, close } = await listen(createApp(service), { port: 0 });
  try {
    const ask = (path: string) => fetch(`${origin}/${path}`, { headers: { 'accept-encoding': 'identity' } });
    const first = await ask(
      `${[...(service.model.container?.children.values() ?? [])].find(({ kind }) => kind === 'entitySet')?.name}?$top=1`,
    );
    await first.text();
    show('serve: start to first answer (goal: 10 s)', performance.now() - start, `ms, ${first.status}`);
    const asked = performance.now();
    const metadata = await ask('$metadata');
    show('serve: first byte of $metadata (goal: 5 ms)', performance.now() - asked, 'ms');
    await metadata.text();
  } finally {
    await close();
    await service.close();
    rmSync(folder, { recursive: true });
  }
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
  const runs = Array.from({ length: 30 }, () => [time(tokenise), time(read)] as const);
  const least = (index: 0 | 1): number => Math.min(...runs.map((run) => run[index]));
  const { model } = openModel({ file, text });
  const show = (name: string, value: number, unit: string) =>
    console.log(`${name.padEnd(44)}${value.toFixed(2).padStart(10)} ${unit}`);
  show('file', size / 1e6, 'MB');
  show('first run: tokenise', first[0] ?? 0, 'ms');
  show('first run: read, link, check', first[1] ?? 0, 'ms');
  show('tokenise (least of 30)', least(0), 'ms');
  show('read, link, check (least of 30, interleaved)', least(1), 'ms');
  show('ratio (goal: at most 3)', least(1) / least(0), 'x');
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
  await served(show);
  const flags = ['--import', 'tsx'];
  const grown = execFileSync(process.execPath, [...flags, fileURLToPath(import.meta.url), file, 'memory'], {
    encoding: 'utf8',
  });
  show('memory: peak growth of the process / file', Number(grown), 'x');
}
