import { ODataError } from '../errors.js';
import { errorResponse, type Method, negotiateError, type ODataResponse } from '../protocol/index.js';
import type { Session } from '../store/index.js';
import { BatchParts } from './batch-part.js';
import type { BatchSupport } from './batch-support.js';
import type { BatchItem, BatchUnit, ItemResponse, UnitResponse } from './batch-unit.js';
import { conditionHolds, referredIn } from './condition.js';
import type { Exchange } from './context.js';
import { allOrNothing, joined } from './joined.js';
import { whole } from './kept-answer.js';
import { isRepeatable, onceOf, rememberedOr, withoutRepeatability, withResult } from './repeatable.js';
import type { Engine } from './service.js';

/** Runs the units of a batch in their order; each part through the same way as any request, authorised one by one. */
export class BatchRun {
  private readonly parts: BatchParts;
  private readonly failed = new Set<string>();
  private readonly succeeded = new Set<string>();
  /** What conditions ask for. */
  private readonly responses = new Map<string, ODataResponse | null>();
  /** Ids that others depend on. */
  private readonly awaited = new Set<string>();

  constructor(
    private readonly exchange: Exchange,
    private readonly engine: Engine,
    private readonly support: BatchSupport,
  ) {
    this.parts = new BatchParts(exchange, support, (id) => this.failed.has(id));
  }

  /** What becomes of each unit, as it is done. `stop`: the first failure is the last that is processed. */
  async *outcomes(units: readonly BatchUnit[], stop: boolean): AsyncGenerator<UnitResponse> {
    for (const { items } of units) for (const { dependsOn } of items) for (const id of dependsOn) this.awaited.add(id);
    for (const { items } of units)
      for (const { condition } of items)
        for (const id of condition === null ? [] : referredIn(condition)) this.responses.set(id, null);
    for (const unit of units) {
      const outcome = unit.atomic ? await this.atomic(unit) : await this.single(unit);
      this.note(outcome);
      // Only what is in the same change set can be referred to.
      if (unit.atomic && unit.name === null && !this.support.referencesAcross)
        for (const { id } of unit.items) if (id !== null) this.parts.forget(id);
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
      for (const { item, response } of answered) this.parts.remember(item, response);
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

  private undone(unit: BatchUnit, failure: ItemResponse): UnitResponse {
    for (const { id } of unit.items)
      if (id !== null) {
        this.parts.forget(id);
        this.succeeded.delete(id);
      }
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
      if (item.refusal !== null) throw item.refusal;
      await this.requirePrerequisites(item, engine);
      const request = this.parts.requestOf(item, this.isForLater(item));
      const response = await whole(await engine.answer(request, engine));
      this.parts.remember(item, response);
      return response;
    } catch (error) {
      return this.errorOf(error);
    }
  }

  /** What a part depends on: the success of others, or a condition (JSON 19.1). */
  private async requirePrerequisites({ condition, dependsOn }: BatchItem, engine: Engine): Promise<void> {
    const missing = condition === null ? dependsOn.find((id) => !this.succeeded.has(id)) : undefined;
    if (missing !== undefined)
      throw new ODataError('FailedDependency', `This request depends on '${missing}', which did not succeed.`);
    if (condition === null) return;
    if (!this.support.conditions)
      throw new ODataError('FailedDependency', `Conditions ('if') are not supported, so this was not done.`, 'if'); // JSON 19.1
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

  /** Only in an answer in JSON, and when nothing else waits for it, a part may be answered later (Protocol 11.7.7.5, JSON 19.6). */
  private isForLater({ id }: BatchItem): boolean {
    return this.exchange.negotiated.mediaType === 'application/json' && (id === null || !this.awaited.has(id));
  }
}
