import assert from 'node:assert/strict';
import { type Model, openModel, readModel, writeJson, writeXml } from '../../src/edm/index.js';
import { everything } from './everything.js';

function model(text: string = everything): Model {
  const opened = openModel({ file: 'm.xml', text });
  assert.ok(opened.model !== null);
  assert.deepEqual(
    opened.problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  return opened.model;
}

/** What a 4.0 document must not hold, and where the standard says so. */
const forbidden: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['C17-2 Edm.Untyped', /Edm\.Untyped/],
  ['C7-3 redefined properties', /Name="Old" Type="self\.Address"/],
  ['C7.2.4-4 floating scale', /floating/],
  ['C4.2-6 default namespace of an include', /DefaultNamespace/],
  ['C13.3-2 nullable singletons', /<Singleton[^>]*Nullable/],
  ['C7.2.5-1 Unicode of parameters and terms', /<(?:Parameter|ReturnType|Term)[^>]*Unicode/],
  ['C14.4.1.4-1 ModelElementPath', /ModelElementPath|AnyPropertyPath/],
  ['C14.4.2-1 new operators', /<(?:Add|Sub|Neg|Mul|Div|DivBy|Mod|Has|In)>/],
  ['C14.2.2-1 targets of single overloads', /Target="[^"]*\(/],
  ['C6.2-3 types without key that are not abstract', /<EntityType Name="Settings">/],
];

describe('edm: documents of OData 4.0 hold nothing of 4.01 (C17-2, C4-2)', () => {
  const old = writeXml(model(), { version: '4.0' });
  const current = writeXml(model(), { version: '4.01' });

  for (const [id, pattern] of forbidden) it(id, () => assert.doesNotMatch(old, pattern));

  for (const [path, old] of [
    ['Name', true],
    ['Place/City', true],
    ['Places/$count', true],
    ['/self.Container/Products', false],
    ['Parts(1)/Name', false],
    ['Places/0/City', false],
    ['Places/-1', false],
  ] as const)
    it(`C14.4.1.1-8 the path ${path} is ${old ? 'written' : 'left out'}`, () => {
      const annotated = everything.replace(
        '</Schema>',
        `<Annotations Target="Test.Product"><Annotation Term="org.example.unknown.Marked" Path="${path}"/></Annotations></Schema>`,
      );
      const written = (version: '4.0' | '4.01') => writeXml(model(annotated), { version }).includes(`Path="${path}"`);
      assert.deepEqual([written('4.01'), written('4.0')], [true, old]);
    });

  it('says its version (C4-1)', () => {
    assert.match(old, /<edmx:Edmx [^>]*Version="4\.0"/);
    assert.match(current, /<edmx:Edmx [^>]*Version="4\.01"/);
  });

  it('is a model without errors', () => {
    assert.deepEqual(
      openModel({ file: 'old.xml', text: old }).problems.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('keeps what both know (C3.4-5, C17-3)', () => {
    for (const text of [
      'Name="Product"',
      'Collection(Edm.String)" Nullable="false"',
      'Target="self.Product/Name"',
      'EnumMember',
    ])
      assert.ok(old.includes(text), text);
  });
});

/** What one element becomes. */
const rows: readonly (readonly [id: string, xml: string, json: unknown])[] = [
  ['C7.2-2 nothing stated', '<Property Name="P" Type="Edm.String"/>', { $Nullable: true }],
  ['C7.1-2 not null', '<Property Name="P" Type="Edm.String" Nullable="false"/>', {}],
  [
    'C7.1-2 collection',
    '<Property Name="P" Type="Collection(Edm.Int32)" Nullable="false"/>',
    { $Type: 'Edm.Int32', $Collection: true },
  ],
  ['C7.2-2 Scale 0', '<Property Name="P" Type="Edm.Decimal" Nullable="false"/>', { $Type: 'Edm.Decimal', $Scale: 0 }],
  [
    'C7.2-2 Scale variable',
    '<Property Name="P" Type="Edm.Decimal" Nullable="false" Scale="variable"/>',
    { $Type: 'Edm.Decimal' },
  ],
  [
    'C7.2.4-1 Scale in capitals',
    '<Property Name="P" Type="Edm.Decimal" Nullable="false" Scale="Variable"/>',
    { $Type: 'Edm.Decimal' },
  ],
  [
    'C7.2-2 Precision 0',
    '<Property Name="P" Type="Edm.TimeOfDay" Nullable="false"/>',
    { $Type: 'Edm.TimeOfDay', $Precision: 0 },
  ],
  [
    'C7.2.6-1 SRID',
    '<Property Name="P" Type="Edm.GeometryPoint" Nullable="false" SRID="5"/>',
    { $Type: 'Edm.GeometryPoint', $SRID: '5' },
  ],
  ['C7.2.5-1 Unicode', '<Property Name="P" Type="Edm.String" Nullable="false" Unicode="false"/>', { $Unicode: false }],
  [
    'C7.2.7-2 default',
    '<Property Name="P" Type="Edm.Boolean" Nullable="false" DefaultValue="true"/>',
    { $Type: 'Edm.Boolean', $DefaultValue: true },
  ],
  [
    'C8-1 navigation',
    '<NavigationProperty Name="P" Type="T.E"/>',
    { $Kind: 'NavigationProperty', $Type: 'self.E', $Nullable: true },
  ],
  [
    'C8.4-1 containment',
    '<NavigationProperty Name="P" Type="Collection(T.E)" ContainsTarget="true"/>',
    { $Kind: 'NavigationProperty', $Type: 'self.E', $Collection: true, $ContainsTarget: true },
  ],
];

const frame = (body: string) =>
  `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01"><edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="T" Alias="self"><EntityType Name="E"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>${body}</EntityType></Schema></edmx:DataServices></edmx:Edmx>`;

describe('edm: defaults of XML and JSON (C2-11, C16-3)', () => {
  for (const [id, xml, json] of rows)
    it(id, () => {
      const written = JSON.parse(writeJson(model(frame(xml)), { version: '4.01' }));
      assert.deepEqual(written.T.E.P, json);
    });

  it('C2-9, C16-4 the alias stands for the namespace in JSON, but for the container', () => {
    const json = writeJson(model(), { version: '4.01' });
    assert.match(json, /"\$EntityContainer": "Test\.Container"/);
    assert.doesNotMatch(json.replace('"Test.Container"', '').replace(/"\$TargetNamespace": "Test"/, ''), /"#?Test\./);
  });

  it('C2-4 numbers as strings', () => {
    const plain = writeJson(model(), { version: '4.01' });
    const strings = writeJson(model(), { version: '4.01', ieee754Compatible: true });
    assert.match(plain, /"@self\.Amount": 12345678901234567890\.5/);
    assert.match(plain, /"\$DefaultValue": 9007199254740993/);
    assert.match(strings, /"@self\.Amount": "12345678901234567890\.5"/);
    assert.match(strings, /"\$DefaultValue": "9007199254740993"/);
  });

  it('C14.2-4 annotations without a value have one in JSON', () => {
    const { Test } = JSON.parse(writeJson(model(), { version: '4.01' }));
    assert.equal(Test.$Annotations['self.Settings']['@self.Tag'], true);
  });

  it('C14.3-1 INF is a string in JSON', () => {
    assert.equal(
      JSON.parse(writeJson(model(), { version: '4.01' })).Test.$Annotations['self.Settings']['@self.Ratio'],
      'INF',
    );
  });
});

describe('edm: readModel', () => {
  it('throws all errors at once, with places', () => {
    const text = frame('<Property Name="P" Type="T.No"/>\n<Property Name="Q" Type="T.No"/>');
    assert.throws(
      () => readModel({ file: 'm.xml', text }),
      (error: { readonly code: string; readonly message: string; readonly details: readonly unknown[] }) =>
        error.code === 'InvalidModel' && error.details.length === 2 && /m\.xml:2:1: error: .*T\.No/.test(error.message),
    );
  });
});
