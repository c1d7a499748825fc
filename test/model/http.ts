import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createApp, listen } from '../../src/index.js';
import { type Answer, base, parsed, type Question, type World } from './inline.js';

/** The same world, asked over HTTP; what it answers has the links of one that stands at `base`. Closed together with it. */
export async function overHttp(world: World): Promise<World> {
  const failures: unknown[] = [];
  const app = createApp(world.service, { publicUrl: base, onError: (error) => failures.push(error) });
  const listening = await listen(app, { port: 0 });
  return {
    ...world,
    ask: async (method, url, question = {}) => {
      const answer = await ask(method, `${listening.origin}/${url}`, question);
      const [failure] = failures.splice(0);
      if (failure !== undefined && answer.status === 500) throw failure;
      return answer;
    },
    close: async () => {
      await listening.close();
      await world.close();
    },
  };
}

/** A request with no header fields but those given, and the type of a body. */
function ask(method: string, url: string, { headers = {}, body }: Question): Promise<Answer> {
  const sent = body === undefined || Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  const fields =
    sent === undefined
      ? headers
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)), ...headers };
  return new Promise((resolve, reject) => {
    const asking: ClientRequest = request(
      url.replace(/[^\x21-\x7e]+/gu, encodeURIComponent),
      { method, headers: fields, agent: false },
      (reply) => {
        read(reply).then(resolve, reject);
      },
    );
    asking.on('error', reject);
    asking.end(sent);
  });
}

async function read(reply: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of reply) parts.push(part);
  const text = Buffer.concat(parts).toString();
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return { status: reply.statusCode ?? 0, headers, text, json: parsed(text) };
}
