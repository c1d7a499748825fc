import type { ODataError } from '../errors.js';
import type { JsonNode, JsonObject } from '../payload/index.js';
import type { Engine } from './service.js';

/** A term of the Core vocabulary by the name that `$metadata` gives its namespace (JSON 20). */
export function coreTerm(name: string, { model }: Engine): string {
  const namespace = 'Org.OData.Core.V1';
  const includes = model.main.references.flatMap((reference) => reference.includes);
  return `${includes.find((include) => include.namespace === namespace)?.alias ?? namespace}.${name}`;
}

/** An object with an annotation behind its control information and before its properties (JSON 4.4). */
export function annotated(node: JsonObject, name: string, value: JsonNode): JsonObject {
  const members = [...node.members];
  const first = members.findIndex(([member]) => !member.startsWith('@'));
  const at = first < 0 ? members.length : first;
  return { ...node, members: new Map([...members.slice(0, at), [name, value], ...members.slice(at)]) };
}

/** What was to be done with an item that failed (Core.DataModificationException). */
export type FailedOperation = 'insert' | 'update' | 'delete' | 'link' | 'unlink' | 'invoke';

/** An item of an answer that says why its change was not made (Protocol 11.4.12). */
export function failedItem(
  node: JsonObject,
  operation: FailedOperation,
  error: ODataError,
  responseCode: number,
  engine: Engine,
): JsonObject {
  const info = object({
    code: text(error.code),
    message: text(error.message),
    severity: text('error'),
    ...(error.target === null ? {} : { target: text(error.target) }),
  });
  const exception = object({ failedOperation: text(operation), responseCode: number(responseCode), info });
  return annotated(node, `@${coreTerm('DataModificationException', engine)}`, exception);
}

/** JSON nodes of our own making. */
export const text = (value: string): JsonNode => ({ kind: 'string', value, at: 0 });
const number = (value: number): JsonNode => ({ kind: 'number', text: String(value), at: 0 });
export const object = (members: Readonly<Record<string, JsonNode>>): JsonObject => ({
  kind: 'object',
  members: new Map(Object.entries(members)),
  at: 0,
});
