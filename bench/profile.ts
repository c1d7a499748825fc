// The profile service beside a hand-written koa + better-sqlite3 endpoint that does only this, interleaved: npx tsx bench/profile.ts [rounds]

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import Koa from 'koa';
import { createApp, createService, listen } from '../src/index.js';

const rounds = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'edmund-bench-'));
const file = join(folder, 'profile.sqlite');
const user = '00aa0000-0000-4000-8000-000000000001';
const table = 'user_profile_skills';

const service = await createService({
  folder: fileURLToPath(new URL('..', import.meta.url)),
  database: file,
  settings: { typeAnnotations: 'always' },
});
const ours = await listen(createApp(service, { root: '/beta' }), { port: 0 });

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** One request over a connection that stays open; gives the length of the answer. */
function ask(method: string, url: string, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, agent, headers }, (reply) => {
      let size = 0;
      reply.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      reply.on('end', () =>
        reply.statusCode === 200 || reply.statusCode === 201
          ? resolve(size)
          : reject(new Error(`${method} ${url}: ${reply.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

for (let index = 0; index < 60; index++)
  await ask(
    'POST',
    `${ours.origin}/beta/user/${user}/profile/skills`,
    JSON.stringify({ displayName: `Skill ${index}`, categories: ['a', 'b'] }),
  );

/** The same rows by hand: prepared statements, objects, JSON.stringify; durable like the service. */
const database = new Database(file);
database.pragma('synchronous = full');
interface Stored {
  readonly [column: string]: unknown;
}
const levels = ['elementary', 'limitedWorking', 'generalProfessional', 'advancedProfessional', 'expert'];
const audiences = new Map([
  [0, 'me'],
  [8, 'organization'],
  [32, 'everyone'],
  [10, 'contacts,organization'],
]);
const shown = (row: Stored) => ({
  '@odata.type': '#Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models.skillProficiency',
  '@odata.etag': `W/"${row['@version']}"`,
  id: row.id,
  allowedAudiences: audiences.get(Number(row.allowedAudiences)) ?? null,
  createdBy: JSON.parse(String(row.createdBy)),
  createdDateTime: row.createdDateTime,
  inference:
    row['@inference'] === 1
      ? {
          confidenceScore: row.inference_confidenceScore,
          userHasVerifiedAccuracy: row.inference_userHasVerifiedAccuracy === 1,
        }
      : null,
  lastModifiedBy: JSON.parse(String(row.lastModifiedBy)),
  lastModifiedDateTime: row.lastModifiedDateTime,
  source: row['@source'] === 1 ? { type: row.source_type } : null,
  categories: JSON.parse(String(row.categories)),
  collaborationTags: JSON.parse(String(row.collaborationTags)),
  displayName: row.displayName,
  proficiency: row.proficiency === null ? null : levels[Number(row.proficiency)],
  webUrl: row.webUrl,
});
const byKey = database.prepare<[string, string], Stored>(`select * from "${table}" where "@user_id" = ? and id = ?`);
const page = database.prepare<[string], Stored>(
  `select * from "${table}" where "@user_id" = ? order by displayName, id limit 50`,
);
const update = database.prepare(
  `update "${table}" set displayName = ?, lastModifiedDateTime = ?, "@version" = "@version" + 1 where "@user_id" = ? and id = ?`,
);
const koa = new Koa();
koa.use(async (ctx) => {
  const [, , id, , , item] = ctx.path.slice(1).split('/');
  if (ctx.method === 'PATCH') {
    let text = '';
    for await (const chunk of ctx.req) text += chunk;
    update.run(JSON.parse(text).displayName, new Date().toISOString(), id, item);
  }
  const found = item === undefined ? page.all(String(id)).map(shown) : byKey.get(String(id), item);
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(Array.isArray(found) ? { value: found } : found === undefined ? null : shown(found));
});
const theirs = koa.listen(0, '127.0.0.1');
await once(theirs, 'listening');
const other = `http://127.0.0.1:${(theirs.address() as AddressInfo).port}`;

const item = String(database.prepare(`select id from "${table}" where "@user_id" = ? limit 1`).pluck().get(user));
const path = `/beta/user/${user}/profile/skills`;
let turn = 0;
const loads: readonly [name: string, count: number, run: (origin: string) => Promise<number>][] = [
  ['read by key', 200, (origin) => ask('GET', `${origin}${path}/${item}`)],
  ['page of 50', 60, (origin) => ask('GET', `${origin}${path}?$top=50&$orderby=displayName`)],
  ['PATCH', 60, (origin) => ask('PATCH', `${origin}${path}/${item}`, JSON.stringify({ displayName: `n${turn++}` }))],
];

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
console.log('microseconds a request over loopback, median of rounds, and the ratio to the hand-written endpoint');
for (const [name, count, run] of loads) {
  const times: [number[], number[]] = [[], []];
  for (let round = -2; round < rounds; round++)
    for (const [index, origin] of [ours.origin, other].entries()) {
      const start = performance.now();
      for (let done = 0; done < count; done++) await run(origin);
      if (round >= 0) times[index]?.push(((performance.now() - start) / count) * 1000);
    }
  const [own, hand] = [median(times[0]), median(times[1])];
  console.log(
    `${name.padEnd(14)} ${own.toFixed(0).padStart(6)} ${hand.toFixed(0).padStart(6)}   ${(own / hand).toFixed(2)}`,
  );
}

agent.destroy();
theirs.close();
database.close();
await ours.close();
await service.close();
rmSync(folder, { recursive: true });
