import assert from 'node:assert/strict';
import { checkPreconditions, type Headers, type PreconditionOptions, writeETag } from '../../src/protocol/index.js';
import { refusal } from '../refusal.js';

const current = 'W/"1"';
const match = (value: string): Headers => ({ 'if-match': value });
const noneMatch = (value: string): Headers => ({ 'if-none-match': value });

const rows: readonly [
  current: string | null,
  headers: Headers,
  purpose: 'read' | 'write',
  expected: string,
  options?: PreconditionOptions,
][] = [
  [current, {}, 'read', 'proceed'],
  [current, {}, 'write', 'proceed'],
  [null, {}, 'write', 'proceed'],
  // Protocol 8.2.4
  [current, match('W/"1"'), 'write', 'proceed'],
  [current, match('"1"'), 'write', 'proceed'],
  [current, match('W/"0", W/"1"'), 'write', 'proceed'],
  [current, match('W/"2"'), 'write', 'PreconditionFailed If-Match'],
  [current, match('W/"2"'), 'read', 'PreconditionFailed If-Match'],
  [current, match('*'), 'write', 'proceed'],
  [null, match('*'), 'write', 'PreconditionFailed If-Match'],
  [null, match('W/"1"'), 'write', 'PreconditionFailed If-Match'],
  [null, match('*'), 'write', 'proceed', { exists: true }],
  [null, match('W/"1"'), 'write', 'PreconditionFailed If-Match', { exists: true }],
  [current, {}, 'write', 'PreconditionRequired If-Match', { required: true }],
  [current, match('W/"1"'), 'write', 'proceed', { required: true }],
  [null, {}, 'write', 'proceed', { required: true }],
  [current, {}, 'read', 'proceed', { required: true }],
  // Protocol 8.2.5
  [current, noneMatch('W/"1"'), 'read', 'notModified'],
  [current, noneMatch('"1"'), 'read', 'notModified'],
  [current, noneMatch('W/"2", W/"1"'), 'read', 'notModified'],
  [current, noneMatch('W/"2"'), 'read', 'proceed'],
  [current, noneMatch('*'), 'read', 'notModified'],
  [current, noneMatch('W/"1"'), 'write', 'PreconditionFailed If-None-Match'],
  [current, noneMatch('*'), 'write', 'PreconditionFailed If-None-Match'],
  [null, noneMatch('*'), 'write', 'proceed'],
  // an opaque tag may hold a comma
  ['W/"a,b"', match('W/"a,b"'), 'write', 'proceed'],
  // malformed
  [current, match('1'), 'write', 'MalformedHeader If-Match'],
  [current, match('W/"1'), 'write', 'MalformedHeader If-Match'],
  [current, match(''), 'write', 'MalformedHeader If-Match'],
  [current, noneMatch('W/"1", *'), 'read', 'MalformedHeader If-None-Match'],
];

describe('protocol: ETags', () => {
  for (const [etag, headers, purpose, expected, options] of rows)
    it(`${purpose} of ${etag} with ${JSON.stringify({ ...headers, ...options })}: ${expected}`, () => {
      const work = () => checkPreconditions(etag, headers, purpose, options);
      if (expected.includes(' ')) assert.deepEqual(refusal(work).join(' '), expected);
      else assert.equal(work(), expected);
    });
  it('a written ETag is weak', () => assert.equal(writeETag('7'), 'W/"7"'));
});
