import { ODataError } from '../errors.js';
import type { ODataResponse } from '../protocol/index.js';
import type { Session, Store } from '../store/index.js';

/** A store within a transaction that is already open: everything joins it. */
export function joined(session: Session, store: Store): Store {
  return {
    committed: false,
    read: (statement) => session.all(statement),
    transaction: (work) => work(session),
    get statementsRun() {
      return store.statementsRun;
    },
    close: async () => {},
  };
}

/** Responses made within one transaction, which is undone when one of them tells of a failure. */
export async function allOrNothing(
  store: Store,
  work: (session: Session) => Promise<readonly ODataResponse[]>,
): Promise<readonly ODataResponse[]> {
  let failed: readonly ODataResponse[] | null = null;
  try {
    return await store.transaction(async (session) => {
      const responses = await work(session);
      if (responses.every(({ status }) => status < 400)) return responses;
      failed = responses;
      throw new ODataError('FailedDependency', 'A request failed: everything is undone.');
    });
  } catch (error) {
    if (failed !== null) return failed;
    throw error;
  }
}
