import { type BoundUrl, bindUrl } from '../../src/bind/index.js';
import { ODataError } from '../../src/errors.js';
import { parseUrl } from '../../src/url/index.js';
import { base, type Answer as Reply, type World } from '../model/inline.js';
import { type Answer, answer } from './answer.js';
import { difference } from './compare.js';
import { type Data, model } from './data.js';
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
  const pages = await readAll(question, world);
  const refused = pages.find(({ status }) => status === 501);
  if (refused !== undefined)
    return { kind: 'refused', text: refused.json?.error?.message ?? refused.text, bound, expected };
  const found = difference(expected, pages);
  return found === null
    ? { kind: 'agree', text: '', bound, expected }
    : { kind: 'differ', text: found, bound, expected };
}

/** Follows next links to the end. */
async function readAll({ url, pageSize }: Question, world: World): Promise<readonly Reply[]> {
  const pages: Reply[] = [];
  const headers = { 'odata-maxversion': '4.0', ...(pageSize === null ? {} : { prefer: `maxpagesize=${pageSize}` }) };
  for (let next: string | undefined = url; next !== undefined && pages.length < 100; ) {
    const reply: Reply = await world.ask('GET', next, { headers });
    pages.push(reply);
    const link: unknown = reply.json?.['@odata.nextLink'];
    next = typeof link === 'string' ? link.slice(base.length) : undefined;
  }
  return pages;
}
