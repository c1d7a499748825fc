import assert from 'node:assert/strict';
import { openModel } from '../../src/edm/index.js';

const key = '<Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>';

/** A document of schema `T` around annotations with external targeting; `more` stands in the schema, too. */
const documentOf = (annotations: string, more = '') => `
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01">
<edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>
<edmx:Reference Uri="o.xml"><edmx:Include Namespace="O"/></edmx:Reference>
<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="T" Alias="self">
<ComplexType Name="Address"><Property Name="City" Type="Edm.String"/><NavigationProperty Name="Country" Type="T.Country"/></ComplexType>
<ComplexType Name="Home" BaseType="T.Address"><Property Name="Room" Type="Edm.String"/></ComplexType>
<ComplexType Name="Free" OpenType="true"/>
<EntityType Name="Country">${key}<Property Name="Flag" Type="Edm.Stream"/></EntityType>
<EntityType Name="Image" HasStream="true">${key}</EntityType>
<EntityType Name="Person">${key}
  <Property Name="Name" Type="Edm.String"/>
  <Property Name="Place" Type="T.Address"/>
  <Property Name="Free" Type="T.Free"/>
  <Property Name="Tags" Type="Collection(Edm.String)" Nullable="false"/>
  <Property Name="Places" Type="Collection(T.Address)" Nullable="false"><Annotation Term="Core.Ordered"/></Property>
  <NavigationProperty Name="Friends" Type="Collection(T.Person)"/>
  <NavigationProperty Name="Photo" Type="T.Image"/>
  <NavigationProperty Name="Out" Type="O.Thing"/>
</EntityType>
<Function Name="F"><Parameter Name="p" Type="T.Address"/><ReturnType Type="T.Person"/></Function>
<Term Name="Value" Type="Edm.Untyped"/><Term Name="Record" Type="T.Address"/>
<EntityContainer Name="C"><EntitySet Name="People" EntityType="T.Person"/><Singleton Name="Me" Type="T.Person"/></EntityContainer>
${more}${annotations}
</Schema></edmx:DataServices></edmx:Edmx>`;

const other = `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01"><edmx:DataServices>
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="O"><EntityType Name="Thing">${key}<NavigationProperty Name="Next" Type="O.Thing"/></EntityType></Schema>
</edmx:DataServices></edmx:Edmx>`;

const codesOf = (text: string): readonly string[] =>
  openModel({ file: 'm.xml', text }, { resolve: (file) => ({ file, text: other }) }).problems.map(({ code }) => code);

/** The target, the kind of path, the path, and what is wrong with it; null: nothing. */
type Row = readonly [rows: string, target: string, kind: string, path: string, code: string | null];
const lost = 'path-unresolved';

const rows: readonly Row[] = [
  ['C14.4.1.1-1', 'T.Person', 'Path', 'Place/City', null],
  ['C14.4.1.1-1', 'T.Person', 'Path', 'Place/Nope', lost],
  ['C14.4.1.1-1', 'T.Person', 'Path', '/T.C/People', null],
  ['C14.4.1.1-1', 'T.Person', 'Path', '/self.C/Me/Name', null],
  ['C14.4.1.1-1', 'T.Person', 'Path', '/T.C/Nobody', lost],
  ['C14.4.1.1-1', 'T.Person', 'Path', '/People', lost],
  ['C14.4.1.1-1', 'T.Person', 'Path', '/T.Nope/Name', lost],
  ['C14.4.1.1-2', 'T.Person', 'Path', 'Place/T.Home/Room', null],
  ['C14.4.1.1-2', 'T.Person', 'Path', 'Place/T.Nope/Room', lost],
  ['C14.4.1.1-2 an impossible cast is null', 'T.Person', 'Path', 'Place/T.Country/ID', lost],
  ['C14.4.1.1-2 without the cast', 'T.Person', 'Path', 'Place/Room', lost],
  ['C14.4.1.1-3', 'T.Person', 'AnnotationPath', 'Place/@T.Record#x', null],
  ['C14.4.1.1-3 on into the term', 'T.Person', 'Path', '@T.Record/City', null],
  ['C14.4.1.1-3', 'T.Person', 'Path', '@T.Record/Nope', lost],
  ['C14.4.1.1-3', 'T.Person', 'AnnotationPath', '@T.Nope', lost],
  ['C14.4.1.1-3 a vocabulary that is not known', 'T.Person', 'AnnotationPath', '@Unknown.V1.Term', null],
  ['C14.4.1.1-3 media entities', 'T.Person', 'Path', 'Photo/@odata.mediaReadLink', null],
  ['C14.4.1.1-3 stream properties', 'T.Country', 'Path', 'Flag/@odata.mediaEtag', null],
  ['C14.4.1.1-3 others have none', 'T.Person', 'Path', '@odata.mediaReadLink', lost],
  ['C14.4.1.1-3 others have none', 'T.Country', 'Path', 'Flag/@odata.count', lost],
  ['C14.4.1.1-4 across documents', 'T.Person', 'Path', 'Out/Next/Next/ID', null],
  ['C14.4.1.1-4 across documents', 'T.Person', 'Path', 'Out/Nope', lost],
  ['C14.4.1.1-4 what is open may have any', 'T.Person', 'Path', 'Free/Whatever/More', null],
  ['C14.4.1.1-4 behind a primitive value is nothing', 'T.Person', 'Path', 'Name/More', lost],
  ['C14.4.1.1-5', 'T.Person', 'AnnotationPath', 'Friends@T.Record', null],
  ['C14.4.1.1-5', 'T.Person', 'AnnotationPath', 'Friends/@T.Record', null],
  ['C14.4.1.1-5', 'T.Person', 'AnnotationPath', 'Nope@T.Record', lost],
  ['C14.4.1.1-6 model paths', 'T.Person', 'PropertyPath', 'Friends/Friends/Tags', null],
  ['C14.4.1.1-6 a value', 'T.Person', 'Path', 'Friends/Name', null],
  ['C14.4.1.1-6 a value', 'T.Person', 'Path', 'Friends/Friends/Name', 'path-collections'],
  ['C14.4.1.1-6 a value', 'T.Person', 'Path', 'Friends/Tags', 'path-collections'],
  ['C14.4.1.1-6 C14.4.1.1-7 narrowed by a key', 'T.Person', 'Path', 'Friends(1)/Tags', null],
  ['C14.4.1.1-6 C14.4.1.1-7 narrowed by an index', 'T.Person', 'Path', 'Places/-1/City', null],
  ['C14.4.1.1-7 a key from a path', 'T.Person', 'Path', 'Friends(Place/City)/Name', null],
  ['C14.4.1.1-7 a key with a slash in it', 'T.Person', 'Path', "Friends('a/b')/Name", null],
  ['C14.4.1.1-7 no key in model paths', 'T.Person', 'PropertyPath', 'Friends(1)/Name', lost],
  ['C14.4.1.1-7 a key needs a collection', 'T.Person', 'Path', 'Photo(1)/ID', lost],
  ['C14.4.1.1-7 an index needs an order', 'T.Person', 'Path', 'Tags/0', lost],
  ['C14.4.1.1-7 count', 'T.Person', 'Path', 'Friends/$count', null],
  ['C14.4.1.1-7 count of nothing', 'T.Person', 'Path', 'Name/$count', lost],
  ['C14.4.1.1-7 count comes last', 'T.Person', 'Path', 'Friends/$count/Name', lost],
  ['C14.4.1.1-7 no count in model paths', 'T.Person', 'PropertyPath', 'Friends/$count', lost],
  ['C14.4.1.2-1 the container', 'T.C', 'Path', 'People/Name', null],
  ['C14.4.1.2-1 the container', 'T.C', 'Path', 'Name', lost],
  ['C14.4.1.2-1 a set', 'T.C/People', 'Path', 'Name', null],
  ['C14.4.1.2-1 a set', 'T.C/People', 'Path', 'People/Name', lost],
  ['C14.4.1.2-1 a singleton', 'T.C/Me', 'Path', 'Place/City', null],
  ['C14.4.1.2-1 a type', 'T.Address', 'Path', 'City', null],
  ['C14.4.1.2-1 a property: its type', 'T.Person/Place', 'Path', 'Name', null],
  ['C14.4.1.2-1 a property: its type', 'T.Person/Place', 'Path', 'City', lost],
  ['C14.4.1.2-1 a navigation property: its type', 'T.Person/Photo', 'Path', 'Photo/ID', null],
  ['C14.4.1.2-1 a function', 'T.F', 'Path', 'p/City', null],
  ['C14.4.1.2-1 a function', 'T.F', 'Path', '$ReturnType/Name', null],
  ['C14.4.1.2-1 a function', 'T.F', 'Path', 'City', lost],
  ['C14.4.1.2-1 a parameter', 'T.F/p', 'Path', 'p/City', null],
  ['C14.4.1.2-1 empty: where it stands', 'T.Person', 'Path', '', null],
  ['C14.4.1.5-1', 'T.Person', 'NavigationPropertyPath', 'Place/Country', null],
  ['C14.4.1.5-1', 'T.Person', 'NavigationPropertyPath', 'Place', 'path-kind'],
  ['C14.4.1.6-1', 'T.Person', 'PropertyPath', 'Place', null],
  ['C14.4.1.6-1', 'T.Person', 'PropertyPath', 'Photo', 'path-kind'],
];

const ours = new Set(['path-unresolved', 'path-kind', 'path-collections', 'annotation-path']);

describe('edm: paths in annotations lead somewhere (C14.4.1)', () => {
  for (const [title, target, kind, path, code] of rows)
    it(`${title}: ${kind} '${path}' on ${target}: ${code ?? 'fine'}`, () => {
      const text = documentOf(
        `<Annotations Target="${target}"><Annotation Term="T.Value" ${kind}="${path}"/></Annotations>`,
      );
      assert.deepEqual(
        codesOf(text).filter((one) => ours.has(one)),
        code === null ? [] : [code],
      );
    });

  it('C14.4.1.2-1 nested: the directly enclosing type, also in records and annotations of annotations', () => {
    const nested = (path: string) =>
      `<ComplexType Name="Outer"><Property Name="Own" Type="T.Address"><Annotation Term="T.Value"><Record><PropertyValue Property="x" Path="${path}"/></Record><Annotation Term="T.Value" Path="${path}"/></Annotation></Property></ComplexType>`;
    assert.deepEqual(codesOf(documentOf('', nested('Own/City'))), []);
    assert.deepEqual(codesOf(documentOf('', nested('City'))), [lost, lost]);
  });
});

/** Every symbol, and a place of its kind for an annotation `@`. */
const places: Readonly<Record<string, string>> = {
  Action: '<Action Name="X">@</Action>',
  ActionImport:
    '<Action Name="X"/><EntityContainer Name="D"><ActionImport Name="X" Action="T.X">@</ActionImport></EntityContainer>',
  Annotation: '<Annotations Target="T.E"><Annotation Term="T.Value" Int="1">@</Annotation></Annotations>',
  Apply: '<Apply Function="odata.concat"><String>a</String>@</Apply>',
  Cast: '<Cast Type="Edm.String"><Int>1</Int>@</Cast>',
  Collection:
    '<ComplexType Name="X"><Property Name="P" Type="Collection(Edm.String)" Nullable="true">@</Property></ComplexType>',
  ComplexType: '<ComplexType Name="X">@</ComplexType>',
  EntityContainer: '<EntityContainer Name="D"><EntitySet Name="S" EntityType="T.E"/>@</EntityContainer>',
  EntitySet: '<EntityContainer Name="D"><EntitySet Name="S" EntityType="T.E">@</EntitySet></EntityContainer>',
  EntityType: `<EntityType Name="X">${key}@</EntityType>`,
  EnumType: '<EnumType Name="X"><Member Name="A"/>@</EnumType>',
  Function: '<Function Name="X"><ReturnType Type="Edm.String"/>@</Function>',
  FunctionImport:
    '<Function Name="X"><ReturnType Type="Edm.String"/></Function><EntityContainer Name="D"><FunctionImport Name="X" Function="T.X">@</FunctionImport></EntityContainer>',
  If: '<If><Bool>true</Bool><Int>1</Int><Int>2</Int>@</If>',
  IsOf: '<IsOf Type="Edm.String"><Int>1</Int>@</IsOf>',
  LabeledElement: '<LabeledElement Name="l"><Int>1</Int>@</LabeledElement>',
  Member: '<EnumType Name="X"><Member Name="A">@</Member></EnumType>',
  NavigationProperty:
    '<ComplexType Name="X"><NavigationProperty Name="P" Type="T.E">@</NavigationProperty></ComplexType>',
  Null: '<Null>@</Null>',
  OnDelete:
    '<ComplexType Name="X"><NavigationProperty Name="P" Type="T.E"><OnDelete Action="None">@</OnDelete></NavigationProperty></ComplexType>',
  Parameter: '<Action Name="X"><Parameter Name="p" Type="Edm.String">@</Parameter></Action>',
  Property: '<ComplexType Name="X"><Property Name="P" Type="Edm.String">@</Property></ComplexType>',
  PropertyValue: '<Record><PropertyValue Property="x" Int="1">@</PropertyValue></Record>',
  Record: '<Record>@</Record>',
  ReferentialConstraint:
    '<ComplexType Name="X"><Property Name="F" Type="Edm.Int32" Nullable="true"/><NavigationProperty Name="P" Type="T.E"><ReferentialConstraint Property="F" ReferencedProperty="ID">@</ReferentialConstraint></NavigationProperty></ComplexType>',
  ReturnType: '<Action Name="X"><ReturnType Type="Edm.String">@</ReturnType></Action>',
  Schema: '@',
  Singleton: '<EntityContainer Name="D"><Singleton Name="S" Type="T.E">@</Singleton></EntityContainer>',
  Term: '<Term Name="X" Type="Edm.String">@</Term>',
  TypeDefinition: '<TypeDefinition Name="X" UnderlyingType="Edm.String">@</TypeDefinition>',
  UrlRef: '<UrlRef><String>x</String>@</UrlRef>',
};
const expressions = new Set([
  'Apply',
  'Cast',
  'If',
  'IsOf',
  'LabeledElement',
  'Null',
  'PropertyValue',
  'Record',
  'UrlRef',
]);

/** A document where `T.Marked` with this AppliesTo stands on an element of a kind. */
function marked(appliesTo: string, symbol: string, references = ''): string {
  const place = (places[symbol] ?? '').replace('@', '<Annotation Term="T.Marked"/>');
  const body = expressions.has(symbol)
    ? `<Annotations Target="T.E"><Annotation Term="T.Value">${place}</Annotation></Annotations>`
    : place;
  return `<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.01">${references}<edmx:DataServices><Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="T">
<EntityType Name="E">${key}</EntityType><Term Name="Value" Type="Edm.Untyped"/><Term Name="Marked" Type="Edm.Boolean" DefaultValue="true" AppliesTo="${appliesTo}"/>
${body}</Schema></edmx:DataServices></edmx:Edmx>`;
}

describe('edm: AppliesTo (C14.1.2)', () => {
  for (const symbol of Object.keys(places))
    it(`C14.1.2-2 ${symbol}`, () => {
      assert.deepEqual(codesOf(marked(symbol, symbol)), []);
      assert.deepEqual(codesOf(marked('Nothing', symbol)), ['applies-to']);
    });

  it('C14.1.2-2 Reference and Include', () => {
    const at = (appliesTo: string) =>
      marked(
        appliesTo,
        '',
        '<edmx:Reference Uri="o.xml"><edmx:Include Namespace="O"><Annotation xmlns="http://docs.oasis-open.org/odata/ns/edm" Term="T.Marked"/></edmx:Include><Annotation xmlns="http://docs.oasis-open.org/odata/ns/edm" Term="T.Marked"/></edmx:Reference>',
      );
    assert.deepEqual(codesOf(at('Reference Include')), []);
    assert.deepEqual(codesOf(at('Reference')), ['applies-to']);
    assert.deepEqual(codesOf(at('Include')), ['applies-to']);
  });

  const collections: readonly (readonly [what: string, place: string, fits: boolean])[] = [
    ['an entity set', places.EntitySet ?? '', true],
    ['a collection-valued property', places.Collection ?? '', true],
    [
      'a collection-valued navigation property',
      '<ComplexType Name="X"><NavigationProperty Name="P" Type="Collection(T.E)">@</NavigationProperty></ComplexType>',
      true,
    ],
    ['a single property', places.Property ?? '', false],
    ['a single navigation property', places.NavigationProperty ?? '', false],
    ['a singleton', places.Singleton ?? '', false],
    [
      'a parameter',
      '<Action Name="X"><Parameter Name="p" Type="Collection(Edm.String)" Nullable="true">@</Parameter></Action>',
      false,
    ],
  ];
  for (const [what, place, fits] of collections)
    it(`C14.1.2-3 Collection ${fits ? 'means' : 'does not mean'} ${what}`, () => {
      const text = marked('Collection', 'Schema').replace(
        '<Annotation Term="T.Marked"/>',
        place.replace('@', '<Annotation Term="T.Marked"/>'),
      );
      assert.deepEqual(codesOf(text), fits ? [] : ['applies-to']);
    });
});
