import assert from 'node:assert/strict';
import { type Headers, readContentType, refuseEncoding } from '../../src/protocol/index.js';
import { refusal } from '../refusal.js';

const read: readonly [headers: Headers, accepted: readonly string[], expected: string][] = [
  [{ 'content-type': 'application/json' }, ['application/json'], 'application/json|4.01|false|null'],
  [
    { 'content-type': 'application/json;charset=UTF-8;IEEE754Compatible=true', 'odata-version': '4.0' },
    ['application/json'],
    'application/json|4.0|true|null',
  ],
  [
    { 'content-type': 'Application/JSON; odata=verbose', 'odata-maxversion': '4.0' },
    ['application/json'],
    'application/json|4.0|false|null',
  ],
  [
    { 'content-type': 'application/json', 'odata-version': '4.01', 'odata-maxversion': '4.0' },
    ['application/json'],
    'application/json|4.01|false|null',
  ],
  [
    { 'content-type': 'multipart/mixed; charset=UTF-8;boundary="batch_a b"' },
    ['application/json', 'multipart/mixed'],
    'multipart/mixed|4.01|false|batch_a b',
  ],
  [{ 'content-type': 'image/png' }, ['*/*'], 'image/png|4.01|false|null'],
];

const refused: readonly [headers: Headers, code: string, target: string][] = [
  [{}, 'UnsupportedMediaType', 'Content-Type'],
  [{ 'content-type': 'json' }, 'UnsupportedMediaType', 'Content-Type'],
  [{ 'content-type': 'text/plain' }, 'UnsupportedMediaType', 'Content-Type'],
  [{ 'content-type': 'application/xml' }, 'UnsupportedMediaType', 'Content-Type'],
  [{ 'content-type': 'application/json;charset=latin1' }, 'UnsupportedMediaType', 'Content-Type'],
  [{ 'content-type': 'application/json', 'odata-version': '4.02' }, 'UnsupportedVersion', 'OData-Version'],
];

describe('protocol: the body of a request', () => {
  for (const [headers, accepted, expected] of read)
    it(`${JSON.stringify(headers)} → ${expected}`, () => {
      const { mediaType, version, ieee754Compatible, boundary } = readContentType(headers, accepted);
      assert.equal([mediaType, version, ieee754Compatible, boundary].map(String).join('|'), expected);
    });
  for (const [headers, code, target] of refused)
    it(`${JSON.stringify(headers)} is ${code}`, () => {
      assert.deepEqual(
        refusal(() => readContentType(headers)),
        [code, target],
      );
    });
  it('an encoded body is refused, identity is none', () => {
    assert.deepEqual(
      refusal(() => refuseEncoding({ 'content-encoding': 'gzip' })),
      ['UnsupportedMediaType', 'Content-Encoding'],
    );
    refuseEncoding({ 'content-encoding': 'identity' });
    refuseEncoding({});
  });
});
