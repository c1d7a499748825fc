import assert from 'node:assert/strict';
import type { Reply, Server } from './serve.js';

/** One reading: what it proves, where, the status, and what is looked at in the answer. */
export type Read = readonly [
  rows: string,
  path: string,
  status: number,
  /** A function picks what is compared with `expected`; a text is the error code. */
  look?: string | ((reply: Reply) => unknown),
  expected?: unknown,
  headers?: Readonly<Record<string, string>>,
];

/** One test per reading. A path may begin with another method. */
export function testReads(reads: readonly Read[], server: () => Server): void {
  for (const [rows, path, status, look, expected, headers] of reads) {
    const said = headers === undefined ? '' : ` ${JSON.stringify(headers)}`;
    it(`${rows} ${path}${said} is ${status}`, async () => {
      const [, method = 'GET', url = path] = /^([A-Z]+) (.*)$/s.exec(path) ?? [];
      const reply = await server().ask(method, url, headers === undefined ? {} : { headers });
      assert.equal(reply.status, status, reply.text);
      if (typeof look === 'string') assert.equal(reply.json?.error?.code, look, reply.text);
      else if (look !== undefined) assert.deepEqual(look(reply), expected, reply.text);
    });
  }
}

/** The readings of each section, in a group of its own. */
export function testSections(sections: Readonly<Record<string, readonly Read[]>>, server: () => Server): void {
  for (const [name, reads] of Object.entries(sections)) describe(name, () => testReads(reads, server));
}

/** The values of one member of all items. */
export const each =
  (name: string) =>
  ({ json }: Reply): unknown =>
    json.value.map((item: Record<string, unknown>) => item[name]);

/** One member of the answer, by its path. */
export const at =
  (...path: readonly (string | number)[]) =>
  ({ json }: Reply): unknown =>
    path.reduce<unknown>((found, name) => (found as Record<string | number, unknown> | null | undefined)?.[name], json);

export const body = ({ text }: Reply): string => text;
export const value = at('value');
export const header =
  (name: string) =>
  ({ headers }: Reply): string | null =>
    headers.get(name);
