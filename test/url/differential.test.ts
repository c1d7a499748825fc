import { deepEqual, ok } from 'node:assert/strict';
import { createRequire } from 'node:module';
import { ODataError } from '../../src/errors.js';
import { parseUrl } from '../../src/url/index.js';
import { shortUrls } from './short.js';

interface Peer {
  odataUri(text: string): unknown;
}
const peer: Peer = createRequire(import.meta.url)('odata-v4-parser');

/** What the other parser accepts and we refuse: how our message begins, and why. */
const reasons: readonly (readonly [message: RegExp, reason: string])[] = [
  [/is given more than once/, 'U5.1-2, U5.3-3: an option or alias stands once'],
  [/^path: expected the name of a resource/, 'ABNF odataIdentifier: no name begins so'],
  [/expected a non-negative integer/, 'U5.1.6-1: $top and $skip are digits only'],
  [/^\$search: expected a closing "/, 'U5.1.8.1-7: quotes come in pairs'],
];

/** Our message, or null when the URL is accepted. */
function refusal(text: string): string | null {
  try {
    parseUrl(text);
    return null;
  } catch (error) {
    if (error instanceof ODataError) return error.message;
    throw error;
  }
}

function isAccepted(text: string): boolean {
  try {
    peer.odataUri(text);
    return true;
  } catch {
    return false;
  }
}

describe('url: beside odata-v4-parser', () => {
  const urls = [...new Set(shortUrls(3_000, 7))];
  const accepted = urls.filter(isAccepted);
  const refused = accepted.flatMap((url) => {
    const message = refusal(url);
    return message === null ? [] : [{ url, message }];
  });

  it('asks both at least 2,000 different URLs, of which the other parser accepts many', () => {
    ok(urls.length >= 2_000 && accepted.length >= 800, `${urls.length}, ${accepted.length}`);
  });
  it('whatever it accepts is accepted, or refused for a listed reason', () => {
    deepEqual(
      refused.filter(({ message }) => !reasons.some(([pattern]) => pattern.test(message))),
      [],
    );
  });
  it('every reason has its URLs', () => {
    for (const [pattern, reason] of reasons)
      ok(
        refused.some(({ message }) => pattern.test(message)),
        reason,
      );
  });
});
