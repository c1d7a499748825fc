import assert from 'node:assert/strict';
import { openModel, writeJson, writeXml } from '../../src/edm/index.js';
import { everything } from './everything.js';

/** How a construct of `everything` looks in what is written: XML as it stands, JSON without blanks. */
const rows: readonly (readonly [id: string, xml: string, json: string])[] = [
  ['C2-10 names with alias', 'BaseType="self.Thing"', '"$BaseType":"self.Thing"'],
  [
    'C4.2-1 include',
    '<edmx:Include Namespace="Org.OData.Core.V1" Alias="Core">',
    '"$Namespace":"Org.OData.Core.V1","$Alias":"Core"',
  ],
  [
    'C4.3-1 included annotations',
    '<edmx:IncludeAnnotations TermNamespace="org.example.display" Qualifier="Phone" TargetNamespace="Test"/>',
    '"$TermNamespace":"org.example.display","$Qualifier":"Phone","$TargetNamespace":"Test"',
  ],
  [
    'C6-1 C6.3-1 C6.4-1 entity type',
    '<EntityType Name="Product" BaseType="self.Thing" OpenType="true" HasStream="true">',
    '"Product":{"$Kind":"EntityType","$BaseType":"self.Thing","$OpenType":true,"$HasStream":true',
  ],
  ['C6.2-1 abstract', '<EntityType Name="Thing" Abstract="true">', '"Thing":{"$Kind":"EntityType","$Abstract":true'],
  ['C6.5-1 key', '<PropertyRef Name="Place/City" Alias="City"/>', '"$Key":[{"City":"Place/City"},"No"]'],
  [
    'C8.5-1 constraint',
    '<ReferentialConstraint Property="CategoryID" ReferencedProperty="ID">',
    '"$ReferentialConstraint":{"CategoryID":"ID","CategoryID@Core.Description":"ofaconstraint"}',
  ],
  [
    'C8.6-1 on delete, annotated',
    '<OnDelete Action="SetNull">',
    '"$OnDelete":"SetNull","$OnDelete@Core.Description":"forgotten"',
  ],
  [
    'C9-1 C9.2-1 complex type',
    '<ComplexType Name="Home" BaseType="self.Address" Abstract="true" OpenType="true"/>',
    '"Home":{"$Kind":"ComplexType","$BaseType":"self.Address","$Abstract":true,"$OpenType":true}',
  ],
  [
    'C10-1 enumeration',
    '<EnumType Name="Rights" UnderlyingType="Edm.Int64" IsFlags="true">',
    '"Rights":{"$Kind":"EnumType","$UnderlyingType":"Edm.Int64","$IsFlags":true,"Read":1,"Write":2}',
  ],
  [
    'C11-1 C11-3 type definition',
    '<TypeDefinition Name="Length" UnderlyingType="Edm.Decimal" Precision="5" Scale="1">',
    '"$UnderlyingType":"Edm.Decimal","$Precision":5,"$Scale":1',
  ],
  ['C11-2 its use', '<Property Name="Size" Type="self.Length"/>', '"Size":{"$Type":"self.Length","$Nullable":true}'],
  [
    'C12.7-1 composable',
    '<Function Name="Best" IsBound="true" EntitySetPath="it/Products" IsComposable="true">',
    '"$IsBound":true,"$EntitySetPath":"it/Products","$IsComposable":true',
  ],
  [
    'C12.8-1 C12.8-2 return type',
    '<ReturnType Type="Edm.Int32" Nullable="false"/>',
    '"$ReturnType":{"$Type":"Edm.Int32"}',
  ],
  [
    'C12.8-2 collection of entities',
    '<ReturnType Type="Collection(self.Product)"/>',
    '"$ReturnType":{"$Type":"self.Product","$Collection":true}',
  ],
  [
    'C12.9-1 parameter',
    '<Parameter Name="stars" Type="Edm.Decimal" Precision="3" Scale="1"/>',
    '{"$Name":"stars","$Type":"Edm.Decimal","$Nullable":true,"$Precision":3,"$Scale":1}',
  ],
  [
    'C13-2 C13.2-3 set',
    '<EntitySet Name="Categories" EntityType="self.Category" IncludeInServiceDocument="false"/>',
    '"Categories":{"$Collection":true,"$Type":"self.Category","$IncludeInServiceDocument":false}',
  ],
  [
    'C13.3-1 singleton',
    '<Singleton Name="Settings" Type="self.Settings" Nullable="true"/>',
    '"Settings":{"$Type":"self.Settings","$Nullable":true}',
  ],
  [
    'C13.4.2-1 C15.4-1 binding',
    '<NavigationPropertyBinding Path="Places/Country" Target="Categories"/>',
    '"Places/Country":"Categories"',
  ],
  ['C13.5-1 action import', '<ActionImport Name="Clear" Action="self.Clear"/>', '"Clear":{"$Action":"self.Clear"}'],
  [
    'C13.6-1 function import',
    '<FunctionImport Name="Sum" Function="self.Sum" IncludeInServiceDocument="true"/>',
    '"Sum":{"$Function":"self.Sum","$IncludeInServiceDocument":true}',
  ],
  [
    'C14.1-4 C17-5 term',
    '<Term Name="Colors" Type="Collection(self.Color)" Nullable="false"/>',
    '"Colors":{"$Kind":"Term","$Type":"self.Color","$Collection":true}',
  ],
  [
    'C14.2-1 C14.2-2 annotation of an annotation',
    '<Annotation Term="self.Note" String="of an annotation"/>',
    '"@Core.Description#Short@self.Note":"ofanannotation"',
  ],
  [
    'C14.2-2 annotation of a member',
    '<Annotation Term="Core.Description" String="like roses"/>',
    '"Red@Core.Description":"likeroses"',
  ],
  ['C14.4-1 C14.4.2-5 If', '<If>', '"$If":[{"$And":[{"$Eq":[{"$Path":"No"},1]},{"$Not":true}]},"one",null]'],
  ['C14.4.1-1 C14.4.1.5-1 navigation property path', 'NavigationPropertyPath="Maker"', '"@self.Where":"Maker"'],
  ['C14.4.1.6-1 property path', 'PropertyPath="No"', '"Name":"No"'],
  ['C14.4.1.7-1 value path', 'Path="Place/City"', '"City":{"$Path":"Place/City"}'],
  [
    'C13.4.2-3 no prefix in JSON',
    'Target="Categories"',
    '"$NavigationPropertyBinding":{"Category":"Categories","Places/Country":"Categories"}',
  ],
  ['C8.1-1 any entity', 'Type="Collection(Edm.EntityType)"', '"$Type":"Edm.EntityType","$Collection":true'],
];

describe('edm: every construct, read and written', () => {
  const { model } = openModel({ file: 'm.xml', text: everything });
  assert.ok(model !== null);
  const xml = writeXml(model, { version: '4.01' });
  const json = writeJson(model, { version: '4.01' }).replace(/\s/g, '');
  for (const [id, inXml, inJson] of rows) {
    it(`${id}: XML`, () => assert.ok(xml.includes(inXml)));
    it(`${id}: JSON`, () => assert.ok(json.includes(inJson)));
  }
});
