import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindEntity } from '../bind/index.js';
import type { EntitySet, Singleton } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, parseJson } from '../payload/index.js';
import { unrestricted } from '../plan/index.js';
import { insertEntity } from './apply.js';
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
      base: 'seed:/',
      restriction: unrestricted,
      seeding: true,
      firstVersion: 1n,
    };
    let count = 0;
    for (const source of present) {
      const items = itemsOf(parseJson(readFileSync(join(folder, `${source.name}.json`)), limits), source);
      for (const [index, node] of items.entries()) {
        const change = named(source, index, () => bindEntity(node, bodyContext(engine, source)));
        await insertEntity(applying, tableOf(source, engine.layout), change, new Map());
      }
      count += items.length;
    }
    return count;
  });
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

function itemsOf(node: JsonNode, source: EntitySet | Singleton): readonly JsonNode[] {
  if (source.kind === 'singleton') return [node];
  const value = node.kind === 'object' ? node.members.get('value') : undefined;
  if (value?.kind === 'array') return value.items;
  throw new ODataError('MalformedBody', `Seed file '${source.name}.json' should be an object with an array 'value'.`);
}

/** Tells which item of which file is wrong. */
function named<T>(source: EntitySet | Singleton, index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ODataError)) throw error;
    const problems = [error, ...error.details].map(({ target, message }) => `${target ?? ''} ${message}`).join('; ');
    throw new ODataError(error.code, `Seed file '${source.name}.json', item ${index}: ${problems}`);
  }
}
