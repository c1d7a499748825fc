import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AppOptions, type Authenticate, anonymous, readModel } from '../../src/index.js';
import { type Asking, type Reply, type Server, startServer } from '../model/serve.js';

const file = fileURLToPath(new URL('../../schema/profile.csdl.xml', import.meta.url));
const text = readFileSync(file, 'utf8');
export const namespace = 'Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models';

/** A running profile service, or one whose model has every name replaced; the same suite speaks to both in the model's own names. */
export interface World {
  readonly server: Server;
  ask(method: string, path: string, asking?: Asking): Promise<Reply>;
  /** A name of the model as it stands in the database of this world. */
  stored(name: string): string;
  close(): Promise<void>;
}

/** The model as it is. */
export async function plainWorld(authentication: Authenticate = anonymous, app: AppOptions = {}): Promise<World> {
  const server = await startServer(
    { model: readModel({ file, text }), settings: { typeAnnotations: 'always' }, threads: true },
    { ...app, root: '/beta', authentication },
  );
  return { server, ask: server.ask, stored: (name) => name, close: server.close };
}

/** Every identifier that the model declares. */
export function declaredNames(): ReadonlySet<string> {
  const declared =
    /<(?:EntityType|ComplexType|EnumType|Property|NavigationProperty|Member|EntitySet|EntityContainer) Name="(\w+)"/g;
  return new Set([...text.matchAll(declared)].map(([, name]) => name ?? ''));
}

/** A copy of the model in which every name is another: what works here knows nothing of the profile. */
export async function renamedWorld(seed = 1): Promise<World> {
  const renaming = new Renaming(declaredNames(), seed);
  const model = readModel({ file: 'renamed.xml', text: renaming.model(text) });
  const server = await startServer({ model, settings: { typeAnnotations: 'always' } }, { root: '/beta' });
  const ask = async (method: string, path: string, { body, headers = {} }: Asking = {}): Promise<Reply> => {
    const sent = body === undefined ? undefined : renaming.body(typeof body === 'string' ? body : JSON.stringify(body));
    const reply = await server.ask(
      method,
      renaming.path(path),
      sent === undefined ? { headers } : { headers, body: sent },
    );
    const back = renaming.back(reply.text);
    return { ...reply, text: back, json: reply.json === undefined ? undefined : JSON.parse(back) };
  };
  return { server, ask, stored: (name) => renaming.path(name), close: server.close };
}

class Renaming {
  private readonly to = new Map<string, string>();
  private readonly from = new Map<string, string>();
  private readonly namespace = 'Zq.Wx';

  constructor(names: ReadonlySet<string>, seed: number) {
    let state = seed;
    for (const name of names) {
      state = (state * 48271) % 2147483647;
      const other = `n${state}_${this.to.size}x`;
      this.to.set(name, other);
      this.from.set(other, name);
    }
  }

  /** Names stand in these attributes; texts and the vocabularies' own names do not change. */
  model(xml: string): string {
    const attributes =
      /\b(Name|Type|BaseType|EntityType|PropertyPath|Path|Property|EnumMember|Target|UnderlyingType)="([^"]*)"/g;
    return xml
      .replaceAll(namespace, this.namespace)
      .replace(attributes, (_, attribute: string, value: string) => `${attribute}="${this.words(value)}"`);
  }

  path(path: string): string {
    return this.words(path.replaceAll(namespace, this.namespace));
  }

  /** Member names and values that are nothing but names. */
  body(json: string): string {
    const strings = /"((?:[^"\\]|\\.)*)"/g;
    return json
      .replaceAll(namespace, this.namespace)
      .replace(strings, (whole, inner: string) => (/^#?[\w.,@#]+$/.test(inner) ? this.words(whole) : whole));
  }

  back(text: string): string {
    return text.replaceAll(this.namespace, namespace).replace(/n\d+_\d+x/g, (word) => this.from.get(word) ?? word);
  }

  private words(text: string): string {
    return text.replace(/[A-Za-z_]\w*/g, (word) => this.to.get(word) ?? word);
  }
}
