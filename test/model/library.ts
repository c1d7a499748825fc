import { fileURLToPath } from 'node:url';
import type { AppOptions } from '../../src/index.js';
import { type Server, type StartOptions, startServer } from './serve.js';

/** The folder of the library: a second, different model with its data. */
export const libraryFolder = fileURLToPath(new URL('library', import.meta.url));

/** The library behind real HTTP, on a fresh database with its seed. */
export function startLibrary(options: StartOptions = {}, app: AppOptions = {}): Promise<Server> {
  return startServer({ folder: libraryFolder, ...options }, app);
}

/** The keys of the items of a collection answer. */
export function ids(json: { readonly value: readonly Record<string, unknown>[] }, key = 'ID'): readonly unknown[] {
  return json.value.map((item) => item[key]);
}
