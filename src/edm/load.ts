import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Source } from './element.js';
import type { Model } from './model.js';
import type { Problem } from './problem.js';
import { type Opened, openModel, readModel } from './read.js';

/** Reads a model from disk, with the documents it refers to beside it. Throws InvalidModel; a missing file is an error of the file system. */
export function loadModel(path: string): Model {
  return readModel(fileSource(path), { resolve: beside });
}

/** Like `loadModel`, but gives the problems instead of throwing. */
export function openFile(path: string): Opened {
  return openModel(fileSource(path), { resolve: beside });
}

/** Everything that is wrong with a file and what it refers to, for `edmund check`. */
export function checkFile(path: string): readonly Problem[] {
  return openFile(path).problems;
}

function fileSource(path: string): Source {
  return { file: normalize(path), text: readFileSync(path, 'utf8') };
}

/** Relative references lie beside the document; nothing is ever fetched (CSDL 4.1). */
function beside(uri: string, from: string): Source | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) || uri.startsWith('//')) return null;
  const path = join(dirname(from), unescaped(uri.replace(/[?#].*$/, '')));
  return existsSync(path) ? fileSource(path) : null;
}

function unescaped(uri: string): string {
  try {
    return decodeURI(uri);
  } catch {
    return uri;
  }
}
