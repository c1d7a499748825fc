import type { ODataVersion } from '../protocol/index.js';

/** What stands around the items of a collection response (JSON 13). */
export interface CollectionFrame {
  /** null: metadata is `none`, no context is written (JSON 4.5.1). */
  readonly context: string | null;
  /** Total of the collection, when asked for. */
  readonly count?: bigint | null;
  readonly nextLink?: string | null;
  readonly deltaLink?: string | null;
  readonly version: ODataVersion;
  /** The count is a string (JSON 3.2). */
  readonly ieee754Compatible?: boolean;
  /** Any other members before `value`, by name, as JSON text. */
  readonly members?: ReadonlyMap<string, string>;
}

/** The name of a control information in a payload of this version (JSON 4.5). */
export function controlName(name: string, version: ODataVersion): string {
  return version === '4.0' ? `@odata.${name}` : `@${name}`;
}

function member(name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`;
}

const closing = Buffer.from('}');

/**
 * A collection response around items as the database wrote them: a JSON array, or its items without the brackets.
 * Order as for streaming (JSON 4.4): context, count, others, value, links.
 */
export function collectionEnvelope(frame: CollectionFrame, items: Uint8Array): Buffer {
  const { version } = frame;
  const before: string[] = [];
  if (frame.context !== null) before.push(member(controlName('context', version), JSON.stringify(frame.context)));
  if (frame.count !== null && frame.count !== undefined)
    before.push(member(controlName('count', version), frame.ieee754Compatible ? `"${frame.count}"` : `${frame.count}`));
  for (const [name, json] of frame.members ?? []) before.push(member(name, json));
  const link = frame.nextLink ?? null;
  const delta = link === null ? (frame.deltaLink ?? null) : null; // JSON 4.5.7: never both
  const after =
    link !== null
      ? `,${member(controlName('nextLink', version), JSON.stringify(link))}`
      : delta !== null
        ? `,${member(controlName('deltaLink', version), JSON.stringify(delta))}`
        : '';
  const whole = items[0] === 0x5b;
  const head = `{${[...before, ''].join(',')}"value":${whole ? '' : '['}`;
  return Buffer.concat([Buffer.from(head), items, Buffer.from(`${whole ? '' : ']'}${after}}`)]);
}

/** An entity or complex value as the database wrote it, with its context as first member (JSON 4.5.1). */
export function entityEnvelope(context: string | null, entity: Uint8Array, version: ODataVersion): Buffer {
  if (context === null) return Buffer.from(entity.buffer, entity.byteOffset, entity.byteLength);
  const empty = isEmptyObject(entity);
  const head = `{${member(controlName('context', version), JSON.stringify(context))}${empty ? '' : ','}`;
  return empty ? Buffer.concat([Buffer.from(head), closing]) : Buffer.concat([Buffer.from(head), entity.subarray(1)]);
}

/** An object with a delta link behind its other members (JSON 4.5.7). */
export function withDeltaLink(object: Buffer, link: string, version: ODataVersion): Buffer {
  const last = `,${member(controlName('deltaLink', version), JSON.stringify(link))}`;
  return Buffer.concat([object.subarray(0, object.lastIndexOf(closing)), Buffer.from(last), closing]);
}

function isEmptyObject(json: Uint8Array): boolean {
  for (let at = 1; at < json.length; at++) {
    const code = json[at];
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code === 0x7d;
  }
  return true;
}

/** A primitive value or a collection of values, as JSON text, in the `value` of its response (JSON 11). */
export function propertyEnvelope(context: string | null, value: Uint8Array, version: ODataVersion): Buffer {
  const head = context === null ? '{' : `{${member(controlName('context', version), JSON.stringify(context))},`;
  return Buffer.concat([Buffer.from(`${head}"value":`), value, closing]);
}
