import { ODataError } from '../errors.js';
import { type JsonNode, type JsonObject, parseJson, printJson } from '../payload/index.js';
import type { Headers, ODataResponse } from '../protocol/index.js';
import type { BatchItem, BatchUnit, UnitResponse } from './batch-unit.js';

const identifier = /^[\w.~-]+$/;

/** The units of a JSON batch (JSON 19.1). Throws MalformedBody and BadRequest for what makes the whole batch unreadable. */
export function readJson(body: Buffer, limit: number): readonly BatchUnit[] {
  const root = parseJson(body);
  const requests = root.kind === 'object' ? root.members.get('requests') : undefined;
  if (requests?.kind !== 'array')
    throw new ODataError(
      'MalformedBody',
      `The body of a JSON batch is an object with an array 'requests'.`,
      'requests',
    );
  if (requests.items.length > limit)
    throw new ODataError(
      'LimitExceeded',
      `A batch holds at most ${limit} requests; that is the limit of the setting 'batchParts'.`,
    );
  const reader = new Reader();
  const units: BatchUnit[] = [];
  for (const [index, node] of requests.items.entries()) {
    if (node.kind !== 'object')
      throw new ODataError('MalformedBody', 'A request of a batch is an object.', `requests/${index}`);
    const { item, group } = reader.item(node, `requests/${index}`);
    const last = units.at(-1);
    if (group !== null && last?.name === group) units[units.length - 1] = { ...last, items: [...last.items, item] };
    else {
      if (group !== null) reader.claimGroup(group, `requests/${index}/atomicityGroup`);
      units.push({ items: [item], atomic: group !== null, name: group });
    }
  }
  return units;
}

class Reader {
  private readonly known = new Set<string>();
  private readonly groups = new Set<string>();

  /** Requests of one group stand together, and no request has its name (JSON 19.1-6). */
  claimGroup(name: string, target: string): void {
    if (this.known.has(name) || this.groups.has(name))
      throw new ODataError('BadRequest', `'${name}' is taken; requests of one atomicity group stand together.`, target);
    this.groups.add(name);
  }

  item(node: JsonObject, target: string): { readonly item: BatchItem; readonly group: string | null } {
    const id = text(node, 'id', target);
    if (!identifier.test(id) || this.known.has(id) || this.groups.has(id))
      throw new ODataError(
        'BadRequest',
        `'${id.slice(0, 50)}' is no unique id of letters, digits, '-', '.', '_', '~'.`,
        `${target}/id`,
      );
    const group = node.members.has('atomicityGroup') ? text(node, 'atomicityGroup', target) : null;
    const dependsOn = this.dependencies(node, group, target);
    const method = text(node, 'method', target).toUpperCase();
    const headers = headersOf(node, `${target}/headers`);
    const body = bodyOf(node.members.get('body'), headers);
    this.known.add(id);
    const item = {
      id,
      method,
      url: text(node, 'url', target),
      headers: body === null ? headers : { 'content-type': 'application/json', ...headers },
      body,
      dependsOn,
      condition: node.members.has('if') ? text(node, 'if', target) : null,
    };
    return { item: { ...item, refusal: refusalOf(method, body) }, group };
  }

  /** Only what stands before (JSON 19.1-7). */
  private dependencies(node: JsonObject, own: string | null, target: string): readonly string[] {
    const given = node.members.get('dependsOn');
    if (given === undefined || given.kind === 'null') return [];
    const at = `${target}/dependsOn`;
    if (given.kind !== 'array') throw new ODataError('MalformedBody', `'dependsOn' is an array of ids.`, at);
    return given.items.map((item) => {
      const id = item.kind === 'string' ? item.value : '';
      if (!this.known.has(id) && (!this.groups.has(id) || id === own))
        throw new ODataError('BadRequest', `There is no earlier request or group '${id.slice(0, 50)}'.`, at);
      return id;
    });
  }
}

function text(node: JsonObject, name: string, target: string): string {
  const found = node.members.get(name);
  if (found?.kind === 'string') return found.value;
  throw new ODataError('MalformedBody', `A request of a batch needs '${name}', a string.`, `${target}/${name}`);
}

function headersOf(node: JsonObject, target: string): Headers {
  const given = node.members.get('headers');
  if (given === undefined || given.kind === 'null') return {};
  if (given.kind !== 'object') throw new ODataError('MalformedBody', `'headers' is an object of strings.`, target);
  return Object.fromEntries(
    [...given.members].map(([name, value]) => {
      if (value.kind !== 'string') throw new ODataError('MalformedBody', `The header '${name}' is a string.`, target);
      return [name.toLowerCase(), value.value];
    }),
  );
}

/** JSON as it stands, text, or base64url of bytes, by the media type (JSON 19.1-12). */
function bodyOf(node: JsonNode | undefined, headers: Headers): Buffer | null {
  if (node === undefined || node.kind === 'null') return null;
  const type = (headers['content-type'] ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (node.kind !== 'string' || /^application\/(?:json|[\w.-]+\+json)$/.test(type)) return Buffer.from(printJson(node));
  return type.startsWith('text/') ? Buffer.from(node.value) : Buffer.from(node.value, 'base64url');
}

function refusalOf(method: string, body: Buffer | null): ODataError | null {
  if (body !== null && (method === 'GET' || method === 'DELETE'))
    return new ODataError('BadRequest', `${method} has no body.`, 'body');
  return null;
}

/** The answers as JSON (JSON 19.5), each with the id of its request; piece by piece, as they come. */
export async function* writeJsonAnswer(outcomes: AsyncIterable<UnitResponse>): AsyncGenerator<Buffer> {
  let before = '{"responses":[';
  let number = 0; // stands for the id of a part that has none
  for await (const { unit, responses } of outcomes)
    for (const { item, response } of responses) {
      yield Buffer.from(`${before}${answerOf(item.id ?? String(number), unit.name, response)}`);
      before = ',\n';
      number++;
    }
  yield Buffer.from(number === 0 ? `${before}]}` : ']}');
}

function answerOf(id: string, group: string | null, response: ODataResponse): string {
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (name === 'Vary' ? [] : [[name.toLowerCase(), value]])),
  );
  const members = [
    `"id":${JSON.stringify(id)}`,
    ...(group === null ? [] : [`"atomicityGroup":${JSON.stringify(group)}`]),
    `"status":${response.status}`,
    `"headers":${JSON.stringify(headers)}`,
    ...(response.body === null ? [] : [`"body":${bodyText(response)}`]),
  ];
  return `{${members.join(',')}}`;
}

function bodyText({ body, headers }: ODataResponse): string {
  if (body === null) return 'null';
  const type = headers['Content-Type'] ?? '';
  if (type.startsWith('application/json')) return body.toString();
  return JSON.stringify(type.startsWith('text/') ? body.toString() : Buffer.from(body).toString('base64url'));
}
