import assert from 'node:assert/strict';
import { type Headers, negotiate } from '../../src/protocol/index.js';
import { refusal } from '../refusal.js';

const json = ['application/json'];
const metadata = ['application/xml', 'application/json'];
const raw = ['text/plain'];

/** [url, headers, offered, expected `mediaType|level|ieee|charset`] */
const formats: readonly [url: string, headers: Headers, offered: readonly string[], expected: string][] = [
  ['a', {}, json, 'application/json|minimal|false|null'],
  ['a', { accept: '' }, json, 'application/json|minimal|false|null'],
  ['a', { accept: '*/*' }, json, 'application/json|minimal|false|null'],
  ['a', { accept: 'application/*' }, json, 'application/json|minimal|false|null'],
  ['a', { accept: 'application/json;odata.metadata=full' }, json, 'application/json|full|false|null'],
  ['a', { accept: 'application/json; METADATA=None' }, json, 'application/json|none|false|null'],
  [
    'a',
    { accept: 'application/json;odata.metadata=minimal;IEEE754Compatible=true' },
    json,
    'application/json|minimal|true|null',
  ],
  [
    'a',
    { accept: 'application/json;ExponentialDecimals=true;streaming=true' },
    json,
    'application/json|minimal|false|null',
  ],
  ['a', { accept: 'application/json;charset=UTF-8' }, json, 'application/json|minimal|false|utf-8'],
  [
    'a',
    { accept: 'application/json;charset=latin1', 'accept-charset': 'utf-8' },
    json,
    'application/json|minimal|false|utf-8',
  ],
  ['a', { accept: 'application/json;odata=verbose,text/plain' }, json, 'application/json|minimal|false|null'],
  ['a', { accept: 'application/json, text/javascript, */*; q=0.01' }, json, 'application/json|minimal|false|null'],
  ['a', { accept: 'application/json;metadata=bogus, */*;q=0.1' }, json, 'application/json|minimal|false|null'],
  [
    'a',
    { accept: 'application/json;metadata=none;q=0.5,application/json;metadata=full' },
    json,
    'application/json|full|false|null',
  ],
  ['a', { accept: 'not a range, application/json' }, json, 'application/json|minimal|false|null'],
  ['a?$format=json', { accept: 'application/xml' }, json, 'application/json|minimal|false|null'],
  ['a?x=1&FORMAT=JSON', {}, metadata, 'application/json|minimal|false|null'],
  ['a?%24format=application%2Fjson%3Bmetadata%3Dfull', {}, json, 'application/json|full|false|null'],
  ['a?$format=application/json;odata.metadata=none', {}, json, 'application/json|none|false|null'],
  ['$metadata', {}, metadata, 'application/xml|minimal|false|null'],
  ['$metadata', { accept: '*/*' }, metadata, 'application/xml|minimal|false|null'],
  ['$metadata', { accept: 'application/json' }, metadata, 'application/json|minimal|false|null'],
  ['$metadata', { accept: 'application/xml;q=0, */*' }, metadata, 'application/json|minimal|false|null'],
  [
    '$metadata',
    { accept: 'text/html,application/xml;q=0.9,*/*;q=0.8' },
    metadata,
    'application/xml|minimal|false|null',
  ],
  ['$metadata?$format=xml', { accept: 'application/json' }, metadata, 'application/xml|minimal|false|null'],
  ['a/$count', { accept: 'application/json;odata.metadata=minimal' }, raw, 'text/plain|minimal|false|null'],
  ['a/$value', { accept: 'text/*' }, raw, 'text/plain|minimal|false|null'],
];

const refusals: readonly [url: string, headers: Headers, offered: readonly string[], code: string, target: string][] = [
  ['a', { accept: 'text/html' }, json, 'NotAcceptable', 'Accept'],
  ['a', { accept: 'application/json;q=0' }, json, 'NotAcceptable', 'Accept'],
  ['a', { accept: 'application/json;metadata=verbose' }, json, 'NotAcceptable', 'Accept'],
  ['a', { accept: 'application/json;IEEE754Compatible=yes' }, json, 'NotAcceptable', 'Accept'],
  ['a', { accept: 'application/json;odata=verbose', prefer: 'handling=strict' }, json, 'NotAcceptable', 'Accept'],
  ['a', { accept: 'application/json;charset=latin1' }, json, 'NotAcceptable', 'Accept'],
  ['a', { 'accept-charset': 'latin1' }, json, 'NotAcceptable', 'Accept-Charset'],
  ['a', { 'accept-charset': 'utf-8;q=0, *' }, json, 'NotAcceptable', 'Accept-Charset'],
  ['a?$format=xml', { accept: 'application/json' }, json, 'NotAcceptable', '$format'],
  ['a?$format=json;metadata=full', {}, json, 'NotAcceptable', '$format'],
  ['a?$format=atom', {}, metadata, 'NotAcceptable', '$format'],
  ['a?$format=', {}, json, 'NotAcceptable', '$format'],
  ['a', { isolation: 'snapshot' }, json, 'PreconditionFailed', 'Isolation'],
  ['a', { 'odata-isolation': 'snapshot' }, json, 'PreconditionFailed', 'Isolation'],
  ['a', { 'odata-version': '5.0' }, json, 'UnsupportedVersion', 'OData-Version'],
  ['a', { 'odata-maxversion': '3.0' }, json, 'UnsupportedVersion', 'OData-MaxVersion'],
  ['a', { 'odata-maxversion': 'new' }, json, 'MalformedHeader', 'OData-MaxVersion'],
];

/** [OData-Version, OData-MaxVersion, version of the answer] */
const versions: readonly [stated: string | undefined, most: string | undefined, answer: string][] = [
  [undefined, undefined, '4.0'],
  ['4.0', undefined, '4.0'],
  ['4.01', undefined, '4.01'],
  [undefined, '4.0', '4.0'],
  ['4.01', '4.0', '4.0'],
  ['4.0', '4.01', '4.01'],
  [undefined, '4.1', '4.01'],
  [undefined, '5.0', '4.01'],
  [undefined, '4.00', '4.0'],
  ['4.0;NetFx', '4.0;NetFx', '4.0'],
];

describe('protocol: negotiation', () => {
  for (const [url, headers, offered, expected] of formats)
    it(`${url} ${JSON.stringify(headers)} → ${expected}`, () => {
      const { mediaType, metadata, ieee754Compatible, charset } = negotiate({ url, headers }, offered);
      assert.equal([mediaType, metadata, ieee754Compatible, charset].map(String).join('|'), expected);
    });
  for (const [url, headers, offered, code, target] of refusals)
    it(`${url} ${JSON.stringify(headers)} is ${code}`, () => {
      assert.deepEqual(
        refusal(() => negotiate({ url, headers }, offered)),
        [code, target],
      );
    });
  for (const [stated, most, answer] of versions)
    it(`OData-Version ${stated}, OData-MaxVersion ${most}: answered in ${answer}`, () => {
      const headers = { 'odata-version': stated, 'odata-maxversion': most };
      assert.equal(negotiate({ url: '', headers }).version, answer);
    });
  it('the usual version is a setting', () => {
    assert.equal(negotiate({ url: '', headers: {} }, json, '4.01').version, '4.01');
  });
  it('a percent sign in $format that encodes nothing is refused', () => {
    assert.deepEqual(
      refusal(() => negotiate({ url: 'a?$format=%zz', headers: {} })),
      ['MalformedUrl', null],
    );
  });
  it('long headers are read in linear time', () => {
    for (const text of ['",'.repeat(50_000), 'a/b;'.repeat(50_000), '"\\'.repeat(50_000)])
      refusal(() => negotiate({ url: '', headers: { accept: text, prefer: text } }));
  });
});
