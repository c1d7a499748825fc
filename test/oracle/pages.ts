import { type JsonNode, parseJson } from '../../src/payload/index.js';
import { base, type Answer as Reply, type World } from '../model/inline.js';

const limits = { depth: 100, nodes: 10_000_000 };

/** What the service said: of the last reply the status and text, of all pages together the body. */
export interface Received {
  readonly status: number;
  readonly text: string;
  readonly body: JsonNode | null;
}

/** Reads a URL to its end, following the next links of the result and of what is nested in it. */
export async function readAll(world: World, url: string, headers: Readonly<Record<string, string>>): Promise<Received> {
  const items: JsonNode[] = [];
  const seen = new Set<string>();
  for (let next = url; ; ) {
    if (seen.has(next) || seen.size > 500) throw new Error(`The pages of ${url} have no end.`);
    seen.add(next);
    const reply: Reply = await world.ask('GET', next, { headers });
    const { status, text } = reply;
    if (status !== 200 || reply.json === undefined || typeof reply.json !== 'object')
      return { status, text, body: null };
    const page = await completed(parseJson(text, limits), world, headers);
    const value = page.kind === 'object' ? page.members.get('value') : undefined;
    if (page.kind !== 'object' || value?.kind !== 'array') return { status, text, body: page };
    items.push(...value.items);
    const link = page.members.get('@odata.nextLink');
    if (link?.kind !== 'string')
      return { status, text, body: { ...page, members: new Map([...page.members, ['value', { ...value, items }]]) } };
    next = link.value.slice(base.length);
  }
}

/** The tree with every nested collection read to its end. */
async function completed(node: JsonNode, world: World, headers: Readonly<Record<string, string>>): Promise<JsonNode> {
  if (node.kind === 'array') {
    const items: JsonNode[] = [];
    for (const item of node.items) items.push(await completed(item, world, headers));
    return { ...node, items };
  }
  if (node.kind !== 'object') return node;
  const members = new Map<string, JsonNode>();
  for (const [name, member] of node.members) {
    const link = node.members.get(`${name}@odata.nextLink`);
    const whole = await completed(member, world, headers);
    const rest = link?.kind === 'string' ? await readAll(world, link.value.slice(base.length), headers) : null;
    const more = rest?.body?.kind === 'object' ? rest.body.members.get('value') : undefined;
    if (rest !== null && more?.kind !== 'array')
      throw new Error(`The next link of ${name} leads nowhere: ${rest.text.slice(0, 300)}`);
    members.set(
      name,
      whole.kind === 'array' && more?.kind === 'array' ? { ...whole, items: [...whole.items, ...more.items] } : whole,
    );
  }
  return { ...node, members };
}
