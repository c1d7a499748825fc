import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ODataError } from '../errors.js';

/** Bytes of one part of a stream, in the database and in memory. */
export const partSize = 256 * 1024;
/** Bytes that are kept in memory until it is known what becomes of them. */
const inMemory = 4 * partSize;

/** A stream that has arrived, ready to be read in parts, once or more. */
export interface Spooled {
  readonly size: number;
  parts(): AsyncIterable<Uint8Array>;
  /** Lets go of it. */
  dispose(): Promise<void>;
}

/**
 * Takes in a stream before the database is asked: a slow sender keeps no writer waiting. Small ones stay in memory, others
 * go to a file. Throws BodyTooLarge beyond `limit` bytes.
 */
export async function spool(source: Uint8Array | AsyncIterable<Uint8Array>, limit: number): Promise<Spooled> {
  if (source instanceof Uint8Array) {
    if (source.length > limit) throw tooLarge(limit);
    return kept(source);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  let file: TemporaryFile | null = null;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      if (file === null && size <= inMemory) chunks.push(chunk);
      else {
        file ??= await TemporaryFile.with(chunks);
        await file.append(chunk);
      }
    }
  } catch (error) {
    await file?.dispose();
    throw error;
  }
  return file ?? kept(Buffer.concat(chunks, size));
}

function tooLarge(limit: number): ODataError {
  const message = `The stream is larger than ${limit} bytes; that is the limit of the setting 'maxStreamSize'.`;
  return new ODataError('BodyTooLarge', message, 'Content-Length', { headers: { Connection: 'close' } });
}

function kept(bytes: Uint8Array): Spooled {
  return {
    size: bytes.length,
    async *parts() {
      for (let at = 0; at < bytes.length; at += partSize) yield bytes.subarray(at, at + partSize);
    },
    dispose: async () => {},
  };
}

/** Without a name as soon as it is open: whatever happens, nothing is left behind. */
class TemporaryFile implements Spooled {
  private written = 0;
  private constructor(private readonly file: FileHandle) {}

  static async with(chunks: readonly Uint8Array[]): Promise<TemporaryFile> {
    const path = join(tmpdir(), `edmund-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    const made = new TemporaryFile(file);
    for (const chunk of chunks) await made.append(chunk);
    return made;
  }

  get size(): number {
    return this.written;
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.file.write(chunk, 0, chunk.length, this.written);
    this.written += chunk.length;
  }

  async *parts(): AsyncIterable<Uint8Array> {
    for (let at = 0; at < this.written; at += partSize) {
      const part = Buffer.allocUnsafe(Math.min(partSize, this.written - at));
      await this.file.read(part, 0, part.length, at);
      yield part;
    }
  }

  async dispose(): Promise<void> {
    await this.file.close();
  }
}
