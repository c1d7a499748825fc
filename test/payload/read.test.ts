import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { ODataError } from '../../src/errors.js';
import type { JsonNode } from '../../src/payload/json.js';
import { parseJson, printJson } from '../../src/payload/read.js';

function code(body: string | Uint8Array): string {
  try {
    parseJson(body);
  } catch (error) {
    assert.ok(error instanceof ODataError, String(error));
    return `${error.code} ${error.target}`;
  }
  return 'none';
}

describe('reading JSON', () => {
  const same = [
    'null',
    'true',
    '[]',
    '{}',
    '9007199254740993',
    '-0.10e+5',
    '"a\\"b"',
    '{"__proto__":{"constructor":1}}',
    '[1,[2,{"a":[]}]]',
  ];
  for (const text of same) it(`keeps ${text}`, () => assert.equal(printJson(parseJson(text)), text));

  it('reads every escape', () => {
    const node = parseJson('"\\u0041\\n\\t\\/\\\\\\ud83d\\ude00é"');
    assert.equal(node.kind === 'string' && node.value, 'A\n\t/\\😀é');
  });
  it('knows where values stand', () => {
    const node = parseJson(' [ 1,\n "x"]');
    assert.deepEqual(node.kind === 'array' && node.items.map(({ at }) => at), [3, 7]);
  });
  it('ignores a byte order mark', () => assert.equal(parseJson(Buffer.from('\ufeff1')).kind, 'number'));

  const refused: [string | Uint8Array, string][] = [
    ['', 'MalformedBody null'],
    ['{', 'MalformedBody null'],
    ['{"a":}', 'MalformedBody a'],
    ['{"a":1,}', 'MalformedBody null'],
    ['[1,]', 'MalformedBody 1'],
    ['{a:1}', 'MalformedBody null'],
    ["'a'", 'MalformedBody null'],
    ['01', 'MalformedBody null'],
    ['1.', 'MalformedBody null'],
    ['+1', 'MalformedBody null'],
    ['NaN', 'MalformedBody null'],
    ['"a', 'MalformedBody null'],
    ['"\n"', 'MalformedBody null'],
    ['"\\x"', 'MalformedBody null'],
    ['"\\u12g4"', 'MalformedBody null'],
    ['1 2', 'MalformedBody null'],
    ['nul', 'MalformedBody null'],
    ['{"a":[{"b":1,"b":2}]}', 'DuplicateMember a/0/b'],
    ['{"a":1,"\\u0061":2}', 'DuplicateMember a'],
    [Buffer.from([0x22, 0xff, 0x22]), 'MalformedBody null'],
    [Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'MalformedBody null'],
    ['['.repeat(101), 'LimitExceeded null'],
    ['['.repeat(1_000_000), 'LimitExceeded null'],
    ['{"a":'.repeat(1_000), 'LimitExceeded null'],
    [`[${'1,'.repeat(200_000)}1]`, 'LimitExceeded null'],
  ];
  for (const [body, expected] of refused)
    it(`J4.2-2 refuses ${JSON.stringify(String(body).slice(0, 30))}`, () => assert.equal(code(body), expected));

  it('names limit and setting', () => assert.throws(() => parseJson('['.repeat(101)), /100.*bodyDepth/));
  it('says where the text breaks off', () => assert.throws(() => parseJson('{\n  "a": x\n}'), /line 2, column 8/));
  it('takes linear time for a text of 1 MB', () => {
    const text = JSON.stringify(
      Array.from({ length: 9_000 }, (_, id) => ({ id, name: 'x'.repeat(60), list: [1, 2], ok: true })),
    );
    parseJson(Buffer.from(text));
  });

  it('agrees with JSON.parse', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => assert.deepEqual(plain(parseJson(text)), JSON.parse(text))),
      { numRuns: 300, seed: 1 },
    );
  });
  it('prints what it has read', () => {
    fc.assert(
      fc.property(fc.json(), (text) =>
        assert.equal(printJson(parseJson(printJson(parseJson(text)))), printJson(parseJson(text))),
      ),
      { numRuns: 200, seed: 2 },
    );
  });
  it('throws nothing but ODataError', () => {
    const noise = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        'u',
        '1',
        '-',
        'e',
        '.',
        'true',
        ' ',
        '\u0000',
        '\ud800',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(noise, (parts) => void code(parts.join(''))),
      { numRuns: 1000, seed: 3 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void code(bytes)),
      { numRuns: 300, seed: 4 },
    );
  });
});

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'null':
      return null;
    case 'boolean':
    case 'string':
      return node.value;
    case 'number':
      return Number(node.text);
    case 'array':
      return node.items.map(plain);
    case 'object': {
      const object = {};
      for (const [name, value] of node.members)
        Object.defineProperty(object, name, {
          value: plain(value),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return object;
    }
  }
}
