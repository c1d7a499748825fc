import assert from 'node:assert/strict';
import { ODataError } from '../../src/errors.js';
import { contentHeaders, errorResponse, type Negotiated, negotiateError } from '../../src/protocol/index.js';

const minimal: Negotiated = {
  version: '4.0',
  mediaType: 'application/json',
  metadata: 'minimal',
  ieee754Compatible: false,
  charset: null,
};

const types: readonly [change: Partial<Negotiated>, contentType: string][] = [
  [{}, 'application/json;odata.metadata=minimal'],
  [{ version: '4.01', metadata: 'full' }, 'application/json;metadata=full'],
  [{ ieee754Compatible: true }, 'application/json;odata.metadata=minimal;IEEE754Compatible=true'],
  [{ metadata: 'none', charset: 'utf-8' }, 'application/json;odata.metadata=none;charset=utf-8'],
  [{ mediaType: 'application/xml' }, 'application/xml'],
  [{ mediaType: 'text/plain', charset: 'utf-8' }, 'text/plain;charset=utf-8'],
];

describe('protocol: responses', () => {
  for (const [change, contentType] of types)
    it(contentType, () => {
      const headers = contentHeaders({ ...minimal, ...change });
      assert.equal(headers['Content-Type'], contentType);
      assert.equal(headers['OData-Version'], change.version ?? '4.0');
      for (const name of ['Accept', 'OData-MaxVersion', 'Prefer']) assert.ok(headers.Vary?.includes(name));
    });

  it('an error says what it is, with details and its own headers', () => {
    const inner = new ODataError('TypeMismatch', 'Not a number.', 'b/c');
    const error = new ODataError('ValidationFailed', 'Two problems.', 'b', {
      details: [new ODataError('MissingValue', 'No a.', 'a', { details: [inner] })],
      headers: { Allow: 'GET' },
    });
    const { status, headers, body } = errorResponse(error, { ...minimal, mediaType: 'application/xml' }, 'r1');
    assert.equal(status, 400);
    assert.equal(headers.Allow, 'GET');
    assert.equal(headers['Content-Language'], 'en');
    assert.equal(headers['Content-Type'], 'application/json;odata.metadata=minimal');
    assert.deepEqual(JSON.parse(String(body)), {
      error: {
        code: 'ValidationFailed',
        message: 'Two problems.',
        target: 'b',
        details: [
          { code: 'MissingValue', message: 'No a.', target: 'a' },
          { code: 'TypeMismatch', message: 'Not a number.', target: 'b/c' },
        ],
        innererror: { 'request-id': 'r1' },
      },
    });
  });

  it('an error that is our own fault tells nothing', () => {
    for (const thrown of [new Error('select * from "secret"'), 'text', undefined]) {
      const { status, body } = errorResponse(thrown, minimal, 'r2');
      assert.equal(status, 500);
      const { error } = JSON.parse(String(body));
      assert.equal(error.code, 'InternalError');
      assert.match(error.message, /r2/);
      assert.doesNotMatch(String(body), /secret|stack/);
    }
  });

  it('a version that cannot be understood is answered in 4.0', () => {
    assert.equal(negotiateError({ 'odata-version': '7' }).version, '4.0');
    assert.equal(negotiateError({ 'odata-maxversion': '4.01' }).version, '4.01');
  });
});
