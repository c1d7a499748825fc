import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type Model, wholeDocument, writeJson, writeXml } from '../edm/index.js';
import { serviceDocument } from '../payload/index.js';
import { type Compressed, checkPreconditions, contentHeaders, type ODataVersion } from '../protocol/index.js';
import type { Handler } from './context.js';
import { jsonResponse } from './response.js';
import type { Document, Documents, MetadataForm } from './service.js';

interface Made extends Document {
  compressed: Compressed;
}

/** Documents shorter than this are not worth compressing. */
const worthwhile = 2048;

/** The model's documents, each made when it is prepared or first asked for, and kept as bytes. */
export function documentsOf(model: Model): Documents {
  const made = new Map<string, Made>();
  const whole = wholeDocument(model);
  const metadata = (form: MetadataForm): Made => {
    const json = form.mediaType === 'application/json';
    const name = json ? Object.values(form).join(' ') : form.version;
    const known = made.get(name);
    if (known !== undefined) return known;
    const body = Buffer.from(json ? writeJson(whole, form) : writeXml(whole, form));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const document: Made = { body, etag, compressed: {} };
    made.set(name, document);
    return document;
  };
  return {
    metadata,
    async prepare(signal) {
      const documents = usualForms.map(metadata);
      for (const document of documents) {
        if (signal.aborted) return;
        if (document.body.length >= worthwhile) document.compressed = await compressed(document.body);
      }
    },
  };
}

const usualForms: readonly MetadataForm[] = (['4.0', '4.01'] as const).flatMap((version) =>
  ['application/xml', 'application/json'].map((mediaType) => metadataForm(mediaType, version)),
);

/** `$metadata` as it is mostly asked for. */
export function metadataForm(mediaType: string, version: ODataVersion): MetadataForm {
  return { mediaType, version, metadata: 'minimal', ieee754Compatible: false };
}

/** Compressed harder than there is time for while a client waits. */
async function compressed(body: Buffer): Promise<Compressed> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(body, quality), promisify(gzip)(body)]);
  return { br, gzip: zipped };
}

/** GET of the service root (Protocol 11.1.1). */
export const readServiceDocument: Handler = async (exchange, engine) => {
  const { negotiated, request } = exchange;
  return jsonResponse(
    200,
    serviceDocument(engine.model, request.base, negotiated.version, negotiated.metadata),
    exchange,
  );
};

/** GET of `$metadata` (Protocol 11.1.2): XML or JSON, of the version the answer is in, with a strong ETag. */
export const readMetadata: Handler = async (exchange, engine) => {
  const { negotiated, request } = exchange;
  const { mediaType, version, metadata, ieee754Compatible } = negotiated;
  const form = { mediaType, version, metadata, ieee754Compatible };
  const { body, etag, compressed } = engine.documents.metadata(form);
  if (checkPreconditions(etag, request.headers, 'read') === 'notModified')
    return { status: 304, headers: { ETag: etag }, body: null };
  return { status: 200, headers: { ...contentHeaders(negotiated), ETag: etag }, body, compressed };
};
