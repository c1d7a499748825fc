import { ODataError } from '../errors.js';
import {
  errorResponse,
  type Headers,
  inheritedPreferences,
  type Method,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
  withoutPreference,
} from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { conditionHolds, referredIn } from './condition.js';
import type { Exchange } from './context.js';
import { allOrNothing, joined } from './joined.js';
import { whole } from './kept-answer.js';
import { relativeUrl } from './locate.js';
import { referencesResolved } from './references.js';
import { isRepeatable, onceOf, rememberedOr, withoutRepeatability, withResult } from './repeatable.js';
import type { Engine } from './service.js';

/** One request of a batch. */
export interface BatchItem {
  readonly id: string | null;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Buffer | null;
  /** Ids and group names that must have succeeded. */
  readonly dependsOn: readonly string[];
  /** What must hold for it to be done, whatever became of those it depends on (JSON 19.1); null: it depends on their success. */
  readonly condition: string | null;
  /** Why this item cannot be processed at all; null: it can. */
  readonly refusal: ODataError | null;
}

/** What is processed together: one request, or several that succeed or fail as one (Protocol 11.7.2). */
export interface BatchUnit {
  readonly items: readonly BatchItem[];
  readonly atomic: boolean;
  /** Name of the atomicity group, or null. */
  readonly name: string | null;
}

export interface ItemResponse {
  readonly item: BatchItem;
  readonly response: ODataResponse;
}

/** The outcome of one unit. */
export interface UnitResponse {
  readonly unit: BatchUnit;
  readonly responses: readonly ItemResponse[];
  /** What made an atomic unit fail; null when it did not. */
  readonly failure: ItemResponse | null;
}

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

/** Runs the units of a batch in their order; each part through the same way as any request, authorised one by one. */
export class BatchRun {
  /** URLs and ETags of entities that earlier requests made or returned, by request id (Protocol 11.7.4, 11.7.5). */
  private readonly urls = new Map<string, string>();
  private readonly etags = new Map<string, string>();
  private readonly failed = new Set<string>();
  private readonly succeeded = new Set<string>();
  /** What conditions ask for. */
  private readonly responses = new Map<string, ODataResponse | null>();
  /** Ids that others depend on. */
  private readonly awaited = new Set<string>();

  constructor(
    private readonly exchange: Exchange,
    private readonly engine: Engine,
  ) {}

  /** What becomes of each unit, as it is done. `stop`: the first failure is the last that is processed. */
  async *outcomes(units: readonly BatchUnit[], stop: boolean): AsyncGenerator<UnitResponse> {
    for (const { items } of units) for (const { dependsOn } of items) for (const id of dependsOn) this.awaited.add(id);
    for (const { items } of units)
      for (const { condition } of items)
        for (const id of condition === null ? [] : referredIn(condition)) this.responses.set(id, null);
    for (const unit of units) {
      const outcome = unit.atomic ? await this.atomic(unit) : await this.single(unit);
      this.note(outcome);
      yield outcome;
      const bad = outcome.failure !== null || outcome.responses.some(({ response }) => response.status >= 400);
      if (stop && bad) return;
    }
  }

  private note({ unit, responses, failure }: UnitResponse): void {
    for (const { item, response } of responses) {
      if (item.id !== null && this.responses.has(item.id)) this.responses.set(item.id, response);
      if (item.id !== null) (failure === null && response.status < 400 ? this.succeeded : this.failed).add(item.id);
    }
    if (unit.name !== null) (failure === null ? this.succeeded : this.failed).add(unit.name);
  }

  private async single(unit: BatchUnit): Promise<UnitResponse> {
    const responses: ItemResponse[] = [];
    for (const item of unit.items) responses.push({ item, response: await this.answer(item, this.engine) });
    return { unit, responses, failure: null };
  }

  /** All or nothing: the parts share one transaction, and read what the parts before them wrote (Protocol 11.7.7.4-2). */
  private async atomic(unit: BatchUnit): Promise<UnitResponse> {
    const [first] = unit.items;
    if (first === undefined) return { unit, responses: [], failure: null };
    try {
      const isOnce = unit.items.some((item) => isRepeatable(item));
      const responses = await (isOnce ? this.once(unit) : allOrNothing(this.engine.store, this.workOn(unit)));
      const answered = unit.items.flatMap((item, index): readonly ItemResponse[] => {
        const response = responses[index];
        return response === undefined ? [] : [{ item, response }];
      });
      const failure = answered.find(({ response }) => response.status >= 400) ?? null;
      if (failure !== null) return this.undone(unit, failure);
      for (const { item, response } of answered) this.remember(item, response);
      return { unit, responses: answered, failure };
    } catch (error) {
      return this.undone(unit, { item: first, response: this.errorOf(error) }); // nobody in particular is to blame
    }
  }

  /** The requests of a group one after the other, up to the first that fails. */
  private workOn({ items }: BatchUnit): (session: Session) => Promise<readonly ODataResponse[]> {
    return async (session) => {
      const engine = { ...this.engine, store: joined(session, this.engine.store) };
      const responses: ODataResponse[] = [];
      for (const item of items) {
        const response = await this.answer(item, engine);
        responses.push(response);
        if (response.status >= 400) break;
        if (item.id !== null) this.succeeded.add(item.id);
        if (item.id !== null && this.responses.has(item.id)) this.responses.set(item.id, response);
      }
      return responses;
    };
  }

  /** A group that is done once however often it is sent, as a whole (Repeatable Requests 8). */
  private async once(unit: BatchUnit): Promise<readonly ODataResponse[]> {
    const { request } = this.exchange;
    const sent = unit.items.map(({ method, url, headers, body }) => ({
      ...request,
      method: method as Method,
      url,
      headers,
      body,
    }));
    const plain = unit.items.map((item) => ({ ...item, headers: withoutRepeatability(item.headers) }));
    const responses = await rememberedOr(
      onceOf(sent, this.engine),
      this.engine,
      this.workOn({ ...unit, items: plain }),
    );
    return responses.map((response) => withResult(response, 'accepted'));
  }

  private forget(id: string): void {
    this.urls.delete(id);
    this.etags.delete(id);
    this.succeeded.delete(id);
  }

  private undone(unit: BatchUnit, failure: ItemResponse): UnitResponse {
    for (const { id } of unit.items) if (id !== null) this.forget(id);
    const responses = unit.items.map((item) => {
      if (item === failure.item) return failure;
      const error = new ODataError(
        'FailedDependency',
        'Another request of the same group failed, so nothing of the group was done.',
      );
      return { item, response: this.errorOf(error) };
    });
    return { unit, responses, failure };
  }

  private errorOf(error: unknown): ODataResponse {
    const { request } = this.exchange;
    if (!(error instanceof ODataError)) this.engine.report(error, request);
    return errorResponse(error, negotiateError(request.headers), request.requestId);
  }

  private async answer(item: BatchItem, engine: Engine): Promise<ODataResponse> {
    try {
      await this.requireCondition(item, engine);
      const response = await whole(await engine.answer(this.requestOf(item), engine));
      this.remember(item, response);
      return response;
    } catch (error) {
      return this.errorOf(error);
    }
  }

  private async requireCondition({ condition }: BatchItem, engine: Engine): Promise<void> {
    if (condition === null) return;
    const earlier = {
      succeeded: (id: string) => this.succeeded.has(id),
      response: (id: string) => this.responses.get(id) ?? null,
    };
    if (!(await conditionHolds(condition, earlier, engine)))
      throw new ODataError(
        'FailedDependency',
        'The condition of this request does not hold, so it was not done.',
        'if',
      );
  }

  private requestOf(item: BatchItem): ODataRequest {
    if (item.refusal !== null) throw item.refusal;
    const missing = item.condition === null ? item.dependsOn.find((id) => !this.succeeded.has(id)) : undefined;
    if (missing !== undefined)
      throw new ODataError('FailedDependency', `This request depends on '${missing}', which did not succeed.`);
    if (!methods.has(item.method))
      throw new ODataError('BadRequest', `The method '${item.method.slice(0, 20)}' cannot stand in a batch.`);
    const { request } = this.exchange;
    const url = this.urlOf(item.url);
    if (/^(?:\$|%24)batch(?:$|[?/])/i.test(url)) throw new ODataError('BadRequest', 'A batch cannot stand in a batch.');
    return {
      method: item.method as Method,
      url,
      headers: this.headersOf(item),
      body: item.body === null ? null : referencesResolved(item.body, this.urls),
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
    if (this.failed.has(reference[1]))
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

  /** Only in an answer in JSON, and when nothing else waits for it, a part may be answered later (Protocol 11.7.7.5, JSON 19.6). */
  private isForLater({ id }: BatchItem): boolean {
    return this.exchange.negotiated.mediaType === 'application/json' && (id === null || !this.awaited.has(id));
  }

  private headersOf(item: BatchItem): Headers {
    const own = item.headers;
    const outer = this.exchange.request.headers;
    const headers: Record<string, string | undefined> = {};
    for (const name of inherited) headers[name] = outer[name];
    headers.accept = acceptOfParts(outer.accept);
    for (const [name, value] of Object.entries(own)) if (!ignored.has(name)) headers[name] = value;
    const { prefer } = this.isForLater(item) ? own : withoutPreference(own, 'respond-async');
    headers.prefer = inheritedPreferences(prefer, outer.prefer);
    for (const name of ['if-match', 'if-none-match']) {
      const reference = /^\$([\w.~-]+)$/.exec(headers[name] ?? '')?.[1];
      const etag = reference === undefined ? undefined : this.etags.get(reference);
      if (etag !== undefined) headers[name] = etag;
    }
    return headers;
  }

  private remember({ id, url }: BatchItem, { status, headers }: ODataResponse): void {
    if (id === null || status >= 400) return;
    const { base } = this.exchange.request;
    const made = headers.Location ?? headers['OData-EntityId'];
    const relative = made === undefined ? this.urlOf(url).split('?', 1)[0] : relativeUrl(made, base);
    if (relative !== null && relative !== undefined) this.urls.set(id, relative);
    if (headers.ETag !== undefined) this.etags.set(id, headers.ETag);
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
