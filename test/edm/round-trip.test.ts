import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { validateXML } from 'xmllint-wasm';
import { type Model, openFile, openModel, writeJson, writeXml } from '../../src/edm/index.js';
import { canonical } from './equal.js';
import { everything } from './everything.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const shared = join(root, '../shared');

function read(text: string, like: string): Model {
  const { model } = openModel({ file: like, text });
  assert.ok(model !== null, like);
  return model;
}

function opened(path: string): Model {
  const { model } = openFile(path);
  assert.ok(model !== null, path);
  return model;
}

const vocabularies = join(shared, 'vocabularies');
const files: readonly (readonly [string, () => Model])[] = [
  ['a model with everything', () => read(everything, 'everything.xml')],
  ['the profile model', () => opened(join(root, 'schema/profile.csdl.xml'))],
  ['the vocabulary of Edmund', () => opened(join(root, 'src/edm/vocabularies/Edmund.V1.xml'))],
  ...(existsSync(vocabularies) ? readdirSync(vocabularies).filter((name) => /\.(?:xml|json)$/.test(name)) : []).map(
    (name) => [name, () => opened(join(vocabularies, name))] as const,
  ),
  ...(existsSync(join(shared, 'graph'))
    ? [
        [
          'the Graph model',
          () => read(mended(readFileSync(join(shared, 'graph/v1.0-Prod.csdl'), 'utf8')), 'graph.xml'),
        ] as const,
      ]
    : []),
];

/** Graph's own faults against the schemas: AppliesTo and Qualifier with names of types, enumerations without members. */
function mended(text: string): string {
  return text
    .replace(/ AppliesTo="[^"]*"/g, '')
    .replace(/Qualifier="Org[^"]*"/g, 'Qualifier="q"')
    .replace(/<EnumType Name="(\w+)"\s*\/>/g, '<EnumType Name="$1"><Member Name="none" Value="0" /></EnumType>');
}

describe('edm: round trips (C2-8, C2-9, C2-12, C4-1, C4-3, C16-1, C16-2, C16-4)', function () {
  this.timeout(20_000);
  const schema = join(shared, 'csdl-schemas/csdl.schema.json');
  const validate = existsSync(schema)
    ? new Ajv({ strict: false, allErrors: false, validateFormats: false }).compile(
        JSON.parse(readFileSync(schema, 'utf8')),
      )
    : null;

  for (const [name, open] of files) {
    it(`${name}: XML, JSON and XML again are the same model`, () => {
      const model = open();
      const wanted = canonical(model);
      const json = writeJson(model, { version: '4.01' });
      const fromJson = read(json, model.main.file);
      assert.deepEqual(canonical(fromJson), wanted);
      const xml = writeXml(fromJson, { version: '4.01' });
      assert.deepEqual(canonical(read(xml, model.main.file)), wanted);
    });
  }

  for (const [name, open] of files) {
    it(`${name}: the JSON satisfies the schema of the standard (C2-14)`, function () {
      if (validate === null) return this.skip();
      const model = open();
      for (const version of ['4.0', '4.01'] as const) {
        assert.ok(
          validate(oneKind(JSON.parse(writeJson(model, { version })))),
          `${version}: ${JSON.stringify(validate.errors?.slice(0, 3))}`,
        );
      }
    });
  }

  it('all XML satisfies the schemas of the standard (C2-14, C4-2)', async function () {
    const schemas = join(shared, 'csdl-schemas');
    if (!existsSync(schemas)) return this.skip();
    const schema = (fileName: string) => ({ fileName, contents: readFileSync(join(schemas, fileName), 'utf8') });
    const xml = files.flatMap(([name, open]) => {
      const model = open();
      return (['4.0', '4.01'] as const).map((version) => ({
        fileName: `${name.replaceAll(' ', '-')}-${version}.xml`,
        contents: writeXml(model, { version }),
      }));
    });
    const options = { initialMemoryPages: 2048, maxMemoryPages: 32_768 };
    const main = schema('edmx.xsd');
    const { valid, errors } = await validateXML({ xml, schema: [main], preload: [schema('edm.xsd')], ...options });
    assert.deepEqual(errors.map(({ rawMessage }) => rawMessage).slice(0, 5), []);
    assert.ok(valid);
    const broken = { fileName: 'broken.xml', contents: xml[0]?.contents.replace('<Schema ', '<Scheme ') ?? '' };
    assert.ok(!(await validateXML({ xml: broken, schema: [main], preload: [schema('edm.xsd')], ...options })).valid);
  });
});

/** Names that Graph gives to actions and to functions: the schema wants one kind per name, we write both (docs/model.md). */
function oneKind(document: Readonly<Record<string, unknown>>): unknown {
  const text = JSON.stringify(document, (_name, value: unknown) => {
    if (!Array.isArray(value) || !value.some((item) => item?.$Kind === 'Action')) return value;
    return value.filter((item) => item.$Kind === 'Action');
  });
  return JSON.parse(text);
}

describe('edm: the same document in XML and JSON', () => {
  if (!existsSync(vocabularies)) return;
  for (const name of readdirSync(vocabularies).filter((file) => file.endsWith('.xml'))) {
    it(`${name}: reading either gives the same model`, () => {
      const xml = opened(join(vocabularies, name));
      const json = opened(join(vocabularies, name.replace(/xml$/, 'json')));
      assert.deepEqual(alike(canonical(json)), alike(canonical(xml)));
    });
  }
});

describe('edm: writing a document that was read as XML gives the published JSON', () => {
  if (!existsSync(vocabularies)) return;
  for (const name of readdirSync(vocabularies).filter((file) => file.endsWith('.xml')))
    it(name, () => {
      const ours: unknown = JSON.parse(writeJson(opened(join(vocabularies, name)), { version: '4.01' }));
      const theirs: unknown = JSON.parse(readFileSync(join(vocabularies, name.replace(/xml$/, 'json')), 'utf8'));
      assert.deepEqual(leveled(ours), leveled(theirs));
    });
});

/** What the published files spell otherwise: the version of new symbols, links to each other, 4.0's control information, a default, line ends. */
function leveled(document: unknown): unknown {
  const text = JSON.stringify(document, (name, value: unknown) =>
    name === '$Version' || name === '@Core.Links' || (name === '$UnderlyingType' && value === 'Edm.Int32')
      ? undefined
      : value,
  );
  return JSON.parse(text.replaceAll('@odata.type', '@type').replace(/(?:\\n|\s)+/g, ' '));
}

/** The published pairs link each other, so the links differ; line ends in XML attributes are blanks. */
function alike(document: unknown): unknown {
  const { schemas } = document as {
    readonly schemas: readonly { readonly annotations: readonly { readonly termName: string }[] }[];
  };
  const spaces = (text: string) => text.replace(/(?:\\n|\s)+/g, ' ');
  return schemas.map((schema) => ({
    ...(JSON.parse(spaces(JSON.stringify(schema))) as object),
    annotations: schema.annotations.filter(({ termName }) => termName !== 'Org.OData.Core.V1.Links'),
  }));
}
