import assert from 'node:assert/strict';
import { openModel, type Problem, writeXml } from '../../src/edm/index.js';
import { createService } from '../../src/index.js';

/** What is broken (requirement of the digest first), the rule's code, and the document; `¦` marks the reported place and is taken out. */
type Row = readonly [what: string, code: string, text: string];

const edmx = (version: string, body: string) =>
  `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="${version}">\n${body}\n</edmx:Edmx>`;
const services = (body: string) => `<edmx:DataServices>\n${body}\n</edmx:DataServices>`;
const schema = (body: string) =>
  `<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="T" Alias="self">\n${body}\n</Schema>`;
const core = `<edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>`;

/** A whole document around children of a schema. */
const within = (body: string, version = '4.01') => edmx(version, core + services(schema(body)));
const key = '<Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>';
const entity = (name: string, body = '', attributes = '') =>
  `<EntityType Name="${name}"${attributes}>${key}\n${body}</EntityType>`;
const E = entity('E');
const inE = (body: string) => within(entity('E', body));
const container = (body: string, before = E) =>
  within(`${before}\n<EntityContainer Name="C">\n${body}\n</EntityContainer>`);
const nav = (attributes: string, body = '') =>
  `¦<NavigationProperty Name="N" ${attributes}>${body}</NavigationProperty>`;
const annotated = (body: string) => within(`${E}\n<Annotations Target="T.E">\n${body}\n</Annotations>`);
const term = (attributes: string) => `<Term Name="X" ${attributes}/>`;

/** A container that extends another, with a set `S` and an import `I`. */
const extending = (body: string) =>
  edmx(
    '4.01',
    services(
      `${schema(`${E}${entity('F')}<Function Name="G"><ReturnType Type="Edm.String"/></Function><EntityContainer Name="Base"><EntitySet Name="S" EntityType="T.E"/><FunctionImport Name="I" Function="T.G"/></EntityContainer>`)}
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="U"><EntityContainer Name="C" Extends="T.Base">
${body}</EntityContainer></Schema>`,
    ),
  );

/** A type whose key is of a related entity. */
const related = (parts: string, nav: string, version = '4.01') =>
  within(
    `${entity('E', '<Property Name="Other" Type="Edm.Int32" Nullable="false"/>')}<EntityType Name="Two"><Key><PropertyRef Name="A"/><PropertyRef Name="B"/></Key><Property Name="A" Type="Edm.Int32" Nullable="false"/><Property Name="B" Type="Edm.Int32" Nullable="false"/></EntityType>
¦<EntityType Name="D"><Key>${parts}</Key><NavigationProperty Name="Of" ${nav}/></EntityType>`,
    version,
  );

const documents: readonly Row[] = [
  ['C4-1 nothing', 'xml-malformed', '¦'],
  [
    'C4-1 truncated',
    'xml-malformed',
    '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">\n<edmx:DataServices>¦',
  ],
  ['C4-1 not closed', 'xml-malformed', edmx('4.0', '<a>\n</b>¦')],
  ['C4-1 another root', 'not-csdl', '¦<html/>'],
  [
    'C4-1 OData 3',
    'not-csdl',
    '¦<edmx:Edmx xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" Version="1.0"/>',
  ],
  ['document type', 'xml-doctype', '<!DOCTYPE x [<!ENTITY a "b">]>¦\n<x/>'],
  ['entity bomb', 'xml-doctype', `<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "${'&a;'.repeat(100)}">]>¦<x>&b;</x>`],
  ['undefined entity', 'xml-malformed', edmx('4.0', '&lol;¦')],
  ['C2-3 undeclared namespace', 'not-csdl', '¦<Edmx/>'],
  [
    'C4-1 version',
    'version',
    '¦<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="5.0">' +
      services(schema(E)) +
      '</edmx:Edmx>',
  ],
  [
    'C4-1 version missing',
    'missing-attribute',
    `¦<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">${services(schema(E))}</edmx:Edmx>`,
  ],
  ['C4-1 no services', 'data-services', `¦${edmx('4.0', '')}`],
  ['C4-1 two services', 'data-services', `¦${edmx('4.0', services(schema(E)) + services(''))}`],
  ['C4-1 no schema', 'missing-child', edmx('4.0', '¦<edmx:DataServices/>')],
  ['C4.1-1 empty reference', 'missing-child', edmx('4.0', `¦<edmx:Reference Uri="x.xml"/>${services(schema(E))}`)],
  [
    'C4.1-1 no URI',
    'missing-attribute',
    edmx('4.0', `¦<edmx:Reference><edmx:Include Namespace="A"/></edmx:Reference>${services(schema(E))}`),
  ],
  ['C4.1-3 same URI twice', 'duplicate-reference', edmx('4.0', `${core}¦${core}${services(schema(E))}`)],
  [
    'C4.1-4 document not found',
    'reference-not-found',
    edmx('4.0', `¦<edmx:Reference Uri="x.xml"><edmx:Include Namespace="A"/></edmx:Reference>${services(schema(E))}`),
  ],
  [
    'C4.2-2 included twice',
    'duplicate-include',
    edmx(
      '4.0',
      core +
        '<edmx:Reference Uri="x.xml">¦<edmx:Include Namespace="Org.OData.Core.V1"/></edmx:Reference>' +
        services(schema(E)),
    ),
  ],
  [
    'C4.2-3 alias of two',
    'alias-duplicate',
    edmx('4.0', core.replace('"Core"', '"self"').replace('<edmx:Include', '¦<edmx:Include') + services(schema(E))),
  ],
  [
    'C4.2-3 alias is a namespace',
    'alias-duplicate',
    `¦${edmx('4.0', core.replace('"Core"', '"T"') + services(schema(E)))}`,
  ],
  [
    'C4.2-4 reserved alias',
    'reserved-alias',
    edmx('4.0', core.replace('"Core"', '"odata"').replace('<edmx:Include', '¦<edmx:Include') + services(schema(E))),
  ],
  [
    'C4.2-4 alias no identifier',
    'identifier',
    edmx('4.0', core.replace('"Core"', '"a.b"').replace('<edmx:Include', '¦<edmx:Include') + services(schema(E))),
  ],
  [
    'C5-3 namespace twice',
    'duplicate-namespace',
    edmx('4.0', services(`${schema(E)}\n¦${schema('').replace(' Alias="self"', '')}`)),
  ],
  ['C5-3 reserved namespace', 'reserved-namespace', edmx('4.0', services(`¦${schema('').replace('"T"', '"System"')}`))],
  ['C15.1-1 namespace', 'namespace', edmx('4.0', services(`¦${schema('').replace('"T"', '"a..b"')}`))],
  [
    'C15.1-1 long namespace',
    'namespace',
    edmx('4.0', services(`¦${schema('').replace('"T"', `"${'abcdefgh.'.repeat(60)}a"`)}`)),
  ],
  ['C5.1-1 alias of the schema', 'reserved-alias', edmx('4.0', services(`¦${schema('').replace('"self"', '"Edm"')}`))],
  ['C3-3 schema not included', 'unknown-type', inE('¦<Property Name="P" Type="Other.Thing"/>')],
  ['C3-3 built-in that is none', 'unknown-type', inE('¦<Property Name="P" Type="Edm.DateTime"/>')],
  ['C3.3-1 built-in that is none', 'unknown-type', inE('¦<Property Name="P" Type="Edm.Int128"/>')],
  ['C17-7 unknown element', 'unknown-element', within(`${E}¦<Fancy/>`)],
  ['C17-7 an element named like what objects inherit', 'unknown-element', within(`${E}¦<constructor/>`)],
  ['C17-7 an attribute named so', 'unknown-attribute', inE('¦<Property Name="P" Type="Edm.String" __proto__="x"/>')],
  ['C17-7 and another', 'unknown-attribute', inE('¦<Property Name="P" Type="Edm.String" toString="x"/>')],
  ['C17-7 unknown attribute', 'unknown-attribute', inE('¦<Property Name="P" Type="Edm.String" Color="red"/>')],
  ['C5-1 misplaced element', 'misplaced-element', within(`${E}¦<Property Name="P" Type="Edm.String"/>`)],
  ['C2-13 Boolean', 'boolean-value', inE('¦<Property Name="P" Type="Edm.String" Nullable="1"/>')],
];

const types: readonly Row[] = [
  ['C15.3-1 no namespace', 'type-name', inE('¦<Property Name="P" Type="String"/>')],
  ['C15.3-1 nothing behind the last dot', 'type-name', inE('¦<Property Name="P" Type="T."/>')],
  ['C15.3-1 nothing before it', 'type-name', inE('¦<Property Name="P" Type=".E"/>')],
  ['C15.3-1 the last dot parts namespace and name', 'unknown-type', inE('¦<Property Name="P" Type="T.E.P"/>')],
  ['C15.3-1 built-in types are of Edm', 'unknown-type', inE('¦<Property Name="P" Type="T.String"/>')],
  ['C15.2-1 name', 'identifier', within('¦<EntityType Name="1st"/>')],
  ['C15.2-1 long name', 'identifier', within(`¦<ComplexType Name="${'n'.repeat(129)}"/>`)],
  ['C3.1-1 name missing', 'missing-attribute', within('¦<ComplexType/>')],
  ['C3.1-2 case', 'case-only', within('<ComplexType Name="Aa"/>\n¦<ComplexType Name="aA"/>')],
  ['C17-6 case', 'case-only', inE('<Property Name="p" Type="Edm.String"/>\n¦<Property Name="P" Type="Edm.String"/>')],
  ['C5-5 two types', 'duplicate-name', within(`${E}\n¦<ComplexType Name="E"/>`)],
  ['C5-5 type and term', 'duplicate-name', within(`${E}\n¦<Term Name="E" Type="Edm.String"/>`)],
  ['C5-5 type and operation', 'operation-name', within(`${E}\n¦<Action Name="E"/>`)],
  [
    'C5-6 action and function',
    'action-and-function',
    within('<Action Name="A"/>\n¦<Function Name="A"><ReturnType Type="Edm.String"/></Function>'),
  ],
  [
    'C6-2 property twice',
    'duplicate-property',
    inE('<Property Name="P" Type="Edm.String"/>\n¦<Property Name="P" Type="Edm.String"/>'),
  ],
  ['C6-2 name of the type', 'property-named-as-type', inE('¦<Property Name="E" Type="Edm.String"/>')],
  ['C6.1-1 unknown base', 'unknown-type', within('¦<EntityType Name="A" BaseType="T.Nope"/>')],
  [
    'C6.1-1 base of another kind',
    'base-type-kind',
    within('<ComplexType Name="B"/>\n¦<EntityType Name="A" BaseType="T.B"/>'),
  ],
  ['C3.4-2 Edm.EntityType as base', 'base-type-kind', within('¦<EntityType Name="A" BaseType="Edm.EntityType"/>')],
  ['C3.4-3 Edm.ComplexType as base', 'base-type-kind', within('¦<ComplexType Name="A" BaseType="Edm.ComplexType"/>')],
  [
    'C6.1-1 cycle',
    'inheritance-cycle',
    within('¦<EntityType Name="A" BaseType="T.B"/>\n<EntityType Name="B" BaseType="T.A"/>'),
  ],
  ['C9.1-1 own base', 'inheritance-cycle', within('¦<ComplexType Name="A" BaseType="T.A"/>')],
  ['C9.1-1 base is an entity type', 'base-type-kind', within(`${E}¦<ComplexType Name="A" BaseType="T.E"/>`)],
  [
    'C6.2-2 abstract below concrete',
    'abstract-base',
    within(`${E}\n¦<EntityType Name="A" BaseType="T.E" Abstract="true"/>`),
  ],
  ['C6.2-3 no key', 'key-missing', within('¦<EntityType Name="A"/>', '4.0')],
  [
    'C6.3-2 closed below open',
    'open-derived',
    within(`${entity('A', '', ' OpenType="true"')}\n¦<EntityType Name="B" BaseType="T.A"/>`),
  ],
  [
    'C9.3-1 closed below open',
    'open-derived',
    within('<ComplexType Name="A" OpenType="true"/>\n¦<ComplexType Name="B" BaseType="T.A"/>'),
  ],
  [
    'C6.4-2 media',
    'media-derived',
    within(`${entity('A', '', ' HasStream="true"')}\n¦<EntityType Name="B" BaseType="T.A"/>`),
  ],
  ['C6.5-2 empty key', 'missing-child', within('<EntityType Name="A">¦<Key/></EntityType>')],
  [
    'C6.5-2 two keys',
    'key-redeclared',
    within(
      `${E}\n¦<EntityType Name="A" BaseType="T.E"><Key><PropertyRef Name="B"/></Key><Property Name="B" Type="Edm.Int32" Nullable="false"/></EntityType>`,
    ),
  ],
  [
    'C6.5-4 nullable',
    'key-nullable',
    within(
      '<EntityType Name="A"><Key><PropertyRef Name="B"/></Key>¦<Property Name="B" Type="Edm.Int32"/></EntityType>',
    ),
  ],
  [
    'C6.5-4 Double',
    'key-type',
    within(
      '<EntityType Name="A"><Key><PropertyRef Name="B"/></Key>¦<Property Name="B" Type="Edm.Double" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C6.5-4 collection',
    'key-type',
    within(
      '<EntityType Name="A"><Key><PropertyRef Name="B"/></Key>¦<Property Name="B" Type="Collection(Edm.Int32)" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C3.4-4 Edm.PrimitiveType',
    'key-type',
    within(
      '<EntityType Name="A"><Key><PropertyRef Name="B"/></Key>¦<Property Name="B" Type="Edm.PrimitiveType" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C3.4-5 Edm.Untyped',
    'key-type',
    within(
      '<EntityType Name="A"><Key><PropertyRef Name="B"/></Key>¦<Property Name="B" Type="Edm.Untyped" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C6.5-6 through a navigation property that is nullable',
    'key-navigation',
    related('<PropertyRef Name="Of/ID" Alias="of"/>', 'Type="T.E"'),
  ],
  [
    'C6.5-6 through a collection',
    'key-navigation',
    related('<PropertyRef Name="Of/ID" Alias="of"/>', 'Type="Collection(T.E)"'),
  ],
  [
    'C6.5-6 to what is no key property',
    'key-navigation',
    related(
      '<PropertyRef Name="Of/Other" Alias="of"/><PropertyRef Name="Of/ID" Alias="id"/>',
      'Type="T.E" Nullable="false"',
    ),
  ],
  [
    'C6.5-6 a part of the related key is missing',
    'key-navigation',
    related('<PropertyRef Name="Of/A" Alias="a"/>', 'Type="T.Two" Nullable="false"'),
  ],
  [
    'C6.5-6 in 4.0',
    'key-navigation',
    related('<PropertyRef Name="Of/ID" Alias="of"/>', 'Type="T.E" Nullable="false"', '4.0'),
  ],
  ['C6.5-5 unknown', 'key-path', within('<EntityType Name="A"><Key>¦<PropertyRef Name="B"/></Key></EntityType>')],
  [
    'C6.5-5 nullable step',
    'key-path',
    within(
      '<ComplexType Name="V"><Property Name="B" Type="Edm.Int32" Nullable="false"/></ComplexType><EntityType Name="A"><Key><PropertyRef Name="V/B" Alias="b"/></Key>¦<Property Name="V" Type="T.V"/></EntityType>',
    ),
  ],
  [
    'C6.5-7 path without alias',
    'key-alias',
    within(
      '<ComplexType Name="V"><Property Name="B" Type="Edm.Int32" Nullable="false"/></ComplexType><EntityType Name="A"><Key>¦<PropertyRef Name="V/B"/></Key><Property Name="V" Type="T.V" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C6.5-7 alias of a property',
    'key-alias',
    within(
      '<EntityType Name="A"><Key>¦<PropertyRef Name="B" Alias="b"/></Key><Property Name="B" Type="Edm.Int32" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C6.5-7 alias is a property',
    'key-alias',
    within(
      '<ComplexType Name="V"><Property Name="B" Type="Edm.Int32" Nullable="false"/></ComplexType>¦<EntityType Name="A"><Key><PropertyRef Name="V/B" Alias="V"/></Key><Property Name="V" Type="T.V" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C6.5-7 part twice',
    'key-duplicate',
    within(
      '¦<EntityType Name="A"><Key><PropertyRef Name="B"/><PropertyRef Name="B"/></Key><Property Name="B" Type="Edm.Int32" Nullable="false"/></EntityType>',
    ),
  ],
  [
    'C9-2 key of a complex type',
    'misplaced-element',
    within(
      '<ComplexType Name="A">¦<Key><PropertyRef Name="B"/></Key><Property Name="B" Type="Edm.Int32"/></ComplexType>',
    ),
  ],
  [
    'C7-2 becomes navigation',
    'property-redefined',
    within(
      `${entity('A', '<Property Name="P" Type="Edm.String"/>')}\n<EntityType Name="B" BaseType="T.A">¦<NavigationProperty Name="P" Type="T.A"/></EntityType>`,
    ),
  ],
  [
    'C8-2 becomes structural',
    'property-redefined',
    within(
      `${entity('A', '<NavigationProperty Name="P" Type="T.A"/>')}\n<EntityType Name="B" BaseType="T.A">¦<Property Name="P" Type="Edm.String"/></EntityType>`,
    ),
  ],
  [
    'C7-3 in 4.0',
    'property-redefined',
    within(
      `${entity('A', '<Property Name="P" Type="Edm.String"/>')}\n<EntityType Name="B" BaseType="T.A">¦<Property Name="P" Type="Edm.String"/></EntityType>`,
      '4.0',
    ),
  ],
  [
    'C7-3 another type',
    'property-redefined',
    within(
      `${entity('A', '<Property Name="P" Type="Edm.String"/>')}\n<EntityType Name="B" BaseType="T.A">¦<Property Name="P" Type="Edm.Int32"/></EntityType>`,
    ),
  ],
  ['C7.1-1 entity type', 'property-type', inE('¦<Property Name="P" Type="T.E"/>')],
  ['C7.1-2 type name', 'type-name', inE('¦<Property Name="P" Type="Collection()" Nullable="true"/>')],
  [
    'C3.4-6 Collection(Edm.PrimitiveType)',
    'collection-type',
    inE('¦<Property Name="P" Type="Collection(Edm.PrimitiveType)" Nullable="true"/>'),
  ],
  [
    'C3.3-3 collection of streams',
    'collection-type',
    inE('¦<Property Name="P" Type="Collection(Edm.Stream)" Nullable="true"/>'),
  ],
  [
    'C3.4-7 Collection(Edm.Untyped) in 4.0',
    'collection-type',
    within(entity('E', '¦<Property Name="P" Type="Collection(Edm.Untyped)" Nullable="true"/>'), '4.0'),
  ],
  ['C3.5-1 path type', 'path-type', inE('¦<Property Name="P" Type="Edm.PropertyPath"/>')],
  [
    'C3.5-1 path type of a parameter',
    'path-type',
    within('<Action Name="A">¦<Parameter Name="p" Type="Edm.AnnotationPath"/></Action>'),
  ],
  ['C7.2-3 foreign facet', 'facet-foreign', inE('¦<Property Name="P" Type="Edm.Int32" MaxLength="5"/>')],
  [
    'C7.2.1-2 collection without Nullable',
    'collection-nullable',
    inE('¦<Property Name="P" Type="Collection(Edm.String)"/>'),
  ],
  ['C7.2.2-1 MaxLength', 'facet-value', inE('¦<Property Name="P" Type="Edm.String" MaxLength="0"/>')],
  ['C7.2.2-2 max', 'facet-version', inE('¦<Property Name="P" Type="Edm.String" MaxLength="max"/>')],
  ['C7.2.3-1 Precision of Decimal', 'facet-value', inE('¦<Property Name="P" Type="Edm.Decimal" Precision="0"/>')],
  ['C7.2.3-1 Precision of time', 'facet-value', inE('¦<Property Name="P" Type="Edm.DateTimeOffset" Precision="13"/>')],
  ['C7.2.4-1 Scale', 'facet-value', inE('¦<Property Name="P" Type="Edm.Decimal" Precision="3" Scale="-1"/>')],
  [
    'C7.2.4-1 Scale over Precision',
    'scale-precision',
    inE('¦<Property Name="P" Type="Edm.Decimal" Precision="3" Scale="4"/>'),
  ],
  [
    'C7.2.4-4 floating in 4.0',
    'facet-version',
    within(entity('E', '¦<Property Name="P" Type="Edm.Decimal" Scale="floating"/>'), '4.0'),
  ],
  ['C7.2.5-1 Unicode', 'facet-value', inE('¦<Property Name="P" Type="Edm.String" Unicode="no"/>')],
  ['C7.2.6-1 SRID', 'facet-value', inE('¦<Property Name="P" Type="Edm.GeographyPoint" SRID="-1"/>')],
  [
    'C7.2.7-1 default of a complex',
    'default-value',
    inE('¦<Property Name="P" Type="Edm.ComplexType" DefaultValue="x"/>'),
  ],
  [
    'C7.2.7-1 default of a collection',
    'default-value',
    inE('¦<Property Name="P" Type="Collection(Edm.String)" Nullable="true" DefaultValue="x"/>'),
  ],
  ['C7.2.7-2 default', 'default-value-type', inE('¦<Property Name="P" Type="Edm.Int32" DefaultValue="x"/>')],
  [
    'C7.2.7-2 default of an enumeration',
    'default-value-type',
    within(
      '<EnumType Name="N"><Member Name="A"/></EnumType><ComplexType Name="V">¦<Property Name="P" Type="T.N" DefaultValue="B"/></ComplexType>',
    ),
  ],
  ['C10-2 empty', 'enum-empty', within('¦<EnumType Name="N"/>')],
  [
    'C10.1-1 underlying',
    'enum-underlying-type',
    within('¦<EnumType Name="N" UnderlyingType="Edm.String"><Member Name="A"/></EnumType>'),
  ],
  [
    'C10.2-1 flag',
    'boolean-value',
    within('¦<EnumType Name="N" IsFlags="yes"><Member Name="A" Value="1"/></EnumType>'),
  ],
  [
    'C10.3-1 member twice',
    'duplicate-member',
    within('<EnumType Name="N"><Member Name="A"/>¦<Member Name="A"/></EnumType>'),
  ],
  [
    'C10.3-1 range',
    'enum-range',
    within('<EnumType Name="N" UnderlyingType="Edm.Byte">¦<Member Name="A" Value="256"/></EnumType>'),
  ],
  ['C10.3-1 no number', 'enum-value', within('<EnumType Name="N">¦<Member Name="A" Value="x"/></EnumType>')],
  [
    'C10.3-2 some values',
    'enum-values',
    within('¦<EnumType Name="N"><Member Name="A" Value="1"/><Member Name="B"/></EnumType>'),
  ],
  ['C10.3-2 flags without', 'enum-values', within('¦<EnumType Name="N" IsFlags="true"><Member Name="A"/></EnumType>')],
  [
    'C10.3-2 negative flag',
    'enum-flags',
    within('<EnumType Name="N" IsFlags="true">¦<Member Name="A" Value="-1"/></EnumType>'),
  ],
  [
    'C11.1-1 on a definition',
    'underlying-type',
    within('<TypeDefinition Name="A" UnderlyingType="Edm.String"/>¦<TypeDefinition Name="B" UnderlyingType="T.A"/>'),
  ],
  [
    'C11.1-2 facet again',
    'facet-repeated',
    within(
      '<TypeDefinition Name="A" UnderlyingType="Edm.String" MaxLength="5"/><ComplexType Name="V">¦<Property Name="P" Type="T.A" MaxLength="4"/></ComplexType>',
    ),
  ],
];

const F = entity(
  'F',
  '<Property Name="Null" Type="Edm.Int32"/><NavigationProperty Name="Up" Type="T.E"/><NavigationProperty Name="Ups" Type="Collection(T.E)"/>',
);
const withF = (body: string) =>
  within(
    `${F}\n${entity('E', `<Property Name="P" Type="Edm.String"/><Property Name="R" Type="Edm.Int32" Nullable="false"/><Property Name="O" Type="Edm.Int32"/>${body}`)}`,
  );

const navigation: readonly Row[] = [
  ['C8-1 type missing', 'missing-attribute', inE('¦<NavigationProperty Name="N"/>')],
  ['C8.1-1 complex type', 'navigation-type', within(`<ComplexType Name="V"/>${entity('E', nav('Type="T.V"'))}`)],
  ['C8.1-1 unknown type', 'unknown-type', inE(nav('Type="T.Nope"'))],
  [
    'C8.1-2 no key',
    'navigation-key',
    within(`<EntityType Name="K"/>${entity('E', nav('Type="Collection(T.K)" ContainsTarget="true"'))}`),
  ],
  ['C8.2-1 Nullable of a collection', 'navigation-nullable', inE(nav('Type="Collection(T.E)" Nullable="false"'))],
  [
    'C8.3-1 partner of a complex type',
    'partner-on-complex',
    within(`${F}<ComplexType Name="V">${nav('Type="T.F" Partner="Up"')}</ComplexType>${E}`),
  ],
  ['C8.3-2 unknown partner', 'partner-path', inE(nav('Type="T.E" Partner="Nope"'))],
  ['C8.3-2 partner is structural', 'partner-path', inE(nav('Type="T.E" Partner="ID"'))],
  ['C8.3-2 partner leads elsewhere', 'partner-type', within(`${F}${E}${entity('G', nav('Type="T.F" Partner="Up"'))}`)],
  [
    'C8.3-3 partner names another',
    'partner-back',
    within(
      `${entity('A', `¦<NavigationProperty Name="One" Type="T.B" Partner="Back"/><NavigationProperty Name="Two" Type="T.B" Partner="Back"/>`)}${entity('B', '<NavigationProperty Name="Back" Type="T.A" Partner="Two"/>')}`,
    ),
  ],
  [
    'C8.4-4 recursive',
    'containment-partner',
    within(
      entity(
        'A',
        `¦<NavigationProperty Name="Kids" Type="Collection(T.A)" ContainsTarget="true" Partner="Up"/><NavigationProperty Name="Up" Type="T.A" Nullable="false" Partner="Kids"/>`,
      ),
    ),
  ],
  [
    'C8.4-4 not recursive',
    'containment-partner',
    within(
      `${entity('A', `¦<NavigationProperty Name="Kids" Type="Collection(T.B)" ContainsTarget="true" Partner="Up"/>`)}${entity('B', '<NavigationProperty Name="Up" Type="T.A" Partner="Kids"/>')}`,
    ),
  ],
  [
    'C8.4-5 two containers',
    'containment-several',
    within(
      `${entity('A', `<NavigationProperty Name="K1" Type="Collection(T.B)" ContainsTarget="true" Partner="U1"/><NavigationProperty Name="K2" Type="Collection(T.B)" ContainsTarget="true" Partner="U2"/>`)}${entity('B', '¦<NavigationProperty Name="U1" Type="T.A" Nullable="false" Partner="K1"/><NavigationProperty Name="U2" Type="T.A" Nullable="false" Partner="K2"/>')}`,
    ),
  ],
  [
    'C8.5-2 constraint of a collection',
    'constraint-on-collection',
    withF(nav('Type="Collection(T.F)"', '<ReferentialConstraint Property="R" ReferencedProperty="ID"/>')),
  ],
  [
    'C8.5-2 unknown dependent',
    'constraint-path',
    withF(
      '<NavigationProperty Name="N" Type="T.F">¦<ReferentialConstraint Property="Nope" ReferencedProperty="ID"/></NavigationProperty>',
    ),
  ],
  [
    'C8.5-2 unknown principal',
    'constraint-path',
    withF(
      '<NavigationProperty Name="N" Type="T.F">¦<ReferentialConstraint Property="O" ReferencedProperty="Nope"/></NavigationProperty>',
    ),
  ],
  [
    'C8.5-3 other type',
    'constraint-type',
    withF(
      '<NavigationProperty Name="N" Type="T.F">¦<ReferentialConstraint Property="P" ReferencedProperty="ID"/></NavigationProperty>',
    ),
  ],
  [
    'C8.5-4 must be nullable',
    'constraint-nullable',
    withF(
      '<NavigationProperty Name="N" Type="T.F">¦<ReferentialConstraint Property="R" ReferencedProperty="ID"/></NavigationProperty>',
    ),
  ],
  [
    'C8.5-4 must not be nullable',
    'constraint-nullable',
    withF(
      '<NavigationProperty Name="N" Type="T.F" Nullable="false">¦<ReferentialConstraint Property="O" ReferencedProperty="ID"/></NavigationProperty>',
    ),
  ],
  [
    'C8.4-7 a collection of what contains, in 4.0',
    'containment-in-collection',
    within(
      `${E}<ComplexType Name="Line"><NavigationProperty Name="Parts" Type="Collection(T.E)" ContainsTarget="true"/></ComplexType><ComplexType Name="Sub" BaseType="T.Line"/><ComplexType Name="X">
¦<Property Name="Lines" Type="Collection(T.Sub)" Nullable="false"/></ComplexType>`,
      '4.0',
    ),
  ],
  [
    'C8.6-1 two',
    'repeated-child',
    inE(
      '<NavigationProperty Name="N" Type="T.E"><OnDelete Action="None"/>¦<OnDelete Action="None"/></NavigationProperty>',
    ),
  ],
  [
    'C8.6-2 action',
    'on-delete-action',
    inE('<NavigationProperty Name="N" Type="T.E">¦<OnDelete Action="Explode"/></NavigationProperty>'),
  ],
  [
    'C8.6-5 SetNull',
    'on-delete-set-null',
    within(
      `${entity('A', `¦<NavigationProperty Name="Kids" Type="Collection(T.B)" Partner="Up"><OnDelete Action="SetNull"/></NavigationProperty>`)}${entity('B', '<Property Name="R" Type="Edm.Int32" Nullable="false"/><NavigationProperty Name="Up" Type="T.A" Nullable="false" Partner="Kids"><ReferentialConstraint Property="R" ReferencedProperty="ID"/></NavigationProperty>')}`,
    ),
  ],
];

const returns = '<ReturnType Type="Edm.String"/>';
const operations: readonly Row[] = [
  [
    'C12.2-1 unbound action twice',
    'action-overload',
    within('<Action Name="A"/>\n¦<Action Name="A"><Parameter Name="p" Type="Edm.Int32"/></Action>'),
  ],
  [
    'C12.2-1 bound action twice',
    'action-overload',
    within(
      `${E}<Action Name="A" IsBound="true"><Parameter Name="it" Type="T.E"/></Action>\n¦<Action Name="A" IsBound="true"><Parameter Name="x" Type="T.E"/></Action>`,
    ),
  ],
  ['C12.3-1 no return type', 'function-return-type', within('¦<Function Name="F"/>')],
  [
    'C12.4-1 same types',
    'function-overload',
    within(
      `${E}<Function Name="F" IsBound="true"><Parameter Name="it" Type="T.E"/><Parameter Name="a" Type="Edm.Int32"/>${returns}</Function>\n¦<Function Name="F" IsBound="true"><Parameter Name="it" Type="T.E"/><Parameter Name="b" Type="Edm.Int32"/>${returns}</Function>`,
    ),
  ],
  [
    'C12.4-2 same names',
    'function-overload',
    within(
      `<Function Name="F"><Parameter Name="a" Type="Edm.Int32"/><Parameter Name="b" Type="Edm.String"/>${returns}</Function>\n¦<Function Name="F"><Parameter Name="b" Type="Edm.Int32"/><Parameter Name="a" Type="Edm.Int32"/>${returns}</Function>`,
    ),
  ],
  [
    'C12.4-2 other return type',
    'return-type-differs',
    within(
      `<Function Name="F">${returns}</Function>\n¦<Function Name="F"><Parameter Name="a" Type="Edm.Int32"/><ReturnType Type="Edm.Int32"/></Function>`,
    ),
  ],
  ['C12.5-1 no binding parameter', 'binding-parameter', within('¦<Action Name="A" IsBound="true"/>')],
  [
    'C12.6-1 unbound',
    'entity-set-path',
    within(`${E}¦<Action Name="A" EntitySetPath="it"><ReturnType Type="T.E"/></Action>`),
  ],
  [
    'C12.6-1 no entity',
    'entity-set-path',
    within(
      `${E}¦<Action Name="A" IsBound="true" EntitySetPath="it"><Parameter Name="it" Type="T.E"/><ReturnType Type="Edm.String"/></Action>`,
    ),
  ],
  [
    'C12.6-1 other parameter',
    'entity-set-path',
    within(
      `${E}¦<Action Name="A" IsBound="true" EntitySetPath="x"><Parameter Name="it" Type="T.E"/><ReturnType Type="T.E"/></Action>`,
    ),
  ],
  [
    'C12.6-1 unknown segment',
    'entity-set-path',
    within(
      `${E}¦<Action Name="A" IsBound="true" EntitySetPath="it/Nope"><Parameter Name="it" Type="T.E"/><ReturnType Type="T.E"/></Action>`,
    ),
  ],
  [
    'C12-2 two return types',
    'repeated-child',
    within('<Action Name="A"><ReturnType Type="Edm.Int32"/>¦<ReturnType Type="Edm.Int32"/></Action>'),
  ],
  [
    'C12.9-2 parameter twice',
    'duplicate-parameter',
    within('<Action Name="A"><Parameter Name="p" Type="Edm.Int32"/>¦<Parameter Name="p" Type="Edm.Int32"/></Action>'),
  ],
  ['C12.9-3 unknown type', 'unknown-type', within('<Action Name="A">¦<Parameter Name="p" Type="T.Nope"/></Action>')],
  [
    'C12.9-4 optional before required',
    'optional-parameter',
    within(
      '<Action Name="A"><Parameter Name="p" Type="Edm.Int32"><Annotation Term="Core.OptionalParameter"/></Parameter>¦<Parameter Name="q" Type="Edm.Int32"/></Action>',
    ),
  ],
  [
    'C12.9-4 optional binding',
    'optional-parameter',
    within(
      `${E}<Action Name="A" IsBound="true">¦<Parameter Name="it" Type="T.E"><Annotation Term="Core.OptionalParameter"/></Parameter></Action>`,
    ),
  ],
  [
    'C3.3-3 stream parameter',
    'parameter-type',
    within('<Action Name="A">¦<Parameter Name="p" Type="Edm.Stream"/></Action>'),
  ],
  [
    'C3.4-6 return type',
    'collection-type',
    within('<Function Name="F">¦<ReturnType Type="Collection(Edm.PrimitiveType)"/></Function>'),
  ],
];

const two = `${F}${entity('E', '<NavigationProperty Name="N" Type="T.F"/><NavigationProperty Name="K" Type="Collection(T.F)" ContainsTarget="true"/>')}`;
const bound = (path: string, target: string) =>
  container(
    `<EntitySet Name="Es" EntityType="T.E">¦<NavigationPropertyBinding Path="${path}" Target="${target}"/></EntitySet><EntitySet Name="Fs" EntityType="T.F"/>`,
    two,
  );
const containers: readonly Row[] = [
  ['C13.1-2 redefined as another kind', 'extends-redefinition', extending('¦<Singleton Name="S" Type="T.E"/>')],
  [
    'C13.1-2 redefined with a type that is not derived',
    'extends-redefinition',
    extending('¦<EntitySet Name="S" EntityType="T.F"/>'),
  ],
  ['C13.1-2 an import redefined', 'extends-redefinition', extending('¦<FunctionImport Name="I" Function="T.G"/>')],
  [
    'C13-1 two',
    'several-containers',
    within(
      `${E}<EntityContainer Name="C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>\n¦<EntityContainer Name="D"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`,
    ),
  ],
  ['C13-1 empty', 'container-empty', within('¦<EntityContainer Name="C"/>')],
  [
    'C13-3 child twice',
    'duplicate-container-child',
    container('<EntitySet Name="Es" EntityType="T.E"/>\n¦<Singleton Name="Es" Type="T.E"/>'),
  ],
  [
    'C13.1-1 unknown',
    'extends-unknown',
    within(`${E}¦<EntityContainer Name="C" Extends="T.D"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`),
  ],
  [
    'C13.1-3 itself',
    'extends-cycle',
    within(`${E}¦<EntityContainer Name="C" Extends="T.C"><EntitySet Name="Es" EntityType="T.E"/></EntityContainer>`),
  ],
  ['C13.2-1 type missing', 'missing-attribute', container('¦<EntitySet Name="Es"/>')],
  ['C13.2-2 unknown type', 'unknown-type', container('¦<EntitySet Name="Es" EntityType="T.Nope"/>')],
  [
    'C13.2-2 complex type',
    'set-type',
    container('¦<EntitySet Name="Es" EntityType="T.V"/>', '<ComplexType Name="V"/>'),
  ],
  ['C3.4-2 Edm.EntityType', 'set-type', container('¦<Singleton Name="One" Type="Edm.EntityType"/>')],
  ['C13.2-2 no key', 'set-key', container('¦<EntitySet Name="Ks" EntityType="T.K"/>', '<EntityType Name="K"/>')],
  [
    'C6.5-3 singleton in 4.0',
    'singleton-key',
    within(
      '<EntityType Name="K" Abstract="false"/><EntityContainer Name="C">¦<Singleton Name="One" Type="T.K"/></EntityContainer>',
      '4.0',
    ),
  ],
  ['C13.4.1-1 unknown path', 'binding-path', bound('Nope', 'Fs')],
  ['C13.4.1-1 structural', 'binding-path', bound('ID', 'Fs')],
  ['C13.4.1-1 through what is not contained', 'binding-path', bound('N/Up', 'Es')],
  ['C13.4.1-2 unknown cast', 'binding-path', bound('T.Nope/N', 'Fs')],
  [
    'C13.4.1-3 twice',
    'binding-duplicate',
    container(
      '<EntitySet Name="Es" EntityType="T.E"><NavigationPropertyBinding Path="N" Target="Fs"/>¦<NavigationPropertyBinding Path="N" Target="Fs"/></EntitySet><EntitySet Name="Fs" EntityType="T.F"/>',
      two,
    ),
  ],
  ['C8.4-3 containment', 'binding-containment', bound('K', 'Fs')],
  ['C13.4.2-2 unknown target', 'binding-target', bound('N', 'Nope')],
  ['C13.4.2-2 unknown target path', 'binding-target-path', bound('N', 'T.D/Nope')],
  ['C13.4.2-4 other type', 'binding-target-type', bound('N', 'Es')],
  ['C13.5-2 unknown action', 'import-target', container('¦<ActionImport Name="A" Action="T.Nope"/>')],
  [
    'C13.5-2 bound action',
    'import-target',
    container(
      '¦<ActionImport Name="A" Action="T.A"/>',
      `${E}<Action Name="A" IsBound="true"><Parameter Name="it" Type="T.E"/></Action>`,
    ),
  ],
  [
    'C13.5-3 no entities',
    'import-entity-set',
    container(
      '<EntitySet Name="Es" EntityType="T.E"/>¦<ActionImport Name="A" Action="T.A" EntitySet="Es"/>',
      `${E}<Action Name="A"/>`,
    ),
  ],
  [
    'C13.5-3 unknown set',
    'import-entity-set',
    container(
      '¦<ActionImport Name="A" Action="T.A" EntitySet="Nope"/>',
      `${E}<Action Name="A"><ReturnType Type="T.E"/></Action>`,
    ),
  ],
  ['C13.6-2 unknown function', 'import-target', container('¦<FunctionImport Name="F" Function="T.Nope"/>')],
  [
    'C13.6-3 parameters',
    'import-included',
    container(
      '¦<FunctionImport Name="F" Function="T.F" IncludeInServiceDocument="true"/>',
      `<Function Name="F"><Parameter Name="p" Type="Edm.Int32"/>${returns}</Function>`,
    ),
  ],
];

const annotations: readonly Row[] = [
  [
    'V12 C13 a term that requires another type',
    'requires-type',
    inE('<Property Name="P" Type="Edm.Int32">¦<Annotation Term="Core.IsURL"/></Property>'),
  ],
  [
    'C20 without its namespace an operation means a property',
    'default-namespace',
    within(`${entity('A', '<Property Name="Do" Type="Edm.String"/>')}
¦<Action Name="Do" IsBound="true"><Parameter Name="a" Type="T.A"/></Action><Annotation Term="Core.DefaultNamespace"/>`),
  ],
  [
    'C20 two default namespaces with the same operation',
    'default-namespace',
    edmx(
      '4.01',
      core +
        services(`${schema(`${E}<Action Name="Do" IsBound="true"><Parameter Name="e" Type="T.E"/></Action><Annotation Term="Core.DefaultNamespace"/>`)}
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="U">
¦<Action Name="Do" IsBound="true"><Parameter Name="e" Type="T.E"/></Action><Annotation Term="Core.DefaultNamespace"/></Schema>`),
    ),
  ],
  [
    'Z02 an authorization that is not described',
    'scheme-unknown',
    container(`<EntitySet Name="Es" EntityType="T.E"><Annotation Term="Org.OData.Capabilities.V1.ReadRestrictions"><Record><PropertyValue Property="Permissions"><Collection>
¦<Record><PropertyValue Property="SchemeName" String="nope"/></Record></Collection></PropertyValue></Record></Annotation></EntitySet>
<Annotation Term="Org.OData.Authorization.V1.Authorizations"><Collection><Record Type="Org.OData.Authorization.V1.Http"><PropertyValue Property="Name" String="token"/><PropertyValue Property="Scheme" String="bearer"/></Record></Collection></Annotation>`),
  ],
  ['C14.1-1 type missing', 'missing-attribute', within('¦<Term Name="X"/>')],
  ['C14.1-2 unknown type', 'unknown-type', within('¦<Term Name="X" Type="T.Nope"/>')],
  [
    'C14.1-3 default of a collection',
    'term-default',
    within('¦<Term Name="X" Type="Collection(Edm.String)" DefaultValue="a"/>'),
  ],
  ['C14.1-3 default', 'term-default', within('¦<Term Name="X" Type="Edm.Int32" DefaultValue="a"/>')],
  ['C14.1.1-1 unknown base term', 'base-term', within('¦<Term Name="X" Type="Edm.Int32" BaseTerm="T.Nope"/>')],
  ['C14.1.1-1 own base term', 'base-term', within('¦<Term Name="X" Type="Edm.Int32" BaseTerm="T.X"/>')],
  [
    'C14.1.1-1 base term not applied',
    'base-term-missing',
    within(
      `${E}${term('Type="Edm.Int32" BaseTerm="T.Y"')}<Term Name="Y" Type="Edm.Int32"/><Annotations Target="T.E">¦<Annotation Term="T.X" Int="1"/></Annotations>`,
    ),
  ],
  ['C14.1.2-1 applies to something else', 'applies-to', annotated('¦<Annotation Term="Core.OptionalParameter"/>')],
  ['C14.2-3 unknown term', 'unknown-term', annotated('¦<Annotation Term="Core.Nope"/>')],
  [
    'C14.2-3 vocabulary not included',
    'term-not-in-scope',
    annotated('¦<Annotation Term="Org.OData.Measures.V1.Unit" String="kg"/>'),
  ],
  [
    'C3.6-1 twice',
    'annotation-duplicate',
    annotated('<Annotation Term="Core.Description" String="a"/>¦<Annotation Term="Core.Description" String="b"/>'),
  ],
  ['C14.2.1-1 qualifier', 'qualifier', annotated('¦<Annotation Term="Core.Description" Qualifier="a b" String="a"/>')],
  [
    'C14.2.1-2 qualifier twice',
    'qualifier-twice',
    within(
      `${E}<Annotations Target="T.E" Qualifier="a">¦<Annotation Term="Core.Description" Qualifier="b" String="a"/></Annotations>`,
    ),
  ],
  ['C5.2-1 empty group', 'missing-child', within(`${E}¦<Annotations Target="T.E"/>`)],
  [
    'C5.2-2 unknown target',
    'unknown-target',
    within(`${E}¦<Annotations Target="T.Nope"><Annotation Term="Core.Description" String="a"/></Annotations>`),
  ],
  [
    'C14.2.2-1 unknown property',
    'unknown-target',
    within(`${E}¦<Annotations Target="T.E/Nope"><Annotation Term="Core.Description" String="a"/></Annotations>`),
  ],
  [
    'C14.2.2-1 unknown overload',
    'unknown-target',
    within(
      `<Action Name="A"/>¦<Annotations Target="T.A(Edm.String)"><Annotation Term="Core.Description" String="a"/></Annotations>`,
    ),
  ],
  [
    'C14.2.2-2 unknown namespace',
    'unknown-target',
    within(`${E}¦<Annotations Target="Nope.E"><Annotation Term="Core.Description" String="a"/></Annotations>`),
  ],
  ['C14.3-1 two values', 'several-values', annotated('¦<Annotation Term="Core.Description" String="a" Int="1"/>')],
  ['C14.3-2 no integer', 'constant-value', annotated('¦<Annotation Term="T.Y" Int="x"/>')],
  ['C14.3-2 no date', 'constant-value', annotated('¦<Annotation Term="T.Y" Date="2026-02-30"/>')],
  [
    'C14.3-2 no member',
    'constant-value',
    annotated('¦<Annotation Term="Core.Permissions" EnumMember="Core.Permission/Nope"/>'),
  ],
  ['C14.2-4 other type', 'annotation-type', annotated('¦<Annotation Term="Core.Description" Int="1"/>')],
  ['C14.2-4 no collection', 'annotation-type', annotated('¦<Annotation Term="Core.Messages" String="a"/>')],
  ['C14.4.1.3-1 no annotation', 'annotation-path', annotated('¦<Annotation Term="T.Y" AnnotationPath="ID"/>')],
  ['C14.4.2-2 operands', 'operand-count', annotated('<Annotation Term="T.Y">¦<Eq><Int>1</Int></Eq></Annotation>')],
  [
    'C14.4.2-2 If',
    'operand-count',
    annotated('<Annotation Term="T.Y">¦<If><Bool>true</Bool><Int>1</Int></If></Annotation>'),
  ],
  ['C14.4.2-2 Cast', 'operand-count', annotated('<Annotation Term="T.Y">¦<Cast Type="Edm.String"/></Annotation>')],
  ['C14.4.2-3 function missing', 'missing-attribute', annotated('<Annotation Term="T.Y">¦<Apply/></Annotation>')],
  [
    'C14.4.2-4 unknown property',
    'record-property',
    annotated(
      '<Annotation Term="Core.Links"><Collection><Record><PropertyValue Property="rel" String="a"/><PropertyValue Property="href" String="b"/>¦<PropertyValue Property="nope" String="c"/></Record></Collection></Annotation>',
    ),
  ],
  [
    'C14.4.2-4 missing property',
    'record-missing',
    annotated(
      '<Annotation Term="Core.Links"><Collection>¦<Record><PropertyValue Property="rel" String="a"/></Record></Collection></Annotation>',
    ),
  ],
  ['C14.4.2-4 unknown type', 'record-type', annotated('<Annotation Term="T.Y">¦<Record Type="T.Nope"/></Annotation>')],
  [
    'C14.4.2-4 property twice',
    'duplicate-property-value',
    annotated(
      '<Annotation Term="T.Y"><Record><PropertyValue Property="a"/>¦<PropertyValue Property="a"/></Record></Annotation>',
    ),
  ],
  [
    'C14.4.2-1 label twice',
    'labeled-name',
    annotated(
      '<Annotation Term="T.Y"><Collection><LabeledElement Name="l"><Int>1</Int></LabeledElement>¦<LabeledElement Name="l"><Int>1</Int></LabeledElement></Collection></Annotation>',
    ),
  ],
];

const json: readonly Row[] = [
  ['C4-3 no version', 'not-csdl', '¦{}'],
  ['C4-3 truncated', 'json-malformed', '{"$Version":"4.01"¦'],
  ['C4-3 not closed string', 'json-malformed', '{"$Version":¦"4.01'],
  ['C4-3 member twice', 'duplicate-member', '{"$Version":"4.01",¦"$Version":"4.01"}'],
  ['C4-3 no object', 'json-shape', '¦[]'],
  ['C5-2 schema no object', 'json-shape', '{"$Version":"4.01","T":¦1}'],
  ['C5-2 no kind', 'json-kind', '{"$Version":"4.01","T":{¦"E":{}}}'],
  ['C2-8 unknown kind', 'json-kind', '{"$Version":"4.01","T":{"E":{"$Kind":¦"Entity"}}}'],
  ['C12-1 overload kind', 'json-kind', '{"$Version":"4.01","T":{"A":[{"$Kind":¦"Term"}]}}'],
  ['C10.3-3 member without number', 'enum-value', '{"$Version":"4.01","T":{"N":{"$Kind":"EnumType",¦"A":"x"}}}'],
  [
    'C7-1 unknown type',
    'unknown-type',
    '{"$Version":"4.01","T":{"V":{"$Kind":"ComplexType",\n  ¦"P":{"$Type":"T.Nope"}}}}',
  ],
  ['C4.1-2 references', 'json-shape', '{"$Version":"4.01","$Reference":¦[]}'],
];

/** Rows whose document must not be refused, only warned about or answered otherwise, hold their own codes; these are whole. */
function locate(text: string): { readonly source: string; readonly line: number; readonly column: number } {
  const at = text.indexOf('¦');
  const before = text.slice(0, at);
  return { source: text.replace('¦', ''), line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

function shown(problems: readonly Problem[]): string {
  return problems.map(({ code, at, message }) => `${code} ${at.line}:${at.column} ${message}`).join('\n');
}

const rows = { documents, types, navigation, operations, containers, annotations, json };

describe('edm: broken models are reported with rule and place', () => {
  for (const [group, table] of Object.entries(rows))
    for (const [what, code, text] of table)
      it(`${group}: ${what}: ${code}`, () => {
        const { source, line, column } = locate(text);
        const { problems } = openModel({ file: 'm', text: source });
        const found = problems.filter((problem) => problem.code === code);
        assert.ok(found.length > 0, `not reported: ${code}\n${shown(problems)}`);
        const vague = code === 'xml-malformed' || code === 'xml-doctype' || code === 'json-malformed';
        if (!vague)
          assert.ok(
            found.some(({ at }) => at.line === line && at.column === column),
            `expected ${line}:${column}\n${shown(found)}`,
          );
        else
          assert.ok(
            found.some(({ at }) => at.line >= 1),
            shown(found),
          );
      });

  it('there are more than a hundred', () => {
    assert.ok(Object.values(rows).flat().length > 150);
  });
});

describe('edm: keys of related entities', () => {
  const fine = related(
    '<PropertyRef Name="Of/A" Alias="a"/><PropertyRef Name="Of/B" Alias="b"/>',
    'Type="T.Two" Nullable="false"',
  ).replace('¦', '');

  it('C6.5-6 are read, checked and written, and a service says that it cannot store them', async () => {
    const { model, problems } = openModel({ file: 'm.xml', text: fine });
    assert.ok(model !== null);
    assert.equal(shown(problems), '');
    const type = model.type('T.D');
    assert.ok(type?.kind === 'entity');
    assert.deepEqual(
      type.key.map(({ name, through }) => [name, through.map((one) => one.name)]),
      [
        ['a', ['Of']],
        ['b', ['Of']],
      ],
    );
    assert.match(writeXml(model, { version: '4.01' }), /<PropertyRef Name="Of\/A" Alias="a"\/>/);
    await assert.rejects(createService({ model }), /belongs to a related entity; such keys cannot be stored/);
  });
});

describe('edm: bombs and floods end quickly', () => {
  const deep: readonly Row[] = [
    ['50 MB of elements', 'too-deep', edmx('4.0', '<edmx:a>'.repeat(6_500_000))],
    ['50 MB of arrays', 'too-deep', '['.repeat(50_000_000)],
    ['nested collections', 'too-deep', annotated(`<Annotation Term="T.Y">${'<Collection>'.repeat(10_000)}`)],
  ];
  for (const [what, code, text] of deep)
    it(`${what}: ${code}`, () => {
      const { model, problems } = openModel({
        file: 'm',
        text: text.startsWith('[') ? `{"$Version":"4.01","T":${text}` : text,
      });
      assert.equal(model, null);
      assert.equal(problems[0]?.code, code);
    });

  for (const part of ["''", '(', "('a')/", 'a/', '@', 'T.E/', '.'])
    it(`a path of many ${part}`, () => {
      const text = annotated(`<Annotation Term="T.Y" Path="a(${part.repeat(20_000)}"/>`);
      assert.ok(openModel({ file: 'm', text }).problems.length > 0);
    });

  it('10,000 types in a chain, and a cycle of 10,000', () => {
    const chain = Array.from(
      { length: 10_000 },
      (_, index) => `<ComplexType Name="C${index + 1}" BaseType="T.C${index}"/>`,
    ).join('');
    openModel({
      file: 'm',
      text: within(`<ComplexType Name="C0"/>${chain.slice(0, chain.indexOf('<ComplexType Name="C1000"'))}`),
    });
    const { problems } = openModel({
      file: 'm',
      text: within(
        `<ComplexType Name="C0" BaseType="T.C2000"/>${chain.slice(0, chain.indexOf('<ComplexType Name="C2001"'))}`,
      ),
    });
    assert.ok(problems.some(({ code }) => code === 'inheritance-cycle'));
  });

  it('documents that include each other are read once (C4.1-1, C3-2)', () => {
    const document = (own: string, other: string, file: string) =>
      edmx(
        '4.01',
        `<edmx:Reference Uri="${file}"><edmx:Include Namespace="${other}"/></edmx:Reference>${services(`<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="${own}"><ComplexType Name="V"><Property Name="P" Type="${other}.V"/></ComplexType></Schema>`)}`,
      );
    const texts = new Map([
      ['a.xml', document('A', 'B', 'b.xml')],
      ['b.xml', document('B', 'A', 'a.xml')],
    ]);
    const resolve = (file: string) => ({ file, text: texts.get(file) ?? '' });
    const { model, problems } = openModel({ file: 'a.xml', text: texts.get('a.xml') ?? '' }, { resolve });
    assert.deepEqual(shown(problems), '');
    assert.equal(model?.documents.length, 2);
  });
});
