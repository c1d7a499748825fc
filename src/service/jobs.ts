import { randomUUID } from 'node:crypto';
import { annotationOf, booleanValue } from '../edm/index.js';
import { ODataError } from '../errors.js';
import {
  commonHeaders,
  errorResponse,
  negotiateError,
  type ODataRequest,
  type ODataResponse,
  parsePreferences,
  withoutPreference,
} from '../protocol/index.js';
import type { AnswerKey, Store } from '../store/index.js';
import { kept, ownerOf, whole } from './kept-answer.js';
import type { Engine } from './service.js';

/** The first segment of the URLs of status monitors; no resource has it. */
export const monitorPath = '$monitor/';

/** A request that is being worked on behind a status monitor. */
interface Job {
  readonly owner: string;
  cancelled: boolean;
  /** Something of it is in the database already. */
  committed: boolean;
}

/** The jobs of this process, by id. */
export class Jobs {
  private readonly running = new Map<string, Job>();

  get count(): number {
    return this.running.size;
  }

  start({ id, owner }: AnswerKey): Job {
    const job: Job = { owner, cancelled: false, committed: false };
    this.running.set(id, job);
    return job;
  }

  end({ id }: AnswerKey): void {
    this.running.delete(id);
  }

  /** Stops a job before it changes anything: true. False when it has changed something already; null: it does not run here. */
  cancel({ id, owner }: AnswerKey): boolean | null {
    const job = this.running.get(id);
    if (job?.owner !== owner) return null;
    if (!job.committed) job.cancelled = true;
    return job.cancelled;
  }
}

/** Whether a request may be answered later: it prefers so, the model does not exclude it, and there are not too many already. */
export function isForLater({ method, headers, user, stream }: ODataRequest, engine: Engine): boolean {
  if (!parsePreferences(headers).respondAsync || user === null || stream !== undefined) return false;
  if (method === 'OPTIONS' || !engine.store.committed || engine.jobs.count >= engine.settings.asyncJobs) return false;
  const { container } = engine.model;
  const supported =
    container === null ? null : annotationOf(container, 'Org.OData.Capabilities.V1.AsynchronousRequestsSupported');
  return supported === null || booleanValue(supported) !== false;
}

/**
 * Works on a request and answers 202 with the URL of a status monitor (Protocol 11.6), at once or when the time is over that the
 * client would wait for the answer itself (Protocol 8.2.8.10).
 */
export async function answerLater(
  request: ODataRequest,
  engine: Engine,
  work: (request: ODataRequest, engine: Engine) => Promise<ODataResponse>,
): Promise<ODataResponse> {
  const { wait } = parsePreferences(request.headers);
  const id = randomUUID();
  const key: AnswerKey = { purpose: 'job', id, owner: ownerOf(request.user) };
  const plain = { ...request, headers: withoutPreference(request.headers, 'respond-async') };
  const begin = () => engine.answers.begin(key, request.method);
  if (wait === null || wait === 0) await begin();
  const job = engine.jobs.start(key);
  const done = work(plain, { ...engine, store: stoppable(engine.store, job) })
    .then(whole)
    .finally(() => engine.jobs.end(key));
  const early = wait === null || wait === 0 ? null : await within(done, wait);
  if (early !== null) return early;
  if (wait !== null && wait !== 0) await begin();
  void done
    .then(async (response) => engine.answers.finish(key, await kept(response)))
    .catch((error) => engine.report(error, request));
  return accepted(request, id);
}

/** The answer when it comes within so many seconds; null: it does not. */
async function within(done: Promise<ODataResponse>, seconds: number): Promise<ODataResponse | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.min(seconds, 600) * 1000);
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** 202: to be asked for at the status monitor (Protocol 8.3.3, 9.1.3). */
export function accepted({ base, headers }: ODataRequest, id: string, first = true): ODataResponse {
  const common = commonHeaders(negotiateError(headers).version);
  const applied: Readonly<Record<string, string>> = first ? { 'Preference-Applied': 'respond-async' } : {};
  return {
    status: 202,
    headers: { ...common, Location: `${base}${monitorPath}${id}`, 'Retry-After': '1', ...applied },
    body: null,
  };
}

/** A store whose transactions come to nothing once the job is cancelled. */
function stoppable(store: Store, job: Job): Store {
  return {
    committed: store.committed,
    read: (statement, options) => store.read(statement, options),
    transaction: async (work) => {
      const result = await store.transaction(async (session) => {
        const made = await work(session);
        if (job.cancelled) throw new ODataError('ServiceUnavailable', 'The request was cancelled.');
        job.committed = true; // from here on nothing is awaited before the commit
        return made;
      });
      return result;
    },
    get statementsRun() {
      return store.statementsRun;
    },
    close: () => store.close(),
  };
}

/** What was being worked on when the service ended fails, and says why. */
export async function endInterrupted({ answers }: Engine): Promise<void> {
  const error = new ODataError(
    'ServiceUnavailable',
    'The service was restarted while it worked on this request; look whether it was done, and send it again if not.',
  );
  await answers.interrupt('job', await kept(errorResponse(error, negotiateError({}), 'restart')));
}
