import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindEntity, type EntityChange } from '../bind/index.js';
import type { EntitySet, Singleton } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, parseJson } from '../payload/index.js';
import { unrestricted } from '../plan/index.js';
import { type Applying, Written } from './applying.js';
import { insertEntity } from './insert.js';
import { tableOf } from './locate.js';
import type { Engine } from './service.js';

const limits = { depth: 100, nodes: 10_000_000 };

/**
 * Loads first data from a folder: `<set>.json` with `{"value": […]}`, `<singleton>.json` with one entity, related ones nested.
 * All of it in one transaction, in the order of the container. Gives the number of entities; throws for what does not fit.
 */
export async function loadSeed(folder: string, engine: Engine): Promise<number> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  const children = [...(engine.model.container?.children.values() ?? [])].filter(holdsEntities);
  const unknown = files.find((file) => !children.some(({ name }) => `${name}.json` === file));
  if (unknown !== undefined)
    throw new ODataError('ResourceNotFound', `Seed file '${unknown}' names no entity set or singleton.`, unknown);
  const present = children.filter(({ name }) => files.includes(`${name}.json`));
  if (present.length === 0) return 0;
  return engine.store.transaction(async (session) => {
    const applying = {
      engine,
      session,
      occasion: seedOccasion,
      origin: { base: 'seed:/', url: '' },
      restriction: unrestricted,
      seeding: true,
      firstVersion: 1n,
      written: new Written(),
      bodyETags: false,
      request: null,
    };
    const items = present.flatMap((source) => itemsOf(readSeed(folder, source), source, engine));
    await insertAll(items, applying);
    return items.length;
  });
}

interface SeedItem {
  readonly source: EntitySet | Singleton;
  readonly index: number;
  readonly change: EntityChange;
}

/** References may lead to what stands further down: what finds nothing is tried again when the rest is there. */
async function insertAll(items: readonly SeedItem[], applying: Applying): Promise<void> {
  const { session, engine } = applying;
  let waiting = items;
  while (waiting.length > 0) {
    const late: SeedItem[] = [];
    let failure: unknown = null;
    for (const item of waiting) {
      await session.run({ text: 'savepoint seed', values: [] });
      try {
        await insertEntity(
          { ...applying, written: new Written() },
          tableOf(item.source, engine.layout),
          item.change,
          new Map(),
        );
      } catch (error) {
        if (!(error instanceof ODataError) || error.code !== 'ReferenceNotFound')
          throw told(error, item.source, item.index);
        await session.run({ text: 'rollback to seed', values: [] });
        failure = told(error, item.source, item.index);
        late.push(item);
      }
      await session.run({ text: 'release seed', values: [] });
    }
    if (late.length === waiting.length) throw failure;
    waiting = late;
  }
}

function readSeed(folder: string, source: EntitySet | Singleton): JsonNode {
  return parseJson(readFileSync(join(folder, `${source.name}.json`)), limits);
}

/** Seed data states what the service would make; what it leaves out is the same every time. */
const seedOccasion = {
  now: '2024-01-01T00:00:00.0000000Z',
  callerId: null,
  callerName: null,
  callerApplication: null,
  newId: () => globalThis.crypto.randomUUID(),
};

function bodyContext(engine: Engine, source: EntitySet | Singleton) {
  const { model } = engine;
  const purpose = 'insert' as const;
  return {
    model,
    type: source.type,
    purpose,
    version: '4.01' as const,
    strict: false,
    ieee754Compatible: false,
    seeding: true,
  };
}

function holdsEntities(child: { readonly kind: string }): child is EntitySet | Singleton {
  return child.kind === 'entitySet' || child.kind === 'singleton';
}

function itemsOf(node: JsonNode, source: EntitySet | Singleton, engine: Engine): readonly SeedItem[] {
  const value = node.kind === 'object' ? node.members.get('value') : undefined;
  const nodes = source.kind === 'singleton' ? [node] : value?.kind === 'array' ? value.items : null;
  if (nodes === null)
    throw new ODataError('MalformedBody', `Seed file '${source.name}.json' should be an object with an array 'value'.`);
  return nodes.map((item, index) => {
    try {
      return { source, index, change: bindEntity(item, bodyContext(engine, source)) };
    } catch (error) {
      throw told(error, source, index);
    }
  });
}

/** Tells which item of which file is wrong. */
function told(error: unknown, source: EntitySet | Singleton, index: number): unknown {
  if (!(error instanceof ODataError)) return error;
  const problems = [error, ...error.details].map(({ target, message }) => `${target ?? ''} ${message}`).join('; ');
  const told = new ODataError(error.code, `Seed file '${source.name}.json', item ${index}: ${problems}`);
  told.cause = error;
  return told;
}
