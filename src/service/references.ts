import { ODataError } from '../errors.js';
import { type JsonNode, parseJson, printJson } from '../payload/index.js';

/**
 * A body in which references to entities of earlier requests of the batch, `"@odata.bind": "$1"`, are replaced by their URLs
 * (Protocol 11.7.4-3). A body without any, or that is no JSON, comes back as it is.
 */
export function referencesResolved(body: Buffer, urls: ReadonlyMap<string, string>): Buffer {
  if (urls.size === 0 || !body.includes('"$')) return body;
  try {
    return Buffer.from(printJson(resolved(parseJson(body), false, urls)));
  } catch (error) {
    if (error instanceof ODataError) return body; // said again, and with a place, where the body is read
    throw error;
  }
}

const holdsUrl = /(?:@odata\.bind|@bind|^@odata\.id|^@id)$/;

function resolved(node: JsonNode, isUrl: boolean, urls: ReadonlyMap<string, string>): JsonNode {
  switch (node.kind) {
    case 'string': {
      const [, id, rest = ''] = (isUrl ? /^\$([\w.~-]+)(\/.*)?$/.exec(node.value) : null) ?? [];
      const url = id === undefined ? undefined : urls.get(id);
      return url === undefined ? node : { ...node, value: `${url}${rest}` };
    }
    case 'array':
      return { ...node, items: node.items.map((item) => resolved(item, isUrl, urls)) };
    case 'object':
      return {
        ...node,
        members: new Map(
          [...node.members].map(([name, member]) => [name, resolved(member, holdsUrl.test(name), urls)]),
        ),
      };
    default:
      return node;
  }
}
