import assert from 'node:assert/strict';
import * as api from '../src/index.js';

/** What users may rely on. A change here is a change of the product. */
const names = [
  'ODataError',
  'anonymous',
  'bearer',
  'checkFile',
  'createApp',
  'createService',
  'development',
  'listen',
  'loadModel',
  'openSqlite',
  'printProblems',
  'problemsToJson',
  'readModel',
];

describe('the public API', () => {
  it('is what is listed here', () => assert.deepEqual(Object.keys(api).sort(), names));
});
