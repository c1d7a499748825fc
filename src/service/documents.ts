import { createHash } from 'node:crypto';
import { type Model, writeJson, writeXml } from '../edm/index.js';
import { serviceDocument } from '../payload/index.js';
import { checkPreconditions, contentHeaders } from '../protocol/index.js';
import type { Handler } from './context.js';
import { jsonResponse } from './response.js';
import type { Document, Documents } from './service.js';

/** The model's documents, each made when it is first asked for and kept as bytes. */
export function documentsOf(model: Model): Documents {
  const made = new Map<string, Document>();
  return {
    metadata(format, version) {
      const name = `${format} ${version}`;
      const known = made.get(name);
      if (known !== undefined) return known;
      const text = format === 'xml' ? writeXml(model, { version }) : writeJson(model, { version });
      const body = Buffer.from(text);
      const document = { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
      made.set(name, document);
      return document;
    },
  };
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
  const format = negotiated.mediaType === 'application/json' ? 'json' : 'xml';
  const { body, etag } = engine.documents.metadata(format, negotiated.version);
  if (checkPreconditions(etag, request.headers, 'read') === 'notModified')
    return { status: 304, headers: { ETag: etag }, body: null };
  const headers = contentHeaders(format === 'json' ? { ...negotiated, metadata: 'minimal' } : negotiated);
  return { status: 200, headers: { ...headers, ETag: etag }, body };
};
