/** The language of the room `service`: a service, and what its handlers work with. */
import type { BoundUrl } from '../bind/index.js';
import type { Model } from '../edm/index.js';
import type { Compressed, Negotiated, ODataRequest, ODataResponse } from '../protocol/index.js';
import type { Answers, Store, Tracking } from '../store/index.js';
import type { Layout } from '../tables/index.js';
import type { Hooks } from './hooks.js';
import type { Jobs } from './jobs.js';
import type { Operations } from './operations.js';
import type { Recent } from './recent.js';
import type { Prepared } from './statements.js';

/** A running service: a model, its database, and one verb. */
export interface Service {
  /** The name of the container or folder; for logs and the service document. */
  readonly name: string;
  readonly model: Model;
  /** Operations that the model declares and nobody handles, `NS.F(a,b)`: calling them is 501. */
  readonly unhandled: readonly string[];
  /** One request, one response; never throws. */
  handle(request: ODataRequest): Promise<ODataResponse>;
  /** Waits for what is running and closes the database. */
  close(): Promise<void>;
}

/** What a service is set to; every limit has a name, a default and an error that states both. */
export interface Settings {
  /** `@odata.type` on every entity, or only where the standard asks for it. */
  readonly typeAnnotations: 'always' | 'minimal';
  /** Items of a page when the client does not say (Protocol 8.2.8.5). */
  readonly pageSize: number;
  /** Items of a page at most, whatever the client says. */
  readonly maxPageSize: number;
  /** Milliseconds a reading statement may take. */
  readonly statementTime: number;
  /** Milliseconds the handler of a function may take. */
  readonly functionTime: number;
  /** Bytes of a request body. */
  readonly maxBodySize: number;
  /** Bytes of one stream. */
  readonly maxStreamSize: number;
  /** Requests of one batch. */
  readonly batchParts: number;
  /** Seconds for which the changes of tracked data are remembered; older delta links are gone. */
  readonly deltaRetention: number;
  /** Requests that may be worked on behind status monitors at once; further ones are answered directly. */
  readonly asyncJobs: number;
  /** Seconds for which the result of an asynchronous request is kept. */
  readonly asyncRetention: number;
  /** Seconds for which repeatable requests are remembered. */
  readonly repeatRetention: number;
}

/** The settings when nothing else is said. */
export const defaultSettings: Settings = {
  typeAnnotations: 'minimal',
  pageSize: 100,
  maxPageSize: 1000,
  statementTime: 2000,
  functionTime: 10_000,
  maxBodySize: 8 * 1024 * 1024,
  maxStreamSize: 1024 * 1024 * 1024,
  batchParts: 1000,
  deltaRetention: 7 * 24 * 60 * 60,
  asyncJobs: 100,
  asyncRetention: 24 * 60 * 60,
  repeatRetention: 24 * 60 * 60,
};

/** Everything a handler needs besides the request. */
export interface Engine {
  readonly name: string;
  readonly model: Model;
  readonly layout: Layout;
  readonly store: Store;
  readonly tracking: Tracking;
  readonly answers: Answers;
  readonly jobs: Jobs;
  readonly settings: Settings;
  /** What seals the places of pages, 32 bytes. */
  readonly key: Uint8Array;
  /** What recent reading URLs mean. Who may read is decided anew each time. */
  readonly urls: Recent<BoundUrl>;
  /** Statements of recent readings, by everything that goes into them. */
  readonly statements: Recent<Prepared>;
  readonly hooks: Hooks;
  readonly operations: Operations;
  /** How many requests of hooks and handlers this one stands within. */
  readonly depth: number;
  /** The one way in, for requests within requests: parts of a batch. */
  readonly answer: (request: ODataRequest, engine: Engine) => Promise<ODataResponse>;
  /** Told of every error that is not the client's, for the log. */
  readonly report: (error: unknown, request: ODataRequest) => void;
  /** `$metadata` and its kin, made once. */
  readonly documents: Documents;
}

/** A fixed answer and its strong ETag. */
export interface Document {
  readonly body: Buffer;
  readonly etag: string;
  readonly compressed: Compressed;
}

/** What `$metadata` is written in. */
export type MetadataForm = Pick<Negotiated, 'mediaType' | 'version' | 'metadata' | 'ieee754Compatible'>;

/** Fixed answers, by what they are written in. */
export interface Documents {
  metadata(form: MetadataForm): Document;
  /** Makes what is usually asked for, at once, and compresses it on other threads; stops when `signal` says so. */
  prepare(signal: AbortSignal): Promise<void>;
}
