/** The language of a batch: what is asked, what is done together, what becomes of it. */
import type { ODataError } from '../errors.js';
import type { Headers, ODataResponse } from '../protocol/index.js';

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
