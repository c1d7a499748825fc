import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Server } from './serve.js';

/** A request as a document shows it, and the answer printed beneath. */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly printed: string;
}

/** The `http` blocks of a document, each with the block of the answer behind it. */
export function exchangesOf(document: string): readonly Exchange[] {
  const text = readFileSync(fileURLToPath(new URL(`../../${document}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/```http\n((?:(?!```)[\s\S])*)```\n```(?:json|text)\n([\s\S]*?)```/g)].map(
    ([, request = '', printed = '']) => {
      const [head = '', body = null] = request.split(/\n\n([\s\S]*)/);
      const [line = '', ...fields] = head.trim().split('\n');
      const [method = '', path = ''] = line.split(/ (\S+)/);
      const headers = Object.fromEntries(
        fields.map((field) => [field.split(':', 1)[0]?.toLowerCase(), field.split(/: (.*)/)[1]]),
      );
      return { method, path, headers, body: body === null || body.trim() === '' ? null : body, printed };
    },
  );
}

/**
 * Runs the exchanges of a document one after the other; each answer is the one printed, where `…` stands for what differs every
 * time. In paths and header fields `{name}` stands for the member `@odata.name` or the header of that name of the last answer that has it.
 */
export async function runDocument(document: string, server: Server): Promise<void> {
  let links: Readonly<Record<string, string>> = { now: new Date().toUTCString() }; // of all answers until now
  for (const { method, path, headers, body, printed } of exchangesOf(document)) {
    const filled = (text: string) =>
      text.replace(/\{(\w+)\}/g, (_, name: string) => links[name] ?? assert.fail(`no ${name} before ${path}`));
    const fields = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)]));
    const sent =
      body === null
        ? {}
        : { body: /multipart/.test(headers['content-type'] ?? '') ? body.replaceAll('\n', '\r\n') : body };
    const ask = () => server.ask(method, filled(path), { headers: fields, ...sent });
    let reply = await ask();
    while (method === 'GET' && reply.status === 202 && path.startsWith('{')) reply = await ask(); // a status monitor
    const local = reply.text.replaceAll(server.base, 'http://127.0.0.1:4004/beta/');
    assert.match(local.replaceAll('\r\n', '\n').trim(), pattern(printed.trim()), `${method} ${path}: ${local}`);
    const members = typeof reply.json === 'object' && reply.json !== null ? reply.json : {};
    links = {
      ...links,
      ...Object.fromEntries(
        Object.entries(members).map(([name, value]) => [name.replace('@odata.', ''), String(value)]),
      ),
      ...Object.fromEntries(reply.headers),
    };
  }
}

/** A printed answer; `…` is any text without a quote, `{…}` any object without inner ones. */
function pattern(printed: string): RegExp {
  const escaped = printed
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('{…\\}', '{[^{}]*\\}')
    .replaceAll('…', '(?:[^"\\\\]|\\\\.)*?');
  return new RegExp(`^${escaped}$`);
}
