import { type Element, effectiveAnnotation, stringValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import { type JsonNode, printJson } from '../payload/index.js';
import type { StreamChange } from './change.js';
import type { Controls } from './members.js';

/**
 * The content of a stream within a body, by its media type: JSON as it is, text as a string, everything else as base64url
 * (JSON 9, 10). `element`: what is annotated with a media type when the body names none. Throws TypeMismatch, InvalidValue.
 */
export function readStream(node: JsonNode, controls: Controls, element: Element, name: string): StreamChange {
  const control = controls.get('mediaContentType');
  const named = control?.node.kind === 'string' ? control.node.value : null;
  const type =
    named ?? stringValue(effectiveAnnotation(element, 'Org.OData.Core.V1.MediaType')) ?? 'application/octet-stream';
  if (!isMediaType(type)) throw new ODataError('InvalidValue', `'${type.slice(0, 100)}' is not a media type.`);
  if (/^application\/(json|[^;]*\+json)\s*(;|$)/i.test(type))
    return { kind: 'stream', bytes: Buffer.from(printJson(node)), type };
  if (node.kind !== 'string')
    throw new ODataError('TypeMismatch', `The content of '${name}' should be a string, not a ${node.kind}.`);
  return { kind: 'stream', bytes: /^text\//i.test(type) ? Buffer.from(node.value) : decoded(node.value, name), type };
}

/** A type that a content can have, no range of them (RFC 9110 8.3.1). */
export function isMediaType(text: string): boolean {
  return !/[\r\n]/.test(text) && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;.*)?$/.test(text);
}

function decoded(text: string, name: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1)
    throw new ODataError('InvalidValue', `The content of '${name}' should be base64url, with '-' and '_'.`);
  return Buffer.from(text, 'base64url');
}
