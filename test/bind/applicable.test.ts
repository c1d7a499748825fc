import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { bindUrl } from '../../src/bind/index.js';
import { readModel } from '../../src/index.js';
import { parseUrl } from '../../src/url/index.js';
import { libraryFolder } from '../model/library.js';
import { refusal } from '../refusal.js';

const file = `${libraryFolder}/schema/library.csdl.xml`;
const model = readModel({ file, text: readFileSync(file, 'utf8') });

const options: Readonly<Record<string, string>> = {
  $compute: '1 as One',
  $expand: '*',
  $select: '*',
  $filter: 'true',
  $search: 'x',
  $count: 'true',
  $orderby: '1',
  $skip: '1',
  $top: '1',
  $levels: '1',
  $id: 'Books(1)',
  $skiptoken: 'x',
};
const shaping = ['$compute', '$expand', '$select'];
const listing = ['$filter', '$search', '$count', '$orderby', '$skip', '$top', '$skiptoken'];

const rows: readonly (readonly [path: string, applicable: readonly string[]])[] = [
  ['', []],
  ['$metadata', []],
  ['$batch', []],
  ['Books', [...shaping, ...listing]],
  ['Books(1)', shaping],
  ['Books(1)/Copies', [...shaping, ...listing]],
  ['Books(1)/Size', shaping],
  ['Authors(1)/Former', [...shaping, ...listing]],
  ['Books(1)/Tags', listing],
  ['Books(1)/Title', []],
  ['Books(1)/Title/$value', []],
  ['Books/$count', ['$filter', '$search', '$orderby', '$skip', '$top', '$expand']],
  ['Books(1)/Author/$ref', ['$id']],
  ['Books(1)/Topics/$ref', [...listing, '$id']],
];

describe('bind: applicable options (U5.1-4, U5.1-8, U5.1-3)', () => {
  for (const [path, applicable] of rows)
    for (const [option, value] of Object.entries(options)) {
      const url = `${path}?${option}=${value}`;
      if (applicable.includes(option)) it(`${url} is`, () => void bindUrl(parseUrl(url), model));
      else
        it(`${url} is not`, () => {
          const refused = refusal(() => bindUrl(parseUrl(url), model));
          assert.deepEqual(refused, ['QueryOptionNotApplicable', option]);
        });
    }
  it('whatever the resource, $format and $schemaversion are', () => {
    for (const [path] of rows) bindUrl(parseUrl(`${path}?$format=json&$schemaversion=*&debug=1&@a=1`), model);
  });
});
