import { type BoundOptions, type BoundUrl, bindUrl } from '../../src/bind/index.js';
import { ODataError } from '../../src/errors.js';
import { parseUrl } from '../../src/url/index.js';
import type { World } from '../model/inline.js';
import { type Answer, answer } from './answer.js';
import { difference } from './compare.js';
import { type Data, model } from './data.js';
import { readAll } from './pages.js';
import type { Question } from './questions.js';
import { Undefined } from './value.js';

export interface Verdict {
  /** `undefined`: nothing can be said about it; `refused`: the service says that it cannot. */
  readonly kind: 'agree' | 'differ' | 'undefined' | 'refused';
  readonly text: string;
  readonly bound: BoundUrl | null;
  readonly expected: Answer | null;
}

/** Asks the service, evaluates the same in memory, and compares. */
export async function ask(question: Question, data: Data, world: World): Promise<Verdict> {
  let bound: BoundUrl | null = null;
  let expected: Answer | null = null;
  try {
    bound = bindUrl(parseUrl(question.url), model);
    expected = answer(bound, data);
  } catch (error) {
    if (error instanceof ODataError)
      return { kind: error.code === 'NotImplemented' ? 'refused' : 'differ', text: error.message, bound, expected };
    if (!(error instanceof Undefined)) throw error;
    return { kind: 'undefined', text: error.message, bound, expected };
  }
  const received = await readAll(world, question.url, headersOf(question));
  const isTooMuch = received.status === 400 && received.text.includes('"LimitExceeded"');
  if (isTooMuch) return { kind: 'undefined', text: received.text, bound, expected };
  if (received.status === 400 && isUndefinedSomewhere(bound, expected, data))
    return { kind: 'undefined', text: received.text, bound, expected };
  if (received.status === 501) return { kind: 'refused', text: received.text, bound, expected };
  const found = difference(expected, received);
  return found === null
    ? { kind: 'agree', text: '', bound, expected }
    : { kind: 'differ', text: found, bound, expected };
}

function headersOf({ pageSize }: Question): Readonly<Record<string, string>> {
  return { 'odata-maxversion': '4.0', ...(pageSize === null ? {} : { prefer: `maxpagesize=${pageSize}` }) };
}

/** Whether something cannot be computed for a row that is not shown: a database need not evaluate in the order of the standard. */
function isUndefinedSomewhere(bound: BoundUrl, expected: Answer, data: Data): boolean {
  if ('of' in expected && expected.of === 0) return true; // what is the same for every row is evaluated for none, too
  return [true, false].some((filtering) => {
    try {
      answer({ ...bound, options: unlimited(bound.options, filtering) }, data);
      return false;
    } catch (error) {
      if (error instanceof Undefined) return true;
      throw error;
    }
  });
}

function unlimited(options: BoundOptions, filtering: boolean): BoundOptions {
  const { projection } = options;
  return {
    ...options,
    top: null,
    skip: null,
    search: null,
    filter: filtering ? options.filter : null,
    projection: projection && {
      ...projection,
      expanded: projection.expanded.map((one) => ({ ...one, options: unlimited(one.options, filtering) })),
    },
  };
}
