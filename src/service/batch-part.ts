import { ODataError } from '../errors.js';
import {
  type Headers,
  inheritedPreferences,
  type Method,
  type ODataRequest,
  type ODataResponse,
  withoutPreference,
} from '../protocol/index.js';
import type { BatchSupport } from './batch-support.js';
import type { BatchItem } from './batch-unit.js';
import type { Exchange } from './context.js';
import { relativeUrl } from './locate.js';
import { referencesResolved } from './references.js';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE']);
/** Header fields of the batch that hold for its parts, unless a part says otherwise (Protocol 11.7.1). */
const inherited = ['odata-version', 'odata-maxversion', 'accept-language', 'accept-charset'];
/** A part does not say who asks (Protocol 11.7.7.1-7). */
const ignored = new Set([
  'authorization',
  'host',
  'cookie',
  'expect',
  'from',
  'max-forwards',
  'range',
  'te',
  'content-length',
  'connection',
]);

/** Makes requests of the parts of a batch: with what they inherit, and with references resolved. */
export class BatchParts {
  /** URLs and ETags of entities that earlier requests made or returned, by request id (Protocol 11.7.4, 11.7.5). */
  private readonly urls = new Map<string, string>();
  private readonly etags = new Map<string, string>();

  constructor(
    private readonly exchange: Exchange,
    private readonly support: BatchSupport,
    private readonly hasFailed: (id: string) => boolean,
  ) {}

  /** A part as a request of its own; `later`: it may be answered later. Throws what makes it none. */
  requestOf(item: BatchItem, later: boolean): ODataRequest {
    if (!methods.has(item.method))
      throw new ODataError('BadRequest', `The method '${item.method.slice(0, 20)}' cannot stand in a batch.`);
    const { request } = this.exchange;
    const url = this.urlOf(item.url);
    if (/^(?:\$|%24)batch(?:$|[?/])/i.test(url)) throw new ODataError('BadRequest', 'A batch cannot stand in a batch.');
    return {
      method: item.method as Method,
      url,
      headers: this.headersOf(item.headers, later),
      body:
        item.body === null ? null : this.support.bodyReferences ? referencesResolved(item.body, this.urls) : item.body,
      user: request.user,
      base: request.base,
      requestId: request.requestId,
    };
  }

  /** Absolute, rooted, or relative to the service root; `$id/…` begins at what an earlier request made (Protocol 11.7.4, 11.7.7.1-5). */
  private urlOf(written: string): string {
    const { base } = this.exchange.request;
    const relative = relativeUrl(written, base) ?? (written.startsWith('/') ? written.slice(1) : null);
    if (relative === null)
      throw new ODataError('BadRequest', `'${written.slice(0, 200)}' is not a URL of this service.`);
    const reference = /^(?:\$|%24)([\w.~-]+)(?=$|[/?])/.exec(relative);
    if (reference?.[1] === undefined || systemResources.has(reference[1])) return this.versioned(relative);
    const found = this.urls.get(reference[1]);
    if (found !== undefined) return this.versioned(`${found}${relative.slice(reference[0].length)}`);
    if (this.hasFailed(reference[1]))
      throw new ODataError(
        'FailedDependency',
        `The request '${reference[1]}' did not succeed, so '$${reference[1]}' means nothing.`,
      );
    throw new ODataError(
      'ResourceNotFound',
      `No earlier request '${reference[1]}' made or returned an entity.`,
      reference[0],
    );
  }

  /** The version of the model that the batch states holds for requests that state none (URL 5.1.12). */
  private versioned(url: string): string {
    const [stated] = /(?<=[?&])(?:\$|%24)?schemaversion=[^&]*/i.exec(this.exchange.request.url) ?? [];
    if (stated === undefined || /[?&](?:\$|%24)?schemaversion=/i.test(url)) return url;
    return `${url}${url.includes('?') ? '&' : '?'}${stated}`;
  }

  private headersOf(own: Headers, later: boolean): Headers {
    const outer = this.exchange.request.headers;
    const headers: Record<string, string | undefined> = {};
    for (const name of inherited) headers[name] = outer[name];
    headers.accept = acceptOfParts(outer.accept);
    for (const [name, value] of Object.entries(own)) if (!ignored.has(name)) headers[name] = value;
    const { prefer } = later ? own : withoutPreference(own, 'respond-async');
    headers.prefer = inheritedPreferences(prefer, outer.prefer);
    for (const name of ['if-match', 'if-none-match']) {
      const reference = this.support.etagReferences ? /^\$([\w.~-]+)$/.exec(headers[name] ?? '')?.[1] : undefined;
      const etag = reference === undefined ? undefined : this.etags.get(reference);
      if (etag !== undefined) headers[name] = etag;
    }
    return headers;
  }

  /** Keeps what later parts may refer to. */
  remember({ id, url }: BatchItem, { status, headers }: ODataResponse): void {
    if (id === null || status >= 400) return;
    const { base } = this.exchange.request;
    const made = headers.Location ?? headers['OData-EntityId'];
    const relative = made === undefined ? this.urlOf(url).split('?', 1)[0] : relativeUrl(made, base);
    if (relative !== null && relative !== undefined) this.urls.set(id, relative);
    if (headers.ETag !== undefined) this.etags.set(id, headers.ETag);
  }

  /** Nothing can be referred to by this id any more. */
  forget(id: string): void {
    this.urls.delete(id);
    this.etags.delete(id);
  }
}

/** The ranges of the batch's own Accept that speak of its parts. */
function acceptOfParts(accept: string | undefined): string | undefined {
  const ranges = (accept ?? '').split(',').filter((range) => range.trim() !== '' && !/^\s*multipart\//i.test(range));
  return ranges.length === 0 ? undefined : ranges.join(',');
}

/** Names that are never references (Protocol 11.7.4-2). */
const systemResources: ReadonlySet<string> = new Set([
  'batch',
  'crossjoin',
  'all',
  'entity',
  'root',
  'id',
  'metadata',
  'monitor',
]);
